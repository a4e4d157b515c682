import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Option, Redacted } from "effect"
import { readBotFile } from "../../src/config/botFile.ts"
import { variables } from "../../src/config/Settings.ts"

const environment = {
  DATABASE_URL: "postgres://localhost/bots",
  BOTS_DIR: "bots",
  HTTP_PORT: "9464",
  BOT_NAME: "process",
  DATA_DIR: "/var/lib/bots",
}

const whole = [
  "BOT_TOKEN=123456:not-a-real-token",
  "ADMIN_ID=1:Olga",
  "GOOGLE_CREDENTIALS_JSON=credentials.json",
  "SPREADSHEET_ACCOUNTS=accounts",
  "SPREADSHEET_ISSUED=issued",
]

const bytesOf = (text: string) => new TextEncoder().encode(text)

const reading = (
  file: string | Uint8Array,
  { name = "sales", env = {} }: { readonly name?: string; readonly env?: object } = {},
) =>
  Effect.provideService(
    readBotFile(name, typeof file === "string" ? bytesOf(file) : file),
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown({ ...environment, ...env }),
  )

const faultsIn = (...given: Parameters<typeof reading>) =>
  Effect.map(Effect.flip(settingsIn(...given)), ({ message }) => message.split("\n"))

const settingsIn = (...given: Parameters<typeof reading>) =>
  Effect.flatMap(reading(...given), ({ settings }) => Effect.fromResult(settings))

describe("a bot's file", () => {
  it.effect("gives its settings, with what the process is in the rest", () =>
    Effect.gen(function* () {
      const { unknown } = yield* reading(whole.join("\n"))
      const settings = yield* settingsIn(whole.join("\n"))
      assert.strictEqual(settings.botName, "sales")
      assert.strictEqual(settings.dataDir, "/var/lib/bots/sales")
      assert.deepStrictEqual(settings.httpPort, Option.some(9464))
      assert.deepStrictEqual(settings.botsDir, Option.some("bots"))
      assert.strictEqual(settings.spreadsheetAccounts, "accounts")
      assert.strictEqual(settings.language, "ru")
      assert.deepStrictEqual(unknown, [])
    }),
  )

  it.effect("goes before the environment, which goes before the defaults", () =>
    Effect.gen(function* () {
      const env = { LANGUAGE: "en", LOAD_BATCH_SIZE: "7", PENDING_LIMIT: "5" }
      const file = [...whole, "LOAD_BATCH_SIZE=9", "PENDING_LIMIT=", "DATA_DIR=/elsewhere"]
      const settings = yield* settingsIn(file.join("\n"), { env })
      assert.strictEqual(settings.language, "en")
      assert.strictEqual(settings.loadBatchSize, 9)
      assert.strictEqual(settings.pendingLimit, 5)
      assert.strictEqual(settings.refillThreshold, 10)
      assert.strictEqual(settings.dataDir, "/elsewhere")
    }),
  )

  it.effect("inherits nothing in which bots must differ", () =>
    Effect.gen(function* () {
      const env = {
        BOT_TOKEN: "123456:not-a-real-token",
        SPREADSHEET_ACCOUNTS: "accounts",
        SPREADSHEET_ISSUED: "issued",
        WEBHOOK_URL: "https://bot.example.com/hook",
        ADMIN_ID: "1",
      }
      const faults = yield* faultsIn("GOOGLE_CREDENTIALS_JSON=credentials.json", { env })
      assert.deepStrictEqual(
        faults.map((line) => line.split(",")[0]),
        [
          "BOT_TOKEN: is missing; expected the token BotFather gave",
          "SPREADSHEET_ACCOUNTS: is missing; expected the id of a spreadsheet",
          "SPREADSHEET_ISSUED: is missing; expected the id of a spreadsheet",
        ],
      )
      const settings = yield* settingsIn(whole.join("\n"), { env })
      assert.isTrue(Option.isNone(settings.webhookUrl))
    }),
  )

  it.effect("is refused what belongs to the process, in all of it", () =>
    Effect.gen(function* () {
      const own = [
        "DATABASE_URL=postgres://u:planted-password@db/x",
        "REPLICA_ADDRESS=a:1",
        "BOTS_DIR=b",
        "HTTP_PORT=1",
        "HTTP_HOST=127.0.0.1",
        "LOG_LEVEL=Info",
        "LOG_FORMAT=json",
        "OTLP_ENDPOINT=http://x",
        "BOT_NAME=other",
        "PLAYGROUND_PORT=8080",
      ]
      const faults = yield* faultsIn([...whole, ...own].join("\n"))
      assert.deepStrictEqual(
        faults.map((line) => line.split(":")[0]),
        own.map((line, index) => `${line.split("=")[0]} (line ${whole.length + index + 1})`),
      )
      assert.notInclude(faults.join("\n"), "planted")
    }),
  )

  it.effect("may be as people and their editors write it", () =>
    Effect.gen(function* () {
      const [token = "", admin = "", , accounts = "", issued = ""] = whole
      const json = `{\n  "client_email": "bot@example.com",\n  "private_key": "-----BEGIN"\n}`
      const file = [
        "\uFEFF# of the sales team",
        `export ${token}`,
        `  ${admin.replace("=", " = ")}   # the admin`,
        `GOOGLE_CREDENTIALS_JSON='${json}'`,
        accounts.replace("=accounts", `="https://docs.google.com/spreadsheets/d/1aB/edit"`),
        "",
        issued,
      ]
      for (const end of ["\n", "\r\n"]) {
        const settings = yield* settingsIn(file.join(end))
        assert.strictEqual(Redacted.value(settings.botToken), "123456:not-a-real-token")
        assert.deepStrictEqual(settings.admins.map(Number), [1])
        assert.strictEqual(Redacted.value(settings.googleCredentials), json)
        assert.strictEqual(settings.spreadsheetAccounts, "1aB")
      }
    }),
  )

  it.effect("is refused where it is cut off, or is none, by line and never by value", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* faultsIn(""), ["the file: has no setting in it"])
      assert.deepStrictEqual(yield* faultsIn("# BOT_TOKEN=\n\n"), [
        "the file: has no setting in it",
      ])
      const utf16 = new Uint8Array(Buffer.from(whole.join("\n"), "utf16le"))
      const notText = ["line 1: not UTF-8; save the file in UTF-8"]
      assert.deepStrictEqual(yield* faultsIn(utf16), notText)
      assert.deepStrictEqual(yield* faultsIn(Uint8Array.from([0xff, 0xfe, ...utf16])), notText)
      const cp1251 = Uint8Array.from([...bytesOf("A=1\n# "), 0xce, 0xeb, 0xfc])
      assert.deepStrictEqual(yield* faultsIn(cp1251), ["line 2: not UTF-8; save the file in UTF-8"])
      assert.deepStrictEqual(yield* faultsIn([...whole, "LANGU"].join("\n")), [
        "line 6: is neither NAME=value nor a # comment",
      ])
      const open = [
        ...whole.filter((line) => !line.startsWith("GOOGLE")),
        "GOOGLE_CREDENTIALS_JSON='{",
        '"private_key": "planted"',
      ]
      assert.deepStrictEqual(yield* faultsIn(open.join("\n")), [
        "GOOGLE_CREDENTIALS_JSON (line 5): has a quote that nothing closes",
      ])
      const other = yield* faultsIn(`{\n${'  "a": 1,\n'.repeat(1_000)}}`)
      assert.strictEqual(other.length, 7)
      assert.strictEqual(other.at(5), "the file: has 997 such faults more")
      const twice = yield* faultsIn([...whole, "BOT_TOKEN=1:planted-secret"].join("\n"))
      assert.deepStrictEqual(twice, ["BOT_TOKEN (line 6): stands in line 1 too"])
      const smart = yield* faultsIn(["BOT_TOKEN=“123456:planted”", ...whole.slice(1)].join("\n"))
      assert.deepStrictEqual(smart, [
        "BOT_TOKEN (line 1): is not the token BotFather gave, e.g. BOT_TOKEN=123456:ABC-DEF",
      ])
    }),
  )

  it.effect("says of a fault that it is in the environment, which no file has", () =>
    Effect.gen(function* () {
      const env = { LANGUAGE: "de" }
      assert.deepStrictEqual(yield* faultsIn(whole.join("\n"), { env }), [
        "LANGUAGE (environment of the process): is not one of ru, en, e.g. LANGUAGE=ru",
      ])
      assert.deepStrictEqual(yield* faultsIn([...whole, "LANGUAGE=fr"].join("\n"), { env }), [
        "LANGUAGE (line 6): is not one of ru, en, e.g. LANGUAGE=ru",
      ])
    }),
  )

  it.effect("has a name that a bot may have", () =>
    Effect.gen(function* () {
      for (const [name, wrong] of [
        ["Sales Team", '" "'],
        ["sales (1)", '" " "(" ")"'],
        ["отдел-2", '"о" "т" "д" "е" "л"'],
      ] as const) {
        assert.deepStrictEqual(yield* faultsIn(whole.join("\n"), { name }), [
          `the name of the file: before .env is not ${variables.botName.expected}, which these are not: ${wrong}`,
        ])
      }
      const long = yield* faultsIn(whole.join("\n"), { name: "a".repeat(65) })
      assert.deepStrictEqual(long, [
        `the name of the file: before .env is not ${variables.botName.expected}`,
      ])
    }),
  )

  it.effect("may name what is no setting, which is said and does no harm", () =>
    Effect.gen(function* () {
      const { unknown } = yield* reading([...whole, "REGION=495", "bot_token=1"].join("\n"))
      assert.deepStrictEqual(unknown, [
        { name: "REGION", line: 6 },
        { name: "bot_token", line: 7 },
      ])
    }),
  )
})
