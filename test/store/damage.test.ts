/**
 * A journal that the disk has changed behind the program's back. Whatever bit of the file is
 * flipped, nobody may be shown something else than what was written.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Random, Result } from "effect"
import { Settings } from "../../src/config/Settings.ts"
import { Journal } from "../../src/store/Journal.ts"
import { tables } from "../../src/store/soundness.ts"
import * as SqliteConnection from "../../src/store/SqliteConnection.ts"
import { type Database, openDatabase } from "../../src/store/SqliteDatabase.ts"
import { document, opened, received, settled } from "../contracts/journalFixtures.ts"
import { factsOf } from "../formerVersion/facts.ts"
import { copyData, readJson } from "../formerVersion/fixture.ts"
import { databaseIn, journalIn, makeDirectory, opening, spoiledIn } from "./sqliteFixtures.ts"

const flips = 300
const former = "0.3.0"
const more = 10_000

/** What the fixture was stopped at. */
const { at } = readJson(former, "expected.json") as { readonly at: number }

/** Three days of a company, brought up to date, with rows that got their checksums as they were written. */
const makeHistory = Effect.gen(function* () {
  const directory = yield* makeDirectory
  copyData(former, directory)
  yield* factsOf(directory, at, { snapshot: true })
  yield* Effect.gen(function* () {
    const journal = yield* Journal
    yield* journal.write([document("a", "kept"), document("b", "removed"), received(900_000_001)])
    yield* journal.write([{ _tag: "DocumentRemoved", kind: "draft", key: "b" }])
    yield* journal.write([opened("s", 1), opened("s", 2), settled("s", 1, at)])
  }).pipe(Effect.provide(journalIn(directory)))
  return directory
})

/**
 * Every way to read the journal, each with its own outcome. Pools, proxies and statistics are
 * folds of these answers.
 */
const everythingIn = (directory: string) =>
  Effect.gen(function* () {
    const journal = yield* Journal
    const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
    const booked = yield* Effect.exit(journal.booked({}, { limit: more }))
    const rows = Exit.isSuccess(booked) ? booked.value : []
    const reads: ReadonlyArray<Effect.Effect<unknown, { readonly _tag: string }>> = [
      ...pools.flatMap((pool) => [
        journal.restore(pool),
        journal.events(pool, { after: 0, limit: more }),
        journal.issuedBefore(pool, [...new Set(rows.map(({ key }) => key))]),
      ]),
      ...[spreadsheetAccounts, spreadsheetIssued, "s"].map((id) => journal.intents(id, more)),
      ...kinds.map((kind) => journal.documents(kind)),
      journal.unhandled({ limit: 1_000 }),
      journal.tally({}),
      ...pools.map((pool) => journal.quarantined({ pool }, { limit: more, skip: 0 })),
      journal.quarantineTally,
      // All events are read above: this is about the references to them.
      journal.trail({ limit: 20 }),
      ...[...new Set(rows.map(({ holder }) => holder))]
        .slice(0, 2)
        .flatMap((person) => (person === null ? [] : [journal.trail({ person, limit: 20 })])),
      ...rows.slice(0, 2).map(({ id }) => journal.trail({ issuance: id, limit: 20 })),
    ]
    return [booked, ...(yield* Effect.forEach(reads, Effect.exit))]
  }).pipe(Effect.provide([journalIn(directory), Settings.layerTest({})]))

let pools: ReadonlyArray<string> = []
let kinds: ReadonlyArray<string> = []

const namesIn = (directory: string, sql: string) => {
  const database = databaseIn(directory)
  const names = database.prepare(sql).all()
  database.close()
  return names.map(({ name }) => String(name))
}

const tagOf = (exit: Exit.Exit<unknown, unknown>) =>
  Exit.isFailure(exit) ? (Cause.squash(exit.cause) as { readonly _tag?: string })._tag : undefined

const typed = new Set(["JournalDamaged", "StorageUnavailable"])

describe("A journal without checksums", () => {
  it.effect("is given them as its rows are read for the first time", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      copyData(former, directory)
      const examine = () =>
        SqliteConnection.examine({
          directory,
          connect: () => openDatabase(Path.join(directory, "journal.db")),
        })
      assert.deepStrictEqual(examine(), Result.succeed({ damage: [], isOlder: true }))
      const before = namesIn(directory, "SELECT body AS name FROM event ORDER BY seq")
      yield* opening(directory)
      assert.deepStrictEqual(examine(), Result.succeed({ damage: [], isOlder: false }))
      assert.deepStrictEqual(
        namesIn(directory, "SELECT body AS name FROM event ORDER BY seq"),
        before,
      )
      for (const table of tables) {
        const [count] = namesIn(directory, `SELECT count(*) AS name FROM ${table} WHERE sum = 0`)
        assert.strictEqual(count, "0", table)
      }
    }),
  )
})

describe("A journal that lost an index", () => {
  it.effect("is refused, and the directory stays as it is", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      copyData(former, directory)
      yield* opening(directory)
      const database = databaseIn(directory)
      database.exec("DROP INDEX issuance_by_time")
      database.close()
      const before = Fs.readFileSync(Path.join(directory, "journal.db"))
      const exit = yield* opening(directory)
      assert.strictEqual(tagOf(exit), "JournalDamaged")
      assert.isTrue(before.equals(Fs.readFileSync(Path.join(directory, "journal.db"))))
    }),
  )
})

describe("A row that is damaged", () => {
  it.effect("stays so when something else in it is changed", () =>
    Effect.gen(function* () {
      const connections: Array<Database> = []
      const watched = spoiledIn(yield* makeDirectory, (database) => {
        connections.push(database)
        return database
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([opened("s", 1), opened("s", 2)])
        connections[0]?.exec("UPDATE intent SET token = 'another' WHERE seq = 1")
        yield* journal.write([settled("s", 1, at), settled("s", 2, at)])
        assert.strictEqual((yield* journal.intents("s", 1))[0]?.settledAt, at)
        assert.deepInclude(yield* Effect.flip(journal.intents("s", 2)), {
          _tag: "JournalDamaged",
          table: "intent",
          record: "1",
        })
      }).pipe(Effect.provide(watched))
    }),
  )
})

describe("A journal with a flipped bit", () => {
  it.effect(
    `is refused, or is what it was (${flips} flips)`,
    () =>
      Effect.gen(function* () {
        const sound = yield* makeHistory
        pools = namesIn(sound, "SELECT DISTINCT pool AS name FROM event")
        kinds = namesIn(sound, "SELECT DISTINCT kind AS name FROM document")
        const file = Fs.readFileSync(Path.join(sound, "journal.db"))
        const copy = yield* makeDirectory
        Fs.cpSync(sound, copy, { recursive: true })
        const expected = yield* everythingIn(copy)
        assert.isTrue(expected.every(Exit.isSuccess))
        const texts = expected.map(textOf)

        let refused = 0
        let unread = 0
        for (let n = 0; n < flips; n += 1) {
          const bit = yield* Random.nextIntBetween(0, file.length * 8)
          const where = `bit ${bit % 8} of byte ${Math.floor(bit / 8)}`
          flip(copy, file, bit)
          const found = yield* Effect.exit(everythingIn(copy))
          if (Exit.isFailure(found)) {
            refused += 1
            assert.include([...typed], tagOf(found), where)
            continue
          }
          const failed = found.value.filter(Exit.isFailure)
          for (const exit of failed) assert.include([...typed], tagOf(exit), where)
          if (failed.length > 0) unread += 1
          // Without a list of issuances fewer questions are asked, and the places differ.
          if (found.value.length !== expected.length) continue
          for (const [index, exit] of found.value.entries()) {
            if (Exit.isSuccess(exit)) assert.strictEqual(textOf(exit), texts[index], where)
          }
        }
        // The flips reach all that can happen.
        assert.isAbove(refused, 20)
        assert.isAbove(unread, 5)
        assert.isAbove(flips - refused - unread, 20)
      }).pipe(Effect.scoped, Random.withSeed("flips")),
    120_000,
  )
})

/** The directory as a kill leaves it: the newest transactions stand in the log alone. */
const makeKilled = Effect.gen(function* () {
  const directory = yield* makeHistory
  const killed = yield* makeDirectory
  yield* Effect.gen(function* () {
    const journal = yield* Journal
    for (let n = 0; n < transactions; n += 1) {
      yield* journal.write([document(`late ${n}`, "x".repeat(200 + 300 * (n % 3)))])
    }
    Fs.cpSync(directory, killed, { recursive: true })
  }).pipe(Effect.provide(journalIn(directory)))
  return killed
})

const transactions = 12

const logOf = (directory: string) => Path.join(directory, "journal.db-wal")

/** The frames of a log by where they begin, and whether each ends a transaction. */
const framesIn = (log: Buffer) => {
  const size = 24 + log.readUInt32BE(8)
  return Array.from({ length: Math.floor((log.length - 32) / size) }, (_, n) => ({
    at: 32 + n * size,
    size,
    isEnd: log.readUInt32BE(32 + n * size + 4) !== 0,
  }))
}

const lateIn = (directory: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* Journal).documents("draft")
    return found.map(({ key }) => key).filter((key) => key.startsWith("late "))
  }).pipe(Effect.provide(journalIn(directory)))

describe("A log that a kill left", () => {
  /** A copy of the killed directory whose log is changed. */
  const copyWith = Effect.fnUntraced(function* (killed: string, log: Buffer) {
    const copy = yield* makeDirectory
    Fs.cpSync(killed, copy, { recursive: true })
    Fs.writeFileSync(logOf(copy), log)
    return copy
  })

  it.effect(
    `with a flipped bit is refused, or is what it was (${flips} flips)`,
    () =>
      Effect.gen(function* () {
        const killed = yield* makeKilled
        const log = Fs.readFileSync(logOf(killed))
        const last = framesIn(log).findLast(({ isEnd }) => isEnd)
        let refused = 0
        for (let n = 0; n < flips; n += 1) {
          // Every third flip hits the last transaction, and some the headers, where they are rare.
          const from = n % 3 === 0 ? (last?.at ?? 0) : 0
          const until = n % 9 === 0 ? from + 32 : n % 9 === 1 ? 32 : log.length
          const bit = yield* Random.nextIntBetween(from * 8, until * 8)
          const where = `bit ${bit % 8} of byte ${Math.floor(bit / 8)}`
          const copy = yield* copyWith(killed, flipped(log, bit))
          const exit = yield* Effect.exit(lateIn(copy))
          if (Exit.isSuccess(exit)) {
            assert.lengthOf(exit.value, transactions, where)
            continue
          }
          refused += 1
          assert.strictEqual(tagOf(exit), "JournalDamaged", where)
          assert.isTrue(flipped(log, bit).equals(Fs.readFileSync(logOf(copy))), where)
        }
        assert.strictEqual(refused, flips)
      }).pipe(Effect.scoped, Random.withSeed("flips of the log")),
    120_000,
  )

  it.effect("is named by whoever examines it, and left as it is", () =>
    Effect.gen(function* () {
      const killed = yield* makeKilled
      const log = Fs.readFileSync(logOf(killed))
      const copy = yield* copyWith(killed, flipped(log, (32 + 24 + 100) * 8))
      const found = SqliteConnection.examine({
        directory: copy,
        connect: () => openDatabase(Path.join(copy, "journal.db")),
      })
      assert.deepStrictEqual(
        Result.map(found, ({ damage }) => damage.map(({ table, record }) => `${table} ${record}`)),
        Result.succeed(["journal.db-wal frame 1"]),
      )
      assert.isTrue(flipped(log, (32 + 24 + 100) * 8).equals(Fs.readFileSync(logOf(copy))))
    }),
  )

  it.effect("whose end was cut off anywhere opens with whole transactions", () =>
    Effect.gen(function* () {
      const killed = yield* makeKilled
      const log = Fs.readFileSync(logOf(killed))
      for (let n = 0; n < 40; n += 1) {
        const length = yield* Random.nextIntBetween(0, log.length)
        const copy = yield* copyWith(killed, log.subarray(0, length))
        const late = yield* lateIn(copy)
        assert.deepStrictEqual(
          late,
          Array.from({ length: late.length }, (_, each) => `late ${each}`),
        )
      }
    }).pipe(Effect.scoped, Random.withSeed("cuts")),
  )

  it.effect("whose last transaction lacks any sectors opens without it", () =>
    Effect.gen(function* () {
      const killed = yield* makeKilled
      const log = Fs.readFileSync(logOf(killed))
      const ends = framesIn(log).filter(({ isEnd }) => isEnd)
      const begin = (ends.at(-2)?.at ?? 0) + (ends.at(-2)?.size ?? 0)
      for (let n = 0; n < 40; n += 1) {
        const torn = Buffer.from(log)
        const sector = (yield* Random.nextIntBetween(begin, log.length)) & ~511
        torn.fill(0, Math.max(begin, sector), Math.min(log.length, sector + 512))
        const late = yield* lateIn(yield* copyWith(killed, torn))
        assert.include([transactions, transactions - 1], late.length)
      }
    }).pipe(Effect.scoped, Random.withSeed("sectors")),
  )

  it.effect("that is damaged before its last transactions is refused, however much is", () =>
    Effect.gen(function* () {
      const killed = yield* makeKilled
      const log = Fs.readFileSync(logOf(killed))
      const ends = framesIn(log).filter(({ isEnd }) => isEnd)
      const until = ends.at(-3)?.at ?? 0
      for (let n = 0; n < 40; n += 1) {
        const spoiled = Buffer.from(log)
        const from = yield* Random.nextIntBetween(0, until)
        const bytes = yield* Random.nextIntBetween(2, 600)
        for (let place = from; place < Math.min(until, from + bytes); place += 1) {
          spoiled.writeUInt8(spoiled.readUInt8(place) ^ 0x5a, place)
        }
        const exit = yield* Effect.exit(lateIn(yield* copyWith(killed, spoiled)))
        assert.strictEqual(tagOf(exit), "JournalDamaged", `${bytes} bytes from ${from}`)
      }
    }).pipe(Effect.scoped, Random.withSeed("spoiled")),
  )
})

/** All that an answer says, sets included. To compare texts is much quicker than to compare values. */
const textOf = (answer: unknown) =>
  JSON.stringify(answer, (_, value: unknown) => (value instanceof Set ? [...value] : value))

const flip = (directory: string, file: Buffer, bit: number) => {
  for (const beside of ["journal.db-wal", "journal.db-shm"]) {
    Fs.rmSync(Path.join(directory, beside), { force: true })
  }
  Fs.writeFileSync(Path.join(directory, "journal.db"), flipped(file, bit))
}

const flipped = (file: Buffer, bit: number) => {
  const bytes = Buffer.from(file)
  const place = Math.floor(bit / 8)
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << (bit % 8)), place)
  return bytes
}
