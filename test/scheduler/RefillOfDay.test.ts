/** Refills while only today's numbers are issued. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Ref } from "effect"
import { TestClock } from "effect/testing"
import { lookTrusted } from "../../src/config/Limits.ts"
import type { RowInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as Outdated from "../../src/scheduler/Outdated.ts"
import { makeTabLooks, Refill } from "../../src/scheduler/Refill.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { account, header as accountHeader, accounts, rowsOf, seedTabs } from "../sheets/bench.ts"
import { Days } from "../sheets/workbooksClient.ts"
import { hour, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  available,
  type Bot,
  holder,
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
const phone = (index: number) => `7900${String(1_000_000 + index)}`
const row = (day: number, index: number): typeof RowInput.Type => [
  { date: `${day}.11.2026` },
  phone(index),
]
const rowsOfDay = (day: number, count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => row(day, first + index))

/** Noon of the 22nd in the company's time zone. */
const noon = TestClock.setTime(Date.UTC(2026, 10, 22, 9))
const seed = (...rows: ReadonlyArray<typeof RowInput.Type>) =>
  Effect.andThen(
    noon,
    seedTabs(
      { title: numbersTab, rows: [header, ...rows], frozen: 1 },
      { title: vkTab, rows: [accountHeader, account(1)] },
    ),
  )

const world = worldWith({}, [numbers])
const once = Refill.use((refill) => refill.once)
const stock = Pools.use((pools) => pools.stock("number"))
const left = Effect.map(rowsOf(accounts, numbersTab), (rows) => rows.map(({ cells }) => cells[1]))
const today = Effect.map(stock, ({ byTab }) => byTab[numbersTab] ?? 0)
const setMode = (on: boolean) =>
  Pools.use((pools) => pools.tell("number", { _tag: "SetTodayOnly", on, admin: holder }))

const run = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  loops: Layer.Layer<never, never, Bot | Outside> = Layer.empty,
) => running(MemoryJournal.makeDisk(), loops, effect)

describe("Refill, of today's numbers", () => {
  it.effect("takes the five of today from below two hundred old ones, and then only looks", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 200), ...rowsOfDay(22, 5, 500))
      yield* run(
        Effect.gen(function* () {
          yield* once
          assert.strictEqual(yield* today, 5)
          assert.deepStrictEqual(
            yield* left,
            Array.from({ length: 200 }, (_, index) => phone(index)),
          )
          yield* traffic
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* pass("1 hour")
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 4 })
          assert.strictEqual((yield* stock).available, 5)
        }),
        Layer.merge(Refill.layerLoops, Outdated.layer),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes three hundred of them by one look and ten claims", () =>
    Effect.gen(function* () {
      yield* seed(row(20, 1), row(23, 2))
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.run(vk, false))
          yield* once
          const rows = rowsOfDay(22, 300, 10)
          yield* workbooks.edit(accounts, { op: "insert", tab: numbersTab, at: 2, rows })
          yield* pass(lookTrusted)
          yield* traffic
          yield* once
          assert.strictEqual(yield* today, 300)
          // The other read is of the headers of all tabs.
          assert.deepStrictEqual(yield* traffic, { writes: 10, reads: 2 })
          assert.deepStrictEqual(yield* left, [phone(1), phone(2)])
        }),
      )
    }).pipe(Effect.provide(worldWith({ refillThreshold: 300 }, [numbers, vk]))),
  )

  it.effect(
    "puts rows into quarantine whose date cannot be read, once, and leaves those without a date",
    () =>
      Effect.gen(function* () {
        yield* seed(row(21, 1), ["вчера", phone(2)], [null, phone(3)], ["", ""], row(22, 4))
        yield* run(
          Effect.gen(function* () {
            yield* once
            const reasons = (yield* Pools.use((pools) => pools.unreported("number"))).map(
              ({ reason, column }) => `${reason} ${column}`,
            )
            assert.deepStrictEqual(reasons, ["unreadable Дата"])
            assert.strictEqual(yield* today, 1)
            assert.deepStrictEqual(yield* left, [phone(1), phone(3)])
          }),
        )
      }).pipe(Effect.provide(world)),
  )

  it.effect("looks again when the rows have moved, and gets what it came for", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 40), ...rowsOfDay(22, 20, 500))
      const days = yield* Days
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          const inserted = workbooks.edit(accounts, {
            op: "insert",
            tab: numbersTab,
            at: 1,
            rows: rowsOfDay(20, 30, 800),
          })
          yield* days.plant(
            "batchUpdate",
            { happens: Effect.void },
            { happens: Effect.orDie(inserted) },
          )
          yield* once
          assert.strictEqual(yield* today, 20)
          // The claim that missed took twenty old ones; they are sent back.
          assert.strictEqual((yield* stock).hidden, 20)
          yield* Outdated.once
          assert.strictEqual((yield* stock).available, 20)
          assert.lengthOf(yield* left, 70)
          assert.strictEqual(new Set(yield* left).size, 70)
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("looks again when blank rows lie where the rows were", () =>
    Effect.gen(function* () {
      yield* seed(row(21, 1), ...rowsOfDay(22, 20, 500))
      const days = yield* Days
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          const rows = Array.from({ length: 30 }, () => [""])
          const inserted = workbooks.edit(accounts, { op: "insert", tab: numbersTab, at: 2, rows })
          yield* days.plant(
            "batchUpdate",
            { happens: Effect.void },
            { happens: Effect.orDie(inserted) },
          )
          yield* once
          assert.strictEqual(yield* today, 20)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("does not claim for ever where rows keep moving", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 300), ...rowsOfDay(22, 20, 500))
      const days = yield* Days
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* once
          yield* workbooks.edit(accounts, {
            op: "append",
            tab: numbersTab,
            rows: rowsOfDay(22, 9, 600),
          })
          for (let n = 0; n < 4; n++) yield* take("number", 5)
          yield* pass(lookTrusted)
          const at = 1
          const shift = Effect.orDie(
            workbooks.edit(accounts, {
              op: "insert",
              tab: numbersTab,
              at,
              rows: rowsOfDay(20, 30),
            }),
          )
          yield* days.plant("batchUpdate", ...Array.from({ length: 9 }, () => ({ happens: shift })))
          yield* traffic
          yield* once
          // The third read is of the headers of all tabs.
          assert.deepStrictEqual(yield* traffic, { writes: 2, reads: 3 })
        }),
      )
    }).pipe(Effect.provide(worldWith({ pendingLimit: 100 }, [numbers]))),
  )

  it.effect("looks again after a refusal: the place may be gone", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 40), ...rowsOfDay(22, 70, 500))
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* once
          for (let n = 0; n < 5; n++) yield* take("number", 5)
          yield* workbooks.edit(accounts, { op: "delete", tab: numbersTab, at: 3, count: 990 })
          yield* once
          assert.deepStrictEqual([yield* today, yield* raised], [5, ["TabRefused"]])
          const rows = rowsOfDay(22, 3, 900)
          yield* workbooks.edit(accounts, { op: "append", tab: numbersTab, rows })
          yield* once
          assert.deepStrictEqual([yield* today, yield* raised], [8, []])
        }),
      )
    }).pipe(Effect.provide(worldWith({ pendingLimit: 100 }, [numbers]))),
  )

  it.effect("does not trust a look for longer than 15 minutes", () =>
    Effect.gen(function* () {
      yield* seed(row(21, 1), ...rowsOfDay(22, 70, 500))
      yield* run(
        Effect.gen(function* () {
          yield* once
          for (let n = 0; n < 5; n++) yield* take("number", 5)
          yield* pass("14 minutes")
          yield* traffic
          yield* Refill.use((refill) => refill.run(numbers, true))
          // This read is of the headers of all tabs.
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 1 })
          for (let n = 0; n < 6; n++) yield* take("number", 5)
          yield* pass("1 minute")
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 1 })
        }),
      )
    }).pipe(Effect.provide(worldWith({ pendingLimit: 100 }, [numbers]))),
  )

  it.effect("trusts no look for longer after the clock was set back", () =>
    Effect.gen(function* () {
      yield* seed(row(21, 1))
      const workbooks = yield* Workbooks
      yield* withWallClock((step) =>
        run(
          Effect.gen(function* () {
            yield* once
            yield* workbooks.edit(accounts, { op: "append", tab: numbersTab, rows: [row(22, 2)] })
            yield* step(-hour)
            yield* pass(lookTrusted)
            yield* once
            assert.strictEqual(yield* today, 1)
          }),
        ),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("trusts no look from before rows were put back above", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 40), ...rowsOfDay(22, 70, 500))
      yield* run(
        Effect.gen(function* () {
          yield* setMode(false)
          yield* once
          yield* setMode(true)
          yield* once
          yield* Outdated.once
          for (let n = 0; n < 5; n++) yield* take("number", 5)
          yield* traffic
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 1 })
          assert.deepStrictEqual([yield* today, (yield* stock).hidden], [35, 0])
        }),
      )
    }).pipe(Effect.provide(worldWith({ pendingLimit: 100 }, [numbers]))),
  )

  it.effect("looks sooner while somebody waits, and at exhausted tabs of others with it", () =>
    Effect.gen(function* () {
      yield* seed(row(21, 1))
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* once
          assert.strictEqual(yield* available("vk"), 1)
          yield* workbooks.edit(accounts, {
            op: "append",
            tab: numbersTab,
            rows: rowsOfDay(22, 2, 5),
          })
          yield* workbooks.edit(accounts, { op: "append", tab: vkTab, rows: [account(2)] })
          yield* traffic
          const ask = Refill.use((refill) => refill.run(numbers, true))
          yield* pass("9 seconds")
          yield* ask
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* pass("1 second")
          yield* ask
          assert.strictEqual(yield* today, 2)
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 1 })
          yield* Refill.use((refill) => refill.run(vk, false))
          assert.strictEqual(yield* available("vk"), 2)
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 0 })
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [numbers, vk]))),
  )
})

describe("makeTabLooks", () => {
  const anyRegion = (text: string) => text
  it.effect("know better than a look of somebody else that comes late", () =>
    Effect.gen(function* () {
      yield* seed(row(21, 1))
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          const pools = yield* Pools
          const claim = yield* Claim
          const slow = yield* Ref.make(false)
          const filled: typeof claim.filled = (...what) =>
            Effect.tap(claim.filled(...what), () =>
              Effect.when(Effect.sleep("10 seconds"), Ref.get(slow)),
            )
          const looks = yield* makeTabLooks({
            pools,
            claim: { ...claim, filled },
            regions: Effect.succeed(anyRegion),
            batch: 30,
          })
          const day = (yield* stock).onlyDay
          const [mine = vk.baseTabs[0]!] = numbers.baseTabs
          const [theirs = mine] = vk.baseTabs
          assert.isTrue(Option.isNone(yield* looks.next(mine, day, false)))
          const top = { from: 1, rows: 30 }
          const nothing = { claim: "", tab: vkTab, items: [], quarantined: [], halfTyped: [] }
          yield* looks.claimed(theirs, null, top, nothing)
          const rows = rowsOfDay(22, 40, 500)
          yield* workbooks.edit(accounts, { op: "append", tab: numbersTab, rows })
          yield* pass(lookTrusted)

          yield* Ref.set(slow, true)
          const late = yield* Effect.forkChild(looks.next(theirs, null, false))
          yield* pass("5 seconds")
          yield* Ref.set(slow, false)
          const first = Option.getOrThrow(yield* looks.next(mine, day, false))
          assert.deepStrictEqual(first, { from: 2, rows: 30 })
          const brought = yield* claim.claim(
            { resource: numbers, tab: mine, ...first, urgency: "background" },
            () => Effect.void,
          )
          assert.isTrue(yield* looks.claimed(mine, day, first, brought))
          yield* pass("10 seconds")
          assert.deepStrictEqual(yield* Fiber.join(late), Option.some({ from: 1, rows: 1 }))
          assert.deepStrictEqual(
            yield* looks.next(mine, day, false),
            Option.some({ from: 2, rows: 10 }),
          )
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [numbers, vk]))),
  )
})

describe("Refill, with the mode off", () => {
  it.effect("takes rows from the top, whatever their date", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 40), ...rowsOfDay(22, 5, 500))
      yield* run(
        Effect.gen(function* () {
          yield* setMode(false)
          yield* once
          assert.strictEqual(yield* today, 30)
          assert.deepStrictEqual((yield* left).slice(0, 11), [
            ...Array.from({ length: 10 }, (_, index) => phone(30 + index)),
            phone(500),
          ])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("has what it brought sent back as soon as the mode is on again", () =>
    Effect.gen(function* () {
      yield* seed(...rowsOfDay(21, 40), ...rowsOfDay(22, 5, 500))
      const before = yield* left
      yield* run(
        Effect.gen(function* () {
          yield* pass("10 seconds")
          assert.strictEqual(yield* today, 5)
          yield* setMode(false)
          yield* pass("3 seconds")
          assert.strictEqual(yield* today, 30 + 5)
          yield* setMode(true)
          yield* pass("3 seconds")
          const { available: all, hidden, returning } = yield* stock
          assert.deepStrictEqual([all, hidden, returning], [5, 0, 0])
          assert.deepStrictEqual(yield* left, [...before.slice(30, 40), ...before.slice(0, 30)])
          yield* traffic
          yield* pass("10 minutes")
          const { writes, reads } = yield* traffic
          assert.strictEqual(writes, 0)
          assert.isAtMost(reads, 10)
        }),
        Layer.merge(Refill.layerLoops, Outdated.layer),
      )
    }).pipe(Effect.provide(world)),
  )
})
