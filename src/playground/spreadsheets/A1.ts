/**
 * Ranges: the A1 notation people read, the grid ranges requests carry, and the area of a real
 * grid that either of them means.
 */
import { Result } from "effect"
import type { Book, GridRange, Sheet } from "./Grid.ts"

/** A range cut to its grid: every bound is known and inside. */
export interface Area {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export const formatArea = (title: string, { top, bottom, left, right }: Area): string =>
  formatRange(title, {
    startRowIndex: top,
    endRowIndex: bottom,
    startColumnIndex: left,
    endColumnIndex: right,
  })

/** The part of the grid that a range means; one that starts outside of the grid is refused. */
export const areaOf = (sheet: Sheet, range: GridRange): Result.Result<Area, string> => {
  const { startRowIndex: top = 0, startColumnIndex: left = 0 } = range
  const { endRowIndex = sheet.rowCount, endColumnIndex = sheet.columnCount } = range
  if (top < 0 || left < 0 || top >= sheet.rowCount || left >= sheet.columnCount) {
    return Result.fail(exceeds(sheet, range))
  }
  if (endRowIndex <= top || endColumnIndex <= left) {
    return Result.fail(`Range (${formatRange(sheet.title, range)}) is empty or reversed.`)
  }
  const bottom = Math.min(endRowIndex, sheet.rowCount)
  return Result.succeed({ top, bottom, left, right: Math.min(endColumnIndex, sheet.columnCount) })
}

export const exceeds = (sheet: Sheet, range: GridRange): string =>
  `Range (${formatRange(sheet.title, range)}) exceeds grid limits. ` +
  `Max rows: ${sheet.rowCount}, max columns: ${sheet.columnCount}`

export const overlap = (one: Area, other: Area): boolean =>
  one.top < other.bottom &&
  other.top < one.bottom &&
  one.left < other.right &&
  other.left < one.right

interface Located {
  readonly sheet: Sheet
  readonly range: GridRange
}

/** Reads `'Tab'!A1:C31`, `Tab!A:C`, `Tab!2:5`, `A1:B2` (of the first tab) or a tab's title. */
export const parseA1 = (book: Book, text: string): Result.Result<Located, string> => {
  const unreadable = Result.fail(`Unable to parse range: ${text}`)
  const separator = text.lastIndexOf("!")
  if (separator >= 0) {
    const sheet = titled(book, unquoted(text.slice(0, separator)))
    const range = parseBounds(text.slice(separator + 1))
    if (sheet === undefined || range === undefined) return unreadable
    return Result.succeed({ sheet, range: { sheetId: sheet.sheetId, ...range } })
  }
  const whole = titled(book, unquoted(text))
  if (whole !== undefined) {
    return Result.succeed({ sheet: whole, range: { sheetId: whole.sheetId } })
  }
  const first = book.sheets[0]
  const range = parseBounds(text)
  if (first === undefined || range === undefined) return unreadable
  return Result.succeed({ sheet: first, range: { sheetId: first.sheetId, ...range } })
}

const unquoted = (title: string): string =>
  /^'.*'$/s.test(title) ? title.slice(1, -1).replaceAll("''", "'") : title

const titled = (book: Book, title: string): Sheet | undefined =>
  book.sheets.find((sheet) => sheet.title.toLowerCase() === title.toLowerCase())

const parseBounds = (text: string): GridRange | undefined => {
  const match = /^\$?([A-Z]{1,3})?\$?([1-9]\d*)?(?::\$?([A-Z]{1,3})?\$?([1-9]\d*)?)?$/i.exec(text)
  if (match === null) return undefined
  const [, column, row, lastColumn, lastRow] = match
  if (column === undefined && row === undefined) return undefined
  const single = !text.includes(":")
  if (single && (column === undefined || row === undefined)) return undefined
  if (!single && lastColumn === undefined && lastRow === undefined) return undefined
  const endColumn = single ? column : lastColumn
  const endRow = single ? row : lastRow
  return {
    ...(column === undefined ? {} : { startColumnIndex: columnIndex(column) }),
    ...(row === undefined ? {} : { startRowIndex: Number(row) - 1 }),
    ...(endColumn === undefined ? {} : { endColumnIndex: columnIndex(endColumn) + 1 }),
    ...(endRow === undefined ? {} : { endRowIndex: Number(endRow) }),
  }
}

const columnName = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : columnName(Math.floor(column / 26) - 1) + columnName(column % 26)

const rowName = (index: number | undefined): string =>
  index === undefined ? "" : String(index + 1)

const columnIndex = (name: string): number =>
  Array.from(name.toUpperCase()).reduce(
    (index, letter) => index * 26 + letter.charCodeAt(0) - 64,
    0,
  ) - 1

/** Google quotes a title unless it is a plain Latin word that cannot be taken for a cell. */
const quoted = (title: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(title) && !/^[A-Za-z]{1,3}[0-9]+$/.test(title)
    ? title
    : `'${title.replaceAll("'", "''")}'`

/** `Title!A2:C`: an open bound is left out, as Google does in its messages. */
const formatRange = (title: string, range: GridRange): string => {
  const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = range
  const bounds = [startRowIndex, endRowIndex, startColumnIndex, endColumnIndex]
  if (bounds.every((bound) => bound === undefined)) return quoted(title)
  const byRow = startColumnIndex === undefined && endColumnIndex === undefined
  const first = byRow ? "" : columnName(startColumnIndex ?? 0)
  const last = endColumnIndex === undefined ? "" : columnName(endColumnIndex - 1)
  const start = first + rowName(startRowIndex ?? (endRowIndex === undefined ? undefined : 0))
  const end = last + rowName(endRowIndex === undefined ? undefined : endRowIndex - 1)
  return `${quoted(title)}!${start === end || end === "" ? start : `${start}:${end}`}`
}
