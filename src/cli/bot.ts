/** The program against Telegram and Google, until it is told to stop. */
import { Deferred, Duration, Effect, Fiber, FileSystem, Layer, Option } from "effect"
import { Intake } from "../bot/Intake.ts"
import { Telegram } from "../bot/Telegram.ts"
import { Settings } from "../config/Settings.ts"
import * as Logging from "../observe/Logging.ts"
import { withRestarts } from "../observe/Restart.ts"
import { SheetsClient } from "../sheets/SheetsClient.ts"
import { type Disowned, StorageUnavailable } from "../store/Journal.ts"
import { layerJournal } from "../store/JsonFiles.ts"
import { Ownership, whileOwned } from "../store/Ownership.ts"
import { SqliteJournal } from "../store/SqliteJournal.ts"
import * as CheckApart from "./copies/checkApart.ts"
import { program } from "./program.ts"

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
    const journal = PostgresJournal.layer({ url: databaseUrl.value, bot: botName, admins })
    return layerJournal.pipe(Layer.provideMerge(whileOwned(journal)))
  }),
)

/** The program with its real ports; the settings and the platform are still open. */
const liveProgram = program.pipe(
  Layer.provideMerge(Layer.mergeAll(storage, SheetsClient.layer, Telegram.layer, CheckApart.layer)),
)

/** With traces and metrics for a collector, where OTLP_ENDPOINT names one. */
const traced = Layer.unwrap(
  Effect.gen(function* () {
    const { otlpEndpoint } = yield* Settings
    if (Option.isNone(otlpEndpoint)) return liveProgram
    const { layerMetrics, layerTracer } = yield* Effect.promise(
      () => import("../endpoint/telemetry.ts"),
    )
    return layerMetrics(otlpEndpoint.value).pipe(
      Layer.provideMerge(liveProgram),
      Layer.provideMerge(layerTracer(otlpEndpoint.value)),
    )
  }),
)

/** With what it answers over HTTP. Nothing of that is loaded where HTTP_PORT asks for no port. */
export const observedProgram = Layer.unwrap(
  Effect.gen(function* () {
    const { httpPort } = yield* Settings
    if (Option.isNone(httpPort)) return traced
    const { Endpoint } = yield* Effect.promise(() => import("../endpoint/Endpoint.ts"))
    return Endpoint.layerProgram.pipe(
      Layer.provideMerge(traced),
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

/**
 * Runs the program until it ends by itself or another process has the bot. Then nothing of it goes
 * on: it is not waited for any longer than it takes to let go, and whoever started it ends the process.
 */
export const untilDisowned = <A, E, R>(
  self: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | Disowned, R> =>
  Effect.gen(function* () {
    const lost = yield* Deferred.make<never, Disowned>()
    const isLost = Deferred.isDone(lost)
    const ownership = { isLost, lose: (why: Disowned) => Effect.asVoid(Deferred.fail(lost, why)) }
    return yield* Effect.acquireUseRelease(
      Effect.forkDetach(Effect.interruptible(Effect.provideService(self, Ownership, ownership))),
      (running) => Effect.raceFirst(Fiber.join(running), Deferred.await(lost)),
      (running) =>
        Effect.flatMap(isLost, (isOver) =>
          isOver
            ? Effect.interruptible(Effect.timeoutOption(Fiber.interrupt(running), letGoWithin))
            : Fiber.interrupt(running),
        ),
    )
  })

const letGoWithin = Duration.millis(500)

/** Runs until Telegram refuses the token, or another process takes the bot over. */
export const runBot = ({ systemd }: { readonly systemd: boolean }) =>
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
