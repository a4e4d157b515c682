/**
 * The time that a simulated run goes by, and the turns that its fibers take.
 *
 * Nothing in a run waits for the machine. So a move of the clock wakes one sleeper after the other
 * and lets everybody run until all of them wait again, without a way through the event loop: that
 * takes a fraction of the time that effect's TestClock needs for it.
 */
import { Clock, Context, Duration, Effect, Layer, Scheduler } from "effect"
import { withoutStackTraces } from "../withoutStackTraces.ts"

export class VirtualClock extends Context.Service<
  VirtualClock,
  {
    /** Milliseconds since the epoch. Nobody is woken. */
    setTime(at: number): Effect.Effect<void>
    /** Moves the clock ahead, and returns when everybody whose time had come waits again. */
    adjust(duration: Duration.Duration): Effect.Effect<void>
  }
>()("account-bot/test/simulation/virtualTime/VirtualClock") {}

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** Tasks in the order in which they came, whoever scheduled them. */
const makeTurns = () => {
  let tasks: Array<() => void> = []
  let isAwaited = false
  const run = () => {
    while (tasks.length > 0) {
      const turn = tasks
      tasks = []
      for (const task of turn) task()
    }
  }
  // For whoever waits while the clock stands still.
  const runSoon = () => {
    isAwaited = false
    run()
  }
  const scheduleTask = (task: () => void) => {
    tasks.push(task)
    if (isAwaited) return
    isAwaited = true
    queueMicrotask(runSoon)
  }
  const scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: (fiber) => fairness.shouldYield(fiber),
    makeDispatcher: () => ({ scheduleTask, flush: run }),
  }
  return { run, scheduler }
}

const fairness = new Scheduler.MixedScheduler()

/** Sleepers in the order in which they wake; of those of one moment whoever slept first is first. */
const makeSleepers = () => {
  const sleepers: Array<Sleeper> = []
  const add = (sleeper: Sleeper) => {
    const before = sleepers.findLastIndex(({ until }) => until <= sleeper.until)
    sleepers.splice(before + 1, 0, sleeper)
  }
  const remove = (sleeper: Sleeper) => {
    const at = sleepers.indexOf(sleeper)
    if (at >= 0) sleepers.splice(at, 1)
  }
  const nextUntil = (end: number) =>
    sleepers[0] !== undefined && sleepers[0].until <= end ? sleepers.shift() : undefined
  return { add, remove, nextUntil }
}

const nanos = (millis: number) => BigInt(Math.round(millis * 1_000_000))

const make = () => {
  const { run, scheduler } = makeTurns()
  const sleepers = makeSleepers()
  let now = 0
  const millis = () => now
  const wallNanos = () => nanos(now)
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: wallNanos,
    currentTimeNanos: Effect.sync(wallNanos),
    monotonicTimeNanosUnsafe: wallNanos,
    monotonicTimeNanos: Effect.sync(wallNanos),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const sleeper = {
          until: now + Duration.toMillis(duration),
          wake: () => resume(Effect.void),
        }
        sleepers.add(sleeper)
        return Effect.sync(() => sleepers.remove(sleeper))
      }),
  }
  const adjust = (duration: Duration.Duration) => {
    const end = now + Duration.toMillis(duration)
    run()
    for (let next = sleepers.nextUntil(end); next; next = sleepers.nextUntil(end)) {
      now = next.until
      next.wake()
      run()
    }
    now = end
  }
  const virtual = VirtualClock.of({
    setTime: (at) =>
      Effect.sync(() => {
        now = at
      }),
    adjust: (duration) => Effect.sync(() => adjust(duration)),
  })
  return Context.make(Clock.Clock, clock).pipe(
    Context.add(Scheduler.Scheduler, scheduler),
    Context.add(VirtualClock, virtual),
  )
}

/**
 * Each run has a clock of its own, so that the programs killed in it sleep for ever when it is
 * over. Before it the event loop has its turn, for whoever waits there: the test runner does.
 * Nobody reads where in the source its errors arise.
 */
export const inVirtualTime = <A, E, R>(run: Effect.Effect<A, E, R>) =>
  Effect.provide(run, Layer.effectContext(Effect.sync(make)), { local: true }).pipe(
    withoutStackTraces,
    (inTime) => Effect.andThen(Effect.yieldNow, inTime),
    Effect.scoped,
  )
