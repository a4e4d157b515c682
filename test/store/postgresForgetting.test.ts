/** A person is forgotten when the journal in Postgres is opened: all of it at once, and nobody else. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber } from "effect"
import {
  Disowned,
  fileKind,
  Journal,
  StorageUnavailable,
  type Write,
} from "../../src/store/Journal.ts"
import { document, events } from "../contracts/journalFixtures.ts"
import {
  admin,
  ask,
  boris,
  counts,
  history,
  holds,
  nina,
  reports,
  traces,
} from "./forgettingStory.ts"
import { openProxy } from "./postgresProxy.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

describe.skipIf(!isPostgresHere)("A person who is to be forgotten in Postgres", () => {
  const server = usePostgres()
  let bots = 0

  const opening = (bot: string, by: Parameters<typeof server.journal>[1] = {}) =>
    Effect.exit(Effect.provide(Effect.asVoid(Journal), server.journal(bot, by)))

  /** A bot with that history in which one of the two is to be forgotten. */
  const prepared = Effect.fnUntraced(function* ({
    database = "postgres",
    first = [],
  }: { readonly database?: string; readonly first?: ReadonlyArray<Write> } = {}) {
    const bot = `bot ${(bots += 1)}`
    const journal = server.journal(bot, { database })
    yield* Effect.flatMap(Journal, ({ write }) => write(first)).pipe(Effect.provide(journal))
    yield* Effect.provide(history, journal)
    const before = yield* Effect.provide(counts, journal)
    yield* Effect.provide(ask, journal)
    return { bot, before }
  })

  /** Everything that the bot has in the tables, but for whose it is. */
  const dump = Effect.fnUntraced(function* (bot: string, database = "postgres") {
    const tables = yield* server.query(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'account_bot' AND column_name = 'bot'
         AND table_name NOT IN ('owner', 'commit_mark') ORDER BY 1`,
      database,
    )
    assert.isAbove(tables.length, 9)
    const all = tables.map(
      ({ name }) =>
        `SELECT '${String(name)}' || (to_jsonb(t) - 'bot')::text AS row FROM ${String(name)} AS t
         WHERE bot = '${bot}'`,
    )
    const rows = yield* server.query(`${all.join(" UNION ALL ")} ORDER BY 1`, database)
    return rows.map(({ row }) => String(row))
  })

  const foundIn = (rows: ReadonlyArray<string>) =>
    traces.filter((trace) => holds(Buffer.from(rows.join("\n")), trace))

  it.live("is found no more in the tables, and all else adds up as before", () =>
    Effect.gen(function* () {
      const { bot, before } = yield* prepared()
      assert.deepStrictEqual(foundIn(yield* dump(bot)), traces)
      assert.isAbove(before.nina, 5)
      const [after, [report, ...others]] = yield* Effect.provide(
        Effect.all([counts, reports]),
        server.journal(bot),
      )
      assert.deepStrictEqual(foundIn(yield* dump(bot)), [])
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      assert.deepInclude(report, { by: admin, issuances: 10, copies: 0, left: [] })
      assert.deepStrictEqual(others, [])
      // What is asked for is done once.
      const left = yield* dump(bot)
      yield* opening(bot)
      assert.deepStrictEqual(yield* dump(bot), left)
    }),
  )

  it.live("is forgotten by a name that Postgres has no place for", () =>
    Effect.gen(function* () {
      const name = "Ни\0на\uD800"
      const first = [
        document("N2", { id: nina, name }, "note"),
        document("N3", { to: admin, text: `это ${name}!` }, "note"),
      ]
      const { bot } = yield* prepared({ first })
      const notes = Effect.flatMap(Journal, (journal) => journal.documents("note"))
      const found = yield* Effect.provide(notes, server.journal(bot))
      assert.deepInclude(found, { key: "N3", body: { to: admin, text: "это —!" } })
      assert.notInclude(JSON.stringify(found), String(nina))
    }),
  )

  it.live("is found no more in the files of the database once they are written anew", () =>
    Effect.gen(function* () {
      yield* server.query("CREATE DATABASE alone")
      const run = (sql: string) => server.query(sql, "alone")
      const { bot } = yield* prepared({ database: "alone" })
      // Names are common values: the planner keeps some of them.
      yield* run("ANALYZE")
      const [row] = yield* run("SELECT oid::text FROM pg_database WHERE datname = 'alone'")
      const directory = Path.join(server.directory, "data", "base", String(row?.["oid"]))
      const found = Effect.gen(function* () {
        yield* run("CHECKPOINT")
        const files = Fs.readdirSync(directory).map((name) =>
          Fs.readFileSync(Path.join(directory, name)),
        )
        return traces.filter((trace) => files.some((bytes) => holds(bytes, trace)))
      })
      assert.deepStrictEqual(yield* found, traces)
      yield* opening(bot, { database: "alone" })
      // What the start does: the bytes stay in the room that is free now.
      yield* run("VACUUM (ANALYZE)")
      assert.include(yield* found, String(nina))
      yield* run("VACUUM FULL")
      assert.deepStrictEqual(yield* found, [])
    }),
  )

  it.live("is forgotten whole or not at all, wherever the connection is lost", () =>
    Effect.gen(function* () {
      for (const cut of ["request", "answer"] as const) {
        const { bot } = yield* prepared()
        const proxy = yield* Effect.acquireRelease(
          Effect.promise(() => openProxy(Path.join(server.directory, cut), server.directory)),
          ({ close }) => Effect.sync(close),
        )
        const whole = yield* dump(bot)
        let left = whole
        let places = 0
        for (; foundIn(left).length > 0; places += 1) {
          assert.deepStrictEqual(left, whole, `${cut} ${places}`)
          proxy.cut = cut
          proxy.before = places
          yield* opening(bot, { directory: proxy.directory })
          left = yield* dump(bot)
        }
        // So many messages there are until it is done.
        assert.isAbove(places, 40)
        const [, all] = yield* Effect.provide(Effect.all([counts, reports]), server.journal(bot))
        assert.strictEqual(all.length, 1)
      }
    }),
  )

  it.live("stays as before where another process has taken the bot over before it was begun", () =>
    Effect.gen(function* () {
      const { bot } = yield* prepared()
      const whole = yield* dump(bot)
      // Between the taking over and the orders the last numbers are looked for.
      const { release } = yield* server.hold("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
      const late = yield* Effect.forkChild(opening(bot), { startImmediately: true })
      yield* server.waitingForLocks(1)
      yield* server.query(`UPDATE owner SET epoch = epoch + 1 WHERE bot = '${bot}'`)
      yield* release
      const exit = yield* Fiber.join(late)
      assert.isTrue(Exit.isFailure(exit))
      const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      assert.isTrue(error instanceof StorageUnavailable && error.cause instanceof Disowned)
      assert.deepStrictEqual(yield* dump(bot), whole)
    }),
  )

  /** Opens it, and leaves it waiting in the middle of what it erases. */
  const inTheMiddle = Effect.fnUntraced(function* (bot: string) {
    const { release } = yield* server.hold(
      `SELECT FROM issuance WHERE bot = '${bot}' AND holder = ${nina} FOR UPDATE`,
    )
    const first = yield* Effect.forkChild(opening(bot), { startImmediately: true })
    yield* server.waitingForLocks(1)
    const second = yield* Effect.forkChild(
      Effect.provide(Effect.all([counts, reports]), server.journal(bot)),
      { startImmediately: true },
    )
    yield* server.waitingForLocks(2)
    return { release, first, second }
  })

  it.live("is forgotten before another process gets the bot", () =>
    Effect.gen(function* () {
      const { bot, before } = yield* prepared()
      const { release, first, second } = yield* inTheMiddle(bot)
      yield* release
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(first)))
      const [after, all] = yield* Fiber.join(second)
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      assert.strictEqual(all.length, 1)
    }),
  )

  it.live("is forgotten by the next process where the first one ends in the middle", () =>
    Effect.gen(function* () {
      const { bot, before } = yield* prepared()
      const whole = yield* dump(bot)
      const { release, first, second } = yield* inTheMiddle(bot)
      yield* server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE issuance%'`,
      )
      assert.isTrue(Exit.isFailure(yield* Fiber.join(first)))
      // The second one is in the middle now.
      yield* server.waitingForLocks(1)
      assert.deepStrictEqual(yield* dump(bot), whole)
      yield* release
      const [after, all] = yield* Fiber.join(second)
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      assert.strictEqual(all.length, 1)
      assert.deepStrictEqual(foundIn(yield* dump(bot)), [])
    }),
  )

  it.live("stays in the other bots of the database", () =>
    Effect.gen(function* () {
      const { bot, before } = yield* prepared()
      const other = `bot ${(bots += 1)}`
      // So that the same number is another event there.
      yield* Effect.flatMap(Journal, ({ write }) => write([events("vk", 1, 2, 3, 4)])).pipe(
        Effect.andThen(history),
        Effect.provide(server.journal(other)),
      )
      const whole = yield* dump(other)
      const ofBoris = Effect.map(dump(bot), (rows) =>
        rows.filter((row) => row.includes(String(boris))),
      )
      const kept = yield* ofBoris
      const after = yield* Effect.provide(counts, server.journal(bot))
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      assert.deepStrictEqual(foundIn(yield* dump(bot)), [])
      assert.strictEqual((yield* ofBoris).length, kept.length)
      assert.deepStrictEqual(yield* dump(other), whole)
      yield* opening(other)
      assert.deepStrictEqual(yield* dump(other), whole)
    }),
  )

  const entry = { stage: "Забывайло", is_approved: true }
  it.live.each([
    ["entries", { [nina]: entry }, []],
    ["what cannot be read", 7, []],
    ["no list, but an admin", undefined, [nina]],
  ] as const)(
    "is not forgotten with access, which may have been given back: %s",
    ([, list, admins]) =>
      Effect.gen(function* () {
        const listed = list === undefined ? [] : [document("whitelist.json", list, fileKind)]
        const { bot, before } = yield* prepared({ first: listed })
        const after = yield* Effect.provide(counts, server.journal(bot, { admins }))
        assert.deepStrictEqual(after, before)
        // The order is gone too: it does not wait for the day on which the access ends again.
        const remove = document("whitelist.json", {}, fileKind)
        yield* Effect.flatMap(Journal, (journal) => journal.write([remove])).pipe(
          Effect.provide(server.journal(bot)),
        )
        assert.deepStrictEqual(yield* Effect.provide(counts, server.journal(bot)), before)
      }),
  )

  it.live("is forgotten where the list has others, who stay in it as they are", () =>
    Effect.gen(function* () {
      const list = { "123456": entry }
      const { bot } = yield* prepared({ first: [document("whitelist.json", list, fileKind)] })
      const [after, files] = yield* Effect.provide(
        Effect.all([counts, Effect.flatMap(Journal, (journal) => journal.documents(fileKind))]),
        server.journal(bot),
      )
      assert.strictEqual(after.nina, 0)
      assert.deepStrictEqual(files, [{ key: "whitelist.json", body: list }])
    }),
  )
})
