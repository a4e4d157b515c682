/** `node src/main.ts health`: whether the bot that works with DATA_DIR is alive; see Heartbeat.ts. */
import { Console, Duration, Effect, Option, Runtime, Schema } from "effect"
import { Command } from "effect/cli"
import { heartbeatFresh } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { heartbeatAge } from "../scheduler/Timers.ts"
import { plainly } from "./run.ts"

/** Told already: the runtime only has to set the exit code; Docker knows no other than 1. */
export class Unhealthy extends Schema.TaggedError<Unhealthy>()("Unhealthy", {}) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

export const examine = Effect.gen(function* () {
  const { dataDir } = yield* Settings
  const age = yield* heartbeatAge
  if (Option.isNone(age)) {
    yield* Console.error(`There is no sign of life in ${dataDir}: the bot does not run there.`)
    return yield* new Unhealthy()
  }
  const seconds = Math.round(age.value / 1000)
  // One from the future was written before the clock was set back.
  if (Math.abs(age.value) > Duration.toMillis(heartbeatFresh)) {
    yield* Console.error(`The last sign of life is ${seconds} seconds old: the bot does not run.`)
    return yield* new Unhealthy()
  }
  yield* Console.log(`The bot runs: its last sign of life is ${seconds} seconds old.`)
})

export const health = Command.make("health", {}, () =>
  Effect.gen(function* () {
    const settings = yield* Effect.provide(Settings, Settings.layer).pipe(plainly)
    yield* Effect.provideService(examine, Settings, settings)
  }),
).pipe(Command.withDescription("Tell whether the bot is alive, from outside"))
