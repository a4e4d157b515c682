/** Which base tabs have rows to claim, where, and how many. */
import { Effect, Option } from "effect"
import { type BaseTab, dayColumns, type Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { dayOfPlain } from "./BaseRow.ts"
import { area, type BaseColumns } from "./Headers.ts"
import type { Urgency } from "./RateLimiter.ts"
import type { Plain, SheetsClient, Values } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import type { Tabs } from "./Tabs.ts"

/* A row of a base tab as the values API gives it, without the formats of its cells. Pure. */

/** An unticked box counts as blank. */
export const isFilled = (cell: Plain | undefined): boolean =>
  cell !== undefined && cell !== false && String(cell).trim() !== ""

/** As a person reads it; numbers in full. */
export const plainText = (cell: Plain): string =>
  typeof cell === "number" && Number.isInteger(cell) ? BigInt(cell).toString() : String(cell).trim()

/** The day an item has that is made of the row; `undefined` where no date can be read. */
export const dayOfRow = (
  resource: Resource,
  columns: BaseColumns,
  row: ReadonlyArray<Plain>,
): Day | undefined => {
  for (const { key } of dayColumns(resource)) {
    const index = columns.byKey.get(key)
    const day = index === undefined ? undefined : dayOfPlain(row[index] ?? "")
    if (day !== undefined) return day
  }
  return undefined
}

/* Which rows of a base tab are worth a claim while only one day's items are issued; and a count. Pure. */

/** Rows that lie together; `from` is an index, and the header has the index 0. */
export interface Run {
  readonly from: number
  readonly rows: number
}

/**
 * Rows of that day, and rows of an item whose date nobody can read: those are claimed so that
 * they end in quarantine and are told to the admins. Rows of other days stay where they are.
 * Blank rows in between go along, since two claims cost more than they do.
 *
 * @param rows those below the header
 */
export const runsOfDay = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  day: Day,
): ReadonlyArray<Run> => {
  const identity = columns.byKey.get(resource.identity)
  const isWanted = (row: ReadonlyArray<Plain>) => {
    const dated = dayOfRow(resource, columns, row)
    if (dated !== undefined) return dated === day
    return identity !== undefined && isFilled(row[identity])
  }
  const runs: Array<Run> = []
  let joins = false
  for (const [at, row] of rows.entries()) {
    const index = at + 1
    if (isWanted(row)) {
      const last = joins ? runs.pop() : undefined
      const from = last?.from ?? index
      runs.push({ from, rows: index - from + 1 })
      joins = true
    } else if (row.some(isFilled)) joins = false
  }
  return runs
}

/**
 * Rows that have something in a column of the item, or, of one day, those dated so. Whether they
 * can be read or stand there twice is found out when they are claimed; what is filled down beside
 * the item's columns makes no row.
 *
 * @param rows those below the header
 */
export const countOf = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  onlyDay: Day | null,
): number => {
  const own = [...columns.byKey.values()]
  const counts = (row: ReadonlyArray<Plain>) =>
    onlyDay === null
      ? own.some((index) => isFilled(row[index]))
      : dayOfRow(resource, columns, row) === onlyDay
  return rows.filter(counts).length
}

/** Where the runs are after so many rows were cut from the beginning of the first one. */
export const runsLeft = (runs: ReadonlyArray<Run>, cut: number): ReadonlyArray<Run> =>
  runs.flatMap(({ from, rows }, at): ReadonlyArray<Run> => {
    if (at > 0) return [{ from: from - cut, rows }]
    return rows > cut ? [{ from, rows: rows - cut }] : []
  })

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
