import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Ref } from "effect"
import { Pools } from "../../src/pool/Pools.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import * as Recovery from "../../src/scheduler/Recovery.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { accounts, rowsOf } from "../sheets/bench.ts"
import { Days } from "../sheets/workbooksClient.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import {
  available,
  buffered,
  confirmed,
  issuedRows,
  Line,
  pass,
  raised,
  running,
  say,
  stocked,
  traffic,
  vk,
  vkTab,
  world,
} from "./bench.ts"

const refill = Refill.use(({ run }) => run(vk, false))

/** A bot that is killed while `doomed` waits for Google. */
const killedDuring = <E, R, R2>(
  disk: MemoryDisk,
  before: Effect.Effect<void, E, R>,
  doomed: Effect.Effect<void, never, R2>,
) =>
  running(
    disk,
    Layer.empty,
    Effect.gen(function* () {
      yield* before
      yield* loseAnswer
      const fiber = yield* Effect.forkChild(doomed)
      yield* pass("10 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* Fiber.interrupt(fiber)
    }),
  )

/** The write is applied, and neither its answer nor the question about it comes through. */
const loseAnswer = Days.use((days) =>
  Effect.andThen(days.plant("batchUpdate", "lostAnswer"), days.plant("metadata", "hang")),
)

/** 30 rows come in, and 25 of them go out again. */
const stockUp = Effect.gen(function* () {
  yield* refill
  for (let n = 0; n < 5; n++) yield* confirmed("vk", 5)
})

describe("Recovery.once", () => {
  it.effect("loads the rows of a claim whose answer the former process never heard", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40 })
      const disk = MemoryJournal.makeDisk()
      yield* killedDuring(disk, stockUp, refill)
      assert.lengthOf(yield* rowsOf(accounts, vkTab), 0)
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          assert.strictEqual(yield* available("vk"), 5)
          assert.isTrue(yield* Recovery.once)
          assert.strictEqual(yield* available("vk"), 15)
          yield* traffic
          assert.isTrue(yield* Recovery.once)
          assert.strictEqual((yield* traffic).writes, 0)
          assert.strictEqual(yield* available("vk"), 15)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("knows the rows of a flush whose answer the former process never heard", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      const disk = MemoryJournal.makeDisk()
      const ids = yield* Ref.make<ReadonlyArray<string>>([])
      const before = Effect.gen(function* () {
        yield* refill
        const first = yield* confirmed("vk", 2)
        yield* Flusher.once
        yield* say("vk", "Correct", "block", first.slice(0, 1))
        const second = yield* confirmed("vk", 3)
        yield* Ref.set(ids, [...first, ...second])
      })
      yield* killedDuring(disk, before, Flusher.once)
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          assert.strictEqual(yield* buffered("vk"), 3)
          assert.isTrue(yield* Recovery.once)
          assert.strictEqual(yield* buffered("vk"), 0)
          yield* Flusher.once
        }),
      )
      const [corrected, ...others] = yield* Ref.get(ids)
      assert.deepStrictEqual(yield* issuedRows("vk"), [
        `${corrected} Блок`,
        ...others.map((id) => `${id} Хороший`),
      ])
    }).pipe(Effect.provide(world)),
  )
})

describe("Recovery.layer", () => {
  it.effect("waits as long as Google is silent, while people take from what was restored", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40 })
      const disk = MemoryJournal.makeDisk()
      const { cut } = yield* Line
      yield* killedDuring(disk, stockUp, refill)
      yield* Ref.set(cut, true)
      yield* running(
        disk,
        Recovery.layer,
        Effect.gen(function* () {
          yield* pass("3 minutes")
          assert.deepStrictEqual(yield* raised, ["demo-accounts unreachable"])
          yield* confirmed("vk", 5)
          assert.strictEqual(yield* available("vk"), 0)
          yield* Ref.set(cut, false)
          yield* pass("3 minutes")
          assert.deepStrictEqual(yield* raised, [])
          assert.strictEqual(yield* available("vk"), 10)
          yield* traffic
          yield* pass("5 minutes")
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("tries again after a refusal, and after a disk that refused", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40 })
      const disk = MemoryJournal.makeDisk()
      const days = yield* Days
      yield* killedDuring(disk, stockUp, refill)
      yield* days.plant("metadata", "denied")
      yield* running(
        disk,
        Recovery.layer,
        Effect.gen(function* () {
          yield* pass("5 seconds")
          assert.deepStrictEqual(yield* raised, ["demo-accounts denied"])
          disk.failing = true
          yield* pass("15 seconds")
          assert.strictEqual(yield* available("vk"), 5)
          disk.failing = false
          yield* pass("30 seconds")
          assert.deepStrictEqual(yield* raised, [])
          assert.strictEqual(yield* available("vk"), 15)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("comes before any other write: a refill at the same time settles the claim first", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 70 })
      const disk = MemoryJournal.makeDisk()
      yield* killedDuring(disk, stockUp, refill)
      yield* running(
        disk,
        Layer.merge(Refill.layerLoops, Recovery.layer),
        Effect.gen(function* () {
          // Rows of a claim that is under way are in the inbox for a moment.
          yield* pass("10 seconds")
          const { available: left, quarantine } = yield* Pools.use((pools) => pools.stock("vk"))
          const inSheet = (yield* rowsOf(accounts, vkTab)).length
          assert.strictEqual(left + inSheet, 70 - 25)
          assert.strictEqual(quarantine, 0)
          assert.isAtLeast(left, 35)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
