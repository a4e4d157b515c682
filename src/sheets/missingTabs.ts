/** Requests that make the tabs the catalogue speaks of, where they are missing or wholly blank. */
import { Effect, Random } from "effect"
import { quoted } from "./A1.ts"
import { newBaseHeader, newIssuedHeader, fold } from "./Headers.ts"
import { extrasOf } from "./layouts.ts"
import type { SheetRequest } from "./GuardMark.ts"
import type { SheetsClient } from "./SheetsClient.ts"
import { type Facts, hasHeader, headerRequest, newTab, type WantedTab } from "./tabSetup.ts"

/** Google takes any number that is free. */
export const randomSheetId = Random.nextIntBetween(1, 2 ** 31 - 1)

/** `base`: the spreadsheet of the base tabs, whose extra columns go into new issued tabs. */
export const missingTabs = Effect.fnUntraced(function* (
  client: SheetsClient["Service"],
  spreadsheet: string,
  wanted: ReadonlyArray<WantedTab>,
  facts: Facts,
  base: Facts,
) {
  const requests: Array<SheetRequest> = []
  for (const { title, resource, kind } of wanted) {
    const header =
      kind === "base"
        ? newBaseHeader(resource)
        : newIssuedHeader(resource, extrasOf(base, resource))
    const known = facts.get(fold(title))
    if (known === undefined) {
      requests.push(...newTab(yield* randomSheetId, title, header))
    } else if (!hasHeader(known) && known.columnCount >= header.length) {
      // Below a header that is blank there may be rows whose columns only a person knows.
      const [rows = []] = yield* client.values(spreadsheet, [quoted(known.title)], "background")
      if (rows.length === 0) requests.push(headerRequest(known.sheetId, header))
    }
  }
  return requests
})
