/** Tabs that are more than plain rows: answers to a form, tables, merged blocks, notes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import type { HumanEdit } from "../../src/playground/spreadsheets/HumanEdit.ts"
import type { Switches } from "../../src/playground/spreadsheets/Switches.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { notCopied } from "../../src/sheets/Claim.ts"
import { Return } from "../../src/sheets/Return.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  accounts,
  alarmTags,
  claimVk,
  during,
  header,
  rowsOf,
  running,
  seed,
  Shelf,
  stocked,
  vk,
  vkTab,
  world,
} from "./bench.ts"
import { type BadDay, Days } from "./workbooksClient.ts"

const tab = vkTab.title
const edit = (act: HumanEdit) => Workbooks.use((workbooks) => workbooks.edit(accounts, act))
const choose = (switches: Partial<Switches>) =>
  Workbooks.use((workbooks) => workbooks.configure(switches))
const users = (...numbers: ReadonlyArray<number>) => numbers.map((n) => `user${n}@example.com`)
const counts = Days.use((days) => days.counts)
const left = Effect.map(rowsOf(accounts, tab), (rows) => rows.map(({ cells }) => cells[1]))

const unusual: ReadonlyArray<{
  readonly what: string
  readonly edit: HumanEdit
  readonly switches: Partial<Switches>
}> = [
  { what: "answers to a form", edit: { op: "form", tab }, switches: {} },
  {
    what: "a table",
    edit: { op: "table", tab, name: "Аккаунты" },
    switches: { tablesRefuseCut: true },
  },
  {
    what: "a merged block",
    edit: { op: "merge", tab, row: 3, column: 0, rows: 3, columns: 1 },
    switches: {},
  },
]

describe("a tab in which Google refuses to cut", () => {
  for (const { what, edit: made, switches } of unusual) {
    it.effect(`${what}: the rows are copied, for one write more the first time only`, () =>
      Effect.gen(function* () {
        yield* stocked(9)
        yield* choose(switches)
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* claimVk(1)
            yield* edit(made)
            yield* counts
            yield* claimVk(3)
            assert.deepStrictEqual(yield* counts, { writes: 2, reads: 0 })
            yield* claimVk(3)
            assert.deepStrictEqual(yield* counts, { writes: 1, reads: 0 })
          }),
        )
        assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 2, 3, 4, 5, 6, 7))
        assert.deepStrictEqual(yield* left, users(8, 9))
        assert.deepStrictEqual(yield* alarmTags, [])
      }).pipe(Effect.provide(world)),
    )
  }

  const unclear: ReadonlyArray<BadDay> = ["lostRequest", "lostAnswer", "unavailable", "late"]
  for (const day of unclear) {
    it.effect(`brings each row once: ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(7)
        const days = yield* Days
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* edit({ op: "form", tab })
            yield* claimVk(1)
            yield* days.plant("batchUpdate", day)
            yield* during("3 minutes", claimVk(3))
            yield* days.land
            yield* claimVk(3)
          }),
        )
        assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 2, 3, 4, 5, 6, 7))
        assert.deepStrictEqual(yield* left, [])
        assert.deepStrictEqual(yield* alarmTags, [])
      }).pipe(Effect.provide(world)),
    )
  }

  const closed: ReadonlyArray<(typeof unusual)[number]> = [
    {
      what: "a table whose rows cannot be deleted",
      edit: { op: "table", tab, name: "Аккаунты" },
      switches: { tablesRefuseDelete: true },
    },
    {
      what: "a table that refuses both",
      edit: { op: "table", tab, name: "Аккаунты" },
      switches: { tablesRefuseCut: true, tablesRefuseDelete: true },
    },
    {
      what: "a merged block that cannot be copied",
      edit: { op: "merge", tab, row: 3, column: 0, rows: 3, columns: 1 },
      switches: { mergesRefuseCopy: true },
    },
  ]
  for (const { what, edit: made, switches } of closed) {
    it.effect(`${what}: the rows stay where they are`, () =>
      Effect.gen(function* () {
        yield* stocked(4)
        yield* choose(switches)
        yield* edit(made)
        const refused = yield* running(MemoryJournal.makeDisk(), Effect.flip(claimVk(3)))
        assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
        assert.deepStrictEqual(yield* left, users(1, 2, 3, 4))
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("tries no copy where a person has protected the rows", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* edit({ op: "protect", tab })
          yield* counts
          yield* Effect.flip(claimVk(1))
          assert.strictEqual((yield* counts).writes, 1)
        }),
      )
      assert.deepStrictEqual(yield* left, users(2, 3, 4))
    }).pipe(Effect.provide(world)),
  )

  it("counts the cells that were deleted and are not in the copy", () => {
    const replies = [{}, { findReplace: { valuesChanged: 4, formulasChanged: 1 } }]
    assert.strictEqual(notCopied(3)({ replies }), 2)
    assert.strictEqual(notCopied(5)({ replies }), 0)
    // A line end alone is a value that the search does not count.
    assert.strictEqual(notCopied(6)({ replies }), 0)
  })
})

describe("notes on cells", () => {
  const noted = Effect.gen(function* () {
    yield* seed([
      [...header, "", "Примечания"],
      [null, "user1@example.com", "p1", null, "своё"],
      [null, "user2@example.com", "p2"],
      [],
      [null, "user3@example.com", "p3"],
    ])
    yield* edit({ op: "note", tab, row: 1, column: 1, note: "сменить пароль\nдо пятницы" })
    yield* edit({ op: "note", tab, row: 1, column: 3, note: "без столбца" })
    yield* edit({ op: "note", tab, row: 3, column: 0, note: "на пустой строке" })
  })

  it.effect("come along as one more column, and so does one on a blank row", () =>
    Effect.gen(function* () {
      yield* noted
      const { items, quarantined } = yield* running(MemoryJournal.makeDisk(), claimVk(4))
      assert.deepStrictEqual(
        items.map(({ extras }) => extras),
        [
          [
            {
              header: "Примечания",
              text: "своё\nЛогин: сменить пароль\nдо пятницы\nD: без столбца",
            },
          ],
          [],
          [],
        ],
      )
      assert.deepStrictEqual(
        quarantined.map(({ reason, origin }) => [reason, origin.cells[0]?.note]),
        [["missing", "на пустой строке"]],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("are longer than a cell with their header: they go on in another column", () =>
    Effect.gen(function* () {
      yield* noted
      yield* edit({ op: "note", tab, row: 1, column: 1, note: "н".repeat(50_000) })
      const { items } = yield* running(MemoryJournal.makeDisk(), claimVk(1))
      const extras = items[0]?.extras ?? []
      assert.deepStrictEqual(
        extras.map((extra) => [extra.header, extra.text.length]),
        [
          ["Примечания", 4],
          ["Примечания 2", 50_000],
          ["Примечания 3", "Логин: ".length + 1 + "D: без столбца".length],
        ],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("are on their cells again when the row goes back", () =>
    Effect.gen(function* () {
      yield* noted
      const shelf = yield* Shelf
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const { items } = yield* claimVk(1)
          yield* Ref.set(shelf.returning, items)
          const returns = yield* Return
          yield* returns.returnItems(vk, Ref.get(shelf.returning), shelf.returned)
        }),
      )
      const back = (yield* rowsOf(accounts, tab)).find(({ cells }) => cells[1] === users(1)[0])
      assert.deepStrictEqual(back?.notes, {
        "1": "сменить пароль\nдо пятницы",
        "3": "без столбца",
      })
      assert.strictEqual(back?.cells[4], "своё")
    }).pipe(Effect.provide(world)),
  )
})
