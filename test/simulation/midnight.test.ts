/**
 * An evening with mail, numbers and proxies, killed at some of its port calls.
 *
 * At every one it would take minutes: of what changes a sheet or the pools each fourth is chosen,
 * of the rest each fortieth; seeded runs are killed at any.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { lateEvening } from "./midnightStory.ts"
import { failures, run } from "./Run.ts"

const changes = new Set(["batchUpdate", "write IntentSettled", "write PoolEvents", "deleteMessage"])

/** Numbers of the calls to be killed at; `turn` chooses others of them. */
const chosen = (calls: ReadonlyArray<string>, turn: number): ReadonlyArray<number> => {
  const counts = { changes: turn, others: turn }
  return calls.flatMap((name, index) => {
    const [kind, every] = changes.has(name) ? (["changes", 4] as const) : (["others", 40] as const)
    counts[kind] += 1
    return counts[kind] % every === 0 ? [index + 1] : []
  })
}

describe("mail, numbers, proxies, midnight", () => {
  it.effect("goes through without a kill", () =>
    Effect.gen(function* () {
      const { problems, calls } = yield* run(lateEvening, [])
      assert.deepStrictEqual(problems, [])
      assert.isAbove(calls.length, 300)
    }),
  )

  for (const [moment, turn] of [
    ["before", 0],
    ["after", 2],
  ] as const) {
    it.effect(
      `killed ${moment} some port calls took effect, and started again`,
      () =>
        Effect.gen(function* () {
          const { calls } = yield* run(lateEvening, [])
          const plans = chosen(calls, turn).map((at) => [{ at, moment }])
          assert.isAbove(plans.length, 30)
          assert.deepStrictEqual(yield* failures(lateEvening, plans), [])
        }),
      600_000,
    )
  }
})
