/** Pasted proxies, killed at some of the port calls; seeded runs are killed at any. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { pastes } from "./pasteStory.ts"
import { failures, run } from "./Run.ts"

const turning = new Set(["deleteMessage", "write DocumentPut", "write PoolEvents"])

describe("proxies pasted in several forms, as sessions, with a new password, and cut in two", () => {
  it.effect(
    "are all there in the end, without a kill and killed where a paste is dealt with",
    () =>
      Effect.gen(function* () {
        const { problems, calls } = yield* run(pastes, [])
        assert.deepStrictEqual(problems, [])
        const chosen = calls.flatMap((name, index) => (turning.has(name) ? [index + 1] : []))
        assert.isAbove(chosen.length, 20)
        const plans = chosen
          .filter((_, index) => index % 9 === 0)
          .map((at, index) => [{ at, moment: index % 2 === 0 ? "before" : "after" } as const])
        assert.deepStrictEqual(yield* failures(pastes, plans), [])
      }),
    600_000,
  )
})
