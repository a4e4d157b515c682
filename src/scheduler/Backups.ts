/**
 * Backups while the bot runs: by the clock into BACKUP_DIR, and when `account-bot backup` asks.
 *
 * The journal is locked, so nobody else can copy it. Whoever wants a copy leaves a file in the data
 * directory that names the place, and finds the answer in another file there: that needs no port and
 * no socket, works over every kind of volume, and whoever may write there owns the data anyway.
 */
import {
  Clock,
  Context,
  DateTime,
  Duration,
  Effect,
  FileSystem,
  Layer,
  Option,
  Path,
  Ref,
  Result,
  Schema,
  Semaphore,
} from "effect"
import { backupAskedPeriod, backupRetry, inboxKept } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { Alarms } from "../observe/Alarms.ts"
import { every, supervise } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Vitals } from "../observe/Vitals.ts"
import { type CopyFailed, makeCopy, stampOf } from "../store/copies.ts"
import { copiesKind, Journal } from "../store/Journal.ts"

/** What is asked for: the place of the copy, by a name that the answer repeats. */
export const BackupRequest = Schema.fromJsonString(
  Schema.Struct({ id: Schema.String, to: Schema.String }),
)
/** What came of it; `problem`: why there is no copy. */
export const BackupAnswer = Schema.fromJsonString(
  Schema.Struct({ id: Schema.String, problem: Schema.NullOr(Schema.String) }),
)

/** The two files in a data directory. */
export const requestFile = "backup.request"
export const answerFile = "backup.answer"

export class Backups extends Context.Service<
  Backups,
  {
    /** Makes a backup of that name; it is whole and checked when it returns. */
    make(to: string): Effect.Effect<void, CopyFailed>
    /** Makes the backup that somebody has asked for since the last look, if anybody has. */
    readonly answer: Effect.Effect<void>
    /** Makes a backup in the directory, drops the oldest, and answers how long the next one waits. */
    byTheClock(directory: string): Effect.Effect<Duration.Duration>
  }
>()("account-bot/scheduler/Backups") {
  static readonly layer = Layer.effect(
    Backups,
    Effect.gen(function* () {
      const { dataDir, backupEvery, backupKeep } = yield* Settings
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const journal = yield* Journal
      const alarms = yield* Alarms
      const vitals = yield* Vitals
      const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      const turn = yield* Semaphore.make(1)
      const last = yield* Ref.make(0)

      const noted = (at: number) =>
        Effect.andThen(
          Ref.update(last, (before) => Math.max(before, at)),
          vitals.measure("backupAt", Ref.get(last)),
        )

      const make = Effect.fn("Backups.make")(function* (to: string) {
        const began = yield* Clock.currentTimeMillis
        // Before the copy is made, so that what is taken from now on stays where a start on it looks.
        yield* noteCopy(began)
        const madeAt = yield* makeCopy({ dataDir, to, copyJournal: journal.copyTo })
        yield* noted(madeAt)
        yield* Effect.logInfo(`a backup was made: ${to}`).pipe(
          Effect.annotateLogs({ ms: madeAt - began }),
        )
      }, turn.withPermit)

      const noteCopy = Effect.fnUntraced(
        function* (at: number) {
          const before = at - Duration.toMillis(inboxKept)
          const old = (yield* journal.documents(copiesKind)).filter(
            ({ key }) => Number(key) < before,
          )
          yield* journal.write([
            ...old.map(({ key }) => ({ _tag: "DocumentRemoved" as const, kind: copiesKind, key })),
            { _tag: "DocumentPut", kind: copiesKind, key: String(at), body: {} },
          ])
        },
        // The copy will say better what the disk does.
        (self) => Effect.ignore(self),
      )

      const tell = (id: string, problem: string | null) => {
        const file = path.join(dataDir, answerFile)
        return Effect.andThen(
          fs.writeFileString(`${file}.new`, encodeAnswer({ id, problem }), { mode: 0o600 }),
          fs.rename(`${file}.new`, file),
        )
      }

      const request = path.join(dataDir, requestFile)
      const answer = Effect.gen(function* () {
        if (!(yield* fs.exists(request))) return
        const text = yield* fs.readFileString(request)
        yield* fs.remove(request, { force: true })
        const asked = decodeRequest(text)
        if (Option.isNone(asked))
          return yield* Effect.logWarning("a request for a backup is unreadable")
        const { id, to } = asked.value
        const made = yield* Effect.result(make(to))
        if (Result.isFailure(made))
          yield* Effect.logError(`no backup was made: ${made.failure.message}`)
        yield* tell(id, Result.isFailure(made) ? made.failure.message : null)
      }).pipe(
        Effect.catchTag("PlatformError", ({ reason }) =>
          Effect.logError(`a request for a backup cannot be answered (${reason._tag})`),
        ),
        Effect.provideContext(context),
        Effect.withSpan("Backups.answer"),
      )

      const byTheClock = Effect.fn("Backups.byTheClock")(function* (directory: string) {
        const now = yield* Clock.currentTimeMillis
        const [newest] = yield* standing(directory)
        yield* noted(newest?.at ?? 0)
        const age = newest === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - newest.at)
        const left = Duration.toMillis(backupEvery) - age
        if (left > 0) return Duration.millis(left)
        const made = yield* Effect.result(make(path.join(directory, nameAt(now))))
        if (Result.isFailure(made)) {
          const { message, reason } = made.failure
          yield* Effect.logError(`no backup was made: ${message}`)
          const isUnsound = reason === "unsound"
          yield* alarms.raise({ _tag: "BackupFailed", reason: isUnsound ? "unsound" : "disk" })
          return backupRetry
        }
        yield* alarms.clear({ _tag: "BackupFailed", reason: "disk" })
        for (const problem of yield* keepNewest(directory, backupKeep)) {
          yield* Effect.logWarning(problem)
        }
        return backupEvery
      }, Effect.provideContext(context))

      return Backups.of({
        make: (to) => Effect.provideContext(make(to), context),
        answer,
        byTheClock,
      })
    }),
  ).pipe(Layer.provide(Vitals.layer))

  static readonly layerLoops = Layer.effectDiscard(
    Effect.gen(function* () {
      const { backupDir } = yield* Settings
      const { answer, byTheClock } = yield* Backups
      const caughtUp = yield* CaughtUp
      yield* every("requests for backups", backupAskedPeriod)(answer)
      if (Option.isNone(backupDir)) return
      const round = Effect.flatMap(byTheClock(backupDir.value), Effect.sleep)
      yield* Effect.andThen(caughtUp.wait, round).pipe(supervise("backups"))
    }),
  )
}

const decodeRequest = Schema.decodeUnknownOption(BackupRequest)
const encodeAnswer = Schema.encodeSync(BackupAnswer)

const nameAt = (at: number) => `account-bot-${stampOf(at)}`

/** How a backup is called that is made now, among others of one directory. */
export const datedName = Effect.map(Clock.currentTimeMillis, nameAt)

/** When a backup of that name was made; none where the name is another one. */
const madeAtOf = (name: string): Option.Option<number> => {
  const [, day, hours, minutes, seconds] =
    /^account-bot-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z$/.exec(name) ?? []
  return Option.map(DateTime.make(`${day}T${hours}:${minutes}:${seconds}Z`), DateTime.toEpochMillis)
}

/** The backups of a directory that are called by their time, the newest first. */
const standing = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* Effect.orElseSucceed(fs.readDirectory(directory), () => [])
  return names
    .flatMap((name) => Option.toArray(Option.map(madeAtOf(name), (at) => ({ name, at }))))
    .toSorted((a, b) => b.at - a.at)
})

/** Removes all of those but the newest, and answers why some of them are still there. */
export const keepNewest = Effect.fnUntraced(function* (directory: string, count: number) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const problems: Array<string> = []
  for (const { name } of (yield* standing(directory)).slice(count)) {
    const removed = yield* Effect.result(
      fs.remove(path.join(directory, name), { recursive: true, force: true }),
    )
    if (Result.isFailure(removed)) problems.push(removed.failure.message)
  }
  return problems
})
