/**
 * A whole run out of one seed: when the program is killed, what the network loses, what people
 * do to the sheet meanwhile. The same seed gives the same run.
 */
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import { check } from "./Checkers.ts"
import type { Kill } from "./Fuse.ts"
import { withLogCheck } from "./LogCheck.ts"
import { play } from "./Story.ts"
import { ivan, makeWorld, maria, start, type World } from "./World.ts"

const tabs = ["Мамба Муж", "Мамба Жен"] as const

/** Kills are spread over a little more calls than a run makes. */
const callsAbout = 180

const drawKills = Effect.gen(function* () {
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

/** Now and then somebody sorts a base tab, puts a blank row on top, or adds an account. */
const meddle = Effect.fnUntraced(function* (world: World) {
  const tab = yield* Random.choice(tabs)
  const edit = (one: Parameters<World["workbooks"]["edit"]>[1]) =>
    Effect.orDie(world.workbooks.edit("accounts", one))
  switch (yield* Random.nextIntBetween(0, 5)) {
    case 0:
      return yield* edit({ op: "sort", tab, column: 0, descending: yield* Random.nextBoolean })
    case 1:
      return yield* edit({ op: "insert", tab, at: 1, rows: [[]] })
    case 2: {
      const login = `extra${world.logins.length}@example.com`
      world.logins.push(login)
      return yield* edit({ op: "append", tab, rows: [[login, `pass-${login}`]] })
    }
    default:
      return undefined
  }
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

/** What is wrong after the run; empty where all is well. */
export const runSeed = (seed: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const world = yield* makeWorld
    const kills = yield* drawKills
    world.weather.loss = yield* Random.choice([0, 0.05, 0.2])
    yield* Effect.forkScoped(stopTheBot(world))
    const { stuck, running } = yield* play(
      world,
      kills,
      (kill) => start(world, kill),
      meddle(world),
    )
    const problems = yield* check(world)
    yield* running.stop
    const told = kills.map(({ at, moment }) => `${moment} call ${at}`).join(", then ")
    const story = `seed ${seed}, killed ${told || "never"}`
    return [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...problems].map(
      (problem) => `${story}: ${problem}`,
    )
  }).pipe(
    Effect.scoped,
    withLogCheck,
    Random.withSeed(seed),
    Effect.provide(TestClock.layer(), { local: true }),
    Effect.orDie,
  )
