import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { Journal } from "../../src/store/Journal.ts"
import type { Database } from "../../src/store/SqliteDatabase.ts"
import { document, events, numberOf, opened } from "../contracts/journalFixtures.ts"
import { journalIn, keysOf, makeDirectory, spoil, spoiledIn } from "./sqliteFixtures.ts"

describe("SqliteJournal's commits", () => {
  it.effect("rest on these pragmas", () =>
    Effect.gen(function* () {
      const connections: Array<Database> = []
      const watched = spoiledIn(yield* makeDirectory, (database) => {
        connections.push(database)
        return database
      })
      yield* Effect.gen(function* () {
        yield* Journal
        const [database] = connections
        const valueOf = (name: string) =>
          Object.values(database?.prepare(`PRAGMA ${name}`).get() ?? {})[0]
        // An answer is on the disk when it is given, and not in the cache of the machine.
        assert.strictEqual(valueOf("synchronous"), 2)
        assert.strictEqual(valueOf("journal_mode"), "wal")
        // No second process, and nothing of what was deleted.
        assert.strictEqual(valueOf("locking_mode"), "exclusive")
        assert.strictEqual(valueOf("secure_delete"), 1)
      }).pipe(Effect.provide(watched))
    }),
  )

  it.effect("are shared by callers that wait at the same time", () =>
    Effect.gen(function* () {
      let commits = 0
      const counting = spoiledIn(yield* makeDirectory, (database) =>
        spoil(database, (sql) => {
          if (sql === "COMMIT") commits++
        }),
      )
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        commits = 0
        const writes = Array.from({ length: 200 }, (_, n) => journal.write([events("vk", n)]))
        yield* Effect.all(writes, { concurrency: "unbounded" })
        assert.isAtLeast(commits, 1)
        assert.isAtMost(commits, 20)
      }).pipe(Effect.provide(counting))
    }),
  )

  it.effect("take the good writes of a group without the bad one", () =>
    Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([opened("s", 1)])
        const exits = yield* Effect.forEach(
          [
            journal.write([document("before", 1)]),
            journal.write([document("bad", 1), opened("s", 1, "another")]),
            journal.write([document("after", 1)]),
          ],
          Effect.exit,
          { concurrency: "unbounded" },
        )
        assert.deepStrictEqual(exits.map(Exit.isSuccess), [true, false, true])
        assert.deepStrictEqual(yield* keysOf(journal), ["before", "after"])
      }).pipe(Effect.provide(journalIn(yield* makeDirectory)))
    }),
  )

  it.effect("are refused while the disk is full, and go on when it is not", () =>
    Effect.gen(function* () {
      let isFull = true
      let openings = 0
      let pages = 0
      const full = spoiledIn(yield* makeDirectory, (database) => {
        openings++
        return spoil(database, (sql) => {
          if (sql !== "BEGIN IMMEDIATE") return
          // The first opening makes the tables, for which there is room.
          const found = Number(database.prepare("PRAGMA page_count").get()?.["page_count"])
          if (pages <= 1) pages = found
          if (pages > 1) database.exec(`PRAGMA max_page_count = ${isFull ? pages + 1 : 1_000_000}`)
        })
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        const big = document("big", "x".repeat(100_000))
        yield* journal.write([document("small", 1)])
        const error = yield* Effect.flip(journal.write([document("lost", 1), big]))
        assert.strictEqual(error._tag, "StorageUnavailable")
        assert.strictEqual(openings, 1)
        // What still fits goes through, on a new connection.
        const exits = yield* Effect.forEach(
          [journal.write([big]), journal.write([document("fits", 1)])],
          Effect.exit,
          { concurrency: "unbounded" },
        )
        assert.deepStrictEqual(exits.map(Exit.isSuccess), [false, true])
        assert.isAtLeast(openings, 2)
        isFull = false
        yield* journal.write([big])
        assert.deepStrictEqual(yield* keysOf(journal), ["small", "fits", "big"])
      }).pipe(Effect.provide(full))
    }),
  )

  it.effect("are never repeated when their outcome is unclear", () =>
    Effect.gen(function* () {
      let fault: "none" | "before" | "after" = "none"
      let openings = 0
      const failOnce = (now: typeof fault) => (sql: string) => {
        if (sql !== "COMMIT" || fault !== now) return
        fault = "none"
        throw new Error("disk I/O error")
      }
      const unclear = spoiledIn(yield* makeDirectory, (database) => {
        openings++
        return spoil(database, failOnce("before"), failOnce("after"))
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        for (const [index, planted] of (["before", "after"] as const).entries()) {
          fault = planted
          const exits = yield* Effect.forEach(
            [journal.write([events("vk", 1)]), journal.write([events("vk", 2)])],
            Effect.exit,
            { concurrency: "unbounded" },
          )
          assert.deepStrictEqual(exits.map(Exit.isFailure), [true, true])
          const { events: restored } = yield* journal.restore("vk")
          const numbers = restored.map(({ event }) => numberOf(event))
          assert.deepStrictEqual(numbers, planted === "before" ? [] : [1, 2])
          assert.strictEqual(openings, index + 2)
        }
        yield* journal.write([events("vk", 3)])
      }).pipe(Effect.provide(unclear))
    }),
  )
})
