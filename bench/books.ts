/**
 * Large books: the journal of a company that has issued a million items, 10,000 a day, and of which
 * the last day is still live.
 *
 * The pool itself plays the life of one claim of thirty items under a test clock. Its events are
 * copied with other ids, names and times, and written by the journal's own `write`, so that the file
 * is what this version of the program would have made; only what protects it from a crash is left
 * out. It is kept for the next run, until `src/store` or `src/domain` change.
 */
import { createHash } from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Clock, DateTime, Effect, Layer, Logger, Option } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../src/config/CatalogueSource.ts"
import { Settings } from "../src/config/Settings.ts"
import { TelegramId } from "../src/domain/Employee.ts"
import type { IssuanceId } from "../src/domain/Issuance.ts"
import { ItemId } from "../src/domain/Item.ts"
import { Alarms } from "../src/observe/Alarms.ts"
import { Conservation } from "../src/pool/Conservation.ts"
import { Pools } from "../src/pool/Pools.ts"
import { Journal, type JournalEvent } from "../src/store/Journal.ts"
import { SqliteJournal } from "../src/store/SqliteJournal.ts"
import { anItem } from "../test/pool/fixtures.ts"
import { MemoryJournal } from "../test/store/MemoryJournal.ts"
import { cache, withDirectory } from "./disk.ts"
import type { Task } from "./table.ts"

export const resource = "vk"

/** Of the journal that this file makes: another number makes it anew. */
const format = 2

const itemsOfClaim = 30
const issuedInDay = 10_000
const dayMs = 86_400_000

/** What stands in the names of the copied claim, and is another text in each copy. */
const marker = "zzmarkzz"
const firstMessage = 777_000_000

const startsAt = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-01-15T09:00:00Z"))

const poolsOver = <E, R>(journal: Layer.Layer<Journal, E, R>, settings = Settings.layerTest()) =>
  Conservation.layer.pipe(
    Layer.provideMerge(Pools.layer),
    Layer.provideMerge(Layer.orDie(journal)),
    Layer.provideMerge(Layer.mergeAll(CatalogueSource.layerTest(), Alarms.layer, settings)),
    Layer.provideMerge(Logger.layer([])),
  )

/** The pools of a company whose people hold as many items as they like, under a clock that is moved. */
const underTestClock = <E, R>(journal: Layer.Layer<Journal, E, R>) =>
  Layer.provideMerge(
    poolsOver(journal, Settings.layerTest({ pendingLimit: itemsOfClaim })),
    TestClock.layer(),
  )

interface Life {
  /** The events while the items are live, and those by which memory lets go of them. */
  readonly day: string
  readonly end: string
  readonly ids: ReadonlyArray<string>
  /** What is left of the pool then. */
  readonly state: unknown
}

const itemNamed = (claim: string, n: number) =>
  anItem(`${claim}.${n}`, {
    id: ItemId.make(`${claim}-${n}`),
    resource,
    variant: null,
    origin: {
      tab: "ВКонтакте",
      header: ["Дата", "Логин", "Пароль"],
      cells: [
        { value: 46_000, format: { type: "DATE", pattern: "dd.mm.yyyy" } },
        { value: `${claim}.${n}@example.com` },
        { value: `secret-${claim}.${n}` },
      ],
    },
  })

/** Thirty items are taken, issued to ten people, marked by two in three of them, and written. */
const playDay = Effect.fnUntraced(function* (claim: string, message: number) {
  const pools = yield* Pools
  const items = Array.from({ length: itemsOfClaim }, (_, n) => itemNamed(claim, n))
  yield* pools.tell(resource, {
    _tag: "Load",
    claim,
    tab: "ВКонтакте",
    items,
    quarantined: [],
  })
  const ids: Array<IssuanceId> = []
  for (let n = 0; n < itemsOfClaim; n += 1) {
    const by = TelegramId.make(1_000 + (n % 10))
    const { issuances } = yield* pools.ask(resource, {
      _tag: "Issue",
      message: { chatId: by, messageId: message + n },
      variant: null,
      region: n % 3 === 0 ? "812" : "495",
      targets: [],
      quantity: 1,
      by,
      stage: `person.${by}`,
    })
    const id = issuances[0]?.id
    if (id === undefined) return yield* Effect.die("nothing was issued")
    ids.push(id)
    const confirmAt = yield* pools.deadlineFromNow(resource, [id])
    yield* pools.tell(resource, { _tag: "Delivered", ids: [id], confirmAt })
    yield* TestClock.adjust("20 seconds")
    if (n % 3 === 2) continue
    const status = n % 10 === 0 ? "block" : "good"
    yield* pools.ask(resource, { _tag: "Confirm", id, status, by, admin: false })
  }
  yield* TestClock.adjust("11 minutes")
  yield* pools.tell(resource, { _tag: "Expire" })
  const marked = yield* pools.buffer(resource)
  for (let n = 0; n < marked.length; n += 3) {
    const rows = marked
      .slice(n, n + 3)
      .flatMap(({ id, mark }) => (mark === null ? [] : [{ id, mark }]))
    yield* pools.tell(resource, { _tag: "Written", rows })
  }
  return ids
})

/** Memory lets go of what was written a day ago. */
const playEnd = Effect.gen(function* () {
  const pools = yield* Pools
  yield* TestClock.adjust("26 hours")
  yield* pools.tell(resource, { _tag: "Expire" })
  yield* pools.snapshot
})

const lifeOfClaim = Effect.gen(function* () {
  yield* TestClock.setTime(startsAt)
  const journal = yield* Journal
  const ids = yield* playDay(marker, firstMessage)
  const day = yield* eventsOf(journal, 0)
  yield* playEnd
  const end = yield* eventsOf(journal, day.at(-1)?.seq ?? 0)
  const { snapshot } = yield* journal.restore(resource)
  const life: Life = {
    day: textOf(day),
    end: textOf(end),
    ids,
    state: Option.getOrThrow(snapshot).state,
  }
  return life
}).pipe(Effect.provide(underTestClock(MemoryJournal.layer())))

/** Claims that are played to see what the pool itself makes of the file. */
const claimsPlayed = 20

/** The bytes that an issuance adds to the journal where the pool plays all of its life. */
export const bytesOfPlayed = async (directory: string): Promise<number> => {
  const play = (first: number, count: number) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(startsAt + first * 2 * dayMs)
      for (let n = first; n < first + count; n += 1) {
        yield* playDay(`played-${n}`, firstMessage + n * itemsOfClaim)
        yield* playEnd
      }
    }).pipe(Effect.provide(underTestClock(unsafeJournalIn(directory))))
  const size = () => Fs.statSync(Path.join(directory, "journal.db")).size
  await Effect.runPromise(play(0, 1))
  const before = size()
  await Effect.runPromise(play(1, claimsPlayed))
  return (size() - before) / (claimsPlayed * itemsOfClaim)
}

const eventsOf = (journal: Journal["Service"], after: number) =>
  journal.events(resource, { after, limit: 1_000 })

const textOf = (events: ReadonlyArray<{ readonly event: JournalEvent }>) =>
  JSON.stringify(events.map(({ event }) => event))

/** Copies of a claim's events: the `n`-th has ids and names of its own. */
const makeCopies = ({ ids }: Life) => {
  const places = new Map(ids.map((id, place) => [id, place]))
  // Each name, each id, each number of a message, and each time.
  const varying = new RegExp(`${marker}|${ids.join("|")}|777000\\d{3}|\\b1[78]\\d{11}\\b`, "g")
  return (text: string, n: number, at: number): ReadonlyArray<JournalEvent> => {
    const name = `c${n.toString(36).padStart(7, "0")}`
    const replaced = text.replace(varying, (found) => {
      if (found === marker) return name
      const place = places.get(found)
      if (place !== undefined) return idOf(n * itemsOfClaim + place)
      if (found.length === 9) return String(n * itemsOfClaim + Number(found) - firstMessage + 1)
      return String(Number(found) - startsAt + at)
    })
    return JSON.parse(replaced) as ReadonlyArray<JournalEvent>
  }
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** Ten characters that are spread as those of random ids are, another text for each number. */
const idOf = (n: number) => {
  let left = (BigInt(n) * 0x2545f4914f6cdd1dn) % 2n ** 50n
  let text = ""
  for (let digit = 0; digit < 10; digit += 1) {
    text += alphabet.charAt(Number(left % 32n))
    left /= 32n
  }
  return text
}

/** Claims that are written in one commit. */
const claimsAtOnce = 100

/** A program looks for old events to pack each minute, and these are enough for a day of ours. */
const looksAtOldEvents = 40

/**
 * Writes so many claims, evenly spread over the time from `from` on; `isOver`: memory has let go of
 * them. Gives the `seq` of the last event.
 */
const writeClaims = Effect.fnUntraced(function* (
  life: Life,
  {
    first,
    count,
    from,
    spacing,
    isOver,
  }: {
    readonly first: number
    readonly count: number
    readonly from: number
    readonly spacing: number
    readonly isOver: boolean
  },
) {
  const journal = yield* Journal
  const copy = makeCopies(life)
  let last = 0
  for (let n = 0; n < count; n += claimsAtOnce) {
    const events = Array.from({ length: Math.min(claimsAtOnce, count - n) }, (_, m) => {
      const at = from + (n + m) * spacing
      const day = copy(life.day, first + n + m, at)
      return isOver ? [...day, ...copy(life.end, first + n + m, at)] : day
    })
    last = yield* journal.write([{ _tag: "PoolEvents", pool: resource, events: events.flat() }])
  }
  return last
})

/**
 * The journal for a file that can be made again: nothing is synced to the disk, what could undo a
 * crash is kept in memory only, and what is on the disk is not looked through when it is opened.
 */
const unsafeJournalIn = (dataDir: string) =>
  SqliteJournal.layerWith((database) => {
    database.exec("PRAGMA cache_size = -1000000")
    return {
      exec: (sql) => database.exec(unsafe(sql)),
      prepare: (sql) => database.prepare(unsafe(sql)),
      get isTransaction() {
        return database.isTransaction
      },
      close: () => database.close(),
    }
  }).pipe(
    Layer.fresh,
    Layer.provide([Settings.layerTest({ dataDir }), NodeFileSystem.layer, NodePath.layer]),
  )

const unsafe = (sql: string) =>
  sql
    .replace("synchronous = FULL", "synchronous = OFF")
    .replace("mode = WAL", "mode = MEMORY")
    .replace(/^PRAGMA integrity_check.*/, "SELECT 'ok' AS integrity_check")
    .replace("WHERE NOT (sum = checksum(", "WHERE false AND NOT (sum = checksum(")

/**
 * Writes the claims day by day, and lets the journal pack what is old after each day, as a program
 * that runs all the time does.
 */
const liveThrough = Effect.fnUntraced(function* (life: Life, count: number, end: number) {
  const journal = yield* Journal
  const spacing = (dayMs * itemsOfClaim) / issuedInDay
  const claimsOfDay = Math.floor(issuedInDay / itemsOfClaim)
  const begin = end - count * spacing
  let through = 0
  for (let first = 0; first < count; first += claimsOfDay) {
    const from = begin + first * spacing
    yield* TestClock.setTime(from)
    const ofDay = Math.min(claimsOfDay, count - first)
    through = yield* writeClaims(life, { first, count: ofDay, from, spacing, isOver: true })
    yield* Effect.repeat(journal.prune(from - dayMs), { times: looksAtOldEvents })
  }
  const { state } = life
  yield* journal.write([{ _tag: "SnapshotTaken", pool: resource, through, state }])
})

/** Fills the books up to yesterday, with a snapshot behind them, and checks them once. */
const fill = Effect.fnUntraced(function* (directory: string, issuances: number) {
  const life = yield* lifeOfClaim
  const now = yield* Clock.currentTimeMillis
  yield* liveThrough(life, Math.floor(issuances / itemsOfClaim), now - 2 * dayMs).pipe(
    Effect.provide(Layer.provideMerge(unsafeJournalIn(directory), TestClock.layer())),
  )
  // A company's books are checked every night.
  const checked = yield* Conservation.use(({ check }) => check).pipe(
    Effect.provide(poolsOver(unsafeJournalIn(directory))),
  )
  const isSound = Option.exists(checked, ({ balances }) =>
    balances.every(({ differences }) => differences.length === 0),
  )
  if (!isSound) return yield* Effect.die("the books that were made are not sound")
})

/** Adds the last day to a copy of the books: its issuances are marked, written, and still live. */
export const addLiveDay = Effect.fnUntraced(function* (directory: string) {
  const life = yield* lifeOfClaim
  const now = yield* Clock.currentTimeMillis
  const count = Math.floor(issuedInDay / itemsOfClaim)
  const from = now - 0.8 * dayMs
  const spacing = (0.7 * dayMs) / count
  yield* writeClaims(life, { first: 10_000_000, count, from, spacing, isOver: false }).pipe(
    Effect.provide(unsafeJournalIn(directory)),
  )
})

/** A copy of the large books in that directory, with a live day. Gives the size of the file in bytes. */
export const copyBooks = async (task: Task, directory: string): Promise<number> => {
  const made = await preparedBooks(task)
  Fs.copyFileSync(Path.join(made, "journal.db"), Path.join(directory, "journal.db"))
  await Effect.runPromise(addLiveDay(directory))
  return Fs.statSync(Path.join(made, "journal.db")).size
}

/** The directory of the large books, which are made where they are not there yet. */
export const preparedBooks = async ({ root, issuances }: Task): Promise<string> => {
  const directory = Path.join(cache, `books-${fingerprint(root)}-${issuances}`)
  if (Fs.existsSync(directory)) return directory
  dropOldBooks()
  process.stderr.write(`making the books of ${issuances} issuances, once, for ${root}\n`)
  await withDirectory(async (making) => {
    await Effect.runPromise(fill(making, issuances))
    // Another checkout with the same journal may have been quicker.
    if (!Fs.existsSync(directory)) Fs.renameSync(making, directory)
  })
  return directory
}

const booksKept = 3

const dropOldBooks = () => {
  Fs.mkdirSync(cache, { recursive: true })
  const byAge = Fs.readdirSync(cache)
    .filter((name) => name.startsWith("books-"))
    .map((name) => Path.join(cache, name))
    .toSorted((a, b) => Fs.statSync(b).mtimeMs - Fs.statSync(a).mtimeMs)
  for (const old of byAge.slice(booksKept - 1)) Fs.rmSync(old, { recursive: true, force: true })
}

/** Tells the versions of a program apart whose journals may differ. */
const fingerprint = (root: string) => {
  const hash = createHash("sha256").update(String(format))
  for (const part of ["store", "domain"]) {
    const folder = Path.join(root, "src", part)
    for (const name of Fs.readdirSync(folder).toSorted()) {
      const file = Path.join(folder, name)
      // The folders in it write nothing into this file.
      if (Fs.statSync(file).isFile()) hash.update(Fs.readFileSync(file))
    }
  }
  return hash.digest("hex").slice(0, 12)
}

/** The pools and their books on the journal of a directory. */
export const poolsIn = (directory: string) =>
  poolsOver(
    Layer.fresh(SqliteJournal.layer).pipe(
      Layer.provide([
        Settings.layerTest({ dataDir: directory }),
        NodeFileSystem.layer,
        NodePath.layer,
      ]),
    ),
  )
