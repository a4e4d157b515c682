/**
 * Whether the bot is still this process's, for a journal that another process may take over.
 *
 * Whoever is refused as `Disowned` does not go on, and not one of them has to know that: the write
 * never returns, and the program is stopped from outside.
 */
import { Context, Deferred, Duration, Effect, Fiber, Layer } from "effect"
import { stopWithin } from "../config/Limits.ts"
import { Disowned, Journal, type StorageUnavailable } from "./Journal.ts"

export class Ownership extends Context.Reference<{
  readonly lose: (why: Disowned) => Effect.Effect<void>
  /** What ends because of that writes and shows nothing more. */
  readonly isLost: Effect.Effect<boolean>
}>("account-bot/store/Ownership", {
  defaultValue: () => ({ lose: () => Effect.void, isLost: Effect.succeed(false) }),
}) {}

/** What the journal knows of whose bot it is. In files it is nobody else's, and nothing is asked. */
export class Tenure extends Context.Reference<{
  /**
   * Goes on once it is proven that the bot is this process's, and never where it is another one's.
   * `lately`: a proof of a moment ago will do; `now`: it was the bot's owner after this was asked.
   */
  readonly proven: (when: "lately" | "now") => Effect.Effect<void>
  /** Another process may have worked with the bot in the minute before this one took it over. */
  readonly wasAnothers: boolean
}>("account-bot/store/Tenure", {
  defaultValue: () => ({ proven: () => Effect.void, wasAnothers: false }),
}) {}

/** The journal, of which nobody hears that another process has the bot but who stops this one. */
export const whileOwned = <E, R>(journal: Layer.Layer<Journal, E, R>) =>
  Layer.effectContext(
    Effect.gen(function* () {
      const context = yield* Effect.context<Journal>()
      const inner = Context.get(context, Journal)
      const { lose } = yield* Ownership

      const orNever = <A>(self: Effect.Effect<A, StorageUnavailable>) =>
        Effect.catchIf(
          self,
          ({ cause }) => isDisowned(cause),
          ({ cause }) => Effect.andThen(isDisowned(cause) ? lose(cause) : Effect.void, never),
        )

      return Context.make(
        Journal,
        Journal.of({
          ...inner,
          write: (writes) => orNever(inner.write(writes)),
          prune: (before) => orNever(inner.prune(before)),
        }),
      )
    }),
  ).pipe(Layer.provideMerge(journal))

/**
 * Runs the program until it ends by itself or another process has the bot. Then nothing of it goes
 * on: it is not waited for any longer than it takes to let go, and whoever started it ends the process.
 * A program that is already ending, because somebody stopped it, is let go in the same way.
 */
export const untilDisowned = <A, E, R>(
  self: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | Disowned, R> =>
  Effect.gen(function* () {
    const lost = yield* Deferred.make<never, Disowned>()
    const isLost = Deferred.isDone(lost)
    const ownership = { isLost, lose: (why: Disowned) => Effect.asVoid(Deferred.fail(lost, why)) }
    // A disowned program may wait for ever for a write of its own, so it gets a moment and no more.
    const letGo = Effect.andThen(Effect.exit(Deferred.await(lost)), Effect.sleep(letGoWithin))
    const patience = Effect.andThen(
      Effect.sleep(Duration.times(stopWithin, 2)),
      Effect.logWarning("The program does not end: it is not waited for any longer"),
    )
    return yield* Effect.acquireUseRelease(
      Effect.forkDetach(Effect.interruptible(Effect.provideService(self, Ownership, ownership))),
      (running) => Effect.raceFirst(Fiber.join(running), Deferred.await(lost)),
      // Each by itself, since whoever waits here has been interrupted already.
      (running) =>
        Effect.raceAllFirst([Fiber.interrupt(running), letGo, patience].map(Effect.interruptible)),
    )
  })

const letGoWithin = Duration.millis(500)

/** Also where its caller cannot be interrupted: nothing else ends the wait. */
export const never = Effect.interruptible(Effect.never)

const isDisowned = (cause: unknown): cause is Disowned => cause instanceof Disowned
