import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import { expireReservations, reservationTimer } from "../../src/scheduler/Timers.ts"
import { capture } from "../observe/logged.ts"
import { proxiesOn, reserve, stocked, ttl } from "../pool/proxies/fixtures.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { pass } from "./bench.ts"

const ends = Proxies.use((proxies) =>
  Effect.map(proxies.unshown, (all) => all.map(({ end, at }) => ({ end, at }))),
)

describe("the timer of reservations", () => {
  it.effect(
    "notes a time-out within a quarter of a minute, once the waiting taps are handled",
    () =>
      Effect.gen(function* () {
        const { proxies, ids } = yield* stocked(1)
        yield* proxies.reserve(reserve(ids[0]!))
        yield* TestClock.adjust(2 * ttl)
        assert.deepStrictEqual(yield* ends, [])
        yield* CaughtUp.use((caughtUp) => caughtUp.open)
        yield* pass("5 seconds")
        assert.deepStrictEqual(
          (yield* ends).map(({ end }) => end),
          ["timedOut"],
        )

        const next = yield* proxies.reserve(reserve(ids[0]!))
        yield* pass(ttl + 17_000)
        const at = (yield* ends).at(-1)?.at ?? 0
        assert.isAtLeast(at, next.until)
        assert.isAtMost(at, next.until + 15_000)
      }).pipe(
        Effect.provide(
          reservationTimer.pipe(Layer.provideMerge(Layer.merge(proxiesOn(), CaughtUp.layer))),
        ),
      ),
  )

  it.effect("waits quietly for a disk that refuses", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const { lines, layer } = yield* capture
      yield* Effect.gen(function* () {
        const { proxies, ids } = yield* stocked(1)
        yield* proxies.reserve(reserve(ids[0]!))
        yield* TestClock.adjust(ttl)
        disk.failing = true
        // The first run meets the disk, and the proxies close and tell that once.
        yield* expireReservations
        yield* expireReservations.pipe(Effect.provide(layer))
        assert.deepStrictEqual(lines, [])
        disk.failing = false
        yield* TestClock.adjust("2 seconds")
        yield* expireReservations
        assert.lengthOf(yield* ends, 1)
      }).pipe(Effect.provide(proxiesOn(disk)))
    }),
  )
})
