/**
 * A row of a base tab as an item, or the reason why it cannot be one. Pure.
 *
 * People fill these tabs by hand: numbers that should be texts, dates as text, blank rows,
 * formulas. What can be read without guessing is taken as it is shown, the rest is set aside.
 */
import { type BaseTab, type Column, dayColumns, type Resource } from "../domain/Catalogue.ts"
import { type Day, formatDay, typedDay } from "../domain/Day.ts"
import {
  foldName,
  foldRegion,
  identityColumn,
  identityKey,
  type PhoneCountry,
  visibleText,
} from "../domain/identity.ts"
import { type Cell, Item, ItemId, type Quarantined } from "../domain/Item.ts"
import { headerFromBase, wordsOf } from "../domain/sheetWords.ts"
import { cellTextMax } from "./CellWrite.ts"
import { type BaseColumns, isHeaderAgain, letters } from "./Headers.ts"
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
  readonly phoneCountry: PhoneCountry
}

export const readRow = (place: RowPlace, cells: ReadonlyArray<CellData>): BaseRow => {
  const { resource, tab, columns, id } = place
  if (isBlank(columns, cells)) return { _tag: "Blank" }
  const quarantine = (reason: Quarantined["reason"], column: string | null): BaseRow => ({
    _tag: "Quarantined",
    row: setAside(place, cells, reason, column),
  })
  if (isHeaderAgain(resource, columns, cells.map(shownText))) return quarantine("header", null)
  const formula = cells.findIndex(isComputed)
  if (formula >= 0) return quarantine("formula", columns.header[formula]?.trim() || null)

  const fields: Record<string, string> = {}
  const dated = dayColumns(resource)
  let day: Day | null = null
  for (const column of resource.columns) {
    const index = columns.byKey.get(column.key)
    const cell = index === undefined ? undefined : cells[index]
    const text = cell === undefined ? "" : fieldText(column, cell)
    if (cell === undefined || text.trim() === "") {
      if (column.required) return quarantine("missing", column.header)
      continue
    }
    const isExact = column.kind === "secret" || column.key === resource.identity
    if (isExact && column.kind !== "date" && isConverted(cell)) {
      return quarantine("converted", column.header)
    }
    fields[column.key] = text
    if (column.kind !== "date") continue
    const read = dayOfCell(cell)
    if (read !== undefined) day ??= dated.includes(column) ? read : null
    else if (column.required) return quarantine("unreadable", column.header)
  }
  const key = identityKey(resource, fields[resource.identity] ?? "", place.phoneCountry)
  if (key === "") return quarantine("unreadable", identityColumn(resource)?.header ?? null)
  const region = columns.region === undefined ? "" : foldRegion(shownText(cells[columns.region]))
  return {
    _tag: "Item",
    item: Item.make({
      id: ItemId.make(id),
      resource: resource.id,
      variant: tab.variant ?? variantByMail(resource, key),
      key,
      fields,
      extras: fitted([
        ...extrasOf(columns, cells),
        ...nameless(resource, columns, cells),
        ...timesOf(resource, columns, cells),
        ...notesOf(resource, columns, cells),
      ]),
      region: region === "" ? null : region,
      day,
      origin: originOf(place, cells),
    }),
  }
}

const extrasOf = ({ extras }: BaseColumns, cells: ReadonlyArray<CellData>): Item["extras"] =>
  extras.flatMap(({ header, index }) => {
    const text = visibleText(shownText(cells[index]))
    return text.trim() === "" ? [] : [{ header, text }]
  })

/** The values that stand under no header. An unticked box is no value. */
const nameless = (
  resource: Resource,
  { byKey, region, extras }: BaseColumns,
  cells: ReadonlyArray<CellData>,
): Item["extras"] => {
  const { noHeader } = wordsOf(resource)
  const named = new Set([...byKey.values(), region, ...extras.map(({ index }) => index)])
  return cells.flatMap((cell, index) => {
    const isBox = cell.userEnteredValue?.boolValue === false
    const text = named.has(index) || isBox ? "" : visibleText(shownText(cell))
    return text.trim() === "" ? [] : [{ header: noHeader, text }]
  })
}

/** The notes on the cells of the row, each behind the header of its column. */
const notesOf = (
  resource: Resource,
  { header }: BaseColumns,
  cells: ReadonlyArray<CellData>,
): Item["extras"] =>
  cells.flatMap(({ note = "" }, index) => {
    const name = visibleText(header[index] ?? "").trim()
    return note.trim() === ""
      ? []
      : slices(`${name === "" ? letters(index) : name}: ${note}`).map((text) => ({
          header: wordsOf(resource).notes,
          text,
        }))
  })

/** Dates that have a time of day, as they were shown: the field of the item has the day only. */
const timesOf = (
  resource: Resource,
  { byKey }: BaseColumns,
  cells: ReadonlyArray<CellData>,
): Item["extras"] =>
  resource.columns.flatMap(({ key, kind, header }) => {
    const cell = kind === "date" ? cells[byKey.get(key) ?? -1] : undefined
    const text = visibleText(shownText(cell)).trim()
    if (cell === undefined || dayOfCell(cell) === undefined || !/\d:\d/.test(text)) return []
    return [{ header: headerFromBase(resource, header), text }]
  })

/**
 * The extras with each header once only. What has the same one is joined, line by line, as far as a
 * cell has room; the rest goes on under the header with a number.
 */
const fitted = (extras: Item["extras"]): Item["extras"] => {
  const groups = Map.groupBy(extras, ({ header }) => foldName(header))
  const taken = new Set(groups.keys())
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { header } = first
    let number = 1
    return packed(group.map(({ text }) => text)).map((text, at) => {
      if (at === 0) return { header, text }
      do number += 1
      while (taken.has(foldName(`${header} ${number}`)))
      return { header: `${header} ${number}`, text }
    })
  })
}

/** The texts in as few cells as possible: they are joined as far as a cell has room. */
const packed = (texts: ReadonlyArray<string>): ReadonlyArray<string> => {
  const cells: Array<string> = []
  for (const text of texts) {
    const last = cells.at(-1)
    if (last === undefined || last.length + 1 + text.length > cellTextMax) cells.push(text)
    else cells[cells.length - 1] = `${last}\n${text}`
  }
  return cells
}

/** The text in parts that a cell has room for: a note and its header may be longer. */
const slices = (text: string): ReadonlyArray<string> =>
  Array.from({ length: Math.ceil(text.length / cellTextMax) }, (_, at) =>
    text.slice(at * cellTextMax, (at + 1) * cellTextMax),
  )

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

/**
 * Whether there is nothing but spaces, unticked boxes, and formulas beside the item's columns. A
 * note is something.
 */
export const isBlank = (columns: BaseColumns, cells: ReadonlyArray<CellData>): boolean => {
  const known = new Set(columns.byKey.values())
  return cells.every((cell, index) => {
    if ((cell.note ?? "").trim() !== "") return false
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

/** The unformatted value of a cell, as a look at the tab sees it. */
export const plainValue = ({ effectiveValue, userEnteredValue }: CellData): Plain => {
  const value = effectiveValue ?? userEnteredValue
  const plain = value?.stringValue ?? value?.numberValue ?? value?.boolValue
  return plain ?? (value?.errorValue === undefined ? "" : "#ERROR!")
}

const inFull = (value: number) =>
  Number.isInteger(value) ? BigInt(value).toString() : String(value)

/**
 * Whether Sheets made something else of what was typed, and nobody knows what that was: a date, a
 * box, a fraction, a share, an amount of money, or more digits than it keeps.
 */
const isConverted = (cell: CellData): boolean => {
  const value = cell.effectiveValue ?? cell.userEnteredValue
  if (value?.boolValue !== undefined) return true
  if (value?.numberValue === undefined) return false
  const { type = "NUMBER" } = cell.userEnteredFormat?.numberFormat ?? {}
  const isPlain = type === "NUMBER" || type === "TEXT" || type === "NUMBER_FORMAT_TYPE_UNSPECIFIED"
  return !isPlain || !Number.isInteger(value.numberValue) || Math.abs(value.numberValue) >= 1e15
}

/** The text of a field. A secret keeps its spaces, and a date has one spelling. */
const fieldText = (column: Column, cell: CellData): string => {
  if (column.kind === "secret") return visibleText(shownText(cell))
  const day = column.kind === "date" ? dayOfCell(cell) : undefined
  return day === undefined ? visibleText(shownText(cell)).trim() : formatDay(day)
}

/** The day that somebody typed as a date or as text. */
export const dayOfCell = (cell: CellData): Day | undefined =>
  dayOfPlain(
    cell.effectiveValue?.numberValue ?? cell.userEnteredValue?.numberValue ?? shownText(cell),
  )

/** The same of a cell that was read as a plain value. */
export const dayOfPlain = (value: Plain): Day | undefined =>
  typedDay(typeof value === "number" ? value : String(value))

/** Whether a formula makes what the cell shows, or it shows an error. */
export const isComputed = (cell: CellData) =>
  cell.userEnteredValue?.formulaValue !== undefined ||
  cell.userEnteredValue?.errorValue !== undefined ||
  cell.effectiveValue?.errorValue !== undefined

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
  const { note = "" } = cell
  const error = entered?.errorValue === undefined ? null : (cell.formattedValue ?? null)
  const format = cell.userEnteredFormat?.numberFormat
  return {
    value:
      entered?.stringValue ??
      entered?.numberValue ??
      entered?.boolValue ??
      entered?.formulaValue ??
      error,
    ...(format?.type === undefined
      ? {}
      : {
          format: {
            type: format.type,
            ...(format.pattern === undefined ? {} : { pattern: format.pattern }),
          },
        }),
    ...(note === "" ? {} : { note }),
  }
}
