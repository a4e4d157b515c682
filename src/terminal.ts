/** What can be started from a terminal. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Runtime } from "effect"
import { Command } from "effect/cli"
import { backup } from "./cli/backup.ts"
import { completionsOf } from "./cli/completions.ts"
import { demo } from "./cli/demo.ts"
import { doctor } from "./cli/doctor.ts"
import { exportData } from "./cli/export.ts"
import { health } from "./cli/healthcheck.ts"
import { importData } from "./cli/import.ts"
import { restore } from "./cli/restore.ts"
import { run } from "./cli/run.ts"
import { setup } from "./cli/setup.ts"
import { verify } from "./cli/verify.ts"
import { version } from "./config/Settings.ts"

/** A stop by signal ends with exit code 0 instead of 130, which systemd would call a failure. */
const teardown: Runtime.Teardown = (exit, onExit) =>
  Runtime.defaultTeardown(exit, (code) => onExit(code === codeOfInterruption ? 0 : code))

const codeOfInterruption = 130

const commands = [
  run,
  demo,
  doctor,
  setup,
  health,
  verify,
  backup,
  restore,
  importData,
  exportData,
] as const

const program = Command.make("account-bot").pipe(
  Command.withDescription("Hands items out of Google Sheets to people in Telegram"),
)

program.pipe(
  Command.withSubcommands([...commands, completionsOf(Command.withSubcommands(program, commands))]),
  Command.run({ version }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ teardown }),
)
