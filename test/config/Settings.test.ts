import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Duration, Effect, Layer, Option, Redacted } from "effect"
import { Settings, SettingsError, version } from "../../src/config/Settings.ts"
import { TelegramId } from "../../src/domain/Employee.ts"

const required = {
  BOT_TOKEN: "123456:not-a-real-token",
  ADMIN_ID: "1, 2",
  GOOGLE_CREDENTIALS_JSON: "credentials.json",
  SPREADSHEET_ACCOUNTS: "accounts",
  SPREADSHEET_ISSUED: "issued",
}

const read = (env: Record<string, string>) =>
  Effect.provide(
    Settings,
    Settings.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env)))),
  )

describe("Settings", () => {
  it.effect("takes the defaults for what is not set", () =>
    Effect.gen(function* () {
      const settings = yield* read(required)
      assert.deepStrictEqual(settings.admins.map(Number), [1, 2])
      assert.deepStrictEqual(settings.regions, ["495", "812", "383", "343"])
      assert.strictEqual(settings.loadBatchSize, 30)
      assert.strictEqual(settings.refillThreshold, 10)
      assert.strictEqual(Duration.toSeconds(settings.writeBufferInterval), 30)
      assert.strictEqual(Duration.toSeconds(settings.autoConfirmTimeout), 600)
      assert.strictEqual(Duration.toSeconds(settings.stateSaveInterval), 60)
      assert.strictEqual(settings.sheetsRequestsPerSecond, 1.5)
      assert.strictEqual(DateTime.zoneToString(settings.timezone), "Europe/Moscow")
      assert.deepStrictEqual(settings.digestTime, Option.some("09:00"))
    }),
  )

  it.effect("reads the country of phone numbers, and refuses what is none", () =>
    Effect.gen(function* () {
      const settings = yield* read({ ...required, PHONE_COUNTRY: "gb" })
      assert.strictEqual(settings.phoneCountry, "GB")
      const error = yield* Effect.flip(read({ ...required, PHONE_COUNTRY: "Britain" }))
      assert.include(error.message, "PHONE_COUNTRY")
    }),
  )

  it.effect("reads the address of a Postgres, and never says it", () =>
    Effect.gen(function* () {
      const plain = yield* read(required)
      assert.isTrue(Option.isNone(plain.databaseUrl))
      assert.strictEqual(plain.botName, "default")
      const url = "postgresql://bot:not-a-password@db.example.com/bots"
      const settings = yield* read({ ...required, DATABASE_URL: url, BOT_NAME: "sales-2_b" })
      assert.deepStrictEqual(Option.map(settings.databaseUrl, Redacted.value), Option.some(url))
      assert.notInclude(JSON.stringify(settings), "not-a-password")
      assert.strictEqual(settings.botName, "sales-2_b")
      const wrong = { DATABASE_URL: "mysql://bot:not-a-password@db/bots", BOT_NAME: "имя" }
      const { message } = yield* Effect.flip(read({ ...required, ...wrong }))
      assert.match(message, /DATABASE_URL: is not[^]*BOT_NAME: is not/)
      assert.notInclude(message, "not-a-password@db/")
    }),
  )

  it.effect("refuses what is for files beside a Postgres, one plain line for each", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(
        read({
          ...required,
          DATABASE_URL: "postgres://localhost/bots",
          BACKUP_DIR: "backups",
          JOURNAL_KEY: "00".repeat(32),
        }),
      )
      assert.deepStrictEqual(message.split("\n"), [
        "BACKUP_DIR: cannot be set together with DATABASE_URL: Postgres is backed up by its own means, such as pg_dump",
        "JOURNAL_KEY: cannot be set together with DATABASE_URL: it seals the journal in a file, and nothing in Postgres yet",
      ])
    }),
  )

  it.effect("reads where other replicas reach this process, which nobody does at 0.0.0.0", () =>
    Effect.gen(function* () {
      const on = { ...required, DATABASE_URL: "postgres://localhost/bots" }
      for (const [text, host, port] of [
        ["10.0.0.5:7300", "10.0.0.5", 7300],
        ["bots-0.bots.default.svc:7300", "bots-0.bots.default.svc", 7300],
        ["[fd00::5]:1", "fd00::5", 1],
      ] as const) {
        const { replicaAddress } = yield* read({ ...on, REPLICA_ADDRESS: text })
        assert.deepStrictEqual(replicaAddress, Option.some({ host, port }))
      }
      for (const wrong of [
        "10.0.0.5",
        ":7300",
        "0.0.0.0:7300",
        "[::]:7300",
        "a:0",
        "a:70000",
        "fd00::5:1",
        "http://a:1",
      ]) {
        const { message } = yield* Effect.flip(read({ ...on, REPLICA_ADDRESS: wrong }))
        assert.match(message, /^REPLICA_ADDRESS: is not a host and a port/, wrong)
      }
    }),
  )

  it.effect("asks for a Postgres beside what several processes or bots need", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(
        read({ ...required, REPLICA_ADDRESS: "a:1", BOTS_DIR: "bots" }),
      )
      assert.deepStrictEqual(message.split("\n"), [
        "REPLICA_ADDRESS: needs DATABASE_URL: what several processes or bots share is kept in a Postgres",
        "BOTS_DIR: needs DATABASE_URL: what several processes or bots share is kept in a Postgres",
      ])
    }),
  )

  it.effect("a process of many bots needs nothing of theirs, and its own must be right", () =>
    Effect.gen(function* () {
      const ofProcess = (env: Record<string, string>) =>
        Effect.provide(
          Settings,
          Settings.layerProcess.pipe(
            Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env))),
          ),
        )
      const env = { DATABASE_URL: "postgres://localhost/bots", BOTS_DIR: "bots", DATA_DIR: "/data" }
      const { botsDir, dataDir } = yield* ofProcess({ ...env, LANGUAGE: "de" })
      assert.deepStrictEqual([botsDir, dataDir], [Option.some("bots"), "/data"])
      const { message } = yield* Effect.flip(
        ofProcess({ ...env, HTTP_PORT: "x", LOG_LEVEL: "all" }),
      )
      assert.match(message, /^HTTP_PORT: [^\n]*\nLOG_LEVEL: [^\n]*$/)
      const beside = yield* Effect.flip(ofProcess({ ...env, BACKUP_DIR: "backups" }))
      assert.match(beside.message, /^BACKUP_DIR: cannot be set together with DATABASE_URL/)
      const without = yield* Effect.flip(ofProcess({ BOTS_DIR: "bots" }))
      assert.match(without.message, /^BOTS_DIR: needs DATABASE_URL/)
    }),
  )

  it.effect("reads a spreadsheet's address for its id, and values in quotes", () =>
    Effect.gen(function* () {
      const page = "https://docs.google.com/spreadsheets/u/1/d/1aB_c-9/edit?gid=0#gid=0"
      const settings = yield* read({
        ...required,
        GOOGLE_CREDENTIALS_JSON: `'{"client_email":"a@b"}'`,
        SPREADSHEET_ACCOUNTS: page,
        SPREADSHEET_ISSUED: '"1def"',
      })
      assert.strictEqual(Redacted.value(settings.googleCredentials), '{"client_email":"a@b"}')
      assert.strictEqual(settings.spreadsheetAccounts, "1aB_c-9")
      assert.strictEqual(settings.spreadsheetIssued, "1def")
    }),
  )

  it.effect("names every fault in one go, one line each, and shows no secret", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        read({
          ...required,
          BOT_TOKEN: "planted secret",
          ADMIN_ID: "Olga",
          LOAD_BATCH_SIZE: "2.5",
          AUTO_CONFIRM_TIMEOUT: "0",
          SHEETS_READS_PER_MINUTE: "0",
          TIMEZONE: "Moskau",
          REGIONS: "495,,812",
          LANGUAGE: "de",
          SHEETS_ROOT_URL: "localhost",
          SPREADSHEET_ISSUED: "",
        }),
      )
      assert.instanceOf(error, SettingsError)
      assert.deepStrictEqual(error.faults.map(({ name }) => name).toSorted(), [
        "ADMIN_ID",
        "AUTO_CONFIRM_TIMEOUT",
        "BOT_TOKEN",
        "LANGUAGE",
        "LOAD_BATCH_SIZE",
        "REGIONS",
        "SHEETS_READS_PER_MINUTE",
        "SHEETS_ROOT_URL",
        "SPREADSHEET_ISSUED",
        "TIMEZONE",
      ])
      assert.strictEqual(error.message.split("\n").length, error.faults.length)
      assert.notInclude(error.message, "planted")
      assert.include(error.message, "SPREADSHEET_ISSUED: is missing")
    }),
  )

  it.effect("takes each admin once, and digits only", () =>
    Effect.gen(function* () {
      const settings = yield* read({ ...required, ADMIN_ID: "5, 7,5" })
      assert.deepStrictEqual(settings.admins.map(Number), [5, 7])
      for (const wrong of ["1e3", "0x10", "-4", "1.0", "", "1,", "0", "9".repeat(17)]) {
        const error = yield* Effect.flip(read({ ...required, ADMIN_ID: wrong }))
        assert.deepStrictEqual(
          error.faults.map(({ name }) => name),
          ["ADMIN_ID"],
          wrong,
        )
      }
    }),
  )

  it.effect("takes the names of admins, of some or of all of them", () =>
    Effect.gen(function* () {
      const settings = yield* read({ ...required, ADMIN_ID: "1:Ольга, 3 : Мария К. ,5" })
      assert.deepStrictEqual(settings.admins.map(Number), [1, 3, 5])
      assert.deepStrictEqual(
        [...settings.adminNames],
        [
          [TelegramId.make(1), "Ольга"],
          [TelegramId.make(3), "Мария К."],
        ],
      )
      assert.strictEqual((yield* read({ ...required, ADMIN_ID: "1,3" })).adminNames.size, 0)
      const quoted = yield* read({ ...required, ADMIN_ID: '"1:Ольга,1:Ольга"' })
      assert.deepStrictEqual(quoted.admins.map(Number), [1])
      for (const wrong of [
        "1:",
        "1:О",
        "1:Оль\nга",
        "1:<b>",
        "1:а:б",
        "1:Аня,3:аня",
        "1:А1,1:А2",
      ]) {
        const { message } = yield* Effect.flip(read({ ...required, ADMIN_ID: wrong }))
        assert.strictEqual(
          message,
          "ADMIN_ID: is not one or more Telegram ids, separated by commas, each with a name of its own behind a colon if you like: 2 to 32 letters, digits, spaces, dots, _ or -, e.g. ADMIN_ID=123456789:Olga,987654321",
          wrong,
        )
      }
    }),
  )

  it.effect("takes a time of the clock for the digest, or none", () =>
    Effect.gen(function* () {
      for (const [text, time] of [
        ["00:00", "00:00"],
        ["23:59", "23:59"],
        ["off", undefined],
        ["OFF", undefined],
      ] as const) {
        const { digestTime } = yield* read({ ...required, DIGEST_TIME: text })
        assert.strictEqual(Option.getOrUndefined(digestTime), time)
      }
      for (const wrong of ["24:00", "9:00", "09:60", "0900", "never", "09:00 "]) {
        const { message } = yield* Effect.flip(read({ ...required, DIGEST_TIME: wrong }))
        assert.strictEqual(
          message,
          "DIGEST_TIME: is not a time from 00:00 to 23:59, or off, e.g. DIGEST_TIME=09:00",
        )
      }
    }),
  )

  it.effect("hides values after some hours of a day, or never", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* read(required)).hideValuesAfter, Option.none())
      for (const [text, seconds] of [
        ["0.01", 36],
        ["8", 28_800],
        ["1.5", 5_400],
        ["24", 86_400],
        ["off", undefined],
      ] as const) {
        const { hideValuesAfter } = yield* read({ ...required, HIDE_VALUES_AFTER: text })
        assert.strictEqual(
          Option.getOrUndefined(Option.map(hideValuesAfter, Duration.toSeconds)),
          seconds,
        )
      }
      for (const wrong of ["0", "0.009", "24.1", "-1", "8h", "1e1", "never"]) {
        const { message } = yield* Effect.flip(read({ ...required, HIDE_VALUES_AFTER: wrong }))
        assert.strictEqual(
          message,
          "HIDE_VALUES_AFTER: is not a number of hours from 0.01 to 24, or off, e.g. HIDE_VALUES_AFTER=8",
        )
      }
    }),
  )

  it.effect("accepts any period from one second and any positive rate", () =>
    Effect.gen(function* () {
      const settings = yield* read({
        ...required,
        WRITE_BUFFER_INTERVAL: "1",
        SHEETS_REQUESTS_PER_SECOND: "0.01",
        LOG_LEVEL: "debug",
        TELEGRAM_API_ROOT: "http://127.0.0.1:9",
      })
      assert.strictEqual(Duration.toMillis(settings.writeBufferInterval), 1000)
      assert.strictEqual(settings.sheetsRequestsPerSecond, 0.01)
      assert.strictEqual(settings.logLevel, "Debug")
      assert.notInclude(JSON.stringify(settings.botToken), "not-a-real-token")
      assert.strictEqual(Redacted.value(settings.botToken), required.BOT_TOKEN)
    }),
  )
})

it("the version is the one of package.json", () => {
  const file = Path.join(import.meta.dirname, "..", "..", "package.json")
  assert.strictEqual(JSON.parse(Fs.readFileSync(file, "utf8")).version, version)
})
