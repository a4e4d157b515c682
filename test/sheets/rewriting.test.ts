/** Rows that people spoilt get their item again, or are written again, and no other row suffers. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
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
  rowsOf,
  running,
  Shelf,
  shift,
  stocked,
  vk,
  world,
} from "./bench.ts"
import { type BadDay, Days } from "./workbooksClient.ts"

const flush = (numbers: ReadonlyArray<number>, rewrites?: number) =>
  Effect.gen(function* () {
    const { written } = yield* Shelf
    const about = rewrites === undefined ? {} : { rewrites }
    const rows = numbers.map((number) => ({ resource: vk, issuance: issuance(number, about) }))
    return yield* (yield* Flush).flush(rows, written)
  })

/** `items`: the numbers of the rows that get their item again too. */
const correct = (numbers: ReadonlyArray<number>, items: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const { written } = yield* Shelf
    const rows = numbers.map((number) => ({
      resource: vk,
      issuance: issuance(number, {
        row: { ...good, auto: true },
        ...(items.includes(number) ? { valueLost: true } : {}),
      }),
    }))
    return yield* (yield* Correction).correct(rows, written)
  })

const setLogin = (row: number, value: string) =>
  Workbooks.use((workbooks) =>
    workbooks.edit(issued, { op: "set", tab: vk.issuedTab, row, column: 1, value }),
  )

/** Login and id of each row. */
const shown = Effect.map(rowsOf(issued, vk.issuedTab), (rows) =>
  rows.map(({ cells }) => `${cells[1]} ${cells.at(-1)}`),
)
const own = (number: number) => `user${number}@example.com ${issuance(number).id}`
const foreign = (number: number) => `foreign@example.com ${issuance(number).id}`

describe("a row that stands for another item", () => {
  it.effect("gets its own again, the others keep what they have", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1, 2, 3])
          for (const row of [1, 2, 3]) yield* setLogin(row, "foreign@example.com")
          yield* days.counts
          assert.strictEqual(yield* correct([2, 3], [2]), 2)
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
        }),
      )
      assert.deepStrictEqual(yield* shown, [foreign(1), own(2), foreign(3)])
    }).pipe(Effect.provide(world)),
  )

  for (const day of ["fine", "lostAnswer"] as const) {
    it.effect(`a row that was hit because rows moved gets its own back: ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const days = yield* Days
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* flush([1, 2, 3])
            yield* setLogin(2, "foreign@example.com")
            const happens = yield* shift
            yield* days.plant("batchUpdate", day === "fine" ? { happens } : { happens, day })
            assert.strictEqual(yield* during("1 minute", correct([2], [2])), 1)
          }),
        )
        assert.deepStrictEqual((yield* shown).slice(1), [own(1), own(2), own(3)])
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("and also when only the next run of the bot finds that out", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      const doomed = Effect.gen(function* () {
        yield* flush([1, 2, 3])
        yield* setLogin(2, "foreign@example.com")
        yield* days.plant("batchUpdate", { happens: yield* shift, day: "lostAnswer" })
        yield* days.plant("metadata", "hang")
        yield* correct([2], [2])
      })
      yield* killedAfter("1 minute", running(disk, doomed))
      assert.notDeepEqual((yield* shown).slice(1), [own(1), own(2), own(3)])
      yield* running(disk, Effect.void)
      assert.strictEqual(yield* running(disk, correct([2], [2])), 1)
      assert.deepStrictEqual((yield* shown).slice(1), [own(1), own(2), own(3)])
    }).pipe(Effect.provide(world)),
  )
})

const remove = Workbooks.use((workbooks) =>
  workbooks.edit(issued, { op: "delete", tab: vk.issuedTab, at: 1, count: 1 }),
)

describe("a row that is gone", () => {
  it.effect("is written again once each time, and a first time without another read", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1, 2])
          yield* remove
          assert.strictEqual(yield* flush([1]), 0)
          yield* days.counts
          assert.strictEqual(yield* flush([1], 1), 1)
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
          // This call does not know yet that the row was written.
          assert.strictEqual(yield* flush([1], 1), 0)
          assert.strictEqual(yield* flush([3]), 1)
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
        }),
      )
      assert.deepStrictEqual(yield* shown, [own(2), own(1), own(3)])
    }).pipe(Effect.provide(world)),
  )

  it.effect("but stands there again: it counts as written and does not come twice", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* flush([1, 2])
          assert.strictEqual(yield* flush([1], 1), 1)
          const { rows } = yield* Shelf
          assert.deepStrictEqual(
            (yield* Ref.get(rows)).map(({ id }) => id),
            [1, 2, 1].map((number) => issuance(number).id),
          )
        }),
      )
      assert.deepStrictEqual(yield* shown, [own(1), own(2)])
    }).pipe(Effect.provide(world)),
  )

  for (const day of ["lostRequest", "lostAnswer", "late"] satisfies ReadonlyArray<BadDay>) {
    it.effect(`comes once whatever becomes of the write: crash and ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const days = yield* Days
        const disk = MemoryJournal.makeDisk()
        const doomed = Effect.gen(function* () {
          yield* flush([1, 2])
          yield* remove
          yield* days.plant("batchUpdate", day)
          yield* days.plant("metadata", "hang")
          yield* flush([1], 1)
        })
        yield* killedAfter("1 minute", running(disk, doomed))
        const twice = Effect.andThen(flush([1], 1), flush([1], 1))
        yield* during("5 minutes", running(disk, twice))
        yield* days.land
        assert.deepStrictEqual(yield* shown, [own(2), own(1)])
      }).pipe(Effect.provide(world)),
    )
  }
})
