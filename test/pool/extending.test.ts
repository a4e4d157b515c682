/** More time before the timer marks: ten minutes for what is open of a batch, twice at most. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  anna,
  boris,
  chief,
  confirm,
  confirmed,
  delivered,
  expire,
  extend,
  formOf,
  given,
  idOf,
  issue,
  issued,
  loaded,
  makeRules,
  markOf,
  minute,
  number,
  poolsOn,
  refusedDelivery,
  stocked,
  undo,
} from "./fixtures.ts"

const a = idOf("a")
const b = idOf("b")
const extended = (name: string, confirmAt: number, at: number, who = anna): PoolEvent => ({
  _tag: "Extended",
  id: idOf(name),
  confirmAt,
  by: who,
  at,
})

/** Anna holds two items of one batch, and has seen them. */
const held = [loaded("a", "b"), issued(["a", "b"]), delivered(["a", "b"])]

describe("more time", () => {
  it("moves the end of every open item of the batch by ten minutes", () => {
    const rules = given(...held)
    rules
      .when(extend(a), { now: 9 * minute })
      .makes(extended("a", 20 * minute, 9 * minute), extended("b", 20 * minute, 9 * minute))
    rules.when(expire, { now: 19 * minute }).makes()
    const auto = { ...markOf("good", 20 * minute), auto: true }
    rules.when(expire, { now: 20 * minute }).makes(confirmed("a", auto), confirmed("b", auto))
  })

  it("counts from the end of each item", () => {
    const rules = given(...held, confirmed("a"))
    rules.run(undo(a), { now: 5 * minute })
    rules
      .when(extend(a), { now: 6 * minute })
      .makes(extended("a", 25 * minute, 6 * minute), extended("b", 20 * minute, 6 * minute))
  })

  it("is given twice to each item at most", () => {
    const rules = given(...held)
    rules.run(extend(a, 0), { now: minute })
    rules
      .when(extend(b, 2), { now: minute })
      .makes(extended("a", 30 * minute, minute), extended("b", 30 * minute, minute))
    rules.when(extend(a, 4), { now: minute }).refuses("NotAllowed:extensionOver")
    assert.strictEqual(rules.get(a).extensions, 2)
  })

  it("is given once by a button that is pressed twice", () => {
    const rules = given(...held)
    rules.run(extend(a, 0), { now: minute })
    rules.when(extend(a, 0), { now: minute }).makes()
    rules.when(extend(b, 0), { now: minute }).makes()
    assert.deepInclude(rules.get(a), { confirmAt: 20 * minute, extensions: 1 })
  })

  it("goes to what is open only", () => {
    const rules = given(...held, confirmed("a"))
    rules.when(extend(a), { now: minute }).makes(extended("b", 20 * minute, minute))
    rules.run(confirm(b), { now: minute })
    rules.when(extend(a, 1), { now: minute }).refuses("AlreadyMarked")
  })

  it("comes too late at the last moment, before the timer has looked", () => {
    const rules = given(...held)
    rules.when(extend(a), { now: 10 * minute }).refuses("NotAllowed:extensionOver")
  })

  it("is for the holder and for admins", () => {
    const rules = given(...held)
    rules.when(extend(a, 0, boris)).refuses("NotHolder")
    rules
      .when(extend(a, 0, chief, true), { now: minute })
      .makes(extended("a", 20 * minute, minute, chief), extended("b", 20 * minute, minute, chief))
    rules.when(extend(idOf("nobody"))).refuses("UnknownIssuance")
  })

  it("is not given where nobody can have seen the item", () => {
    const rules = given(loaded("a"), issued("a"), refusedDelivery("a"))
    rules.when(extend(a), { now: minute }).refuses("NotAllowed:extensionOver")
  })

  it("is not given where the timer marks nothing", () => {
    const rules = makeRules({ ...number, autoStatus: null })
    rules.take(held)
    rules.when(extend(a), { now: minute }).refuses("NotAllowed:extensionOver")
  })

  it("stays given by an undo, and by the snapshot", () => {
    const rules = given(...held)
    rules.run(extend(a), { now: minute })
    rules.run(confirm(a), { now: 2 * minute })
    rules.run(undo(a), { now: 3 * minute })
    assert.deepInclude(rules.get(a), { confirmAt: 20 * minute, extensions: 1 })
    assert.include(JSON.stringify(formOf(rules.state)), '"extensions":1')
  })

  it("is not counted by what came from an older version", () => {
    assert.notInclude(JSON.stringify(formOf(given(...held).state)), "extensions")
  })
})

const tick = Pools.use(({ tell }) => tell("mamba", { _tag: "Expire" }))
const openItems = Effect.gen(function* () {
  yield* tick
  return (yield* (yield* Pools).holders).length
})

/** An item on Anna's screen, with ten minutes to mark it. */
const shown = Effect.gen(function* () {
  const pools = yield* stocked(1)
  const { issuances } = yield* pools.ask("mamba", issue(1))
  const [id] = issuances.map((issuance) => issuance.id)
  const confirmAt = yield* pools.deadlineFromNow("mamba", [id!])
  yield* pools.tell("mamba", { _tag: "Delivered", ids: [id!], confirmAt })
  return { pools, id: id! }
})

describe("the timer after more time was given", () => {
  for (const [name, by] of hourSteps) {
    it.effect(`waits that long although the clock is set ${name} before and after`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const { pools, id } = yield* shown
          yield* TestClock.adjust(Duration.minutes(8))
          yield* step(by)
          yield* pools.ask("mamba", extend(id))
          yield* step(by)
          yield* TestClock.adjust(Duration.minutes(11))
          assert.strictEqual(yield* openItems, 1)
          yield* TestClock.adjust(Duration.minutes(1))
          assert.strictEqual(yield* openItems, 0)
        }).pipe(Effect.provide(poolsOn())),
      ),
    )
  }

  it.effect("waits that long over a start", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const run = <A, E>(effect: Effect.Effect<A, E, Pools>) =>
        Effect.provide(effect, poolsOn(disk), { local: true })
      yield* run(
        Effect.gen(function* () {
          const { pools, id } = yield* shown
          yield* pools.ask("mamba", extend(id))
        }),
      )
      yield* TestClock.adjust(Duration.minutes(19))
      assert.strictEqual(yield* run(openItems), 1)
      yield* TestClock.adjust(Duration.minutes(1))
      assert.strictEqual(yield* run(openItems), 0)
    }),
  )
})
