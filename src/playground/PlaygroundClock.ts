/**
 * One clock for the bot and the emulators: it runs with the real time and can be moved ahead.
 *
 * A jump wakes every sleeper in order. It goes in small steps with a little real time between
 * them: a request that a sleeper sends is on a real socket, and with no real time to be answered
 * in, it would meet its own time-out.
 *
 * A long jump goes on in leaps once nothing has changed for a while. Whatever is due in a leap happens
 * at its end, in the order in which it was due, and a timer that repeats fires once. A change ends
 * the leaps, and whoever slept too long for them is woken.
 */
import {
  Clock,
  Context,
  Duration,
  Effect,
  Layer,
  Option,
  Ref,
  Scheduler,
  Schema,
  Semaphore,
} from "effect"
import { makeStandingClock } from "./StandingClock.ts"
import { World } from "./World.ts"

const Saved = Schema.Struct({ aheadMs: Schema.Finite })

export class PlaygroundClock extends Context.Service<
  PlaygroundClock,
  {
    /**
     * Moves the clock ahead and returns when everything that was due has been woken. `settle` runs
     * after every step, in real time, and tells whether the step changed anything; where nobody
     * tells there are no leaps. `isWaiting` tells whether something that people did is going to end
     * by itself: the leaps then begin later and are shorter. The new time is saved first, so that a
     * killed demo never goes back in time. Concurrent moves follow each other.
     */
    advance(
      duration: Duration.Duration,
      settle?: Effect.Effect<boolean>,
      isWaiting?: Effect.Effect<boolean>,
    ): Effect.Effect<void>
  }
>()("account-bot/playground/PlaygroundClock") {
  /** Also replaces the `Clock` of every layer that it is provided to. */
  static readonly layer: Layer.Layer<PlaygroundClock, never, World> = Layer.effectContext(
    Effect.gen(function* () {
      const world = yield* World
      const ahead = yield* Ref.make(yield* savedAhead(world))
      const { clock, scheduler } = yield* makeStandingClock(yield* Ref.get(ahead))
      const realTime = clock.withLive(Clock.currentTimeMillis)
      const moving = yield* Semaphore.make(1)

      let leaps: number | undefined
      /** Goes on in leaps of that length; without one, in small steps. */
      const setLeaps = (length: number | undefined) =>
        Effect.sync(() => {
          if (leaps === length) return
          leaps = length
          clock.sleepOn(length === undefined ? undefined : (due) => afterLeap(due, length))
        })

      const walk = Effect.fnUntraced(
        function* ({ total, settle, isWaiting }: Jump) {
          const step = stepOf(total)
          const end = clock.currentTimeMillisUnsafe() + total
          let changedAt = clock.currentTimeMillisUnsafe()
          let waits = yield* isWaiting
          while (clock.currentTimeMillisUnsafe() < end) {
            const now = clock.currentTimeMillisUnsafe()
            const length = leapFor({ calm: now - changedAt, now, end, waits })
            yield* setLeaps(length)
            const next = length === undefined ? now + step : endOfLeap(now, length)
            yield* clock.moveTo(Math.min(next, end))
            if (total <= step) return
            const hasChanged = yield* clock.withLive(Effect.andThen(Effect.sleep(pause), settle))
            const waited = waits
            waits = yield* isWaiting
            // The leaps end when something begins in one, such as the return of rows at midnight.
            if (hasChanged || (waits && !waited)) changedAt = clock.currentTimeMillisUnsafe()
          }
        },
        Effect.ensuring(setLeaps(undefined)),
      )

      const follow = Effect.gen(function* () {
        const due = (yield* realTime) + (yield* Ref.get(ahead))
        const total = due - clock.currentTimeMillisUnsafe()
        yield* walk({ total, settle: changed, isWaiting: changed })
      }).pipe(moving.withPermits(1))

      const advance = Effect.fn("PlaygroundClock.advance")(function* (
        duration: Duration.Duration,
        settle: Effect.Effect<boolean> = changed,
        isWaiting: Effect.Effect<boolean> = changed,
      ) {
        const total = Math.round(Duration.toMillis(duration))
        const aheadMs = (yield* Ref.get(ahead)) + total
        yield* world.save("clock", yield* encode({ aheadMs }))
        yield* Ref.set(ahead, aheadMs)
        yield* walk({ total, settle, isWaiting })
      }, moving.withPermits(1))

      yield* Effect.andThen(clock.withLive(Effect.sleep(tick)), follow).pipe(
        Effect.forever,
        Effect.forkScoped,
      )
      return Context.make(PlaygroundClock, PlaygroundClock.of({ advance })).pipe(
        Context.add(Clock.Clock, clock),
        Context.add(Scheduler.Scheduler, scheduler),
      )
    }),
  )
}

interface Jump {
  readonly total: number
  readonly settle: Effect.Effect<boolean>
  readonly isWaiting: Effect.Effect<boolean>
}

const changed = Effect.succeed(true)

const encode = (saved: typeof Saved.Type) => Effect.orDie(Schema.encodeEffect(Saved)(saved))

const savedAhead = Effect.fnUntraced(function* (world: World["Service"]) {
  const saved = yield* world.load("clock")
  if (Option.isNone(saved)) return 0
  return (yield* Schema.decodeUnknownEffect(Saved)(saved.value)).aheadMs
}, Effect.orDie)

/** How closely the clock follows the real time. */
const tick = Duration.millis(20)

/** Real time after each step, about as long as a local round trip. */
const pause = Duration.millis(1)

/**
 * The step of a jump in whole milliseconds: a second for a quarter of an hour, and at most fifteen
 * seconds, because a time-out should be longer than a step.
 */
const stepOf = (total: number) => Math.min(Math.max(Math.ceil(total / stepsWanted), 1_000), 15_000)
const stepsWanted = 900

/**
 * Leaps end at whole multiples of their length, as most times that people set do. The last ones
 * before the end are short, and what is left after them goes in small steps.
 */
const longLeap = 1_800_000
const shortLeap = 600_000

/** After a change follow notes and writes, which people see at their times. */
const calmAfter = 180_000

/** When nothing has changed for so long, no mark and no reservation is about to end. */
const calmWhileWaiting = 1_200_000

/** The ends of all sleeps of a leap come within one second, in their order. */
const leapEnd = 1_000

interface Situation {
  /** For how long nothing has changed. */
  readonly calm: number
  readonly now: number
  readonly end: number
  readonly waits: boolean
}

/** The length of the next leap; nothing where it is time for a small step. */
const leapFor = ({ calm, now, end, waits }: Situation): number | undefined => {
  if (calm < (waits ? calmWhileWaiting : calmAfter)) return undefined
  if (endOfLeap(now, shortLeap) > end) return undefined
  return waits || endOfLeap(now, longLeap) > end ? shortLeap : longLeap
}

const endOfLeap = (now: number, length: number) => (Math.floor(now / length) + 1) * length + leapEnd

/** When somebody wakes in a leap who would have woken at that time. */
const afterLeap = (at: number, length: number) => {
  const end = Math.ceil(at / length) * length
  const into = at - (end - length)
  return end + Math.floor((into * leapEnd) / length)
}
