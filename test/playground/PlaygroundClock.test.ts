import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Layer, Option, Ref, Scope } from "effect"
import { HttpClient, HttpRouter, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { PlaygroundClock } from "../../src/playground/PlaygroundClock.ts"
import { World } from "../../src/playground/World.ts"

const advance = (duration: Duration.Input, settle?: Effect.Effect<void>, changes = true) =>
  Effect.flatMap(PlaygroundClock, (clock) =>
    clock.advance(Duration.fromInputUnsafe(duration), settle && Effect.as(settle, changes)),
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

  it.live(
    "leaps over hours in which nothing changes, and wakes sleepers in order all the same",
    () =>
      live(
        Effect.gen(function* () {
          const minute = 60_000
          const begin = 30 * 60 * minute - ((yield* Clock.currentTimeMillis) % (24 * 60 * minute))
          // It begins at six in the morning, so that the times of the leaps are known.
          yield* advance(Duration.millis(begin), Effect.void, false)
          const start = yield* Clock.currentTimeMillis
          const woken: Array<readonly [string, number]> = []
          const wake = (name: string, after: number) =>
            Effect.gen(function* () {
              yield* Effect.sleep(after * minute)
              woken.push([name, (yield* Clock.currentTimeMillis) - start])
            })
          let rounds = 0
          const often = Effect.andThen(
            Effect.sleep("15 seconds"),
            Effect.sync(() => void (rounds += 1)),
          )
          yield* Effect.forkScoped(Effect.forever(often))
          // The first link of each chain ends when the leaps have begun.
          const late = (name: string, after: number) =>
            wake("link", 60).pipe(Effect.andThen(wake(name, after)))
          yield* Effect.forkScoped(late("later", 67))
          yield* Effect.forkScoped(late("sooner", 64))
          yield* Effect.forkScoped(late("on the hour", 120))
          yield* Effect.yieldNow
          yield* advance("1 day", Effect.void, false)
          const links = woken.filter(([name]) => name !== "link")
          assert.deepStrictEqual(
            links.map(([name]) => name),
            ["sooner", "later", "on the hour"],
          )
          for (const [index, due] of [124, 127, 180].entries()) {
            const at = links[index]?.[1] ?? Number.NaN
            assert.isAtLeast(at, due * minute)
            assert.isAtMost(at, Math.ceil((due + 1) / 10) * 10 * minute + 30_000)
          }
          assert.isBelow(rounds, 600)
          // Nobody sleeps until the end of a leap when the jump is over.
          const before = rounds
          yield* advance("40 seconds")
          assert.isAtLeast(rounds - before, 2)
        }).pipe(Effect.scoped),
      ),
  )

  it.live("leaps from half hour to half hour where nothing is going to end by itself", () =>
    live(
      Effect.gen(function* () {
        const minute = 60_000
        const clock = yield* PlaygroundClock
        const jump = (duration: Duration.Input, isWaiting: boolean) =>
          clock.advance(
            Duration.fromInputUnsafe(duration),
            Effect.succeed(false),
            Effect.succeed(isWaiting),
          )
        // It begins at six in the morning, so that the times of the leaps are known.
        yield* jump(
          30 * 60 * minute - ((yield* Clock.currentTimeMillis) % (24 * 60 * minute)),
          false,
        )
        const rounds: Array<number> = []
        const often = Effect.sleep("15 seconds").pipe(
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((at) => void rounds.push(at)),
        )
        yield* Effect.forkScoped(Effect.forever(often))
        yield* Effect.yieldNow
        const start = yield* Clock.currentTimeMillis
        yield* jump("10 hours", false)
        const late = rounds.filter((at) => at > start + 5 * minute && at < start + 9 * 60 * minute)
        assert.isAtLeast(late.length, 17)
        for (const at of late) assert.isAtMost(at % (30 * minute), 1_000)

        // What begins to wait in a leap goes on step by step.
        let waits = false
        yield* Effect.forkScoped(
          Effect.delay(
            Effect.sync(() => void (waits = true)),
            "3 hours",
          ),
        )
        yield* Effect.yieldNow
        const begun = rounds.length
        yield* clock.advance(
          Duration.hours(4),
          Effect.succeed(false),
          Effect.sync(() => waits),
        )
        assert.isAtLeast(rounds.length - begun, 80)

        // Whoever waits sees the first twenty minutes step by step.
        const before = rounds.length
        yield* jump("2 hours", true)
        assert.isAtLeast(rounds.length - before, 80)
      }).pipe(Effect.scoped),
    ),
  )

  it.live("goes on in small steps while something changes", () =>
    live(
      Effect.gen(function* () {
        let rounds = 0
        const often = Effect.andThen(
          Effect.sleep("15 seconds"),
          Effect.sync(() => void (rounds += 1)),
        )
        yield* Effect.forkScoped(Effect.forever(often))
        yield* Effect.yieldNow
        yield* advance("3 hours", Effect.void)
        assert.isAtLeast(rounds, 719)
      }).pipe(Effect.scoped),
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

  it.live("starts at the time that was saved, also where that is in the past", () =>
    Effect.gen(function* () {
      const world = yield* World
      const week = 7 * 24 * 60 * 60_000
      yield* world.save("clock", { aheadMs: -week })
      const at = yield* Effect.provide(Clock.currentTimeMillis, PlaygroundClock.layer)
      assert.approximately(at, (yield* Clock.currentTimeMillis) - week, 5_000)
    }).pipe(Effect.provide(World.layerMemory)),
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
