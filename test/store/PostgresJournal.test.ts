import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { TestClock } from "effect/testing"
import { Context, Deferred, Effect, Exit, Fiber, Layer, Redacted, type Scope } from "effect"
import {
  commitPatience,
  readPatience,
  eventTextMax,
  ownerLook,
  sharedReadersMax,
} from "../../src/config/Limits.ts"
import { RequestKey } from "../../src/domain/Issuance.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { Disowned, Journal, type StorageUnavailable } from "../../src/store/Journal.ts"
import { Ownership } from "../../src/store/Ownership.ts"
import { PostgresJournal } from "../../src/store/postgres/PostgresJournal.ts"
import { migrations } from "../../src/store/postgres/postgresTables.ts"
import { journalContract } from "../contracts/JournalContract.ts"
import {
  document,
  employee,
  enteredEvent,
  events,
  happened,
  issuanceId,
  issuanceOf,
  issuedEvent,
  itemOf,
  numberOf,
  opened,
  quarantinedOf,
} from "../contracts/journalFixtures.ts"
import { openProxy, type Proxy } from "./postgresProxy.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

type JournalOf = Journal["Service"]

/** Opens the journal of a layer; it is closed with the scope. */
const open = <E>(layer: Layer.Layer<Journal, E>): Effect.Effect<JournalOf, E, Scope.Scope> =>
  Effect.map(Layer.build(layer), Context.get(Journal))

const numbersIn = Effect.fnUntraced(function* (journal: JournalOf, pool = "vk") {
  const { events: found } = yield* journal.restore(pool)
  return found.map(({ event }) => numberOf(event))
})

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n)

/** Writes an event with each of the numbers, all at the same time, and gives those that were taken. */
const taken = (journal: JournalOf, numbers: ReadonlyArray<number>) =>
  Effect.map(
    Effect.forEach(
      numbers,
      (n) => Effect.map(Effect.exit(journal.write([events("vk", n)])), Exit.isSuccess),
      { concurrency: "unbounded" },
    ),
    (isTaken) => numbers.filter((_, index) => isTaken[index]),
  )

/** A connection of the pool may have ended just before. */
const patiently = <A, E>(self: Effect.Effect<A, E>) =>
  Effect.orDie(Effect.retry(self, { times: 1_000 }))

const isDisowned = ({ cause }: StorageUnavailable) => cause instanceof Disowned

const sorted = (numbers: ReadonlyArray<number>) => numbers.toSorted((a, b) => a - b)

describe.skipIf(!isPostgresHere)("PostgresJournal", () => {
  const server = usePostgres()
  let bots = 0
  const anotherBot = () => `bot ${(bots += 1)}`

  journalContract(
    "as every journal",
    Effect.sync(() => server.journal(anotherBot())),
  )

  it.effect("keeps the bots of a database apart", () =>
    Effect.gen(function* () {
      const [one, other] = [
        yield* open(server.journal(anotherBot())),
        yield* open(server.journal(anotherBot())),
      ]
      yield* one.write([events("vk", 1), document("a", 1), opened("s", 1)])
      yield* other.write([events("vk", 2), opened("s", 1, "another")])
      assert.deepStrictEqual(yield* numbersIn(one), [1])
      assert.deepStrictEqual(yield* numbersIn(other), [2])
      assert.deepStrictEqual(yield* other.documents("draft"), [])
      assert.strictEqual((yield* other.trail({ limit: 9 })).length, 1)
    }),
  )

  const sharing = upTo(6)

  /** How many connections six bots of a process have when all of them have read a lot at once. */
  const connectionsIn = (database: string) =>
    Effect.gen(function* () {
      yield* server.query(`CREATE DATABASE ${database}`)
      const journals = yield* Effect.forEach(sharing, (n) =>
        open(server.journal(`bot ${n}`, { database })),
      )
      for (const [n, journal] of journals.entries()) yield* journal.write([events("vk", n)])
      const reading = (journal: JournalOf) =>
        Effect.forEach(upTo(9), () => numbersIn(journal), { concurrency: "unbounded" })
      const found = yield* Effect.forEach(journals, reading, { concurrency: "unbounded" })
      assert.deepStrictEqual(
        found,
        sharing.map((n) => upTo(9).map(() => [n])),
      )
      const [counted] = yield* server.query(
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = '${database}' AND application_name LIKE 'account-bot%'`,
      )
      return Number(counted?.["count"])
    })

  it.live("reads over a few connections that all bots of a process share", () =>
    Effect.gen(function* () {
      const shared = PostgresJournal.layerSharedReaders({ url: server.url("shared") })
      const [alone, together] = [
        yield* connectionsIn("alone"),
        yield* Effect.provide(connectionsIn("shared"), shared),
      ]
      assert.isAbove(alone, sharing.length + sharedReadersMax)
      assert.isAtMost(together, sharing.length + sharedReadersMax)
    }),
  )

  it.live("leaves the shared connections open when one of the bots ends", () =>
    Effect.gen(function* () {
      const [one, other] = [server.journal(anotherBot()), yield* open(server.journal(anotherBot()))]
      yield* Effect.scoped(Effect.flatMap(open(one), numbersIn))
      yield* other.write([events("vk", 1)])
      assert.deepStrictEqual(yield* numbersIn(other), [1])
    }).pipe(Effect.provide(PostgresJournal.layerSharedReaders({ url: server.url() }))),
  )

  it.effect("gives fewer events at once where they are long, and all of them in the end", () =>
    Effect.gen(function* () {
      const journal = yield* open(server.journal(anotherBot()))
      for (const n of upTo(5)) {
        const note = String(n).repeat(eventTextMax / 2)
        yield* journal.write([
          happened("vk", PoolEvent.cases.Paused.make({ note, by: employee, at: 1 })),
        ])
      }
      const sizes: Array<number> = []
      for (let after = 0; ;) {
        const page = yield* journal.events("vk", { after, limit: 9 })
        after = page.at(-1)?.seq ?? after
        sizes.push(page.length)
        if (page.length === 0) break
      }
      assert.deepStrictEqual(sizes, [2, 2, 1, 0])
    }),
  )

  it.effect("finds what somebody had who left, also where the event does not say it", () =>
    Effect.gen(function* () {
      const journal = yield* open(server.journal(anotherBot()))
      const id = issuanceId(1)
      const issue = happened("vk", issuedEvent(issuanceOf("a", { id })))
      const about = { from: employee, by: employee, at: 2 }
      const aside = happened("vk", PoolEvent.cases.SetAside.make({ id, ...about }))
      yield* journal.write([issue])
      yield* journal.write([aside])
      // And in one commit with what issued it.
      const late = issuanceId(2)
      yield* journal.write([
        happened("vk", issuedEvent(issuanceOf("b", { id: late, request: RequestKey.make("2:2") }))),
        happened("vk", PoolEvent.cases.SetAside.make({ id: late, ...about })),
      ])
      const rows = yield* journal.quarantined({ pool: "vk" }, { limit: 9, skip: 0 })
      assert.deepStrictEqual(
        rows.map(({ row }) => [row.id, row.reason]),
        [
          [itemOf("b").id, "withheld"],
          [itemOf("a").id, "withheld"],
        ],
      )
    }),
  )

  it.effect("stores signs that Postgres has no place for", () =>
    Effect.gen(function* () {
      const journal = yield* open(server.journal(anotherBot()))
      const odd = "a\0b\uD800"
      const row = quarantinedOf("q", { tab: odd })
      yield* journal.write([document(odd, { odd }), happened("vk", enteredEvent(row))])
      assert.deepStrictEqual(yield* journal.documents("draft"), [
        { key: "a\uFFFDb\uFFFD", body: { odd } },
      ])
      const [found] = yield* journal.quarantined({ pool: "vk" }, { limit: 9, skip: 0 })
      assert.strictEqual(found?.row.tab, odd)
    }),
  )

  it.effect("gives a request its first items once, until nothing is remembered of it", () =>
    Effect.gen(function* () {
      const journal = yield* open(server.journal(anotherBot()))
      const issue = (n: number, replacementOf: string | null = null) =>
        happened(
          "vk",
          issuedEvent(
            issuanceOf(`${n}`, {
              id: issuanceId(n),
              replacementOf: replacementOf === null ? null : issuanceId(1),
            }),
          ),
        )
      yield* journal.write([issue(1)])
      yield* journal.write([issue(2, "the first")])
      const [refused, beside] = yield* Effect.all(
        [Effect.exit(journal.write([issue(3)])), Effect.exit(journal.write([document("a", 1)]))],
        { concurrency: "unbounded" },
      )
      // Whoever shared the commit with it is not to blame.
      assert.isTrue(Exit.isFailure(refused))
      assert.isTrue(Exit.isSuccess(beside))
      const requests = [RequestKey.make("1:1")]
      yield* journal.write([
        happened("vk", PoolEvent.cases.Retired.make({ issuances: [], requests, at: 9 })),
      ])
      yield* journal.write([issue(4)])
      const ids = (yield* journal.booked({}, { limit: 9 })).map(({ id }) => id)
      assert.sameMembers(ids, [1, 2, 4].map(issuanceId))
    }),
  )

  describe("belongs to who opened it last", () => {
    it.effect("the one before is refused whole, and nothing else can be written by it", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const older = yield* open(server.journal(bot))
        yield* older.write([events("vk", 1)])
        const newer = yield* open(server.journal(bot))
        const refused = yield* Effect.flip(older.write([events("vk", 2), document("a", 1)]))
        assert.isTrue(isDisowned(refused))
        assert.include(refused.message, "another process")
        yield* newer.write([events("vk", 3)])
        assert.isTrue(isDisowned(yield* Effect.flip(older.write([document("b", 1)]))))
        assert.isTrue(isDisowned(yield* Effect.flip(older.prune(9))))
        assert.deepStrictEqual(yield* numbersIn(newer), [1, 3])
        assert.deepStrictEqual(yield* newer.documents("draft"), [])
        // It may still look.
        assert.deepStrictEqual(yield* numbersIn(older), [1, 3])
      }),
    )

    it.effect("and learns it before long where it has nothing to write", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const lost = yield* Deferred.make<Disowned>()
        const ownership = {
          lose: (why: Disowned) => Effect.asVoid(Deferred.succeed(lost, why)),
          isLost: Deferred.isDone(lost),
        }
        const older = yield* Effect.provideService(open(server.journal(bot)), Ownership, ownership)
        // A connection that is being made would be given up as the clock goes on.
        yield* older.restore("vk")
        yield* TestClock.adjust(ownerLook)
        yield* older.write([events("vk", 1)])
        assert.isFalse(yield* Deferred.isDone(lost))
        yield* open(server.journal(bot))
        yield* TestClock.adjust(ownerLook)
        assert.deepStrictEqual(yield* Deferred.await(lost), new Disowned({ bot, epoch: 1 }))
        assert.isTrue(isDisowned(yield* Effect.flip(older.write([document("b", 1)]))))
      }),
    )

    it.live("and who takes over waits for a commit that is on its way", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const older = yield* open(server.journal(bot))
        // A row of somebody else with the same key keeps the commit waiting in the middle.
        const { release } = yield* server.hold(
          `INSERT INTO document (bot, kind, key, seq, body) VALUES ('${bot}', 'draft', 'a', 99, '')`,
        )
        const writing = yield* Effect.forkChild(older.write([events("vk", 1), document("a", 1)]), {
          startImmediately: true,
        })
        yield* server.waitingForLocks(1)
        const opening = yield* Effect.forkScoped(open(server.journal(bot)), {
          startImmediately: true,
        })
        yield* server.waitingForLocks(2)
        yield* release
        assert.strictEqual(yield* Fiber.join(writing), 1)
        const newer = yield* Fiber.join(opening)
        assert.strictEqual(yield* newer.write([events("vk", 2)]), 2)
        assert.deepStrictEqual(yield* numbersIn(newer), [1, 2])
      }),
    )

    it.live("two that race for it lose nothing and double nothing", () =>
      Effect.gen(function* () {
        const bot = anotherBot()
        const older = yield* open(server.journal(bot))
        const slice = (journal: JournalOf, n: number) => taken(journal, upTo(25, n * 25))
        const untilRefused = Effect.gen(function* () {
          const all: Array<number> = []
          for (let n = 0; n < 1_000; n += 1) {
            const found = yield* slice(older, n)
            all.push(...found)
            if (found.length < 25) break
          }
          return all
        })
        const [byOlder, [newer, byNewer]] = yield* Effect.all(
          [
            untilRefused,
            Effect.gen(function* () {
              // Once the other one is writing.
              yield* patiently(
                Effect.filterOrFail(older.restore("vk"), (all) => all.events.length > 0),
              )
              const second = yield* open(server.journal(bot))
              const all = yield* Effect.forEach(upTo(40, 1_000), (n) => slice(second, n))
              return [second, all.flat()] as const
            }),
          ],
          { concurrency: 2 },
        )
        assert.isAbove(byOlder.length, 0)
        assert.strictEqual(byNewer.length, 1_000)
        const { events: found } = yield* newer.restore("vk")
        const written = found.map(({ event }) => numberOf(event))
        assert.deepStrictEqual(sorted(written), sorted([...byOlder, ...byNewer]))
        assert.deepStrictEqual(
          found.map(({ seq }) => seq),
          upTo(found.length, 1),
        )
      }),
    )
  })

  describe("that loses its connection", () => {
    const overProxy = Effect.fnUntraced(function* (name: string) {
      const proxy = yield* Effect.acquireRelease(
        Effect.promise(() => openProxy(Path.join(server.directory, name), server.directory)),
        ({ close }) => Effect.sync(close),
      )
      const bot = anotherBot()
      const journal = yield* open(server.journal(bot, { directory: proxy.directory }))
      // Its own connections would take the message that is meant to be cut.
      yield* server.watching(bot)
      yield* journal.write([events("vk", 1)])
      return { proxy, journal, bot }
    })

    const cut = (proxy: Proxy, where: Exclude<Proxy["cut"], undefined>) =>
      Effect.sync(() => {
        proxy.cut = where
      })

    it.live("tells of a commit as done whose answer was lost", () =>
      Effect.gen(function* () {
        const { proxy, journal } = yield* overProxy("answer")
        yield* cut(proxy, "answer")
        // No event, so that the first message is the commit.
        assert.strictEqual(yield* journal.write([document("a", 1)]), 1)
        assert.strictEqual(yield* journal.write([events("vk", 2)]), 2)
        assert.deepStrictEqual(yield* journal.documents("draft"), [{ key: "a", body: 1 }])
      }),
    )

    it.live("refuses a commit that never came there, and goes on", () =>
      Effect.gen(function* () {
        const { proxy, journal } = yield* overProxy("request")
        yield* cut(proxy, "request")
        const refused = yield* Effect.flip(journal.write([document("a", 1)]))
        assert.strictEqual(refused._tag, "StorageUnavailable")
        assert.isFalse(isDisowned(refused))
        yield* journal.write([document("b", 1), events("vk", 2)])
        const keys = (yield* journal.documents("draft")).map(({ key }) => key)
        assert.deepStrictEqual(keys, ["b"])
      }),
    )

    it.live("bars a commit that comes there after it was told of as refused", () =>
      Effect.gen(function* () {
        const { proxy, journal } = yield* overProxy("late")
        yield* cut(proxy, "late")
        yield* Effect.flip(journal.write([document("a", 1)]))
        yield* Effect.promise(proxy.release)
        assert.deepStrictEqual(yield* journal.documents("draft"), [])
        yield* journal.write([document("b", 1)])
      }),
    )

    it.effect("gives up waiting for an answer, and looks what became of the commit", () =>
      Effect.gen(function* () {
        const { proxy, journal } = yield* overProxy("hang")
        yield* cut(proxy, "hang")
        const swallowed = proxy.lost()
        const waiting = yield* Effect.forkChild(Effect.flip(journal.write([document("a", 1)])), {
          startImmediately: true,
        })
        yield* Effect.promise(() => swallowed)
        yield* TestClock.adjust(commitPatience)
        assert.isFalse(isDisowned(yield* Fiber.join(waiting)))
        yield* journal.write([document("b", 1)])
        const keys = (yield* journal.documents("draft")).map(({ key }) => key)
        assert.deepStrictEqual(keys, ["b"])
      }),
    )

    it.effect("gives up waiting for a reading too, and reads on another connection", () =>
      Effect.gen(function* () {
        const { proxy, journal } = yield* overProxy("reading")
        yield* cut(proxy, "hang")
        const swallowed = proxy.lost()
        const waiting = yield* Effect.forkChild(Effect.flip(journal.documents("draft")), {
          startImmediately: true,
        })
        yield* Effect.promise(() => swallowed)
        yield* TestClock.adjust(readPatience)
        assert.strictEqual((yield* Fiber.join(waiting))._tag, "StorageUnavailable")
        yield* journal.write([document("a", 1)])
        assert.lengthOf(yield* journal.documents("draft"), 1)
      }),
    )

    it.live("knows what became of a commit also when another one has taken over since", () =>
      Effect.gen(function* () {
        const { proxy, journal, bot } = yield* overProxy("taken")
        yield* cut(proxy, "answer")
        proxy.isShut = true
        const answered = proxy.lost()
        const waiting = yield* Effect.forkChild(journal.write([document("a", 1)]), {
          startImmediately: true,
        })
        yield* Effect.promise(() => answered)
        const newer = yield* open(server.journal(bot))
        yield* newer.write([events("vk", 2), document("b", 1)])
        proxy.isShut = false
        assert.strictEqual(yield* Fiber.join(waiting), 1)
        assert.isTrue(isDisowned(yield* Effect.flip(journal.write([document("c", 1)]))))
        const keys = (yield* newer.documents("draft")).map(({ key }) => key)
        assert.deepStrictEqual(keys, ["a", "b"])
      }),
    )

    it.live("has each write that it told of, and none that it refused, however often it ends", () =>
      Effect.gen(function* () {
        const journal = yield* open(server.journal(anotherBot()))
        const ends = server.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'account-bot'`,
        )
        const [all] = yield* Effect.all(
          [
            Effect.map(
              Effect.forEach(upTo(60), (n) => taken(journal, upTo(5, n * 5))),
              (found) => found.flat(),
            ),
            Effect.forEach(upTo(15), () => ends),
          ],
          { concurrency: 2 },
        )
        assert.isAbove(all.length, 0)
        yield* patiently(journal.write([events("vk", 1000)]))
        assert.deepStrictEqual(sorted(yield* patiently(numbersIn(journal))), sorted([...all, 1000]))
      }),
    )

    it.live("goes on by itself when the server is back", () =>
      Effect.gen(function* () {
        const journal = yield* open(server.journal(anotherBot()))
        yield* journal.write([events("vk", 1)])
        const writing = yield* Effect.forkChild(taken(journal, upTo(200, 100)), {
          startImmediately: true,
        })
        yield* Effect.promise(server.stop)
        const meanwhile = yield* Effect.exit(journal.booked({}, { limit: 1 }))
        assert.isTrue(Exit.isFailure(meanwhile))
        yield* Effect.promise(server.start)
        const before = yield* Fiber.join(writing)
        yield* patiently(journal.write([events("vk", 2)]))
        assert.deepStrictEqual(sorted(yield* numbersIn(journal)), sorted([1, 2, ...before]))
      }),
    )
  })

  it.live("syncs what it tells of, also in a database that would not", () =>
    Effect.gen(function* () {
      yield* server.query("CREATE DATABASE lax")
      yield* server.query("ALTER DATABASE lax SET synchronous_commit = off")
      const journal = yield* open(server.journal("default", { database: "lax" }))
      yield* server.query("CREATE TABLE seen (value text)", "lax")
      yield* server.query(
        `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW;
         END $$`,
        "lax",
      )
      yield* server.query(
        "CREATE TRIGGER see BEFORE INSERT ON document FOR EACH ROW EXECUTE FUNCTION see()",
        "lax",
      )
      yield* journal.write([document("a", 1)])
      assert.deepStrictEqual(yield* server.query("SELECT value FROM seen", "lax"), [
        { value: "on" },
      ])
    }),
  )

  describe("the tables", () => {
    it.live("are made once, however many processes start at the same time", () =>
      Effect.gen(function* () {
        yield* server.query("CREATE DATABASE fresh")
        yield* Effect.forEach(
          upTo(6),
          (n) => open(server.journal(`bot ${n}`, { database: "fresh" })),
          { concurrency: "unbounded" },
        )
        const rows = yield* server.query("SELECT version FROM schema_version", "fresh")
        assert.deepStrictEqual(
          rows,
          migrations.map((_, index) => ({ version: index + 1 })),
        )
      }),
    )

    it.live("of a newer version are refused, and left as they are", () =>
      Effect.gen(function* () {
        yield* server.query("CREATE DATABASE newer")
        const journal = server.journal("default", { database: "newer" })
        yield* Effect.scoped(open(journal))
        yield* server.query("INSERT INTO schema_version VALUES (99)", "newer")
        const refused = yield* Effect.flip(Effect.scoped(open(journal)))
        assert.deepInclude(refused, { _tag: "JournalDamaged", record: "schema version 99" })
        assert.include(refused.message, "a newer version of the program")
        const owners = yield* server.query("SELECT epoch::int AS epoch FROM owner", "newer")
        assert.deepStrictEqual(owners, [{ epoch: 1 }])
      }),
    )
  })
})

describe("PostgresJournal without a server", () => {
  it.live.each([
    "postgres://bot:hunter2@localhost/bot?host=/nowhere",
    "postgres://bot:hunter2@local host/bot",
    "mysql://bot:hunter2@localhost/bot",
  ])("says that it cannot be opened, and nothing of its address: %s", (url) =>
    Effect.gen(function* () {
      const layer = PostgresJournal.layer({ url: Redacted.make(url), admins: [] })
      const refused = yield* Effect.flip(Effect.scoped(open(layer)))
      if (refused._tag !== "StorageUnavailable") return assert.fail(refused._tag)
      assert.include(refused.message, "the database")
      const { cause } = refused
      assert.notInclude(JSON.stringify([refused, String(cause), Object(cause)]), "hunter2")
    }),
  )
})
