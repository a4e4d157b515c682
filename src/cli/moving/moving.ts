/** The steps that `import` and `export` share: the target, the counts, the comparison, the progress. */
import { Console, Effect, FileSystem, Option, Redacted, Schema } from "effect"
import { Roster } from "../../access/Whitelist.ts"
import { Settings, variables } from "../../config/Settings.ts"
import { elapsed } from "../../observe/elapsed.ts"
import { restore } from "../../pool/Outbox.ts"
import { fold as proxyFold } from "../../pool/proxies/Proxies.ts"
import { allOf } from "../../pool/proxies/proxyState.ts"
import { fileKind } from "../../store/Journal.ts"
import type { Digests } from "../../store/postgres/movedRows.ts"
import { documentOf, proxyPools, restoringIn, type Session } from "../../store/postgres/botRows.ts"
import type { Census } from "../copies/inspect.ts"

export type Counts = Pick<Census, "events" | "issuances" | "people" | "proxies">

/** The database and the bot of it; fails with a sentence where none is set. */
export const target = Effect.gen(function* () {
  const { databaseUrl, botName } = yield* Settings
  const { name, example } = variables.databaseUrl
  return Option.isNone(databaseUrl)
    ? yield* Effect.fail(`${name} is not set, e.g. ${name}=${example}`)
    : { url: databaseUrl.value satisfies Redacted.Redacted, bot: botName }
})

/** Prints how many rows have passed, each second from the first one on. */
export const makeProgress = (does: string) => {
  let rows = 0
  let printedAt: number | undefined
  return (more: number) =>
    Effect.gen(function* () {
      rows += more
      const now = yield* elapsed
      printedAt ??= now
      if (now - printedAt < second) return
      printedAt = now
      yield* Console.error(`${rows} rows ${does}`)
    })
}

const second = 1_000

/** Counts what the database holds of the bot; `digests`: those of its rows. */
export const countedIn = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  digests: Digests,
) {
  const journal = restoringIn(session, bot)
  let proxies = 0
  for (const pool of yield* proxyPools(session, bot)) {
    const { state } = yield* restore(journal, pool, proxyFold)
    proxies += allOf(state).length
  }
  const whitelist = yield* documentOf(session, bot, fileKind, "whitelist.json")
  const roster = Option.getOrElse(decodeRoster(whitelist), (): typeof Roster.Type => ({}))
  const people = Object.values(roster).filter((entry) => entry.is_approved).length
  const counts: Counts = {
    events: digests.event.count,
    issuances: digests.issuance.count,
    people,
    proxies,
  }
  return counts
})

const decodeRoster = Schema.decodeUnknownOption(Schema.fromJsonString(Roster))

/** Prints both sides. Gives the first thing that they differ in, if there is one. */
export const compared = Effect.fnUntraced(function* (directory: Counts, database: Counts) {
  yield* Console.log(`directory: ${lineOf(directory)}`)
  yield* Console.log(`database: ${lineOf(database)}`)
  return names.find((name) => directory[name] !== database[name])
})

const names = ["events", "issuances", "people", "proxies"] as const

const lineOf = (counts: Counts) => names.map((name) => `${name} ${counts[name]}`).join(", ")

export const sync = Effect.fnUntraced(
  function* (place: string) {
    const fs = yield* FileSystem.FileSystem
    yield* Effect.scoped(Effect.flatMap(fs.open(place), (file) => file.sync))
  },
  // Some file systems cannot sync a directory.
  (self) => Effect.ignore(self),
)
