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

/** Three days of a company, brought up to date, with rows that were sealed as they were written. */
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

/** All that an answer says, sets included. To compare texts is much quicker than to compare values. */
const textOf = (answer: unknown) =>
  JSON.stringify(answer, (_, value: unknown) => (value instanceof Set ? [...value] : value))

const flip = (directory: string, file: Buffer, bit: number) => {
  for (const beside of ["journal.db-wal", "journal.db-shm"]) {
    Fs.rmSync(Path.join(directory, beside), { force: true })
  }
  const bytes = Buffer.from(file)
  const place = Math.floor(bit / 8)
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << (bit % 8)), place)
  Fs.writeFileSync(Path.join(directory, "journal.db"), bytes)
}
