/**
 * Requests that make more than plain rows of a part of a sheet: merged blocks, tables, views of a
 * filter, groups of rows.
 */
import { Result, Struct } from "effect"
import { type Area, areaOf, overlap } from "./A1.ts"
import {
  type Book,
  changed,
  gridOf,
  mapCells,
  mapRows,
  type RowGroup,
  type Sheet,
  type Stepped,
  withSheet,
} from "./Grid.ts"
import { noFields } from "./MetadataRequests.ts"
import { editable } from "./Protection.ts"
import type { Bodies } from "./Requests.ts"

export const mergeCells = (book: Book, { range = {} }: Bodies["mergeCells"]): Stepped =>
  Result.gen(function* () {
    const sheet = yield* gridOf(book, range.sheetId)
    const area = yield* areaOf(sheet, range)
    yield* editable(sheet, area)
    yield* apart(sheet, area, sheet.merges ?? [], brokenMerge)
    return changed(book, mergedBlock(sheet, area))
  })

/** Of a merged block the request has to name all cells. */
export const brokenMerge = "You must select all cells in a merged range to merge or unmerge them."

/** The block keeps the value of its first cell only, as on the screen. */
export const mergedBlock = (sheet: Sheet, area: Area): Sheet => ({
  ...mapRows(sheet, area.top, area.bottom, (row, at) =>
    mapCells(row, area.left, area.right, (cell, column) =>
      at === area.top && column === area.left ? cell : Struct.omit(cell, ["userEnteredValue"]),
    ),
  ),
  merges: [...(sheet.merges ?? []), rangeOf(sheet, area)],
})

export const addTable = (book: Book, { table = {} }: Bodies["addTable"]): Stepped =>
  Result.gen(function* () {
    const sheet = yield* gridOf(book, table.range?.sheetId)
    const area = yield* areaOf(sheet, table.range ?? {})
    const tables = sheet.tables ?? []
    const ranges = tables.map(({ range }) => range)
    yield* apart(sheet, area, ranges, "A table may not overlap another table.")
    const all = book.sheets.flatMap((one) => one.tables ?? [])
    const tableId = table.tableId ?? String(all.length + 1)
    const added = {
      tableId,
      name: table.name ?? `Table${all.length + 1}`,
      range: rangeOf(sheet, area),
    }
    return {
      book: withSheet(book, { ...sheet, tables: [...tables, added] }),
      reply: { addTable: { table: added } },
    }
  })

/** A view of a filter hides nothing from anybody who has not chosen it. */
export const addFilterView = (book: Book, { filter = {} }: Bodies["addFilterView"]): Stepped =>
  Result.gen(function* () {
    const sheet = yield* gridOf(book, filter.range?.sheetId)
    const area = yield* areaOf(sheet, filter.range ?? {})
    const all = book.sheets.flatMap((one) => one.filterViews ?? [])
    const added = {
      ...filter,
      filterViewId: filter.filterViewId ?? all.length + 1,
      range: rangeOf(sheet, area),
    }
    return {
      book: withSheet(book, { ...sheet, filterViews: [...(sheet.filterViews ?? []), added] }),
      reply: { addFilterView: { filter: added } },
    }
  })

export const addDimensionGroup = (
  book: Book,
  { range = {} }: Bodies["addDimensionGroup"],
): Stepped =>
  Result.gen(function* () {
    const { sheetId, dimension, startIndex = 0, endIndex = 0 } = range
    const sheet = yield* gridOf(book, sheetId)
    if (dimension !== "ROWS") return yield* Result.fail("Only rows are grouped by the playground.")
    if (endIndex <= startIndex || endIndex > sheet.rowCount) {
      return yield* Result.fail("range.endIndex must be greater than range.startIndex")
    }
    const added: RowGroup = {
      range: { sheetId: sheet.sheetId, dimension, startIndex, endIndex },
      depth: 1,
    }
    const rowGroups = [...(sheet.rowGroups ?? []), added]
    return {
      book: withSheet(book, { ...sheet, rowGroups }),
      reply: { addDimensionGroup: { dimensionGroups: rowGroups } },
    }
  })

/** Rows of a collapsed group are hidden, and shown when it is opened. */
export const updateDimensionGroup = (
  book: Book,
  { dimensionGroup = {}, fields = "" }: Bodies["updateDimensionGroup"],
): Stepped =>
  Result.gen(function* () {
    if (fields === "") return yield* Result.fail(noFields)
    const { range: { sheetId, startIndex = 0, endIndex = 0 } = {}, collapsed = false } =
      dimensionGroup
    const sheet = yield* gridOf(book, sheetId)
    const isIt = ({ range }: RowGroup) =>
      range.startIndex === startIndex && range.endIndex === endIndex
    const groups = sheet.rowGroups ?? []
    if (!groups.some(isIt)) return yield* Result.fail("There is no such group.")
    const rowGroups = groups.map((one) => (isIt(one) ? { ...one, collapsed } : one))
    const rows = mapRows(sheet, startIndex, endIndex, (row) => ({ ...row, hidden: collapsed }))
    return changed(book, { ...rows, rowGroups })
  })

const rangeOf = ({ sheetId }: Sheet, { top, bottom, left, right }: Area) => ({
  sheetId,
  startRowIndex: top,
  endRowIndex: bottom,
  startColumnIndex: left,
  endColumnIndex: right,
})

/** Refuses where the area touches one of the ranges. The wordings of tables are not confirmed. */
const apart = (
  sheet: Sheet,
  area: Area,
  ranges: ReadonlyArray<Parameters<typeof areaOf>[1]>,
  why: string,
): Result.Result<void, string> =>
  ranges.some((range) => {
    const taken = areaOf(sheet, range)
    return Result.isSuccess(taken) && overlap(taken.success, area)
  })
    ? Result.fail(why)
    : Result.succeed(undefined)
