/** The emulator behind a real server, for the tests that speak HTTP to it. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { TestClock } from "effect/testing"
import { Api } from "grammy"
import { Calls } from "../../../src/playground/Calls.ts"
import { type Fault, Faults } from "../../../src/playground/Faults.ts"
import { telegramApiRoutes } from "../../../src/playground/TelegramEmulator.ts"
import { Chats } from "../../../src/playground/telegram/Chats.ts"
import { World } from "../../../src/playground/World.ts"

export const token = "7900000001:demo-token"

export const Playground = Layer.mergeAll(
  NodeHttpServer.layerTest,
  Calls.layer,
  Faults.layer,
  Layer.provide(Chats.layer, World.layerMemory),
)

const Tcp = Schema.Struct({ port: Schema.Int })

/** Where the server listens. */
export const root = Effect.gen(function* () {
  const { address } = yield* HttpServer.HttpServer
  const { port } = yield* Schema.decodeUnknownEffect(Tcp)(address)
  return `http://127.0.0.1:${port}`
})

/** A server on a free port, and grammY's own client for it. */
export const harness = Effect.gen(function* () {
  const routes = telegramApiRoutes(token)
  yield* Layer.build(HttpRouter.serve(routes, { disableListenLog: true, disableLogger: true }))
  const apiRoot = yield* root
  const chats = yield* Chats
  yield* chats.addUser({ id: 42, firstName: "Анна" })
  yield* chats.say(42, "/start")
  yield* chats.getUpdates({ offset: 1_000_000_000 })
  return { api: new Api(token, { apiRoot }), apiRoot, chats }
})

export const plant = (fault: Omit<Fault, "api" | "times">) =>
  Effect.flatMap(Faults, (faults) => faults.add({ api: "telegram", times: 1, ...fault }))

/** What the client complained of; `undefined` when it did not. */
export const failure = (promise: () => Promise<unknown>) =>
  Effect.promise(() =>
    promise().then(
      () => undefined,
      (error: unknown) => error,
    ),
  )

/** The beginning of a PNG, as far as its size: 3 by 2 pixels. */
export const png = Uint8Array.from(
  Buffer.from("89504e470d0a1a0a0000000d494844520000000300000002", "hex"),
)

/** Lets what happens outside of the test clock happen until the condition holds. */
export const until = <E, R>(condition: Effect.Effect<boolean, E, R>) =>
  Effect.gen(function* () {
    while (!(yield* condition)) yield* TestClock.withLive(Effect.sleep("1 millis"))
  })
