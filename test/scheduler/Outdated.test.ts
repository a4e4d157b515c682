import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Ref } from "effect"
import { TestClock } from "effect/testing"
import { lookTrusted } from "../../src/config/Limits.ts"
import type { HumanEdit } from "../../src/playground/spreadsheets/HumanEdit.ts"
import type { RowInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Conservation, sumOf } from "../../src/pool/Conservation.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as BaseCount from "../../src/scheduler/BaseCount.ts"
import * as Outdated from "../../src/scheduler/Outdated.ts"
import * as Recovery from "../../src/scheduler/Recovery.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import { accounts, rowsOf, seedTabs } from "../sheets/bench.ts"
import { type BadDay, Days } from "../sheets/workbooksClient.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  type Bot,
  closeTab,
  holder,
  Line,
  numbers,
  numbersTab,
  type Outside,
  pass,
  raised,
  running,
  take,
  traffic,
  vk,
  vkTab,
  worldWith,
} from "./bench.ts"

const header = ["Дата", "Номер"]
const phone = (index: number) => `7900000${String(1000 + index)}`
const row = (day: number, index: number): typeof RowInput.Type => [
  { date: `${day}.11.2026` },
  phone(index),
]
const rows = [row(20, 1), row(21, 2), row(21, 3), row(22, 4), row(22, 5), row(23, 6)]
const phones = (...indexes: ReadonlyArray<number>) => indexes.map(phone)

/** Five to midnight in the company's time zone. */
const evening = TestClock.setTime(Date.UTC(2026, 10, 22, 20, 55))
const seed = Effect.andThen(
  evening,
  seedTabs({ title: numbersTab, rows: [header, ...rows], frozen: 1 }),
)

const world = worldWith({}, [numbers])
const stock = Pools.use((pools) => pools.stock("number"))
const left = Effect.map(rowsOf(accounts, numbersTab), (all) => all.map(({ cells }) => cells[1]))
const setMode = (on: boolean) =>
  Pools.use((pools) => pools.tell("number", { _tag: "SetTodayOnly", on, admin: holder }))
/** All rows in stock, whatever their day. */
const loadAll = Effect.gen(function* () {
  yield* setMode(false)
  yield* Refill.use((refill) => refill.once)
  assert.strictEqual((yield* stock).available, rows.length)
  assert.deepStrictEqual(yield* left, [])
})
const counts = Effect.map(stock, ({ available, hidden, returning }) => [
  available,
  hidden,
  returning,
])

const run = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  loops: Layer.Layer<never, never, Bot | Outside> = Layer.empty,
) => running(MemoryJournal.makeDisk(), loops, effect)

describe("Outdated.once", () => {
  it.effect("sends back what is of earlier days, and leaves what is of later ones", () =>
    Effect.gen(function* () {
      yield* seed
      yield* run(
        Effect.gen(function* () {
          yield* loadAll
          yield* traffic
          yield* Outdated.once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* setMode(true)
          yield* Outdated.once
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 1 })
          assert.deepStrictEqual(yield* counts, [3, 1, 0])
          assert.deepStrictEqual(yield* left, phones(1, 2, 3))
          yield* Outdated.once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("issues nothing that is on its way, and tries again after a refusal", () =>
    Effect.gen(function* () {
      yield* seed
      yield* run(
        Effect.gen(function* () {
          yield* loadAll
          yield* setMode(true)
          yield* closeTab(accounts, numbersTab)
          yield* Outdated.once
          assert.deepStrictEqual(yield* counts, [3, 1, 3])
          assert.deepStrictEqual(yield* raised, ["demo-accounts refused"])
          yield* setMode(false)
          assert.lengthOf(yield* take("number", 5), 3)
          yield* closeTab(accounts, numbersTab, false)
          yield* Outdated.once
          assert.deepStrictEqual(yield* counts, [0, 0, 0])
          assert.deepStrictEqual(yield* raised, [])
          assert.deepStrictEqual(yield* left, phones(1, 2, 3))
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Outdated.layer", () => {
  it.effect("works at once when the mode is switched on", () =>
    Effect.gen(function* () {
      yield* seed
      yield* run(
        Effect.gen(function* () {
          yield* loadAll
          yield* pass("20 seconds")
          yield* setMode(true)
          yield* pass("3 seconds")
          assert.deepStrictEqual(yield* counts, [3, 1, 0])
        }),
        Outdated.layer,
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("works at midnight, and today's numbers take the place of yesterday's", () =>
    Effect.gen(function* () {
      yield* seed
      yield* run(
        Effect.gen(function* () {
          yield* pass("1 minute")
          assert.deepStrictEqual(yield* counts, [2, 0, 0])
          assert.deepStrictEqual(yield* left, phones(1, 2, 3, 6))
          yield* pass("4 minutes")
          // This takes one period of the timer and the time of the requests.
          yield* pass("20 seconds")
          assert.deepStrictEqual(yield* counts, [1, 0, 0])
          assert.strictEqual((yield* stock).onlyDay, "2026-11-23")
          assert.deepStrictEqual(yield* left, phones(1, 2, 3, 4, 5))
          yield* traffic
          yield* pass("3 minutes")
          assert.strictEqual((yield* traffic).writes, 0)
        }),
        Layer.merge(Refill.layerLoops, Outdated.layer),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("waits while Google is silent, and brings every number back once", () =>
    Effect.gen(function* () {
      yield* seed
      const { cut } = yield* Line
      yield* run(
        Effect.gen(function* () {
          yield* loadAll
          yield* Ref.set(cut, true)
          yield* setMode(true)
          yield* pass("10 minutes")
          assert.deepStrictEqual(yield* raised, ["demo-accounts unreachable"])
          // Midnight has passed in the meantime.
          assert.deepStrictEqual(yield* counts, [1, 0, 5])
          yield* Ref.set(cut, false)
          yield* pass("3 minutes")
          assert.deepStrictEqual(yield* raised, [])
          assert.deepStrictEqual(yield* counts, [1, 0, 0])
          assert.deepStrictEqual(yield* left, phones(1, 2, 3, 4, 5))
        }),
        Outdated.layer,
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("a row that was cut out while somebody typed it", () => {
  const vkWorld = worldWith({}, [vk])
  const half = ["05.11.2026", "half@example.com"]
  const whole = (index: number) => ["", `user${index}@example.com`, `pass-${index}`]
  const start = seedTabs({
    title: vkTab,
    rows: [["Дата", "Логин", "Пароль", "Заметка"], whole(1), [], whole(2)],
    frozen: 1,
  })
  const edit = (act: HumanEdit) =>
    Workbooks.use((workbooks) => Effect.orDie(workbooks.edit(accounts, act)))
  /** Somebody begins a row between the two, after the look and before the cut. */
  const typing = Effect.all([
    edit({ op: "set", tab: vkTab, row: 2, column: 0, value: half[0] ?? "" }),
    edit({ op: "set", tab: vkTab, row: 2, column: 1, value: half[1] ?? "" }),
    edit({ op: "set", tab: vkTab, row: 2, column: 3, value: "от Коли" }),
    edit({ op: "note", tab: vkTab, row: 2, column: 1, note: "перезвонить" }),
  ]).pipe(Effect.asVoid)
  const catching = Effect.fnUntraced(function* (day?: BadDay) {
    const happens = Effect.provideService(typing, Workbooks, yield* Workbooks)
    const days = yield* Days
    yield* days.plant("batchUpdate", { happens, ...(day === undefined ? {} : { day }) })
  })
  const refill = Refill.use(({ once }) => once)
  const there = Effect.map(rowsOf(accounts, vkTab), (all) =>
    all.map(({ cells, notes = {} }) => [...cells, ...Object.values(notes)].filter(Boolean)),
  )
  const back = [[...half, "от Коли", "перезвонить"]]
  const vkCounts = Pools.use((pools) =>
    Effect.map(pools.stock("vk"), ({ available, quarantine, returning }) => ({
      available,
      quarantine,
      returning,
    })),
  )
  const adrift = Conservation.use(({ check }) =>
    Effect.map(check, (checked) => Option.map(checked, sumOf)),
  )

  it.effect("goes back at once with all that it had, and stays until it is whole", () =>
    Effect.gen(function* () {
      yield* start
      yield* running(
        MemoryJournal.makeDisk(),
        Outdated.layer,
        Effect.gen(function* () {
          yield* pass("5 seconds")
          yield* Tabs.use(({ prepare }) => prepare)
          yield* catching()
          const refilled = yield* Effect.forkChild(refill)
          yield* pass("5 seconds")
          yield* Fiber.join(refilled)
          assert.deepStrictEqual(yield* there, back)
          assert.deepStrictEqual(yield* vkCounts, { available: 2, quarantine: 0, returning: 0 })
          yield* traffic
          const again = yield* Effect.forkChild(refill)
          yield* pass("10 minutes")
          yield* Fiber.join(again)
          assert.strictEqual((yield* traffic).writes, 0)
          // He types the rest where the row stood first, and so begins another one.
          yield* edit({ op: "set", tab: vkTab, row: 2, column: 2, value: "pass-late" })
          yield* pass(lookTrusted)
          yield* refill
          assert.deepStrictEqual(yield* there, [...back, ["pass-late"]])
          yield* edit({ op: "set", tab: vkTab, row: 1, column: 2, value: "pass-half" })
          yield* pass(lookTrusted)
          yield* refill
          assert.deepStrictEqual(yield* there, [["pass-late"]])
          assert.deepStrictEqual(yield* vkCounts, { available: 3, quarantine: 0, returning: 0 })
          assert.deepStrictEqual(yield* adrift, Option.some({ items: 4, adrift: 0 }))
        }),
      )
    }).pipe(Effect.provide(vkWorld)),
  )

  it.effect("is told of when nobody types the rest for a quarter of an hour", () =>
    Effect.gen(function* () {
      yield* start
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* Tabs.use(({ prepare }) => prepare)
          yield* catching()
          yield* refill
          assert.deepStrictEqual(yield* vkCounts, { available: 2, quarantine: 0, returning: 1 })
          assert.deepStrictEqual(yield* adrift, Option.some({ items: 3, adrift: 0 }))
          yield* Outdated.once
          yield* BaseCount.once
          assert.notInclude(yield* raised, "RowsHalfTyped")
          yield* pass("16 minutes")
          yield* BaseCount.once
          assert.include(yield* raised, "RowsHalfTyped")
        }),
      )
    }).pipe(Effect.provide(vkWorld)),
  )

  for (const day of ["lostAnswer", "unavailable", "late"] as const) {
    it.effect(`goes back once, though the process dies in each of the two writes: ${day}`, () =>
      Effect.gen(function* () {
        yield* start
        const days = yield* Days
        const disk = MemoryJournal.makeDisk()
        const dying = Effect.fnUntraced(function* <R>(work: Effect.Effect<void, never, R>) {
          yield* days.plant("metadata", "hang")
          const fiber = yield* Effect.forkChild(work)
          yield* pass("10 seconds")
          yield* Fiber.interrupt(fiber)
          yield* days.land
        })
        const recovered = Effect.gen(function* () {
          const recovery = yield* Effect.forkChild(Recovery.once)
          yield* pass("4 minutes")
          assert.isTrue(yield* Fiber.join(recovery))
        })
        yield* running(
          disk,
          Layer.empty,
          Effect.gen(function* () {
            yield* Tabs.use(({ prepare }) => prepare)
            yield* catching(day)
            yield* dying(refill)
          }),
        )
        yield* running(
          disk,
          Layer.empty,
          Effect.gen(function* () {
            yield* recovered
            assert.deepStrictEqual(yield* vkCounts, { available: 2, quarantine: 0, returning: 1 })
            yield* days.plant("batchUpdate", day)
            yield* dying(Outdated.once)
          }),
        )
        yield* running(
          disk,
          Layer.empty,
          Effect.gen(function* () {
            assert.strictEqual((yield* vkCounts).returning, 1)
            yield* recovered
            yield* Outdated.once
            assert.deepStrictEqual(yield* vkCounts, { available: 2, quarantine: 0, returning: 0 })
            assert.deepStrictEqual(yield* adrift, Option.some({ items: 3, adrift: 0 }))
          }),
        )
        assert.deepStrictEqual(yield* there, back)
      }).pipe(Effect.provide(vkWorld)),
    )
  }
})

describe("Recovery.once, of a return", () => {
  for (const day of ["lostAnswer", "lostRequest", "late"] as const) {
    it.effect(`finishes what the former process never heard of: ${day}`, () =>
      Effect.gen(function* () {
        yield* seed
        const days = yield* Days
        const disk = MemoryJournal.makeDisk()
        yield* running(
          disk,
          Layer.empty,
          Effect.gen(function* () {
            yield* loadAll
            yield* setMode(true)
            yield* days.plant("batchUpdate", day)
            yield* days.plant("metadata", "hang")
            const fiber = yield* Effect.forkChild(Outdated.once)
            yield* pass("10 seconds")
            assert.isUndefined(fiber.pollUnsafe())
            yield* Fiber.interrupt(fiber)
          }),
        )
        yield* days.land
        const restarted = Effect.gen(function* () {
          assert.deepStrictEqual(yield* counts, [3, 1, 3])
          const recovery = yield* Effect.forkChild(Recovery.once)
          yield* pass("1 minute")
          assert.isTrue(yield* Fiber.join(recovery))
          assert.deepStrictEqual(yield* counts, [3, 1, 0])
          yield* Outdated.once
        })
        yield* running(disk, Layer.empty, restarted)
        assert.deepStrictEqual(yield* left, phones(1, 2, 3))
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("claims a number again that was returned, and issues it on its day", () =>
    Effect.gen(function* () {
      yield* seed
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* loadAll
          yield* setMode(true)
          yield* Outdated.once
          const set = { op: "set", tab: numbersTab, column: 0 } as const
          yield* workbooks.edit(accounts, { ...set, row: 2, value: { date: "22.11.2026" } })
          yield* pass("1 minute")
          yield* Refill.use((refill) => refill.once)
          const { quarantine } = yield* stock
          assert.strictEqual(quarantine, 0)
          assert.deepStrictEqual(yield* left, phones(1, 3))
          assert.lengthOf(yield* take("number", 5), 3)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
