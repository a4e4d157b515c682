/** The program against Telegram and Google, until it is told to stop. */
import { Effect, Layer } from "effect"
import { Intake } from "../bot/Intake.ts"
import { Telegram } from "../bot/Telegram.ts"
import { Settings } from "../config/Settings.ts"
import * as Logging from "../observe/Logging.ts"
import { SheetsClient } from "../sheets/SheetsClient.ts"
import { SqliteJournal } from "../store/SqliteJournal.ts"
import { program } from "./program.ts"

/** The program with its real ports; the settings and the platform are still open. */
export const liveProgram = program.pipe(
  Layer.provideMerge(Layer.mergeAll(SqliteJournal.layer, SheetsClient.layer, Telegram.layer)),
)

/** Runs until Telegram refuses the token. */
export const runBot = Effect.flatMap(Intake, ({ refused }) => refused).pipe(
  Effect.provide(
    liveProgram.pipe(Layer.provideMerge(Logging.layer), Layer.provide(Settings.layer)),
  ),
)
