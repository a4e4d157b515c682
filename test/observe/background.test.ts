import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Exit, Fiber, Ref, Scope } from "effect"
import { TestClock } from "effect/testing"
import { every, supervise, survive } from "../../src/observe/background.ts"
import { capture } from "./logged.ts"

/** Runs of a work that ends as `ends` says, one after the other; then it never ends. */
const script = Effect.fnUntraced(function* (ends: ReadonlyArray<Effect.Effect<unknown, string>>) {
  const starts = yield* Ref.make<ReadonlyArray<number>>([])
  const run = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const before = yield* Ref.getAndUpdate(starts, (all) => [...all, now])
    return yield* ends[before.length] ?? Effect.never
  })
  return { run, starts: Ref.get(starts) }
})

const pauses = (starts: ReadonlyArray<number>) =>
  starts.slice(1).map((at, index) => at - (starts[index] ?? 0))

describe("supervise", () => {
  it.effect("logs each crash once and starts again after growing pauses", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const { run, starts } = yield* script([
        Effect.fail("no"),
        Effect.die(new Error("defect")),
        Effect.fail("no"),
        Effect.fail("no"),
      ])
      yield* run.pipe(supervise("work"), Effect.provide(layer))
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(lines, Array(4).fill("work crashed"))
      const waited = pauses(yield* starts)
      assert.lengthOf(waited, 4)
      for (const [index, pause] of waited.entries()) {
        const around = 100 * 2 ** index
        assert.isAtLeast(pause, around * 0.8)
        assert.isAtMost(pause, around * 1.2)
      }
    }),
  )

  it.effect("never waits much longer than half a minute", () =>
    Effect.gen(function* () {
      const { layer } = yield* capture
      const { run, starts } = yield* script(Array(20).fill(Effect.fail("no")))
      yield* run.pipe(supervise("work"), Effect.provide(layer))
      yield* TestClock.adjust("1 hour")
      const waited = pauses(yield* starts)
      assert.lengthOf(waited, 20)
      assert.isAtMost(Math.max(...waited), 36_000)
      assert.isAtLeast(waited.at(-1) ?? 0, 24_000)
    }),
  )

  it.effect("waits little again after a run that went well", () =>
    Effect.gen(function* () {
      const { layer } = yield* capture
      const crashes = Array(10).fill(Effect.fail("no"))
      const { run, starts } = yield* script([...crashes, Effect.void, Effect.fail("no")])
      yield* run.pipe(supervise("work"), Effect.provide(layer))
      yield* TestClock.adjust("10 minutes")
      const waited = pauses(yield* starts)
      assert.isAtLeast(waited[9] ?? 0, 24_000)
      assert.deepStrictEqual(waited[10], 0)
      assert.isAtMost(waited[11] ?? Infinity, 120)
    }),
  )

  it.effect("ends silently with its scope", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const { run, starts } = yield* script([])
      const scope = yield* Scope.make()
      const turned = Effect.catchCause(run, () => Effect.fail("the end made into a failure"))
      const fiber = yield* turned.pipe(
        supervise("work"),
        Scope.provide(scope),
        Effect.provide(layer),
      )
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(lines, [])
      assert.lengthOf(yield* starts, 1)
    }),
  )

  it.effect("does not take an interruption inside of the work for its own", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const { run, starts } = yield* script([
        Effect.gen(function* () {
          const child = yield* Effect.forkChild(Effect.never)
          yield* Fiber.interrupt(child)
          return yield* Fiber.join(child)
        }),
      ])
      yield* run.pipe(supervise("work"), Effect.provide(layer))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(lines, ["work crashed"])
      assert.lengthOf(yield* starts, 2)
    }),
  )
})

describe("every", () => {
  it.effect("starts at once, and counts a period from the end of a run", () =>
    Effect.gen(function* () {
      const { run, starts } = yield* script([
        Effect.sleep("3 seconds"),
        Effect.sleep("12 seconds"),
        Effect.void,
      ])
      yield* run.pipe(every("work", Duration.seconds(10)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* starts, [0, 13_000, 35_000, 45_000])
    }),
  )

  it.effect("loses one run by a crash, logs it once, and keeps the period", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const { run, starts } = yield* script([
        Effect.fail("no"),
        Effect.die(new Error("defect")),
        Effect.interrupt,
        Effect.void,
      ])
      yield* run.pipe(every("work", Duration.seconds(10)), Effect.provide(layer))
      yield* TestClock.adjust("35 seconds")
      assert.deepStrictEqual(yield* starts, [0, 10_000, 20_000, 30_000])
      assert.deepStrictEqual(lines, Array(3).fill("work failed"))
    }),
  )

  it.effect("ends silently with its scope, at work or asleep", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      for (const first of [Effect.never, Effect.void]) {
        const { run, starts } = yield* script([first])
        const scope = yield* Scope.make()
        yield* run.pipe(
          every("work", Duration.seconds(10)),
          Scope.provide(scope),
          Effect.provide(layer),
        )
        yield* TestClock.adjust("1 second")
        yield* Scope.close(scope, Exit.void)
        yield* TestClock.adjust("1 hour")
        assert.lengthOf(yield* starts, 1)
      }
      assert.deepStrictEqual(lines, [])
    }),
  )

  it.effect("one work that crashes does not stop another", () =>
    Effect.gen(function* () {
      const { layer } = yield* capture
      const beats = yield* Ref.make(0)
      yield* Effect.die(new Error("always")).pipe(
        every("broken", Duration.seconds(10)),
        Effect.provide(layer),
      )
      yield* Ref.update(beats, (n) => n + 1).pipe(every("sound", Duration.seconds(10)))
      yield* TestClock.adjust("95 seconds")
      assert.strictEqual(yield* Ref.get(beats), 10)
    }),
  )
})

describe("survive", () => {
  it.effect("gives the value, and none for a crash", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      assert.deepInclude(yield* Effect.succeed(7).pipe(survive("work")), { value: 7 })
      const ends = [Effect.fail("no"), Effect.die(new Error("defect")), Effect.interrupt]
      for (const end of ends) {
        const after = yield* end.pipe(survive("work"), Effect.provide(layer))
        assert.strictEqual(after._tag, "None")
      }
      assert.deepStrictEqual(lines, Array(3).fill("work failed"))
    }),
  )

  it.effect("lets the end of its own fiber pass", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const after = yield* Deferred.make<void>()
      const fiber = yield* Effect.never.pipe(
        survive("work"),
        Effect.andThen(Deferred.succeed(after, undefined)),
        Effect.provide(layer),
        Effect.forkChild({ startImmediately: true }),
      )
      yield* Fiber.interrupt(fiber)
      assert.isFalse(yield* Deferred.isDone(after))
      assert.deepStrictEqual(lines, [])
    }),
  )
})
