/** `npm start`: the program against Telegram and Google, until it is told to stop. */
import { Console, Effect, Layer, Runtime, Schema } from "effect"
import { Command } from "effect/cli"
import { Intake } from "../bot/Intake.ts"
import { Telegram } from "../bot/Telegram.ts"
import { Settings } from "../config/Settings.ts"
import * as Logging from "../observe/Logging.ts"
import { SheetsClient } from "../sheets/SheetsClient.ts"
import { SqliteJournal } from "../store/SqliteJournal.ts"
import { program } from "./program.ts"

/** `plainly` has already printed the sentence, so the runtime only sets the exit code. */
class StartRefused extends Schema.TaggedError<StartRefused>()("StartRefused", {
  sentence: Schema.String,
}) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
  override get message() {
    return this.sentence
  }
}

/** The program with its real ports; the settings and the platform are still open. */
export const liveProgram = program.pipe(
  Layer.provideMerge(Layer.mergeAll(SqliteJournal.layer, SheetsClient.layer, Telegram.layer)),
)

/** Runs until Telegram refuses the token. */
const untilRefused = Effect.flatMap(Intake, ({ refused }) => refused)

export const run = Command.make("run", {}, () =>
  untilRefused.pipe(
    Effect.provide(
      liveProgram.pipe(Layer.provideMerge(Logging.layer), Layer.provide(Settings.layer)),
    ),
    plainly,
  ),
).pipe(Command.withDescription("Run the bot with the settings of the environment"))

/** Prints why the program did not start, in a plain sentence for the person at the terminal. */
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
    case "JournalDamaged":
      return `The bot did not start: ${error.message}\nNothing was changed. Run npm run doctor: it names each damaged record and says what to do.`
    default:
      return `The bot did not start: ${error.message}\nNothing was changed.`
  }
}
