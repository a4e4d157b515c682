/**
 * Counts the rows that the base tabs still have, for whoever has to answer from memory, and then
 * tells the admins what runs low.
 *
 * One read counts all tabs, and tells the refill where their rows are. What the bot itself takes is
 * subtracted without a read. Nobody waits for a count: while Google does not answer, the last one
 * stays, with its time.
 */
import { Clock, Context, Duration, Effect, Layer, Option, PubSub, Ref } from "effect"
import {
  baseCountDelay,
  dayRowsAwaited,
  halfTypedFor,
  lowStockDefault,
  sheetLooks,
} from "../config/Limits.ts"
import { Regions } from "../access/Regions.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { foldName } from "../domain/identity.ts"
import { bringsBaseRows, movesBaseRows } from "../domain/PoolEvent.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { supervise, survive } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { type BaseCount, BaseStock, type UnknownRegion } from "../pool/BaseStock.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { Claim } from "../sheets/Claim.ts"
import type { HalfTyped, TabCount } from "../sheets/filledTabs.ts"
import { isLow, leftOf, Outlook } from "../stats/Outlook.ts"
import { spanOf } from "../stats/Statistics.ts"
import { makeLooks } from "./looks.ts"
import { Refill } from "./Refill.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

/** Says whether the next count should come soon: people edit the tabs, or Google did not answer. */
export const once = Effect.gen(function* () {
  const trouble = yield* SheetsTrouble
  const isEdited = yield* Ref.make(true)
  yield* trouble.watch(
    "count of base rows",
    Effect.flatMap(count, (found) => Ref.set(isEdited, found)),
  )
  yield* tellLowStock
  return yield* Ref.get(isEdited)
}).pipe(Effect.withSpan("BaseCount.once"))

/** Begins when the first refill has ended: until then the rows are about to leave their tabs. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { filled } = yield* Refill
    const { wanted } = yield* BaseStock
    const changes = yield* (yield* Pools).events
    const changed = Effect.andThen(untilMoved(changes), Effect.sleep(baseCountDelay))
    const look = Effect.gen(function* () {
      yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY)
      const isSoon = yield* survive("count of base rows")(once)
      const meanwhile = yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY)
      // What was claimed during the read may be in the count or not.
      const isUnclear = meanwhile.some(({ event }) => movesBaseRows(event))
      return isUnclear || !Option.contains(isSoon, false)
    })
    const asked = Effect.race(changed, wanted)
    const round = makeLooks({ look, rest: sheetLooks.first, asked })
    yield* Effect.andThen(filled, supervise("counts of base rows")(round)).pipe(Effect.forkScoped)
  }),
)

/**
 * Waits for an event after which a tab has rows that nobody counted. One during the rest after a
 * count ends the wait too.
 */
const untilMoved = (changes: PubSub.Subscription<PoolChange>) =>
  Effect.repeat(PubSub.take(changes), { until: ({ event }) => bringsBaseRows(event) })

const count = Effect.gen(function* () {
  const pools = yield* Pools
  const claim = yield* Claim
  const baseStock = yield* BaseStock
  const regions = yield* (yield* Regions).finder
  const { lookElsewhere } = yield* Refill
  const ended = yield* lookElsewhere
  const wanted = yield* Effect.forEach(pools.resources, ({ id, baseTabs }) =>
    Effect.flatMap(pools.stock(id), ({ onlyDay }) =>
      Effect.forEach(baseTabs, (tab) =>
        Effect.map(pools.putBack(id, tab.title), (putBack) => ({ tab, onlyDay, regions, putBack })),
      ),
    ),
  )
  const rows = yield* claim.counted(wanted.flat(), "background")
  const at = yield* Clock.currentTimeMillis
  const counts = wanted.flat().flatMap(({ tab: { title }, onlyDay }) => {
    const found = rows.get(title)
    return found === undefined ? [] : [[title, { rows: found.rows, onlyDay, at }] as const]
  })
  const isEdited = yield* baseStock.counted(
    new Map<string, BaseCount>(counts),
    unknownRegionsIn(rows),
  )
  yield* ended(
    wanted.flat().flatMap(({ tab, onlyDay }) => {
      const found = rows.get(tab.title)
      return found === undefined ? [] : [{ tab, onlyDay, regions, runs: found.runs }]
    }),
  )
  const halfTyped = yield* HalfTypedRows
  yield* Effect.forEach(rows, ([tab, found]) => halfTyped.seen(tab, found.halfTyped), {
    discard: true,
  })
  return isEdited
})

/** Since when a row is as it is, see observe/elapsed.ts, and whether the admins were told of it. */
interface Known {
  readonly since: number
  readonly isTold: boolean
}

export class HalfTypedRows extends Context.Service<
  HalfTypedRows,
  {
    /**
     * Learns which rows of a tab lack a value now. The admins are told once of each that stays so
     * for a while: until then somebody may be typing it.
     */
    seen(tab: string, rows: ReadonlyArray<HalfTyped>): Effect.Effect<void>
  }
>()("account-bot/scheduler/BaseCount/HalfTypedRows") {
  static readonly layer = Layer.effect(
    HalfTypedRows,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      const tabs = new Map<string, ReadonlyMap<number, Known>>()
      const seen = Effect.fnUntraced(function* (tab: string, rows: ReadonlyArray<HalfTyped>) {
        const now = yield* elapsed
        const before = tabs.get(tab)
        const known = new Map(
          rows.map(({ digest }) => [digest, before?.get(digest) ?? { since: now, isTold: false }]),
        )
        const isOld = ({ digest }: HalfTyped) =>
          now - (known.get(digest)?.since ?? now) >= Duration.toMillis(halfTypedFor)
        const old = rows.filter(isOld)
        const isNews = old.some(({ digest }) => known.get(digest)?.isTold === false)
        const alarm: Alarm = {
          _tag: "RowsHalfTyped",
          tab,
          rows: old.slice(0, namedMax).map(({ row, column, why, region }) => ({
            row,
            column,
            why,
            ...(region === undefined ? {} : { region: region.slice(0, regionMax) }),
          })),
          more: Math.max(0, old.length - namedMax),
        }
        if (old.length === 0) yield* alarms.clear(alarm)
        else if (isNews) yield* alarms.raise(alarm)
        for (const { digest } of old)
          known.set(digest, { since: now, ...known.get(digest), isTold: true })
        tabs.set(tab, known)
      })
      return HalfTypedRows.of({ seen })
    }),
  )
}

/** Rows that one message names. */
const namedMax = 10
/** One more than a spelling of a region may have, so that what was cut is none. */
const regionMax = 101

/** The regions that stand in the tabs and are none, with how many rows each has. */
const unknownRegionsIn = (tabs: ReadonlyMap<string, TabCount>): ReadonlyArray<UnknownRegion> =>
  [...tabs].flatMap(([tab, { halfTyped }]) => {
    const regions = halfTyped.flatMap(({ region }) => region ?? [])
    return [...Map.groupBy(regions, foldName).values()].map((all) => ({
      tab,
      region: all[0] ?? "",
      rows: all.length,
    }))
  })

/**
 * Tells the admins once when a resource runs low, and once when it was filled up again.
 *
 * What counts is all that remains: the stock, and the rows that the base tabs still have. While
 * only today's items are issued, those of other days do not count, and until the morning nobody is
 * woken because today's are not there yet. While the rows of a resource are unknown or it is
 * paused, its alarm stays as it is.
 */
const tellLowStock = Effect.gen(function* () {
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
