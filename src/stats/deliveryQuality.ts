/** How good the items of each delivery were, by what people said of them. Pure. */
import { batchBadMax, batchMarksMin } from "../config/Limits.ts"
import { findStatus, type Resource } from "../domain/Catalogue.ts"
import { type Day, serialOfDay } from "../domain/Day.ts"
import type { Tally } from "../store/Journal.ts"

/** The items of one day in the base tab: whoever fills the tab dates what he got together. */
export interface Delivery {
  readonly resource: Resource
  /** `null`: those without a date. */
  readonly day: Day | null
  /** Those that have a status of the catalogue. */
  readonly marked: number
  /** Of these, those whose status offers a replacement. */
  readonly bad: number
  readonly isSuspect: boolean
}

/** Those of which enough were marked to say something. */
export const deliveriesIn = (
  resource: Resource,
  tallies: ReadonlyArray<Tally>,
): ReadonlyArray<Delivery> =>
  [...Map.groupBy(tallies, ({ day }) => day)].flatMap(([day, rows]) => {
    const known = rows.flatMap(({ status, count }) => {
      const found = status === null ? undefined : findStatus(resource, status)
      return found === undefined ? [] : [{ count, isBad: found.offersReplacement }]
    })
    const marked = sum(known)
    const bad = sum(known.filter(({ isBad }) => isBad))
    if (marked < batchMarksMin) return []
    return [{ resource, day, marked, bad, isSuspect: bad > marked * batchBadMax }]
  })

/** For sorting: the worst first, and of two alike the later one. */
export const worstFirst = (a: Delivery, b: Delivery): number =>
  b.bad / b.marked - a.bad / a.marked || serialOf(b) - serialOf(a)

const serialOf = ({ day }: Delivery) => (day === null ? 0 : serialOfDay(day))

const sum = (rows: ReadonlyArray<{ readonly count: number }>) =>
  rows.reduce((total, { count }) => total + count, 0)
