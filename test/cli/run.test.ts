/** What somebody at the terminal reads when the program does not start. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { plainly } from "../../src/cli/run.ts"
import { JournalDamaged } from "../../src/store/Journal.ts"

describe("a start that is refused", () => {
  it.effect("for a damaged journal names the place, and doctor, which finds all of it", () =>
    Effect.gen(function* () {
      const damage = new JournalDamaged({
        table: "journal.db-wal",
        record: "frame 7",
        problem: "a bit in it is not what was written",
      })
      const { sentence } = yield* Effect.flip(plainly(Effect.fail(damage)))
      assert.include(sentence, "frame 7 of table journal.db-wal")
      assert.include(sentence, "npm run doctor")
    }),
  )
})
