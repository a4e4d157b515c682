/**
 * The time of the database, for a program whose deadlines have to mean the same on every machine.
 *
 * What the database says is asked for from time to time, and in between counted on by the time that
 * really goes by: a clock of this machine that is wrong, or set, changes nothing. While the database
 * does not answer it goes on from the last time that is known.
 */
import { Clock, Duration, Effect } from "effect"
import { databaseTimeLook, databaseTimePeriod } from "../config/Limits.ts"
import { elapsed } from "../observe/elapsed.ts"

/** `ask`: what the database says, in milliseconds. Gives the clock, which keeps itself right. */
export const makeDatabaseClock = Effect.fnUntraced(function* <E>(ask: Effect.Effect<number, E>) {
  const machine = yield* Clock.Clock
  const goneNanos = () => machine.monotonicTimeNanosUnsafe()
  const gone = () => Number(goneNanos()) / 1e6
  /** So far is the wall ahead of what has gone by: another one where it was set, or the machine slept. */
  const wallAhead = () => machine.currentTimeMillisUnsafe() - gone()

  /** Between two moments of this machine the database said so. */
  const measure = Effect.gen(function* () {
    const begun = gone()
    const said = yield* ask
    const ended = gone()
    return { ahead: said - (begun + ended) / 2, blur: (ended - begun) / 2 }
  })

  /** The shortest way there and back says most. */
  const best = Effect.map(
    Effect.replicateEffect(measure, tries),
    (all) => all.toSorted((one, other) => one.blur - other.blur)[0] ?? { ahead: 0, blur: 0 },
  )

  const first = yield* best
  let [ahead, wall] = [first.ahead, wallAhead()]
  let measuredAt = yield* elapsed

  const nanos = () => goneNanos() + BigInt(Math.round(ahead * 1e6))
  const millis = () => Math.floor(gone() + ahead)
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: goneNanos,
    monotonicTimeNanos: machine.monotonicTimeNanos,
    sleep: (duration) => machine.sleep(duration),
  }

  const correct = Effect.gen(function* () {
    const found = yield* best
    // What is within the blur of the measurement is no news, and time does not jump about for it.
    if (Math.abs(found.ahead - ahead) > found.blur) ahead = found.ahead
    wall = wallAhead()
    measuredAt = yield* elapsed
  })

  const look = Effect.gen(function* () {
    const isDue = (yield* elapsed) - measuredAt >= Duration.toMillis(databaseTimePeriod)
    const hasSlept = Math.abs(wallAhead() - wall) > sleptMs
    if (isDue || hasSlept) yield* correct
  })

  // A database that is away says nothing; the next look asks again.
  yield* Effect.ignore(look).pipe(Effect.delay(databaseTimeLook), Effect.forever, Effect.forkScoped)
  return clock
})

const tries = 3

/** Clocks drift by less in a minute. */
const sleptMs = 500
