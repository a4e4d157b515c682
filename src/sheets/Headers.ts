/** Which column holds what: found by header, never by position. */
import { Result } from "effect"
import type { Column, Holds, IssuedColumn, Resource } from "../domain/Catalogue.ts"

export interface BaseColumns {
  readonly header: ReadonlyArray<string>
  /** Index by key of the catalogue's column. */
  readonly byKey: ReadonlyMap<string, number>
  readonly region: number | undefined
  /** Named columns that the catalogue does not know. */
  readonly extras: ReadonlyArray<Extra>
}

export interface IssuedColumns {
  readonly header: ReadonlyArray<string>
  readonly byHolds: ReadonlyMap<Holds, number>
  readonly extras: ReadonlyArray<Extra>
}

interface Extra {
  readonly header: string
  readonly index: number
}

/** Case, spaces and ё do not tell two headers apart. */
export const fold = (text: string) =>
  text.trim().toLowerCase().replaceAll("ё", "е").replaceAll(/\s+/g, " ")

/** Fails with the header of a required column that is missing. */
export const baseColumns = (
  resource: Resource,
  header: ReadonlyArray<string>,
): Result.Result<BaseColumns, string> => {
  const found = search(header)
  const byKey = new Map<string, number>()
  for (const column of resource.columns) {
    const index = found.take(column)
    if (index !== undefined) byKey.set(column.key, index)
    else if (column.required || column.key === resource.identity) return Result.fail(column.header)
  }
  const region = found.take(regionColumn)
  return Result.succeed({ header, byKey, region, extras: found.rest() })
}

export const issuedColumns = (
  resource: Resource,
  header: ReadonlyArray<string>,
): Result.Result<IssuedColumns, string> => {
  const found = search(header)
  const byHolds = new Map<Holds, number>()
  for (const column of resource.issuedColumns) {
    const index = found.take(column)
    if (index !== undefined) byHolds.set(column.holds, index)
    else if (isNeeded(resource, column)) return Result.fail(column.header)
  }
  return Result.succeed({ header, byHolds, extras: found.rest() })
}

/** Whether the row is the header again: every column of the catalogue under its own name. */
export const isHeaderAgain = (columns: BaseColumns, row: ReadonlyArray<string>) =>
  [...columns.byKey.values()].every(
    (index) => fold(row[index] ?? "") === fold(columns.header[index] ?? ""),
  )

/** Headers of a base tab that the bot creates. */
export const newBaseHeader = (resource: Resource) => resource.columns.map(({ header }) => header)

/** … and of an issued tab; columns that only the base tabs have stand behind the item's own. */
export const newIssuedHeader = (resource: Resource, extras: ReadonlyArray<string>) => {
  const lastField = resource.issuedColumns.findLastIndex(({ holds }) => holds.startsWith("field:"))
  const headers = resource.issuedColumns.map(({ header }) => header)
  const known = new Set(resource.issuedColumns.flatMap(namesOf))
  const added = extras.filter((header) => !known.has(fold(header)))
  return headers.toSpliced(lastField + 1, 0, ...new Set(added))
}

const regionColumn = { header: "Регион", aliases: ["Region"] }

/** What a row cannot do without; a tab may well lack the rest. */
const isNeeded = (resource: Resource, { holds }: IssuedColumn) => {
  if (holds === "issuanceId") return true
  if (holds === "status") return resource.statuses.length > 0
  const key = holds.startsWith("field:") ? holds.slice("field:".length) : undefined
  return resource.columns.some((column) => column.key === key && column.required)
}

type Named = Pick<Column, "header" | "aliases">
const namesOf = ({ header, aliases }: Named) => [header, ...aliases].map(fold)

/** Each header answers to one column only. */
const search = (header: ReadonlyArray<string>) => {
  const free = new Map(header.map((name, index) => [index, fold(name)]))
  return {
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
    rest: (): ReadonlyArray<Extra> =>
      [...free].flatMap(([index, folded]) =>
        folded === "" ? [] : [{ header: (header[index] ?? "").trim(), index }],
      ),
  }
}

/* Names of places in a sheet, `'ВКонтакте'!A1:C31`. */

export const quoted = (title: string) => `'${title.replaceAll("'", "''")}'`

/** Letters of a column counted from 0: A … Z, AA … */
export const letters = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : letters(Math.floor(column / 26) - 1) + letters(column % 26)

/** Rows and columns from 0, ends included. */
export const area = (
  title: string,
  from: { readonly row: number; readonly column: number },
  to: { readonly row?: number; readonly column: number },
) =>
  `${quoted(title)}!${letters(from.column)}${from.row + 1}:${letters(to.column)}${
    to.row === undefined ? "" : to.row + 1
  }`

/** Rows from 0, ends included, however wide the sheet is. */
export const wholeRows = (title: string, from: number, to: number) =>
  `${quoted(title)}!${from + 1}:${to + 1}`
