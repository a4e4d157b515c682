/** Killed at every change that the main job makes, and once more while it recovers from that. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accounts } from "./accountsStory.ts"
import type { Kill } from "./Fuse.ts"
import { failures, killable, run } from "./Run.ts"

/** The start and what it takes up again is over within so many calls. */
const recoveryCalls = 24

/** For each first kill the second one is at another call, so that together they are everywhere. */
const plansFor = (calls: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<Kill>> =>
  killable(calls).map((at, index) => [
    { at, moment: index % 2 === 0 ? "after" : "before" },
    { at: 1 + ((index * 7) % recoveryCalls), moment: index % 4 < 2 ? "after" : "before" },
  ])

describe("claim, issue, deliver, confirm, flush", () => {
  it.effect(
    "killed, and killed again during the recovery",
    () =>
      Effect.gen(function* () {
        const { calls } = yield* run(accounts, [])
        assert.deepStrictEqual(yield* failures(accounts, plansFor(calls)), [])
      }),
    600_000,
  )
})
