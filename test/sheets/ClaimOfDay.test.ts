/** Claims of rows that a look has found further down in a tab. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Day } from "../../src/domain/Day.ts"
import type { HumanEdit } from "../../src/playground/spreadsheets/HumanEdit.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { hour, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  account,
  accounts,
  alarmTags,
  during,
  header as accountHeader,
  killedAfter,
  numbers,
  rowsOf,
  running,
  seedTabs,
  Shelf,
  vkTab,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const [numbersTab = vkTab] = numbers.baseTabs
const tab = numbersTab.title
const today = Day.make("2026-11-22")

const header = ["Дата", "Номер"]
const phone = (index: number) => `7900000${String(1000 + index)}`
const row = (day: number, index: number) => [{ date: `${day}.11.2026` }, phone(index)]
/**
 * The tab has two old rows, three of today with a blank one among them, an old one, and one of
 * today.
 */
const messy = [
  header,
  row(20, 1),
  row(21, 2),
  row(22, 3),
  [],
  ["22.11.26", phone(4)],
  ["вчера", phone(5)],
  row(21, 6),
  row(22, 7),
]
const seed = seedTabs({ title: tab, rows: messy, frozen: 1 })

const look = Claim.use((claim) =>
  Effect.map(claim.filled([{ tab: numbersTab, onlyDay: today }], "background"), (filled) =>
    filled.get(tab),
  ),
)
const claimRun = (from: number, rows: number) =>
  Effect.gen(function* () {
    const claim = yield* Claim
    const shelf = yield* Shelf
    const request = { resource: numbers, tab: numbersTab, rows, from, urgency: "person" } as const
    return yield* claim.claim(request, shelf.load)
  })
const edit = (act: HumanEdit) => Workbooks.use((workbooks) => workbooks.edit(accounts, act))
const left = Effect.map(rowsOf(accounts, tab), (rows) => rows.map(({ cells }) => cells[1]))
const phones = (...indexes: ReadonlyArray<number>) => indexes.map(phone)
const run = <A, E, R>(effect: Effect.Effect<A, E, R>) => running(MemoryJournal.makeDisk(), effect)

describe("Claim.filled, of one day", () => {
  it.effect("finds the rows of that day and of any, in one read for several tabs", () =>
    Effect.gen(function* () {
      yield* seedTabs(
        { title: tab, rows: messy },
        { title: vkTab.title, rows: [accountHeader, account(1), account(2)] },
        { title: "Одноклассники", rows: [accountHeader] },
      )
      const days = yield* Days
      yield* run(
        Effect.gen(function* () {
          const claim = yield* Claim
          yield* claimRun(1, 1)
          yield* days.counts
          const filled = yield* claim.filled(
            [
              { tab: numbersTab, onlyDay: today },
              { tab: vkTab, onlyDay: null },
              { tab: { title: "Одноклассники", variant: null }, onlyDay: null },
            ],
            "background",
          )
          assert.deepStrictEqual(
            [...filled],
            [
              [
                tab,
                [
                  { from: 2, rows: 4 },
                  { from: 7, rows: 1 },
                ],
              ],
              [vkTab.title, [{ from: 1, rows: 2 }]],
            ],
          )
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
          const other = [{ tab: numbersTab, onlyDay: Day.make("2026-11-25") }]
          assert.deepStrictEqual(
            [...(yield* claim.filled(other, "background"))],
            [[tab, [{ from: 5, rows: 1 }]]],
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("counts the rows of several tabs in one read, empty ones are zero", () =>
    Effect.gen(function* () {
      yield* seedTabs(
        { title: tab, rows: messy },
        { title: vkTab.title, rows: [accountHeader, account(1), [], account(2)] },
        { title: "Одноклассники", rows: [accountHeader] },
      )
      const days = yield* Days
      yield* run(
        Effect.gen(function* () {
          const claim = yield* Claim
          yield* claimRun(1, 1)
          yield* days.counts
          const ok = { title: "Одноклассники", variant: null }
          const all = [numbersTab, vkTab, ok].map((one) => ({ tab: one, onlyDay: null }))
          assert.deepStrictEqual(
            [...(yield* claim.counted(all, "background"))].map(([title, count]) => [
              title,
              count.rows,
            ]),
            [
              [tab, 6],
              [vkTab.title, 2],
              [ok.title, 0],
            ],
          )
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
          const ofDay = [{ tab: numbersTab, onlyDay: today }]
          assert.strictEqual((yield* claim.counted(ofDay, "background")).get(tab)?.rows, 3)
          yield* edit({ op: "rename", tab: vkTab.title, title: "Старое" })
          assert.deepStrictEqual(
            [...(yield* claim.counted(all, "background")).keys()],
            [tab, ok.title],
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is not stopped by another tab that was renamed since it was last looked at", () =>
    Effect.gen(function* () {
      yield* seedTabs(
        { title: tab, rows: messy },
        { title: vkTab.title, rows: [accountHeader, account(1)] },
      )
      yield* run(
        Effect.gen(function* () {
          const claim = yield* Claim
          const wanted = [
            { tab: numbersTab, onlyDay: today },
            { tab: vkTab, onlyDay: null },
          ]
          const titles = Effect.map(claim.filled(wanted, "background"), (all) => [...all.keys()])
          assert.deepStrictEqual(yield* titles, [tab, vkTab.title])
          yield* edit({ op: "rename", tab: vkTab.title, title: "Старое" })
          assert.deepStrictEqual(yield* titles, [tab])
          assert.deepStrictEqual(yield* alarmTags, ["TabUnusable"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("goes by the header as it is, and finds nothing under one that lost a column", () =>
    Effect.gen(function* () {
      yield* seed
      yield* run(
        Effect.gen(function* () {
          yield* claimRun(1, 1)
          yield* edit({ op: "set", tab, row: 0, column: 0, value: "Номер" })
          yield* edit({ op: "set", tab, row: 0, column: 1, value: "Дата" })
          yield* edit({ op: "set", tab, row: 1, column: 1, value: { date: "22.11.2026" } })
          yield* edit({ op: "set", tab, row: 2, column: 1, value: { date: "21.11.2026" } })
          assert.deepStrictEqual((yield* look)?.[0], { from: 1, rows: 1 })
          yield* edit({ op: "set", tab, row: 0, column: 1, value: "Когда" })
          assert.isUndefined(yield* look)
          assert.deepStrictEqual(yield* alarmTags, ["TabUnusable"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, of a run", () => {
  it.effect("cuts it out of the middle, blank rows and unreadable dates with it", () =>
    Effect.gen(function* () {
      yield* seed
      const days = yield* Days
      const workbooks = yield* Workbooks
      yield* workbooks.configure({ cutSkipsHidden: true })
      const grid = workbooks.get(accounts, { fields: "sheets(properties(title,gridProperties))" })
      const before = JSON.stringify(yield* grid)
      yield* run(
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* look, [
            { from: 3, rows: 4 },
            { from: 8, rows: 1 },
          ])
          yield* edit({ op: "hide", tab, at: 4, count: 2 })
          const { items, quarantined } = yield* claimRun(3, 4)
          assert.deepStrictEqual(
            items.map(({ key, day }) => [key, day]),
            [
              [phone(3), today],
              [phone(4), today],
            ],
          )
          assert.deepStrictEqual(
            quarantined.map(({ reason, column }) => [reason, column]),
            [["unreadable", "Дата"]],
          )
          assert.deepStrictEqual(yield* left, phones(1, 2, 6, 7))
          yield* days.counts
          assert.deepStrictEqual(
            (yield* claimRun(4, 1)).items.map(({ key }) => key),
            phones(7),
          )
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
          assert.deepStrictEqual(yield* left, phones(1, 2, 6))
        }),
      )
      // The tab keeps its size, so that it does not grow with each day's work.
      assert.include(JSON.stringify(yield* grid), before.slice(before.indexOf(`"${tab}"`), -3))
      assert.deepStrictEqual(yield* alarmTags, [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes whatever has moved there, as what it is, and never the header", () =>
    Effect.gen(function* () {
      yield* seed
      const days = yield* Days
      const workbooks = yield* Workbooks
      const rows = [row(20, 8), row(20, 9)]
      const inserted = workbooks.edit(accounts, { op: "insert", tab, at: 1, rows })
      yield* run(
        Effect.gen(function* () {
          yield* claimRun(900, 1)
          yield* days.plant("batchUpdate", { happens: Effect.orDie(inserted) })
          const { items } = yield* claimRun(3, 2)
          assert.deepStrictEqual(
            items.map(({ key, day }) => [key, day as string]),
            [
              [phone(1), "2026-11-20"],
              [phone(2), "2026-11-21"],
            ],
          )
          assert.deepStrictEqual(
            (yield* claimRun(0, 1)).items.map(({ key }) => key),
            phones(8),
          )
          assert.deepStrictEqual(yield* left, [
            phone(9),
            phone(3),
            undefined,
            ...phones(4, 5, 6, 7),
          ])
          assert.deepStrictEqual(
            (yield* workbooks.view(accounts)).find(({ title }) => title === tab)?.header,
            header,
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("looks at a tab again that was of no use, also when the clock was set back", () =>
    Effect.gen(function* () {
      yield* seed
      yield* withWallClock((step) =>
        run(
          Effect.gen(function* () {
            yield* edit({ op: "insert", tab, at: 0, rows: [row(19, 9)] })
            assert.strictEqual((yield* Effect.flip(claimRun(1, 1)))._tag, "TabUnusable")
            yield* edit({ op: "delete", tab, at: 0, count: 1 })
            assert.strictEqual((yield* Effect.flip(claimRun(1, 1)))._tag, "TabUnusable")
            yield* step(-hour)
            yield* TestClock.adjust("1 minute")
            assert.lengthOf((yield* claimRun(1, 1)).items, 1)
          }),
        ),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is refused beyond the end of the tab, and changes nothing", () =>
    Effect.gen(function* () {
      yield* seed
      yield* run(
        Effect.gen(function* () {
          const refused = yield* Effect.flip(claimRun(1001, 5))
          assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
          // A claim right at the end of the tab brings nothing, and that is no fault.
          assert.deepStrictEqual((yield* claimRun(1000, 5)).items, [])
        }),
      )
      assert.lengthOf(yield* left, messy.length - 1)
    }).pipe(Effect.provide(world)),
  )

  for (const day of ["lostRequest", "lostAnswer", "late"] as const) {
    it.effect(`is finished by the next run of the bot: crash and ${day}`, () =>
      Effect.gen(function* () {
        yield* seed
        const days = yield* Days
        const disk = MemoryJournal.makeDisk()
        const doomed = Effect.gen(function* () {
          yield* claimRun(8, 1)
          yield* days.plant("batchUpdate", day)
          yield* days.plant("metadata", "hang")
          yield* claimRun(3, 4)
        })
        yield* killedAfter("1 minute", running(disk, doomed))
        yield* days.land
        assert.isUndefined(yield* during("1 minute", running(disk, look)))
        assert.deepStrictEqual(yield* (yield* Shelf).keys, phones(7, 3, 4))
        assert.deepStrictEqual(yield* left, phones(1, 2, 6))
      }).pipe(Effect.provide(world)),
    )
  }
})
