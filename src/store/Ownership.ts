/**
 * Whether the bot is still this process's, for a journal that another process may take over.
 *
 * Whoever is refused as `Disowned` does not go on, and not one of them has to know that: the write
 * never returns, and the program is stopped from outside.
 */
import { Context, Effect, Layer } from "effect"
import { Disowned, Journal, type StorageUnavailable } from "./Journal.ts"

export class Ownership extends Context.Reference<{
  readonly lose: (why: Disowned) => Effect.Effect<void>
  /** What ends because of that writes and shows nothing more. */
  readonly isLost: Effect.Effect<boolean>
}>("account-bot/store/Ownership", {
  defaultValue: () => ({ lose: () => Effect.void, isLost: Effect.succeed(false) }),
}) {}

/** The journal, of which nobody hears that another process has the bot but who stops this one. */
export const whileOwned = <E, R>(journal: Layer.Layer<Journal, E, R>) =>
  Layer.effect(
    Journal,
    Effect.gen(function* () {
      const inner = yield* Journal
      const { lose } = yield* Ownership

      const orNever = <A>(self: Effect.Effect<A, StorageUnavailable>) =>
        Effect.catchIf(
          self,
          ({ cause }) => isDisowned(cause),
          ({ cause }) => Effect.andThen(isDisowned(cause) ? lose(cause) : Effect.void, never),
        )

      return Journal.of({
        ...inner,
        write: (writes) => orNever(inner.write(writes)),
        prune: (before) => orNever(inner.prune(before)),
      })
    }),
  ).pipe(Layer.provide(journal))

/** Also where its caller cannot be interrupted: nothing else ends the wait. */
const never = Effect.interruptible(Effect.never)

const isDisowned = (cause: unknown): cause is Disowned => cause instanceof Disowned
