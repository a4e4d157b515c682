/**
 * Cells as the bot writes them. Pure.
 *
 * What people or sheets once typed goes back as literal text: never as a formula, never as a
 * number that loses its zeros.
 */
import type { Colour } from "../domain/Catalogue.ts"
import { type Day, serialOfDay } from "../domain/Day.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { gridRange } from "./Headers.ts"

export interface CellWrite {
  readonly userEnteredValue?: { readonly stringValue: string } | { readonly numberValue: number }
  readonly userEnteredFormat?: {
    readonly backgroundColorStyle?: { readonly rgbColor: Colour }
    readonly numberFormat?: { readonly type: string; readonly pattern?: string }
  }
}

/** A cell with a text; an empty text empties the cell. */
export const textCell = (stringValue: string): CellWrite =>
  stringValue === "" ? {} : { userEnteredValue: { stringValue } }

/**
 * A text in a cell of text format, so that what somebody types over it later keeps its zeros too.
 */
export const literalCell = (text: string): CellWrite => ({
  ...textCell(text),
  userEnteredFormat: { numberFormat: { type: "TEXT" } },
})

export const dayCell = (day: Day): CellWrite => ({
  userEnteredValue: { numberValue: serialOfDay(day) },
  userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
})

/** How long a text in a cell may be. */
export const cellTextMax = 50_000

/** The value and the number format, and nothing else of what a cell looks like. */
export const valueAndFormat = "userEnteredValue,userEnteredFormat.numberFormat"

/** Writes one cell. The sheet's cell keeps its format where `cell` has none. */
export const writeCell = (
  sheetId: number,
  row: number,
  column: number,
  cell: CellWrite,
): SheetRequest => ({
  updateCells: {
    range: gridRange(sheetId, { row, column }, { rows: 1, columns: 1 }),
    rows: [{ values: [cell] }],
    fields: cell.userEnteredFormat === undefined ? "userEnteredValue" : valueAndFormat,
  },
})
