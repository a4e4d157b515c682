/**
 * Day-bound rows stand in their base tab as people left them, also those that were away: cells
 * unchanged, days in order, and who came back behind the rows of the same day that never left.
 */
import type { Resource } from "../../src/domain/Catalogue.ts"
import { parseDay } from "../../src/domain/Day.ts"
import { displayed, rawValue } from "../../src/playground/spreadsheets/Display.ts"
import { type CellInput, cellOf } from "../../src/playground/spreadsheets/Seed.ts"
import { poolEvents } from "./history.ts"
import { keyOfRow, type Tabs } from "./tabs.ts"
import type { World } from "./World.ts"

export const checkBaseTabs = (world: World, accounts: Tabs): ReadonlyArray<string> =>
  world.resources
    .filter(({ dayBound }) => dayBound === true)
    .flatMap((resource) =>
      accounts
        .filter(({ title }) => resource.baseTabs.some((tab) => tab.title === title))
        .flatMap((tab) => {
          const rows = rowsOf(resource, tab)
          return [
            ...changed(world, rows),
            ...(world.inserted.has(tab.title) ? [] : misplaced(world, resource, rows)),
          ]
        }),
    )

type Rows = ReturnType<typeof rowsOf>

const rowsOf = (resource: Resource, { header, rows }: Tabs[number]) =>
  rows
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ cells, values }) => {
      const record = Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""]))
      const day = parseDay(record["Дата"] ?? "") ?? ""
      return { looks: JSON.stringify([cells, values]), key: keyOfRow(resource, record), day }
    })

const changed = ({ stock }: World, rows: Rows) =>
  rows.flatMap(({ key, looks }) => {
    const typed = stock.find((thing) => thing.key === key)?.row
    return typed === undefined || looksOf(typed) === looks
      ? []
      : [`${key} is not as it was: ${looks}`]
  })

const looksOf = (typed: ReadonlyArray<CellInput>) => {
  const cells = typed.map(cellOf)
  return JSON.stringify([cells.map((cell) => displayed(cell, "ru_RU")), cells.map(rawValue)])
}

const misplaced = (world: World, resource: Resource, rows: Rows) => {
  const returned = returnedKeys(world, resource)
  return rows.flatMap(({ key, day }, at) => {
    const before = rows[at - 1]
    if (before === undefined) return []
    if (before.day > day) return [`${key} stands behind a later day`]
    return before.day === day && returned.has(before.key) && !returned.has(key)
      ? [`${before.key} came back in front of ${key} of the same day`]
      : []
  })
}

const returnedKeys = ({ disk }: World, { id: resource }: Resource) => {
  const keys = new Map<string, string>()
  const returned = new Set<string>()
  for (const event of poolEvents(disk, resource)) {
    if (event._tag === "Loaded") for (const { id, key } of event.items) keys.set(id, key)
    if (event._tag === "Returned") for (const id of event.ids) returned.add(keys.get(id) ?? id)
  }
  return returned
}
