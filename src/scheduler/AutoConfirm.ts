/**
 * The timer of all pools: confirms what its holder said nothing about, takes back what was
 * certainly never shown, lets go of what was settled long ago.
 *
 * It starts when the updates that waited in Telegram are handled, so that nobody's tap from
 * the time of a restart comes too late.
 */
import { Effect, Layer } from "effect"
import { timerPeriod } from "../config/Limits.ts"
import { every } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Pools } from "../pool/Pools.ts"

export const once = Effect.gen(function* () {
  const pools = yield* Pools
  yield* Effect.forEach(pools.resources, ({ id }) => pools.tell(id, { _tag: "Expire" }), {
    discard: true,
  })
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
