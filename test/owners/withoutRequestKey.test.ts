/**
 * The run of several owners where nobody knows a request again: neither who handles a tap, nor the
 * pool, nor the journal. Each of the three would be enough.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isPostgresHere } from "../store/postgresServer.ts"
import { withCuts } from "./patched.ts"

describe.skipIf(!isPostgresHere)("several owners of one bot that know no request", async () => {
  const { run, usePostgres } = await withCuts("request", [
    {
      file: "src/store/postgres/postgresTables.ts",
      text: "CREATE UNIQUE INDEX event_by_request ON event",
      instead: "CREATE INDEX event_by_request ON event",
    },
    {
      file: "src/pool/rules/issuing.ts",
      text: "if (known !== undefined) {",
      instead: "if (known !== undefined && known.request.by !== by) {",
    },
    {
      file: "src/bot/wizards/issue.ts",
      text: "const earlier = yield* replies.batchOn(press.message)",
      instead: "const earlier = Option.none()",
    },
  ])
  const server = usePostgres()

  it.live("give somebody more than was ordered", () =>
    Effect.gen(function* () {
      const { problems } = yield* run(server, "owners", { rounds: 2 })
      assert.isTrue(
        problems.some((problem) => /was given \d+ items instead/.test(problem)),
        problems.join("\n"),
      )
    }),
  )
})
