import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { parseMask, pruned } from "../../../src/playground/spreadsheets/FieldMask.ts"
import { spreadsheetShape } from "../../../src/playground/spreadsheets/Shapes.ts"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { layer } from "./fixtures.ts"

const setUp = Effect.gen(function* () {
  const workbooks = yield* Workbooks
  yield* workbooks.create("book", {
    title: "Stock",
    tabs: [
      {
        title: "It's",
        rows: [
          ["Дата", "Номер", "Да"],
          [{ date: "05.11.2026" }, 1.5, true],
          [null, "", null, "x"],
        ],
      },
      { title: "Лист2", rows: [] },
    ],
  })
  return workbooks
})

describe("values", () => {
  const cases: ReadonlyArray<readonly [range: string, echo: string, values: unknown]> = [
    [
      "'It''s'!A2:D9",
      "'It''s'!A2:D9",
      [
        ["05.11.2026", "1,5", "ИСТИНА"],
        ["", "", "", "x"],
      ],
    ],
    ["It's!B:B", "'It''s'!B1:B1000", [["Номер"], ["1,5"]]],
    ["It's!2:2", "'It''s'!A2:Z2", [["05.11.2026", "1,5", "ИСТИНА"]]],
    ["it's!D3", "'It''s'!D3", [["x"]]],
    ["A1:B1", "'It''s'!A1:B1", [["Дата", "Номер"]]],
    ["Лист2", "'Лист2'!A1:Z1000", undefined],
    ["Лист2!A999:B2000", "'Лист2'!A999:B1000", undefined],
  ]
  for (const [range, echo, values] of cases) {
    it.effect(range, () =>
      Effect.gen(function* () {
        const workbooks = yield* setUp
        assert.deepStrictEqual(yield* workbooks.valuesGet("book", range), {
          range: echo,
          majorDimension: "ROWS",
          ...(values === undefined ? {} : { values }),
        })
      }).pipe(Effect.provide(layer)),
    )
  }

  it.effect("unformatted: numbers and serial dates; by columns on request", () =>
    Effect.gen(function* () {
      const workbooks = yield* setUp
      const answer = yield* workbooks.valuesBatchGet("book", ["It's!A2:C3", "Лист2!A1"], {
        valueRenderOption: "UNFORMATTED_VALUE",
        majorDimension: "COLUMNS",
      })
      assert.deepStrictEqual(answer, {
        spreadsheetId: "book",
        valueRanges: [
          {
            range: "'It''s'!A2:C3",
            majorDimension: "COLUMNS",
            values: [[46_331], [1.5], [true]],
          },
          { range: "'Лист2'!A1", majorDimension: "COLUMNS" },
        ],
      })
      const dates = yield* workbooks.valuesGet("book", "It's!A2:B2", {
        valueRenderOption: "UNFORMATTED_VALUE",
        dateTimeRenderOption: "FORMATTED_STRING",
      })
      assert.deepInclude(dates, { values: [["05.11.2026", 1.5]] })
    }).pipe(Effect.provide(layer)),
  )
})

const oneCell = (value: object) => ({
  sheets: [{ data: [{ rowData: [{ values: [value] }] }] }],
})

describe("get", () => {
  it.effect("answers the tabs of the ranges only, and no cells unless asked", () =>
    Effect.gen(function* () {
      const workbooks = yield* setUp
      const properties = {
        sheetId: 101,
        title: "Лист2",
        index: 1,
        sheetType: "GRID",
        gridProperties: { rowCount: 1000, columnCount: 26 },
      }
      assert.deepInclude(yield* workbooks.get("book", { ranges: ["Лист2!A1"] }), {
        sheets: [{ properties }],
      })
      const fields =
        "sheets(properties/title,data(startRow,startColumn,rowData/values/formattedValue))"
      assert.deepStrictEqual(yield* workbooks.get("book", { ranges: ["It's!B2:C3"], fields }), {
        sheets: [
          {
            properties: { title: "It's" },
            data: [
              {
                startRow: 1,
                startColumn: 1,
                rowData: [{ values: [{ formattedValue: "1,5" }, { formattedValue: "ИСТИНА" }] }],
              },
            ],
          },
        ],
      })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("shows a colour in both of its spellings, whichever was written", () =>
    Effect.gen(function* () {
      const workbooks = yield* setUp
      const write = (cell: object, fields: string) =>
        workbooks.batchUpdate("book", {
          requests: [
            { repeatCell: { range: { endRowIndex: 1, endColumnIndex: 1 }, cell, fields } },
          ],
        })
      const shown = workbooks.get("book", {
        ranges: ["A1"],
        fields: "sheets.data.rowData.values(userEnteredFormat,note)",
      })
      const colour = { red: 1 }
      yield* write(
        { userEnteredFormat: { backgroundColor: colour }, note: "n" },
        "userEnteredFormat.backgroundColor,note",
      )
      assert.deepStrictEqual(
        yield* shown,
        oneCell({
          userEnteredFormat: {
            backgroundColorStyle: { rgbColor: colour },
            backgroundColor: colour,
          },
          note: "n",
        }),
      )
      yield* write({}, "user_entered_format.background_color")
      assert.deepStrictEqual(yield* shown, oneCell({ note: "n" }))
    }).pipe(Effect.provide(layer)),
  )
})

describe("field masks", () => {
  const value = {
    properties: { title: "t", locale: "l" },
    sheets: [{ properties: { title: "s" } }],
  }
  const cases: ReadonlyArray<readonly [mask: string, kept: unknown]> = [
    ["*", value],
    ["properties.title", { properties: { title: "t" } }],
    ["properties(title,locale),sheets/properties", value],
    ["sheets(*)", { sheets: value.sheets }],
    ["*/title", { properties: { title: "t" }, sheets: [{}] }],
    ["spreadsheetId", {}],
  ]
  for (const [mask, kept] of cases) {
    it(mask, () => {
      const parsed = Result.getOrThrow(parseMask(mask, true))
      assert.deepStrictEqual(pruned(value, parsed), kept)
    })
  }

  for (const mask of ["sheets(", "a,,b", "sheets)", "title", "sheets/data/rowdata"]) {
    it(`refuses ${mask}`, () => {
      assert.isTrue(Result.isFailure(parseMask(mask, spreadsheetShape)))
    })
  }
})
