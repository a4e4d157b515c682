/** Deliberately broken variants: a net that catches nothing proves nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as DeleteFirst from "./DeleteFirst.ts"
import { failures, run } from "./Run.ts"

describe("planted defects are caught", () => {
  it.effect("rows deleted from the base before the journal has them", () =>
    Effect.gen(function* () {
      const { calls, problems } = yield* run([], DeleteFirst.layer)
      assert.deepStrictEqual(problems, [], "without a kill the defect does not show")
      const claims = calls.flatMap((name, index) => (name === "batchUpdate" ? [index + 1] : []))
      const bad = yield* failures(
        claims.map((at) => [{ at, moment: "after" as const }]),
        DeleteFirst.layer,
      )
      assert.isNotEmpty(bad)
      assert.match(bad.join("\n"), /is in 0 places/)
    }),
  )
})
