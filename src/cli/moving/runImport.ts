/**
 * `account-bot import`: brings a data directory into the database, in one transaction.
 *
 * A file in the directory says so from before anything is read until for good, so that no bot starts
 * there beside the one of the database: an import that was cut off is repeated.
 */
import {
  Clock,
  Console,
  Effect,
  FileSystem,
  Layer,
  Option,
  Path,
  References,
  Result,
  Schema,
} from "effect"
import { hash } from "node:crypto"
import { Settings } from "../../config/Settings.ts"
import { fileKind, importedKind, movedAway, movedKind } from "../../store/Journal.ts"
import { journalKeys } from "../../store/journalKeys.ts"
import {
  makeDigests,
  movedFiles,
  type MovedRow,
  unequalIn,
} from "../../store/postgres/movedRows.ts"
import {
  bringIn,
  connect,
  documentOf,
  firstFilled,
  putDocument,
  readAll,
  removeAll,
  seize,
  type Session,
  unclear,
} from "../../store/postgres/botRows.ts"
import { isOfCopies, isOfDatabase, rowsIn } from "../../store/postgres/fileRows.ts"
import { sealedAs } from "../../store/resealing.ts"
import { type Database, openDatabase } from "../../store/SqliteDatabase.ts"
import { plainly } from "../plainly.ts"
import type { Inspection } from "../copies/inspect.ts"
import { compared, countedIn, makeProgress, sync, target } from "./moving.ts"
import { inspectionFailed, isInUse, verifyAnd } from "../copies/workingCopy.ts"

/** The database has nothing of it; the sentence says why. */
class ImportRefused extends Schema.TaggedError<ImportRefused>()("ImportRefused", {
  sentence: Schema.String,
}) {
  override get message() {
    return this.sentence
  }
}

const refused = (sentence: string) => new ImportRefused({ sentence })

export const runImport = Effect.fnUntraced(function* (place: string) {
  const settings = yield* Effect.provide(
    Settings,
    Settings.layerOf("timezone", "journalKey", "databaseUrl", "botName"),
  ).pipe(plainly)
  const from = (yield* Path.Path).resolve(place)
  yield* movedIn(from).pipe(
    Effect.mapError((error) =>
      refused(
        error._tag === "PlatformError" ? `the disk refuses (${error.reason._tag})` : error.message,
      ),
    ),
    Effect.scoped,
    Effect.provideService(Settings, settings),
    Effect.provide(quiet),
    plainly,
  )
})

const movedIn = Effect.fnUntraced(function* (from: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!(yield* fs.exists(path.join(from, "journal.db")))) {
    return yield* refused(`there is no journal in ${from}`)
  }
  const { url, bot } = yield* Effect.mapError(target, refused)
  const session = yield* connect(url)
  const mark = yield* markMoving(from, bot)
  const found = yield* Effect.result(
    verifyAnd(from, (copy, inspection) => brought(session, bot, { from, copy, inspection })),
  )
  if (Result.isFailure(found)) {
    const error = found.failure
    if (error._tag === "StorageUnavailable" && error.operation === unclear) {
      return yield* refused(
        `no answer came to the end of it, so nobody knows whether the database has it: run this once more (${error.message})`,
      )
    }
    yield* mark.remove
    return yield* error._tag === "CopyUnsound" || error._tag === "JournalDamaged"
      ? refused(`${from} is not sound: ${error.message}`)
      : refused(error.message)
  }
  yield* mark.settle
  const { counts } = found.success
  if (counts === undefined) {
    yield* Console.log(`${from} is in the database as "${bot}" already; nothing was changed there.`)
  } else {
    yield* Console.log(`${from} was moved to the database as "${bot}".`)
  }
  yield* Console.log("No bot starts on the directory any more; keep it until you have a backup.")
  yield* Console.log("verified")
})

/** Says in the directory that it is on its way, unless somebody works with it. */
const markMoving = Effect.fnUntraced(function* (from: string, bot: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(from, movedAway)
  const write = Effect.fnUntraced(function* (state: (typeof MovedMark.Type)["state"]) {
    const at = yield* Clock.currentTimeMillis
    yield* fs.writeFileString(file, `${encodeMark({ state, bot, at })}\n`, { mode: 0o600 })
    yield* sync(file)
    yield* sync(from)
  })
  const inUse = refused(`another process works with ${from}: stop it first`)
  if (yield* isInUse(from)) return yield* inUse
  const known = Option.flatMap(yield* Effect.option(fs.readFileString(file)), decodeMark)
  const isMoved = Option.exists(known, ({ state }) => state === "moved")
  if (Option.exists(known, (mark) => mark.bot !== bot)) {
    return yield* refused(
      `the bot of ${from} was moved to a database under another BOT_NAME before: ${file} says which`,
    )
  }
  if (!isMoved) yield* write("moving")
  // A bot that started in between has the data now.
  if (yield* isInUse(from)) {
    if (Option.isNone(known)) yield* fs.remove(file, { force: true })
    return yield* inUse
  }
  return {
    remove: Option.isNone(known)
      ? Effect.andThen(fs.remove(file, { force: true }), sync(from))
      : Effect.void,
    settle: isMoved ? Effect.void : write("moved"),
  }
})

const MovedMark = Schema.Struct({
  state: Schema.Literals(["moving", "moved"]),
  bot: Schema.String,
  at: Schema.Finite,
})
const encodeMark = Schema.encodeSync(Schema.fromJsonString(MovedMark))
const decodeMark = Schema.decodeUnknownOption(Schema.fromJsonString(MovedMark))

interface Source {
  readonly from: string
  readonly copy: string
  readonly inspection: Inspection
}

/** Brings the copy in. Gives what it comes to; nothing where it is in the database already. */
const brought = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  { from, copy, inspection }: Source,
) {
  const path = yield* Path.Path
  yield* inspectionFailed(inspection)
  const keys = yield* journalKeys
  const database = yield* Effect.acquireRelease(
    Effect.sync(() => openDatabase(path.join(copy, "journal.db"))),
    (opened) => Effect.sync(() => opened.close()),
  )
  const rows = withFiles(rowsIn(database, sealedAs(database, keys)), yield* filesIn(copy))
  const at = yield* Clock.currentTimeMillis
  return yield* session.transaction(
    "BEGIN",
    Effect.gen(function* () {
      yield* seize(session, bot, at)
      const standing = yield* standingIn(session, bot, { database, rows })
      if (standing === "same") return { counts: undefined }
      if (typeof standing === "string") return yield* refused(standing)
      if (standing.isLeftOver) yield* removeAll(session, bot)
      const left = yield* bringIn(session, bot, rows, makeProgress("brought in"))
      const arrived = yield* readAll(session, bot, () => {}, makeProgress("read back"))
      const unequal = unequalIn(left, arrived)
      const counts = yield* countedIn(session, bot, arrived)
      const different = yield* compared(inspection.census, counts)
      if (unequal !== undefined || different !== undefined) {
        return yield* refused(`what arrived is not what is in ${from} (${unequal ?? different})`)
      }
      yield* putDocument(session, bot, {
        kind: importedKind,
        body: { history: historyOf(rows), at },
      })
      return { counts }
    }),
  )
}, Effect.scoped)

type Rows = ReturnType<typeof rowsIn>

/**
 * Looks at what the database holds of the bot already. Answers that they are the very same data,
 * whether rows that were moved out are to be replaced, or with the sentence why the import may not go on.
 */
const standingIn = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  { database, rows }: { readonly database: Database; readonly rows: Rows },
) {
  const filled = yield* firstFilled(session, bot)
  if (filled === undefined) return { isLeftOver: false }
  const imported = decodeImported(yield* documentOf(session, bot, importedKind))
  const moved = decodeMoved(yield* documentOf(session, bot, movedKind))
  if (Option.isNone(moved)) {
    return Option.exists(imported, ({ history }) => history === historyOf(rows))
      ? "same"
      : `the database has another history of the bot "${bot}" (table ${filled}): take another BOT_NAME`
  }
  if (moved.value.state === "moving") {
    return `an export of the bot "${bot}" was cut off: repeat that first`
  }
  const [last] = yield* session.run(
    "SELECT coalesce(max(seq), 0)::float8 AS seq FROM event WHERE bot = $1",
    [bot],
  )
  return lastSeqIn(database) >= Number(last?.["seq"])
    ? { isLeftOver: true }
    : `the database had later events of the bot "${bot}" when it was moved out: this directory is older`
})

const lastSeqIn = (database: Database) =>
  Number(database.prepare("SELECT coalesce(max(seq), 0) AS seq FROM event").get()?.["seq"])

/** By which a directory is known again, whatever copies were made of it. */
const historyOf = (rows: Rows): string => {
  const digests = makeDigests()
  for (const row of rows.event()) digests.add("event", row)
  for (const row of rows.document()) {
    if (!isOfCopies(row["kind"])) digests.add("document", row)
  }
  const { event, document } = digests.all()
  return hash("sha256", JSON.stringify([event, document]), "hex")
}

const decodeImported = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ history: Schema.String })),
)
const decodeMoved = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ state: Schema.Literals(["moving", "moved"]) })),
)

/** The JSON files, as documents. */
const filesIn = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const found: Array<MovedRow> = []
  for (const key of movedFiles) {
    const file = path.join(directory, key)
    if (!(yield* fs.exists(file))) continue
    // They were read before, as the directory was looked through.
    const value: unknown = JSON.parse((yield* fs.readFileString(file)).replace(/^\uFEFF/, ""))
    found.push({ kind: fileKind, key, seq: 0, body: JSON.stringify(value) })
  }
  return found
})

const withFiles = (rows: Rows, files: ReadonlyArray<MovedRow>): Rows => ({
  ...rows,
  document: function* () {
    // The database counts updates and documents together, and nobody minds gaps.
    let seq = 0
    for (const row of rows.document()) {
      if (isOfDatabase(row["kind"])) continue
      seq += 1
      yield { ...row, seq }
    }
    for (const row of files) {
      seq += 1
      yield { ...row, seq }
    }
  } satisfies () => Generator<MovedRow>,
})

/** Without log lines: all that there is to say is printed. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")
