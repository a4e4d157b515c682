/** Which rows of a base tab are worth a claim while only one day's items are issued; and a count. Pure. */
import type { Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import type { Plain } from "./Answers.ts"
import type { BaseColumns } from "./Headers.ts"
import { dayOfRow, isFilled } from "./plainRow.ts"

/** Rows that lie together; `from` is an index, and the header has the index 0. */
export interface Run {
  readonly from: number
  readonly rows: number
}

/**
 * Rows of that day, and rows of an item whose date nobody can read: those are claimed so that
 * they end in quarantine and are told to the admins. Rows of other days stay where they are.
 * Blank rows in between go along, since two claims cost more than they do.
 *
 * @param rows those below the header
 */
export const runsOfDay = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  day: Day,
): ReadonlyArray<Run> => {
  const identity = columns.byKey.get(resource.identity)
  const isWanted = (row: ReadonlyArray<Plain>) => {
    const dated = dayOfRow(resource, columns, row)
    if (dated !== undefined) return dated === day
    return identity !== undefined && isFilled(row[identity])
  }
  const runs: Array<Run> = []
  let joins = false
  for (const [at, row] of rows.entries()) {
    const index = at + 1
    if (isWanted(row)) {
      const last = joins ? runs.pop() : undefined
      const from = last?.from ?? index
      runs.push({ from, rows: index - from + 1 })
      joins = true
    } else if (row.some(isFilled)) joins = false
  }
  return runs
}

/**
 * Rows that have something in a column of the item, or, of one day, those dated so. Whether they
 * can be read or stand there twice is found out when they are claimed; what is filled down beside
 * the item's columns makes no row.
 *
 * @param rows those below the header
 */
export const countOf = (
  resource: Resource,
  columns: BaseColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  onlyDay: Day | null,
): number => {
  const own = [...columns.byKey.values()]
  const counts = (row: ReadonlyArray<Plain>) =>
    onlyDay === null
      ? own.some((index) => isFilled(row[index]))
      : dayOfRow(resource, columns, row) === onlyDay
  return rows.filter(counts).length
}

/** Where the runs are after so many rows were cut from the beginning of the first one. */
export const runsLeft = (runs: ReadonlyArray<Run>, cut: number): ReadonlyArray<Run> =>
  runs.flatMap(({ from, rows }, at): ReadonlyArray<Run> => {
    if (at > 0) return [{ from: from - cut, rows }]
    return rows > cut ? [{ from, rows: rows - cut }] : []
  })
