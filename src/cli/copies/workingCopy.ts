/**
 * A data directory that nobody works with, copied to where it may be opened: whoever opens a journal
 * writes into it, be it only what its log holds.
 */
import { Effect, FileSystem, Option, Path, PlatformError } from "effect"
import { copyName, CopyUnsound, isJson } from "../../store/copies.ts"
import { DirectoryInUse, StorageUnavailable, unfinishedRestore } from "../../store/Journal.ts"
import * as SqliteConnection from "../../store/SqliteConnection.ts"
import { isKept, openDatabase } from "../../store/SqliteDatabase.ts"
import { type Inspection, inspect } from "./inspect.ts"

/**
 * Whether another process works with the directory. A bot that runs keeps the log of its journal
 * for itself; where there is no log, nobody does.
 */
export const isInUse = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(directory, "journal.db")
  const hasLog = yield* Effect.orElseSucceed(fs.exists(`${file}-wal`), () => false)
  return hasLog && isKept(file)
})

/** The sentence with which a command for files refuses a bot whose data are in Postgres. */
export const inPostgres = (command: string, toDo: string) =>
  `${command} is for data in files, and DATABASE_URL says that those of this bot are in Postgres. ${toDo}.`

/** Looks through a data directory and changes nothing in it. */
export const verify = (directory: string) =>
  verifyAnd(directory, (_, inspection) => Effect.succeed(inspection))

/**
 * Looks through a data directory, and does something with the copy that was looked through: it is of
 * this version then, unless it is not sound. The copy is gone afterwards.
 */
export const verifyAnd = Effect.fn("verify")(
  function* <A, E, R>(
    directory: string,
    use: (copy: string, inspection: Inspection) => Effect.Effect<A, E, R>,
  ) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    if (yield* isInUse(directory)) return yield* new DirectoryInUse({ directory })
    const work = yield* fs.makeTempDirectoryScoped({ prefix: "account-bot-verify-" })
    const copy = path.join(work, copyName)
    yield* fs.makeDirectory(copy, { mode: 0o700 })
    const stamps = Effect.flatMap(dataFiles(directory), (names) =>
      Effect.forEach(names, (name) => stampOf(path.join(directory, name))),
    )
    const before = yield* stamps
    for (const name of yield* dataFiles(directory)) {
      yield* fs.copyFile(path.join(directory, name), path.join(copy, name))
      yield* fs.chmod(path.join(copy, name), 0o600)
    }
    // Somebody may have started the bot meanwhile.
    const isSame = JSON.stringify(yield* stamps) === JSON.stringify(before)
    if (!isSame || (yield* isInUse(directory))) return yield* new DirectoryInUse({ directory })
    const found = yield* inspect(copy, work)
    const isCutOff = yield* fs.exists(path.join(directory, unfinishedRestore))
    return yield* use(
      copy,
      isCutOff
        ? { ...found, inJournal: ["a restore was cut off: repeat it", ...found.inJournal] }
        : found,
    )
  },
  (self, directory) => unavailable(directory)(Effect.scoped(self)),
)

/** Looks through the copy that lies in the directory `work`, where it lies. */
export const verifyCopy = Effect.fn("verifyCopy")(
  function* (work: string) {
    const path = yield* Path.Path
    const copy = path.join(work, copyName)
    const journal = path.join(copy, "journal.db")
    const isFormer = yield* Effect.try({
      try: () => SqliteConnection.isOfFormerVersion(() => openDatabase(journal)),
      // The look through the journal below names the fault.
      catch: () => "unreadable",
    }).pipe(Effect.orElseSucceed(() => true))
    // A look would bring it up to date.
    return yield* isFormer ? verify(copy) : inspect(copy, work)
  },
  (self, work) => unavailable(work)(self),
)

/** Fails with the first fault that was found, if there is one. */
export const inspectionFailed = ({ inJournal, inFiles }: Inspection) => {
  const [first] = [...inJournal, ...inFiles]
  return first === undefined ? Effect.void : Effect.fail(new CopyUnsound({ problem: first }))
}

const unavailable =
  (directory: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>) =>
    Effect.mapError(self, (cause) =>
      cause instanceof PlatformError.PlatformError
        ? new StorageUnavailable({
            operation: "verify",
            place: `${directory} (${cause.reason._tag})`,
            cause,
          })
        : withoutPlatform(cause),
    )

const withoutPlatform = <E>(error: E) => error as Exclude<E, PlatformError.PlatformError>

/** The files of a data directory that a copy must have. */
export const dataFiles = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* fs.readDirectory(directory)
  return names.filter((name) => isJournal(name) || isJson(name)).toSorted()
})

const isJournal = (name: string) => name === "journal.db" || name === "journal.db-wal"

const stampOf = Effect.fnUntraced(function* (file: string) {
  const { size, mtime } = yield* (yield* FileSystem.FileSystem).stat(file)
  return [file, Number(size), Option.getOrUndefined(Option.map(mtime, (at) => at.getTime()))]
})
