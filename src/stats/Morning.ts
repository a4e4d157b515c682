/**
 * What admins want to know in the morning: yesterday in figures, what is left of every resource,
 * and how good the deliveries were of which something was issued within the last seven days.
 *
 * Yesterday is a day by the clock on the wall, of 23 or 25 hours when that clock is set.
 */
import { Clock, Context, Effect, Layer } from "effect"
import { batchBadMax, batchMarksMin, bookedRowsMax, topTakersMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { findStatus, type Resource } from "../domain/Catalogue.ts"
import { type Day, serialOfDay } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { Pools } from "../pool/Pools.ts"
import { type Booked, Journal, type StorageUnavailable, type Tally } from "../store/Journal.ts"
import { Outlook, type PoolForecast } from "./Outlook.ts"
import { type Counts, countsOf, type DaySpan, spanOf, yesterdayOf } from "./Statistics.ts"

export interface Taker {
  /** `null` for rows from before the bot, which name nobody by id. */
  readonly holder: TelegramId | null
  /** The work nickname at that time. */
  readonly stage: string
  readonly count: number
}

/**
 * A delivery: the items of a resource with the same date, as whoever fills the base tab gives one
 * date to all that came together. The marks tell how good it was.
 */
export interface Delivery {
  readonly resource: Resource
  /** `null` for the items without a date. */
  readonly day: Day | null
  /** How many items have a status of the catalogue. */
  readonly marked: number
  /** How many of these have a status that offers a replacement. */
  readonly bad: number
  readonly isSuspect: boolean
}

export interface MorningReport {
  /** Yesterday. */
  readonly day: Day
  /** In the order of the catalogue, without resources of which nothing was issued. */
  readonly taken: ReadonlyArray<{ readonly resource: Resource; readonly counts: Counts }>
  /** Who took the most, the most first. */
  readonly takers: ReadonlyArray<Taker>
  readonly left: ReadonlyArray<{ readonly resource: Resource; readonly forecast: PoolForecast }>
  /** The worst first. */
  readonly deliveries: ReadonlyArray<Delivery>
}

export class Morning extends Context.Service<
  Morning,
  {
    /** Fails where the journal cannot be read: a zero always means that nothing was issued. */
    readonly report: Effect.Effect<MorningReport, StorageUnavailable>
  }
>()("account-bot/stats/Morning") {
  static readonly layer: Layer.Layer<Morning, never, Journal | Outlook | Pools | Settings> =
    Layer.effect(
      Morning,
      Effect.gen(function* () {
        const journal = yield* Journal
        const outlook = yield* Outlook
        const { resources } = yield* Pools
        const { timezone } = yield* Settings

        /** All that was issued on a day, page by page. */
        const booked = Effect.fnUntraced(function* ({ from, to }: DaySpan) {
          const rows: Array<Booked> = []
          let page: ReadonlyArray<Booked>
          do {
            const after = rows.at(-1)
            const place = { limit: bookedRowsMax, ...(after === undefined ? {} : { after }) }
            page = yield* journal.booked({ from, to }, place)
            rows.push(...page)
          } while (page.length === bookedRowsMax)
          return rows
        })

        const report = Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const yesterday = yesterdayOf(now, timezone)
          const week = spanOf("week", now, timezone)
          const taken = yield* Effect.forEach(resources, (resource) =>
            Effect.map(
              journal.tally({ resource: resource.id, from: yesterday.from, to: yesterday.to }),
              (tallies) => ({ resource, counts: countsOf(resource, tallies) }),
            ),
          )
          const deliveries = yield* Effect.forEach(resources, (resource) =>
            Effect.map(
              journal.tally({ resource: resource.id, from: week.from, to: week.to }),
              (tallies) => deliveriesIn(resource, tallies),
            ),
          )
          return {
            day: yesterday.day,
            taken: taken.filter(({ counts }) => counts.issued.all > 0),
            takers: takersOf(yield* booked(yesterday)),
            left: yield* Effect.forEach(resources, (resource) =>
              Effect.map(outlook.forecast(resource), (forecast) => ({ resource, forecast })),
            ),
            deliveries: deliveries.flat().toSorted(worstFirst),
          }
        }).pipe(Effect.withSpan("Morning.report"))

        return Morning.of({ report })
      }),
    )
}

/** Who took the most; rows without a name are left out. */
const takersOf = (rows: ReadonlyArray<Booked>): ReadonlyArray<Taker> =>
  [...Map.groupBy(rows, ({ holder, stage }) => holder ?? stage.trim())]
    .filter(([name]) => name !== "")
    .flatMap(([, own]): ReadonlyArray<Taker> =>
      own.slice(0, 1).map(({ holder, stage }) => ({ holder, stage, count: own.length })),
    )
    .toSorted((a, b) => b.count - a.count || (a.stage < b.stage ? -1 : 1))
    .slice(0, topTakersMax)

/** The deliveries of a resource of which enough items were marked to say something. */
export const deliveriesIn = (
  resource: Resource,
  tallies: ReadonlyArray<Tally>,
): ReadonlyArray<Delivery> =>
  [...Map.groupBy(tallies, ({ day }) => day)].flatMap(([day, rows]) => {
    const known = rows.flatMap(({ status, count }) => {
      const found = status === null ? undefined : findStatus(resource, status)
      return found === undefined ? [] : [{ count, isBad: found.offersReplacement }]
    })
    const marked = sum(known)
    const bad = sum(known.filter(({ isBad }) => isBad))
    if (marked < batchMarksMin) return []
    return [{ resource, day, marked, bad, isSuspect: bad > marked * batchBadMax }]
  })

/** For sorting: the worst first, and of two alike the later one. */
export const worstFirst = (a: Delivery, b: Delivery): number =>
  b.bad / b.marked - a.bad / a.marked || serialOf(b) - serialOf(a)

const serialOf = ({ day }: Delivery) => (day === null ? 0 : serialOfDay(day))

const sum = (rows: ReadonlyArray<{ readonly count: number }>) =>
  rows.reduce((total, { count }) => total + count, 0)
