/**
 * Forgets people whom a document in the journal names: in the journal, and in the copies that lie in
 * the data directory and in BACKUP_DIR.
 *
 * It happens at a start, before anything else reads the journal: so memory never has to forget, and
 * a start that a kill cut off is simply repeated. The copies come first, since the document that
 * asks for it goes with the id.
 */
import { Clock, Effect, FileSystem, Option, Path, Random, Result, Schema } from "effect"
import type { Keys } from "../config/JournalKey.ts"
import { Settings } from "../config/Settings.ts"
import { aliasOf, TelegramId } from "../domain/Employee.ts"
import { isUnfinished } from "./copies.ts"
import type { DayAt } from "./counts.ts"
import { eraseFrom } from "./erasure.ts"
import { type Forgotten, orderIn } from "./eraser.ts"
import {
  forgetKind,
  type ForgetOrder,
  type ForgetReport,
  forgottenKind,
  StorageUnavailable,
} from "./Journal.ts"
import * as SqliteConnection from "./SqliteConnection.ts"
import { type Database, openDatabase } from "./SqliteDatabase.ts"
import { putDocument } from "./sqliteTables.ts"

export const forgetAsked = Effect.fn("forgetAsked")(
  function* (connection: SqliteConnection.SqliteConnection, means: Means) {
    const orders = yield* Effect.fromResult(
      connection.read("forget", ({ documents }) => documents(forgetKind)),
    )
    for (const { key, body } of orders) {
      const order = orderIn({ key, body })
      if (Option.isNone(order) || (yield* isListed(order.value.id))) {
        yield* Effect.logWarning("a person is not forgotten, who has access again")
        yield* drop(connection, String(key))
        continue
      }
      yield* forgetOne(connection, order.value, means)
    }
  },
  (self) =>
    Effect.catchTag(self, "PlatformError", (cause) =>
      Effect.fail(new StorageUnavailable({ operation: "forget", place: cause.message, cause })),
    ),
)

interface Means {
  readonly dayAt: DayAt
  /** Those that may open a copy. */
  readonly keys: Keys
}

type Order = typeof ForgetOrder.Type & { readonly id: TelegramId }

const forgetOne = Effect.fnUntraced(function* (
  connection: SqliteConnection.SqliteConnection,
  { id, by }: Order,
  means: Means,
) {
  const person = { id, alias: aliasOf(yield* Random.nextIntBetween(0, 2 ** 32)) }
  yield* Effect.logInfo("a person is being forgotten, which takes a while with many issuances")
  const copies = yield* Effect.forEach(yield* copiesOfData, (copy) =>
    Effect.map(eraseFromCopy(copy, person, means), (isErased) => ({ copy, isErased })),
  )
  const at = yield* Clock.currentTimeMillis
  const counted = {
    by,
    at,
    copies: copies.filter(({ isErased }) => isErased).length,
    left: copies.filter(({ isErased }) => !isErased).map(({ copy }) => copy),
  }
  const issuances = yield* Effect.fromResult(
    connection.rewrite("forget", (database, sealing) => {
      const erased = eraseFrom(database, person, { dayAt: means.dayAt, sealing })
      const report: ForgetReport = { ...counted, issuances: erased }
      removeOrder(database, String(id))
      const body = sealing.seal("document.body", JSON.stringify(report))
      putDocument(database, forgottenKind, String(person.alias), body)
      return erased
    }),
  )
  yield* Effect.logInfo("a person was forgotten").pipe(
    Effect.annotateLogs({ issuances, copies: counted.copies, left: counted.left.length }),
  )
})

/**
 * The directories with data below DATA_DIR and BACKUP_DIR: backups, and what a restore put aside. What
 * is left of a backup that a kill cut off is of use to nobody, and is removed.
 */
const copiesOfData = Effect.gen(function* () {
  const { dataDir, backupDir } = yield* Settings
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const parents = [dataDir, ...Option.toArray(backupDir)].map((each) => path.resolve(each))
  // A backup directory inside the data directory is found by both ways.
  const found = new Set<string>()
  for (const parent of parents) {
    if (!(yield* fs.exists(parent))) continue
    const all = (yield* fs.readDirectory(parent, { recursive: true })).toSorted()
    const unfinished = all.filter((place) => isUnfinished(path.basename(place)))
    for (const place of unfinished) {
      yield* fs.remove(path.join(parent, place), { recursive: true, force: true })
    }
    for (const place of all.filter((each) => path.basename(each) === "journal.db")) {
      const directory = path.dirname(place)
      const isLeft = !unfinished.some((each) => directory.startsWith(each))
      if (directory !== "." && isLeft) found.add(path.join(parent, directory))
    }
  }
  return [...found]
})

/**
 * Whether the person is in the copy no more. One of a former version stays as it is, and one that
 * none of the keys opens.
 */
const eraseFromCopy = Effect.fnUntraced(function* (
  copy: string,
  person: Forgotten,
  { dayAt, keys }: Means,
) {
  const journal = (yield* Path.Path).join(copy, "journal.db")
  const erased = Result.try(() =>
    SqliteConnection.rewriteCopy(
      { connect: () => openDatabase(journal), keys },
      (database, sealing) => {
        eraseFrom(database, person, { dayAt, sealing })
        removeOrder(database, String(person.id))
      },
    ),
  )
  if (Result.isFailure(erased)) return false
  return yield* Effect.orElseSucceed(Effect.as(eraseFromRoster(copy, person.id), true), () => false)
})

/** Takes the person out of a copy of whitelist.json. */
const eraseFromRoster = Effect.fnUntraced(function* (copy: string, id: number) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(copy, "whitelist.json")
  const roster = yield* rosterIn(copy)
  if (!(String(id) in roster)) return
  const { [String(id)]: _, ...others } = roster
  yield* fs.writeFileString(`${file}.new`, JSON.stringify(others, null, 2), { mode: 0o600 })
  yield* Effect.scoped(Effect.flatMap(fs.open(`${file}.new`), (written) => written.sync))
  yield* fs.rename(`${file}.new`, file)
})

const rosterIn = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(directory, "whitelist.json")
  return (yield* fs.exists(file)) ? yield* decodeRoster(yield* fs.readFileString(file)) : {}
})

const decodeRoster = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)),
)

/** Whether the person has access, or may have. A list that cannot be read stops the start anyway. */
const isListed = Effect.fnUntraced(function* (id: TelegramId) {
  const { dataDir, admins } = yield* Settings
  if (admins.includes(id)) return true
  const roster = yield* Effect.option(rosterIn(dataDir))
  return Option.isNone(roster) || String(id) in roster.value
})

const removeOrder = (database: Database, key: string) =>
  database.prepare("DELETE FROM document WHERE kind = ? AND key = ?").run(forgetKind, key)

const drop = (connection: SqliteConnection.SqliteConnection, key: string) =>
  Effect.fromResult(connection.rewrite("forget", (database) => removeOrder(database, key)))
