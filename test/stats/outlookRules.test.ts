/** How long a stock lasts, and that an alarm about it neither flaps nor sleeps. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { forecastOf, isLow } from "../../src/stats/Outlook.ts"

describe("a forecast", () => {
  const cases: ReadonlyArray<
    readonly [
      name: string,
      available: number,
      rows: number | null,
      pace: number | null,
      days: number | null,
    ]
  > = [
    ["stock and rows together, by the pace", 20, 100, 20, 6],
    ["less than a day", 3, 4, 20, 0.35],
    ["nothing left", 0, 0, 20, 0],
    ["nothing is issued", 20, 100, 0, null],
    ["nothing is issued and nothing is left", 0, 0, 0, null],
    ["rows unknown: never as if there were none", 20, null, 20, null],
    ["pace not counted", 20, 100, null, null],
  ]
  for (const [name, available, rows, pace, days] of cases) {
    it(name, () =>
      assert.deepStrictEqual(forecastOf({ available, rows }, pace), {
        available,
        rows,
        pace,
        days,
      }),
    )
  }
})

describe("low", () => {
  for (const [wasLow, left, threshold, expected] of [
    [false, 20, 20, false],
    [false, 19, 20, true],
    [true, 20, 20, true],
    [true, 29, 20, true],
    [true, 30, 20, false],
    // One and a half of it, rounded up.
    [true, 1, 1, true],
    [true, 2, 1, false],
    [true, 4, 3, true],
    [true, 5, 3, false],
    // Switched off.
    [false, 0, 0, false],
    [true, 0, 0, false],
  ] as const) {
    it(`${wasLow ? "low before" : "fine before"}, ${left} left of ${threshold}: ${expected}`, () =>
      assert.strictEqual(isLow(wasLow, left, threshold), expected))
  }

  const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))
  it.prop(
    "over any history: raised below the threshold, and between two raises it was well above",
    { threshold: Count, lefts: Schema.Array(Count).check(Schema.isMaxLength(50)) },
    ({ threshold, lefts }) => {
      let low = false
      let highest = Number.POSITIVE_INFINITY
      for (const left of lefts) {
        const next = isLow(low, left, threshold)
        if (left < threshold) assert.isTrue(next)
        if (left >= threshold * 1.5) assert.isFalse(next)
        if (next && !low) {
          assert.isBelow(left, threshold)
          assert.isAtLeast(highest, threshold * 1.5)
          highest = 0
        }
        highest = Math.max(highest, left)
        low = next
      }
    },
    { arbitrary: { runs: 500, seed: 7 } },
  )
})
