/** When the morning digest is due. Pure. */
import { DateTime, Duration } from "effect"
import { digestLateMax } from "../config/Limits.ts"
import type { WallTime } from "../config/Settings.ts"
import { type Day, dayOf } from "../domain/Day.ts"

/**
 * From that time of the day on until noon, or for three hours where that is later; after that the
 * news is old. Never on another day.
 */
export const isDue = (now: number, time: WallTime, zone: DateTime.TimeZone): boolean => {
  const today = dayOf(now, zone)
  const from = momentOf(today, time, zone)
  const until = Math.max(momentOf(today, "12:00", zone), from + Duration.toMillis(digestLateMax))
  return now >= from && now < until
}

/** Where the clock is set forward over that time, the moment after as much of the hour. */
const momentOf = (day: Day, time: WallTime, timeZone: DateTime.TimeZone): number =>
  DateTime.makeZonedUnsafe(`${day}T${time}:00`, { timeZone, adjustForTimeZone: true })
    .epochMilliseconds
