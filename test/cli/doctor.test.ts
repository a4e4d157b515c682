/** The whole command, in this process, against the emulators over HTTP. */
import { spawnSync } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import {
  Clock,
  ConfigProvider,
  Console,
  Effect,
  Exit,
  Fiber,
  FileSystem,
  Layer,
  Option,
  Redacted,
} from "effect"
import { Command } from "effect/cli"
import { doctor } from "../../src/cli/doctor.ts"
import { Settings } from "../../src/config/Settings.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Playground } from "../../src/playground/Playground.ts"
import { seedsOf } from "../../src/playground/companies.ts"
import { russian } from "../../src/playground/companies/russian.ts"
import { Day } from "../../src/domain/Day.ts"
import { Journal } from "../../src/store/Journal.ts"
import { SqliteJournal } from "../../src/store/SqliteJournal.ts"
import { makeWallClock } from "../observe/wallClock.ts"
import { withColumn } from "../sheets/bench.ts"
import { document, events, received } from "../contracts/journalFixtures.ts"
import { databaseIn } from "../store/sqliteFixtures.ts"
import { bodyOf, get, post, scenario, tabs, telegram } from "../playground/client.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})
const credentials = JSON.stringify({ client_email: "bot@example.com", private_key: privateKey })

const directory = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped()).pipe(
  Effect.provide(NodeServices.layer),
)

const examined = Effect.fnUntraced(function* (
  dataDir: string,
  values: Record<string, string> = {},
  args: ReadonlyArray<string> = [],
) {
  const { url } = yield* Playground
  const environment = {
    BOT_TOKEN: "1000:demo-token",
    ADMIN_ID: "1",
    GOOGLE_CREDENTIALS_JSON: credentials,
    SPREADSHEET_ACCOUNTS: "demo-accounts",
    SPREADSHEET_ISSUED: "demo-issued",
    TELEGRAM_API_ROOT: url,
    SHEETS_ROOT_URL: url,
    // Other tests check the rate of calls; here it would only cost time.
    SHEETS_REQUESTS_PER_SECOND: "1000",
    SHEETS_READS_PER_MINUTE: "60000",
    DATA_DIR: dataDir,
    ...values,
  }
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  const exit = yield* Command.runWith(doctor, { version: "test" })(args).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown(environment)),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, {
      ...globalThis.console,
      log: tell,
      error: tell,
    }),
  )
  return { text: lines.join("\n"), lines, passed: Exit.isSuccess(exit) }
})

type Outcome = Effect.Success<ReturnType<typeof examined>>

const failures = ({ lines }: Outcome) => lines.filter((line) => line.startsWith("FAIL"))

/** The only line with these words, and its level. */
const says = ({ lines, text }: Outcome, level: string, ...words: ReadonlyArray<string>) => {
  const found = lines.filter((line) => words.every((word) => line.includes(word)))
  assert.strictEqual(found.length, 1, `${words.join(" … ")} in\n${text}`)
  assert.strictEqual(found[0]?.split(" ")[0], level, found[0])
}

const journalIn = (dataDir: string, more: Partial<Settings["Service"]> = {}) =>
  SqliteJournal.layer.pipe(
    Layer.provide([Settings.layerTest({ ...more, dataDir }), NodeServices.layer]),
    Layer.fresh,
  )

/** Every file of a directory with its bytes. */
const contents = (dataDir: string) =>
  Fs.readdirSync(dataDir).map((name) => [
    name,
    Fs.readFileSync(Path.join(dataDir, name)).toString("base64"),
  ])

/** Every login, number and password of the samples. */
const secretsOfSamples = seedsOf(russian, Day.make("2026-11-22"))
  .flatMap(({ seed }) => seed.tabs)
  .flatMap(({ rows: [header = [], ...rows] }) =>
    rows.flatMap((row) =>
      row.filter((_, index) => {
        const name = header[index]
        return typeof name === "string" && /пароль|логин|login|почта|mail|номер/i.test(name)
      }),
    ),
  )
  .flatMap((cell) => (typeof cell === "string" || typeof cell === "number" ? [String(cell)] : []))
  .filter((text) => text !== "")

interface Call {
  readonly method: string
}
const writes = Effect.map(bodyOf<ReadonlyArray<Call>>(get("/sim/calls")), (calls) =>
  calls.filter(({ method }) => !readOnlyMethods.has(method)).map(({ method }) => method),
)
const readOnlyMethods = new Set([
  "token",
  "getMe",
  "getWebhookInfo",
  "spreadsheets.get",
  "spreadsheets.values.batchGet",
])

const hook = "http://127.0.0.1:1/a-path-that-nobody-guesses"
const ownHook = { WEBHOOK_URL: hook, WEBHOOK_SECRET: "a-secret-of-this-test", HTTP_PORT: "0" }

describe("npm run doctor with BOTS_DIR", () => {
  scenario(
    "looks at each file, names the bot in each line, and at what two of them have both",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const botsDir = yield* directory
      const put = (name: string, ...lines: ReadonlyArray<string>) =>
        Fs.writeFileSync(Path.join(botsDir, name), lines.join("\n"))
      const own = [
        "BOT_TOKEN=1000:demo-token",
        "SPREADSHEET_ACCOUNTS=demo-accounts",
        "SPREADSHEET_ISSUED=demo-issued",
      ]
      put("a.env", ...own, "REGION=495")
      put("b.env", ...own)
      put("Sales Team.env", "BOT_TOKEN=2000:planted-secret")
      put("c.env", "BOT_TOKEN=3000:planted-secret", "SPREADSHEET_ACCOUNTS=c", "HTTP_PORT=1")
      const values = {
        // There are defaults for all, and none of what bots must differ in.
        BOT_TOKEN: "4000:planted-secret",
        BOTS_DIR: botsDir,
        DATABASE_URL: "postgres://bot:planted-password@127.0.0.1:1/bots",
      }
      const found = yield* examined(dataDir, values)
      says(found, "ok", "the settings of the process can be read")
      says(found, "ok", `the directory ${dataDir} can be written`)
      says(found, "FAIL", "The database cannot be reached")
      says(found, "warn", "a.env: REGION in line 4")
      says(found, "ok", "a: its file can be read")
      says(found, "ok", "a: Telegram knows the token")
      says(found, "ok", "a: SPREADSHEET_ACCOUNTS can be read")
      says(found, "FAIL", "b.env: BOT_TOKEN: is that of a.env too", "This bot does not run so")
      says(found, "FAIL", "Sales Team.env: the name of the file", '" "')
      says(found, "FAIL", "c.env: HTTP_PORT (line 3): belongs to the whole process")
      says(found, "FAIL", "c.env: SPREADSHEET_ISSUED: is missing")
      assert.notInclude(found.text, "planted")
      assert.isFalse(found.passed)
      const looked = found.lines.filter((line) => /^(ok|warn|hand|FAIL) +a: /.test(line))
      assert.isAbove(looked.length, 10, found.text)
    }),
  )

  scenario(
    "says so where there is no such directory, no bot in it, or a wrong setting of the process",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const DATABASE_URL = "postgres://bot@127.0.0.1:1/bots"
      const missing = yield* examined(dataDir, { DATABASE_URL, BOTS_DIR: `${dataDir}/none` })
      says(missing, "FAIL", "BOTS_DIR: cannot be read (NotFound)", "Make the directory")
      const none = yield* examined(dataDir, { DATABASE_URL, BOTS_DIR: dataDir })
      says(none, "warn", `There is no bot in ${dataDir}`)
      const wrong = yield* examined(dataDir, { BOTS_DIR: dataDir, HTTP_PORT: "x" })
      says(wrong, "FAIL", "HTTP_PORT is not a port")
      assert.isFalse(wrong.passed)
      const without = yield* examined(dataDir, { BOTS_DIR: dataDir })
      says(without, "FAIL", "BOTS_DIR needs DATABASE_URL")
    }),
  )
})

describe("npm run doctor", () => {
  scenario(
    "names what the owner of the bot should switch off in BotFather",
    Effect.gen(function* () {
      const dataDir = yield* directory
      says(yield* examined(dataDir), "warn", "Anybody may add the bot to a group", "/setjoingroups")
      yield* post("/sim/bot", { canJoinGroups: false })
      says(yield* examined(dataDir), "ok", "open to no group and no inline mode")
      yield* post("/sim/bot", { canReadAllGroupMessages: true, supportsInlineQueries: true })
      const open = yield* examined(dataDir)
      says(open, "warn", "sent every message of the groups", "/setprivacy, Enable")
      says(open, "warn", "Inline mode is on", "/setinline, then /empty")
      assert.notInclude(open.text, "/setjoingroups")
      assert.isTrue(open.passed)
    }),
  )

  scenario(
    "switches off with --fix what it names, and sets the mode of taps to default",
    Effect.gen(function* () {
      const dataDir = yield* directory
      yield* post("/sim/bot", {
        canReadAllGroupMessages: true,
        supportsInlineQueries: true,
        callbackQueryMode: "inline",
      })
      const before = yield* examined(dataDir)
      says(before, "FAIL", 'callback_query_mode of the bot is "inline"', "The next start", "--fix")
      says(before, "warn", "Inline mode is on", "@BotFather", "--fix` switches it off too")
      assert.isFalse(before.passed)

      const mended = yield* examined(dataDir, {}, ["--fix"])
      says(mended, "ok", "--fix: nobody can add the bot to a group")
      says(mended, "ok", "--fix: in groups the bot is sent only what is meant for it")
      says(mended, "ok", "--fix: inline mode is off")
      says(mended, "ok", '--fix: callback_query_mode is "default"')
      assert.notInclude(mended.text, "@BotFather")

      const after = yield* examined(dataDir, {}, ["--fix"])
      says(after, "ok", "open to no group and no inline mode")
      assert.notInclude(after.text, "callback_query_mode")
      assert.isTrue(after.passed, after.text)
      const calls = yield* bodyOf<ReadonlyArray<Call>>(get("/sim/calls"))
      assert.lengthOf(
        calls.filter(({ method }) => method === "setMySettings"),
        1,
      )
    }),
  )

  scenario(
    "names the way in BotFather where the server knows no such method, or refuses",
    Effect.gen(function* () {
      const dataDir = yield* directory
      for (const [status, ...words] of [
        [404, "does not know setMySettings"],
        [400, "did not change the bot's settings"],
      ] as const) {
        const fault = { api: "telegram", method: "setMySettings", times: 1, kind: "status", status }
        yield* post("/sim/faults", fault)
        const outcome = yield* examined(dataDir, {}, ["--fix"])
        says(outcome, "warn", ...words)
        says(outcome, "warn", "Anybody may add the bot to a group", "/setjoingroups")
      }
    }),
  )

  scenario(
    "says how updates come: polled, by WEBHOOK_URL, or by a webhook of somebody else",
    Effect.gen(function* () {
      const dataDir = yield* directory
      says(yield* examined(dataDir, ownHook), "ok", "no webhook is set yet: the start sets")
      yield* telegram("setWebhook", { url: hook })
      yield* post("/sim/messages", { userId: 2, text: "/start" })
      const undelivered = yield* Effect.repeat(telegram("getWebhookInfo", {}), {
        until: ({ body }) => JSON.stringify(body).includes("last_error_message"),
      })
      assert.strictEqual(undelivered.status, 200)

      const own = yield* examined(dataDir, ownHook)
      says(own, "ok", "the webhook is WEBHOOK_URL, 1 update waits")
      says(own, "warn", "did not arrive", "reached from the internet")
      assert.isTrue(own.passed)

      const other = { ...ownHook, WEBHOOK_URL: "http://127.0.0.1:1/other" }
      says(yield* examined(dataDir, other), "warn", "not the bot's", "The start sets WEBHOOK_URL")
      const polling = yield* examined(dataDir)
      says(polling, "warn", "not the bot's: http://127.0.0.1:1, 1 update waits", "removes it")
      assert.notInclude(polling.text, "a-path-that-nobody-guesses")
    }),
  )

  scenario(
    "compares the clock of this machine with Telegram's and Google's",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const { wall, step } = yield* makeWallClock
      const looked = Effect.provideService(examined(dataDir), Clock.Clock, wall)
      yield* step(29_000)
      const right = yield* looked
      for (const whose of ["Telegram", "Google"]) says(right, "ok", `agrees with ${whose}'s`)

      yield* step(-29_000 - 40_000)
      const late = yield* looked
      for (const whose of ["Telegram", "Google"]) {
        says(late, "warn", "The clock of this machine is", `s behind ${whose}'s`, "timedatectl")
      }
      assert.isTrue(late.passed)

      yield* step(40_000 + 3_600_000)
      const early = yield* looked
      for (const whose of ["Telegram", "Google"]) {
        says(early, "FAIL", "is 1h ahead of", `${whose}'s`, "accepts no key")
      }
      assert.isFalse(early.passed)
    }),
  )

  scenario(
    "knows the time from a refusal too",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const { wall, step } = yield* makeWallClock
      yield* step(-600_000)
      yield* post("/sim/faults", {
        api: "sheets",
        method: "token",
        times: 2,
        kind: "status",
        status: 400,
      })
      const outcome = yield* Effect.provideService(examined(dataDir), Clock.Clock, wall)
      says(outcome, "FAIL", "SPREADSHEET_ACCOUNTS")
      says(outcome, "FAIL", "The clock of this machine is 10m behind Google's")
    }),
  )

  scenario(
    "names the faults of the samples by their cells, and no value of them",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const outcome = yield* examined(dataDir)
      assert.isTrue(outcome.passed, outcome.text)
      assert.deepStrictEqual(failures(outcome), [])
      says(outcome, "warn", "repeat", ": «ВКонтакте»!B9 (same as «ВКонтакте»!B2).")
      says(outcome, "warn", "without a required value", ": «Одноклассники»!C3.")
      says(outcome, "warn", "Formulas", ": «ВКонтакте»!D8.")
      says(outcome, "warn", "Dates", ": «Номера»!A9.")
      says(outcome, "ok", "no row is a second header")
      says(outcome, "ok", "«ВКонтакте»: all columns are found, 47 rows")
      says(outcome, "ok", "SPREADSHEET_ISSUED can be read, 1 of 7")
      says(outcome, "warn", "no tab «Мамба_Выдано»")
      says(outcome, "ok", "@account_demo_bot «Account Bot», id 7900000001")
      says(outcome, "ok", "no webhook is set, updates are polled, no update waits")
      says(outcome, "ok", "the clock agrees with Telegram's")
      says(outcome, "ok", "the clock agrees with Google's")
      assert.isAbove(secretsOfSamples.length, 100)
      // The name of the directory is random.
      const text = outcome.text.replaceAll(dataDir, "")
      for (const secret of [...secretsOfSamples, "demo-token", privateKey.slice(100, 140)]) {
        assert.notInclude(text, secret)
      }
      assert.deepStrictEqual(yield* writes, [])
      assert.deepStrictEqual(contents(dataDir), [])
    }),
  )

  scenario(
    "leaves a journal as it is, and says when another process has it",
    Effect.gen(function* () {
      const dataDir = yield* directory
      yield* post("/sim/bot", { canJoinGroups: false })
      yield* Effect.provide(
        Journal.use((journal) =>
          journal.write([{ _tag: "DocumentPut", kind: "k", key: "1", body: 1 }]),
        ),
        journalIn(dataDir),
      )
      const before = contents(dataDir)
      says(yield* examined(dataDir), "ok", "journal.db can be read")
      assert.deepStrictEqual(contents(dataDir), before)

      const held = yield* Effect.provide(
        Effect.all([examined(dataDir), examined(dataDir, {}, ["--fix"])]),
        journalIn(dataDir),
      )
      const [looking, fixing] = held
      says(looking, "warn", "Another process works with")
      says(looking, "warn", "Formulas")
      assert.isTrue(looking.passed)
      says(fixing, "FAIL", "--fix: no tab is made", "Stop the bot")
      assert.isFalse(fixing.passed)
      assert.deepStrictEqual(yield* writes, [])
    }),
  )

  scenario(
    "reads every record of the journal, names each that is damaged, and changes nothing",
    Effect.gen(function* () {
      const dataDir = yield* directory
      yield* Effect.provide(
        Journal.use((journal) =>
          journal.write([events("vk", 1, 2, 3), document("7", "not-a-password"), received(12)]),
        ),
        journalIn(dataDir),
      )
      const database = databaseIn(dataDir)
      database.exec("UPDATE event SET at = at + 1 WHERE seq IN (1, 3)")
      database.exec("UPDATE document SET body = '\"hunter2\"'")
      database.close()
      const before = contents(dataDir)
      const outcome = yield* examined(dataDir)
      assert.isFalse(outcome.passed)
      says(outcome, "FAIL", "at record 1 of table event", "checksum", "newest backup")
      says(outcome, "FAIL", "at record 3 of table event")
      says(outcome, "FAIL", "at record draft 7 of table document")
      assert.lengthOf(failures(outcome), 3)
      assert.notInclude(outcome.text, "hunter2")
      assert.deepStrictEqual(contents(dataDir), before)
    }),
  )

  scenario(
    "says which key a sealed journal wants, and nothing of a key",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const key = Buffer.alloc(32, 1).toString("base64")
      const other = Buffer.alloc(32, 2).toString("base64")
      const keys = [Buffer.alloc(32, 1)]
      const journalKey = Option.some(Redacted.make({ _tag: "Keys" as const, keys }))
      yield* Effect.provide(Effect.asVoid(Journal), journalIn(dataDir, { journalKey }))
      const before = contents(dataDir)
      const without = yield* examined(dataDir)
      says(without, "FAIL", "SHA-256 begins with 72cd6e84", "JOURNAL_KEY is not set")
      const wrong = yield* examined(dataDir, { JOURNAL_KEY: other })
      says(wrong, "FAIL", "SHA-256 begins with 72cd6e84", "holds another one")
      const right = yield* examined(dataDir, { JOURNAL_KEY: key })
      says(right, "ok", "can be read, every record of it is sound")
      assert.notInclude(right.text + wrong.text, key.slice(0, 12))
      assert.notInclude(wrong.text, other.slice(0, 12))
      assert.deepStrictEqual(contents(dataDir), before)
    }),
  )

  scenario(
    "--fix makes the directory and the tabs, and nothing on the second run",
    Effect.gen(function* () {
      const dataDir = Path.join(yield* directory, "new")
      const missing = yield* examined(dataDir)
      says(missing, "warn", "There is no directory")
      assert.isFalse(Fs.existsSync(dataDir))

      const fixed = yield* examined(dataDir, {}, ["--fix"])
      assert.isTrue(fixed.passed, fixed.text)
      says(fixed, "ok", "was made")
      says(fixed, "ok", "SPREADSHEET_ISSUED can be read, 7 of 7")
      says(fixed, "ok", "«Мамба_Выдано»: all columns are found")
      const [vk] = (yield* tabs("demo-issued")).filter(({ title }) => title === "ВКонтакте_Выдано")
      assert.include(vk?.header ?? [], "Логин")
      const made = yield* writes
      assert.isNotEmpty(made)

      says(yield* examined(dataDir, {}, ["--fix"]), "ok", "--fix: missing tabs")
      assert.deepStrictEqual(yield* writes, made)
    }),
  )

  scenario(
    "names tabs that are more than plain rows, before Google refuses to change them",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const edit = (tab: string, body: object) =>
        post("/sim/sheets/demo-accounts/edits", { tab, ...body })
      yield* edit("Gmail", { op: "form" })
      yield* edit("Gmail", { op: "set", row: 0, column: 8, value: "Отметка времени" })
      yield* edit("Rambler", { op: "table", name: "Почта" })
      yield* edit("Мамба Муж", { op: "merge", row: 1, column: 0, rows: 3, columns: 1 })
      yield* edit("Номера", { op: "protect" })
      const outcome = yield* examined(dataDir)
      says(outcome, "ok", "«Gmail» seems to be filled by a form («Отметка времени»)")
      says(outcome, "warn", "«Rambler» is a table: «Почта» A1:")
      says(outcome, "warn", "«Мамба Муж» has merged cells: A2:A4.")
      says(outcome, "FAIL", "«Номера» is protected", "all of it", "Let bot@example.com edit it")
      says(outcome, "ok", "SPREADSHEET_ACCOUNTS: its locale is ru_RU")
      assert.lengthOf(failures(outcome), 1)
      assert.deepStrictEqual(yield* writes, [])
    }),
  )

  scenario(
    "names by the cell what people leave in a base tab in a bad week, and no value of it",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const edit = (tab: string, body: object) =>
        Effect.map(post("/sim/sheets/demo-accounts/edits", { tab, ...body }), ({ status }) =>
          assert.strictEqual(status, 200),
        )
      const secrets = ["user-a@example.com", "user-b@example.com", "hunter2", "secret-3", "7654321"]
      const [a = "", b = "", ...passwords] = secrets
      // A password that became a number, a date and a box; the header once more; half a row; the
      // same login in another width and case.
      yield* edit("Rambler", {
        op: "write",
        column: 0,
        rows: [
          { row: 1, values: [{ date: "01.10.2026" }, a, 1.5, ""] },
          { row: 2, values: [{ date: "02.10.2026" }, b, { date: "03.04.2026" }, ""] },
          { row: 3, values: ["Дата", "Почта", "Пароль", ""] },
          { row: 4, values: ["вчера", `  ${b.toUpperCase()}`, passwords[0] ?? "", ""] },
          { row: 5, values: ["", "user-c@example.com", "", ""] },
          { row: 6, values: ["", "user-d@example.com", { formula: '="x"' }, ""] },
          { row: 7, values: ["", "\u200Buser-d@example.com", passwords[1] ?? "", ""] },
          { row: 8, values: ["", "USER-D@example.com", true, ""] },
        ],
      })
      // Somebody put rows above the header, and emptied another tab.
      yield* edit("Мамба Муж", {
        op: "insert",
        at: 0,
        rows: [["Партия от 01.10", passwords[2] ?? ""]],
      })
      yield* edit("Мамба Жен", { op: "delete", at: 0, count: 100 })
      yield* edit("Одноклассники", { op: "rename", title: " ОДНОКЛАССНИКИ " })
      yield* edit("ВКонтакте", { op: "hide", at: 2, count: 3 })
      yield* edit("ВКонтакте", { op: "filter", column: 1, hiddenValues: ["x"] })
      yield* edit("Gmail", {
        op: "append",
        rows: Array.from({ length: 1_500 }, (_, index) => [null, `row-${index}@gmail.com`, null]),
      })
      const outcome = yield* examined(dataDir)
      says(outcome, "FAIL", "«Мамба Муж» has its header in row 2, below other rows", "Mamba waits")
      says(outcome, "warn", "«Мамба Жен» is blank")
      says(outcome, "ok", "«Одноклассники»: all columns are found")
      says(outcome, "ok", "«ВКонтакте»: all columns are found, 47 rows")
      says(outcome, "warn", "made a date or a number of", "«Rambler»!C3")
      says(outcome, "warn", "Rows that are the header again: «Rambler»!B4.")
      says(outcome, "warn", "Formulas and errors", "«Rambler»!C7")
      says(outcome, "warn", "Rows without a required value", "«Rambler»!C6", " more")
      says(outcome, "warn", "Rows that repeat another")
      for (const secret of secrets) assert.notInclude(outcome.text.toLowerCase(), secret)
      assert.notInclude(outcome.text, "row-7@")
      assert.deepStrictEqual(yield* writes, [])
    }),
  )

  scenario(
    "fails with what to do when something stands in the way of a start",
    Effect.gen(function* () {
      const dataDir = yield* directory
      Fs.writeFileSync(Path.join(dataDir, "whitelist.json"), '{"1": {"stage": "Тайна"')
      Fs.writeFileSync(Path.join(dataDir, "regions.json"), "[]")
      Fs.writeFileSync(Path.join(dataDir, "journal.db"), "this is no database, and never was one")
      yield* telegram("setWebhook", { url: "http://127.0.0.1:1/hook" })
      const outcome = yield* examined(dataDir, {
        SPREADSHEET_ISSUED: "no-such",
        CATALOGUE_FILE: "",
      })
      assert.isFalse(outcome.passed)
      says(outcome, "FAIL", "whitelist.json", "line 1, column")
      assert.notInclude(outcome.text, "Тайна")
      says(outcome, "warn", "regions.json holds no region")
      says(outcome, "FAIL", "journal is damaged")
      says(outcome, "FAIL", "SPREADSHEET_ISSUED: there is no such spreadsheet")
      says(outcome, "warn", "not the bot's: http://127.0.0.1:1,", "The start removes it")
      assert.lengthOf(failures(outcome), 3)
    }),
  )

  scenario(
    "tells a wrong token, key, catalogue and header",
    Effect.gen(function* () {
      const dataDir = yield* directory
      const catalogue = Path.join(dataDir, "catalogue.json")
      Fs.writeFileSync(catalogue, "{}")
      const wrong = yield* examined(dataDir, {
        BOT_TOKEN: "1000:another-token",
        CATALOGUE_FILE: catalogue,
        GOOGLE_CREDENTIALS_JSON: '{"client_email": "bot@example.com", "private_key": 7654321}',
      })
      says(wrong, "FAIL", "Telegram refuses BOT_TOKEN")
      says(wrong, "FAIL", "GOOGLE_CREDENTIALS_JSON")
      says(wrong, "FAIL", catalogue)
      assert.notInclude(wrong.text, "another-token")
      assert.notInclude(wrong.text, "7654321")

      const edit = { op: "set", tab: "Мамба Муж", row: 0, column: 2, value: "Прльа" }
      const { status } = yield* post("/sim/sheets/demo-accounts/edits", edit)
      assert.strictEqual(status, 200)
      const header = yield* examined(dataDir)
      says(header, "FAIL", "«Мамба Муж» has no column «Пароль»", "«Password»", "Mamba waits")
      says(header, "ok", "«Мамба Жен»: all columns are found")
      assert.notInclude(header.text, "Прльа")
    }),
  )

  scenario(
    "names two columns of one name, and which of them the catalogue means",
    Effect.gen(function* () {
      const dataDir = yield* directory
      for (const [column, value] of ["Почта", "Пароль", "Логин", "Пароль"].entries()) {
        const edit = { op: "set", tab: "Одноклассники", row: 0, column, value }
        const { status } = yield* post("/sim/sheets/demo-accounts/edits", edit)
        assert.strictEqual(status, 200)
      }
      const waits = yield* examined(dataDir)
      says(waits, "FAIL", "«Одноклассники» has the column «Пароль» in B, D", "(`after`)")
      const catalogue = Path.join(dataDir, "catalogue.json")
      const resources = shippedCatalogue.resources.map((resource) =>
        resource.id === "ok" ? withColumn(resource, "password", { after: "Логин" }) : resource,
      )
      Fs.writeFileSync(catalogue, JSON.stringify({ resources }))
      const told = yield* examined(dataDir, { CATALOGUE_FILE: catalogue })
      says(
        told,
        "ok",
        "«Одноклассники»: all columns are found",
        "of the columns «Пароль» in B, D the catalogue means D",
      )
      says(told, "ok", "«Мамба Жен»: all columns are found")
    }),
  )

  scenario(
    "does not wait for Telegram for ever, and says whom to share a spreadsheet with",
    Effect.gen(function* () {
      const dataDir = yield* directory
      yield* post("/sim/faults", { api: "telegram", times: 1000, kind: "status", status: 503 })
      yield* post("/sim/faults", {
        api: "sheets",
        method: "spreadsheets.get",
        times: 1,
        kind: "status",
        status: 403,
      })
      const running = yield* Effect.forkChild(examined(dataDir), { startImmediately: true })
      // Before the first call nothing waits for the clock yet.
      yield* bodyOf<ReadonlyArray<Call>>(get("/sim/calls")).pipe(
        Effect.repeat({ until: (calls) => calls.some(({ method }) => method === "getMe") }),
      )
      yield* post("/sim/clock", { advance: "15 seconds" })
      const outcome = yield* Fiber.join(running)
      says(outcome, "FAIL", "Telegram did not answer within 10s")
      says(outcome, "FAIL", "SPREADSHEET_ACCOUNTS", "Share", "with bot@example.com as an editor")
      says(outcome, "ok", "SPREADSHEET_ISSUED can be read")
    }),
  )
})

it("as a process ends with 3 and names every setting that is missing", () => {
  const { status, stdout } = spawnSync(process.execPath, ["src/main.ts", "doctor"], {
    cwd: Path.join(import.meta.dirname, "..", ".."),
    env: { BOT_TOKEN: "not-a-token" },
    encoding: "utf8",
  })
  assert.strictEqual(status, 3)
  assert.match(stdout, /^FAIL {2}BOT_TOKEN is not /m)
  for (const name of ["ADMIN_ID", "GOOGLE_CREDENTIALS_JSON", "SPREADSHEET_ISSUED"]) {
    assert.match(stdout, new RegExp(`^FAIL {2}${name} is missing`, "m"))
  }
  assert.notInclude(stdout, "not-a-token")
})
