/**
 * Has the program end in good order and start anew, in the same process: for what has to be done
 * while nobody works with the data. Where nobody starts it anew, nothing happens, and what was
 * wanted is done at the next start.
 */
import { Context, Deferred, Effect } from "effect"

export class Restart extends Context.Reference<{
  readonly ask: Effect.Effect<void>
  /** Whether the program ends in order to start anew. */
  readonly isAsked: Effect.Effect<boolean>
}>("account-bot/observe/Restart", {
  defaultValue: () => ({ ask: Effect.void, isAsked: Effect.succeed(false) }),
}) {}

/** Runs the program until it ends by itself, and starts it anew each time that it asks for that. */
export const withRestarts = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const asked = yield* Deferred.make<void>()
    const restart = {
      ask: Effect.asVoid(Deferred.succeed(asked, undefined)),
      isAsked: Deferred.isDone(asked),
    }
    // The race is over when the program that lost it has ended, with all that it had opened.
    const ended = yield* Effect.raceFirst(
      Effect.map(Effect.provideService(program, Restart, restart), (answer) => ({ answer })),
      Effect.as(Deferred.await(asked), undefined),
    )
    return ended === undefined ? yield* withRestarts(program) : ended.answer
  })
