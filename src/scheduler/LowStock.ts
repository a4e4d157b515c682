/**
 * Tells the admins when a resource runs low, once, and once when it was filled up again.
 *
 * What counts is all that remains: the stock and the rows that the base tabs still have. While
 * only today's items are issued those of other days do not count, and until the morning nobody
 * is woken because today's are not there yet. Nothing is said of a resource while its rows are
 * unknown or while it is paused: an alarm that stands then stays as it is.
 */
import { Clock, Duration, Effect } from "effect"
import { dayRowsAwaited, lowStockDefault } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { Pools } from "../pool/Pools.ts"
import { isLow, leftOf, Outlook } from "../stats/Outlook.ts"
import { spanOf } from "../stats/Statistics.ts"

/** A look at every resource, from memory. */
export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const outlook = yield* Outlook
  const alarms = yield* Alarms
  const { timezone } = yield* Settings
  const now = yield* Clock.currentTimeMillis
  const isNight = now - spanOf("day", now, timezone).from < Duration.toMillis(dayRowsAwaited)
  const standing = yield* alarms.raised

  const judge = Effect.fnUntraced(function* (resource: Resource) {
    const { id, label, baseTabs, lowStock = lowStockDefault } = resource
    const remaining = yield* outlook.remaining(resource)
    const left = leftOf(remaining)
    if (left === null || remaining.isPaused) return
    const known = standing.find((alarm) => alarm._tag === "LowStock" && alarm.resource === id)
    const tabs = baseTabs.map(({ title }) => title)
    const todayOnly = remaining.onlyDay !== null
    const alarm: Alarm = { _tag: "LowStock", resource: id, label, tabs, remaining: left, todayOnly }
    if (!isLow(known !== undefined, left, lowStock)) yield* alarms.clear(alarm)
    else if (!todayOnly || !isNight) yield* alarms.raise(alarm)
  })

  yield* Effect.forEach(pools.resources, judge, { discard: true })
}).pipe(Effect.withSpan("LowStock.once"))
