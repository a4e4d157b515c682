/** A Postgres of the bench's own, on the disk that the project stands on and synced to it. */
import * as PgPool from "@effect/sql-pg/PgPool"
import { Effect, Redacted } from "effect"
import { fileKind, Journal } from "../src/store/Journal.ts"
import { PostgresJournal } from "../src/store/postgres/PostgresJournal.ts"
import { schemaName } from "../src/store/postgres/postgresTables.ts"
import { isPostgresHere, makePostgres } from "../test/store/postgresProcess.ts"
import { rosterOf } from "./bot.ts"
import { withDirectory } from "./disk.ts"
import { cpuOfFamily } from "./usage.ts"

/** Why a row about it is left out. */
export const noPostgres = isPostgresHere ? undefined : "Postgres is not installed"

export interface Postgres {
  /** For DATABASE_URL. */
  readonly url: string
  /** Milliseconds of the processor since its start, of all its processes. */
  readonly cpu: () => number
  /** The numbers that a statement gives in its only row. */
  readonly numbers: (sql: string) => Promise<Readonly<Record<string, number>>>
}

/** It has the settings of a server as it is installed, and is gone afterwards. */
export const withPostgres = <A>(use: (postgres: Postgres) => Promise<A>): Promise<A> =>
  withDirectory(async (data) => {
    const server = makePostgres({ data })
    const url = `postgres://bot:not-a-password@localhost/postgres?host=${server.directory}`
    // Also where the bench is stopped.
    const end = () => {
      const pid = server.pid()
      if (pid !== undefined) process.kill(pid, "SIGQUIT")
    }
    process.once("exit", end)
    try {
      await server.create()
      return await use({
        url,
        cpu: () => cpuOfFamily(server.pid() ?? 0),
        numbers: (sql) => Effect.runPromise(numbersOf(url, sql)),
      })
    } finally {
      process.off("exit", end)
      await server.remove()
    }
  })

const numbersOf = (url: string, sql: string) =>
  PgPool.make({ url: Redacted.make(url), startupParameters: { search_path: schemaName } }).pipe(
    Effect.flatMap((pool) => pool.use((connection) => connection.query(sql))),
    Effect.map(({ rows: [row = {}] }) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
    ),
    Effect.scoped,
  )

/**
 * Employees of a bot in the database, who may use it from its start on. Nothing is left of its having
 * been opened for that: whoever takes a bot over from somebody waits a minute for Google.
 */
export const hireIn = async (
  { url, numbers }: Postgres,
  bot: string,
  people: ReadonlyArray<number>,
): Promise<void> => {
  await Journal.use(({ write }) =>
    write([{ _tag: "DocumentPut", kind: fileKind, key: "whitelist.json", body: rosterOf(people) }]),
  ).pipe(
    Effect.provide(PostgresJournal.layer({ url: Redacted.make(url), bot, admins: [] })),
    Effect.runPromise,
  )
  await numbers("DELETE FROM commit_mark")
  await numbers("DELETE FROM owner")
}
