import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { isFailing, Vitals } from "../../src/observe/Vitals.ts"
import { hourSteps, withWallClock } from "./wallClock.ts"

describe("Vitals", () => {
  it.effect("remembers for each line when it last worked, and how it failed last", () =>
    Effect.gen(function* () {
      const vitals = yield* Vitals
      const never = { workedAt: null, failedAt: null, failure: null }
      assert.strictEqual(yield* vitals.startedAt, 0)
      assert.deepStrictEqual(yield* vitals.pulse("telegram"), never)
      yield* TestClock.adjust("1 second")
      yield* vitals.worked("telegram")
      yield* TestClock.adjust("1 second")
      yield* vitals.failed("telegram", "silent")
      yield* vitals.failed("sheets:a", "denied")
      const failing = yield* vitals.pulse("telegram")
      assert.deepStrictEqual(failing, { workedAt: 1_000, failedAt: 2_000, failure: "silent" })
      assert.isTrue(isFailing(failing))
      yield* TestClock.adjust("1 second")
      yield* vitals.worked("telegram")
      const well = yield* vitals.pulse("telegram")
      assert.deepStrictEqual(well, { workedAt: 3_000, failedAt: 2_000, failure: "silent" })
      assert.isFalse(isFailing(well))
      assert.isTrue(isFailing(yield* vitals.pulse("sheets:a")))
      assert.deepStrictEqual(yield* vitals.pulse("sheets:b"), never)
      assert.isFalse(isFailing(never))
    }).pipe(Effect.provide(Vitals.layer)),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`says what works and how old that is after the clock was set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const vitals = yield* Vitals
          yield* vitals.failed("telegram", "silent")
          yield* vitals.writesWait("a", "outage")
          yield* step(by)
          yield* TestClock.adjust("1 second")
          yield* vitals.worked("telegram")
          const pulse = yield* vitals.pulse("telegram")
          assert.isFalse(isFailing(pulse))
          const now = yield* Clock.currentTimeMillis
          assert.deepStrictEqual([pulse.workedAt, pulse.failedAt], [now, now - 1_000])
          assert.strictEqual(yield* vitals.startedAt, now - 1_000)
          assert.strictEqual((yield* vitals.writeWait("a"))?.since, now - 1_000)
        }).pipe(Effect.provide(Vitals.layer)),
      ),
    )
  }

  it.effect("reads a number when it is asked for, and is the same for all who provide it", () =>
    Effect.gen(function* () {
      const vitals = yield* Vitals
      assert.strictEqual(yield* vitals.gauge("updates"), 7)
      assert.isNull(yield* vitals.gauge("sheetsPausedUntil"))
    }).pipe(
      Effect.provide(
        Layer.merge(
          Layer.effectDiscard(
            Vitals.use(({ measure }) => measure("updates", Effect.succeed(7))),
          ).pipe(Layer.provide(Vitals.layer)),
          Vitals.layer,
        ),
      ),
    ),
  )
})
