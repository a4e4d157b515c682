/**
 * `npm run doctor`: looks at everything that a start needs and at what people have put into the
 * base tabs, without starting the bot. It changes nothing unless `--fix` asks it to.
 */
import {
  Console,
  Effect,
  Layer,
  Option,
  type Redacted,
  References,
  Result,
  Runtime,
  Schema,
} from "effect"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { SheetsClient } from "../../sheets/SheetsClient.ts"
import { checkClock } from "./clockCheck.ts"
import { checkDatabase } from "./databaseChecks.ts"
import { Report } from "./Report.ts"
import {
  checkCatalogue,
  checkCredentials,
  checkDirectory,
  checkJournal,
  checkRegions,
  checkTelegram,
  checkWhitelist,
} from "./setupChecks.ts"
import { checkSpreadsheets, makeTabs } from "./sheetChecks.ts"

/** The report has already been printed, so the runtime only sets the exit code. */
class DoctorFailed extends Schema.TaggedError<DoctorFailed>()("DoctorFailed", {
  failures: Schema.Int,
}) {
  override readonly [Runtime.errorExitCode] = 3
  override readonly [Runtime.errorReported] = false
}

const reported = Effect.fnUntraced(function* <E, R>(checks: Effect.Effect<void, E, R>) {
  const report = yield* Report
  const settings = yield* Effect.result(Effect.provide(Settings, Settings.layer))
  if (Result.isSuccess(settings)) {
    yield* report.ok("all settings can be read")
    yield* Effect.provideService(checks, Settings, settings.success)
  } else {
    for (const { name, problem, example } of settings.failure.faults) {
      yield* report.fail(
        `${name} ${problem}`,
        example === undefined ? `Take ${name} out of .env` : `Write ${name}=${example} into .env`,
      )
    }
    yield* Console.log("The rest is looked at once the settings are right.")
  }
  const { failures, warnings } = yield* report.count
  yield* Console.log(`${failures} failed, ${warnings} to look at.`)
  if (failures > 0) return yield* new DoctorFailed({ failures })
})

/** The things that `--fix` puts right. Without it the doctor only looks. */
interface Mending {
  /** Makes the data directory and the tabs that are missing. */
  readonly tabs: boolean
  /** Changes the settings of the bot in Telegram. */
  readonly bot: boolean
}

const examineAll = Effect.fnUntraced(function* ({ tabs: fix, bot }: Mending) {
  const report = yield* Report
  const { databaseUrl } = yield* Settings
  const hasDirectory = yield* checkDirectory(fix)
  const hasJournal = yield* checkData(databaseUrl, hasDirectory)
  const catalogue = yield* checkCatalogue()
  yield* checkTelegram(bot)
  const email = yield* checkCredentials()
  if (fix && Option.isSome(databaseUrl)) {
    yield* report.warn(
      "--fix: no tab is made where the journal is in Postgres",
      "The start of the bot makes those that are missing",
    )
  } else if (fix && !hasJournal) {
    yield* report.fail(
      "--fix: no tab is made without the journal",
      "Stop the bot if it is running, or put right what is said above about the data directory",
    )
  }
  if (Option.isNone(email) || Option.isNone(catalogue)) return
  yield* Effect.gen(function* () {
    if (fix && hasJournal) yield* makeTabs(email.value)
    yield* checkSpreadsheets(email.value)
    yield* checkClock("Google", yield* SheetsClient.use(({ clockAhead }) => clockAhead))
  }).pipe(
    Effect.provide(SheetsClient.layer),
    Effect.provideService(CatalogueSource, catalogue.value),
    // The credentials could be read a moment ago; somebody changed them meanwhile.
    Effect.catchTag("CredentialsInvalid", ({ message }) => report.fail(message, "Try again")),
  )
})

/** Looks at where the data are. Gives whether there is a journal in a file that `--fix` may open. */
const checkData = Effect.fnUntraced(function* (
  databaseUrl: Option.Option<Redacted.Redacted>,
  hasDirectory: boolean,
) {
  if (Option.isSome(databaseUrl)) {
    yield* checkDatabase(databaseUrl.value)
    return false
  }
  const hasJournal = hasDirectory && (yield* checkJournal())
  yield* checkWhitelist()
  yield* checkRegions()
  return hasJournal
})

/** Without log lines: the report says all that there is to say. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")

/** Prints what the checks find, and how many of them failed. */
export const withReport = <E, R>(checks: Effect.Effect<void, E, R>) =>
  Effect.provide(reported(checks), Layer.merge(Report.layer, quiet))

/** Prints the report. */
export const examine = (mending: Mending) => withReport(examineAll(mending))
