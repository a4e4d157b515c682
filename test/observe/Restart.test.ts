import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer } from "effect"
import { Restart, withRestarts } from "../../src/observe/Restart.ts"

class Opened extends Context.Service<Opened, { readonly number: number }>()(
  "account-bot/test/observe/Restart.test/Opened",
) {}

/** A program that opens something, says so, and asks for a restart where it was told to. */
const makeProgram = Effect.fnUntraced(function* (runs: number) {
  const said: Array<string> = []
  let number = 0
  const layer = Layer.effect(
    Opened,
    Effect.acquireRelease(
      Effect.sync(() => {
        number += 1
        said.push(`open ${number}`)
        return { number }
      }),
      (opened) =>
        Effect.andThen(
          Effect.yieldNow,
          Effect.sync(() => void said.push(`closed ${opened.number}`)),
        ),
    ),
  )
  const last = yield* Deferred.make<string, "refused">()
  const program = Effect.gen(function* () {
    const opened = yield* Opened
    if (opened.number < runs) yield* (yield* Restart).ask
    else said.push("runs")
    return yield* Deferred.await(last)
  }).pipe(Effect.provide(layer, { local: true }))
  return { said, last, program }
})

describe("A program that asks for a restart", () => {
  it.effect("starts anew once it has closed all that it had opened", () =>
    Effect.gen(function* () {
      const { said, last, program } = yield* makeProgram(3)
      const running = yield* Effect.forkChild(withRestarts(program))
      while (!said.includes("runs")) yield* Effect.yieldNow
      const expected = ["open 1", "closed 1", "open 2", "closed 2", "open 3", "runs"]
      assert.deepStrictEqual(said, expected)
      yield* Deferred.succeed(last, "ended")
      assert.strictEqual(yield* Fiber.join(running), "ended")
    }),
  )

  it.effect("ends for good where it fails, or where it is interrupted", () =>
    Effect.gen(function* () {
      const failing = yield* makeProgram(1)
      yield* Deferred.fail(failing.last, "refused")
      const failed = yield* Effect.flip(withRestarts(failing.program))
      assert.strictEqual(failed, "refused")
      const stopped = yield* makeProgram(1)
      const running = yield* Effect.forkChild(withRestarts(stopped.program))
      while (!stopped.said.includes("runs")) yield* Effect.yieldNow
      yield* Fiber.interrupt(running)
      assert.deepStrictEqual(stopped.said, ["open 1", "runs", "closed 1"])
    }),
  )
})
