/** All rows of a bot in Postgres: brought into it, or read out of it as of one moment. */
import * as PgPool from "@effect/sql-pg/PgPool"
import { Effect, Exit, type Redacted, Result, Schema } from "effect"
import type { StorageUnavailable } from "../Journal.ts"
import {
  connectionSettings,
  migrate,
  restoring,
  sessionName,
  unavailable,
} from "./PostgresJournal.ts"
import { storable } from "./postgresTables.ts"
import {
  type Cell,
  makeDigests,
  type MovedName,
  type MovedRow,
  movedNames,
  movedTables,
} from "./movedRows.ts"

export interface Session {
  readonly run: (
    sql: string,
    values?: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>, StorageUnavailable>
  /** Makes one transaction of it. */
  readonly transaction: <A, E, R>(
    begin: "BEGIN" | "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    self: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E | StorageUnavailable, R>
}

/** What a commit that was asked for is called in errors: it is not known what became of it. */
export const unclear = "end a move"

/** Connects, and brings the tables up to date. */
export const connect = Effect.fnUntraced(function* (url: Redacted.Redacted) {
  const opening = Effect.mapError(unavailable("open", "the database"))
  const settings = connectionSettings(url)
  const pool = yield* opening(
    PgPool.make({
      ...settings,
      // No BOT_NAME has such signs.
      applicationName: "account-bot (moving)",
      startupParameters: {
        ...settings.startupParameters,
        // Between two statements stands what is done to a file meanwhile.
        idle_in_transaction_session_timeout: "0",
        statement_timeout: "0",
      },
      maxConnections: 1,
    }),
  )
  const connection = yield* opening(pool.reserve)
  yield* migrate(connection)
  const run: Session["run"] = (sql, values = []) =>
    connection.query(sql, values, false).pipe(
      Effect.map(({ rows }) => rows),
      Effect.mapError(unavailable(sql === "COMMIT" ? unclear : "move", "the database")),
    )
  const session: Session = {
    run,
    transaction: (begin, self) =>
      Effect.acquireUseRelease(
        run(begin),
        () => self,
        (_, exit) => (Exit.isSuccess(exit) ? run("COMMIT") : Effect.ignore(run("ROLLBACK"))),
      ),
  }
  return session
})

/** Takes the bot from whoever has it: until the transaction ends nobody else writes or takes it. */
export const seize = (session: Session, bot: string, at: number) =>
  session.run(
    `INSERT INTO owner (bot, epoch, holder, at) VALUES ($1, 1, '1', $2::float8)
     ON CONFLICT (bot) DO UPDATE SET
       epoch = owner.epoch + 1, holder = (owner.epoch + 1)::text, at = excluded.at`,
    [bot, String(at)],
  )

/** Whether a process is connected that works with the bot. */
export const isAlive = Effect.fnUntraced(function* (session: Session, bot: string) {
  const rows = yield* session.run(
    `SELECT 1 AS one FROM pg_stat_activity
     WHERE application_name = $1 AND datname = current_database() LIMIT 1`,
    [sessionName(bot)],
  )
  return rows.length > 0
})

/** Whether any process has taken in an update that the bot's journal does not have yet. */
export const isAnythingIncoming = Effect.fnUntraced(function* (session: Session, bot: string) {
  const rows = yield* session.run(
    "SELECT 1 AS one FROM incoming WHERE bot = $1 AND update_id > 0 LIMIT 1",
    [bot],
  )
  return rows.length > 0
})

/** The first table that has a row of the bot, if there is one. */
export const firstFilled = Effect.fnUntraced(function* (session: Session, bot: string) {
  for (const name of movedNames) {
    const rows = yield* session.run(`SELECT 1 AS one FROM ${name} WHERE bot = $1 LIMIT 1`, [bot])
    if (rows.length > 0) return name
  }
  return undefined
})

/** The text of a document whose key is empty, or that key. */
export const documentOf = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  kind: string,
  key = "",
) {
  const [row] = yield* session.run(
    "SELECT body FROM document WHERE bot = $1 AND kind = $2 AND key = $3",
    [bot, kind, key],
  )
  const body = row?.["body"]
  return typeof body === "string" ? body : undefined
})

interface Document {
  readonly kind: string
  readonly key?: string
  readonly body: unknown
}

export const putDocument = (session: Session, bot: string, { kind, key = "", body }: Document) =>
  session.run(
    `INSERT INTO document (bot, kind, key, seq, body)
     VALUES ($1, $2, $3, (SELECT coalesce(max(seq), 0) + 1 FROM document WHERE bot = $1), $4)
     ON CONFLICT (bot, kind, key) DO UPDATE SET body = excluded.body`,
    [bot, kind, key, JSON.stringify(body)],
  )

export const removeDocument = (session: Session, bot: string, kind: string) =>
  session.run("DELETE FROM document WHERE bot = $1 AND kind = $2", [bot, kind])

export const removeAll = (session: Session, bot: string) =>
  Effect.forEach(movedNames, (name) => session.run(`DELETE FROM ${name} WHERE bot = $1`, [bot]))

type Progress = (rows: number) => Effect.Effect<void>

const rowsMax = 1_000
const textMax = 1_000_000

/** Brings the rows in, in the transaction of the caller. Gives what they come to. */
export const bringIn = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  source: Readonly<Record<MovedName, () => Iterable<MovedRow>>>,
  progress: Progress,
) {
  const digests = makeDigests()
  const requests = makeRequests()
  for (const name of movedNames) {
    const sql = insertInto(name)
    let texts: Array<string> = []
    let length = 0
    const send = Effect.suspend(() => {
      const sent = `[${texts.join()}]`
      const count = texts.length
      texts = []
      length = 0
      return count === 0
        ? Effect.void
        : Effect.andThen(session.run(sql, [bot, sent]), progress(count))
    })
    for (const row of source[name]()) {
      digests.add(name, row)
      if (name === "event") requests.see(row)
      const text = JSON.stringify(row, storable)
      texts.push(text)
      length += text.length
      if (texts.length >= rowsMax || length >= textMax) yield* send
    }
    yield* send
  }
  const remembered = requests.remembered()
  for (let from = 0; from < remembered.length; from += rowsMax) {
    yield* session.run(
      `UPDATE event SET request = t.request
       FROM json_to_recordset($2::json) AS t (seq bigint, request text)
       WHERE event.bot = $1 AND event.seq = t.seq`,
      [bot, JSON.stringify(remembered.slice(from, from + rowsMax), storable)],
    )
  }
  return digests.all()
})

const insertInto = (name: MovedName) => {
  const { columns } = movedTables[name]
  const typed = Object.entries(columns).map(([column, type]) => `${column} ${type}`)
  return `INSERT INTO ${name} (bot, ${Object.keys(columns).join(", ")})
    SELECT $1, t.* FROM json_to_recordset($2::json) AS t (${typed.join(", ")})`
}

/**
 * The requests that the database must not give items a second time: those that were given some and
 * are remembered still. See commitRows.ts.
 */
const makeRequests = () => {
  const open = new Map<string, { readonly seq: Cell; readonly request: string }>()
  return {
    see: ({ seq = null, pool, body }: MovedRow) => {
      if (typeof body !== "string" || !body.includes('"request')) return
      const event = decodeRequests(body)
      if (Result.isFailure(event)) return
      const { issuances = [], requests = [] } = event.success
      const place = (request: string) => `${String(pool)}\n${request}`
      const first = issuances.find(
        (each) => typeof each === "object" && each.replacementOf === null,
      )
      const request = typeof first === "object" ? first.request : undefined
      if (request !== undefined) open.set(place(request), { seq, request })
      for (const over of requests) open.delete(place(over))
    },
    remembered: () => [...open.values()],
  }
}

/** What an event says of requests. Where nothing is issued `issuances` are ids. */
const decodeRequests = Schema.decodeUnknownResult(
  Schema.fromJsonString(
    Schema.Struct({
      issuances: Schema.optionalKey(
        Schema.Array(
          Schema.Union([
            Schema.Struct({
              request: Schema.optionalKey(Schema.String),
              replacementOf: Schema.NullOr(Schema.String),
            }),
            Schema.String,
          ]),
        ),
      ),
      requests: Schema.optionalKey(Schema.Array(Schema.String)),
    }),
  ),
)

/** Reads all rows of the bot, in the transaction of the caller; gives what they come to. */
export const readAll = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  see: (name: MovedName, row: MovedRow) => void,
  progress: Progress,
) {
  const digests = makeDigests()
  for (const name of movedNames) {
    yield* session.run(`DECLARE moving NO SCROLL CURSOR FOR ${selectFrom(name)}`, [bot])
    for (;;) {
      const rows = yield* session.run(`FETCH ${pageOf[name] ?? rowsMax} FROM moving`)
      for (const found of rows) {
        // The columns have the types that the table gives them.
        const row = found as MovedRow
        digests.add(name, row)
        see(name, row)
      }
      if (rows.length === 0) break
      yield* progress(rows.length)
    }
    yield* session.run("CLOSE moving")
  }
  return digests.all()
})

/** Where a row may be some megabytes, few are read at once. */
const pageOf: Partial<Record<MovedName, number>> = { event: 200, snapshot: 4, snapshot_part: 4 }

const selectFrom = (name: MovedName) => {
  const { columns, order } = movedTables[name]
  const selected = Object.entries(columns).map(([column, type]) =>
    type === "bigint" ? `${column}::float8 AS ${column}` : column,
  )
  return `SELECT ${selected.join(", ")} FROM ${name} WHERE bot = $1 ORDER BY ${order}`
}

/** The pools of proxies, whose state says how many there are. */
export const proxyPools = (session: Session, bot: string) =>
  Effect.map(
    session.run(
      `SELECT DISTINCT pool FROM event WHERE bot = $1 AND body LIKE '{"\\_tag":"Prox%' ORDER BY pool`,
      [bot],
    ),
    (rows) => rows.map(({ pool }) => String(pool)),
  )

/** What a start reads of a pool. */
export const restoringIn = (session: Session, bot: string) =>
  restoring((_, { sql, values }) => session.run(sql, values.map(String)), bot)
