/** Bounds how long the end of a layer is waited for. */
import { type Duration, Effect, Fiber, Layer, Scope } from "effect"

/**
 * The layer, which may take so long to close. What has not ended by then goes on beside the rest, and
 * ends with the process.
 */
export const closingWithin =
  (patience: Duration.Duration) =>
  <A, E, R>(layer: Layer.Layer<A, E, R>): Layer.Layer<A, E, R> =>
    Layer.effectContext(
      Effect.gen(function* () {
        const scope = yield* Effect.acquireRelease(Scope.make(), (closing, exit) =>
          Effect.flatMap(Effect.forkDetach(Scope.close(closing, exit)), (closed) =>
            // Each by itself, since whoever waits here may have been interrupted already.
            Effect.raceFirst(
              Effect.interruptible(Fiber.await(closed)),
              Effect.interruptible(Effect.sleep(patience)),
            ),
          ),
        )
        return yield* Layer.buildWithScope(layer, scope)
      }),
    )
