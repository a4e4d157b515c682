/**
 * Reads what the issued tabs say now: one read for all tabs, of the columns that the bot answers
 * for.
 */
import { foldName } from "../domain/identity.ts"
import { Context, Effect, Layer, Option, Result } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Holds, Resource } from "../domain/Catalogue.ts"
import { plainText } from "./filledTabs.ts"
import { type IssuedColumns, wholeColumn } from "./Headers.ts"
import { SheetsClient, type Values } from "./SheetsClient.ts"
import type { SheetsFailure } from "./SheetsError.ts"
import { ifUsable, retriedIfRefused, Tabs } from "./Tabs.ts"

/** What a row says. */
export interface RowSeen {
  /** The number of the row as people count. */
  readonly row: number
  /** The status; `null` where the tab has no such column. */
  readonly status: string | null
  /** The value that tells the item apart; `null` where the tab has no such column. Secret. */
  readonly value: string | null
}

/** What the rows of a tab say. */
export interface TabSeen {
  readonly resource: Resource
  /** The rows by the id in them. Copies of a row have the same id. */
  readonly rows: ReadonlyMap<string, ReadonlyArray<RowSeen>>
  /** The items of rows without an id, which people wrote. Secret. */
  readonly typed: ReadonlyArray<string>
}

export class IssuedLook extends Context.Service<
  IssuedLook,
  {
    /** Leaves out resources whose tab cannot be used now; the admins have been told by then. */
    read(resources: ReadonlyArray<Resource>): Effect.Effect<ReadonlyArray<TabSeen>, SheetsFailure>
  }
>()("account-bot/sheets/IssuedLook") {
  static readonly layer = Layer.effect(
    IssuedLook,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet } = yield* Settings
      const client = yield* SheetsClient
      const tabs = yield* Tabs

      const usable = (resource: Resource) =>
        Effect.map(
          ifUsable(tabs.issued(resource)),
          Option.map(({ title, columns }) => ({
            resource,
            title,
            columns: readColumns(resource, columns),
          })),
        )

      const look = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
        const known = (yield* Effect.forEach(resources, usable)).flatMap(Option.toArray)
        if (known.length === 0) return []
        const ranges = known.flatMap(({ title, columns }) =>
          columns.map(({ index }) => wholeColumn(title, index)),
        )
        const looks = yield* client.values(spreadsheet, ranges, "background")
        const found: Array<TabSeen> = []
        for (const [at, { resource, columns }] of known.entries()) {
          const own = looks.slice(at * columns.length, (at + 1) * columns.length)
          const rows = rowsIn(columns, own)
          // The columns have moved since the header was read: the next look finds them.
          if (Result.isFailure(rows)) yield* tabs.forget(spreadsheet)
          else found.push({ resource, ...rows.success })
        }
        return found
      })

      const read = Effect.fn("IssuedLook.read")((resources: ReadonlyArray<Resource>) =>
        retriedIfRefused(tabs, spreadsheet, look(resources)),
      )

      return IssuedLook.of({ read })
    }),
  )
}

/** A column that is read. */
interface ReadColumn {
  /** Where the tab has no such column, that of the ids is read instead. */
  readonly index: number
  readonly isThere: boolean
  readonly header: string
}

/** The columns of id, status and item, always in that order. */
const readColumns = (
  { identity }: Resource,
  { byHolds, header }: IssuedColumns,
): ReadonlyArray<ReadColumn> => {
  const id = byHolds.get("issuanceId") ?? 0
  return (["issuanceId", "status", `field:${identity}`] satisfies ReadonlyArray<Holds>).map(
    (holds) => {
      const index = byHolds.get(holds) ?? id
      return { index, isThere: byHolds.has(holds), header: header[index] ?? "" }
    },
  )
}

/** Fails where the header of a column is not the one that was read before. */
const rowsIn = (
  columns: ReadonlyArray<ReadColumn>,
  values: ReadonlyArray<Values>,
): Result.Result<Omit<TabSeen, "resource">, "moved"> => {
  const isMoved = columns.some(
    ({ header }, at) => foldName(plainText(values[at]?.[0]?.[0] ?? "")) !== foldName(header),
  )
  if (isMoved) return Result.fail("moved")
  const text = (column: number, row: number) => plainText(values[column]?.[row]?.[0] ?? "")
  const ifThere = (column: number, row: number) =>
    columns[column]?.isThere === true ? text(column, row) : null
  const seen = (values[0] ?? []).flatMap((_, row) => {
    const id = text(0, row)
    if (row === 0 || id === "") return []
    return [{ id, row: row + 1, status: ifThere(1, row), value: ifThere(2, row) }]
  })
  const typed = (values[2] ?? []).flatMap((_, row) => {
    const value = ifThere(2, row)
    return row === 0 || value === null || value === "" || text(0, row) !== "" ? [] : [value]
  })
  return Result.succeed({ rows: Map.groupBy(seen, ({ id }) => id), typed })
}
