/** How long a stock lasts, and when it is low. Pure. */
import { lowStockClears } from "../config/Limits.ts"

/** What there is to hand out. */
export interface Remaining {
  /** In stock, and can be issued now. */
  readonly available: number
  /** In base tabs; `null`: unknown. */
  readonly rows: number | null
}

export interface Forecast extends Remaining {
  /** Items issued a day; `null`: not counted. */
  readonly pace: number | null
  /** How many days it lasts at that pace; `null`: unknown, or nothing is issued at all. */
  readonly days: number | null
}

export const forecastOf = (remaining: Remaining, pace: number | null): Forecast => {
  const left = leftOf(remaining)
  const days = left === null || pace === null || pace === 0 ? null : left / pace
  return { ...remaining, pace, days }
}

/** In stock and in the tabs together; `null`: unknown. */
export const leftOf = ({ available, rows }: Remaining): number | null =>
  rows === null ? null : available + rows

/** Whether it is low now. One that was low has to get well above the threshold first. */
export const isLow = (wasLow: boolean, left: number, threshold: number): boolean =>
  left < (wasLow ? Math.ceil(threshold * lowStockClears) : threshold)
