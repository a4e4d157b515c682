/** Where rows go that are put back into a base tab. Pure. */
import type { Day } from "../domain/Day.ts"
import type { Item } from "../domain/Item.ts"

export interface ReturnGroup {
  /** Index that the first row of the group will have; the header has the index 0. */
  readonly at: number
  readonly items: ReadonlyArray<Item>
}

/**
 * Index at which a row of that day is inserted: below the last row of the same day; where there
 * is none, above the first row of a later day; otherwise, and without a day, below everything.
 * Never above the header.
 *
 * @param days of the rows below the header, down to the last filled one; `undefined` where a row
 *   is blank or its date cannot be read
 */
export const placeOf = (days: ReadonlyArray<Day | undefined>, day: Day | null): number => {
  const end = 1 + days.length
  if (day === null) return end
  const same = days.lastIndexOf(day)
  if (same >= 0) return 1 + same + 1
  const later = days.findIndex((one) => one !== undefined && one > day)
  return later < 0 ? end : 1 + later
}

/**
 * The items by day, each group with its place, in the order in which they are to be inserted:
 * from the lowest place up, so that no insertion moves a place that is still to come. Of two
 * groups with one place the earlier day comes last, and thus to stand above the other. Items of
 * one day keep their order.
 */
export const returnGroups = (
  days: ReadonlyArray<Day | undefined>,
  items: ReadonlyArray<Item>,
): ReadonlyArray<ReturnGroup> =>
  [...Map.groupBy(items, ({ day }) => day)]
    .map(([day, own]) => ({ day, at: placeOf(days, day), items: own }))
    .toSorted((a, b) => b.at - a.at || (isEarlier(a.day, b.day) ? 1 : -1))
    .map(({ at, items: own }) => ({ at, items: own }))

/** An item without a day comes after all others. */
const isEarlier = (a: Day | null, b: Day | null) => b === null || (a !== null && a < b)
