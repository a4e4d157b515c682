/** The tables beside the events in memory, with the meaning that sqliteProjections.ts gives them. */
import type { Booked, BookQuery, Tally, TrailQuery } from "./Journal.ts"
import { type Projection, refOfIssuance, refOfPerson } from "./projections.ts"

export interface MemoryProjections {
  readonly books: Map<string, Booked>
  /** Numbers of events by what they concern. */
  readonly refs: Map<string, Set<number>>
  /** Who reserved a proxy last. */
  readonly reserved: Map<string, number>
}

export const makeProjections = (): MemoryProjections => ({
  books: new Map(),
  refs: new Map(),
  reserved: new Map(),
})

export const project = (
  tables: MemoryProjections,
  seq: number,
  { issuances, proxies, people, changes }: Projection,
) => {
  const refer = (ref: string) => {
    tables.refs.set(ref, (tables.refs.get(ref) ?? new Set<number>()).add(seq))
  }
  const concerned = [
    ...people,
    ...issuances.map((id) => tables.books.get(id)?.holder),
    ...proxies.map((id) => tables.reserved.get(id)),
  ]
  for (const id of issuances) refer(refOfIssuance(id))
  for (const person of concerned) if (typeof person === "number") refer(refOfPerson(person))
  for (const change of changes) apply(tables, change)
}

export const importRow = ({ books }: MemoryProjections, row: Booked) => {
  if (!books.has(row.id)) books.set(row.id, row)
}

export const bookedIn = (
  { books }: MemoryProjections,
  query: BookQuery,
  { limit, after }: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
): ReadonlyArray<Booked> =>
  [...books.values()]
    .filter((row) => fits(row, query) && (after === undefined || newestFirst(after, row) < 0))
    .toSorted(newestFirst)
    .slice(0, limit)

export const tallyIn = ({ books }: MemoryProjections, query: BookQuery): ReadonlyArray<Tally> => {
  const groups = new Map<string, Tally>()
  for (const row of books.values()) {
    if (!fits(row, query)) continue
    const { variant, region, day, status, auto } = row
    const group = JSON.stringify([variant, region, day, status, auto])
    const count = (groups.get(group)?.count ?? 0) + 1
    groups.set(group, { variant, region, day, status, auto, count })
  }
  return [...groups.values()]
}

/** Whether an event belongs to the trail. */
export const isOnTrail = (
  { refs }: MemoryProjections,
  seq: number,
  { person, issuance, before }: TrailQuery,
) =>
  (before === undefined || seq < before) &&
  (person === undefined || refs.get(refOfPerson(person))?.has(seq) === true) &&
  (issuance === undefined || refs.get(refOfIssuance(issuance))?.has(seq) === true)

const apply = (tables: MemoryProjections, change: Projection["changes"][number]) => {
  switch (change._tag) {
    case "Issued":
      tables.books.set(change.row.id, change.row)
      return
    case "Marked": {
      const { id, status, auto, markedAt } = change
      const row = tables.books.get(id)
      if (row !== undefined) tables.books.set(id, { ...row, status, auto, markedAt })
      return
    }
    case "Withdrawn":
      tables.books.delete(change.id)
      return
    case "Transferred": {
      const { id, holder, stage } = change
      const row = tables.books.get(id)
      if (row !== undefined) tables.books.set(id, { ...row, holder, stage })
      return
    }
    case "Reserved":
      tables.reserved.set(change.proxy, change.by)
  }
}

const fits = (row: Booked, { resource, holder, from, to }: BookQuery) =>
  (resource === undefined || row.resource === resource) &&
  (holder === undefined || row.holder === holder) &&
  (from === undefined || row.issuedAt >= from) &&
  (to === undefined || row.issuedAt < to)

type Place = Pick<Booked, "issuedAt" | "id">

const newestFirst = (a: Place, b: Place) =>
  b.issuedAt - a.issuedAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1)
