/**
 * Draws the messages again whose items the timer has marked.
 *
 * The journal knows up to which mark every message was drawn. A start draws those of later marks: a
 * kill may have come before the edit, or Telegram may have been away. An edit that is repeated shows
 * nothing twice.
 */
import { Clock, Duration, Effect, Layer, Option, PubSub } from "effect"
import { redeliveryPeriod, timerEditsPause } from "../config/Limits.ts"
import type { Issuance, RequestKey } from "../domain/Issuance.ts"
import { every, supervise } from "../observe/background.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { makeCursor } from "../store/cursor.ts"
import { Journal } from "../store/Journal.ts"
import { Deliveries } from "./Deliveries.ts"

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    const deliveries = yield* Deliveries
    const journal = yield* Journal
    // Before the state is read, so that no mark is missed between the two.
    const marked = yield* pools.events

    let drawn = yield* readDrawn
    /** The newest mark of the timer whose message was asked to be drawn. */
    let asked = drawn

    /** Draws each message once, however many of its items were marked together. */
    const draw = Effect.fnUntraced(function* (batches: ReadonlyMap<RequestKey, string>) {
      for (const [key, resource] of batches) {
        yield* deliveries.show(resource, key)
        // After a long sleep of the machine or a long outage hundreds may be overdue at once.
        if (batches.size > 1) yield* Effect.sleep(timerEditsPause)
      }
    })

    /** Notes the last mark that was drawn, unless a message still waits to be drawn. */
    const note = Effect.gen(function* () {
      if (asked === drawn || (yield* deliveries.isBehind)) return
      const through = asked
      yield* journal.write([drawnMarks.through(through)])
      drawn = through
    }).pipe(
      Effect.catchTag("StorageUnavailable", () =>
        Effect.logInfo("the disk did not note which marks of the timer were drawn"),
      ),
    )

    const drawMarked = Effect.gen(function* () {
      const batches = new Map<RequestKey, string>()
      for (const { resource, event } of (yield* PubSub.takeAll(marked)).filter(isByTimer)) {
        const issuance = yield* pools.find(resource, event.id)
        if (Option.isSome(issuance)) batches.set(issuance.value.request, resource)
        asked = event.mark.at
      }
      yield* draw(batches)
      yield* note
    })

    /** The messages that the last run may not have drawn. */
    const catchUp = Effect.gen(function* () {
      const late = new Map<RequestKey, string>()
      for (const { id } of pools.resources) {
        for (const { request, mark } of yield* markedOf(pools, id)) {
          if (mark?.auto !== true || mark.at <= drawn) continue
          late.set(request, id)
          asked = Math.max(asked, mark.at)
        }
      }
      yield* draw(late)
      yield* note
    })

    yield* catchUp.pipe(
      Effect.andThen(Effect.forever(drawMarked)),
      supervise("notices of the timer"),
    )
    yield* every("drawn marks", redeliveryPeriod)(note)
  }),
)

type ByTimer = PoolChange & { readonly event: Extract<PoolChange["event"], { _tag: "Confirmed" }> }

const isByTimer = (change: PoolChange): change is ByTimer =>
  change.event._tag === "Confirmed" && change.event.mark.auto

/** Everything of a resource that has a mark, as long as memory knows it. */
export const markedOf = (
  pools: Pools["Service"],
  id: string,
): Effect.Effect<ReadonlyArray<Issuance>> =>
  Effect.map(
    Effect.all([pools.buffer(id), pools.written(id), pools.corrections(id), pools.abandoned(id)]),
    (all) => all.flat(),
  )

const drawnMarks = makeCursor("timer", "drawn")

/**
 * The newest mark whose message is known to be drawn. A program that notes it for the first time
 * here goes by the marks of the last hour.
 */
const readDrawn = Effect.gen(function* () {
  const known = yield* drawnMarks.noted
  if (Option.isSome(known)) return known.value
  const through = (yield* Clock.currentTimeMillis) - Duration.toMillis(Duration.hours(1))
  yield* (yield* Journal).write([drawnMarks.through(through)])
  return through
})
