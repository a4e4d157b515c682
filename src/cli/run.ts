/** `npm start`: the program against Telegram and Google, until it is told to stop. */
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import { Intake } from "../bot/Intake.ts"
import { Telegram } from "../bot/Telegram.ts"
import { Settings } from "../config/Settings.ts"
import * as Logging from "../observe/Logging.ts"
import { SheetsClient } from "../sheets/SheetsClient.ts"
import { SqliteJournal } from "../store/SqliteJournal.ts"
import { program } from "./program.ts"
import { plainly } from "./startErrors.ts"

/** The program with its real ports; the settings and the platform are still open. */
export const live = program.pipe(
  Layer.provideMerge(Layer.mergeAll(SqliteJournal.layer, SheetsClient.layer, Telegram.layer)),
)

/** Ends only when Telegram refuses the token. */
export const untilRefused = Effect.flatMap(Intake, ({ refused }) => refused)

export const run = Command.make("run", {}, () =>
  untilRefused.pipe(
    Effect.provide(live.pipe(Layer.provideMerge(Logging.layer), Layer.provide(Settings.layer))),
    plainly,
  ),
).pipe(Command.withDescription("Run the bot with the settings of the environment"))
