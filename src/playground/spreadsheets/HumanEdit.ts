/**
 * What people do to a sheet while the bot works in it. Rows and columns count from 0, the
 * header included.
 */
import { Equal, Record, Result, Schema, Struct } from "effect"
import { textsOf } from "./Display.ts"
import {
  type Book,
  filledRows,
  mapCells,
  mapRows,
  type ProtectedRange,
  type Sheet,
  withSheet,
  withValueOf,
} from "./Grid.ts"
import { deleteLines, insertLines } from "./Lines.ts"
import { mergedBlock } from "./PartRequests.ts"
import { clearBasicFilter, hiddenValues, setBasicFilter, sortArea } from "./SearchRequests.ts"
import { CellInput, cellOf, RowInput, rowOf } from "./Seed.ts"
import { blankSheet, freeSheetId, titleIsFree } from "./SheetRequests.ts"

const Index = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const rows = Schema.Array(RowInput)

/** Rows as the person saw them, with the texts of their cells. */
const Seen = Schema.Array(Schema.Struct({ row: Index, cells: Schema.Array(Schema.String) }))

const act = <const Op extends string, const Fields extends Schema.Struct.Fields>(
  op: Op,
  fields: Fields,
) =>
  Schema.Struct({
    op: Schema.Literal(op),
    tab: Schema.String,
    seen: Schema.optionalKey(Seen),
    ...fields,
  })

export const HumanEdit = Schema.Union([
  act("append", { rows }),
  act("insert", { at: Index, rows }),
  act("delete", { at: Index, count: Index }),
  act("set", { row: Index, column: Index, value: CellInput }),
  act("write", {
    column: Index,
    rows: Schema.Array(Schema.Struct({ row: Index, values: RowInput })),
  }),
  act("sort", { column: Index, descending: Schema.optionalKey(Schema.Boolean) }),
  act("hide", { at: Index, count: Index, hidden: Schema.optionalKey(Schema.Boolean) }),
  act("filter", { column: Index, hiddenValues: Schema.Array(Schema.String) }),
  act("unfilter", {}),
  act("protect", { protected: Schema.optionalKey(Schema.Boolean) }),
  /** An empty text takes the note away. */
  act("note", { row: Index, column: Index, note: Schema.String }),
  act("merge", { row: Index, column: Index, rows: Index, columns: Index }),
  act("table", { name: Schema.NonEmptyString }),
  act("form", { linked: Schema.optionalKey(Schema.Boolean) }),
  act("rename", { title: Schema.NonEmptyString }),
  act("addTab", {}),
  act("removeTab", {}),
])
export type HumanEdit = typeof HumanEdit.Type

/** There is no such place to edit; `reason` is for the person. */
export class BadEdit extends Schema.TaggedError<BadEdit>()("BadEdit", { reason: Schema.String }) {
  override get message() {
    return this.reason
  }
}

/** The bot or somebody else was faster: the rows are no longer those that the person saw. */
export class Stale extends Schema.TaggedError<Stale>()("Stale", { reason: Schema.String }) {
  override get message() {
    return this.reason
  }
}

/** Tells which of the rows that the edit is for has moved or changed since the person saw it. */
export const staleRow = (book: Book, { tab, seen = [] }: HumanEdit): Stale | undefined => {
  const sheet = book.sheets.find(({ title }) => title === tab)
  const changed = seen.find(
    ({ row, cells }) =>
      !Equal.equals(
        textsOf(sheet?.rows[row]?.cells ?? [], book.locale),
        cells.slice(0, cells.findLastIndex((text) => text !== "") + 1),
      ),
  )
  return changed === undefined
    ? undefined
    : new Stale({ reason: `Row ${changed.row} has moved or changed since it was seen.` })
}

type Edited = Result.Result<Book, string>

export const humanEdited = (book: Book, edit: HumanEdit): Edited => {
  if (edit.op === "addTab") {
    return Result.map(titleIsFree(book, edit.tab), () => ({
      ...book,
      sheets: [...book.sheets, blankSheet(freeSheetId(book), edit.tab)],
    }))
  }
  const sheet = book.sheets.find(({ title }) => title === edit.tab)
  if (sheet === undefined) return Result.fail(`There is no tab "${edit.tab}".`)
  switch (edit.op) {
    case "removeTab":
      return book.sheets.length === 1
        ? Result.fail("The last tab cannot be removed.")
        : Result.succeed({ ...book, sheets: book.sheets.filter((other) => other !== sheet) })
    case "rename":
      return Result.map(titleIsFree(book, edit.title, sheet.sheetId), () =>
        withSheet(book, { ...sheet, title: edit.title }),
      )
    case "filter": {
      const range = { sheetId: sheet.sheetId, startRowIndex: 0 }
      const hidden = { ...hiddenValues(sheet), [String(edit.column)]: edit.hiddenValues }
      const hiding = Record.filter(hidden, (values) => values.length > 0)
      const criteria = Record.map(hiding, (values) => ({ hiddenValues: values }))
      return Result.map(setBasicFilter(book, { filter: { range, criteria } }), (step) => step.book)
    }
    case "unfilter":
      return Result.map(clearBasicFilter(book, { sheetId: sheet.sheetId }), (step) => step.book)
    default:
      return Result.map(gridEdited(sheet, edit), (after) => withSheet(book, after))
  }
}

type GridEdit = Exclude<
  HumanEdit,
  { op: "addTab" | "removeTab" | "rename" | "filter" | "unfilter" }
>

const gridEdited = (sheet: Sheet, edit: GridEdit): Result.Result<Sheet, string> => {
  const outside = Result.fail(`The tab has ${sheet.rowCount} rows, ${sheet.columnCount} columns.`)
  switch (edit.op) {
    case "append":
      return Result.succeed(writeRows(sheet, filledRows(sheet), edit.rows))
    case "insert": {
      if (edit.at > sheet.rowCount) return outside
      const inserted = insertLines(sheet, "ROWS", edit.at, edit.rows.length)
      return Result.succeed(writeRows(inserted, edit.at, edit.rows))
    }
    case "delete":
      return edit.at + edit.count > sheet.rowCount || edit.count >= sheet.rowCount
        ? outside
        : Result.succeed(deleteLines(sheet, "ROWS", edit.at, edit.at + edit.count))
    case "set": {
      const { row, column, value } = edit
      if (row >= sheet.rowCount || column >= sheet.columnCount) return outside
      return Result.succeed(
        mapRows(sheet, row, row + 1, (before) =>
          mapCells(before, column, column + 1, (cell) => ({
            ...Struct.omit(cell, ["userEnteredValue"]),
            ...cellOf(value),
          })),
        ),
      )
    }
    case "write":
      return Result.succeed(writeCells(sheet, edit.column, edit.rows))
    case "sort": {
      const top = Math.max(sheet.frozenRowCount ?? 0, 1)
      const area = { top, bottom: sheet.rowCount, left: 0, right: sheet.columnCount }
      const sortOrder = edit.descending === true ? "DESCENDING" : "ASCENDING"
      return Result.succeed(sortArea(sheet, area, [{ dimensionIndex: edit.column, sortOrder }]))
    }
    case "hide":
      return Result.succeed(
        mapRows(sheet, edit.at, Math.min(edit.at + edit.count, sheet.rowCount), (row) => ({
          ...row,
          hidden: edit.hidden ?? true,
        })),
      )
    case "note": {
      const { row, column, note } = edit
      if (row >= sheet.rowCount || column >= sheet.columnCount) return outside
      return Result.succeed(
        mapRows(sheet, row, row + 1, (before) =>
          mapCells(before, column, column + 1, (cell) => ({
            ...Struct.omit(cell, ["note"]),
            ...(note === "" ? {} : { note }),
          })),
        ),
      )
    }
    case "merge": {
      const bottom = edit.row + edit.rows
      const right = edit.column + edit.columns
      if (bottom > sheet.rowCount || right > sheet.columnCount) return outside
      return Result.succeed(mergedBlock(sheet, { top: edit.row, bottom, left: edit.column, right }))
    }
    case "table":
      return Result.succeed({
        ...sheet,
        tables: [{ tableId: edit.name, name: edit.name, range: dataRange(sheet) }],
      })
    case "form":
      return Result.succeed({ ...sheet, form: edit.linked ?? true })
    default:
      return Result.succeed({
        ...sheet,
        protectedRanges: [
          ...sheet.protectedRanges.filter((one) => one.againstBot !== true),
          ...(edit.protected === false ? [] : [closed(sheet)]),
        ],
      })
  }
}

/** The rows written from `top` on; the grid grows with them. */
const writeRows = (
  sheet: Sheet,
  top: number,
  given: ReadonlyArray<ReadonlyArray<CellInput>>,
): Sheet => {
  const bottom = top + given.length
  const width = Math.max(0, ...given.map((cells) => cells.length))
  const grown = {
    ...sheet,
    rowCount: Math.max(sheet.rowCount, bottom),
    columnCount: Math.max(sheet.columnCount, width),
  }
  return mapRows(grown, top, bottom, (row, index) => ({
    ...row,
    cells: rowOf(given[index - top] ?? []).cells,
  }))
}

/**
 * Each value with the number format that belongs to it, so that a number put over a day is no day;
 * colours and notes stay. The grid grows with what is written.
 */
const writeCells = (
  sheet: Sheet,
  left: number,
  given: ReadonlyArray<{ readonly row: number; readonly values: ReadonlyArray<CellInput> }>,
): Sheet => {
  const values = new Map(given.map((one) => [one.row, one.values]))
  const bottom = Math.max(0, ...given.map(({ row }) => row + 1))
  const right = Math.max(0, ...given.map((one) => left + one.values.length))
  const grown = {
    ...sheet,
    rowCount: Math.max(sheet.rowCount, bottom),
    columnCount: Math.max(sheet.columnCount, right),
  }
  return mapRows(grown, 0, bottom, (row, at) => {
    const inputs = values.get(at)
    if (inputs === undefined) return row
    return mapCells(row, left, left + inputs.length, (cell, column) =>
      withValueOf(cell, cellOf(inputs[column - left] ?? null)),
    )
  })
}

/** All that is filled, the header included. */
const dataRange = (sheet: Sheet) => ({
  sheetId: sheet.sheetId,
  startRowIndex: 0,
  endRowIndex: Math.max(2, filledRows(sheet)),
  startColumnIndex: 0,
  endColumnIndex: Math.max(1, ...sheet.rows.map(({ cells }) => cells.length)),
})

const closed = (sheet: Sheet): ProtectedRange => ({
  protectedRangeId:
    Math.max(0, ...sheet.protectedRanges.map((one) => one.protectedRangeId)) + 1_001,
  range: { sheetId: sheet.sheetId },
  againstBot: true,
})
