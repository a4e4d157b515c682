import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeOverdue } from "../../src/observe/overdue.ts"
import { elapsed } from "../../src/observe/elapsed.ts"

it.effect("what takes too long is dealt with once and soon, and what has ended never", () =>
  Effect.gen(function* () {
    const late: Array<string> = []
    const { begin, end } = yield* makeOverdue("work", (what: string) =>
      Effect.sync(() => void late.push(what)),
    )
    const now = yield* elapsed
    begin("slow", now + 60_000)
    begin("ended", now + 60_000)
    begin("slower", now + 90_000)
    yield* TestClock.adjust("59 seconds")
    end("ended")
    assert.deepStrictEqual(late, [])
    yield* TestClock.adjust("6 seconds")
    assert.deepStrictEqual(late, ["slow"])
    yield* TestClock.adjust("10 minutes")
    assert.deepStrictEqual(late, ["slow", "slower"])
  }),
)

it.effect("a crash costs nobody else the look", () =>
  Effect.gen(function* () {
    const late: Array<string> = []
    const { begin } = yield* makeOverdue("work", (what: string) =>
      what === "bad" ? Effect.die(new Error("planted")) : Effect.sync(() => void late.push(what)),
    )
    const now = yield* elapsed
    begin("bad", now)
    begin("good", now)
    yield* TestClock.adjust("1 minute")
    assert.deepStrictEqual(late, ["good"])
  }),
)
