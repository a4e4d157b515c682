/**
 * What a commit comes to: the entries of its writes are folded, in their order, into the rows that
 * each table has in the end. So one statement writes all of them, however many entries there are.
 *
 * An entry means here what src/store/sqliteTables.ts makes of it.
 */
import { Result, Schema } from "effect"
import { type Booked, type JournalEvent, Write } from "../Journal.ts"
import {
  encodeQuarantined,
  type Entry,
  EventRow,
  heldRowOf,
  issuedBy,
  type Projection,
  refOfIssuance,
  refOfPerson,
} from "../records.ts"
import { IntentTaken } from "../sqliteTables.ts"

/** What one caller wants written. */
export interface Job {
  readonly entries: ReadonlyArray<Entry>
  /** What each event among the entries means to the requests of its pool, in the order of the events. */
  readonly requests: ReadonlyArray<RequestChange>
}

/**
 * A request is given items once. A replacement joins it, and it may come anew when nothing of it is
 * remembered any more.
 */
interface RequestChange {
  /** The request that is given its first items. */
  readonly begun: string | null
  /** The requests of which nothing is remembered from here on. */
  readonly over: ReadonlyArray<string>
}

export const requestsIn = (writes: ReadonlyArray<Write>): ReadonlyArray<RequestChange> =>
  writes.flatMap((write) =>
    Write.guards.PoolEvents(write) ? write.events.map(requestChangeOf) : [],
  )

const requestChangeOf = (event: JournalEvent): RequestChange => {
  const first = issuedBy(event).find(({ replacementOf }) => replacementOf === null)
  return {
    begun: first?.request ?? null,
    over: "requests" in event ? event.requests : [],
  }
}

/** An issuance as its table has it. */
const BookRow = Schema.Struct({
  id: Schema.String,
  resource: Schema.String,
  variant: Schema.NullOr(Schema.String),
  region: Schema.String,
  holder: Schema.NullOr(Schema.Finite),
  stage: Schema.String,
  key: Schema.String,
  day: Schema.NullOr(Schema.String),
  issued_at: Schema.Finite,
  status: Schema.NullOr(Schema.String),
  auto: Schema.Boolean,
  marked_at: Schema.NullOr(Schema.Finite),
  comment: Schema.NullOr(Schema.String),
  replacement_of: Schema.NullOr(Schema.String),
  imported: Schema.Boolean,
})
type BookRow = typeof BookRow.Type

/** What stands in the tables of all that a commit speaks of. */
export const Known = Schema.Struct({
  books: Schema.Array(BookRow),
  reserved: Schema.Array(Schema.Struct({ proxy: Schema.String, by: Schema.Finite })),
  intents: Schema.Array(
    Schema.Struct({ spreadsheet: Schema.String, seq: Schema.Finite, token: Schema.String }),
  ),
  /** The first events that concern issuances, as they stand in the journal. */
  issuing: Schema.Array(
    Schema.Struct({ issuance: Schema.String, seq: Schema.Finite, body: Schema.String }),
  ),
})
type Known = typeof Known.Type

export const knownNothing: Known = { books: [], reserved: [], intents: [], issuing: [] }

/** The names of what has to be known before entries can be folded. */
export interface Wanted {
  readonly books: ReadonlyArray<string>
  readonly proxies: ReadonlyArray<string>
  readonly intents: ReadonlyArray<{ readonly spreadsheet: string; readonly seq: number }>
  readonly issuing: ReadonlyArray<string>
}

export const wantedBy = (jobs: ReadonlyArray<Job>): Wanted => {
  const entries = jobs.flatMap((job) => job.entries)
  const projections = entries.flatMap((entry) => (entry._tag === "Event" ? [entry.projection] : []))
  const changed = projections.flatMap(({ changes }) =>
    changes.flatMap((change) => ("id" in change ? [change.id] : [])),
  )
  const imported = entries.flatMap((entry) => (entry._tag === "Book" ? [entry.row.id] : []))
  const held = projections.flatMap(({ quarantine }) =>
    quarantine.flatMap((change) => (change._tag === "EnterHeld" ? [change.issuance] : [])),
  )
  return {
    books: unique([...projections.flatMap((each) => each.issuances), ...changed, ...imported]),
    proxies: unique(projections.flatMap((each) => each.proxies)),
    intents: entries.flatMap((entry) =>
      entry._tag === "Intent" ? [{ spreadsheet: entry.spreadsheet, seq: entry.seq }] : [],
    ),
    issuing: unique(held),
  }
}

const unique = (names: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(names)]

/** The last numbers that were given. Only the owner gives any, so it need not ask for them. */
export interface Numbers {
  /** Of an event. */
  readonly seq: number
  /** Of an update or a document. */
  readonly place: number
}

type RowsOf<Tables extends string> = {
  readonly [Table in Tables]: ReadonlyArray<Readonly<Record<string, unknown>>>
}

/** The rows that a commit leaves behind, or takes away, by what is done with them. */
export type CommitRows = RowsOf<
  | "events"
  | "requestsOver"
  | "refs"
  | "issued"
  | "withdrawn"
  | "snapshots"
  | "snapshotParts"
  | "intents"
  | "settled"
  | "updates"
  | "handled"
  | "documents"
  | "documentsRemoved"
  | "books"
  | "booksRemoved"
  | "reserved"
  | "quarantined"
  | "left"
  | "pruned"
>

interface Folded {
  readonly rows: CommitRows
  /** The `seq` of the newest event after each of the jobs. */
  readonly lasts: ReadonlyArray<number>
  readonly numbers: Numbers
}

/** What the history holds instead of a key. */
type Hash = (pool: string, key: string) => string

/** Fails where a write may not be applied, and with it all of them. */
export const foldJobs = (
  jobs: ReadonlyArray<Job>,
  known: Known,
  numbers: Numbers,
  hash: Hash,
): Result.Result<Folded, IntentTaken> =>
  Result.try({
    try: () => {
      const state = makeState(known, numbers, hash)
      const lasts = jobs.map(({ entries, requests }) => {
        const ofEvents = requests.values()
        for (const entry of entries) {
          if (entry._tag === "Event") applyEvent(state, entry, ofEvents.next().value)
          else applyEntry(state, entry)
        }
        return state.seq
      })
      const { seq, place } = state
      return { rows: rowsOf(state), lasts, numbers: { seq, place } }
    },
    catch: (cause) => {
      if (cause instanceof IntentTaken) return cause
      throw cause
    },
  })

interface DocumentRow {
  readonly kind: string
  readonly key: string
  /** `null`: it is removed. */
  readonly body: string | null
  readonly seq: number
  /** It takes a new place among its kind: the one that was there is removed before. */
  readonly fresh: boolean
}

interface UpdateRow {
  readonly update_id: number
  readonly seq: number
  readonly user_id: number
  readonly received_at: number
  readonly handled_at: number | null
  readonly body: string | null
}

interface IntentRow {
  readonly spreadsheet: string
  readonly seq: number
  readonly token: string
  readonly state: string
  readonly settled_at: number | null
  readonly body: string
}

type Row = Readonly<Record<string, unknown>>

/** The tables as far as the commit changes them; each row by what tells it apart. */
const makeState = (known: Known, { seq, place }: Numbers, hash: Hash) => ({
  hash,
  seq,
  place,
  events: new Array<Row>(),
  requestsOver: new Map<string, Row>(),
  refs: new Map<string, { readonly ref: string; readonly seq: number }>(),
  /** Whether the hash of a key is in the history. */
  history: new Map<string, boolean>(),
  snapshots: new Map<string, { readonly through: number }>(),
  snapshotParts: new Map<string, Row>(),
  tokens: new Map(known.intents.map((each) => [placeOf(each), each.token])),
  intents: new Map<string, IntentRow>(),
  settled: new Map<string, Row>(),
  updates: new Map<number, UpdateRow>(),
  handled: new Map<number, Row>(),
  documents: new Map<string, DocumentRow>(),
  books: new Map<string, BookRow | undefined>(known.books.map((row) => [row.id, row])),
  booksChanged: new Set<string>(),
  reserved: new Map(known.reserved.map(({ proxy, by }) => [proxy, by])),
  reservedChanged: new Set<string>(),
  /** By the item; `undefined`: it is not in quarantine. */
  quarantine: new Map<string, Row | undefined>(),
  issuing: new Map(known.issuing.map((each) => [each.issuance, each])),
  prunedBefore: undefined as number | undefined,
})
type State = ReturnType<typeof makeState>

const placeOf = ({ spreadsheet, seq }: { readonly spreadsheet: string; readonly seq: number }) =>
  `${seq} ${spreadsheet}`

const applyEvent = (
  state: State,
  { pool, at, body, issued, withdrawn, projection }: Extract<Entry, { readonly _tag: "Event" }>,
  { begun, over }: RequestChange = { begun: null, over: [] },
) => {
  state.seq += 1
  const { seq } = state
  state.events.push({ seq, pool, at, body, request: begun })
  for (const key of over) state.requestsOver.set(`${pool} ${key}`, { pool, key })
  for (const key of issued) state.history.set(state.hash(pool, key), true)
  for (const key of withdrawn) state.history.set(state.hash(pool, key), false)
  project(state, { seq, pool, body }, projection)
}

const applyEntry = (state: State, entry: Exclude<Entry, { readonly _tag: "Event" }>): void => {
  switch (entry._tag) {
    case "Snapshot": {
      const { pool, through, state: text } = entry
      if (through < (state.snapshots.get(pool)?.through ?? 0)) return
      const row = { pool, through, state: text }
      state.snapshots.set(pool, row)
      return
    }
    case "SnapshotPart": {
      const { pool, set, number, through, state: text } = entry
      const row = { pool, part_set: set, number, through, state: text }
      state.snapshotParts.set(`${set} ${number} ${pool}`, row)
      return
    }
    case "Intent":
      openIntent(state, entry)
      return
    case "IntentSettled":
      settleIntent(state, entry)
      return
    case "Update":
    case "UpdateHandled":
      applyUpdate(state, entry)
      return
    case "Document":
    case "DocumentRemoved":
      applyDocument(state, entry)
      return
    case "KeysIssued":
      for (const key of entry.keys) state.history.set(state.hash(entry.pool, key), true)
      return
    case "Book":
      if (state.books.get(entry.row.id) === undefined) putBook(state, bookRowOf(entry.row))
      return
    case "Prune":
      // JSON has no infinity.
      state.prunedBefore = Math.min(entry.before, Number.MAX_SAFE_INTEGER)
      return
    case "Pack":
  }
}

/** The same intent once more is the repeat after an unclear outcome. */
const openIntent = (state: State, entry: Extract<Entry, { readonly _tag: "Intent" }>) => {
  const { spreadsheet, seq, token, state: settled, settledAt, body } = entry
  const place = placeOf(entry)
  const standing = state.tokens.get(place)
  if (standing === token) return
  if (standing !== undefined) throw new IntentTaken(seq)
  state.tokens.set(place, token)
  const row = { spreadsheet, seq, token, state: settled, settled_at: settledAt, body }
  state.intents.set(place, row)
}

const settleIntent = (state: State, entry: Extract<Entry, { readonly _tag: "IntentSettled" }>) => {
  const { spreadsheet, seq, state: settled, at } = entry
  const place = placeOf(entry)
  const opened = state.intents.get(place)
  if (opened?.state === "open") {
    state.intents.set(place, { ...opened, state: settled, settled_at: at })
  }
  // One that stood before is settled in its table, unless it is already.
  if (opened === undefined && !state.settled.has(place)) {
    state.settled.set(place, { spreadsheet, seq, state: settled, settled_at: at })
  }
}

const applyUpdate = (
  state: State,
  entry: Extract<Entry, { readonly _tag: "Update" | "UpdateHandled" }>,
) => {
  const { updateId, at } = entry
  const received = state.updates.get(updateId)
  if (entry._tag === "UpdateHandled") {
    // Of one that stood before, too: whatever is received of it now is left out.
    if (!state.handled.has(updateId)) state.handled.set(updateId, { update_id: updateId, at })
    if (received !== undefined && received.handled_at === null) {
      state.updates.set(updateId, { ...received, handled_at: at, body: null })
    }
    return
  }
  if (received !== undefined) return
  state.place += 1
  const about = { update_id: updateId, seq: state.place, user_id: entry.userId, received_at: at }
  state.updates.set(updateId, { ...about, handled_at: null, body: entry.body })
}

const applyDocument = (
  state: State,
  entry: Extract<Entry, { readonly _tag: "Document" | "DocumentRemoved" }>,
) => {
  const { kind, key } = entry
  const name = `${kind}\n${key}`
  const before = state.documents.get(name)
  if (entry._tag === "DocumentRemoved") {
    state.documents.delete(name)
    state.documents.set(name, { kind, key, body: null, seq: 0, fresh: true })
    return
  }
  const { body } = entry
  if (before !== undefined && before.body !== null) {
    state.documents.set(name, { ...before, body })
    return
  }
  state.place += 1
  state.documents.set(name, { kind, key, body, seq: state.place, fresh: before !== undefined })
}

const project = (
  state: State,
  { seq, pool, body }: { readonly seq: number; readonly pool: string; readonly body: string },
  { issuances, proxies, people, changes, quarantine }: Projection,
) => {
  const refer = (ref: string) => state.refs.set(`${seq} ${ref}`, { ref, seq })
  for (const id of issuances) {
    refer(refOfIssuance(id))
    if (!state.issuing.has(id)) state.issuing.set(id, { issuance: id, seq, body })
    const holder = state.books.get(id)?.holder ?? null
    if (holder !== null) refer(refOfPerson(holder))
  }
  for (const proxy of proxies) {
    const by = state.reserved.get(proxy)
    if (by !== undefined) refer(refOfPerson(by))
  }
  for (const person of people) refer(refOfPerson(person))
  for (const change of changes) changeBooks(state, change)
  for (const change of quarantine) changeQuarantine(state, change, seq, pool)
}

const changeBooks = (state: State, change: Projection["changes"][number]) => {
  switch (change._tag) {
    case "Put":
      putBook(state, bookRowOf(change.row))
      return
    case "Mark": {
      const { id, status, auto, markedAt, comment } = change
      changeBook(state, id, { status, auto, marked_at: markedAt, comment: commentOf(comment) })
      return
    }
    case "Comment":
      changeBook(state, change.id, { comment: commentOf(change.comment) })
      return
    case "Remove":
      state.books.set(change.id, undefined)
      state.booksChanged.add(change.id)
      return
    case "HandOver":
      changeBook(state, change.id, { holder: change.holder, stage: change.stage })
      return
    case "Reserve":
      state.reserved.set(change.proxy, change.by)
      state.reservedChanged.add(change.proxy)
  }
}

const putBook = (state: State, row: BookRow) => {
  state.books.set(row.id, row)
  state.booksChanged.add(row.id)
}

const changeBook = (state: State, id: string, changes: Partial<BookRow>) => {
  const row = state.books.get(id)
  if (row !== undefined) putBook(state, { ...row, ...changes })
}

/** An empty comment is none. */
const commentOf = (comment: string | undefined): string | null =>
  comment === undefined || comment === "" ? null : comment

const bookRowOf = ({ issuedAt, markedAt, replacementOf, comment, ...row }: Booked): BookRow => ({
  ...row,
  issued_at: issuedAt,
  marked_at: markedAt,
  comment: commentOf(comment),
  replacement_of: replacementOf,
})

const changeQuarantine = (
  state: State,
  change: Projection["quarantine"][number],
  seq: number,
  pool: string,
) => {
  if (change._tag === "Leave") {
    state.quarantine.set(change.item, undefined)
    return
  }
  const row = change._tag === "Enter" ? change.row : heldRow(state, change.issuance)
  if (row === undefined) return
  const { id: item, tab, reason, column } = row
  const about = { item, pool, tab, reason, column_name: column, at: change.at, seq }
  state.quarantine.set(item, { ...about, body: encodeQuarantined(row) })
}

/** What the issuance was of, by the row of the first event that concerns it. */
const heldRow = (state: State, issuance: string) => {
  const decoded = decodeEvent(state.issuing.get(issuance))
  return Result.isSuccess(decoded) ? heldRowOf(decoded.success.body, issuance) : undefined
}

const decodeEvent = Schema.decodeUnknownResult(EventRow)

const rowsOf = (state: State): CommitRows => {
  const documents = [...state.documents.values()]
  const changed = [...state.booksChanged]
  const quarantine = [...state.quarantine]
  const hashes = [...state.history]
  return {
    events: state.events,
    requestsOver: [...state.requestsOver.values()],
    refs: [...state.refs.values()],
    issued: hashes.flatMap(([hash, isIssued]) => (isIssued ? [{ hash }] : [])),
    withdrawn: hashes.flatMap(([hash, isIssued]) => (isIssued ? [] : [{ hash }])),
    snapshots: [...state.snapshots.values()].map((row) => ({ ...row })),
    snapshotParts: [...state.snapshotParts.values()],
    intents: [...state.intents.values()].map((row) => ({ ...row })),
    settled: [...state.settled.values()],
    updates: [...state.updates.values()].map((row) => ({ ...row })),
    handled: [...state.handled.values()],
    documents: documents.flatMap((row) => (row.body === null ? [] : [{ ...row }])),
    documentsRemoved: documents.flatMap(({ kind, key, body }) =>
      body === null ? [{ kind, key }] : [],
    ),
    books: changed.flatMap((id) => {
      const row = state.books.get(id)
      return row === undefined ? [] : [{ ...row }]
    }),
    booksRemoved: changed.flatMap((id) => (state.books.get(id) === undefined ? [{ id }] : [])),
    reserved: [...state.reservedChanged].map((proxy) => ({ proxy, by: state.reserved.get(proxy) })),
    quarantined: quarantine.flatMap(([, row]) => (row === undefined ? [] : [row])),
    left: quarantine.flatMap(([item, row]) => (row === undefined ? [{ item }] : [])),
    pruned: state.prunedBefore === undefined ? [] : [{ before: state.prunedBefore }],
  }
}
