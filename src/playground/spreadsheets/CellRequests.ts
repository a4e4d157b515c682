/**
 * Requests that write cells, copy them and cut them out. Metadata stays on the rows that it is
 * pinned to.
 */
import { Result } from "effect"
import { areaOf, exceeds, overlap, type Area } from "./A1.ts"
import { withinLimit } from "./DimensionRequests.ts"
import { effectiveValue } from "./Display.ts"
import { merged, parseMask, type Mask } from "./FieldMask.ts"
import {
  type Book,
  type Cell,
  cellAt,
  type CellFormat,
  changed,
  emptyCell,
  filledRows,
  gridOf,
  mapCells,
  mapRows,
  type Sheet,
  type Stepped,
  withSheet,
} from "./Grid.ts"
import { badPath, noFields } from "./MetadataRequests.ts"
import { brokenMerge } from "./PartRequests.ts"
import { editable, outsideTables, wholeRows } from "./Protection.ts"
import type { Bodies, CellData, RowData } from "./Requests.ts"
import { cellShape } from "./Shapes.ts"
import type { Switches } from "./Switches.ts"

export const repeatCell = (
  book: Book,
  { range = {}, cell = {}, fields }: Bodies["repeatCell"],
): Stepped =>
  Result.gen(function* () {
    const mask = yield* cellMask(fields)
    const sheet = yield* gridOf(book, range.sheetId)
    const area = yield* areaOf(sheet, range)
    yield* editable(sheet, area)
    yield* holdable([{ values: [cell] }])
    const given = writable(cell)
    return changed(
      book,
      mapArea(sheet, area, (before) => merged(before, given, mask)),
    )
  })

export const updateCells = (
  book: Book,
  { rows = [], fields, start, range }: Bodies["updateCells"],
  { mergesSwallow }: Switches,
): Stepped =>
  Result.gen(function* () {
    const mask = yield* cellMask(fields)
    const sheet = yield* gridOf(book, start?.sheetId ?? range?.sheetId)
    const area =
      start === undefined
        ? yield* areaOf(sheet, range ?? {})
        : yield* areaFrom(sheet, start.rowIndex, start.columnIndex, rows)
    yield* fitting(area, rows)
    yield* editable(sheet, area)
    const next = mapRows(sheet, area.top, area.bottom, (row, index) => {
      const values = rows[index - area.top]?.values ?? []
      // With a start only the given cells are written; a range is written as a whole.
      const right = start === undefined ? area.right : area.left + values.length
      return mapCells(row, area.left, right, (before, column) =>
        mergesSwallow && isCovered(sheet, index, column)
          ? before
          : merged(before, writable(values[column - area.left] ?? {}), mask),
      )
    })
    return changed(book, next)
  })

export const appendCells = (
  book: Book,
  { sheetId, rows = [], fields }: Bodies["appendCells"],
  { boxesAreData }: Switches,
): Stepped =>
  Result.gen(function* () {
    const mask = yield* cellMask(fields)
    const sheet = yield* gridOf(book, sheetId)
    const boxed = boxesAreData
      ? sheet.rows.findLastIndex((row) =>
          row.cells.some((cell) => cell.dataValidation !== undefined),
        )
      : -1
    const top = Math.max(filledRows(sheet), boxed + 1)
    const bottom = top + rows.length
    const area = { top, bottom, left: 0, right: sheet.columnCount }
    yield* fitting(area, rows)
    const grown = { ...sheet, rowCount: Math.max(sheet.rowCount, bottom) }
    yield* editable(grown, wholeRows(grown, top, bottom))
    const next = mapRows(grown, top, bottom, (row, index) => {
      const values = rows[index - top]?.values ?? []
      return mapCells(row, 0, values.length, (before, column) =>
        merged(before, writable(values[column] ?? {}), mask),
      )
    })
    const step = changed(book, next)
    yield* withinLimit(step.book)
    return step
  })

export const copyPaste = (
  book: Book,
  { source = {}, destination = {}, pasteType = "PASTE_NORMAL" }: Bodies["copyPaste"],
  { mergesRefuseCopy }: Switches,
): Stepped =>
  Result.gen(function* () {
    const from = yield* gridOf(book, source.sheetId)
    const area = yield* areaOf(from, source)
    if (mergesRefuseCopy) yield* wholeMerges(from, area)
    const to = yield* gridOf(book, destination.sheetId)
    const target = yield* areaOf(to, destination)
    const rows = indexes(area.top, area.bottom)
    const block = blockOf(from, rows, area)
    const height = Math.max(block.length, target.bottom - target.top)
    const width = Math.max(area.right - area.left, target.right - target.left)
    const pasted = yield* paste(to, target.top, target.left, height, width, block, pasteType)
    return { book: withSheet(book, pasted), reply: {} }
  })

export const cutPaste = (
  book: Book,
  { source = {}, destination = {}, pasteType = "PASTE_NORMAL" }: Bodies["cutPaste"],
  { cutSkipsHidden, formsRefuseCut, mergesRefuseCut, tablesRefuseCut }: Switches,
): Stepped =>
  Result.gen(function* () {
    const from = yield* gridOf(book, source.sheetId)
    const area = yield* areaOf(from, source)
    yield* editable(from, area)
    if (formsRefuseCut && from.form === true) {
      return yield* Result.fail("Cannot cut from form data. Use copy instead.")
    }
    if (mergesRefuseCut) yield* wholeMerges(from, area)
    if (tablesRefuseCut) yield* outsideTables(from, area, "cut from")
    const rows = indexes(area.top, area.bottom).filter((index) => {
      const row = from.rows[index]
      return !(cutSkipsHidden && (row?.hidden === true || row?.filtered === true))
    })
    const block = blockOf(from, rows, area)
    const moved = new Set(rows)
    const left = mapRows(from, area.top, area.bottom, (row, index) =>
      moved.has(index) ? mapCells(row, area.left, area.right, () => emptyCell) : row,
    )
    const cut = withSheet(book, withoutMerges(left, area))
    if (block.length === 0) return { book: cut, reply: {} }
    const { rowIndex = 0, columnIndex = 0 } = destination
    const to = yield* gridOf(cut, destination.sheetId)
    const width = area.right - area.left
    const pasted = yield* paste(to, rowIndex, columnIndex, block.length, width, block, pasteType)
    return { book: withSheet(cut, pasted), reply: {} }
  })

/** The sheet without the merged blocks that lie in the area as a whole. */
const withoutMerges = (sheet: Sheet, area: Area): Sheet =>
  sheet.merges === undefined
    ? sheet
    : {
        ...sheet,
        merges: sheet.merges.filter((range) => {
          const block = areaOf(sheet, range)
          return Result.isFailure(block) || !isWithin(block.success, area)
        }),
      }

/** Whether the cell belongs to a merged block and is not the first one of it. */
const isCovered = ({ merges = [] }: Sheet, row: number, column: number): boolean =>
  merges.some((range) => {
    const { startRowIndex = 0, endRowIndex = 0, startColumnIndex = 0, endColumnIndex = 0 } = range
    const isInside =
      row >= startRowIndex &&
      row < endRowIndex &&
      column >= startColumnIndex &&
      column < endColumnIndex
    return isInside && (row !== startRowIndex || column !== startColumnIndex)
  })

/** Refuses where the area has a part of a merged block. The wording is not confirmed. */
const wholeMerges = (sheet: Sheet, area: Area): Result.Result<void, string> =>
  (sheet.merges ?? []).some((range) => {
    const block = areaOf(sheet, range)
    return Result.isSuccess(block) && overlap(block.success, area) && !isWithin(block.success, area)
  })
    ? Result.fail(brokenMerge)
    : Result.succeed(undefined)

const isWithin = (inner: Area, outer: Area): boolean =>
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom &&
  inner.left >= outer.left &&
  inner.right <= outer.right

/** The sheet with every cell of the area replaced. */
const mapArea = (sheet: Sheet, area: Area, f: (cell: Cell) => Cell): Sheet =>
  mapRows(sheet, area.top, area.bottom, (row) => mapCells(row, area.left, area.right, f))

const cellMask = (fields = ""): Result.Result<Mask, string> =>
  fields.trim() === ""
    ? Result.fail(noFields)
    : Result.mapBoth(parseMask(fields, cellShape), {
        onSuccess: oneColorName,
        onFailure: badPath,
      })

/** A colour has two spellings, of which `backgroundColorStyle` is the one that is kept. */
const oneColorName = (mask: Mask): Mask => {
  const format = mask === true ? undefined : mask["userEnteredFormat"]
  if (mask === true || format === undefined || format === true) return mask
  const { backgroundColor, ...rest } = format
  if (backgroundColor === undefined) return mask
  return { ...mask, userEnteredFormat: { ...rest, backgroundColorStyle: true } }
}

/** What a request may set; values that Google computes are read-only and are ignored. */
const writable = (given: CellData): Cell => ({
  ...(given.userEnteredValue === undefined ? {} : { userEnteredValue: given.userEnteredValue }),
  ...(given.userEnteredFormat === undefined
    ? {}
    : { userEnteredFormat: storedFormat(given.userEnteredFormat) }),
  ...(given.note === undefined ? {} : { note: given.note }),
  ...(given.dataValidation === undefined ? {} : { dataValidation: given.dataValidation }),
})

const storedFormat = ({ backgroundColor, ...rest }: CellFormat): CellFormat =>
  backgroundColor === undefined || rest.backgroundColorStyle !== undefined
    ? rest
    : { ...rest, backgroundColorStyle: { rgbColor: backgroundColor } }

const areaFrom = (
  sheet: Sheet,
  top = 0,
  left = 0,
  rows: ReadonlyArray<RowData>,
): Result.Result<Area, string> => {
  const start = { startRowIndex: top, startColumnIndex: left }
  if (top >= sheet.rowCount || left >= sheet.columnCount) {
    return Result.fail(exceeds(sheet, { ...start, endRowIndex: top + 1, endColumnIndex: left + 1 }))
  }
  const bottom = Math.min(top + rows.length, sheet.rowCount)
  return top + rows.length > sheet.rowCount
    ? Result.fail(beyond("row", sheet.rowCount, sheet.rowCount - 1))
    : Result.succeed({ top, bottom, left, right: sheet.columnCount })
}

const fitting = (area: Area, rows: ReadonlyArray<RowData>): Result.Result<void, string> => {
  if (area.top + rows.length > area.bottom) {
    return Result.fail(beyond("row", area.bottom, area.bottom - 1))
  }
  const tooLong = holdable(rows)
  if (Result.isFailure(tooLong)) return tooLong
  const widest = Math.max(0, ...rows.map(({ values = [] }) => values.length))
  return area.left + widest > area.right
    ? Result.fail(beyond("column", area.right, area.right - 1))
    : Result.succeed(undefined)
}

/** A cell holds that many characters. */
const charactersMax = 50_000

const holdable = (rows: ReadonlyArray<RowData>): Result.Result<void, string> =>
  rows.some(({ values = [] }) => values.some(isTooLong))
    ? Result.fail(
        `Your input contains more than the maximum of ${charactersMax} characters in a single cell.`,
      )
    : Result.succeed(undefined)

const isTooLong = ({ userEnteredValue: { stringValue = "", formulaValue = "" } = {} }: CellData) =>
  Math.max(stringValue.length, formulaValue.length) > charactersMax

const beyond = (name: string, tried: number, last: number): string =>
  `Attempting to write ${name}: ${tried}, beyond the last requested ${name} of: ${last}`

type PasteType = NonNullable<Bodies["copyPaste"]["pasteType"]>
type Block = ReadonlyArray<ReadonlyArray<Cell>>

const blockOf = (sheet: Sheet, rows: ReadonlyArray<number>, { left, right }: Area): Block =>
  rows.map((row) => indexes(left, right).map((column) => cellAt(sheet, row, column)))

/** Fills the area with the block, repeated where the area is larger. */
const paste = (
  sheet: Sheet,
  top: number,
  left: number,
  height: number,
  width: number,
  block: Block,
  type: PasteType,
): Result.Result<Sheet, string> => {
  const area = { top, left, bottom: top + height, right: left + width }
  if (area.bottom > sheet.rowCount || area.right > sheet.columnCount) {
    const named = {
      startRowIndex: area.top,
      endRowIndex: area.bottom,
      startColumnIndex: area.left,
      endColumnIndex: area.right,
    }
    return Result.fail(exceeds(sheet, named))
  }
  return Result.map(editable(sheet, area), () =>
    mapRows(sheet, area.top, area.bottom, (row, index) => {
      const cells = block[(index - top) % block.length] ?? []
      return mapCells(row, area.left, area.right, (before, column) =>
        pasted(before, cells[(column - left) % cells.length] ?? emptyCell, type),
      )
    }),
  )
}

const pasted = (before: Cell, given: Cell, type: PasteType): Cell => {
  if (type === "PASTE_NORMAL") return given
  if (type === "PASTE_VALUES") {
    const { userEnteredValue: _, ...rest } = before
    const value = effectiveValue(given)
    return value === undefined ? rest : { ...rest, userEnteredValue: value }
  }
  const { userEnteredFormat: _, ...rest } = before
  const format = given.userEnteredFormat
  return format === undefined ? rest : { ...rest, userEnteredFormat: format }
}

const indexes = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, offset) => from + offset)
