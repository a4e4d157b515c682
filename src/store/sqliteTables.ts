/**
 * The tables of the journal in SQLite: how an entry is applied to them, and how they are read.
 *
 * Beside the events stand the projections, which are kept with every event: the books, the trail,
 * and who reserved which proxy.
 */
import { Result, Schema, Struct } from "effect"
import type { Quarantined } from "../domain/Item.ts"
import {
  type Booked,
  type BookQuery,
  JournalDamaged,
  type QuarantineQuery,
  type TrailQuery,
} from "./Journal.ts"
import {
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
import type { Database, Statement, Value } from "./SqliteDatabase.ts"
import { changed, checksumOf, isSound, type Table, unsoundRow } from "./soundness.ts"

/** Another intent has that number: to replace it would lose a write that was promised. */
export class IntentTaken extends Error {
  constructor(seq: number) {
    super(`another intent has number ${seq}`)
  }
}

export interface Tables {
  /** Applies an entry; to be called inside a transaction. */
  readonly apply: (entry: Entry) => void
  readonly lastSeq: () => number
  readonly wasIssued: (pool: string, key: string) => boolean
  readonly snapshot: Statement
  /** The events of a pool after a snapshot. */
  readonly events: Statement
  /** A page of all events of a pool. */
  readonly page: Statement
  readonly intents: Statement
  readonly unhandled: Statement
  readonly documents: Statement
  readonly booked: Projections["booked"]
  readonly tally: Projections["tally"]
  readonly trail: Projections["trail"]
  readonly quarantined: Projections["quarantined"]
  readonly quarantineTally: Statement
}

/** `hash`: what the history holds instead of the keys, which are secret and may be long. */
export const prepareTables = (
  database: Database,
  hash: (pool: string, key: string) => string,
): Tables => {
  const run = prepareWrites(database)
  const projections = prepareProjections(database)
  const lastSeq = database.prepare("SELECT coalesce(max(seq), 0) AS seq FROM event")
  const issued = database.prepare(
    `SELECT ${isSound("history")} AS sound FROM history WHERE hash = ?`,
  )

  const apply = (entry: Entry): void => {
    switch (entry._tag) {
      case "Event": {
        const { lastInsertRowid: seq } = run.event.run(entry.pool, entry.at, entry.body)
        for (const key of entry.issued) run.issued.run(hash(entry.pool, key))
        for (const key of entry.withdrawn) run.withdrawn.run(hash(entry.pool, key))
        projections.project({ seq: Number(seq), pool: entry.pool }, entry.projection)
        return
      }
      case "Snapshot":
        run.snapshot.run(entry.pool, entry.through, entry.state)
        return
      case "Intent": {
        const { spreadsheet, seq, token, state, settledAt, body } = entry
        const { changes } = run.intent.run(spreadsheet, seq, token, state, settledAt, body)
        if (changes === 0) throw new IntentTaken(seq)
        return
      }
      case "IntentSettled":
        run.settled.run(entry.state, entry.at, entry.spreadsheet, entry.seq)
        return
      case "Update":
        run.update.run(entry.updateId, entry.userId, entry.at, entry.body)
        return
      case "UpdateHandled":
        run.handled.run(entry.at, entry.updateId)
        return
      case "Document":
        run.document.run(entry.kind, entry.key, entry.body)
        return
      case "DocumentRemoved":
        run.documentRemoved.run(entry.kind, entry.key)
        return
      case "KeysIssued":
        for (const key of entry.keys) run.issued.run(hash(entry.pool, key))
        return
      case "Book":
        projections.import(entry.row)
        return
      case "Prune":
        run.pruneUpdates.run(entry.before)
        run.pruneIntents.run(entry.before)
    }
  }

  return {
    apply,
    lastSeq: () => Number(lastSeq.get()?.["seq"]),
    wasIssued: (pool, key) => {
      const found = issued.get(hash(pool, key))
      if (found?.["sound"] === 0) throw unsoundRow("history", "of an issued key")
      return found !== undefined
    },
    snapshot: database.prepare(
      `SELECT through, state, ${isSound("snapshot")} AS sound FROM snapshot WHERE pool = ?`,
    ),
    events: database.prepare(
      `SELECT seq, body, ${isSound("event")} AS sound FROM event
       WHERE pool = ? AND seq > ? ORDER BY seq`,
    ),
    page: database.prepare(
      `SELECT seq, body, ${isSound("event")} AS sound FROM event
       WHERE pool = ? AND seq > ? ORDER BY seq LIMIT ?`,
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
    booked: projections.booked,
    tally: projections.tally,
    trail: projections.trail,
    quarantined: projections.quarantined,
    quarantineTally: database.prepare(
      `SELECT pool, tab, reason, column_name AS columnName, count(*) AS count
       FROM quarantine GROUP BY pool, tab, reason, column_name`,
    ),
  }
}

/**
 * The checksum covers the number of a row, so the number is taken before the row is inserted. The
 * largest one stands in a query of its own: only there does SQLite look at the end of the table
 * instead of at every row.
 */
const nextSeq = (table: Table) =>
  `(SELECT coalesce((SELECT max(seq) FROM ${table}), 0) + 1 AS seq) WHERE true`

const prepareWrites = (database: Database) => ({
  event: database.prepare(
    `INSERT INTO event (seq, pool, at, body, sum)
     SELECT seq, ?1, ?2, ?3, ${checksumOf("event", { pool: "?1", at: "?2", body: "?3" })}
     FROM ${nextSeq("event")}`,
  ),
  issued: database.prepare(
    `INSERT INTO history (hash, sum) VALUES (?1, ${checksumOf("history", { hash: "?1" })})
     ON CONFLICT DO NOTHING`,
  ),
  withdrawn: database.prepare("DELETE FROM history WHERE hash = ?"),
  snapshot: database.prepare(
    `INSERT INTO snapshot (pool, through, state, sum)
     VALUES (?1, ?2, ?3, ${checksumOf("snapshot", { pool: "?1", through: "?2", state: "?3" })})
     ON CONFLICT DO UPDATE SET through = excluded.through, state = excluded.state, sum = excluded.sum
     WHERE excluded.through >= through`,
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
  document: database.prepare(
    `INSERT INTO document (seq, kind, key, body, sum)
     SELECT seq, ?1, ?2, ?3, checksum(seq, ?1, ?2, ?3) FROM ${nextSeq("document")}
     ON CONFLICT (kind, key) DO UPDATE SET
       body = excluded.body, sum = ${checksumOf("document", { body: "excluded.body" })}`,
  ),
  documentRemoved: database.prepare("DELETE FROM document WHERE kind = ? AND key = ?"),
  pruneUpdates: database.prepare("DELETE FROM inbox WHERE handled_at < ?"),
  pruneIntents: database.prepare(
    `DELETE FROM intent WHERE settled_at < ?
     AND seq < (SELECT max(seq) FROM intent AS newer WHERE newer.spreadsheet = intent.spreadsheet)`,
  ),
})

type Row = Record<string, unknown>

interface Projections {
  /** Applies what an event means; to be called inside the transaction that writes the event. */
  readonly project: (
    event: { readonly seq: number; readonly pool: string },
    projection: Projection,
  ) => void
  /** Adds a row from before the bot, unless its id is known. */
  readonly import: (row: Booked) => void
  readonly booked: (
    query: BookQuery,
    page: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
  ) => ReadonlyArray<Row>
  readonly tally: (query: BookQuery) => ReadonlyArray<Row>
  readonly trail: (query: TrailQuery) => ReadonlyArray<Row>
  readonly quarantined: (
    query: QuarantineQuery,
    page: { readonly limit: number; readonly skip: number },
  ) => ReadonlyArray<Row>
}

export const prepareProjections = (database: Database): Projections => {
  const run = prepareProjectionWrites(database)

  const apply = (change: Projection["changes"][number]) => {
    switch (change._tag) {
      case "Put":
        run.put.run(...valuesOf(change.row))
        return
      case "Mark":
        run.mark.run(change.status, Number(change.auto), change.markedAt, change.id)
        comment(change.id, change.comment ?? "")
        return
      case "Comment":
        comment(change.id, change.comment)
        return
      case "Remove":
        run.remove.run(change.id)
        comment(change.id, "")
        return
      case "HandOver":
        run.handOver.run(change.holder, change.stage, change.id)
        return
      case "Reserve":
        run.reserve.run(change.proxy, change.by)
    }
  }

  const comment = (id: string, text: string) =>
    text === "" ? run.uncomment.run(id) : run.comment.run(id, text)

  const enter = (row: Quarantined, at: number, seq: number, pool: string) => {
    const { id, tab, reason, column } = row
    run.enter.run(id, pool, tab, reason, column, at, seq, encodeQuarantined(row))
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
        const row = heldRow(run.issuing.get(refOfIssuance(change.issuance)), change.issuance)
        if (row !== undefined) enter(row, change.at, seq, pool)
      }
    }
  }

  return {
    project: ({ seq, pool }, { issuances, proxies, people, changes, quarantine }) => {
      for (const id of issuances) {
        run.ref.run(refOfIssuance(id), seq)
        run.refOfHolder.run(seq, id)
      }
      for (const proxy of proxies) run.refOfReserver.run(seq, proxy)
      for (const person of people) run.ref.run(refOfPerson(person), seq)
      changes.forEach(apply)
      for (const change of quarantine) sort(change, seq, pool)
    },
    import: (row) => void run.imported.run(...valuesOf(row)),
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
    },
    // A checksum for each of 100,000 counted rows would hold everybody up for half a second, and
    // all of them were checked at the start.
    tally: (query) => {
      const { where, values } = conditionsOf(queried(query))
      return database
        .prepare(
          `SELECT variant, region, day, status, auto, ${commentOf("text")} AS comment, count(*) AS count
           FROM issuance ${where} GROUP BY variant, region, day, status, auto, 6`,
        )
        .all(...values)
    },
    trail: ({ person, issuance, before, limit }) => {
      const refs = [
        ...(person === undefined ? [] : [refOfPerson(person)]),
        ...(issuance === undefined ? [] : [refOfIssuance(issuance)]),
      ]
      const { where, values } = conditionsOf([
        ...refs.map((ref) => ["seq IN (SELECT seq FROM event_ref WHERE ref = ?)", ref] as const),
        ...(before === undefined ? [] : [["seq < ?", before] as const]),
      ])
      return database
        .prepare(`SELECT seq, pool, at, body, ${isSound("event")} AS sound
           FROM event ${where} ORDER BY seq DESC LIMIT ?`)
        .all(...values, limit)
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
    },
  }
}

/** Selects something of the comment of the issuance; `NULL` where it has none. */
const commentOf = (expression: string) =>
  `(SELECT ${expression} FROM comment WHERE comment.issuance = issuance.id)`

/** Selects a row of `event_ref`, whose event is the first value. */
const refer = (ref: string) => `SELECT ${ref}, ?1, checksum(${ref}, ?1)`

const prepareProjectionWrites = (database: Database) => {
  const numbers = "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14"
  const values = `VALUES (${numbers}, checksum(${numbers}))`
  const marked = changed("issuance", { status: "?1", auto: "?2", marked_at: "?3" })
  const reserved = checksumOf("proxy_reserved", { proxy: "?1", by: "?2" })
  return {
    put: database.prepare(`REPLACE INTO issuance (${columns}) ${values}`),
    imported: database.prepare(
      `INSERT INTO issuance (${columns}) ${values} ON CONFLICT DO NOTHING`,
    ),
    mark: database.prepare(`UPDATE issuance SET ${marked} WHERE id = ?4`),
    remove: database.prepare("DELETE FROM issuance WHERE id = ?"),
    comment: database.prepare(
      `REPLACE INTO comment (issuance, text, sum)
       VALUES (?1, ?2, ${checksumOf("comment", { issuance: "?1", text: "?2" })})`,
    ),
    uncomment: database.prepare("DELETE FROM comment WHERE issuance = ?"),
    enter: database.prepare(
      `REPLACE INTO quarantine (item, pool, tab, reason, column_name, at, seq, body, sum)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))`,
    ),
    leave: database.prepare("DELETE FROM quarantine WHERE item = ?"),
    issuing: database.prepare(
      `SELECT seq, body FROM event
       WHERE seq = (SELECT min(seq) FROM event_ref WHERE ref = ?)`,
    ),
    handOver: database.prepare(
      `UPDATE issuance SET ${changed("issuance", { holder: "?1", stage: "?2" })} WHERE id = ?3`,
    ),
    reserve: database.prepare(
      `REPLACE INTO proxy_reserved (proxy, by, sum) VALUES (?1, ?2, ${reserved})`,
    ),
    ref: database.prepare(
      `INSERT INTO event_ref (ref, seq, sum) VALUES (?1, ?2, checksum(?1, ?2))
       ON CONFLICT DO NOTHING`,
    ),
    refOfHolder: database.prepare(
      `INSERT INTO event_ref (ref, seq, sum)
       ${refer("'u:' || holder")} FROM issuance WHERE id = ?2 AND holder IS NOT NULL
       ON CONFLICT DO NOTHING`,
    ),
    refOfReserver: database.prepare(
      `INSERT INTO event_ref (ref, seq, sum)
       ${refer("'u:' || by")} FROM proxy_reserved WHERE proxy = ?2
       ON CONFLICT DO NOTHING`,
    ),
  }
}

/** What the issuance was of, by the row of the first event that concerns it. */
const heldRow = (issued: Row | undefined, issuance: string): Quarantined | undefined => {
  const decoded = Schema.decodeUnknownResult(EventRow)(issued)
  return Result.isSuccess(decoded) ? heldRowOf(decoded.success.body, issuance) : undefined
}

const columns = `id, resource, variant, region, holder, stage, key, day, issued_at, status, auto,
  marked_at, replacement_of, imported, sum`

const valuesOf = (row: Booked): ReadonlyArray<Value> => [
  row.id,
  row.resource,
  row.variant,
  row.region,
  row.holder,
  row.stage,
  row.key,
  row.day,
  row.issuedAt,
  row.status,
  Number(row.auto),
  row.markedAt,
  row.replacementOf,
  Number(row.imported),
]

/** A condition of a query, and the values in it. */
type Condition = readonly [sql: string, ...values: ReadonlyArray<Value>]

const queried = ({ resource, holder, from, to }: BookQuery): ReadonlyArray<Condition> => [
  ...(resource === undefined ? [] : [["resource = ?", resource] as const]),
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
 * Folds the events from before these projections were kept. To be called inside a transaction.
 */
export const fillProjections = (database: Database, of: ReadonlyArray<keyof Projection>) => {
  const { project } = prepareProjections(database)
  const next = database.prepare(
    "SELECT seq, pool, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?",
  )
  const decode = Schema.decodeUnknownResult(EventRow)
  for (let last = 0; ;) {
    const rows = next.all(last, batchMax)
    for (const row of rows) {
      const decoded = decode(row)
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
