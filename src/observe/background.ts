/**
 * Fibers that run as long as the program does.
 *
 * A background fiber that fails is silent by itself: here every crash is logged and the work
 * starts again, at growing intervals.
 */
import { Cause, type Duration, Effect, Schedule } from "effect"

/** Runs `work` again and again in the current scope, and after a crash too. */
export const supervise = (name: string) => {
  return <A, E, R>(work: Effect.Effect<A, E, R>) =>
    work.pipe(
      Effect.forever,
      Effect.sandbox,
      Effect.tapError((cause) =>
        Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logError(`${name} crashed`, cause),
      ),
      Effect.retry({ while: (cause) => !Cause.hasInterruptsOnly(cause), schedule: restarts }),
      Effect.catch(Effect.failCause),
      Effect.forkScoped,
    )
}

/** Runs `once` now and then `period` after each end; a crash of one run only costs that run. */
export const every = (name: string, period: Duration.Duration) => {
  return <A, E, R>(once: Effect.Effect<A, E, R>) =>
    once.pipe(
      Effect.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.failCause(cause)
          : Effect.logError(`${name} failed`, cause),
      ),
      Effect.andThen(Effect.sleep(period)),
      supervise(name),
    )
}

const restarts = Schedule.min([
  Schedule.exponential("100 millis"),
  Schedule.spaced("30 seconds"),
]).pipe(Schedule.jittered)
