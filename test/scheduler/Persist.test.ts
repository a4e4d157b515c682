import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { updatesKept } from "../../src/config/Limits.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { persist, persistTimer } from "../../src/scheduler/Timers.ts"
import { Journal } from "../../src/store/Journal.ts"
import { capture } from "../observe/logged.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { available, confirmed, running, stocked, take, vkTab, world, worldWith } from "./bench.ts"

/** Events that a start would read after the snapshot. */
const tail = (resource: string) =>
  Journal.use((journal) => Effect.map(journal.restore(resource), ({ events }) => events.length))

const stockOf = (resource: string) => Pools.use((pools) => pools.stock(resource))

/** Removes the events, so that only the snapshot can tell what was before it. */
const forgetEvents = (disk: MemoryDisk) => disk.tables.events.clear()

describe("persist", () => {
  it.effect("takes a snapshot every period, which a start needs nothing else for", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      const disk = MemoryJournal.makeDisk()
      const before = yield* running(
        disk,
        persistTimer,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* confirmed("vk", 2)
          yield* take("vk", 1)
          yield* TestClock.adjust("44 seconds")
          assert.isAbove(yield* tail("vk"), 0)
          yield* TestClock.adjust("1 second")
          assert.strictEqual(yield* tail("vk"), 0)
          yield* take("vk", 1)
          yield* TestClock.adjust("44 seconds")
          assert.isAbove(yield* tail("vk"), 0)
          yield* TestClock.adjust("1 second")
          assert.strictEqual(yield* tail("vk"), 0)
          return yield* stockOf("vk")
        }),
      )
      forgetEvents(disk)
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* stockOf("vk"), before)
          assert.strictEqual(yield* available("vk"), 8)
        }),
      )
    }).pipe(Effect.provide(worldWith({ stateSaveInterval: Duration.seconds(45) }))),
  )

  it.effect("drops handled updates when Telegram has forgotten them", () =>
    Effect.gen(function* () {
      yield* stocked({})
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          const journal = yield* Journal
          yield* journal.write([
            { _tag: "UpdateReceived", updateId: 7, userId: 2, body: {}, at: 0 },
            { _tag: "UpdateReceived", updateId: 8, userId: 2, body: {}, at: 0 },
            { _tag: "UpdateHandled", updateId: 7, at: 0 },
          ])
          yield* TestClock.adjust(updatesKept)
          yield* persist
          assert.deepStrictEqual([...disk.tables.inbox.keys()], [7, 8])
          yield* TestClock.adjust(1)
          yield* persist
          assert.deepStrictEqual([...disk.tables.inbox.keys()], [8])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("says so when the disk refuses, and goes on when it is back", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      const { lines, layer } = yield* capture
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        persistTimer,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          disk.failing = true
          yield* TestClock.adjust("1 minute")
          assert.deepStrictEqual(lines, ["persist failed"])
          disk.failing = false
          yield* TestClock.adjust("1 minute")
          assert.deepStrictEqual(lines, ["persist failed"])
          assert.strictEqual(yield* tail("vk"), 0)
        }),
      ).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(world)),
  )
})
