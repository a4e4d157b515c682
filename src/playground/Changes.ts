/**
 * A number that grows whenever something changes in the emulated world: with every save and every
 * call. The page watches it to show the world live.
 */
import { Context, Effect, Layer, Stream, SubscriptionRef } from "effect"
import { Calls } from "./Calls.ts"
import { World } from "./World.ts"

export class Changes extends Context.Service<
  Changes,
  {
    /** Makes the number grow. */
    readonly note: Effect.Effect<void>
    /** The number now, and then whenever it has grown; a slow reader misses some. */
    readonly versions: Stream.Stream<number>
  }
>()("account-bot/playground/Changes") {
  static readonly layer = Layer.effect(
    Changes,
    Effect.gen(function* () {
      const version = yield* SubscriptionRef.make(1)
      return Changes.of({
        note: SubscriptionRef.update(version, (n) => n + 1),
        versions: SubscriptionRef.changes(version).pipe(
          Stream.buffer({ capacity: 1, strategy: "sliding" }),
        ),
      })
    }),
  )

  /** Wraps the world so that every save is noted. */
  static readonly layerWorld = Layer.effect(
    World,
    Effect.gen(function* () {
      const { note } = yield* Changes
      const world = yield* World
      return World.of({
        ...world,
        save: (part, state) => Effect.andThen(world.save(part, state), note),
      })
    }),
  )

  /** Wraps the call log so that every entry is noted. */
  static readonly layerCalls = Layer.effect(
    Calls,
    Effect.gen(function* () {
      const { note } = yield* Changes
      const calls = yield* Calls
      return Calls.of({
        ...calls,
        record: (call) => Effect.tap(calls.record(call), note),
        settle: (n, outcome) => Effect.andThen(calls.settle(n, outcome), note),
      })
    }),
  )
}
