/** One run: a fresh world, the story with its kills, and what the checkers say. */
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import type { Claim } from "../../src/sheets/Claim.ts"
import { check } from "./Checkers.ts"
import { play } from "./Story.ts"
import type { Kill } from "./Fuse.ts"
import { makeWorld, start } from "./World.ts"

const perform = Effect.fnUntraced(function* (
  kills: ReadonlyArray<Kill>,
  claim: typeof Claim.layer | undefined,
) {
  const world = yield* makeWorld
  const { stuck, running } = yield* play(world, kills, (kill) => start(world, kill, claim))
  const problems = [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...(yield* check(world))]
  const { calls } = running.fuse
  yield* running.stop
  return { problems, calls }
}, Effect.scoped)

/**
 * Repeatable: the same kills give the same run. Each run has a clock of its own, so that the
 * programs killed in it sleep for ever when it is over.
 */
export const run = (kills: ReadonlyArray<Kill>, claim?: typeof Claim.layer) =>
  perform(kills, claim).pipe(
    Random.withSeed("simulation"),
    Effect.provide(TestClock.layer(), { local: true }),
  )

/** Stories of the plans that ended badly. */
export const failures = Effect.fnUntraced(function* (
  plans: ReadonlyArray<ReadonlyArray<Kill>>,
  claim?: typeof Claim.layer,
) {
  const bad: Array<string> = []
  for (const kills of plans) {
    const { problems } = yield* run(kills, claim)
    if (problems.length > 0) bad.push(`killed ${storyOf(kills)}: ${problems.join("; ")}`)
  }
  return bad
})

const storyOf = (kills: ReadonlyArray<Kill>) =>
  kills.map(({ at, moment }) => `${moment} call ${at}`).join(", then ")
