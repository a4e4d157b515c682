/** Checks of what is on this machine: the data directory, the files in it, the catalogue, the key. */
import { Effect, FileSystem, Option, Path, type PlatformError, Result } from "effect"
import { Regions } from "../../access/Regions.ts"
import { Whitelist } from "../../access/Whitelist.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { readCredentials } from "../../sheets/SheetsClient.ts"
import { migrations } from "../../store/SqliteConnection.ts"
import { SqliteJournal } from "../../store/SqliteJournal.ts"
import type { Database } from "../../store/sqliteTables.ts"
import { Report } from "./Report.ts"

/** Whether the directory can be worked with. `makes`: it is made where it is missing. */
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

/** Whether nobody else has the journal and it can be read, or there is none yet. */
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
  const opened = yield* Effect.result(Effect.provide(Effect.void, untouched))
  if (Result.isSuccess(opened)) {
    yield* report.ok(`${file} can be read, and no other process works with it`)
    return true
  }
  const { failure } = opened
  switch (failure._tag) {
    case "DirectoryInUse":
      yield* report.warn(
        `Another process works with ${dataDir}, so ${file} is not looked into`,
        "That is as it should be if the bot is running; it need not be stopped for the other checks",
      )
      return false
    case "JournalDamaged":
      yield* report.fail(failure.message, "Put the newest backup of the directory back")
      return false
    case "StorageUnavailable":
      if (failure.cause instanceof OlderJournal) {
        yield* report.ok(`${file} is of an older version: the next start brings it up to date`)
        return true
      }
      yield* report.fail(`${file}: ${failure.message}`, "Check the disk and who owns the file")
      return false
  }
})

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
  // Where there is none the service would make it.
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

/** The address of the service account. */
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

const isNotFound = ({ reason }: PlatformError.PlatformError) => reason._tag === "NotFound"

class OlderJournal extends Error {}

/** Opens the journal as a start does, and takes back what a start would change. */
const untouched = SqliteJournal.layerWith((database): Database => ({
  exec: (sql) => {
    if (migrations.includes(sql)) throw new OlderJournal()
    database.exec(sql === "COMMIT" ? "ROLLBACK" : sql)
  },
  prepare: (sql) => database.prepare(sql),
  get isTransaction() {
    return database.isTransaction
  },
  close: () => database.close(),
}))
