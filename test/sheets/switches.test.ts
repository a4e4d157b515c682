/**
 * In whatever way Google behaves where that is unconfirmed, each row is there once, in its place.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Correction } from "../../src/sheets/Correction.ts"
import { Flush } from "../../src/sheets/Flush.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  account,
  accounts,
  alarmTags,
  claimVk,
  during,
  good,
  issuance,
  issued,
  pass,
  rowsOf,
  running,
  Shelf,
  shift,
  stocked,
  vk,
  vkTab,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const names = [
  "strictPrune",
  "cutSkipsHidden",
  "responseListsEverySheet",
  "lateRangeError",
] as const
/** These are tried alone and all together, not in every combination. */
const rare = ["wrongBeforeTaken", "searchSkipsHidden", "boxesAreData"] as const
const block = { ...good, status: "block", at: good.at + 60_000 }

const patiently = <A, E, R>(effect: Effect.Effect<A, E, R>) => during("5 minutes", effect)

const claimed = Effect.gen(function* () {
  yield* claimVk(2)
  const workbooks = yield* Workbooks
  const tab = vkTab.title
  yield* workbooks.edit(accounts, { op: "hide", tab, at: 2, count: 1 })
  const insert = { op: "insert", tab, at: 1, rows: [account(9)] } as const
  const days = yield* Days
  yield* days.plant("batchUpdate", {
    happens: Effect.orDie(workbooks.edit(accounts, insert)),
    day: "lostAnswer",
  })
  yield* patiently(claimVk(3))
  yield* days.plant("batchUpdate", "late")
  yield* patiently(claimVk(2))
  yield* days.land
})

const flushedAndCorrected = Effect.gen(function* () {
  const { written } = yield* Shelf
  const flush = yield* Flush
  const correction = yield* Correction
  const days = yield* Days
  const rows = (numbers: ReadonlyArray<number>, change = {}) =>
    numbers.map((number) => ({ resource: vk, issuance: issuance(number, change) }))
  yield* flush.flush(rows([1]), written)
  yield* days.plant("batchUpdate", "unavailable")
  yield* patiently(flush.flush(rows([2, 3]), written))
  yield* days.plant("batchUpdate", { happens: yield* shift, day: "lostAnswer" })
  yield* patiently(correction.correct(rows([2], { mark: block, row: good }), written))
})

describe("unconfirmed answers", () => {
  const all = Array.from({ length: 2 ** names.length }, (_, bits) =>
    names.filter((__, index) => (bits >> index) % 2 === 1),
  )
  for (const chosen of [...all, ...rare.map((name) => [name]), [...names, ...rare]]) {
    it.effect(`make no difference: ${chosen.join(", ") || "none"}`, () =>
      Effect.gen(function* () {
        yield* stocked(6)
        const workbooks = yield* Workbooks
        yield* workbooks.configure(Object.fromEntries(chosen.map((name) => [name, true])))
        const disk = MemoryJournal.makeDisk()
        yield* running(disk, claimed)
        yield* pass("2 hours")
        yield* running(disk, flushedAndCorrected)
        const keys = [1, 2, 9, 3, 4, 5, 6].map((number) => `user${number}@example.com`)
        assert.deepStrictEqual(yield* (yield* Shelf).keys, keys)
        const left = yield* rowsOf(accounts, vkTab.title)
        assert.deepStrictEqual(left, [])
        const shown = (yield* rowsOf(issued, vk.issuedTab)).map(({ cells }) => [
          cells.at(-1),
          cells.at(-3),
        ])
        assert.deepStrictEqual(shown.slice(1), [
          [issuance(1).id, "Хороший"],
          [issuance(2).id, "Блок"],
          [issuance(3).id, "Хороший"],
        ])
        assert.deepStrictEqual(
          (yield* Ref.get((yield* Shelf).rows)).map(({ id, mark }) => [id, mark.status]),
          [
            [issuance(1).id, "good"],
            [issuance(2).id, "good"],
            [issuance(3).id, "good"],
            [issuance(2).id, "block"],
          ],
        )
        assert.deepStrictEqual(yield* alarmTags, [])
      }).pipe(Effect.provide(world)),
    )
  }

  for (const wrongBeforeTaken of [false, true]) {
    it.effect(
      `a write that was applied late, to a tab that is gone by now: ${wrongBeforeTaken}`,
      () =>
        Effect.gen(function* () {
          yield* stocked(1)
          const workbooks = yield* Workbooks
          yield* workbooks.configure({ wrongBeforeTaken })
          const days = yield* Days
          const { written } = yield* Shelf
          const flush = (number: number) =>
            Flush.use((service) =>
              service.flush([{ resource: vk, issuance: issuance(number) }], written),
            )
          const gone = Effect.orDie(workbooks.edit(issued, { op: "removeTab", tab: vk.issuedTab }))
          yield* running(
            MemoryJournal.makeDisk(),
            Effect.gen(function* () {
              yield* flush(1)
              // The second try arrives when the first one has, and names a tab that is not there.
              yield* days.plant("batchUpdate", "late", { happens: Effect.andThen(days.land, gone) })
              yield* days.counts
              assert.strictEqual(yield* patiently(flush(2)), 1)
              // An empty write shows that the number is taken, where Google says something else.
              assert.strictEqual((yield* days.counts).writes, wrongBeforeTaken ? 3 : 2)
            }),
          )
          const told = (yield* Ref.get((yield* Shelf).rows)).map(({ id }) => id)
          assert.deepStrictEqual(told, [issuance(1).id, issuance(2).id])
        }).pipe(Effect.provide(world)),
    )
  }
})
