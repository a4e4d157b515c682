/** One call of Telegram's client: bounded in time, its answer decoded, made again where it may be. */
import { Duration, Effect, Schema } from "effect"
import type { Api } from "grammy"
import { pause, retrying } from "./retries.ts"
import { type TelegramError, telegramErrorOf, unsure } from "./TelegramError.ts"

/** As grammY declares it. */
export type Signal = NonNullable<Parameters<Api["getMe"]>[0]>

const callTimeout = Duration.seconds(60)

/** A file of fifty megabytes over the line of an office. */
export const uploadTimeout = Duration.times(callTimeout, 3)

export const call = <A>(
  schema: Schema.Codec<A, unknown>,
  method: string,
  kind: "once" | "idempotent",
  run: (signal: Signal) => Promise<unknown>,
  timeout = callTimeout,
): Effect.Effect<A, TelegramError> =>
  Effect.tryPromise({
    // grammY declares the signal of a polyfill; the real one has all that it uses.
    try: (signal) => run(signal as unknown as Signal),
    catch: (thrown) => telegramErrorOf(method, thrown),
  }).pipe(
    Effect.flatMap((result) =>
      Effect.mapError(Schema.decodeUnknownEffect(schema)(result), () => unsure(method)),
    ),
    Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail(unsure(method)) }),
    retrying(kind),
  )

/** A machine may be up before its network is. */
export const untilAnswered = <A>(
  self: Effect.Effect<A, TelegramError>,
  failures = 1,
): Effect.Effect<A, TelegramError> =>
  self.pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "Unsure" || reason._tag === "RateLimited",
      (error) =>
        Effect.logWarning("Telegram does not answer, trying again", error.message).pipe(
          Effect.andThen(pause(failures)),
          Effect.andThen(untilAnswered(self, failures + 1)),
        ),
    ),
  )
