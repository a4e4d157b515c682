/** The program against Telegram and Google, until it is told to stop. */
import { Context, Effect, FileSystem, Layer, Option, Result } from "effect"
import { Intake } from "../bot/Intake.ts"
import { Telegram } from "../bot/Telegram.ts"
import { Settings } from "../config/Settings.ts"
import * as Logging from "../observe/Logging.ts"
import { withRestarts } from "../observe/Restart.ts"
import { SheetsClient } from "../sheets/SheetsClient.ts"
import { StorageUnavailable } from "../store/Journal.ts"
import { layerJournal } from "../store/JsonFiles.ts"
import { untilDisowned, whileOwned } from "../store/Ownership.ts"
import { SqliteJournal } from "../store/SqliteJournal.ts"
import * as CheckApart from "./copies/checkApart.ts"
import { program } from "./program.ts"

/** Whether the program goes by the time of the database; the demo has a clock that is moved. */
export class DatabaseTime extends Context.Reference<boolean>("account-bot/cli/bot/DatabaseTime", {
  defaultValue: () => true,
}) {}

/** Its own journal and the people and regions: in the Postgres of DATABASE_URL, or in files. */
const storage = Layer.unwrap(
  Effect.gen(function* () {
    const { admins, databaseUrl, botName, dataDir } = yield* Settings
    if (Option.isNone(databaseUrl)) return SqliteJournal.layer
    const { PostgresJournal } = yield* Effect.promise(
      () => import("../store/postgres/PostgresJournal.ts"),
    )
    const fs = yield* FileSystem.FileSystem
    // The sign of life stands there.
    yield* fs
      .makeDirectory(dataDir, { recursive: true, mode: 0o700 })
      .pipe(
        Effect.mapError(
          (cause) => new StorageUnavailable({ operation: "open", place: dataDir, cause }),
        ),
      )
    const tellsTime = yield* DatabaseTime
    const journal = PostgresJournal.layer({
      url: databaseUrl.value,
      bot: botName,
      admins,
      tellsTime,
    })
    return layerJournal.pipe(Layer.provideMerge(whileOwned(journal)))
  }),
)

/**
 * The program with its real ports; the settings and the platform are still open. Whether the bot is
 * this process's, which the ports ask before they call anybody, is what the storage knows.
 */
export const liveProgram = program.pipe(
  Layer.provideMerge(Layer.mergeAll(SheetsClient.layer, Telegram.layer, CheckApart.layer)),
  Layer.provideMerge(storage),
)

/** With the figures of the bot brought up to date for a collector, where there is one. */
const gathered = Layer.unwrap(
  Effect.gen(function* () {
    const { otlpEndpoint } = yield* Settings
    if (Option.isNone(otlpEndpoint)) return liveProgram
    const { layerGathering } = yield* Effect.promise(() => import("../endpoint/telemetry.ts"))
    return Layer.provideMerge(layerGathering, liveProgram)
  }),
)

/** With traces and metrics for a collector, where OTLP_ENDPOINT names one. */
const traced = <A, E, R>(ofProcess: Layer.Layer<A, E, R>) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { otlpEndpoint } = yield* Settings
      if (Option.isNone(otlpEndpoint)) return ofProcess
      const { layerMetrics, layerTracer } = yield* Effect.promise(
        () => import("../endpoint/telemetry.ts"),
      )
      return layerMetrics(otlpEndpoint.value).pipe(
        Layer.provideMerge(ofProcess),
        Layer.provideMerge(layerTracer(otlpEndpoint.value)),
      )
    }),
  )

/** With what it answers over HTTP. Nothing of that is loaded where HTTP_PORT asks for no port. */
export const observedProgram = Layer.unwrap(
  Effect.gen(function* () {
    const { httpPort } = yield* Settings
    if (Option.isNone(httpPort)) return traced(gathered)
    const { Endpoint } = yield* Effect.promise(() => import("../endpoint/Endpoint.ts"))
    return Endpoint.layerProgram.pipe(
      Layer.provideMerge(traced(gathered)),
      Layer.provide(Endpoint.layerOne(httpPort.value)),
    )
  }),
)

/** Tells systemd that the bot lives, where `run --systemd` asks for that. */
const toldToSystemd = Layer.unwrap(
  Effect.map(
    Effect.promise(() => import("../endpoint/systemd.ts")),
    (systemd) => systemd.layer,
  ),
)

/** Runs until Telegram refuses the token, or another process takes the bot over. */
const runOne = ({ systemd }: { readonly systemd: boolean }) =>
  Effect.flatMap(Intake, ({ refused }) => refused).pipe(
    Effect.provide(
      (systemd ? Layer.provideMerge(toldToSystemd, observedProgram) : observedProgram).pipe(
        Layer.provideMerge(Logging.layer),
        Layer.provide(Settings.layer),
      ),
      // A program that starts anew finds nothing that the one before it had built.
      { local: true },
    ),
    withRestarts,
    untilDisowned,
  )

/** Runs bots of a database, alone or together with other processes, until it is stopped. */
const runReplica = ({ systemd }: { readonly systemd: boolean }, settings: typeof Settings.layer) =>
  Effect.gen(function* () {
    const { layer } = yield* Effect.promise(() => import("../cluster/replica.ts"))
    const replica = traced(layer(gathered))
    return yield* Layer.launch(
      (systemd ? Layer.provideMerge(toldToSystemd, replica) : replica).pipe(
        Layer.provideMerge(Logging.layer),
        Layer.provide(settings),
      ),
    )
  })

/** Runs the bot or the bots that the settings speak of. */
export const runBot = Effect.fnUntraced(function* (flags: { readonly systemd: boolean }) {
  const settings = yield* Effect.result(Effect.provide(Settings, Settings.layerProcess))
  const { botsDir } = yield* Effect.provide(Settings, Settings.layerOf("botsDir"))
  if (Option.isSome(botsDir)) return yield* runReplica(flags, Settings.layerProcess)
  const isReplica = Result.isSuccess(settings) && Option.isSome(settings.success.replicaAddress)
  // If the settings are wrong, both of these name all faults together.
  return yield* isReplica ? runReplica(flags, Settings.layer) : runOne(flags)
})
