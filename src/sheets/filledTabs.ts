/**
 * Which base tabs have rows to claim, where, and how many: one read for all tabs.
 *
 * Cells are read as plain values here, without their formats.
 */
import { Effect, Hash, Option } from "effect"
import { type BaseTab, dayColumns, type Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { foldRegion } from "../domain/identity.ts"
import type { Origin } from "../domain/Item.ts"
import type { FindRegion } from "../domain/Region.ts"
import { dayOfPlain } from "./BaseRow.ts"
import { type BaseColumns, wholeTab } from "./Headers.ts"
import type { Urgency } from "./RateLimiter.ts"
import type { Plain, SheetsClient, Values } from "./SheetsClient.ts"
import { ifUsable, retriedIfRefused, type Tabs } from "./Tabs.ts"

/** Rows that lie together. `from` is the index of the first one; the header has the index 0. */
export interface Run {
  readonly from: number
  readonly rows: number
}

/** A tab, and which of its rows are claimed now. */
export interface ClaimableTab {
  readonly tab: BaseTab
  /** The only day whose rows are claimed; `null` where rows of all days are. */
  readonly onlyDay: Day | null
  /** Finds the region that a cell means; rows of no region stay. Absent: all are taken. */
  readonly regions?: FindRegion | undefined
  /** Rows that admins put back to be corrected: as long as one is the same, it stays. */
  readonly putBack?: ReadonlyArray<Origin>
}

/** Makes the functions that look at several tabs in one read. */
export const makeFilledTabs = ({
  client,
  tabs,
  spreadsheet,
  resources,
}: {
  readonly client: SheetsClient["Service"]
  readonly tabs: Tabs["Service"]
  readonly spreadsheet: string
  readonly resources: ReadonlyArray<Resource>
}) => {
  /** Nothing where the tab cannot be used now; the admins have been told by then. */
  const usable = Effect.fnUntraced(function* (tab: BaseTab, urgency: Urgency) {
    const resource = resources.find(({ baseTabs }) =>
      baseTabs.some(({ title }) => title === tab.title),
    )
    if (resource === undefined) return Option.none()
    return Option.map(yield* ifUsable(tabs.base(resource, tab, urgency)), (layout) => ({
      ...layout,
      resource,
    }))
  })

  /** The tabs that can be used, with their rows below the header. */
  const look = Effect.fnUntraced(function* (asked: ReadonlyArray<ClaimableTab>, urgency: Urgency) {
    const found: Array<LookedTab> = []
    const known = (yield* Effect.forEach(asked, (one) =>
      Effect.map(usable(one.tab, urgency), (layoutNow) =>
        Option.map(layoutNow, (layout) => ({ ...one, layout })),
      ),
    )).flatMap(Option.toArray)
    if (known.length === 0) return found
    const areas = known.map(({ layout: { title, columnCount } }) => wholeTab(title, columnCount))
    const looks = yield* client.values(spreadsheet, areas, urgency)
    for (const [at, { layout, ...one }] of known.entries()) {
      const [top = [], ...rows] = looks[at] ?? []
      if (!rows.some((row) => row.some(isFilled))) {
        found.push({ ...one, rows: [], layout })
        continue
      }
      // Rows are not claimed under a header that lost a column: all would end in quarantine.
      if (!sameHeader(top, layout.header)) yield* tabs.forget(spreadsheet)
      const now = yield* usable(one.tab, urgency)
      if (Option.isSome(now)) found.push({ ...one, rows, layout: now.value })
    }
    return found
  })

  const see = (asked: ReadonlyArray<ClaimableTab>, urgency: Urgency) =>
    retriedIfRefused(tabs, spreadsheet, look(asked, urgency))

  const filled = Effect.fn("Claim.filled")(function* (
    asked: ReadonlyArray<ClaimableTab>,
    urgency: Urgency,
  ) {
    const filledRuns = new Map<string, ReadonlyArray<Run>>()
    for (const seen of yield* see(asked, urgency)) {
      const runs = runsIn(seen)
      if (runs.length > 0) filledRuns.set(seen.tab.title, runs)
      // Others wait too: a tab may be long.
      yield* Effect.yieldNow
    }
    return filledRuns
  })

  const counted = Effect.fn("Claim.counted")(function* (
    asked: ReadonlyArray<ClaimableTab>,
    urgency: Urgency,
  ) {
    const counts = new Map<string, TabCount>()
    for (const one of yield* see(asked, urgency)) {
      const { tab, onlyDay, regions, rows, putBack, layout } = one
      const { resource, columns } = layout
      // Where the rows stand counts, so that none of them may leave.
      const here = rows.map((row) => (isPutBack(row, putBack) ? [] : row))
      yield* Effect.yieldNow
      const count = countOf(resource, columns, here, onlyDay, regions)
      yield* Effect.yieldNow
      const runs = runsIn(one)
      yield* Effect.yieldNow
      const halfTyped = halfTypedIn(resource, columns, here, regions)
      counts.set(tab.title, { rows: count, runs, halfTyped })
    }
    return counts
  })

  return { filled, counted }
}

interface LookedTab extends ClaimableTab {
  readonly rows: Values
  readonly layout: { readonly resource: Resource; readonly columns: BaseColumns }
}

const runsIn = ({
  onlyDay,
  regions,
  rows,
  putBack,
  layout: { resource, columns },
}: LookedTab): ReadonlyArray<Run> =>
  runsToClaim(resource, columns, rows, onlyDay, regions, (row) => isPutBack(row, putBack))

/** Whether an admin put the row back, and nobody changed it since, wherever it stands now. */
const isPutBack = (row: ReadonlyArray<Plain>, putBack: ReadonlyArray<Origin> = []): boolean => {
  if (putBack.length === 0 || !row.some(isFilled)) return false
  const values = valuesIn(row)
  return putBack.some(({ cells }) => valuesIn(cells.map(({ value }) => value ?? "")) === values)
}

/** The values of a row in whatever order: the columns may have moved. */
const valuesIn = (row: ReadonlyArray<Plain>): string =>
  JSON.stringify(row.filter(isFilled).map(plainText).toSorted())

/**
 * Where the rows are that are claimed now: those that have every value an item must have, and no
 * region that no button reaches. The others are still being typed, and stay where they are. While
 * only one day's items are issued, these are the rows of that day, and those whose date nobody can
 * read, so that they end in quarantine and the admins are told. A few blank rows in between are
 * claimed along, since that costs less than a second claim.
 *
 * @param rows those below the header
 */
export const runsToClaim = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  onlyDay: Day | null,
  regions?: FindRegion,
  stays: (row: ReadonlyArray<Plain>) => boolean = () => false,
): ReadonlyArray<Run> => {
  const gapIn = gapFinder(resource, columns, regions)
  const isWanted = (row: ReadonlyArray<Plain>) => {
    if (stays(row)) return false
    if (gapIn(row) !== undefined) return false
    return onlyDay === null || (dayOfRow(resource, columns, row) ?? onlyDay) === onlyDay
  }
  const runs: Array<Run> = []
  let blanks: number | undefined
  for (const [at, row] of rows.entries()) {
    const index = at + 1
    if (isWanted(row)) {
      const last = blanks !== undefined && blanks <= blanksMax ? runs.pop() : undefined
      const from = last?.from ?? index
      runs.push({ from, rows: index - from + 1 })
      blanks = 0
    } else if (row.some(isFilled)) blanks = undefined
    else if (blanks !== undefined) blanks += 1
  }
  return runs
}

/** How many blank rows one claim takes along between two rows. */
const blanksMax = 5

/** Why a row stays where it is. */
interface Gap {
  /** The header of the value that is missing, or of a region that is none. */
  readonly column: string
  /** The value is missing, or it is a region that nobody can choose. */
  readonly why: "missing" | "region"
  /** The region that is none, as it was typed. */
  readonly region?: string
}

/** Gives what finds the first reason for which a row is no item yet: there may be 100,000 rows. */
const gapFinder = (
  { columns: known, identity }: Resource,
  { byKey, region, header }: BaseColumns,
  regions: FindRegion | undefined,
) => {
  const needed = known
    .filter(({ key, required }) => required || key === identity)
    .map(({ key, header: name }) => ({ at: byKey.get(key) ?? -1, name }))

  return (row: ReadonlyArray<Plain>): Gap | undefined => {
    for (const { at, name } of needed) {
      if (!isFilled(row[at])) return { column: name, why: "missing" }
    }
    const cell = region === undefined ? undefined : row[region]
    if (region === undefined || regions === undefined || !isFilled(cell)) return undefined
    const text = plainText(cell ?? "")
    return regions(text) === undefined
      ? { column: (header[region] ?? "").trim(), why: "region", region: foldRegion(text) }
      : undefined
  }
}

/**
 * Whether a look leaves the row where it is since it lacks a value. Where there is nothing but a
 * note it does not: values alone are looked at.
 */
export const isHalfTyped = (
  resource: Resource,
  columns: BaseColumns,
  row: ReadonlyArray<Plain>,
): boolean => row.some(isFilled) && gapFinder(resource, columns, undefined)(row)?.why === "missing"

/** A row that lacks a value, as long as nobody goes on typing it. */
export interface HalfTyped extends Gap {
  /** As the spreadsheet counts, from 1. */
  readonly row: number
  /** The same as long as the row stays as it is, wherever it stands. */
  readonly digest: number
}

/**
 * The rows that have some of the values of an item and lack another one.
 *
 * @param rows those below the header
 */
export const halfTypedIn = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  regions?: FindRegion,
): ReadonlyArray<HalfTyped> => {
  const own = [...columns.byKey.values()]
  const gapIn = gapFinder(resource, columns, regions)
  return rows.flatMap((row, at) => {
    const gap = gapIn(row)
    if (gap === undefined || !own.some((index) => isFilled(row[index]))) return []
    return [{ row: at + 2, ...gap, digest: Hash.string(JSON.stringify(row)) }]
  })
}

/** How many rows of a tab can be claimed, where they are, and which cannot yet. */
export interface TabCount {
  readonly rows: number
  readonly runs: ReadonlyArray<Run>
  readonly halfTyped: ReadonlyArray<HalfTyped>
}

/**
 * How many rows are whole or, where only one day counts, have that date too. Whether the rows can
 * be read, and whether one stands there twice, shows when they are claimed.
 *
 * @param rows those below the header
 */
export const countOf = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  onlyDay: Day | null,
  regions?: FindRegion,
): number => {
  const gapIn = gapFinder(resource, columns, regions)
  return rows.filter(
    (row) =>
      gapIn(row) === undefined &&
      (onlyDay === null || dayOfRow(resource, columns, row) === onlyDay),
  ).length
}

/** Where the runs are after `cut` rows were cut from the beginning of the first one. */
export const runsLeft = (runs: ReadonlyArray<Run>, cut: number): ReadonlyArray<Run> =>
  runs.flatMap(({ from, rows }, at): ReadonlyArray<Run> => {
    if (at > 0) return [{ from: from - cut, rows }]
    return rows > cut ? [{ from, rows: rows - cut }] : []
  })

/** The day of the item in the row; `undefined` where no date can be read. */
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

/** Whether there is something in the cell; an unticked box counts as nothing. */
export const isFilled = (cell: Plain | undefined): boolean =>
  cell !== undefined && cell !== false && String(cell).trim() !== ""

/** The text of a cell as a person reads it, with all digits of a number. */
export const plainText = (cell: Plain): string =>
  typeof cell === "number" && Number.isInteger(cell) ? BigInt(cell).toString() : String(cell).trim()

/** Whether two headers are the same but for blanks at the end. */
const sameHeader = (found: ReadonlyArray<unknown>, known: ReadonlyArray<string>) =>
  headerText(found) === headerText(known)

const headerText = (cells: ReadonlyArray<unknown>) =>
  cells
    .map((cell) => String(cell).trim())
    .join("\n")
    .trimEnd()
