/**
 * Whether what stands in journal.db is what was written.
 *
 * Every row carries the CRC-32 of its columns: it finds every single flipped bit and every burst of
 * up to 32, it is built into Node, and it costs some microseconds. A stronger hash would only help
 * against somebody who changes rows on purpose, and such a person can compute the hash as well. It
 * is a function of SQL, so that the same lines give rows their checksums, check them and bring up old ones.
 *
 * What a checksum of a row cannot see, such as a lost row or an index that does not fit its table,
 * is found by SQLite's own check.
 */
import { JournalDamaged } from "./Journal.ts"
import type { Database } from "./SqliteDatabase.ts"

/** The columns that the checksum of a row covers: all but the checksum itself. */
export const columnsOf = {
  event: ["seq", "pool", "at", "body"],
  snapshot: ["pool", "through", "state"],
  snapshot_part: ["pool", "part_set", "number", "through", "state"],
  intent: ["spreadsheet", "seq", "token", "state", "settled_at", "body"],
  inbox: ["seq", "update_id", "user_id", "received_at", "handled_at", "body"],
  document: ["seq", "kind", "key", "body"],
  history: ["hash"],
  issuance: [
    "id",
    "resource",
    "variant",
    "region",
    "holder",
    "stage",
    "key",
    "day",
    "issued_at",
    "status",
    "auto",
    "marked_at",
    "replacement_of",
    "imported",
  ],
  comment: ["issuance", "text"],
  event_ref: ["ref", "seq"],
  event_block: ["first", "last", "pool", "body"],
  block_ref: ["ref", "block"],
  proxy_reserved: ["proxy", "by"],
  quarantine: ["item", "pool", "tab", "reason", "column_name", "at", "seq", "body"],
  count_day: ["start", "until"],
  issued_count: ["resource", "start", "alike", "day", "count"],
} as const

export type Table = keyof typeof columnsOf

// Its keys are the tables, which `Object.keys` does not say.
export const tables = Object.keys(columnsOf) as ReadonlyArray<Table>

/** What a fault is called: nothing that is secret, and enough to find the row. */
const nameOf: Readonly<Record<Table, string>> = {
  event: "seq",
  snapshot: "pool",
  snapshot_part: "pool || ' ' || number",
  intent: "seq",
  inbox: "update_id",
  document: "kind || ' ' || key",
  history: "substr(hash, 1, 8)",
  issuance: "id",
  comment: "issuance",
  event_ref: "seq",
  event_block: "first",
  block_ref: "block",
  proxy_reserved: "proxy",
  quarantine: "item",
  count_day: "start",
  issued_count: "resource || ' ' || start",
}

/** The checksum of a row of the table, with other expressions in the place of some columns. */
export const checksumOf = (table: Table, instead: Readonly<Record<string, string>> = {}) =>
  `checksum(${columnsOf[table].map((column) => instead[column] ?? column).join(", ")})`

/** A condition: the row is as it was written. */
export const isSound = (table: Table) => `sum = ${checksumOf(table)}`

/**
 * What follows SET in an UPDATE. The new checksum is given only to a row that was sound: a damaged
 * one stays damaged.
 */
export const changed = (table: Table, changes: Readonly<Record<string, string>>) =>
  [
    ...Object.entries(changes).map(([column, value]) => `${column} = ${value}`),
    `sum = CASE WHEN ${isSound(table)} THEN ${checksumOf(table, changes)} ELSE sum END`,
  ].join(", ")

/** Gives all rows the checksums of what stands in them. */
export const sumAll = (database: Database) => {
  for (const table of tables) database.exec(`UPDATE ${table} SET sum = ${checksumOf(table)}`)
}

/** The problem of a row whose checksum does not fit. */
export const unsoundRow = (table: string, record: unknown) =>
  new JournalDamaged({
    table,
    record: String(record),
    problem: "its checksum does not fit, so it is not what was written",
  })

/**
 * Rows whose checksum does not fit: at most `limit` of a table.
 *
 * Node keeps what a function of SQL was given until the statement gives a row. So a sound row is
 * given now and then: without that, a million rows take several times the memory and the time.
 */
export const unsoundRows = (
  database: Database,
  of: ReadonlyArray<Table>,
  limit: number,
): ReadonlyArray<JournalDamaged> =>
  of.flatMap((table) => {
    const rows = database
      .prepare(
        `SELECT ${nameOf[table]} AS name, ${isSound(table)} AS sound FROM ${table}
         WHERE NOT (${isSound(table)}) OR random() % 1000 = 0`,
      )
      .iterate()
    const found: Array<JournalDamaged> = []
    for (const { name, sound } of rows) {
      if (sound === 0) found.push(unsoundRow(table, name))
      if (found.length === limit) break
    }
    return found
  })

/** What SQLite itself finds: lost pages and rows, indexes that do not fit their tables. */
export const brokenStructure = (database: Database, limit: number): ReadonlyArray<JournalDamaged> =>
  database
    .prepare(`PRAGMA integrity_check(${limit})`)
    .all()
    .map(({ integrity_check: found }) => String(found))
    .filter((found) => found !== "ok")
    .map(
      // Some findings are lists of lines; they name pages, tables and numbers of rows only.
      (problem) =>
        new JournalDamaged({
          table: "journal.db",
          record: "file",
          problem: `its structure is broken: ${problem.replaceAll(/\s+/g, " ")}`,
        }),
    )
