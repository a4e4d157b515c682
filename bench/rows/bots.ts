/**
 * What one more bot of a replica costs that nobody uses: memory, processor, connections, and what it
 * asks and writes. Replicas with one bot and with eleven are compared, each bot with spreadsheets and
 * a stock of its own.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileOf, freePort, startGoogle, startProgram } from "../bot.ts"
import { withDirectory } from "../disk.ts"
import { noPostgres, type Postgres, withPostgres } from "../postgres.ts"
import type { Measured, Row, Task } from "../table.ts"
import { Telegram } from "../Telegram.ts"

const more = 10
const settleSeconds = 130
const watchedSeconds = 300
const hour = 3_600 / watchedSeconds

const counted = (postgres: Postgres) =>
  postgres.numbers(`
    SELECT pg_current_wal_lsn() - '0/0' AS wal, sum(xact_commit) AS statements,
      (SELECT coalesce(sum(number), 0) FROM commit_mark) AS commits,
      (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'account-bot%') AS sessions
    FROM pg_stat_database`)

/** What a replica with so many bots has, and what it uses in an hour in which nobody does anything. */
const idling = (task: Task, bots: number): Promise<Measured> =>
  withPostgres((postgres) =>
    withDirectory(async (directory) => {
      const google = await startGoogle(1_000, bots)
      const telegrams = await Promise.all(Array.from({ length: bots }, () => Telegram.start()))
      const [first] = telegrams
      if (first === undefined) throw new Error("there is no bot")
      const files = Path.join(directory, "bots")
      Fs.mkdirSync(files)
      for (const [index, { url }] of telegrams.entries()) {
        Fs.writeFileSync(Path.join(files, `bot-${index}.env`), fileOf(index, url))
      }
      const settings = {
        BOTS_DIR: files,
        DATABASE_URL: postgres.url,
        HTTP_PORT: String(await freePort()),
        REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
        // As in production.
        SHEETS_REQUESTS_PER_SECOND: "1.5",
        LOAD_BATCH_SIZE: "30",
        REFILL_THRESHOLD: "10",
      }
      const replica = startProgram(
        task,
        { directory, google: google.url, telegram: first },
        { settings },
      )
      await delay(settleSeconds * 1_000)
      const used = async (): Promise<Measured> => ({
        ...(await counted(postgres)),
        ...(await replica.usage()),
        database: postgres.cpu(),
      })
      const before = await used()
      await delay(watchedSeconds * 1_000)
      const after = await used()
      await replica.stop()
      for (const telegram of telegrams) telegram.stop()
      await google.stop()
      const inHour = (figure: string, divisor = 1) =>
        ((Number(after[figure]) - Number(before[figure])) * hour) / divisor
      return {
        rss: Number(after["rss"]),
        sessions: Number(after["sessions"]),
        start: Number(before["cpu"]) / 1_000,
        cpu: inHour("cpu", 1_000),
        database: inHour("database", 1_000),
        statements: inHour("statements"),
        commits: inHour("commits"),
        wal: inHour("wal"),
      }
    }),
  )

export const bots: Row = {
  title: "An idle replica on Postgres, and one more bot in it with its stock",
  figures: {
    firstRss: { what: "a replica with one bot: memory (RSS)", unit: "MB" },
    firstCpu: { what: "… CPU of an hour", unit: "s" },
    firstDatabase: { what: "… and of Postgres", unit: "s" },
    firstSessions: { what: "… connections", unit: "" },
    firstStatements: { what: "… statements in an hour", unit: "" },
    rss: { what: "one bot more: memory (RSS)", unit: "MB" },
    cpu: { what: "… CPU of an hour", unit: "s" },
    database: { what: "… and of Postgres", unit: "s" },
    start: { what: "… CPU of its start", unit: "s" },
    sessions: { what: "… connections", unit: "" },
    statements: { what: "… statements in an hour", unit: "" },
    commits: { what: "… of them commits of its journal", unit: "" },
    wal: { what: "… write-ahead log of an hour", unit: "bytes" },
  },
  missing: noPostgres,
  onlyByName: true,
  program: async (task) => {
    const one = await idling(task, 1)
    const many = await idling(task, 1 + more)
    const each = Object.entries(one).map(([figure, value]): [string, number] => [
      figure,
      (Number(many[figure]) - value) / more,
    ])
    const found: Measured = Object.fromEntries(each)
    return {
      ...found,
      // It has idled since.
      start: Number(found["start"]) - (Number(found["cpu"]) * settleSeconds) / 3_600,
      firstRss: Number(one["rss"]),
      firstCpu: Number(one["cpu"]),
      firstDatabase: Number(one["database"]),
      firstSessions: Number(one["sessions"]),
      firstStatements: Number(one["statements"]),
    }
  },
}
