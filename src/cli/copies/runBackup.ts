/**
 * `account-bot backup`: asks the bot that works with DATA_DIR for a copy, or makes it where no bot
 * runs there. See scheduler/Backups.ts for how the bot is asked.
 */
import {
  Console,
  Duration,
  Effect,
  FileSystem,
  Layer,
  Option,
  Path,
  Random,
  References,
  Schema,
} from "effect"
import { backupAskedPeriod } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { elapsed } from "../../observe/elapsed.ts"
import {
  answerFile,
  BackupAnswer,
  BackupRequest,
  datedName,
  keepNewest,
  requestFile,
} from "../../scheduler/Backups.ts"
import { CopyCheck, copyStoppedJournal, makeCopy } from "../../store/copies.ts"
import { plainly } from "../plainly.ts"
import { inPostgres, inspectionFailed, isInUse, verifyCopy } from "./workingCopy.ts"

/** There is no backup; the sentence says why. */
class BackupRefused extends Schema.TaggedError<BackupRefused>()("BackupRefused", {
  sentence: Schema.String,
}) {
  override get message() {
    return this.sentence
  }
}

export interface Flags {
  readonly to: string
  /** Whether `to` is the directory of many copies. */
  readonly dated: boolean
}

export const runBackup = Effect.fnUntraced(function* ({ to: place, dated }: Flags) {
  const settings = yield* Effect.provide(
    Settings,
    Settings.layerOf("dataDir", "timezone", "backupKeep", "journalKey", "databaseUrl"),
  ).pipe(plainly)
  if (Option.isSome(settings.databaseUrl)) {
    const sentence = inPostgres("backup", "Postgres is backed up by its own means, such as pg_dump")
    return yield* plainly(Effect.fail(new BackupRefused({ sentence })))
  }
  const path = yield* Path.Path
  const directory = path.resolve(place)
  const to = dated ? path.join(directory, yield* datedName) : directory
  const dataDir = path.resolve(settings.dataDir)
  yield* backUp(dataDir, to).pipe(
    Effect.provideService(Settings, settings),
    Effect.provide(quiet),
    plainly,
  )
  yield* Console.log(`A backup was made and checked: ${to}`)
  if (!dated) return
  const [problem] = yield* keepNewest(directory, settings.backupKeep)
  if (problem !== undefined) return yield* plainly(Effect.fail(new BackupsKept({ problem })))
})

/** A new backup is there, and so are old ones that should be gone. */
class BackupsKept extends Schema.TaggedError<BackupsKept>()("BackupsKept", {
  problem: Schema.String,
}) {
  override get message() {
    return `a copy was made, but an old one could not be removed: ${this.problem}`
  }
}

const backUp = Effect.fnUntraced(function* (dataDir: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  const journal = (yield* Path.Path).join(dataDir, "journal.db")
  if (!(yield* Effect.orElseSucceed(fs.exists(journal), () => false))) {
    return yield* new BackupRefused({ sentence: `there is no journal in ${dataDir}` })
  }
  if (yield* isInUse(dataDir)) {
    const answer = yield* asked(dataDir, to)
    if (Option.isSome(answer)) return yield* heard(answer.value)
  }
  // No bot runs there, or it ended before it answered.
  yield* makeCopy({ dataDir, to, copyJournal: copyStoppedJournal(dataDir) }).pipe(
    Effect.provideService(CopyCheck, { check: yield* checkHere }),
  )
})

const heard = ({ problem }: typeof BackupAnswer.Type) =>
  problem === null ? Effect.void : Effect.fail(new BackupRefused({ sentence: problem }))

/** Looks through the copy in this process: nobody waits for its other work. */
const checkHere = Effect.map(
  Effect.context<Settings | FileSystem.FileSystem | Path.Path>(),
  (context) => (work: string) =>
    verifyCopy(work).pipe(Effect.flatMap(inspectionFailed), Effect.provideContext(context)),
)

/** Asks the bot and waits for its answer; none where the bot has ended meanwhile. */
const asked = Effect.fnUntraced(
  function* (dataDir: string, to: string) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const request = path.join(dataDir, requestFile)
    const answer = path.join(dataDir, answerFile)
    const id = String(yield* Random.nextIntBetween(1, Number.MAX_SAFE_INTEGER))
    yield* fs.writeFileString(`${request}.new`, encodeRequest({ id, to }), { mode: 0o600 })
    yield* ownedLike(dataDir, `${request}.new`)
    yield* fs.rename(`${request}.new`, request)
    const since = yield* elapsed
    for (;;) {
      yield* Effect.sleep(lookPause)
      const text = yield* Effect.option(fs.readFileString(answer))
      const found = Option.filter(Option.flatMap(text, decodeAnswer), (each) => each.id === id)
      if (Option.isSome(found)) {
        yield* fs.remove(answer, { force: true })
        return found
      }
      if (!(yield* isInUse(dataDir))) {
        yield* fs.remove(request, { force: true })
        return Option.none()
      }
      const isTaken = !(yield* fs.exists(request))
      const waited = (yield* elapsed) - since
      if (!isTaken && waited > Duration.toMillis(patience)) {
        yield* fs.remove(request, { force: true })
        return yield* new BackupRefused({
          sentence: `the process that works with ${dataDir} does not answer`,
        })
      }
    }
  },
  Effect.catchTag("PlatformError", ({ reason }) =>
    Effect.fail(new BackupRefused({ sentence: `the bot cannot be asked (${reason._tag})` })),
  ),
)

/** The bot must be able to read what an administrator of the machine asks for. */
const ownedLike = Effect.fnUntraced(
  function* (model: string, file: string) {
    const fs = yield* FileSystem.FileSystem
    const { uid, gid } = yield* fs.stat(model)
    if (Option.isSome(uid) && Option.isSome(gid)) yield* fs.chown(file, uid.value, gid.value)
  },
  (self) => Effect.ignore(self),
)

const lookPause = Duration.millis(200)

/** A bot that runs has seen the request by then. */
const patience = Duration.times(backupAskedPeriod, 10)

const encodeRequest = Schema.encodeSync(BackupRequest)
const decodeAnswer = Schema.decodeUnknownOption(BackupAnswer)

/** Without log lines: all that there is to say is printed. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")
