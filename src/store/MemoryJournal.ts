/**
 * The journal in memory, on a disk that is an object: it survives the layer as a file would.
 *
 * Every operation is synchronous, so under a simulated scheduler nothing happens in between.
 */
import { Clock, Effect, Layer, Option } from "effect"
import { Journal, StorageUnavailable } from "./Journal.ts"
import {
  decodeRows,
  DocumentRow,
  encodeWrites,
  type Entry,
  EventRow,
  intentOf,
  IntentRow,
  SnapshotRow,
  UpdateRow,
} from "./records.ts"

interface StoredUpdate {
  readonly userId: number
  readonly handledAt: number | null
  readonly body: string | null
}

/** Text as it would lie on a disk, so that a restart reads what was written and nothing else. */
interface MemoryTables {
  seq: number
  readonly events: Map<string, Array<{ readonly seq: number; readonly body: string }>>
  readonly history: Set<string>
  readonly snapshots: Map<string, { readonly through: number; readonly state: string }>
  /** By spreadsheet, oldest first. */
  readonly intents: Map<string, Map<number, Extract<Entry, { _tag: "Intent" }>>>
  readonly inbox: Map<number, StoredUpdate>
  /** By kind. */
  readonly documents: Map<string, Map<string, string>>
}

export interface MemoryDisk {
  /** While set, every write is refused and leaves nothing behind. Reading goes on. */
  failing: boolean
  readonly tables: MemoryTables
}

const makeDisk = (): MemoryDisk => ({
  failing: false,
  tables: {
    seq: 0,
    events: new Map(),
    history: new Set(),
    snapshots: new Map(),
    intents: new Map(),
    inbox: new Map(),
    documents: new Map(),
  },
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
      for (const entry of entries) apply(tables, entry)
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

  return Journal.of({
    write,
    restore,
    issuedBefore: (pool, keys) =>
      Effect.sync(() => new Set(keys.filter((key) => tables.history.has(historyKey(pool, key))))),
    intents,
    unhandled,
    documents,
    drain: Effect.void,
    prune: (before) => Effect.asVoid(commit("prune", [{ _tag: "Prune", before }])),
  })
}

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

const apply = (tables: MemoryTables, entry: Entry): void => {
  switch (entry._tag) {
    case "Event":
      tables.seq += 1
      inner(tables.events, entry.pool, () => []).push({ seq: tables.seq, body: entry.body })
      for (const key of entry.issued) tables.history.add(historyKey(entry.pool, key))
      for (const key of entry.withdrawn) tables.history.delete(historyKey(entry.pool, key))
      return
    case "Snapshot":
      if (entry.through < (tables.snapshots.get(entry.pool)?.through ?? 0)) return
      tables.snapshots.set(entry.pool, entry)
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
    case "Prune":
      prune(tables, entry.before)
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
