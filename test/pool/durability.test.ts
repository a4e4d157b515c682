/** Nobody learns of anything before the disk has it. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Option, Ref, Result } from "effect"
import { TestClock } from "effect/testing"
import { TelegramId } from "../../src/domain/Employee.ts"
import { requestKeyOf } from "../../src/domain/Issuance.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { makeOutbox, StorageAlarm } from "../../src/pool/Outbox.ts"
import { fold } from "../../src/pool/Pool.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { chief, issue, journalOn, load, message, names, poolsOn, stocked } from "./fixtures.ts"

const key = (messageId: number) => requestKeyOf(message(messageId))

describe("durable before visible", () => {
  /** Holds every write but the first until `let go`, and counts them. */
  const held = Effect.gen(function* () {
    const gate = yield* Deferred.make<void>()
    const writes = yield* Ref.make(0)
    const layer = poolsOn(undefined, (journal) => ({
      write: (entries) =>
        Ref.updateAndGet(writes, (n) => n + 1).pipe(
          Effect.flatMap((n) => (n === 1 ? Effect.void : Deferred.await(gate))),
          Effect.andThen(journal.write(entries)),
        ),
    }))
    return { layer, writes, letGo: Deferred.succeed(gate, undefined) }
  })

  it.effect("an answer, a repeat and a refusal wait; reading does not", () =>
    Effect.gen(function* () {
      const { layer, letGo, writes } = yield* held
      yield* Effect.gen(function* () {
        const pools = yield* stocked(1)
        const fork = (n: number) =>
          Effect.forkChild(Effect.exit(pools.ask("mamba", issue(n))), { startImmediately: true })
        const first = yield* fork(1)
        const again = yield* fork(1)
        const refused = yield* fork(2)
        yield* TestClock.adjust("1 minute")
        for (const fiber of [first, again, refused]) assert.isUndefined(fiber.pollUnsafe())
        assert.deepStrictEqual(yield* pools.batch("mamba", key(1)), Option.none())
        assert.strictEqual((yield* pools.stock("mamba")).available, 1)
        yield* letGo
        const [one, two, three] = yield* Effect.forEach([first, again, refused], Fiber.join)
        assert.isTrue(Exit.isSuccess(one!) && Exit.isSuccess(two!))
        assert.deepStrictEqual(one, two)
        assert.isTrue(Exit.isFailure(three!))
        assert.isTrue(Option.isSome(yield* pools.batch("mamba", key(1))))
        assert.strictEqual(yield* Ref.get(writes), 2)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("all that waits goes to the disk in one write", () =>
    Effect.gen(function* () {
      const { layer, letGo, writes } = yield* held
      yield* Effect.gen(function* () {
        const pools = yield* stocked(20)
        const first = yield* Effect.forkChild(pools.ask("mamba", issue(1)))
        yield* TestClock.adjust("1 second")
        const others = yield* Effect.forEach(names(10), (_, n) =>
          Effect.forkChild(pools.ask("mamba", issue(n + 2, { by: TelegramId.make(n + 1) }))),
        )
        yield* TestClock.adjust("1 second")
        yield* letGo
        yield* Effect.forEach([first, ...others], Fiber.join)
        assert.strictEqual(yield* Ref.get(writes), 3)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("who goes away before the answer has asked all the same", () =>
    Effect.gen(function* () {
      const { layer, letGo } = yield* held
      yield* Effect.gen(function* () {
        const pools = yield* stocked(1)
        const gone = yield* Effect.forkChild(pools.ask("mamba", issue(1)))
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(gone)
        yield* letGo
        yield* pools.drain
        const batch = Option.getOrThrow(yield* pools.batch("mamba", key(1)))
        assert.lengthOf(batch.issuances, 1)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("a stop waits for the disk", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const slow = poolsOn(disk, (journal) => ({
        write: (entries) => Effect.delay(journal.write(entries), "1 second"),
      }))
      const program = Effect.gen(function* () {
        const pools = yield* Pools
        yield* Effect.forkDetach(pools.tell("mamba", load("t1", ["a"])), {
          startImmediately: true,
        })
      }).pipe(Effect.provide(slow))
      const running = yield* Effect.forkChild(program)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(running)
      const { available } = yield* Effect.flatMap(Pools, (pools) => pools.stock("mamba")).pipe(
        Effect.provide(poolsOn(disk)),
      )
      assert.strictEqual(available, 1)
    }),
  )
})

it.effect("a stop gives up on a disk that never answers", () =>
  Effect.gen(function* () {
    const hanging = poolsOn(undefined, () => ({ write: () => Effect.never }))
    const asked = yield* Deferred.make<string>()
    const program = Effect.gen(function* () {
      const pools = yield* Pools
      const tell = Effect.flip(pools.tell("mamba", load("t1", ["a"]))).pipe(
        Effect.flatMap(({ _tag }) => Deferred.succeed(asked, _tag)),
      )
      yield* Effect.forkDetach(tell, { startImmediately: true })
    }).pipe(Effect.provide(hanging))
    const running = yield* Effect.forkChild(program)
    yield* TestClock.adjust("1 second")
    yield* TestClock.adjust("10 seconds")
    yield* Fiber.join(running)
    assert.strictEqual(yield* Deferred.await(asked), "StorageUnavailable")
  }),
)

describe("a decision", () => {
  const told = PoolEvent.make({ _tag: "TodayOnlySet", on: true, by: chief, at: 0 })

  it.effect("is written and told also where its events leave the state as it was", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const published: Array<PoolEvent> = []
      yield* Effect.gen(function* () {
        const outbox = yield* makeOutbox({
          pool: "mamba",
          fold: { ...fold, evolve: (state) => state },
          publish: (events) => Effect.sync(() => void published.push(...events)),
        })
        yield* outbox.submit(() => Result.succeed([told]))
        yield* outbox.submit(() => Result.succeed([]))
      }).pipe(
        Effect.provide([StorageAlarm.layer.pipe(Layer.provide(Alarms.layer)), journalOn(disk)]),
        Effect.scoped,
      )
      assert.deepStrictEqual(published, [told])
      assert.lengthOf(disk.tables.events.get("mamba") ?? [], 1)
    }),
  )
})
