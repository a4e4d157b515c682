import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { bookOf, guard, layer, rows } from "./fixtures.ts"

const setUp = Effect.gen(function* () {
  const workbooks = yield* bookOf(
    {
      title: "A",
      rows: [
        ["h1", "h2"],
        ["b", 2],
        ["a", 10],
        [null, 1],
        ["c", "10"],
      ],
    },
    { title: "B", rows: [["x"]] },
  )
  const send = (...requests: ReadonlyArray<object>) =>
    workbooks.batchUpdate("book", { requests }, { fields: "replies" })
  const cells = (tab: number) =>
    Effect.map(workbooks.view("book"), (tabs) => [
      tabs[tab]?.header,
      ...(tabs[tab]?.rows.map((row) => row.cells) ?? []),
    ])
  return { workbooks, send, cells }
})

const area = (top: number, bottom: number, left: number, right: number, sheetId = 0) => ({
  sheetId,
  startRowIndex: top,
  endRowIndex: bottom,
  startColumnIndex: left,
  endColumnIndex: right,
})

const sort = (dimensionIndex: number, sortOrder: string) => ({
  sortRange: { range: area(1, 9, 0, 26), sortSpecs: [{ dimensionIndex, sortOrder }] },
})

describe("requests about cells", () => {
  it.effect("copyPaste repeats the block over a larger area, with or without the look", () =>
    Effect.gen(function* () {
      const { workbooks, send, cells } = yield* setUp
      const colour = { userEnteredFormat: { backgroundColor: { green: 1 } } }
      yield* send(
        { repeatCell: { range: area(1, 2, 0, 1), cell: colour, fields: "userEnteredFormat" } },
        { copyPaste: { source: area(1, 2, 0, 2), destination: area(1, 3, 1, 5, 101) } },
        {
          copyPaste: {
            source: area(1, 2, 0, 1),
            destination: area(3, 4, 0, 1, 101),
            pasteType: "PASTE_VALUES",
          },
        },
      )
      assert.deepStrictEqual(yield* cells(1), [
        ["x"],
        ["", "b", "2", "b", "2"],
        ["", "b", "2", "b", "2"],
        ["b"],
      ])
      const [, tab] = yield* workbooks.view("book")
      assert.deepStrictEqual(
        tab?.rows.map((row) => row.colour),
        ["#00ff00", "#00ff00", undefined],
      )
    }).pipe(Effect.provide(layer)),
  )

  it.effect("updateCells on a range clears what is listed and not given", () =>
    Effect.gen(function* () {
      const { send, cells } = yield* setUp
      const given = [{ values: [{ userEnteredValue: { stringValue: "new" } }] }]
      yield* send({ updateCells: { range: area(1, 3, 0, 2), rows: given, fields: "*" } })
      assert.deepStrictEqual(yield* cells(0), [["h1", "h2"], ["new"], [], ["", "1"], ["c", "10"]])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("sortRange puts numbers before texts and blanks last, in both directions", () =>
    Effect.gen(function* () {
      const { send, cells } = yield* setUp
      yield* send(sort(1, "ASCENDING"))
      const byNumber = [
        ["", "1"],
        ["b", "2"],
        ["a", "10"],
        ["c", "10"],
      ]
      assert.deepStrictEqual((yield* cells(0)).slice(1), byNumber)
      yield* send(sort(0, "DESCENDING"))
      const byText = [
        ["c", "10"],
        ["b", "2"],
        ["a", "10"],
        ["", "1"],
      ]
      assert.deepStrictEqual((yield* cells(0)).slice(1), byText)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("findReplace counts what it changed, and leaves formulas alone unless told", () =>
    Effect.gen(function* () {
      const { workbooks, send, cells } = yield* setUp
      yield* workbooks.edit("book", {
        op: "set",
        tab: "B",
        row: 1,
        column: 0,
        value: { formula: '="10"' },
      })
      const replace = { findReplace: { find: "10", replacement: "7", allSheets: true } }
      assert.deepStrictEqual(yield* send(replace), {
        replies: [
          {
            findReplace: {
              valuesChanged: 2,
              rowsChanged: 2,
              sheetsChanged: 1,
              occurrencesChanged: 2,
            },
          },
        ],
      })
      assert.deepStrictEqual(yield* cells(1), [["x"], ["10"]])
    }).pipe(Effect.provide(layer)),
  )
})

describe("requests about sheets and metadata", () => {
  it.effect("adds, renames, moves, shrinks and removes sheets", () =>
    Effect.gen(function* () {
      const { workbooks, send } = yield* setUp
      const gridProperties = { rowCount: 3, columnCount: 1 }
      const reply = yield* send(
        { addSheet: { properties: { title: "Новая", index: 0, gridProperties } } },
        {
          updateSheetProperties: {
            properties: { sheetId: 0, title: "Z", index: 2, gridProperties, hidden: true },
            fields: "title,index,hidden,gridProperties(rowCount,columnCount)",
          },
        },
        { deleteSheet: { sheetId: 101 } },
      )
      const properties = {
        sheetId: 202,
        title: "Новая",
        index: 0,
        sheetType: "GRID",
        gridProperties,
      }
      assert.deepStrictEqual(reply, { replies: [{ addSheet: { properties } }, {}, {}] })
      const tabs = yield* workbooks.view("book")
      assert.deepStrictEqual(
        tabs.map(({ title, hidden, rows: below }) => [title, hidden, below.length]),
        [
          ["Новая", false, 0],
          ["Z", true, 2],
        ],
      )
      const last = yield* Effect.flip(send({ deleteSheet: { sheetId: 202 } }))
      assert.include(last.message, "You can't remove all the visible sheets in a document.")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("changes metadata, and answers what was deleted", () =>
    Effect.gen(function* () {
      const { workbooks, send } = yield* setUp
      const dataFilter = { developerMetadataLookup: { metadataKey: "inv.seq" } }
      yield* send(guard(1), guard(2), {
        updateDeveloperMetadata: {
          dataFilters: [{ developerMetadataLookup: { metadataId: 2 } }],
          developerMetadata: { metadataValue: "void", location: { sheetId: 101 } },
          fields: "metadataValue,location",
        },
      })
      assert.deepStrictEqual(yield* workbooks.metadataGet("book", 2), {
        metadataId: 2,
        metadataKey: "inv.seq",
        metadataValue: "void",
        location: { locationType: "SHEET", sheetId: 101 },
        visibility: "DOCUMENT",
      })
      const reply = JSON.stringify(yield* send({ deleteDeveloperMetadata: { dataFilter } }))
      assert.deepStrictEqual(reply.match(/"metadataId":\d/g), [`"metadataId":1`, `"metadataId":2`])
      assert.deepStrictEqual(
        yield* workbooks.metadataSearch("book", { dataFilters: [dataFilter] }),
        {},
      )
    }).pipe(Effect.provide(layer)),
  )

  it.effect("stretches and shifts a filter and a protected range with the rows", () =>
    Effect.gen(function* () {
      const { workbooks, send } = yield* setUp
      yield* send(
        { setBasicFilter: { filter: { range: area(0, 5, 0, 2) } } },
        { addProtectedRange: { protectedRange: { range: area(2, 4, 0, 1), description: "mine" } } },
        { insertDimension: { range: rows(0, 2, 4) } },
        { deleteDimension: { range: rows(0, 5, 7) } },
      )
      assert.deepStrictEqual(
        yield* workbooks.get("book", { fields: "sheets(basicFilter.range,protectedRanges.range)" }),
        {
          sheets: [
            {
              basicFilter: { range: area(0, 5, 0, 2) },
              protectedRanges: [{ range: area(4, 5, 0, 1) }],
            },
            {},
          ],
        },
      )
    }).pipe(Effect.provide(layer)),
  )
})

describe("requests about parts of a sheet", () => {
  const group = { sheetId: 0, dimension: "ROWS", startIndex: 2, endIndex: 4 }
  const collapse = (collapsed: boolean) => ({
    updateDimensionGroup: {
      dimensionGroup: { range: group, depth: 1, collapsed },
      fields: "collapsed",
    },
  })

  it.effect("a group of rows hides them when it is collapsed, and moves with its rows", () =>
    Effect.gen(function* () {
      const { workbooks, send } = yield* setUp
      const hidden = Effect.map(workbooks.view("book"), ([tab]) =>
        tab?.rows.flatMap((row, index) => (row.hidden === true ? [index + 1] : [])),
      )
      yield* send({ addDimensionGroup: { range: group } }, collapse(true))
      assert.deepStrictEqual(yield* hidden, [2, 3])
      yield* send(collapse(false))
      assert.deepStrictEqual(yield* hidden, [])
      yield* send({ deleteDimension: { range: { ...group, startIndex: 1, endIndex: 2 } } })
      assert.match((yield* Effect.flip(send(collapse(true)))).message, /no such group/)
      const moved = { range: { ...group, startIndex: 1, endIndex: 3 }, depth: 1, collapsed: true }
      yield* send({ updateDimensionGroup: { dimensionGroup: moved, fields: "*" } })
      assert.deepStrictEqual(yield* hidden, [1, 2])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a merged block keeps its first value and is merged into no other one", () =>
    Effect.gen(function* () {
      const { send, cells } = yield* setUp
      yield* send({ mergeCells: { range: area(1, 3, 0, 1), mergeType: "MERGE_ALL" } })
      assert.deepStrictEqual((yield* cells(0)).slice(1, 3), [
        ["b", "2"],
        ["", "10"],
      ])
      const again = yield* Effect.flip(send({ mergeCells: { range: area(2, 4, 0, 1) } }))
      assert.match(again.message, /^Invalid requests\[0\]\.mergeCells: You must select all cells/)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a table and a view of a filter are there to be read, and hide nothing", () =>
    Effect.gen(function* () {
      const { workbooks, send } = yield* setUp
      const range = area(0, 5, 0, 2)
      const replies = yield* send(
        { addTable: { table: { name: "Stock", range } } },
        {
          addFilterView: {
            filter: {
              title: "mine",
              range,
              filterSpecs: [{ columnIndex: 0, filterCriteria: { hiddenValues: ["a"] } }],
            },
          },
        },
      )
      assert.include(JSON.stringify(replies), '"addTable":{"table":{"tableId":"1","name":"Stock"')
      const read = yield* workbooks.get("book", {
        fields: "sheets(tables(name),filterViews)",
      })
      assert.include(JSON.stringify(read), '"tables":[{"name":"Stock"}]')
      assert.include(JSON.stringify(read), '"filterViewId":1')
      const [tab] = yield* workbooks.view("book")
      assert.isTrue(tab?.rows.every((row) => row.hidden !== true))
      const over = yield* Effect.flip(send({ addTable: { table: { range: area(4, 9, 0, 2) } } }))
      assert.match(over.message, /may not overlap/)
    }).pipe(Effect.provide(layer)),
  )
})
