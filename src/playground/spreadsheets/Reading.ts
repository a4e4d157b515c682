/** The calls that only read, and the `updatedSpreadsheet` of a batch. */
import { Result } from "effect"
import { areaOf, formatArea, parseA1, type Area } from "./A1.ts"
import { decoding } from "./Decoding.ts"
import { displayed, isDate, rawValue } from "./Display.ts"
import { type Mask, parseMask, pruned, type Shape } from "./FieldMask.ts"
import { badMask, type GoogleError, invalidArgument, notFound } from "./GoogleError.ts"
import { type Book, type Cell, cellAt, type Sheet } from "./Grid.ts"
import { type Anchored, findById, matching, renderMetadata } from "./Metadata.ts"
import { renderBook } from "./Rendering.ts"
import { MetadataSearch } from "./Requests.ts"
import { metadataShape, spreadsheetShape, valuesBatchShape, valuesShape } from "./Shapes.ts"

export interface GetOptions {
  readonly fields?: string
  readonly ranges?: ReadonlyArray<string>
  readonly includeGridData?: boolean
}

export interface ValuesOptions {
  readonly fields?: string
  readonly majorDimension?: "ROWS" | "COLUMNS"
  readonly valueRenderOption?: "FORMATTED_VALUE" | "UNFORMATTED_VALUE" | "FORMULA"
  readonly dateTimeRenderOption?: "SERIAL_NUMBER" | "FORMATTED_STRING"
}

type Answer<A = object> = Result.Result<A, GoogleError>

/** The mask of the `fields` parameter; none asks for everything. */
export const responseMask = (
  fields: string | undefined,
  shape: Shape,
): Result.Result<Mask | undefined, GoogleError> =>
  fields === undefined || fields === ""
    ? Result.succeed(undefined)
    : Result.mapError(parseMask(fields, shape), badMask)

export const getBook = (book: Book, options: GetOptions): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(options.fields, spreadsheetShape)
    return yield* spreadsheet(book, mask, options.ranges ?? [], options.includeGridData ?? false)
  })

/** With a mask the grid data is answered when the mask asks for it, whatever `gridData` says. */
export const spreadsheet = (
  book: Book,
  mask: Mask | undefined,
  ranges: ReadonlyArray<string>,
  gridData: boolean,
  listEverySheet = false,
): Answer =>
  Result.gen(function* () {
    const areas: Array<Located> = []
    for (const range of ranges) areas.push(yield* locate(book, range))
    const effective = mask ?? (gridData ? true : withoutData)
    const named = areas.length === 0 ? undefined : areas
    return pruned(renderBook(book, effective, named, listEverySheet), effective)
  })

export const getValues = (book: Book, range: string, options: ValuesOptions): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(options.fields, valuesShape)
    return pruned(yield* valueRange(book, range, options), mask ?? true)
  })

export const batchGetValues = (
  book: Book,
  ranges: ReadonlyArray<string>,
  options: ValuesOptions,
): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(options.fields, valuesBatchShape)
    const valueRanges: Array<object> = []
    for (const range of ranges) valueRanges.push(yield* valueRange(book, range, options))
    const found = valueRanges.length === 0 ? {} : { valueRanges }
    return pruned({ spreadsheetId: book.id, ...found }, mask ?? true)
  })

export const getMetadata = (book: Book, metadataId: number, fields?: string): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(fields, metadataShape)
    const found = findById(book, metadataId)
    return found === undefined
      ? yield* Result.fail(notFound(`No developer metadata with ID ${metadataId}`))
      : pruned(renderMetadata(found.metadata, found.anchor), mask ?? true)
  })

export const searchMetadata = (book: Book, body: unknown): Answer =>
  Result.gen(function* () {
    const { dataFilters = [] } = yield* decodeSearch(body)
    if (dataFilters.length === 0) {
      return yield* Result.fail(invalidArgument("Must specify at least one data filter."))
    }
    const found = new Map<number, { readonly one: Anchored; readonly filters: Array<unknown> }>()
    for (const filter of dataFilters) {
      for (const one of yield* Result.mapError(matching(book, filter), invalidArgument)) {
        const known = found.get(one.metadata.metadataId)
        if (known === undefined) found.set(one.metadata.metadataId, { one, filters: [filter] })
        else known.filters.push(filter)
      }
    }
    if (found.size === 0) return {}
    return {
      matchedDeveloperMetadata: [...found.values()].map(({ one, filters }) => ({
        developerMetadata: renderMetadata(one.metadata, one.anchor),
        dataFilters: filters,
      })),
    }
  })

const decodeSearch = decoding(MetadataSearch)

const withoutData: Mask = {
  spreadsheetId: true,
  properties: true,
  sheets: { properties: true, basicFilter: true, protectedRanges: true, developerMetadata: true },
  spreadsheetUrl: true,
  developerMetadata: true,
}

interface Located {
  readonly sheet: Sheet
  readonly area: Area
}

const locate = (book: Book, text: string): Answer<Located> =>
  Result.mapError(
    Result.flatMap(parseA1(book, text), ({ sheet, range }) =>
      Result.map(areaOf(sheet, range), (area) => ({ sheet, area })),
    ),
    invalidArgument,
  )

const valueRange = (book: Book, range: string, options: ValuesOptions): Answer =>
  Result.map(locate(book, range), ({ sheet, area }) => {
    const byColumns = options.majorDimension === "COLUMNS"
    const bottom = Math.min(area.bottom, sheet.rows.length)
    const grid: Array<Array<Value>> = []
    for (let row = area.top; row < bottom; row++) {
      const cells: Array<Value> = []
      for (let column = area.left; column < area.right; column++) {
        cells.push(valueOf(cellAt(sheet, row, column), book.locale, options))
      }
      grid.push(cells)
    }
    const values = trimmed(byColumns ? transposed(grid) : grid)
    return {
      range: formatArea(sheet.title, area),
      majorDimension: byColumns ? "COLUMNS" : "ROWS",
      ...(values.length === 0 ? {} : { values }),
    }
  })

type Value = string | number | boolean

const valueOf = (cell: Cell, locale: string, options: ValuesOptions): Value => {
  const render = options.valueRenderOption ?? "FORMATTED_VALUE"
  if (render === "FORMATTED_VALUE") return displayed(cell, locale)
  const formula = cell.userEnteredValue?.formulaValue
  if (render === "FORMULA" && formula !== undefined) return formula
  const asText = options.dateTimeRenderOption === "FORMATTED_STRING" && isDate(cell)
  return asText ? displayed(cell, locale) : rawValue(cell)
}

const trimmed = (
  grid: ReadonlyArray<ReadonlyArray<Value>>,
): ReadonlyArray<ReadonlyArray<Value>> => {
  const rows = grid.map((cells) => cells.slice(0, cells.findLastIndex((value) => value !== "") + 1))
  return rows.slice(0, rows.findLastIndex((cells) => cells.length > 0) + 1)
}

const transposed = (
  grid: ReadonlyArray<ReadonlyArray<Value>>,
): ReadonlyArray<ReadonlyArray<Value>> =>
  (grid[0] ?? []).map((_, column) => grid.map((cells) => cells[column] ?? ""))
