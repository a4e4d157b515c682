/** A spreadsheet as people leave it, and the pieces of the requests that tests send to it. */
import { Effect, Layer } from "effect"
import type { Seed } from "../../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../../src/playground/World.ts"

export const layer = Workbooks.layer.pipe(Layer.provideMerge(World.layerMemory))

export const base = 0
export const issued = 101
export const inbox = 500

export const rows = (sheetId: number, startIndex: number, endIndex: number) => ({
  sheetId,
  dimension: "ROWS",
  startIndex,
  endIndex,
})

export const guard = (metadataId: number) => ({
  createDeveloperMetadata: {
    developerMetadata: {
      metadataId,
      metadataKey: "inv.seq",
      metadataValue: `${metadataId}@K7Q2M9XA@claim`,
      location: { spreadsheet: true },
      visibility: "DOCUMENT",
    },
  },
})

/** One spreadsheet, "book", of these tabs. */
export const bookOf = (...tabs: Seed["tabs"]) =>
  Effect.gen(function* () {
    const workbooks = yield* Workbooks
    yield* workbooks.create("book", { title: "Stock", tabs })
    return workbooks
  })

/** A tab with one row, then one with none; their ids are 0 and 101. */
export const twoTabs = bookOf(
  {
    title: "T",
    rows: [
      ["Логин", "Пароль"],
      ["a@example.com", "x"],
    ],
    frozen: 1,
  },
  { title: "Мамба Жен", rows: [["Логин"]] },
)

export const text = (stringValue: string) => ({ userEnteredValue: { stringValue } })

export const stock = Effect.gen(function* () {
  const workbooks = yield* bookOf(
    {
      title: "Мамба Жен",
      rows: [
        ["Дата", "Логин", "Пароль"],
        [{ date: "01.10.2026" }, "anna@example.com", "007"],
        [],
        ["02.10.2026", 79_001_234_567, "=1+1"],
        [{ date: "02.10.2026" }, "anna@example.com", { formula: '="secret"' }],
        [{ date: "03.10.2026" }, "olga@example.com", "p4"],
      ],
      frozen: 1,
    },
    { title: "Мамба_Выдано", rows: [["Дата выдачи", "Номер", "ID"], [], [null, "старая", null]] },
  )
  yield* workbooks.batchUpdate("book", {
    requests: [
      {
        addSheet: {
          properties: {
            sheetId: inbox,
            title: "_bot_inbox",
            hidden: true,
            gridProperties: { rowCount: 50, columnCount: 27, frozenRowCount: 1 },
          },
        },
      },
    ],
  })
  return workbooks
})

export const values = (range: string) =>
  Effect.flatMap(Workbooks, (workbooks) =>
    Effect.map(
      workbooks.valuesGet("book", range, { valueRenderOption: "UNFORMATTED_VALUE" }),
      (answer) =>
        typeof answer === "object" && answer !== null && "values" in answer
          ? answer.values
          : undefined,
    ),
  )
