import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Result, Schema } from "effect"
import { BadEdit, HumanEdit } from "../../../src/playground/spreadsheets/HumanEdit.ts"
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
