/**
 * With which key a journal is sealed, and how all of it is sealed with another one.
 *
 * A document of the journal says so: the name of the key, and the pepper of the history. A hash of a
 * phone number is soon guessed, so in a journal that was ever sealed the history holds a keyed hash
 * of the hash. Its key, the pepper, is drawn once and kept as long as the journal, so that another
 * JOURNAL_KEY leaves the history as it is.
 *
 * All is sealed anew within the transaction of the start. What that leaves behind in free pages and
 * in the log is gone once the file was rebuilt. Until then the document says that this is still to
 * be done: a start that was cut off in between is followed by one that does it.
 */
import { createHmac, randomBytes } from "node:crypto"
import { Record, Result, Schema } from "effect"
import type { Keys } from "../config/JournalKey.ts"
import type { DayAt } from "./counts.ts"
import { JournalDamaged, JournalSealed, sealingKind } from "./Journal.ts"
import {
  isSealed,
  nameOfKey,
  type Place,
  plain,
  sealedColumns,
  type Sealing,
  sealingWith,
} from "./sealing.ts"
import { changed, columnsOf, isSound } from "./soundness.ts"
import { checksum, type Database, type Value } from "./SqliteDatabase.ts"
import { fillCounts, plainKindsListed, putDocument } from "./sqliteTables.ts"

type Hash = (pool: string, key: string) => string

/** How a journal stores what is secret. */
export interface Sealed {
  readonly sealing: Sealing
  /** Of the history; `undefined` where the journal was never sealed. */
  readonly pepper: Uint8Array | undefined
  /** The file may still hold what stood there before all was sealed. */
  readonly isUnswept: boolean
}

/** What a start has done to the file. */
export interface Resealed {
  /** The name of the key before; `null` where nothing was sealed. */
  readonly from: string | null
  readonly to: string | null
  /** What stood there before is gone; otherwise the next start tries again. */
  readonly isSwept: boolean
}

/** The document of the journal. */
const Note = Schema.Struct({
  key: Schema.NullOr(Schema.String),
  /** In base64, sealed as everything else is. */
  pepper: Schema.String,
  isUnswept: Schema.Boolean,
})

const decodeNote = Schema.decodeUnknownResult(Schema.fromJsonString(Note))

/**
 * How the journal is sealed, by one of the keys; throws where none of them fits. The tables are to
 * be there.
 */
export const sealedAs = (database: Database, keys: Keys): Sealed => {
  const found = database
    .prepare("SELECT body FROM document WHERE kind = ? AND key = ''")
    .get(sealingKind)
  if (found === undefined) return never
  const note = decodeNote(found["body"])
  if (Result.isFailure(note)) throw unreadable("document", sealingKind)
  const { key, pepper, isUnswept } = note.success
  const sealing = key === null ? plain : sealingOf(key, keys)
  const opened = sealing.open("document.pepper", pepper)
  if (opened === undefined) throw unreadable("document", sealingKind)
  return { sealing, pepper: Buffer.from(opened, "base64"), isUnswept }
}

/** A journal without the document. */
export const never: Sealed = { sealing: plain, pepper: undefined, isUnswept: false }

const sealingOf = (name: string, keys: Keys): Sealing => {
  const key = keys.find((each) => each !== "none" && nameOfKey(each) === name)
  if (key === undefined || key === "none") {
    throw new JournalSealed({ key: name, isAnyKeySet: keys.length > 0 })
  }
  return sealingWith(key)
}

/** How keys are hashed in the history of the journal. */
export const hashIn = ({ pepper }: Pick<Sealed, "pepper">, hash: Hash): Hash =>
  pepper === undefined ? hash : (pool, key) => peppered(pepper, hash(pool, key))

/** Begins with a letter that no plain hash has: they are hexadecimal. */
const peppered = (pepper: Uint8Array, plainHash: string) =>
  `p${createHmac("sha256", pepper).update(plainHash).digest("hex")}`

/**
 * Has the journal sealed with the first of the keys, be it with none. To be called inside a
 * transaction; `isEmpty`: its tables have just been made.
 */
export const sealWithFirst = (
  database: Database,
  before: Sealed,
  keys: Keys,
  { dayAt, isEmpty }: { readonly dayAt: DayAt; readonly isEmpty: boolean },
): Sealed => {
  const [first = "none"] = keys
  // Without JOURNAL_KEY nothing is taken off: whoever forgot it would leave everything readable.
  const sealing = first === "none" ? plain : sealingWith(first)
  if (sealing.key === before.sealing.key) return before
  const pepper = before.pepper ?? randomBytes(32)
  if (before.pepper === undefined) pepperHistory(database, pepper)
  sealAnew(database, before.sealing, sealing)
  fillCounts(database, dayAt, sealing)
  const now: Sealed = { sealing, pepper, isUnswept: !isEmpty }
  noteDown(database, now)
  return now
}

const noteDown = (database: Database, { sealing, pepper, isUnswept }: Sealed) => {
  if (pepper === undefined) return
  putDocument(database, sealingKind, "", noteOf(sealing, pepper, isUnswept))
}

const noteOf = (sealing: Sealing, pepper: Uint8Array, isUnswept: boolean) => {
  const note: typeof Note.Type = {
    key: sealing.key,
    pepper: sealing.seal("document.pepper", Buffer.from(pepper).toString("base64")),
    isUnswept,
  }
  return JSON.stringify(note)
}

/** What the document says of a journal that is sealed no more, or stands in a database. */
export const noteOfUnsealed = (pepper: Uint8Array): string => noteOf(plain, pepper, false)

/** The pepper, by such a document; `undefined` where nothing was ever sealed. */
export const pepperIn = (body: string | undefined): Uint8Array | undefined => {
  const note = Result.getOrUndefined(decodeUnsealed(body))
  return note === undefined ? undefined : Buffer.from(note.pepper, "base64")
}

const decodeUnsealed = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ ...Note.fields, key: Schema.Null })),
)

/**
 * Has a journal whose tables have just been made sealed with the first of the keys. `pepper`: that
 * of the history that it is to hold, if there is one. To be called inside a transaction.
 */
export const beginSealed = (
  database: Database,
  [first = "none"]: Keys,
  pepper: Uint8Array | undefined,
): Sealed => {
  const sealing = first === "none" ? plain : sealingWith(first)
  const drawn = pepper ?? (sealing === plain ? undefined : randomBytes(32))
  const sealed: Sealed = { sealing, pepper: drawn, isUnswept: false }
  noteDown(database, sealed)
  return sealed
}

/**
 * Rebuilds the file, which leaves nothing of what was overwritten in it, and empties its log. To be
 * called outside of a transaction. Answers whether it could: that takes as much room as the file.
 */
export const sweep = (database: Database, sealed: Sealed): boolean => {
  try {
    database.exec("VACUUM")
    // In the log stand the pages from before, until it is cut off.
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)")
    database.exec("BEGIN IMMEDIATE")
    noteDown(database, { ...sealed, isUnswept: false })
    database.exec("COMMIT")
    return true
  } catch {
    // All is sealed and on the disk: a start is not refused for what is left to do.
    if (database.isTransaction) database.exec("ROLLBACK")
    return false
  }
}

/** So many rows are read at once. */
const pageLength = 200

const pepperHistory = (database: Database, pepper: Uint8Array) => {
  const next = database.prepare(
    `SELECT hash, ${isSound("history")} AS sound FROM history WHERE hash < 'p' ORDER BY hash LIMIT ?`,
  )
  const remove = database.prepare("DELETE FROM history WHERE hash = ?")
  const add = database.prepare("INSERT INTO history (hash, sum) VALUES (?, ?)")
  for (;;) {
    const page = next.all(pageLength)
    for (const { hash, sound } of page) {
      if (sound === 0) throw unreadable("history", "of an issued key")
      const now = peppered(pepper, String(hash))
      remove.run(String(hash))
      add.run(now, checksum(now))
    }
    if (page.length < pageLength) return
  }
}

/** The columns by which the rows of a table are told apart, and in whose order they are read. */
const identity = {
  event: ["seq"],
  event_block: ["first"],
  snapshot: ["pool"],
  snapshot_part: ["pool", "part_set", "number"],
  intent: ["spreadsheet", "seq"],
  inbox: ["seq"],
  document: ["seq"],
  issuance: ["id"],
  comment: ["issuance"],
  quarantine: ["item"],
} as const satisfies {
  readonly [Table in keyof typeof sealedColumns]: ReadonlyArray<(typeof columnsOf)[Table][number]>
}

const sealAnew = (database: Database, from: Sealing, to: Sealing) => {
  for (const table of Record.keys(sealedColumns)) {
    const columns: ReadonlyArray<string> = sealedColumns[table]
    const key: ReadonlyArray<string> = identity[table]
    const meant = table === "document" ? `kind NOT IN (${plainKindsListed})` : "true"
    const select = (behind: string) =>
      database.prepare(
        `SELECT ${[...key, ...columns].join()}, ${isSound(table)} AS sound FROM ${table}
         WHERE ${meant} AND ${behind} ORDER BY ${key.join()} LIMIT ${pageLength}`,
      )
    const first = select("true")
    const next = select(`(${key.join()}) > (${key.map(() => "?").join()})`)
    const update = database.prepare(
      `UPDATE ${table} SET ${changed(
        table,
        Object.fromEntries(columns.map((column, index) => [column, `?${index + 1}`])),
      )} WHERE ${key.map((column, index) => `${column} = ?${columns.length + index + 1}`).join(" AND ")}`,
    )
    for (let page = first.all(); page.length > 0;) {
      let last: ReadonlyArray<Value> = []
      for (const row of page) {
        last = key.map((column) => row[column] as Value)
        const opened = columns.map((column) => {
          const place = `${table}.${column}` as Place
          return sealedWith(place, row[column], from, to)
        })
        if (opened.every((value) => value !== undefined)) update.run(...opened, ...last)
        // A row that is damaged stays as it is, and its checksum says so.
        else if (row["sound"] === 1) throw unreadable(table, last.join(" "))
      }
      page = next.all(...last)
    }
  }
}

/** `undefined` where it cannot be opened. */
const sealedWith = (
  place: Place,
  stored: unknown,
  from: Sealing,
  to: Sealing,
): Value | undefined => {
  if (stored === null) return null
  if (stored instanceof Uint8Array) {
    const bytes = from.openBytes(place, stored)
    return bytes && to.sealBytes(place, bytes)
  }
  if (typeof stored !== "string") return undefined
  // The document that names the key is gone: to seal this once more would hide it for good.
  if (from === plain && isSealed(place, stored)) return undefined
  const text = from.open(place, stored)
  return text === undefined ? undefined : to.seal(place, text)
}

const unreadable = (table: string, record: string) =>
  new JournalDamaged({
    table,
    record,
    problem: "it is not what was sealed, though its checksum fits",
  })
