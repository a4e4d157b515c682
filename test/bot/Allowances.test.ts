import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeAllowances } from "../../src/bot/Allowances.ts"
import { colleaguePresses, outsidersRemembered } from "../../src/config/Limits.ts"

describe("the allowance of an outsider", () => {
  it.effect("is one a minute and a dozen in an hour at most, however often he writes", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      const at: Array<number> = []
      for (let second = 0; second < 4 * 3_600; second += 5) {
        if (yield* allowances.takeOfOutsider(900, false)) at.push(second)
        yield* TestClock.adjust("5 seconds")
      }
      assert.deepStrictEqual(at.slice(0, 4), [0, 60, 120, 180])
      for (const start of at) {
        const inHour = at.filter((second) => second >= start && second < start + 3_600)
        assert.isAtMost(inHour.length, 12)
      }
      assert.isAtLeast(at.length, 4 * 6)
    }),
  )

  it.effect("lets four steps of a registration through at once, and keeps to the dozen", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      const take = (isStep: boolean) => allowances.takeOfOutsider(900, isStep)
      for (let step = 0; step < 4; step += 1) assert.isTrue(yield* take(true))
      assert.isFalse(yield* take(true))
      assert.isFalse(yield* take(false))
      assert.isTrue(yield* allowances.takeOfOutsider(901, true))
      // The answer to a step is an answer too: another word comes a minute after it.
      assert.isFalse(yield* allowances.takeOfOutsider(901, false))
      let count = 4
      for (let second = 0; second < 3_600; second += 5) {
        if (yield* take(true)) count += 1
        yield* TestClock.adjust("5 seconds")
      }
      assert.isAtMost(count, 12)
    }),
  )

  it.effect("is remembered for so many people and no more", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      for (let person = 1; person <= outsidersRemembered + 50; person += 1) {
        assert.isTrue(yield* allowances.hasOutsiderAny(person))
        assert.isTrue(yield* allowances.takeOfOutsider(person, false))
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
        const take = allowances.takeOfColleague(42, { inWork: 0 })
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
      assert.strictEqual(yield* allowances.takeOfColleague(42, { inWork: 300 }), "slower")
      assert.strictEqual(yield* allowances.takeOfColleague(43, { inWork: 0 }), "handled")
      assert.isTrue(yield* allowances.takeOfOutsider(900, false))
    }),
  )

  it.effect("leaves out no button, but a repeated one, and what nobody presses in a day", () =>
    Effect.gen(function* () {
      const allowances = yield* makeAllowances
      const press = (isRepeat: boolean) =>
        allowances.takeOfColleague(42, { inWork: 300, press: { isRepeat: () => isRepeat } })
      for (let n = 0; n < colleaguePresses.burst; n += 1) {
        assert.strictEqual(yield* press(false), "handled")
      }
      assert.strictEqual(yield* press(true), "dropped")
      assert.strictEqual(yield* press(false), "slower")
      assert.strictEqual(yield* allowances.takeOfColleague(42, { inWork: 0 }), "handled")
    }),
  )
})
