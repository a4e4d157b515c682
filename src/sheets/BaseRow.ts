/**
 * A row of a base tab as an item, or the reason why it cannot be one. Pure.
 *
 * People fill these tabs by hand: numbers that should be texts, dates as text, blank rows,
 * formulas. What can be read without guessing is taken as it is shown, the rest is set aside.
 */
import { type BaseTab, type Column, dayColumns, type Resource } from "../domain/Catalogue.ts"
import { type Day, dayOfSerial, formatDay, parseDay } from "../domain/Day.ts"
import { type Cell, Item, ItemId, type Quarantined } from "../domain/Item.ts"
import { type BaseColumns, isHeaderAgain } from "./Headers.ts"
import type { CellData, Plain } from "./SheetsClient.ts"

/** What a row turned out to be. */
export type BaseRow =
  | { readonly _tag: "Blank" }
  | { readonly _tag: "Item"; readonly item: Item }
  | { readonly _tag: "Quarantined"; readonly row: Quarantined }

/** Where a row stands, and the id that its item gets. */
export interface RowPlace {
  readonly resource: Resource
  readonly tab: BaseTab
  readonly columns: BaseColumns
  readonly id: string
}

export const readRow = (place: RowPlace, cells: ReadonlyArray<CellData>): BaseRow => {
  const { resource, tab, columns, id } = place
  if (isBlank(columns, cells)) return { _tag: "Blank" }
  const quarantine = (reason: Quarantined["reason"], column: string | null): BaseRow => ({
    _tag: "Quarantined",
    row: setAside(place, cells, reason, column),
  })
  if (isHeaderAgain(columns, cells.map(shownText))) return quarantine("header", null)
  const formula = cells.findIndex(isComputed)
  if (formula >= 0) return quarantine("formula", columns.header[formula]?.trim() || null)

  const fields: Record<string, string> = {}
  const dated = dayColumns(resource)
  let day: Day | null = null
  for (const column of resource.columns) {
    const index = columns.byKey.get(column.key)
    const cell = index === undefined ? undefined : cells[index]
    const text = cell === undefined ? "" : fieldText(column, cell)
    if (text.trim() === "") {
      if (column.required) return quarantine("missing", column.header)
      continue
    }
    fields[column.key] = text
    if (column.kind !== "date" || cell === undefined) continue
    const read = dayOfCell(cell)
    if (read !== undefined) day ??= dated.includes(column) ? read : null
    else if (column.required) return quarantine("unreadable", column.header)
  }
  const key = identityKey(resource, fields[resource.identity] ?? "")
  if (key === "") return quarantine("unreadable", identityColumn(resource)?.header ?? null)
  const region = columns.region === undefined ? "" : shownText(cells[columns.region]).trim()
  return {
    _tag: "Item",
    item: Item.make({
      id: ItemId.make(id),
      resource: resource.id,
      variant: tab.variant ?? variantByMail(resource, key),
      key,
      fields,
      extras: columns.extras.flatMap(({ header, index }) => {
        const text = shownText(cells[index])
        return text.trim() === "" ? [] : [{ header, text }]
      }),
      region: region === "" ? null : region,
      day,
      origin: originOf(place, cells),
    }),
  }
}

export const setAside = (
  place: RowPlace,
  cells: ReadonlyArray<CellData>,
  reason: Quarantined["reason"],
  column: string | null,
): Quarantined => ({
  id: ItemId.make(place.id),
  tab: place.tab.title,
  reason,
  column,
  origin: originOf(place, cells),
  reported: false,
})

/** Whether there is nothing but spaces, unticked boxes, and formulas beside the item's columns. */
export const isBlank = (columns: BaseColumns, cells: ReadonlyArray<CellData>): boolean => {
  const known = new Set(columns.byKey.values())
  return cells.every((cell, index) => {
    if (cell.userEnteredValue?.boolValue === false) return true
    if (isComputed(cell) && !known.has(index)) return true
    return !isComputed(cell) && shownText(cell).trim() === ""
  })
}

/** The text that a person sees, with all digits of a number whatever the width of the column. */
export const shownText = (cell: CellData | undefined): string => {
  const value = cell?.effectiveValue ?? cell?.userEnteredValue
  if (value?.stringValue !== undefined) return value.stringValue
  if (value?.boolValue !== undefined) return value.boolValue ? "TRUE" : "FALSE"
  if (value?.numberValue === undefined) return ""
  const { type = "NUMBER", pattern = "" } = cell?.userEnteredFormat?.numberFormat ?? {}
  const digits = inFull(value.numberValue)
  if (/^0+$/.test(pattern)) return digits.padStart(pattern.length, "0")
  const isPlain = type === "NUMBER" || type === "TEXT" || type === "SCIENTIFIC"
  return isPlain ? digits : (cell?.formattedValue ?? digits)
}

const inFull = (value: number) =>
  Number.isInteger(value) ? BigInt(value).toString() : String(value)

/** The text of a field. A secret keeps its spaces, and a date has one spelling. */
const fieldText = (column: Column, cell: CellData): string => {
  if (column.kind === "secret") return shownText(cell)
  const day = column.kind === "date" ? dayOfCell(cell) : undefined
  return day === undefined ? shownText(cell).trim() : formatDay(day)
}

/** The day that somebody typed as a date or as text. */
export const dayOfCell = (cell: CellData): Day | undefined =>
  dayOfPlain(
    cell.effectiveValue?.numberValue ?? cell.userEnteredValue?.numberValue ?? shownText(cell),
  )

/** The same of a cell that was read as a plain value. */
export const dayOfPlain = (value: Plain): Day | undefined =>
  typeof value === "number" ? dayOfSerial(value) : parseDay(String(value))

/** Whether a formula makes what the cell shows, or it shows an error. */
export const isComputed = (cell: CellData) =>
  cell.userEnteredValue?.formulaValue !== undefined ||
  cell.userEnteredValue?.errorValue !== undefined ||
  cell.effectiveValue?.errorValue !== undefined

/** The column that tells the items of a resource apart. */
export const identityColumn = ({ columns, identity }: Resource) =>
  columns.find(({ key }) => key === identity)

/**
 * The key of an item by the text that tells it apart: items with the same key are the same thing.
 */
export const identityKey = (resource: Resource, text: string): string =>
  keyOf(identityColumn(resource)?.kind ?? "text", text)

/** The key of a text in a column of that kind. */
const keyOf = (kind: Column["kind"], text: string): string => {
  if (kind === "phone") return phoneKeyOf(text)
  return kind === "text" ? text.trim().toLowerCase() : text.trim()
}

/**
 * The digits of a number, the same for +7 900, 7 900 and 8 900, which is how it is dialled at home.
 * No country has the code 89.
 */
const phoneKeyOf = (text: string): string =>
  text.replaceAll(/\D/g, "").replace(/^8(?=9\d{9}$)/, "7")

/** The variant that a mail address tells by its domain. */
export const variantByMail = (resource: Resource, key: string): string | null =>
  resource.variants.find(
    ({ mailDomain }) => mailDomain !== undefined && key.endsWith(`@${mailDomain.toLowerCase()}`),
  )?.id ?? null

const originOf = ({ tab, columns }: RowPlace, cells: ReadonlyArray<CellData>) => ({
  tab: tab.title,
  header: [...columns.header],
  cells: cells.map(originalCell),
})

const originalCell = (cell: CellData): Cell => {
  const entered = cell.userEnteredValue
  const format = cell.userEnteredFormat?.numberFormat
  return {
    value:
      entered?.stringValue ??
      entered?.numberValue ??
      entered?.boolValue ??
      entered?.formulaValue ??
      null,
    ...(format?.type === undefined
      ? {}
      : {
          format: {
            type: format.type,
            ...(format.pattern === undefined ? {} : { pattern: format.pattern }),
          },
        }),
  }
}
