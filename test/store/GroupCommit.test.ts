import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { makeGroupCommit } from "../../src/store/SqliteJournal.ts"

const numbers = Array.from({ length: 50 }, (_, n) => n)

describe("GroupCommit", () => {
  it.effect("hands over all that waits, in the order of the calls", () =>
    Effect.gen(function* () {
      const batches: Array<ReadonlyArray<number>> = []
      const group = yield* makeGroupCommit<number, string, never>({
        commit: (jobs) => {
          batches.push(jobs)
          return jobs.map((job) => Exit.succeed(`done ${job}`))
        },
        closed: () => assert.fail("it is open"),
      })
      const answers = yield* Effect.forEach(numbers, group.submit, { concurrency: "unbounded" })
      assert.deepStrictEqual(
        answers,
        numbers.map((n) => `done ${n}`),
      )
      assert.deepStrictEqual(batches.flat(), numbers)
      assert.isBelow(batches.length, numbers.length)
    }),
  )

  it.effect("gives a defect of a commit to its callers and goes on", () =>
    Effect.gen(function* () {
      const group = yield* makeGroupCommit<number, number, never>({
        commit: (jobs) => {
          if (jobs.includes(13)) throw new Error("a bug")
          return jobs.map((job) => Exit.succeed(job))
        },
        closed: () => assert.fail("it is open"),
      })
      const exits = yield* Effect.forEach([group.submit(13), group.submit(14)], Effect.exit, {
        concurrency: "unbounded",
      })
      assert.deepStrictEqual(exits.map(Exit.hasDies), [true, true])
      assert.strictEqual(yield* group.submit(1), 1)
    }),
  )

  it.effect("commits what was submitted before it closes and refuses what comes after", () =>
    Effect.gen(function* () {
      const committed: Array<number> = []
      const scope = yield* Scope.make()
      const group = yield* makeGroupCommit<number, void, string>({
        commit: (jobs) => {
          committed.push(...jobs)
          return jobs.map(() => Exit.void)
        },
        closed: () => "closed",
      }).pipe(Scope.provide(scope))
      const waiting = yield* Effect.forkChild(group.submit(1), { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(committed, [1])
      assert.strictEqual(yield* Effect.flip(group.submit(2)).pipe(Effect.orDie), "closed")
      yield* group.drain
    }),
  )
})
