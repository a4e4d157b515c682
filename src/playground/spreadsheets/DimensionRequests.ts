/** Requests about whole rows and columns. */
import { Result } from "effect"
import { parseMask } from "./FieldMask.ts"
import {
  type Book,
  changed,
  emptyColumn,
  gridOf,
  mapRows,
  type Row,
  type Sheet,
  type Stepped,
} from "./Grid.ts"
import { deleteLines, insertLines, lineCount, moveLines } from "./Lines.ts"
import type { Dimension, DimensionRange } from "./Metadata.ts"
import { badPath, noFields } from "./MetadataRequests.ts"
import { editable, outsideTables, wholeRows } from "./Protection.ts"
import type { Bodies } from "./Requests.ts"
import { dimensionShape } from "./Shapes.ts"
import type { Switches } from "./Switches.ts"

export const appendDimension = (
  book: Book,
  { sheetId, dimension, length = 0 }: Bodies["appendDimension"],
): Stepped =>
  Result.gen(function* () {
    const sheet = yield* gridOf(book, sheetId)
    if (dimension === undefined) return yield* noDimension
    if (length <= 0) return yield* Result.fail("appendDimension.length must be greater than 0.")
    const count = dimension === "ROWS" ? "rowCount" : "columnCount"
    const next = changed(book, { ...sheet, [count]: sheet[count] + length })
    yield* withinLimit(next.book)
    return next
  })

export const insertDimension = (
  book: Book,
  { range, inheritFromBefore = false }: Bodies["insertDimension"],
): Stepped =>
  Result.gen(function* () {
    const { sheet, dimension, start, end } = yield* linesOf(book, range)
    const size = lineCount(sheet, dimension)
    if (start > size) {
      return yield* Result.fail(`range.startIndex is larger than current grid size (${size})`)
    }
    if (start === size && !inheritFromBefore) {
      return yield* Result.fail(
        `range.startIndex must be less than the grid size (${size}) if inheritFromBefore is false.`,
      )
    }
    if (start === 0 && inheritFromBefore) {
      return yield* Result.fail("inheritFromBefore cannot be true if range.startIndex is 0.")
    }
    const like = inheritFromBefore ? start - 1 : start
    const next = changed(book, insertLines(sheet, dimension, start, end - start, like))
    yield* withinLimit(next.book)
    return next
  })

export const deleteDimension = (
  book: Book,
  { range }: Bodies["deleteDimension"],
  { tablesRefuseDelete }: Switches,
): Stepped =>
  Result.gen(function* () {
    const { sheet, dimension, start, end } = yield* linesOf(book, range)
    const size = lineCount(sheet, dimension)
    const name = dimension === "ROWS" ? "row" : "column"
    if (end > size) {
      const at = Math.max(start, end - 1)
      return yield* Result.fail(
        `Cannot delete a ${name} that doesn't exist. Tried to delete ${name} index ${at} but there are only ${size} ${name}s.`,
      )
    }
    if (end - start === size) {
      return yield* Result.fail(`You can't delete all the ${name}s on the sheet.`)
    }
    const frozen = (dimension === "ROWS" ? sheet.frozenRowCount : sheet.frozenColumnCount) ?? 0
    const frozenLeft = frozen - Math.max(0, Math.min(end, frozen) - start)
    if (size - (end - start) <= frozenLeft) {
      return yield* Result.fail(`Sorry, it is not possible to delete all non-frozen ${name}s.`)
    }
    if (dimension === "ROWS") yield* editable(sheet, wholeRows(sheet, start, end))
    if (tablesRefuseDelete && dimension === "ROWS") {
      yield* outsideTables(sheet, wholeRows(sheet, start, end), "delete rows of")
    }
    return changed(book, {
      ...deleteLines(sheet, dimension, start, end),
      ...(frozen === frozenLeft
        ? {}
        : { [dimension === "ROWS" ? "frozenRowCount" : "frozenColumnCount"]: frozenLeft }),
    })
  })

export const moveDimension = (
  book: Book,
  { source, destinationIndex: to = 0 }: Bodies["moveDimension"],
): Stepped =>
  Result.gen(function* () {
    const { sheet, dimension, start, end } = yield* linesOf(book, source)
    const size = lineCount(sheet, dimension)
    if (end > size || to < 0 || to > size) {
      return yield* Result.fail(`destinationIndex is larger than current grid size (${size})`)
    }
    if (to >= start && to <= end) return { book, reply: {} }
    if (dimension === "ROWS") yield* editable(sheet, wholeRows(sheet, start, end))
    return changed(book, moveLines(sheet, dimension, start, end, to))
  })

export const updateDimensionProperties = (
  book: Book,
  { range, properties = {}, fields = "" }: Bodies["updateDimensionProperties"],
): Stepped =>
  Result.gen(function* () {
    if (fields === "") return yield* Result.fail(noFields)
    const mask = yield* Result.mapError(parseMask(fields, dimensionShape), badPath)
    const { sheet, dimension, start, end } = yield* linesOf(book, range)
    const size = lineCount(sheet, dimension)
    if (end > size) {
      return yield* Result.fail(`range.endIndex is larger than current grid size (${size})`)
    }
    const lists = (name: string) => mask === true || name in mask
    const updated = <L extends Omit<Row, "cells">>(line: L): L => {
      const { hidden = false, pixelSize } = line
      const hide = lists("hiddenByUser") ? (properties.hiddenByUser ?? false) : hidden
      const pixels = lists("pixelSize") ? properties.pixelSize : pixelSize
      if (hide === hidden && pixels === pixelSize) return line
      return { ...line, hidden: hide, ...(pixels === undefined ? {} : { pixelSize: pixels }) }
    }
    if (dimension === "ROWS") return changed(book, mapRows(sheet, start, end, updated))
    const columns = Array.from({ length: size }, (_, at) => {
      const column = sheet.columns[at] ?? emptyColumn
      return at >= start && at < end ? updated(column) : column
    })
    return changed(book, { ...sheet, columns })
  })

/** Cells of all grids of one spreadsheet, empty ones too. */
const cellLimit = 10_000_000

export const withinLimit = (book: Book): Result.Result<void, string> =>
  book.sheets.reduce((sum, sheet) => sum + sheet.rowCount * sheet.columnCount, 0) > cellLimit
    ? Result.fail(
        `This action would increase the number of cells in the workbook above the limit of ${cellLimit} cells.`,
      )
    : Result.succeed(undefined)

interface Lines {
  readonly sheet: Sheet
  readonly dimension: Dimension
  readonly start: number
  readonly end: number
}

const linesOf = (
  book: Book,
  range: typeof DimensionRange.Type = {},
): Result.Result<Lines, string> =>
  Result.gen(function* () {
    const { sheetId, dimension, startIndex: start = 0, endIndex } = range
    const sheet = yield* gridOf(book, sheetId)
    if (dimension === undefined) return yield* noDimension
    const end = endIndex ?? lineCount(sheet, dimension)
    if (start < 0 || end <= start) {
      return yield* Result.fail("range.endIndex must be greater than range.startIndex")
    }
    return { sheet, dimension, start, end }
  })

const noDimension = Result.fail("No dimension specified.")
