/** Numbers in the running service: days pass on the clock, and the program starts again. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Item } from "../../src/domain/Item.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { aNumber, boris, chief, issue, load, poolsOn } from "./fixtures.ts"

const fit = aNumber("0001", "2026-11-22")
const next = aNumber("0002", "2026-11-23")

const stocked = Effect.fnUntraced(function* (...items: ReadonlyArray<Item>) {
  const pools = yield* Pools
  yield* pools.tell("number", load("t1", items))
  return pools
})
const given = (messageId: number, more: Parameters<typeof issue>[1] = {}) =>
  Pools.use((pools) => pools.ask("number", issue(messageId, { quantity: 5, ...more }))).pipe(
    Effect.map(({ issuances }) => issuances.map(({ item }) => item.id)),
  )
const setTo = (on: boolean) =>
  Pools.use((pools) => pools.tell("number", { _tag: "SetTodayOnly", on, admin: chief }))
const begin = Pools.use((pools) => pools.tell("number", { _tag: "BeginReturn" }))
const stock = Pools.use((pools) => pools.stock("number"))
const onTheWay = Effect.map(
  Pools.use((pools) => pools.returning("number")),
  (items) => items.map(({ id }) => id),
)

/** Three hours before midnight in UTC is midnight in Moscow. */
const lastSecond = Date.parse("2026-11-22T20:59:59Z")

describe("midnight", () => {
  it.effect("is that of the company, not of the server", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(lastSecond)
      yield* stocked(fit, next)
      assert.deepInclude(yield* stock, { onlyDay: fit.day, byTab: { Номера: 1 }, hidden: 1 })
      assert.deepStrictEqual(yield* given(1), [fit.id])
      assert.strictEqual((yield* Effect.flip(given(2)))._tag, "OutOfStock")
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* stock, { onlyDay: next.day, byTab: { Номера: 1 }, hidden: 0 })
      assert.deepStrictEqual(yield* given(3, { by: boris }), [next.id])
    }).pipe(Effect.provide(poolsOn())),
  )

  it.effect("makes what is left a thing of yesterday", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(lastSecond)
      yield* stocked(next, fit)
      yield* begin
      assert.deepStrictEqual(yield* onTheWay, [])
      yield* TestClock.adjust("1 second")
      yield* begin
      assert.deepStrictEqual(yield* onTheWay, [fit.id])
      assert.deepInclude(yield* stock, { available: 1, hidden: 0, returning: 1 })
    }).pipe(Effect.provide(poolsOn())),
  )
})

describe("a start", () => {
  it.effect.each([{ snapshot: true }, { snapshot: false }])(
    "keeps the mode, snapshot: $snapshot",
    ({ snapshot }) =>
      Effect.gen(function* () {
        const disk = MemoryJournal.makeDisk()
        const run = <A, E>(self: Effect.Effect<A, E, Pools>) =>
          Effect.provide(
            Effect.tap(self, () => (snapshot ? Pools.use((pools) => pools.snapshot) : Effect.void)),
            poolsOn(disk),
          )
        yield* TestClock.setTime(lastSecond)
        yield* run(Effect.andThen(stocked(next), setTo(false)))
        assert.deepInclude(yield* run(stock), { onlyDay: null, hidden: 0 })
        yield* run(setTo(true))
        assert.deepInclude(yield* run(stock), { onlyDay: fit.day, hidden: 1 })
      }),
  )

  it.effect("tells of what can be issued now", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* TestClock.setTime(lastSecond)
      yield* Effect.provide(stocked(fit, next), poolsOn(disk))
      const { recovered } = yield* Effect.provide(Pools, poolsOn(disk))
      const found = recovered.find(({ resource }) => resource === "number")
      assert.strictEqual(found?.available, 1)
    }),
  )

  it.effect("keeps what is on its way back out of the stock", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* TestClock.setTime(lastSecond)
      const older = aNumber("0003", "2026-11-20")
      const old = aNumber("0004", "2026-11-21")
      yield* Effect.andThen(stocked(old, fit, older), begin).pipe(Effect.provide(poolsOn(disk)))
      yield* Effect.gen(function* () {
        const { recovered, tell } = yield* Pools
        assert.deepInclude(
          recovered.find(({ resource }) => resource === "number"),
          { available: 1 },
        )
        assert.deepStrictEqual(yield* onTheWay, [old.id, older.id])
        yield* tell("number", { _tag: "Returned", ids: [older.id] })
      }).pipe(Effect.provide(poolsOn(disk)))
      assert.deepStrictEqual(yield* Effect.provide(onTheWay, poolsOn(disk)), [old.id])
    }),
  )
})
