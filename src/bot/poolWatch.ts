/** Work that is done by the clock, and at once when something happened to a pool. */
import { type Duration, Effect, PubSub } from "effect"
import { supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"

/**
 * Runs `once` in the current scope after each change that `concerns` it, and `period` after each
 * end; a crash of one run only costs that run. It begins when the updates that waited in Telegram
 * are handled: they may say that there is nothing to do any more.
 */
export const watching = (
  name: string,
  period: Duration.Duration,
  concerns: (change: PoolChange) => boolean,
) =>
  Effect.fnUntraced(function* <A, E, R>(once: Effect.Effect<A, E, R>) {
    const pools = yield* Pools
    const caughtUp = yield* CaughtUp
    const events = yield* pools.events
    const change: Effect.Effect<void> = Effect.flatMap(PubSub.takeAll(events), (changes) =>
      changes.some(concerns) ? Effect.void : change,
    )
    const round = once.pipe(
      survive(name),
      Effect.andThen(Effect.raceFirst(change, Effect.sleep(period))),
    )
    yield* caughtUp.wait.pipe(Effect.andThen(round.pipe(supervise(name))), Effect.forkScoped)
  })
