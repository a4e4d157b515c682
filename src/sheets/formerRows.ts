/**
 * What the rows of issued tabs said before a correction, kept with its intent, so that a row that
 * was hit by mistake can be put right by the next run of the bot as well. Pure.
 */
import { Schema } from "effect"
import type { Edit, Seen, Snapshot } from "./correctionRequests.ts"

export const FormerRow = Schema.Struct({
  tab: Schema.String,
  id: Schema.String,
  row: Schema.Int,
  status: Schema.String,
  markedAt: Schema.String,
  value: Schema.optionalKey(Schema.String),
})
export type FormerRow = typeof FormerRow.Type

/** Some fifty bytes each. Rows move by a few places; whoever sorts a larger tab is told. */
const rowsKept = 500

/** The rows nearest to those that are written. */
export const formerRows = (
  before: Snapshot,
  edits: ReadonlyArray<Edit>,
): ReadonlyArray<FormerRow> => {
  const written = Map.groupBy(edits, ({ place }) => place.title)
  return [...before]
    .flatMap(([tab, rows]) => {
      const targets = written.get(tab)?.map(({ row }) => row) ?? []
      return [...rows].map(([id, seen]) => ({
        away: Math.min(...targets.map((row) => Math.abs(row - seen.row))),
        former: { tab, id, ...seen },
      }))
    })
    .toSorted((a, b) => a.away - b.away)
    .slice(0, rowsKept)
    .map(({ former }) => former)
}

export const snapshotOfFormer = (former: ReadonlyArray<FormerRow>): Snapshot => {
  const tabs = new Map<string, Map<string, Seen>>()
  for (const { tab, id, ...seen } of former) {
    tabs.set(tab, (tabs.get(tab) ?? new Map<string, Seen>()).set(id, seen))
  }
  return tabs
}
