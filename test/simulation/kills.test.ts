/**
 * The main job, killed at every port call and once more during the recovery.
 *
 * The number of calls is found by a run without a kill, so the test grows with the program.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { check } from "./Checkers.ts"
import { play } from "./Story.ts"
import { type Kill, makeWorld, start } from "./World.ts"

const run = Effect.fnUntraced(function* (kills: ReadonlyArray<Kill>) {
  const world = yield* makeWorld
  const { stuck, running } = yield* play(world, kills, (kill) => start(world, kill))
  const problems = [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...(yield* check(world))]
  const { calls } = running.fuse
  yield* running.stop
  return { problems, calls }
}, Effect.scoped)

const story = (kills: ReadonlyArray<Kill>) =>
  kills.map(({ at, moment }) => `${moment} call ${at}`).join(", then ")

/** Runs every plan; gives the stories that ended badly, with their problems. */
const failures = Effect.fnUntraced(function* (plans: ReadonlyArray<ReadonlyArray<Kill>>) {
  const bad: Array<string> = []
  for (const kills of plans) {
    const { problems } = yield* run(kills)
    if (problems.length > 0) bad.push(`killed ${story(kills)}: ${problems.join("; ")}`)
  }
  return bad
})

const moments = ["before", "after"] as const

describe("claim, issue, deliver, confirm, flush", () => {
  it.effect("goes through without a kill", () =>
    Effect.gen(function* () {
      const { problems, calls } = yield* run([])
      assert.deepStrictEqual(problems, [])
      assert.isAbove(calls.length, 40)
    }),
  )

  it.effect(
    "killed before and after every port call",
    () =>
      Effect.gen(function* () {
        const { calls } = yield* run([])
        const plans = calls.flatMap((_, index) =>
          moments.map((moment): ReadonlyArray<Kill> => [{ at: index + 1, moment }]),
        )
        const started = performance.now()
        console.log(plans.length)
        assert.deepStrictEqual(yield* failures(plans), [])
        console.log(performance.now() - started)
      }),
    600_000,
  )
})
