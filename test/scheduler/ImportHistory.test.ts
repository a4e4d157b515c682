import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import type { CellInput, RowInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import * as ImportHistory from "../../src/scheduler/ImportHistory.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { IssuedHistory } from "../../src/sheets/IssuedHistory.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import { type Booked, Journal } from "../../src/store/Journal.ts"
import { accounts, header, issued } from "../sheets/bench.ts"
import { Days } from "../sheets/workbooksClient.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import {
  addRows,
  type Bot,
  confirmed,
  mamba,
  numbers,
  type Outside,
  pass,
  raised,
  running,
  traffic,
  vk,
  vkTab,
  worldWith,
} from "./bench.ts"

type Row = typeof RowInput.Type

const world = worldWith({}, [vk, mamba, numbers])
const headerOf = (resource: typeof vk): Row => resource.issuedColumns.map((one) => one.header)
const loginOf = (index: number) => `past${index}@example.com`
const past = (index: number, id: CellInput = "", status = "Хороший"): Row => [
  { date: "20.11.2026" },
  loginOf(index),
  `pass-${index}`,
  "",
  "495",
  "Иван",
  2,
  status,
  "20.11.2026 12:00",
  id,
]
const many = (count: number) => Array.from({ length: count }, (_, index) => past(index))

/** Makes the tabs that people kept before the bot; a tab that is not named has only its header. */
const seed = (
  tabs: { readonly vk?: ReadonlyArray<Row>; readonly numbers?: ReadonlyArray<Row> },
  mambaHeader: Row = headerOf(mamba),
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 10, 22, 9))
    const workbooks = yield* Workbooks
    yield* workbooks.create(accounts, {
      title: "Склад",
      tabs: [{ title: vkTab, rows: [header], frozen: 1 }],
    })
    yield* workbooks.create(issued, {
      title: "Выдано",
      tabs: [
        { title: vk.issuedTab, rows: [headerOf(vk), ...(tabs.vk ?? [])] },
        { title: mamba.issuedTab, rows: [mambaHeader, past(900)] },
        { title: numbers.issuedTab, rows: [headerOf(numbers), ...(tabs.numbers ?? [])] },
      ],
    })
  })

type Parts = Bot | Outside | IssuedHistory
const run = <A, E, R>(
  disk: MemoryDisk,
  effect: Effect.Effect<A, E, R>,
  loops: Layer.Layer<never, never, Parts> = Layer.empty,
) =>
  running(
    disk,
    Layer.empty,
    Effect.provide(effect, loops.pipe(Layer.provideMerge(IssuedHistory.layer))),
  )

const books = (resource: string) =>
  Journal.use((journal) => journal.booked({ resource }, { limit: 10_000 }))
const keysOf = (rows: ReadonlyArray<Booked>) => rows.map(({ key }) => key).toSorted()
const edit = (...edits: ReadonlyArray<Parameters<Workbooks["Service"]["edit"]>[1]>) =>
  Workbooks.use((workbooks) =>
    Effect.forEach(edits, (one) => workbooks.edit(issued, one), { discard: true }),
  )

describe("ImportHistory.once", () => {
  it.effect("brings in all tabs with one read, and never again", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [past(1), past(2, "", "Блок")] })
      const disk = MemoryJournal.makeDisk()
      yield* run(
        disk,
        Effect.gen(function* () {
          yield* Tabs.use((tabs) => tabs.prepare)
          yield* traffic
          assert.isTrue(yield* ImportHistory.once)
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 1 })
          assert.deepStrictEqual(
            (yield* books("vk"))
              .map(({ key, status, imported }) => `${key} ${status} ${imported}`)
              .toSorted(),
            ["past1@example.com good true", "past2@example.com block true"],
          )
          assert.lengthOf(yield* books("mamba"), 1)
          assert.deepStrictEqual(yield* books("number"), [])
          const tally = yield* Journal.use((journal) => journal.tally({ resource: "vk" }))
          assert.strictEqual(
            tally.reduce((sum, { count }) => sum + count, 0),
            2,
          )
          assert.isTrue(yield* ImportHistory.once)
        }),
      )
      yield* edit({ op: "append", tab: vk.issuedTab, rows: [past(3)] })
      yield* run(
        disk,
        Effect.gen(function* () {
          yield* traffic
          assert.isTrue(yield* ImportHistory.once)
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          assert.lengthOf(yield* books("vk"), 2)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes what it can of a messy tab", () =>
    Effect.gen(function* () {
      yield* seed({
        numbers: [
          [],
          ["21.11.2026 10:00", "8 900 000-00-01", "20.11.26", "Beboo", 812, "Мария", "3", "зарег"],
          headerOf(numbers),
          ["давно", "79000000002"],
          ["21.11.2026", ""],
          ["21.11.2026", 79000000003, "", "", "", "", "не помню", "??"],
          [{ formula: "=1/0" }, "79000000004"],
        ],
      })
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          assert.isTrue(yield* ImportHistory.once)
          assert.deepStrictEqual(
            (yield* books("number")).map((row) => [
              row.key,
              row.region,
              row.holder,
              row.day,
              row.status,
              row.issuedAt,
            ]),
            [
              ["79000000001", "812", 3, "2026-11-20", "registered", Date.UTC(2026, 10, 21, 7)],
              ["79000000003", "", null, null, "unknown", Date.UTC(2026, 10, 20, 21)],
            ],
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("goes on after a restart in the middle, without doubles, though people sorted", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [...many(1199), past(7)] })
      const disk = MemoryJournal.makeDisk()
      yield* run(
        disk,
        Effect.gen(function* () {
          const journal = yield* Journal
          const imports = yield* Ref.make(0)
          const dying: typeof journal = {
            ...journal,
            write: (writes) =>
              Effect.gen(function* () {
                const isImport = writes.some(({ _tag }) => _tag === "BooksImported")
                if (isImport && (yield* Ref.getAndUpdate(imports, (n) => n + 1)) === 1) {
                  disk.failing = true
                }
                return yield* journal.write(writes)
              }),
          }
          assert.isFalse(yield* Effect.provideService(ImportHistory.once, Journal, dying))
          assert.lengthOf(yield* books("vk"), 500)
        }),
      )
      disk.failing = false
      yield* edit(
        { op: "sort", tab: vk.issuedTab, column: 1, descending: true },
        { op: "set", tab: vk.issuedTab, row: 1200, column: 7, value: "Блок" },
      )
      yield* run(
        disk,
        Effect.gen(function* () {
          assert.isTrue(yield* ImportHistory.once)
          assert.deepStrictEqual(
            keysOf(yield* books("vk")),
            [...Array.from({ length: 1199 }, (_, index) => loginOf(index)), loginOf(7)].toSorted(),
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes a tab when it can be used, and reads no other one again", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [past(1)] }, headerOf(mamba).slice(0, -2))
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          assert.isFalse(yield* ImportHistory.once)
          assert.lengthOf(yield* books("vk"), 1)
          assert.deepStrictEqual(yield* books("mamba"), [])
          yield* edit(
            { op: "set", tab: mamba.issuedTab, row: 0, column: 9, value: "ID" },
            { op: "append", tab: vk.issuedTab, rows: [past(2)] },
          )
          yield* pass("2 minutes")
          assert.isTrue(yield* ImportHistory.once)
          assert.lengthOf(yield* books("mamba"), 1)
          assert.lengthOf(yield* books("vk"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("waits for a tab that went away between two looks, and alarms nobody", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [past(1)] })
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* Tabs.use((tabs) => tabs.prepare)
          yield* edit({ op: "rename", tab: mamba.issuedTab, title: "Мамба старая" })
          assert.isFalse(yield* ImportHistory.once)
          assert.lengthOf(yield* books("vk"), 1)
          assert.deepStrictEqual(yield* raised, ["TabUnusable"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("leaves what the bot wrote itself, also where somebody wiped out the id", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [past(1)] })
      yield* addRows(vkTab, 1, 2, 3)
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* confirmed("vk", 3)
          yield* Flusher.once
          const before = yield* books("vk")
          assert.lengthOf(before, 3)
          yield* edit({ op: "set", tab: vk.issuedTab, row: 3, column: 9, value: "" })
          assert.isTrue(yield* ImportHistory.once)
          const after = yield* books("vk")
          assert.deepStrictEqual(
            after.filter(({ imported }) => imported).map(({ key }) => key),
            ["past1@example.com"],
          )
          assert.deepStrictEqual(
            after.filter(({ imported }) => !imported),
            before,
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes over what an earlier copy of the bot wrote, under its ids", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [past(1, "ISSUANCE01"), past(1, "ISSUANCE01"), past(2, "12")] })
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          assert.isTrue(yield* ImportHistory.once)
          const ids = (yield* books("vk")).map(({ id }) => id)
          assert.lengthOf(ids, 2)
          assert.include(ids, "ISSUANCE01")
          assert.match(ids.find((id) => id !== "ISSUANCE01") ?? "", /^old-[0-9a-f]{16}$/)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("ImportHistory.layer", () => {
  it.effect("begins after the first refill and tries until Google answers", () =>
    Effect.gen(function* () {
      yield* seed({ vk: [past(1)] })
      yield* run(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* pass("10 seconds")
          assert.deepStrictEqual(yield* books("vk"), [])
          yield* Refill.use((refill) => refill.once)
          yield* Days.use((days) => days.plant("values", "unavailable"))
          yield* pass("10 seconds")
          assert.deepStrictEqual(yield* books("vk"), [])
          yield* pass("2 minutes")
          assert.lengthOf(yield* books("vk"), 1)
        }),
        ImportHistory.layer,
      )
    }).pipe(Effect.provide(world)),
  )
})
