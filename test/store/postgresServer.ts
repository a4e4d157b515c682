/**
 * A Postgres of its own for a test file: in a directory that is removed afterwards, on a socket in
 * it, and without syncing. Tests that need one are skipped where it is not installed.
 */
import * as PgPool from "@effect/sql-pg/PgPool"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { afterAll, beforeAll } from "vitest"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { PostgresJournal } from "../../src/store/postgres/PostgresJournal.ts"
import { isPostgresHere, makePostgres } from "./postgresProcess.ts"

export { isPostgresHere }
if (!isPostgresHere) process.stdout.write("Postgres is not installed: its tests are skipped\n")

interface Server {
  /** Of its socket. */
  readonly directory: string
  /** For DATABASE_URL; by way of another socket if that is given. */
  readonly url: (database?: string, socket?: string) => Redacted.Redacted
  /** The journal of a bot in the database, by way of another socket if that is given. */
  readonly journal: (
    bot: string,
    by?: {
      readonly database?: string
      readonly directory?: string
      readonly admins?: ReadonlyArray<TelegramId>
    },
  ) => ReturnType<typeof PostgresJournal.layer>
  /** Runs a statement in it. */
  readonly query: (
    sql: string,
    database?: string,
  ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** Runs a statement in a transaction that stays open until it is released, and is undone then. */
  readonly hold: (
    sql: string,
  ) => Effect.Effect<{ readonly release: Effect.Effect<void> }, never, Scope.Scope>
  /** Goes on when the process that has the bot would hear of another one, and has nothing under way. */
  readonly watching: (bot: string) => Effect.Effect<void>
  /** Goes on when the processes of the bot wait for no answer. */
  readonly settled: (bot: string) => Effect.Effect<void>
  /** Goes on when so many sessions wait for somebody else. */
  readonly waitingForLocks: (count: number) => Effect.Effect<void>
  readonly start: () => Promise<void>
  /** Ends it at once, with all connections. */
  readonly stop: () => Promise<void>
}

/** Starts it before the tests of the file, and stops it after them. */
export const usePostgres = (): Server => {
  const { directory, start, stop, create, remove } = makePostgres({ settings: { fsync: "off" } })

  const urlOf = (database = "postgres", socket = directory) =>
    Redacted.make(`postgres://bot:not-a-password@localhost/${database}?host=${socket}`)

  const query: Server["query"] = (sql, database) =>
    PgPool.make({ url: urlOf(database), startupParameters: { search_path: "account_bot" } }).pipe(
      Effect.flatMap((pool) => pool.use((connection) => connection.query(sql))),
      Effect.map(({ rows }) => rows),
      Effect.orDie,
      Effect.scoped,
    )

  const sessions = (bot: string, which: string, is: (count: number) => boolean) =>
    query(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE application_name = 'account-bot ${bot}' AND ${which}`,
    ).pipe(
      Effect.filterOrFail(([row]) => is(Number(row?.["count"]))),
      Effect.retry({ times: 1_000 }),
      Effect.orDie,
      Effect.asVoid,
    )

  const settled = (bot: string) => sessions(bot, "state <> 'idle'", (count) => count === 0)

  beforeAll(async () => {
    if (isPostgresHere) await create()
  })

  afterAll(remove)

  return {
    directory,
    url: urlOf,
    journal: (bot, by = {}) =>
      Layer.fresh(
        PostgresJournal.layer({
          bot,
          url: urlOf(by.database, by.directory),
          admins: by.admins ?? [],
        }),
      ),
    query,
    watching: (bot) =>
      // It looks once more when it has begun to listen; later it asks if the connection is there.
      sessions(
        bot,
        `state = 'idle' AND query LIKE '%AS held FROM mine' AND query_start > (
           SELECT max(CASE WHEN query LIKE 'LISTEN%' THEN query_start ELSE '-infinity' END)
           FROM pg_stat_activity
           WHERE application_name = 'account-bot ${bot}'
             AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')
         )`,
        (count) => count > 0,
      ).pipe(Effect.andThen(settled(bot))),
    settled,
    waitingForLocks: (count) =>
      query(
        "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      ).pipe(
        Effect.filterOrFail(([row]) => row?.["waiting"] === count),
        Effect.retry({ times: 1_000 }),
        Effect.orDie,
        Effect.asVoid,
      ),
    hold: (sql) =>
      Effect.gen(function* () {
        const pool = yield* PgPool.make({
          url: urlOf(),
          startupParameters: { search_path: "account_bot" },
        })
        const connection = yield* pool.reserve
        yield* connection.query("BEGIN")
        yield* connection.query(sql)
        return { release: Effect.orDie(Effect.asVoid(connection.query("ROLLBACK"))) }
      }).pipe(Effect.orDie),
    start,
    stop,
  }
}
