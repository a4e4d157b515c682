/**
 * The journal in memory, on a disk that is an object: it survives the layer as a file would.
 *
 * Every operation is synchronous, so under a simulated scheduler nothing happens in between.
 */
import { Clock, Effect, Layer, Option, Struct } from "effect"
import {
  type Booked,
  type BookQuery,
  type Holder,
  type InQuarantine,
  Journal,
  type QuarantineQuery,
  type QuarantineTally,
  StorageUnavailable,
  type Tally,
  type TrailQuery,
} from "../../src/store/Journal.ts"
import type { TelegramId } from "../../src/domain/Employee.ts"
import {
  decodeRows,
  DocumentRow,
  encodeWrites,
  type Entry,
  eventOf,
  EventRow,
  intentOf,
  IntentRow,
  type Projection,
  recordedOf,
  RecordedRow,
  refOfIssuance,
  refOfPerson,
  SnapshotRow,
  UpdateRow,
} from "../../src/store/records.ts"

/** The tables beside the events, with the meaning that src/store/sqliteTables.ts gives them. */
interface MemoryProjections {
  readonly books: Map<string, Booked>
  /** The numbers of events by what they concern. */
  readonly refs: Map<string, Set<number>>
  /** Who reserved each proxy last. */
  readonly reserved: Map<string, number>
  readonly quarantine: Map<string, InQuarantine>
}

const makeProjections = (): MemoryProjections => ({
  books: new Map(),
  refs: new Map(),
  reserved: new Map(),
  quarantine: new Map(),
})

const project = (
  tables: MemoryProjections,
  { seq, pool }: Pick<InQuarantine, "seq" | "pool">,
  { issuances, proxies, people, changes, quarantine }: Projection,
) => {
  const refer = (ref: string) => {
    tables.refs.set(ref, (tables.refs.get(ref) ?? new Set<number>()).add(seq))
  }
  const concerned = [
    ...people,
    ...issuances.map((id) => tables.books.get(id)?.holder),
    ...proxies.map((id) => tables.reserved.get(id)),
  ]
  for (const id of issuances) refer(refOfIssuance(id))
  for (const person of concerned) if (typeof person === "number") refer(refOfPerson(person))
  for (const change of changes) apply(tables, change)
  for (const change of quarantine) {
    // No journal in memory has events of former versions.
    if (change._tag === "Leave") tables.quarantine.delete(change.item)
    if (change._tag === "Enter") {
      const { row, at } = change
      tables.quarantine.set(row.id, { pool, at, seq, row })
    }
  }
}

const importRow = ({ books }: MemoryProjections, row: Booked) => {
  if (!books.has(row.id)) books.set(row.id, row)
}

const bookedIn = (
  { books }: MemoryProjections,
  query: BookQuery,
  { limit, after }: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
): ReadonlyArray<Booked> =>
  [...books.values()]
    .filter((row) => fits(row, query) && (after === undefined || newestFirst(after, row) < 0))
    .toSorted(newestFirst)
    .slice(0, limit)

const holdersIn = ({ books }: MemoryProjections): ReadonlyArray<Holder> => {
  const last = new Map<TelegramId, Holder>()
  for (const { holder, stage, issuedAt } of [...books.values()].toSorted(newestFirst)) {
    if (holder !== null && !last.has(holder)) last.set(holder, { holder, stage, issuedAt })
  }
  return [...last.values()].toSorted((a, b) => a.holder - b.holder)
}

const tallyIn = ({ books }: MemoryProjections, query: BookQuery): ReadonlyArray<Tally> => {
  const groups = new Map<string, Tally>()
  for (const row of books.values()) {
    if (!fits(row, query)) continue
    const { variant, region, day, status, auto, comment } = row
    const group = JSON.stringify([variant, region, day, status, auto, comment])
    const count = (groups.get(group)?.count ?? 0) + 1
    const why = comment === undefined ? {} : { comment }
    groups.set(group, { variant, region, day, status, auto, ...why, count })
  }
  return [...groups.values()]
}

const quarantinedIn = (
  { quarantine }: MemoryProjections,
  { pool, item, tab, reason, column }: QuarantineQuery,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): ReadonlyArray<InQuarantine> =>
  [...quarantine.values()]
    .filter(
      (each) =>
        each.pool === pool &&
        (item === undefined || each.row.id === item) &&
        (tab === undefined || each.row.tab === tab) &&
        (reason === undefined || each.row.reason === reason) &&
        (column === undefined || each.row.column === column),
    )
    .toSorted((a, b) => b.seq - a.seq || (a.row.id < b.row.id ? -1 : 1))
    .slice(skip, skip + limit)

const quarantineTallyIn = ({ quarantine }: MemoryProjections): ReadonlyArray<QuarantineTally> => {
  const groups = new Map<string, QuarantineTally>()
  for (const { pool, row } of quarantine.values()) {
    const { tab, reason, column } = row
    const group = JSON.stringify([pool, tab, reason, column])
    const count = (groups.get(group)?.count ?? 0) + 1
    groups.set(group, { pool, tab, reason, column, count })
  }
  return [...groups.values()]
}

/** Whether an event belongs to the trail. */
const isOnTrail = (
  { refs }: MemoryProjections,
  seq: number,
  { person, issuance, before }: TrailQuery,
) =>
  (before === undefined || seq < before) &&
  (person === undefined || refs.get(refOfPerson(person))?.has(seq) === true) &&
  (issuance === undefined || refs.get(refOfIssuance(issuance))?.has(seq) === true)

const apply = (tables: MemoryProjections, change: Projection["changes"][number]) => {
  switch (change._tag) {
    case "Put":
      tables.books.set(change.row.id, change.row)
      return
    case "Mark": {
      const { id, status, auto, markedAt, comment = "" } = change
      const row = tables.books.get(id)
      if (row !== undefined) {
        tables.books.set(id, { ...commented(row, comment), status, auto, markedAt })
      }
      return
    }
    case "Comment": {
      const row = tables.books.get(change.id)
      if (row !== undefined) tables.books.set(change.id, commented(row, change.comment))
      return
    }
    case "Remove":
      tables.books.delete(change.id)
      return
    case "HandOver": {
      const { id, holder, stage } = change
      const row = tables.books.get(id)
      if (row !== undefined) tables.books.set(id, { ...row, holder, stage })
      return
    }
    case "Reserve":
      tables.reserved.set(change.proxy, change.by)
  }
}

const commented = (row: Booked, comment: string): Booked =>
  comment === "" ? Struct.omit(row, ["comment"]) : { ...row, comment }

const fits = (row: Booked, { resource, holder, from, to }: BookQuery) =>
  (resource === undefined || row.resource === resource) &&
  (holder === undefined || row.holder === holder) &&
  (from === undefined || row.issuedAt >= from) &&
  (to === undefined || row.issuedAt < to)

type Place = Pick<Booked, "issuedAt" | "id">

const newestFirst = (a: Place, b: Place) =>
  b.issuedAt - a.issuedAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1)

interface StoredUpdate {
  readonly userId: number
  readonly handledAt: number | null
  readonly body: string | null
}

interface StoredEvent {
  readonly seq: number
  readonly at: number
  readonly body: string
}

interface StoredSnapshot {
  readonly through: number
  readonly state: string
}

/** Text as it would lie on a disk, so that a restart reads what was written and nothing else. */
interface MemoryTables {
  seq: number
  readonly events: Map<string, Array<StoredEvent>>
  readonly history: Set<string>
  readonly snapshots: Map<string, StoredSnapshot>
  /** The parts of snapshots by pool and set, then by number. */
  readonly snapshotParts: Map<string, Map<number, StoredSnapshot>>
  /** The intents of each spreadsheet, oldest first. */
  readonly intents: Map<string, Map<number, Extract<Entry, { _tag: "Intent" }>>>
  readonly inbox: Map<number, StoredUpdate>
  /** The bodies by kind, then by key. */
  readonly documents: Map<string, Map<string, string>>
  readonly projections: MemoryProjections
}

const makeTables = (): MemoryTables => ({
  seq: 0,
  events: new Map(),
  history: new Set(),
  snapshots: new Map(),
  snapshotParts: new Map(),
  intents: new Map(),
  inbox: new Map(),
  documents: new Map(),
  projections: makeProjections(),
})

/** The one reason to refuse a write for what it says: another intent has that number. */
const clashOf = (tables: MemoryTables, entries: ReadonlyArray<Entry>): string | undefined => {
  const tokens = new Map<string, string>()
  for (const entry of entries) {
    if (entry._tag !== "Intent") continue
    const { spreadsheet, seq, token } = entry
    const place = `${seq} ${spreadsheet}`
    const standing = tables.intents.get(spreadsheet)?.get(seq)?.token ?? tokens.get(place)
    if (standing !== undefined && standing !== token) return `another intent has number ${seq}`
    tokens.set(place, token)
  }
  return undefined
}

const applyEntry = (tables: MemoryTables, entry: Entry): void => {
  switch (entry._tag) {
    case "Event":
      tables.seq += 1
      inner(tables.events, entry.pool, () => []).push({ ...entry, seq: tables.seq })
      for (const key of entry.issued) tables.history.add(historyKey(entry.pool, key))
      for (const key of entry.withdrawn) tables.history.delete(historyKey(entry.pool, key))
      project(tables.projections, { seq: tables.seq, pool: entry.pool }, entry.projection)
      return
    case "KeysIssued":
      for (const key of entry.keys) tables.history.add(historyKey(entry.pool, key))
      return
    case "Snapshot":
      if (entry.through < (tables.snapshots.get(entry.pool)?.through ?? 0)) return
      tables.snapshots.set(entry.pool, entry)
      return
    case "SnapshotPart":
      inner(tables.snapshotParts, `${entry.pool} ${entry.set}`, () => new Map()).set(
        entry.number,
        entry,
      )
      return
    case "Intent": {
      const intents = inner(tables.intents, entry.spreadsheet, () => new Map())
      if (!intents.has(entry.seq)) intents.set(entry.seq, entry)
      return
    }
    case "IntentSettled": {
      const intents = tables.intents.get(entry.spreadsheet)
      const intent = intents?.get(entry.seq)
      if (intent?.state !== "open") return
      intents?.set(entry.seq, { ...intent, state: entry.state, settledAt: entry.at })
      return
    }
    case "Update":
      if (tables.inbox.has(entry.updateId)) return
      tables.inbox.set(entry.updateId, { userId: entry.userId, handledAt: null, body: entry.body })
      return
    case "UpdateHandled": {
      const update = tables.inbox.get(entry.updateId)
      if (update?.handledAt !== null) return
      tables.inbox.set(entry.updateId, { ...update, handledAt: entry.at, body: null })
      return
    }
    case "Document":
      inner(tables.documents, entry.kind, () => new Map()).set(entry.key, entry.body)
      return
    case "DocumentRemoved":
      tables.documents.get(entry.kind)?.delete(entry.key)
      return
    case "Book":
      importRow(tables.projections, entry.row)
      return
    case "Prune":
      prune(tables, entry.before)
      return
    case "Pack":
  }
}

const prune = (tables: MemoryTables, before: number) => {
  for (const [updateId, { handledAt }] of tables.inbox) {
    if (handledAt !== null && handledAt < before) tables.inbox.delete(updateId)
  }
  for (const intents of tables.intents.values()) {
    const newest = Math.max(...intents.keys())
    for (const [seq, { settledAt }] of intents) {
      if (settledAt !== null && settledAt < before && seq < newest) intents.delete(seq)
    }
  }
}

const historyKey = (pool: string, key: string) => `${pool}\n${key}`

const inner = <V>(map: Map<string, V>, key: string, empty: () => V): V => {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = empty()
  map.set(key, made)
  return made
}

export interface MemoryDisk {
  /** While set, every write is refused and leaves nothing behind. Reading goes on. */
  failing: boolean
  /** How many writes it took. */
  commits: number
  readonly tables: MemoryTables
}

const makeDisk = (): MemoryDisk => ({
  failing: false,
  commits: 0,
  tables: makeTables(),
})

/** Without a disk each build of the layer has its own. */
const layer = (disk?: MemoryDisk): Layer.Layer<Journal> =>
  Layer.sync(Journal, () => makeMemoryJournal(disk ?? makeDisk()))

export const MemoryJournal = { makeDisk, layer } as const

const makeMemoryJournal = (disk: MemoryDisk) => {
  const { tables } = disk

  const commit = (operation: string, entries: ReadonlyArray<Entry>) =>
    Effect.suspend(() => {
      const problem = disk.failing ? "the disk refuses" : clashOf(tables, entries)
      if (problem !== undefined) {
        return Effect.fail(new StorageUnavailable({ operation, cause: new Error(problem) }))
      }
      for (const entry of entries) applyEntry(tables, entry)
      disk.commits += 1
      return Effect.succeed(tables.seq)
    })

  const write: Journal["Service"]["write"] = Effect.fnUntraced(function* (writes) {
    const at = yield* Clock.currentTimeMillis
    return yield* commit("write", yield* encodeWrites(writes, at))
  })

  const restore: Journal["Service"]["restore"] = Effect.fnUntraced(function* (pool) {
    const taken = tables.snapshots.get(pool)
    const [snapshot] = yield* decodeRows(
      SnapshotRow,
      "snapshot",
      taken === undefined ? [] : [taken],
      () => pool,
    )
    const through = snapshot?.through ?? 0
    const rows = (tables.events.get(pool) ?? []).filter(({ seq }) => seq > through)
    const events = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
    return {
      snapshot: Option.fromUndefinedOr(snapshot),
      events: events.map(eventOf),
    }
  })

  const snapshotParts: Journal["Service"]["snapshotParts"] = (pool, set) =>
    Effect.suspend(() => {
      const stored = tables.snapshotParts.get(`${pool} ${set}`) ?? []
      const rows = [...stored].toSorted(([a], [b]) => a - b).map(([, part]) => part)
      return decodeRows(SnapshotRow, "snapshot_part", rows, () => pool)
    })

  const events: Journal["Service"]["events"] = Effect.fnUntraced(function* (
    pool,
    { after, limit },
  ) {
    const rows = (tables.events.get(pool) ?? []).filter(({ seq }) => seq > after).slice(0, limit)
    const found = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
    return found.map(eventOf)
  })

  const intents: Journal["Service"]["intents"] = Effect.fnUntraced(function* (spreadsheet, count) {
    const rows = [...(tables.intents.get(spreadsheet)?.values() ?? [])]
      .toSorted((a, b) => b.seq - a.seq)
      .slice(0, count)
    const found = yield* decodeRows(IntentRow, "intent", rows, ({ seq }) => seq)
    return found.map(intentOf)
  })

  const unhandled: Journal["Service"]["unhandled"] = ({ after, limit }) =>
    Effect.suspend(() => {
      const stored = [...tables.inbox]
      const rows = stored
        .slice(stored.findIndex(([updateId]) => updateId === after) + 1)
        .filter(([, { handledAt }]) => handledAt === null)
        .slice(0, limit)
        .map(([updateId, { userId, body }]) => ({ updateId, userId, body }))
      return decodeRows(UpdateRow, "inbox", rows, ({ updateId }) => updateId)
    })

  const documents: Journal["Service"]["documents"] = Effect.fnUntraced(function* (kind) {
    const rows = [...(tables.documents.get(kind) ?? [])].map(([key, body]) => ({ key, body }))
    return yield* decodeRows(DocumentRow, "document", rows, ({ key }) => key).pipe(
      Effect.mapError((cause) => new StorageUnavailable({ operation: "documents", cause })),
    )
  })

  const trail: Journal["Service"]["trail"] = Effect.fnUntraced(function* (query) {
    const rows = [...tables.events]
      .flatMap(([pool, stored]) => stored.map((event) => ({ pool, ...event })))
      .filter(({ seq }) => isOnTrail(tables.projections, seq, query))
      .toSorted((a, b) => b.seq - a.seq)
      .slice(0, query.limit)
    return (yield* decodeRows(RecordedRow, "event", rows, ({ seq }) => seq)).map(recordedOf)
  })

  return Journal.of({
    write,
    restore,
    snapshotParts,
    events,
    issuedBefore: (pool, keys) =>
      Effect.sync(() => new Set(keys.filter((key) => tables.history.has(historyKey(pool, key))))),
    intents,
    unhandled,
    documents,
    booked: (query, page) => Effect.sync(() => bookedIn(tables.projections, query, page)),
    holders: Effect.sync(() => holdersIn(tables.projections)),
    tally: (query) => Effect.sync(() => tallyIn(tables.projections, query)),
    trail,
    quarantined: (query, page) => Effect.sync(() => quarantinedIn(tables.projections, query, page)),
    quarantineTally: Effect.sync(() => quarantineTallyIn(tables.projections)),
    drain: Effect.void,
    copyTo: () => Effect.die("a journal in memory has no file"),
    prune: (before) => Effect.asVoid(commit("prune", [{ _tag: "Prune", before }])),
  })
}
