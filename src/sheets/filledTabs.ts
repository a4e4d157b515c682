/** Which base tabs have rows to claim. */
import { Effect, Option } from "effect"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { area } from "./A1.ts"
import type { Urgency } from "./limiterState.ts"
import type { SheetsClient } from "./SheetsClient.ts"
import type { Tabs } from "./Tabs.ts"

interface Looking {
  readonly client: SheetsClient["Service"]
  readonly tabs: Tabs["Service"]
  readonly spreadsheet: string
  readonly resources: ReadonlyArray<Resource>
}

/** Gives the function that looks at several tabs in one read. */
export const makeFilled = ({ client, tabs, spreadsheet, resources }: Looking) => {
  const resourceOf = ({ title }: BaseTab) =>
    Option.fromUndefinedOr(
      resources.find(({ baseTabs }) => baseTabs.some((tab) => tab.title === title)),
    )

  /** None where the tab cannot be used now; the admins are told by then. */
  const usable = (tab: BaseTab, urgency: Urgency) =>
    Option.match(resourceOf(tab), {
      onNone: () => Effect.succeedNone,
      onSome: (resource) =>
        Effect.catchTag(
          Effect.asSome(tabs.base(resource, tab, urgency)),
          "TabUnusable",
          () => Effect.succeedNone,
        ),
    })

  return Effect.fn("Claim.filled")(function* (wanted: ReadonlyArray<BaseTab>, urgency: Urgency) {
    const found = new Set<string>()
    const known = (yield* Effect.forEach(wanted, (tab) =>
      Effect.map(usable(tab, urgency), (layout) => Option.map(layout, (one) => ({ tab, one }))),
    )).flatMap(Option.toArray)
    if (known.length === 0) return found
    const areas = known.map(({ one: { title, columnCount } }) =>
      area(title, { row: 0, column: 0 }, { column: columnCount - 1 }),
    )
    const looks = yield* client.values(spreadsheet, areas, urgency)
    for (const [at, { tab, one }] of known.entries()) {
      const [top = [], ...rows] = looks[at] ?? []
      if (!rows.flat().some(isFilled)) continue
      // Under a header that lost a column, the rows would all end in quarantine.
      if (!sameHeader(top, one.header)) yield* tabs.forget(spreadsheet)
      if (Option.isSome(yield* usable(tab, urgency))) found.add(tab.title)
    }
    return found
  })
}

const isFilled = (cell: unknown) => cell !== false && String(cell).trim() !== ""

/** Blanks at the end do not count. */
const sameHeader = (found: ReadonlyArray<unknown>, known: ReadonlyArray<string>) =>
  headerText(found) === headerText(known)

const headerText = (cells: ReadonlyArray<unknown>) =>
  cells
    .map((cell) => String(cell).trim())
    .join("\n")
    .trimEnd()
