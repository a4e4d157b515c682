/**
 * `node src/main.ts health`: whether the bot that works with DATA_DIR is alive, by the age of the
 * heartbeat that it leaves there.
 */
import { Console, Duration, Effect, Option, Runtime, Schema } from "effect"
import { Command } from "effect/cli"
import { heartbeatFresh } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { heartbeatAge } from "../observe/heartbeat.ts"
import { plainly } from "./plainly.ts"

/**
 * The command has already printed what is wrong, so the runtime only sets the exit code. Docker
 * knows no other code than 1.
 */
class Unhealthy extends Schema.TaggedError<Unhealthy>()("Unhealthy", {}) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

export const checkHeartbeat = Effect.gen(function* () {
  const { dataDir } = yield* Settings
  const age = yield* heartbeatAge
  if (Option.isNone(age)) {
    yield* Console.error(`There is no sign of life in ${dataDir}: the bot does not run there.`)
    return yield* new Unhealthy()
  }
  const seconds = Math.round(age.value / 1000)
  // An age below zero comes from a clock that was set back after the beat.
  if (Math.abs(age.value) > Duration.toMillis(heartbeatFresh)) {
    yield* Console.error(`The last sign of life is ${seconds} seconds old: the bot does not run.`)
    return yield* new Unhealthy()
  }
  yield* Console.log(`The bot runs: its last sign of life is ${seconds} seconds old.`)
})

export const health = Command.make("health", {}, () =>
  Effect.gen(function* () {
    const settings = yield* Effect.provide(Settings, Settings.layer).pipe(plainly)
    yield* Effect.provideService(checkHeartbeat, Settings, settings)
  }),
).pipe(Command.withDescription("Tell whether the bot is alive, from outside"))
