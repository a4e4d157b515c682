/** A connection to a file of SQLite, with the function that the statements of the journal need. */
import { backup, DatabaseSync } from "node:sqlite"
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { Predicate } from "effect"

export type Value = null | number | string | Uint8Array

export interface Statement {
  run(...values: ReadonlyArray<Value>): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  get(...values: ReadonlyArray<Value>): Record<string, unknown> | undefined
  all(...values: ReadonlyArray<Value>): ReadonlyArray<Record<string, unknown>>
  iterate(...values: ReadonlyArray<Value>): Iterable<Record<string, unknown>>
}

/** The part of a SQLite connection that is used here. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
  readonly isTransaction: boolean
  close(): void
}

/** `place`: a path, or `:memory:`. Whoever finds the file locked does not wait. */
export const openDatabase = (place: string): Database => {
  const database = new DatabaseSync(place, { timeout: 0 })
  database.function(
    "checksum",
    { deterministic: true, varargs: true, useBigIntArguments: true },
    checksum,
  )
  return database
}

/**
 * Copies the database as of one moment into a file, some pages at a time: what is asked of the
 * connection meanwhile waits for some pages at most, and what it writes meanwhile is in the copy.
 */
export const copyDatabase = async (database: Database, file: string): Promise<void> => {
  if (!(database instanceof DatabaseSync)) throw new Error("no connection of this program")
  await backup(database, file, { rate: pagesAtOnce })
}

/** Half a megabyte: to copy so much takes some milliseconds. */
const pagesAtOnce = 128

/**
 * Whether another connection keeps the file for itself. To be asked only where the log of the file
 * is there: then nothing is written, not even the files that SQLite makes beside a database.
 */
export const isKept = (file: string): boolean => {
  const address = encodeURIComponent(file).replaceAll("%2F", "/")
  try {
    const database = new DatabaseSync(`file:${address}?readonly_shm=1`, {
      readOnly: true,
      timeout: 0,
    })
    try {
      database.prepare("PRAGMA schema_version").get()
    } finally {
      database.close()
    }
    return false
  } catch (cause) {
    return isBusy(cause)
  }
}

/** Whether SQLite failed because the file is locked; see https://www.sqlite.org/rescode.html */
const isBusy = (cause: unknown) =>
  Predicate.hasProperty(cause, "errcode") &&
  typeof cause.errcode === "number" &&
  [5, 6].includes(cause.errcode & 0xff)

/** What the function of that name gives in SQL. */
export const checksum = (...values: ReadonlyArray<null | number | bigint | string | Uint8Array>) =>
  crc32(values.map(spelled).join("\0"))

/** `5` and `5.0` are spelled alike, since SQLite changes one into the other where it stores them. */
const spelled = (value: null | number | bigint | string | Uint8Array) =>
  value === null ? "" : `=${value instanceof Uint8Array ? crc32(value) : String(value)}`

export const packed = (text: string): Uint8Array =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 9 } })

/** The text that was packed; throws where it is none. */
export const unpacked = (value: unknown): string => {
  if (value instanceof Uint8Array) return zstdDecompressSync(value).toString("utf8")
  throw new Error("nothing was packed")
}
