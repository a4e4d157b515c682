/**
 * The tables of the journal in SQLite: how an entry is applied to them, and how they are read.
 *
 * Beside the events stand the projections, which are kept with every event: the books, the trail,
 * and who reserved which proxy.
 */
import { Result, Schema, Struct } from "effect"
import { eventTextMax } from "../config/Limits.ts"
import type { Quarantined } from "../domain/Item.ts"
import {
  type Booked,
  type BookQuery,
  copiesKind,
  copyKind,
  JournalDamaged,
  type QuarantineQuery,
  sealingKind,
  type TrailQuery,
} from "./Journal.ts"
import {
  type CountRow,
  encodeQuarantined,
  type Entry,
  EventRow,
  heldRowOf,
  nothing,
  type Projection,
  projectionOf,
  refOfIssuance,
  refOfPerson,
} from "./records.ts"
import { type Archive, eventRowIn, prepareArchive } from "./archive.ts"
import { type Counted, countRow, type Counts, type DayAt, prepareCounts } from "./counts.ts"
import { openedIn, plain, type Sealing } from "./sealing.ts"
import { checksum, type Database, type Statement, type Value } from "./SqliteDatabase.ts"
import { changed, checksumOf, columnsOf, isSound, type Table, unsoundRow } from "./soundness.ts"

/** Another intent has that number: to replace it would lose a write that was promised. */
export class IntentTaken extends Error {
  constructor(seq: number) {
    super(`another intent has number ${seq}`)
  }
}

export interface Tables {
  /** To be called at the beginning of a transaction: forgets what one that failed had begun. */
  readonly begin: () => void
  /** Applies an entry; to be called inside a transaction. */
  readonly apply: (entry: Entry) => void
  /** To be called at the end of the transaction. */
  readonly finish: () => void
  readonly lastSeq: () => number
  /** Whether the issuances are counted by days of another time zone. */
  readonly isCountedByOtherDays: () => boolean
  readonly wasIssued: (pool: string, key: string) => boolean
  readonly snapshot: (pool: string) => ReadonlyArray<Row>
  readonly snapshotParts: (pool: string, set: number) => ReadonlyArray<Row>
  /** The events of a pool after a snapshot. */
  readonly events: (pool: string, after: number) => ReadonlyArray<Row>
  /** A page of all events of a pool: fewer than `limit` where they are long. */
  readonly page: (pool: string, after: number, limit: number) => ReadonlyArray<Row>
  readonly intents: (spreadsheet: string, count: number) => ReadonlyArray<Row>
  /** `after`: the update behind which they are looked for. */
  readonly unhandled: (after: number | null, limit: number) => ReadonlyArray<Row>
  readonly documents: (kind: string) => ReadonlyArray<Row>
  readonly holders: () => ReadonlyArray<Row>
  readonly booked: Projections["booked"]
  readonly tally: Projections["tally"]
  readonly trail: (query: TrailQuery) => ReadonlyArray<Row>
  /** Whether there is a whole block of events that were written before that moment. */
  readonly isPackingWorthwhile: (before: number) => boolean
  /** Moves what the log holds into the file; not to be called inside a transaction. */
  readonly emptyLog: Statement
  readonly quarantined: Projections["quarantined"]
  readonly quarantineTally: Statement
}

export interface TableOptions {
  /** What the history holds instead of the keys, which are secret and may be long. */
  readonly hash: (pool: string, key: string) => string
  readonly dayAt: DayAt
  readonly blockText: number
  /** How texts are stored. */
  readonly sealing: Sealing
}

export const prepareTables = (
  database: Database,
  { hash, dayAt, blockText, sealing }: TableOptions,
): Tables => {
  const run = prepareWrites(database)
  const projections = prepareProjections(database, dayAt, sealing)
  const { seal } = sealing
  const newest = database.prepare("SELECT coalesce(max(seq), 0) AS seq FROM event")
  /** The number of the newest event, as far as it was asked for in this transaction. */
  let last: number | undefined
  const lastSeq = () => (last ??= Number(newest.get()?.["seq"]))
  const archive = prepareArchive(database, blockText, sealing)
  const issued = database.prepare(
    `SELECT ${isSound("history")} AS sound FROM history WHERE hash = ?`,
  )

  const issue = (hashed: string) => run.issued.run(hashed, checksum(hashed))

  const apply = (entry: Entry): void => {
    switch (entry._tag) {
      case "Event": {
        const { pool, at, projection } = entry
        const seq = lastSeq() + 1
        const body = seal("event.body", entry.body)
        run.event.run(seq, pool, at, body, checksum(seq, pool, at, body))
        last = seq
        for (const key of entry.issued) issue(hash(pool, key))
        for (const key of entry.withdrawn) run.withdrawn.run(hash(pool, key))
        projections.project({ seq, pool }, projection)
        return
      }
      case "Snapshot":
        run.snapshot.run(entry.pool, entry.through, seal("snapshot.state", entry.state))
        return
      case "SnapshotPart": {
        const { pool, set, number, through, state } = entry
        run.snapshotPart.run(pool, set, number, through, seal("snapshot_part.state", state))
        return
      }
      case "Intent": {
        const { spreadsheet, seq, token, state, settledAt } = entry
        const body = seal("intent.body", entry.body)
        const { changes } = run.intent.run(spreadsheet, seq, token, state, settledAt, body)
        if (changes === 0) throw new IntentTaken(seq)
        return
      }
      case "IntentSettled":
        run.settled.run(entry.state, entry.at, entry.spreadsheet, entry.seq)
        return
      case "Update": {
        const { updateId, userId, at, body } = entry
        run.update.run(updateId, userId, at, seal("inbox.body", body))
        return
      }
      case "UpdateHandled":
        run.handled.run(entry.at, entry.updateId)
        return
      case "Document":
        run.document.run(
          entry.kind,
          entry.key,
          sealingOfDocuments(sealing, entry.kind).seal("document.body", entry.body),
        )
        return
      case "DocumentRemoved":
        run.documentRemoved.run(entry.kind, entry.key)
        return
      case "KeysIssued":
        for (const key of entry.keys) issue(hash(entry.pool, key))
        return
      case "Book":
        projections.import(entry.row)
        return
      case "Prune":
        run.pruneUpdates.run(entry.before)
        run.pruneIntents.run(entry.before)
        return
      case "Pack":
        archive.pack(entry.before)
    }
  }

  return {
    begin: () => {
      last = undefined
      projections.begin()
    },
    apply,
    finish: projections.finish,
    lastSeq,
    isCountedByOtherDays: projections.counts.isOfOtherZone,
    wasIssued: (pool, key) => {
      const found = issued.get(hash(pool, key))
      if (found?.["sound"] === 0) throw unsoundRow("history", "of an issued key")
      return found !== undefined
    },
    ...prepareReadings(database, sealing),
    events: (pool, after) => [...archive.after(pool, after)],
    page: (pool, after, limit) => {
      const found: Array<Row> = []
      let length = 0
      for (const row of archive.after(pool, after)) {
        found.push(row)
        length += row.body.length
        if (found.length >= limit || length >= eventTextMax) break
      }
      return found
    },
    booked: projections.booked,
    tally: projections.tally,
    trail: (query) => trailIn(database, archive, query, sealing),
    isPackingWorthwhile: archive.isWorthwhile,
    quarantined: projections.quarantined,
  }
}

const prepareReadings = (database: Database, sealing: Sealing) => {
  const run = prepareReads(database)
  const states = openedIn(sealing, "snapshot.state", "state")
  const parts = openedIn(sealing, "snapshot_part.state", "state")
  const intents = openedIn(sealing, "intent.body", "body")
  const updates = openedIn(sealing, "inbox.body", "body")
  return {
    emptyLog: run.emptyLog,
    quarantineTally: run.quarantineTally,
    snapshot: (pool: string) => run.snapshot.all(pool).map(states),
    snapshotParts: (pool: string, set: number) => run.snapshotParts.all(pool, set).map(parts),
    intents: (spreadsheet: string, count: number) =>
      run.intents.all(spreadsheet, count).map(intents),
    unhandled: (after: number | null, limit: number) =>
      run.unhandled.all(after, limit).map(updates),
    holders: () => run.holders.all().map(openedIn(sealing, "issuance.stage", "stage")),
    documents: (kind: string) =>
      run.documents
        .all(kind)
        .map(openedIn(sealingOfDocuments(sealing, kind), "document.body", "body")),
  }
}

/**
 * How documents of a kind are stored. These say nothing but when a copy was made, and by which key
 * the others are opened: whoever marks a copy may have no key.
 */
export const sealingOfDocuments = (sealing: Sealing, kind: string): Sealing =>
  plainKinds.includes(kind) ? plain : sealing

const plainKinds: ReadonlyArray<string> = [copyKind, copiesKind, sealingKind]

/** Those kinds, for a query. */
export const plainKindsListed = plainKinds.map((kind) => `'${kind}'`).join()

const prepareReads = (database: Database) => ({
  emptyLog: database.prepare("PRAGMA wal_checkpoint(PASSIVE)"),
  snapshot: database.prepare(
    `SELECT through, state, ${isSound("snapshot")} AS sound FROM snapshot WHERE pool = ?`,
  ),
  snapshotParts: database.prepare(
    `SELECT number, through, state, ${isSound("snapshot_part")} AS sound FROM snapshot_part
     WHERE pool = ? AND part_set = ? ORDER BY number`,
  ),
  intents: database.prepare(
    `SELECT seq, state, settled_at AS settledAt, body, ${isSound("intent")} AS sound FROM intent
     WHERE spreadsheet = ? ORDER BY seq DESC LIMIT ?`,
  ),
  unhandled: database.prepare(
    `SELECT update_id AS updateId, user_id AS userId, body, ${isSound("inbox")} AS sound FROM inbox
     WHERE handled_at IS NULL
       AND seq > coalesce((SELECT seq FROM inbox WHERE update_id = ?), 0)
     ORDER BY seq LIMIT ?`,
  ),
  documents: database.prepare(
    `SELECT key, body, ${isSound("document")} AS sound FROM document
     WHERE kind = ? ORDER BY seq`,
  ),
  // From one person to the next: a look at every issuance would hold everybody up.
  holders: database.prepare(
    `WITH RECURSIVE person (who) AS (
       SELECT min(holder) FROM issuance
       UNION ALL
       SELECT (SELECT min(holder) FROM issuance WHERE holder > who) FROM person
       WHERE who IS NOT NULL
     )
     SELECT holder, stage, issued_at AS issuedAt, ${isSound("issuance")} AS sound
     FROM person JOIN issuance ON id = (
       SELECT id FROM issuance WHERE holder = who ORDER BY issued_at DESC, id DESC LIMIT 1
     ) ORDER BY who`,
  ),
  quarantineTally: database.prepare(
    `SELECT pool, tab, reason, column_name AS columnName, count(*) AS count
     FROM quarantine GROUP BY pool, tab, reason, column_name`,
  ),
})

/**
 * The checksum covers the number of a row, so the number is taken before the row is inserted. The
 * largest one stands in a query of its own: only there does SQLite look at the end of the table
 * instead of at every row.
 */
const nextSeq = (table: Table) =>
  `(SELECT coalesce((SELECT max(seq) FROM ${table}), 0) + 1 AS seq) WHERE true`

const prepareDocument = (database: Database) =>
  database.prepare(
    `INSERT INTO document (seq, kind, key, body, sum)
     SELECT seq, ?1, ?2, ?3, checksum(seq, ?1, ?2, ?3) FROM ${nextSeq("document")}
     ON CONFLICT (kind, key) DO UPDATE SET
       body = excluded.body, sum = ${checksumOf("document", { body: "excluded.body" })}`,
  )

/** To be called inside a transaction. */
export const putDocument = (database: Database, kind: string, key: string, body: string) =>
  prepareDocument(database).run(kind, key, body)

const prepareWrites = (database: Database) => ({
  event: database.prepare("INSERT INTO event (seq, pool, at, body, sum) VALUES (?, ?, ?, ?, ?)"),
  issued: database.prepare("INSERT INTO history (hash, sum) VALUES (?, ?) ON CONFLICT DO NOTHING"),
  withdrawn: database.prepare("DELETE FROM history WHERE hash = ?"),
  snapshot: database.prepare(
    `INSERT INTO snapshot (pool, through, state, sum)
     VALUES (?1, ?2, ?3, ${checksumOf("snapshot", { pool: "?1", through: "?2", state: "?3" })})
     ON CONFLICT DO UPDATE SET through = excluded.through, state = excluded.state, sum = excluded.sum
     WHERE excluded.through >= through`,
  ),
  snapshotPart: database.prepare(
    `REPLACE INTO snapshot_part (pool, part_set, number, through, state, sum)
     VALUES (?1, ?2, ?3, ?4, ?5, checksum(?1, ?2, ?3, ?4, ?5))`,
  ),
  // The same intent once more is the repeat after an unclear outcome: one row is changed.
  intent: database.prepare(
    `INSERT INTO intent (spreadsheet, seq, token, state, settled_at, body, sum)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, checksum(?1, ?2, ?3, ?4, ?5, ?6))
     ON CONFLICT DO UPDATE SET token = token WHERE token = excluded.token`,
  ),
  settled: database.prepare(
    `UPDATE intent SET ${changed("intent", { state: "?1", settled_at: "?2" })}
     WHERE spreadsheet = ?3 AND seq = ?4 AND state = 'open'`,
  ),
  update: database.prepare(
    `INSERT INTO inbox (seq, update_id, user_id, received_at, body, sum)
     SELECT seq, ?1, ?2, ?3, ?4, checksum(seq, ?1, ?2, ?3, NULL, ?4) FROM ${nextSeq("inbox")}
     ON CONFLICT DO NOTHING`,
  ),
  handled: database.prepare(
    `UPDATE inbox SET ${changed("inbox", { handled_at: "?1", body: "NULL" })}
     WHERE update_id = ?2 AND handled_at IS NULL`,
  ),
  document: prepareDocument(database),
  documentRemoved: database.prepare("DELETE FROM document WHERE kind = ? AND key = ?"),
  pruneUpdates: database.prepare("DELETE FROM inbox WHERE handled_at < ?"),
  pruneIntents: database.prepare(
    `DELETE FROM intent WHERE settled_at < ?
     AND seq < (SELECT max(seq) FROM intent AS newer WHERE newer.spreadsheet = intent.spreadsheet)`,
  ),
})

type Row = Record<string, unknown>

interface Projections {
  readonly begin: () => void
  /** Applies what an event means; to be called inside the transaction that writes the event. */
  readonly project: (
    event: { readonly seq: number; readonly pool: string },
    projection: Projection,
  ) => void
  /** Adds a row from before the bot, unless its id is known. */
  readonly import: (row: Booked) => void
  readonly finish: () => void
  readonly counts: Counts
  readonly booked: (
    query: BookQuery,
    page: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
  ) => ReadonlyArray<Row>
  readonly tally: (query: BookQuery) => ReadonlyArray<CountRow>
  readonly quarantined: (
    query: QuarantineQuery,
    page: { readonly limit: number; readonly skip: number },
  ) => ReadonlyArray<Row>
}

export const prepareProjections = (
  database: Database,
  dayAt: DayAt,
  sealing: Sealing,
): Projections => {
  const run = prepareProjectionWrites(database)
  const counts = prepareCounts(database, dayAt, (query) => countedIn(database, query))
  const books = prepareBooks(database, counts, sealing)
  const bookOpened = bookOpenedBy(sealing)
  const openedEvent = openedIn(sealing, "event.body", "body")

  const apply = (change: Projection["changes"][number]) => {
    switch (change._tag) {
      case "Put":
        books.put(change.row)
        return
      case "Mark": {
        const { id, status, auto, markedAt, comment } = change
        const marked = { status, auto: Number(auto), marked_at: markedAt }
        books.change(id, { ...marked, comment: storedComment(sealing, comment) })
        return
      }
      case "Comment":
        books.change(change.id, { comment: storedComment(sealing, change.comment) })
        return
      case "Remove":
        books.remove(change.id)
        return
      case "HandOver":
        books.change(change.id, {
          holder: change.holder,
          stage: sealing.seal("issuance.stage", change.stage),
        })
        return
      case "Reserve":
        run.reserve.run(change.proxy, change.by, checksum(change.proxy, change.by))
    }
  }

  const enter = (row: Quarantined, at: number, seq: number, pool: string) => {
    const { id, tab, reason, column } = row
    const body = sealing.seal("quarantine.body", encodeQuarantined(row))
    run.enter.run(id, pool, tab, reason, column, at, seq, body)
  }

  const sort = (change: Projection["quarantine"][number], seq: number, pool: string) => {
    switch (change._tag) {
      case "Enter":
        enter(change.row, change.at, seq, pool)
        return
      case "Leave":
        run.leave.run(change.item)
        return
      case "EnterHeld": {
        const issuing = run.issuing.get(refOfIssuance(change.issuance))
        const row = heldRow(issuing && openedEvent(issuing), change.issuance)
        if (row !== undefined) enter(row, change.at, seq, pool)
      }
    }
  }

  const refer = (ref: string, seq: number) => run.ref.run(ref, seq, checksum(ref, seq))

  return {
    begin: () => {
      books.begin()
      counts.begin()
    },
    project: ({ seq, pool }, { issuances, proxies, people, changes, quarantine }) => {
      for (const id of issuances) {
        refer(refOfIssuance(id), seq)
        const holder = books.find(id)?.holder ?? null
        if (holder !== null) refer(refOfPerson(holder), seq)
      }
      for (const proxy of proxies) run.refOfReserver.run(seq, proxy)
      for (const person of people) refer(refOfPerson(person), seq)
      changes.forEach(apply)
      for (const change of quarantine) sort(change, seq, pool)
    },
    import: books.import,
    finish: counts.save,
    counts,
    booked: (query, { limit, after }) => {
      const { where, values } = conditionsOf(
        after === undefined ? queried(query) : queriedBehind(query, after),
      )
      return database
        .prepare(
          `SELECT id, resource, variant, region, holder, stage, key, day, issued_at AS issuedAt,
             status, auto, marked_at AS markedAt, replacement_of AS replacementOf, imported,
             ${commentOf("text")} AS comment,
             ${isSound("issuance")} AND coalesce(${commentOf(isSound("comment"))}, 1) AS sound
           FROM issuance ${where} ORDER BY issued_at DESC, id DESC LIMIT ?`,
        )
        .all(...values, limit)
        .map(bookOpened)
    },
    tally: (query) => {
      // Nobody has so many issuances that they would have to be counted beforehand.
      const rows = query.holder === undefined ? counts.tally(query) : countedIn(database, query)
      return sealing === plain ? rows : rows.map(countOpenedBy(sealing))
    },
    quarantined: ({ pool, item, tab, reason, column }, { limit, skip }) => {
      const { where, values } = conditionsOf([
        ["pool = ?", pool],
        ...(item === undefined ? [] : [["item = ?", item] as const]),
        ...(tab === undefined ? [] : [["tab = ?", tab] as const]),
        ...(reason === undefined ? [] : [["reason = ?", reason] as const]),
        ...(column === undefined ? [] : [["column_name IS ?", column] as const]),
      ])
      return database
        .prepare(
          `SELECT pool, at, seq, body AS row, ${isSound("quarantine")} AS sound FROM quarantine ${where}
           ORDER BY seq DESC, item LIMIT ? OFFSET ?`,
        )
        .all(...values, limit, skip)
        .map(openedIn(sealing, "quarantine.body", "row"))
    },
  }
}

const trailIn = (
  database: Database,
  archive: Archive,
  { person, issuance, before, limit }: TrailQuery,
  sealing: Sealing,
): ReadonlyArray<Row> => {
  const refs = [
    ...(person === undefined ? [] : [refOfPerson(person)]),
    ...(issuance === undefined ? [] : [refOfIssuance(issuance)]),
  ]
  const { where, values } = conditionsOf([
    ...refs.map((ref) => ["seq IN (SELECT seq FROM event_ref WHERE ref = ?)", ref] as const),
    ...(before === undefined ? [] : [["seq < ?", before] as const]),
  ])
  const live = database
    .prepare(
      `SELECT seq, pool, at, body, ${isSound("event")} AS sound
       FROM event ${where} ORDER BY seq DESC LIMIT ?`,
    )
    .all(...values, limit)
  return archive.newest(
    refs,
    { limit, ...(before === undefined ? {} : { before }) },
    live.map(eventRowIn(sealing)),
  )
}

/** Looks at each of the issuances; all of them were checked at the start. */
const countedIn = (database: Database, query: BookQuery): ReadonlyArray<CountRow> => {
  const { where, values } = conditionsOf(queried(query))
  return database
    .prepare(
      `SELECT variant, region, day, status, auto, ${commentOf("text")} AS comment, count(*) AS count
       FROM issuance ${where} GROUP BY variant, region, day, status, auto, 6`,
    )
    .all(...values)
    .map(countRow)
}

/** A comment as its table has it; an empty one is none. */
const storedComment = (sealing: Sealing, comment = "") =>
  comment === "" ? null : sealing.seal("comment.text", comment)

/** Opens what is sealed of an issuance and of its comment. */
const bookOpenedBy = (sealing: Sealing) => {
  const stage = openedIn(sealing, "issuance.stage", "stage")
  const key = openedIn(sealing, "issuance.key", "key")
  const comment = openedIn(sealing, "comment.text", "comment")
  return (row: Row) => comment(key(stage(row)))
}

/** Opens the comment of a count; one that cannot be opened leaves a count that cannot be read. */
const countOpenedBy =
  (sealing: Sealing) =>
  (row: CountRow): CountRow => {
    // Hardly any count has a comment.
    if (row.alike.endsWith(",null]")) return row
    const parts = Result.try((): unknown => JSON.parse(row.alike))
    const all: ReadonlyArray<unknown> =
      Result.isSuccess(parts) && Array.isArray(parts.success) ? parts.success : []
    const comment = all.at(-1)
    const text = typeof comment === "string" ? sealing.open("comment.text", comment) : undefined
    const opened = text === undefined ? [] : [...all.slice(0, -1), text]
    return { ...row, alike: JSON.stringify(opened) }
  }

/** An issuance as the tables have it: what is sealed is not opened. */
interface StoredBook extends Counted {
  readonly id: string
  readonly holder: number | null
  readonly stage: string
  readonly key: string
  readonly marked_at: number | null
  readonly replacement_of: string | null
  readonly imported: number
  readonly sum: number
  /** The checksum of the comment; `null` where there is none. */
  readonly commentSum: number | null
}

/** With what its checksums say: each is computed once, when the row is read. */
interface KnownBook {
  readonly row: StoredBook
  readonly isSound: boolean
  readonly isCommentSound: boolean
}

interface Books {
  /** Forgets what it knows of the tables. */
  readonly begin: () => void
  readonly find: (id: string) => StoredBook | undefined
  /** Replaces a row with the same id. */
  readonly put: (row: Booked) => void
  /** Adds a row, unless its id is known. */
  readonly import: (row: Booked) => void
  readonly change: (id: string, changes: Partial<StoredBook>) => void
  readonly remove: (id: string) => void
}

/** The rows of the books with their comments and counts. Each is read once in a transaction. */
const prepareBooks = (database: Database, counts: Counts, sealing: Sealing): Books => {
  const run = prepareBookWrites(database)
  const known = new Map<string, KnownBook | undefined>()

  const read = (id: string): KnownBook | undefined => {
    // The columns of a STRICT table have the types that they are declared with.
    const row = run.find.get(id) as unknown as StoredBook | undefined
    return (
      row && {
        row,
        isSound: sumOf(row) === row.sum,
        isCommentSound: row.comment === null || checksum(id, row.comment) === row.commentSum,
      }
    )
  }

  const find = (id: string): KnownBook | undefined => {
    if (!known.has(id)) known.set(id, read(id))
    return known.get(id)
  }

  /** What stands in a damaged row was never counted. */
  const count = (book: KnownBook | undefined, by: 1 | -1) => {
    if (book?.isSound === true && book.isCommentSound) counts.add(book.row, by)
  }

  const set = (id: string, before: KnownBook | undefined, now: KnownBook | undefined) => {
    known.set(id, now)
    count(before, -1)
    count(now, 1)
    const { comment = null, commentSum = null } = now?.row ?? {}
    if (comment === (before?.row.comment ?? null)) return
    if (comment === null) run.uncomment.run(id)
    else run.comment.run(id, comment, commentSum)
  }

  const put = (booked: Booked) => {
    const row = storedOf(booked, sealing)
    run.put.run(...valuesIn(row), row.sum)
    set(row.id, find(row.id), { row, isSound: true, isCommentSound: true })
  }

  return {
    begin: () => known.clear(),
    find: (id) => find(id)?.row,
    put,
    import: (row) => {
      if (find(row.id) === undefined) put(row)
    },
    change: (id, changes) => {
      const before = find(id)
      if (before === undefined) return
      const edited = { ...before.row, ...changes }
      const { comment } = edited
      const isCommented = comment !== before.row.comment
      const row: StoredBook = {
        ...edited,
        // A damaged row stays damaged.
        sum: before.isSound ? sumOf(edited) : before.row.sum,
        commentSum: isCommented ? commentSumOf(id, comment) : before.row.commentSum,
      }
      const { status, auto, marked_at: markedAt, holder, stage, sum } = row
      run.change.run(status, auto, markedAt, holder, stage, sum, id)
      set(id, before, { ...before, row, isCommentSound: isCommented || before.isCommentSound })
    },
    remove: (id) => {
      const before = find(id)
      if (before === undefined) return
      run.remove.run(id)
      set(id, before, undefined)
    },
  }
}

const commentSumOf = (id: string, comment: string | null) =>
  comment === null ? null : checksum(id, comment)

const prepareBookWrites = (database: Database) => ({
  find: database.prepare(
    `SELECT ${columnsOf.issuance.map((column) => `issuance.${column}`).join(", ")}, issuance.sum,
       comment.text AS comment, comment.sum AS commentSum
     FROM issuance LEFT JOIN comment ON comment.issuance = issuance.id WHERE issuance.id = ?`,
  ),
  put: database.prepare(
    `REPLACE INTO issuance (${columnsOf.issuance.join(", ")}, sum)
     VALUES (${columnsOf.issuance.map(() => "?").join(", ")}, ?)`,
  ),
  change: database.prepare(
    `UPDATE issuance SET status = ?, auto = ?, marked_at = ?, holder = ?, stage = ?, sum = ?
     WHERE id = ?`,
  ),
  remove: database.prepare("DELETE FROM issuance WHERE id = ?"),
  comment: database.prepare("REPLACE INTO comment (issuance, text, sum) VALUES (?, ?, ?)"),
  uncomment: database.prepare("DELETE FROM comment WHERE issuance = ?"),
})

const valuesIn = (row: Omit<StoredBook, "sum">): ReadonlyArray<Value> =>
  columnsOf.issuance.map((column) => row[column])

const sumOf = (row: Omit<StoredBook, "sum">) => checksum(...valuesIn(row))

const storedOf = (
  { issuedAt, markedAt, replacementOf, comment, ...row }: Booked,
  sealing: Sealing,
): StoredBook => {
  const said = storedComment(sealing, comment)
  const stored = {
    ...row,
    stage: sealing.seal("issuance.stage", row.stage),
    key: sealing.seal("issuance.key", row.key),
    issued_at: issuedAt,
    auto: Number(row.auto),
    marked_at: markedAt,
    replacement_of: replacementOf,
    imported: Number(row.imported),
    comment: said,
    commentSum: commentSumOf(row.id, said),
  }
  return { ...stored, sum: sumOf(stored) }
}

/** Selects something of the comment of the issuance; `NULL` where it has none. */
const commentOf = (expression: string) =>
  `(SELECT ${expression} FROM comment WHERE comment.issuance = issuance.id)`

const prepareProjectionWrites = (database: Database) => ({
  enter: database.prepare(
    `REPLACE INTO quarantine (item, pool, tab, reason, column_name, at, seq, body, sum)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))`,
  ),
  leave: database.prepare("DELETE FROM quarantine WHERE item = ?"),
  issuing: database.prepare(
    `SELECT seq, body FROM event
     WHERE seq = (SELECT min(seq) FROM event_ref WHERE ref = ?)`,
  ),
  reserve: database.prepare("REPLACE INTO proxy_reserved (proxy, by, sum) VALUES (?, ?, ?)"),
  ref: database.prepare(
    "INSERT INTO event_ref (ref, seq, sum) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  ),
  refOfReserver: database.prepare(
    `INSERT INTO event_ref (ref, seq, sum)
     SELECT 'u:' || by, ?1, checksum('u:' || by, ?1) FROM proxy_reserved WHERE proxy = ?2
     ON CONFLICT DO NOTHING`,
  ),
})

/** What the issuance was of, by the row of the first event that concerns it. */
const heldRow = (issued: Row | undefined, issuance: string): Quarantined | undefined => {
  const decoded = Schema.decodeUnknownResult(EventRow)(issued)
  return Result.isSuccess(decoded) ? heldRowOf(decoded.success.body, issuance) : undefined
}

/** A condition of a query, and the values in it. */
type Condition = readonly [sql: string, ...values: ReadonlyArray<Value>]

const queried = ({ resource, holder, from, to }: BookQuery): ReadonlyArray<Condition> => [
  // A person has few issuances, and a resource has many: the plus keeps SQLite from its index.
  ...(resource === undefined
    ? []
    : [[holder === undefined ? "resource = ?" : "+resource = ?", resource] as const]),
  ...(holder === undefined ? [] : [["holder = ?", holder] as const]),
  ...(from === undefined ? [] : [["issued_at >= ?", from] as const]),
  ...(to === undefined ? [] : [["issued_at < ?", to] as const]),
]

/**
 * The conditions for the page behind an issuance. Only one upper bound may stand there: with two,
 * SQLite would look for each page from the newest issuance on.
 */
const queriedBehind = (
  { to, ...query }: BookQuery,
  { issuedAt, id }: Pick<Booked, "issuedAt" | "id">,
): ReadonlyArray<Condition> => [
  ...queried(to === undefined || issuedAt < to ? query : { ...query, to }),
  ["(issued_at, id) < (?, ?)", issuedAt, id],
]

const conditionsOf = (conditions: ReadonlyArray<Condition>) => ({
  where: conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`,
  values: conditions.flatMap(([, ...values]) => values),
})

/** How many events are read at once while the projections are filled. */
const batchMax = 1000

/** A projection of which only these parts are applied. */
const only = (parts: ReadonlyArray<keyof Projection>, all: Projection): Projection => ({
  ...nothing,
  ...Struct.pick(all, parts),
})

/**
 * Folds the events from before these projections were kept. To be called inside a transaction. None
 * of those events are packed: they are younger than the newest of these projections.
 */
export const fillProjections = (
  database: Database,
  of: ReadonlyArray<keyof Projection>,
  dayAt: DayAt,
  sealing: Sealing,
) => {
  const { begin, project } = prepareProjections(database, dayAt, sealing)
  const opened = openedIn(sealing, "event.body", "body")
  const next = database.prepare(
    "SELECT seq, pool, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?",
  )
  const decode = Schema.decodeUnknownResult(EventRow)
  for (let last = 0; ;) {
    // What was counted on the way is counted at the end, from the finished books.
    begin()
    const rows = next.all(last, batchMax)
    for (const row of rows) {
      const decoded = decode(opened(row))
      if (Result.isFailure(decoded)) {
        const { message } = decoded.failure
        throw new JournalDamaged({ table: "event", record: String(row["seq"]), problem: message })
      }
      const { seq, body } = decoded.success
      project({ seq, pool: String(row["pool"]) }, only(of, projectionOf(body)))
      last = seq
    }
    if (rows.length < batchMax) return
  }
}

/** Counts the issuances of the books anew. To be called inside a transaction. */
export const fillCounts = (database: Database, dayAt: DayAt, sealing: Sealing) =>
  prepareProjections(database, dayAt, sealing).counts.fill()
