/**
 * The one batch of a return. It writes only into rows that it has inserted itself: whoever edits
 * the tab in between may find the rows elsewhere, but never loses a cell to them. Pure.
 */
import { Result } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import type { Cell, Origin } from "../domain/Item.ts"
import type { Plain } from "./Answers.ts"
import type { SheetRequest } from "./GuardMark.ts"
import { type BaseColumns, baseColumns, fold } from "./Headers.ts"
import { dayOfRow, isFilled } from "./plainRow.ts"
import type { ReturnGroup } from "./returnPlaces.ts"
import { moreColumns } from "./tabSetup.ts"

export interface ReturnedCell {
  readonly userEnteredValue?:
    | { readonly stringValue: string }
    | { readonly numberValue: number }
    | { readonly boolValue: boolean }
  readonly userEnteredFormat?: { readonly numberFormat: NonNullable<Cell["format"]> }
}

/** A base tab as it was just read. */
export interface ReturnTarget {
  readonly resource: Resource
  readonly sheetId: number
  /** Columns of the grid, as far as known. */
  readonly columnCount: number
  readonly columns: BaseColumns
}

/** Days of the rows below the header, down to the last filled one. */
export const daysOf = (
  { resource, columns }: Pick<ReturnTarget, "resource" | "columns">,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
) =>
  rows
    .slice(0, rows.findLastIndex((row) => row.some(isFilled)) + 1)
    .map((row) => dayOfRow(resource, columns, row))

/** @param groups in the order of insertion */
export const returnRequests = (
  target: ReturnTarget,
  groups: ReadonlyArray<ReturnGroup>,
): ReadonlyArray<SheetRequest> => {
  const { sheetId, columnCount } = target
  const written = groups.map(({ at, items }) => ({
    at,
    rows: items.map(({ origin }) => returnedRow(target, origin)),
  }))
  const width = Math.max(1, ...written.flatMap(({ rows }) => rows.map(({ length }) => length)))
  return [
    ...(width > columnCount ? [moreColumns(sheetId, width - columnCount)] : []),
    // A tab may end with its header, and an insertion without a row to precede is refused.
    ...(written.some(({ at }) => at === 1)
      ? [{ appendDimension: { sheetId, dimension: "ROWS", length: 1 } }]
      : []),
    ...written.flatMap(({ at, rows }) => {
      const end = at + rows.length
      return [
        {
          insertDimension: {
            range: { sheetId, dimension: "ROWS", startIndex: at, endIndex: end },
            // Rows of stock do not look like a header.
            inheritFromBefore: at > 1,
          },
        },
        {
          updateCells: {
            range: {
              sheetId,
              startRowIndex: at,
              endRowIndex: end,
              startColumnIndex: 0,
              endColumnIndex: width,
            },
            rows: rows.map((values) => ({ values })),
            fields: "userEnteredValue,userEnteredFormat.numberFormat",
          },
        },
      ]
    }),
  ]
}

/** The cells as the person left them, under the headers as they are now. */
export const returnedRow = (
  { resource, columns }: Pick<ReturnTarget, "resource" | "columns">,
  origin: Origin,
): ReadonlyArray<ReturnedCell> => {
  const places = placesOf(resource, origin, columns)
  const cells = new Map(
    origin.cells.flatMap((cell, index) => {
      const place = places.get(index)
      return place === undefined ? [] : [[place, written(cell)] as const]
    }),
  )
  return Array.from({ length: Math.max(-1, ...cells.keys()) + 1 }, (_, at) => cells.get(at) ?? {})
}

/**
 * Which column of the tab takes which cell of the row: the one that means the same to the
 * catalogue, or has the same header; for a cell without a header, the same column if that has
 * none either. A value that finds no column stands right of the last one with a header.
 */
const placesOf = (
  resource: Resource,
  { header, cells }: Origin,
  now: BaseColumns,
): ReadonlyMap<number, number> => {
  const places = new Map<number, number>()
  const taken = new Set<number>()
  const put = (index: number, place: number | undefined) => {
    if (place === undefined || places.has(index) || taken.has(place)) return
    places.set(index, place)
    taken.add(place)
  }
  const nameAt = (index: number) => fold(header[index] ?? "")
  const named = now.header.map(fold)
  const indexes = cells.map((_, index) => index)

  const before = baseColumns(resource, header)
  if (Result.isSuccess(before)) {
    for (const [key, index] of before.success.byKey) put(index, now.byKey.get(key))
    if (before.success.region !== undefined) put(before.success.region, now.region)
  }
  for (const index of indexes) {
    if (nameAt(index) === "") continue
    const place = named.findIndex((name, at) => name === nameAt(index) && !taken.has(at))
    put(index, place < 0 ? undefined : place)
  }
  for (const index of indexes) {
    if (nameAt(index) === "" && (named[index] ?? "") === "") put(index, index)
  }
  let free = named.findLastIndex((name) => name !== "") + 1
  for (const index of indexes) {
    if (places.has(index) || cells[index]?.value == null) continue
    while (taken.has(free)) free++
    put(index, free)
  }
  return places
}

const written = ({ value, format }: Cell): ReturnedCell => ({
  ...(value === null ? {} : { userEnteredValue: enteredValue(value) }),
  ...(format === undefined ? {} : { userEnteredFormat: { numberFormat: format } }),
})

const enteredValue = (
  value: NonNullable<Cell["value"]>,
): NonNullable<ReturnedCell["userEnteredValue"]> => {
  if (typeof value === "string") return { stringValue: value }
  return typeof value === "number" ? { numberValue: value } : { boolValue: value }
}
