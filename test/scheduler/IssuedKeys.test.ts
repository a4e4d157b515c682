/** Items that stood in an issued tab before the bot are never issued a second time. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { issuedKeysMax, lookTrusted } from "../../src/config/Limits.ts"
import type { RowInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as EditWatch from "../../src/scheduler/EditWatch.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { IssuedKeys } from "../../src/scheduler/IssuedKeys.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { account, accounts, header, issued, rowsOf } from "../sheets/bench.ts"
import { Journal } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import {
  available,
  confirmed,
  Line,
  numbers,
  numbersTab,
  pass,
  running,
  vk,
  vkTab,
  worldWith,
} from "./bench.ts"

type Row = typeof RowInput.Type

const world = worldWith({ loadBatchSize: 5, refillThreshold: 3 }, [vk, numbers])

const headerOf = (resource: typeof vk): Row => resource.issuedColumns.map((one) => one.header)
const numbersHeader: Row = numbers.columns.map((column) => column.header)
const number = (value: string | number): Row =>
  numbers.columns.map(({ key, kind }) =>
    key === numbers.identity ? value : kind === "date" ? { date: "20.11.2026" } : "x",
  )
/** A row of an issued tab as people typed it, with nothing but the item. */
const typed = (resource: typeof vk, value: string): Row =>
  resource.issuedColumns.map(({ holds }) => (holds === `field:${resource.identity}` ? value : ""))

const seed = (tabs: {
  readonly vk?: ReadonlyArray<Row>
  readonly vkIssued?: ReadonlyArray<Row>
  readonly numbers?: ReadonlyArray<Row>
  readonly numbersIssued?: ReadonlyArray<Row>
}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 10, 20, 9))
    const workbooks = yield* Workbooks
    yield* workbooks.create(accounts, {
      title: "Склад",
      tabs: [
        { title: vkTab, rows: [header, ...(tabs.vk ?? [])], frozen: 1 },
        { title: numbersTab, rows: [numbersHeader, ...(tabs.numbers ?? [])], frozen: 1 },
      ],
    })
    yield* workbooks.create(issued, {
      title: "Выдано",
      tabs: [
        { title: vk.issuedTab, rows: [headerOf(vk), ...(tabs.vkIssued ?? [])] },
        { title: numbers.issuedTab, rows: [headerOf(numbers), ...(tabs.numbersIssued ?? [])] },
      ],
    })
  })

const run = <A, E, R>(disk: MemoryDisk, effect: Effect.Effect<A, E, R>) =>
  running(disk, Layer.empty, Effect.provide(effect, Layer.fresh(withKeys)))

/** The refill with the real knowledge of issued items. */
const withKeys = Refill.layer.pipe(Layer.provideMerge(Layer.fresh(IssuedKeys.layer)))

const refill = Refill.use((one) => one.once)
const reasons = (resource: string) =>
  Pools.use((pools) =>
    Effect.map(pools.unreported(resource), (rows) => rows.map(({ reason }) => reason)),
  )

describe("what stood in an issued tab before the bot", () => {
  it.effect("is set aside from the first claim on, in whatever spelling, and after restarts", () =>
    Effect.gen(function* () {
      const [login = ""] = account(1).flatMap((cell) =>
        typeof cell === "string" && cell.includes("@") ? [cell] : [],
      )
      yield* seed({
        vk: [account(1), account(2)],
        vkIssued: [typed(vk, `  ${login.toUpperCase()}\u200B`)],
        numbers: [number("8 (900) 123-45-67"), number("+7 900 123-45-68")],
        numbersIssued: [typed(numbers, "+79001234567")],
      })
      const disk = MemoryJournal.makeDisk()
      yield* run(
        disk,
        Effect.gen(function* () {
          yield* refill
          assert.deepStrictEqual(yield* reasons("vk"), ["issuedBefore"])
          assert.deepStrictEqual(yield* reasons("number"), ["issuedBefore"])
          assert.strictEqual(yield* available("vk"), 1)
        }),
      )
      yield* Workbooks.use((workbooks) =>
        workbooks.edit(accounts, { op: "append", tab: vkTab, rows: [account(1)] }),
      )
      yield* pass("2 minutes")
      yield* run(
        disk,
        Effect.gen(function* () {
          yield* Line.use(({ calls }) => calls)
          yield* refill
          assert.deepStrictEqual(yield* reasons("vk"), ["issuedBefore", "issuedBefore"])
          const calls = yield* Line.use((line) => line.calls)
          assert.notInclude(
            calls.map(({ spreadsheet }) => spreadsheet),
            issued,
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("holds claims back for as long as it cannot be read, and no other resource", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [account(1)], numbers: [number("+7 900 123-45-68")] })
      const workbooks = yield* Workbooks
      const column = vk.issuedColumns.findIndex(({ holds }) => holds === "status")
      const name = (value: string) =>
        workbooks.edit(issued, { op: "set", tab: vk.issuedTab, row: 0, column, value })
      yield* name("Что-то")
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* refill
          assert.strictEqual(yield* available("vk"), 0)
          assert.strictEqual(yield* available("number"), 1)
          assert.lengthOf(yield* rowsOf(accounts, vkTab), 1)
          yield* name(vk.issuedColumns[column]?.header ?? "")
          yield* pass("1 minute")
          yield* refill
          assert.strictEqual(yield* available("vk"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is learned in parts that let other work go on", () =>
    Effect.gen(function* () {
      const parts = 4
      const digits = (index: number) => `+7900${String(1_000_000 + index)}`
      yield* seed({
        numbersIssued: Array.from({ length: parts * issuedKeysMax }, (_, index) =>
          typed(numbers, digits(index)),
        ),
      })
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          let turns = 0
          const other = yield* Effect.forkChild(
            Effect.forever(
              Effect.andThen(
                Effect.sync(() => turns++),
                Effect.yieldNow,
              ),
            ),
          )
          yield* IssuedKeys.use(({ learn }) => learn)
          assert.isAtLeast(turns, parts - 1)
          yield* Fiber.interrupt(other)
          const last = digits(parts * issuedKeysMax - 1).slice(1)
          const had = yield* Journal.use((journal) => journal.issuedBefore("number", [last]))
          assert.deepStrictEqual([...had], [last])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("a row that somebody adds to an issued tab by hand", () => {
  it.effect("counts from the next look for edits on", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [account(1), account(2)] })
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* refill
          yield* confirmed("vk", 1)
          yield* Flusher.once
          const workbooks = yield* Workbooks
          const [login = ""] = account(7).flatMap((cell) =>
            typeof cell === "string" && cell.includes("@") ? [cell] : [],
          )
          yield* workbooks.edit(issued, {
            op: "append",
            tab: vk.issuedTab,
            rows: [typed(vk, login)],
          })
          yield* EditWatch.once
          yield* workbooks.edit(accounts, { op: "append", tab: vkTab, rows: [account(7)] })
          yield* pass(lookTrusted)
          yield* refill
          assert.deepStrictEqual(yield* reasons("vk"), ["issuedBefore"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
