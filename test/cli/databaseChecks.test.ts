/** What doctor says of the Postgres of DATABASE_URL. */
import * as Net from "node:net"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect, Layer, Option, Redacted } from "effect"
import { checkDatabase, checkFacts } from "../../src/cli/doctor/databaseChecks.ts"
import { Report } from "../../src/cli/doctor/Report.ts"
import { Settings } from "../../src/config/Settings.ts"
import { fileKind, Journal } from "../../src/store/Journal.ts"
import type { DatabaseFacts } from "../../src/store/postgres/lookAt.ts"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"

const told = Effect.fnUntraced(function* <E>(
  checks: Effect.Effect<void, E, Report | Settings>,
  settings: Parameters<typeof Settings.layerTest>[0] = {},
) {
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  yield* checks.pipe(
    Effect.provide(
      Layer.merge(Layer.fresh(Report.layer), Settings.layerTest({ botName: "sales", ...settings })),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log: tell }),
  )
  return lines
})

const of = (level: string, lines: ReadonlyArray<string>) =>
  lines.filter((line) => line.startsWith(level))

const good: DatabaseFacts = {
  server: 150_004,
  encoding: "UTF8",
  isReadOnly: false,
  settings: {
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    synchronous_standby_names: "",
  },
  connections: { max: 97, used: 4 },
  pooler: "none",
  tables: { version: 1, known: 1, denied: [] },
  owner: { epoch: 7, since: 1_796_000_000_000, wroteAt: 1_796_000_060_000.25 },
  files: [{ key: "regions.json", body: ["495"] }],
}

/** A server that answers whoever connects with that, and says no more. */
const answering = (directory: string, answer: Buffer) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<Net.Server>((resolve) => {
          Fs.mkdirSync(directory, { recursive: true })
          const server = Net.createServer((client) => {
            client.on("error", () => {})
            client.once("data", () => client.end(answer))
          })
          server.listen(Path.join(directory, ".s.PGSQL.5432"), () => resolve(server))
        }),
    ),
    (server) => Effect.sync(() => server.close()),
  )

/** A refusal as Postgres and poolers send it. */
const refusalOf = (code: string, words: string) => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${words}\0\0`)
  const length = Buffer.alloc(4)
  length.writeInt32BE(fields.length + 4)
  return Buffer.concat([Buffer.from("E"), length, fields])
}

describe("doctor with DATABASE_URL", () => {
  it.effect("says that all is well, who has the bot and since when", () =>
    Effect.gen(function* () {
      const lines = yield* told(checkFacts(good, "sales"))
      assert.deepStrictEqual(of("FAIL", lines), [])
      assert.deepStrictEqual(of("warn", lines), [])
      assert.include(lines.join("\n"), "Postgres 15.4")
      assert.include(
        lines.join("\n"),
        'the bot "sales" was taken over last at 2026-11-30T03:53:20.000+03:00 (epoch 7); that process wrote last at 2026-11-30T03:54:20.000+03:00',
      )
    }),
  )

  it.effect.each([
    [130_011, 1],
    [140_000, 0],
  ] as const)(
    "warns a replica of a server that keeps one that stands still: %i",
    ([server, count]) =>
      Effect.gen(function* () {
        const checks = checkFacts({ ...good, server }, "sales")
        const replicaAddress = Option.some({ host: "10.0.0.5", port: 7300 })
        assert.lengthOf(of("warn", yield* told(checks, { replicaAddress })), count)
        assert.lengthOf(of("warn", yield* told(checks)), 0)
      }),
  )

  it.effect.each<readonly [string, string, Partial<DatabaseFacts>]>([
    ["FAIL", "12.9 is too old", { server: 120_009 }],
    ["FAIL", "SQL_ASCII", { encoding: "SQL_ASCII" }],
    ["FAIL", "takes no writes", { isReadOnly: true }],
    ["FAIL", "fsync is off", { settings: { ...good.settings, fsync: "off" } }],
    [
      "FAIL",
      "full_page_writes is off",
      { settings: { ...good.settings, full_page_writes: "off" } },
    ],
    ["FAIL", "in transaction mode", { pooler: "transaction" }],
    ["warn", "session mode", { pooler: "session" }],
    ["warn", "94 of 97 connections", { connections: { max: 97, used: 94 } }],
    ["FAIL", "of version 9", { tables: { version: 9, known: 1, denied: [] } }],
    ["FAIL", "INSERT on event", { tables: { version: 0, known: 1, denied: ["INSERT on event"] } }],
    ["FAIL", "whitelist.json in", { files: [{ key: "whitelist.json", body: 1 }] }],
    ["warn", "no region", { files: [{ key: "regions.json", body: [] }] }],
    ["ok", "is off there; the bot", { settings: { ...good.settings, synchronous_commit: "off" } }],
    [
      "ok",
      "waits for a standby",
      { settings: { ...good.settings, synchronous_standby_names: "*" } },
    ],
    ["ok", "has nothing there yet", { owner: null }],
  ])("%s: %s", ([level, words, facts]) =>
    Effect.gen(function* () {
      const lines = yield* told(checkFacts({ ...good, ...facts }, "sales"))
      assert.lengthOf(
        of(level, lines).filter((line) => line.includes(words)),
        1,
        lines.join("\n"),
      )
      assert.lengthOf([...of("FAIL", lines), ...of("warn", lines)], level === "ok" ? 0 : 1)
    }),
  )

  it.live("says that nobody answers, and nothing of the address", () =>
    Effect.gen(function* () {
      const url = Redacted.make("postgres://bot:hunter2@localhost/bots?host=/nowhere")
      const lines = yield* told(checkDatabase(url))
      assert.lengthOf(lines, 1)
      assert.include(lines[0], "FAIL  The database cannot be reached")
      assert.notInclude(lines[0], "hunter2")
    }),
  )
})

describe.skipIf(!isPostgresHere)("doctor with a Postgres", () => {
  const server = usePostgres()

  it.live("finds an empty database good, but for a server that does not sync", () =>
    Effect.gen(function* () {
      yield* server.query("CREATE DATABASE empty")
      const lines = yield* told(checkDatabase(server.url("empty")))
      assert.lengthOf(of("FAIL", lines), 1, lines.join("\n"))
      assert.include(of("FAIL", lines)[0], "fsync is off")
      assert.deepStrictEqual(of("warn", lines), [])
      const text = lines.join("\n")
      assert.include(text, "there are no tables yet")
      assert.include(text, 'the bot "sales" has nothing there yet')
      // It has looked, and made nothing.
      assert.deepStrictEqual(
        yield* server.query("SELECT to_regnamespace('account_bot') AS found", "empty"),
        [{ found: null }],
      )
    }),
  )

  it.live("reads who has the bot, the people and the regions, and takes nothing over", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(server.journal("sales"))
      const journal = yield* Effect.provideContext(Journal, context)
      const files = {
        "whitelist.json": { 7: { stage: "anna", is_approved: true } },
        "regions.json": ["495", "812"],
      }
      for (const [key, body] of Object.entries(files)) {
        yield* journal.write([{ _tag: "DocumentPut", kind: fileKind, key, body }])
      }
      const text = (yield* told(checkDatabase(server.url()))).join("\n")
      assert.match(text, /the tables are of version \d+$/m)
      assert.include(text, "(epoch 1); that process wrote last at")
      assert.include(text, "people in the database: 1 let in, 0 not")
      assert.include(text, "regions in the database: 2")
      yield* journal.write([{ _tag: "DocumentPut", kind: "draft", key: "a", body: 1 }])
    }),
  )

  it.live("names the rights that are missing", () =>
    Effect.gen(function* () {
      yield* Effect.scoped(Layer.build(server.journal("rights")))
      yield* server.query("CREATE ROLE guest LOGIN")
      yield* server.query("GRANT USAGE ON SCHEMA account_bot TO guest")
      yield* server.query("GRANT SELECT ON account_bot.event TO guest")
      const url = Redacted.make(Redacted.value(server.url()).replace("bot:not-a-password", "guest"))
      const [failure = "", ...others] = of("FAIL", yield* told(checkDatabase(url))).filter(
        (line) => !line.includes("fsync"),
      )
      assert.deepStrictEqual(others, [])
      assert.match(failure, /no right to: [^]*CREATE on schema account_bot[^]*INSERT on event/)
      assert.notInclude(failure, "SELECT on event,")
    }),
  )

  it.live("names a database that is not there", () =>
    Effect.gen(function* () {
      const lines = yield* told(checkDatabase(server.url("nowhere")))
      assert.lengthOf(lines, 1)
      assert.include(lines[0], "FAIL  There is no database of that name")
    }),
  )

  it.live.each([
    ["08P01", "unsupported startup parameter: search_path", "a pooler does"],
    ["28P01", "password authentication failed", "refuses the user or the password"],
    ["53300", "sorry, too many clients already", "no connection left"],
  ] as const)("says what %s means", ([code, words, expected]) =>
    Effect.gen(function* () {
      const directory = Path.join(server.directory, code)
      yield* answering(directory, refusalOf(code, words))
      const lines = yield* told(checkDatabase(server.url("postgres", directory)))
      assert.lengthOf(lines, 1)
      assert.include(lines[0], expected)
    }),
  )
})
