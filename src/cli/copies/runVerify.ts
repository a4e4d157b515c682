/** `account-bot verify`: prints what a data directory holds and the first fault of it. */
import { Console, Effect, Layer, Option, References, Result, Runtime, Schema } from "effect"
import { Settings } from "../../config/Settings.ts"
import { plainly } from "../plainly.ts"
import type { Census, Inspection } from "./inspect.ts"
import { inPostgres, verify, verifyCopy } from "./workingCopy.ts"

/** The command has printed the faults already, so the runtime only sets the exit code. */
class VerifyFailed extends Schema.TaggedError<VerifyFailed>()("VerifyFailed", {
  exitCode: Schema.Int,
}) {
  override readonly [Runtime.errorReported] = false
  override get [Runtime.errorExitCode]() {
    return this.exitCode
  }
}

/** The exit codes, beside 0 where all is well. */
const code = { fault: 1, inUse: 2 } as const

export interface Flags {
  readonly directory: Option.Option<string>
  /** A directory that holds such a copy as backups are made of, to be opened where it lies. */
  readonly work: Option.Option<string>
}

export const runVerify = Effect.fnUntraced(function* ({ directory, work }: Flags) {
  const settings = yield* Effect.provide(
    Settings,
    Settings.layerOf("dataDir", "timezone", "journalKey", "databaseUrl"),
  ).pipe(plainly)
  if (Option.isSome(settings.databaseUrl) && Option.isNone(directory) && Option.isNone(work)) {
    yield* Console.error(inPostgres("verify", "Name a data directory or a backup to look into it"))
    return yield* new VerifyFailed({ exitCode: code.fault })
  }
  const place = Option.getOrElse(directory, () => settings.dataDir)
  const looked = Option.isSome(work) ? verifyCopy(work.value) : verify(place)
  const found = yield* Effect.result(looked).pipe(
    Effect.provideService(Settings, settings),
    Effect.provide(quiet),
  )
  if (Result.isSuccess(found)) return yield* report(place, found.success)
  yield* Console.error(found.failure.message)
  const isInUse = found.failure._tag === "DirectoryInUse"
  return yield* new VerifyFailed({ exitCode: isInUse ? code.inUse : code.fault })
})

const report = Effect.fnUntraced(function* (place: string, inspection: Inspection) {
  const { inJournal, inFiles, isOlder, census } = inspection
  const faults = [...inJournal, ...inFiles]
  for (const line of linesOf(census)) yield* Console.log(line)
  if (isOlder) {
    yield* Console.log("A former version wrote the journal: a start brings it up to date.")
  }
  const [first] = faults
  if (first === undefined) return yield* Console.log(`${place} is sound.`)
  yield* Console.error(`${place} is damaged: ${first.replaceAll(/\s+/g, " ").slice(0, faultMax)}`)
  if (faults.length > 1)
    yield* Console.error(`${faults.length - 1} more; npm run doctor names them.`)
  return yield* new VerifyFailed({ exitCode: code.fault })
})

/** A fault is cut to this length, because a schema may describe at length what it expected. */
const faultMax = 400

const linesOf = ({ events, issuances, proxies, people, items }: Census): ReadonlyArray<string> => [
  `events ${events}, issuances ${issuances}, proxies ${proxies}, people ${people}`,
  ...items.map(
    ({ resource, places }) =>
      `${resource}: ${
        Object.entries(places)
          .map(([name, count]) => `${name} ${count}`)
          .join(", ") || "no item"
      }`,
  ),
]

/** Without log lines: all that there is to say is printed. */
const quiet = Layer.succeed(References.MinimumLogLevel, "None")
