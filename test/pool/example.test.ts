import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Pools } from "../../src/pool/Pools.ts"
import { anItem, issue, load, poolsOn } from "./fixtures.ts"

it.effect("an item nobody complains about is good after ten minutes", () =>
  Effect.gen(function* () {
    const pools = yield* Pools
    yield* pools.tell("mamba", load("claim", [anItem("a")]))
    const { issuances } = yield* pools.ask("mamba", issue(1))
    const { id, confirmAt } = issuances[0]!
    yield* pools.tell("mamba", { _tag: "Delivered", ids: [id], confirmAt })
    yield* TestClock.adjust("10 minutes")
    yield* pools.tell("mamba", { _tag: "Expire" })
    const [confirmed] = yield* pools.buffer("mamba")
    assert.strictEqual(confirmed?.mark?.status, "good")
  }).pipe(Effect.provide(poolsOn())),
)
