/**
 * Inserting, deleting and moving rows and columns. What is pinned to a row moves with it;
 * filters and protected ranges are stretched and shifted as on the screen.
 */
import {
  type Cell,
  emptyCell,
  emptyColumn,
  emptyRow,
  type GridRange,
  type Row,
  type Sheet,
} from "./Grid.ts"
import type { Dimension } from "./Metadata.ts"

export const lineCount = (sheet: Sheet, dimension: Dimension): number =>
  dimension === "ROWS" ? sheet.rowCount : sheet.columnCount

/** `count` blank lines before line `at`, with the formats of the line `like` if it is given. */
export const insertLines = (
  sheet: Sheet,
  dimension: Dimension,
  at: number,
  count: number,
  like?: number,
): Sheet => {
  const shifted = shiftRanges(
    sheet,
    dimension,
    (start) => (start >= at ? start + count : start),
    (end) => (end > at ? end + count : end),
  )
  if (dimension === "COLUMNS") {
    const columns = spliced(sheet.columns, at, 0, repeated(emptyColumn, count))
    const rows = sheet.rows.map((row) => {
      if (row.cells.length <= at) return row
      const blank = like === undefined ? emptyCell : formatOf(row.cells[like] ?? emptyCell)
      return { ...row, cells: spliced(row.cells, at, 0, repeated(blank, count)) }
    })
    return { ...shifted, columnCount: sheet.columnCount + count, columns, rows }
  }
  const model = like === undefined ? undefined : sheet.rows[like]
  const blank: Row = model === undefined ? emptyRow : { cells: formats(model), metadata: [] }
  const rows =
    sheet.rows.length <= at && blank.cells.length === 0
      ? sheet.rows
      : spliced(padded(sheet.rows, at, emptyRow), at, 0, repeated(blank, count))
  return { ...shifted, rowCount: sheet.rowCount + count, rows }
}

/** Without the lines of [start, end): their cells and metadata are gone. */
export const deleteLines = (
  sheet: Sheet,
  dimension: Dimension,
  start: number,
  end: number,
): Sheet => {
  const count = end - start
  const shift = (bound: number) => (bound >= end ? bound - count : Math.min(bound, start))
  const shifted = shiftRanges(sheet, dimension, shift, shift)
  if (dimension === "ROWS") {
    const rows = spliced(sheet.rows, start, count, [])
    return { ...shifted, rowCount: sheet.rowCount - count, rows }
  }
  return {
    ...shifted,
    columnCount: sheet.columnCount - count,
    columns: spliced(sheet.columns, start, count, []),
    rows: sheet.rows.map((row) => ({ ...row, cells: spliced(row.cells, start, count, []) })),
  }
}

/** The lines of [start, end) put before the line that was `to`. */
export const moveLines = (
  sheet: Sheet,
  dimension: Dimension,
  start: number,
  end: number,
  to: number,
): Sheet => {
  const moved = <A>(lines: ReadonlyArray<A>, blank: A): ReadonlyArray<A> => {
    const all = padded(lines, Math.max(end, to), blank)
    const block = all.slice(start, end)
    const rest = spliced(all, start, end - start, [])
    return spliced(rest, to > start ? to - (end - start) : to, 0, block)
  }
  if (dimension === "ROWS") return { ...sheet, rows: moved(sheet.rows, emptyRow) }
  return {
    ...sheet,
    columns: moved(sheet.columns, emptyColumn),
    rows: sheet.rows.map((row) => ({ ...row, cells: moved(row.cells, emptyCell) })),
  }
}

const shiftRanges = (
  sheet: Sheet,
  dimension: Dimension,
  shiftStart: (start: number) => number,
  shiftEnd: (end: number) => number,
): Sheet => {
  const { basicFilter } = sheet
  const moved = (range: GridRange) => shiftRange(range, dimension, shiftStart, shiftEnd)
  return {
    ...sheet,
    ...(basicFilter === undefined
      ? {}
      : { basicFilter: { ...basicFilter, range: moved(basicFilter.range) } }),
    protectedRanges: sheet.protectedRanges.map((one) => ({ ...one, range: moved(one.range) })),
    ...(sheet.merges === undefined ? {} : { merges: sheet.merges.map(moved).filter(isBlock) }),
    ...(sheet.tables === undefined
      ? {}
      : {
          tables: sheet.tables
            .map((one) => ({ ...one, range: moved(one.range) }))
            .filter(({ range }) => sizeOf(range) > 0),
        }),
    ...(sheet.filterViews === undefined
      ? {}
      : { filterViews: sheet.filterViews.map((one) => ({ ...one, range: moved(one.range) })) }),
    ...(sheet.rowGroups === undefined || dimension === "COLUMNS"
      ? {}
      : {
          rowGroups: sheet.rowGroups
            .map((one) => ({
              ...one,
              range: {
                ...one.range,
                startIndex: shiftStart(one.range.startIndex),
                endIndex: shiftEnd(one.range.endIndex),
              },
            }))
            .filter(({ range }) => range.endIndex > range.startIndex),
        }),
  }
}

/** How many cells a range with bounds has. */
const sizeOf = (range: GridRange): number =>
  ((range.endRowIndex ?? 0) - (range.startRowIndex ?? 0)) *
  ((range.endColumnIndex ?? 0) - (range.startColumnIndex ?? 0))

/** One cell alone is not merged. */
const isBlock = (range: GridRange): boolean => sizeOf(range) > 1

const shiftRange = (
  range: GridRange,
  dimension: Dimension,
  shiftStart: (start: number) => number,
  shiftEnd: (end: number) => number,
): GridRange => {
  const [first, last] =
    dimension === "ROWS"
      ? (["startRowIndex", "endRowIndex"] as const)
      : (["startColumnIndex", "endColumnIndex"] as const)
  const start = range[first]
  const end = range[last]
  return {
    ...range,
    ...(start === undefined ? {} : { [first]: shiftStart(start) }),
    ...(end === undefined ? {} : { [last]: shiftEnd(end) }),
  }
}

const formatOf = (cell: Cell): Cell =>
  cell.userEnteredFormat === undefined ? emptyCell : { userEnteredFormat: cell.userEnteredFormat }

const formats = (row: Row): ReadonlyArray<Cell> => {
  const cells = row.cells.map(formatOf)
  return cells.slice(0, cells.findLastIndex((cell) => cell !== emptyCell) + 1)
}

const repeated = <A>(item: A, count: number): ReadonlyArray<A> =>
  Array.from({ length: count }, () => item)

const padded = <A>(items: ReadonlyArray<A>, length: number, blank: A): ReadonlyArray<A> =>
  items.length >= length ? items : [...items, ...repeated(blank, length - items.length)]

const spliced = <A>(
  items: ReadonlyArray<A>,
  at: number,
  remove: number,
  insert: ReadonlyArray<A>,
): ReadonlyArray<A> => [...items.slice(0, at), ...insert, ...items.slice(at + remove)]
