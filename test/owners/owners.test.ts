/**
 * A bot that changes hands again and again while people work with it, its former owners standing
 * still in the middle of a call and going on after they have lost it: nothing is lost, nobody gets
 * what somebody else has, and each item has one row.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import { places } from "./owner.ts"
import { run } from "./run.ts"

describe.skipIf(!isPostgresHere)("several owners of one bot", () => {
  const server = usePostgres()

  it.live("lose nothing and double nothing", () =>
    Effect.gen(function* () {
      const { problems, stood, issuances } = yield* run(server, "owners")
      assert.deepStrictEqual(problems, [])
      // It has met all that it was made for.
      assert.sameMembers(Object.keys(stood), [...places])
      assert.isAbove(issuances, 50)
    }),
  )
})
