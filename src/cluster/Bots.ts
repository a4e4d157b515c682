/**
 * The bots of BOTS_DIR: a settings file `<name>.env` for each. The directory is looked at every few
 * seconds, and its files are compared by what stands in them: a mounted directory may tell neither
 * of changes nor of times.
 *
 * A change counts once two looks in a row have found it, so that a file that is just being saved stops
 * no bot. One file that is wrong stops its bot alone.
 */
import {
  Context,
  Effect,
  FileSystem,
  Layer,
  Option,
  Path,
  type PlatformError,
  Record,
  Redacted,
  Ref,
  Result,
  Stream,
  SubscriptionRef,
} from "effect"
import { type BotFile, type Own, readBotFile } from "../config/botFile.ts"
import { botsPeriod } from "../config/Limits.ts"
import { type Fault, Settings, SettingsError, variables } from "../config/Settings.ts"
import { supervise, survive } from "../observe/background.ts"
import type { Shares } from "../sheets/RateLimiter.ts"
import { readCredentials } from "../sheets/SheetsClient.ts"

/** A bot that can run, or what is wrong with its file. */
export type Bot = ReadyBot | FaultyBot

export interface ReadyBot {
  readonly _tag: "Ready"
  readonly settings: Settings["Service"]
  /** The variables that its file sets. The bot starts anew only if one of them has changed. */
  readonly own: Own
  /** The address of its service account, where the key can be read. */
  readonly account: Option.Option<string>
}

interface FaultyBot {
  readonly _tag: "Faulty"
  /** Sentences for people; no secret stands in them. */
  readonly faults: ReadonlyArray<string>
}

/** By the names of the bots, in their order. */
export type BotsByName = ReadonlyMap<string, Bot>

/** How the bot `name` has changed between two looks. */
export type BotChange =
  /** It is new, or its file is right again. */
  | { readonly _tag: "Added"; readonly name: string; readonly bot: ReadyBot }
  /** It runs on with other settings. */
  | { readonly _tag: "Changed"; readonly name: string; readonly bot: ReadyBot }
  /** It cannot run: it is new and its file is wrong, or the file has become wrong. */
  | { readonly _tag: "Faulty"; readonly name: string; readonly faults: ReadonlyArray<string> }
  | { readonly _tag: "Removed"; readonly name: string }

export class Bots extends Context.Service<
  Bots,
  {
    readonly current: Effect.Effect<BotsByName>
    /** Begins with what there is, and goes on with each change. */
    readonly changes: Stream.Stream<BotChange>
    /** Why the directory tells nothing at the moment. The bots go on as they are. */
    readonly trouble: Effect.Effect<Option.Option<string>>
    /** How many bots share each part of the quota of its service account with Google. */
    shares(name: string): Effect.Effect<Shares>
  }
>()("account-bot/cluster/Bots") {
  /** Fails where the directory cannot be read at the start. */
  static readonly layer = (directory: string) => Layer.effect(Bots, make(directory))
}

/** The bots of the directory at this moment, for who looks once. */
export const readBots = (directory: string) =>
  Effect.flatMap(look(directory), (files) => readAll(files))

const make = Effect.fnUntraced(function* (directory: string) {
  const first = yield* look(directory)
  const none: Reading = { byName: new Map(), unknown: [] }
  const bots = yield* SubscriptionRef.make(none)
  const settled = yield* Ref.make<Files>(first)
  const before = yield* Ref.make<Files>(first)
  const trouble = yield* Ref.make(Option.none<string>())

  /** Says once that the directory is in trouble, or is so no more. */
  const tellTrouble = Effect.fnUntraced(function* (found: Option.Option<string>) {
    const last = yield* Ref.getAndSet(trouble, found)
    if (Option.getOrNull(last) === Option.getOrNull(found)) return
    yield* Option.match(found, {
      onNone: () => Effect.logInfo("BOTS_DIR can be read again"),
      onSome: (problem) => Effect.logError(`BOTS_DIR ${problem}: the bots go on as they are`),
    })
  })

  const take = Effect.fnUntraced(function* (files: Files) {
    const last = yield* SubscriptionRef.get(bots)
    const next = yield* readAll(files)
    yield* tellChanges(last, next)
    yield* SubscriptionRef.set(bots, next)
  })

  const once = Effect.gen(function* () {
    const found = yield* Effect.result(look(directory))
    if (Result.isFailure(found)) {
      const [fault] = found.failure.faults
      return yield* tellTrouble(Option.fromUndefinedOr(fault?.problem))
    }
    const files = found.success
    const last = yield* Ref.get(settled)
    // A directory that is not mounted any more looks like that.
    if (files.size === 0 && last.size > 0) return yield* tellTrouble(Option.some("has no file"))
    yield* tellTrouble(Option.none())
    const next = settledFiles({ last, before: yield* Ref.getAndSet(before, files), files })
    if (isSame(last, next)) return
    yield* Ref.set(settled, next)
    yield* take(next)
  })

  yield* take(first)
  yield* Effect.sleep(botsPeriod).pipe(
    Effect.andThen(survive("look at BOTS_DIR")(once)),
    supervise("look at BOTS_DIR"),
  )

  const current = Effect.map(SubscriptionRef.get(bots), ({ byName }) => byName)
  return Bots.of({
    current,
    changes: Stream.mapAccum(
      SubscriptionRef.changes(bots),
      (): BotsByName => new Map(),
      (last, { byName }) => [byName, changesBetween(last, byName)] as const,
    ),
    trouble: Ref.get(trouble),
    shares: (name) => Effect.map(current, (byName) => sharesOf(byName, name)),
  })
})

/** What stands in a file, or why it cannot be read. */
type Contents = Result.Result<Uint8Array, string>

/** By the names of the files. */
type Files = ReadonlyMap<string, Contents>

/** The settings files in the directory. Fails where it cannot be read. */
const look = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* Effect.mapError(
    fs.readDirectory(directory),
    ({ reason }) =>
      new SettingsError({
        faults: [{ name: variables.botsDir.name, problem: `cannot be read (${reason._tag})` }],
      }),
  )
  const files = new Map<string, Contents>()
  for (const name of names.filter(isSettingsFile).toSorted()) {
    const contents = yield* contentsOf(path.join(directory, name))
    if (contents !== undefined) files.set(name, contents)
  }
  return files
})

/**
 * Hidden files are those of editors and of mounts. Windows likes to put `.txt` behind a name: such a
 * file is not passed over in silence.
 */
const isSettingsFile = (name: string) => /^[^.].*\.env(?:\.txt)?$/i.test(name)

/** Nothing where it is no file, or has just gone. */
const contentsOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.result(fs.stat(file))
  if (Result.isFailure(info)) return unlessGone(info.failure)
  if (info.success.type !== "File") return undefined
  if (info.success.size > largest) return Result.fail("is larger than any settings file")
  const bytes = yield* Effect.result(fs.readFile(file))
  return Result.isFailure(bytes) ? unlessGone(bytes.failure) : Result.succeed(bytes.success)
})

const unlessGone = ({ reason }: PlatformError.PlatformError): Contents | undefined =>
  reason._tag === "NotFound" ? undefined : Result.fail(`cannot be read (${reason._tag})`)

/** Settings take a few kilobytes. */
const largest = 1_000_000

interface Looks {
  /** What counted up to now. */
  readonly last: Files
  readonly before: Files
  readonly files: Files
}

/** What counts after a look: that which the look before had found too. */
const settledFiles = ({ last, before, files }: Looks): Files => {
  const next = new Map<string, Contents>()
  for (const name of new Set([...last.keys(), ...files.keys()])) {
    const now = files.get(name)
    const contents = isAlike(before.get(name), now) ? now : last.get(name)
    if (contents !== undefined) next.set(name, contents)
  }
  return next
}

const isSame = (one: Files, other: Files) =>
  one.size === other.size &&
  [...one].every(([name, contents]) => isAlike(contents, other.get(name)))

const isAlike = (one: Contents | undefined, other: Contents | undefined) => {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  if (Result.isFailure(one)) return Result.isFailure(other) && one.failure === other.failure
  return Result.isSuccess(other) && Buffer.from(one.success).equals(other.success)
}

interface Reading {
  readonly byName: BotsByName
  /** What stands in the files and is no setting, as sentences. */
  readonly unknown: ReadonlyArray<string>
}

/** Reads all files, and refuses what two of them cannot both have. */
const readAll = Effect.fnUntraced(function* (files: Files) {
  const path = yield* Path.Path
  const byName = new Map<string, Bot>()
  const unknown: Array<string> = []
  const { dataDir } = yield* Effect.provide(Settings, Settings.layerOf("dataDir"), { local: true })
  // The sign of life of the process stands there.
  const holders = new Map([[`${variables.dataDir.name} ${path.resolve(dataDir)}`, "the process"]])
  for (const { file, name, contents } of inOrder(files)) {
    const read = yield* readFile(file, name, contents)
    const twice = claimsOf(name, read, path).flatMap(({ variable, claim }) => {
      const holder = holders.get(claim) ?? file
      holders.set(claim, holder)
      return holder === file ? [] : [{ name: variable, problem: `is that of ${holder} too` }]
    })
    byName.set(name, yield* botOf(file, read, twice))
    for (const place of read.unknown) {
      unknown.push(`${file}: ${place.name} in line ${place.line} is no setting and does nothing`)
    }
  }
  return { byName, unknown } satisfies Reading
})

/** By the names of the bots: of two that have the same, the first one has it. */
const inOrder = (files: Files) =>
  [...files]
    .map(([file, contents]) => ({
      file,
      name: file.endsWith(suffix) ? file.slice(0, -suffix.length) : file,
      contents,
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))

const suffix = ".env"

const readFile = (file: string, name: string, contents: Contents) => {
  if (Result.isFailure(contents)) return Effect.succeed(unread("the file", contents.failure))
  return name === file
    ? Effect.succeed(unread("the name of the file", `has to end with ${suffix}`))
    : readBotFile(name, contents.success)
}

const unread = (name: string, problem: string): BotFile => ({
  settings: Result.fail(new SettingsError({ faults: [{ name, problem }] })),
  own: {},
  unknown: [],
})

/**
 * What no other bot may have. A file that is wrong holds it too: its bot may have worked until now,
 * and nobody else shall take its place.
 */
const claimsOf = (name: string, { settings, own }: BotFile, path: Path.Path) => {
  // A file without a usable name, such as the copy «sales (1).env», never was a bot.
  if (variables.botName.read(name) === undefined) return []
  const read = <A>(variable: { readonly name: string; readonly read: (text: string) => A }) => {
    const text = own[variable.name]
    return text === undefined ? undefined : variable.read(text)
  }
  const token = read(variables.botToken)
  const webhook = Option.getOrUndefined(read(variables.webhookUrl) ?? Option.none())
  const dataDir = Result.match(settings, {
    onFailure: () => own[variables.dataDir.name],
    onSuccess: (values) => values.dataDir,
  })
  return [
    // What stands before the colon is the bot's id, and a new token does not change it.
    { variable: variables.botToken.name, value: token && Redacted.value(token).split(":", 1)[0] },
    { variable: variables.spreadsheetAccounts.name, value: read(variables.spreadsheetAccounts) },
    { variable: variables.spreadsheetIssued.name, value: read(variables.spreadsheetIssued) },
    { variable: variables.webhookUrl.name, value: webhook && new URL(webhook).pathname },
    { variable: variables.dataDir.name, value: dataDir && path.resolve(dataDir) },
  ].flatMap(({ variable, value }) =>
    value === undefined ? [] : [{ variable, claim: `${kindOf(variable)} ${value}` }],
  )
}

/** Either spreadsheet of one bot may not be one of another. */
const kindOf = (variable: string) => (variable.startsWith("SPREADSHEET") ? "sheet" : variable)

const botOf = Effect.fnUntraced(function* (
  file: string,
  { settings, own }: BotFile,
  twice: ReadonlyArray<Fault>,
): Effect.fn.Return<Bot, never, FileSystem.FileSystem> {
  if (Result.isSuccess(settings) && twice.length === 0) {
    const credentials = yield* Effect.option(readCredentials(settings.success.googleCredentials))
    const account = Option.map(credentials, ({ email }) => email)
    return { _tag: "Ready", settings: settings.success, own, account }
  }
  const found = Result.isFailure(settings) ? settings.failure.faults : []
  const { message } = new SettingsError({ faults: [...found, ...twice] })
  return { _tag: "Faulty", faults: message.split("\n").map((fault) => `${file}: ${fault}`) }
})

/** What is to be done after `last` where `next` is so. */
const changesBetween = (last: BotsByName, next: BotsByName): ReadonlyArray<BotChange> => [
  ...[...last.keys()].flatMap((name): ReadonlyArray<BotChange> =>
    next.has(name) ? [] : [{ _tag: "Removed", name }],
  ),
  ...[...next].flatMap(([name, bot]): ReadonlyArray<BotChange> => {
    const was = last.get(name)
    if (bot._tag === "Faulty") {
      const isKnown = was?._tag === "Faulty" && was.faults.join("\n") === bot.faults.join("\n")
      return isKnown ? [] : [{ _tag: "Faulty", name, faults: bot.faults }]
    }
    if (was?._tag !== "Ready") return [{ _tag: "Added", name, bot }]
    return isOwnSame(was.own, bot.own) ? [] : [{ _tag: "Changed", name, bot }]
  }),
]

const isOwnSame = (one: Own, other: Own) =>
  Record.size(one) === Record.size(other) &&
  Object.entries(one).every(([variable, text]) => other[variable] === text)

/** The bots of each service account that has several. */
const accountsIn = (byName: BotsByName): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const bot of byName.values()) {
    const account = bot._tag === "Ready" ? Option.getOrUndefined(bot.account) : undefined
    if (account !== undefined) counts.set(account, (counts.get(account) ?? 0) + 1)
  }
  return new Map([...counts].filter(([, count]) => count > 1))
}

const sharesOf = (byName: BotsByName, name: string): Shares => {
  const bot = byName.get(name)
  const count =
    bot?._tag === "Ready"
      ? (accountsIn(byName).get(Option.getOrElse(bot.account, () => "")) ?? 1)
      : 1
  const own: Own = bot?._tag === "Ready" ? bot.own : {}
  const unlessOwn = (variable: { readonly name: string }) =>
    own[variable.name] === undefined ? count : 1
  return {
    requests: unlessOwn(variables.sheetsRequestsPerSecond),
    read: unlessOwn(variables.sheetsReadsPerMinute),
    write: unlessOwn(variables.sheetsWritesPerMinute),
  }
}

const tellChanges = Effect.fnUntraced(function* (last: Reading, next: Reading) {
  for (const change of changesBetween(last.byName, next.byName)) {
    const wasFaulty = last.byName.get(change.name)?._tag === "Faulty"
    yield* Effect.annotateLogs(tellChange(change, wasFaulty), { bot: change.name })
  }
  const known = new Set(last.unknown)
  for (const place of next.unknown) if (!known.has(place)) yield* Effect.logWarning(place)
  const shared = accountsIn(last.byName)
  for (const [account, count] of accountsIn(next.byName)) {
    if (shared.get(account) === count) continue
    yield* Effect.logInfo(
      `${count} bots use the service account ${account}: each has one part in ${count} of SHEETS_REQUESTS_PER_SECOND, SHEETS_READS_PER_MINUTE and SHEETS_WRITES_PER_MINUTE, unless its file sets them`,
    )
  }
})

const tellChange = (change: BotChange, wasFaulty: boolean) => {
  switch (change._tag) {
    case "Added":
      return Effect.logInfo(wasFaulty ? "the bot's file is right again" : "the bot has a file")
    case "Changed":
      return Effect.logInfo("the bot's settings have changed, it starts anew")
    case "Removed":
      return Effect.logInfo("the bot's file is gone, it stops")
    case "Faulty":
      return Effect.forEach(
        change.faults,
        (fault) => Effect.logError(`${fault}; this bot does not run`),
        { discard: true },
      )
  }
}
