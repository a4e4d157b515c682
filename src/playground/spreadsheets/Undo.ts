/**
 * Taking back what a person did, on a sheet that the bot may have changed since.
 *
 * Nothing is ever changed in place, so an untouched row or cell is the same object before and
 * after: that is how a row is found again wherever it has moved to.
 */
import { Result } from "effect"
import {
  type Book,
  type Cell,
  emptyCell,
  emptyRow,
  mapCells,
  mapRows,
  type Row,
  type Sheet,
  withSheet,
  withValueOf,
} from "./Grid.ts"
import type { HumanEdit } from "./HumanEdit.ts"
import { deleteLines, insertLines } from "./Lines.ts"
import { clearBasicFilter, hiddenValues, setBasicFilter } from "./SearchRequests.ts"
import { anchored } from "./Metadata.ts"

/** What an edit was about. */
type Kind = "cells" | "rows" | "order" | "hidden" | "filter"

export interface Undoable {
  readonly kind: Kind
  readonly before: Sheet
  readonly after: Sheet
}

const kinds: { readonly [Op in HumanEdit["op"]]?: Kind } = {
  append: "cells",
  set: "cells",
  write: "cells",
  note: "cells",
  insert: "rows",
  delete: "rows",
  sort: "order",
  hide: "hidden",
  filter: "filter",
  unfilter: "filter",
}

/** None for what can only be done the other way round by hand. */
export const undoable = (before: Book, after: Book, { op, tab }: HumanEdit) => {
  const kind = kinds[op]
  const sheet = before.sheets.find(({ title }) => title === tab)
  const edited = after.sheets.find(({ sheetId }) => sheetId === sheet?.sheetId)
  return kind === undefined || sheet === undefined || edited === undefined
    ? undefined
    : { kind, before: sheet, after: edited }
}

const changedSince = Result.fail("What the edit wrote is no longer there.")
const isGone = Result.fail("The tab is no longer there.")

interface Undone {
  readonly book: Book
  /** Taking this back does the edit again. */
  readonly again: Undoable
}

/** The book without the edit. A failure says why it cannot be taken back. */
export const takenBack = (book: Book, edit: Undoable): Result.Result<Undone, string> => {
  const { sheetId } = edit.after
  const sheetIn = ({ sheets }: Book) => sheets.find((sheet) => sheet.sheetId === sheetId)
  const now = sheetIn(book)
  if (now === undefined) return isGone
  const undone =
    edit.kind === "filter"
      ? filterBack(book, edit)
      : Result.map(sheetBack(book, now, edit), (sheet) => withSheet(book, sheet))
  return Result.map(undone, (after) => ({
    book: after,
    again: { kind: edit.kind, before: now, after: sheetIn(after) ?? now },
  }))
}

const sheetBack = (book: Book, now: Sheet, edit: Undoable): Result.Result<Sheet, string> => {
  if (edit.kind === "cells") return cellsBack(now, edit)
  if (edit.kind === "order") return Result.succeed(orderBack(now, edit))
  if (edit.kind === "hidden") return Result.succeed(hiddenBack(now, edit))
  return edit.after.rowCount > edit.before.rowCount
    ? insertedAway(now, edit)
    : Result.succeed(deletedBack(book, now, edit))
}

/** The value is still the one that was written, whatever the colour has become. */
const holds = (now: Cell, written: Cell): boolean =>
  now === written ||
  (now.userEnteredValue !== undefined &&
    now.userEnteredValue === written.userEnteredValue &&
    now.note === written.note)

const cellsBack = (now: Sheet, { before, after }: Undoable): Result.Result<Sheet, string> => {
  const targets = new Map<number, (row: Row) => Row>()
  for (const [at, row] of after.rows.entries()) {
    const former = before.rows[at] ?? emptyRow
    if (row === former) continue
    const columns = row.cells.flatMap((cell, column) =>
      cell === former.cells[column] ? [] : [column],
    )
    const isRow = (other: Row | undefined) =>
      columns.every((column) =>
        holds(other?.cells[column] ?? emptyCell, row.cells[column] ?? emptyCell),
      )
    const place = isRow(now.rows[at]) ? at : now.rows.findIndex(isRow)
    if (place < 0 || columns.length === 0 || targets.has(place)) return changedSince
    targets.set(place, (target) =>
      columns.reduce(
        (cells, column) =>
          mapCells(cells, column, column + 1, (cell) =>
            asBefore(cell, former.cells[column] ?? emptyCell),
          ),
        target,
      ),
    )
  }
  return Result.succeed(
    mapRows(now, 0, now.rows.length, (row, at) => targets.get(at)?.(row) ?? row),
  )
}

/** The very cell that it was, where nothing else about it has changed: so an older edit finds it too. */
const asBefore = (cell: Cell, before: Cell): Cell => {
  const { note: _, ...rest } = withValueOf(cell, before)
  const back: Cell = { ...rest, ...(before.note === undefined ? {} : { note: before.note }) }
  return isSame(back, before) ? before : back
}

const isSame = (one: Cell, other: Cell): boolean => {
  const entries = Object.entries(one)
  const others = new Map<string, unknown>(Object.entries(other))
  return (
    entries.length === others.size &&
    entries.every(([key, part]) => JSON.stringify(others.get(key)) === JSON.stringify(part))
  )
}

/** Where the rows of the two begin to differ. */
const firstChange = ({ before, after }: Undoable): number => {
  const at = after.rows.findIndex((row, index) => row !== before.rows[index])
  return at < 0 ? after.rows.length : at
}

const insertedAway = (now: Sheet, edit: Undoable): Result.Result<Sheet, string> => {
  const start = firstChange(edit)
  const added = edit.after.rows.slice(start, start + edit.after.rowCount - edit.before.rowCount)
  const places = added.map((row) => placeOf(now, row))
  return places.includes(-1)
    ? changedSince
    : Result.succeed(
        places
          .toSorted((one, other) => other - one)
          .reduce((sheet, place) => deleteLines(sheet, "ROWS", place, place + 1), now),
      )
}

/** The place of a row that holds the same cells, -1 where there is none. */
const placeOf = (sheet: Sheet, row: Row): number => {
  const same = sheet.rows.indexOf(row)
  if (same >= 0 || row.cells.length === 0) return same
  return sheet.rows.findIndex(
    ({ cells }) =>
      cells.length === row.cells.length &&
      cells.every((cell, column) => holds(cell, row.cells[column] ?? emptyCell)),
  )
}

/** The deleted rows stand below the row that was above them, or above the one that was below. */
const deletedBack = (book: Book, now: Sheet, edit: Undoable): Sheet => {
  const { before, after } = edit
  const start = firstChange(edit)
  const count = before.rowCount - after.rowCount
  const above = before.rows[start - 1]
  const below = before.rows[start + count]
  const aboveAt = above === undefined ? -1 : placeOf(now, above)
  const belowAt = below === undefined ? -1 : placeOf(now, below)
  const at = aboveAt >= 0 ? aboveAt + 1 : belowAt >= 0 ? belowAt : Math.min(start, now.rowCount)
  const used = new Set([...anchored(book)].map(({ metadata }) => metadata.metadataId))
  return mapRows(insertLines(now, "ROWS", at, count), at, at + count, (_, index) => {
    const row = before.rows[start + index - at] ?? emptyRow
    return { ...row, metadata: row.metadata.filter(({ metadataId }) => !used.has(metadataId)) }
  })
}

/** The rows that are still there change places among themselves. */
const orderBack = (now: Sheet, { before, after }: Undoable): Sheet => {
  const moved = before.rows.filter((row, at) => row !== after.rows[at] && row !== emptyRow)
  const found = moved.map((row) => placeOf(now, row)).filter((place) => place >= 0)
  const places = found.toSorted((one, other) => one - other)
  const target = new Map(places.map((place, index) => [place, now.rows[found[index] ?? place]]))
  return mapRows(now, 0, now.rows.length, (row, at) => target.get(at) ?? row)
}

const hiddenBack = (now: Sheet, { before, after }: Undoable): Sheet => {
  const shown = new Map<number, boolean>()
  for (const [at, row] of after.rows.entries()) {
    const former = before.rows[at] ?? emptyRow
    if (row === former) continue
    const place = placeOf(now, row)
    if (place >= 0) shown.set(place, former.hidden === true)
  }
  return mapRows(now, 0, now.rows.length, (row, at) => {
    const hidden = shown.get(at)
    return hidden === undefined ? row : { ...row, hidden }
  })
}

const filterBack = (book: Book, { before, after }: Undoable): Result.Result<Book, string> => {
  const { sheetId } = after
  if (before.basicFilter === undefined) {
    return Result.map(clearBasicFilter(book, { sheetId }), (step) => step.book)
  }
  const criteria = Object.fromEntries(
    Object.entries(hiddenValues(before)).map(([column, values]) => [
      column,
      { hiddenValues: values },
    ]),
  )
  const filter = { range: { sheetId, startRowIndex: 0 }, criteria }
  return Result.map(setBasicFilter(book, { filter }), (step) => step.book)
}
