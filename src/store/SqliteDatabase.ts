/** A connection to a file of SQLite, with the function that the statements of the journal need. */
import { DatabaseSync } from "node:sqlite"
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib"

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
