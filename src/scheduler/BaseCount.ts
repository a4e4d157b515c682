/**
 * Counts the rows that the base tabs still have, all of them in one read, for whoever has to
 * answer from memory; then looks what runs low.
 *
 * Nobody waits for it: while Google does not answer, the last count stands, with its time.
 */
import { Clock, Duration, Effect, Layer, PubSub } from "effect"
import {
  baseCountDelay,
  baseCountPeriod,
  baseCountRest,
  dayRowsAwaited,
  lowStockDefault,
} from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { supervise, survive } from "../observe/background.ts"
import { type BaseCount, BaseStock } from "../pool/BaseStock.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { Claim } from "../sheets/Claim.ts"
import { isLow, leftOf, Outlook } from "../stats/Outlook.ts"
import { spanOf } from "../stats/Statistics.ts"
import { Refill } from "./Refill.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

const count = Effect.gen(function* () {
  const pools = yield* Pools
  const claim = yield* Claim
  const baseStock = yield* BaseStock
  const wanted = yield* Effect.forEach(pools.resources, ({ id, baseTabs }) =>
    Effect.map(pools.stock(id), ({ onlyDay }) => baseTabs.map((tab) => ({ tab, onlyDay }))),
  )
  const rows = yield* claim.counted(wanted.flat(), "background")
  const at = yield* Clock.currentTimeMillis
  const counts = wanted.flat().flatMap(({ tab: { title }, onlyDay }) => {
    const found = rows.get(title)
    return found === undefined ? [] : [[title, { rows: found, onlyDay, at }] as const]
  })
  yield* baseStock.counted(new Map<string, BaseCount>(counts))
})

export const once = Effect.gen(function* () {
  const trouble = yield* SheetsTrouble
  yield* trouble.watch("count of base rows", count)
  yield* tellLowStock
}).pipe(Effect.withSpan("BaseCount.once"))

/** From the end of the first refill on: before it, the rows are about to leave their tabs. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { filled } = yield* Refill
    const changes = yield* (yield* Pools).events
    const round = Effect.gen(function* () {
      yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY)
      yield* survive("count of base rows")(once)
      yield* Effect.sleep(baseCountRest)
      yield* Effect.timeoutOption(
        Effect.andThen(untilMoved(changes), Effect.sleep(baseCountDelay)),
        Duration.subtract(baseCountPeriod, baseCountRest),
      )
    })
    yield* Effect.andThen(filled, supervise("counts of base rows")(round)).pipe(Effect.forkScoped)
  }),
)

/** What happened during a count or the rest after it counts too. */
const untilMoved = (changes: PubSub.Subscription<PoolChange>) =>
  Effect.repeat(PubSub.take(changes), { until: ({ event }) => movesRows(event) })

/** Rows left the tabs or came back, or others of them count from now on. */
const movesRows = ({ _tag }: PoolEvent) =>
  _tag === "Loaded" || _tag === "Returned" || _tag === "TodayOnlySet"

/*
 * Tells the admins when a resource runs low, once, and once when it was filled up again.
 *
 * What counts is all that remains: the stock and the rows that the base tabs still have. While
 * only today's items are issued those of other days do not count, and until the morning nobody
 * is woken because today's are not there yet. Nothing is said of a resource while its rows are
 * unknown or while it is paused: an alarm that stands then stays as it is.
 */

/** A look at every resource, from memory. */
export const tellLowStock = Effect.gen(function* () {
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
