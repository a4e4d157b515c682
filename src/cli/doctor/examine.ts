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
import { Settings, type SettingsError } from "../../config/Settings.ts"
import { SheetsClient } from "../../sheets/SheetsClient.ts"
import { checkClock } from "./clockCheck.ts"
import { checkBot, checkDatabase, checkForBots } from "./databaseChecks.ts"
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
  } else yield* tellFaults(settings.failure)
  yield* summed
})

const tellFaults = Effect.fnUntraced(function* ({ faults }: SettingsError) {
  const report = yield* Report
  for (const { name, problem, example } of faults) {
    yield* report.fail(
      `${name} ${problem}`,
      example === undefined ? `Take ${name} out of .env` : `Write ${name}=${example} into .env`,
    )
  }
  yield* Console.log("The rest is looked at once the settings are right.")
})

const summed = Effect.gen(function* () {
  const { failures, warnings } = yield* Report.use(({ count }) => count)
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
  const { databaseUrl } = yield* Settings
  const hasDirectory = yield* checkDirectory(fix)
  const hasJournal = yield* checkData(databaseUrl, hasDirectory)
  yield* examineOutside({ tabs: fix, bot }, hasJournal)
})

/** The catalogue, Telegram and Google. Tabs are made where `hasJournal`. */
const examineOutside = Effect.fnUntraced(function* (
  { tabs: fix, bot }: Mending,
  hasJournal: boolean,
) {
  const report = yield* Report
  const { databaseUrl } = yield* Settings
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

/** Looks at the process, at each file of BOTS_DIR and at the bot of each. */
const examineBots = Effect.fnUntraced(function* (directory: string, mending: Mending) {
  const report = yield* Report
  const settings = yield* Effect.result(Effect.provide(Settings, Settings.layerProcess))
  if (Result.isFailure(settings)) return yield* tellFaults(settings.failure)
  yield* report.ok("the settings of the process can be read")
  const { readBots } = yield* Effect.promise(() => import("../../cluster/Bots.ts"))
  const read = yield* Effect.result(readBots(directory))
  if (Result.isFailure(read)) {
    return yield* report.fail(read.failure.message, "Make the directory, or set another BOTS_DIR")
  }
  const { byName, unknown } = read.success
  if (byName.size === 0) {
    yield* report.warn(`There is no bot in ${directory}`, "Put a file NAME.env there for each")
  }
  const inDatabase = yield* Effect.gen(function* () {
    yield* checkDirectory(mending.tabs)
    const { databaseUrl } = settings.success
    return Option.isSome(databaseUrl) && (yield* checkForBots(databaseUrl.value, byName.size))
      ? databaseUrl
      : Option.none<Redacted.Redacted>()
  }).pipe(Effect.provideService(Settings, settings.success))
  for (const place of unknown) yield* report.warn(place, "Correct the name, or take the line out")
  for (const [name, bot] of byName) {
    if (bot._tag === "Faulty") {
      for (const fault of bot.faults) yield* report.fail(fault, "This bot does not run so")
      continue
    }
    const about = report.about(name)
    yield* about.ok("its file can be read")
    yield* Option.match(inDatabase, { onNone: () => Effect.void, onSome: checkBot }).pipe(
      Effect.andThen(examineOutside(mending, false)),
      Effect.provideService(Settings, bot.settings),
      Effect.provideService(Report, about),
    )
  }
})

/** Prints the report. */
export const examine = Effect.fnUntraced(function* (mending: Mending) {
  const process = yield* Effect.result(Effect.provide(Settings, Settings.layerOf("botsDir")))
  const botsDir = Result.isSuccess(process) ? process.success.botsDir : Option.none<string>()
  return yield* Option.match(botsDir, {
    onNone: () => withReport(examineAll(mending)),
    onSome: (directory) =>
      Effect.andThen(examineBots(directory, mending), summed).pipe(
        Effect.provide(Layer.merge(Report.layer, quiet)),
      ),
  })
})
