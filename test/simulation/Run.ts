/** One run: a fresh world, the story with its kills, and what the checkers say. */
import { Effect, Random } from "effect"
import type { OpenParts } from "../../src/cli/program.ts"
import { check, isWell } from "./Checkers.ts"
import { play, type Story } from "./Story.ts"
import type { Kill, Witness } from "./Fuse.ts"
import { inVirtualTime } from "./virtualTime.ts"
import { makeWorld, outsideOf, start, type World } from "./World.ts"

/** What a run may have beside its kills. */
interface Extras {
  /** Parts of the program with a defect. */
  readonly planted?: OpenParts | undefined
  readonly witness?: (world: World) => Witness
}

/** An answer is there within a second. */
const patience = 2

const perform = Effect.fnUntraced(function* (
  story: Story,
  kills: ReadonlyArray<Kill>,
  { planted, witness }: Extras,
) {
  const world = yield* makeWorld(story.stage, patience)
  const { stuck, running } = yield* play(
    world,
    story.steps,
    kills,
    (kill) => start(world, kill, planted, witness?.(world)),
    isWell(world),
  )
  const problems = [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...(yield* check(world))]
  const { calls } = running.fuse
  yield* running.stop
  return { problems, calls }
}, Effect.scoped)

/** Repeatable: the same kills give the same run. */
export const run = (story: Story, kills: ReadonlyArray<Kill>, planted?: OpenParts) =>
  perform(story, kills, { planted }).pipe(Random.withSeed("simulation"), inVirtualTime)

/**
 * Every kill that leaves the outside as no earlier one does. A kill after a call and one before the
 * next are the same, unless somebody did something in between: nothing else outlives the program.
 */
export const distinctKills = (story: Story) =>
  Effect.gen(function* () {
    const kills: Array<Kill> = []
    let seen: ReadonlyArray<unknown> = []
    const witness = (world: World) =>
      Effect.fnUntraced(function* (kill: Kill) {
        const outside = yield* outsideOf(world)
        const isSeen =
          outside.length === seen.length && outside.every((part, index) => part === seen[index])
        seen = outside
        if (!isSeen) kills.push(kill)
      })
    yield* perform(story, [], { witness })
    return kills
  }).pipe(Random.withSeed("simulation"), inVirtualTime)

/** What is told of the plans that ended badly. */
export const failures = Effect.fnUntraced(function* (
  story: Story,
  plans: ReadonlyArray<ReadonlyArray<Kill>>,
  planted?: OpenParts,
) {
  const bad: Array<string> = []
  for (const kills of plans) {
    const { problems } = yield* run(story, kills, planted)
    if (problems.length > 0) bad.push(`killed ${toldOf(kills)}: ${problems.join("; ")}`)
  }
  return bad
})

const toldOf = (kills: ReadonlyArray<Kill>) =>
  kills.map(({ at, moment }) => `${moment} call ${at}`).join(", then ")
