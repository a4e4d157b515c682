/**
 * Every environment variable, and the version of the program.
 *
 * The bot reads all of them at the start and tells all faults together, one line each: the name,
 * what is wrong and an example, never the value of a secret.
 */
import {
  Config,
  Context,
  DateTime,
  Duration,
  Effect,
  Layer,
  Option,
  Redacted,
  Result,
  Schema,
} from "effect"
import { foldNickname } from "../domain/Application.ts"
import { Stage, TelegramId } from "../domain/Employee.ts"
import { isPhoneCountry, type PhoneCountry } from "../domain/identity.ts"
import { Region } from "../domain/Region.ts"
import { type JournalKey, readJournalKey } from "./JournalKey.ts"

/** The version of the program, as in package.json. */
export const version = "0.3.0"

/** A time of the clock on the wall, such as `09:00`. */
export type WallTime = string

/** What is wrong with one variable. */
const Fault = Schema.Struct({
  name: Schema.String,
  problem: Schema.String,
  /** None where nothing is to be set. */
  example: Schema.optionalKey(Schema.String),
  /** Where it stands, if it may stand in several places. */
  where: Schema.optionalKey(Schema.String),
})
export type Fault = typeof Fault.Type

export class SettingsError extends Schema.TaggedError<SettingsError>()("SettingsError", {
  faults: Schema.Array(Fault),
}) {
  override get message() {
    return this.faults
      .map(({ name, problem, example, where }) =>
        [
          `${name}${where === undefined ? "" : ` (${where})`}: ${problem}`,
          ...(example === undefined ? [] : [`e.g. ${name}=${example}`]),
        ].join(", "),
      )
      .join("\n")
  }
}

interface Variable<A> {
  readonly name: string
  /** `undefined` for a text that is not as expected. */
  readonly read: (text: string) => A | undefined
  readonly expected: string
  readonly example: string
  readonly fallback: Option.Option<A>
}

const variable = <A>(
  name: string,
  expected: string,
  example: string,
  read: (text: string) => A | undefined,
  fallback: Option.Option<A> = Option.none(),
): Variable<A> => ({ name, expected, example, read, fallback })

/** `docker run --env-file` leaves the quotes around a value. */
const unquoted = (value: string) =>
  /^(["'])(.+)\1$/s.exec(value.trim())?.[2]?.trim() ?? value.trim()

/** The id of a spreadsheet; people paste the address of its page as well. */
const spreadsheet = (name: string, example: string) =>
  variable(name, "the id of a spreadsheet, or its address", example, (value) => {
    const plain = unquoted(value)
    const id = /\/spreadsheets\/(?:u\/\d+\/)?d\/([\w-]+)/.exec(plain)?.[1] ?? plain
    return /^\S+$/.test(id) ? id : undefined
  })

const number = (name: string, fallback: number, least: number, whole: boolean) =>
  variable(
    name,
    `a ${whole ? "whole " : ""}number ${least > 0 ? `of at least ${least}` : "above 0"}`,
    String(fallback),
    (value) => {
      const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
      const fits = whole ? Number.isSafeInteger(parsed) : Number.isFinite(parsed)
      return fits && parsed >= least && parsed > 0 ? parsed : undefined
    },
    Option.some(fallback),
  )

const seconds = (name: string, fallback: number): Variable<Duration.Duration> => ({
  ...number(name, fallback, 1, false),
  expected: "a number of seconds, 1 or more",
  read: (value) => {
    const parsed = number(name, fallback, 1, false).read(value)
    return parsed === undefined ? undefined : Duration.seconds(parsed)
  },
  fallback: Option.some(Duration.seconds(fallback)),
})

const list = <A>(value: string, decode: (part: string) => Option.Option<A>) => {
  const parts = value.split(",").map((part) => decode(part.trim()))
  return parts.length > 0 && parts.every(Option.isSome)
    ? parts.map((part) => part.value)
    : undefined
}

const decodeRegion = Schema.decodeUnknownOption(Region)

/** An admin as ADMIN_ID lists them: `1`, or `1:Olga`. */
const decodeAdmin = (part: string) => {
  const [, id = "", name] = /^(\d+)\s*(?::(.*))?$/.exec(part) ?? []
  return decodeNamed({ id: Number(id), ...(name !== undefined && { name: name.trim() }) })
}
const decodeNamed = Schema.decodeOption(
  Schema.Struct({ id: TelegramId, name: Schema.optionalKey(Stage) }),
)

/** Those admins of ADMIN_ID, unless two of them have one name or one of them has two. */
const readAdmins = (value: string) => {
  const admins = list(unquoted(value), decodeAdmin)
  if (admins === undefined) return undefined
  const names = new Map<TelegramId, string>()
  for (const { id, name } of admins) {
    if (name !== undefined && (names.get(id) ?? name) !== name) return undefined
    if (name !== undefined) names.set(id, name)
  }
  const isRepeated = new Set([...names.values()].map(foldNickname)).size < names.size
  // An admin who is listed twice would be told everything twice.
  return isRepeated ? undefined : { ids: [...new Set(admins.map(({ id }) => id))], names }
}

const choice = <const A extends string>(name: string, choices: ReadonlyArray<A>, fallback: A) =>
  variable<A>(
    name,
    `one of ${choices.join(", ")}`,
    fallback,
    (value) => choices.find((each) => each.toLowerCase() === value.toLowerCase()),
    Option.some<A>(fallback),
  )

/** An address without a slash at its end. */
const url = (name: string, example: string) =>
  variable(
    name,
    "an http or https address",
    example,
    (value) =>
      /^https?:\/\//.test(value) && URL.canParse(value)
        ? Option.some(value.replace(/(?<!\/)\/+$/, ""))
        : undefined,
    Option.some(Option.none<string>()),
  )

const portIn = (value: string) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined

/** `host:port`, an IPv6 address in brackets. `0.0.0.0` is no place where others reach anybody. */
const addressIn = (value: string): Address | undefined => {
  const [, v6, plain, port = ""] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d+)$/i.exec(value) ?? []
  const host = v6 ?? plain
  const at = portIn(port)
  if (host === undefined || at === undefined || at === 0) return undefined
  if (["0.0.0.0", "::"].includes(host) || (v6 !== undefined && !isIpAddress(v6))) return undefined
  return { host, port: at }
}

/** Where a process can be reached. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** The paths that the program answers itself, see endpoint/Endpoint.ts. */
export const ownPaths = { alive: "/healthz", ready: "/readyz", metrics: "/metrics" } as const

const isWebhookUrl = (value: string) => {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return false
  const { pathname } = new URL(value)
  return pathname !== "/" && !Object.values<string>(ownPaths).includes(pathname)
}

const isIpAddress = (value: string) =>
  Option.isSome(decodeIpV4(value)) || (value.includes(":") && URL.canParse(`http://[${value}]`))

const decodeIpV4 = Schema.decodeOption(
  Schema.String.check(
    Schema.isPattern(/^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/),
  ),
)

/** When admins get the morning digest; none for never. */
const digestTime: Variable<Option.Option<WallTime>> = {
  name: "DIGEST_TIME",
  expected: "a time from 00:00 to 23:59, or off",
  example: "09:00",
  read: (value) => {
    if (value.toLowerCase() === "off") return Option.none()
    return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? Option.some(value) : undefined
  },
  fallback: Option.some(Option.some<WallTime>("09:00")),
}

/** How long after its mark the values of an item stay in the chat; none for good. */
const hideValuesAfter: Variable<Option.Option<Duration.Duration>> = {
  name: "HIDE_VALUES_AFTER",
  expected: "a number of hours from 0.01 to 24, or off",
  example: "8",
  read: (value) => {
    if (value.toLowerCase() === "off") return Option.none()
    const hours = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
    return hours >= 0.01 && hours <= 24 ? Option.some(Duration.hours(hours)) : undefined
  },
  fallback: Option.some(Option.none()),
}

/** How long after their last item people without access are forgotten; none for never. */
const forgetAfter: Variable<Option.Option<Duration.Duration>> = {
  name: "FORGET_AFTER",
  expected: "a number of days, 1 or more, or off",
  example: "365",
  read: (value) => {
    if (value.toLowerCase() === "off") return Option.none()
    const days = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
    return days >= 1 && days <= 36_500 ? Option.some(Duration.days(days)) : undefined
  },
  fallback: Option.some(Option.none()),
}

/** How often a backup is made. */
const backupEvery: Variable<Duration.Duration> = {
  name: "BACKUP_EVERY",
  expected: "a number of hours, 0.1 or more",
  example: "24",
  read: (value) => {
    const hours = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
    return hours >= 0.1 && hours <= 8_760 ? Duration.hours(hours) : undefined
  },
  fallback: Option.some(Duration.hours(24)),
}

/** All variables by the name they have in code; `.env.example` lists exactly these. */
export const variables = {
  botToken: variable("BOT_TOKEN", "the token BotFather gave", "123456:ABC-DEF", (value) =>
    /^[1-9]\d*:[\w-]{3,}$/.test(value) ? Redacted.make(value) : undefined,
  ),
  admins: variable(
    "ADMIN_ID",
    "one or more Telegram ids, separated by commas, each with a name of its own behind a colon if you like: 2 to 32 letters, digits, spaces, dots, _ or -",
    "123456789:Olga,987654321",
    (value) => readAdmins(value)?.ids,
  ),
  /** The names in ADMIN_ID. Where it cannot be read, `admins` says so. */
  adminNames: variable<ReadonlyMap<TelegramId, string>>(
    "ADMIN_ID",
    "names of admins",
    "123456789:Olga",
    (value) => readAdmins(value)?.names ?? new Map(),
    Option.some(new Map()),
  ),
  googleCredentials: variable(
    "GOOGLE_CREDENTIALS_JSON",
    "the service account's JSON, the same in base64, or a path to it",
    "credentials.json",
    (value) => (value.trim() === "" ? undefined : Redacted.make(unquoted(value))),
  ),
  spreadsheetAccounts: spreadsheet("SPREADSHEET_ACCOUNTS", "1abc...xyz"),
  spreadsheetIssued: spreadsheet("SPREADSHEET_ISSUED", "1def...uvw"),
  regions: variable(
    "REGIONS",
    "region codes of 1 to 16 letters or digits, separated by commas",
    "495,812,383,343",
    (value) => list(value, decodeRegion),
    Option.some(["495", "812", "383", "343"]),
  ),
  loadBatchSize: number("LOAD_BATCH_SIZE", 30, 1, true),
  refillThreshold: number("REFILL_THRESHOLD", 10, 1, true),
  writeBufferInterval: seconds("WRITE_BUFFER_INTERVAL", 30),
  autoConfirmTimeout: seconds("AUTO_CONFIRM_TIMEOUT", 600),
  stateSaveInterval: seconds("STATE_SAVE_INTERVAL", 60),
  proxyReservationTtl: seconds("PROXY_RESERVATION_TTL", 300),
  timezone: variable(
    "TIMEZONE",
    "an IANA time zone",
    "Europe/Moscow",
    (value) => Option.getOrUndefined(DateTime.zoneMakeNamed(value)),
    DateTime.zoneMakeNamed("Europe/Moscow"),
  ),
  phoneCountry: variable(
    "PHONE_COUNTRY",
    "the two letters of a country",
    "RU",
    (value) => [value.toUpperCase()].find(isPhoneCountry),
    Option.some<PhoneCountry>("RU"),
  ),
  digestTime,
  hideValuesAfter,
  forgetAfter,
  language: choice("LANGUAGE", ["ru", "en"], "ru"),
  dataDir: variable("DATA_DIR", "a directory", "data", (value) => value, Option.some("data")),
  /** Where backups are made by the clock; none: nowhere. */
  backupDir: variable(
    "BACKUP_DIR",
    "a directory",
    "data/backups",
    (value) => Option.some(value),
    Option.some(Option.none<string>()),
  ),
  backupEvery,
  backupKeep: number("BACKUP_KEEP", 7, 1, true),
  journalKey: variable(
    "JOURNAL_KEY",
    "one or more keys of 32 bytes in base64 or hex, separated by commas, or a path to a file with one a line; openssl rand -base64 32 makes one",
    "/etc/account-bot/journal.key",
    (value) => {
      const found = readJournalKey(unquoted(value))
      return found === undefined ? undefined : Option.some(Redacted.make(found))
    },
    Option.some(Option.none<Redacted.Redacted<JournalKey>>()),
  ),
  /** The Postgres that keeps the journal, the people and the regions; none: a file in DATA_DIR. */
  databaseUrl: variable(
    "DATABASE_URL",
    "the address of a Postgres: postgres:// or postgresql://",
    "postgresql://bot:password@db.example.com/bots",
    (value) => {
      const plain = unquoted(value)
      return /^postgres(ql)?:\/\/./i.test(plain) ? Option.some(Redacted.make(plain)) : undefined
    },
    Option.some(Option.none<Redacted.Redacted>()),
  ),
  /** Whose rows of that database are this bot's. */
  botName: variable(
    "BOT_NAME",
    "1 to 64 Latin letters, digits, _ or -",
    "default",
    (value) => (/^[A-Za-z\d_-]{1,64}$/.test(value) ? value : undefined),
    Option.some("default"),
  ),
  /** Where the other replicas on that database reach this process; none: it is the only one. */
  replicaAddress: variable(
    "REPLICA_ADDRESS",
    "a host and a port, at which the other replicas reach this one",
    "10.0.0.5:7300",
    (value) => {
      const address = addressIn(unquoted(value))
      return address === undefined ? undefined : Option.some(address)
    },
    Option.some(Option.none<Address>()),
  ),
  /** A settings file for each bot of the process; none: one bot, of the environment. */
  botsDir: variable(
    "BOTS_DIR",
    "a directory",
    "bots",
    (value) => Option.some(value),
    Option.some(Option.none<string>()),
  ),
  catalogueFile: variable(
    "CATALOGUE_FILE",
    "a path to a JSON file",
    "data/catalogue.json",
    (value) => Option.some(value),
    Option.some(Option.none<string>()),
  ),
  pendingLimit: number("PENDING_LIMIT", 10, 1, true),
  sheetsRequestsPerSecond: number("SHEETS_REQUESTS_PER_SECOND", 1.5, 0, false),
  sheetsStartBurst: number("SHEETS_START_BURST", 20, 1, true),
  sheetsMaxConcurrent: number("SHEETS_MAX_CONCURRENT", 10, 1, true),
  sheetsReadsPerMinute: number("SHEETS_READS_PER_MINUTE", 50, 0, false),
  sheetsWritesPerMinute: number("SHEETS_WRITES_PER_MINUTE", 50, 0, false),
  httpPort: variable(
    "HTTP_PORT",
    "a port from 0 to 65535",
    "9464",
    (value) => {
      const port = portIn(value)
      return port === undefined ? undefined : Option.some(port)
    },
    Option.some(Option.none<number>()),
  ),
  httpHost: variable(
    "HTTP_HOST",
    "an IP address of this machine, or 0.0.0.0 for all of them",
    "127.0.0.1",
    (value) => (isIpAddress(value) ? value : undefined),
    Option.some("127.0.0.1"),
  ),
  webhookUrl: variable(
    "WEBHOOK_URL",
    "an http or https address with a path of its own",
    "https://bot.example.com/telegram-updates",
    (value) => (isWebhookUrl(value) ? Option.some(value) : undefined),
    Option.some(Option.none<string>()),
  ),
  webhookSecret: variable(
    "WEBHOOK_SECRET",
    "16 to 256 letters, digits, _ or -, which nobody can guess",
    "a-long-random-text",
    (value) => (/^[\w-]{16,256}$/.test(value) ? Option.some(Redacted.make(value)) : undefined),
    Option.some(Option.none<Redacted.Redacted>()),
  ),
  otlpEndpoint: url("OTLP_ENDPOINT", "http://127.0.0.1:4318"),
  playgroundPort: variable(
    "PLAYGROUND_PORT",
    "a port from 0 to 65535",
    "8080",
    portIn,
    Option.some(8080),
  ),
  telegramApiRoot: url("TELEGRAM_API_ROOT", "http://127.0.0.1:8080"),
  sheetsRootUrl: url("SHEETS_ROOT_URL", "http://127.0.0.1:8080"),
  logLevel: choice("LOG_LEVEL", ["Trace", "Debug", "Info", "Warn", "Error", "None"], "Info"),
  logFormat: choice("LOG_FORMAT", ["pretty", "logfmt", "json"], "logfmt"),
} as const

/** What belongs to the process and not to a bot of BOTS_DIR. */
export const ofProcess = [
  "databaseUrl",
  "replicaAddress",
  "botsDir",
  "httpPort",
  "httpHost",
  "logLevel",
  "logFormat",
  "otlpEndpoint",
  "botName",
  "playgroundPort",
] as const satisfies ReadonlyArray<keyof Values>

type Values = {
  readonly [Key in keyof typeof variables]: (typeof variables)[Key] extends Variable<infer A>
    ? A
    : never
}

/** The settings the program runs with. Periods are Durations, rates are per second or minute. */
export class Settings extends Context.Service<Settings, Values>()("account-bot/config/Settings") {
  /** From the environment. */
  static readonly layer: Layer.Layer<Settings, SettingsError> = Layer.effect(
    Settings,
    Effect.suspend(() => readAll),
  )

  /**
   * From the environment, for a command that needs these alone: the others have their defaults,
   * and whoever looks into a copy has no secret at hand but the key that opens it.
   */
  static readonly layerOf = (
    ...keys: ReadonlyArray<keyof Values>
  ): Layer.Layer<Settings, SettingsError> =>
    Layer.effect(
      Settings,
      Effect.map(
        Effect.suspend(() => readSome(keys)),
        (values) => ({ ...defaults, ...values }),
      ),
    )

  /**
   * From the environment, for a process whose bots have their settings in files of BOTS_DIR: what
   * belongs to the process. The settings of its bots have their defaults.
   */
  static readonly layerProcess: Layer.Layer<Settings, SettingsError> = Layer.effect(
    Settings,
    Effect.suspend(() => readProcess),
  )

  /** For tests: the defaults and made-up secrets, with some values replaced. */
  static readonly layerTest = (values: Partial<Values> = {}) =>
    Layer.succeed(Settings, { ...defaults, ...values })
}

const readOne = Effect.fnUntraced(function* <A>(self: Variable<A>) {
  const raw = yield* Config.option(Config.String(self.name)).pipe(
    Effect.orElseSucceed(() => Option.none<string>()),
  )
  const fault = (problem: string) =>
    Result.fail<Fault>({ name: self.name, problem, example: self.example })
  if (Option.isNone(raw)) {
    return Option.match(self.fallback, {
      onNone: () => fault(`is missing; expected ${self.expected}`),
      onSome: (value) => Result.succeed(value),
    })
  }
  const value = self.read(raw.value)
  return value === undefined ? fault(`is not ${self.expected}`) : Result.succeed(value)
})

const readSome = Effect.fnUntraced(function* (keys: ReadonlyArray<string>) {
  const values: Record<string, unknown> = {}
  const faults: Array<Fault> = []
  for (const [key, self] of Object.entries(variables)) {
    if (!keys.includes(key)) continue
    // Each variable has its own type; only the key matters here.
    const result = yield* readOne(self as Variable<unknown>)
    if (Result.isFailure(result)) faults.push(result.failure)
    else values[key] = result.success
  }
  if (faults.length > 0) return yield* new SettingsError({ faults })
  return values
})

const readAll = Effect.gen(function* () {
  // Filled by all the keys of `variables`, each read by its own reader.
  const all = (yield* readSome(Object.keys(variables))) as unknown as Values
  const faults = [...webhookFaults(all), ...databaseFaults(all)]
  return faults.length === 0 ? all : yield* new SettingsError({ faults })
})

const readProcess = Effect.gen(function* () {
  const own = yield* readSome([...ofProcess, "dataDir", "backupDir", "journalKey"])
  const values: Values = { ...defaults, ...own }
  const faults = databaseFaults(values)
  return faults.length === 0 ? values : yield* new SettingsError({ faults })
})

/** What is for the file alone has no meaning beside a Postgres, and nobody may believe it has. */
const databaseFaults = ({
  databaseUrl,
  replicaAddress,
  botsDir,
  backupDir,
  journalKey,
}: Pick<
  Values,
  "databaseUrl" | "replicaAddress" | "botsDir" | "backupDir" | "journalKey"
>): ReadonlyArray<Fault> => {
  if (Option.isNone(databaseUrl)) {
    return [
      ...(Option.isSome(replicaAddress) ? [onDatabase(variables.replicaAddress)] : []),
      ...(Option.isSome(botsDir) ? [onDatabase(variables.botsDir)] : []),
    ]
  }
  return [
    ...(Option.isSome(backupDir)
      ? [besideDatabase("BACKUP_DIR", "Postgres is backed up by its own means, such as pg_dump")]
      : []),
    ...(Option.isSome(journalKey)
      ? [
          besideDatabase(
            "JOURNAL_KEY",
            "it seals the journal in a file, and nothing in Postgres yet",
          ),
        ]
      : []),
  ]
}

const onDatabase = ({ name }: { readonly name: string }): Fault => ({
  name,
  problem: "needs DATABASE_URL: what several processes or bots share is kept in a Postgres",
})

const besideDatabase = (name: string, why: string): Fault => ({
  name,
  problem: `cannot be set together with DATABASE_URL: ${why}`,
})

/** A webhook needs a port to come in by, and a secret that proves who calls. */
const webhookFaults = ({
  webhookUrl,
  webhookSecret,
  httpPort,
}: Pick<Values, "webhookUrl" | "webhookSecret" | "httpPort">): ReadonlyArray<Fault> => {
  if (Option.isNone(webhookUrl)) return []
  const needed = [
    [variables.webhookSecret, Option.isNone(webhookSecret)],
    [variables.httpPort, Option.isNone(httpPort)],
  ] as const
  return needed.flatMap(([{ name, example, expected }, isMissing]) =>
    isMissing
      ? [{ name, example, problem: `is missing, and WEBHOOK_URL needs it; expected ${expected}` }]
      : [],
  )
}

const defaults: Values = {
  ...(Object.fromEntries(
    Object.entries(variables).flatMap(([key, { fallback }]) =>
      Option.isSome<unknown>(fallback) ? [[key, fallback.value]] : [],
    ),
    // Holds every optional variable; the required ones follow.
  ) as Values),
  botToken: Redacted.make("1000:demo-token"),
  admins: [TelegramId.make(1)],
  googleCredentials: Redacted.make("{}"),
  spreadsheetAccounts: "demo-accounts",
  spreadsheetIssued: "demo-issued",
}
