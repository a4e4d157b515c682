/** What people put into cells, and the spreadsheets they start with. */
import { Schema } from "effect"
import { serialOf } from "./Display.ts"
import { type Book, type Cell, emptyCell, type Row, type Sheet } from "./Grid.ts"
import { blankSheet } from "./SheetRequests.ts"

const Day = Schema.String.check(
  Schema.makeFilter((text) => serialOf(text) !== undefined || "expected a day as dd.mm.yyyy"),
)

/** A text is kept as it is, also one that starts with `=`; `null` is a blank cell. */
export const CellInput = Schema.Union([
  Schema.String,
  Schema.Finite,
  Schema.Boolean,
  Schema.Null,
  Schema.Struct({ date: Day }),
  Schema.Struct({ formula: Schema.String.check(Schema.isStartingWith("=")) }),
])
export type CellInput = typeof CellInput.Type

export const RowInput = Schema.Array(CellInput)

export const Seed = Schema.Struct({
  title: Schema.String,
  /** Russian and of Moscow where they are absent. */
  locale: Schema.optionalKey(Schema.String),
  timeZone: Schema.optionalKey(Schema.String),
  tabs: Schema.Array(
    Schema.Struct({
      title: Schema.String,
      rows: Schema.Array(RowInput),
      /** Number of frozen rows on top. */
      frozen: Schema.optionalKey(Schema.Int),
    }),
  ),
})
export type Seed = typeof Seed.Type

/** A cell of a sheet that shows days in that pattern. */
const cellShowing =
  (pattern: string) =>
  (input: CellInput): Cell => {
    if (input === null || input === "") return emptyCell
    if (typeof input === "string") return { userEnteredValue: { stringValue: input } }
    if (typeof input === "number") return { userEnteredValue: { numberValue: input } }
    if (typeof input === "boolean") return { userEnteredValue: { boolValue: input } }
    if ("formula" in input) return { userEnteredValue: { formulaValue: input.formula } }
    return {
      userEnteredValue: { numberValue: serialOf(input.date) ?? 0 },
      userEnteredFormat: { numberFormat: { type: "DATE", pattern } },
    }
  }

export const cellOf = cellShowing("dd.mm.yyyy")

export const rowOf = (cells: ReadonlyArray<CellInput>): Row => ({
  cells: cells.map(cellOf),
  metadata: [],
})

export const seeded = (id: string, seed: Seed): Book => {
  const cellIn = seed.locale === "en_GB" ? cellShowing("dd/mm/yyyy") : cellOf
  return {
    id,
    title: seed.title,
    locale: seed.locale ?? "ru_RU",
    timeZone: seed.timeZone ?? "Europe/Moscow",
    metadata: [],
    sheets: seed.tabs.map(({ title, rows, frozen }, index): Sheet => {
      const blank = blankSheet(index === 0 ? 0 : 100 + index, title)
      return {
        ...blank,
        rowCount: Math.max(blank.rowCount, rows.length),
        columnCount: Math.max(blank.columnCount, ...rows.map((cells) => cells.length)),
        ...(frozen === undefined ? {} : { frozenRowCount: frozen }),
        rows: rows.map((cells) => ({ cells: cells.map(cellIn), metadata: [] })),
      }
    }),
  }
}
