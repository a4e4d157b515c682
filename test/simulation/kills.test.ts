/**
 * The main job, killed at every port call that changes something.
 *
 * The number of calls is found by a run without a kill, so the test grows with the program.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accounts } from "./accountsStory.ts"
import { failures, killable, run } from "./Run.ts"

describe("claim, issue, deliver, confirm, flush", () => {
  it.effect("goes through without a kill", () =>
    Effect.gen(function* () {
      const { problems, calls } = yield* run(accounts, [])
      assert.deepStrictEqual(problems, [])
      assert.isAbove(calls.length, 100)
    }),
  )

  it.effect("the same run twice makes the same calls", () =>
    Effect.gen(function* () {
      const kills = [{ at: 40, moment: "after" as const }]
      const [first, second] = [yield* run(accounts, kills), yield* run(accounts, kills)]
      assert.deepStrictEqual(first, second)
    }),
  )

  for (const moment of ["before", "after"] as const) {
    it.effect(
      `killed ${moment} every port call took effect, and started again`,
      () =>
        Effect.gen(function* () {
          const { calls } = yield* run(accounts, [])
          const plans = killable(calls).map((at) => [{ at, moment }])
          assert.isAbove(plans.length, 100)
          assert.deepStrictEqual(yield* failures(accounts, plans), [])
        }),
      600_000,
    )
  }
})
