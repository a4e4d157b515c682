/**
 * What is still there of every resource, and for how many days it lasts.
 *
 * The stock comes from the pools, the rows of the sheet from their last count, the pace from the
 * journal: what was issued within the last seven calendar days, today included, or since the first
 * issue where that is fewer days. Two days tell no pace. While only items
 * of one day are issued, only those count, in stock and in the tabs: the others are of no use today.
 */
import { Clock, Context, Effect, Layer, Option } from "effect"
import { lowStockClears, paceDaysMin } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { type BaseCount, BaseStock } from "../pool/BaseStock.ts"
import type { Stock } from "../pool/Contract.ts"
import { Pools } from "../pool/Pools.ts"
import { Journal, type StorageUnavailable, type Tally } from "../store/Journal.ts"
import { type DaySpan, spanOf } from "./Statistics.ts"

/** How many items there are to hand out. */
interface Remaining {
  /** In stock, and can be issued now. */
  readonly available: number
  /** In base tabs; `null` if that is unknown. */
  readonly rows: number | null
}

export interface Forecast extends Remaining {
  /** Items issued a day; `null` if nobody asked for the pace, or too few days are known. */
  readonly pace: number | null
  /** How many days it lasts at that pace; `null` if that is unknown, or nothing is issued at all. */
  readonly days: number | null
}

export interface PoolForecast extends Forecast {
  /** The only day whose items were counted; `null` if items of any day were. */
  readonly onlyDay: Day | null
  readonly isPaused: boolean
  /** When the tab with the oldest count was counted; `null` if some tab was not. */
  readonly countedAt: number | null
  /** The forecast of each variant by its id, where each base tab holds one variant only. */
  readonly variants: ReadonlyMap<string, Forecast>
}

export class Outlook extends Context.Service<
  Outlook,
  {
    /** What is left, without a pace. */
    remaining(resource: Resource): Effect.Effect<PoolForecast>
    /** What is left and how long it lasts. Fails where the journal cannot be read. */
    forecast(resource: Resource): Effect.Effect<PoolForecast, StorageUnavailable>
  }
>()("account-bot/stats/Outlook") {
  static readonly layer: Layer.Layer<Outlook, never, BaseStock | Journal | Pools | Settings> =
    Layer.effect(
      Outlook,
      Effect.gen(function* () {
        const baseStock = yield* BaseStock
        const journal = yield* Journal
        const pools = yield* Pools
        const { timezone } = yield* Settings

        const look = Effect.fnUntraced(function* (
          resource: Resource,
          paceOf: (variant: string | null) => number | null,
        ) {
          const stock = yield* pools.stock(resource.id)
          const counts = yield* Effect.forEach(resource.baseTabs, ({ title, variant }) =>
            Effect.map(baseStock.find(title), (count): TabCount => ({
              variant,
              // A count for another day says nothing about what can be issued now.
              count: Option.filter(count, ({ onlyDay }) => onlyDay === stock.onlyDay),
            })),
          )
          return poolForecastOf(stock, counts, paceOf)
        })

        const remaining = Effect.fn("Outlook.remaining")((resource: Resource) =>
          look(resource, () => null),
        )

        /** How many of these days, the oldest first, have passed since the first issue. */
        const daysKnown = Effect.fnUntraced(function* (
          { id }: Resource,
          days: ReadonlyArray<DaySpan>,
        ) {
          for (const [index, { to }] of days.entries()) {
            const found = yield* journal.booked({ resource: id, to }, { limit: 1 })
            if (found.length > 0) return days.length - index
          }
          return 0
        })

        const forecast = Effect.fn("Outlook.forecast")(function* (resource: Resource) {
          const { from, to, days } = spanOf("week", yield* Clock.currentTimeMillis, timezone)
          const tallies = yield* journal.tally({ resource: resource.id, from, to })
          const known = yield* daysKnown(resource, days)
          return yield* look(resource, (variant) =>
            known < paceDaysMin ? null : issuedOf(tallies, variant) / known,
          )
        })

        return Outlook.of({ remaining, forecast })
      }),
    )
}

interface TabCount {
  readonly variant: string | null
  readonly count: Option.Option<BaseCount>
}

const poolForecastOf = (
  stock: Stock,
  counts: ReadonlyArray<TabCount>,
  paceOf: (variant: string | null) => number | null,
): PoolForecast => {
  const { onlyDay, available, hidden, byVariant, paused } = stock
  const all: Remaining = { available: available - hidden, rows: rowsIn(counts) }
  const times = counts.flatMap(({ count }) => Option.toArray(count)).map(({ at }) => at)
  // Rows of a tab without a variant may be of any.
  const bound = counts.every(({ variant }) => variant !== null) ? counts : []
  const variants = [...Map.groupBy(bound, ({ variant }) => variant ?? "")].map(([id, ofIt]) => {
    const own: Remaining = { available: byVariant[id] ?? 0, rows: rowsIn(ofIt) }
    return [id, forecastOf(own, paceOf(id))] as const
  })
  return {
    ...forecastOf(all, paceOf(null)),
    onlyDay,
    isPaused: paused !== null,
    countedAt: all.rows === null ? null : Math.min(...times),
    variants: new Map(variants),
  }
}

/** Rows of all the tabs together; `null` where one tab was not counted. */
const rowsIn = (counts: ReadonlyArray<TabCount>): number | null =>
  counts.reduce<number | null>(
    (sum, { count }) => (sum === null || Option.isNone(count) ? null : sum + count.value.rows),
    0,
  )

/** How many items of the variant were issued; of all variants for `null`. */
const issuedOf = (tallies: ReadonlyArray<Tally>, variant: string | null): number =>
  tallies.reduce(
    (sum, row) => (variant === null || row.variant === variant ? sum + row.count : sum),
    0,
  )

/** How long what remains will last at that pace. */
export const forecastOf = (remaining: Remaining, pace: number | null): Forecast => {
  const left = leftOf(remaining)
  const days = left === null || pace === null || pace === 0 ? null : left / pace
  return { ...remaining, pace, days }
}

/** Items in stock and in the tabs together; `null` if that is unknown. */
export const leftOf = ({ available, rows }: Remaining): number | null =>
  rows === null ? null : available + rows

/** Whether a stock is low. One that was low stays so until it is well above the threshold. */
export const isLow = (wasLow: boolean, left: number, threshold: number): boolean =>
  left < (wasLow ? Math.ceil(threshold * lowStockClears) : threshold)
