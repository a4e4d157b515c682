/** A process proves that the bot is still its own before anybody notices it. */
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { ownerProven } from "../../src/config/Limits.ts"
import { Disowned, Journal } from "../../src/store/Journal.ts"
import { Ownership, Tenure } from "../../src/store/Ownership.ts"
import { makeProofs } from "../../src/store/postgres/tenure.ts"
import { hour, withWallClock } from "../observe/wallClock.ts"
import { document } from "../contracts/journalFixtures.ts"
import { openProxy } from "./postgresProxy.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

describe("a proof", () => {
  it.effect.each([
    ["a moment later", { gone: 900, set: 0 }, true],
    ["after more than a second", { gone: 1_100, set: 0 }, false],
    ["where the machine slept and does not count it", { gone: 10, set: hour }, false],
    ["where the clock on the wall was set back", { gone: 10, set: -hour }, false],
    ["where the clock on the wall stood still", { gone: 1_100, set: -1_100 }, false],
  ] as const)("%s", ([, { gone, set }, isGood]) =>
    withWallClock((step) =>
      Effect.gen(function* () {
        const proofs = yield* makeProofs
        assert.isFalse(proofs.isLate(yield* proofs.times))
        proofs.note(yield* proofs.times)
        yield* TestClock.adjust(gone)
        yield* step(set)
        assert.strictEqual(proofs.isLate(yield* proofs.times), isGood)
      }),
    ),
  )

  it.effect("that was asked for earlier and came later leaves the newer one", () =>
    Effect.gen(function* () {
      const proofs = yield* makeProofs
      const early = yield* proofs.times
      yield* TestClock.adjust(900)
      proofs.note(yield* proofs.times)
      proofs.note(early)
      yield* TestClock.adjust(900)
      assert.isTrue(proofs.isLate(yield* proofs.times))
    }),
  )
})

describe.skipIf(!isPostgresHere)("an owner in Postgres", () => {
  const server = usePostgres()
  let bots = 0

  interface Process {
    readonly journal: Journal["Service"]
    readonly tenure: Effect.Success<typeof Tenure>
    readonly lost: Effect.Effect<Disowned>
  }

  /** Opens the bot, and waits until it would hear of another owner. */
  const open = Effect.fnUntraced(function* (bot: string, by: { readonly directory?: string } = {}) {
    const lost = yield* Deferred.make<Disowned>()
    const context = yield* Layer.build(server.journal(bot, by)).pipe(
      Effect.provideService(Ownership, {
        lose: (why) => Effect.asVoid(Deferred.succeed(lost, why)),
        isLost: Deferred.isDone(lost),
      }),
    )
    const process: Process = {
      journal: Context.get(context, Journal),
      tenure: Context.get(context, Tenure),
      lost: Deferred.await(lost),
    }
    yield* server.watching(bot)
    return process
  })

  const anotherBot = () => `tenure ${(bots += 1)}`

  const takenBySomebody = (bot: string) =>
    server.query(
      `UPDATE owner SET epoch = epoch + 1, holder = 'somebody else' WHERE bot = '${bot}'`,
    )

  it.effect("is proven by its last commit for a second, and asks Postgres after that", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const { journal, tenure } = yield* open(bot)
      yield* journal.write([document("a", 1)])
      yield* takenBySomebody(bot)
      yield* tenure.proven("lately")
      yield* TestClock.adjust(ownerProven)
      yield* tenure.proven("lately")
      yield* TestClock.adjust("1 millis")
      const waiting = yield* Effect.forkChild(tenure.proven("lately"), { startImmediately: true })
      yield* server.settled(bot)
      assert.isUndefined(waiting.pollUnsafe())
    }),
  )

  it.effect("asks each time before what may not be done twice", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const { journal, tenure, lost } = yield* open(bot)
      yield* TestClock.adjust("5 millis")
      yield* journal.write([document("a", 1)])
      yield* TestClock.adjust("5 millis")
      yield* tenure.proven("now")
      yield* takenBySomebody(bot)
      yield* TestClock.adjust("5 millis")
      const waiting = yield* Effect.forkChild(tenure.proven("now"), { startImmediately: true })
      yield* lost
      assert.isUndefined(waiting.pollUnsafe())
      // Nor does it do anything else, whatever it proved a moment before.
      const other = yield* Effect.forkChild(tenure.proven("lately"), { startImmediately: true })
      assert.isUndefined(other.pollUnsafe())
    }),
  )

  it.effect("hears at once of whoever takes the bot over", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const former = yield* open(bot)
      yield* open(anotherBot())
      yield* open(bot)
      assert.deepStrictEqual(yield* former.lost, new Disowned({ bot, epoch: 1 }))
    }),
  )

  it.effect("says nothing for a second where another one had the bot a moment before", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const first = yield* open(bot)
      assert.isFalse(first.tenure.wasAnothers)
      yield* first.tenure.proven("lately")
      const second = yield* open(bot)
      assert.isTrue(second.tenure.wasAnothers)
      yield* second.journal.write([document("a", 1)])
      const waiting = yield* Effect.forkChild(second.tenure.proven("lately"), {
        startImmediately: true,
      })
      yield* server.settled(bot)
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust(ownerProven)
      yield* Fiber.join(waiting)
      // Long after the last sign of life of the one before, there is nobody to wait for.
      yield* server.query(`UPDATE owner SET at = at - 91000 WHERE bot = '${bot}'`)
      yield* server.query(`UPDATE commit_mark SET at = at - 91000 WHERE bot = '${bot}'`)
      const third = yield* open(bot)
      assert.isFalse(third.tenure.wasAnothers)
      yield* third.tenure.proven("lately")
    }),
  )

  it.live("is proven however long others read", () =>
    Effect.gen(function* () {
      const bot = anotherBot()
      const { journal, tenure } = yield* open(bot)
      const { release } = yield* server.hold("LOCK TABLE document IN ACCESS EXCLUSIVE MODE")
      const reading = yield* Effect.forkChild(
        Effect.forEach([1, 2, 3, 4, 5, 6], () => journal.documents("draft"), {
          concurrency: "unbounded",
        }),
        { startImmediately: true },
      )
      yield* server.waitingForLocks(4)
      yield* tenure.proven("now")
      assert.isUndefined(reading.pollUnsafe())
      yield* release
      yield* Fiber.join(reading)
    }),
  )

  it.live("waits while Postgres does not answer, and says so once", () =>
    Effect.gen(function* () {
      const proxy = yield* Effect.acquireRelease(
        Effect.promise(() => openProxy(Path.join(server.directory, "away"), server.directory)),
        ({ close }) => Effect.sync(close),
      )
      const bot = anotherBot()
      const { tenure } = yield* open(bot, { directory: proxy.directory })
      const said: Array<string> = []
      const listen = Logger.make(({ message }) => void said.push(String(message)))
      proxy.isShut = true
      yield* server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'account-bot ${bot}'`,
      )
      const waiting = yield* Effect.forkChild(
        Effect.all([tenure.proven("now"), tenure.proven("now")], { concurrency: 2 }).pipe(
          Effect.provide(Logger.layer([listen])),
        ),
        { startImmediately: true },
      )
      yield* Effect.promise(() => proxy.refused(4))
      assert.isUndefined(waiting.pollUnsafe())
      proxy.isShut = false
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(said, [
        "Postgres does not answer: people are shown nothing until it does",
        "Postgres answers again",
      ])
    }),
  )
})
