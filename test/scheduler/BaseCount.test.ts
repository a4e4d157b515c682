/**
 * The count of what the base tabs still have: when it is made, what it costs, and what runs low.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, PubSub, Ref } from "effect"
import { TestClock } from "effect/testing"
import { Day } from "../../src/domain/Day.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as BaseCount from "../../src/scheduler/BaseCount.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { accounts, seedTabs } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  addRows,
  available,
  confirmed,
  holder,
  Line,
  men,
  numbers,
  numbersTab,
  okTab,
  pass,
  raised,
  running,
  stocked,
  traffic,
  vk,
  vkTab,
  women,
  world,
  worldWith,
} from "./bench.ts"

const today = Day.make("2026-11-22")
const refill = Refill.use(({ once }) => once)
const found = (tab: string) => BaseStock.use(({ find }) => Effect.map(find(tab), Option.getOrNull))
const rows = (tab: string) => Effect.map(found(tab), (count) => count?.rows ?? null)

const run = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  loops: Parameters<typeof running>[1] = Layer.empty,
) => running(MemoryJournal.makeDisk(), loops, effect)

describe("BaseCount.once", () => {
  it.effect("counts all tabs in one read; before it nothing is known of them", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40, [men]: 7, [women]: 0 })
      yield* run(
        Effect.gen(function* () {
          yield* refill
          assert.isNull(yield* found(vkTab))
          yield* traffic
          yield* TestClock.adjust("1 minute")
          yield* BaseCount.once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 1 })
          assert.deepStrictEqual(yield* found(vkTab), { rows: 10, onlyDay: null, at: 60_000 })
          assert.deepStrictEqual(yield* Effect.forEach([men, women, okTab], rows), [0, 0, 0])
          yield* addRows(men, 1, 2, 3)
          assert.strictEqual(yield* rows(men), 0)
          yield* BaseCount.once
          assert.strictEqual(yield* rows(men), 3)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("keeps the last count while Google is silent, with its time", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40 })
      const { cut } = yield* Line
      yield* run(
        Effect.gen(function* () {
          yield* refill
          yield* BaseCount.once
          yield* Ref.set(cut, true)
          for (let minutes = 0; minutes < 5; minutes++) {
            yield* TestClock.adjust("1 minute")
            yield* BaseCount.once
          }
          assert.deepStrictEqual(yield* found(vkTab), { rows: 10, onlyDay: null, at: 0 })
          assert.include(yield* raised, "demo-accounts unreachable")
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("knows nothing of a tab any more that is gone, and all of the others", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40, [men]: 40 })
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* refill
          yield* BaseCount.once
          yield* workbooks.edit(accounts, { op: "rename", tab: vkTab, title: "Старое" })
          yield* BaseCount.once
          assert.deepStrictEqual(yield* Effect.forEach([vkTab, men], rows), [null, 10])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("of one day counts that day's rows only", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 9))
      const days = [20, 21, ...Array.from({ length: 35 }, () => 22)]
      yield* seedTabs({
        title: numbersTab,
        rows: [
          ["Дата", "Номер"],
          ...days.map((day, n) => [{ date: `${day}.11.2026` }, `7900000${1000 + n}`]),
        ],
      })
      yield* run(
        Effect.gen(function* () {
          yield* refill
          yield* BaseCount.once
          assert.deepInclude(yield* found(numbersTab), { rows: 5, onlyDay: today })
          yield* Pools.use((pools) =>
            pools.tell("number", { _tag: "SetTodayOnly", on: false, admin: holder }),
          )
          yield* BaseCount.once
          assert.deepInclude(yield* found(numbersTab), { rows: 7, onlyDay: null })
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [numbers]))),
  )
})

describe("BaseCount.layer", () => {
  const loops = Layer.merge(Refill.layerLoops, BaseCount.layer)

  it.effect("counts after the first refill, and less and less often while nobody edits", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 60, [men]: 60, [women]: 60, [okTab]: 60 })
      yield* run(
        Effect.gen(function* () {
          yield* pass("30 seconds")
          assert.strictEqual(yield* rows(vkTab), 30)
          yield* traffic
          yield* pass("7 minutes")
          // One, two and four minutes after each other.
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 3 })
          yield* pass("1 hour")
          yield* traffic
          yield* pass("1 hour")
          // One read is of the headers of all tabs.
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 13 })
          yield* addRows(men, 1, 2)
          for (let minute = 0; minute < 5 && (yield* rows(men)) !== 32; minute += 1) {
            yield* pass("1 minute")
          }
          assert.strictEqual(yield* rows(men), 32)
          yield* traffic
          yield* pass("1 minute")
          assert.strictEqual((yield* traffic).reads, 1)
        }),
        loops,
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("tells the refill of rows in an empty tab, and counts soon for whoever asks", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 2 })
      yield* run(
        Effect.gen(function* () {
          yield* pass("1 hour")
          assert.strictEqual(yield* available("vk"), 2)
          yield* addRows(vkTab, 1, 2, 3)
          yield* pass("6 minutes")
          assert.strictEqual(yield* available("vk"), 5)
          yield* pass("65 minutes")
          yield* addRows(vkTab, 4)
          yield* pass("1 minute")
          assert.strictEqual(yield* available("vk"), 5)
          yield* BaseStock.use(({ want }) => want)
          yield* pass("20 seconds")
          assert.strictEqual(yield* available("vk"), 6)
        }),
        loops,
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )

  it.effect("subtracts what is taken without a read, however often, and is right after all", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 300 })
      yield* run(
        Effect.gen(function* () {
          yield* pass("4 minutes")
          assert.strictEqual(yield* rows(vkTab), 270)
          const before = (yield* found(vkTab))?.at ?? 0
          for (let n = 0; n < 5; n++) yield* confirmed("vk", 5)
          yield* pass("15 seconds")
          assert.strictEqual(yield* rows(vkTab), 240)
          for (let n = 0; n < 6; n++) yield* confirmed("vk", 5)
          yield* pass("15 seconds")
          assert.strictEqual(yield* rows(vkTab), 210)
          assert.strictEqual((yield* found(vkTab))?.at, before)
          yield* pass("10 minutes")
          assert.strictEqual(yield* rows(vkTab), 210)
          assert.isAbove((yield* found(vkTab))?.at ?? 0, before)
        }),
        loops,
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )
})

describe("tellLowStock", () => {
  /** Everything that the admins would be told. */
  const changes = Effect.gen(function* () {
    const alarms = yield* Alarms
    const subscription = yield* PubSub.subscribe(alarms.changes)
    const told = Effect.map(PubSub.takeUpTo(subscription, 99), (all) =>
      all.flatMap(({ alarm, raised: isRaised }) =>
        alarm._tag === "LowStock" ? [`${alarm.resource} ${alarm.remaining} ${isRaised}`] : [],
      ),
    )
    return { told }
  })
  const count = Effect.andThen(refill, BaseCount.once)

  it.effect("is told once when it begins and once when it ends, well above the threshold", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 24 })
      const { told } = yield* changes
      yield* run(
        Effect.gen(function* () {
          yield* count
          assert.deepStrictEqual(yield* told, [])
          yield* confirmed("vk", 5)
          yield* count
          assert.deepStrictEqual(yield* told, ["vk 19 true"])
          yield* confirmed("vk", 5)
          yield* count
          yield* addRows(vkTab, ...Array.from({ length: 15 }, (_, n) => 5000 + n))
          yield* count
          // There are 29, which is more than the threshold, but not enough to end the alarm.
          assert.strictEqual(yield* available("vk"), 14)
          assert.deepStrictEqual(yield* told, [])
          yield* addRows(vkTab, 6000)
          yield* count
          // The alarm that ends tells the last count before its end.
          assert.deepStrictEqual(yield* told, ["vk 29 false"])
          yield* count
          assert.deepStrictEqual(yield* told, [])
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )

  it.effect("says nothing while the rows are unknown, and nothing while it is paused", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 3 })
      const { told } = yield* changes
      const { cut } = yield* Line
      const manage = (_tag: "Pause" | "Resume") =>
        Pools.use((pools) =>
          pools.manage(
            "vk",
            _tag === "Pause" ? { _tag, note: "", admin: holder } : { _tag, admin: holder },
          ),
        )
      yield* run(
        Effect.gen(function* () {
          yield* refill
          yield* Ref.set(cut, true)
          yield* BaseCount.once
          assert.deepStrictEqual(yield* told, [])
          yield* Ref.set(cut, false)
          yield* manage("Pause")
          yield* BaseCount.once
          assert.deepStrictEqual(yield* told, [])
          yield* manage("Resume")
          yield* BaseCount.once
          assert.deepStrictEqual(yield* told, ["vk 3 true"])
          yield* manage("Pause")
          yield* addRows(vkTab, ...Array.from({ length: 40 }, (_, n) => 5000 + n))
          yield* BaseCount.once
          assert.deepStrictEqual(yield* told, [])
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )

  it.effect("of one day looks at today's rows, and wakes nobody before they are brought", () =>
    Effect.gen(function* () {
      const midnight = Date.parse("2026-11-22T00:00:00+03:00")
      const minute = 60_000
      yield* TestClock.setTime(midnight - 10 * minute)
      const row = (day: number, n: number) => [{ date: `${day}.11.2026` }, `7900000${1000 + n}`]
      const rowsOfDay = (day: number, many: number, from: number) =>
        Array.from({ length: many }, (_, n) => row(day, from + n))
      yield* seedTabs({
        title: numbersTab,
        rows: [["Дата", "Номер"], ...rowsOfDay(21, 40, 0), ...rowsOfDay(23, 50, 100)],
      })
      const { told } = yield* changes
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* count
          assert.deepStrictEqual(yield* told, [])
          for (const hours of [0, 4, 8.9]) {
            yield* TestClock.setTime(midnight + hours * 60 * minute)
            yield* count
          }
          assert.deepStrictEqual(yield* told, [])
          yield* TestClock.setTime(midnight + 9 * 60 * minute)
          yield* count
          assert.deepStrictEqual(yield* told, ["number 0 true"])
          const added = rowsOfDay(22, 30, 200)
          yield* workbooks.edit(accounts, { op: "append", tab: numbersTab, rows: added })
          yield* TestClock.adjust("1 minute")
          yield* count
          assert.deepStrictEqual(yield* told, ["number 0 false"])
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [numbers]))),
  )

  it.effect("goes by the catalogue, in which 0 is never", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 3 })
      const { told } = yield* changes
      yield* run(count)
      assert.deepStrictEqual(yield* told, [])
    }).pipe(Effect.provide(worldWith({}, [{ ...vk, lowStock: 0 }]))),
  )

  it.effect("goes by the catalogue, which may want more", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 50 })
      const { told } = yield* changes
      yield* run(count)
      assert.deepStrictEqual(yield* told, ["vk 50 true"])
    }).pipe(Effect.provide(worldWith({}, [{ ...vk, lowStock: 51 }]))),
  )
})
