/**
 * The same bot with its journal in Postgres, on the same disk and synced to it, against the file of
 * SQLite: how long people wait for goods, and what an update costs.
 */
import { type Bot, freePort } from "../bot.ts"
import {
  allAtOnce,
  oneByOne,
  people,
  type Running,
  updatesOfTurn,
  withProgram,
  withProgramOn,
} from "../people.ts"
import { hireIn, noPostgres, type Postgres, withPostgres } from "../postgres.ts"
import { type Measure, percentile, type Row } from "../table.ts"

const name = "bench"
const turnsAlone = 200
const rounds = 6

/** How many commits the bot's journal has made, and how long they took together, as /metrics has it. */
const commitsOf = async (port: number) => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const figure = (part: string) =>
    Number(new RegExp(`^account_bot_commit_seconds_${part}\\S* (\\S+)$`, "m").exec(text)?.[1])
  return { commits: figure("count"), seconds: figure("sum") }
}

const usedBy = async (bot: Bot, port: number, postgres: Postgres | undefined): Promise<Used> => ({
  cpu: (await bot.usage()).cpu,
  ...(await commitsOf(port)),
  ...(postgres !== undefined && { database: postgres.cpu(), ...(await postgres.numbers(written)) }),
})

type Used = Readonly<Record<string, number>>

/** All that is written for an issuance stays for years but the updates, which stay for days. */
const written = `
  SELECT pg_current_wal_lsn() - '0/0' AS wal,
    (SELECT count(*) FROM event) + (SELECT count(*) FROM event_ref) + (SELECT count(*) FROM history)
      + (SELECT count(*) FROM issuance) + (SELECT count(*) FROM inbox) AS rows,
    (SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables) AS bytes`

const measure =
  (port: number, postgres?: Postgres) =>
  async ({ telegram, bot: started }: Running) => {
    const used = () => usedBy(started, port, postgres)
    await allAtOnce(telegram, 3)
    await oneByOne(telegram, 100)
    const start = await used()
    const alone = await oneByOne(telegram, turnsAlone)
    const between = await used()
    const together = await allAtOnce(telegram, rounds)
    const end = await used()
    const issued = turnsAlone + rounds * people.length
    return {
      aloneHalf: percentile(alone, 50),
      aloneMost: percentile(alone, 99),
      ...prefixed("alone", perUpdate(start, between, turnsAlone)),
      togetherHalf: percentile(together, 50),
      togetherMost: percentile(together, 99),
      ...prefixed("together", perUpdate(between, end, rounds * people.length)),
      ...(postgres !== undefined && {
        rows: grown(start, end, "rows") / issued,
        bytes: grown(start, end, "bytes") / issued,
      }),
      rss: (await started.usage()).rss,
    }
  }

const grown = (from: Used, to: Used, figure: string) => Number(to[figure]) - Number(from[figure])

const perUpdate = (from: Used, to: Used, turns: number): Used => {
  const updates = turns * updatesOfTurn
  const commits = grown(from, to, "commits")
  return {
    Cpu: grown(from, to, "cpu") / updates,
    Commits: commits / updates,
    Commit: (grown(from, to, "seconds") * 1_000) / commits,
    ...("database" in to && {
      Database: grown(from, to, "database") / updates,
      Wal: grown(from, to, "wal") / turns,
    }),
  }
}

const prefixed = (prefix: string, values: Used): Used =>
  Object.fromEntries(Object.entries(values).map(([figure, value]) => [`${prefix}${figure}`, value]))

const onSqlite: Measure = async (task) => {
  const port = await freePort()
  return withProgram(measure(port), { HTTP_PORT: String(port) })(task)
}

const onPostgres: Measure = (task) =>
  withPostgres(async (postgres) => {
    const port = await freePort()
    await hireIn(postgres, name, people)
    const settings = { HTTP_PORT: String(port), DATABASE_URL: postgres.url, BOT_NAME: name }
    return withProgramOn(measure(port, postgres), settings)(task)
  })

const twice = { atMost: 2, ofBaseline: true } as const

export const postgres: Row = {
  title: "The bot on Postgres, on the same disk",
  figures: {
    aloneHalf: { what: "one person at a time: the goods, half of them", unit: "ms", goal: twice },
    aloneMost: { what: "… 99 of 100 of them", unit: "ms", goal: twice },
    aloneCpu: { what: "… CPU of the bot for an update", unit: "ms", goal: twice },
    aloneDatabase: { what: "… CPU of Postgres for an update", unit: "ms" },
    aloneCommits: { what: "… commits for an update", unit: "" },
    aloneCommit: { what: "… one commit, on average", unit: "ms" },
    aloneWal: { what: "… write-ahead log for an issuance", unit: "bytes" },
    togetherHalf: { what: "50 people in one moment: half of them", unit: "ms", goal: twice },
    togetherMost: { what: "… 99 of 100 of them", unit: "ms", goal: twice },
    togetherCpu: { what: "… CPU of the bot for an update", unit: "ms", goal: twice },
    togetherDatabase: { what: "… CPU of Postgres for an update", unit: "ms" },
    togetherCommits: { what: "… commits for an update", unit: "" },
    togetherCommit: { what: "… one commit, on average", unit: "ms" },
    togetherWal: { what: "… write-ahead log for an issuance", unit: "bytes" },
    rows: { what: "rows that come with an issuance", unit: "" },
    bytes: { what: "… their tables and indexes", unit: "bytes" },
    rss: { what: "memory (RSS) of the bot", unit: "MB" },
  },
  missing: noPostgres,
  program: onPostgres,
  baseline: { name: "SQLite", measure: onSqlite },
}
