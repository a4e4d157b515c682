import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { guard, layer, rows } from "./fixtures.ts"

const base = 0
const inbox = 101
const text = (stringValue: string) => ({ userEnteredValue: { stringValue } })

const setUp = Effect.gen(function* () {
  const workbooks = yield* Workbooks
  yield* workbooks.create("book", {
    title: "Stock",
    tabs: [
      {
        title: "T",
        rows: [
          ["Логин", "Пароль"],
          ["a@example.com", "x"],
        ],
        frozen: 1,
      },
      { title: "Мамба Жен", rows: [["Логин"]] },
    ],
  })
  return workbooks
})

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
      const workbooks = yield* setUp
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
      const workbooks = yield* setUp
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
      const workbooks = yield* setUp
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
      const workbooks = yield* setUp
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
      const workbooks = yield* setUp
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
      const workbooks = yield* setUp
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
