import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { TelegramId } from "../../src/domain/Employee.ts"
import type { Mark } from "../../src/domain/Issuance.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Correction } from "../../src/sheets/Correction.ts"
import { Flush } from "../../src/sheets/Flush.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  during,
  good,
  issuance,
  issued,
  killedAfter,
  pass,
  rowsOf,
  running,
  Shelf,
  shift,
  stocked,
  vk,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const block: Mark = { ...good, status: "block", at: good.at + 60_000 }
const red = "#f5cccc"
const green = "#d9f0d9"

const flushed = (numbers: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const { written } = yield* Shelf
    const rows = numbers.map((number) => ({ resource: vk, issuance: issuance(number) }))
    yield* (yield* Flush).flush(rows, written)
  })

const correct = (numbers: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const { written } = yield* Shelf
    const rows = numbers.map((number) => ({
      resource: vk,
      issuance: issuance(number, { mark: block, row: good }),
    }))
    return yield* (yield* Correction).correct(rows, written)
  })

/** Id, status and colour of each row. */
const shown = Effect.map(rowsOf(issued, vk.issuedTab), (rows) =>
  rows.map(({ cells, colour }) => [cells.at(-1), cells.at(-3), colour]),
)
const blocked = (number: number) => [issuance(number).id, "Блок", red]
const fine = (number: number) => [issuance(number).id, "Хороший", green]
const corrections = Effect.gen(function* () {
  return (yield* Ref.get((yield* Shelf).rows))
    .filter(({ mark }) => mark.status === "block")
    .map(({ id }) => id)
})

describe("Correction", () => {
  it.effect("changes status, time and colour with one read and one write", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2, 3])
          yield* days.counts
          assert.strictEqual(yield* correct([1, 3]), 2)
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
        }),
      )
      assert.deepStrictEqual(yield* shown, [blocked(1), fine(2), blocked(3)])
      assert.strictEqual((yield* rowsOf(issued, vk.issuedTab))[0]?.cells.at(-2), "22.11.2026 12:31")
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "writes who holds it now, and gives a row that was hit instead its own holder back",
    () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const boris = { holder: TelegramId.make(102), stage: "boris" }
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* flushed([1, 2, 3])
            const { written } = yield* Shelf
            const rows = [2, 3].map((number) => ({
              resource: vk,
              issuance: issuance(number, { mark: block, row: good, ...boris }),
            }))
            yield* (yield* Days).plant("batchUpdate", { happens: yield* shift })
            yield* (yield* Correction).correct(rows, written)
          }),
        )
        const [tab] = (yield* (yield* Workbooks).view(issued)).filter(
          ({ title }) => title === vk.issuedTab,
        )
        const column = (name: string) => tab?.header.indexOf(name) ?? -1
        const seen = (yield* rowsOf(issued, vk.issuedTab)).flatMap(({ cells }) =>
          (cells[column("ID")] ?? "") === ""
            ? []
            : [[cells[column("ID")], cells[column("Сотрудник")], cells[column("Telegram ID")]]],
        )
        const other = issuance(1)
        assert.deepStrictEqual(seen, [
          [other.id, other.stage, String(other.holder)],
          [issuance(2).id, "boris", "102"],
          [issuance(3).id, "boris", "102"],
        ])
      }).pipe(Effect.provide(world)),
  )

  it.effect("puts right a row that was hit because rows moved", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2, 3])
          yield* days.counts
          yield* days.plant("batchUpdate", { happens: yield* shift })
          assert.strictEqual(yield* correct([2]), 1)
          assert.deepStrictEqual(yield* days.counts, { writes: 2, reads: 2 })
        }),
      )
      assert.deepStrictEqual((yield* shown).slice(1), [fine(1), blocked(2), fine(3)])
      assert.deepStrictEqual(yield* corrections, [issuance(2).id])
    }).pipe(Effect.provide(world)),
  )

  it.effect("finds the rows again when the answer was lost and rows moved", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2, 3])
          yield* days.plant("batchUpdate", { happens: yield* shift, day: "lostAnswer" })
          assert.strictEqual(yield* during("1 minute", correct([2])), 1)
        }),
      )
      assert.deepStrictEqual((yield* shown).slice(1), [fine(1), blocked(2), fine(3)])
    }).pipe(Effect.provide(world)),
  )

  it.effect("looks the rows up anew instead of sending old places again", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2, 3])
          yield* days.plant("batchUpdate", "late")
          yield* days.plant("metadata", { happens: yield* shift })
          assert.strictEqual(yield* during("1 minute", correct([2])), 1)
          yield* days.land
        }),
      )
      assert.deepStrictEqual((yield* shown).slice(1), [fine(1), blocked(2), fine(3)])
    }).pipe(Effect.provide(world)),
  )
})

describe("Correction, after a crash", () => {
  it.effect("is verified by the next run of the bot", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      const doomed = Effect.gen(function* () {
        yield* flushed([1, 2])
        yield* days.plant("batchUpdate", "lostAnswer")
        yield* days.plant("metadata", "hang")
        yield* correct([2])
      })
      yield* killedAfter("1 minute", running(disk, doomed))
      assert.deepStrictEqual(yield* corrections, [])
      yield* running(disk, Effect.void)
      assert.deepStrictEqual(yield* corrections, [issuance(2).id])
      assert.deepStrictEqual(yield* shown, [fine(1), blocked(2)])
    }).pipe(Effect.provide(world)),
  )

  it.effect("puts right in a later run what was hit because rows moved", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      const doomed = Effect.gen(function* () {
        yield* flushed([1, 2, 3])
        yield* days.plant("batchUpdate", { happens: yield* shift, day: "lostAnswer" })
        yield* days.plant("metadata", "hang")
        yield* correct([2])
      })
      yield* killedAfter("1 minute", running(disk, doomed))
      assert.deepStrictEqual((yield* shown).slice(1), [blocked(1), fine(2), fine(3)])
      // One run of the bot finds that out and ends; the next one puts it right.
      yield* running(disk, Effect.void)
      assert.deepStrictEqual(yield* corrections, [])
      assert.strictEqual(yield* running(disk, correct([2])), 1)
      assert.deepStrictEqual((yield* shown).slice(1), [fine(1), blocked(2), fine(3)])
      assert.strictEqual((yield* rowsOf(issued, vk.issuedTab))[1]?.cells.at(-2), "22.11.2026 12:30")
      yield* days.counts
      assert.strictEqual(yield* running(disk, correct([])), 0)
      assert.strictEqual((yield* days.counts).writes, 0)
      assert.deepStrictEqual(yield* (yield* Alarms).raised, [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("tells of a row without an id that was hit: nobody knows what it said", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2])
          yield* days.plant("batchUpdate", { happens: yield* shift })
          assert.strictEqual(yield* correct([1]), 1)
        }),
      )
      assert.deepStrictEqual((yield* shown).slice(1), [blocked(1), fine(2)])
      assert.deepStrictEqual(yield* (yield* Alarms).raised, [
        { _tag: "RowMistaken", tab: vk.issuedTab, row: 2, issuance: "" },
      ])
    }).pipe(Effect.provide(world)),
  )

  for (const lateRangeError of [false, true]) {
    it.effect(`holds up nothing when the tab got another name: late ${lateRangeError}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const workbooks = yield* Workbooks
        const days = yield* Days
        yield* workbooks.configure({ lateRangeError })
        const rename = (tab: string, title: string) =>
          Effect.orDie(workbooks.edit(issued, { op: "rename", tab, title }))
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* flushed([1])
            yield* days.plant("batchUpdate", { happens: rename(vk.issuedTab, "Архив") })
            yield* during("5 minutes", Effect.exit(correct([1])))
            assert.deepStrictEqual(yield* corrections, [])
            yield* rename("Архив", vk.issuedTab)
            yield* pass("2 minutes")
            assert.strictEqual(yield* correct([1]), 1)
            yield* flushed([2])
          }),
        )
        assert.deepStrictEqual(yield* shown, [blocked(1), fine(2)])
        assert.deepStrictEqual(yield* (yield* Alarms).raised, [])
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("is not sent again to old places by the next run of the bot", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      const doomed = Effect.gen(function* () {
        yield* flushed([1, 2])
        yield* days.plant("batchUpdate", "late")
        yield* days.plant("metadata", "hang")
        yield* correct([2])
      })
      yield* killedAfter("1 minute", running(disk, doomed))
      yield* yield* shift
      yield* running(disk, Effect.void)
      yield* days.land
      assert.deepStrictEqual((yield* shown).slice(1), [fine(1), fine(2)])
      assert.deepStrictEqual(yield* corrections, [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("tells of a row that is gone, once, and lets go of it", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2])
          yield* workbooks.edit(issued, { op: "delete", tab: vk.issuedTab, at: 1, count: 1 })
          assert.strictEqual(yield* correct([1, 2]), 2)
        }),
      )
      assert.deepStrictEqual(yield* shown, [blocked(2)])
      assert.deepStrictEqual((yield* corrections).toSorted(), [issuance(1).id, issuance(2).id])
      assert.deepStrictEqual(yield* (yield* Alarms).raised, [
        { _tag: "RowVanished", tab: vk.issuedTab, issuance: issuance(1).id },
      ])
    }).pipe(Effect.provide(world)),
  )
})

describe("a comment", () => {
  const { header = "" } = vk.issuedColumns.find(({ holds }) => holds === "comment") ?? {}
  const commented = (comment: string): Mark => ({ ...block, comment })
  /** Under the header of the comments, from the first row of items. */
  const comments = Effect.gen(function* () {
    const tabs = yield* (yield* Workbooks).view(issued)
    const tab = tabs.find(({ title }) => title === vk.issuedTab)
    const at = tab?.header.indexOf(header) ?? -1
    return at < 0 ? "no column" : tab?.rows.map(({ cells }) => cells[at] ?? "")
  })

  const correctTo = (marks: ReadonlyArray<readonly [number, Mark, Mark]>) =>
    Effect.gen(function* () {
      const { written } = yield* Shelf
      const rows = marks.map(([number, mark, row]) => ({
        resource: vk,
        issuance: issuance(number, { mark, row }),
      }))
      return yield* (yield* Correction).correct(rows, written)
    })

  it.effect("brings its column along, is changed, and is taken back", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flushed([1, 2, 3])
          assert.strictEqual(yield* comments, "no column")
          yield* correctTo([[2, commented("=1+1"), good]])
          assert.deepStrictEqual(yield* comments, ["", "=1+1", ""])
          yield* correctTo([
            [2, commented("+7 900"), commented("=1+1")],
            [3, commented("бан"), good],
          ])
          assert.deepStrictEqual(yield* comments, ["", "+7 900", "бан"])
          yield* correctTo([[2, good, commented("+7 900")]])
          assert.deepStrictEqual(yield* comments, ["", "", "бан"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("stands in a new row at once, and leaves what people typed there alone", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const { written } = yield* Shelf
          const row = (number: number, mark: Mark) => ({
            resource: vk,
            issuance: issuance(number, { mark }),
          })
          yield* (yield* Flush).flush([row(1, commented("не входит")), row(2, good)], written)
          assert.deepStrictEqual(yield* comments, ["не входит", ""])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
