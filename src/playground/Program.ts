/**
 * What the playground knows of the program it surrounds: whether it is ready, and how it starts
 * afresh. Set by the one who starts both.
 */
import { Context, Effect, Layer, Ref } from "effect"

export interface Hooks {
  /** Whether the program takes requests. */
  readonly ready: Effect.Effect<boolean>
  /** Runs `clear`, which empties the outside world, with the program stopped and forgetful. */
  readonly reset?: (clear: Effect.Effect<void>) => Effect.Effect<void>
}

export class Program extends Context.Service<
  Program,
  {
    /** Replaces the hooks given before. */
    attach(hooks: Hooks): Effect.Effect<void>
    /** False until a program is attached. */
    readonly ready: Effect.Effect<boolean>
    /** Empties the outside world the way the program wants it done. */
    reset(clear: Effect.Effect<void>): Effect.Effect<void>
  }
>()("account-bot/playground/Program") {
  static readonly layer = Layer.effect(
    Program,
    Effect.gen(function* () {
      const hooks = yield* Ref.make<Hooks>({ ready: Effect.succeed(false) })
      return Program.of({
        attach: (attached) => Ref.set(hooks, attached),
        ready: Effect.flatMap(Ref.get(hooks), ({ ready }) => ready),
        reset: (clear) =>
          Effect.flatMap(Ref.get(hooks), ({ reset }) =>
            reset === undefined ? clear : reset(clear),
          ),
      })
    }),
  )
}
