/**
 * Which rows that were gone stand in their tab again: whoever deleted one may have put it back
 * while the admins were asked, and a second row for one issuance must not come.
 */
import { Effect } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import { letters, quoted } from "./A1.ts"
import type { IssuedRow } from "./Flush.ts"
import type { IssuedColumns } from "./Headers.ts"
import type { Layout } from "./layouts.ts"
import type { SheetsClient } from "./SheetsClient.ts"

/** What one tab gets. */
export interface Part<L> {
  readonly resource: Resource
  readonly layout: L
  readonly rows: ReadonlyArray<IssuedRow>
}

/** Reads only where something is written again: that is hardly ever. */
export const makeStanding = (client: SheetsClient["Service"], spreadsheet: string) =>
  Effect.fnUntraced(function* (parts: ReadonlyArray<Part<Layout<IssuedColumns>>>) {
    const again = parts
      .map((part) => ({ ...part, rows: part.rows.filter(isAgain) }))
      .filter(({ rows }) => rows.length > 0)
    if (again.length === 0) return new Set<string>()
    const ranges = again.map(({ layout: { title, columns } }) => {
      // A layout is not usable without that column.
      const column = letters(columns.byHolds.get("issuanceId") ?? 0)
      return `${quoted(title)}!${column}1:${column}`
    })
    const looks = yield* client.values(spreadsheet, ranges, "background")
    const wanted = new Set<string>(
      again.flatMap(({ rows }) => rows.map(({ issuance }) => issuance.id)),
    )
    const found = looks.flat(2).map((cell) => String(cell).trim())
    return new Set(found.filter((id) => wanted.has(id)))
  })

const isAgain = ({ issuance }: IssuedRow) => (issuance.rewrites ?? 0) > 0
