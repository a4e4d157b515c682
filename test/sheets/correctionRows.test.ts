import { assert, describe, it } from "@effect/vitest"
import { formerRows, seenBefore } from "../../src/sheets/Correction.ts"
import {
  type Edit,
  outcomeByLook,
  type SeenRow,
  type SeenTabs,
} from "../../src/sheets/correctionRows.ts"
import { good, issuance, vk } from "./bench.ts"

const title = vk.issuedTab
const place = { title, sheetId: 1, id: 9, status: 7, markedAt: 8, width: 10 }
const editOf = (number: number, row: number): Edit => ({
  resource: "vk",
  id: issuance(number).id,
  mark: { ...good, status: "block" },
  status: "Блок",
  markedAt: "22.11.2026 12:31",
  colour: null,
  place,
  row,
})
const fine = (row: number): SeenRow => ({ row, status: "Хороший", markedAt: "22.11.2026 12:30" })
const blocked = (row: number): SeenRow => ({ row, status: "Блок", markedAt: "22.11.2026 12:31" })
const tab = (rows: ReadonlyArray<readonly [number, SeenRow]>): SeenTabs =>
  new Map([[title, new Map(rows.map(([number, seen]) => [issuance(number).id, seen]))]])
const id = (number: number): string => issuance(number).id

describe("outcomeByLook", () => {
  it("finds every row that was hit instead, and what it said", () => {
    const edits = [editOf(1, 1), editOf(2, 2)]
    const before = tab([1, 2, 3, 4, 5].map((number) => [number, fine(number)]))
    const after = tab([
      [1, fine(3)],
      [2, fine(4)],
      [3, blocked(1)],
      [4, blocked(2)],
      [5, fine(5)],
    ])
    const { hits, repairs, doubtful } = outcomeByLook(edits, after, before, [vk])
    assert.deepStrictEqual([hits, doubtful], [[], []])
    assert.deepStrictEqual(
      repairs.map((edit) => [String(edit.id), edit.status, edit.markedAt, edit.mark]),
      [3, 4].map((number) => [id(number), "Хороший", "22.11.2026 12:30", null]),
    )
    assert.deepStrictEqual(repairs[0]?.colour, vk.statuses.find((one) => one.id === "good")?.colour)
  })

  it("leaves alone what said so before, and tells of what it does not know", () => {
    const before = tab([
      [1, fine(1)],
      [2, blocked(2)],
    ])
    const after = tab([
      [1, fine(9)],
      [2, blocked(2)],
      [3, blocked(1)],
    ])
    const { repairs, doubtful } = outcomeByLook([editOf(1, 1)], after, before, [vk])
    assert.deepStrictEqual(repairs, [])
    assert.deepStrictEqual(doubtful, [{ tab: title, row: 2, issuance: id(3) }])
  })
})

describe("formerRows", () => {
  it("keeps the rows around those that are written, not a whole large tab", () => {
    const rows = Array.from({ length: 5000 }, (_, row) => [`row ${row}`, fine(row)] as const)
    const kept = formerRows(new Map([[title, new Map(rows)]]), [editOf(1, 3000)])
    assert.strictEqual(kept.length, 500)
    assert.deepStrictEqual([...new Set(kept.map(({ row }) => Math.abs(row - 3000) <= 250))], [true])
    const again = seenBefore(kept)
    assert.deepStrictEqual(again.get(title)?.get("row 3001"), fine(3001))
    assert.isUndefined(again.get(title)?.get("row 1"))
  })
})
