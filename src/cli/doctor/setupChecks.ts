/**
 * Checks of what a start needs besides the spreadsheets: the data directory and the files in it,
 * the catalogue, the credentials, the bot's token.
 */
import { Duration, Effect, FileSystem, Option, Path, type PlatformError, Result } from "effect"
import { Regions } from "../../access/Regions.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { losesTaps } from "../../bot/CallbackMode.ts"
import { type Me, type SettingsChange, Telegram, type WebhookInfo } from "../../bot/Telegram.ts"
import type { TelegramError } from "../../bot/TelegramError.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { readCredentials } from "../../sheets/SheetsClient.ts"
import { verify } from "../copies/workingCopy.ts"
import { checkClock } from "./clockCheck.ts"
import { Report } from "./Report.ts"

/** Whether the bot can work with the directory. With `makes` the check makes a missing one. */
export const checkDirectory = Effect.fnUntraced(function* (makes: boolean) {
  const { dataDir } = yield* Settings
  const report = yield* Report
  const fs = yield* FileSystem.FileSystem
  const toDo = "Give the bot's user a directory of its own, or set another DATA_DIR"
  const found = yield* Effect.result(fs.stat(dataDir))
  if (Result.isFailure(found)) {
    if (!isNotFound(found.failure)) {
      yield* report.fail(`${dataDir} cannot be looked at (${found.failure.reason._tag})`, toDo)
      return false
    }
    if (!makes) {
      yield* report.warn(
        `There is no directory ${dataDir}`,
        "The first start makes it, --fix does at once",
      )
      return false
    }
    const made = yield* Effect.result(fs.makeDirectory(dataDir, { recursive: true, mode: 0o700 }))
    if (Result.isSuccess(made)) yield* report.ok(`the directory ${dataDir} was made`)
    else yield* report.fail(`${dataDir} cannot be made (${made.failure.reason._tag})`, toDo)
    return Result.isSuccess(made)
  }
  if (found.success.type !== "Directory") {
    yield* report.fail(`${dataDir} is not a directory`, toDo)
    return false
  }
  const access = yield* Effect.result(fs.access(dataDir, { readable: true, writable: true }))
  if (Result.isSuccess(access)) yield* report.ok(`the directory ${dataDir} can be written`)
  else yield* report.fail(`${dataDir} cannot be written (${access.failure.reason._tag})`, toDo)
  return Result.isSuccess(access)
})

/**
 * Whether every record of the journal is what was written, every item is in exactly one place, and
 * no other process works with it; there may be none yet. What is looked through is a copy.
 */
export const checkJournal = Effect.fnUntraced(function* () {
  const { dataDir } = yield* Settings
  const report = yield* Report
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(dataDir, "journal.db")
  const size = yield* Effect.option(Effect.map(fs.stat(file), (info) => Number(info.size)))
  if (Option.getOrElse(size, () => 0) === 0) {
    yield* report.ok(`there is no ${file} yet: the first start makes it`)
    return true
  }
  const examined = yield* Effect.result(verify(dataDir))
  if (Result.isSuccess(examined)) {
    const { inJournal, isOlder } = examined.success
    for (const fault of inJournal) yield* report.fail(fault, restoreBackup)
    if (inJournal.length > 0) return false
    yield* report.ok(
      isOlder
        ? `${file} is of an older version: the next start brings it up to date`
        : `${file} can be read, every record of it is sound, and no other process works with it`,
    )
    return true
  }
  const { failure } = examined
  switch (failure._tag) {
    case "DirectoryInUse":
      yield* report.warn(
        `Another process works with ${dataDir}, so ${file} is not looked into`,
        "That is as it should be if the bot is running; it need not be stopped for the other checks",
      )
      return false
    case "JournalDamaged":
      yield* report.fail(failure.message, restoreBackup)
      return false
    case "JournalSealed":
    case "SettingsError":
      yield* report.fail(failure.message, "Nothing was changed. Set JOURNAL_KEY, and start again")
      return false
    case "StorageUnavailable":
      yield* report.fail(`${file}: ${failure.message}`, "Check the disk and who owns the file")
      return false
  }
})

const restoreBackup = "Nothing was changed. Put the newest backup of the directory back"

export const checkWhitelist = Effect.fnUntraced(function* () {
  const report = yield* Report
  const read = yield* Effect.result(
    Effect.provide(
      Whitelist.use(({ all }) => all),
      Whitelist.layer,
    ),
  )
  if (Result.isFailure(read)) {
    return yield* report.fail(read.failure.message, "Repair the file: the bot does not start so")
  }
  const admitted = read.success.filter(({ isApproved }) => isApproved).length
  yield* report.ok(`whitelist.json: ${admitted} let in, ${read.success.length - admitted} not`)
})

export const checkRegions = Effect.fnUntraced(function* () {
  const { dataDir } = yield* Settings
  const report = yield* Report
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(dataDir, "regions.json")
  // The service would make a missing file.
  const missing = yield* Effect.match(fs.stat(file), {
    onFailure: isNotFound,
    onSuccess: () => false,
  })
  if (missing) return yield* report.ok("there is no regions.json yet: REGIONS fills it")
  const read = yield* Effect.result(
    Effect.provide(
      Regions.use(({ all }) => all),
      Regions.layer,
    ),
  )
  if (Result.isFailure(read)) {
    return yield* report.fail(read.failure.message, "Repair the file: the bot does not start so")
  }
  if (read.success.length > 0) return yield* report.ok(`regions.json: ${read.success.length}`)
  yield* report.warn("regions.json holds no region", "Add one with /add_region")
})

export const checkCatalogue = Effect.fnUntraced(function* () {
  const { catalogueFile } = yield* Settings
  const report = yield* Report
  const read = yield* Effect.result(Effect.provide(CatalogueSource, CatalogueSource.layer))
  if (Result.isSuccess(read)) {
    const name = Option.getOrElse(catalogueFile, () => "the one that comes with the bot")
    yield* report.ok(`catalogue: ${name}, ${read.success.resources.length} resources`)
  } else {
    yield* report.fail(read.failure.message, "Repair the file, or unset CATALOGUE_FILE")
  }
  return Result.getSuccess(read)
})

/** Gives the address of the service account, where the credentials can be read. */
export const checkCredentials = Effect.fnUntraced(function* () {
  const { googleCredentials } = yield* Settings
  const report = yield* Report
  const read = yield* Effect.result(readCredentials(googleCredentials))
  if (Result.isSuccess(read)) yield* report.ok(`credentials of ${read.success.email}`)
  else {
    yield* report.fail(read.failure.message, "Give the service account's JSON, or a path to it")
  }
  return Option.map(Result.getSuccess(read), ({ email }) => email)
})

/**
 * Whether Telegram knows the token, whether taps come as the bot needs them, what it may do that it
 * has no use for, how its updates come, and whether the clocks agree. With `fix` the bot's settings
 * are changed.
 */
export const checkTelegram = Effect.fnUntraced(function* (fix: boolean) {
  const report = yield* Report
  const asked = yield* Effect.gen(function* () {
    const telegram = yield* Telegram
    const { me, webhook, clockAhead } = telegram
    return {
      me,
      outcome: fix ? yield* mendSettings(telegram) : "asIs",
      webhook: yield* Effect.option(webhook),
      ahead: yield* clockAhead,
    } as const
  }).pipe(Effect.provide(Telegram.layer), Effect.result, Effect.timeoutOption(patience))
  if (Option.isNone(asked)) {
    return yield* report.fail(
      `Telegram did not answer within ${Duration.format(patience)}`,
      "Check the network of this machine and TELEGRAM_API_ROOT",
    )
  }
  if (Result.isFailure(asked.value)) {
    const { reason } = asked.value.failure
    return yield* report.fail(
      `Telegram refuses BOT_TOKEN (${reason._tag})`,
      "Copy it again from @BotFather",
    )
  }
  const { me, outcome, webhook, ahead } = asked.value.success
  yield* report.ok(`Telegram knows the token: @${me.username} «${me.first_name}», id ${me.id}`)
  yield* reportSettings(me, outcome)
  if (Option.isSome(webhook)) yield* checkWebhook(webhook.value)
  else {
    yield* report.warn("Telegram does not say how the updates of the bot come", "Try again")
  }
  yield* checkClock("Telegram", ahead)
})

/** How the change of the bot's settings ended; `asIs`: nothing was to change, or nobody asked. */
type Outcome = "asIs" | SettingsChange | TelegramError

const mendSettings = ({ me, setSettings }: Telegram["Service"]): Effect.Effect<Outcome> => {
  const off = toSwitchOff(me).map(({ setting }) => [setting, false] as const)
  // Telegram may not tell the mode. To set it once more does no harm then.
  if (off.length === 0 && me.callback_query_mode === "default") return Effect.succeed("asIs")
  return Effect.catch(
    setSettings({ ...Object.fromEntries(off), callback_query_mode: "default" }),
    (error): Effect.Effect<Outcome> => Effect.succeed(error),
  )
}

const reportSettings = Effect.fnUntraced(function* (me: Me, outcome: Outcome) {
  const report = yield* Report
  const found = toSwitchOff(me)
  if (outcome === "changed") {
    for (const { ended } of found) yield* report.ok(`--fix: ${ended}`)
    yield* report.ok('--fix: callback_query_mode is "default", taps come with their message')
    return yield* report.ok(closed)
  }
  if (outcome === "unknown" && found.length > 0) {
    yield* report.warn(
      "--fix: this Bot API server does not know setMySettings",
      "The bot's settings stay as they are until somebody changes them in @BotFather",
    )
  }
  if (typeof outcome !== "string") {
    yield* report.warn(
      `--fix: Telegram did not change the bot's settings (${outcome.message})`,
      "Try again, or change them in @BotFather",
    )
  }
  if (losesTaps(me)) {
    yield* report.fail(
      `callback_query_mode of the bot is "${me.callback_query_mode}": its buttons do not work, since taps come without their message`,
      'The next start of the bot sets it to "default", `npm run doctor -- --fix` does at once',
    )
  }
  const orFix = outcome === "asIs" ? ". `npm run doctor -- --fix` switches it off too" : ""
  for (const { what, toDo } of found) yield* report.warn(what, `${toDo}${orFix}`)
  if (found.length === 0) yield* report.ok(closed)
})

const closed = "the bot is open to no group and no inline mode"

/** The permissions that the bot has and does not need, each with the way to take it back. */
const needless = [
  {
    setting: "can_join_groups",
    ended: "nobody can add the bot to a group any more",
    what: "Anybody may add the bot to a group",
    toDo: "Switch it off (@BotFather, /setjoingroups, Disable): the bot answers in private chats alone, and what is written to it in a group is read by everybody there",
  },
  {
    setting: "can_read_all_group_messages",
    ended: "in groups the bot is sent only what is meant for it",
    what: "The bot is sent every message of the groups that it is in",
    toDo: "Switch it off (@BotFather, /setprivacy, Enable): it has no use for them, and nobody there knows that it is sent what they write",
  },
  {
    setting: "supports_inline_queries",
    ended: "inline mode is off",
    what: "Inline mode is on",
    toDo: "Switch it off (@BotFather, /setinline, then /empty): the bot answers no inline query, so Telegram would pass on for nothing what people type behind its name",
  },
] as const

const toSwitchOff = (me: Me) => needless.filter(({ setting }) => me[setting] === true)

/** Whether updates will come in the way that the settings ask for. */
const checkWebhook = Effect.fnUntraced(function* (found: WebhookInfo) {
  const { webhookUrl } = yield* Settings
  const report = yield* Report
  const count = found.pending_update_count
  const waiting =
    count === 0 ? "no update waits" : `${count} ${count === 1 ? "update waits" : "updates wait"}`
  const wanted = Option.getOrElse(webhookUrl, () => "")
  if (found.url === wanted) {
    yield* report.ok(
      `${wanted === "" ? "no webhook is set, updates are polled" : "the webhook is WEBHOOK_URL"}, ${waiting}`,
    )
  } else if (found.url === "") {
    yield* report.ok(`no webhook is set yet: the start sets WEBHOOK_URL, ${waiting}`)
  } else {
    yield* report.warn(
      `A webhook is set for this token, and it is not the bot's: ${originOf(found.url)}, ${waiting}`,
      `${wanted === "" ? "The start removes it" : "The start sets WEBHOOK_URL in its place"}; stop the program that set it, or the two take the updates from each other`,
    )
  }
  if (found.last_error_message !== undefined) {
    yield* report.warn(
      `The last update that Telegram sent there did not arrive: ${found.last_error_message}`,
      "See that the address can be reached from the internet; docs/deploy.md says how",
    )
  }
})

/** Without the path, in which others may hide a secret. */
const originOf = (address: string) => (URL.canParse(address) ? new URL(address).origin : "another")

const isNotFound = ({ reason }: PlatformError.PlatformError) => reason._tag === "NotFound"

const patience = Duration.seconds(10)
