/**
 * Spreadsheets as the API answers them. Members that are false, zero or empty are left out,
 * as Google does.
 */
import { Result } from "effect"
import { areaOf, type Area } from "./A1.ts"
import { displayed, effectiveValue } from "./Display.ts"
import { asksFor, type Mask } from "./FieldMask.ts"
import {
  type Book,
  type Cell,
  type CellFormat,
  type Column,
  emptyColumn,
  emptyRow,
  type ProtectedRange,
  type Row,
  type Sheet,
} from "./Grid.ts"
import { type Dimension, renderMetadata } from "./Metadata.ts"

/** Whole grids when `areas` is absent, otherwise only the sheets named there. */
export const renderBook = (
  book: Book,
  mask: Mask,
  areas: ReadonlyArray<{ readonly sheet: Sheet; readonly area: Area }> | undefined,
  listEverySheet: boolean,
): object => ({
  spreadsheetId: book.id,
  properties: {
    title: book.title,
    locale: book.locale,
    autoRecalc: "ON_CHANGE",
    timeZone: book.timeZone,
    defaultFormat: {},
  },
  sheets: book.sheets.flatMap((sheet, index) => {
    const own = areas?.filter((one) => one.sheet.sheetId === sheet.sheetId)
    if (own?.length === 0 && !listEverySheet) return []
    const whole = areaOf(sheet, {})
    const wanted = own?.map(({ area }) => area) ?? (Result.isSuccess(whole) ? [whole.success] : [])
    return [
      {
        properties: renderProperties(sheet, index),
        ...(asksFor(mask, "sheets", "data") && wanted.length > 0
          ? { data: wanted.map((area) => renderData(book, sheet, area)) }
          : {}),
        ...renderRest(sheet),
      },
    ]
  }),
  spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${book.id}/edit`,
  ...(book.metadata.length === 0
    ? {}
    : { developerMetadata: book.metadata.map((one) => renderMetadata(one, { kind: "book" })) }),
})

export const renderProperties = (sheet: Sheet, index: number): object => ({
  sheetId: sheet.sheetId,
  title: sheet.title,
  index,
  sheetType: "GRID",
  gridProperties: {
    rowCount: sheet.rowCount,
    columnCount: sheet.columnCount,
    ...unlessZero("frozenRowCount", sheet.frozenRowCount),
    ...unlessZero("frozenColumnCount", sheet.frozenColumnCount),
  },
  ...(sheet.hidden === true ? { hidden: true } : {}),
})

export const renderProtected = ({ againstBot, ...shown }: ProtectedRange): object => ({
  ...shown,
  ...(againstBot === true ? {} : { requestingUserCanEdit: true }),
})

const renderRest = (sheet: Sheet): object => ({
  ...(sheet.basicFilter === undefined ? {} : { basicFilter: sheet.basicFilter }),
  ...(sheet.protectedRanges.length === 0
    ? {}
    : { protectedRanges: sheet.protectedRanges.map(renderProtected) }),
  ...(sheet.merges === undefined || sheet.merges.length === 0 ? {} : { merges: sheet.merges }),
  ...(sheet.tables === undefined || sheet.tables.length === 0 ? {} : { tables: sheet.tables }),
  ...(sheet.filterViews === undefined ? {} : { filterViews: sheet.filterViews }),
  ...(sheet.rowGroups === undefined || sheet.rowGroups.length === 0
    ? {}
    : { rowGroups: sheet.rowGroups }),
  ...(sheet.metadata.length === 0
    ? {}
    : {
        developerMetadata: sheet.metadata.map((one) =>
          renderMetadata(one, { kind: "sheet", sheetId: sheet.sheetId }),
        ),
      }),
})

const renderData = (book: Book, sheet: Sheet, area: Area): object => {
  const rows = sheet.rows.slice(area.top, area.bottom)
  const rowData = rows.map((row) => {
    const cells = row.cells.slice(area.left, area.right)
    const values = withoutBlankTail(cells.map((cell) => renderCell(cell, book.locale)))
    return values.length === 0 ? {} : { values }
  })
  const shown = withoutBlankTail(rowData)
  return {
    ...unlessZero("startRow", area.top),
    ...unlessZero("startColumn", area.left),
    ...(shown.length === 0 ? {} : { rowData: shown }),
    rowMetadata: range(area.top, area.bottom).map((index) =>
      renderLine(sheet, "ROWS", index, sheet.rows[index] ?? emptyRow),
    ),
    columnMetadata: range(area.left, area.right).map((index) =>
      renderLine(sheet, "COLUMNS", index, sheet.columns[index] ?? emptyColumn),
    ),
  }
}

const renderCell = (cell: Cell, locale: string): object => {
  const effective = effectiveValue(cell)
  const format = cell.userEnteredFormat
  return {
    ...(cell.userEnteredValue === undefined ? {} : { userEnteredValue: cell.userEnteredValue }),
    ...(effective === undefined
      ? {}
      : { effectiveValue: effective, formattedValue: displayed(cell, locale) }),
    ...(format === undefined
      ? {}
      : { userEnteredFormat: renderFormat(format), effectiveFormat: renderFormat(format) }),
    ...(cell.note === undefined ? {} : { note: cell.note }),
    ...(cell.dataValidation === undefined ? {} : { dataValidation: cell.dataValidation }),
  }
}

/** A colour is answered in both of its spellings, whichever was written. */
const renderFormat = (format: CellFormat): object => {
  const rgb = format.backgroundColorStyle?.rgbColor
  return rgb === undefined ? format : { ...format, backgroundColor: rgb }
}

const renderLine = (sheet: Sheet, dimension: Dimension, index: number, line: Row | Column) => ({
  ...(line.filtered === true ? { hiddenByFilter: true } : {}),
  ...(line.hidden === true ? { hiddenByUser: true } : {}),
  pixelSize: line.pixelSize ?? (dimension === "ROWS" ? 21 : 100),
  ...(line.metadata.length === 0
    ? {}
    : {
        developerMetadata: line.metadata.map((one) =>
          renderMetadata(one, { kind: "line", sheetId: sheet.sheetId, dimension, index }),
        ),
      }),
})

const withoutBlankTail = <T extends object>(items: ReadonlyArray<T>): ReadonlyArray<T> =>
  items.slice(0, items.findLastIndex((item) => Object.keys(item).length > 0) + 1)

const unlessZero = (name: string, value: number | undefined): object =>
  value === undefined || value === 0 ? {} : { [name]: value }

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, offset) => from + offset)
