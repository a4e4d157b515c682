import { createServer, type Server } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Console, Effect, Exit, Layer } from "effect"
import { TestClock } from "effect/testing"
import { checkAnswer, checkHeartbeat } from "../../src/cli/healthcheck.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { beat } from "../../src/observe/heartbeat.ts"
import * as MemoryFiles from "../simulation/memoryFiles.ts"

/** Keeps in `lines` what is printed. */
const told = <A, E, R>(self: Effect.Effect<A, E, R>, lines: Array<string>) => {
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  return Effect.provideService(self, Console.Console, {
    ...globalThis.console,
    log: tell,
    error: tell,
  })
}

const listening = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })

const examined = Effect.gen(function* () {
  const lines: Array<string> = []
  const exit = yield* Effect.exit(told(checkHeartbeat, lines))
  return [Exit.isSuccess(exit), ...lines]
})

const world = () =>
  Layer.mergeAll(
    Vitals.layer,
    MemoryFiles.layer(new Map()),
    Settings.layerTest({ dataDir: "data" }),
  )

describe("health", () => {
  it.effect("says whether the last sign of life is fresh", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* examined, [
        false,
        "There is no sign of life in data: the bot does not run there.",
      ])
      yield* beat
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* examined, [
        true,
        "The bot runs: its last sign of life is 120 seconds old.",
      ])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* examined, [
        false,
        "The last sign of life is 121 seconds old: the bot does not run.",
      ])
    }).pipe(Effect.provide(world())),
  )

  it.effect("believes no sign of life out of the future", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 9))
      yield* beat
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 8))
      assert.isFalse((yield* examined)[0])
      yield* beat
      assert.isTrue((yield* examined)[0])
    }).pipe(Effect.provide(world())),
  )

  it.live("asks a bot that listens, and takes a refusal or silence for no", () =>
    Effect.gen(function* () {
      const answers = { 200: true, 503: false } as const
      for (const [status, isAlive] of Object.entries(answers)) {
        const server = createServer((_, response) =>
          response.writeHead(Number(status)).end("alive"),
        )
        const port = yield* Effect.promise(() => listening(server))
        const lines: Array<string> = []
        const exit = yield* Effect.exit(told(checkAnswer(port), lines))
        server.close()
        server.closeAllConnections()
        assert.strictEqual(Exit.isSuccess(exit), isAlive, status)
        assert.include(lines.join(), isAlive ? "The bot runs" : `HTTP_PORT ${port}`)
        assert.isTrue(Exit.isFailure(yield* Effect.exit(told(checkAnswer(port), lines))))
      }
    }),
  )
})
