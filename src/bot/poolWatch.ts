/** Work that must follow what happens to the pools, and that the clock repeats in any case. */
import { type Duration, Effect, PubSub } from "effect"
import { supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"

/**
 * Runs the work again and again in the current scope: as soon as a change of a pool `concerns` it,
 * and otherwise `period` after its last run ended. A crash costs one run and no more.
 *
 * The first run waits until the updates that had piled up in Telegram are handled: one of them may
 * be the very mark or request that makes a message of this work needless.
 */
export const afterPoolChanges = (
  name: string,
  period: Duration.Duration,
  concerns: (change: PoolChange) => boolean,
) =>
  Effect.fnUntraced(function* <A, E, R>(work: Effect.Effect<A, E, R>) {
    const pools = yield* Pools
    const caughtUp = yield* CaughtUp
    const events = yield* pools.events
    const changed: Effect.Effect<void> = Effect.flatMap(PubSub.takeAll(events), (changes) =>
      changes.some(concerns) ? Effect.void : changed,
    )
    const round = work.pipe(
      survive(name),
      Effect.andThen(Effect.raceFirst(changed, Effect.sleep(period))),
    )
    yield* caughtUp.wait.pipe(Effect.andThen(round.pipe(supervise(name))), Effect.forkScoped)
  })
