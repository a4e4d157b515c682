/**
 * One clock for the bot and the emulators: it runs with the real time and can be moved ahead.
 *
 * A jump wakes every sleeper in order. It goes in small steps with a little real time between
 * them: a request that a sleeper sends is on a real socket, and with no real time to be answered
 * in, it would meet its own time-out.
 *
 * Where nothing has changed for a while a long jump goes on in leaps of ten minutes. What is due in
 * a leap happens at its end, in the order in which it was due, and what repeats itself happens once.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Ref, Schema, Semaphore } from "effect"
import { TestClock } from "effect/testing"
import { World } from "./World.ts"

const Saved = Schema.Struct({ aheadMs: Schema.Finite })

export class PlaygroundClock extends Context.Service<
  PlaygroundClock,
  {
    /**
     * Moves the clock ahead and returns when everything that was due has been woken. `settle` runs
     * after every step, in real time, and tells whether the step changed anything; where nobody
     * tells there are no leaps. The new time is saved first, so that a killed demo never goes back
     * in time. Concurrent moves follow each other.
     */
    advance(duration: Duration.Duration, settle?: Effect.Effect<boolean>): Effect.Effect<void>
  }
>()("account-bot/playground/PlaygroundClock") {
  /** Also replaces the `Clock` of every layer that it is provided to. */
  static readonly layer: Layer.Layer<PlaygroundClock, never, World> = Layer.effect(
    PlaygroundClock,
    Effect.gen(function* () {
      const world = yield* World
      const clock = yield* TestClock.testClockWith(Effect.succeed)
      const realTime = clock.withLive(Clock.currentTimeMillis)
      const ahead = yield* Ref.make(yield* savedAhead(world))
      const moving = yield* Semaphore.make(1)

      let isLeaping = false
      const { sleep } = clock
      // In place, since the test clock is known by its identity.
      Object.assign(clock, {
        sleep: (duration: Duration.Duration) =>
          Effect.suspend(() => {
            if (!isLeaping) return sleep(duration)
            const now = clock.currentTimeMillisUnsafe()
            return sleep(Duration.millis(afterLeap(now + Duration.toMillis(duration)) - now))
          }),
      })

      const walk = Effect.fnUntraced(function* (total: number, settle: Effect.Effect<boolean>) {
        const step = stepOf(total)
        const end = clock.currentTimeMillisUnsafe() + total
        let changedAt = clock.currentTimeMillisUnsafe()
        while (clock.currentTimeMillisUnsafe() < end) {
          const now = clock.currentTimeMillisUnsafe()
          // The last steps are small ones, so that nobody goes on sleeping until the end of a leap.
          isLeaping = now - changedAt >= calmAfter && end - now > 2 * leap
          const next = isLeaping ? endOfLeap(now) : now + step
          yield* clock.adjust(Math.min(next, end) - now)
          isLeaping = false
          if (total <= step) return
          const hasChanged = yield* clock.withLive(Effect.andThen(Effect.sleep(pause), settle))
          if (hasChanged) changedAt = clock.currentTimeMillisUnsafe()
        }
      })

      const follow = Effect.gen(function* () {
        const due = (yield* realTime) + (yield* Ref.get(ahead))
        yield* walk(due - clock.currentTimeMillisUnsafe(), changed)
      }).pipe(moving.withPermits(1))

      const advance = Effect.fn("PlaygroundClock.advance")(function* (
        duration: Duration.Duration,
        settle: Effect.Effect<boolean> = changed,
      ) {
        const total = Math.round(Duration.toMillis(duration))
        const aheadMs = (yield* Ref.get(ahead)) + total
        yield* world.save("clock", yield* encode({ aheadMs }))
        yield* Ref.set(ahead, aheadMs)
        yield* walk(total, settle)
      }, moving.withPermits(1))

      yield* clock.setTime((yield* realTime) + (yield* Ref.get(ahead)))
      yield* Effect.andThen(clock.withLive(Effect.sleep(tick)), follow).pipe(
        Effect.forever,
        Effect.forkScoped,
      )
      return PlaygroundClock.of({ advance })
    }),
    // The delay is how long time stands still for a woken fiber that computes without a break.
  ).pipe(Layer.provideMerge(TestClock.layer({ warningDelay: "10 seconds" })))
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

/** The length of a leap; leaps end at whole multiples of it, as most times that people set do. */
const leap = 600_000

/** When nothing has changed for so long, no mark and no reservation is about to end. */
const calmAfter = 1_200_000

/** The ends of all sleeps of a leap come within one second, in their order. */
const leapEnd = 1_000

const endOfLeap = (now: number) => (Math.floor(now / leap) + 1) * leap + leapEnd

/** When somebody wakes in a leap who would have woken at that time. */
const afterLeap = (at: number) => {
  const end = Math.ceil(at / leap) * leap
  const into = at - (end - leap)
  return end + Math.floor((into * leapEnd) / leap)
}
