/**
 * The helper of the first run: asks for each setting that a start needs, tries the answer at once
 * where there is somebody to ask, writes the file of variables, and ends with the doctor's report.
 *
 * Nothing is written before the last question, and only its owner may read the file.
 */
import {
  ConfigProvider,
  Console,
  DateTime,
  Duration,
  Effect,
  FileSystem,
  Layer,
  Option,
  Redacted,
  References,
  Result,
} from "effect"
import { Prompt } from "effect/cli"
import { Telegram } from "../bot/Telegram.ts"
import { readUpdate } from "../bot/Update.ts"
import { Settings, variables } from "../config/Settings.ts"
import { readCredentials, SheetsClient } from "../sheets/SheetsClient.ts"
import { examine } from "./doctor/examine.ts"

/** The answers so far, by the name of the variable. */
type Answers = Map<string, string>

export const interview = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const before = yield* Effect.orElseSucceed(fs.readFileString(envFile), () => "")
  const standing = valuesIn(before)
  const language = yield* Prompt.Select<"ru" | "en">({
    message: "Язык / Language",
    choices: [
      { title: "Русский", value: "ru" },
      { title: "English", value: "en" },
    ],
  })
  const said = words[language]
  yield* Console.log(`\n${said.welcome}\n`)
  const answers: Answers = new Map(standing)
  answers.set("LANGUAGE", language)
  const username = yield* askToken(said, answers)
  yield* askAdmins(said, answers, username)
  const email = yield* askCredentials(said, answers)
  yield* askSpreadsheet(said, answers, "SPREADSHEET_ACCOUNTS", said.accounts, email)
  yield* askSpreadsheet(said, answers, "SPREADSHEET_ISSUED", said.issued, email)
  yield* askZone(said, answers)

  if (!(yield* Prompt.Confirm({ message: said.write(envFile), initial: true }))) {
    return yield* Console.log(said.notWritten)
  }
  yield* write(withValues(before, answers))
  yield* Console.log(said.written(envFile))
  const makesTabs = yield* Prompt.Confirm({ message: said.makeTabs, initial: true })
  yield* Console.log(`\n${said.checking}`)
  yield* Effect.provide(examine({ tabs: makesTabs, bot: false }), configOf(answers))
  yield* Console.log(`\n${said.next}`)
  // Ctrl+C ends the helper without a word, because the person has just pressed it.
}).pipe(Effect.catchTag("QuitError", () => Effect.void))

const envFile = ".env"

/** The file is replaced by a rename, so that a helper that is killed leaves the former one. */
const write = Effect.fnUntraced(function* (text: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.writeFileString(`${envFile}.new`, text, { mode: 0o600 })
  yield* fs.chmod(`${envFile}.new`, 0o600)
  yield* fs.rename(`${envFile}.new`, envFile)
})

/** The settings as far as they are answered; what is still open gets what its example says. */
const configOf = (answers: ReadonlyMap<string, string>) =>
  ConfigProvider.layerAdd(
    ConfigProvider.fromUnknown({
      ...Object.fromEntries(
        Object.values(variables).flatMap(({ name, example, fallback }) =>
          Option.isNone<unknown>(fallback) ? [[name, example] as const] : [],
        ),
      ),
      ...Object.fromEntries(answers),
    }),
    { asPrimary: true },
  )

/** Runs a check with the settings answered so far; without log lines, as the helper says it all. */
const withSettings =
  (answers: ReadonlyMap<string, string>) =>
  <A, E, R>(self: Effect.Effect<A, E, R>) =>
    self.pipe(
      Effect.provide(Settings.layer.pipe(Layer.provide(configOf(answers)))),
      Effect.provideService(References.MinimumLogLevel, "None"),
    )

const patience = Duration.seconds(15)

/** The helper asks until the answer is one that works. */
const askToken = Effect.fnUntraced(function* (said: Words, answers: Answers) {
  for (;;) {
    const token = yield* secret(said, said.token, answers.get("BOT_TOKEN"))
    if (variables.botToken.read(token) === undefined) {
      yield* Console.log(said.tokenWrong)
      continue
    }
    const tried = new Map(answers).set("BOT_TOKEN", token)
    const me = yield* Effect.provide(
      Telegram.use(({ me: itself }) => Effect.succeed(itself)),
      Telegram.layer,
    ).pipe(withSettings(tried), Effect.result, Effect.timeoutOption(patience))
    if (Option.isNone(me)) yield* Console.log(said.silent("Telegram"))
    else if (Result.isFailure(me.value)) yield* Console.log(said.tokenRefused)
    else {
      answers.set("BOT_TOKEN", token)
      yield* Console.log(said.bot(me.value.success.username))
      return me.value.success.username
    }
  }
})

/** A hidden answer; where nothing is typed the one that stands counts. */
const secret = (said: Words, message: string, standing: string | undefined) =>
  Effect.map(
    Prompt.Password({
      message: standing === undefined ? message : `${message} (${said.fromBefore})`,
    }),
    (typed) => Redacted.value(typed).trim() || (standing ?? ""),
  )

/** A line; where nothing is typed the one in brackets counts. */
const typedLine = (
  message: string,
  standing: string | undefined,
  validate?: (typed: string) => Effect.Effect<string, string>,
) =>
  Effect.map(
    Prompt.String({
      message: standing === undefined ? message : `${message} [${standing}]`,
      ...(validate && { validate: (typed) => validate(typed.trim() || (standing ?? "")) }),
    }),
    (typed) => typed.trim() || (standing ?? ""),
  )

/** Offers the first person who writes to the bot within a minute as the admin; else asks for ids. */
const askAdmins = Effect.fnUntraced(function* (said: Words, answers: Answers, username: string) {
  if (!answers.has("ADMIN_ID")) {
    yield* Console.log(said.writeToBot(username))
    const found = yield* firstWriter.pipe(
      withSettings(answers),
      Effect.timeoutOption(Duration.minutes(1)),
      Effect.orElseSucceed(() => Option.none()),
    )
    if (Option.isSome(found)) {
      const { id, name } = found.value
      if (yield* Prompt.Confirm({ message: said.isItYou(name, id), initial: true })) {
        answers.set("ADMIN_ID", `${id}`)
        return
      }
    }
  }
  answers.set(
    "ADMIN_ID",
    yield* typedLine(said.admin, answers.get("ADMIN_ID"), (typed) =>
      variables.admins.read(typed) === undefined
        ? Effect.fail(said.adminWrong)
        : Effect.succeed(typed),
    ),
  )
})

/** The first person who writes. The updates are not confirmed: the bot gets them at its start. */
const firstWriter = Effect.gen(function* () {
  const telegram = yield* Telegram
  for (;;) {
    const updates = yield* telegram.getUpdates({ offset: 0, timeout: Duration.seconds(5) })
    for (const update of updates.toReversed()) {
      const incoming = Option.getOrUndefined(readUpdate(update))
      if (incoming?._tag === "Text") return { id: incoming.userId, name: incoming.firstName }
    }
    yield* Effect.sleep("1 second")
  }
}).pipe(Effect.provide(Telegram.layer))

const askCredentials = Effect.fnUntraced(function* (said: Words, answers: Answers) {
  for (;;) {
    const standing = answers.get("GOOGLE_CREDENTIALS_JSON") ?? "credentials.json"
    // The key itself may stand there, and is shown to nobody.
    const isPath = standing.length < 200 && !standing.includes("{")
    const typed = yield* typedLine(said.credentials, isPath ? standing : undefined)
    const chosen = typed === "" ? standing : typed
    const read = yield* Effect.result(readCredentials(Redacted.make(chosen)))
    if (Result.isSuccess(read)) {
      answers.set("GOOGLE_CREDENTIALS_JSON", chosen)
      yield* Console.log(said.account(read.success.email))
      return read.success.email
    }
    yield* Console.log(read.failure.message)
  }
})

const askSpreadsheet = Effect.fnUntraced(function* (
  said: Words,
  answers: Answers,
  name: "SPREADSHEET_ACCOUNTS" | "SPREADSHEET_ISSUED",
  message: string,
  email: string,
) {
  for (;;) {
    const typed = yield* typedLine(
      message,
      answers.get(name) ?? answers.get("SPREADSHEET_ACCOUNTS"),
    )
    const id = variables.spreadsheetAccounts.read(typed)
    if (id === undefined) {
      yield* Console.log(said.sheetWrong)
      continue
    }
    const problem = yield* spreadsheetProblem(said, answers, id, email)
    if (problem === undefined) {
      answers.set(name, id)
      return
    }
    yield* Console.log(problem)
  }
})

/** Why the bot cannot read the spreadsheet; `undefined` where it can. */
const spreadsheetProblem = Effect.fnUntraced(function* (
  said: Words,
  answers: Answers,
  id: string,
  email: string,
) {
  const read = yield* SheetsClient.use((client) =>
    client.get(id, { fields: "properties.locale", ranges: [], urgency: "person" }),
  ).pipe(
    Effect.provide(SheetsClient.layer),
    withSettings(answers),
    Effect.result,
    Effect.timeoutOption(patience),
  )
  if (Option.isNone(read)) return said.silent("Google")
  if (Result.isSuccess(read.value)) return undefined
  const { failure } = read.value
  if (failure._tag !== "SheetsError") return failure.message
  switch (failure.reason._tag) {
    case "Denied":
      return said.sheetDenied(email)
    case "NotFound":
      return said.sheetMissing
    case "Unsure":
      return said.silent("Google")
    default:
      return said.sheetRefused(failure.message)
  }
})

const askZone = Effect.fnUntraced(function* (said: Words, answers: Answers) {
  const local = DateTime.zoneToString(DateTime.zoneMakeLocal())
  const zone = yield* typedLine(said.zone, answers.get("TIMEZONE") ?? local, (typed) =>
    Option.isNone(DateTime.zoneMakeNamed(typed))
      ? Effect.fail(said.zoneWrong)
      : Effect.succeed(typed),
  )
  answers.set("TIMEZONE", zone)
})

/** The sentences of the helper in both languages. */
const words = {
  ru: {
    welcome:
      "Помощник первого запуска. Он спрашивает по одному, проверяет каждый ответ и пишет настройки в .env. Прервать — Ctrl+C: до конца ничего не записывается.",
    token: "Токен бота от @BotFather",
    tokenWrong: "Это не токен: у него вид 123456:ABC-DEF, скопируйте его целиком",
    tokenRefused: "Telegram не знает такого токена: скопируйте его ещё раз из @BotFather",
    silent: (who: string) => `${who} не отвечает: проверьте сеть и попробуйте ещё раз`,
    bot: (name: string) => `Бот найден: @${name}`,
    writeToBot: (name: string) =>
      `Откройте https://t.me/${name} в своём Telegram и нажмите «Начать»: так бот узнает, кто администратор. Жду минуту…`,
    isItYou: (name: string, id: number) => `Написал(а) ${name} (${id}). Это администратор?`,
    admin: "Telegram id администраторов через запятую (узнать свой: @userinfobot)",
    adminWrong: "Нужны числа через запятую, например 123456789:Ольга,987654321",
    credentials:
      "Путь к файлу ключа сервисного аккаунта Google (JSON) — как его получить: docs/first-run.ru.md",
    account: (email: string) =>
      `Ключ читается. Откройте доступ «Редактор» к обеим таблицам для ${email}`,
    accounts: "Ссылка на таблицу со складом (аккаунты, почты, номера)",
    issued: "Ссылка на таблицу для выданного (можно ту же)",
    sheetWrong: "Это не ссылка на таблицу и не её id",
    sheetDenied: (email: string) =>
      `Google не пускает бота: откройте таблицу, «Настройки доступа», добавьте ${email} редактором`,
    sheetMissing: "Такой таблицы нет: скопируйте ссылку целиком из адресной строки",
    sheetRefused: (why: string) => `Google отказал: ${why}`,
    zone: "Часовой пояс (где начинается «сегодня»)",
    zoneWrong: "Нужно название вроде Europe/Moscow",
    write: (file: string) => `Записать настройки в ${file}?`,
    written: (file: string) => `Записано: ${file}, читать может только владелец.`,
    notWritten: "Ничего не записано.",
    makeTabs: "Создать недостающие вкладки с заголовками? (существующие не меняются)",
    checking: "Проверка всего, что нужно для запуска:",
    next: "Дальше: npm start. На сервере: docs/deploy.md.",
    fromBefore: "Enter оставляет нынешнее значение",
  },
  en: {
    welcome:
      "The helper of the first run. It asks one thing at a time, checks each answer and writes the settings into .env. Ctrl+C ends it: nothing is written before the end.",
    token: "The bot's token from @BotFather",
    tokenWrong: "That is no token: it looks like 123456:ABC-DEF, copy all of it",
    tokenRefused: "Telegram does not know that token: copy it again from @BotFather",
    silent: (who: string) => `${who} does not answer: check the network and try again`,
    bot: (name: string) => `The bot is there: @${name}`,
    writeToBot: (name: string) =>
      `Open https://t.me/${name} in your Telegram and press Start: that tells who the admin is. Waiting for a minute…`,
    isItYou: (name: string, id: number) => `${name} (${id}) has written. Is that the admin?`,
    admin: "Telegram ids of the admins, by commas (your own: @userinfobot tells it)",
    adminWrong: "Numbers by commas are needed, such as 123456789:Olga,987654321",
    credentials:
      "Path of the key of Google's service account (JSON); how to get it: docs/first-run.md",
    account: (email: string) =>
      `The key can be read. Share both spreadsheets with ${email} as an editor`,
    accounts: "Address of the spreadsheet with the stock (accounts, mail, numbers)",
    issued: "Address of the spreadsheet for what is issued (the same one will do)",
    sheetWrong: "That is neither the address of a spreadsheet nor its id",
    sheetDenied: (email: string) =>
      `Google does not let the bot in: open the spreadsheet, Share, add ${email} as an editor`,
    sheetMissing: "There is no such spreadsheet: copy its whole address",
    sheetRefused: (why: string) => `Google refuses: ${why}`,
    zone: "Time zone (where today begins)",
    zoneWrong: "A name such as Europe/Moscow is needed",
    write: (file: string) => `Write the settings into ${file}?`,
    written: (file: string) => `Saved in ${file}, which only its owner can read.`,
    notWritten: "Nothing was written.",
    makeTabs: "Make the tabs that are missing, with their headers? (others are not changed)",
    checking: "A look at everything that a start needs:",
    next: "Next: npm start. On a server: docs/deploy.md.",
    fromBefore: "Enter keeps what stands there now",
  },
} as const

type Words = (typeof words)["ru"] | (typeof words)["en"]

/**
 * The values of a file of variables by name; of a name that stands there twice the last one counts,
 * as for Node.
 */
export const valuesIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split("\n").flatMap((line): ReadonlyArray<[string, string]> => {
      const [, name, value = ""] = assignment.exec(line) ?? []
      return name === undefined ? [] : [[name, unquoted(value.trim())]]
    }),
  )

/** The text with these values; one that stands there already is replaced in its place. */
export const withValues = (text: string, values: ReadonlyMap<string, string>): string => {
  const left = new Map(values)
  const lines = text.split("\n").flatMap((line) => {
    const name = assignment.exec(line)?.[1]
    const value = name === undefined ? undefined : values.get(name)
    if (name === undefined || value === undefined) return [line]
    // A second assignment of the same name would win over the first.
    return left.delete(name) ? [`${name}=${quoted(value)}`] : []
  })
  const body = withLineEnd(lines.join("\n").trimEnd())
  return [body, ...[...left].map(([name, value]) => `${name}=${quoted(value)}\n`)].join("")
}

const withLineEnd = (text: string) => (text === "" ? "" : `${text}\n`)

const assignment = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=(.*)$/

const unquoted = (value: string) => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value

/** Node reads a value without quotes up to a `#`. */
const quoted = (value: string) => {
  if (!/[\s#"'`]/.test(value)) return value
  return value.includes("'") ? `"${value}"` : `'${value}'`
}
