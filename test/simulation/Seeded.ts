/**
 * A whole run out of one seed: when the program is killed, what the network loses, what people
 * do to the sheet and to the clock meanwhile. The same seed gives the same run.
 */
import { Effect, Random } from "effect"
import { accounts } from "./accountsStory.ts"
import { check, isWell } from "./Checkers.ts"
import type { Kill } from "./Fuse.ts"
import { withLogCheck } from "./LogCheck.ts"
import { midnight } from "./midnightStory.ts"
import { pastes } from "./pasteStory.ts"
import { play, type Story } from "./Story.ts"
import { inVirtualTime } from "./virtualTime.ts"
import { drawSteps } from "./whims.ts"
import { ivan, makeWorld, maria, start, type World } from "./World.ts"

const drawKills = Effect.fnUntraced(function* ({ callsAbout }: Story) {
  const count = yield* Random.nextIntBetween(0, 3)
  return yield* Effect.replicateEffect(
    Effect.gen(function* () {
      const at = yield* Random.nextIntBetween(1, callsAbout)
      const kill: Kill = { at, moment: (yield* Random.nextBoolean) ? "before" : "after" }
      return kill
    }),
    count,
  )
})

/** In some runs somebody stops the bot for a while, perhaps just as an item is on its way. */
const stopTheBot = Effect.fnUntraced(function* (world: World) {
  if ((yield* Random.nextIntBetween(0, 3)) > 0) return
  const who = yield* Random.choice([ivan, maria])
  const from = yield* Random.nextIntBetween(5, 60)
  const seconds = yield* Random.choice([3, 30, 660])
  yield* Effect.sleep(`${from} seconds`)
  yield* world.chats.block(who, true)
  yield* Effect.sleep(`${seconds} seconds`)
  yield* world.chats.block(who, false)
}, Effect.orDie)

/** In some runs the clock of the bot's machine is set by an hour, and perhaps set right again. */
const setTheClock = Effect.fnUntraced(function* ({ wall }: World, { isTimeless }: Story) {
  if (!isTimeless || (yield* Random.nextBoolean)) return
  const [from, seconds] = [yield* Random.nextIntBetween(5, 240), yield* Random.choice([5, 60, 300])]
  const by = yield* Random.choice([-hour, hour])
  const isSetRight = yield* Random.nextBoolean
  yield* Effect.sleep(`${from} seconds`)
  wall.wrong = by
  yield* Effect.sleep(`${seconds} seconds`)
  if (isSetRight) wall.wrong = 0
})

const hour = 3_600_000

/**
 * People wait for the next attempt of a bot that has lost its network, or that they stopped: who
 * presses again sooner orders twice, and the stock is made for once.
 */
const patience = 8

const stories = [accounts, midnight, pastes] as const

/** What is wrong after the run; empty where all is well. */
export const runSeed = (seed: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const story = yield* Random.choice(stories)
    const world = yield* makeWorld(story.stage, patience)
    const kills = yield* drawKills(story)
    world.weather.loss = yield* Random.choice([0, 0.05, 0.2])
    yield* Effect.forkScoped(stopTheBot(world))
    yield* Effect.forkScoped(setTheClock(world, story))
    const { stuck, running } = yield* play(
      world,
      yield* drawSteps(story.steps, story.whimsical),
      kills,
      (kill) => start(world, kill),
      isWell(world),
      story.meddle(world),
    )
    const problems = yield* check(world)
    yield* running.stop
    const told = kills.map(({ at, moment }) => `${moment} call ${at}`).join(", then ")
    const run = `seed ${seed}, ${story.name}, killed ${told || "never"}`
    return [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...problems].map(
      (problem) => `${run}: ${problem}`,
    )
  }).pipe(Effect.scoped, withLogCheck, Random.withSeed(seed), inVirtualTime, Effect.orDie)
