/**
 * Puts items back into the base tabs they came from: where only a day's items are issued, beside the
 * rows of the same date; elsewhere on top in their order, where claims took them from.
 *
 * It takes one read and one write for any number of rows and dates of a tab. An item is on its way
 * back until the write is known to have taken effect, so it stands in the tab exactly once. Rows
 * go into no merged block: it would swallow them.
 */
import { foldName } from "../domain/identity.ts"
import { Context, Effect, Layer, Option, Ref, Result, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { returnRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { type Cell, ItemId, type Origin } from "../domain/Item.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { plainValue } from "./BaseRow.ts"
import { valueAndFormat } from "./CellWrite.ts"
import { dayOfRow, isFilled } from "./filledTabs.ts"
import { aboutAs, Guard, type OnApplied } from "./Guard.ts"
import type { SheetRequest } from "./GuardChain.ts"
import {
  baseColumns,
  type BaseColumns,
  findColumns,
  gridRange,
  quoted,
  rowSpan,
} from "./Headers.ts"
import { type GridRange, type Plain, rowsOf, SheetsClient } from "./SheetsClient.ts"
import { unsettled } from "./SheetsError.ts"
import { type TabFailure, Tabs, TabUnusable } from "./Tabs.ts"
import { moreColumns } from "./tabSetup.ts"

/** Reads what is needed to finish a return after a restart. */
const aboutOf = aboutAs(
  Schema.Struct({ resource: Schema.String, tab: Schema.String, ids: Schema.Array(ItemId) }),
)

/** An item that goes back, or a row that never was one. */
export interface Returned {
  readonly id: ItemId
  readonly day: Day | null
  readonly origin: Origin
}

/** Makes it durable that the items stand in their tab again. Idempotent. */
type OnReturned = (ids: ReadonlyArray<ItemId>) => Effect.Effect<void, StorageUnavailable>

export class Return extends Context.Service<
  Return,
  {
    /**
     * Returns the items that wait for it; answers how many. `waiting` is asked when all earlier
     * writes are settled, and must not give items that `returned` was told of. Items of a tab that
     * cannot be used, or that the catalogue does not have, go on waiting and hold up no others.
     */
    returnItems(
      resource: Resource,
      waiting: Effect.Effect<ReadonlyArray<Returned>>,
      returned: OnReturned,
    ): Effect.Effect<number, TabFailure>
    /** Finishes a return that a former process began. */
    finish(
      returned: (
        resource: string,
        ids: ReadonlyArray<ItemId>,
      ) => Effect.Effect<void, StorageUnavailable>,
    ): OnApplied<void>
  }
>()("account-bot/sheets/Return") {
  static readonly layer = Layer.effect(
    Return,
    Effect.gen(function* () {
      const { spreadsheetAccounts: spreadsheet } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      /** Tabs that the catalogue does not have any more and that are in the log already. */
      const lost = yield* Ref.make<ReadonlySet<string>>(new Set())

      const look = Effect.fnUntraced(function* (resource: Resource, tab: BaseTab, title: string) {
        const { sheets = [] } = yield* client.get(spreadsheet, {
          fields: tabMask,
          ranges: [quoted(title)],
          urgency: "background",
        })
        const sheet = sheets.find(({ properties }) => properties.title === title)
        const [top = [], ...rows] = rowsOf(sheet).map((row) => row.map(plainValue))
        const columns = yield* Effect.fromResult(
          Result.mapError(
            baseColumns(resource, top.map(String)),
            (fault) => new TabUnusable({ tab: tab.title, ...fault }),
          ),
        )
        const rowCount = sheet?.properties.gridProperties?.rowCount ?? 0
        return { columns, rows, rowCount, merges: sheet?.merges ?? [] }
      })

      /** Returns as many rows as one write may have. */
      const returnSome = Effect.fnUntraced(function* (
        resource: Resource,
        tab: BaseTab,
        waiting: Effect.Effect<ReadonlyArray<Returned>>,
        returned: OnReturned,
      ) {
        const { title, sheetId, columnCount } = yield* tabs.base(resource, tab, "background")
        let count = 0
        const plan = Effect.fnUntraced(function* () {
          const all = (yield* waiting).filter(isOf(tab))
          // What goes on top goes there from the last row to the first.
          const items =
            resource.dayBound === true ? all.slice(0, returnRowsMax) : all.slice(-returnRowsMax)
          count = items.length
          if (count === 0) return Option.none()
          const { columns, rows, rowCount, merges } = yield* look(resource, tab, title)
          const target = { resource, sheetId, columnCount, rowCount, columns }
          return Option.some({
            about: { resource: resource.id, tab: tab.title, ids: items.map(({ id }) => id) },
            requests: returnRequests(
              target,
              resource.dayBound === true
                ? returnGroups(daysOf(target, rows), items, merges)
                : [{ at: outsideMerges(merges, 1), items }],
            ),
          })
        })
        yield* guard.write(
          { spreadsheet, kind: "return", urgency: "background", plan },
          (applied) => Effect.flatMap(aboutOf(applied), ({ ids }) => returned(ids)),
        )
        return count
      })

      const returnAll = Effect.fnUntraced(function* (...what: Parameters<typeof returnSome>) {
        let count = 0
        while (true) {
          const more = yield* returnSome(...what)
          count += more
          if (more < returnRowsMax) return count
        }
      })

      const tellLost = Effect.fnUntraced(function* (items: ReadonlyArray<Returned>) {
        const known = yield* Ref.get(lost)
        const titles = new Set(items.map(({ origin }) => origin.tab))
        for (const title of titles) {
          if (known.has(title)) continue
          yield* Effect.logDebug(`items of "${title}" wait: the catalogue has no such base tab`)
        }
        yield* Ref.set(lost, new Set([...known, ...titles]))
      })

      const returnItems: Return["Service"]["returnItems"] = Effect.fn("Return.returnItems")(
        function* (resource, waiting, returned) {
          const items = yield* waiting
          const { baseTabs } = resource
          yield* tellLost(items.filter((item) => !baseTabs.some((tab) => isOf(tab)(item))))
          const ends = yield* Effect.forEach(
            baseTabs.filter((tab) => items.some(isOf(tab))),
            (tab) =>
              returnAll(resource, tab, waiting, returned).pipe(
                Effect.tapError(() => tabs.forget(spreadsheet)),
                Effect.result,
              ),
          )
          const counts = yield* Effect.forEach(ends, Effect.fromResult)
          return counts.reduce((sum, count) => sum + count, 0)
        },
      )

      const finish: Return["Service"]["finish"] = (returned) =>
        Effect.fnUntraced(function* (applied) {
          const about = yield* aboutOf(applied)
          if (!resources.some(({ id }) => id === about.resource)) {
            // No pool could be told: the write stays open until the catalogue has the resource again.
            return yield* unsettled("return", spreadsheet)
          }
          yield* returned(about.resource, about.ids)
        })

      return Return.of({ returnItems, finish })
    }),
  )
}

/** Whether the item came from the tab. */
const isOf =
  ({ title }: BaseTab) =>
  ({ origin }: Returned) =>
    foldName(origin.tab) === foldName(title)

/** The days of the rows below the header, down to the last filled one. */
export const daysOf = (
  { resource, columns }: Pick<ReturnTarget, "resource" | "columns">,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
) =>
  rows
    .slice(0, rows.findLastIndex((row) => row.some(isFilled)) + 1)
    .map((row) => dayOfRow(resource, columns, row))

/** Items that are inserted together. */
interface ReturnGroup {
  /** The index that the first row of the group will have; the header has the index 0. */
  readonly at: number
  readonly items: ReadonlyArray<Returned>
}

/**
 * The items by day, each group with its place, in the order in which they are inserted: from the
 * lowest place up, so that no insertion moves a place that is still to come. Of two groups with the
 * same place the earlier day is inserted last, so that it stands above the other. Items of one day
 * keep their order.
 */
export const returnGroups = (
  days: ReadonlyArray<Day | undefined>,
  items: ReadonlyArray<Returned>,
  merges: ReadonlyArray<GridRange> = [],
): ReadonlyArray<ReturnGroup> =>
  [...Map.groupBy(items, ({ day }) => day)]
    .map(([day, own]) => ({
      day,
      at: outsideMerges(merges, insertionIndex(days, day)),
      items: own,
    }))
    .toSorted((a, b) => b.at - a.at || (isEarlier(a.day, b.day) ? 1 : -1))
    .map(({ at, items: own }) => ({ at, items: own }))

/**
 * The index itself, or the one below the merged blocks that an insertion there would go into: rows
 * that are inserted into a block become a part of it, and it shows the value of its first cell only.
 */
export const outsideMerges = (merges: ReadonlyArray<GridRange>, at: number): number => {
  const below = merges.flatMap(({ startRowIndex = 0, endRowIndex = 0 }) =>
    startRowIndex < at && at < endRowIndex ? [endRowIndex] : [],
  )
  return below.length === 0 ? at : outsideMerges(merges, Math.max(...below))
}

/** Whether the day stands above the other one; rows without a day stand below all others. */
const isEarlier = (a: Day | null, b: Day | null) => b === null || (a !== null && a < b)

/**
 * The index at which a row of that day is inserted: below the last row of the same day; where
 * there is none, above the first row of a later day; otherwise, and without a day, below all rows.
 *
 * @param days of the rows below the header, down to the last filled one; `undefined` where a row
 *   is blank or its date cannot be read
 */
export const insertionIndex = (days: ReadonlyArray<Day | undefined>, day: Day | null): number => {
  const end = 1 + days.length
  if (day === null) return end
  const same = days.lastIndexOf(day)
  if (same >= 0) return 1 + same + 1
  const later = days.findIndex((one) => one !== undefined && one > day)
  return later < 0 ? end : 1 + later
}

/** A base tab as it was just read. */
interface ReturnTarget {
  readonly resource: Resource
  readonly sheetId: number
  /** How many columns the tab had when it was last looked at. */
  readonly columnCount: number
  readonly rowCount: number
  readonly columns: BaseColumns
}

/**
 * The one batch of a return. It writes only into rows that it has inserted itself: if people edit
 * the tab in between, the rows may come to stand elsewhere, but nobody loses a cell to them.
 *
 * @param groups in the order of insertion
 */
export const returnRequests = (
  target: ReturnTarget,
  groups: ReadonlyArray<ReturnGroup>,
): ReadonlyArray<SheetRequest> => {
  const { sheetId, columnCount, rowCount } = target
  const written = groups.map(({ at, items }) => ({
    at,
    rows: items.map(({ origin }) => returnedRow(target, origin)),
  }))
  const width = Math.max(1, ...written.flatMap(({ rows }) => rows.map(({ length }) => length)))
  return [
    ...(width > columnCount ? [moreColumns(sheetId, width - columnCount)] : []),
    // Google refuses an insertion below the last row, and a tab may end with its header.
    ...(written.some(({ at }) => at === 1 || at >= rowCount)
      ? [{ appendDimension: { sheetId, dimension: "ROWS", length: 1 } }]
      : []),
    ...written.flatMap(({ at, rows }) => [
      {
        insertDimension: {
          range: rowSpan(sheetId, at, rows.length),
          // A row below the header must not look like a header.
          inheritFromBefore: at > 1,
        },
      },
      {
        updateCells: {
          range: gridRange(sheetId, { row: at, column: 0 }, { rows: rows.length, columns: width }),
          rows: rows.map((values) => ({ values })),
          fields: returnedFields,
        },
      },
    ]),
  ]
}

/** What is read of a tab before rows go back to it. */
const tabMask =
  "sheets(properties(sheetId,title,gridProperties(rowCount)),merges," +
  "data(rowData(values(effectiveValue))))"

/** What a return writes of each cell. */
const returnedFields = `${valueAndFormat},note`

interface EnteredCell {
  readonly userEnteredValue?:
    | { readonly stringValue: string }
    | { readonly numberValue: number }
    | { readonly boolValue: boolean }
  readonly userEnteredFormat?: { readonly numberFormat: NonNullable<Cell["format"]> }
  readonly note?: string
}

/** The cells as the person left them, under the headers as they are now. */
export const returnedRow = (
  { resource, columns }: Pick<ReturnTarget, "resource" | "columns">,
  origin: Origin,
): ReadonlyArray<EnteredCell> => {
  const places = columnsFor(resource, origin, columns)
  const cells = new Map(
    origin.cells.flatMap((cell, index) => {
      const place = places.get(index)
      return place === undefined ? [] : [[place, enteredCell(cell)] as const]
    }),
  )
  return Array.from({ length: Math.max(-1, ...cells.keys()) + 1 }, (_, at) => cells.get(at) ?? {})
}

/**
 * For each cell of the row, the column of the tab that takes it: the one that means the same to
 * the catalogue, or has the same header; for a cell without a header, the same column if that has
 * none either. A value or note that finds no column goes right of the last one with a header.
 */
const columnsFor = (
  resource: Resource,
  { header, cells }: Origin,
  now: BaseColumns,
): ReadonlyMap<number, number> => {
  const places = new Map<number, number>()
  const taken = new Set<number>()
  const put = (index: number, place: number | undefined) => {
    if (place === undefined || places.has(index) || taken.has(place)) return
    places.set(index, place)
    taken.add(place)
  }
  const nameAt = (index: number) => foldName(header[index] ?? "")
  const named = now.header.map(foldName)
  const indexes = cells.map((_, index) => index)

  const before = findColumns(resource, header)
  if (Result.isSuccess(before)) {
    for (const [key, index] of before.success.byKey) put(index, now.byKey.get(key))
    if (before.success.region !== undefined) put(before.success.region, now.region)
  }
  for (const index of indexes) {
    if (nameAt(index) === "") continue
    const place = named.findIndex((name, at) => name === nameAt(index) && !taken.has(at))
    put(index, place < 0 ? undefined : place)
  }
  for (const index of indexes) {
    if (nameAt(index) === "" && (named[index] ?? "") === "") put(index, index)
  }
  let free = named.findLastIndex((name) => name !== "") + 1
  for (const index of indexes) {
    if (places.has(index) || isNothing(cells[index])) continue
    while (taken.has(free)) free++
    put(index, free)
  }
  return places
}

const isNothing = (cell: Cell | undefined) => cell?.value == null && cell?.note === undefined

/** The cell as somebody entered it. A formula was kept as the text of it. */
export const enteredCell = ({ value, format, note }: Cell): EnteredCell => ({
  ...(value === null ? {} : { userEnteredValue: enteredValue(value) }),
  ...(format === undefined ? {} : { userEnteredFormat: { numberFormat: format } }),
  ...(note === undefined ? {} : { note }),
})

const enteredValue = (
  value: NonNullable<Cell["value"]>,
): NonNullable<EnteredCell["userEnteredValue"]> => {
  if (typeof value === "string") return { stringValue: value }
  return typeof value === "number" ? { numberValue: value } : { boolValue: value }
}
