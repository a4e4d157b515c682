/** Copying and cutting blocks of cells. Metadata stays on the rows it is pinned to. */
import { Result } from "effect"
import { areaOf, exceeds, type Area } from "./A1.ts"
import { effectiveValue } from "./Display.ts"
import {
  type Book,
  type Cell,
  cellAt,
  emptyCell,
  gridOf,
  mapCells,
  mapRows,
  type Sheet,
  type Stepped,
  withSheet,
} from "./Grid.ts"
import { editable } from "./Protection.ts"
import type { Bodies } from "./Requests.ts"
import type { Switches } from "./Switches.ts"

type PasteType = NonNullable<Bodies["copyPaste"]["pasteType"]>
type Block = ReadonlyArray<ReadonlyArray<Cell>>

export const copyPaste = (
  book: Book,
  { source = {}, destination = {}, pasteType = "PASTE_NORMAL" }: Bodies["copyPaste"],
): Stepped =>
  Result.gen(function* () {
    const from = yield* gridOf(book, source.sheetId)
    const area = yield* areaOf(from, source)
    const to = yield* gridOf(book, destination.sheetId)
    const target = yield* areaOf(to, destination)
    const rows = range(area.top, area.bottom)
    const block = blockOf(from, rows, area)
    const height = Math.max(block.length, target.bottom - target.top)
    const width = Math.max(area.right - area.left, target.right - target.left)
    const pasted = yield* paste(to, target.top, target.left, height, width, block, pasteType)
    return { book: withSheet(book, pasted), reply: {} }
  })

export const cutPaste = (
  book: Book,
  { source = {}, destination = {}, pasteType = "PASTE_NORMAL" }: Bodies["cutPaste"],
  { cutSkipsHidden }: Switches,
): Stepped =>
  Result.gen(function* () {
    const from = yield* gridOf(book, source.sheetId)
    const area = yield* areaOf(from, source)
    yield* editable(from, area)
    const rows = range(area.top, area.bottom).filter((index) => {
      const row = from.rows[index]
      return !(cutSkipsHidden && (row?.hidden === true || row?.filtered === true))
    })
    const block = blockOf(from, rows, area)
    const moved = new Set(rows)
    const left = mapRows(from, area.top, area.bottom, (row, index) =>
      moved.has(index) ? mapCells(row, area.left, area.right, () => emptyCell) : row,
    )
    const cut = withSheet(book, left)
    if (block.length === 0) return { book: cut, reply: {} }
    const { rowIndex = 0, columnIndex = 0 } = destination
    const to = yield* gridOf(cut, destination.sheetId)
    const width = area.right - area.left
    const pasted = yield* paste(to, rowIndex, columnIndex, block.length, width, block, pasteType)
    return { book: withSheet(cut, pasted), reply: {} }
  })

const blockOf = (sheet: Sheet, rows: ReadonlyArray<number>, { left, right }: Area): Block =>
  rows.map((row) => range(left, right).map((column) => cellAt(sheet, row, column)))

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

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, offset) => from + offset)
