/** A short run of the seeded simulation; `npm run simulate` makes a long one. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { runSeed } from "./Seeded.ts"

describe("seeded runs", () => {
  it.effect(
    "kills, losses and people at the sheet: nothing lost, nothing doubled",
    () =>
      Effect.gen(function* () {
        const problems: Array<string> = []
        for (let seed = 1; seed <= 40; seed += 1) problems.push(...(yield* runSeed(String(seed))))
        assert.deepStrictEqual(problems, [])
      }),
    600_000,
  )
})
