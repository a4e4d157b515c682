/** Finding and replacing, sorting, filtering. */
import { Option, Record, Result, Schema } from "effect"
import { areaOf, type Area } from "./A1.ts"
import { displayed, rawValue } from "./Display.ts"
import {
  type Book,
  type Cell,
  changed,
  emptyCell,
  emptyRow,
  gridOf,
  hasValue,
  mapCells,
  mapRows,
  type Row,
  type Sheet,
  type Stepped,
  withSheet,
} from "./Grid.ts"
import { editable } from "./Protection.ts"
import type { Bodies } from "./Requests.ts"
import type { Switches } from "./Switches.ts"

export const findReplace = (
  book: Book,
  body: Bodies["findReplace"],
  { searchSkipsHidden }: Switches,
): Stepped =>
  Result.gen(function* () {
    const pattern = yield* patternOf(body)
    const { range, sheetId, includeFormulas = false, searchByRegex = false } = body
    const { replacement = "" } = body
    const sheets =
      body.allSheets === true ? book.sheets : [yield* gridOf(book, sheetId ?? range?.sheetId)]
    const counts = { values: 0, formulas: 0, rows: 0, sheets: 0, occurrences: 0 }
    let next = book
    for (const sheet of sheets) {
      const area = yield* areaOf(sheet, range ?? {})
      const bottom = Math.min(area.bottom, sheet.rows.length)
      let touched = false
      const after = mapRows(sheet, area.top, bottom, (row) => {
        if (searchSkipsHidden && (row.hidden === true || row.filtered === true)) return row
        let hit = false
        const replaced = (cell: Cell): Cell => {
          const formula = cell.userEnteredValue?.formulaValue
          if (formula !== undefined && !includeFormulas) return cell
          const text = formula ?? displayed(cell, book.locale)
          const found = text === "" ? 0 : [...text.matchAll(pattern)].length
          if (found === 0) return cell
          hit = true
          counts.occurrences += found
          if (formula === undefined) counts.values++
          else counts.formulas++
          // Only a regular expression makes `$1` a place for what was found.
          const written = searchByRegex
            ? text.replaceAll(pattern, replacement)
            : text.replaceAll(pattern, () => replacement)
          return withText(cell, written)
        }
        const right = Math.min(area.right, row.cells.length)
        const changedRow = right <= area.left ? row : mapCells(row, area.left, right, replaced)
        if (!hit) return row
        counts.rows++
        touched = true
        return changedRow
      })
      if (!touched) continue
      yield* editable(sheet, area)
      counts.sheets++
      next = withSheet(next, after)
    }
    return { book: next, reply: { findReplace: nonZero(counts) } }
  })

export const sortRange = (
  book: Book,
  { range = {}, sortSpecs = [] }: Bodies["sortRange"],
): Stepped =>
  Result.gen(function* () {
    const sheet = yield* gridOf(book, range.sheetId)
    const area = yield* areaOf(sheet, range)
    if (sortSpecs.length === 0) return yield* Result.fail("Must specify at least one sort spec.")
    yield* editable(sheet, area)
    return changed(book, sortArea(sheet, area, sortSpecs))
  })

/**
 * Numbers, then texts, then booleans, blanks always last. Hidden rows stay where they are. The
 * metadata of a row goes with it when the whole row is sorted.
 */
export const sortArea = (
  sheet: Sheet,
  area: Area,
  specs: NonNullable<Bodies["sortRange"]["sortSpecs"]>,
): Sheet => {
  const bottom = Math.min(area.bottom, sheet.rows.length)
  const places = sheet.rows.flatMap((row, index) =>
    index >= area.top && index < bottom && row.hidden !== true && row.filtered !== true
      ? [index]
      : [],
  )
  const whole = area.left === 0 && area.right === sheet.columnCount
  const sorted = places
    .map((index) => sheet.rows[index] ?? emptyRow)
    .toSorted((one, other) => compareRows(one, other, specs))
  const target = new Map(places.map((place, at) => [place, sorted[at] ?? emptyRow]))
  return mapRows(sheet, area.top, bottom, (row, index) => {
    const source = target.get(index)
    if (source === undefined || source === row) return row
    if (whole) return source
    return mapCells(row, area.left, area.right, (_, column) => source.cells[column] ?? emptyCell)
  })
}

export const clearBasicFilter = (book: Book, { sheetId }: Bodies["clearBasicFilter"]): Stepped =>
  Result.map(gridOf(book, sheetId), (sheet) => changed(book, unfiltered(sheet)))

export const setBasicFilter = (book: Book, { filter = {} }: Bodies["setBasicFilter"]): Stepped =>
  Result.gen(function* () {
    const sheet = yield* gridOf(book, filter.range?.sheetId)
    const area = yield* areaOf(sheet, filter.range ?? {})
    const { criteria = {}, filterSpecs = [] } = filter
    const hidden = new Map<number, ReadonlySet<string>>()
    for (const [column, { hiddenValues = [] }] of Object.entries(criteria)) {
      hidden.set(Number(column), new Set(hiddenValues))
    }
    for (const { columnIndex = 0, filterCriteria } of filterSpecs) {
      hidden.set(columnIndex, new Set(filterCriteria?.hiddenValues))
    }
    const hides = (row: Row) =>
      [...hidden].some(([column, texts]) =>
        texts.has(displayed(row.cells[column] ?? emptyCell, book.locale)),
      )
    const bottom = Math.min(area.bottom, sheet.rows.length)
    const rows = mapRows(unfiltered(sheet), area.top + 1, bottom, (row) =>
      hides(row) ? { ...row, filtered: true } : row,
    )
    const range = { ...filter.range, sheetId: sheet.sheetId }
    return changed(book, { ...rows, basicFilter: { ...filter, range } })
  })

/** What the filter of the sheet hides: the texts, by the column counted from 0. */
export const hiddenValues = (sheet: Sheet): Readonly<Record<string, ReadonlyArray<string>>> => {
  const criteria = Option.getOrElse(decodeCriteria(sheet.basicFilter?.criteria), () => ({}))
  return Record.map(criteria, (one) => one.hiddenValues ?? [])
}

/** A filter is kept as the API was given it. */
const decodeCriteria = Schema.decodeUnknownOption(
  Schema.Record(
    Schema.String,
    Schema.Struct({ hiddenValues: Schema.optionalKey(Schema.Array(Schema.String)) }),
  ),
)

const unfiltered = (sheet: Sheet): Sheet => {
  const { basicFilter: _, ...rest } = sheet
  return mapRows(rest, 0, sheet.rows.length, (row) => {
    if (row.filtered !== true) return row
    const { filtered: __, ...shown } = row
    return shown
  })
}

const patternOf = (body: Bodies["findReplace"]): Result.Result<RegExp, string> => {
  const { find = "", matchCase = false, matchEntireCell = false, searchByRegex = false } = body
  if (find === "") return Result.fail("find must not be empty.")
  const source = searchByRegex ? find : find.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  const whole = matchEntireCell ? `^(?:${source})$` : source
  return Result.mapError(
    Result.try(() => new RegExp(whole, matchCase ? "gu" : "giu")),
    () => `Invalid regular expression: ${find}`,
  )
}

const withText = (cell: Cell, text: string): Cell => {
  const { userEnteredValue: _, ...rest } = cell
  if (text === "") return rest
  return text.startsWith("=")
    ? { ...rest, userEnteredValue: { formulaValue: text } }
    : { ...rest, userEnteredValue: { stringValue: text } }
}

const nonZero = (
  counts: Record<"values" | "formulas" | "rows" | "sheets" | "occurrences", number>,
) =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) =>
      count === 0 ? [] : [[`${name}Changed`, count]],
    ),
  )

const compareRows = (
  one: Row,
  other: Row,
  specs: NonNullable<Bodies["sortRange"]["sortSpecs"]>,
): number => {
  for (const { dimensionIndex = 0, sortOrder } of specs) {
    const left = one.cells[dimensionIndex] ?? emptyCell
    const right = other.cells[dimensionIndex] ?? emptyCell
    if (hasValue(left) !== hasValue(right)) return hasValue(left) ? -1 : 1
    const order = compareCells(left, right)
    if (order !== 0) return sortOrder === "DESCENDING" ? -order : order
  }
  return 0
}

const compareCells = (one: Cell, other: Cell): number => {
  const left = rawValue(one)
  const right = rawValue(other)
  if (typeof left !== typeof right) return rank(left) - rank(right)
  if (typeof left === "string") return collator.compare(left, String(right))
  return Number(left) - Number(right)
}

const collator = new Intl.Collator("ru", { sensitivity: "base" })
const rank = (value: unknown): number =>
  typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2
