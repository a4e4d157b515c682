/** Days of the demo's clock, and rows of its sheets as people typed them. */
import { DateTime } from "effect"
import type { Demo, Tab } from "./Demo.ts"
import { type Day, dayOf, formatDay } from "../../src/domain/Day.ts"
import { displayed, rawValue } from "../../src/playground/spreadsheets/Display.ts"
import { type CellInput, cellOf } from "../../src/playground/spreadsheets/Seed.ts"

const moscow = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")

const now = async (demo: Demo) => {
  const clock = await demo.get<{ now: string }>("/sim/clock")
  return DateTime.setZone(DateTime.makeUnsafe(clock.now), moscow)
}

/** The day it is in Moscow so many days from now. */
export const isoDay = async (demo: Demo, days = 0): Promise<Day> =>
  dayOf(DateTime.toEpochMillis(DateTime.add(await now(demo), { days })), moscow)

/** The same as dd.mm.yyyy. */
export const day = async (demo: Demo, days = 0): Promise<string> =>
  formatDay(await isoDay(demo, days))

/** To so many minutes after the next midnight. */
export const pastMidnight = async (demo: Demo, minutes: number) => {
  const midnight = DateTime.add(DateTime.startOf(await now(demo), "day"), { days: 1 })
  const leftMs = DateTime.toEpochMillis(midnight) - DateTime.toEpochMillis(await now(demo))
  await demo.advance(`${Math.ceil(leftMs / 1000) + minutes * 60} seconds`)
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
