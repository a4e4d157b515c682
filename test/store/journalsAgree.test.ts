import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { Journal } from "../../src/store/Journal.ts"
import { everythingIn, Script, writeOf } from "./journalScript.ts"
import { MemoryJournal } from "./MemoryJournal.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"
import { journalIn, keyOf, makeDirectory, packingIn, withKeys } from "./sqliteFixtures.ts"

describe("The journals", () => {
  const postgres = usePostgres()
  let bots = 0

  it.effect.prop(
    "agree on every sequence of writes",
    { script: Script },
    ({ script }) =>
      Effect.gen(function* () {
        const run = Effect.gen(function* () {
          const journal = yield* Journal
          const outcomes = yield* Effect.forEach(script, (steps) =>
            Effect.exit(journal.write(steps.map(writeOf))),
          )
          yield* journal.prune(3)
          return [outcomes.map(Exit.isSuccess), yield* everythingIn(journal)]
        })
        const inMemory = yield* Effect.provide(run, MemoryJournal.layer(MemoryJournal.makeDisk()))
        const onDisk = yield* Effect.provide(run, journalIn(yield* makeDirectory))
        assert.deepStrictEqual(onDisk, inMemory)
        const whenPacked = yield* Effect.provide(run, packingIn(yield* makeDirectory))
        assert.deepStrictEqual(whenPacked, inMemory)
        const sealed = packingIn(yield* makeDirectory, 300, withKeys(keyOf(1)))
        assert.deepStrictEqual(yield* Effect.provide(run, sealed), inMemory)
        if (!isPostgresHere) return
        const inPostgres = yield* Effect.provide(run, postgres.journal(`bot ${(bots += 1)}`))
        assert.deepStrictEqual(inPostgres, inMemory)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 60 } },
  )
})
