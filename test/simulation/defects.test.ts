/** Deliberately broken variants: a net that catches nothing proves nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { accounts } from "./accountsStory.ts"
import * as DeleteFirst from "./DeleteFirst.ts"
import { lateEvening } from "./midnightStory.ts"
import { failures, run } from "./Run.ts"
import { listedTooEarly, toldTooEarly } from "./wrongReturns.ts"

/** Numbers of the calls that open the journal's record of a return. */
const returnsIn = (calls: ReadonlyArray<string>) =>
  calls.flatMap((name, index) => (name === "write IntentOpened return" ? [index + 1] : []))

describe("planted defects are caught", () => {
  it.effect("rows deleted from the base before the journal has them", () =>
    Effect.gen(function* () {
      const { calls, problems } = yield* run(accounts, [], { claim: DeleteFirst.layer })
      assert.deepStrictEqual(problems, [], "without a kill the defect does not show")
      const claims = calls.flatMap((name, index) => (name === "batchUpdate" ? [index + 1] : []))
      const bad = yield* failures(
        accounts,
        claims.map((at) => [{ at, moment: "after" as const }]),
        { claim: DeleteFirst.layer },
      )
      assert.isNotEmpty(bad)
      assert.match(bad.join("\n"), /is in 0 places/)
    }),
  )

  it.effect("numbers told to be back before they are", () =>
    Effect.gen(function* () {
      const wrong = { returns: toldTooEarly }
      const { calls, problems } = yield* run(lateEvening, [], wrong)
      assert.deepStrictEqual(problems, [], "without a kill the defect does not show")
      const plans = returnsIn(calls).map((at) => [{ at, moment: "before" as const }])
      assert.match((yield* failures(lateEvening, plans, wrong)).join("\n"), /is in 0 places/)
    }),
  )

  it.effect("numbers that a former write brought back, by a list that was read too early", () =>
    Effect.gen(function* () {
      const wrong = { returns: listedTooEarly }
      const { calls, problems } = yield* run(lateEvening, [], wrong)
      assert.deepStrictEqual(problems, [], "without a kill the defect does not show")
      // The write itself comes right after its record.
      const plans = returnsIn(calls).flatMap((at) =>
        (["before", "after"] as const).map((moment) => [{ at: at + 1, moment }]),
      )
      assert.match((yield* failures(lateEvening, plans, wrong)).join("\n"), /is in 2 places/)
    }),
  )
})
