/** A program that another process has taken the bot from hears nothing of it, and is stopped. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { stopWithin } from "../../src/config/Limits.ts"
import { Disowned, Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { Ownership, untilDisowned, whileOwned } from "../../src/store/Ownership.ts"
import { MemoryJournal } from "./MemoryJournal.ts"

const refusal = (cause: unknown) => new StorageUnavailable({ operation: "write", cause })

/** A journal whose writes are refused for that reason. */
const refusing = (cause: unknown) =>
  Layer.effect(
    Journal,
    Effect.map(Journal, (journal) =>
      Journal.of({
        ...journal,
        write: () => Effect.fail(refusal(cause)),
        prune: () => Effect.fail(refusal(cause)),
      }),
    ),
  ).pipe(Layer.provide(MemoryJournal.layer()))

const taken = new Disowned({ bot: "one", epoch: 3 })

/** Runs the program until it is up, and tells it to stop; gives both fibers. */
const stopped = Effect.fnUntraced(function* (
  program: Effect.Effect<never>,
  up: Deferred.Deferred<void>,
) {
  const running = yield* Effect.forkChild(untilDisowned(program))
  yield* Deferred.await(up)
  const stopping = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
  return { running, stopping }
})

describe("a bot that was taken over", () => {
  it.effect.each(["write", "prune"] as const)(
    "stops at its next %s, of which nobody hears",
    (how) =>
      Effect.gen(function* () {
        const heard = yield* Ref.make<ReadonlyArray<string>>([])
        const hear = (word: string) => Ref.update(heard, (words) => [...words, word])
        const program = Effect.gen(function* () {
          const journal = yield* Journal
          const { isLost } = yield* Ownership
          yield* Effect.addFinalizer(() =>
            Effect.flatMap(isLost, (isOver) =>
              hear(isOver ? "stops at once" : "stops in good order"),
            ),
          )
          yield* Effect.exit(how === "write" ? journal.write([]) : journal.prune(0))
          yield* hear("goes on")
        }).pipe(Effect.scoped, Effect.provide(whileOwned(refusing(taken))))
        const refused = yield* Effect.flip(untilDisowned(program))
        assert.deepStrictEqual(refused, taken)
        assert.deepStrictEqual(yield* Ref.get(heard), ["stops at once"])
      }),
  )

  it.effect("stops where nothing may interrupt it too", () =>
    Effect.gen(function* () {
      const program = Effect.uninterruptible(Journal.use(({ write }) => write([])))
      const refused = yield* Effect.flip(
        untilDisowned(Effect.provide(program, whileOwned(refusing(taken)))),
      )
      assert.deepStrictEqual(refused, taken)
    }),
  )

  it.effect("is not waited for when it does not let go", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        yield* Effect.addFinalizer(() => Effect.never)
        yield* Journal.use(({ write }) => write([]))
      }).pipe(Effect.scoped, Effect.provide(whileOwned(refusing(taken))))
      const ending = yield* Effect.forkChild(Effect.flip(untilDisowned(program)))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(ending), taken)
    }),
  )
})

describe("a bot that is told to stop", () => {
  /** A program whose end waits for a write that nobody answers. */
  const stuck = Effect.gen(function* () {
    const up = yield* Deferred.make<void>()
    const found = yield* Deferred.make<(why: Disowned) => Effect.Effect<void>>()
    const program = Effect.gen(function* () {
      const { lose } = yield* Ownership
      yield* Effect.addFinalizer(() => Effect.never)
      yield* Deferred.succeed(found, lose)
      yield* Deferred.succeed(up, undefined)
      return yield* Effect.never
    }).pipe(Effect.scoped)
    const { stopping } = yield* stopped(program, up)
    const isOver = Effect.sync(() => stopping.pollUnsafe() !== undefined)
    return { isOver, lose: (yield* Deferred.await(found))(taken) }
  })

  it.effect("is not waited for once another process has it", () =>
    Effect.gen(function* () {
      const { isOver, lose } = yield* stuck
      yield* TestClock.adjust("5 seconds")
      assert.isFalse(yield* isOver)
      yield* lose
      yield* TestClock.adjust("1 second")
      assert.isTrue(yield* isOver)
    }),
  )

  it.effect("is not waited for for ever", () =>
    Effect.gen(function* () {
      const { isOver } = yield* stuck
      yield* TestClock.adjust(stopWithin)
      assert.isFalse(yield* isOver)
      yield* TestClock.adjust(stopWithin)
      assert.isTrue(yield* isOver)
    }),
  )
})

describe("a bot that is still its process's", () => {
  it.effect("hears why the disk refuses, and goes on", () =>
    Effect.gen(function* () {
      const program = Effect.flip(Journal.use(({ write }) => write([]))).pipe(
        Effect.provide(whileOwned(refusing("no space"))),
      )
      const { cause } = yield* untilDisowned(program)
      assert.strictEqual(cause, "no space")
    }),
  )

  it.effect("is stopped in good order by a signal", () =>
    Effect.gen(function* () {
      const ended = yield* Ref.make(false)
      const up = yield* Deferred.make<void>()
      const program = Effect.gen(function* () {
        yield* Effect.addFinalizer(() =>
          Effect.andThen(Effect.sleep("5 seconds"), Ref.set(ended, true)),
        )
        yield* Deferred.succeed(up, undefined)
        return yield* Effect.never
      }).pipe(Effect.scoped)
      const { running, stopping } = yield* stopped(program, up)
      yield* TestClock.adjust("6 seconds")
      yield* Fiber.join(stopping)
      assert.isTrue(yield* Ref.get(ended))
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(running)))
    }),
  )
})
