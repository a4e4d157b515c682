/** What stood in the issued tabs before the bot: one read for all tabs. */
import { Clock, Context, Effect, Layer, Option, Result } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { area } from "./A1.ts"
import { issuedColumns } from "./Headers.ts"
import { type PastRows, readPastRows } from "./pastRows.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"

/** The rows of one issued tab. */
export interface History extends PastRows {
  readonly resource: Resource
}

type Failure = SheetsError | StorageUnavailable

export class IssuedHistory extends Context.Service<
  IssuedHistory,
  {
    /** Leaves out resources whose tab cannot be used now; the admins are told by then. */
    read(resources: ReadonlyArray<Resource>): Effect.Effect<ReadonlyArray<History>, Failure>
  }
>()("account-bot/sheets/IssuedHistory") {
  static readonly layer = Layer.effect(
    IssuedHistory,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, timezone: zone } = yield* Settings
      const client = yield* SheetsClient
      const tabs = yield* Tabs

      const usable = (resource: Resource) =>
        tabs.issued(resource).pipe(
          Effect.map((layout) => Option.some({ resource, layout })),
          Effect.catchTag("TabUnusable", () => Effect.succeedNone),
        )

      const look = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
        const known = (yield* Effect.forEach(resources, usable)).flatMap(Option.toArray)
        if (known.length === 0) return []
        const ranges = known.map(({ layout: { title, columnCount } }) =>
          area(title, { row: 0, column: 0 }, { column: columnCount - 1 }),
        )
        const looks = yield* client.values(spreadsheet, ranges, "background")
        const now = yield* Clock.currentTimeMillis
        const found: Array<History> = []
        for (const [at, { resource }] of known.entries()) {
          const [top = [], ...rows] = looks[at] ?? []
          // The header that came with the rows: the one read before may have been moved since.
          const columns = issuedColumns(resource, top.map(String))
          if (Result.isFailure(columns)) {
            yield* tabs.forget(spreadsheet)
            continue
          }
          found.push({ resource, ...readPastRows(resource, columns.success, rows, { zone, now }) })
        }
        return found
      })

      const read = Effect.fn("IssuedHistory.read")((resources: ReadonlyArray<Resource>) =>
        Effect.catchIf(look(resources), isRefused, () =>
          // One tab that is gone by now has the whole read refused.
          Effect.andThen(tabs.forget(spreadsheet), look(resources)),
        ),
      )

      return IssuedHistory.of({ read })
    }),
  )
}

const isRefused = (error: Failure) =>
  error._tag === "SheetsError" && error.reason._tag === "Refused"
