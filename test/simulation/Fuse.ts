/**
 * Kills the program at a chosen port call.
 *
 * A kill is no interruption: nothing is cleaned up, nothing is told. From the moment of the kill
 * every port call of the dead program hangs for ever, so that whatever its fibers still do stays
 * inside it; its memory is left to the garbage collector.
 */
import { Deferred, Effect } from "effect"

export type Moment = "before" | "after"

export interface Fuse {
  /** Wraps one call of a port; `name` is for the story of a run. */
  guard<A, E, R>(name: string, call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  readonly killed: Effect.Effect<void>
  /** Names of the calls made so far. */
  readonly calls: ReadonlyArray<string>
}

/** Kills at call number `at` (from 1), before or after it took effect; 0 never kills. */
export const makeFuse = (at: number, moment: Moment): Effect.Effect<Fuse> =>
  Effect.gen(function* () {
    const killed = yield* Deferred.make<void>()
    const calls: Array<string> = []
    let dead = false
    const die = Effect.suspend(() => {
      dead = true
      return Effect.andThen(Deferred.succeed(killed, undefined), Effect.never)
    })
    return {
      calls,
      killed: Deferred.await(killed),
      guard: (name, call) =>
        Effect.suspend(() => {
          if (dead) return Effect.never
          const n = calls.push(name)
          if (n !== at) return call
          return moment === "before" ? die : Effect.andThen(Effect.exit(call), die)
        }),
    }
  })
