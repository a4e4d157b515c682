/**
 * Work that runs in the background as long as the program does.
 *
 * A background fiber that fails is silent by itself. Here every crash is logged, and the work
 * starts again at growing intervals. Only the end of its scope ends it. No handler runs when the
 * scope interrupts a fiber, so an interruption that a handler sees came out of the work itself,
 * and counts as a crash.
 */
import { Clock, Cron, type DateTime, type Duration, Effect, Option, Schedule } from "effect"

/** Runs `work` again and again in the current scope, and after a crash too. */
export const supervise = (name: string) => {
  return <A, E, R>(work: Effect.Effect<A, E, R>) => {
    const attempt = work.pipe(
      Effect.catchCause((cause) =>
        Effect.andThen(Effect.logError(`${name} crashed`, cause), crashed),
      ),
    )
    // Inside of `forever`: a run that went well makes the pauses short again.
    return attempt.pipe(
      Effect.catch(() => retryAfterCrash(attempt)),
      Effect.forever,
      Effect.forkScoped,
    )
  }
}

/** Goes on as after a first attempt that crashed. The many runs that go well do without it. */
const retryAfterCrash = <A, R>(attempt: Effect.Effect<A, "crashed", R>) =>
  Effect.suspend(() => {
    let next: typeof attempt = crashed
    return Effect.suspend(() => {
      const current = next
      next = attempt
      return current
    }).pipe(Effect.retry(restarts))
  })

/** Runs `once` now and then `period` after each end; a crash of one run only costs that run. */
export const every = (name: string, period: Duration.Duration) => {
  return <A, E, R>(once: Effect.Effect<A, E, R>) =>
    once.pipe(survive(name), Effect.andThen(Effect.sleep(period)), supervise(name))
}

/** Runs `once` each day at that time of the time zone. */
export const daily = (
  name: string,
  time: { readonly hour: number; readonly minute: number; readonly timezone: DateTime.TimeZone },
) => {
  const { hour, minute, timezone: tz } = time
  const next = Cron.make({
    minutes: [minute],
    hours: [hour],
    days: [],
    months: [],
    weekdays: [],
    tz,
  })
  const wait = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* Effect.sleep(Cron.next(next, now).getTime() - now)
  })
  return <A, E, R>(once: Effect.Effect<A, E, R>) => wait.pipe(Effect.andThen(once), supervise(name))
}

/** Runs `work` once. A crash is logged and gives none instead of a failure. */
export const survive = (name: string) => {
  return <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<Option.Option<A>, never, R> =>
    work.pipe(
      Effect.asSome,
      Effect.catchCause((cause) =>
        Effect.as(Effect.logError(`${name} failed`, cause), Option.none<A>()),
      ),
    )
}

const crashed = Effect.fail("crashed" as const)

const restarts = Schedule.min([
  Schedule.exponential("100 millis"),
  Schedule.spaced("30 seconds"),
]).pipe(Schedule.jittered)
