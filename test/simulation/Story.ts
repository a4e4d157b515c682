/**
 * Plays a story: people who are patient, wait, and press again when nothing happens.
 *
 * A step is done when a chat or a tab shows it, so the story goes on over a kill and a restart.
 */
import { Effect } from "effect"
import type { Kill } from "./Fuse.ts"
import type { Step } from "./steps.ts"
import type { Whimsical } from "./whims.ts"
import { type Running, seconds, type Stage, type World } from "./World.ts"

export interface Story {
  readonly name: string
  readonly stage: Stage
  readonly steps: ReadonlyArray<Step>
  /** What people do instead in some of the seeded runs. */
  readonly whimsical?: Whimsical
  /** What somebody may do to a sheet before any step; drawn anew each time. */
  readonly meddle: (world: World) => Effect.Effect<void>
  /** Somebody may set the clock of the bot by an hour: what happens does not hang on the day. */
  readonly isTimeless: boolean
  /** Kills by seed are spread over a little more calls than a run makes. */
  readonly callsAbout: number
}

/**
 * An attempt to deliver again, a flush that was in doubt, and the ten minutes more that somebody may
 * have taken, which begin anew where a start finds the clock set back; the timer comes on top.
 */
const quietMinutes = 20

/** Longer than any pause between an attempt and the next one: that is about a minute at most. */
const restMinutes = 2

/** What a program does that has nothing to do. */
const looks = new Set(["getUpdates", "get", "values", "metadata", "searchMetadata"])

/** Real people give up; a test says where. */
const triesMax = 150

/**
 * Plays the story to its end, lets the timer and a flush pass, and waits for quiet under a
 * clear sky: until the program has only looked for some minutes and `isWell`. `start` starts the
 * program, again after each kill; `meddle` is what people do to the sheet before each step.
 */
export const play = Effect.fnUntraced(function* (
  world: World,
  steps: ReadonlyArray<Step>,
  kills: ReadonlyArray<Kill>,
  start: (kill: Kill) => Effect.Effect<Running>,
  isWell: Effect.Effect<boolean>,
  meddle: Effect.Effect<void> = Effect.void,
) {
  const plan = [...kills]
  const next = () => start(plan.shift() ?? { at: 0, moment: "before" })
  let running = yield* next()
  let isDead = false
  const watch = (one: Running) =>
    Effect.forkDetach(
      Effect.andThen(
        one.fuse.killed,
        Effect.sync(() => {
          isDead = true
        }),
      ),
      { startImmediately: true },
    )
  yield* watch(running)

  const pass = Effect.fnUntraced(function* (count: number) {
    yield* seconds(count)
    if (!isDead) return
    isDead = false
    running = yield* next()
    yield* watch(running)
  })

  yield* pass(5)
  for (const step of steps) {
    yield* meddle
    for (let tries = 0; !(yield* step.done(world)); tries += 1) {
      if (tries === triesMax) return { stuck: step.name, running }
      yield* Effect.ignore(step.act(world))
      for (let waited = 0; waited < world.patience && !(yield* step.done(world)); waited += 1) {
        yield* pass(step.pace ?? 1)
      }
    }
  }
  for (let minute = 0; minute <= world.timerMinutes; minute += 1) yield* pass(60)
  yield* meddle
  world.weather.loss = 0
  let rested = 0
  for (let minute = 0; minute < quietMinutes + world.timerMinutes; minute += 1) {
    const { fuse } = running
    const before = fuse.calls.length
    yield* pass(60)
    const wasKilled = fuse !== running.fuse
    const hasOnlyLooked = fuse.calls.slice(before).every((name) => looks.has(name))
    rested = hasOnlyLooked && !wasKilled ? rested + 1 : 0
    if (rested >= restMinutes && (yield* isWell)) break
  }
  return { stuck: undefined, running }
})
