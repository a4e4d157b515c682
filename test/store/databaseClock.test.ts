/** Deadlines on Postgres mean the same on every machine, whatever the clock of a machine says. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { databaseTimeLook, databaseTimePeriod } from "../../src/config/Limits.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { machineTime } from "../../src/observe/elapsed.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { makeDatabaseClock } from "../../src/store/databaseClock.ts"
import { PostgresJournal } from "../../src/store/postgres/PostgresJournal.ts"
import { hour, makeWallClock } from "../observe/wallClock.ts"
import { issue, load, minute } from "../pool/fixtures.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

const passing = (millis: number) =>
  TestClock.adjust("1 millis").pipe(Effect.repeat({ times: millis - 1 }), Effect.asVoid)

/** Much time goes by, and whoever it wakes asks the database meanwhile. */
const pass = (duration: Duration.Duration) =>
  Effect.andThen(TestClock.adjust(duration), passing(200))

describe("the time of the database", () => {
  const day = 24 * hour

  /** A database that is a day ahead of the test, so many milliseconds there and back. */
  const away = Effect.fnUntraced(function* (there: number, back: number) {
    const real = yield* Clock.Clock
    const { wall, step } = yield* makeWallClock
    const database = { wrong: 0, isAway: false, asked: 0 }
    const ask = Effect.gen(function* () {
      database.asked += 1
      if (database.isAway) return yield* Effect.fail("away" as const)
      yield* Effect.sleep(there)
      const said = real.currentTimeMillisUnsafe() + day + database.wrong
      yield* Effect.sleep(back)
      return said
    })
    const making = yield* Effect.forkScoped(
      Effect.provideService(makeDatabaseClock(ask), Clock.Clock, wall),
    )
    yield* passing(200)
    const clock = yield* Fiber.join(making)
    const off = () => clock.currentTimeMillisUnsafe() - (real.currentTimeMillisUnsafe() + day)
    return { database, clock, step, off }
  })

  it.effect.each([
    [4, 4, 1],
    // It cannot know which way took longer: half of both is the most that it is wrong.
    [9, 1, 5],
    [1, 9, 5],
  ] as const)("is known from %d ms there and %d ms back", ([there, back, blur]) =>
    Effect.gen(function* () {
      const { off } = yield* away(there, back)
      assert.isAtMost(Math.abs(off()), blur)
    }),
  )

  it.effect("goes on by itself, whatever the clock of the machine is set to", () =>
    Effect.gen(function* () {
      const { clock, step, off, database } = yield* away(1, 1)
      database.isAway = true
      for (const by of [hour, -3 * hour]) {
        yield* step(by)
        const before = clock.currentTimeMillisUnsafe()
        yield* pass(Duration.seconds(20))
        assert.isAtMost(Math.abs(clock.currentTimeMillisUnsafe() - before - 20_200), 2)
        assert.isAtMost(Math.abs(off()), 2)
      }
      const nanos = yield* clock.currentTimeNanos
      assert.isAtMost(Math.abs(Number(nanos / 1_000_000n) - clock.currentTimeMillisUnsafe()), 1)
    }),
  )

  it.effect("is asked for again from time to time, and when the machine seems to have slept", () =>
    Effect.gen(function* () {
      const { database, step, off } = yield* away(1, 1)
      yield* pass(databaseTimeLook)
      const { asked } = database
      database.wrong = 700
      yield* pass(databaseTimeLook)
      assert.strictEqual(database.asked, asked)
      yield* pass(databaseTimePeriod)
      assert.isAtMost(Math.abs(off() - 700), 2)
      // It slept for ten minutes and counts none of them.
      database.wrong += 600_000
      yield* step(600_000)
      yield* pass(databaseTimeLook)
      assert.isAtMost(Math.abs(off() - 600_700), 2)
      database.isAway = true
      database.wrong = 0
      yield* pass(databaseTimePeriod)
      assert.isAtMost(Math.abs(off() - 600_700), 2)
      database.isAway = false
      yield* pass(databaseTimeLook)
      assert.isAtMost(Math.abs(off()), 2)
    }),
  )
})

describe.skipIf(!isPostgresHere)("a bot on Postgres", () => {
  const server = usePostgres()

  /** Works on a machine whose clock is wrong by so much. */
  const onMachine = <A, E>(wrong: number, tellsTime: boolean, self: Effect.Effect<A, E, Pools>) =>
    Effect.gen(function* () {
      const { wall, step } = yield* makeWallClock
      yield* step(wrong)
      const journal = PostgresJournal.layer({
        url: server.url(),
        bot: `clocks ${String(tellsTime)}`,
        admins: [],
        tellsTime,
      })
      const pools = Pools.layer.pipe(
        Layer.provide(CatalogueSource.layerTest()),
        Layer.provide(Settings.layerTest({ autoConfirmTimeout: Duration.minutes(10) })),
        Layer.provide(Alarms.layer),
        Layer.provideMerge(journal),
      )
      return yield* self.pipe(
        Effect.provide(pools, { local: true }),
        Effect.provideService(Clock.Clock, wall),
      )
    })

  const issued = Effect.gen(function* () {
    const pools = yield* Pools
    yield* pools.tell("mamba", load("t1", ["a"]))
    yield* pools.ask("mamba", issue(1))
  })

  /** How many minutes the holder of the item has left, whoever is asked. */
  const left = Effect.gen(function* () {
    const pools = yield* Pools
    const [holding] = yield* pools.holders
    if (holding === undefined) return assert.fail("nobody holds anything")
    return Math.round((yield* pools.timeLeft(holding)) / minute)
  })

  it.live("confirms at the same time on each machine", () =>
    Effect.gen(function* () {
      yield* onMachine(-hour, true, issued)
      for (const wrong of [0, hour, -hour]) {
        assert.strictEqual(yield* onMachine(wrong, true, left), 10)
      }
      // By their own clocks each of them would count otherwise.
      yield* onMachine(0, false, issued)
      assert.strictEqual(yield* onMachine(hour, false, left), -50)
    }),
  )

  it.live("gives its sign of life by the clock of its machine", () =>
    Effect.gen(function* () {
      const off = yield* onMachine(
        hour,
        true,
        Effect.gen(function* () {
          return (yield* machineTime) - (yield* Clock.currentTimeMillis)
        }),
      )
      assert.strictEqual(Math.round(off / minute), 60)
    }),
  )
})
