/**
 * What a port call meets on its way: a kill at a chosen call, and a network that loses things.
 *
 * A kill is no interruption: nothing is cleaned up, nothing is told. From the moment of the kill
 * every port call of the dead program hangs for ever, so that whatever its fibers still do stays
 * inside it; its memory is left to the garbage collector.
 */
import { Deferred, Effect, Random } from "effect"

/** Before or after the call took effect. */
export type Moment = "before" | "after"

export interface Kill {
  /** Number of the port call, from 1; 0 never. */
  readonly at: number
  readonly moment: Moment
}

/** Changed while the run goes on: at its end the sky clears. */
export interface Weather {
  /** Share of calls whose request or answer is lost, from 0 to 1. */
  loss: number
}

export interface Fuse {
  /** Wraps one call of a port; `name` is for the story of a run. */
  guard<A, E, R>(name: string, call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  /** The same over a network: `unsure` is how the port fails without an answer. */
  transmit<A, E, R>(
    name: string,
    call: Effect.Effect<A, E, R>,
    unsure: () => E,
  ): Effect.Effect<A, E, R>
  readonly killed: Effect.Effect<void>
  /** Hangs for ever in a program that was killed. */
  readonly alive: Effect.Effect<void>
  /** Names of the calls made so far. */
  readonly calls: ReadonlyArray<string>
}

/** Looks at the outside at each moment at which a kill could hit. */
export type Witness = (moment: Kill) => Effect.Effect<void>

export const makeFuse = (
  kill: Kill,
  weather: Weather,
  witness: Witness | undefined,
): Effect.Effect<Fuse> =>
  Effect.gen(function* () {
    const killed = yield* Deferred.make<void>()
    const calls: Array<string> = []
    let dead = false
    const die = Effect.suspend(() => {
      dead = true
      return Effect.andThen(Deferred.succeed(killed, undefined), Effect.never)
    })
    const guard: Fuse["guard"] = (name, call) =>
      Effect.suspend(() => {
        if (dead) return Effect.never
        const n = calls.push(name)
        if (witness !== undefined) {
          return Effect.andThen(
            witness({ at: n, moment: "before" }),
            Effect.ensuring(call, witness({ at: n, moment: "after" })),
          )
        }
        if (n !== kill.at) return call
        return kill.moment === "before" ? die : Effect.andThen(Effect.exit(call), die)
      })
    const transmit: Fuse["transmit"] = (name, call, unsure) =>
      guard(
        name,
        Effect.suspend(() => {
          if (weather.loss === 0) return call
          return Effect.flatMap(Random.next, (chance) => {
            if (chance >= weather.loss) return call
            const lost = Effect.failSync(unsure)
            return chance < weather.loss / 2 ? lost : Effect.andThen(Effect.exit(call), lost)
          })
        }),
      )
    const alive = Effect.suspend(() => (dead ? Effect.never : Effect.void))
    return { calls, killed: Deferred.await(killed), alive, guard, transmit }
  })
