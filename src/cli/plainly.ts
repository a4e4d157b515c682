/** How a command that cannot go on says so to the person at the terminal. */
import { Console, Effect, Runtime, Schema } from "effect"

/**
 * The exit code of a bot that another process has taken over. A service manager that starts it again
 * takes the bot from the other one, which would do the same: its unit names this code.
 */
const takenOver = 4

/** `plainly` has already printed the sentence, so the runtime only sets the exit code. */
class StartRefused extends Schema.TaggedError<StartRefused>()("StartRefused", {
  sentence: Schema.String,
  exitCode: Schema.Int,
}) {
  override get [Runtime.errorExitCode]() {
    return this.exitCode
  }
  override readonly [Runtime.errorReported] = false
  override get message() {
    return this.sentence
  }
}

/** Prints why the program did not start, in a plain sentence for the person at the terminal. */
export const plainly = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  self: Effect.Effect<A, E, R>,
): Effect.Effect<A, StartRefused, R> =>
  Effect.catch(self, (error) => {
    const sentence = sentenceOf(error)
    const exitCode = error._tag === "Disowned" ? takenOver : 1
    const refused = new StartRefused({ sentence, exitCode })
    return Effect.andThen(Console.error(sentence), Effect.fail(refused))
  })

const sentenceOf = (error: { readonly _tag: string; readonly message: string }): string => {
  switch (error._tag) {
    case "SettingsError":
      return `The bot did not start. Wrong settings:\n${error.message}\nSee .env.example.`
    case "TelegramError":
      return `The bot stopped: Telegram answered "${error.message}". Check BOT_TOKEN. Nothing was lost.`
    case "JournalDamaged":
      return `The bot did not start: ${error.message}\nNothing was changed. Run npm run doctor: it names each damaged record and says what to do.`
    case "StorageUnavailable":
      return /: the database \(/.test(error.message)
        ? `The bot did not start: it cannot use the Postgres of DATABASE_URL, ${error.message}\nNothing was changed. Run npm run doctor: it says why.`
        : `The bot did not start: ${error.message}\nNothing was changed.`
    case "Disowned":
      return `The bot stopped: ${error.message}\nNothing was lost, and the other process goes on. Run one process for each bot: see docs/cluster.md.`
    case "ReplicasRefused":
      return `The demo did not start: ${error.message}`
    case "BackupRefused":
    case "CopyFailed":
      return `No backup was made: ${error.message}`
    case "BackupsKept":
      return `The disk will fill up: ${error.message}`
    case "RestoreRefused":
      return `Nothing was restored: ${error.message}`
    case "ImportRefused":
      return `Nothing was imported: ${error.message}`
    case "ExportRefused":
      return `Nothing was exported: ${error.message}`
    default:
      return `The bot did not start: ${error.message}\nNothing was changed.`
  }
}
