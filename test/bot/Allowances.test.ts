import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeAllowances } from "../../src/bot/Intake.ts"
import { outsidersRemembered } from "../../src/config/Limits.ts"

describe("the allowance of an outsider", () => {
  it.effect("is a dozen in an hour at most, however often he writes", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      const at: Array<number> = []
      for (let second = 0; second < 4 * 3_600; second += 5) {
        if ((yield* allowances.take(900, false, 0)) === "handled") at.push(second)
        yield* TestClock.adjust("5 seconds")
      }
      assert.deepStrictEqual(at.slice(0, 4), [0, 5, 10, 60])
      for (const start of at) {
        const inHour = at.filter((second) => second >= start && second < start + 3_600)
        assert.isAtMost(inHour.length, 12)
      }
      assert.isAtLeast(at.length, 4 * 6)
    }),
  )

  it.effect("is remembered for so many people and no more", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      for (let person = 1; person <= outsidersRemembered + 50; person += 1) {
        assert.strictEqual(yield* allowances.take(person, false, 0), "handled")
        yield* TestClock.adjust("1 second")
      }
      assert.strictEqual(yield* allowances.remembered, outsidersRemembered)
    }),
  )
})

describe("the allowance of a colleague", () => {
  it.effect(
    "is five a second after a burst, and he is told once a minute that he is too fast",
    () =>
      Effect.gen(function* () {
        const allowances = yield* makeAllowances
        const take = allowances.take(42, true, 0)
        for (let n = 0; n < 300; n += 1) assert.strictEqual(yield* take, "handled")
        assert.deepStrictEqual([yield* take, yield* take], ["slower", "dropped"])
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(yield* Effect.replicateEffect(take, 6), [
          "handled",
          "handled",
          "handled",
          "handled",
          "handled",
          "dropped",
        ])
        yield* TestClock.adjust("1 minute")
        for (let n = 0; n < 300; n += 1) assert.strictEqual(yield* take, "handled")
        assert.strictEqual(yield* take, "slower")
      }),
  )

  it.effect("holds for what waits too, and is nobody else's", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      assert.strictEqual(yield* allowances.take(42, true, 300), "slower")
      assert.strictEqual(yield* allowances.take(43, true, 0), "handled")
      assert.strictEqual(yield* allowances.take(900, false, 0), "handled")
    }),
  )
})
