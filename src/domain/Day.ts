/**
 * Moments and calendar days, and the ways a person or a sheet writes them.
 *
 * Sheets stores a date as days since 1899-12-30, the fraction being the time of day.
 */
import { DateTime, Schema } from "effect"

/** A point in time: milliseconds since the epoch. A moved clock may show fractions of one. */
export const Moment = Schema.Finite

/** A calendar day in ISO form, `2026-11-22`. */
export const Day = Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/)).pipe(
  Schema.brand("Day"),
)
export type Day = typeof Day.Type

/** The day it is in `zone` at `at` (milliseconds since the epoch). */
export const dayOf = (at: number, zone: DateTime.TimeZone): Day =>
  Day.make(DateTime.formatIsoDate(DateTime.setZone(DateTime.makeUnsafe(at), zone)))

/** Reads `dd.mm.yy` and `dd.mm.yyyy`; `undefined` for anything else, 31.02 included. */
export const parseDay = (text: string): Day | undefined => {
  const match = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/.exec(text.trim())
  if (match === null) return undefined
  const [, day = "", month = "", year = ""] = match
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
  return isoOf(Date.parse(`${iso}T00:00:00Z`)) === iso ? Day.make(iso) : undefined
}

/** The day of a sheet's serial number; `undefined` outside of 1900 to 9999. */
export const dayOfSerial = (serial: number): Day | undefined => {
  const iso = isoOf((Math.floor(serial) - serialOfEpoch) * msPerDay)
  return iso !== undefined && /^(19|[2-9]\d)\d\d-/.test(iso) ? Day.make(iso) : undefined
}

export const serialOfDay = (day: Day): number =>
  Date.parse(`${day}T00:00:00Z`) / msPerDay + serialOfEpoch

/** Serial number of a moment as a clock on a wall in `zone` shows it, to the second. */
export const serialOf = (at: number, zone: DateTime.TimeZone): number => {
  const { year, month, day, hour, minute, second } = DateTime.toParts(
    DateTime.setZone(DateTime.makeUnsafe(at), zone),
  )
  return Date.UTC(year, month - 1, day, hour, minute, second) / msPerDay + serialOfEpoch
}

/** `22.11.2026` */
export const formatDay = (day: Day): string => day.split("-").toReversed().join(".")

/** `22.11.2026 14:32` in `zone`. */
export const formatMoment = (at: number, zone: DateTime.TimeZone): string =>
  `${formatDay(dayOf(at, zone))} ${formatTime(at, zone)}`

/** `14:32` in `zone`. */
export const formatTime = (at: number, zone: DateTime.TimeZone): string => {
  const { hour, minute } = DateTime.toParts(DateTime.setZone(DateTime.makeUnsafe(at), zone))
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
}

const msPerDay = 86_400_000
const serialOfEpoch = 25_569

const isoOf = (ms: number): string | undefined =>
  Number.isFinite(ms) && Math.abs(ms) < 8.64e15
    ? DateTime.formatIsoDateUtc(DateTime.makeUnsafe(ms))
    : undefined
