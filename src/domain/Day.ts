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
export const dayOf = (at: number, zone: DateTime.TimeZone): Day => quarterAt(at, zone).day

/** The calendar day so many days later. */
export const daysLater = (day: Day, count: number): Day =>
  Day.make(
    DateTime.formatIsoDateUtc(
      DateTime.add(DateTime.makeUnsafe(`${day}T00:00:00Z`), { days: count }),
    ),
  )

/** The first moment of the day; where the clock is set forward at midnight, that is not 0:00. */
export const startOfDay = (day: Day, timeZone: DateTime.TimeZone): number => {
  const known = starts.get(timeZone) ?? new Map<Day, number>()
  // To ask the time zone data for a month of days takes twenty milliseconds.
  const start =
    known.get(day) ??
    DateTime.makeZonedUnsafe(`${day}T00:00:00`, { timeZone, adjustForTimeZone: true })
      .epochMilliseconds
  if (known.size >= startsKept) known.clear()
  starts.set(timeZone, known.set(day, start))
  return start
}

const starts = new WeakMap<DateTime.TimeZone, Map<Day, number>>()

/** The days of a year, as the longest list of days has. */
const startsKept = 400

/**
 * Reads `dd.mm.yy`, `dd.mm.yyyy` and `yyyy-mm-dd`, with a time behind it or without; `undefined` for
 * anything else, 31.02 included, and for years that nobody means.
 */
export const parseDay = (text: string): Day | undefined => {
  const match = written.exec(text.trim())
  if (match === null) return undefined
  const {
    day = "",
    month = "",
    year = "",
    iso = yearMonthDay(year, month, day),
  } = match.groups ?? {}
  return isoOf(Date.parse(`${iso}T00:00:00Z`)) === iso ? meantDay(iso) : undefined
}

const written =
  /^(?:(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4}|\d{2})|(?<iso>\d{4}-\d{2}-\d{2}))(?:(?:T|,?\s{1,4})\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

const yearMonthDay = (year: string, month: string, day: string) =>
  `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`

/** The day of a sheet's serial number; `undefined` outside of 1900 to 9999. */
export const dayOfSerial = (serial: number): Day | undefined => {
  const iso = isoOf((Math.floor(serial) - serialOfEpoch) * msPerDay)
  return iso !== undefined && /^(19|[2-9]\d)\d\d-/.test(iso) ? Day.make(iso) : undefined
}

/** The day that a person typed into a cell, which Sheets keeps as a number or as a text. */
export const typedDay = (value: number | string): Day | undefined => {
  if (typeof value === "string") return parseDay(value)
  const day = dayOfSerial(value)
  return day === undefined ? undefined : meantDay(day)
}

/**
 * A day from 2000 to 2100. Sheets makes 27.01.1900 out of 28.11 that it took for a number, and of a
 * slip of the finger the year 2206.
 */
const meantDay = (iso: string): Day | undefined =>
  iso >= "2000-01-01" && iso <= "2100-12-31" && iso.length === 10 ? Day.make(iso) : undefined

export const serialOfDay = (day: Day): number =>
  Date.parse(`${day}T00:00:00Z`) / msPerDay + serialOfEpoch

/** Serial number of a moment as a clock on a wall in `zone` shows it, to the second. */
export const serialOf = (at: number, zone: DateTime.TimeZone): number => {
  const seconds = Math.floor((at + quarterAt(at, zone).offset) / 1000)
  return (seconds * 1000) / msPerDay + serialOfEpoch
}

/** `22.11.2026` */
export const formatDay = (day: Day): string => day.split("-").toReversed().join(".")

/** `22.11.2026 14:32` in `zone`. */
export const formatMoment = (at: number, zone: DateTime.TimeZone): string =>
  `${formatDay(dayOf(at, zone))} ${formatTime(at, zone)}`

/** `14:32` in `zone`. */
export const formatTime = (at: number, zone: DateTime.TimeZone): string => {
  const { hour, minute } = DateTime.toPartsUtc(onTheWall(at, zone))
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
}

/** The local date and time in `zone` at `at`, as a value in UTC whose parts can be read. */
const onTheWall = (at: number, zone: DateTime.TimeZone): DateTime.Utc =>
  DateTime.makeUnsafe(at + quarterAt(at, zone).offset)

/** A quarter of an hour in a time zone. */
interface Quarter {
  /** Milliseconds that the zone is ahead of Greenwich. */
  readonly offset: number
  readonly day: Day
}

/**
 * Asking the time zone data is slow, and since 1972 clocks are set at full quarters of an hour
 * everywhere, so each quarter is asked for once.
 */
const quarterAt = (at: number, zone: DateTime.TimeZone): Quarter => {
  const number = Math.floor(at / msPerQuarter)
  const known = quarters.get(zone) ?? new Map<number, Quarter>()
  const quarter = known.get(number)
  if (quarter !== undefined) return quarter
  const zoned = DateTime.setZone(DateTime.makeUnsafe(at), zone)
  const asked: Quarter = {
    offset: DateTime.zonedOffset(zoned),
    day: Day.make(DateTime.formatIsoDate(zoned)),
  }
  if (known.size >= quartersKept) known.clear()
  quarters.set(zone, known.set(number, asked))
  return asked
}

const quarters = new WeakMap<DateTime.TimeZone, Map<number, Quarter>>()

/** About forty days of a statistics screen, or as many rows with a moment each. */
const quartersKept = 4_096

const msPerQuarter = 900_000
const msPerDay = 86_400_000
const serialOfEpoch = 25_569

const isoOf = (ms: number): string | undefined =>
  Number.isFinite(ms) && Math.abs(ms) < 8.64e15
    ? DateTime.formatIsoDateUtc(DateTime.makeUnsafe(ms))
    : undefined
