import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Ref } from "effect"
import { flushRowsMax } from "../../src/config/Limits.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { issued, rowsOf } from "../sheets/bench.ts"
import { Days } from "../sheets/workbooksClient.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  buffered,
  closeTab,
  confirmed,
  holder,
  issuedRows,
  Line,
  men,
  okTab,
  pass,
  raised,
  running,
  say,
  stocked,
  traffic,
  vk,
  vkTab,
  world,
  worldWith,
} from "./bench.ts"

const refill = Refill.use((service) => service.once)
const plenty = stocked({ [vkTab]: 40, [men]: 40, [okTab]: 40 })
const corrections = (resource: string) =>
  Pools.use((pools) => Effect.map(pools.corrections(resource), (rows) => rows.length))
const breakTab = (title: string, value = "Код") =>
  Workbooks.use((workbooks) =>
    workbooks.edit(issued, { op: "set", tab: title, row: 0, column: 9, value }),
  )

describe("Flusher.once", () => {
  it.effect("writes all tabs in one write, and corrections in another", () =>
    Effect.gen(function* () {
      yield* plenty
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          yield* Flusher.once
          const [first] = yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* traffic
          const [second] = yield* confirmed("vk", 1)
          const [man] = yield* confirmed("mamba", 1)
          yield* say("vk", "Correct", "defect", [first!])
          yield* Flusher.once
          assert.deepStrictEqual(yield* traffic, { writes: 2, reads: 1 })
          assert.deepStrictEqual(yield* issuedRows("vk"), [
            `${first} Дефектный`,
            `${second} Хороший`,
          ])
          assert.deepStrictEqual(yield* issuedRows("mamba"), [`${man} Хороший`])
          yield* Flusher.once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes the employee out of the row of what was set aside, also after a restart", () =>
    Effect.gen(function* () {
      yield* plenty
      const disk = MemoryJournal.makeDisk()
      const row = Effect.map(rowsOf(issued, vk.issuedTab), (rows) =>
        vk.issuedColumns.flatMap(({ holds }, at) =>
          holds === "stage" || holds === "telegramId" || holds === "status"
            ? [`${holds} ${rows[0]?.cells[at] ?? ""}`]
            : [],
        ),
      )
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          const [id] = yield* confirmed("vk", 1)
          yield* Flusher.once
          assert.deepStrictEqual(yield* row, [
            "stage Иван",
            `telegramId ${holder}`,
            "status Хороший",
          ])
          const pools = yield* Pools
          yield* pools.ask("vk", { _tag: "Undo", id: id!, by: holder, admin: false })
          yield* pools.manage("vk", { _tag: "SetAside", id: id!, admin: holder })
        }),
      )
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* Flusher.once
          assert.deepStrictEqual(yield* row, ["stage ", "telegramId ", "status Изъято"])
          yield* traffic
          yield* Flusher.once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is not starved by a tab that cannot be used, however many rows wait for it", () =>
    Effect.gen(function* () {
      yield* plenty
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* breakTab(vk.issuedTab)
          yield* pass("61 minutes")
          const pools = yield* Pools
          const waiting = yield* confirmed("vk", 1)
          const many = (resource: string) =>
            Effect.map(pools.buffer(resource), (rows) =>
              resource === "vk" ? Array.from({ length: flushRowsMax }, () => rows).flat() : rows,
            )
          yield* confirmed("mamba", 2)
          yield* Flusher.once.pipe(
            Effect.provideService(Pools, Pools.of({ ...pools, buffer: many })),
          )
          assert.strictEqual(yield* buffered("mamba"), 0)
          assert.strictEqual(yield* buffered("vk"), waiting.length)
          assert.deepStrictEqual(yield* raised, ["TabUnusable"])
          yield* breakTab(vk.issuedTab, "ID")
          yield* pass("1 minute")
          yield* Flusher.once
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("writes the other tabs and their corrections when Google refuses one tab", () =>
    Effect.gen(function* () {
      yield* plenty
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          const [inVk] = yield* confirmed("vk", 1)
          const [man] = yield* confirmed("mamba", 1)
          yield* Flusher.once
          yield* closeTab(issued, vk.issuedTab)
          yield* say("vk", "Correct", "block", [inVk!])
          yield* say("mamba", "Correct", "block", [man!])
          yield* confirmed("vk", 1)
          const [other] = yield* confirmed("mamba", 1)
          yield* Flusher.once
          assert.deepStrictEqual(yield* issuedRows("mamba"), [`${man} Блок`, `${other} Хороший`])
          assert.deepStrictEqual(yield* issuedRows("vk"), [`${inVk} Хороший`])
          assert.strictEqual(yield* buffered("vk"), 1)
          assert.strictEqual(yield* corrections("vk"), 1)
          assert.deepStrictEqual(yield* raised, ["demo-issued refused"])
          yield* closeTab(issued, vk.issuedTab, false)
          yield* Flusher.once
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.strictEqual(yield* corrections("vk"), 0)
          assert.lengthOf(yield* issuedRows("vk"), 2)
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("corrects although nothing new can be written", () =>
    Effect.gen(function* () {
      yield* plenty
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          const [man] = yield* confirmed("mamba", 1)
          yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* breakTab(vk.issuedTab)
          yield* pass("61 minutes")
          yield* confirmed("vk", 1)
          yield* say("mamba", "Correct", "block", [man!])
          yield* Flusher.once
          assert.strictEqual(yield* buffered("vk"), 1)
          assert.deepStrictEqual(yield* issuedRows("mamba"), [`${man} Блок`])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("keeps what a disk refused to note, and writes no row twice", () =>
    Effect.gen(function* () {
      yield* plenty
      const disk = MemoryJournal.makeDisk()
      const days = yield* Days
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          yield* confirmed("mamba", 1)
          yield* Flusher.once
          const ids = yield* confirmed("vk", 3)
          // The rows stand in the sheet, but the disk refused to note that.
          yield* days.plant("batchUpdate", {
            happens: Effect.sync(() => void (disk.failing = true)),
          })
          yield* Flusher.once
          yield* pass("1 second")
          assert.deepStrictEqual(yield* raised, ["StorageUnavailable"])
          assert.strictEqual(yield* buffered("vk"), 3)
          disk.failing = false
          yield* pass("2 seconds")
          assert.deepStrictEqual(yield* raised, [])
          yield* Flusher.once
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.deepStrictEqual(
            yield* issuedRows("vk"),
            ids.map((id) => `${id} Хороший`),
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("writes nothing while the disk cannot note what it is about to write", () =>
    Effect.gen(function* () {
      yield* plenty
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* confirmed("vk", 1)
          yield* traffic
          disk.failing = true
          yield* Flusher.once
          assert.strictEqual((yield* traffic).writes, 0)
          disk.failing = false
          yield* Flusher.once
          assert.lengthOf(yield* issuedRows("vk"), 2)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Flusher.layer", () => {
  it.effect("flushes every period, and not before the first one is over", () =>
    Effect.gen(function* () {
      yield* plenty
      yield* running(
        MemoryJournal.makeDisk(),
        Flusher.layer,
        Effect.gen(function* () {
          yield* refill
          yield* confirmed("vk", 1)
          yield* pass("19 seconds")
          assert.strictEqual(yield* buffered("vk"), 1)
          yield* pass("1 second")
          assert.strictEqual(yield* buffered("vk"), 0)
          yield* confirmed("vk", 1)
          yield* pass("19 seconds")
          assert.strictEqual(yield* buffered("vk"), 1)
          yield* pass("1 second")
          assert.strictEqual(yield* buffered("vk"), 0)
        }),
      )
    }).pipe(Effect.provide(worldWith({ writeBufferInterval: Duration.seconds(20) }))),
  )

  it.effect("lets rows wait while Google is silent, tells admins in time, and catches up", () =>
    Effect.gen(function* () {
      yield* plenty
      const { cut } = yield* Line
      yield* running(
        MemoryJournal.makeDisk(),
        Flusher.layer,
        Effect.gen(function* () {
          yield* refill
          const [first] = yield* confirmed("vk", 1)
          yield* pass("30 seconds")
          yield* Ref.set(cut, true)
          const [second] = yield* confirmed("vk", 1)
          yield* pass("31 seconds")
          assert.deepStrictEqual(yield* raised, [])
          const [third] = yield* confirmed("vk", 1)
          yield* pass("4 minutes")
          assert.strictEqual(yield* buffered("vk"), 2)
          assert.deepStrictEqual(yield* raised, ["demo-issued unreachable"])
          yield* Ref.set(cut, false)
          yield* pass("5 minutes")
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.deepStrictEqual(yield* raised, [])
          assert.deepStrictEqual(
            yield* issuedRows("vk"),
            [first, second, third].map((id) => `${id} Хороший`),
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("also when Google was silent from the start", () =>
    Effect.gen(function* () {
      yield* plenty
      const { cut } = yield* Line
      const disk = MemoryJournal.makeDisk()
      yield* running(disk, Layer.empty, Effect.andThen(refill, confirmed("vk", 2)))
      yield* Ref.set(cut, true)
      yield* running(
        disk,
        Flusher.layer,
        Effect.gen(function* () {
          yield* pass("2 minutes")
          assert.deepStrictEqual(yield* raised, [])
          yield* pass("31 seconds")
          assert.deepStrictEqual(yield* raised, ["demo-issued unreachable"])
          yield* Ref.set(cut, false)
          yield* pass("31 seconds")
          assert.deepStrictEqual(yield* raised, [])
          assert.lengthOf(yield* issuedRows("vk"), 2)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
