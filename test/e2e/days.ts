/** Days of the demo's clock, and rows of its sheets as people typed them. */
import { Clock, DateTime, Effect } from "effect"
import type { Demo, Tab } from "./Demo.ts"
import { type Day, dayOf, formatDay } from "../../src/domain/Day.ts"
import { displayed, rawValue } from "../../src/playground/spreadsheets/Display.ts"
import { type CellInput, cellOf } from "../../src/playground/spreadsheets/Seed.ts"

const msPerHour = 3_600_000
const msPerDay = 24 * msPerHour

/** The samples are dated by the clock of Moscow, which is the same all year. */
const moscowAhead = 3

/** Hours before Greenwich: no place on Earth is further. */
const aheadMax = 14

export interface Zone {
  /** For TIMEZONE. */
  readonly name: string
  readonly aheadMs: number
}

/**
 * A time zone in which it is the same day now as in Moscow, and the given hour, or an earlier one
 * where that cannot be: a test that moves the clock stays within its day, or is soon past it.
 */
export const zoneAt = (hour: number): Zone => {
  const now = Effect.runSync(Clock.currentTimeMillis)
  const moscowHour = Math.floor(((now + moscowAhead * msPerHour) % msPerDay) / msPerHour)
  const ahead = Math.min(moscowAhead + hour - moscowHour, aheadMax)
  // POSIX counts the other way round.
  const name = `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`
  return { name, aheadMs: ahead * msPerHour }
}

const wallMs = async (demo: Demo, { aheadMs }: Zone) => {
  const { now } = await demo.get<{ now: string }>("/sim/clock")
  return Date.parse(now) + aheadMs
}

const greenwich = DateTime.zoneMakeOffset(0)

/** The day it is there so many days from now. */
export const isoDay = async (demo: Demo, zone: Zone, days = 0): Promise<Day> =>
  dayOf((await wallMs(demo, zone)) + days * msPerDay, greenwich)

/** The same as dd.mm.yyyy. */
export const day = async (demo: Demo, zone: Zone, days = 0): Promise<string> =>
  formatDay(await isoDay(demo, zone, days))

/** To so many minutes after the next midnight. */
export const pastMidnight = async (demo: Demo, zone: Zone, minutes: number) => {
  const left = msPerDay - ((await wallMs(demo, zone)) % msPerDay)
  await demo.advance(`${Math.ceil(left / 1000) + minutes * 60} seconds`)
}

export interface SheetRow {
  readonly cells: ReadonlyArray<string>
  readonly values: ReadonlyArray<unknown>
}

/** How a row looks that somebody typed like that. */
export const typed = (row: ReadonlyArray<CellInput>): SheetRow => {
  const cells = row.map(cellOf)
  return { cells: cells.map((cell) => displayed(cell, "ru_RU")), values: cells.map(rawValue) }
}

/** The rows of a tab with anything in them: what they show, and what is behind it. */
export const filledRows = ({ rows }: Tab): ReadonlyArray<SheetRow> =>
  rows
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ cells, values }) => ({ cells, values }))
