/**
 * When a call to Telegram is made again.
 *
 * A 429 means that nothing was done, so any call waits and repeats. No answer means that it may
 * have been done, so only a call that may safely be done twice repeats.
 */
import { Duration, Effect, Random } from "effect"
import { retryAfterMax } from "../config/Limits.ts"
import { afterDoubt, type TelegramError } from "./TelegramError.ts"

const waitsMax = 3
const triesMax = 4

export const retrying = (kind: "once" | "idempotent") => {
  return <A, R>(call: Effect.Effect<A, TelegramError, R>): Effect.Effect<A, TelegramError, R> => {
    const attempt = (waits: number, tries: number): Effect.Effect<A, TelegramError, R> =>
      call.pipe(
        Effect.catch((met) => {
          // A refusal of the repeat says nothing about the try that got no answer.
          const error = tries > 1 ? afterDoubt(met) : met
          const { reason } = error
          if (reason._tag === "RateLimited" && waits < waitsMax) {
            return Duration.isGreaterThan(reason.retryAfter, retryAfterMax)
              ? Effect.fail(error)
              : Effect.delay(attempt(waits + 1, tries), reason.retryAfter)
          }
          if (reason._tag === "Unsure" && kind === "idempotent" && tries < triesMax) {
            return Effect.andThen(pause(tries), attempt(waits, tries + 1))
          }
          return Effect.fail(error)
        }),
      )
    return attempt(0, 1)
  }
}

/** Sleeps about half a second after the first failure, twice as long after each further one. */
export const pause = (failures: number, most: Duration.Duration = Duration.seconds(30)) =>
  Effect.flatMap(Random.nextBetween(0.8, 1.2), (share) =>
    Effect.sleep(
      Duration.times(
        Duration.min(Duration.times(Duration.millis(250), 2 ** Math.min(failures, 20)), most),
        share,
      ),
    ),
  )
