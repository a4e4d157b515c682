/** What is said to be there is what an issue would find, and «нет» is said only of what is known. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { BaseStock, type BaseCount } from "../../src/pool/BaseStock.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { lackOf, leftFor, Supplies, type Supply } from "../../src/pool/Supply.ts"
import { countFor, readyOf } from "../../src/pool/View.ts"
import { Day } from "../../src/domain/Day.ts"
import { aNumber, anItem, boris, chief, issue, load, mamba, number, poolsOn } from "./fixtures.ts"
import { dated, makeWorld, Script } from "./script.ts"

const regions = ["495", "812"]

describe("what is ready", () => {
  it.prop(
    "is what an issue finds and a refusal says, whatever happened before",
    { script: Script },
    ({ script }) => {
      const world = makeWorld()
      for (const step of script) world.run(step)
      const { rules } = world
      const supply: Supply = {
        ...readyOf(dated, rules.state, rules.today),
        resource: dated,
        coming: [],
      }
      const wishes = regions.flatMap((region) =>
        [null, "male", "female"].map((variant) => ({ region, variant })),
      )
      for (const [place, wish] of wishes.entries()) {
        const command = issue(90_000 + place, { ...wish, by: boris, quantity: 5 })
        const outcome = rules.tryOut(command, { pendingLimit: 1_000 })
        const lack = lackOf(supply, { regions: [wish.region], variant: wish.variant })
        if (Result.isFailure(outcome)) {
          const { _tag } = outcome.failure
          assert.strictEqual(lack, _tag === "PoolPaused" ? "paused" : "none")
          if (_tag === "OutOfStock") assert.strictEqual(countFor(supply, wish), 0)
        } else {
          assert.isUndefined(lack)
          const given = outcome.success.flatMap((event) =>
            event._tag === "Issued" ? event.issuances : [],
          )
          assert.strictEqual(Math.min(countFor(supply, wish), 5), given.length)
          assert.strictEqual(leftFor(supply, wish), countFor(supply, wish))
        }
      }
      const of = (all: ReadonlyArray<string>) => lackOf(supply, { regions: all, variant: null })
      const each = regions.map((region) => of([region]))
      assert.strictEqual(
        of(regions),
        each.includes(undefined) ? undefined : supply.paused === null ? "none" : "paused",
      )
    },
    { arbitrary: { runs: 200, seed: 7 } },
  )
})

const services = Supplies.layer.pipe(Layer.provideMerge(Layer.merge(poolsOn(), BaseStock.layer)))

const counted = (counts: Record<string, Partial<BaseCount>>) =>
  BaseStock.use((stock) =>
    stock.counted(
      new Map(
        Object.entries(counts).map(([tab, count]) => [
          tab,
          { rows: 0, onlyDay: null, at: 0, ...count },
        ]),
      ),
    ),
  )

describe("nothing is said to be there no more", () => {
  it.effect("while a tab is unknown, or has rows of the variant", () =>
    Effect.gen(function* () {
      const supplies = yield* Supplies
      const pools = yield* Pools
      const lacks = Effect.map(supplies.of(mamba), (supply) =>
        [null, "male", "female"].map((variant) => lackOf(supply, { regions, variant })),
      )
      assert.deepStrictEqual(yield* lacks, [undefined, undefined, undefined])
      yield* counted({ "Мамба Муж": {} })
      assert.deepStrictEqual(yield* lacks, [undefined, "none", undefined])
      yield* counted({ "Мамба Муж": {}, "Мамба Жен": { rows: 1 } })
      assert.deepStrictEqual(yield* lacks, [undefined, "none", undefined])
      yield* counted({ "Мамба Муж": {}, "Мамба Жен": {} })
      assert.deepStrictEqual(yield* lacks, ["none", "none", "none"])
      yield* pools.tell("mamba", load("t1", [anItem("a", { region: "812" })]))
      assert.deepStrictEqual(yield* lacks, [undefined, undefined, "none"])
      const supply = yield* supplies.of(mamba)
      assert.strictEqual(lackOf(supply, { regions: ["495"], variant: null }), "none")
      assert.strictEqual(leftFor(supply, { region: "812", variant: null }), 1)
      yield* pools.manage("mamba", { _tag: "Pause", note: "", admin: chief })
      assert.deepStrictEqual(yield* lacks, ["paused", "paused", "paused"])
    }).pipe(Effect.provide(services)),
  )

  it.effect("while its tab was counted for another day or mode", () =>
    Effect.gen(function* () {
      const supplies = yield* Supplies
      const pools = yield* Pools
      const lack = Effect.map(supplies.of(number), (supply) =>
        lackOf(supply, { regions, variant: null }),
      )
      const onlyDay = Day.make("1970-01-01")
      yield* pools.tell("number", load("t1", [aNumber("0001", "1970-01-02")]))
      yield* counted({ Номера: { onlyDay } })
      assert.strictEqual(yield* lack, "none")
      assert.strictEqual((yield* supplies.of(number)).hidden, 1)
      yield* pools.tell("number", { _tag: "SetTodayOnly", on: false, admin: chief })
      assert.isUndefined(yield* lack)
      yield* pools.tell("number", { _tag: "SetTodayOnly", on: true, admin: chief })
      assert.strictEqual(yield* lack, "none")
      // The number is today's now, and the count is yesterday's.
      yield* TestClock.adjust("1 day")
      assert.isUndefined(yield* lack)
      const supply = yield* supplies.of(number)
      assert.deepStrictEqual([supply.hidden, supply.coming], [0, [null]])
    }).pipe(Effect.provide(services)),
  )
})
