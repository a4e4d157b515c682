/**
 * `account-bot export`: makes a data directory of what the database has of the bot, as of one moment.
 *
 * Unless a copy is wanted the bot leaves the database: whoever has it loses it first, and a document
 * keeps everybody from starting on it, so that nothing is written there that the directory lacks. The
 * directory gets its name once it is whole and checked.
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
import { Settings } from "../../config/Settings.ts"
import { copyName } from "../../store/copies.ts"
import { dayAtIn } from "../../store/counts.ts"
import { copiesKind, fileKind, movedKind, sealingKind } from "../../store/Journal.ts"
import { journalKeys } from "../../store/journalKeys.ts"
import { makeDigests, movedFiles, movedNames, unequalIn } from "../../store/postgres/movedRows.ts"
import {
  connect,
  documentOf,
  firstFilled,
  isAlive,
  isAnythingIncoming,
  putDocument,
  readAll,
  removeDocument,
  seize,
  type Session,
} from "../../store/postgres/botRows.ts"
import { beginJournal, isOfDatabase, rowsIn } from "../../store/postgres/fileRows.ts"
import { pepperIn, sealedAs } from "../../store/resealing.ts"
import * as SqliteConnection from "../../store/SqliteConnection.ts"
import { openDatabase } from "../../store/SqliteDatabase.ts"
import { plainly } from "../plainly.ts"
import { compared, countedIn, makeProgress, sync, target } from "./moving.ts"
import { inspectionFailed, verifyCopy } from "../copies/workingCopy.ts"

/** There is no new data directory; the sentence says why. */
class ExportRefused extends Schema.TaggedError<ExportRefused>()("ExportRefused", {
  sentence: Schema.String,
}) {
  override get message() {
    return this.sentence
  }
}

const refused = (sentence: string) => new ExportRefused({ sentence })

export interface Flags {
  readonly to: string
  /** Whether the bot stays in the database. */
  readonly copy: boolean
}

export const runExport = Effect.fnUntraced(function* ({ to: place, copy }: Flags) {
  const settings = yield* Effect.provide(
    Settings,
    Settings.layerOf("timezone", "journalKey", "databaseUrl", "botName"),
  ).pipe(plainly)
  const to = (yield* Path.Path).resolve(place)
  yield* exported(to, copy).pipe(
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

const exported = Effect.fnUntraced(function* (to: string, isCopy: boolean) {
  const fs = yield* FileSystem.FileSystem
  const isThere = yield* fs.exists(to)
  if (isThere && (yield* Effect.orElseSucceed(fs.readDirectory(to), () => [to])).length > 0) {
    return yield* refused(`there is something at ${to} already: name another directory`)
  }
  const { url, bot } = yield* Effect.mapError(target, refused)
  const session = yield* connect(url)
  if ((yield* firstFilled(session, bot)) === undefined) {
    return yield* refused(`the database has nothing of a bot "${bot}": look at BOT_NAME`)
  }
  if (isCopy) {
    yield* made(session, { bot, to, isCopy })
    yield* Console.log(`${to} is a copy of the bot "${bot}", which stays in the database.`)
    return yield* Console.log("verified")
  }
  yield* leave(session, bot)
  const outcome = yield* Effect.result(made(session, { bot, to, isCopy }))
  if (Result.isFailure(outcome)) {
    yield* Effect.ignore(removeDocument(session, bot, movedKind))
    return yield* Effect.fail(outcome.failure)
  }
  yield* settle(session, bot)
  yield* Console.log(`The bot "${bot}" was moved to ${to}.`)
  yield* Console.log(
    "No bot starts on the database any more. Take DATABASE_URL out of the settings and set DATA_DIR.",
  )
  yield* Console.log("verified")
})

/** From here on nobody writes in the database: whoever had the bot has lost it. */
const leave = (session: Session, bot: string) =>
  session.transaction(
    "BEGIN",
    Effect.gen(function* () {
      if (yield* isAlive(session, bot)) {
        return yield* refused(
          `a process works with the bot "${bot}": stop it first, or ask for a copy with --copy`,
        )
      }
      if (yield* isAnythingIncoming(session, bot)) {
        return yield* refused(
          `updates from Telegram wait in the database for the bot "${bot}": start it, so that it takes them, and stop it again`,
        )
      }
      const at = yield* Clock.currentTimeMillis
      yield* seize(session, bot, at)
      const moved = decodeMoved(yield* documentOf(session, bot, movedKind))
      if (Option.exists(moved, ({ state }) => state === "moved")) {
        return yield* refused(
          `the bot "${bot}" was moved out of the database before: only a copy of what it was then can be had, with --copy`,
        )
      }
      yield* putDocument(session, bot, { kind: movedKind, body: { state: "moving", at } })
    }),
  )

const settle = Effect.fnUntraced(function* (session: Session, bot: string) {
  const at = yield* Clock.currentTimeMillis
  yield* putDocument(session, bot, { kind: movedKind, body: { state: "moved", at } })
})

const decodeMoved = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ state: Schema.Literals(["moving", "moved"]) })),
)

interface Order {
  readonly bot: string
  readonly to: string
  readonly isCopy: boolean
}

/** Makes the directory under another name beside its place, checks it, and gives it its name. */
const made = Effect.fnUntraced(function* (session: Session, { bot, to, isCopy }: Order) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const parent = path.dirname(to)
  const work = path.join(parent, `.${path.basename(to)}.making`)
  const copy = path.join(work, copyName)
  yield* Effect.gen(function* () {
    // One that a kill cut off.
    yield* fs.remove(work, { recursive: true, force: true })
    if (!(yield* fs.exists(parent))) {
      yield* fs.makeDirectory(parent, { recursive: true, mode: 0o700 })
    }
    for (const directory of [work, copy]) yield* fs.makeDirectory(directory, { mode: 0o700 })
    const { counts, madeAt } = yield* session.transaction(
      "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
      written(session, { bot, copy }),
    )
    if (isCopy) {
      const journal = path.join(copy, "journal.db")
      yield* Effect.try({
        try: () => SqliteConnection.markCopy(() => openDatabase(journal), { madeAt }),
        catch: () => refused("the copy of the journal cannot be written"),
      })
      // A start on the copy finds in the inbox tab what the bot took since, for as long as it is kept there.
      yield* putDocument(session, bot, { kind: copiesKind, key: String(madeAt), body: {} })
    }
    const inspection = yield* verifyCopy(work).pipe(
      Effect.tap(inspectionFailed),
      Effect.mapError(({ message }) => refused(`what was made did not pass its check: ${message}`)),
    )
    const different = yield* compared(inspection.census, counts)
    if (different !== undefined) {
      return yield* refused(`what was made is not what the database has (${different})`)
    }
    for (const name of yield* fs.readDirectory(copy)) yield* sync(path.join(copy, name))
    yield* sync(copy)
    // An empty directory of that name gives way.
    yield* fs.rename(copy, to)
    yield* sync(parent)
  }).pipe(Effect.ensuring(Effect.ignore(fs.remove(work, { recursive: true, force: true }))))
})

/** Writes what the database has into the directory, and compares the rows one by one. */
const written = Effect.fnUntraced(function* (
  session: Session,
  { bot, copy }: { readonly bot: string; readonly copy: string },
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { timezone } = yield* Settings
  const keys = yield* journalKeys
  const madeAt = yield* Clock.currentTimeMillis
  const pepper = pepperIn(yield* documentOf(session, bot, sealingKind))
  const place = path.join(copy, "journal.db")
  yield* fs.writeFile(place, new Uint8Array(), { mode: 0o600 })
  const database = yield* Effect.acquireRelease(
    Effect.sync(() => openDatabase(place)),
    (opened) => Effect.sync(() => opened.close()),
  )
  const making = beginJournal(database, { keys, pepper, dayAt: dayAtIn(timezone) })
  const left = makeDigests()
  const files: Array<readonly [string, unknown]> = []
  const all = yield* readAll(
    session,
    bot,
    (name, row) => {
      const { kind, key, body } = row
      if (name === "document" && kind === fileKind && movedFiles.includes(String(key))) {
        files.push([String(key), JSON.parse(String(body))])
      }
      if (name === "document" && (isOfDatabase(kind) || kind === sealingKind)) return
      if (name !== "history") left.add(name, row)
      making.add(name, row)
    },
    makeProgress("written"),
  )
  making.finish()
  const arrived = makeDigests()
  const rows = rowsIn(database, sealedAs(database, keys))
  for (const name of movedTablesButHistory) {
    for (const row of rows[name]()) if (row["kind"] !== sealingKind) arrived.add(name, row)
  }
  const unequal = unequalIn(left.all(), arrived.all())
  // The hashes of a history may have been sealed on the way.
  const isHistoryWhole = countOf(rows.history()) === all.history.count
  if (unequal !== undefined || !isHistoryWhole) {
    return yield* refused(`what was written is not what the database has (${unequal ?? "history"})`)
  }
  for (const [name, value] of files) {
    yield* fs.writeFileString(path.join(copy, name), `${JSON.stringify(value, null, 2)}\n`, {
      mode: 0o600,
    })
  }
  return { madeAt, counts: yield* countedIn(session, bot, all) }
}, Effect.scoped)

const movedTablesButHistory = movedNames.filter((name) => name !== "history")

const countOf = (rows: Iterable<unknown>): number => {
  let count = 0
  for (const _ of rows) count += 1
  return count
}

/** Without log lines: all that there is to say is printed. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")
