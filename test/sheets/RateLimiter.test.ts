import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "../../src/config/Settings.ts"
import { AccountShare, type Call, RateLimiter, type Shares } from "../../src/sheets/RateLimiter.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { Tenure } from "../../src/store/Ownership.ts"
import { SheetsError } from "../../src/sheets/SheetsError.ts"
import { makeWallClock } from "../observe/wallClock.ts"

/** What holds after the first calls of a start. */
const limited = (settings: Parameters<typeof Settings.layerTest>[0] = {}) =>
  RateLimiter.layer.pipe(Layer.provide(Settings.layerTest({ sheetsStartBurst: 1, ...settings })))

const read: Call = { bucket: "read", urgency: "background" }
const write: Call = { bucket: "write", urgency: "background" }

const quota = new SheetsError({
  method: "values",
  spreadsheet: "demo",
  reason: { _tag: "Quota", retryAfterMs: null, perMinute: null },
})

/** Runs the calls at once; answers when each started, by name. */
const starts = (
  calls: ReadonlyArray<readonly [string, Call, Effect.Effect<void, SheetsError>?]>,
  seconds = 120,
) =>
  Effect.gen(function* () {
    const limiter = yield* RateLimiter
    const log = yield* Ref.make<ReadonlyArray<readonly [string, number]>>([])
    const fibers = yield* Effect.forEach(calls, ([name, call, work = Effect.void]) =>
      Effect.forkChild(
        limiter.run(
          call,
          Effect.andThen(
            Effect.flatMap(Clock.currentTimeMillis, (at) =>
              Ref.update(log, (all) => [...all, [name, at] as const]),
            ),
            work,
          ),
        ),
      ),
    )
    yield* TestClock.adjust(`${seconds} seconds`)
    yield* Effect.forEach(fibers, (fiber) => Fiber.await(fiber))
    return yield* Ref.get(log)
  })

describe("a service account that several bots share", () => {
  const minuteOf = (seconds = 60) =>
    Effect.map(
      starts(
        Array.from({ length: 60 }, (_, n) => [`${n}`, n % 2 === 0 ? read : write]),
        3_600,
      ),
      (log) => {
        const first = log[0]?.[1] ?? 0
        return log.filter(([, at]) => at < first + seconds * 1_000).length
      },
    )
  const sharedBy = (shares: Ref.Ref<Shares>, settings = {}) =>
    Layer.provide(
      limited({ sheetsMaxConcurrent: 40, sheetsRequestsPerSecond: 100, ...settings }),
      Layer.succeed(AccountShare, Ref.get(shares)),
    )

  it.effect(
    "gives each of them its part of every setting, also of the first calls of a start",
    () =>
      Effect.gen(function* () {
        const shares = yield* Ref.make<Shares>({ requests: 1, read: 5, write: 5 })
        const layer = sharedBy(shares, { sheetsStartBurst: 20 })
        assert.isAtMost(yield* Effect.provide(minuteOf(), layer), 20)
        const alone = { requests: 1, read: 1, write: 1 }
        yield* Ref.set(shares, alone)
        const layerAlone = sharedBy(shares, { sheetsStartBurst: 20 })
        assert.strictEqual(yield* Effect.provide(minuteOf(), layerAlone), 60)
        yield* Ref.set(shares, { ...alone, requests: 3 })
        const spaced = sharedBy(shares, { sheetsRequestsPerSecond: 1 })
        const log = yield* Effect.provide(
          starts([
            ["a", read],
            ["b", write],
            ["c", read],
          ]),
          spaced,
        )
        const first = log[0]?.[1] ?? 0
        assert.deepStrictEqual(
          log.map(([, at]) => at - first),
          [0, 3_000, 6_000],
        )
      }),
  )

  it.effect("gives more or less when bots come and go, without a start anew", () =>
    Effect.gen(function* () {
      const shares = yield* Ref.make<Shares>({ requests: 1, read: 1, write: 1 })
      yield* Effect.gen(function* () {
        const alone = yield* minuteOf()
        assert.isAbove(alone, 50)
        yield* Ref.set(shares, { requests: 1, read: 5, write: 5 })
        const shared = yield* minuteOf()
        assert.isAtMost(shared, 20)
        assert.isAbove(shared, 10)
        yield* Ref.set(shares, { requests: 1, read: 1, write: 1 })
        assert.strictEqual(yield* minuteOf(), alone)
      }).pipe(Effect.provide(sharedBy(shares)))
    }),
  )
})

describe("RateLimiter", () => {
  it.effect("spaces starts strictly", () =>
    Effect.gen(function* () {
      const log = yield* starts(Array.from({ length: 5 }, (_, n) => [`${n}`, n < 3 ? read : write]))
      assert.deepStrictEqual(
        log.map(([, at]) => at),
        [0, 667, 1334, 2001, 2668],
      )
    }).pipe(Effect.provide(limited())),
  )

  it.effect(
    "lets the first reads and writes of a start go at once, and spaces those after it",
    () =>
      Effect.gen(function* () {
        const calls = Array.from({ length: 24 }, (_, n) => [
          [`read ${n}`, read] as const,
          [`write ${n}`, write] as const,
        ])
        const log = yield* starts(calls.flat())
        const times = log.map(([, at]) => at)
        assert.strictEqual(times.filter((at) => at === 0).length, 39)
        assert.deepStrictEqual(times.slice(39, 43), [667, 1334, 2001, 2668])
        // Once they are used up they do not come back.
        yield* TestClock.adjust("1 hour")
        const later = yield* starts(calls.flat().slice(0, 3))
        const [first = 0] = later.map(([, at]) => at)
        assert.deepStrictEqual(
          later.map(([, at]) => at - first),
          [0, 667, 1334],
        )
      }).pipe(Effect.provide(limited({ sheetsStartBurst: 20, sheetsMaxConcurrent: 40 }))),
  )

  it.effect("lets no more go at once after a start than fit into a small quota", () =>
    Effect.gen(function* () {
      const busy = Array.from({ length: 60 }, () => ["read", read] as const)
      const times = (yield* starts(busy, 600)).map(([, at]) => at)
      assert.lengthOf(times, 60)
      assert.strictEqual(times.filter((at) => at === 0).length, 5)
      for (const from of times) {
        assert.isAtMost(times.filter((at) => at >= from && at < from + 60_000).length, 10)
      }
    }).pipe(Effect.provide(limited({ sheetsStartBurst: 20, sheetsReadsPerMinute: 10 }))),
  )

  it.effect(
    "of a bot that was taken over keeps within a minute's calls together with the former",
    () =>
      Effect.gen(function* () {
        const log = yield* Ref.make<ReadonlyArray<number>>([])
        /** As many calls as it may make, by the clock of both processes. */
        const busy = Effect.gen(function* () {
          const limiter = yield* RateLimiter
          const call = (which: Call) =>
            limiter.run(
              which,
              Effect.flatMap(Clock.currentTimeMillis, (at) =>
                Ref.update(log, (all) => [...all, at]),
              ),
            )
          yield* Effect.forEach(Array.from({ length: 200 }), () => Effect.forkChild(call(read)))
          return yield* Effect.never
        })
        const settings = Settings.layerTest({ sheetsStartBurst: 20, sheetsRequestsPerSecond: 100 })
        const over = (wasAnothers: boolean) =>
          busy.pipe(
            Effect.provide(RateLimiter.layer.pipe(Layer.provide(settings)), { local: true }),
            Effect.provideService(Tenure, { proven: () => Effect.void, wasAnothers }),
          )
        const former = yield* Effect.forkChild(over(false))
        // In steps, so that what a call wakes gets its turn.
        const pass = (seconds: number) =>
          Effect.repeat(TestClock.adjust("1 second"), { times: seconds - 1 })
        yield* pass(70)
        const takenAt = yield* Clock.currentTimeMillis
        const newer = yield* Effect.forkChild(over(true))
        yield* Effect.yieldNow
        yield* Fiber.interrupt(former)
        yield* pass(180)
        yield* Fiber.interrupt(newer)
        const times = yield* Ref.get(log)
        const before = times.filter((at) => at < takenAt)
        const after = times.filter((at) => at >= takenAt)
        assert.isAbove(before.length, 50)
        assert.isAbove(after.length, 90)
        assert.strictEqual(after[0], takenAt + 60_000)
        for (const from of times) {
          assert.isAtMost(times.filter((at) => at >= from && at < from + 60_000).length, 50)
        }
      }),
  )

  it.effect("tells how many calls may still start in the sixty seconds up to now", () =>
    Effect.gen(function* () {
      const { gauge } = yield* Vitals
      const left = Effect.all([gauge("sheetsReadsLeft"), gauge("sheetsWritesLeft")])
      assert.deepStrictEqual(yield* left, [50, 50])
      yield* starts(
        [
          ["a", read],
          ["b", read],
          ["c", write],
        ] as const,
        10,
      )
      assert.deepStrictEqual(yield* left, [48, 49])
      yield* TestClock.adjust("60 seconds")
      assert.deepStrictEqual(yield* left, [50, 50])
    }).pipe(Effect.provide(Layer.merge(limited(), Vitals.layer))),
  )

  it.effect("lets nobody wait because the clock was set back, or forward", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const { wall, step } = yield* makeWallClock
      yield* Effect.gen(function* () {
        const limiter = yield* RateLimiter
        const started: Array<number> = []
        const call = limiter.run(
          read,
          Effect.sync(() => void started.push(clock.currentTimeMillisUnsafe())),
        )
        for (const by of [0, -3_600_000, 10_800_000, -93_600_000]) {
          yield* step(by)
          yield* Effect.forkChild(call)
          yield* TestClock.adjust("2 seconds")
        }
        assert.deepStrictEqual(started, [0, 2_000, 4_000, 6_000])
        const burst = Array.from({ length: 20 }, () => call)
        yield* Effect.forkChild(Effect.all(burst, { concurrency: "unbounded" }))
        yield* TestClock.adjust("10 seconds")
        assert.isAtMost(started.length, 4 + 16, "a step forward brings no tokens")
      }).pipe(Effect.provide(limited()), Effect.provideService(Clock.Clock, wall))
    }),
  )

  it.effect("counts reads and writes apart, so many a minute", () =>
    Effect.gen(function* () {
      const calls = (call: Call) => Array.from({ length: 8 }, () => [call.bucket, call] as const)
      const log = yield* starts([...calls(read), ...calls(write)], 240)
      const reads = log.filter(([name]) => name === "read").map(([, at]) => at)
      assert.deepStrictEqual(
        reads.map((at) => Math.round(at / 1000)),
        [0, 30, 60, 90, 120, 150, 180, 210],
      )
      const writes = log.filter(([name]) => name === "write").map(([, at]) => at)
      assert.isBelow(writes[7] ?? Number.NaN, 12_000)
    }).pipe(Effect.provide(limited({ sheetsReadsPerMinute: 2, sheetsRequestsPerSecond: 10 }))),
  )

  it.effect("never has more in flight than it may", () =>
    Effect.gen(function* () {
      const now = yield* Ref.make(0)
      const peak = yield* Ref.make(0)
      const slow = Effect.acquireUseRelease(
        Ref.updateAndGet(now, (n) => n + 1),
        (n) =>
          Effect.andThen(
            Ref.update(peak, (m) => Math.max(m, n)),
            Effect.sleep("9 seconds"),
          ),
        () => Ref.update(now, (n) => n - 1),
      )
      const log = yield* starts(Array.from({ length: 7 }, (_, n) => [`${n}`, write, slow]))
      assert.strictEqual(yield* Ref.get(peak), 3)
      assert.strictEqual(log.length, 7)
    }).pipe(Effect.provide(limited({ sheetsMaxConcurrent: 3 }))),
  )

  it.effect("lets a person who waits go first", () =>
    Effect.gen(function* () {
      const log = yield* starts([
        ["first", write],
        ["second", write],
        ["third", read],
        ["person", { bucket: "write", urgency: "person" }],
        ["other person", { bucket: "write", urgency: "person" }],
      ])
      assert.deepStrictEqual(
        log.map(([name]) => name),
        ["first", "person", "other person", "second", "third"],
      )
    }).pipe(Effect.provide(limited())),
  )

  it.effect("pauses a bucket after a refusal until the next minute, and the other goes on", () =>
    Effect.gen(function* () {
      const log = yield* starts([
        ["refused", read, Effect.fail(quota)],
        ["read", read],
        ["write", write],
      ])
      const at = new Map(log)
      assert.strictEqual(at.get("write"), 667)
      assert.isAtLeast(at.get("read") ?? 0, 61_000)
      assert.isAtMost(at.get("read") ?? 0, 65_000)
    }).pipe(Effect.provide(limited())),
  )

  it.effect("frees the place of one who stops waiting, and of one who goes while it works", () =>
    Effect.gen(function* () {
      const limiter = yield* RateLimiter
      const stuck = yield* Effect.forkChild(limiter.run(write, Effect.never))
      const waiting = yield* Effect.forEach(Array.from({ length: 20 }), () =>
        Effect.forkChild(limiter.run(write, Effect.never)),
      )
      yield* TestClock.adjust("100 millis")
      yield* Fiber.interruptAll(waiting)
      yield* Fiber.interrupt(stuck)
      const log = yield* starts([["next", write]])
      assert.deepStrictEqual(log, [["next", 667]])
    }).pipe(Effect.provide(limited({ sheetsMaxConcurrent: 1 }))),
  )

  it.effect("takes less after a refusal, and finds out how much there is", () =>
    Effect.gen(function* () {
      const refusal = (perMinute: number | null) =>
        Effect.fail(
          new SheetsError({
            method: "values",
            spreadsheet: "demo",
            reason: { _tag: "Quota", retryAfterMs: null, perMinute },
          }),
        )
      const perMinute = (times: ReadonlyArray<number>) =>
        Math.max(
          ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length),
        )
      const busy = Array.from({ length: 120 }, () => ["read", read] as const)
      // Google says 30, and a sixth of that stays free for others who use the account.
      const told = yield* starts([["refused", read, refusal(30)], ...busy], 600)
      assert.strictEqual(perMinute(told.slice(1).map(([, at]) => at)), 25)
      // Google says no figure below ours, so somebody shares the quota and less than our share is left.
      const shared = yield* starts([["refused", read, refusal(60)], ...busy], 600)
      const times = shared.slice(1).map(([, at]) => at)
      assert.strictEqual(perMinute(times.slice(0, 60)), 18)
      // After a while without refusals it tries more, but never more than Google said.
      yield* TestClock.adjust("1 hour")
      const later = yield* starts([...busy], 600)
      assert.strictEqual(perMinute(later.map(([, at]) => at)), 25)
    }).pipe(Effect.provide(limited())),
  )
})
