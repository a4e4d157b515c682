/** What a person asked for, and what a request would come to if it were made now. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { Pools } from "../../src/pool/Pools.ts"
import { askedBy, fittingOf, type Wanted } from "../../src/pool/View.ts"
import {
  aNumber,
  anItem,
  anna,
  boris,
  chief,
  confirm,
  given,
  issue,
  load,
  loaded,
  makeRules,
  mamba,
  message,
  minute,
  number,
  poolsOn,
  replace,
} from "./fixtures.ts"
import { dated, makeWorld, Script } from "./script.ts"

const want = (more: Partial<Wanted> = {}): Wanted => ({
  variant: null,
  region: "495",
  quantity: 1,
  ...more,
})

const stocked = () =>
  given(loaded("m1", anItem("m2", { region: "812" }), anItem("f1", { variant: "female" }), "m3"))

const unlimited = { pendingLimit: 1_000 }

describe("fitting", () => {
  for (const [what, wanted, counts] of [
    ["any variant, the region's own items and those of none", [want({ quantity: 5 })], [3]],
    ["items bound to the region asked for", [want({ region: "812", quantity: 5 })], [4]],
    ["of a variant only", [want({ variant: "female", quantity: 2 })], [1]],
    [
      "nobody counts what those before him take",
      [want({ quantity: 2 }), want({ quantity: 2 }), want({ region: "812", quantity: 2 }), want()],
      [2, 1, 1, 0],
    ],
    ["nobody: nothing", [], []],
  ] as const) {
    it(what, () => {
      const rules = stocked()
      assert.deepStrictEqual(fittingOf(mamba, rules.state, wanted, rules.today), [...counts])
    })
  }

  it("nothing fits while the pool is paused", () => {
    const rules = stocked()
    rules.run({ _tag: "Pause", note: "", admin: chief })
    assert.deepStrictEqual(fittingOf(mamba, rules.state, [want(), want()], rules.today), [0, 0])
    rules.run({ _tag: "Resume", admin: chief })
    assert.deepStrictEqual(fittingOf(mamba, rules.state, [want(), want()], rules.today), [1, 1])
  })

  it("only what is dated today fits in that mode", () => {
    const rules = makeRules(number)
    rules.run(load("t1", [aNumber("0001", "1970-01-01"), aNumber("0002", "1970-01-02")]))
    const counts = () => fittingOf(number, rules.state, [want({ quantity: 5 })], rules.today)
    assert.deepStrictEqual(counts(), [1])
    rules.run({ _tag: "SetTodayOnly", on: false, admin: chief })
    assert.deepStrictEqual(counts(), [2])
  })

  it.prop(
    "is what a request would be given, whatever happened before",
    { script: Script },
    ({ script }) => {
      const world = makeWorld()
      for (const step of script) world.run(step)
      const { rules } = world
      const wanted = (["495", "812"] as const).flatMap((region) =>
        [null, "male", "female"].map((variant) => want({ region, variant, quantity: 3 })),
      )
      const counts = fittingOf(dated, rules.state, wanted, rules.today)
      const got = wanted.map((one, place) => {
        const command = issue(90_000 + place, { ...one, by: boris })
        if (Result.isFailure(rules.tryOut(command, unlimited))) return 0
        rules.run(command, unlimited)
        const made = rules.events.at(-1)
        return made?._tag === "Issued" ? made.issuances.length : 0
      })
      assert.deepStrictEqual(counts, got)
    },
    { arbitrary: { runs: 200, seed: 7 } },
  )
})

describe("what a person asked for", () => {
  it("his own requests, and none that an admin handed over", () => {
    const rules = stocked()
    const [id] = rules.issue(1)
    rules.issue(2, { by: boris, stage: "boris" })
    rules.run({
      _tag: "Transfer",
      id: id!,
      message: message(3),
      to: boris,
      stage: "boris",
      admin: chief,
    })
    const keys = (by: typeof anna) => askedBy(rules.state, by).map(({ key }) => key)
    assert.deepStrictEqual(keys(anna), ["7:1"])
    assert.deepStrictEqual(keys(boris), ["7:2"])
  })

  it.effect("newest first over all pools, a replacement being no new one", () =>
    Effect.gen(function* () {
      const pools = yield* Pools
      yield* pools.tell("mamba", load("t1", ["a", "b", "c"]))
      const vk = anItem("v", { resource: "vk", variant: null })
      yield* pools.tell("vk", load("t2", [vk]))
      const { issuances } = yield* pools.ask("mamba", issue(1))
      yield* TestClock.adjust("1 minute")
      yield* pools.ask("vk", issue(2))
      yield* TestClock.adjust("1 minute")
      const { id } = issuances[0]!
      yield* pools.ask("mamba", confirm(id, "block"))
      yield* pools.ask("mamba", replace(id))
      assert.deepStrictEqual(
        (yield* pools.asked(anna)).map(({ resource, at }) => [resource, at]),
        [
          ["vk", minute],
          ["mamba", 0],
        ],
      )
      assert.deepStrictEqual(yield* pools.asked(boris), [])
      assert.deepStrictEqual(yield* pools.fitting("mamba", [want({ quantity: 5 })]), [1])
      assert.deepStrictEqual(yield* pools.fitting("gone", [want()]), [0])
    }).pipe(Effect.provide(poolsOn())),
  )
})
