/**
 * Counts the rows that the base tabs still have, all of them in one read, for whoever has to
 * answer from memory; then looks what runs low.
 *
 * Nobody waits for it: while Google does not answer, the last count stands, with its time.
 */
import { Clock, Duration, Effect, Layer, PubSub } from "effect"
import { baseCountDelay, baseCountPeriod, baseCountRest } from "../config/Limits.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import { supervise, survive } from "../observe/background.ts"
import { type BaseCount, BaseStock } from "../pool/BaseStock.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { Claim } from "../sheets/Claim.ts"
import * as LowStock from "./LowStock.ts"
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
  yield* LowStock.once
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
