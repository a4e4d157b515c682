/** One run: a fresh world, the story with its kills, and what the checkers say. */
import { Effect, Random } from "effect"
import type { OpenParts } from "../../src/cli/program.ts"
import { check, isWell } from "./Checkers.ts"
import { play, type Story } from "./Story.ts"
import type { Kill } from "./Fuse.ts"
import { inVirtualTime } from "./virtualTime.ts"
import { makeWorld, start } from "./World.ts"

const perform = Effect.fnUntraced(function* (
  story: Story,
  kills: ReadonlyArray<Kill>,
  planted: OpenParts | undefined,
) {
  const world = yield* makeWorld(story.stage)
  const { stuck, running } = yield* play(
    world,
    story.steps,
    kills,
    (kill) => start(world, kill, planted),
    isWell(world),
  )
  const problems = [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...(yield* check(world))]
  const { calls } = running.fuse
  yield* running.stop
  return { problems, calls }
}, Effect.scoped)

/** Calls that change nothing outside. */
const reads = new Set(["get", "values", "metadata", "searchMetadata"])

/**
 * Numbers of the calls that a kill may hit. A kill before or after a read leaves the outside as a
 * kill before the next change does, so each state of it is tried once.
 */
export const killable = (calls: ReadonlyArray<string>): ReadonlyArray<number> =>
  calls.flatMap((name, index) => (reads.has(name) ? [] : [index + 1]))

/** Repeatable: the same kills give the same run. */
export const run = (story: Story, kills: ReadonlyArray<Kill>, planted?: OpenParts) =>
  perform(story, kills, planted).pipe(Random.withSeed("simulation"), inVirtualTime)

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
