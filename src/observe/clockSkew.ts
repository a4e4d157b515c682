/**
 * How far the clock of this machine is ahead of somebody else's, by the `Date` of the HTTP answers
 * that come from there. A `Date` has whole seconds, and an answer takes its time to come: half a
 * second more or less means nothing.
 */
import { Clock, DateTime, Duration, Effect, Option } from "effect"

export interface ClockSkew {
  /** Takes note of the `Date` of an answer that has just come. */
  readonly heard: (date: string | null | undefined) => void
  /** By the last answer that had one; negative where the clock here is behind. */
  readonly ahead: Effect.Effect<Option.Option<Duration.Duration>>
}

export const makeClockSkew: Effect.Effect<ClockSkew> = Effect.map(Clock.Clock, (clock) => {
  let ahead = Option.none<Duration.Duration>()
  return {
    heard: (date) => {
      const there = Option.flatMap(Option.fromNullishOr(date), DateTime.make)
      if (Option.isNone(there)) return
      const here = clock.currentTimeMillisUnsafe()
      ahead = Option.some(Duration.millis(here - (there.value.epochMilliseconds + halfSecond)))
    },
    ahead: Effect.sync(() => ahead),
  }
})

/** The second that a `Date` names was half over on the average. */
const halfSecond = 500
