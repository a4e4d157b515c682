import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { TestClock } from "effect/testing"
import { textUpdate } from "./FakeUpdates.ts"
import { makeWorld } from "./World.ts"

describe("lanes under the intake", () => {
  it.effect("one at a time and in order for each person, people in parallel", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("a1", Deferred.await(gate))
      const { intake } = yield* start
      telegram.push(
        textUpdate(1, 42, "a1"),
        textUpdate(2, 42, "a2"),
        textUpdate(3, 43, "b1"),
        textUpdate(4, 43, "b2"),
      )
      yield* telegram.held
      telegram.push(textUpdate(5, 42, "a3"), textUpdate(6, 44, "c1"))
      yield* telegram.held
      while (!seen.includes("c1") || !seen.includes("b2")) yield* Effect.yieldNow
      assert.deepStrictEqual(seen, ["a1", "b1", "b2", "c1"])
      yield* Deferred.succeed(gate, undefined)
      yield* intake.drain
      assert.deepStrictEqual(seen, ["a1", "b1", "b2", "c1", "a2", "a3"])
    }),
  )

  it.effect("an update that ends while the journal is read is not handled again", () =>
    Effect.gen(function* () {
      const { telegram, seen, acts, hooks, unhandled, start } = makeWorld()
      const gate = yield* Deferred.make<void>()
      acts.set("a", Deferred.await(gate))
      const { quiet } = yield* start
      telegram.push(textUpdate(1, 42, "a"))
      yield* telegram.held
      hooks.afterReading = Effect.gen(function* () {
        yield* Deferred.succeed(gate, undefined)
        while ((yield* unhandled).includes(1)) yield* Effect.yieldNow
        yield* Effect.yieldNow
      }).pipe(Effect.orDie)
      telegram.push(textUpdate(2, 43, "b"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a", "b"])
    }),
  )

  it.effect("a handler that crashes costs its update only, and its words are not logged", () =>
    Effect.gen(function* () {
      const { telegram, seen, lines, acts, unhandled, start } = makeWorld()
      acts.set("a", Effect.die(new TypeError("password-of-the-item")))
      const { quiet } = yield* start
      telegram.push(textUpdate(1, 42, "a"), textUpdate(2, 42, "b"))
      yield* quiet
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
      const line = lines.find((text) => /handler crashed/.test(text)) ?? ""
      assert.match(line, /TypeError\n +at /)
      assert.notInclude(lines.join("\n"), "password-of-the-item")
    }),
  )

  it.effect("a handled update is noted as soon as the disk allows, and not handled again", () =>
    Effect.gen(function* () {
      const { telegram, disk, seen, acts, unhandled, start } = makeWorld()
      acts.set(
        "a",
        Effect.sync(() => {
          disk.failing = true
        }),
      )
      const { intake } = yield* start
      telegram.push(textUpdate(1, 42, "a"), textUpdate(2, 42, "b"))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(seen, ["a"])
      assert.deepStrictEqual(yield* unhandled, [1, 2])
      disk.failing = false
      yield* TestClock.adjust("15 seconds")
      yield* intake.drain
      assert.deepStrictEqual(seen, ["a", "b"])
      assert.deepStrictEqual(yield* unhandled, [])
    }),
  )

  it.effect("a slow handler is remarked on once, and runs on", () =>
    Effect.gen(function* () {
      const { telegram, lines, acts, unhandled, start } = makeWorld()
      acts.set("a", Effect.sleep("5 minutes"))
      const { intake } = yield* start
      telegram.push(textUpdate(1, 42, "a"))
      yield* telegram.held
      yield* TestClock.adjust("4 minutes")
      assert.deepStrictEqual(yield* unhandled, [1])
      yield* TestClock.adjust("1 minute")
      yield* intake.drain
      assert.deepStrictEqual(yield* unhandled, [])
      assert.strictEqual(lines.filter((line) => /slow/.test(line)).length, 1)
    }),
  )
})
