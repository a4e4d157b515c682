/** The run of several owners over a journal that does not look whose the bot is: harm is done. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isPostgresHere } from "../store/postgresServer.ts"
import { withCuts } from "./patched.ts"

const tables = "src/store/postgres/postgresTables.ts"

describe.skipIf(!isPostgresHere)("several owners of one bot, none of whom is refused", async () => {
  const { run, usePostgres } = await withCuts("fence", [
    {
      file: tables,
      text: "AND epoch = $2::bigint FOR SHARE",
      instead: "AND $2::bigint > 0 FOR SHARE",
    },
    {
      file: tables,
      text: "WHERE bot = $1 AND holder = $2\n",
      instead: "WHERE bot = $1 AND $2 <> ''\n",
    },
  ])
  const server = usePostgres()

  it.live("do harm", () =>
    Effect.gen(function* () {
      const { problems } = yield* run(server, "owners", { rounds: 4, isFenced: false })
      assert.isTrue(
        problems.some((problem) => /rows$|places instead/.test(problem)),
        problems.join("\n"),
      )
    }),
  )
})
