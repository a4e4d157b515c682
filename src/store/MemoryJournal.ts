/**
 * The journal in memory, on a disk that is an object: it survives the layer as a file would.
 *
 * Every operation is synchronous, so under a simulated scheduler nothing happens in between.
 */
import { Clock, Effect, Layer, Option } from "effect"
import { Journal, StorageUnavailable } from "./Journal.ts"
import { bookedIn, isOnTrail, tallyIn } from "./memoryProjections.ts"
import { applyEntry, clashOf, historyKey, makeTables, type MemoryTables } from "./memoryTables.ts"
import {
  decodeRows,
  DocumentRow,
  encodeWrites,
  type Entry,
  EventRow,
  intentOf,
  IntentRow,
  RecordedRow,
  recordedOf,
  SnapshotRow,
  UpdateRow,
} from "./records.ts"

export interface MemoryDisk {
  /** While set, every write is refused and leaves nothing behind. Reading goes on. */
  failing: boolean
  readonly tables: MemoryTables
}

const makeDisk = (): MemoryDisk => ({
  failing: false,
  tables: makeTables(),
})

/** Without a disk each build of the layer has its own. */
const layer = (disk?: MemoryDisk): Layer.Layer<Journal> =>
  Layer.sync(Journal, () => make(disk ?? makeDisk()))

export const MemoryJournal = { makeDisk, layer } as const

const make = (disk: MemoryDisk) => {
  const { tables } = disk

  const commit = (operation: string, entries: ReadonlyArray<Entry>) =>
    Effect.suspend(() => {
      const problem = disk.failing ? "the disk refuses" : clashOf(tables, entries)
      if (problem !== undefined) {
        return Effect.fail(new StorageUnavailable({ operation, cause: new Error(problem) }))
      }
      for (const entry of entries) applyEntry(tables, entry)
      return Effect.succeed(tables.seq)
    })

  const write: Journal["Service"]["write"] = Effect.fn("Journal.write")(function* (writes) {
    const at = yield* Clock.currentTimeMillis
    return yield* commit("write", yield* encodeWrites(writes, at))
  })

  const restore: Journal["Service"]["restore"] = Effect.fn("Journal.restore")(function* (pool) {
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
      events: events.map(({ seq, body }) => ({ seq, event: body })),
    }
  })

  const events: Journal["Service"]["events"] = Effect.fn("Journal.events")(function* (
    pool,
    { after, limit },
  ) {
    const rows = (tables.events.get(pool) ?? []).filter(({ seq }) => seq > after).slice(0, limit)
    const found = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
    return found.map(({ seq, body }) => ({ seq, event: body }))
  })

  const intents: Journal["Service"]["intents"] = Effect.fn("Journal.intents")(
    function* (spreadsheet, count) {
      const rows = [...(tables.intents.get(spreadsheet)?.values() ?? [])]
        .toSorted((a, b) => b.seq - a.seq)
        .slice(0, count)
      const found = yield* decodeRows(IntentRow, "intent", rows, ({ seq }) => seq)
      return found.map(intentOf)
    },
  )

  const unhandled: Journal["Service"]["unhandled"] = Effect.suspend(() => {
    const rows = [...tables.inbox]
      .filter(([, { handledAt }]) => handledAt === null)
      .map(([updateId, { userId, body }]) => ({ updateId, userId, body }))
    return decodeRows(UpdateRow, "inbox", rows, ({ updateId }) => updateId)
  })

  const documents: Journal["Service"]["documents"] = Effect.fn("Journal.documents")(
    function* (kind) {
      const rows = [...(tables.documents.get(kind) ?? [])].map(([key, body]) => ({ key, body }))
      return yield* decodeRows(DocumentRow, "document", rows, ({ key }) => key).pipe(
        Effect.mapError((cause) => new StorageUnavailable({ operation: "documents", cause })),
      )
    },
  )

  const trail: Journal["Service"]["trail"] = Effect.fn("Journal.trail")(function* (query) {
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
    events,
    issuedBefore: (pool, keys) =>
      Effect.sync(() => new Set(keys.filter((key) => tables.history.has(historyKey(pool, key))))),
    intents,
    unhandled,
    documents,
    booked: (query, page) => Effect.sync(() => bookedIn(tables.projections, query, page)),
    tally: (query) => Effect.sync(() => tallyIn(tables.projections, query)),
    trail,
    drain: Effect.void,
    prune: (before) => Effect.asVoid(commit("prune", [{ _tag: "Prune", before }])),
  })
}
