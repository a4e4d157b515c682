/** Killed in every state that the outside goes through in the main job, and once more while it recovers from that. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accounts } from "./accountsStory.ts"
import type { Kill } from "./Fuse.ts"
import { distinctKills, failures } from "./Run.ts"

/** The start and what it takes up again is over within so many calls. */
const recoveryCalls = 24

/** For each first kill the second one is at another call, so that together they are everywhere. */
const plansFor = (kills: ReadonlyArray<Kill>): ReadonlyArray<ReadonlyArray<Kill>> =>
  kills.map((kill, index) => [
    kill,
    { at: 1 + ((index * 7) % recoveryCalls), moment: index % 4 < 2 ? "after" : "before" },
  ])

describe("claim, issue, deliver, confirm, flush", () => {
  it.effect(
    "killed, and killed again during the recovery",
    () =>
      Effect.gen(function* () {
        const plans = plansFor(yield* distinctKills(accounts))
        assert.deepStrictEqual(yield* failures(accounts, plans), [])
      }),
    600_000,
  )
})
