/**
 * The timer of the proxies: notes which reservations timed out, so that their messages can say
 * so, and lets go of what is long over.
 *
 * It may be late: every decision looks at the clock itself, and what timed out holds nothing
 * back. It starts when the updates that waited in Telegram are handled, as AutoConfirm does.
 */
import { Effect, Layer } from "effect"
import { timerPeriod } from "../config/Limits.ts"
import { every } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"

export const once = Effect.gen(function* () {
  const proxies = yield* Proxies
  yield* proxies.tell({ _tag: "Expire" }).pipe(
    // Told by the proxies, which have closed.
    Effect.catchTag("StorageUnavailable", ({ message }) => Effect.logDebug(message)),
  )
}).pipe(Effect.withSpan("ProxyTimers.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const caughtUp = yield* CaughtUp
    yield* caughtUp.wait.pipe(
      Effect.andThen(every("proxy timers", timerPeriod)(once)),
      Effect.forkScoped,
    )
  }),
)
