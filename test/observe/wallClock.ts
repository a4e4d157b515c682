/** A clock whose time on the wall can be set while the time that goes by is the test's own. */
import { Clock, Effect } from "effect"

/** The clock to provide, and what sets it: by so many milliseconds, forward or back. */
export const makeWallClock = Effect.map(Clock.Clock, (clock) => {
  let wrong = 0
  const millis = () => clock.currentTimeMillisUnsafe() + wrong
  const nanos = () => clock.currentTimeNanosUnsafe() + BigInt(wrong) * 1_000_000n
  // Everything else is the clock of the test.
  const wall: Clock.Clock = Object.assign(Object.create(clock), {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
  })
  const step = (by: number) =>
    Effect.sync(() => {
      wrong += by
    })
  return { wall, step }
})

/** Gives the test what sets its clock. */
export const withWallClock = <A, E, R>(
  test: (step: (by: number) => Effect.Effect<void>) => Effect.Effect<A, E, R>,
) =>
  Effect.flatMap(makeWallClock, ({ wall, step }) =>
    Effect.provideService(test(step), Clock.Clock, wall),
  )

export const hour = 3_600_000

/** The steps that each wait is tried with. */
export const hourSteps = [
  ["back by an hour", -hour],
  ["forward by an hour", hour],
] as const
