/** Whatever is asked in whatever order: the promises of a pool hold after every step. */
import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { formOf } from "./fixtures.ts"
import { check } from "./promises.ts"
import { makeWorld, Script } from "./script.ts"

const runs = { arbitrary: { runs: 400, seed: 7 } }

it.prop(
  "no item is lost, doubled or given to two people",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) {
      world.run(step)
      check(world)
    }
  },
  runs,
)

it.prop(
  "a command that took effect changes nothing the second time",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) {
      const command = world.run(step)
      if (command?._tag === "Restore") {
        assert.strictEqual(world.rules.refusal(command), "TrashGone")
      } else if (command !== undefined) assert.deepStrictEqual(world.rules.run(command), [])
    }
  },
  runs,
)

it.prop(
  "the state is a fold of the events",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) world.run(step)
    assert.deepStrictEqual(formOf(world.folded()), formOf(world.rules.state))
  },
  runs,
)

it.effect.prop(
  "a snapshot gives the same state back, indexes included",
  { script: Script },
  ({ script }) =>
    Effect.gen(function* () {
      const world = makeWorld()
      for (const step of script) world.run(step)
      const text = JSON.stringify(yield* Snapshot.encode(world.rules.state))
      const back = yield* Snapshot.decode(JSON.parse(text))
      world.rules.replaceState(() => back)
      check(world)
      assert.strictEqual(JSON.stringify(yield* Snapshot.encode(back)), text)
    }),
  runs,
)

it.prop(
  "the scripts come to all that can happen",
  { scripts: Schema.Array(Script).check(Schema.isMinLength(250)) },
  ({ scripts }) => {
    const seen = new Set<string>()
    for (const script of scripts) {
      const world = makeWorld()
      for (const step of script) world.run(step)
      for (const { _tag } of world.rules.events) seen.add(_tag)
    }
    assert.deepStrictEqual(
      Object.keys(PoolEvent.cases).filter((tag) => !seen.has(tag) && tag !== "QuarantineReported"),
      [],
    )
  },
  { arbitrary: { runs: 1, seed: 7 } },
)
