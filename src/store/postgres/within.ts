/** Bounds how long an answer of the database is waited for. */
import { type Duration, Effect } from "effect"
import { ConnectionError, SqlError } from "effect/sql/SqlError"

/**
 * Gives up what takes longer; its connection is closed then, and others take its place. One that was
 * cut without a goodbye may look for a quarter of an hour as if it were there.
 */
export const within =
  (patience: Duration.Duration) =>
  <A, R>(self: Effect.Effect<A, SqlError, R>): Effect.Effect<A, SqlError, R> =>
    Effect.timeoutOrElse(Effect.interruptible(self), {
      duration: patience,
      orElse: () =>
        Effect.fail(
          new SqlError({
            reason: new ConnectionError({ cause: { code: "no answer" }, operation: "wait" }),
          }),
        ),
    })
