/**
 * A clock that stands still until it is moved, and then wakes its sleepers one after the other: each
 * time it waits until the woken fiber, and whatever that one has set going, is at rest.
 *
 * Effect's `TestClock` does the same. Here sleepers can also be let sleep on, and waking one costs a
 * fraction of it: a day of the demo wakes thousands.
 */
import { Clock, Duration, Effect, Scheduler } from "effect"

export interface StandingClock extends Clock.Clock {
  /** Moves to that time, waking in order whoever is to be woken until then. One move at a time. */
  moveTo(time: number): Effect.Effect<void>
  /**
   * Lets everybody sleep on, until the time that is given for the time when he would have woken.
   * Without a function everybody wakes at his own time, or with the next move where that is past.
   */
  sleepOn(until?: (due: number) => number): void
  /** Provides the clock of the real time. */
  withLive<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
}

interface Sleeper {
  /** When he would wake by himself. */
  readonly due: number
  wakesAt: number
  readonly wake: () => void
}

/** What a woken fiber has set going and what is not yet at rest. */
interface Stir {
  tasks: number
}

/**
 * A clock that is so far ahead of the real time, or behind it, and the scheduler without which it
 * does not know who is at rest.
 */
export const makeStandingClock = Effect.fnUntraced(function* (aheadMs: number) {
  const live = yield* Clock.Clock
  const parent = yield* Scheduler.Scheduler
  let now = live.currentTimeMillisUnsafe() + aheadMs
  let until = itself
  /** In the order in which they are woken, the first one last. */
  const sleepers: Array<Sleeper> = []
  let stirring: Stir | undefined

  const insert = (sleeper: Sleeper) => {
    let [low, high] = [0, sleepers.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sleepers[middle]?.wakesAt ?? 0) > sleeper.wakesAt) low = middle + 1
      else high = middle
    }
    sleepers.splice(low, 0, sleeper)
  }

  const sleep = (duration: Duration.Duration) => {
    const millis = Duration.toMillis(duration)
    if (millis <= 0) return Effect.yieldNow
    if (!Number.isFinite(millis)) return Effect.never
    return Effect.callback<void>((resume) => {
      const due = Math.ceil(now + millis)
      const sleeper = { due, wakesAt: until(due), wake: () => resume(Effect.void) }
      insert(sleeper)
      return Effect.sync(() => {
        const index = sleepers.indexOf(sleeper)
        if (index !== -1) sleepers.splice(index, 1)
      })
    })
  }

  const stir = (by: Stir, task: () => void) => {
    const before = stirring
    stirring = by
    try {
      task()
    } finally {
      stirring = before
    }
  }

  const scheduler: Scheduler.Scheduler = {
    executionMode: parent.executionMode,
    shouldYield: (fiber) => parent.shouldYield(fiber),
    makeDispatcher() {
      const dispatcher = parent.makeDispatcher()
      return {
        scheduleTask(task, priority) {
          const by = stirring
          if (by === undefined) return dispatcher.scheduleTask(task, priority)
          by.tasks++
          return dispatcher.scheduleTask(() => {
            try {
              stir(by, task)
            } finally {
              by.tasks--
            }
          }, priority)
        },
        flush: () => dispatcher.flush(),
      }
    },
  }

  const wake = Effect.fnUntraced(function* (sleeper: Sleeper) {
    const by: Stir = { tasks: 0 }
    const begin = live.currentTimeMillisUnsafe()
    stir(by, sleeper.wake)
    do yield* Effect.yieldNow
    while (by.tasks > 0 && live.currentTimeMillisUnsafe() - begin < patience)
  })

  const moveTo = Effect.fnUntraced(function* (time: number) {
    // Whoever is about to sleep does so first.
    yield* Effect.yieldNow
    while (true) {
      const next = sleepers.at(-1)
      if (next === undefined || next.wakesAt > time) break
      sleepers.pop()
      now = Math.max(now, next.wakesAt)
      yield* wake(next)
    }
    now = Math.max(now, time)
  })

  const sleepOn = (wanted: (due: number) => number = itself) => {
    until = wanted
    const all = sleepers.splice(0).toReversed()
    for (const sleeper of all) sleeper.wakesAt = until(sleeper.due)
    // Stable, so that those of the same time keep their order.
    all.sort((one, other) => one.wakesAt - other.wakesAt)
    sleepers.push(...all.toReversed())
  }

  const nanos = () => BigInt(Math.floor(now)) * 1_000_000n
  const clock: StandingClock = {
    currentTimeMillisUnsafe: () => now,
    currentTimeNanosUnsafe: nanos,
    monotonicTimeNanosUnsafe: nanos,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanos: Effect.sync(nanos),
    sleep,
    moveTo,
    sleepOn,
    withLive: Effect.provideService(Clock.Clock, live),
  }
  return { clock, scheduler }
})

const itself = (due: number) => due

/** For how long, in real milliseconds, time stands still for a fiber that computes without a break. */
const patience = 10_000
