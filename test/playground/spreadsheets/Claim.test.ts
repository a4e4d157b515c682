import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { base, guard, inbox, layer, rows, stock, values } from "./fixtures.ts"

const claimMask =
  "replies,updatedSpreadsheet(sheets(properties(sheetId,title,gridProperties),basicFilter," +
  "data(startRow,rowData(values(userEnteredValue,effectiveValue,formattedValue,userEnteredFormat/numberFormat)))))"

const claim = (metadataId: number, token: string, count: number, settled = 0) => ({
  requests: [
    guard(metadataId),
    { appendDimension: { sheetId: base, dimension: "ROWS", length: count } },
    { clearBasicFilter: { sheetId: base } },
    {
      updateDimensionProperties: {
        range: rows(base, 1, 1 + count),
        properties: { hiddenByUser: false },
        fields: "hiddenByUser",
      },
    },
    { insertDimension: { range: rows(inbox, 1, 1 + count), inheritFromBefore: false } },
    {
      copyPaste: {
        source: {
          sheetId: base,
          startRowIndex: 0,
          endRowIndex: 1,
          startColumnIndex: 0,
          endColumnIndex: 26,
        },
        destination: {
          sheetId: inbox,
          startRowIndex: 0,
          endRowIndex: 1,
          startColumnIndex: 1,
          endColumnIndex: 27,
        },
        pasteType: "PASTE_VALUES",
      },
    },
    {
      cutPaste: {
        source: {
          sheetId: base,
          startRowIndex: 1,
          endRowIndex: 1 + count,
          startColumnIndex: 0,
          endColumnIndex: 26,
        },
        destination: { sheetId: inbox, rowIndex: 1, columnIndex: 1 },
        pasteType: "PASTE_NORMAL",
      },
    },
    {
      repeatCell: {
        range: {
          sheetId: inbox,
          startRowIndex: 1,
          endRowIndex: 1 + count,
          startColumnIndex: 0,
          endColumnIndex: 1,
        },
        cell: { userEnteredValue: { stringValue: token } },
        fields: "userEnteredValue",
      },
    },
    {
      findReplace: {
        find: ".+",
        replacement: "",
        searchByRegex: true,
        includeFormulas: true,
        range: { sheetId: base, startRowIndex: 1, endRowIndex: 1 + count },
      },
    },
    { deleteDimension: { range: rows(base, 1, 1 + count) } },
    ...(settled === 0
      ? []
      : [{ deleteDimension: { range: rows(inbox, 1 + count, 1 + count + settled) } }]),
  ],
  includeSpreadsheetInResponse: true,
  responseRanges: [`'_bot_inbox'!A1:Z${1 + count}`],
})

const date = (numberValue: number, formattedValue: string) => ({
  userEnteredValue: { numberValue },
  effectiveValue: { numberValue },
  formattedValue,
  userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
})
const text = (stringValue: string) => ({
  userEnteredValue: { stringValue },
  effectiveValue: { stringValue },
  formattedValue: stringValue,
})

describe("claim", () => {
  it.effect("moves the top rows to the inbox and answers with them", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      const answer = yield* workbooks.batchUpdate("book", claim(1, "K7Q2M9XA", 4), {
        fields: claimMask,
      })
      assert.deepStrictEqual(answer, {
        replies: [
          {
            createDeveloperMetadata: {
              developerMetadata: {
                metadataId: 1,
                metadataKey: "inv.seq",
                metadataValue: "1@K7Q2M9XA@claim",
                location: { locationType: "SPREADSHEET", spreadsheet: true },
                visibility: "DOCUMENT",
              },
            },
          },
          {},
          {},
          {},
          {},
          {},
          {},
          {},
          { findReplace: {} },
          {},
        ],
        updatedSpreadsheet: {
          sheets: [
            {
              properties: {
                sheetId: inbox,
                title: "_bot_inbox",
                gridProperties: { rowCount: 54, columnCount: 27, frozenRowCount: 1 },
              },
              data: [
                {
                  rowData: [
                    { values: [{}, text("Дата"), text("Логин"), text("Пароль")] },
                    {
                      values: [
                        text("K7Q2M9XA"),
                        date(46_296, "01.10.2026"),
                        text("anna@example.com"),
                        text("007"),
                      ],
                    },
                    { values: [text("K7Q2M9XA")] },
                    {
                      values: [
                        text("K7Q2M9XA"),
                        text("02.10.2026"),
                        {
                          userEnteredValue: { numberValue: 79_001_234_567 },
                          effectiveValue: { numberValue: 79_001_234_567 },
                          formattedValue: "79001234567",
                        },
                        text("=1+1"),
                      ],
                    },
                    {
                      values: [
                        text("K7Q2M9XA"),
                        date(46_297, "02.10.2026"),
                        text("anna@example.com"),
                        {
                          userEnteredValue: { formulaValue: '="secret"' },
                          effectiveValue: { stringValue: "secret" },
                          formattedValue: "secret",
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      })
      assert.deepStrictEqual(yield* values("'Мамба Жен'!A1:C"), [
        ["Дата", "Логин", "Пароль"],
        [46_298, "olga@example.com", "p4"],
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("drops the settled rows of the claim before, and survives an empty base", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      yield* workbooks.batchUpdate("book", claim(1, "FIRST", 4))
      yield* workbooks.batchUpdate("book", claim(2, "SECOND", 30, 4))
      assert.deepStrictEqual(yield* values("_bot_inbox!A2:C3"), [
        ["SECOND", 46_298, "olga@example.com"],
        ["SECOND"],
      ])
      assert.deepStrictEqual(yield* values("_bot_inbox!A32:C"), undefined)
      assert.deepStrictEqual(yield* values("'Мамба Жен'!A2:C"), undefined)
      const { length } = [...(yield* workbooks.view("book"))[0]!.rows]
      assert.strictEqual(length, 0)
    }).pipe(Effect.provide(layer)),
  )
})

describe("claim from a tab with hidden rows", () => {
  it.effect("takes rows that a person has hidden or filtered away", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      yield* workbooks.configure({ cutSkipsHidden: true })
      yield* workbooks.edit("book", { op: "hide", tab: "Мамба Жен", at: 1, count: 1 })
      yield* workbooks.edit("book", {
        op: "filter",
        tab: "Мамба Жен",
        column: 1,
        hiddenValues: ["79001234567"],
      })
      const [before] = yield* workbooks.view("book")
      assert.deepStrictEqual(
        before?.rows.map(({ hidden }) => hidden === true),
        [true, false, true, false, false],
      )
      yield* workbooks.batchUpdate("book", claim(1, "K7Q2M9XA", 4))
      assert.deepStrictEqual(yield* values("_bot_inbox!C2:C5"), [
        ["anna@example.com"],
        [],
        [79_001_234_567],
        ["anna@example.com"],
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("the trip-wire counts what a cut would leave behind in hidden rows", () =>
    Effect.gen(function* () {
      const workbooks = yield* stock
      yield* workbooks.configure({ cutSkipsHidden: true })
      yield* workbooks.edit("book", { op: "hide", tab: "Мамба Жен", at: 1, count: 1 })
      const body = claim(1, "K7Q2M9XA", 4)
      const requests = body.requests.filter((request) => !("updateDimensionProperties" in request))
      const answer = yield* workbooks.batchUpdate("book", { requests }, { fields: "replies" })
      assert.deepInclude(JSON.parse(JSON.stringify(answer)).replies[7], {
        findReplace: { valuesChanged: 3, rowsChanged: 1, sheetsChanged: 1, occurrencesChanged: 3 },
      })
    }).pipe(Effect.provide(layer)),
  )
})
