import { assert, describe, it } from "@effect/vitest"
import { Clock, type Duration, Effect, Fiber, Scheduler } from "effect"
import { makeStandingClock, type StandingClock } from "../../src/playground/StandingClock.ts"

/** Who woke, and how many milliseconds after the begin. */
type Woken = Array<readonly [name: string, after: number]>

const day = 86_400_000

const scene = (
  body: (clock: StandingClock, start: number, woken: Woken) => Effect.Effect<void>,
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { clock, scheduler } = yield* makeStandingClock(-7 * day)
    yield* body(clock, clock.currentTimeMillisUnsafe(), []).pipe(
      Effect.provideService(Clock.Clock, clock),
      Effect.provideService(Scheduler.Scheduler, scheduler),
    )
  })

const sleeper = (name: string, duration: Duration.Input, start: number, woken: Woken) =>
  Effect.gen(function* () {
    yield* Effect.sleep(duration)
    // Some work, which is done before the next one wakes.
    for (let turn = 0; turn < 5; turn++) yield* Effect.forkChild(Effect.yieldNow)
    yield* Effect.yieldNow
    woken.push([name, (yield* Clock.currentTimeMillis) - start])
  })

describe("StandingClock", () => {
  it.live("wakes one after the other at their times, and stands in between", () =>
    scene((clock, start, woken) =>
      Effect.gen(function* () {
        yield* Effect.forkChild(sleeper("second", 2_000, start, woken))
        yield* Effect.forkChild(
          Effect.andThen(
            sleeper("first", 1_000, start, woken),
            sleeper("third", 1_500, start, woken),
          ),
        )
        yield* Effect.forkChild(sleeper("with the second", 2_000, start, woken))
        yield* clock.moveTo(start + 900)
        assert.deepStrictEqual(woken, [])
        yield* clock.moveTo(start + 10_000)
        assert.deepStrictEqual(woken, [
          ["first", 1_000],
          ["second", 2_000],
          ["with the second", 2_000],
          ["third", 2_500],
        ])
        assert.strictEqual(clock.currentTimeMillisUnsafe(), start + 10_000)
        yield* clock.moveTo(start)
        assert.strictEqual(clock.currentTimeMillisUnsafe(), start + 10_000)
      }),
    ),
  )

  it.live("lets them sleep on, and wakes those who overslept with the next move, in order", () =>
    scene((clock, start, woken) =>
      Effect.gen(function* () {
        yield* Effect.forkChild(sleeper("before", 3_000, start, woken))
        yield* clock.moveTo(start)
        clock.sleepOn((due) => Math.max(due, start + 9_000))
        yield* Effect.forkChild(sleeper("meanwhile", 1_000, start, woken))
        yield* Effect.forkChild(sleeper("long", 20_000, start, woken))
        yield* clock.moveTo(start + 5_000)
        assert.deepStrictEqual(woken, [])
        clock.sleepOn()
        yield* clock.moveTo(start + 5_500)
        assert.deepStrictEqual(woken, [
          ["meanwhile", 5_000],
          ["before", 5_000],
        ])
        yield* clock.moveTo(start + 30_000)
        assert.deepStrictEqual(woken.at(-1), ["long", 20_000])
      }),
    ),
  )

  it.live("may be behind the real time", () =>
    scene((clock, start) =>
      Effect.gen(function* () {
        assert.approximately(start, (yield* clock.withLive(Clock.currentTimeMillis)) - 7 * day, day)
        yield* clock.moveTo(start + 1)
        assert.strictEqual(clock.currentTimeMillisUnsafe(), start + 1)
      }),
    ),
  )

  it.live("forgets a sleeper who is interrupted", () =>
    scene((clock, start, woken) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(sleeper("never", 1_000, start, woken))
        yield* clock.moveTo(start + 500)
        yield* Fiber.interrupt(fiber)
        yield* clock.moveTo(start + 5_000)
        assert.deepStrictEqual(woken, [])
      }),
    ),
  )
})
