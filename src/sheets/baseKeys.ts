/** Reads the keys of what stands in the base tabs: one read for all tabs. */
import { Effect, Option } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { identityKey } from "../domain/identity.ts"
import { plainText } from "./filledTabs.ts"
import { wholeColumn } from "./Headers.ts"
import { SheetsClient } from "./SheetsClient.ts"
import { ifUsable, retriedIfRefused, Tabs } from "./Tabs.ts"

/** By the id of the resource; tabs that cannot be used are left out. */
export const readBaseKeys = Effect.fn("readBaseKeys")(function* (
  resources: ReadonlyArray<Resource>,
) {
  const { spreadsheetAccounts: spreadsheet, phoneCountry } = yield* Settings
  const client = yield* SheetsClient
  const tabs = yield* Tabs
  const columns = Effect.gen(function* () {
    const found = []
    for (const resource of resources) {
      for (const tab of resource.baseTabs) {
        const layout = yield* ifUsable(tabs.base(resource, tab, "background"))
        const index = Option.flatMap(layout, (one) =>
          Option.fromUndefinedOr(one.columns.byKey.get(resource.identity)),
        )
        if (Option.isNone(layout) || Option.isNone(index)) continue
        found.push({ resource, range: wholeColumn(layout.value.title, index.value) })
      }
    }
    return found
  })
  const look = Effect.gen(function* () {
    const known = yield* columns
    const values =
      known.length === 0
        ? []
        : yield* client.values(
            spreadsheet,
            known.map(({ range }) => range),
            "background",
          )
    const keys = new Map<string, Set<string>>()
    for (const [at, { resource }] of known.entries()) {
      const own = keys.get(resource.id) ?? new Set()
      keys.set(resource.id, own)
      for (const [cell = ""] of (values[at] ?? []).slice(1)) {
        const key = identityKey(resource, plainText(cell), phoneCountry)
        if (key !== "") own.add(key)
      }
    }
    const found: ReadonlyMap<string, ReadonlySet<string>> = keys
    return found
  })
  return yield* retriedIfRefused(tabs, spreadsheet, look)
})
