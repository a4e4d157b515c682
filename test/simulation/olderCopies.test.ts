/**
 * Copies of random age under load: the bot goes on for a while after a copy was made, then its disk
 * is lost and another bot starts on the copy. Nothing may be given twice, nothing may be lost.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { OpenParts } from "../../src/cli/program.ts"
import { runCopies } from "./olderCopies.ts"

/** `npm run simulate -- --copies 200` plays more of them. */
const runs = 30

const failures = Effect.fnUntraced(function* (
  count: number,
  isMarked: boolean,
  planted: OpenParts = {},
) {
  const problems: Array<string> = []
  for (let seed = 1; seed <= count; seed += 1) {
    problems.push(...(yield* runCopies(`copy ${seed}`, isMarked, planted)).problems)
  }
  return problems
})

describe("a start on an older copy", () => {
  it.effect(
    "gives nothing twice and loses nothing, over backups of random age",
    () => Effect.map(failures(runs, true), (problems) => assert.deepStrictEqual(problems, [])),
    600_000,
  )

  it.effect(
    "nor over copies of another kind, of which only the guards in the sheet tell",
    () => Effect.map(failures(10, false), (problems) => assert.deepStrictEqual(problems, [])),
    600_000,
  )

  it.effect(
    "would give items twice if it did not catch up",
    () =>
      Effect.gen(function* () {
        const problems = yield* failures(5, false, { catchUp: Layer.empty })
        assert.isTrue(
          problems.some((problem) => problem.includes("was given twice")),
          problems.join("\n"),
        )
      }),
    600_000,
  )
})
