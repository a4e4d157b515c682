import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Result, Schema } from "effect"
import { BadEdit, HumanEdit, Stale } from "../../../src/playground/spreadsheets/HumanEdit.ts"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../../src/playground/World.ts"
import { bookOf, layer } from "./fixtures.ts"

const tab = "Номера"
const setUp = Effect.gen(function* () {
  const workbooks = yield* bookOf(
    {
      title: tab,
      rows: [
        ["Дата", "Номер"],
        ["a", 3],
        ["b", 1],
        ["c", 2],
      ],
      frozen: 1,
    },
    { title: "Другое", rows: [] },
  )
  const act = (edit: HumanEdit) => workbooks.edit("book", edit)
  const shown = Effect.map(workbooks.view("book"), ([first]) =>
    first?.rows.map(({ cells }) => cells),
  )
  return { workbooks, act, shown }
})

describe("a person at the sheet", () => {
  it.effect("appends, inserts, deletes, sets and sorts", () =>
    Effect.gen(function* () {
      const { act, shown } = yield* setUp
      yield* act({ op: "append", tab, rows: [[{ date: "05.11.2026" }, "0079"]] })
      yield* act({ op: "insert", tab, at: 1, rows: [["new"], []] })
      assert.deepStrictEqual(yield* shown, [
        ["new"],
        [],
        ["a", "3"],
        ["b", "1"],
        ["c", "2"],
        ["05.11.2026", "0079"],
      ])
      yield* act({ op: "delete", tab, at: 1, count: 2 })
      yield* act({ op: "set", tab, row: 2, column: 0, value: null })
      yield* act({ op: "sort", tab, column: 1 })
      assert.deepStrictEqual(yield* shown, [
        ["", "1"],
        ["c", "2"],
        ["a", "3"],
        ["05.11.2026", "0079"],
      ])
      yield* act({ op: "sort", tab, column: 0, descending: true })
      assert.deepStrictEqual(yield* shown, [
        ["c", "2"],
        ["a", "3"],
        ["05.11.2026", "0079"],
        ["", "1"],
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("writes a block of cells, the grid growing with it; colours and notes stay", () =>
    Effect.gen(function* () {
      const { workbooks, act, shown } = yield* setUp
      yield* act({ op: "note", tab, row: 1, column: 1, note: "проверить" })
      yield* act({
        op: "write",
        tab,
        column: 1,
        rows: [
          { row: 1, values: [{ date: "05.11.2026" }, "x"] },
          { row: 3, values: [null] },
          { row: 1_000, values: ["below"] },
        ],
      })
      const written = yield* shown
      assert.deepStrictEqual(written?.slice(0, 3), [["a", "05.11.2026", "x"], ["b", "1"], ["c"]])
      assert.deepStrictEqual(written?.at(-1), ["", "below"])
      yield* act({ op: "write", tab, column: 1, rows: [{ row: 1, values: [7] }] })
      const [seen] = yield* workbooks.view("book")
      assert.deepStrictEqual(seen?.rows[0], {
        cells: ["a", "7", "x"],
        values: ["a", 7, "x"],
        notes: { 1: "проверить" },
      })
      assert.deepStrictEqual(seen?.size, { rows: 1_001, columns: 26 })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("sees which cells are merged, wherever rows have moved them to", () =>
    Effect.gen(function* () {
      const { workbooks, act } = yield* setUp
      const [before] = yield* workbooks.view("book")
      assert.isUndefined(before?.merges)
      yield* act({ op: "merge", tab, row: 2, column: 0, rows: 2, columns: 3 })
      yield* act({ op: "insert", tab, at: 1, rows: [["new"]] })
      const [seen] = yield* workbooks.view("book")
      assert.deepStrictEqual(seen?.merges, [{ row: 3, column: 0, rows: 2, columns: 3 }])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("sees formulas, and which rows are hidden by hand and which by the filter", () =>
    Effect.gen(function* () {
      const { workbooks, act } = yield* setUp
      yield* act({ op: "set", tab, row: 3, column: 0, value: { formula: '="c"' } })
      yield* act({ op: "note", tab, row: 0, column: 1, note: "без пробелов" })
      yield* act({ op: "hide", tab, at: 1, count: 1 })
      yield* act({ op: "filter", tab, column: 0, hiddenValues: ["b"] })
      yield* act({ op: "filter", tab, column: 1, hiddenValues: ["9"] })
      const [seen] = yield* workbooks.view("book")
      assert.deepStrictEqual(seen?.filter, { 0: ["b"], 1: ["9"] })
      assert.deepStrictEqual(seen?.headerNotes, { 1: "без пробелов" })
      assert.deepStrictEqual(
        seen?.rows.map(({ hidden, filtered, formulas }) => ({ hidden, filtered, formulas })),
        [
          { hidden: true, filtered: undefined, formulas: undefined },
          { hidden: true, filtered: true, formulas: undefined },
          { hidden: undefined, filtered: undefined, formulas: { 0: '="c"' } },
        ],
      )
      yield* act({ op: "filter", tab, column: 0, hiddenValues: [] })
      assert.deepStrictEqual((yield* workbooks.view("book"))[0]?.filter, { 1: ["9"] })
      yield* act({ op: "unfilter", tab })
      assert.isUndefined((yield* workbooks.view("book"))[0]?.filter)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("edits the rows that he saw, or none", () =>
    Effect.gen(function* () {
      const { workbooks, act, shown } = yield* setUp
      const before = yield* shown
      const stale = yield* Effect.flip(
        act({ op: "delete", tab, at: 1, count: 1, seen: [{ row: 1, cells: ["a", "4"] }] }),
      )
      assert.instanceOf(stale, Stale)
      assert.deepStrictEqual(yield* shown, before)
      yield* act({
        op: "delete",
        tab,
        at: 1,
        count: 1,
        seen: [
          { row: 1, cells: ["a", "3", ""] },
          { row: 900, cells: [] },
        ],
      })
      assert.deepStrictEqual(yield* shown, before?.slice(1))
      assert.strictEqual((yield* workbooks.view("book"))[0]?.botWrites, 0)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("renames, adds and removes tabs; ids stay", () =>
    Effect.gen(function* () {
      const { workbooks, act } = yield* setUp
      yield* act({ op: "rename", tab, title: "Телефоны" })
      yield* act({ op: "removeTab", tab: "Другое" })
      yield* act({ op: "addTab", tab: "Новая" })
      const sheets = yield* workbooks.get("book", { fields: "sheets(properties(sheetId,title))" })
      assert.deepStrictEqual(sheets, {
        sheets: [
          { properties: { sheetId: 0, title: "Телефоны" } },
          { properties: { sheetId: 101, title: "Новая" } },
        ],
      })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is told when there is no such place, and nothing changes", () =>
    Effect.gen(function* () {
      const { workbooks, act } = yield* setUp
      const before = yield* workbooks.view("book")
      const impossible: ReadonlyArray<HumanEdit> = [
        { op: "append", tab: "Нет", rows: [["x"]] },
        { op: "delete", tab, at: 999, count: 2 },
        { op: "set", tab, row: 0, column: 26, value: "x" },
        { op: "insert", tab, at: 1_001, rows: [["x"]] },
        { op: "rename", tab, title: "другое" },
        { op: "addTab", tab: "Другое" },
      ]
      for (const edit of impossible) {
        assert.instanceOf(yield* Effect.flip(act(edit)), BadEdit)
      }
      assert.deepStrictEqual(yield* workbooks.view("book"), before)
    }).pipe(Effect.provide(layer)),
  )

  it("is decoded from JSON", () => {
    const decode = Schema.decodeUnknownResult(HumanEdit)
    const accepts = (value: unknown) =>
      Result.isSuccess(decode({ op: "set", tab, row: 1, column: 0, value }))
    assert.isTrue(accepts({ date: "29.02.2028" }))
    assert.isFalse(accepts({ date: "29.02.2027" }))
    assert.isFalse(accepts({ formula: "1+1" }))
  })
})

/** What the bot does when it takes a row into its stock. */
const claimed = (row: number) => ({
  requests: [
    {
      deleteDimension: {
        range: { sheetId: 0, dimension: "ROWS", startIndex: row, endIndex: row + 1 },
      },
    },
  ],
})

describe("undo", () => {
  const edits: ReadonlyArray<HumanEdit> = [
    { op: "append", tab, rows: [["d", 4]] },
    { op: "insert", tab, at: 2, rows: [["new"], []] },
    { op: "delete", tab, at: 2, count: 2 },
    { op: "set", tab, row: 2, column: 1, value: { date: "05.11.2026" } },
    { op: "write", tab, column: 0, rows: [{ row: 2, values: [null, null, "z"] }] },
    { op: "note", tab, row: 2, column: 1, note: "проверить" },
    { op: "sort", tab, column: 1 },
    { op: "hide", tab, at: 2, count: 2 },
    { op: "filter", tab, column: 0, hiddenValues: ["b"] },
  ]
  for (const edit of edits) {
    it.effect(`takes back ${edit.op}, and does it again`, () =>
      Effect.gen(function* () {
        const { workbooks, act } = yield* setUp
        const rows = Effect.map(workbooks.view("book"), ([seen]) => [seen?.rows, seen?.filter])
        const before = yield* rows
        const done = (yield* act(edit)) ?? 0
        const after = yield* rows
        assert.notDeepEqual(after, before)
        const undone = Option.getOrThrow(yield* workbooks.undo("book", done))
        assert.deepStrictEqual(yield* rows, before)
        const redone = Option.getOrThrow(yield* workbooks.undo("book", undone))
        assert.deepStrictEqual(yield* rows, after)
        yield* workbooks.undo("book", redone)
        assert.deepStrictEqual(yield* rows, before)
      }).pipe(Effect.provide(layer)),
    )

    it.effect(`takes back ${edit.op} in rows that the bot has moved since`, () =>
      Effect.gen(function* () {
        const { workbooks, act, shown } = yield* setUp
        const before = yield* shown
        yield* act({ op: "insert", tab, at: 1, rows: [["top", 0]] })
        const done = (yield* act(shifted(edit))) ?? 0
        yield* workbooks.batchUpdate("book", claimed(1))
        yield* workbooks.undo("book", done)
        assert.deepStrictEqual(yield* shown, before)
        assert.strictEqual((yield* workbooks.view("book"))[0]?.botWrites, 1)
      }).pipe(Effect.provide(layer)),
    )
  }

  it.effect("takes back two edits of the same cells, the later one first", () =>
    Effect.gen(function* () {
      const { workbooks, act, shown } = yield* setUp
      const before = yield* shown
      const cleared = [{ row: 1, values: [null, null] }]
      const first = (yield* act({ op: "write", tab, column: 0, rows: cleared })) ?? 0
      const typed = [{ row: 1, values: ["typed", { date: "05.11.2026" }, "wide"] }]
      const second = (yield* act({ op: "write", tab, column: 0, rows: typed })) ?? 0
      yield* workbooks.undo("book", second)
      yield* workbooks.undo("book", first)
      assert.deepStrictEqual(yield* shown, before)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("leaves alone what is no longer what the edit wrote", () =>
    Effect.gen(function* () {
      const { workbooks, act, shown } = yield* setUp
      const first = (yield* act({ op: "set", tab, row: 1, column: 1, value: "one" })) ?? 0
      const inserted = (yield* act({ op: "insert", tab, at: 1, rows: [["new"]] })) ?? 0
      yield* act({ op: "set", tab, row: 2, column: 1, value: "two" })
      yield* act({ op: "set", tab, row: 1, column: 0, value: "other" })
      const before = yield* shown
      assert.instanceOf(yield* Effect.flip(workbooks.undo("book", first)), Stale)
      assert.instanceOf(yield* Effect.flip(workbooks.undo("book", inserted)), Stale)
      assert.deepStrictEqual(yield* workbooks.undo("book", 99), Option.none())
      assert.deepStrictEqual(yield* shown, before)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("brings deleted rows back with what the bot had pinned to them", () =>
    Effect.gen(function* () {
      const { workbooks, act } = yield* setUp
      yield* workbooks.batchUpdate("book", {
        requests: [
          {
            createDeveloperMetadata: {
              developerMetadata: {
                metadataId: 7,
                metadataKey: "row",
                location: {
                  dimensionRange: {
                    sheetId: 0,
                    dimension: "ROWS",
                    startIndex: 2,
                    endIndex: 3,
                  },
                },
                visibility: "DOCUMENT",
              },
            },
          },
        ],
      })
      const pinned = workbooks.metadataGet("book", 7)
      const before = yield* pinned
      const done = (yield* act({ op: "delete", tab, at: 2, count: 1 })) ?? 0
      assert.strictEqual((yield* Effect.flip(pinned)).code, 404)
      yield* workbooks.undo("book", done)
      assert.deepStrictEqual(yield* pinned, before)
    }).pipe(Effect.provide(layer)),
  )
})

/** The same edit with all of it a row further down. */
const shifted = (edit: HumanEdit): HumanEdit => {
  if (edit.op === "write") {
    return { ...edit, rows: edit.rows.map((one) => ({ ...one, row: one.row + 1 })) }
  }
  if ("row" in edit) return { ...edit, row: edit.row + 1 }
  return "at" in edit ? { ...edit, at: edit.at + 1 } : edit
}

describe("the workbooks", () => {
  it.effect("are the same after a restart over the same world", () =>
    Effect.gen(function* () {
      const { workbooks, act } = yield* setUp
      yield* workbooks.batchUpdate("book", {
        requests: [
          {
            createDeveloperMetadata: {
              developerMetadata: {
                metadataKey: "row",
                location: { dimensionRange: { sheetId: 0, dimension: "ROWS", startIndex: 2 } },
                visibility: "DOCUMENT",
              },
            },
          },
        ],
      })
      yield* act({ op: "insert", tab, at: 1, rows: [[{ formula: "=1" }]] })
      const all = { includeGridData: true }
      const before = yield* workbooks.get("book", all)
      const world = yield* World
      const again = yield* Effect.provide(
        Workbooks.use((restarted) => restarted.get("book", all)),
        Workbooks.layer.pipe(Layer.provide(Layer.succeed(World, throughJson(world))), Layer.fresh),
      )
      assert.deepStrictEqual(again, before)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keep a spreadsheet that exists, and forget all of them when cleared", () =>
    Effect.gen(function* () {
      const { workbooks, act, shown } = yield* setUp
      yield* act({ op: "delete", tab, at: 1, count: 2 })
      yield* setUp
      assert.deepStrictEqual(yield* shown, [["c", "2"]])
      const version = yield* workbooks.version
      yield* workbooks.clear
      assert.isAbove(yield* workbooks.version, version)
      assert.deepStrictEqual(yield* workbooks.view("book"), [])
      assert.strictEqual((yield* Effect.flip(workbooks.get("book"))).code, 404)
    }).pipe(Effect.provide(layer)),
  )
})

/** What a file would give back: the saved state without the identity of its values. */
const throughJson = (world: World["Service"]) => ({
  ...world,
  load: (part: Parameters<typeof world.load>[0]) =>
    Effect.map(
      world.load(part),
      Option.map((state) => structuredClone(state)),
    ),
})
