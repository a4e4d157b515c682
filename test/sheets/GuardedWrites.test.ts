/** Each write is made once, whatever is killed, fails on the disk, or is interrupted around it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option, Ref } from "effect"
import type { OnApplied } from "../../src/sheets/Guard.ts"
import { Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { appendedRows, appendRow } from "./appending.ts"
import { accounts, during, killedAfter, pass, running, stocked, world } from "./bench.ts"
import { type BadDay, Days } from "./workbooksClient.ts"

const states = Effect.gen(function* () {
  const intents = yield* (yield* Journal).intents(accounts, 100)
  return intents.map(({ seq, state }) => `${seq} ${state}`)
})

const killed = <A, E, R>(effect: Effect.Effect<A, E, R>) => killedAfter("30 seconds", effect)

const patiently = <A, E, R>(effect: Effect.Effect<A, E, R>) => during("5 minutes", effect)

describe("a kill", () => {
  for (const kind of ["setup", "flush"] as const) {
    const before: ReadonlyArray<readonly [string, BadDay]> = [
      ["between the journal and the request", "hang"],
      ["after a request that never arrived", "lostRequest"],
      ["after a request that was applied", "lostAnswer"],
      ["before a request landed", "late"],
    ]
    for (const [moment, day] of before) {
      it.effect(`${moment}: ${kind}`, () =>
        Effect.gen(function* () {
          yield* stocked(0)
          const days = yield* Days
          const disk = MemoryJournal.makeDisk()
          yield* running(disk, appendRow("a"))
          yield* days.plant("batchUpdate", day)
          if (day !== "hang") yield* days.plant("metadata", "hang")
          yield* killed(running(disk, appendRow("b", { kind })))
          yield* days.land
          assert.deepStrictEqual(yield* patiently(running(disk, states)), [
            "2 applied",
            "1 applied",
          ])
          yield* running(disk, appendRow("c"))
          assert.deepStrictEqual(yield* appendedRows, ["a", "b", "c"])
        }).pipe(Effect.provide(world)),
      )
    }
  }

  it.effect("again and again, every 13 seconds: a lost flush is written all the same", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      yield* days.plant("batchUpdate", "lostRequest")
      const flush = (name: string) => running(disk, appendRow(name, { kind: "flush" }))
      yield* killedAfter("13 seconds", flush("a"))
      for (const name of ["b", "c"]) yield* killedAfter("13 seconds", flush(name))
      assert.deepStrictEqual(yield* appendedRows, ["a", "b", "c"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("between the answer and what is done about it", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const disk = MemoryJournal.makeDisk()
      yield* killed(running(disk, appendRow("a", { onApplied: () => Effect.never })))
      assert.deepStrictEqual(yield* appendedRows, ["a"])
      assert.deepStrictEqual(yield* running(disk, states), ["1 applied"])
      assert.deepStrictEqual(yield* appendedRows, ["a"])
    }).pipe(Effect.provide(world)),
  )
})

/** Counts how often it runs, and how often with an answer. */
const counting = Effect.gen(function* () {
  const answers = yield* Ref.make<ReadonlyArray<boolean>>([])
  const onApplied: OnApplied<void> = ({ answer }) =>
    Ref.update(answers, (all) => [...all, Option.isSome(answer)])
  return { answers: Ref.get(answers), onApplied }
})

describe("a disk that fails", () => {
  it.effect("when the write is settled: done again by the next write, sent once", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      const { answers, onApplied } = yield* counting
      const fails = yield* Ref.make(true)
      const full: OnApplied<void> = (applied) =>
        Effect.gen(function* () {
          yield* onApplied(applied)
          disk.failing = yield* Ref.getAndSet(fails, false)
        })
      yield* running(
        disk,
        Effect.gen(function* () {
          yield* days.counts
          const failure = yield* Effect.flip(appendRow("a", { onApplied: full }))
          assert.strictEqual(failure._tag, "StorageUnavailable")
          disk.failing = false
          yield* appendRow("b")
          assert.deepStrictEqual(yield* days.counts, { writes: 2, reads: 0 })
          assert.deepStrictEqual(yield* states, ["2 applied", "1 applied"])
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b"])
      assert.deepStrictEqual(yield* answers, [true, true])
    }).pipe(Effect.provide(world)),
  )

  it.effect("in what is done about the answer: done again by each next write, sent once", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const { answers, onApplied } = yield* counting
      const broken = yield* Ref.make(2)
      const failing: OnApplied<void> = (applied) =>
        Effect.gen(function* () {
          yield* onApplied(applied)
          if ((yield* Ref.getAndUpdate(broken, (n) => n - 1)) > 0) {
            return yield* new StorageUnavailable({ operation: "load", cause: "planted" })
          }
        })
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* days.counts
          const failure = yield* Effect.flip(appendRow("a", { onApplied: failing }))
          assert.strictEqual(failure._tag, "StorageUnavailable")
          assert.strictEqual((yield* Effect.flip(appendRow("b")))._tag, "StorageUnavailable")
          yield* appendRow("c")
          assert.deepStrictEqual(yield* days.counts, { writes: 2, reads: 0 })
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "c"])
      assert.deepStrictEqual(yield* answers, [true, true, true])
    }).pipe(Effect.provide(world)),
  )
})

describe("waiting callers", () => {
  it.effect("follow an unclear write in order, and send nothing before it is clear", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* appendRow("a")
          yield* days.plant("batchUpdate", "late")
          yield* days.counts
          const unclear = yield* Effect.forkChild(appendRow("b", { kind: "flush" }))
          yield* pass("1 second")
          const one = yield* Effect.forkChild(appendRow("c"))
          const two = yield* Effect.forkChild(appendRow("d"))
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
          yield* pass("10 seconds")
          yield* Fiber.joinAll([unclear, one, two])
          assert.strictEqual((yield* days.counts).writes, 3)
          yield* days.land
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b", "c", "d"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("who leave hold up nobody, and what they began is finished by the next", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const { answers, onApplied } = yield* counting
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* appendRow("a")
          yield* days.plant("batchUpdate", "hang")
          const begun = yield* Effect.forkChild(appendRow("b", { onApplied }))
          yield* pass("1 second")
          const waiting = yield* Effect.forkChild(appendRow("never"))
          const next = yield* Effect.forkChild(appendRow("c"))
          yield* pass("1 second")
          yield* Fiber.interrupt(waiting)
          yield* Fiber.interrupt(begun)
          yield* pass("10 seconds")
          yield* Fiber.join(next)
          assert.deepStrictEqual(yield* states, ["3 applied", "2 applied", "1 applied"])
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b", "c"])
      assert.deepStrictEqual(yield* answers, [true])
    }).pipe(Effect.provide(world)),
  )

  it.effect("who leave while it is done about the answer: it is done again, with the answer", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const { answers, onApplied } = yield* counting
      const hangs = yield* Ref.make(true)
      const slow: OnApplied<void> = (applied) =>
        Effect.gen(function* () {
          yield* onApplied(applied)
          if (yield* Ref.getAndSet(hangs, false)) return yield* Effect.never
        })
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* killedAfter("1 second", appendRow("a", { onApplied: slow }))
          yield* appendRow("b")
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b"])
      assert.deepStrictEqual(yield* answers, [true, true])
    }).pipe(Effect.provide(world)),
  )
})
