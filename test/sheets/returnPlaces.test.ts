/** Where returned rows go, compared with the plainest rule: one row after the other. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Day } from "../../src/domain/Day.ts"
import type { Item } from "../../src/domain/Item.ts"
import { insertionIndex, returnGroups } from "../../src/sheets/Return.ts"
import { issuance } from "./bench.ts"

const day = (number: number) => Day.make(`2026-11-${String(number).padStart(2, "0")}`)
/** So few days that rows share them; `null`: a blank row, or one whose date cannot be read. */
const SomeDay = Schema.NullOr(Schema.Literals([1, 2, 3, 4, 5, 6]))

const itemOf = (number: number | null, index: number): Item => ({
  ...issuance(index).item,
  day: number === null ? null : day(number),
})

/** A tab as texts: rows of its own, and items that came back. */
type Row = { readonly text: string; readonly day: Day | undefined }

/** Inserts row by row, the earliest day first, each beside those that stand there by then. */
const inserted = (rows: ReadonlyArray<Row>, items: ReadonlyArray<Item>): ReadonlyArray<Row> => {
  const tab = [...rows]
  const last = "9999"
  for (const item of items.toSorted((a, b) => ((a.day ?? last) < (b.day ?? last) ? -1 : 1))) {
    let place = tab.length
    const later = tab.findIndex((row) => row.day && item.day && row.day > item.day)
    if (later >= 0) place = later
    for (const [index, row] of tab.entries()) {
      if (row.day && row.day === item.day) place = index + 1
    }
    if (item.day === null) place = tab.length
    tab.splice(place, 0, { text: item.id, day: item.day ?? undefined })
  }
  return tab
}

describe("insertionIndex", () => {
  const days = [day(2), undefined, day(2), day(4), undefined, day(3)]
  it("is below the last row of the day, above a later one, below everything", () => {
    assert.strictEqual(insertionIndex(days, day(2)), 4)
    assert.strictEqual(insertionIndex(days, day(4)), 5)
    assert.strictEqual(insertionIndex(days, day(3)), 7)
    assert.strictEqual(insertionIndex(days, day(1)), 1)
    assert.strictEqual(insertionIndex([day(1), day(4), day(3)], day(2)), 2)
    assert.strictEqual(insertionIndex(days, day(5)), 7)
    assert.strictEqual(insertionIndex(days, null), 7)
  })
  it("is right below the header of an empty tab", () => {
    assert.strictEqual(insertionIndex([], day(1)), 1)
    assert.strictEqual(insertionIndex([], null), 1)
  })
})

describe("returnGroups", () => {
  it.prop(
    "put every item where it would go alone, into sorted tabs and messy ones",
    {
      rows: Schema.Array(SomeDay).check(Schema.isMaxLength(25)),
      given: Schema.Array(SomeDay).check(Schema.isMaxLength(25)),
      sorted: Schema.Boolean,
    },
    ({ rows, given, sorted }) => {
      const column = sorted ? rows.toSorted((a, b) => (a ?? 0) - (b ?? 0)) : rows
      const days = column.map((number) => (number === null ? undefined : day(number)))
      const items = given.map(itemOf)
      const tab: ReadonlyArray<Row> = days.map((one, index) => ({ text: `row ${index}`, day: one }))

      const groups = returnGroups(days, items)
      const header: Row = { text: "header", day: undefined }
      let result = [header, ...tab]
      let before = Infinity
      for (const { at, items: own } of groups) {
        assert.isAtLeast(at, 1)
        assert.isAtMost(at, before)
        before = at
        const more = own.map(({ id, day: one }) => ({ text: id, day: one ?? undefined }))
        result = result.toSpliced(at, 0, ...more)
      }
      assert.deepStrictEqual(
        result.map(({ text }) => text),
        ["header", ...inserted(tab, items).map(({ text }) => text)],
      )
      assert.strictEqual(groups.length, new Set(given).size)
    },
    { arbitrary: { runs: 1000, seed: 11 } },
  )
})
