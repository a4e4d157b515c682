/**
 * A gate that opens once, when the updates that waited in Telegram while the bot was down are
 * handled.
 *
 * Timers wait for it: a «Блок» that somebody tapped in the meantime must not become «Хороший».
 */
import { Context, Effect, Latch, Layer } from "effect"

export class CaughtUp extends Context.Service<
  CaughtUp,
  {
    readonly open: Effect.Effect<void>
    readonly wait: Effect.Effect<void>
  }
>()("account-bot/observe/CaughtUp") {
  static readonly layer = Layer.effect(
    CaughtUp,
    Effect.gen(function* () {
      const latch = yield* Latch.make()
      return CaughtUp.of({ open: Effect.asVoid(latch.open), wait: latch.await })
    }),
  )
}
