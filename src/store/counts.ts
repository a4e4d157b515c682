/**
 * How many issuances of a day are alike, kept with every change of the books, so that statistics of
 * a month need not look at each of its issuances.
 *
 * The days are those of the company's time zone, since statistics ask for such days. A day is kept
 * with the moments at which it begins and ends, and whoever asks for other moments gets the rest
 * from the books. So a count is right whatever becomes of the time zone, be it another setting or
 * another rule for summer time: it only takes longer until days of the new kind are kept. Buckets
 * that fit every time zone would be quarters of an hour, and those have hardly fewer rows than
 * there are issuances.
 */
import type { DateTime } from "effect"
import { dayOf, daysLater, startOfDay } from "../domain/Day.ts"
import type { BookQuery } from "./Journal.ts"
import type { CountRow } from "./records.ts"
import { checksum, type Database } from "./SqliteDatabase.ts"

/** From its first moment to the first one of the next day. */
interface Span {
  readonly from: number
  readonly to: number
}

/** The day of a moment; `undefined` for moments that no clock of ours can have shown. */
export type DayAt = (at: number) => Span | undefined

export const dayAtIn =
  (zone: DateTime.TimeZone): DayAt =>
  (at) => {
    if (at < 0 || at >= lastMoment) return undefined
    const day = dayOf(at, zone)
    return { from: startOfDay(day, zone), to: startOfDay(daysLater(day, 1), zone) }
  }

const lastMoment = Date.UTC(2200, 0)

/** What is counted of an issuance, as its columns have it. */
export interface Counted {
  readonly resource: string
  readonly issued_at: number
  readonly variant: string | null
  readonly region: string
  readonly day: string | null
  readonly status: string | null
  readonly auto: number
  readonly comment: string | null
}

/** A group of issuances as it was counted in the books. */
export const countRow = (row: Record<string, unknown>): CountRow => ({
  alike: alikeOf(row),
  day: typeof row["day"] === "string" ? row["day"] : "",
  count: Number(row["count"]),
})

const alikeOf = (row: Readonly<Record<string, unknown>>) =>
  JSON.stringify([row["variant"], row["region"], row["status"], row["auto"], row["comment"]])

export interface Counts {
  /** Forgets what was added and not saved. */
  readonly begin: () => void
  /** Counts an issuance, or no longer counts it. */
  readonly add: (row: Counted, by: 1 | -1) => void
  /** Writes what was added; to be called at the end of the transaction. */
  readonly save: () => void
  /** Issuances of everybody, counted. */
  readonly tally: (query: Omit<BookQuery, "holder">) => ReadonlyArray<CountRow>
  /** Counts all issuances anew. */
  readonly fill: () => void
  /** Whether the newest day is not what the time zone has. */
  readonly isOfOtherZone: () => boolean
}

/** `counted`: looks at each of the issuances. */
export const prepareCounts = (
  database: Database,
  dayAt: DayAt,
  counted: (query: BookQuery) => ReadonlyArray<CountRow>,
): Counts => {
  const run = prepareStatements(database)
  const added = new Map<string, Added>()
  let current: Span | undefined

  const begin = () => {
    added.clear()
    current = undefined
  }

  /** The day that a moment belongs to. It is made where there is none. */
  const dayOfCounts = (at: number): Span | undefined => {
    if (current !== undefined && covers(current, at)) return current
    const before = spanOf(run.dayBefore.get(at))
    if (before !== undefined && covers(before, at)) return (current = before)
    const day = dayAt(at)
    if (day === undefined) return undefined
    const after = spanOf(run.dayAfter.get(at))
    // Days of a former time zone stay as they are.
    const from = Math.max(day.from, before?.to ?? day.from)
    const to = Math.min(day.to, after?.from ?? day.to)
    run.addDay.run(from, to, checksum(from, to))
    return (current = { from, to })
  }

  const add: Counts["add"] = (row, by) => {
    const day = dayOfCounts(row.issued_at)
    if (day === undefined) return
    const place = [row.resource, day.from, alikeOf({ ...row }), row.day ?? ""] as const
    const key = place.join("\n")
    const known = added.get(key)
    if (known === undefined) added.set(key, { place, by })
    else known.by += by
  }

  const save = () => {
    for (const { place, by } of added.values()) {
      if (by === 0) continue
      const stands = run.count.get(...place)
      const before = stands === undefined ? 0 : Number(stands["count"])
      // A damaged count stays damaged.
      if (stands !== undefined && checksum(...place, before) !== stands["sum"]) continue
      const count = before + by
      if (count === 0) run.remove.run(...place)
      else run.put.run(...place, count, checksum(...place, count))
    }
    added.clear()
  }

  /** The resources of which anything was counted. */
  const resources = (): ReadonlyArray<string> => {
    const found: Array<string> = []
    for (;;) {
      const next = run.nextResource.get(found.at(-1) ?? "")?.["resource"]
      if (typeof next !== "string") return found
      found.push(next)
    }
  }

  const tally: Counts["tally"] = (query) => {
    const { resource, from = -Infinity, to = Infinity } = query
    const days = run.days.all(from, to).flatMap((row) => spanOf(row) ?? [])
    const [first, last] = [days[0]?.from, days.at(-1)?.from]
    const kept = (resource === undefined ? resources() : [resource]).flatMap((id) =>
      first === undefined || last === undefined
        ? []
        : first === last
          ? run.countsOfDay.all(id, first)
          : run.counts.all(id, first, last),
    )
    const rest = between(days, { from, to }).flatMap((gap) => counted({ ...query, ...gap }))
    const rows = kept.map(({ alike, day, count }) => ({
      alike: String(alike),
      day: String(day),
      count: Number(count),
    }))
    // Those of one resource are grouped already.
    return resource !== undefined && rest.length === 0 ? rows : summed([...rows, ...rest])
  }

  const fill = () => {
    database.exec("DELETE FROM issued_count; DELETE FROM count_day")
    begin()
    for (const row of run.books.iterate()) {
      // The columns of a STRICT table have the types that they are declared with.
      add(row as unknown as Counted, 1)
      if (added.size >= addedMax) save()
    }
    save()
  }

  const isOfOtherZone = () => {
    const newest = spanOf(run.newestDay.get())
    if (newest === undefined) return false
    const day = dayAt(newest.from)
    return day?.from !== newest.from || day.to !== newest.to
  }

  return { begin, add, save, tally, fill, isOfOtherZone }
}

/** By how much the count of a place changes. */
interface Added {
  readonly place: readonly [resource: string, from: number, alike: string, day: string]
  by: number
}

/** How many counts are in memory at most while all issuances are counted. */
const addedMax = 20_000

const prepareStatements = (database: Database) => ({
  dayBefore: database.prepare(
    "SELECT start, until FROM count_day WHERE start <= ? ORDER BY start DESC LIMIT 1",
  ),
  dayAfter: database.prepare(
    "SELECT start, until FROM count_day WHERE start > ? ORDER BY start LIMIT 1",
  ),
  newestDay: database.prepare("SELECT start, until FROM count_day ORDER BY start DESC LIMIT 1"),
  days: database.prepare(
    "SELECT start, until FROM count_day WHERE start >= ? AND until <= ? ORDER BY start",
  ),
  addDay: database.prepare("INSERT INTO count_day (start, until, sum) VALUES (?, ?, ?)"),
  count: database.prepare(
    `SELECT count, sum FROM issued_count
     WHERE resource = ? AND start = ? AND alike = ? AND day = ?`,
  ),
  put: database.prepare(
    `REPLACE INTO issued_count (resource, start, alike, day, count, sum)
     VALUES (?, ?, ?, ?, ?, ?)`,
  ),
  remove: database.prepare(
    "DELETE FROM issued_count WHERE resource = ? AND start = ? AND alike = ? AND day = ?",
  ),
  nextResource: database.prepare(
    "SELECT min(resource) AS resource FROM issued_count WHERE resource > ?",
  ),
  // A checksum for each of many thousand counts would hold everybody up, and all of them were
  // checked at the start.
  counts: database.prepare(
    `SELECT alike, day, sum(count) AS count FROM issued_count
     WHERE resource = ? AND start BETWEEN ? AND ? GROUP BY alike, day`,
  ),
  // The rows of one day are groups as they stand.
  countsOfDay: database.prepare(
    "SELECT alike, day, count FROM issued_count WHERE resource = ? AND start = ?",
  ),
  books: database.prepare(
    `SELECT resource, issued_at, variant, region, day, status, auto,
       (SELECT text FROM comment WHERE comment.issuance = issuance.id) AS comment
     FROM issuance ORDER BY issued_at`,
  ),
})

const spanOf = (row: Readonly<Record<string, unknown>> | undefined): Span | undefined =>
  row === undefined ? undefined : { from: Number(row["start"]), to: Number(row["until"]) }

const covers = ({ from, to }: Span, at: number) => from <= at && at < to

/** What of a span no day covers. */
const between = (days: ReadonlyArray<Span>, { from, to }: Span): ReadonlyArray<Span> =>
  [...days, { from: to, to }].flatMap((day, index) => {
    const gap = { from: days[index - 1]?.to ?? from, to: day.from }
    return gap.from < gap.to ? [gap] : []
  })

const summed = (rows: ReadonlyArray<CountRow>): ReadonlyArray<CountRow> => {
  const sums = new Map<string, CountRow>()
  for (const row of rows) {
    const key = `${row.day}${row.alike}`
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? row : { ...row, count: sum.count + row.count })
  }
  return [...sums.values()]
}

/** SQL: days whose counts do not add up to the issuances of that day. */
export const unequalDays = `
  SELECT start FROM count_day LEFT JOIN
    (SELECT start, sum(count) AS counted FROM issued_count GROUP BY start) USING (start)
  WHERE coalesce(counted, 0) <> (
    SELECT count(*) FROM issuance WHERE issued_at >= start AND issued_at < until
  )`
