/** The proxies as a service: many people at once, the disk, a start in the middle, what is read. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Option, PubSub, Ref } from "effect"
import { TestClock } from "effect/testing"
import type { Catalogue } from "../../../src/domain/Catalogue.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { CountryCode, endpointKey, ProxyId, sessionKey } from "../../../src/domain/Proxy.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { Alarms } from "../../../src/observe/Alarms.ts"
import { Pools } from "../../../src/pool/Pools.ts"
import { Proxies, registry } from "../../../src/pool/proxies/Proxies.ts"
import { evolve } from "../../../src/pool/proxies/rules.ts"
import { empty } from "../../../src/pool/proxies/proxyState.ts"
import { Journal, StorageUnavailable } from "../../../src/store/Journal.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import { anna, boris, load, message, names } from "../fixtures.ts"
import {
  add,
  cancel,
  day,
  endpoint,
  looked,
  noon,
  on,
  proxiesOn,
  reserve,
  row,
  rowOf,
  stocked,
  take,
  ttl,
} from "./fixtures.ts"

const refusal = <A, E extends { readonly _tag: string }>(self: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(self), ({ _tag }) => _tag)
const raised = Effect.flatMap(Alarms, (alarms) => alarms.raised)
const idsOf = (all: ReadonlyArray<{ readonly id: ProxyId }>): ReadonlyArray<ProxyId | undefined> =>
  all.map(({ id }) => id)

describe("at the same moment", () => {
  it.effect("two people reserve one proxy: one gets it", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(1)
      const ask = (by: TelegramId) =>
        Effect.exit(proxies.reserve(reserve(ids[0]!, { by, message: message(by) })))
      const [first, second] = yield* Effect.all([ask(anna), ask(boris)], {
        concurrency: "unbounded",
      })
      assert.isTrue(Exit.isSuccess(first))
      assert.deepInclude(yield* Effect.flip(second), {
        _tag: "ProxyUnavailable",
        proxy: ids[0]!,
        reason: "reserved",
      })
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("many take what they can: each target of each proxy goes to one person", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(5)
      const person = (n: number) =>
        Effect.gen(function* () {
          const by = TelegramId.make(1000 + n)
          const id = ids[n % ids.length]!
          const { generation } = yield* proxies.reserve(
            reserve(id, { by, message: message(by), targets: [n % 2 === 0 ? "vk" : "ok"] }),
          )
          yield* proxies.take(take(id, generation, by))
        }).pipe(Effect.exit)
      const wave = Effect.forEach(names(40), (_, n) => person(n), { concurrency: "unbounded" })
      const waves = [yield* wave, yield* wave].flat()
      assert.lengthOf(waves.filter(Exit.isSuccess), 10)
      const uses = (yield* proxies.registry).flatMap((proxy) =>
        proxy.uses.map(({ target }) => `${proxy.id} ${target}`),
      )
      assert.lengthOf(uses, 10)
      assert.strictEqual(new Set(uses).size, 10)
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("one person takes at the very time-out while the timer runs: one of the two wins", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(1)
      const { until } = yield* proxies.reserve(reserve(ids[0]!))
      yield* TestClock.setTime(until)
      const [, answer] = yield* Effect.all(
        [proxies.tell({ _tag: "Expire" }), Effect.flip(proxies.take(take(ids[0]!, 1)))],
        { concurrency: "unbounded" },
      )
      assert.deepInclude(answer, { _tag: "ReservationOver", reason: "timedOut" })
      assert.deepStrictEqual(
        (yield* proxies.unshown).map(({ end }) => end),
        ["timedOut"],
      )
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("two tabs' worth of new rows get different ids", () =>
    Effect.gen(function* () {
      const { proxies } = yield* stocked(1)
      const rows = names(50).map((_, n) => row(n + 1))
      yield* Effect.all([proxies.tell(looked(rows)), proxies.tell(looked(rows))], {
        concurrency: "unbounded",
      })
      const all = yield* proxies.registry
      assert.lengthOf(all, 50)
      assert.strictEqual(new Set(idsOf(all)).size, 50)
    }).pipe(Effect.provide(proxiesOn())),
  )
})

describe("durable before visible", () => {
  it.effect("an answer and a refusal wait for the disk, reading does not", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const held = yield* Ref.make(false)
      const layer = proxiesOn(undefined, (journal) => ({
        write: (writes) =>
          Effect.flatMap(Ref.get(held), (wait) =>
            Effect.andThen(wait ? Deferred.await(gate) : Effect.void, journal.write(writes)),
          ),
      }))
      yield* Effect.gen(function* () {
        const { proxies, ids } = yield* stocked(1)
        yield* Ref.set(held, true)
        const fork = (by: TelegramId) =>
          Effect.forkChild(
            Effect.exit(proxies.reserve(reserve(ids[0]!, { by, message: message(by) }))),
            { startImmediately: true },
          )
        const first = yield* fork(anna)
        const second = yield* fork(boris)
        yield* TestClock.adjust("1 second")
        assert.isUndefined(first.pollUnsafe())
        assert.isUndefined(second.pollUnsafe())
        assert.lengthOf(yield* proxies.free(["vk"]), 1)
        yield* Deferred.succeed(gate, undefined)
        assert.isTrue(Exit.isSuccess(yield* Fiber.join(first)))
        assert.isTrue(Exit.isFailure(yield* Fiber.join(second)))
        assert.lengthOf(yield* proxies.free(["vk"]), 0)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("who goes away before the answer has taken all the same, and a stop waits", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const slow = proxiesOn(disk, (journal) => ({
        write: (writes) => Effect.delay(journal.write(writes), "1 second"),
      }))
      const program = Effect.gen(function* () {
        const proxies = yield* Proxies
        yield* Effect.forkDetach(proxies.add(add(1)), { startImmediately: true })
      }).pipe(Effect.provide(slow))
      const running = yield* Effect.forkChild(program)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(running)
      const all = yield* Effect.flatMap(Proxies, (proxies) => proxies.registry).pipe(
        Effect.provide(proxiesOn(disk)),
      )
      assert.lengthOf(all, 1)
    }),
  )

  it.effect("the events are told in the order of the journal, and fold to what is read", () =>
    Effect.gen(function* () {
      const subscription = yield* Effect.flatMap(Proxies, (proxies) => proxies.events)
      const { proxies, ids } = yield* stocked(3)
      yield* Effect.forEach(
        names(9),
        (_, n) => {
          const [id, by] = [ids[n % 3]!, TelegramId.make(1000 + n)]
          return proxies.reserve(reserve(id, { by, message: message(by) })).pipe(
            Effect.flatMap(({ generation }) => proxies.take(take(id, generation, by))),
            Effect.ignore,
          )
        },
        { concurrency: "unbounded" },
      )
      const told = yield* PubSub.takeAll(subscription)
      const { events } = yield* Effect.flatMap(Journal, (journal) => journal.restore("proxy"))
      assert.deepStrictEqual(
        told,
        events.map(({ event }) => event),
      )
      assert.deepStrictEqual(registry(told.reduce(evolve, empty)), yield* proxies.registry)
      assert.isAbove(told.length, 6)
    }).pipe(Effect.provide(proxiesOn())),
  )
})

describe("a disk that refuses", () => {
  it.effect("refuses all, shows nothing, is told of, and nothing half-done is left", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        const { proxies, ids } = yield* stocked(1)
        disk.failing = true
        const asked = refusal(proxies.reserve(reserve(ids[0]!)))
        assert.strictEqual(yield* asked, "StorageUnavailable")
        assert.strictEqual(yield* refusal(proxies.take(take(ids[0]!, 1))), "StorageUnavailable")
        assert.strictEqual(yield* refusal(proxies.tell({ _tag: "Expire" })), "StorageUnavailable")
        assert.lengthOf(yield* proxies.free(["vk"]), 1)
        yield* TestClock.adjust("100 millis")
        assert.deepStrictEqual(yield* raised, [{ _tag: "StorageUnavailable" }])
        disk.failing = false
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(yield* raised, [])
        const wish = reserve(ids[0]!, { by: boris, message: message(200) })
        assert.strictEqual((yield* proxies.reserve(wish)).generation, 1)
      }).pipe(Effect.provide(proxiesOn(disk)))
    }),
  )

  it.effect("has one alarm with the pools, until the last of them is open", () =>
    Effect.gen(function* () {
      const failing = yield* Ref.make<ReadonlyArray<string>>([])
      const layer = proxiesOn(undefined, (journal) => ({
        write: (writes) =>
          Effect.flatMap(Ref.get(failing), (pools) =>
            writes.some((write) => "pool" in write && pools.includes(write.pool))
              ? Effect.fail(new StorageUnavailable({ operation: "write", cause: "full" }))
              : journal.write(writes),
          ),
      }))
      yield* Effect.gen(function* () {
        const { proxies } = yield* stocked(1)
        const pools = yield* Pools
        yield* Ref.set(failing, ["proxy", "vk"])
        yield* refusal(pools.tell("vk", load("t1", [])))
        yield* refusal(proxies.add(add(2, { endpoints: [endpoint(9)] })))
        yield* Ref.set(failing, ["proxy"])
        yield* TestClock.adjust("1 second")
        assert.lengthOf(yield* raised, 1)
        yield* Ref.set(failing, [])
        yield* TestClock.adjust("1 second")
        assert.lengthOf(yield* raised, 0)
      }).pipe(Effect.provide(layer))
    }),
  )
})

describe("a start in the middle", () => {
  for (const snapshot of [false, true]) {
    it.effect(`goes on with the reservations${snapshot ? " of a snapshot" : ""}`, () =>
      Effect.gen(function* () {
        const disk = MemoryJournal.makeDisk()
        const [first, second] = yield* Effect.gen(function* () {
          const { proxies, ids } = yield* stocked(2)
          yield* proxies.reserve(reserve(ids[0]!))
          yield* proxies.reserve(reserve(ids[1]!, { by: boris, message: message(200) }))
          yield* proxies.take(take(ids[1]!, 1, boris))
          if (snapshot) {
            yield* proxies.snapshot
            disk.tables.events.clear()
          }
          return ids
        }).pipe(Effect.provide(proxiesOn(disk)))
        yield* TestClock.adjust("4 minutes")
        yield* Effect.gen(function* () {
          const proxies = yield* Proxies
          assert.deepStrictEqual(
            (yield* proxies.unshown).map(({ end, reservation }) => [end, reservation.proxy]),
            [["taken", second]],
          )
          assert.lengthOf(yield* proxies.free(["ok"]), 1)
          assert.strictEqual((yield* proxies.take(take(first!, 1))).by, anna)
          assert.strictEqual((yield* proxies.take(take(second!, 1, boris))).by, boris)
          assert.deepStrictEqual(yield* proxies.add(add(1)), {
            proxies: yield* proxies.registry,
            renewed: [],
          })
        }).pipe(Effect.provide(proxiesOn(disk)))
      }),
    )
  }

  it.effect("stops at an event of another kind under its name", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.flatMap(Journal, (journal) =>
        journal.write([
          {
            _tag: "PoolEvents",
            pool: "proxy",
            events: [{ _tag: "QuarantineReported", ids: [], at: 0 }],
          },
        ]),
      ).pipe(Effect.provide(MemoryJournal.layer(disk)))
      const failed = yield* Effect.flip(Effect.provide(Proxies, proxiesOn(disk)))
      assert.deepInclude(failed, { _tag: "JournalDamaged", table: "event", record: "1" })
      assert.include(failed.message, "QuarantineReported")
    }),
  )
})

describe("what is read", () => {
  it.effect("free: for all targets at once, the soonest end first", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const proxies = yield* Proxies
      const one = (n: number, until: string, targets: ReadonlyArray<string> = []) =>
        Effect.map(
          proxies.add(add(n, { endpoints: [endpoint(n)], until: on(until), targets })),
          (added) => added.proxies[0]!.id,
        )
      const late = yield* one(1, "2026-12-22")
      const soon = yield* one(2, "2026-11-22")
      yield* one(3, "2026-12-01", ["vk"])
      assert.deepStrictEqual(idsOf(yield* proxies.free(["vk", "ok"])), [soon, late])
      yield* proxies.reserve(reserve(soon))
      assert.deepStrictEqual(idsOf(yield* proxies.free(["vk"])), [late])
      yield* TestClock.adjust(ttl)
      assert.deepStrictEqual(idsOf(yield* proxies.free(["vk"])), [soon, late])
      yield* TestClock.adjust(day)
      assert.deepStrictEqual(idsOf(yield* proxies.free(["vk"])), [late])
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("find and known", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(2)
      assert.deepStrictEqual(
        Option.map(yield* proxies.find(ids[1]!), ({ endpoint: at }) => at),
        Option.some(endpoint(2)),
      )
      assert.isTrue(Option.isNone(yield* proxies.find("not an id")))
      const asked = [endpoint(2, { password: "other" }), endpoint(3)]
      const known = proxies.known(asked)
      assert.deepStrictEqual([...(yield* known).logins], [endpointKey(endpoint(2))])
      assert.isFalse((yield* known).lines.has(sessionKey(asked[0]!)))
      const exact = yield* proxies.known([endpoint(2), endpoint(3)])
      assert.deepStrictEqual([...exact.lines], [sessionKey(endpoint(2))])
      yield* proxies.tell(looked((yield* proxies.registry).map(rowOf)))
      yield* proxies.tell(looked([row(1)]))
      assert.deepStrictEqual([...(yield* known).logins], [])
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("heldBy: what a person took and has not ended, the newest first", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(3)
      for (const id of [ids[1]!, ids[0]!]) {
        yield* TestClock.adjust("1 second")
        const { generation } = yield* proxies.reserve(reserve(id))
        yield* proxies.take(take(id, generation))
      }
      yield* proxies.reserve(reserve(ids[2]!))
      assert.deepStrictEqual(idsOf(yield* proxies.heldBy(anna)), [ids[0]!, ids[1]!])
      assert.deepStrictEqual(yield* proxies.heldBy(boris), [])
      yield* TestClock.adjust(31 * day)
      assert.deepStrictEqual(yield* proxies.heldBy(anna), [])
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("countries: the one added to last first", () =>
    Effect.gen(function* () {
      const { proxies } = yield* stocked(2)
      const [germany, france] = [CountryCode.make("DE"), CountryCode.make("FR")]
      yield* proxies.add(add(2, { endpoints: [endpoint(8)], country: france }))
      assert.deepStrictEqual(yield* proxies.countries, [france, germany])
      yield* proxies.add(add(3, { endpoints: [endpoint(9)] }))
      assert.deepStrictEqual(yield* proxies.countries, [germany, france])
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("registry: all that have a row or wait for one, as they were added", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(2)
      yield* proxies.tell(looked([row(9), row(2), row(1)]))
      const newcomer = (yield* proxies.registry)[2]
      assert.deepStrictEqual(newcomer?.endpoint, endpoint(9))
      yield* proxies.tell(looked([row(9), row(2)]))
      assert.deepStrictEqual(idsOf(yield* proxies.registry), [ids[1], newcomer?.id])
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("ending: within two days, taken by somebody, not told and not gone", () =>
    Effect.gen(function* () {
      const { proxies, ids } = yield* stocked(3)
      const [first, second] = [ids[0]!, ids[1]!]
      for (const [id, by, target] of [
        [first, boris, "ok"],
        [first, anna, "vk"],
        [first, anna, "mamba"],
        [second, anna, "vk"],
      ] as const) {
        const { generation } = yield* proxies.reserve(reserve(id, { by, targets: [target] }))
        yield* proxies.take(take(id, generation, by))
      }
      const ending = Effect.map(proxies.ending, (all) =>
        all.map(({ proxy, holders }) => [proxy.id, holders]),
      )
      // The last minute of 19 December in Moscow, and the first of the 20th.
      yield* TestClock.setTime(Date.UTC(2026, 11, 19, 20, 59))
      assert.deepStrictEqual(yield* ending, [])
      yield* TestClock.setTime(Date.UTC(2026, 11, 19, 21))
      const both = [
        [first, [boris, anna]],
        [second, [anna]],
      ]
      assert.deepStrictEqual(yield* ending, both)
      yield* TestClock.setTime(Date.UTC(2026, 11, 22, 20, 59))
      assert.deepStrictEqual(yield* ending, both)
      yield* proxies.tell({ _tag: "ExpiryTold", ids: [first] })
      assert.deepStrictEqual(yield* ending, [[second, [anna]]])
      yield* proxies.tell(looked((yield* proxies.registry).map(rowOf)))
      yield* proxies.tell(looked([row(1), row(3)]))
      assert.deepStrictEqual(yield* ending, [])
      yield* proxies.tell(looked([row(1), row(2), row(3)]))
      assert.lengthOf(yield* ending, 1)
      yield* TestClock.setTime(Date.UTC(2026, 11, 22, 21))
      assert.deepStrictEqual(yield* ending, [])
    }).pipe(Effect.provide(proxiesOn())),
  )

  it.effect("a catalogue without proxies has none, and nothing comes of asking", () => {
    const [first, ...others] = shippedCatalogue.resources
    const catalogue: Catalogue = {
      resources: [first, ...others.filter(({ group }) => group !== "proxies")],
    }
    return Effect.gen(function* () {
      const proxies = yield* Proxies
      const id = ProxyId.make("ZZZZZZZZZZ")
      assert.isTrue(Option.isNone(proxies.resource))
      assert.deepStrictEqual(yield* proxies.add(add(1)), { proxies: [], renewed: [] })
      yield* proxies.tell(looked([row(1)]))
      assert.deepInclude(yield* Effect.flip(proxies.reserve(reserve(id))), { reason: "gone" })
      assert.deepInclude(yield* Effect.flip(proxies.take(take(id, 1))), { reason: "unknown" })
      assert.deepInclude(yield* Effect.flip(proxies.cancel(cancel(id, 1))), { reason: "unknown" })
      assert.deepStrictEqual(yield* proxies.registry, [])
      yield* proxies.snapshot
      yield* proxies.drain
    }).pipe(Effect.provide(proxiesOn(undefined, undefined, catalogue)))
  })
})
