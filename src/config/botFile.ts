/**
 * The settings file of one bot of BOTS_DIR: what it says, over what the environment of the process
 * says for all bots. The format is that of `.env`.
 *
 * Faults name the line and the variable, never what stands there.
 */
import { Config, ConfigProvider, Effect, Option, Result } from "effect"
import { utf8Text } from "../domain/utf8.ts"
import { type Fault, ofProcess, Settings, SettingsError, variables } from "./Settings.ts"

export interface BotFile {
  readonly settings: Result.Result<Settings["Service"], SettingsError>
  /** The text of each variable that the file sets, as far as it can be read. */
  readonly own: Own
  /** Names in the file that are no setting. */
  readonly unknown: ReadonlyArray<Place>
}

/** By the names of the variables. */
export type Own = Readonly<Record<string, string>>

interface Place {
  readonly name: string
  readonly line: number
}

/** Reads the file of the bot `name`. */
export const readBotFile = Effect.fnUntraced(function* (name: string, bytes: Uint8Array) {
  const decoded = utf8Text(bytes)
  if (Result.isFailure(decoded)) return unreadable(decoded.failure)
  const text = decoded.success
  // In UTF-16 every other byte of such a file is 0.
  if (text.includes("\0")) return unreadable("line 1: not UTF-8; save the file in UTF-8")
  const { places, faults } = placesIn(text)
  const provider = ConfigProvider.fromDotEnvContents(text)
  const own: Record<string, string> = {}
  for (const { name: variable } of places) {
    if (!names.has(variable)) continue
    const value = yield* textOf(variable, provider)
    if (Option.isSome(value)) own[variable] = value.value
  }
  const lines = new Map(places.map((place) => [place.name, place.line]))
  const found = [...faults, ...refusedIn(places)]
  const settings = yield* Effect.result(settingsOver(name, own))
  if (Result.isFailure(settings)) {
    for (const fault of settings.failure.faults) {
      const isName = fault.name === variables.botName.name
      found.push(isName ? nameFault(name) : yield* placed(fault, own, lines))
    }
  }
  const file: BotFile = {
    settings:
      found.length === 0 ? settings : faulty(places.length === 0 ? [...faults, empty] : found),
    own,
    unknown: places.filter((place) => !names.has(place.name)),
  }
  return file
})

const faulty = (faults: ReadonlyArray<Fault>) => Result.fail(new SettingsError({ faults }))

/** What is wrong with the file as a whole, as `utf8Text` says it. */
const unreadable = (sentence: string): BotFile => {
  const [name = "", problem = sentence] = sentence.split(": ", 2)
  return { settings: faulty([{ name, problem }]), own: {}, unknown: [] }
}

const names: ReadonlySet<string> = new Set(Object.values(variables).map(({ name }) => name))

const refused: ReadonlySet<string> = new Set(ofProcess.map((key) => variables[key].name))

/** Two bots may not have these in common, so that no default of them is right. */
const ofOneBot: ReadonlySet<string> = new Set(
  (["botToken", "spreadsheetAccounts", "spreadsheetIssued", "webhookUrl"] as const).map(
    (key) => variables[key].name,
  ),
)

const textOf = (name: string, provider: ConfigProvider.ConfigProvider) =>
  Config.option(Config.String(name)).pipe(
    Effect.orElseSucceed(() => Option.none<string>()),
    Effect.provideService(ConfigProvider.ConfigProvider, provider),
  )

/** What the file says, and where it says nothing the environment. */
const settingsOver = Effect.fnUntraced(function* (name: string, own: Own) {
  const environment = yield* ConfigProvider.ConfigProvider
  const { dataDir } = yield* Effect.provide(Settings, Settings.layerOf("dataDir"), { local: true })
  const given: Own = {
    [variables.dataDir.name]: `${dataDir}/${name}`,
    ...own,
    [variables.botName.name]: name,
  }
  const provider = ConfigProvider.make((path) => {
    const variable = path.join("_")
    const text =
      refused.has(variable) && variable !== variables.botName.name ? undefined : given[variable]
    if (text !== undefined) return Effect.succeed(ConfigProvider.makeValue(text))
    return ofOneBot.has(variable) ? Effect.undefined : environment.load(path)
  })
  return yield* Effect.provide(Settings, Settings.layer, { local: true }).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, provider),
  )
})

/** The fault with where it comes from: a line, or the environment. */
const placed = Effect.fnUntraced(function* (
  fault: Fault,
  own: Own,
  lines: ReadonlyMap<string, number>,
) {
  const { name } = fault
  const line = lines.get(name)
  if (own[name] !== undefined && line !== undefined) return { ...fault, where: `line ${line}` }
  const inherited = yield* textOf(name, yield* ConfigProvider.ConfigProvider)
  return Option.isSome(inherited) && !ofOneBot.has(name)
    ? { ...fault, where: "environment of the process" }
    : fault
})

const empty: Fault = { name: "the file", problem: "has no setting in it" }

const nameFault = (name: string): Fault => {
  const wrong = [...new Set(name.replaceAll(/[A-Za-z\d_-]/g, ""))].map((char) => `"${char}"`)
  return {
    name: "the name of the file",
    problem: [
      `before .env is not ${variables.botName.expected}`,
      ...(wrong.length > 0 ? [`which these are not: ${wrong.join(" ")}`] : []),
    ].join(", "),
  }
}

const refusedIn = (places: ReadonlyArray<Place>): ReadonlyArray<Fault> =>
  places.flatMap(({ name, line }) =>
    refused.has(name)
      ? [
          {
            name,
            where: `line ${line}`,
            problem:
              name === variables.botName.name
                ? "the name of a bot is that of its file: take it out of here"
                : "belongs to the whole process: set it in its environment, and take it out of here",
          },
        ]
      : [],
  )

/**
 * Where each variable stands, and what is no line of a settings file. A value in quotes may go on
 * over several lines. What the values are is not read here.
 */
const placesIn = (text: string) => {
  const places: Array<Place> = []
  const faults: Array<Fault> = []
  const seen = new Map<string, number>()
  const lines = text.split(/\r\n|\r|\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]?.trim() ?? ""
    if (line === "" || line.startsWith("#")) continue
    const [, name, value = ""] = assignment.exec(line) ?? []
    if (name === undefined) {
      faults.push({ name: `line ${at + 1}`, problem: "is neither NAME=value nor a # comment" })
      continue
    }
    const where = `line ${at + 1}`
    const before = seen.get(name)
    if (before !== undefined) faults.push({ name, where, problem: `stands in line ${before} too` })
    else seen.set(name, at + 1)
    places.push({ name, line: at + 1 })
    const end = endOfQuotes(value.trimStart(), lines, at)
    if (end === undefined) {
      faults.push({ name, where, problem: "has a quote that nothing closes" })
      break
    }
    at = end
  }
  return { places, faults: firstOf(faults) }
}

/** A file of another kind has a fault in each line. */
const firstOf = (faults: ReadonlyArray<Fault>): ReadonlyArray<Fault> => {
  const more = faults.length - faultsTold
  return more <= 0
    ? faults
    : [
        ...faults.slice(0, faultsTold),
        { name: "the file", problem: `has ${more} such faults more` },
      ]
}

const faultsTold = 5

const assignment = /^(?:export\s)?\s*([\w.-]+)(?:\s*=|:\s)(.*)$/

/** The line in which a value that begins with a quote ends; `undefined`: in none. */
const endOfQuotes = (
  value: string,
  lines: ReadonlyArray<string>,
  at: number,
): number | undefined => {
  const [quote = ""] = value
  if (!`"'\``.includes(quote) || quote === "") return at
  if (isClosed(value.slice(1), quote)) return at
  for (let next = at + 1; next < lines.length; next += 1) {
    if (isClosed(lines[next] ?? "", quote)) return next
  }
  return undefined
}

const isClosed = (text: string, quote: string) => text.replaceAll(`\\${quote}`, "").includes(quote)
