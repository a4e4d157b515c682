/**
 * Looks through a data directory: every record of the journal, every invariant that the bot relies
 * on, and the JSON files. It opens the journal as a start does, so it is to be given a copy.
 */
import { Effect, FileSystem, Layer, Path, Result, Schema } from "effect"
import { Codes, Spellings } from "../../access/Regions.ts"
import { Roster } from "../../access/Whitelist.ts"
import { Settings } from "../../config/Settings.ts"
import { PoolEvent } from "../../domain/PoolEvent.ts"
import { ProxyEvent } from "../../domain/ProxyEvent.ts"
import { Intent, Journal, JournalDamaged, type JournalEvent } from "../../store/Journal.ts"
import { type Books, comparing, countsOf, enter, openBooks, type Place } from "../../pool/books.ts"
import { restore } from "../../pool/Outbox.ts"
import { fold as poolFold } from "../../pool/Pool.ts"
import { fold as proxyFold } from "../../pool/proxies/Proxies.ts"
import { allOf, encodeProxies, type ProxyState } from "../../pool/proxies/proxyState.ts"
import type { PoolState } from "../../pool/State.ts"
import { lotsOf, quarantinedIn } from "../../pool/View.ts"
import { dayAtIn } from "../../store/counts.ts"
import { isJson } from "../../store/copies.ts"
import * as JsonFile from "../../store/JsonFile.ts"
import { poolsIn, unequalProjections } from "../../store/projectionCheck.ts"
import { journalKeys } from "../../store/journalKeys.ts"
import { hashIn, sealedAs } from "../../store/resealing.ts"
import type { Place as SealedPlace, Sealing } from "../../store/sealing.ts"
import * as SqliteConnection from "../../store/SqliteConnection.ts"
import { type Database, openDatabase } from "../../store/SqliteDatabase.ts"
import { hashOf, SqliteJournal } from "../../store/SqliteJournal.ts"
import { sealingOfDocuments } from "../../store/sqliteTables.ts"

/** The counts of one data directory. */
export interface Census {
  readonly events: number
  readonly issuances: number
  readonly proxies: number
  readonly people: number
  /** How many items of each resource each place has; places without any are left out. */
  readonly items: ReadonlyArray<{
    readonly resource: string
    readonly places: Readonly<Partial<Record<Place, number>>>
  }>
}

export interface Inspection {
  /** One sentence for each fault of the journal, the first one first; nothing that is secret. */
  readonly inJournal: ReadonlyArray<string>
  /** The same of the JSON files. */
  readonly inFiles: ReadonlyArray<string>
  /** A former version wrote the journal. */
  readonly isOlder: boolean
  readonly census: Census
}

/** So many faults of each kind are named at most. */
const namedMax = 20

const nobody: Census = { events: 0, issuances: 0, proxies: 0, people: 0, items: [] }

/** Looks through the directory, which it may change: it is a copy, and `scratch` is beside it. */
export const inspect = Effect.fn("inspect")(function* (directory: string, scratch: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(directory, "journal.db")
  const files = yield* inspectFiles(directory)
  const size = yield* fs.stat(file).pipe(
    Effect.map((info) => Number(info.size)),
    Effect.orElseSucceed(() => 0),
  )
  const census = { ...nobody, people: files.people }
  const found = (journal: Omit<Inspection, "inFiles">): Inspection => ({
    ...journal,
    inFiles: files.faults,
  })
  if (size === 0) {
    const orphan = yield* fs.exists(`${file}-wal`)
    const inJournal = orphan ? ["there is a journal.db-wal and no journal.db"] : []
    return found({ inJournal, isOlder: false, census })
  }
  const examined = yield* Effect.fromResult(
    SqliteConnection.examine({ directory, connect: () => openDatabase(file) }),
  )
  const { damage, isOlder } = examined
  if (damage.length > 0) {
    return found({ inJournal: damage.map(({ message }) => message), isOlder, census })
  }
  const journal = yield* inspectJournal(directory, path.join(scratch, "counted.db"))
  return found({ inJournal: journal.faults, isOlder, census: { ...census, ...journal.census } })
})

/** Reads all of a journal that is sound, and counts anew what its events come to. */
const inspectJournal = Effect.fnUntraced(function* (directory: string, scratch: string) {
  const settings = yield* Settings
  let connection: Database | undefined
  const keys = yield* journalKeys
  // Nobody has asked for another copy, only for a look into this one.
  const layer = SqliteJournal.layerWith((database) => (connection = database), {
    mayReseal: false,
  }).pipe(Layer.provide(Layer.succeed(Settings, { ...settings, dataDir: directory })))
  return yield* Effect.gen(function* () {
    const journal = yield* Journal
    const folds = makeFolds()
    const database = connection
    if (database === undefined) return yield* Effect.die(new Error("the journal was not opened"))
    const sealed = sealedAs(database, keys)
    const unequal = unequalProjections(database, {
      dayAt: dayAtIn(settings.timezone),
      hash: hashIn(sealed, hashOf),
      sealing: sealed.sealing,
      scratch,
      limit: namedMax,
      see: folds.see,
    })
    const faults = unequal.map(({ message }) => message)
    faults.push(...unreadableRecords(database, sealed.sealing))
    for (const pool of poolsIn(database)) {
      const own = yield* Effect.result(folds.compared(journal, pool))
      if (Result.isFailure(own)) faults.push(own.failure.message)
      else faults.push(...own.success)
    }
    const issuances = Number(database.prepare("SELECT count(*) AS n FROM issuance").get()?.["n"])
    return { faults, census: { ...folds.census(), issuances } }
  }).pipe(Effect.provide(Layer.fresh(layer)))
})

/** The records that no projection is made of: each is decoded once. */
const unreadableRecords = (database: Database, sealing: Sealing): ReadonlyArray<string> =>
  records.flatMap(({ table, named, kind, place, schema }) => {
    const decode = Schema.decodeUnknownResult(Schema.fromJsonString(schema))
    const found: Array<string> = []
    const sql = `SELECT ${named} AS name, ${kind} AS kind, body FROM ${table} WHERE body IS NOT NULL`
    for (const { name, kind: of, body } of database.prepare(sql).iterate()) {
      const decoded = decode(sealingOfDocuments(sealing, String(of)).open(place, String(body)))
      if (Result.isSuccess(decoded)) continue
      const problem = decoded.failure.message
      found.push(new JournalDamaged({ table, record: String(name), problem }).message)
      if (found.length === namedMax) break
    }
    return found
  })

const records: ReadonlyArray<{
  readonly table: string
  readonly named: string
  /** The kind of the document; no other table has kinds. */
  readonly kind: string
  readonly place: SealedPlace
  readonly schema: Schema.Codec<unknown, unknown>
}> = [
  { table: "intent", named: "seq", kind: "''", place: "intent.body", schema: Intent },
  { table: "inbox", named: "update_id", kind: "''", place: "inbox.body", schema: Schema.Unknown },
  {
    table: "document",
    named: "kind || ' ' || key",
    kind: "kind",
    place: "document.body",
    schema: Schema.Unknown,
  },
]

/** The books and the state of one pool after the events read so far. */
interface Followed {
  readonly books: Books
  state: PoolState
}

const isPoolEvent = (event: JournalEvent): event is PoolEvent => event._tag in PoolEvent.cases
const isProxyEvent = (event: JournalEvent): event is ProxyEvent => event._tag in ProxyEvent.cases

/** Makes what follows all events from the first one on, to be compared with what a start has. */
const makeFolds = () => {
  const pools = new Map<string, Followed>()
  const registries = new Map<string, ProxyState>()
  let events = 0
  let proxies = 0

  const see = (pool: string, _: number, event: JournalEvent) => {
    events += 1
    if (isPoolEvent(event)) {
      const followed = pools.get(pool) ?? { books: openBooks(), state: poolFold.empty }
      pools.set(pool, followed)
      enter(followed.books, event)
      followed.state = poolFold.evolve(followed.state, event)
    } else if (isProxyEvent(event)) {
      const before = registries.get(pool) ?? proxyFold.empty
      registries.set(pool, proxyFold.evolve(before, event))
    }
  }

  /** The sentences about what is not the same in the events and in what a start makes of them. */
  const compared = Effect.fnUntraced(function* (journal: Journal["Service"], pool: string) {
    const registry = registries.get(pool)
    if (registry !== undefined) {
      const { state } = yield* restore(journal, pool, proxyFold)
      proxies += allOf(state).length
      return isSame(encodeProxies(registry), encodeProxies(state)) ? [] : [otherSnapshot(pool)]
    }
    const { books, state: counted } = pools.get(pool) ?? {}
    if (books === undefined || counted === undefined) return []
    const { state } = yield* restore(journal, pool, poolFold)
    const differences = endOf(comparing(books, lotsOf(state), quarantinedIn(state)))
    return [
      ...differences.map(({ item, problem }) => `the books of ${pool} differ: ${item} ${problem}`),
      ...(isSame(placesIn(counted), placesIn(state)) ? [] : [otherSnapshot(pool)]),
    ]
  })

  const census = () => ({
    events,
    proxies,
    items: [...pools].map(([resource, { books }]) => ({ resource, places: countsOf(books) })),
  })

  return { see, compared, census }
}

/** Does all steps at once: this process has nobody to let on between them. */
const endOf = <A>(steps: Generator<unknown, A>): A => {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

const otherSnapshot = (pool: string) =>
  `the snapshot of ${pool} says something else than its events from the first one on`

const placesIn = (state: PoolState) =>
  lotsOf(state)
    .map(({ item, place, key }) => `${item}\n${place}\n${key}`)
    .toSorted()

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The JSON files; one that is not there is none that is damaged. */
const inspectFiles = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const read = Effect.fnUntraced(function* <A, E>(
    name: string,
    schema: Schema.Codec<A, E>,
    empty: A,
  ) {
    const file = yield* JsonFile.make({ path: path.join(directory, name), schema, empty })
    return yield* file.get
  })
  const roster = yield* Effect.result(read("whitelist.json", Roster, {}))
  const names = yield* fs.readDirectory(directory)
  const others = names.filter((name) => isJson(name) && name !== "whitelist.json")
  const results = yield* Effect.forEach(others, (name) =>
    Effect.result(read(name, schemas.get(name) ?? Schema.Unknown, [])),
  )
  const failures = [roster, ...results].flatMap((each) =>
    Result.isFailure(each) ? [each.failure] : [],
  )
  const people = Result.isSuccess(roster)
    ? Object.values(roster.success).filter((entry) => entry.is_approved).length
    : 0
  // The directory is a copy with a name that says nothing.
  const faults = failures.map(({ path: place, problem }) => `${path.basename(place)}: ${problem}`)
  return { faults, people }
})

const schemas = new Map<string, Schema.Codec<unknown, unknown>>([
  ["regions.json", Codes],
  ["region-spellings.json", Spellings],
])
