import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { HttpClient, HttpClientError, HttpRouter, HttpServerRequest } from "effect/http"
import { Calls } from "../../src/playground/Calls.ts"
import { exchange } from "../../src/playground/Exchange.ts"
import { type Fault, Faults } from "../../src/playground/Faults.ts"

const refusal = (fault: Fault) => ({ status: fault.status ?? 503, body: {}, error: "refused" })

/** A route that counts how often it was applied, behind a real server on a free port. */
const harness = Effect.gen(function* () {
  const applied = yield* Ref.make(0)
  const landed = yield* Deferred.make<void>()
  const apply = Ref.updateAndGet(applied, (n) => n + 1).pipe(
    Effect.tap(Deferred.succeed(landed, undefined)),
    Effect.map((n) => ({ status: 200, body: { n } })),
  )
  const route = HttpRouter.add(
    "GET",
    "/call",
    exchange({ api: "sheets", method: "probe", params: {} }, apply, refusal),
  )
  yield* Layer.build(HttpRouter.serve(route, { disableListenLog: true, disableLogger: true }))
  return { applied: Ref.get(applied), landed: Deferred.await(landed) }
})

const plant = (kind: Fault["kind"], more: Partial<Fault> = {}) =>
  Effect.flatMap(Faults, (faults) => faults.add({ api: "sheets", times: 1, kind, ...more }))

const call = Effect.flatMap(HttpClient.HttpClient, (client) => client.get("/call"))
const lastCall = Effect.flatMap(Calls, (calls) => Effect.map(calls.since(0), (log) => log.at(-1)))

const Playground = Layer.mergeAll(NodeHttpServer.layerTest, Calls.layer, Faults.layer)

describe("exchange", () => {
  it.effect("answers and notes the call", () =>
    Effect.gen(function* () {
      yield* harness
      const response = yield* call
      assert.deepStrictEqual(yield* response.json, { n: 1 })
      assert.deepInclude(yield* lastCall, { n: 1, method: "probe", status: 200 })
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("refuses with the planted status, once, and applies nothing", () =>
    Effect.gen(function* () {
      const { applied } = yield* harness
      yield* plant("status", { status: 429 })
      assert.strictEqual((yield* call).status, 429)
      assert.strictEqual(yield* applied, 0)
      assert.deepInclude(yield* lastCall, { status: 429, error: "refused", fault: "status" })
      assert.strictEqual((yield* call).status, 200)
    }).pipe(Effect.provide(Playground)),
  )

  for (const [kind, count] of [
    ["dropBefore", 0],
    ["dropAfter", 1],
  ] as const) {
    it.effect(`${kind}: the connection breaks and the call was applied ${count} times`, () =>
      Effect.gen(function* () {
        const { applied } = yield* harness
        yield* plant(kind)
        const error = yield* Effect.flip(call)
        assert.isTrue(HttpClientError.isHttpClientError(error))
        assert.propertyVal(error.reason, "_tag", "TransportError")
        assert.strictEqual(yield* applied, count)
        assert.deepInclude(yield* lastCall, { fault: kind })
        assert.isUndefined((yield* lastCall)?.status)
      }).pipe(Effect.provide(Playground)),
    )
  }

  it.effect("lateApply: breaks at once, applies after the delay on the playground's clock", () =>
    Effect.gen(function* () {
      const { applied, landed } = yield* harness
      yield* plant("lateApply", { delayMs: 5_000 })
      yield* Effect.flip(call)
      yield* TestClock.adjust("4999 millis")
      assert.strictEqual(yield* applied, 0)
      yield* TestClock.adjust("1 millis")
      yield* landed
      assert.strictEqual(yield* applied, 1)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("hang: no answer until the delay is over, then the connection breaks", () =>
    Effect.gen(function* () {
      const { applied } = yield* harness
      yield* plant("hang", { delayMs: 30_000 })
      const pending = yield* Effect.forkChild(Effect.flip(call), { startImmediately: true })
      // The request travels over a real socket: the clock moves once it has arrived.
      while ((yield* lastCall)?.fault !== "hang") yield* Effect.yieldNow
      assert.isUndefined(pending.pollUnsafe())
      yield* TestClock.adjust("30 seconds")
      assert.isTrue(HttpClientError.isHttpClientError(yield* Fiber.join(pending)))
      assert.strictEqual(yield* applied, 0)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("a client that goes away does not interrupt what is being applied", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const applied = yield* Deferred.make<void>()
      const clientGone = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
        Effect.callback<void>((resume) => {
          const response = NodeHttpServerRequest.toServerResponse(request)
          response.once("close", () => resume(Effect.void))
        }),
      )
      const apply = Deferred.succeed(started, undefined).pipe(
        Effect.andThen(clientGone),
        // The server learns of it in the same turn: this is where it would interrupt.
        Effect.andThen(Effect.yieldNow),
        Effect.andThen(Deferred.succeed(applied, undefined)),
        Effect.as({ status: 200, body: {} }),
      )
      const handler = exchange({ api: "sheets", method: "probe", params: {} }, apply, refusal)
      const route = HttpRouter.add("GET", "/call", handler)
      yield* Layer.build(HttpRouter.serve(route, { disableListenLog: true, disableLogger: true }))
      const pending = yield* Effect.forkChild(call, { startImmediately: true })
      yield* Deferred.await(started)
      yield* Fiber.interrupt(pending)
      yield* Deferred.await(applied)
    }).pipe(Effect.provide(Playground)),
  )
})
