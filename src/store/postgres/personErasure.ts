/**
 * Forgets people whom a document of the bot names, by the rules of src/store/erasure.ts.
 *
 * It happens when the journal was opened, before anything else reads it, and each person is one
 * transaction. The transaction keeps the lock on the row of the owner from its first statement on, so
 * nobody takes the bot over in the middle, and with the connection all of it is gone. The next start
 * begins anew then: the document that asks for it goes in the same transaction.
 */
import type { PgConnection } from "@effect/sql-pg/PgConnection"
import type { PgPool } from "@effect/sql-pg/PgPool"
import { Clock, Effect, Option, Random, Schema } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { aliasOf, nameless, type TelegramId } from "../../domain/Employee.ts"
import { type Eraser, type Forgotten, isName, makeEraser, namesIn, orderIn } from "../eraser.ts"
import { Disowned, fileKind, forgetKind, type ForgetReport, forgottenKind } from "../Journal.ts"
import { refOfPerson } from "../records.ts"
import { plainKindsListed } from "../sqliteTables.ts"
import { type Statement, storable } from "./postgresTables.ts"
import { inTransaction } from "./transaction.ts"

interface Owner {
  readonly bot: string
  readonly epoch: number
}

interface Means extends Owner {
  /** They have access whatever the list says. */
  readonly admins: ReadonlyArray<TelegramId>
}

/** Gives how many people were forgotten. */
export const forgetAsked = Effect.fn("forgetAsked")(function* (
  writer: PgPool,
  { admins, ...owner }: Means,
) {
  const { bot } = owner
  const asked = yield* writer.use((connection) =>
    connection.query("SELECT key, body FROM document WHERE bot = $1 AND kind = $2 ORDER BY seq", [
      bot,
      forgetKind,
    ]),
  )
  let count = 0
  for (const { key, body } of asked.rows) {
    const order = orderIn({ key, body })
    const isForgotten = yield* Effect.scoped(
      Effect.flatMap(writer.reserve, (connection) => {
        const tables = tablesOf(connection, bot)
        const carriedOut = Effect.gen(function* () {
          yield* holdOn(connection, owner)
          yield* tables.run("DELETE FROM document WHERE bot = $1 AND kind = $2 AND key = $3", [
            forgetKind,
            String(key),
          ])
          if (Option.isNone(order) || (yield* isListed(tables, order.value.id, admins))) {
            yield* Effect.logWarning("a person is not forgotten, who has access again")
            return false
          }
          yield* forgetOne(tables, order.value)
          return true
        })
        return inTransaction(connection, carriedOut)
      }),
    )
    if (isForgotten) count += 1
  }
  return count
})

/** Fails where the bot belongs to another process, and keeps it until the end of the transaction. */
const holdOn = Effect.fnUntraced(function* (connection: PgConnection, { bot, epoch }: Owner) {
  // However long that takes. But a process that hangs in the middle does not keep the bot for long.
  yield* connection.query("SET LOCAL statement_timeout = 0", [])
  yield* connection.query("SET LOCAL idle_in_transaction_session_timeout = '1min'", [])
  const { rows } = yield* connection.query(
    "SELECT bot FROM owner WHERE bot = $1 AND epoch = $2::bigint FOR SHARE",
    [bot, String(epoch)],
  )
  if (rows.length === 0) return yield* new Disowned({ bot, epoch })
})

const forgetOne = Effect.fnUntraced(function* (
  tables: Tables,
  { id, by }: { readonly id: TelegramId; readonly by: TelegramId | null },
) {
  const person = { id, alias: aliasOf(yield* Random.nextIntBetween(0, 2 ** 32)) }
  yield* Effect.logInfo("a person is being forgotten, which takes a while with many issuances")
  const issuances = yield* eraseFrom(tables, person)
  const at = yield* Clock.currentTimeMillis
  const report: ForgetReport = { by, at, copies: 0, left: [], issuances }
  yield* tables.run(
    `INSERT INTO document (bot, kind, key, seq, body) SELECT $1, $2, $3, 1 + greatest(
       coalesce((SELECT max(seq) FROM inbox WHERE bot = $1), 0),
       coalesce((SELECT max(seq) FROM document WHERE bot = $1), 0)
     ), $4`,
    [forgottenKind, String(person.alias), JSON.stringify(report)],
  )
  yield* Effect.logInfo("a person was forgotten").pipe(Effect.annotateLogs({ issuances }))
})

type Row = Readonly<Record<string, unknown>>

/** What the bot has in the tables; the first value of a statement is always the bot. */
interface Tables {
  /** Gives how many rows there were. */
  readonly run: (sql: string, values: Statement["values"]) => Effect.Effect<number, SqlError>
  /** Looks at rows by so many at a time, so that memory never holds more of them. */
  readonly each: (
    sql: string,
    values: Statement["values"],
    page: number,
    look: (rows: ReadonlyArray<Row>) => Effect.Effect<void, SqlError>,
  ) => Effect.Effect<void, SqlError>
}

const tablesOf = (connection: PgConnection, bot: string): Tables => ({
  run: (sql, values) =>
    Effect.map(connection.query(sql, [bot, ...values]), ({ rowCount }) => rowCount),
  each: Effect.fnUntraced(function* (sql, values, page, look) {
    // A cursor shows the rows as they were when it was declared, also where they change meanwhile.
    yield* connection.query(`DECLARE looked_at NO SCROLL CURSOR FOR ${sql}`, [bot, ...values])
    for (;;) {
      // Not prepared: that would keep the columns of a former cursor of this name.
      const { rows } = yield* connection.query(`FETCH ${page} FROM looked_at`, [], false)
      yield* look(rows)
      if (rows.length < page) break
    }
    yield* connection.query("CLOSE looked_at", [])
  }),
})

/** Nearly all of them have a few hundred bytes, and hardly any has a hundred thousand. */
const pageOfTexts = 200

/** Whether the person has access, or may have. A list that cannot be read stops the start anyway. */
const isListed = Effect.fnUntraced(function* (
  { each }: Tables,
  id: TelegramId,
  admins: ReadonlyArray<TelegramId>,
) {
  let found = admins.includes(id)
  yield* each(
    "SELECT body FROM document WHERE bot = $1 AND kind = $2 AND key = $3",
    [fileKind, "whitelist.json"],
    1,
    (rows) =>
      Effect.sync(() => {
        for (const { body } of rows) {
          const roster = decodeRoster(body)
          found ||= Option.isNone(roster) || String(id) in roster.value
        }
      }),
  )
  return found
})

const decodeRoster = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)),
)

/** Erases the person, and gives the number of issuances that were theirs. */
const eraseFrom = Effect.fnUntraced(function* (tables: Tables, person: Forgotten) {
  const eraser = makeEraser({ ...person, names: yield* namesOf(tables, person.id) })
  const [digits, alias] = [String(person.id), String(person.alias)]
  yield* tables.run(
    "DELETE FROM document WHERE bot = $1 AND kind <> $2 AND (key = $3 OR starts_with(key, $3 || ':'))",
    [forgetKind, digits],
  )
  for (const place of places) yield* eraseTexts(tables, place, eraser)
  yield* tables.run(
    `UPDATE event SET request = $3 || substr(request, length($2) + 1)
     WHERE bot = $1 AND starts_with(request, $2 || ':')`,
    [digits, alias],
  )
  yield* tables.run(
    `UPDATE inbox SET user_id = $2::bigint, body = NULL,
       handled_at = coalesce(handled_at, received_at)
     WHERE bot = $1 AND user_id = $3::bigint`,
    [alias, digits],
  )
  const issuances = yield* tables.run(
    `UPDATE issuance SET holder = $2::bigint, stage = $3 WHERE bot = $1 AND holder = $4::bigint`,
    [alias, nameless, digits],
  )
  yield* tables.run(
    "UPDATE proxy_reserved SET by = $2::bigint WHERE bot = $1 AND by = $3::bigint",
    [alias, digits],
  )
  yield* tables.run("UPDATE event_ref SET ref = $2 WHERE bot = $1 AND ref = $3", [
    refOfPerson(person.alias),
    refOfPerson(person.id),
  ])
  return issuances
})

/** A column in which a person may stand. */
interface TextPlace {
  readonly table: string
  readonly column: string
  /** What tells the rows of a bot apart, with the types. */
  readonly row: Readonly<Record<string, string>>
  readonly page: number
  readonly erase: (eraser: Eraser, text: string) => string
  readonly only?: string
}

const json = ({ json: erase }: Eraser, text: string) => erase(text)

const places: ReadonlyArray<TextPlace> = [
  { table: "event", column: "body", row: { seq: "bigint" }, page: pageOfTexts, erase: json },
  { table: "snapshot", column: "state", row: { pool: "text" }, page: 1, erase: json },
  {
    table: "snapshot_part",
    column: "state",
    row: { pool: "text", part_set: "integer", number: "integer" },
    page: 1,
    erase: json,
  },
  {
    table: "document",
    column: "body",
    row: { kind: "text", key: "text" },
    page: pageOfTexts,
    erase: json,
    // What stands in files is not erased either where it is in files.
    only: `kind <> '${fileKind}'`,
  },
  {
    table: "intent",
    column: "body",
    row: { spreadsheet: "text", seq: "bigint" },
    page: pageOfTexts,
    erase: json,
  },
  {
    table: "issuance",
    column: "comment",
    row: { id: "text" },
    page: pageOfTexts,
    erase: ({ words }, text) => words(text),
  },
]

const eraseTexts = (
  { run, each }: Tables,
  { table, column, row, page, erase, only = "true" }: TextPlace,
  eraser: Eraser,
) => {
  const names = Object.keys(row)
  const typed = Object.entries(row).map(([name, type]) => `${name} ${type}`)
  // Whatever does not hold any of them is not even read.
  const traces = eraser.traces.map((_, index) => `strpos(${column}, $${index + 2}) > 0`)
  return each(
    `SELECT ${names.map((name) => `${name}::text AS ${name}`).join(", ")}, ${column} AS stored
     FROM ${table} WHERE bot = $1 AND ${only} AND (${traces.join(" OR ")})`,
    eraser.traces.map(stored),
    page,
    (rows) => {
      const changed = rows.flatMap(({ stored: text, ...about }) => {
        const erased = erase(eraser, String(text))
        return erased === text ? [] : [{ ...about, erased }]
      })
      if (changed.length === 0) return Effect.void
      return run(
        `UPDATE ${table} SET ${column} = t.erased
         FROM json_to_recordset($2::json) AS t (${typed.join(", ")}, erased text)
         WHERE ${table}.bot = $1 AND ${names.map((name) => `${table}.${name} = t.${name}`).join(" AND ")}`,
        [JSON.stringify(changed)],
      ).pipe(Effect.asVoid)
    },
  )
}

/** A text as it stands in the tables. */
const stored = (text: string) => String(storable("", text))

/** The names that the person had, but for those that somebody else has had too. */
const namesOf = Effect.fnUntraced(function* ({ each }: Tables, id: number) {
  const names = new Set<string>()
  const take = (found: (row: Row) => ReadonlyArray<string>) => (rows: ReadonlyArray<Row>) =>
    Effect.sync(() => {
      for (const name of rows.flatMap(found)) if (isName(name)) names.add(name)
    })
  const inBody = take(({ body }) => namesIn(String(body), id))

  yield* each(
    "SELECT DISTINCT stage FROM issuance WHERE bot = $1 AND holder = $2::bigint",
    [String(id)],
    pageOfTexts,
    take(({ stage }) => [String(stage)]),
  )
  yield* each(
    `SELECT body FROM document WHERE bot = $1 AND strpos(body, $2) > 0
       AND kind NOT IN (${plainKindsListed}, '${fileKind}')`,
    [String(id)],
    pageOfTexts,
    inBody,
  )
  yield* each(
    `SELECT event.body FROM event_ref JOIN event USING (bot, seq)
     WHERE event_ref.bot = $1 AND event_ref.ref = $2`,
    [refOfPerson(id)],
    pageOfTexts,
    inBody,
  )
  const spelled = new Map([...names].map((name) => [stored(name), name]))
  yield* each(
    `SELECT DISTINCT stage FROM issuance WHERE bot = $1 AND holder <> $2::bigint
       AND stage IN (SELECT json_array_elements_text($3::json))`,
    [String(id), JSON.stringify([...spelled.keys()])],
    pageOfTexts,
    (rows) =>
      Effect.sync(() => {
        for (const { stage } of rows) names.delete(spelled.get(String(stage)) ?? "")
      }),
  )
  return names
})

/** The tables in which somebody who was forgotten may have stood. */
const touched = [
  "event",
  "event_ref",
  "snapshot",
  "snapshot_part",
  "document",
  "intent",
  "inbox",
  "issuance",
  "proxy_reserved",
]

/**
 * Gives the room of the former rows free, and makes the planner forget the values that it found often
 * in them. Their bytes stay until something else is written there, see docs/operations.md: to write a
 * table anew would keep the other bots of the database waiting.
 */
export const cleanAfter = (pool: PgPool): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    pool.use((connection) =>
      connection.query(`VACUUM (ANALYZE, INDEX_CLEANUP ON) ${touched.join(", ")}`, [], false),
    ),
  )
