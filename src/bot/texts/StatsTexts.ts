/** What the statistics say. */
import type { Period } from "../../stats/Statistics.ts"

export interface StatsTexts {
  readonly title: string
  readonly chooseGroup: string
  readonly chooseResource: string
  readonly allVariants: string
  readonly allRegions: string
  readonly choosePeriod: string
  readonly periods: Readonly<Record<Period, string>>
  readonly total: string
  readonly byRegion: string
  readonly byDay: string
  /** Buttons, for admins. */
  readonly own: string
  readonly all: string
  readonly ownIssuances: string
  readonly allPeople: string
  today(day: string): string
  range(first: string, last: string): string
  /** Heads of the columns. */
  readonly region: string
  readonly count: string
  readonly auto: string
  readonly autoMeaning: string
  readonly issued: string
  readonly pending: string
  /** Statuses that the catalogue does not have any more. */
  readonly other: string
  readonly sum: string
  readonly noRegion: string
  moreRegions(count: number): string
  readonly nothing: string
  readonly chart: string
  readonly chartFailed: string
  /** Alert. */
  readonly unavailable: string
}
