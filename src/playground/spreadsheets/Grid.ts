/**
 * Spreadsheets as values: a book has sheets, a sheet has rows, a row has cells.
 *
 * Nothing here is ever changed in place: a batch works on a copy that shares every sheet, row
 * and cell it did not touch, and is thrown away when a request of the batch is refused.
 * Developer metadata sits on the row it is anchored to, so that it travels with the row.
 */
import { Result, Schema } from "effect"

export const ExtendedValue = Schema.Struct({
  numberValue: Schema.optionalKey(Schema.Finite),
  stringValue: Schema.optionalKey(Schema.String),
  boolValue: Schema.optionalKey(Schema.Boolean),
  formulaValue: Schema.optionalKey(Schema.String),
  errorValue: Schema.optionalKey(
    Schema.Struct({ type: Schema.String, message: Schema.optionalKey(Schema.String) }),
  ),
})
export type ExtendedValue = typeof ExtendedValue.Type

export const Color = Schema.Struct({
  red: Schema.optionalKey(Schema.Finite),
  green: Schema.optionalKey(Schema.Finite),
  blue: Schema.optionalKey(Schema.Finite),
  alpha: Schema.optionalKey(Schema.Finite),
})
export type Color = typeof Color.Type

export const ColorStyle = Schema.Struct({
  rgbColor: Schema.optionalKey(Color),
  themeColor: Schema.optionalKey(Schema.String),
})

export const CellFormat = Schema.Struct({
  numberFormat: Schema.optionalKey(
    Schema.Struct({ type: Schema.String, pattern: Schema.optionalKey(Schema.String) }),
  ),
  backgroundColor: Schema.optionalKey(Color),
  backgroundColorStyle: Schema.optionalKey(ColorStyle),
  borders: Schema.optionalKey(Schema.Unknown),
  padding: Schema.optionalKey(Schema.Unknown),
  horizontalAlignment: Schema.optionalKey(Schema.String),
  verticalAlignment: Schema.optionalKey(Schema.String),
  wrapStrategy: Schema.optionalKey(Schema.String),
  textDirection: Schema.optionalKey(Schema.String),
  textFormat: Schema.optionalKey(Schema.Unknown),
  hyperlinkDisplayType: Schema.optionalKey(Schema.String),
  textRotation: Schema.optionalKey(Schema.Unknown),
})
export type CellFormat = typeof CellFormat.Type

export const Cell = Schema.Struct({
  userEnteredValue: Schema.optionalKey(ExtendedValue),
  userEnteredFormat: Schema.optionalKey(CellFormat),
  note: Schema.optionalKey(Schema.String),
  dataValidation: Schema.optionalKey(Schema.Unknown),
})
export type Cell = typeof Cell.Type

export const Metadata = Schema.Struct({
  metadataId: Schema.Int,
  metadataKey: Schema.String,
  metadataValue: Schema.optionalKey(Schema.String),
  visibility: Schema.String,
})
export type Metadata = typeof Metadata.Type

const line = {
  /** Hidden by somebody. */
  hidden: Schema.optionalKey(Schema.Boolean),
  /** Hidden by the sheet's filter. */
  filtered: Schema.optionalKey(Schema.Boolean),
  pixelSize: Schema.optionalKey(Schema.Int),
  metadata: Schema.Array(Metadata),
}
export const Column = Schema.Struct(line)
export type Column = typeof Column.Type
export const Row = Schema.Struct({ ...line, cells: Schema.Array(Cell) })
export type Row = typeof Row.Type

/** Indexes count from 0 and the end is not included; an absent bound is open. */
export const GridRange = Schema.Struct({
  sheetId: Schema.optionalKey(Schema.Int),
  startRowIndex: Schema.optionalKey(Schema.Int),
  endRowIndex: Schema.optionalKey(Schema.Int),
  startColumnIndex: Schema.optionalKey(Schema.Int),
  endColumnIndex: Schema.optionalKey(Schema.Int),
})
export type GridRange = typeof GridRange.Type

export const ProtectedRange = Schema.Struct({
  protectedRangeId: Schema.Int,
  range: GridRange,
  description: Schema.optionalKey(Schema.String),
  warningOnly: Schema.optionalKey(Schema.Boolean),
  editors: Schema.optionalKey(Schema.Unknown),
  /** Protected by a person who did not list the bot among the editors. */
  againstBot: Schema.optionalKey(Schema.Boolean),
})
export type ProtectedRange = typeof ProtectedRange.Type

/** A table as people make one of a part of a sheet. */
export const Table = Schema.Struct({
  tableId: Schema.String,
  name: Schema.String,
  range: GridRange,
})

const BasicFilter = Schema.Struct({
  range: GridRange,
  sortSpecs: Schema.optionalKey(Schema.Unknown),
  criteria: Schema.optionalKey(Schema.Unknown),
  filterSpecs: Schema.optionalKey(Schema.Unknown),
})

/** How somebody may look at a sheet without hiding anything from others. */
const FilterView = Schema.Struct({
  ...BasicFilter.fields,
  filterViewId: Schema.Int,
  title: Schema.optionalKey(Schema.String),
})

/** Rows that are hidden and shown together. */
export const RowGroup = Schema.Struct({
  range: Schema.Struct({
    sheetId: Schema.Int,
    dimension: Schema.Literal("ROWS"),
    startIndex: Schema.Int,
    endIndex: Schema.Int,
  }),
  depth: Schema.Int,
  collapsed: Schema.optionalKey(Schema.Boolean),
})
export type RowGroup = typeof RowGroup.Type

export const Sheet = Schema.Struct({
  sheetId: Schema.Int,
  title: Schema.String,
  hidden: Schema.optionalKey(Schema.Boolean),
  rowCount: Schema.Int,
  columnCount: Schema.Int,
  frozenRowCount: Schema.optionalKey(Schema.Int),
  frozenColumnCount: Schema.optionalKey(Schema.Int),
  /** Rows beyond the last one here, up to `rowCount`, are blank; so are missing cells. */
  rows: Schema.Array(Row),
  columns: Schema.Array(Column),
  metadata: Schema.Array(Metadata),
  basicFilter: Schema.optionalKey(BasicFilter),
  protectedRanges: Schema.Array(ProtectedRange),
  /** Blocks of cells that are shown as one; the value stands in the first cell of each. */
  merges: Schema.optionalKey(Schema.Array(GridRange)),
  tables: Schema.optionalKey(Schema.Array(Table)),
  filterViews: Schema.optionalKey(Schema.Array(FilterView)),
  rowGroups: Schema.optionalKey(Schema.Array(RowGroup)),
  /** A Google Form writes its answers into the sheet. */
  form: Schema.optionalKey(Schema.Boolean),
})
export type Sheet = typeof Sheet.Type

export const Book = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  locale: Schema.String,
  timeZone: Schema.String,
  sheets: Schema.Array(Sheet),
  metadata: Schema.Array(Metadata),
})
export type Book = typeof Book.Type

/** What a request makes of the book, and its reply. */
interface Step {
  readonly book: Book
  readonly reply: object
}
/** A refusal is the sentence Google says, without the place of the request. */
export type Stepped = Result.Result<Step, string>

export const emptyCell: Cell = {}
export const emptyRow: Row = { cells: [], metadata: [] }
export const emptyColumn: Column = { metadata: [] }

export const cellAt = (sheet: Sheet, row: number, column: number): Cell =>
  sheet.rows[row]?.cells[column] ?? emptyCell

export const hasValue = (cell: Cell): boolean =>
  cell.userEnteredValue !== undefined && cell.userEnteredValue.stringValue !== ""

/** The cell with the value of `from` and the number format that belongs to it; colour and note stay. */
export const withValueOf = (cell: Cell, from: Cell): Cell => {
  const { userEnteredValue: _, userEnteredFormat, ...rest } = cell
  const { numberFormat: __, ...look } = userEnteredFormat ?? {}
  const numberFormat = from.userEnteredFormat?.numberFormat
  const format = { ...look, ...(numberFormat === undefined ? {} : { numberFormat }) }
  return {
    ...rest,
    ...(from.userEnteredValue === undefined ? {} : { userEnteredValue: from.userEnteredValue }),
    ...(Object.keys(format).length === 0 ? {} : { userEnteredFormat: format }),
  }
}

/** Number of rows up to and including the last one with a value. */
export const filledRows = (sheet: Sheet): number =>
  sheet.rows.findLastIndex((row) => row.cells.some(hasValue)) + 1

/** The row with the cells of [left, right) replaced. */
export const mapCells = (
  row: Row,
  left: number,
  right: number,
  f: (cell: Cell, column: number) => Cell,
): Row => {
  const cells = row.cells.slice()
  while (cells.length < left) cells.push(emptyCell)
  for (let column = left; column < right; column++) {
    cells[column] = f(cells[column] ?? emptyCell, column)
  }
  return { ...row, cells }
}

/** The sheet with the rows of [top, bottom) replaced. */
export const mapRows = (
  sheet: Sheet,
  top: number,
  bottom: number,
  f: (row: Row, index: number) => Row,
): Sheet => {
  const rows = sheet.rows.slice()
  for (let index = top; index < bottom; index++) {
    const before = rows[index] ?? emptyRow
    const after = f(before, index)
    if (after === before) continue
    while (rows.length < index) rows.push(emptyRow)
    rows[index] = after
  }
  return { ...sheet, rows }
}

export const withSheet = (book: Book, sheet: Sheet): Book => ({
  ...book,
  sheets: book.sheets.map((other) => (other.sheetId === sheet.sheetId ? sheet : other)),
})

export const gridOf = (book: Book, sheetId = 0): Result.Result<Sheet, string> => {
  const sheet = book.sheets.find((other) => other.sheetId === sheetId)
  return sheet === undefined ? Result.fail(`No grid with id: ${sheetId}`) : Result.succeed(sheet)
}

export const changed = (book: Book, sheet: Sheet): Step => ({
  book: withSheet(book, sheet),
  reply: {},
})
