/**
 * The timer of all pools: confirms what its holder said nothing about, takes back what was
 * certainly never shown, lets go of what was settled long ago.
 *
 * It starts when the updates that waited in Telegram are handled, so that nobody's tap from
 * the time of a restart comes too late.
 */
import { Effect, Layer } from "effect"
import { timerPeriod } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { every, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Pools } from "../pool/Pools.ts"

export const once = Effect.gen(function* () {
  const pools = yield* Pools
  // Each for itself, since one pool that crashes or has no disk must not stop the others' clocks.
  const expire = ({ id }: Resource) =>
    pools.tell(id, { _tag: "Expire" }).pipe(
      // Told by the pool, which has closed.
      Effect.catchTag("StorageUnavailable", ({ message }) => Effect.logDebug(message)),
      survive(`auto-confirm of ${id}`),
    )
  yield* Effect.forEach(pools.resources, expire, { concurrency: "unbounded", discard: true })
}).pipe(Effect.withSpan("AutoConfirm.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const caughtUp = yield* CaughtUp
    yield* caughtUp.wait.pipe(
      Effect.andThen(every("auto-confirm", timerPeriod)(once)),
      Effect.forkScoped,
    )
  }),
)
