/** A demo that begins afresh drops what it has in the database, and nothing of anybody else. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { Disowned, Journal } from "../../src/store/Journal.ts"
import { Tenure } from "../../src/store/Ownership.ts"
import { forgetBot } from "../../src/store/postgres/forgetBot.ts"
import { document, events } from "../contracts/journalFixtures.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

describe.skipIf(!isPostgresHere)("forgetBot", () => {
  const server = usePostgres()

  const open = (bot: string) =>
    Effect.flatMap(Layer.build(server.journal(bot)), (context) =>
      Effect.provideContext(Journal, context),
    )

  it.live("has nothing to do in a database without tables", () =>
    Effect.gen(function* () {
      yield* server.query("CREATE DATABASE bare")
      yield* forgetBot({ url: server.url("bare"), bot: "one" })
    }),
  )

  it.live("leaves nothing of the bot, refuses who had it, and lets the others be", () =>
    Effect.gen(function* () {
      const one = yield* open("one")
      const other = yield* open("other")
      for (const journal of [one, other]) yield* journal.write([events("vk", 1), document("a", 1)])
      yield* forgetBot({ url: server.url(), bot: "one" })
      const refused = yield* Effect.flip(one.write([document("b", 1)]))
      assert.instanceOf(refused.cause, Disowned)
      yield* other.write([document("b", 1)])
      const again = yield* open("one")
      assert.deepStrictEqual((yield* again.restore("vk")).events, [])
      assert.deepStrictEqual(yield* again.documents("draft"), [])
      assert.lengthOf(yield* other.documents("draft"), 2)
      assert.lengthOf((yield* other.restore("vk")).events, 1)
    }),
  )

  it.live(
    "leaves no sign of life, for whose sake the next one would ask Google a minute later",
    () =>
      Effect.gen(function* () {
        const wasAnothers = Effect.map(
          Layer.build(server.journal("third")),
          (context) => Context.get(context, Tenure).wasAnothers,
        )
        yield* wasAnothers
        assert.isTrue(yield* wasAnothers)
        yield* forgetBot({ url: server.url(), bot: "third" })
        assert.isFalse(yield* wasAnothers)
      }),
  )
})
