/** What the journal keeps in memory: tables, and entries applied to them. */
import { importRow, makeProjections, type MemoryProjections, project } from "./memoryProjections.ts"
import type { Entry } from "./records.ts"

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

/** Text as it would lie on a disk, so that a restart reads what was written and nothing else. */
export interface MemoryTables {
  seq: number
  readonly events: Map<string, Array<StoredEvent>>
  readonly history: Set<string>
  readonly snapshots: Map<string, { readonly through: number; readonly state: string }>
  /** By spreadsheet, oldest first. */
  readonly intents: Map<string, Map<number, Extract<Entry, { _tag: "Intent" }>>>
  readonly inbox: Map<number, StoredUpdate>
  /** By kind. */
  readonly documents: Map<string, Map<string, string>>
  readonly projections: MemoryProjections
}

export const makeTables = (): MemoryTables => ({
  seq: 0,
  events: new Map(),
  history: new Set(),
  snapshots: new Map(),
  intents: new Map(),
  inbox: new Map(),
  documents: new Map(),
  projections: makeProjections(),
})

/** The one reason to refuse a write for what it says: another intent has that number. */
export const clashOf = (
  tables: MemoryTables,
  entries: ReadonlyArray<Entry>,
): string | undefined => {
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

export const applyEntry = (tables: MemoryTables, entry: Entry): void => {
  switch (entry._tag) {
    case "Event":
      tables.seq += 1
      inner(tables.events, entry.pool, () => []).push({ ...entry, seq: tables.seq })
      for (const key of entry.issued) tables.history.add(historyKey(entry.pool, key))
      for (const key of entry.withdrawn) tables.history.delete(historyKey(entry.pool, key))
      project(tables.projections, tables.seq, entry.projection)
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
    case "Book":
      importRow(tables.projections, entry.row)
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

export const historyKey = (pool: string, key: string) => `${pool}\n${key}`

const inner = <V>(map: Map<string, V>, key: string, empty: () => V): V => {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = empty()
  map.set(key, made)
  return made
}
