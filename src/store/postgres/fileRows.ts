/** All rows of a bot in journal.db: read out of it, opened and unpacked, or made to a new one. */
import { Option } from "effect"
import type { Keys } from "../../config/JournalKey.ts"
import { packedEvents } from "../archive.ts"
import type { DayAt } from "../counts.ts"
import {
  copyKind,
  copiesKind,
  fileKind,
  importedKind,
  JournalDamaged,
  movedKind,
  sealingKind,
} from "../Journal.ts"
import { beginSealed, hashIn, noteOfUnsealed, type Sealed } from "../resealing.ts"
import { type Column, type Place, sealedColumns, type Sealing } from "../sealing.ts"
import { columnsOf } from "../soundness.ts"
import { migrations } from "../SqliteConnection.ts"
import { checksum, type Database, type Value } from "../SqliteDatabase.ts"
import { fillCounts, sealingOfDocuments } from "../sqliteTables.ts"
import { type Cell, type MovedName, type MovedRow, movedNames, movedTables } from "./movedRows.ts"

/** The rows of each table; the journal is to be sound, and of this version. */
export const rowsIn = (
  database: Database,
  sealed: Sealed,
): Readonly<Record<MovedName, () => Generator<MovedRow>>> => {
  const plainly = (name: MovedName) => () => storedRows(database, name, sealed.sealing)
  return {
    event: function* () {
      for (const { refs: _, ...event } of packedEvents(database, sealed.sealing)) {
        yield { ...event, request: null }
      }
      yield* storedRows(database, "event", sealed.sealing, { request: null })
    },
    event_ref: function* () {
      for (const { seq, refs } of packedEvents(database, sealed.sealing)) {
        for (const ref of refs) yield { ref, seq }
      }
      yield* storedRows(database, "event_ref", sealed.sealing)
    },
    document: function* () {
      for (const row of storedRows(database, "document", sealed.sealing)) {
        if (row["kind"] !== sealingKind) yield row
      }
      if (sealed.pepper === undefined) return
      yield { kind: sealingKind, key: "", seq: 0, body: noteOfUnsealed(sealed.pepper) }
    },
    issuance: function* () {
      const comments = database.prepare("SELECT text FROM comment WHERE issuance = ?")
      for (const row of storedRows(database, "issuance", sealed.sealing, { comment: null })) {
        const said = comments.get(String(row["id"]))?.["text"]
        const comment =
          typeof said === "string" ? opened(sealed.sealing, "comment.text", said) : null
        yield { ...row, comment }
      }
    },
    history: plainly("history"),
    snapshot: plainly("snapshot"),
    snapshot_part: plainly("snapshot_part"),
    intent: plainly("intent"),
    inbox: plainly("inbox"),
    proxy_reserved: plainly("proxy_reserved"),
    quarantine: plainly("quarantine"),
  }
}

/** The rows as they stand in the table. `more`: the columns that it does not have. */
function* storedRows(
  database: Database,
  name: MovedName,
  sealing: Sealing,
  more: MovedRow = {},
): Generator<MovedRow> {
  const { columns } = movedTables[name]
  const stored = Object.keys(columns).filter((column) => !(column in more))
  const sql = `SELECT ${stored.join(", ")} FROM ${name}`
  for (const row of database.prepare(sql).iterate()) {
    const of = name === "document" ? sealingOfDocuments(sealing, String(row["kind"])) : sealing
    const cells = stored.map((column): [string, Cell] => {
      const value = row[column]
      if (value === null || value === undefined) return [column, null]
      if (columns[column] === "boolean") return [column, value === 1]
      if (typeof value !== "string") return [column, Number(value)]
      const place = placeOf(name, column)
      return [column, Option.isNone(place) ? value : opened(of, place.value, value)]
    })
    yield { ...Object.fromEntries(cells), ...more }
  }
}

const placeOf = (name: MovedName, column: string): Option.Option<Column> => {
  const sealed: Readonly<Record<string, ReadonlyArray<string>>> = sealedColumns
  // Those tables and columns make up the places.
  return sealed[name]?.includes(column) === true
    ? Option.some(`${name}.${column}` as Column)
    : Option.none()
}

const opened = (sealing: Sealing, place: Place, stored: string): string => {
  const text = sealing.open(place, stored)
  if (text !== undefined) return text
  throw new JournalDamaged({ table: place, record: "a row", problem: "it is not what was sealed" })
}

/** How many rows each table of a journal comes to are told once it is finished. */
export interface Making {
  /** Adds a row. What is of the database alone is left out. */
  readonly add: (name: MovedName, row: MovedRow) => void
  readonly finish: () => Sealed
}

/** Documents of a database that a directory has no use for. */
export const isOfDatabase = (kind: Cell | undefined) =>
  kind === fileKind || kind === movedKind || kind === importedKind

/**
 * Makes the journal in an empty file, sealed with the first of the keys. `pepper`: that of the
 * history that comes.
 */
export const beginJournal = (
  database: Database,
  {
    keys,
    pepper,
    dayAt,
  }: { readonly keys: Keys; readonly pepper: Uint8Array | undefined; readonly dayAt: DayAt },
): Making => {
  // A file that is cut off is thrown away.
  database.exec("PRAGMA journal_mode = OFF")
  database.exec("PRAGMA synchronous = OFF")
  database.exec("BEGIN IMMEDIATE")
  for (const step of migrations) database.exec(step)
  const sealed = beginSealed(database, keys, pepper)
  const { sealing } = sealed
  const hashed = (found: string) =>
    pepper === undefined ? hashIn(sealed, (_, plainHash) => plainHash)("", found) : found
  const inserts = new Map(
    movedNames.map((name) => {
      const names = columnsOf[name]
      const marks = [...names, "sum"].map(() => "?").join(", ")
      const sql = `INSERT INTO ${name} (${[...names, "sum"].join(", ")}) VALUES (${marks})`
      return [name, database.prepare(sql)] as const
    }),
  )
  const comment = database.prepare("INSERT INTO comment (issuance, text, sum) VALUES (?, ?, ?)")
  /** The one document that is there says how the journal is sealed. */
  let documents = 1

  const insert = (name: MovedName, row: MovedRow, of: Sealing) => {
    const values = columnsOf[name].map((column): Value => {
      const cell = row[column] ?? null
      if (typeof cell === "boolean") return Number(cell)
      const place = placeOf(name, column)
      return typeof cell === "string" && Option.isSome(place) ? of.seal(place.value, cell) : cell
    })
    inserts.get(name)?.run(...values, checksum(...values))
  }

  const add: Making["add"] = (name, row) => {
    switch (name) {
      case "document": {
        const { kind } = row
        if (kind === sealingKind || isOfDatabase(kind)) return
        documents += 1
        insert(name, { ...row, seq: documents }, sealingOfDocuments(sealing, String(kind)))
        return
      }
      case "history":
        insert(name, { hash: hashed(String(row["hash"])) }, sealing)
        return
      case "issuance": {
        insert(name, row, sealing)
        const said = row["comment"]
        if (typeof said !== "string") return
        const text = sealing.seal("comment.text", said)
        const id = String(row["id"])
        comment.run(id, text, checksum(id, text))
        return
      }
      default:
        insert(name, row, sealing)
    }
  }

  return {
    add,
    finish: () => {
      fillCounts(database, dayAt, sealing)
      database.exec(`PRAGMA user_version = ${migrations.length}`)
      database.exec("COMMIT")
      return sealed
    },
  }
}

/** Whether the document says something of a copy, which is of no account for what the data are. */
export const isOfCopies = (kind: Cell | undefined) => kind === copyKind || kind === copiesKind
