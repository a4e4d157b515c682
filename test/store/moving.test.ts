/** The rows of a bot on their way from one kind of journal to the other. */
import * as Path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type Keys } from "../../src/config/JournalKey.ts"
import { Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { dayAtIn } from "../../src/store/counts.ts"
import {
  makeDigests,
  movedNames,
  movedTables,
  unequalIn,
} from "../../src/store/postgres/movedRows.ts"
import {
  bringIn,
  connect,
  documentOf,
  firstFilled,
  readAll,
  seize,
  type Session,
} from "../../src/store/postgres/botRows.ts"
import { beginJournal, rowsIn } from "../../src/store/postgres/fileRows.ts"
import { pepperIn, sealedAs } from "../../src/store/resealing.ts"
import { openDatabase } from "../../src/store/SqliteDatabase.ts"
import { everythingIn, Script, writeOf } from "./journalScript.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"
import { journalIn, keyOf, makeDirectory, packingIn, withKeys } from "./sqliteFixtures.ts"

const dayAt = dayAtIn(Option.getOrThrow(DateTime.zoneMakeNamed("Europe/Moscow")))
const nobody = () => Effect.void

const databaseAt = (directory: string) =>
  Effect.acquireRelease(
    Effect.sync(() => openDatabase(Path.join(directory, "journal.db"))),
    (database) => Effect.sync(() => database.close()),
  )

const moveIn = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  directory: string,
  keys: Keys,
) {
  const database = yield* databaseAt(directory)
  const rows = rowsIn(database, sealedAs(database, keys))
  return yield* session.transaction(
    "BEGIN",
    Effect.andThen(seize(session, bot, 1), bringIn(session, bot, rows, nobody)),
  )
}, Effect.scoped)

const readBack = (session: Session, bot: string) =>
  session.transaction(
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    readAll(session, bot, () => {}, nobody),
  )

const moveOut = Effect.fnUntraced(function* (
  session: Session,
  bot: string,
  directory: string,
  keys: Keys,
) {
  const database = yield* databaseAt(directory)
  const pepper = pepperIn(yield* documentOf(session, bot, "sealing"))
  const { add, finish } = beginJournal(database, { keys, pepper, dayAt })
  yield* session.transaction(
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    readAll(session, bot, add, nobody),
  )
  finish()
}, Effect.scoped)

/** Fails at the statement with that number, counted from 1. */
const failingAt = (session: Session, number: number): Session => {
  let count = 0
  const run: Session["run"] = (sql, values) => {
    count += 1
    return count === number
      ? Effect.fail(new StorageUnavailable({ operation: "move", cause: "cut off" }))
      : session.run(sql, values)
  }
  return { ...session, run }
}

describe.skipIf(!isPostgresHere)("the rows of a bot", () => {
  const server = usePostgres()
  let bots = 0

  it.effect("are those of every table and column that a bot has in Postgres", () =>
    Effect.gen(function* () {
      yield* Effect.provide(Effect.asVoid(Journal), server.journal("columns"))
      const found = yield* server.query(
        `SELECT table_name AS name, column_name AS col FROM information_schema.columns
         WHERE table_schema = 'account_bot' AND table_name NOT IN
           ('owner', 'commit_mark', 'schema_version', 'incoming') AND column_name <> 'bot'
         ORDER BY 1, 2`,
      )
      assert.deepStrictEqual(
        found.map(({ name, col }) => `${String(name)}.${String(col)}`).toSorted(),
        movedNames
          .flatMap((name) =>
            Object.keys(movedTables[name].columns).map((column) => `${name}.${column}`),
          )
          .toSorted(),
      )
    }),
  )

  it.effect.prop(
    "say the same there and back, packed and sealed, and nothing where they were cut off",
    {
      script: Script,
      from: Schema.Literals([0, 1]),
      to: Schema.Literals([0, 2]),
      cut: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 })),
    },
    ({ script, from, to, cut }) =>
      Effect.gen(function* () {
        const bot = `bot-${(bots += 1)}`
        const directory = yield* makeDirectory
        const out = yield* makeDirectory
        const [keysFrom, keysTo] = [from, to].map((n): Keys => (n === 0 ? [] : [keyOf(n)]))
        const settings = (keys: Keys = []) => (keys.length === 0 ? {} : withKeys(...keys))
        const look = Journal.use(everythingIn)
        const played = Effect.gen(function* () {
          const journal = yield* Journal
          for (const steps of script) yield* Effect.exit(journal.write(steps.map(writeOf)))
          yield* TestClock.adjust("2 days")
          yield* journal.prune(3)
          return yield* everythingIn(journal)
        })
        const known = yield* Effect.provide(played, packingIn(directory, 300, settings(keysFrom)))
        const session = yield* connect(server.url())
        const first = yield* Effect.exit(
          moveIn(failingAt(session, cut), bot, directory, keysFrom ?? []),
        )
        if (Exit.isFailure(first)) assert.isUndefined(yield* firstFilled(session, bot))
        const left = Exit.isSuccess(first)
          ? first.value
          : yield* moveIn(session, bot, directory, keysFrom ?? [])
        assert.isUndefined(unequalIn(left, yield* readBack(session, bot)))
        assert.deepStrictEqual(yield* Effect.provide(look, server.journal(bot)), known)
        yield* moveOut(session, bot, out, keysTo ?? [])
        const after = journalIn(out, settings(keysTo))
        assert.deepStrictEqual(yield* Effect.provide(look, after), known)
      }).pipe(Effect.scoped, Effect.provide(Layer.fresh(NodeFileSystem.layer))),
    { arbitrary: { runs: 40 } },
  )
})

it("a digest tells rows apart, and not their order", () => {
  const of = (...hashes: ReadonlyArray<string>) => {
    const digests = makeDigests()
    for (const hash of hashes) digests.add("history", { hash })
    return digests.all()
  }
  assert.isUndefined(unequalIn(of("a", "b"), of("b", "a")))
  assert.strictEqual(unequalIn(of("a", "b"), of("a", "c")), "history")
  assert.strictEqual(unequalIn(of("a", "a"), of("a")), "history")
})
