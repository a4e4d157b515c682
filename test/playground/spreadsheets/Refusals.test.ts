import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { guard, layer, rows, text, twoTabs } from "./fixtures.ts"

const base = 0
const inbox = 101

/** A request, and what Google says about it when it is the only one of its batch. */
const refusals: ReadonlyArray<readonly [request: object, message: string]> = [
  [
    { deleteDimension: { range: rows(base, 990, 1_005) } },
    "Invalid requests[0].deleteDimension: Cannot delete a row that doesn't exist. Tried to delete row index 1004 but there are only 1000 rows.",
  ],
  [
    { deleteDimension: { range: rows(base, 1, 1_000) } },
    "Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows.",
  ],
  [
    { insertDimension: { range: rows(base, 1_001, 1_002), inheritFromBefore: true } },
    "Invalid requests[0].insertDimension: range.startIndex is larger than current grid size (1000)",
  ],
  [
    { insertDimension: { range: rows(base, 1_000, 1_002) } },
    "Invalid requests[0].insertDimension: range.startIndex must be less than the grid size (1000) if inheritFromBefore is false.",
  ],
  [
    {
      repeatCell: {
        range: { sheetId: base, startRowIndex: 1_000, startColumnIndex: 0, endColumnIndex: 2 },
        cell: text("x"),
        fields: "userEnteredValue",
      },
    },
    "Invalid requests[0].repeatCell: Range (T!A1001:B) exceeds grid limits. Max rows: 1000, max columns: 26",
  ],
  [
    {
      cutPaste: {
        source: { sheetId: base, startRowIndex: 1, endRowIndex: 2 },
        destination: { sheetId: inbox, rowIndex: 0, columnIndex: 1 },
      },
    },
    "Invalid requests[0].cutPaste: Range ('Мамба Жен'!B1:AA1) exceeds grid limits. Max rows: 1000, max columns: 26",
  ],
  [
    {
      updateCells: {
        rows: [{ values: Array.from({ length: 27 }, () => text("x")) }],
        fields: "userEnteredValue",
        start: { sheetId: base },
      },
    },
    "Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25",
  ],
  [
    { updateCells: { rows: [{ values: [text("x")] }], start: { sheetId: base } } },
    "Invalid requests[0].updateCells: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
  ],
  [
    { addSheet: { properties: { title: "мамба жен" } } },
    'Invalid requests[0].addSheet: A sheet with the name "мамба жен" already exists. Please enter another name.',
  ],
  [
    { appendCells: { sheetId: 77, rows: [], fields: "*" } },
    "Invalid requests[0].appendCells: No grid with id: 77",
  ],
  [{ deleteSheet: { sheetId: 77 } }, "Invalid requests[0].deleteSheet: No sheet with id: 77"],
  [
    { appendDimension: { sheetId: base, dimension: "ROWS", length: 10_000_000 } },
    "Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
  ],
  [
    {
      appendCells: {
        sheetId: base,
        rows: [{ values: [text("x")] }, { values: [text("x".repeat(50_001))] }],
        fields: "userEnteredValue",
      },
    },
    "Invalid requests[0].appendCells: Your input contains more than the maximum of 50000 characters in a single cell.",
  ],
  [
    {
      repeatCell: {
        range: { sheetId: base, startRowIndex: 1, endRowIndex: 2 },
        cell: { userEnteredValue: { formulaValue: `=${"1".repeat(50_000)}` } },
        fields: "userEnteredValue",
      },
    },
    "Invalid requests[0].repeatCell: Your input contains more than the maximum of 50000 characters in a single cell.",
  ],
  [
    { paintRows: {} },
    `Invalid JSON payload received. Unknown name "paintRows" at 'requests[0]': Cannot find field.`,
  ],
  [
    { repeatCell: { range: {}, cell: { colour: "red" }, fields: "*" } },
    `Invalid JSON payload received. Unknown name "colour" at 'requests[0].repeat_cell.cell': Cannot find field.`,
  ],
  [
    { deleteDimension: { dataFilter: {} } },
    `Invalid JSON payload received. Unknown name "dataFilter" at 'requests[0].delete_dimension': Cannot find field.`,
  ],
  [
    { deleteSheet: { sheetId: "first" } },
    `Invalid value at 'requests[0].delete_sheet.sheet_id', "first"`,
  ],
]

describe("refusals", () => {
  it.effect("a cell of 50,000 characters is none yet", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      const values = [text("x".repeat(50_000))]
      const requests = [{ appendCells: { sheetId: base, rows: [{ values }], fields: "*" } }]
      yield* workbooks.batchUpdate("book", { requests })
    }).pipe(Effect.provide(layer)),
  )

  for (const [request, message] of refusals) {
    it.effect(message, () =>
      Effect.gen(function* () {
        const workbooks = yield* twoTabs
        const before = yield* workbooks.get("book", { includeGridData: true })
        // The guard alone would be accepted: that nothing of it stays shows all or nothing.
        for (const requests of [[request], [request, guard(7)]]) {
          const error = yield* Effect.flip(workbooks.batchUpdate("book", { requests }))
          assert.strictEqual(error.message, message)
          assert.deepInclude(error, { code: 400, status: "INVALID_ARGUMENT" })
        }
        assert.deepStrictEqual(yield* workbooks.get("book", { includeGridData: true }), before)
      }).pipe(Effect.provide(layer)),
    )
  }
})
