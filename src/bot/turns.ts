/** Work on one message takes turns: one after the other, in the order in which it was asked for. */
import { Effect, Semaphore } from "effect"

export const makeTurns = () => {
  /** Those that are taken or waited for. */
  const turns = new Map<string, { readonly turn: Semaphore.Semaphore; takers: number }>()

  return (key: string) =>
    <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.suspend(() => {
        const one = turns.get(key) ?? { turn: Semaphore.makeUnsafe(1), takers: 0 }
        turns.set(key, one)
        one.takers += 1
        return Effect.ensuring(
          one.turn.withPermit(work),
          Effect.sync(() => {
            one.takers -= 1
            if (one.takers === 0) turns.delete(key)
          }),
        )
      })
}
