/** What a person at the terminal reads when the bot does not start. */
import * as Fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { plainly } from "../../src/cli/plainly.ts"
import {
  DirectoryInUse,
  Disowned,
  JournalDamaged,
  StorageUnavailable,
} from "../../src/store/Journal.ts"

describe("a start that is refused", () => {
  it.effect("for a damaged record says which command names them all", () =>
    Effect.gen(function* () {
      const damaged = new JournalDamaged({ table: "event", record: "7", problem: "its checksum" })
      const { message } = yield* Effect.flip(plainly(Effect.fail(damaged)))
      assert.include(message, "The bot did not start: the journal is damaged at record 7")
      assert.include(message, "Nothing was changed. Run npm run doctor")
    }),
  )

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

  it.effect("for a Postgres that cannot be used says what helps", () =>
    Effect.gen(function* () {
      const place = "the database (ConnectionError ECONNREFUSED)"
      const refused = new StorageUnavailable({ operation: "open", place, cause: "no" })
      const { sentence } = yield* Effect.flip(plainly(Effect.fail(refused)))
      assert.include(sentence, "cannot use the Postgres of DATABASE_URL")
      assert.include(sentence, "npm run doctor")
    }),
  )

  it.effect("for another process that has the bot ends with a code of its own", () =>
    Effect.gen(function* () {
      const lost = yield* Effect.flip(plainly(Effect.fail(new Disowned({ bot: "a", epoch: 2 }))))
      assert.strictEqual(lost.exitCode, 4)
      assert.include(lost.sentence, 'The bot stopped: the bot "a" belongs to another process now')
      const unit = Fs.readFileSync("deploy/account-bot.service", "utf8")
      assert.include(unit, `RestartPreventExitStatus=${lost.exitCode}\n`)
    }),
  )

  it.effect("for another reason names no command that would not help", () =>
    Effect.gen(function* () {
      const taken = new DirectoryInUse({ directory: "data" })
      const { message } = yield* Effect.flip(plainly(Effect.fail(taken)))
      assert.notInclude(message, "doctor")
    }),
  )
})
