/**
 * Makes a copy of a data directory: the journal as of one moment, and the JSON files beside it.
 *
 * A copy is a directory, laid out like a data directory. So the bot starts on it as it is, the same
 * check reads both, a person restores it without this program, and whoever searches it for a secret
 * searches plain files. It gets its name once it is whole, checked and on the disk.
 */
import { Clock, Context, DateTime, Effect, FileSystem, Path, Schema } from "effect"
import type { DirectoryInUse, JournalDamaged, StorageUnavailable } from "./Journal.ts"
import * as SqliteConnection from "./SqliteConnection.ts"
import { openDatabase } from "./SqliteDatabase.ts"

/** Nothing has got the name of the copy. */
export class CopyFailed extends Schema.TaggedError<CopyFailed>()("CopyFailed", {
  to: Schema.String,
  reason: Schema.Literals(["disk", "unsound", "taken"]),
  problem: Schema.String,
}) {
  override get message() {
    return `${this.to}: ${this.problem}`
  }
}

/** What a look through a copy found first, or why nobody could look. */
export class CopyUnsound extends Schema.TaggedError<CopyUnsound>()("CopyUnsound", {
  problem: Schema.String,
}) {
  override get message() {
    return this.problem
  }
}

/** Looks through a copy before it gets its name; `work` is the directory in which it lies. */
export class CopyCheck extends Context.Reference<{
  readonly check: (work: string) => Effect.Effect<void, { readonly message: string }>
}>("account-bot/store/copies/CopyCheck", { defaultValue: () => ({ check: () => Effect.void }) }) {}

/** How a copy is called inside the directory in which it is made or looked through. */
export const copyName = "copy"

/** Where a copy of that name is made, beside its place. */
const unfinishedName = (name: string) => `.${name}.making`

/** Whether a directory of that name has a copy that is being made, or that a kill cut off. */
export const isUnfinished = (name: string) => name.startsWith(".") && name.endsWith(".making")

/** What belongs to the data besides the journal; a sign of life is none of it. */
export const isJson = (name: string) => name.endsWith(".json") && name !== "heartbeat.json"

/** A moment as it stands in the name of a copy. */
export const stampOf = (at: number) =>
  DateTime.formatIso(DateTime.makeUnsafe(at))
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-")

interface CopyOrder<E> {
  readonly dataDir: string
  readonly to: string
  readonly copyJournal: (file: string) => Effect.Effect<void, E, FileSystem.FileSystem | Path.Path>
}

type JournalTrouble = StorageUnavailable | DirectoryInUse | JournalDamaged

/** Answers with the moment as of which the copy is. */
export const makeCopy = Effect.fn("makeCopy")(
  function* <E extends JournalTrouble>({ dataDir, to, copyJournal }: CopyOrder<E>) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { check } = yield* CopyCheck
    const failed = (reason: CopyFailed["reason"], problem: string) =>
      new CopyFailed({ to, reason, problem })
    if (yield* fs.exists(to)) {
      return yield* failed("taken", "there is something of that name already")
    }
    const work = path.join(path.dirname(to), unfinishedName(path.basename(to)))
    const copy = path.join(work, copyName)
    yield* Effect.gen(function* () {
      // A copy that a kill cut off.
      yield* fs.remove(work, { recursive: true, force: true })
      const parent = path.dirname(to)
      if (!(yield* fs.exists(parent))) {
        yield* fs.makeDirectory(parent, { recursive: true, mode: 0o700 })
      }
      for (const made of [work, copy]) yield* fs.makeDirectory(made, { mode: 0o700 })
      const journal = path.join(copy, "journal.db")
      yield* fs.writeFile(journal, new Uint8Array(), { mode: 0o600 })
      yield* copyJournal(journal).pipe(Effect.mapError(({ message }) => failed("disk", message)))
      const madeAt = yield* Clock.currentTimeMillis
      yield* Effect.try({
        try: () => SqliteConnection.markCopy(() => openDatabase(journal), { madeAt }),
        catch: () => failed("disk", "the copy of the journal cannot be written"),
      })
      for (const name of (yield* fs.readDirectory(dataDir)).filter(isJson)) {
        yield* copyFile(path.join(dataDir, name), path.join(copy, name))
      }
      yield* check(work).pipe(
        Effect.mapError(({ message }) =>
          failed("unsound", `the copy did not pass its check: ${message}`),
        ),
      )
      for (const name of yield* fs.readDirectory(copy)) yield* sync(path.join(copy, name))
      yield* sync(copy)
      yield* fs.rename(copy, to)
      yield* sync(path.dirname(to))
    }).pipe(Effect.ensuring(Effect.ignore(fs.remove(work, { recursive: true, force: true }))))
    return yield* Clock.currentTimeMillis
  },
  (self, { to }) =>
    Effect.catchTag(self, "PlatformError", ({ reason }) =>
      Effect.fail(
        new CopyFailed({ to, reason: "disk", problem: `the disk refuses (${reason._tag})` }),
      ),
    ),
)

/** Copies the journal of a bot that does not run, whatever version wrote it. */
export const copyStoppedJournal = (dataDir: string) =>
  Effect.fnUntraced(function* (file: string) {
    const journal = (yield* Path.Path).join(dataDir, "journal.db")
    const now = yield* Clock.currentTimeMillis
    yield* Effect.tryPromise({
      try: () =>
        SqliteConnection.copyStopped(
          { directory: dataDir, connect: () => openDatabase(journal) },
          file,
          now,
        ),
      // It throws nothing else.
      catch: (cause) => cause as JournalTrouble,
    })
  })

const copyFile = Effect.fnUntraced(function* (from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.writeFile(to, yield* fs.readFile(from), { mode: 0o600 })
})

/** Some file systems cannot sync a directory; the files are synced all the same. */
const sync = Effect.fnUntraced(
  function* (place: string) {
    const fs = yield* FileSystem.FileSystem
    yield* Effect.scoped(Effect.flatMap(fs.open(place), (file) => file.sync))
  },
  (self) => Effect.ignore(self),
)
