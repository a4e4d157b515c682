/** The limit of items without a mark is a person's, over all pools. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Pools } from "../../src/pool/Pools.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { anItem, boris, by, issue, load, names, poolsOn } from "./fixtures.ts"

const stockedBoth = Effect.gen(function* () {
  const pools = yield* Pools
  for (const resource of ["mamba", "vk"]) {
    const items = names(12).map((name) =>
      anItem(`${resource}-${name}`, { resource, ...(resource === "vk" ? { variant: null } : {}) }),
    )
    yield* pools.tell(resource, load(`claim-${resource}`, items))
  }
  return pools
})

const take = (resource: string, messageId: number, more: Parameters<typeof issue>[1] = {}) =>
  Pools.use((pools) => pools.ask(resource, issue(messageId, { quantity: 5, ...more })))

describe("the limit over all pools", () => {
  it.effect("one pool counts what is pending in the others", () =>
    Effect.gen(function* () {
      const pools = yield* stockedBoth
      const first = yield* take("mamba", 1)
      yield* take("vk", 2, { quantity: 4 })
      const { request, issuances } = yield* take("vk", 3)
      assert.lengthOf(issuances, 1)
      assert.deepInclude(request, { quantity: 5, allowed: 1 })
      for (const resource of ["mamba", "vk"]) {
        const refusal = yield* Effect.flip(take(resource, 4))
        assert.deepInclude(refusal, { _tag: "TooManyPending", limit: 10, pending: 10 })
      }
      assert.lengthOf((yield* take("vk", 5, { by: boris })).issuances, 5)
      // The same message is the same request, whatever is pending by now.
      assert.lengthOf((yield* take("mamba", 1)).issuances, 5)
      const marked = first.issuances[0]!.id
      yield* pools.ask("mamba", { _tag: "Confirm", status: "good", ...by(marked) })
      assert.lengthOf((yield* take("vk", 6)).issuances, 1)
    }).pipe(Effect.provide(poolsOn())),
  )

  it.effect("a start counts what was pending before it", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        yield* stockedBoth
        yield* take("mamba", 1)
        yield* take("vk", 2, { quantity: 3 })
      }).pipe(Effect.provide(poolsOn(disk)))
      for (const _ of ["decided now", "read again"]) {
        const { request, issuances } = yield* take("vk", 3).pipe(Effect.provide(poolsOn(disk)))
        assert.lengthOf(issuances, 2)
        assert.strictEqual(request.allowed, 2)
      }
    }),
  )

  it.effect("two requests to two pools at the same time stay within it", () =>
    Effect.gen(function* () {
      yield* stockedBoth
      yield* take("mamba", 1, { quantity: 4 })
      yield* take("vk", 2, { quantity: 4 })
      const both = yield* Effect.all(
        [Effect.result(take("mamba", 3)), Effect.result(take("vk", 4))],
        { concurrency: "unbounded" },
      )
      const given = both.map((each) =>
        each._tag === "Success" ? each.success.issuances.length : 0,
      )
      assert.strictEqual(given[0]! + given[1]!, 2)
    }).pipe(Effect.provide(poolsOn())),
  )

  it.effect("says nothing of a limit where the stock was the reason", () =>
    Effect.gen(function* () {
      const pools = yield* Pools
      yield* pools.tell("mamba", load("claim", ["a", "b"]))
      const { request, issuances } = yield* take("mamba", 1)
      assert.lengthOf(issuances, 2)
      assert.isUndefined(request.allowed)
    }).pipe(Effect.provide(poolsOn())),
  )
})
