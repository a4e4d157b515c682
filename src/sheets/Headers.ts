/**
 * Where things are in a sheet: columns, found by their header and never by position, and the
 * places of cells as the Sheets API spells them. Pure.
 */
import { Result } from "effect"
import type { Column, Holds, IssuedColumn, Resource } from "../domain/Catalogue.ts"
import { regionColumn } from "../domain/Region.ts"
import { headerFromBase } from "../domain/sheetWords.ts"
import { foldName, visibleText } from "../domain/identity.ts"

/** The columns of a base tab. */
export interface BaseColumns {
  readonly header: ReadonlyArray<string>
  /** Index by key of the catalogue's column. */
  readonly byKey: ReadonlyMap<string, number>
  readonly region: number | undefined
  /** Named columns that the catalogue does not know. */
  readonly extras: ReadonlyArray<Extra>
}

/** The columns of an issued tab. */
export interface IssuedColumns {
  readonly header: ReadonlyArray<string>
  /** Index by what the column holds. */
  readonly byHolds: ReadonlyMap<Holds, number>
  readonly extras: ReadonlyArray<Extra>
}

interface Extra {
  readonly header: string
  readonly index: number
}

/** Why a tab cannot be read by its header: a column is missing, or two have one name. */
export interface ColumnFault {
  readonly column: string
  /** The letters of the columns that have this name; none where it is missing. */
  readonly places: ReadonlyArray<string>
}

const missing = (column: string): ColumnFault => ({ column, places: [] })

/**
 * Finds the columns of a base tab; fails where a required one is missing, and where two columns
 * have one name and the catalogue does not say which is meant: nobody knows which of two passwords
 * is the item's, and one of two notes would be lost.
 */
export const baseColumns = (
  resource: Resource,
  header: ReadonlyArray<string>,
): Result.Result<BaseColumns, ColumnFault> => {
  const choices = choicesIn(resource, header)
  const twice = namedTwice(header).find(({ name }) => !isChosen(choices, name))
  return twice === undefined
    ? findColumns(resource, header)
    : Result.fail({ column: twice.column, places: twice.places })
}

/**
 * The same where a name may stand twice: the first column of it is meant, where the catalogue says
 * nothing else.
 */
export const findColumns = (
  resource: Resource,
  header: ReadonlyArray<string>,
): Result.Result<BaseColumns, ColumnFault> => {
  const choices = choicesIn(resource, header)
  const found = search(header, choices)
  const byKey = new Map<string, number>()
  for (const { column, index } of choices) {
    found.drop(index)
    byKey.set(column.key, index)
  }
  for (const column of resource.columns) {
    const index = byKey.get(column.key) ?? found.take(column)
    if (index !== undefined) byKey.set(column.key, index)
    else if (column.required || column.key === resource.identity) {
      return Result.fail(missing(column.header))
    }
  }
  const region = found.take(regionColumn)
  return Result.succeed({ header, byKey, region, extras: found.rest() })
}

interface NamedTwice extends ColumnFault {
  /** The name that the columns have, folded. */
  readonly name: string
}

const namedTwice = (header: ReadonlyArray<string>): ReadonlyArray<NamedTwice> => {
  const named = header.flatMap((name, index) => (foldName(name) === "" ? [] : [{ name, index }]))
  return [...Map.groupBy(named, ({ name }) => foldName(name))]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => ({
      name,
      column: visibleText(all[0]?.name ?? "").trim(),
      places: all.map(({ index }) => letters(index)),
    }))
}

/** Which of several columns with one name the catalogue means. */
interface Choice {
  readonly column: Column
  /** The name that the columns have, folded. */
  readonly name: string
  readonly index: number
}

/** The columns that the catalogue tells from others of their name by what stands left of them. */
const choicesIn = (resource: Resource, header: ReadonlyArray<string>): ReadonlyArray<Choice> => {
  const folded = header.map(foldName)
  const isThere = (name: string) => folded.includes(name)
  const placesOf = (name: string | undefined) =>
    folded.flatMap((each, index) => (each === name ? [index] : []))
  const choices: Array<Choice> = []
  for (const column of resource.columns) {
    if (column.after === undefined) continue
    const name = namesOf(column).find(isThere)
    const places = placesOf(name)
    const after = foldName(column.after)
    const known = resource.columns.find((each) => namesOf(each).includes(after))
    // The tab may have another name of the catalogue for that column.
    const [anchor, ...others] = placesOf(
      [after, ...(known === undefined ? [] : namesOf(known))].find(isThere),
    )
    // Which one is meant is not said where the other column is missing, or stands there twice.
    if (name === undefined || places.length < 2 || anchor === undefined || others.length > 0) {
      continue
    }
    const index = places.find((place) => place > anchor)
    const isTaken = choices.some((each) => each.index === index)
    if (index !== undefined && !isTaken) choices.push({ column, name, index })
  }
  return choices
}

/** The columns that have the name of another one, and which of them the catalogue means. */
export const chosenColumns = (
  resource: Resource,
  header: ReadonlyArray<string>,
): ReadonlyArray<ColumnFault & { readonly chosen: ReadonlyArray<string> }> => {
  const choices = choicesIn(resource, header)
  return namedTwice(header).flatMap(({ name, column, places }) => {
    const chosen = choices.flatMap((each) => (each.name === name ? [letters(each.index)] : []))
    return chosen.length === 0 ? [] : [{ column, places, chosen }]
  })
}

const isChosen = (choices: ReadonlyArray<Choice>, name: string) =>
  choices.some((each) => each.name === name)

/**
 * The headers of a tab that lacks a column, as an admin is shown them. None where the first row has
 * no name of the catalogue: rows may stand above the header, and nobody shall be shown a password.
 */
export const shownHeader = (
  { columns, issuedColumns: issued }: Resource,
  header: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const known = new Set([...columns, ...issued, regionColumn].flatMap(namesOf))
  const names = header.map((name) => visibleText(name).trim()).filter((name) => name !== "")
  return names.some((name) => known.has(foldName(name)))
    ? names.slice(0, shownMax).map((name) => name.slice(0, shownLength))
    : []
}

const shownMax = 12
const shownLength = 40

/** Finds the columns of an issued tab; fails with the header of a needed one that is missing. */
export const issuedColumns = (
  resource: Resource,
  header: ReadonlyArray<string>,
): Result.Result<IssuedColumns, ColumnFault> => {
  const found = search(header)
  const byHolds = new Map<Holds, number>()
  for (const column of resource.issuedColumns) {
    const index = found.take(column)
    if (index !== undefined) byHolds.set(column.holds, index)
    else if (isNeeded(resource, column)) return Result.fail(missing(column.header))
  }
  return Result.succeed({ header, byHolds, extras: found.rest() })
}

/**
 * Whether the row is the header again, or that of another tab: every column of the catalogue under
 * its own name, or under one that the catalogue knows for it.
 */
export const isHeaderAgain = (
  resource: Resource,
  columns: BaseColumns,
  row: ReadonlyArray<string>,
) =>
  [...columns.byKey].every(([key, index]) => {
    const name = foldName(row[index] ?? "")
    const column = resource.columns.find((each) => each.key === key)
    return (
      name === foldName(columns.header[index] ?? "") ||
      (name !== "" && column !== undefined && namesOf(column).includes(name))
    )
  })

/** The header of a base tab that the bot creates. */
export const newBaseHeader = (resource: Resource) => resource.columns.map(({ header }) => header)

/**
 * The header of an issued tab that the bot creates. `extras`: headers that only the base tabs have;
 * they stand behind the columns of the item. The column for comments comes with the first comment.
 */
export const newIssuedHeader = (resource: Resource, extras: ReadonlyArray<string>) => {
  const columns = resource.issuedColumns.filter(({ holds }) => holds !== "comment")
  const lastField = columns.findLastIndex(({ holds }) => holds.startsWith("field:"))
  const headers = columns.map(({ header }) => header)
  const added = new Map(
    extras.map((header) => issuedHeader(resource, header)).map((name) => [foldName(name), name]),
  )
  return headers.toSpliced(lastField + 1, 0, ...added.values())
}

const issuedHeader = (resource: Resource, header: string) =>
  resource.issuedColumns.flatMap(namesOf).includes(foldName(header))
    ? headerFromBase(resource, header)
    : header

/**
 * The header in an issued tab for a column of the base tab: its own, unless the bot fills a column
 * of that name with something else.
 */
export const headerInIssued = (
  resource: Resource,
  { extras }: IssuedColumns,
  header: string,
): string =>
  extras.some((extra) => foldName(extra.header) === foldName(header))
    ? header
    : issuedHeader(resource, header)

/** Whether an issued tab cannot be used without the column. */
const isNeeded = (resource: Resource, { holds }: IssuedColumn) => {
  if (holds === "issuanceId") return true
  if (holds === "status") return resource.statuses.length > 0
  const key = holds.startsWith("field:") ? holds.slice("field:".length) : undefined
  return resource.columns.some((column) => column.key === key && column.required)
}

type Named = Pick<Column, "header" | "aliases">
const namesOf = ({ header, aliases }: Named) => [header, ...aliases].map(foldName)

/**
 * Finds columns by their names; each column of the header is found once only. `choices`: by name,
 * what was chosen already among several of that name.
 */
const search = (header: ReadonlyArray<string>, choices: ReadonlyArray<Choice> = []) => {
  const free = new Map(header.map((name, index) => [index, foldName(name)]))
  return {
    /** The index of the column, which is not found again after this. */
    take: (column: Named): number | undefined => {
      for (const name of namesOf(column)) {
        for (const [index, folded] of free) {
          if (folded !== name) continue
          free.delete(index)
          return index
        }
      }
      return undefined
    },
    /** The column with that index is not found from now on. */
    drop: (index: number) => void free.delete(index),
    /**
     * The columns that have a name and were not taken. Those that have the name of a chosen one get
     * a number behind it.
     */
    rest: (): ReadonlyArray<Extra> => {
      const used = new Set(header.map(foldName))
      return [...free].flatMap(([index, folded]) => {
        if (folded === "") return []
        const own = (header[index] ?? "").trim()
        if (!isChosen(choices, folded)) return [{ header: own, index }]
        let number = 2
        while (used.has(foldName(`${own} (${number})`))) number += 1
        used.add(foldName(`${own} (${number})`))
        return [{ header: `${own} (${number})`, index }]
      })
    },
  }
}

/** The title of a tab as it stands before the `!` of a range. */
export const quoted = (title: string) => `'${title.replaceAll("'", "''")}'`

/** The letters of a column that is counted from 0: A … Z, AA … */
export const letters = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : letters(Math.floor(column / 26) - 1) + letters(column % 26)

/** A rectangle, `'ВКонтакте'!A1:C31`. Rows and columns count from 0, and the ends belong to it. */
export const area = (
  title: string,
  from: { readonly row: number; readonly column: number },
  to: { readonly row?: number; readonly column: number },
) =>
  `${quoted(title)}!${letters(from.column)}${from.row + 1}:${letters(to.column)}${
    to.row === undefined ? "" : to.row + 1
  }`

/** Rows however wide the sheet is. They count from 0, and the last one belongs to the range. */
export const wholeRows = (title: string, from: number, to: number) =>
  `${quoted(title)}!${from + 1}:${to + 1}`

/** One column from the header down. It counts from 0. */
export const wholeColumn = (title: string, column: number) =>
  `${quoted(title)}!${letters(column)}1:${letters(column)}`

/** All rows of a tab that has so many columns. */
export const wholeTab = (title: string, columnCount: number) =>
  area(title, { row: 0, column: 0 }, { column: columnCount - 1 })

/** A rectangle as requests name it. Rows and columns count from 0. */
export const gridRange = (
  sheetId: number,
  from: { readonly row: number; readonly column: number },
  size: { readonly rows: number; readonly columns: number },
) => ({
  sheetId,
  startRowIndex: from.row,
  endRowIndex: from.row + size.rows,
  startColumnIndex: from.column,
  endColumnIndex: from.column + size.columns,
})

/** Whole rows as the requests that insert, delete or hide them name them. They count from 0. */
export const rowSpan = (sheetId: number, startIndex: number, count: number) => ({
  sheetId,
  dimension: "ROWS",
  startIndex,
  endIndex: startIndex + count,
})
