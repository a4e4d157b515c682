/**
 * What is left and how long it lasts, from real pools, a count of the tabs and books by hand; and
 * when a stock is low, so that an alarm about it neither flaps nor sleeps.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Day } from "../../src/domain/Day.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { forecastOf, isLow, Outlook } from "../../src/stats/Outlook.ts"
import { type Booked, Journal } from "../../src/store/Journal.ts"
import { anItem, aNumber, chief, load, names } from "../pool/fixtures.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { aBooked, booksWith, resourceOf } from "./fixtures.ts"

const now = Date.parse("2026-11-22T11:22:00Z")
const hour = 3_600_000
const today = Day.make("2026-11-22")
const [mamba, gmail, number] = [resourceOf("mamba"), resourceOf("gmail"), resourceOf("number")]

/** The pools write to a disk of their own; the books are those of the test. */
const over = (rows: ReadonlyArray<Booked>, disk = { failing: false }) => {
  const journal = Layer.effect(
    Journal,
    Effect.gen(function* () {
      const { tally, booked } = yield* Journal
      const real = yield* Effect.provide(Journal, MemoryJournal.layer())
      return Journal.of({ ...real, tally, booked })
    }),
  ).pipe(Layer.provide(booksWith(rows, disk)))
  return Outlook.layer.pipe(
    Layer.provideMerge(Layer.merge(Pools.layer, BaseStock.layer)),
    Layer.provide(Layer.mergeAll(journal, Settings.layerTest(), Alarms.layer)),
    Layer.provide(CatalogueSource.layerTest()),
  )
}

const count = (rows: Readonly<Record<string, number>>, onlyDay: Day | null = null, at = now) =>
  BaseStock.use(({ counted }) =>
    counted(
      new Map(Object.entries(rows).map(([tab, found]) => [tab, { rows: found, onlyDay, at }])),
    ),
  )

/** `count` of that variant, all issued at that time. */
const issued = (many: number, more: Partial<Booked> = {}) =>
  names(many).map(() => aBooked({ issuedAt: now, ...more }))

const stockMamba = (men: number, women: number) =>
  Pools.use((pools) =>
    pools.tell("mamba", {
      ...load("c1", [
        ...names(men).map((name) => anItem(`m${name}`)),
        ...names(women).map((name) => anItem(`w${name}`, { variant: "female" })),
      ]),
    }),
  )

const setTime = TestClock.setTime(now)

describe("an outlook", () => {
  it.effect("adds stock and rows up, of the pool and of each variant with tabs of its own", () =>
    Effect.gen(function* () {
      yield* setTime
      yield* stockMamba(5, 2)
      yield* count({ "Мамба Муж": 23, "Мамба Жен": 5 })
      const { variants, ...all } = yield* Outlook.use((outlook) => outlook.forecast(mamba))
      assert.deepStrictEqual(all, {
        available: 7,
        rows: 28,
        pace: 5,
        days: 7,
        onlyDay: null,
        isPaused: false,
        countedAt: now,
      })
      assert.deepStrictEqual(
        [...variants],
        [
          ["male", { available: 5, rows: 23, pace: 4, days: 7 }],
          ["female", { available: 2, rows: 5, pace: 1, days: 7 }],
        ],
      )
    }).pipe(
      Effect.provide(
        over([
          ...issued(28, { variant: "male" }),
          ...issued(7, { variant: "female", issuedAt: now - 6 * 24 * hour }),
          // Too old, and of another resource.
          ...issued(9, { variant: "male", issuedAt: now - 7 * 24 * hour }),
          ...issued(9, { resource: "vk" }),
        ]),
      ),
    ),
  )

  it.effect("knows nothing of tabs that were not counted, not even that they are empty", () =>
    Effect.gen(function* () {
      yield* setTime
      yield* stockMamba(5, 2)
      const forecast = Outlook.use((outlook) => outlook.forecast(mamba))
      const unknown = yield* forecast
      assert.deepInclude(unknown, { rows: null, days: null, countedAt: null, pace: 1 })
      yield* count({ "Мамба Муж": 0 })
      const half = yield* forecast
      assert.deepInclude(half, { rows: null, days: null, countedAt: null })
      assert.deepInclude(half.variants.get("male"), { rows: 0, days: 5 })
      assert.deepInclude(half.variants.get("female"), { rows: null, days: null })
    }).pipe(
      Effect.provide(
        over([
          ...issued(7, { variant: "male" }),
          ...issued(1, { variant: "male", issuedAt: now - 30 * 24 * hour }),
        ]),
      ),
    ),
  )

  for (const [name, firstIssue, pace] of [
    ["today only: too little for a pace", 0, null],
    ["since yesterday: still too little", 1, null],
    ["since the day before: a pace of three days", 2, 14],
    ["for five days: a pace of five", 4, 42 / 5],
    ["for a month: a pace of the week", 30, 35 / 7],
  ] as const) {
    it.effect(`issued ${name}`, () =>
      Effect.gen(function* () {
        yield* setTime
        yield* stockMamba(5, 2)
        yield* count({ "Мамба Муж": 30, "Мамба Жен": 5 })
        const found = yield* Outlook.use((outlook) => outlook.forecast(mamba))
        assert.strictEqual(found.pace, pace)
        assert.strictEqual(found.days, pace === null ? null : 42 / pace)
        assert.strictEqual(found.variants.get("male")?.days === null, pace === null)
      }).pipe(
        Effect.provide(
          over([
            ...issued(35, { variant: "male" }),
            ...issued(7, { variant: "male", issuedAt: now - firstIssue * 24 * hour }),
            // Another resource says nothing about this one.
            ...issued(9, { resource: "vk", issuedAt: now - 6 * 24 * hour }),
          ]),
        ),
      ),
    )
  }

  it.effect("tells no rows of variants that share a tab", () =>
    Effect.gen(function* () {
      yield* setTime
      yield* count({ Gmail: 10 })
      const found = yield* Outlook.use((outlook) => outlook.forecast(gmail))
      assert.deepInclude(found, { rows: 10, days: null, pace: 0 })
      assert.strictEqual(found.variants.size, 0)
    }).pipe(Effect.provide(over(issued(1, { resource: "gmail", issuedAt: now - 30 * 24 * hour })))),
  )

  it.effect("of one day goes by what is dated so, and by a count of that day only", () =>
    Effect.gen(function* () {
      yield* setTime
      const pools = yield* Pools
      const items = [aNumber("1", "2026-11-22"), aNumber("2", "2026-11-20")]
      yield* pools.tell("number", { ...load("c1", items), tab: "Номера" })
      const remaining = Outlook.use((outlook) => outlook.remaining(number))
      yield* count({ Номера: 4 }, today)
      assert.deepInclude(yield* remaining, { available: 1, rows: 4, onlyDay: today, pace: null })
      yield* TestClock.adjust("12 hours")
      assert.deepInclude(yield* remaining, {
        available: 0,
        rows: null,
        onlyDay: Day.make("2026-11-23"),
      })
      yield* pools.tell("number", { _tag: "SetTodayOnly", on: false, admin: chief })
      assert.deepInclude(yield* remaining, { available: 2, rows: null, onlyDay: null })
      yield* count({ Номера: 9 })
      assert.deepInclude(yield* remaining, { available: 2, rows: 9 })
      yield* pools.manage("number", { _tag: "Pause", note: "", admin: chief })
      assert.isTrue((yield* remaining).isPaused)
    }).pipe(Effect.provide(over([]))),
  )

  it.effect("fails where the journal cannot be read, and still tells what is left", () =>
    Effect.gen(function* () {
      yield* setTime
      yield* count({ "Мамба Муж": 3, "Мамба Жен": 4 })
      const outlook = yield* Outlook
      const { _tag } = yield* Effect.flip(outlook.forecast(mamba))
      assert.strictEqual(_tag, "StorageUnavailable")
      assert.deepInclude(yield* outlook.remaining(mamba), { rows: 7, pace: null, days: null })
    }).pipe(Effect.provide(over([], { failing: true }))),
  )
})

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
    // A threshold of zero switches it off.
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
