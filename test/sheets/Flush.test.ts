import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Flush } from "../../src/sheets/Flush.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  alarmTags,
  during,
  good,
  issuance,
  issued,
  killedAfter,
  pass,
  resourceOf,
  rowsOf,
  running,
  Shelf,
  stocked,
  vk,
  world,
} from "./bench.ts"
import { type BadDay, Days } from "./workbooksClient.ts"

const flush = (numbers: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const { written } = yield* Shelf
    const rows = numbers.map((number) => ({ resource: vk, issuance: issuance(number) }))
    return yield* (yield* Flush).flush(rows, written)
  })

const ids = Effect.map(rowsOf(issued, vk.issuedTab), (rows) =>
  rows.map(({ cells }) => cells.at(-1)),
)
const expected = (...numbers: ReadonlyArray<number>) => numbers.map((n) => issuance(n).id)
const told = Effect.gen(function* () {
  return (yield* Ref.get((yield* Shelf).rows)).map(({ id }) => id)
})

describe("Flush", () => {
  it.effect("writes all tabs in one write, as literal text, coloured, with the id", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const number = resourceOf("number")
      const { written } = yield* Shelf
      const called = issuance(2, {
        item: {
          ...issuance(2).item,
          resource: "number",
          fields: { number: "+79000000007", date: "05.11.2026" },
          day: issuance(2).item.day,
        },
        targets: ["beboo", "tabor"],
        mark: { ...good, status: "reset", auto: true },
      })
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([9])
          yield* days.counts
          const count = yield* (yield* Flush).flush(
            [
              { resource: vk, issuance: issuance(1) },
              { resource: number, issuance: called },
            ],
            written,
          )
          assert.strictEqual(count, 2)
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
        }),
      )
      const row = (yield* rowsOf(issued, vk.issuedTab))[1]
      assert.deepStrictEqual(row?.cells, [
        "22.11.2026 12:00",
        "user1@example.com",
        "=pass+1",
        "",
        "495",
        "Иван",
        "2",
        "Хороший",
        "22.11.2026 12:30",
        "ISSUANCE01",
      ])
      assert.strictEqual(row?.colour, "#d9f0d9")
      assert.deepStrictEqual((yield* rowsOf(issued, number.issuedTab))[0]?.cells.slice(1, 4), [
        "+79000000007",
        "05.11.2026",
        "Beboo, Табор",
      ])
      assert.strictEqual(
        (yield* rowsOf(issued, number.issuedTab))[0]?.cells.at(-2),
        "22.11.2026 12:30 авто",
      )
      assert.deepStrictEqual(yield* told, expected(9, 1, 2))
    }).pipe(Effect.provide(world)),
  )
})

describe("Flush, on a bad day", () => {
  const unclear: ReadonlyArray<readonly [BadDay, number]> = [
    ["lostRequest", 2],
    ["lostAnswer", 1],
    ["unavailable", 1],
    ["quota", 2],
    ["late", 2],
  ]
  for (const [day, writes] of unclear) {
    it.effect(`writes each row once: ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const days = yield* Days
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* flush([1])
            yield* days.counts
            yield* days.plant("batchUpdate", day)
            assert.strictEqual(yield* during("5 minutes", flush([2, 3])), 2)
            assert.strictEqual((yield* days.counts).writes, writes)
            yield* days.land
          }),
        )
        assert.deepStrictEqual(yield* ids, expected(1, 2, 3))
        assert.deepStrictEqual(yield* told, expected(1, 2, 3))
      }).pipe(Effect.provide(world)),
    )
  }

  for (const day of ["lostRequest", "lostAnswer", "late"] as const) {
    it.effect(`is finished by the next run of the bot: crash and ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const days = yield* Days
        const disk = MemoryJournal.makeDisk()
        const doomed = Effect.gen(function* () {
          yield* flush([1])
          yield* days.plant("batchUpdate", day)
          yield* days.plant("metadata", "hang")
          yield* flush([2, 3])
        })
        yield* killedAfter("10 seconds", running(disk, doomed))
        assert.deepStrictEqual(yield* told, expected(1))
        yield* during("5 minutes", running(disk, flush([4])))
        yield* days.land
        assert.deepStrictEqual(yield* ids, expected(1, 2, 3, 4))
        assert.deepStrictEqual(yield* told, expected(1, 2, 3, 4))
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("does not write again what an interrupted flush had written", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1])
          yield* days.plant("batchUpdate", "lostAnswer")
          yield* days.plant("metadata", "hang")
          yield* killedAfter("10 seconds", flush([2]))
          // Whoever asks has collected this row before it was known that the row above is written.
          assert.strictEqual(yield* flush([2, 3]), 1)
        }),
      )
      assert.deepStrictEqual(yield* ids, expected(1, 2, 3))
      assert.deepStrictEqual(yield* told, expected(1, 2, 3))
    }).pipe(Effect.provide(world)),
  )

  it.effect("is told again when the disk failed after the answer, and not written again", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Effect.gen(function* () {
          yield* flush([1])
          yield* days.plant("batchUpdate", {
            happens: Effect.sync(() => void (disk.failing = true)),
          })
          assert.strictEqual((yield* Effect.flip(flush([2])))._tag, "StorageUnavailable")
          disk.failing = false
          assert.strictEqual(yield* flush([2]), 0)
        }),
      )
      assert.deepStrictEqual(yield* ids, expected(1, 2))
    }).pipe(Effect.provide(world)),
  )
})

describe("Flush, of tabs in a state", () => {
  it.effect("passes over a tab without a needed column, and comes back to it", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const number = resourceOf("number")
      const { written } = yield* Shelf
      const both = [
        { resource: vk, issuance: issuance(2) },
        { resource: number, issuance: issuance(3) },
      ]
      const set = (value: string) =>
        workbooks.edit(issued, { op: "set", tab: vk.issuedTab, row: 0, column: 9, value })
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1])
          yield* set("Код")
          yield* pass("61 minutes")
          const service = yield* Flush
          assert.strictEqual(yield* service.flush(both, written), 1)
          assert.deepStrictEqual(yield* alarmTags, ["TabUnusable"])
          assert.strictEqual((yield* Effect.flip(flush([2])))._tag, "TabUnusable")
          yield* set("id")
          yield* pass("1 minute")
          assert.strictEqual(yield* flush([2]), 1)
          assert.deepStrictEqual(yield* alarmTags, [])
        }),
      )
      assert.deepStrictEqual(yield* ids, expected(1, 2))
    }).pipe(Effect.provide(world)),
  )

  it.effect("keeps the rows when it is refused", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1])
          yield* workbooks.edit(issued, { op: "removeTab", tab: vk.issuedTab })
          const refused = yield* Effect.flip(flush([2]))
          assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
          assert.strictEqual((yield* Effect.flip(flush([2])))._tag, "TabUnusable")
        }),
      )
      assert.deepStrictEqual(yield* told, expected(1))
    }).pipe(Effect.provide(world)),
  )

  it.effect("writes below what is there, whoever sorted, hid or filtered it", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const tab = vk.issuedTab
      const sorted = workbooks.edit(issued, { op: "sort", tab, column: 9, descending: true })
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1, 2])
          yield* workbooks.edit(issued, { op: "filter", tab, column: 7, hiddenValues: ["Хороший"] })
          yield* workbooks.edit(issued, { op: "hide", tab, at: 1, count: 1 })
          yield* days.plant("batchUpdate", "denied")
          const denied = yield* Effect.flip(flush([3]))
          assert.strictEqual(denied._tag === "SheetsError" && denied.reason._tag, "Denied")
          yield* days.plant("batchUpdate", { happens: Effect.orDie(sorted) })
          yield* flush([3])
        }),
      )
      assert.strictEqual((yield* ids).length, 3)
      assert.deepStrictEqual(new Set(yield* ids), new Set(expected(1, 2, 3)))
      assert.deepStrictEqual(yield* told, expected(1, 2, 3))
    }).pipe(Effect.provide(world)),
  )
})
