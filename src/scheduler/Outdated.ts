/**
 * Sends back to their base tabs what stands there again: items of earlier days while only today's
 * are issued, what admins send back, and rows that were cut out while somebody typed them.
 *
 * It does not wait until the updates from before a restart are handled: such an item can be issued
 * to nobody any more, and the staff shall have their rows back however long Telegram is silent. An
 * update that ends the mode then finds them in the tab instead of in the stock.
 */
import { Effect, Layer, PubSub } from "effect"
import { timerPeriod } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { ItemId } from "../domain/Item.ts"
import { catchesHalfTyped, changesDaysIssued } from "../domain/PoolEvent.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { Return } from "../sheets/Return.ts"
import { isBehind } from "./CatchUp.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const returns = yield* Return
  const trouble = yield* SheetsTrouble

  const sendBack = Effect.fnUntraced(function* (resource: Resource) {
    const { id } = resource
    if (resource.dayBound === true) {
      yield* pools.tell(id, { _tag: "BeginReturn" }).pipe(
        // The pool has closed and told the admins. What is on its way already goes on.
        Effect.catchTag("StorageUnavailable", ({ message }) => Effect.logDebug(message)),
      )
    }
    const waiting = pools.returning(id)
    if ((yield* waiting).length === 0) return
    const returned = (ids: ReadonlyArray<ItemId>) => returnedTo(pools)(id, ids)
    yield* trouble.watch(`return of ${id}`, returns.returnItems(resource, waiting, returned))
  })

  // What an older copy takes for on its way may stand in its tab.
  if (yield* isBehind) return
  yield* Effect.forEach(
    pools.resources,
    (resource) => sendBack(resource).pipe(survive(`return of ${resource.id}`)),
    { discard: true },
  )
}).pipe(Effect.withSpan("Outdated.once"))

/**
 * Runs by the clock, and so also at midnight, and at once when other days count from now on or
 * somebody waits for the row that he was typing.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const changes = yield* (yield* Pools).events
    const afterChange = Effect.gen(function* () {
      const events = yield* PubSub.takeAll(changes)
      if (events.some(isDue)) yield* once
    })
    yield* every("return", timerPeriod)(once)
    yield* supervise("return after a change")(afterChange)
  }),
)

const isDue = ({ event }: PoolChange) => changesDaysIssued(event) || catchesHalfTyped(event)

/**
 * Tells a pool that items stand in their tab again. A return that a former process began ends so
 * too.
 */
export const returnedTo =
  (pools: Pools["Service"]) => (resource: string, ids: ReadonlyArray<ItemId>) =>
    pools.tell(resource, { _tag: "Returned", ids })
