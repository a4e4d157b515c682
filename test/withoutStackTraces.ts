import { Effect } from "effect"

/**
 * Errors know no place in the source while `self` runs. To note it takes a good part of the time,
 * for effect does so at each function that it traces.
 */
export const withoutStackTraces = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const before = Error.stackTraceLimit
      Error.stackTraceLimit = 0
      return before
    }),
    () => self,
    (before) =>
      Effect.sync(() => {
        Error.stackTraceLimit = before
      }),
  )
