/** Reads where the tabs of a spreadsheet are and what their headers say. */
import { Effect } from "effect"
import { wholeRows } from "./A1.ts"
import { fold } from "./Headers.ts"
import type { Urgency } from "./limiterState.ts"
import type { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { type Facts, factsOf } from "./tabSetup.ts"

/** One read when all of the tabs exist, otherwise three: one title too many spoils the question. */
export const readFacts = (
  client: SheetsClient["Service"],
  spreadsheet: string,
  titles: ReadonlyArray<string>,
  urgency: Urgency,
): Effect.Effect<Facts, SheetsError> => {
  const headers = (of: ReadonlyArray<string>) => {
    const ranges = of.map((title) => wholeRows(title, 0, 0))
    return Effect.map(client.get(spreadsheet, { fields: headerMask, ranges, urgency }), factsOf)
  }
  const existing = Effect.gen(function* () {
    const options = { fields: "sheets(properties(title))", ranges: [], urgency }
    const present = factsOf(yield* client.get(spreadsheet, options))
    const asked = titles.filter((title) => present.has(fold(title)))
    return asked.length === 0 ? new Map() : yield* headers(asked)
  })
  return titles.length === 0
    ? existing
    : Effect.catchIf(headers(titles), isNoSuchTab, () => existing)
}

const headerMask =
  "sheets(properties(sheetId,title,gridProperties(rowCount,columnCount))," +
  "data(rowData(values(userEnteredValue,effectiveValue,formattedValue))))"

export const isNoSuchTab = ({ reason }: SheetsError) =>
  reason._tag === "Refused" && reason.message.startsWith("Unable to parse range")
