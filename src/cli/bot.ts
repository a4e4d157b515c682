/** The program against Telegram and Google, until it is told to stop. */
import { Effect, Layer, Option } from "effect"
import { Intake } from "../bot/Intake.ts"
import { Telegram } from "../bot/Telegram.ts"
import { Settings } from "../config/Settings.ts"
import * as Logging from "../observe/Logging.ts"
import { withRestarts } from "../observe/Restart.ts"
import { SheetsClient } from "../sheets/SheetsClient.ts"
import { SqliteJournal } from "../store/SqliteJournal.ts"
import * as CheckApart from "./copies/checkApart.ts"
import { program } from "./program.ts"

/** The program with its real ports; the settings and the platform are still open. */
const liveProgram = program.pipe(
  Layer.provideMerge(
    Layer.mergeAll(SqliteJournal.layer, SheetsClient.layer, Telegram.layer, CheckApart.layer),
  ),
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
      Layer.provide(Endpoint.layer(httpPort.value)),
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

/** Runs until Telegram refuses the token. */
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
  )
