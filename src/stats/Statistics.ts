/**
 * How many items were issued, and what became of them, over a period.
 *
 * Counted from the journal, never from a sheet that people edit. An issuance belongs to the day
 * on which it was issued, whenever it was marked.
 */
import { Clock, Context, DateTime, Effect, Layer, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { findStatus, type Resource } from "../domain/Catalogue.ts"
import { type Day, dayOf, daysLater, startOfDay } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { foldName } from "../domain/identity.ts"
import { type BookQuery, Journal, type StorageUnavailable, type Tally } from "../store/Journal.ts"

/** What statistics are asked for: today, or the last 7 or 30 calendar days with today among them. */
export const Period = Schema.Literals(["day", "week", "month"])
export type Period = typeof Period.Type

export interface Question {
  readonly resource: Resource
  /** `null` for all variants. */
  readonly variant: string | null
  /** `null` for all regions. */
  readonly region: string | null
  /** Whose issuances; `null` for everybody's. */
  readonly holder: TelegramId | null
  readonly period: Period
}

interface Count {
  readonly all: number
  /** How many of these the timer marked. */
  readonly auto: number
}

export const zeroCount: Count = { all: 0, auto: 0 }

/** `issued` is the sum of everything below it. */
export interface Counts {
  readonly issued: Count
  /** By every status of the catalogue, in its order. */
  readonly statuses: ReadonlyMap<string, Count>
  /** Issuances marked with a status that the catalogue does not know any more. */
  readonly other: Count
  /** Issuances that are not marked yet. */
  readonly pending: number
}

/** A period from the first moment of its first day to the first one after its last day. */
export interface Span {
  readonly from: number
  readonly to: number
  /** Every day of it, the oldest first. */
  readonly days: ReadonlyArray<DaySpan>
}

/** A day by the clock on the wall: of 23 or 25 hours when that clock is set. */
export interface DaySpan {
  readonly day: Day
  readonly from: number
  readonly to: number
}

/** How often one reason was given for one status. Case and spaces make no difference. */
export interface ReasonCount {
  readonly status: string
  /** As it was written most often. */
  readonly text: string
  readonly count: number
}

export interface Report {
  readonly question: Question
  readonly span: Span
  readonly total: Counts
  /** Why items got their statuses, the most frequent reason first; most items have none. */
  readonly reasons: ReadonlyArray<ReasonCount>
  /** Regions with an issuance, the one with the most first. */
  readonly regions: ReadonlyArray<{ readonly region: string; readonly counts: Counts }>
  /** Every day of the period, the oldest first. */
  readonly days: ReadonlyArray<{ readonly day: Day; readonly counts: Counts }>
}

export interface OverviewQuestion {
  readonly resources: ReadonlyArray<Resource>
  /** `null` for all regions. */
  readonly region: string | null
  /** Whose issuances; `null` for everybody's. */
  readonly holder: TelegramId | null
  readonly period: Period
}

/** What can be added up over resources whose statuses differ. */
export interface Total {
  readonly issued: Count
  /** Marked with a status after which a replacement is offered. */
  readonly bad: number
  readonly pending: number
}

export interface Overview {
  readonly span: Span
  /** As they were asked for, also those of which nothing was issued. */
  readonly resources: ReadonlyArray<{ readonly resource: Resource; readonly total: Total }>
  /** Regions with an issuance, the one with the most first. */
  readonly regions: ReadonlyArray<{ readonly region: string; readonly total: Total }>
  readonly total: Total
}

export class Statistics extends Context.Service<
  Statistics,
  {
    /** Fails where the journal cannot be read: a zero always means that nothing was issued. */
    report(question: Question): Effect.Effect<Report, StorageUnavailable>
    /** The total over several resources; it fails in the same way. */
    overview(question: OverviewQuestion): Effect.Effect<Overview, StorageUnavailable>
  }
>()("account-bot/stats/Statistics") {
  static readonly layer: Layer.Layer<Statistics, never, Journal | Settings> = Layer.effect(
    Statistics,
    Effect.gen(function* () {
      const journal = yield* Journal
      const { timezone } = yield* Settings

      /** Others get their turn between two questions. */
      const tally = (query: BookQuery) => Effect.tap(journal.tally(query), () => Effect.yieldNow)

      const report = Effect.fn("Statistics.report")(function* (question: Question) {
        const span = spanOf(question.period, yield* Clock.currentTimeMillis, timezone)
        const { resource, holder } = question
        // The total is the sum of the days, so it fits them whatever is issued in between.
        const days = yield* Effect.forEach(span.days, ({ from, to }) =>
          from === to
            ? Effect.succeed([])
            : tally({
                resource: resource.id,
                from,
                to,
                ...(holder === null ? {} : { holder }),
              }),
        )
        return reportOf(question, span, days)
      })

      const overview = Effect.fn("Statistics.overview")(function* (question: OverviewQuestion) {
        const { resources, region, holder, period } = question
        const span = spanOf(period, yield* Clock.currentTimeMillis, timezone)
        const tallies = yield* Effect.forEach(resources, (resource) =>
          Effect.map(
            tally({
              resource: resource.id,
              from: span.from,
              to: span.to,
              ...(holder === null ? {} : { holder }),
            }),
            (rows) => ({
              resource,
              rows: rows.filter((row) => region === null || row.region === region),
            }),
          ),
        )
        return overviewOf(span, tallies)
      })

      return Statistics.of({ report, overview })
    }),
  )
}

const reportOf = (
  question: Question,
  span: Span,
  tallies: ReadonlyArray<ReadonlyArray<Tally>>,
): Report => {
  const { resource, variant, region } = question
  const days = tallies.map((tally) =>
    tally.filter(
      (row) =>
        (variant === null || row.variant === variant) && (region === null || row.region === region),
    ),
  )
  const all = days.flat()
  return {
    question,
    span,
    total: countsOf(resource, all),
    reasons: reasonsOf(all),
    regions: [...Map.groupBy(all, (row) => row.region)]
      .map(([name, rows]) => ({ region: name, counts: countsOf(resource, rows) }))
      .toSorted(
        (a, b) =>
          b.counts.issued.all - a.counts.issued.all ||
          // Of two regions alike the order does not matter, as long as it stays the same.
          (a.region < b.region ? -1 : 1),
      ),
    days: span.days.map(({ day }, index) => ({
      day,
      counts: countsOf(resource, days[index] ?? []),
    })),
  }
}

const overviewOf = (
  span: Span,
  tallies: ReadonlyArray<{
    readonly resource: Resource
    readonly rows: ReadonlyArray<Tally>
  }>,
): Overview => {
  const resources = tallies.map(({ resource, rows }) => ({
    resource,
    total: totalOf(resource, rows),
  }))
  const byRegion = tallies.flatMap(({ resource, rows }) =>
    [...Map.groupBy(rows, (row) => row.region)].map(([region, ofRegion]) => ({
      region,
      total: totalOf(resource, ofRegion),
    })),
  )
  return {
    span,
    resources,
    regions: [...Map.groupBy(byRegion, ({ region }) => region)]
      .map(([region, all]) => ({ region, total: addedUp(all.map(({ total }) => total)) }))
      .toSorted(
        (a, b) => b.total.issued.all - a.total.issued.all || (a.region < b.region ? -1 : 1),
      ),
    total: addedUp(resources.map(({ total }) => total)),
  }
}

const totalOf = (resource: Resource, rows: ReadonlyArray<Tally>): Total => ({
  issued: countOf(rows),
  bad: countOf(
    rows.filter(
      ({ status }) => status !== null && findStatus(resource, status)?.offersReplacement === true,
    ),
  ).all,
  pending: countOf(rows.filter(({ status }) => status === null)).all,
})

export const addedUp = (all: ReadonlyArray<Total>): Total =>
  all.reduce(
    (sum, { issued, bad, pending }) => ({
      issued: { all: sum.issued.all + issued.all, auto: sum.issued.auto + issued.auto },
      bad: sum.bad + bad,
      pending: sum.pending + pending,
    }),
    { issued: zeroCount, bad: 0, pending: 0 },
  )
const reasonsOf = (rows: ReadonlyArray<Tally>): ReadonlyArray<ReasonCount> => {
  const said = rows.flatMap(({ status, comment, count }) =>
    status === null || comment === undefined ? [] : [{ status, text: comment, count }],
  )
  const spelled = summed(said, ({ status, text }) => `${status} ${text}`).toSorted(mostFirst)
  // The first of each group, whose text stands for all of it, is the most frequent spelling.
  return summed(spelled, ({ status, text }) => `${status} ${foldName(text)}`).toSorted(mostFirst)
}

/** One count for all that are the same by that name. */
const summed = (
  counts: ReadonlyArray<ReasonCount>,
  name: (count: ReasonCount) => string,
): ReadonlyArray<ReasonCount> => {
  const sums = new Map<string, ReasonCount>()
  for (const each of counts) {
    const sum = sums.get(name(each))
    sums.set(name(each), sum === undefined ? each : { ...sum, count: sum.count + each.count })
  }
  return [...sums.values()]
}

const mostFirst = (a: ReasonCount, b: ReasonCount) =>
  b.count - a.count || (a.text === b.text ? 0 : a.text < b.text ? -1 : 1)

/** Sums the tallies of a resource up by status. */
export const countsOf = ({ statuses }: Resource, rows: ReadonlyArray<Tally>): Counts => {
  const marked = rows.filter(({ status }) => status !== null)
  const isKnown = (row: Tally) => statuses.some(({ id }) => id === row.status)
  return {
    issued: countOf(rows),
    statuses: new Map(
      statuses.map(({ id }) => [id, countOf(marked.filter(({ status }) => status === id))]),
    ),
    other: countOf(marked.filter((row) => !isKnown(row))),
    pending: countOf(rows.filter(({ status }) => status === null)).all,
  }
}

const countOf = (rows: ReadonlyArray<Tally>): Count =>
  rows.reduce(
    ({ all, auto }, row) => ({ all: all + row.count, auto: auto + (row.auto ? row.count : 0) }),
    zeroCount,
  )

/** The sum of the counts of several regions or days. */
export const sumOf = (resource: Resource, all: ReadonlyArray<Counts>): Counts => {
  const sum = (pick: (counts: Counts) => Count) =>
    all.map(pick).reduce((a, b) => ({ all: a.all + b.all, auto: a.auto + b.auto }), zeroCount)
  return {
    issued: sum(({ issued }) => issued),
    statuses: new Map(
      resource.statuses.map(({ id }) => [id, sum(({ statuses }) => statuses.get(id) ?? zeroCount)]),
    ),
    other: sum(({ other }) => other),
    pending: all.reduce((count, { pending }) => count + pending, 0),
  }
}

const daysIn: Readonly<Record<Period, number>> = { day: 1, week: 7, month: 30 }

/** The period that ends with the day it is in `zone` at `now`. */
export const spanOf = (period: Period, now: number, zone: DateTime.TimeZone): Span => {
  const today = dayOf(now, zone)
  const count = daysIn[period]
  // A day ends where the next one begins, which is looked up once.
  const starts = Array.from({ length: count + 1 }, (_, index) => {
    const day = daysLater(today, index + 1 - count)
    return { day, from: startOfDay(day, zone) }
  })
  const days = starts
    .slice(0, count)
    .map((start, index): DaySpan => ({ ...start, to: starts[index + 1]?.from ?? start.from }))
  return { from: days[0]?.from ?? now, to: days.at(-1)?.to ?? now, days }
}

/** The last `count` calendar days, today among them, as one period. */
export const lastDays = (count: number, now: number, zone: DateTime.TimeZone) => {
  const last = dayOf(now, zone)
  const first = daysLater(last, 1 - count)
  return { first, last, from: startOfDay(first, zone), to: startOfDay(daysLater(last, 1), zone) }
}

/** The day before the one it is in `zone` at `now`. */
export const yesterdayOf = (now: number, zone: DateTime.TimeZone): DaySpan => {
  const today = dayOf(now, zone)
  const day = daysLater(today, -1)
  return { day, from: startOfDay(day, zone), to: startOfDay(today, zone) }
}
