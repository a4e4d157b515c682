/**
 * Keeps the taps on the bot's buttons usable. Whoever has the token may set another
 * callback_query_mode for the bot than "default"; then Telegram sends taps without the message whose
 * button it is, and nothing can be done with them. The bot sets the mode back: after a start that
 * finds another one, and with such a tap, since a server may keep the mode to itself.
 */
import { Context, Duration, Effect, Fiber, Layer } from "effect"
import { modeMendPeriod } from "../config/Limits.ts"
import { elapsed } from "../observe/elapsed.ts"
import { type Me, Telegram } from "./Telegram.ts"

export class CallbackMode extends Context.Service<
  CallbackMode,
  {
    /**
     * Sets the mode back, at most once a minute. Ends when that is done, so that the next tap comes
     * right, but lets nobody wait for it longer than a few seconds.
     */
    readonly mend: Effect.Effect<void>
  }
>()("account-bot/bot/CallbackMode") {
  static readonly layer = Layer.effect(
    CallbackMode,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const scope = yield* Effect.scope
      let begunAt = Number.NEGATIVE_INFINITY

      const setBack = telegram.setSettings({ callback_query_mode: "default" }).pipe(
        Effect.flatMap((change) =>
          change === "changed"
            ? Effect.logWarning(
                'Taps on the bot\'s buttons came without their message; its callback_query_mode is "default" again',
              )
            : Effect.logError(
                "Taps on the bot's buttons come without their message, and the Bot API server does not know setMySettings",
              ),
        ),
        Effect.catch(({ reason }) =>
          Effect.logError(
            "Taps on the bot's buttons come without their message, and callback_query_mode was not set back",
          ).pipe(Effect.annotateLogs({ reason: reason._tag })),
        ),
      )

      const mend = Effect.gen(function* () {
        const now = yield* elapsed
        if (now - begunAt < Duration.toMillis(modeMendPeriod)) return
        begunAt = now
        const fiber = yield* Effect.forkIn(setBack, scope, { startImmediately: true })
        yield* Effect.timeoutOption(Fiber.await(fiber), patience)
      })

      if (losesTaps(telegram.me)) yield* Effect.forkScoped(mend)
      return CallbackMode.of({ mend })
    }),
  )
}

/** Whether Telegram says that taps come, or may come, without their message. */
export const losesTaps = ({ callback_query_mode: mode }: Me) =>
  mode !== undefined && mode !== "default"

/** Well below the time for which the app of a person waits for the answer to a tap. */
const patience = Duration.seconds(3)
