/** Why the program did not start, in sentences for the person at the terminal. */
import { Console, Effect, Runtime, Schema } from "effect"

/** Told already: the runtime only has to set the exit code. */
export class StartRefused extends Schema.TaggedError<StartRefused>()("StartRefused", {
  sentence: Schema.String,
}) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
  override get message() {
    return this.sentence
  }
}

/** Turns the typed errors of a start into one plain text on standard error. */
export const plainly = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  self: Effect.Effect<A, E, R>,
): Effect.Effect<A, StartRefused, R> =>
  Effect.catch(self, (error) => {
    const sentence = sentenceOf(error)
    return Effect.andThen(Console.error(sentence), Effect.fail(new StartRefused({ sentence })))
  })

const sentenceOf = (error: { readonly _tag: string; readonly message: string }): string => {
  switch (error._tag) {
    case "SettingsError":
      return `The bot did not start. Wrong settings:\n${error.message}\nSee .env.example.`
    case "TelegramError":
      return `The bot stopped: Telegram answered "${error.message}". Check BOT_TOKEN. Nothing was lost.`
    default:
      return `The bot did not start: ${error.message}\nNothing was changed.`
  }
}
