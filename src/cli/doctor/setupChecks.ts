/**
 * Checks of what a start needs besides the spreadsheets: the data directory and the files in it,
 * the catalogue, the credentials, the bot's token.
 */
import {
  Duration,
  Effect,
  FileSystem,
  Option,
  Path,
  type PlatformError,
  Redacted,
  Result,
  Schema,
} from "effect"
import { FetchHttpClient, HttpClient, HttpClientResponse } from "effect/http"
import { Regions } from "../../access/Regions.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { Telegram } from "../../bot/Telegram.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { readCredentials } from "../../sheets/SheetsClient.ts"
import { verify } from "../copies/workingCopy.ts"
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

/** Whether Telegram knows the token, and whether updates will come to a bot that polls. */
export const checkTelegram = Effect.fnUntraced(function* () {
  const report = yield* Report
  const asked = yield* Effect.provide(
    Telegram.use(({ me }) => Effect.succeed(me)),
    Telegram.layer,
  ).pipe(Effect.result, Effect.timeoutOption(patience))
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
  yield* report.ok(`Telegram knows the token: @${asked.value.success.username}`)
  if (Option.getOrElse(yield* webhook, () => "") !== "") {
    yield* report.warn(
      "A webhook is set for this token, so the bot gets no updates",
      "Stop the program that set it, or call deleteWebhook",
    )
  }
})

const isNotFound = ({ reason }: PlatformError.PlatformError) => reason._tag === "NotFound"

const patience = Duration.seconds(10)

const WebhookInfo = Schema.Struct({ result: Schema.Struct({ url: Schema.String }) })

/**
 * The address of the webhook; none if Telegram does not say it. The failure is not shown, because
 * the address that was called holds the token.
 */
const webhook = Effect.gen(function* () {
  const { botToken, telegramApiRoot } = yield* Settings
  const root = Option.getOrElse(telegramApiRoot, () => "https://api.telegram.org")
  const client = yield* HttpClient.HttpClient
  const response = yield* client.get(`${root}/bot${Redacted.value(botToken)}/getWebhookInfo`)
  const info = yield* HttpClientResponse.schemaBodyJson(WebhookInfo)(response)
  return info.result.url
}).pipe(Effect.timeout(patience), Effect.option, Effect.provide(FetchHttpClient.layer))
