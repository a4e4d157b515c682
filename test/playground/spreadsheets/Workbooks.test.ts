/** Writing to spreadsheets, all requests of a batch or none, and reading them in every form. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { parseMask, pruned } from "../../../src/playground/spreadsheets/FieldMask.ts"
import { spreadsheetShape } from "../../../src/playground/spreadsheets/Shapes.ts"
import { bookOf, guard, layer, rows, text, twoTabs } from "./fixtures.ts"

const base = 0
const inbox = 101

const message = <A>(effect: Effect.Effect<A, { readonly message: string }>) =>
  Effect.map(Effect.flip(effect), (error) => error.message)

const badRange = (metadataId: number) => ({
  requests: [guard(metadataId)],
  includeSpreadsheetInResponse: true,
  responseRanges: ["Нет!A1:B2"],
})

describe("a batch", () => {
  it.effect("a guard id is taken once, and takes its whole batch down the second time", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      const append = {
        appendCells: { sheetId: base, rows: [{ values: [text("b")] }], fields: "userEnteredValue" },
      }
      const requests = [guard(1_620_000_001), append]
      yield* workbooks.batchUpdate("book", { requests })
      const error = yield* Effect.flip(workbooks.batchUpdate("book", { requests }))
      assert.strictEqual(
        error.message,
        "Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with ID [1620000001] because developer metadata with that ID already exists.",
      )
      assert.deepStrictEqual(yield* workbooks.valuesGet("book", "T!A2:A"), {
        range: "T!A2:A1000",
        majorDimension: "ROWS",
        values: [["a@example.com"], ["b"]],
      })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a batch whose last request fails changes nothing, on no tab", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      const before = yield* workbooks.get("book", { includeGridData: true })
      const requests = [
        guard(5),
        { deleteDimension: { range: rows(base, 1, 2) } },
        { addSheet: { properties: { title: "New" } } },
        { updateSheetProperties: { properties: { sheetId: inbox, title: "x" }, fields: "title" } },
        { deleteDimension: { range: rows(inbox, 0, 5_000) } },
      ]
      const error = yield* Effect.flip(workbooks.batchUpdate("book", { requests }))
      assert.include(error.message, "Invalid requests[4].deleteDimension")
      assert.deepStrictEqual(yield* workbooks.get("book", { includeGridData: true }), before)
      assert.strictEqual((yield* Effect.flip(workbooks.metadataGet("book", 5))).code, 404)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("says what it cannot find or read", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      assert.strictEqual(
        yield* message(workbooks.batchUpdate("book", {})),
        "Must specify at least one request.",
      )
      assert.strictEqual(yield* message(workbooks.get("other")), "Requested entity was not found.")
      assert.strictEqual(
        yield* message(workbooks.metadataGet("book", 9)),
        "No developer metadata with ID 9",
      )
      assert.strictEqual(
        yield* message(workbooks.valuesGet("book", "Нет!A1")),
        "Unable to parse range: Нет!A1",
      )
      const error = yield* Effect.flip(workbooks.get("book", { fields: "sheets(propertys)" }))
      assert.deepStrictEqual(error.details, [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [
            {
              field: "sheets.propertys",
              description:
                "Error expanding 'fields' parameter. Cannot find matching fields for path 'sheets.propertys'.",
            },
          ],
        },
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("refuses to touch what a person has protected against the bot", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      yield* workbooks.edit("book", { op: "protect", tab: "T" })
      const requests = [
        { updateCells: { rows: [{ values: [text("x")] }], fields: "*", start: { sheetId: base } } },
      ]
      const error = yield* Effect.flip(workbooks.batchUpdate("book", { requests }))
      assert.strictEqual(
        error.message,
        "Invalid requests[0].updateCells: You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.",
      )
      yield* workbooks.edit("book", { op: "protect", tab: "T", protected: false })
      yield* workbooks.batchUpdate("book", { requests })
    }).pipe(Effect.provide(layer)),
  )
})

describe("switches", () => {
  it.effect("pruning what is not there is refused only when the switch says so", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      const dataFilter = { developerMetadataLookup: { metadataId: 3 } }
      const requests = [{ deleteDeveloperMetadata: { dataFilter } }]
      assert.deepStrictEqual(yield* workbooks.batchUpdate("book", { requests }), {
        spreadsheetId: "book",
        replies: [{ deleteDeveloperMetadata: {} }],
      })
      yield* workbooks.configure({ strictPrune: true })
      const error = yield* Effect.flip(workbooks.batchUpdate("book", { requests }))
      assert.include(error.message, "Invalid requests[0].deleteDeveloperMetadata: ")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a bad response range is refused before or, by the switch, after the batch", () =>
    Effect.gen(function* () {
      const workbooks = yield* twoTabs
      const error = yield* Effect.flip(workbooks.batchUpdate("book", badRange(1)))
      assert.strictEqual(error.message, "Unable to parse range: Нет!A1:B2")
      yield* Effect.flip(workbooks.metadataGet("book", 1))
      yield* workbooks.configure({ lateRangeError: true })
      const late = yield* Effect.flip(workbooks.batchUpdate("book", badRange(2)))
      assert.strictEqual(late.message, "Unable to parse range: Нет!A1:B2")
      yield* workbooks.metadataGet("book", 2)
    }).pipe(Effect.provide(layer)),
  )
})

const untidy = bookOf(
  {
    title: "It's",
    rows: [
      ["Дата", "Номер", "Да"],
      [{ date: "05.11.2026" }, 1.5, true],
      [null, "", null, "x"],
    ],
  },
  { title: "Лист2", rows: [] },
)

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
        const workbooks = yield* untidy
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
      const workbooks = yield* untidy
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
      const workbooks = yield* untidy
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
      const workbooks = yield* untidy
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
