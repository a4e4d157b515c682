/** An hour under load: in no sixty seconds of it are there more requests than the quota allows. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "../../src/config/Settings.ts"
import { type Call, RateLimiter } from "../../src/sheets/RateLimiter.ts"
import { SheetsError } from "../../src/sheets/SheetsError.ts"

const perMinute = 50
const spacing = 667
const inFlightMax = 10
const startBurst = 20

const limited = RateLimiter.layer.pipe(
  Layer.provide(
    Settings.layerTest({
      sheetsRequestsPerSecond: 1.5,
      sheetsStartBurst: startBurst,
      sheetsMaxConcurrent: inFlightMax,
      sheetsReadsPerMinute: perMinute,
      sheetsWritesPerMinute: perMinute,
    }),
  ),
)

interface Sent {
  readonly call: Call
  readonly asked: number
  readonly started: number
  /** How many calls were in flight, with this one. */
  readonly inFlight: number
  readonly refused: boolean
}

/** Makes random numbers that are the same in every run. */
const numbers = () => {
  let state = 20_261_122
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

const quota = new SheetsError({
  method: "values",
  spreadsheet: "demo",
  reason: { _tag: "Quota", retryAfterMs: null, perMinute: 60 },
})

/** Tabs that refill, flush and correct as fast as they may, and people who come and go. */
const busyHour = (refusedOf: number) =>
  Effect.gen(function* () {
    const limiter = yield* RateLimiter
    const random = numbers()
    const log: Array<Sent> = []
    let inFlight = 0

    const send = (call: Call, slowest: number) =>
      Effect.gen(function* () {
        const asked = yield* Clock.currentTimeMillis
        const refused = random(1000) < refusedOf
        const work = Effect.gen(function* () {
          const started = yield* Clock.currentTimeMillis
          inFlight++
          log.push({ call, asked, started, inFlight, refused })
          yield* Effect.sleep(50 + random(slowest))
          if (refused) return yield* quota
        })
        const over = Effect.sync(() => void inFlight--)
        yield* Effect.ignore(limiter.run(call, Effect.ensuring(work, over)))
      })

    const bucket = () => (random(2) === 0 ? ("read" as const) : ("write" as const))
    const tab = Effect.forever(
      Effect.suspend(() => send({ bucket: bucket(), urgency: "background" }, 12_000)),
    )
    const person = Effect.suspend(() => send({ bucket: bucket(), urgency: "person" }, 3_000))
    const people = Effect.forever(
      Effect.suspend(() => Effect.sleep(500 + random(9_000))).pipe(
        // Some people lose patience and leave.
        Effect.andThen(
          Effect.suspend(() => Effect.forkChild(Effect.timeoutOption(person, 800 + random(9_000)))),
        ),
      ),
    )
    const fibers = yield* Effect.forEach(
      [...Array.from({ length: 16 }, () => tab), people],
      (work) => Effect.forkChild(work),
    )
    yield* TestClock.adjust("1 hour")
    yield* Fiber.interruptAll(fibers)
    return log
  })

const mostInAMinute = (log: ReadonlyArray<Sent>) => {
  let most = 0
  let first = 0
  for (const [index, { started }] of log.entries()) {
    while ((log[first]?.started ?? started) <= started - 60_000) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}

const of = (log: ReadonlyArray<Sent>, bucket: Call["bucket"]) =>
  log.filter(({ call, refused }) => call.bucket === bucket && !refused)

describe("quota", () => {
  for (const refused of [0, 5]) {
    it.effect(`holds in every minute of a busy hour, ${refused} of 1000 calls refused`, () =>
      Effect.gen(function* () {
        const log = yield* busyHour(refused)
        for (const bucket of ["read", "write"] as const) {
          assert.isAtMost(mostInAMinute(of(log, bucket)), perMinute)
        }
        // The first reads and writes of a start need no distance.
        const starts = log.map(({ started }) => started)
        const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0))
        const short = gaps.flatMap((gap, index) => (gap < spacing ? [starts[index] ?? 0] : []))
        assert.isBelow(short.length, 2 * startBurst)
        assert.isBelow(Math.max(...short), 60_000)
        assert.isAtMost(Math.max(...log.map(({ inFlight }) => inFlight)), inFlightMax)
        // The load was high: without refusals nearly all that is allowed was used.
        if (refused === 0) assert.isAbove(log.length, 60 * 70)
      }).pipe(Effect.provide(limited)),
    )
  }

  it.effect("a person waits for nothing that was not in flight when he came", () =>
    Effect.gen(function* () {
      const log = yield* busyHour(0)
      const persons = log.filter(({ call }) => call.urgency === "person")
      assert.isAbove(persons.length, 300)
      for (const { call, asked, started } of persons) {
        const meanwhile = log.filter(
          (one) =>
            one.call.urgency === "background" && one.started > asked && one.started < started,
        )
        for (const other of meanwhile) {
          assert.notStrictEqual(other.call.bucket, call.bucket)
          assert.isAtMost(other.started + spacing, started)
          assert.isBelow(other.inFlight, inFlightMax)
        }
      }
    }).pipe(Effect.provide(limited)),
  )
})
