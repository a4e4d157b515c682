import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { base, guard, issued, layer, rows, stock, values } from "./fixtures.ts"

describe("flush", () => {
  it.effect("appends below the last value of any column, with colours, as literal text", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      const backgroundColorStyle = { rgbColor: { red: 0.85, green: 0.94, blue: 0.85 } }
      const cell = (userEnteredValue: object, numberFormat?: object) => ({
        userEnteredValue,
        userEnteredFormat: {
          backgroundColorStyle,
          ...(numberFormat === undefined ? {} : { numberFormat }),
        },
      })
      const requests = [
        guard(1),
        {
          appendCells: {
            sheetId: issued,
            fields: "userEnteredValue,userEnteredFormat(backgroundColorStyle,numberFormat)",
            rows: [
              {
                values: [
                  cell({ numberValue: 46_296 }, { type: "DATE", pattern: "dd.mm.yyyy" }),
                  cell({ stringValue: "+79001234567" }, { type: "TEXT" }),
                  cell({ stringValue: "=L-01" }),
                ],
              },
            ],
          },
        },
        { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId: 1 } } } },
      ]
      yield* workbooks.batchUpdate("book", { requests }, { fields: "replies" })
      const [, tab] = yield* workbooks.view("book")
      assert.deepStrictEqual(tab?.rows.slice(2), [
        {
          cells: ["01.10.2026", "+79001234567", "=L-01"],
          values: [46_296, "+79001234567", "=L-01"],
          colour: "#d9f0d9",
        },
      ])
      yield* Effect.flip(workbooks.metadataGet("book", 1))
    }).pipe(Effect.provide(layer)),
  )
})

const put = (at: number, login: string) => [
  { insertDimension: { range: rows(base, at, at + 1), inheritFromBefore: true } },
  {
    updateCells: {
      range: {
        sheetId: base,
        startRowIndex: at,
        endRowIndex: at + 1,
        startColumnIndex: 0,
        endColumnIndex: 3,
      },
      rows: [
        {
          values: [
            { userEnteredValue: { numberValue: 46_297 } },
            { userEnteredValue: { stringValue: login } },
          ],
        },
      ],
      fields: "userEnteredValue,userEnteredFormat.numberFormat",
    },
  },
]

describe("return", () => {
  it.effect("inserts below the last row of the same day, bottom to top, over nobody's row", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      const requests = [guard(1), ...put(5, "late@example.com"), ...put(2, "early@example.com")]
      yield* workbooks.batchUpdate("book", { requests })
      assert.deepStrictEqual(yield* values("'Мамба Жен'!B1:B"), [
        ["Логин"],
        ["anna@example.com"],
        ["early@example.com"],
        [],
        [79_001_234_567],
        ["anna@example.com"],
        ["late@example.com"],
        ["olga@example.com"],
      ])
      // The date format of the row above is inherited and then cleared: it was not listed.
      const [tab] = yield* workbooks.view("book")
      assert.strictEqual(tab?.rows[5]?.cells[0], "46297")
    }).pipe(Effect.provide(layer)),
  )
})

describe("row metadata", () => {
  it.effect("goes with its row through inserts, sorts and moves, and away with it", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      const place = Effect.map(
        workbooks.metadataSearch("book", {
          dataFilters: [{ developerMetadataLookup: { metadataKey: "row" } }],
        }),
        (found) => JSON.stringify(found).match(/"startIndex":(\d+)/)?.[1],
      )
      const add = {
        createDeveloperMetadata: {
          developerMetadata: {
            metadataKey: "row",
            location: { dimensionRange: rows(base, 5, 6) },
            visibility: "PROJECT",
          },
        },
      }
      yield* workbooks.batchUpdate("book", { requests: [add] })
      yield* workbooks.edit("book", { op: "insert", tab: "Мамба Жен", at: 1, rows: [["x"], ["y"]] })
      assert.strictEqual(yield* place, "7")
      yield* workbooks.edit("book", { op: "sort", tab: "Мамба Жен", column: 1, descending: true })
      assert.strictEqual(yield* place, "1")
      yield* workbooks.batchUpdate("book", {
        requests: [{ moveDimension: { source: rows(base, 1, 2), destinationIndex: 4 } }],
      })
      assert.strictEqual(yield* place, "3")
      yield* workbooks.edit("book", { op: "delete", tab: "Мамба Жен", at: 3, count: 1 })
      assert.strictEqual(yield* place, undefined)
    }).pipe(Effect.provide(layer)),
  )
})
