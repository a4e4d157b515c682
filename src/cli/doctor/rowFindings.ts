/**
 * What is wrong with the rows of base tabs, by the cell and never by what stands there. Pure.
 *
 * The bot's own reading of a row decides; here only the place of the fault is found.
 */
import { Result } from "effect"
import type { BaseTab, Resource } from "../../domain/Catalogue.ts"
import { parseDay } from "../../domain/Day.ts"
import type { Quarantined } from "../../domain/Item.ts"
import { type BaseRow, readRow, shownText } from "../../sheets/BaseRow.ts"
import { type BaseColumns, baseColumns, letters } from "../../sheets/Headers.ts"
import type { CellData } from "../../sheets/SheetsClient.ts"

/** A base tab as it was read, the header first. */
export interface BaseSheet {
  /** As the spreadsheet spells it. */
  readonly title: string
  readonly resource: Resource
  readonly tab: BaseTab
  readonly rows: ReadonlyArray<ReadonlyArray<CellData>>
}

export type FindingKind = "duplicate" | "missing" | "formula" | "date" | "identity" | "header"

export interface Finding {
  readonly kind: FindingKind
  /** `«ВКонтакте»!C7` */
  readonly cell: string
  /** The first cell with the same value. */
  readonly sameAs?: string
}

/** In the order of the tabs and their rows. A tab without its columns has no findings. */
export const findingsIn = (sheets: ReadonlyArray<BaseSheet>): ReadonlyArray<Finding> => {
  const seen = new Map<string, string>()
  return sheets.flatMap((sheet) =>
    read(sheet).flatMap(({ row, number, cells, columns }): ReadonlyArray<Finding> => {
      const at = (index: number) => `«${sheet.title}»!${letters(index)}${number}`
      if (row._tag === "Blank") return []
      if (row._tag === "Quarantined") return faultsOf(sheet.resource, columns, cells, row.row, at)
      const cell = at(columns.byKey.get(sheet.resource.identity) ?? 0)
      const identity = `${sheet.resource.id}\n${row.item.key}`
      const first = seen.get(identity)
      if (first === undefined) seen.set(identity, cell)
      return [
        ...(first === undefined ? [] : [{ kind: "duplicate" as const, cell, sameAs: first }]),
        ...unreadDates(sheet.resource, columns, row.item.fields, at),
      ]
    }),
  )
}

/** Rows below the header that hold something. */
export const filledRows = (sheet: BaseSheet): number =>
  read(sheet).filter(({ row }) => row._tag !== "Blank").length

interface ReadRow {
  readonly row: BaseRow
  /** As the spreadsheet counts, from 1. */
  readonly number: number
  readonly cells: ReadonlyArray<CellData>
  readonly columns: BaseColumns
}

const read = ({ resource, tab, rows }: BaseSheet): ReadonlyArray<ReadRow> => {
  const [header = [], ...below] = rows
  return Result.match(baseColumns(resource, header.map(shownText)), {
    onFailure: () => [],
    onSuccess: (columns) =>
      below.map((cells, index) => {
        const number = index + 2
        const row = readRow({ resource, tab, columns, id: String(number) }, cells)
        return { row, number, cells, columns }
      }),
  })
}

const faultsOf = (
  resource: Resource,
  columns: BaseColumns,
  cells: ReadonlyArray<CellData>,
  { reason, column: header }: Quarantined,
  at: (index: number) => string,
): ReadonlyArray<Finding> => {
  const column = resource.columns.find((each) => each.header === header)
  const cell = at(columns.byKey.get(column?.key ?? resource.identity) ?? 0)
  switch (reason) {
    case "formula":
      return cells.flatMap((each, index) =>
        showsComputed(each) ? [{ kind: "formula" as const, cell: at(index) }] : [],
      )
    case "missing":
      return [{ kind: "missing", cell }]
    case "unreadable":
      return [{ kind: column?.kind === "date" ? "date" : "identity", cell }]
    case "header":
      return [{ kind: "header", cell }]
    case "duplicate":
    case "issuedBefore":
    case "withheld":
      // Told by the pool, never by a row.
      return []
  }
}

const showsComputed = ({ userEnteredValue, effectiveValue }: CellData) =>
  userEnteredValue?.formulaValue !== undefined ||
  userEnteredValue?.errorValue !== undefined ||
  effectiveValue?.errorValue !== undefined

/** Where a date may be missing, a row with an unreadable one is issued as if it had none. */
const unreadDates = (
  { columns: known }: Resource,
  { byKey }: BaseColumns,
  fields: Readonly<Record<string, string>>,
  at: (index: number) => string,
): ReadonlyArray<Finding> =>
  known.flatMap(({ key, kind }) => {
    const text = kind === "date" ? fields[key] : undefined
    const index = byKey.get(key)
    return text === undefined || index === undefined || parseDay(text) !== undefined
      ? []
      : [{ kind: "date", cell: at(index) }]
  })
