/** A spreadsheet as a person sees it. */
import { Schema } from "effect"
import { displayed, rawValue } from "./Display.ts"
import { type Book, type Cell, emptyRow, filledRows, type Row, type Sheet } from "./Grid.ts"

const RowView = Schema.Struct({
  /** Texts on the screen. */
  cells: Schema.Array(Schema.String),
  /** The values behind them; "" for a blank. */
  values: Schema.Array(Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  /** Of the first coloured cell, as #rrggbb. */
  colour: Schema.optionalKey(Schema.String),
  hidden: Schema.optionalKey(Schema.Boolean),
})
type RowView = typeof RowView.Type

export const TabView = Schema.Struct({
  title: Schema.String,
  hidden: Schema.Boolean,
  header: Schema.Array(Schema.String),
  /** Rows below the header, up to the last one with a value. */
  rows: Schema.Array(RowView),
})
export type TabView = typeof TabView.Type

export const viewOf = (book: Book): ReadonlyArray<TabView> =>
  book.sheets.map((sheet) => {
    const [header, ...rows] = viewRows(sheet, book.locale)
    return { title: sheet.title, hidden: sheet.hidden === true, header: header?.cells ?? [], rows }
  })

const viewRows = (sheet: Sheet, locale: string): ReadonlyArray<RowView> =>
  Array.from({ length: filledRows(sheet) }, (_, at) => viewRow(sheet.rows[at] ?? emptyRow, locale))

const viewRow = (row: Row, locale: string): RowView => {
  const width = row.cells.findLastIndex((cell) => displayed(cell, locale) !== "") + 1
  const cells = row.cells.slice(0, width)
  const colour = row.cells.map(colourOf).find((one) => one !== undefined)
  return {
    cells: cells.map((cell) => displayed(cell, locale)),
    values: cells.map(rawValue),
    ...(colour === undefined ? {} : { colour }),
    ...(row.hidden === true || row.filtered === true ? { hidden: true } : {}),
  }
}

const colourOf = (cell: Cell): string | undefined => {
  const rgb = cell.userEnteredFormat?.backgroundColorStyle?.rgbColor
  if (rgb === undefined) return undefined
  const { red = 0, green = 0, blue = 0 } = rgb
  return `#${hex(red)}${hex(green)}${hex(blue)}`
}

const hex = (part: number): string =>
  Math.round(part * 255)
    .toString(16)
    .padStart(2, "0")
