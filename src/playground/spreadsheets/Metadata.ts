/**
 * Developer metadata: notes that a program pins to a book, a sheet, a row or a column, and
 * finds again by id, key or value. An id is used once in the whole book.
 */
import { Result, Schema } from "effect"
import { areaOf, overlap, parseA1, type Area } from "./A1.ts"
import { type Book, gridOf, GridRange, type Metadata, type Sheet, withSheet } from "./Grid.ts"

export type Dimension = "ROWS" | "COLUMNS"

export const DimensionRange = Schema.Struct({
  sheetId: Schema.optionalKey(Schema.Int),
  dimension: Schema.optionalKey(Schema.Literals(["ROWS", "COLUMNS"])),
  startIndex: Schema.optionalKey(Schema.Int),
  endIndex: Schema.optionalKey(Schema.Int),
})

export const Location = Schema.Struct({
  locationType: Schema.optionalKey(Schema.String),
  spreadsheet: Schema.optionalKey(Schema.Boolean),
  sheetId: Schema.optionalKey(Schema.Int),
  dimensionRange: Schema.optionalKey(DimensionRange),
})
export type Location = typeof Location.Type

const Lookup = Schema.Struct({
  locationType: Schema.optionalKey(Schema.Literals(["SPREADSHEET", "SHEET", "ROW", "COLUMN"])),
  metadataLocation: Schema.optionalKey(Location),
  locationMatchingStrategy: Schema.optionalKey(
    Schema.Literals(["EXACT_LOCATION", "INTERSECTING_LOCATION"]),
  ),
  metadataId: Schema.optionalKey(Schema.Int),
  metadataKey: Schema.optionalKey(Schema.String),
  metadataValue: Schema.optionalKey(Schema.String),
  visibility: Schema.optionalKey(Schema.String),
})

export const DataFilter = Schema.Struct({
  developerMetadataLookup: Schema.optionalKey(Lookup),
  a1Range: Schema.optionalKey(Schema.String),
  gridRange: Schema.optionalKey(GridRange),
})
export type DataFilter = typeof DataFilter.Type

/** Where a piece of metadata is anchored now. */
export type Anchor =
  | { readonly kind: "book" }
  | { readonly kind: "sheet"; readonly sheetId: number }
  | {
      readonly kind: "line"
      readonly sheetId: number
      readonly dimension: Dimension
      readonly index: number
    }

export interface Anchored {
  readonly metadata: Metadata
  readonly anchor: Anchor
}

/** All metadata of the book, its own first. */
export function* anchored(book: Book): Generator<Anchored> {
  for (const metadata of book.metadata) yield { metadata, anchor: { kind: "book" } }
  for (const sheet of book.sheets) {
    const { sheetId } = sheet
    for (const metadata of sheet.metadata) yield { metadata, anchor: { kind: "sheet", sheetId } }
    for (const dimension of dimensions) {
      const lines = dimension === "ROWS" ? sheet.rows : sheet.columns
      for (let index = 0; index < lines.length; index++) {
        for (const metadata of lines[index]?.metadata ?? []) {
          yield { metadata, anchor: { kind: "line", sheetId, dimension, index } }
        }
      }
    }
  }
}

export const findById = (book: Book, metadataId: number): Anchored | undefined => {
  for (const one of anchored(book)) if (one.metadata.metadataId === metadataId) return one
  return undefined
}

export const renderMetadata = (metadata: Metadata, anchor: Anchor): object => {
  const { visibility, ...rest } = metadata
  return { ...rest, location: renderAnchor(anchor), visibility }
}

/** The anchor that a request's location means; `undefined` for none at all. */
export const anchorOf = (
  book: Book,
  location: Location | undefined,
): Result.Result<Anchor, string> => {
  const lines = location?.dimensionRange
  if (lines !== undefined) {
    const { sheetId = 0, dimension, startIndex = 0, endIndex = startIndex + 1 } = lines
    if (dimension === undefined || endIndex !== startIndex + 1) {
      return Result.fail("Developer metadata can only be added to a single row or column.")
    }
    return Result.flatMap(gridOf(book, sheetId), (sheet) => {
      const count = dimension === "ROWS" ? sheet.rowCount : sheet.columnCount
      return startIndex < 0 || startIndex >= count
        ? Result.fail(`dimensionRange.startIndex is larger than current grid size (${count})`)
        : Result.succeed({ kind: "line", sheetId, dimension, index: startIndex })
    })
  }
  if (location?.spreadsheet === true) return Result.succeed({ kind: "book" })
  if (location?.sheetId !== undefined) {
    return Result.map(gridOf(book, location.sheetId), ({ sheetId }) => ({
      kind: "sheet",
      sheetId,
    }))
  }
  return Result.fail("Developer metadata must specify a location.")
}

/** Replaces the list at an anchor. */
export const withMetadataAt = (
  book: Book,
  anchor: Anchor,
  f: (list: ReadonlyArray<Metadata>) => ReadonlyArray<Metadata>,
): Book => {
  if (anchor.kind === "book") return { ...book, metadata: f(book.metadata) }
  const sheet = book.sheets.find((one) => one.sheetId === anchor.sheetId)
  if (sheet === undefined) return book
  if (anchor.kind === "sheet") return withSheet(book, { ...sheet, metadata: f(sheet.metadata) })
  return withSheet(book, withLineMetadata(sheet, anchor.dimension, anchor.index, f))
}

const withLineMetadata = (
  sheet: Sheet,
  dimension: Dimension,
  at: number,
  f: (list: ReadonlyArray<Metadata>) => ReadonlyArray<Metadata>,
): Sheet => {
  const updated = <L extends { readonly metadata: ReadonlyArray<Metadata> }>(
    lines: ReadonlyArray<L>,
    blank: L,
  ): ReadonlyArray<L> => {
    const next = lines.slice()
    while (next.length <= at) next.push(blank)
    const line = next[at] ?? blank
    next[at] = { ...line, metadata: f(line.metadata) }
    return next
  }
  return dimension === "ROWS"
    ? { ...sheet, rows: updated(sheet.rows, { cells: [], metadata: [] }) }
    : { ...sheet, columns: updated(sheet.columns, { metadata: [] }) }
}

/** What a data filter finds, the book's own metadata first. */
export const matching = (
  book: Book,
  filter: DataFilter,
): Result.Result<ReadonlyArray<Anchored>, string> => {
  const lookup = filter.developerMetadataLookup
  if (lookup === undefined) {
    return Result.map(filterArea(book, filter), ({ sheetId, area }) =>
      [...anchored(book)].filter(({ anchor }) => touches(book, anchor, sheetId, area)),
    )
  }
  const { metadataId } = lookup
  const found = metadataId === undefined ? undefined : findById(book, metadataId)
  const candidates =
    metadataId === undefined ? [...anchored(book)] : found === undefined ? [] : [found]
  return Result.succeed(candidates.filter((one) => fits(book, one, lookup)))
}

const fits = (book: Book, { metadata, anchor }: Anchored, lookup: typeof Lookup.Type): boolean => {
  const { metadataKey, metadataValue, visibility, locationType, metadataLocation } = lookup
  if (metadataKey !== undefined && metadataKey !== metadata.metadataKey) return false
  if (metadataValue !== undefined && metadataValue !== metadata.metadataValue) return false
  if (visibility !== undefined && visibility !== metadata.visibility) return false
  if (locationType !== undefined && locationType !== anchorType(anchor)) return false
  if (metadataLocation === undefined) return true
  const wanted = anchorOf(book, metadataLocation)
  if (Result.isFailure(wanted)) return false
  if (sameAnchor(wanted.success, anchor)) return true
  if (lookup.locationMatchingStrategy === "EXACT_LOCATION") return false
  if (wanted.success.kind === "book") return true
  if (anchor.kind === "book") return false
  return wanted.success.sheetId === anchor.sheetId && wanted.success.kind === "sheet"
}

const filterArea = (
  book: Book,
  filter: DataFilter,
): Result.Result<{ readonly sheetId: number; readonly area: Area }, string> =>
  Result.gen(function* () {
    const { sheet, range } =
      filter.a1Range === undefined
        ? { sheet: yield* gridOf(book, filter.gridRange?.sheetId), range: filter.gridRange ?? {} }
        : yield* parseA1(book, filter.a1Range)
    return { sheetId: sheet.sheetId, area: yield* areaOf(sheet, range) }
  })

const touches = (book: Book, anchor: Anchor, sheetId: number, area: Area): boolean => {
  if (anchor.kind === "book" || anchor.sheetId !== sheetId) return false
  if (anchor.kind === "sheet") return true
  const sheet = book.sheets.find((one) => one.sheetId === sheetId)
  if (sheet === undefined) return false
  const { index } = anchor
  const line =
    anchor.dimension === "ROWS"
      ? { top: index, bottom: index + 1, left: 0, right: sheet.columnCount }
      : { top: 0, bottom: sheet.rowCount, left: index, right: index + 1 }
  return overlap(line, area)
}

const dimensions: ReadonlyArray<Dimension> = ["ROWS", "COLUMNS"]

const sameAnchor = (one: Anchor, other: Anchor): boolean =>
  JSON.stringify(renderAnchor(one)) === JSON.stringify(renderAnchor(other))

const anchorType = (anchor: Anchor): string =>
  anchor.kind === "book"
    ? "SPREADSHEET"
    : anchor.kind === "sheet"
      ? "SHEET"
      : anchor.dimension === "ROWS"
        ? "ROW"
        : "COLUMN"

const renderAnchor = (anchor: Anchor): object => {
  const locationType = anchorType(anchor)
  if (anchor.kind === "book") return { locationType, spreadsheet: true }
  if (anchor.kind === "sheet") return { locationType, sheetId: anchor.sheetId }
  const { sheetId, dimension, index } = anchor
  const dimensionRange = { sheetId, dimension, startIndex: index, endIndex: index + 1 }
  return { locationType, dimensionRange }
}
