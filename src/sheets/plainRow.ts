/** A row of a base tab as the values API gives it, without the formats of its cells. Pure. */
import { dayColumns, type Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import type { Plain } from "./Answers.ts"
import { dayOfPlain } from "./BaseRow.ts"
import type { BaseColumns } from "./Headers.ts"

/** An unticked box counts as blank. */
export const isFilled = (cell: Plain | undefined): boolean =>
  cell !== undefined && cell !== false && String(cell).trim() !== ""

/** As a person reads it; numbers in full. */
export const plainText = (cell: Plain): string =>
  typeof cell === "number" && Number.isInteger(cell) ? BigInt(cell).toString() : String(cell).trim()

/** The day an item has that is made of the row; `undefined` where no date can be read. */
export const dayOfRow = (
  resource: Resource,
  columns: BaseColumns,
  row: ReadonlyArray<Plain>,
): Day | undefined => {
  for (const { key } of dayColumns(resource)) {
    const index = columns.byKey.get(key)
    const day = index === undefined ? undefined : dayOfPlain(row[index] ?? "")
    if (day !== undefined) return day
  }
  return undefined
}
