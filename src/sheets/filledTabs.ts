/** Which base tabs have rows to claim, and where. */
import { Effect, Option } from "effect"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { area } from "./A1.ts"
import { type Run, runsOfDay } from "./claimableRuns.ts"
import type { Urgency } from "./limiterState.ts"
import { isFilled } from "./plainRow.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import type { SheetsClient } from "./SheetsClient.ts"
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

/** Gives the function that looks at several tabs in one read. */
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

  const look = Effect.fnUntraced(function* (wanted: ReadonlyArray<Wanted>, urgency: Urgency) {
    const found = new Map<string, ReadonlyArray<Run>>()
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
      if (!rows.flat().some(isFilled)) continue
      // Under a header that lost a column, the rows would all end in quarantine.
      if (!sameHeader(top, layout.header)) yield* tabs.forget(spreadsheet)
      const now = yield* usable(tab, urgency)
      if (Option.isNone(now)) continue
      const { resource, columns } = now.value
      const runs =
        onlyDay === null
          ? [{ from: 1, rows: rows.length }]
          : runsOfDay(resource, columns, rows, onlyDay)
      if (runs.length > 0) found.set(tab.title, runs)
    }
    return found
  })

  return Effect.fn("Claim.filled")((wanted: ReadonlyArray<Wanted>, urgency: Urgency) =>
    Effect.catchIf(look(wanted, urgency), isRefused, () =>
      // One tab that is gone by now has the whole read refused.
      Effect.andThen(tabs.forget(spreadsheet), look(wanted, urgency)),
    ),
  )
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
