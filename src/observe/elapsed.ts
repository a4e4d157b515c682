/**
 * The time that has really gone by, which every wait and every age within this process is counted
 * with.
 *
 * The clock on the wall may be set, by a person or by NTP: a wait that is counted with it lasts as
 * much longer as it was set back, and an age is as much too great as it was set forward. It is for
 * what people are told and what is kept on the disk. These milliseconds start anywhere, so they
 * mean nothing to another process. A machine that sleeps may not count its sleep.
 */
import { Clock, Context, Effect, Option } from "effect"

/** Milliseconds, only to be subtracted from each other. */
export const elapsed: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) =>
  Number(nanos / 1_000_000n),
)

/** What the clock on the wall says, and what has gone by, at one moment. */
export interface Times {
  readonly wall: number
  readonly gone: number
}

export const bothTimes: Effect.Effect<Times> = Clock.clockWith((clock) =>
  Effect.succeed({
    wall: clock.currentTimeMillisUnsafe(),
    gone: Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n),
  }),
)

/** The clock of this machine, where the program goes by the time of somebody else. */
export class MachineClock extends Context.Reference<Option.Option<Clock.Clock>>(
  "account-bot/observe/elapsed/MachineClock",
  { defaultValue: Option.none },
) {}

/** What this machine says, for whoever else looks at a clock here. */
export const machineTime: Effect.Effect<number> = Effect.flatMap(
  MachineClock,
  Option.match({
    onNone: () => Clock.currentTimeMillis,
    onSome: ({ currentTimeMillis }) => currentTimeMillis,
  }),
)
