/**
 * `node src/main.ts health`: whether the bot that works with DATA_DIR is alive. Where it listens on
 * HTTP_PORT it is asked; elsewhere the age of the heartbeat that it leaves in DATA_DIR tells.
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

/** A bot that waits for Telegram at its start has no heartbeat yet, and answers all the same. */
export const checkAnswer = Effect.fnUntraced(function* (port: number) {
  const { FetchHttpClient, HttpClient, HttpClientResponse } = yield* loadHttp
  const answer = yield* HttpClient.get(`http://127.0.0.1:${port}/healthz`).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.timeout(answerWithin),
    Effect.option,
    Effect.provide(FetchHttpClient.layer),
  )
  if (Option.isNone(answer)) {
    yield* Console.error(`Nobody answers on HTTP_PORT ${port}: the bot does not run.`)
    return yield* new Unhealthy()
  }
  yield* Console.log(`The bot runs: it answers on HTTP_PORT ${port}.`)
})

/** Every command begins by loading this file, and only this check asks over HTTP. */
const loadHttp = Effect.promise(() => import("effect/http"))

const answerWithin = Duration.seconds(10)

const check = Effect.flatMap(Settings, ({ httpPort }) =>
  Option.match(httpPort, { onNone: () => checkHeartbeat, onSome: checkAnswer }),
)

export const health = Command.make("health", {}, () =>
  Effect.gen(function* () {
    // The settings of a bot may be in a file of BOTS_DIR.
    const settings = yield* Effect.provide(Settings, Settings.layerOf("httpPort", "dataDir")).pipe(
      plainly,
    )
    yield* Effect.provideService(check, Settings, settings)
  }),
).pipe(Command.withDescription("Tell whether the bot is alive, from outside"))
