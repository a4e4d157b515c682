/** `import` and `export` in this process: a directory to the database, and back. */
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, Context, Effect, Exit, Layer, Option, Redacted } from "effect"
import { Command } from "effect/cli"
import { TestClock } from "effect/testing"
import { verify } from "../../src/cli/copies/workingCopy.ts"
import { exportData } from "../../src/cli/export.ts"
import { importData } from "../../src/cli/import.ts"
import { restore } from "../../src/cli/restore.ts"
import { Settings } from "../../src/config/Settings.ts"
import { RequestKey } from "../../src/domain/Issuance.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { copiesKind, copyKind, Journal, movedAway } from "../../src/store/Journal.ts"
import {
  document,
  happened,
  imported,
  issuanceId,
  issuanceOf,
  issuedEvent,
  itemOf,
  opened,
  received,
} from "../contracts/journalFixtures.ts"
import { factsOf } from "../formerVersion/facts.ts"
import { copyData, readJson } from "../formerVersion/fixture.ts"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import {
  databaseIn,
  journalIn,
  keyOf,
  makeDirectory,
  packingIn,
  withKeys,
} from "../store/sqliteFixtures.ts"

const version = "0.3.0"
const { at, facts: expected } = readJson(version, "expected.json") as {
  readonly at: number
  readonly facts: unknown
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

const program = Command.make("account-bot").pipe(
  Command.withSubcommands([importData, exportData, restore]),
)

/** An item that is taken from the sheet and issued. */
const issued = (n: number, request = `1:${n}`) =>
  happened(
    "vk",
    PoolEvent.cases.Loaded.make({
      claim: `claim-${n}`,
      tab: "ВКонтакте",
      items: [itemOf(String(n))],
      quarantined: [],
      at: 1,
    }),
    issuedEvent(issuanceOf(String(n), { id: issuanceId(n), request: RequestKey.make(request) })),
  )

const patiently = <A, E>(self: Effect.Effect<A, E>) =>
  Effect.orDie(Effect.retry(self, { times: 5_000 }))

const hexOf = (n: number) => Buffer.from(keyOf(n)).toString("hex")

describe.skipIf(!isPostgresHere)("account-bot import and export", () => {
  const server = usePostgres()
  let bots = 0
  const anotherBot = () => `bot-${(bots += 1)}`

  const ran = Effect.fnUntraced(function* (
    command: "import" | "export" | "restore",
    args: ReadonlyArray<string>,
    env: Readonly<Record<string, string>>,
  ) {
    const lines: Array<string> = []
    const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
    // A restore is for files.
    const known = command === "restore" ? {} : { DATABASE_URL: Redacted.value(server.url()) }
    const exit = yield* Command.runWith(program, { version: "test" })([command, ...args]).pipe(
      Effect.exit,
      Effect.provide(
        Layer.merge(
          ConfigProvider.layer(ConfigProvider.fromUnknown({ ...known, ...env })),
          NodeServices.layer,
        ),
      ),
      Effect.provideService(Console.Console, { ...globalThis.console, log: tell, error: tell }),
    )
    return { passed: Exit.isSuccess(exit), text: lines.join("\n") }
  })

  const moved = Effect.fnUntraced(function* (
    how: "in" | "out" | "copy",
    directory: string,
    bot: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    const command = how === "in" ? "import" : "export"
    const args = how === "copy" ? ["--copy", directory] : [directory]
    return yield* ran(command, args, { BOT_NAME: bot, ...env })
  })

  const succeeds = Effect.fnUntraced(function* (...order: Parameters<typeof moved>) {
    // Postgres takes a moment to see that a journal has been closed.
    if (order[0] === "out") yield* nobodyWorksWith(order[2])
    const { passed, text } = yield* moved(...order)
    assert.isTrue(passed, text)
    assert.isTrue(text.endsWith("verified"), text)
    return text
  })

  const isRefused = Effect.fnUntraced(function* (
    sentence: string,
    ...order: Parameters<typeof moved>
  ) {
    const { passed, text } = yield* moved(...order)
    assert.isFalse(passed, text)
    assert.include(text, sentence)
  })

  const isSound = Effect.fnUntraced(function* (directory: string, settings = {}) {
    const { inJournal, inFiles } = yield* verify(directory).pipe(
      Effect.provide(Layer.merge(Settings.layerTest(settings), NodeServices.layer)),
    )
    assert.deepStrictEqual([...inJournal, ...inFiles], [])
  })

  /** The command in a process of its own. */
  const started = (command: string, directory: string, bot: string) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const child = spawn(process.execPath, [main, command, directory], {
          env: {
            ...process.env,
            BOT_NAME: bot,
            DATABASE_URL: Redacted.value(server.url()),
          },
          stdio: "ignore",
        })
        const ended = Effect.callback<void>((resume) => {
          if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
          child.once("close", () => resume(Effect.void))
        })
        return {
          kill: Effect.andThen(
            Effect.sync(() => child.kill("SIGKILL")),
            ended,
          ),
        }
      }),
      ({ kill }) => kill,
    )

  const nobodyWorksWith = (bot: string) =>
    server
      .query(`SELECT 1 AS one FROM pg_stat_activity WHERE application_name = 'account-bot ${bot}'`)
      .pipe(
        Effect.filterOrFail((rows) => rows.length === 0),
        patiently,
      )

  /** Goes on when a statement like that waits for somebody else. */
  const waitingFor = (statement: string) =>
    server
      .query(
        `SELECT 1 AS one FROM pg_stat_activity
         WHERE wait_event_type = 'Lock' AND query LIKE '${statement}'`,
      )
      .pipe(
        Effect.filterOrFail((rows) => rows.length === 1),
        patiently,
      )

  /** A place for a directory that is not there yet. */
  const place = Effect.map(makeDirectory, (directory) => Path.join(directory, "data"))

  it.effect("a company of a former version is in the database as it was, and comes back so", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const [before, known, after] = [yield* place, yield* place, yield* place]
      copyData(version, before)
      copyData(version, known)
      const told = yield* succeeds("in", before, bot)
      const [, one, other] = /directory: (.*)\ndatabase: (.*)/.exec(told) ?? []
      assert.isString(one)
      assert.strictEqual(one, other)
      assert.notInclude(told, "not-a-password")
      const look = Effect.flatMap(Journal, (journal) => everything(journal, namesIn(before)))
      const inFile = yield* Effect.provide(look, journalIn(known))
      assert.isAbove(inFile.booked.length, 20)
      assert.isAbove(inFile.documents.flat().length, 20)
      assert.isAbove(inFile.intents.flat().length, 5)
      assert.deepStrictEqual(yield* Effect.provide(look, server.journal(bot)), inFile)
      // What a start makes of it is the same, and so it is after the start has written there.
      const journal = server.journal(bot)
      const inDatabase = yield* factsOf(known, at, { journal, snapshot: true })
      assert.deepStrictEqual(asJson(inDatabase), expected)
      assert.deepStrictEqual(asJson(yield* factsOf(known, at, { journal })), expected)
      yield* succeeds("out", after, bot)
      yield* isSound(after)
      const back = yield* Effect.provide(look, journalIn(after))
      assert.deepStrictEqual(back.trail, inFile.trail)
      assert.deepStrictEqual(back.booked, inFile.booked)
      assert.deepStrictEqual(asJson(yield* factsOf(after, at)), expected)
      assert.deepStrictEqual(filesIn(after), filesIn(known))
    }),
  )

  it.effect("goes on on either side: numbers, requests and keys are known there", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const [before, after] = [yield* place, yield* place]
      yield* Effect.provide(
        Journal.use((journal) =>
          journal.write([
            issued(1),
            { _tag: "KeysIssued", pool: "vk", keys: ["from before"] },
            { _tag: "BooksImported", rows: [imported("former")] },
            opened("s", 1),
            received(1),
            received(2),
            { _tag: "UpdateHandled", updateId: 1, at: 1 },
            document("a", 1),
          ]),
        ),
        journalIn(before),
      )
      yield* succeeds("in", before, bot)
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        const known = yield* journal.issuedBefore("vk", ["1", "from before", "never"])
        assert.deepStrictEqual([...known], ["1", "from before"])
        // The request was given its items in the file.
        assert.isTrue(Exit.isFailure(yield* Effect.exit(journal.write([issued(2, "1:1")]))))
        assert.strictEqual(yield* journal.write([issued(2)]), 4)
        yield* journal.write([received(1), received(3), document("b", 1), document("a", 2)])
        const waiting = yield* journal.unhandled({ limit: 9 })
        assert.deepStrictEqual(
          waiting.map(({ updateId }) => updateId),
          [2, 3],
        )
        assert.lengthOf(yield* journal.intents("s", 9), 1)
      }).pipe(Effect.provide(server.journal(bot)))
      yield* succeeds("out", after, bot)
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        const known = yield* journal.issuedBefore("vk", ["1", "2", "from before", "never"])
        assert.deepStrictEqual([...known], ["1", "2", "from before"])
        const ids = (yield* journal.booked({}, { limit: 9 })).map(({ id }) => id)
        assert.sameMembers(ids, [issuanceId(1), issuanceId(2), "former"])
        assert.deepStrictEqual(yield* journal.documents("draft"), [
          { key: "a", body: 2 },
          { key: "b", body: 1 },
        ])
        assert.strictEqual(yield* journal.write([issued(3)]), 6)
      }).pipe(Effect.provide(journalIn(after)))
    }),
  )

  it.effect("opens a sealed and packed journal, keeps its history, and seals it again", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const [before, after] = [yield* place, yield* place]
      const JOURNAL_KEY = hexOf(1)
      const day = 86_400_000
      const written = Effect.gen(function* () {
        const journal = yield* Journal
        for (let n = 0; n < 12; n += 1) {
          yield* journal.write([issued(n)])
        }
        yield* journal.write([
          { _tag: "KeysIssued", pool: "vk", keys: ["from before"] },
          document("a", "said by nobody"),
        ])
        yield* TestClock.setTime(9 * day)
        yield* journal.prune(8 * day)
      })
      yield* Effect.provide(written, packingIn(before, 300, withKeys(keyOf(1))))
      const raw = databaseIn(before)
      const blocks = Number(raw.prepare("SELECT count(*) AS n FROM event_block").get()?.["n"])
      raw.close()
      assert.isAbove(blocks, 3)
      yield* isRefused("JOURNAL_KEY", "in", before, bot)
      yield* succeeds("in", before, bot, { JOURNAL_KEY })
      const keys = ["0", "11", "12", "from before"]
      const isKnown = Effect.gen(function* () {
        const journal = yield* Journal
        assert.deepStrictEqual([...(yield* journal.issuedBefore("vk", keys))], keys)
        assert.lengthOf(yield* journal.trail({ issuance: issuanceId(0), limit: 9 }), 1)
        assert.lengthOf(yield* journal.trail({ limit: 99 }), 26)
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        assert.strictEqual(yield* journal.write([issued(12)]), 26)
        yield* isKnown
      }).pipe(Effect.provide(server.journal(bot)))
      const hashes = yield* server.query(`SELECT hash FROM history WHERE bot = '${bot}'`)
      assert.lengthOf(hashes, 14)
      assert.isTrue(hashes.every(({ hash }) => String(hash).startsWith("p")))
      yield* succeeds("copy", after, bot, { JOURNAL_KEY: hexOf(2) })
      assert.notInclude(Fs.readFileSync(Path.join(after, "journal.db"), "latin1"), "said by nobody")
      yield* isSound(after, withKeys(keyOf(2)))
      yield* Effect.provide(isKnown, journalIn(after, withKeys(keyOf(2))))
      // Without a key it is as one whose seal was taken off, and the history stays what it was.
      const plainly = yield* place
      yield* succeeds("copy", plainly, bot)
      yield* Effect.provide(isKnown, journalIn(plainly))
      assert.deepStrictEqual(
        databaseIn(plainly)
          .prepare("SELECT hash FROM history ORDER BY hash")
          .all()
          .map(({ hash }) => String(hash)),
        hashes.map(({ hash }) => String(hash)).toSorted(),
      )
      // And a history that was never sealed is when its journal is.
      const bare = anotherBot()
      const unsealed = yield* place
      yield* Effect.provide(
        Journal.use((journal) => journal.write([{ _tag: "KeysIssued", pool: "vk", keys: ["x"] }])),
        journalIn(unsealed),
      )
      yield* succeeds("in", unsealed, bare)
      const sealed = yield* place
      yield* succeeds("out", sealed, bare, { JOURNAL_KEY })
      yield* Effect.provide(
        Effect.gen(function* () {
          const known = yield* (yield* Journal).issuedBefore("vk", ["x", "y"])
          assert.deepStrictEqual([...known], ["x"])
        }),
        journalIn(sealed, withKeys(keyOf(1))),
      )
    }),
  )

  const small = Effect.fnUntraced(function* (key = "a") {
    const directory = yield* place
    yield* Effect.provide(
      Journal.use((journal) => journal.write([document(key, 1), issued(1)])),
      journalIn(directory),
    )
    return directory
  })

  const draftsOf = (bot: string) =>
    Effect.map(
      server.query(`SELECT key FROM document WHERE bot = '${bot}' AND kind = 'draft' ORDER BY seq`),
      (rows) => rows.map(({ key }) => key),
    )

  describe("import", () => {
    it.effect("leaves a directory on which nothing starts and nothing is restored", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const [directory, backup] = [yield* small(), yield* small()]
        yield* succeeds("in", directory, bot)
        const refused = yield* Effect.flip(Effect.provide(Journal, journalIn(directory)))
        assert.include(refused.message, "moved to a database")
        const restored = yield* ran("restore", [backup], { DATA_DIR: directory })
        assert.isFalse(restored.passed)
        assert.include(restored.text, "moved to a database")
        // Once more it is told to be done, whatever the bot did since.
        yield* Effect.provide(
          Journal.use((journal) => journal.write([document("b", 1)])),
          server.journal(bot),
        )
        assert.include(yield* succeeds("in", directory, bot), "already")
        assert.deepStrictEqual(yield* draftsOf(bot), ["a", "b"])
        yield* isRefused("another BOT_NAME", "in", directory, anotherBot())
      }),
    )

    it.effect("ends whoever had the bot, which had nothing yet", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const older = Context.get(yield* Layer.build(server.journal(bot)), Journal)
        yield* succeeds("in", yield* small(), bot)
        assert.isTrue(Exit.isFailure(yield* Effect.exit(older.write([document("b", 1)]))))
        assert.deepStrictEqual(yield* draftsOf(bot), ["a"])
      }).pipe(Effect.scoped),
    )

    it.effect("refuses what is in use, is damaged, is no journal, or meets another history", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const directory = yield* small()
        yield* Effect.provide(
          Effect.andThen(Journal, isRefused("another process works with", "in", directory, bot)),
          journalIn(directory),
        )
        yield* isRefused("there is no journal", "in", yield* makeDirectory, bot)
        const damaged = yield* small()
        const database = databaseIn(damaged)
        database.exec("UPDATE document SET body = '2'")
        database.close()
        yield* isRefused("is not sound", "in", damaged, bot)
        assert.deepStrictEqual(Fs.existsSync(Path.join(damaged, movedAway)), false)
        yield* isRefused("DATABASE_URL", "in", directory, bot, { DATABASE_URL: "nowhere" })
        yield* succeeds("in", directory, bot)
        const other = yield* small("other")
        yield* isRefused("another history", "in", other, bot)
        assert.deepStrictEqual(yield* draftsOf(bot), ["a"])
        // It is free to start again.
        yield* Effect.provide(Effect.asVoid(Journal), journalIn(other))
      }),
    )

    it.effect("that was cut off anywhere has brought nothing, and is repeated", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const directory = yield* small()
        // As a kill leaves it before the commit, and after it.
        const mark = JSON.stringify({ state: "moving", bot, at: 1 })
        Fs.writeFileSync(Path.join(directory, movedAway), mark)
        const refused = yield* Effect.flip(Effect.provide(Journal, journalIn(directory)))
        assert.include(refused.message, "moved to a database")
        yield* succeeds("in", directory, bot)
        Fs.writeFileSync(Path.join(directory, movedAway), mark)
        assert.include(yield* succeeds("in", directory, bot), "already")
        assert.include(Fs.readFileSync(Path.join(directory, movedAway), "utf8"), '"moved"')
      }),
    )

    it.live("that is killed in the middle of a table has brought nothing", () =>
      Effect.gen(function* () {
        for (const table of ["event", "document", "issuance"]) {
          const bot = anotherBot()
          const directory = yield* small()
          // A lock keeps the import where it is until it is killed.
          const { release } = yield* server.hold(`LOCK TABLE ${table} IN SHARE MODE`)
          const child = yield* started("import", directory, bot)
          yield* waitingFor(`INSERT INTO ${table} %`)
          yield* child.kill
          yield* release
          yield* patiently(
            Effect.filterOrFail(
              server.query(
                "SELECT 1 AS one FROM pg_stat_activity WHERE application_name = 'account-bot (moving)'",
              ),
              (rows) => rows.length === 0,
            ),
          )
          for (const each of ["event", "document", "issuance", "owner"]) {
            const rows = yield* server.query(`SELECT 1 AS one FROM ${each} WHERE bot = '${bot}'`)
            assert.deepStrictEqual(rows, [], each)
          }
          const refused = yield* Effect.flip(Effect.provide(Journal, journalIn(directory)))
          assert.include(refused.message, "moved to a database")
          yield* succeeds("in", directory, bot)
          assert.deepStrictEqual(yield* draftsOf(bot), ["a"])
        }
      }).pipe(Effect.scoped),
    )
  })

  describe("export", () => {
    it.effect("leaves a database on which the bot starts no more, until it is brought back", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        yield* succeeds("in", yield* small(), bot)
        const out = yield* place
        yield* succeeds("out", out, bot)
        const refused = yield* Effect.flip(Effect.provide(Journal, server.journal(bot)))
        assert.include(refused.message, "moved out of the database")
        yield* isRefused("moved out of the database before", "out", yield* place, bot)
        // Another history may not take its place, and an older one of its own neither.
        const older = yield* place
        yield* Effect.provide(
          Journal.use((journal) => journal.write([document("older", 1)])),
          journalIn(older),
        )
        yield* isRefused("this directory is older", "in", older, bot)
        yield* Effect.provide(
          Journal.use((journal) => journal.write([document("b", 1)])),
          journalIn(out),
        )
        yield* succeeds("in", out, bot)
        assert.deepStrictEqual(yield* draftsOf(bot), ["a", "b"])
        yield* Effect.provide(Effect.asVoid(Journal), server.journal(bot))
      }),
    )

    it.effect("refuses while updates wait that the bot has not taken", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        yield* succeeds("in", yield* small(), bot)
        yield* server.query(
          `INSERT INTO incoming (bot, update_id, at, body) VALUES ('${bot}', 5, 1, '{}')`,
        )
        yield* isRefused("updates from Telegram wait", "out", yield* place, bot)
        yield* server.query(`UPDATE incoming SET update_id = -5 WHERE bot = '${bot}'`)
        yield* succeeds("out", yield* place, bot)
      }).pipe(Effect.scoped),
    )

    it.effect(
      "refuses while somebody works with the bot, but for a copy, which says that it is one",
      () =>
        Effect.gen(function* () {
          const bot = anotherBot()
          yield* succeeds("in", yield* small(), bot)
          const journal = Context.get(yield* Layer.build(server.journal(bot)), Journal)
          yield* journal.write([document("b", 1)])
          yield* isRefused("a process works with the bot", "out", yield* place, bot)
          const copy = yield* place
          yield* succeeds("copy", copy, bot)
          yield* journal.write([document("c", 1)])
          assert.deepStrictEqual(yield* draftsOf(bot), ["a", "b", "c"])
          // What is taken from the sheet since then is kept there for whoever starts on the copy.
          assert.lengthOf(yield* journal.documents(copiesKind), 1)
          yield* Effect.gen(function* () {
            const copied = yield* Journal
            assert.lengthOf(yield* copied.documents(copyKind), 1)
            assert.lengthOf(yield* copied.documents("draft"), 2)
          }).pipe(Effect.provide(journalIn(copy)))
        }).pipe(Effect.scoped),
    )

    it.effect("refuses a name that is taken, and a bot that is not there", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        yield* succeeds("in", yield* small(), bot)
        const taken = yield* small()
        yield* isRefused("already", "out", taken, bot)
        yield* isRefused("nothing of a bot", "out", yield* place, anotherBot())
        // An empty directory is none.
        yield* succeeds("out", yield* makeDirectory, bot)
      }),
    )

    it.live(
      "that is killed in the middle leaves no directory, and no bot starts until it is repeated",
      () =>
        Effect.gen(function* () {
          const bot = anotherBot()
          yield* succeeds("in", yield* small(), bot)
          const out = yield* place
          const { release } = yield* server.hold("LOCK TABLE issuance IN ACCESS EXCLUSIVE MODE")
          const child = yield* started("export", out, bot)
          yield* waitingFor("DECLARE moving %issuance %")
          yield* child.kill
          yield* release
          assert.isFalse(Fs.existsSync(out))
          const refused = yield* Effect.flip(Effect.provide(Journal, server.journal(bot)))
          assert.include(refused.message, "moved out of the database")
          yield* succeeds("out", out, bot)
          assert.deepStrictEqual(Fs.readdirSync(Path.dirname(out)), ["data"])
          yield* isSound(out)
        }).pipe(Effect.scoped),
    )

    it.effect("that was cut off is repeated, and one that failed leaves the bot where it was", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        yield* succeeds("in", yield* small(), bot)
        const file = Path.join(yield* makeDirectory, "file")
        Fs.writeFileSync(file, "")
        yield* isRefused("the disk refuses", "out", Path.join(file, "data"), bot)
        yield* Effect.provide(Effect.asVoid(Journal), server.journal(bot))
        yield* server.query(
          `INSERT INTO document (bot, kind, key, seq, body) VALUES ('${bot}', 'moved', '', 9, '{"state":"moving"}')`,
        )
        yield* Effect.flip(Effect.provide(Journal, server.journal(bot)))
        const out = yield* place
        yield* succeeds("out", out, bot)
        yield* isSound(out)
      }),
    )
  })
})

/** The JSON files by what they say. */
const filesIn = (directory: string) =>
  ["whitelist.json", "regions.json"].map((name): unknown =>
    JSON.parse(Fs.readFileSync(Path.join(directory, name), "utf8")),
  )

/** More than there is of anything. */
const most = 100_000

/** All that the port gives of a company. */
const everything = Effect.fnUntraced(function* (journal: Journal["Service"], names: Names) {
  const trail = yield* journal.trail({ limit: most })
  const pools = [...new Set(trail.map(({ pool }) => pool))].toSorted()
  const booked = yield* journal.booked({}, { limit: most })
  const people = yield* journal.holders
  const ofPool = Effect.fnUntraced(function* (pool: string) {
    const { snapshot, events } = yield* journal.restore(pool)
    const keys = booked.flatMap(({ key }) => [key, `never ${key}`])
    return {
      pool,
      snapshot: Option.getOrNull(snapshot),
      events,
      parts: [yield* journal.snapshotParts(pool, 0), yield* journal.snapshotParts(pool, 1)],
      page: yield* journal.events(pool, { after: 0, limit: 50 }),
      issued: [...(yield* journal.issuedBefore(pool, keys))],
      quarantined: yield* journal.quarantined({ pool }, { limit: most, skip: 0 }),
      tally: sorted(yield* journal.tally({ resource: pool })),
    }
  })
  return {
    trail,
    booked,
    people,
    pools: yield* Effect.forEach(pools, ofPool),
    trails: yield* Effect.forEach(people, ({ holder }) =>
      journal.trail({ person: holder, limit: most }),
    ),
    issuances: yield* Effect.forEach(booked.slice(0, 30), ({ id }) =>
      journal.trail({ issuance: id, limit: most }),
    ),
    intents: yield* Effect.forEach(names.spreadsheets, (each) => journal.intents(each, most)),
    unhandled: yield* journal.unhandled({ limit: most }),
    documents: yield* Effect.forEach(names.kinds, (kind) => journal.documents(kind)),
    quarantine: sorted(yield* journal.quarantineTally),
  }
})

/** The kinds of documents and the spreadsheets that a journal knows. */
const namesIn = (directory: string) => {
  const database = databaseIn(directory)
  const all = (column: string, table: string) =>
    database
      .prepare(`SELECT DISTINCT ${column} AS name FROM ${table} ORDER BY 1`)
      .all()
      .map(({ name }) => String(name))
  const names = { kinds: all("kind", "document"), spreadsheets: all("spreadsheet", "intent") }
  database.close()
  return names
}
type Names = ReturnType<typeof namesIn>

const sorted = (rows: ReadonlyArray<unknown>) => rows.map((row) => JSON.stringify(row)).toSorted()
