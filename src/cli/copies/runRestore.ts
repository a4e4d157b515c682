/**
 * `account-bot restore`: puts a copy in the place of the data of a bot that does not run.
 *
 * The former data are kept beside the copy. While a restore is under way, a file says so, and no bot
 * starts: a restore that was cut off is repeated.
 */
import { Clock, Console, Effect, FileSystem, Layer, Option, Path, References, Schema } from "effect"
import { Settings } from "../../config/Settings.ts"
import { stampOf } from "../../store/copies.ts"
import { movedAway, unfinishedRestore } from "../../store/Journal.ts"
import * as SqliteConnection from "../../store/SqliteConnection.ts"
import { openDatabase } from "../../store/SqliteDatabase.ts"
import { plainly } from "../plainly.ts"
import { dataFiles, inPostgres, inspectionFailed, isInUse, verify } from "./workingCopy.ts"

/** Nothing was restored; the sentence says why. */
class RestoreRefused extends Schema.TaggedError<RestoreRefused>()("RestoreRefused", {
  sentence: Schema.String,
}) {
  override get message() {
    return this.sentence
  }
}

export const runRestore = Effect.fnUntraced(function* (place: string) {
  const settings = yield* Effect.provide(
    Settings,
    Settings.layerOf("dataDir", "timezone", "journalKey", "databaseUrl"),
  ).pipe(plainly)
  if (Option.isSome(settings.databaseUrl)) {
    const sentence = inPostgres(
      "restore",
      "Postgres is restored by its own means, such as pg_restore",
    )
    return yield* plainly(Effect.fail(new RestoreRefused({ sentence })))
  }
  const path = yield* Path.Path
  const dataDir = path.resolve(settings.dataDir)
  const kept = yield* restored(path.resolve(place), dataDir).pipe(
    Effect.catchTag("PlatformError", ({ reason }) =>
      Effect.fail(new RestoreRefused({ sentence: `the disk refuses (${reason._tag})` })),
    ),
    Effect.provideService(Settings, settings),
    Effect.provide(quiet),
    plainly,
  )
  yield* Console.log(`${place} was restored into ${dataDir}.`)
  if (Option.isSome(kept)) yield* Console.log(`What was there is kept in ${kept.value}.`)
  yield* Console.log(
    "At its next start the bot compares the copy with the spreadsheets, and tells the admins what it found.",
  )
})

/** Answers where the former data are kept; none where there were none. */
const restored = Effect.fnUntraced(function* (from: string, dataDir: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!(yield* fs.exists(path.join(from, "journal.db")))) {
    return yield* new RestoreRefused({ sentence: `there is no journal in ${from}` })
  }
  yield* verify(from).pipe(
    Effect.flatMap(inspectionFailed),
    Effect.mapError(({ _tag, message }) => {
      const isUnread = _tag === "JournalSealed" || _tag === "SettingsError"
      const found = isUnread ? "cannot be looked into" : "is not sound"
      return new RestoreRefused({ sentence: `${from} ${found}: ${message}` })
    }),
  )
  if (!(yield* fs.exists(dataDir))) {
    yield* fs.makeDirectory(dataDir, { recursive: true, mode: 0o700 })
  }
  const marker = path.join(dataDir, unfinishedRestore)
  if (yield* fs.exists(path.join(dataDir, movedAway))) {
    return yield* new RestoreRefused({
      sentence: `the bot of ${dataDir} was moved to a database: set another DATA_DIR`,
    })
  }
  const inUse = new RestoreRefused({
    sentence: `another process works with ${dataDir}: stop it first`,
  })
  if (yield* isInUse(dataDir)) return yield* inUse
  yield* fs.writeFileString(marker, "", { mode: 0o600 })
  // A bot that started in between has the data now.
  if (yield* isInUse(dataDir)) {
    yield* fs.remove(marker, { force: true })
    return yield* inUse
  }
  const work = path.join(dataDir, ".restoring")
  yield* bring(from, work)
  const kept = yield* setAside(dataDir)
  for (const name of yield* fs.readDirectory(work)) {
    yield* fs.rename(path.join(work, name), path.join(dataDir, name))
  }
  yield* fs.remove(work, { recursive: true })
  yield* sync(dataDir)
  yield* fs.remove(marker)
  yield* sync(dataDir)
  return kept
})

/** Copies the backup to where it is renamed from, and has its journal say that it is a copy. */
const bring = Effect.fnUntraced(function* (from: string, work: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const owner = yield* fs.stat(path.dirname(work))
  const own = Effect.fnUntraced(function* (file: string) {
    if (Option.isSome(owner.uid) && Option.isSome(owner.gid)) {
      yield* Effect.ignore(fs.chown(file, owner.uid.value, owner.gid.value))
    }
  })
  yield* fs.remove(work, { recursive: true, force: true })
  yield* fs.makeDirectory(work, { mode: 0o700 })
  for (const name of yield* dataFiles(from)) {
    yield* fs.copyFile(path.join(from, name), path.join(work, name))
    yield* fs.chmod(path.join(work, name), 0o600)
  }
  const { mtime } = yield* fs.stat(path.join(from, "journal.db"))
  const writtenAt = Option.map(mtime, (at) => at.getTime())
  const madeAt = Option.isSome(writtenAt) ? writtenAt.value : yield* Clock.currentTimeMillis
  yield* Effect.try({
    try: () =>
      SqliteConnection.markCopy(() => openDatabase(path.join(work, "journal.db")), { madeAt }),
    catch: () => new RestoreRefused({ sentence: "the copy of the journal cannot be written" }),
  })
  for (const name of yield* fs.readDirectory(work)) {
    yield* own(path.join(work, name))
    yield* sync(path.join(work, name))
  }
})

/** Moves the data that are there to a directory of their own. */
const setAside = Effect.fnUntraced(function* (dataDir: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = (yield* fs.readDirectory(dataDir)).filter(isOfData)
  if (names.length === 0) return Option.none<string>()
  const kept = path.join(dataDir, `replaced-${stampOf(yield* Clock.currentTimeMillis)}`)
  yield* fs.makeDirectory(kept, { recursive: true, mode: 0o700 })
  for (const name of names) yield* fs.rename(path.join(dataDir, name), path.join(kept, name))
  return Option.some(kept)
})

const isOfData = (name: string) => name.startsWith("journal.db") || /\.json(\.new)?$/.test(name)

const sync = Effect.fnUntraced(
  function* (place: string) {
    const fs = yield* FileSystem.FileSystem
    yield* Effect.scoped(Effect.flatMap(fs.open(place), (file) => file.sync))
  },
  // Some file systems cannot sync a directory.
  (self) => Effect.ignore(self),
)

/** Without log lines: all that there is to say is printed. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")
