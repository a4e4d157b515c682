import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { closingWithin } from "../../src/cluster/engine.ts"

class Thing extends Context.Service<Thing, { readonly name: string }>()(
  "account-bot/test/cluster/engine.test/Thing",
) {}

const thing = (atEnd: Effect.Effect<void>) =>
  Layer.effect(
    Thing,
    Effect.acquireRelease(Effect.succeed({ name: "it" }), () => atEnd),
  ).pipe(closingWithin(Duration.seconds(3)))

/** Runs until it is interrupted, as a program does that is told to stop. */
const running = (atEnd: Effect.Effect<void>) =>
  Effect.forkChild(
    Effect.andThen(
      Effect.map(Thing, ({ name }) => assert.strictEqual(name, "it")),
      Effect.never,
    ).pipe(Effect.provide(thing(atEnd))),
    { startImmediately: true },
  )

describe("a layer that may close for so long", () => {
  it.effect("is closed before whoever stops goes on", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const atEnd = Effect.delay(
        Effect.sync(() => void events.push("closed")),
        "1 second",
      )
      const stopping = yield* Effect.forkChild(Fiber.interrupt(yield* running(atEnd)))
      yield* TestClock.adjust("999 millis")
      assert.isUndefined(stopping.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(events, ["closed"])
    }),
  )

  it.effect("keeps nobody for longer where it does not close", () =>
    Effect.gen(function* () {
      const stopping = yield* Effect.forkChild(Fiber.interrupt(yield* running(Effect.never)))
      yield* TestClock.adjust("2999 millis")
      assert.isUndefined(stopping.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(stopping)
    }),
  )
})
