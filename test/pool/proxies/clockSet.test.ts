/** Reservations while somebody sets the clock on the wall, forward or back. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Proxies } from "../../../src/pool/proxies/Proxies.ts"
import { hour, hourSteps, withWallClock } from "../../observe/wallClock.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import { boris } from "../fixtures.ts"
import { extend, proxiesOn, reserve, stocked, take, ttl } from "./fixtures.ts"

const expire = Proxies.use(({ tell }) => tell({ _tag: "Expire" }))
const isFree = Proxies.use(({ free }) => Effect.map(free(["vk"]), ({ length }) => length === 1))
const second = Duration.seconds(1)
const almost = Duration.subtract(Duration.millis(ttl), second)
const day = 24 * hour

const steps = [...hourSteps, ["back by a day", -day], ["forward by a day", day]] as const

describe("a reservation", () => {
  for (const [name, by] of steps) {
    it.effect(`lasts its minutes while the clock is set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const { proxies, ids } = yield* stocked(1)
          yield* proxies.reserve(reserve(ids[0]!))
          yield* step(by)
          yield* TestClock.adjust(almost)
          yield* expire
          assert.isFalse(yield* isFree)
          const refused = yield* Effect.flip(proxies.reserve(reserve(ids[0]!, { by: boris })))
          assert.deepInclude(refused, { _tag: "ProxyUnavailable", reason: "reserved" })
          yield* TestClock.adjust(second)
          assert.isTrue(yield* isFree)
          const late = yield* Effect.flip(proxies.take(take(ids[0]!, 1)))
          assert.deepInclude(late, { _tag: "ReservationOver", reason: "timedOut" })
          yield* proxies.reserve(reserve(ids[0]!, { by: boris }))
        }).pipe(Effect.provide(proxiesOn())),
      ),
    )

    it.effect(
      `lasts five minutes longer where it was extended, while the clock is set ${name}`,
      () =>
        withWallClock((step) =>
          Effect.gen(function* () {
            const { proxies, ids } = yield* stocked(1)
            yield* proxies.reserve(reserve(ids[0]!))
            yield* TestClock.adjust(almost)
            yield* step(by)
            yield* proxies.extend(extend(ids[0]!, 1))
            yield* step(by)
            yield* TestClock.adjust(Duration.minutes(5))
            yield* expire
            assert.isFalse(yield* isFree)
            yield* TestClock.adjust(second)
            assert.isTrue(yield* isFree)
          }).pipe(Effect.provide(proxiesOn())),
        ),
    )

    it.effect(`can be taken to the end while the clock is set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const { proxies, ids } = yield* stocked(1)
          yield* proxies.reserve(reserve(ids[0]!))
          yield* step(by)
          yield* TestClock.adjust(almost)
          yield* expire
          yield* proxies.take(take(ids[0]!, 1))
        }).pipe(Effect.provide(proxiesOn())),
      ),
    )
  }

  it.effect(
    "gets its minutes anew at most when the clock was set back while the bot was down",
    () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const disk = MemoryJournal.makeDisk()
          const run = <A, E>(effect: Effect.Effect<A, E, Proxies>) =>
            Effect.provide(effect, proxiesOn(disk), { local: true })
          yield* run(
            Effect.gen(function* () {
              const { proxies, ids } = yield* stocked(1)
              yield* proxies.reserve(reserve(ids[0]!))
            }),
          )
          yield* step(-day)
          yield* run(
            Effect.gen(function* () {
              yield* TestClock.adjust(almost)
              assert.isFalse(yield* isFree)
              yield* TestClock.adjust(second)
              assert.isTrue(yield* isFree)
            }),
          )
        }),
      ),
  )

  it.effect("goes on with what is left of it after a start, and is over where nothing is", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const run = <A, E>(effect: Effect.Effect<A, E, Proxies>) =>
        Effect.provide(effect, proxiesOn(disk), { local: true })
      yield* run(
        Effect.gen(function* () {
          const { proxies, ids } = yield* stocked(1)
          yield* proxies.reserve(reserve(ids[0]!))
        }),
      )
      yield* TestClock.adjust(almost)
      yield* run(
        Effect.gen(function* () {
          assert.isFalse(yield* isFree)
          yield* TestClock.adjust(second)
          assert.isTrue(yield* isFree)
        }),
      )
      yield* run(Effect.map(isFree, assert.isTrue))
    }),
  )
})
