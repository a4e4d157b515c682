/**
 * The main job, killed in every state that the outside goes through.
 *
 * The states are found by a run without a kill, so the test grows with the program.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accounts } from "./accountsStory.ts"
import { distinctKills, failures, run } from "./Run.ts"

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

  for (const [moment, change, fewest] of [
    ["before", "that people made", 10],
    ["after", "that the program made", 100],
  ] as const) {
    it.effect(
      `killed after every change ${change}, and started again`,
      () =>
        Effect.gen(function* () {
          const kills = (yield* distinctKills(accounts)).filter((kill) => kill.moment === moment)
          assert.isAbove(kills.length, fewest)
          const plans = kills.map((kill) => [kill])
          assert.deepStrictEqual(yield* failures(accounts, plans), [])
        }),
      600_000,
    )
  }
})
