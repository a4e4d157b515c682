/** Which base tabs have rows to claim, where, and how many. */
import { Effect, Option } from "effect"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { area } from "./A1.ts"
import { countOf, type Run, runsOfDay } from "./claimableRuns.ts"
import type { BaseColumns } from "./Headers.ts"
import type { Urgency } from "./limiterState.ts"
import { isFilled } from "./plainRow.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import type { SheetsClient, Values } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import type { Tabs } from "./Tabs.ts"

export interface Wanted {
  readonly tab: BaseTab
  /** The only day whose rows are claimed now; `null`: any. */
  readonly onlyDay: Day | null
}

interface Looking {
  readonly client: SheetsClient["Service"]
  readonly tabs: Tabs["Service"]
  readonly spreadsheet: string
  readonly resources: ReadonlyArray<Resource>
}

/** Gives the functions that look at several tabs in one read. */
export const makeFilled = ({ client, tabs, spreadsheet, resources }: Looking) => {
  /** None where the tab cannot be used now; the admins are told by then. */
  const usable = Effect.fnUntraced(function* (tab: BaseTab, urgency: Urgency) {
    const resource = resources.find(({ baseTabs }) =>
      baseTabs.some(({ title }) => title === tab.title),
    )
    if (resource === undefined) return Option.none()
    return yield* Effect.catchTag(
      Effect.asSome(
        Effect.map(tabs.base(resource, tab, urgency), (layout) => ({ ...layout, resource })),
      ),
      "TabUnusable",
      () => Effect.succeedNone,
    )
  })

  /** Those that can be used, with their rows below the header. */
  const look = Effect.fnUntraced(function* (wanted: ReadonlyArray<Wanted>, urgency: Urgency) {
    const found: Array<Seen> = []
    const known = (yield* Effect.forEach(wanted, (one) =>
      Effect.map(usable(one.tab, urgency), (layoutNow) =>
        Option.map(layoutNow, (layout) => ({ ...one, layout })),
      ),
    )).flatMap(Option.toArray)
    if (known.length === 0) return found
    const areas = known.map(({ layout: { title, columnCount } }) =>
      area(title, { row: 0, column: 0 }, { column: columnCount - 1 }),
    )
    const looks = yield* client.values(spreadsheet, areas, urgency)
    for (const [at, { tab, onlyDay, layout }] of known.entries()) {
      const [top = [], ...rows] = looks[at] ?? []
      if (!rows.flat().some(isFilled)) {
        found.push({ tab, onlyDay, rows: [], layout })
        continue
      }
      // Under a header that lost a column, the rows would all end in quarantine.
      if (!sameHeader(top, layout.header)) yield* tabs.forget(spreadsheet)
      const now = yield* usable(tab, urgency)
      if (Option.isSome(now)) found.push({ tab, onlyDay, rows, layout: now.value })
    }
    return found
  })

  const see = (wanted: ReadonlyArray<Wanted>, urgency: Urgency) =>
    Effect.catchIf(look(wanted, urgency), isRefused, () =>
      // One tab that is gone by now has the whole read refused.
      Effect.andThen(tabs.forget(spreadsheet), look(wanted, urgency)),
    )

  const filled = Effect.fn("Claim.filled")(function* (
    wanted: ReadonlyArray<Wanted>,
    urgency: Urgency,
  ) {
    const runs = (yield* see(wanted, urgency)).map(
      (seen) => [seen.tab.title, runsIn(seen)] as const,
    )
    return new Map(runs.filter(([, found]) => found.length > 0))
  })

  const counted = Effect.fn("Claim.counted")(function* (
    wanted: ReadonlyArray<Wanted>,
    urgency: Urgency,
  ) {
    const seen = yield* see(wanted, urgency)
    return new Map(
      seen.map(({ tab, onlyDay, rows, layout: { resource, columns } }) => [
        tab.title,
        countOf(resource, columns, rows, onlyDay),
      ]),
    )
  })

  return { filled, counted }
}

interface Seen extends Wanted {
  readonly rows: Values
  readonly layout: { readonly resource: Resource; readonly columns: BaseColumns }
}

const runsIn = ({ onlyDay, rows, layout: { resource, columns } }: Seen): ReadonlyArray<Run> => {
  if (onlyDay !== null) return runsOfDay(resource, columns, rows, onlyDay)
  return rows.length > 0 ? [{ from: 1, rows: rows.length }] : []
}

const isRefused = (error: SheetsError | StorageUnavailable) =>
  error._tag === "SheetsError" && error.reason._tag === "Refused"

/** Blanks at the end do not count. */
const sameHeader = (found: ReadonlyArray<unknown>, known: ReadonlyArray<string>) =>
  headerText(found) === headerText(known)

const headerText = (cells: ReadonlyArray<unknown>) =>
  cells
    .map((cell) => String(cell).trim())
    .join("\n")
    .trimEnd()
