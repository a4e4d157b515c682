/** Requests about whole sheets. */
import { Result } from "effect"
import { withinLimit } from "./DimensionRequests.ts"
import { parseMask } from "./FieldMask.ts"
import { type Book, type Sheet, type Stepped, withSheet } from "./Grid.ts"
import { deleteLines } from "./Lines.ts"
import { badPath, noFields } from "./MetadataRequests.ts"
import { renderProperties } from "./Rendering.ts"
import type { Bodies } from "./Requests.ts"
import { sheetPropertiesShape } from "./Shapes.ts"

export const addSheet = (book: Book, { properties = {} }: Bodies["addSheet"]): Stepped =>
  Result.gen(function* () {
    const { gridProperties = {}, index = book.sheets.length, hidden } = properties
    const sheetId = properties.sheetId ?? freeSheetId(book)
    if (sheetId < 0 || book.sheets.some((sheet) => sheet.sheetId === sheetId)) {
      return yield* Result.fail(`Sheet with id ${sheetId} already exists.`)
    }
    const title = properties.title ?? freeTitle(book)
    yield* titleIsFree(book, title)
    const { rowCount = 1000, columnCount = 26, frozenRowCount, frozenColumnCount } = gridProperties
    const added: Sheet = {
      ...blankSheet(sheetId, title),
      rowCount,
      columnCount,
      ...(frozenRowCount === undefined ? {} : { frozenRowCount }),
      ...(frozenColumnCount === undefined ? {} : { frozenColumnCount }),
      ...(hidden === true ? { hidden } : {}),
    }
    yield* frozenFits(added)
    const next = { ...book, sheets: placed(book.sheets, added, index) }
    yield* withinLimit(next)
    const at = next.sheets.indexOf(added)
    return { book: next, reply: { addSheet: { properties: renderProperties(added, at) } } }
  })

export const deleteSheet = (book: Book, { sheetId = 0 }: Bodies["deleteSheet"]): Stepped =>
  Result.gen(function* () {
    yield* sheetOf(book, sheetId)
    const sheets = book.sheets.filter((sheet) => sheet.sheetId !== sheetId)
    if (sheets.every(({ hidden }) => hidden === true)) {
      return yield* Result.fail("You can't remove all the visible sheets in a document.")
    }
    return { book: { ...book, sheets }, reply: {} }
  })

export const updateSheetProperties = (
  book: Book,
  { properties = {}, fields = "" }: Bodies["updateSheetProperties"],
): Stepped =>
  Result.gen(function* () {
    if (fields === "") return yield* Result.fail(noFields)
    const mask = yield* Result.mapError(parseMask(fields, sheetPropertiesShape), badPath)
    const sheet = yield* sheetOf(book, properties.sheetId ?? 0)
    const grid = properties.gridProperties ?? {}
    const all = mask === true
    const gridMask = all ? true : (mask["gridProperties"] ?? {})
    const lists = (name: string) => all || name in mask
    const listsGrid = (name: keyof typeof grid) =>
      gridMask === true ? grid[name] !== undefined : name in gridMask
    const { hidden = false, frozenRowCount = 0, frozenColumnCount = 0 } = sheet
    const next: Sheet = {
      ...resized(
        sheet,
        listsGrid("rowCount") ? (grid.rowCount ?? 0) : sheet.rowCount,
        listsGrid("columnCount") ? (grid.columnCount ?? 0) : sheet.columnCount,
      ),
      title: lists("title") ? (properties.title ?? "") : sheet.title,
      hidden: lists("hidden") ? (properties.hidden ?? false) : hidden,
      frozenRowCount: listsGrid("frozenRowCount") ? (grid.frozenRowCount ?? 0) : frozenRowCount,
      frozenColumnCount: listsGrid("frozenColumnCount")
        ? (grid.frozenColumnCount ?? 0)
        : frozenColumnCount,
    }
    if (next.title === "") return yield* Result.fail("Sheet title cannot be empty.")
    if (next.title !== sheet.title) yield* titleIsFree(book, next.title, sheet.sheetId)
    yield* frozenFits(next)
    const renewed = withSheet(book, next)
    if (renewed.sheets.every((one) => one.hidden === true)) {
      return yield* Result.fail("You can't hide all the sheets in a document.")
    }
    yield* withinLimit(renewed)
    if (!lists("index") || properties.index === undefined) return { book: renewed, reply: {} }
    const others = renewed.sheets.filter((one) => one.sheetId !== sheet.sheetId)
    return { book: { ...renewed, sheets: placed(others, next, properties.index) }, reply: {} }
  })

/** A sheet as a person gets it with the plus sign. */
export const blankSheet = (sheetId: number, title: string): Sheet => ({
  sheetId,
  title,
  rowCount: 1000,
  columnCount: 26,
  rows: [],
  columns: [],
  metadata: [],
  protectedRanges: [],
})

export const freeSheetId = (book: Book): number =>
  Math.max(0, ...book.sheets.map(({ sheetId }) => sheetId)) + 101

export const titleIsFree = (
  book: Book,
  title: string,
  except?: number,
): Result.Result<void, string> =>
  book.sheets.some(
    (sheet) => sheet.sheetId !== except && sheet.title.toLowerCase() === title.toLowerCase(),
  )
    ? Result.fail(`A sheet with the name "${title}" already exists. Please enter another name.`)
    : Result.succeed(undefined)

const sheetOf = (book: Book, sheetId: number): Result.Result<Sheet, string> => {
  const sheet = book.sheets.find((one) => one.sheetId === sheetId)
  return sheet === undefined ? Result.fail(`No sheet with id: ${sheetId}`) : Result.succeed(sheet)
}

const freeTitle = (book: Book): string => {
  const titles = new Set(book.sheets.map(({ title }) => title.toLowerCase()))
  let number = book.sheets.length + 1
  while (titles.has(`sheet${number}`)) number++
  return `Sheet${number}`
}

const placed = (sheets: ReadonlyArray<Sheet>, sheet: Sheet, at: number): ReadonlyArray<Sheet> => [
  ...sheets.slice(0, at),
  sheet,
  ...sheets.slice(at),
]

const resized = (sheet: Sheet, rowCount: number, columnCount: number): Sheet => {
  const shorter =
    rowCount < sheet.rowCount ? deleteLines(sheet, "ROWS", rowCount, sheet.rowCount) : sheet
  const narrower =
    columnCount < sheet.columnCount
      ? deleteLines(shorter, "COLUMNS", columnCount, sheet.columnCount)
      : shorter
  return { ...narrower, rowCount, columnCount }
}

const frozenFits = (sheet: Sheet): Result.Result<void, string> => {
  const { rowCount, columnCount, frozenRowCount = 0, frozenColumnCount = 0 } = sheet
  if (rowCount < 1 || columnCount < 1) {
    return Result.fail("A sheet must have at least one row and one column.")
  }
  if (frozenRowCount >= rowCount) {
    return Result.fail("You can't freeze all visible rows on the sheet.")
  }
  return frozenColumnCount >= columnCount
    ? Result.fail("You can't freeze all visible columns on the sheet.")
    : Result.succeed(undefined)
}
