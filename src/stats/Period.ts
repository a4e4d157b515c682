/**
 * The times that statistics are asked for: today, the last 7 and the last 30 calendar days.
 *
 * Today counts among them. A day begins and ends by the clock on the wall, so it has 23 or 25
 * hours when that clock is set.
 */
import { DateTime, Schema } from "effect"
import { Day, dayOf } from "../domain/Day.ts"

export const Period = Schema.Literals(["day", "week", "month"])
export type Period = typeof Period.Type

/** From the first moment of the first day to the first one after the last day. */
export interface Span {
  readonly from: number
  readonly to: number
  /** Every day of it, the oldest first. */
  readonly days: ReadonlyArray<DaySpan>
}

export interface DaySpan {
  readonly day: Day
  readonly from: number
  readonly to: number
}

const daysIn: Readonly<Record<Period, number>> = { day: 1, week: 7, month: 30 }

/** The period that ends with the day it is in `zone` at `now`. */
export const spanOf = (period: Period, now: number, zone: DateTime.TimeZone): Span => {
  const today = dayOf(now, zone)
  const count = daysIn[period]
  const days = Array.from({ length: count }, (_, index): DaySpan => {
    const day = shifted(today, index + 1 - count)
    return { day, from: startOf(day, zone), to: startOf(shifted(day, 1), zone) }
  })
  return { from: days[0]?.from ?? now, to: days.at(-1)?.to ?? now, days }
}

/** Days as `spanOf` counts them, any number of them: the first, and the one that it is now. */
export const lastDays = (count: number, now: number, zone: DateTime.TimeZone) => {
  const last = dayOf(now, zone)
  const first = shifted(last, 1 - count)
  return { first, last, from: startOf(first, zone), to: startOf(shifted(last, 1), zone) }
}

/** The day before the one it is in `zone` at `now`. */
export const yesterdayOf = (now: number, zone: DateTime.TimeZone): DaySpan => {
  const today = dayOf(now, zone)
  const day = shifted(today, -1)
  return { day, from: startOf(day, zone), to: startOf(today, zone) }
}

/** The calendar day so many days later. */
const shifted = (day: Day, count: number): Day =>
  Day.make(
    DateTime.formatIsoDateUtc(
      DateTime.add(DateTime.makeUnsafe(`${day}T00:00:00Z`), { days: count }),
    ),
  )

/** Its first moment: where the clock is set forward at midnight, there is no 0:00. */
const startOf = (day: Day, timeZone: DateTime.TimeZone): number =>
  DateTime.makeZonedUnsafe(`${day}T00:00:00`, { timeZone, adjustForTimeZone: true })
    .epochMilliseconds
