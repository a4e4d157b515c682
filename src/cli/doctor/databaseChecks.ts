/** Checks of the Postgres of DATABASE_URL: whether a bot can keep its journal there. */
import { DateTime, Duration, Effect, Option, type Redacted, Result, Schema } from "effect"
import { Codes } from "../../access/Regions.ts"
import { Roster } from "../../access/Whitelist.ts"
import { sharedReadersMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { DatabaseFacts } from "../../store/postgres/lookAt.ts"
import { Report } from "./Report.ts"

/** Whether a start finds all that it needs in the database; nothing is changed there. */
export const checkDatabase = Effect.fnUntraced(function* (url: Redacted.Redacted) {
  const { botName } = yield* Settings
  const facts = yield* factsOf(url, botName)
  if (Option.isSome(facts)) yield* checkFacts(facts.value, botName)
})

/** Checks the server itself, for a process of so many bots. Gives whether it can be asked about each. */
export const checkForBots = Effect.fnUntraced(function* (url: Redacted.Redacted, bots: number) {
  const { botName } = yield* Settings
  const facts = yield* factsOf(url, botName)
  if (Option.isSome(facts)) yield* checkPlace(facts.value, bots + forAllBots)
  return Option.isSome(facts)
})

/** Checks what the database has of one of several bots: its owner and its people. */
export const checkBot = Effect.fnUntraced(function* (url: Redacted.Redacted) {
  const { botName } = yield* Settings
  const facts = yield* factsOf(url, botName)
  if (Option.isNone(facts)) return
  yield* checkOwner(facts.value, botName)
  yield* checkPeople(facts.value)
})

const factsOf = Effect.fnUntraced(function* (url: Redacted.Redacted, bot: string) {
  const report = yield* Report
  const { lookAt } = yield* Effect.promise(() => import("../../store/postgres/lookAt.ts"))
  const looked = yield* lookAt({ url, bot }).pipe(Effect.result, Effect.timeoutOption(patience))
  if (Option.isNone(looked)) {
    yield* report.fail(
      `The database did not answer within ${Duration.format(patience)}`,
      "Check the host and the port in DATABASE_URL, and what stands between",
    )
    return Option.none<DatabaseFacts>()
  }
  if (Result.isFailure(looked.value)) {
    const { what, toDo } = explained(looked.value.failure.message)
    yield* report.fail(what, toDo)
    return Option.none<DatabaseFacts>()
  }
  return Option.some(looked.value.success)
})

export const checkFacts = Effect.fnUntraced(function* (facts: DatabaseFacts, bot: string) {
  yield* checkPlace(facts, perProcess)
  yield* checkOwner(facts, bot)
  yield* checkPeople(facts)
})

const checkPlace = Effect.fnUntraced(function* (facts: DatabaseFacts, connections: number) {
  yield* checkServer(facts, connections)
  yield* checkPooler(facts)
  yield* checkTables(facts)
})

const patience = Duration.seconds(15)

/** Translates a refusal of Postgres or of the network into what is wrong with DATABASE_URL. */
export const explained = (message: string) => {
  const found = refusals.find(({ code }) => code.test(message))
  return found ?? { what: `DATABASE_URL: ${message}`, toDo: "Check the address and the server" }
}

const refusals: ReadonlyArray<{
  readonly code: RegExp
  readonly what: string
  readonly toDo: string
}> = [
  {
    code: /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)\b/,
    what: "The database cannot be reached",
    toDo: "Check the host and the port in DATABASE_URL, and whether the server runs",
  },
  {
    code: /\b(28P01|28000)\b/,
    what: "The database refuses the user or the password",
    toDo: "Check both in DATABASE_URL; signs such as @ or / in a password are written as %40, %2F",
  },
  {
    code: /\b3D000\b/,
    what: "There is no database of that name",
    toDo: "Make it, or name another one at the end of DATABASE_URL",
  },
  {
    code: /\b53300\b/,
    what: "The database has no connection left",
    toDo: "Raise max_connections, or have others take fewer",
  },
  {
    code: /\b08P01\b/,
    what: "What answers at DATABASE_URL refuses how the bot connects, as a pooler does that stands in front of a Postgres",
    toDo: "Take the address of the database itself: docs/cluster.md",
  },
]

const checkServer = Effect.fnUntraced(function* (facts: DatabaseFacts, needed: number) {
  const report = yield* Report
  const { server, settings, connections, encoding, isReadOnly } = facts
  const version = `Postgres ${Math.floor(server / 10_000)}.${server % 10_000}`
  const isReplica = Option.isSome((yield* Settings).replicaAddress)
  if (isReplica && server >= oldestServer && server < oldestForReplicas) {
    yield* report.warn(
      `${version} does not end the session of a replica that stands still: its bots stay with it`,
      "Take version 14 or newer",
    )
  }
  if (server < oldestServer) {
    yield* report.fail(`${version} is too old`, "Take version 13 or newer")
  } else yield* report.ok(`the database can be reached: ${version}`)
  if (isReadOnly) {
    yield* report.fail(
      "The database takes no writes",
      "Take the address of the primary server, not of a standby",
    )
  }
  if (encoding !== "UTF8") {
    yield* report.fail(`The database keeps texts as ${encoding}`, "Make one with the encoding UTF8")
  }
  for (const name of ["fsync", "full_page_writes"] as const) {
    if (settings[name] !== "off") continue
    yield* report.fail(
      `${name} is off: a crash of the server may lose or damage what was said to be kept`,
      `Set ${name} = on`,
    )
  }
  if (settings.synchronous_commit !== "on") {
    yield* report.ok(
      `synchronous_commit is ${settings.synchronous_commit} there; the bot sets it to on for itself`,
    )
  }
  if (settings.synchronous_standby_names !== "") {
    yield* report.ok("a commit waits for a standby too: where none answers, the bot waits")
  }
  const room = connections.max - connections.used
  const taken = `${connections.used} of ${connections.max} connections are taken`
  if (room < needed) {
    const whose = needed === perProcess ? "Each process of a bot" : "A process of these bots"
    yield* report.warn(taken, `${whose} takes up to ${needed}: make room for them`)
  } else yield* report.ok(taken)
})

const oldestServer = 130_000

/** From here on a session ends that was idle for too long. */
const oldestForReplicas = 140_000

/** See PostgresJournal.ts: one that writes, four that read, and one that listens. */
const perProcess = 6

/** One for each bot that writes comes on top; see PostgresJournal.ts, SharedInbox.ts and cluster/engine.ts. */
const forAllBots = sharedReadersMax + 16

const checkPooler = Effect.fnUntraced(function* ({ pooler }: DatabaseFacts) {
  const report = yield* Report
  if (pooler === "transaction") {
    yield* report.fail(
      "A pooler in transaction mode stands before the database: statements that the bot prepared would be gone",
      "Take the address of the database itself, or a pooler in session mode",
    )
  }
  if (pooler === "session") {
    yield* report.warn(
      "A pooler stands before the database",
      "See that it is in session mode, or take the address of the database itself",
    )
  }
})

const checkTables = Effect.fnUntraced(function* ({ tables }: DatabaseFacts) {
  const report = yield* Report
  const { version, known, denied } = tables
  if (denied.length > 0) {
    yield* report.fail(
      `The user of DATABASE_URL has no right to: ${denied.join(", ")}`,
      "Have its owner grant that, or take another user",
    )
  } else if (version === 0) yield* report.ok("there are no tables yet: the first start makes them")
  else if (version > known) {
    yield* report.fail(
      `The tables are of version ${version}, and this program knows ${known} at most`,
      "Take the newer program",
    )
  } else {
    const isOlder = version < known
    yield* report.ok(
      `the tables are of version ${version}${isOlder ? ": the next start brings them up to date" : ""}`,
    )
  }
})

const checkOwner = Effect.fnUntraced(function* ({ owner }: DatabaseFacts, bot: string) {
  const { timezone } = yield* Settings
  const report = yield* Report
  const timeOf = (at: number) =>
    DateTime.formatIsoOffset(DateTime.setZone(DateTime.makeUnsafe(Math.trunc(at)), timezone))
  if (owner === null) return yield* report.ok(`the bot "${bot}" has nothing there yet`)
  const { epoch, since, wroteAt } = owner
  const wrote = wroteAt === null ? "has written nothing yet" : `wrote last at ${timeOf(wroteAt)}`
  yield* report.ok(
    `the bot "${bot}" was taken over last at ${timeOf(since)} (epoch ${epoch}); that process ${wrote}. A start takes it over from it`,
  )
})

/** People and regions stand in the database too. */
const checkPeople = Effect.fnUntraced(function* ({ files }: DatabaseFacts) {
  const report = yield* Report
  const bodyOf = (name: string) => files.find(({ key }) => key === name)?.body
  const toDo = "Restore the database as it was: the bot does not start so"
  const roster = Schema.decodeUnknownResult(Roster)(bodyOf("whitelist.json") ?? {})
  if (Result.isFailure(roster)) {
    yield* report.fail(`whitelist.json in the database: ${roster.failure.message}`, toDo)
  } else {
    const all = Object.values(roster.success)
    const admitted = all.filter((entry) => entry.is_approved).length
    yield* report.ok(`people in the database: ${admitted} let in, ${all.length - admitted} not`)
  }
  const body = bodyOf("regions.json")
  if (body === undefined) return yield* report.ok("there are no regions yet: REGIONS fills them")
  const regions = Schema.decodeUnknownResult(Codes)(body)
  if (Result.isFailure(regions)) {
    yield* report.fail(`regions.json in the database: ${regions.failure.message}`, toDo)
  } else if (regions.success.length > 0) {
    yield* report.ok(`regions in the database: ${regions.success.length}`)
  } else yield* report.warn("There is no region in the database", "Add one with /add_region")
})
