/** Suspended access on the disk and by the clock. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { type BlockOrder, Blocks } from "../../src/access/Blocks.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { RequestKey } from "../../src/domain/Issuance.ts"
import { Journal } from "../../src/store/Journal.ts"
import { document } from "../contracts/journalFixtures.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"

const anna = TelegramId.make(101)
const boris = TelegramId.make(102)
const [chief, deputy] = [TelegramId.make(1), TelegramId.make(2)]

const order = (about: Partial<BlockOrder> = {}): BlockOrder => ({
  id: anna,
  hours: 8,
  note: "Отпуск",
  by: chief,
  request: RequestKey.make("1:7"),
  ...about,
})

/** Providing it again is a restart over the same disk. */
const startOn = (disk: ReturnType<typeof MemoryJournal.makeDisk>) =>
  Layer.fresh(Blocks.layer).pipe(Layer.provideMerge(MemoryJournal.layer(disk)))

const isBlocked = (id: TelegramId) =>
  Blocks.use((blocks) => Effect.map(blocks.find(id), Option.isSome))

describe("a block", () => {
  it.effect("holds until its hour by the clock, over a restart", () =>
    Effect.gen(function* () {
      const layer = startOn(MemoryJournal.makeDisk())
      const end = 8 * 3_600_000
      yield* Effect.provide(
        Effect.gen(function* () {
          const { until } = yield* Blocks.use((blocks) => blocks.block(order()))
          assert.strictEqual(until, end)
        }),
        layer,
      )
      yield* TestClock.setTime(end - 1)
      assert.isTrue(yield* Effect.provide(isBlocked(anna), layer))
      assert.isFalse(yield* Effect.provide(isBlocked(boris), layer))
      yield* TestClock.setTime(end)
      assert.isFalse(yield* Effect.provide(isBlocked(anna), layer))
      const ended = Blocks.use((blocks) => blocks.expire(end))
      assert.lengthOf(yield* Effect.provide(ended, layer), 1)
      assert.lengthOf(yield* Effect.provide(ended, layer), 0)
    }),
  )

  it.effect("asked for again by the same message is the same; by another it is a new one", () =>
    Effect.gen(function* () {
      const blocks = yield* Blocks
      const first = yield* blocks.block(order())
      assert.isTrue(yield* blocks.claimTelling(anna))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* blocks.block(order()), { ...first, told: true })
      assert.isFalse(yield* blocks.claimTelling(anna))
      const kept = yield* blocks.block(
        order({ hours: null, by: deputy, request: RequestKey.make("2:1"), unlessBlocked: true }),
      )
      assert.strictEqual(kept.by, chief)
      const next = yield* blocks.block(order({ hours: null, request: RequestKey.make("1:8") }))
      assert.isNull(next.until)
      assert.isTrue(yield* blocks.claimTelling(anna))
      assert.lengthOf(yield* blocks.all, 1)
    }).pipe(Effect.provide(startOn(MemoryJournal.makeDisk()))),
  )

  it.effect("is given back once; whoever comes second reads who was first", () =>
    Effect.gen(function* () {
      const blocks = yield* Blocks
      assert.deepStrictEqual(yield* blocks.lift(anna, chief), { _tag: "NotBlocked" })
      yield* blocks.block(order({ hours: null }))
      assert.strictEqual((yield* blocks.lift(anna, deputy))._tag, "Lifted")
      assert.isFalse(yield* isBlocked(anna))
      // The same request once more, because the bot stopped before it was told of.
      assert.strictEqual((yield* blocks.lift(anna, deputy))._tag, "Lifted")
      assert.isTrue(yield* blocks.claimTelling(anna))
      assert.deepStrictEqual(yield* blocks.lift(anna, deputy), {
        _tag: "AlreadyLifted",
        lifted: { by: deputy, at: 0 },
      })
      yield* TestClock.adjust("25 hours")
      yield* blocks.block(order({ id: boris }))
      assert.deepStrictEqual(yield* blocks.lift(anna, chief), { _tag: "NotBlocked" })
    }).pipe(Effect.provide(startOn(MemoryJournal.makeDisk()))),
  )

  it.effect("that the disk refuses is none, and one that it keeps stays", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        const blocks = yield* Blocks
        disk.failing = true
        assert.strictEqual((yield* Effect.flip(blocks.block(order())))._tag, "StorageUnavailable")
        assert.isFalse(yield* isBlocked(anna))
        disk.failing = false
        yield* blocks.block(order())
        disk.failing = true
        assert.strictEqual(
          (yield* Effect.flip(blocks.lift(anna, chief)))._tag,
          "StorageUnavailable",
        )
        assert.isTrue(yield* isBlocked(anna))
      }).pipe(Effect.provide(startOn(disk)))
    }),
  )

  it.effect("that cannot be read stops the start, and its words go nowhere", () =>
    Effect.gen(function* () {
      const layer = startOn(MemoryJournal.makeDisk())
      yield* Effect.provide(
        Journal.use((journal) => journal.write([document("101", { note: "hunter2" }, "block")])),
        layer,
      )
      const exit = yield* Effect.exit(Effect.provide(isBlocked(anna), layer))
      const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      assert.deepInclude(error, { _tag: "JournalDamaged", record: "block 101" })
      assert.notInclude(JSON.stringify(error), "hunter2")
    }),
  )
})
