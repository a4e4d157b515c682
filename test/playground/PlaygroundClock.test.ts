import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Layer, Option, Ref, Scope } from "effect"
import { HttpClient, HttpRouter, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { PlaygroundClock } from "../../src/playground/PlaygroundClock.ts"
import { World } from "../../src/playground/World.ts"

const advance = (duration: Duration.Input, settle?: Effect.Effect<void>) =>
  Effect.flatMap(PlaygroundClock, (clock) =>
    clock.advance(Duration.fromInputUnsafe(duration), settle),
  )

const realTime = TestClock.withLive(Clock.currentTimeMillis)

const Demo = PlaygroundClock.layer.pipe(Layer.provideMerge(World.layerMemory))
const live = <A, E>(effect: Effect.Effect<A, E, PlaygroundClock | World | Scope.Scope>) =>
  Effect.provide(effect, Demo)

describe("PlaygroundClock", () => {
  it.live("shows the real time and follows it", () =>
    live(
      Effect.gen(function* () {
        const real = yield* realTime
        assert.approximately(yield* Clock.currentTimeMillis, real, 1_000)
        yield* Effect.sleep("200 millis")
        const passed = (yield* realTime) - real
        assert.isAtLeast(passed, 150)
        assert.isBelow(passed, 5_000)
      }),
    ),
  )

  it.live("a jump wakes sleepers at their time, in order, with everything they start", () =>
    live(
      Effect.gen(function* () {
        const start = yield* Clock.currentTimeMillis
        const woken = yield* Ref.make<ReadonlyArray<string>>([])
        const wake = (name: string, after: Duration.Input) =>
          Effect.gen(function* () {
            yield* Effect.sleep(after)
            const at = Math.round(((yield* Clock.currentTimeMillis) - start) / 1_000)
            yield* Ref.update(woken, (names) => [...names, `${name} ${at}`])
          })
        const sleepers = yield* Effect.forEach(
          [
            wake("late", "9 minutes"),
            wake("early", "1 minute").pipe(Effect.andThen(wake("second", "2 minutes"))),
            wake("tomorrow", "1 day"),
          ],
          (sleeper) => Effect.forkChild(sleeper),
        )
        yield* Effect.yieldNow
        yield* advance("10 minutes")
        assert.deepStrictEqual(yield* Ref.get(woken), ["early 60", "second 180", "late 540"])
        yield* Fiber.interruptAll(sleepers)
      }),
    ),
  )

  it.live("periodic work over HTTP runs as often as it would, and soon", () =>
    live(
      Effect.gen(function* () {
        const served = yield* Ref.make(0)
        const client = yield* HttpClient.HttpClient
        const route = HttpRouter.add(
          "GET",
          "/",
          Effect.as(
            Ref.update(served, (n) => n + 1),
            HttpServerResponse.empty(),
          ),
        )
        yield* Layer.build(HttpRouter.serve(route, { disableListenLog: true, disableLogger: true }))
        const failed = yield* Ref.make(0)
        const request = client.get("/").pipe(Effect.timeout("20 seconds"))
        yield* Effect.sleep("30 seconds").pipe(
          Effect.andThen(Effect.andThen(request, request)),
          Effect.catch(() => Ref.update(failed, (n) => n + 1)),
          Effect.forever,
          Effect.forkScoped,
        )
        const before = yield* realTime
        yield* advance("11 minutes", Effect.sleep("3 millis"))
        const took = (yield* realTime) - before
        assert.strictEqual(yield* Ref.get(failed), 0)
        assert.approximately(yield* Ref.get(served), 44, 4)
        assert.isBelow(took, 10_000)
      }).pipe(Effect.provide(NodeHttpServer.layerTest)),
    ),
  )

  it.live("concurrent moves follow each other", () =>
    live(
      Effect.gen(function* () {
        const order = yield* Ref.make<ReadonlyArray<string>>([])
        const note = (name: string) => Ref.update(order, (names) => [...names, name])
        const start = yield* Clock.currentTimeMillis
        yield* Effect.all([advance("3 seconds", note("a")), advance("3 seconds", note("b"))], {
          concurrency: "unbounded",
        })
        assert.deepStrictEqual(yield* Ref.get(order), ["a", "a", "a", "b", "b", "b"])
        assert.isAtLeast((yield* Clock.currentTimeMillis) - start, 6_000)
      }),
    ),
  )

  it.live("after a kill in the middle of a move the clock starts at its end", () =>
    Effect.gen(function* () {
      const world = yield* World
      const scope = yield* Scope.make()
      const first = yield* Layer.buildWithScope(PlaygroundClock.layer, scope)
      const reached = yield* Effect.gen(function* () {
        const moving = yield* Effect.forkChild(advance("2 hours", Effect.never))
        while (Option.isNone(yield* world.load("clock"))) yield* Effect.yieldNow
        yield* Fiber.interrupt(moving)
        return yield* Clock.currentTimeMillis
      }).pipe(Effect.provide(first))
      yield* Scope.close(scope, Exit.void)
      const again = yield* Clock.currentTimeMillis.pipe(
        Effect.provide(Layer.fresh(PlaygroundClock.layer)),
      )
      assert.isAtLeast(again, reached)
      assert.approximately(again - (yield* Clock.currentTimeMillis), 2 * 60 * 60_000, 5_000)
    }).pipe(Effect.provide(World.layerMemory)),
  )
})
