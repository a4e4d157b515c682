import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { autoConfirmTimer, confirmOverdue } from "../../src/scheduler/Timers.ts"
import { capture } from "../observe/logged.ts"
import { makeWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { men, pass, running, stocked, take, vkTab, world } from "./bench.ts"

const minute = 60_000

/** Marks of the timer in a pool, by when they were set. */
const autoMarks = (resource: string) =>
  Pools.use((pools) =>
    Effect.map(pools.buffer(resource), (rows) =>
      rows.flatMap(({ mark }) => (mark?.auto === true ? [mark.at] : [])),
    ),
  )

const open = CaughtUp.use((caughtUp) => caughtUp.open)

describe("confirmOverdue", () => {
  it.effect("confirms what is due and nothing else", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 3 })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* take("vk", 1)
          yield* TestClock.adjust(10 * minute - 1)
          yield* take("vk", 1)
          yield* confirmOverdue
          assert.deepStrictEqual(yield* autoMarks("vk"), [])
          yield* TestClock.adjust(1)
          yield* confirmOverdue
          assert.lengthOf(yield* autoMarks("vk"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("goes on with the other pools when one crashes, and says so", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 1, [men]: 1 })
      const { lines, layer } = yield* capture
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* take("vk", 1)
          yield* take("mamba", 1)
          yield* TestClock.adjust("10 minutes")
          const pools = yield* Pools
          const broken = Pools.of({
            ...pools,
            tell: (resource, command) =>
              resource === "vk" ? Effect.die(new Error("a defect")) : pools.tell(resource, command),
          })
          yield* confirmOverdue.pipe(Effect.provideService(Pools, broken), Effect.provide(layer))
          assert.deepStrictEqual(lines, ["auto-confirm of vk failed"])
          assert.lengthOf(yield* autoMarks("vk"), 0)
          assert.lengthOf(yield* autoMarks("mamba"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("waits quietly for a disk that refuses", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 1 })
      const { lines, layer } = yield* capture
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* take("vk", 1)
          yield* TestClock.adjust("10 minutes")
          disk.failing = true
          yield* confirmOverdue.pipe(Effect.provide(layer))
          assert.deepStrictEqual(lines, [])
          disk.failing = false
          yield* TestClock.adjust("2 seconds")
          yield* confirmOverdue
          assert.lengthOf(yield* autoMarks("vk"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

const hour = 60 * minute

/** After how many minutes of holding it an item is marked, where the clock is set after the first. */
const markedAfter = Effect.fnUntraced(function* (set: number) {
  yield* stocked({ [vkTab]: 1 })
  const { wall, step } = yield* makeWallClock
  return yield* running(
    MemoryJournal.makeDisk(),
    autoConfirmTimer,
    Effect.gen(function* () {
      yield* open
      yield* Refill.use((refill) => refill.once)
      yield* take("vk", 1)
      yield* pass("1 minute")
      yield* step(set)
      for (let held = 1; held < 90; held += 1) {
        if ((yield* autoMarks("vk")).length > 0) return held
        yield* pass("1 minute")
      }
      return Number.POSITIVE_INFINITY
    }),
  ).pipe(Effect.provideService(Clock.Clock, wall))
})

describe("a clock that is set while the bot runs", () => {
  for (const [name, set] of [
    ["back by an hour", -hour],
    ["back by a minute", -minute],
    ["forward by an hour", hour],
    ["forward by nine minutes", 9 * minute],
  ] as const) {
    it.effect(`${name} makes nobody's time to mark longer or shorter`, () =>
      Effect.gen(function* () {
        const held = yield* markedAfter(set)
        assert.isAtLeast(held, 10)
        assert.isAtMost(held, 11)
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("gives who takes an item right after it the whole time", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 2 })
      const { wall, step } = yield* makeWallClock
      yield* running(
        MemoryJournal.makeDisk(),
        autoConfirmTimer,
        Effect.gen(function* () {
          yield* open
          yield* Refill.use((refill) => refill.once)
          for (const set of [hour, -2 * hour]) {
            const before = (yield* autoMarks("vk")).length
            yield* take("vk", 1)
            // Sooner than any timer looks.
            yield* step(set)
            yield* pass("9 minutes")
            assert.lengthOf(yield* autoMarks("vk"), before)
            yield* pass("2 minutes")
            assert.lengthOf(yield* autoMarks("vk"), before + 1)
          }
        }),
      ).pipe(Effect.provideService(Clock.Clock, wall))
    }).pipe(Effect.provide(world)),
  )

  for (const [name, set] of [
    ["back", -hour],
    ["forward", hour],
  ] as const) {
    it.effect(`${name} while an item is on its way to the chat leaves the whole time, too`, () =>
      Effect.gen(function* () {
        yield* stocked({ [vkTab]: 1 })
        const { wall, step } = yield* makeWallClock
        yield* running(
          MemoryJournal.makeDisk(),
          autoConfirmTimer,
          Effect.gen(function* () {
            yield* open
            yield* Refill.use((refill) => refill.once)
            const pools = yield* Pools
            const ids = yield* take("vk", 1)
            // It is shown once more, with a new deadline, and the clock is set before that is noted.
            yield* pass("5 minutes")
            const confirmAt = yield* pools.deadlineFromNow("vk", ids)
            yield* step(set)
            yield* pools.tell("vk", { _tag: "Delivered", ids, confirmAt })
            yield* pass("4 minutes")
            assert.lengthOf(yield* autoMarks("vk"), 0)
            yield* pass("7 minutes")
            assert.lengthOf(yield* autoMarks("vk"), 1)
          }),
        ).pipe(Effect.provideService(Clock.Clock, wall))
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("back by an hour while the bot is down gives no more than a whole time anew", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 1 })
      const { wall, step } = yield* makeWallClock
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        const first = Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* take("vk", 1)
        })
        yield* running(disk, Layer.empty, first)
        yield* step(-hour)
        const next = Effect.gen(function* () {
          yield* open
          yield* pass("9 minutes")
          assert.lengthOf(yield* autoMarks("vk"), 0)
          yield* pass("2 minutes")
          assert.lengthOf(yield* autoMarks("vk"), 1)
        })
        yield* running(disk, autoConfirmTimer, next)
      }).pipe(Effect.provideService(Clock.Clock, wall))
    }).pipe(Effect.provide(world)),
  )
})

describe("AutoConfirm.layer", () => {
  it.effect("is at most a minute late", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 5 })
      yield* running(
        MemoryJournal.makeDisk(),
        autoConfirmTimer,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* open
          const deadlines: Array<number> = []
          for (const pause of [1, 7, 22, 41, 59]) {
            yield* pass(`${pause} seconds`)
            yield* take("vk", 1)
            deadlines.push((yield* Clock.currentTimeMillis) + 10 * minute)
          }
          yield* pass("11 minutes")
          const marks = yield* autoMarks("vk")
          assert.lengthOf(marks, deadlines.length)
          for (const [index, deadline] of deadlines.entries()) {
            assert.isAtLeast(marks[index] ?? 0, deadline)
            assert.isAtMost(marks[index] ?? Infinity, deadline + minute)
          }
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("does nothing before the updates that waited are handled", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 1 })
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          yield* take("vk", 1)
        }),
      )
      yield* TestClock.adjust("1 day")
      yield* running(
        disk,
        autoConfirmTimer,
        Effect.gen(function* () {
          yield* pass("5 minutes")
          assert.deepStrictEqual(yield* autoMarks("vk"), [])
          yield* open
          yield* pass("5 seconds")
          assert.lengthOf(yield* autoMarks("vk"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
