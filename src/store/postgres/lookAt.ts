/** What `doctor` wants to know of a database, read without taking any bot over. */
import * as PgPool from "@effect/sql-pg/PgPool"
import type { PgConnection } from "@effect/sql-pg/PgConnection"
import { Effect, type Redacted } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { fileKind, type JournalDamaged, StorageUnavailable } from "../Journal.ts"
import { decodeRows, DocumentRow } from "../records.ts"
import { connectionSettings, kindOf } from "./PostgresJournal.ts"
import { migrations, readingsOf, schemaName } from "./postgresTables.ts"

export interface DatabaseFacts {
  /** As `server_version_num` says it: 150004. */
  readonly server: number
  readonly encoding: string
  /** A standby, or a database that was made read-only. */
  readonly isReadOnly: boolean
  /** What the server is set to, where no connection says otherwise. */
  readonly settings: Readonly<
    Record<
      "fsync" | "full_page_writes" | "synchronous_commit" | "synchronous_standby_names",
      string
    >
  >
  readonly connections: { readonly max: number; readonly used: number }
  /** What stands between the bot and the database. */
  readonly pooler: "none" | "session" | "transaction"
  readonly tables: {
    /** The step up to which they are made; 0 where there are none. */
    readonly version: number
    /** The newest step that this program knows. */
    readonly known: number
    /** What the user may not do, in words of Postgres. */
    readonly denied: ReadonlyArray<string>
  }
  readonly owner: {
    readonly epoch: number
    readonly since: number
    /** When it last wrote; `null`: not yet. */
    readonly wroteAt: number | null
  } | null
  /** People and regions, as far as there are any. */
  readonly files: ReadonlyArray<{ readonly key: string; readonly body: unknown }>
}

export const lookAt = ({
  url,
  bot,
}: {
  readonly url: Redacted.Redacted
  readonly bot: string
}): Effect.Effect<DatabaseFacts, StorageUnavailable> =>
  Effect.gen(function* () {
    const settings = connectionSettings(url)
    const open = (parameters: Readonly<Record<string, string>>) =>
      Effect.flatMap(
        PgPool.make({ ...settings, startupParameters: parameters, maxConnections: 1 }),
        ({ reserve }) => reserve,
      )
    // As the bot connects: a pooler may refuse what it says first.
    const own = yield* open(settings.startupParameters)
    const plain = yield* open({})
    const about = yield* aboutServer(plain)
    const tables = yield* lookAtTables(own)
    return {
      ...about,
      pooler: yield* lookForPooler(own, plain),
      tables,
      owner: tables.version === 0 ? null : yield* ownerOf(own, bot),
      files: tables.version === 0 ? [] : yield* filesOf(own, bot),
    }
  }).pipe(
    Effect.scoped,
    Effect.mapError((error) =>
      error._tag === "SqlError" ? unavailable(kindOf(error)) : unavailable(error.message),
    ),
  )

/** Nothing else of the driver's error is kept: its words may hold the address with its password. */
const unavailable = (kind: string) =>
  new StorageUnavailable({ operation: "look", place: `the database (${kind})`, cause: kind })

const rowOf = (connection: PgConnection, sql: string, values: ReadonlyArray<unknown> = []) =>
  // Unnamed: this looks whether named statements will work, and must not fail by them.
  Effect.map(connection.query(sql, values, false), ({ rows }) => rows[0] ?? {})

const aboutServer = Effect.fnUntraced(function* (connection: PgConnection) {
  const row = yield* rowOf(
    connection,
    `SELECT current_setting('server_version_num')::int AS server,
            current_setting('server_encoding') AS encoding,
            pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only,
            current_setting('fsync') AS fsync,
            current_setting('full_page_writes') AS pages,
            current_setting('synchronous_commit') AS commits,
            current_setting('synchronous_standby_names') AS standbys,
            current_setting('max_connections')::int
              - current_setting('superuser_reserved_connections')::int AS most,
            (SELECT count(*)::int FROM pg_stat_activity WHERE datid IS NOT NULL) AS used`,
  )
  return {
    server: Number(row["server"]),
    encoding: String(row["encoding"]),
    isReadOnly: row["read_only"] === true,
    settings: {
      fsync: String(row["fsync"]),
      full_page_writes: String(row["pages"]),
      synchronous_commit: String(row["commits"]),
      synchronous_standby_names: String(row["standbys"]),
    },
    connections: { max: Number(row["most"]), used: Number(row["used"]) },
  }
})

const pidOf = (connection: PgConnection) =>
  Effect.map(rowOf(connection, "SELECT pg_backend_pid() AS pid"), ({ pid }) => Number(pid))

/**
 * A pooler names a process of its own when it lets somebody in. One in transaction mode gives both
 * connections, which are open at the same time, the same process of the database.
 */
const lookForPooler = Effect.fnUntraced(function* (
  first: PgConnection,
  second: PgConnection,
): Effect.fn.Return<DatabaseFacts["pooler"], SqlError> {
  const pids = [yield* pidOf(first), yield* pidOf(second), yield* pidOf(first)] as const
  if (pids[0] === pids[1] || pids[0] !== pids[2]) return "transaction"
  return pids[0] === first.processId ? "none" : "session"
})

const lookAtTables = Effect.fnUntraced(function* (connection: PgConnection) {
  const known = migrations.length
  const { schema, tables, creates } = yield* rowOf(
    connection,
    `SELECT to_regnamespace($1) IS NOT NULL AS schema,
            to_regclass($1 || '.schema_version') IS NOT NULL AS tables,
            has_database_privilege(current_database(), 'CREATE') AS creates`,
    [schemaName],
  )
  if (schema !== true) {
    return { version: 0, known, denied: creates === true ? [] : ["CREATE on the database"] }
  }
  const { rows } = yield* connection.query(
    `SELECT wanted || ' on schema ' || $1::text AS what
       FROM unnest(ARRAY['USAGE', 'CREATE']) AS wanted
      WHERE NOT has_schema_privilege($1::text, wanted)
     UNION ALL
     SELECT wanted || ' on ' || name
       FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted,
            (SELECT relname AS name, oid FROM pg_class
              WHERE relnamespace = to_regnamespace($1) AND relkind = 'r') AS found
      WHERE NOT has_table_privilege(oid, wanted)`,
    [schemaName],
    false,
  )
  const denied = rows.map(({ what }) => String(what))
  if (tables !== true || denied.length > 0) return { version: 0, known, denied }
  const { version } = yield* rowOf(
    connection,
    "SELECT coalesce(max(version), 0)::int AS version FROM schema_version",
  )
  return { version: Number(version), known, denied }
})

const ownerOf = Effect.fnUntraced(function* (connection: PgConnection, bot: string) {
  const { epoch, since, wrote } = yield* rowOf(
    connection,
    `SELECT owner.epoch::float8 AS epoch, owner.at AS since,
            (SELECT max(at) FROM commit_mark WHERE bot = owner.bot AND holder = owner.holder) AS wrote
       FROM owner WHERE bot = $1`,
    [bot],
  )
  return epoch === undefined
    ? null
    : {
        epoch: Number(epoch),
        since: Number(since),
        wroteAt: wrote === null ? null : Number(wrote),
      }
})

const filesOf = Effect.fnUntraced(function* (
  connection: PgConnection,
  bot: string,
): Effect.fn.Return<DatabaseFacts["files"], SqlError | JournalDamaged> {
  const { sql, values } = readingsOf(bot).documents(fileKind)
  const { rows } = yield* connection.query(sql, values, false)
  return yield* decodeRows(DocumentRow, "document", rows, ({ key }) => key)
})
