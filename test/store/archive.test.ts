/** Old events that are packed: what is read of them, and what of them is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Journal } from "../../src/store/Journal.ts"
import * as SqliteConnection from "../../src/store/SqliteConnection.ts"
import { openDatabase } from "../../src/store/SqliteDatabase.ts"
import {
  employee,
  happened,
  issuanceId,
  issuanceOf,
  issuedEvent,
} from "../contracts/journalFixtures.ts"
import { databaseIn, journalIn, makeDirectory, packingIn } from "./sqliteFixtures.ts"

const write = (pool: string, n: number) =>
  happened(pool, issuedEvent(issuanceOf(`${n}@example.com`, { id: issuanceId(n), issuedAt: n })))

/** Twelve events of two pools, each of which is long enough for a block. */
const history = Effect.gen(function* () {
  const journal = yield* Journal
  for (let n = 0; n < 12; n += 1) yield* journal.write([write(n % 3 === 0 ? "ok" : "vk", n)])
})

const everything = Effect.gen(function* () {
  const journal = yield* Journal
  return {
    vk: (yield* journal.restore("vk")).events,
    ok: (yield* journal.restore("ok")).events,
    page: yield* journal.events("vk", { after: 3, limit: 4 }),
    trail: yield* journal.trail({ limit: 7 }),
    before: yield* journal.trail({ before: 8, limit: 3 }),
    person: yield* journal.trail({ person: employee, limit: 5 }),
    issuance: yield* journal.trail({ issuance: issuanceId(2), limit: 5 }),
    next: yield* journal.write([]),
  }
})

const packAll = Effect.flatMap(Journal, (journal) =>
  Effect.andThen(journal.prune(Infinity), journal.prune(Infinity)),
)

const rowsIn = (directory: string, table: string) => {
  const database = databaseIn(directory)
  const count = database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"]
  database.close()
  return Number(count)
}

const change = (directory: string, sql: string) => {
  const database = databaseIn(directory)
  database.exec(sql)
  database.close()
}

const namedIn = (directory: string) =>
  Result.map(
    SqliteConnection.examine({
      directory,
      connect: () => openDatabase(`${directory}/journal.db`),
    }),
    ({ damage }) => damage.map(({ table, record }) => `${table} ${record}`),
  )

describe("Old events", () => {
  it.effect("are read as they were when they are packed, all but the newest one", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const before = yield* Effect.provide(
        Effect.andThen(history, everything),
        journalIn(directory),
      )
      yield* Effect.provide(packAll, packingIn(directory))
      assert.deepStrictEqual(
        [rowsIn(directory, "event"), rowsIn(directory, "event_block")],
        [1, 11],
      )
      assert.deepStrictEqual(yield* Effect.provide(everything, journalIn(directory)), before)
      assert.deepStrictEqual(namedIn(directory), Result.succeed([]))
    }),
  )

  it.effect("come in their order from blocks of several pools, whatever their number", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* Effect.provide(history, journalIn(directory))
      const trails = Effect.gen(function* () {
        const journal = yield* Journal
        const found: Array<ReadonlyArray<number>> = []
        for (let limit = 1; limit < 13; limit += 1) {
          for (let before = 1; before < 13; before += 1) {
            for (const query of [{}, { person: employee }]) {
              const page = yield* journal.trail({ ...query, before, limit })
              found.push(page.map(({ seq }) => seq))
            }
          }
        }
        return found
      })
      const before = yield* Effect.provide(trails, journalIn(directory))
      yield* Effect.provide(packAll, packingIn(directory, 1_500))
      // Between the first and the last event of a block stand events of the other pool.
      assert.isBelow(rowsIn(directory, "event_block"), 6)
      assert.isAbove(rowsIn(directory, "event_block"), 1)
      assert.deepStrictEqual(yield* Effect.provide(trails, journalIn(directory)), before)
    }),
  )

  it.effect("stay as they are until they make a whole block, and while they are young", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* Effect.gen(function* () {
        yield* history
        yield* packAll
      }).pipe(Effect.provide(journalIn(directory)))
      assert.strictEqual(rowsIn(directory, "event_block"), 0)
      yield* Effect.provide(
        Effect.flatMap(Journal, (journal) => journal.prune(0)),
        packingIn(directory),
      )
      assert.strictEqual(rowsIn(directory, "event_block"), 0)
    }),
  )

  it.effect("in a damaged block are refused, and the block is named", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* Effect.provide(history, journalIn(directory))
      yield* Effect.provide(packAll, packingIn(directory))
      change(
        directory,
        "UPDATE event_block SET body = CAST(substr(body, 1, length(body) - 1) || 'x' AS BLOB)",
      )
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        const errors = [
          yield* Effect.flip(journal.restore("vk")),
          yield* Effect.flip(journal.events("vk", { after: 0, limit: 9 })),
          yield* Effect.flip(journal.trail({ limit: 9 })),
          yield* Effect.flip(journal.trail({ issuance: issuanceId(2), limit: 9 })),
        ]
        assert.deepStrictEqual(
          errors.map(({ _tag }) => _tag),
          errors.map(() => "JournalDamaged"),
        )
      }).pipe(Effect.provide(journalIn(directory)))
      const named = Result.getOrElse(namedIn(directory), () => [])
      assert.includeMembers([...named], ["event_block 1", "event_block 2"])
    }),
  )

  it.effect("are not packed where one of them is damaged, so that the damage shows", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* Effect.provide(history, journalIn(directory))
      change(directory, "UPDATE event SET at = at + 1 WHERE seq = 1")
      yield* Effect.provide(packAll, packingIn(directory))
      assert.deepStrictEqual(namedIn(directory), Result.succeed(["event 1"]))
      // The other pool has eight, and the newest event of all is among them.
      assert.strictEqual(rowsIn(directory, "event_block"), 7)
    }),
  )

  it.effect("take less than half of the room, with what they concern", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const bytes = () => {
        const database = databaseIn(directory)
        const pages =
          "SELECT page_count - freelist_count AS used FROM pragma_page_count, pragma_freelist_count"
        const used = database.prepare(pages).get()?.["used"]
        database.close()
        return Number(used)
      }
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        for (let n = 0; n < 1_000; n += 100) {
          yield* journal.write(Array.from({ length: 100 }, (_, i) => write("vk", n + i)))
        }
      }).pipe(Effect.provide(journalIn(directory)))
      const before = rowsIn(directory, "event")
      const used = bytes()
      yield* Effect.provide(packAll, journalIn(directory))
      assert.isBelow(rowsIn(directory, "event"), before / 2)
      assert.isBelow(bytes(), used / 2)
    }),
  )
})
