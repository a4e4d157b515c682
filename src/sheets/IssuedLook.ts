/** What the issued tabs say now: one read for all of them, of the columns that the bot answers for. */
import { Context, Effect, Layer, Option, Result } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Holds, Resource } from "../domain/Catalogue.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { plainText } from "./filledTabs.ts"
import { fold, type IssuedColumns, letters, quoted } from "./Headers.ts"
import { SheetsClient, type Values } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"

export interface RowSeen {
  /** As people count. */
  readonly row: number
  /** `null` where the tab has no such column. */
  readonly status: string | null
  /** What tells the item apart; `null` as above. Secret. */
  readonly value: string | null
}

/** One tab: its rows by the id that stands in them; copies of a row share one. */
export interface TabSeen {
  readonly resource: Resource
  readonly rows: ReadonlyMap<string, ReadonlyArray<RowSeen>>
}

type Failure = SheetsError | StorageUnavailable

export class IssuedLook extends Context.Service<
  IssuedLook,
  {
    /** Leaves out resources whose tab cannot be used now; the admins are told by then. */
    read(resources: ReadonlyArray<Resource>): Effect.Effect<ReadonlyArray<TabSeen>, Failure>
  }
>()("account-bot/sheets/IssuedLook") {
  static readonly layer = Layer.effect(
    IssuedLook,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet } = yield* Settings
      const client = yield* SheetsClient
      const tabs = yield* Tabs

      const usable = (resource: Resource) =>
        tabs.issued(resource).pipe(
          Effect.map(({ title, columns }) =>
            Option.some({ resource, title, columns: wantedOf(resource, columns) }),
          ),
          Effect.catchTag("TabUnusable", () => Effect.succeedNone),
        )

      const look = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
        const known = (yield* Effect.forEach(resources, usable)).flatMap(Option.toArray)
        if (known.length === 0) return []
        const ranges = known.flatMap(({ title, columns }) =>
          columns.map(({ index }) => `${quoted(title)}!${letters(index)}1:${letters(index)}`),
        )
        const looks = yield* client.values(spreadsheet, ranges, "background")
        const found: Array<TabSeen> = []
        for (const [at, { resource, columns }] of known.entries()) {
          const own = looks.slice(at * columns.length, (at + 1) * columns.length)
          const rows = rowsIn(columns, own)
          // Columns moved since the header was read: the next look finds them.
          if (Result.isFailure(rows)) yield* tabs.forget(spreadsheet)
          else found.push({ resource, rows: rows.success })
        }
        return found
      })

      const read = Effect.fn("IssuedLook.read")((resources: ReadonlyArray<Resource>) =>
        Effect.catchIf(look(resources), isRefused, () =>
          // One tab that is gone by now has the whole read refused.
          Effect.andThen(tabs.forget(spreadsheet), look(resources)),
        ),
      )

      return IssuedLook.of({ read })
    }),
  )
}

interface Wanted {
  /** That of the ids where the tab has no such column. */
  readonly index: number
  readonly isThere: boolean
  readonly header: string
}

/** Id, status and item, always in that order. */
const wantedOf = (
  { identity }: Resource,
  { byHolds, header }: IssuedColumns,
): ReadonlyArray<Wanted> => {
  const id = byHolds.get("issuanceId") ?? 0
  return (["issuanceId", "status", `field:${identity}`] satisfies ReadonlyArray<Holds>).map(
    (holds) => {
      const index = byHolds.get(holds) ?? id
      return { index, isThere: byHolds.has(holds), header: header[index] ?? "" }
    },
  )
}

const rowsIn = (
  columns: ReadonlyArray<Wanted>,
  values: ReadonlyArray<Values>,
): Result.Result<TabSeen["rows"], "moved"> => {
  const isMoved = columns.some(
    ({ header }, at) => fold(plainText(values[at]?.[0]?.[0] ?? "")) !== fold(header),
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
  return Result.succeed(Map.groupBy(seen, ({ id }) => id))
}

const isRefused = (error: Failure) =>
  error._tag === "SheetsError" && error.reason._tag === "Refused"
