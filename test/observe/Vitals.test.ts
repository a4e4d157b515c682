import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { isFailing, Vitals } from "../../src/observe/Vitals.ts"

describe("Vitals", () => {
  it.effect("remembers for each line when it last worked, and how it failed last", () =>
    Effect.gen(function* () {
      const vitals = yield* Vitals
      const never = { workedAt: null, failedAt: null, failure: null }
      assert.strictEqual(vitals.startedAt, 0)
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
