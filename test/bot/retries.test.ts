import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { retrying } from "../../src/bot/Telegram.ts"
import { isDefinite, TelegramError, type TelegramFailure } from "../../src/bot/TelegramError.ts"

const limited = (seconds: number): TelegramFailure => ({
  _tag: "RateLimited",
  retryAfter: Duration.seconds(seconds),
})
const unsure: TelegramFailure = { _tag: "Unsure" }

/** A call that fails like this, then works; and the moments of its attempts. */
const run = (kind: "once" | "idempotent", failures: ReadonlyArray<TelegramFailure>) =>
  Effect.gen(function* () {
    const at: Array<number> = []
    const call = Effect.gen(function* () {
      at.push(yield* Clock.currentTimeMillis)
      const reason = failures[at.length - 1]
      if (reason !== undefined) return yield* new TelegramError({ method: "probe", reason })
      return "done"
    })
    const fiber = yield* Effect.forkChild(
      call.pipe(
        retrying(kind),
        Effect.catch(({ reason }) => Effect.succeed(reason._tag)),
      ),
    )
    yield* TestClock.adjust("10 minutes")
    return { at, outcome: yield* Fiber.join(fiber) }
  })

describe("retrying", () => {
  for (const kind of ["once", "idempotent"] as const) {
    it.effect(`${kind}: waits exactly as long as Telegram asks`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [limited(7), limited(30), limited(1)])
        assert.deepStrictEqual(at, [0, 7_000, 37_000, 38_000])
        assert.strictEqual(outcome, "done")
      }),
    )

    it.effect(`${kind}: gives up at the fourth 429`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [limited(1), limited(1), limited(1), limited(1)])
        assert.strictEqual(at.length, 4)
        assert.strictEqual(outcome, "RateLimited")
      }),
    )

    it.effect(`${kind}: tells of a longer wait instead of making it`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [limited(31)])
        assert.deepStrictEqual(at, [0])
        assert.strictEqual(outcome, "RateLimited")
      }),
    )

    it.effect(`${kind}: a refusal is final`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [{ _tag: "Blocked" }])
        assert.deepStrictEqual(at, [0])
        assert.strictEqual(outcome, "Blocked")
      }),
    )
  }

  it.effect("a refusal after a try without an answer is no proof that nothing was shown", () =>
    Effect.gen(function* () {
      const probe = (failures: ReadonlyArray<TelegramFailure>) =>
        Effect.gen(function* () {
          let tries = 0
          const call = Effect.suspend(() => {
            const reason = failures[tries] ?? unsure
            tries += 1
            return Effect.fail(new TelegramError({ method: "probe", reason }))
          })
          const fiber = yield* Effect.forkChild(Effect.flip(retrying("idempotent")(call)))
          yield* TestClock.adjust("10 minutes")
          return yield* Fiber.join(fiber)
        })
      for (const last of [{ _tag: "Blocked" }, { _tag: "MessageGone" }, limited(60)] as const) {
        const error = yield* probe([unsure, last])
        assert.strictEqual(error.reason._tag, last._tag)
        assert.isFalse(isDefinite(error))
        assert.isTrue(isDefinite(yield* probe([last])))
      }
      assert.isTrue(isDefinite(yield* probe([limited(1), { _tag: "Blocked" }])))
    }),
  )

  it.effect("never repeats what may have worked and must not work twice", () =>
    Effect.gen(function* () {
      const { at, outcome } = yield* run("once", [unsure])
      assert.deepStrictEqual(at, [0])
      assert.strictEqual(outcome, "Unsure")
    }),
  )

  it.effect("repeats what may work twice, at growing intervals, four times in all", () =>
    Effect.gen(function* () {
      const { at, outcome } = yield* run("idempotent", [unsure, unsure, unsure, unsure])
      assert.strictEqual(outcome, "Unsure")
      assert.strictEqual(at.length, 4)
      const gaps = at.slice(1).map((moment, index) => moment - (at[index] ?? 0))
      for (const [index, middle] of [500, 1_000, 2_000].entries()) {
        assert.isAtLeast(gaps[index] ?? 0, middle * 0.8)
        assert.isAtMost(gaps[index] ?? 0, middle * 1.2)
      }
    }),
  )

  it.effect("counts waits and tries apart", () =>
    Effect.gen(function* () {
      const { at, outcome } = yield* run("idempotent", [unsure, limited(1), unsure, limited(1)])
      assert.strictEqual(at.length, 5)
      assert.strictEqual(outcome, "done")
    }),
  )
})
