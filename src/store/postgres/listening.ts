/**
 * Hears what is notified on a channel of the database, as long as it is run.
 *
 * A connection that was cut without a goodbye looks like one on which nobody says anything. So it is
 * asked from time to time whether it is there, and another one takes its place where it is not.
 */
import type * as PgPool from "@effect/sql-pg/PgPool"
import { Duration, Effect, Queue } from "effect"
import { listenerLook, listenerPatience } from "../../config/Limits.ts"
import { within } from "./within.ts"

interface Hearing {
  /** It listens from now on; what was told before that was not heard. */
  readonly begun: Effect.Effect<unknown>
  readonly told: (payload: string) => Effect.Effect<unknown>
}

/** `pause`: before it listens on another connection. */
export const listening = (
  pool: PgPool.PgPool,
  channel: string,
  { begun, told, pause }: Hearing & { readonly pause: Duration.Duration },
): Effect.Effect<never> =>
  Effect.scoped(
    Effect.gen(function* () {
      const connection = yield* pool.reserve
      const heard = yield* connection.listen(channel).pipe(within(listenerPatience))
      const answers = connection.query("SELECT 1").pipe(within(listenerPatience))
      // At the end the driver sends UNLISTEN, and on a cut connection it would wait for ever for the
      // answer. A query that is given up before makes it drop the connection instead.
      yield* Effect.addFinalizer(() => Effect.ignore(answers))
      yield* begun
      const telling = Effect.flatMap(Queue.take(heard), ({ payload }) => told(payload))
      return yield* Effect.raceFirst(
        Effect.forever(telling),
        Effect.forever(Effect.delay(answers, listenerLook)),
      )
    }),
  ).pipe(Effect.ignore, Effect.andThen(Effect.sleep(pause)), Effect.forever)
