import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Duration, Effect, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { probePeriod, updatesPage } from "../../src/config/Limits.ts"
import { Journal } from "../../src/store/Journal.ts"
import { SharedInbox } from "../../src/store/postgres/SharedInbox.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

describe.skipIf(!isPostgresHere)("updates that any process takes in", () => {
  const server = usePostgres()

  const open = Effect.map(
    Layer.build(Layer.fresh(SharedInbox.layer({ url: server.url() }))),
    Context.get(SharedInbox),
  )

  const update = (id: number) => ({ id, body: { update_id: id, text: `№${id} \0 \ud83d` } })

  /** Feeds the bot until so many updates were taken; gives them in their order. */
  const taken = Effect.fnUntraced(function* (
    inbox: SharedInbox["Service"],
    bot: string,
    count: number,
  ) {
    const seen = yield* Ref.make<ReadonlyArray<unknown>>([])
    const enough = yield* Deferred.make<void>()
    const feeding = yield* Effect.forkChild(
      inbox.feed(bot, (body) =>
        Effect.flatMap(
          Ref.updateAndGet(seen, (all) => [...all, body]),
          (all) => (all.length === count ? Deferred.succeed(enough, undefined) : Effect.void),
        ),
      ),
    )
    yield* Deferred.await(enough)
    return { all: yield* Ref.get(seen), stop: Fiber.interrupt(feeding) }
  })

  const emptied = (inbox: SharedInbox["Service"], bot: string) =>
    inbox.isBehind(bot).pipe(
      Effect.filterOrFail((isBehind) => !isBehind),
      Effect.retry({ times: 1_000 }),
    )

  it.effect("come to whoever has the bot, in their order, and are gone then", () =>
    Effect.gen(function* () {
      const anybody = yield* open
      const owner = yield* open
      for (const id of [12, 11, 13]) yield* anybody.put("order", update(id))
      yield* anybody.put("other", update(14))
      assert.isTrue(yield* owner.isBehind("order"))
      const { all, stop } = yield* taken(owner, "order", 3)
      assert.deepStrictEqual(
        all,
        [11, 12, 13].map((id) => update(id).body),
      )
      yield* emptied(owner, "order")
      yield* stop
      assert.isTrue(yield* owner.isBehind("other"))
    }),
  )

  it.effect("reach an owner that waits for them without a look by the clock", () =>
    Effect.gen(function* () {
      const anybody = yield* open
      const owner = yield* open
      const running = yield* Effect.forkChild(taken(owner, "told", 2))
      yield* anybody.put("told", update(1))
      yield* anybody.put("told", update(2))
      const { all } = yield* Fiber.join(running)
      assert.lengthOf(all, 2)
    }),
  )

  it.effect("are kept once, however often they are brought", () =>
    Effect.gen(function* () {
      const inbox = yield* open
      yield* Effect.forEach([7, 7, 7], (id) => inbox.put("twice", update(id)), {
        concurrency: "unbounded",
      })
      yield* inbox.put("twice", update(8))
      const { all } = yield* taken(inbox, "twice", 2)
      assert.lengthOf(all, 2)
    }),
  )

  it.effect("come again where the owner could not keep them", () =>
    Effect.gen(function* () {
      const inbox = yield* open
      const count = updatesPage + 5
      yield* Effect.forEach(
        Array.from({ length: count }, (_, n) => n + 1),
        (id) => inbox.put("again", update(id)),
        { discard: true },
      )
      const refused = new Set<unknown>()
      const kept = new Set<unknown>()
      const isDone = yield* Deferred.make<void>()
      yield* Effect.forkChild(
        inbox.feed("again", (body) => {
          const text = JSON.stringify(body)
          if (!refused.has(text)) {
            refused.add(text)
            return Effect.fail("the disk refuses")
          }
          kept.add(text)
          return kept.size === count
            ? Effect.asVoid(Deferred.succeed(isDone, undefined))
            : Effect.void
        }),
      )
      const turning = yield* Effect.forkChild(
        Effect.forever(Effect.andThen(TestClock.adjust("2 seconds"), Effect.yieldNow)),
      )
      yield* Deferred.await(isDone)
      yield* Fiber.interrupt(turning)
      yield* emptied(inbox, "again")
    }),
  )

  it.effect("the probes of many bots do not all come at the same moment", () =>
    Effect.gen(function* () {
      const inbox = yield* open
      // So many that it is no chance where the moment of each one lies.
      yield* inbox.probe(Array.from({ length: 2_000 }, (_, n) => `many-${n}`))
      const found = yield* server.query(
        "SELECT count(*)::int AS count FROM incoming WHERE bot LIKE 'many-%' GROUP BY update_id",
      )
      assert.lengthOf(found, 2)
      assert.strictEqual(
        found.reduce((sum, { count }) => sum + Number(count), 0),
        2_000,
      )
    }),
  )

  it.effect("a probe is told to be handled when the journal of its bot says so", () =>
    Effect.gen(function* () {
      const one = yield* open
      const other = yield* open
      const bots = ["probed", "silent"]
      assert.deepStrictEqual([...(yield* one.probe(bots))], [])
      yield* other.probe(bots)
      const { all, stop } = yield* taken(one, "probed", 1)
      const [body] = all as ReadonlyArray<{ readonly update_id: number; readonly probe: unknown }>
      assert.isTrue(body?.probe === true && body.update_id < 0)
      const journal = yield* Effect.map(Layer.build(server.journal("probed")), Context.get(Journal))
      const about = { updateId: body?.update_id ?? 0, at: 1 }
      yield* journal.write([{ _tag: "UpdateReceived", ...about, userId: 0, body: {} }])
      assert.deepStrictEqual([...(yield* one.probe(bots))], [])
      yield* journal.write([{ _tag: "UpdateHandled", ...about }])
      const ages = yield* other.probe(bots)
      assert.deepStrictEqual([...ages.keys()], ["probed"])
      assert.isAtLeast(ages.get("probed") ?? -1, 0)
      assert.isBelow(ages.get("probed") ?? Infinity, 4 * Duration.toMillis(probePeriod))
      yield* stop
    }),
  )
})
