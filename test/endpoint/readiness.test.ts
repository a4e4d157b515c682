/** What /readyz makes of the signs of life. */
import { assert, describe, it } from "@effect/vitest"
import { readinessOf, type Signs } from "../../src/endpoint/readiness.ts"

const now = 1_000_000_000
const minutes = (count: number) => count * 60_000
const worked = (ago: number) => ({ workedAt: now - ago, failedAt: null, failure: null })
const never = { workedAt: null, failedAt: null, failure: null }
const failing = { workedAt: now - minutes(9), failedAt: now - 5, failure: "silent" } as const

const well: Signs = {
  now,
  startedAt: now - minutes(60),
  telegram: worked(3_000),
  journal: worked(3_000),
  heartbeat: worked(3_000),
  sheets: [worked(60_000), worked(90_000)],
  diskRefuses: false,
  unwrittenSince: null,
}

describe("readiness", () => {
  it("is there when everything works, with ages in seconds", () => {
    const { ready, checks } = readinessOf(well)
    assert.isTrue(ready)
    assert.deepStrictEqual(checks.telegram, { ok: true, state: "reached", age: 3 })
    assert.deepStrictEqual(checks.sheets, { ok: true, state: "reached", age: 90 })
    assert.deepStrictEqual(checks.flush, { ok: true, state: "nothing waits" })
  })

  it.each([
    ["before Telegram answered", { telegram: never }, "telegram"],
    ["when Telegram is silent", { telegram: worked(minutes(3)) }, "telegram"],
    ["before Google answered", { sheets: [worked(5), never] }, "sheets"],
    ["while the disk refuses", { diskRefuses: true }, "disk"],
    ["when the last write failed", { journal: failing }, "disk"],
    ["when a status waits for too long", { unwrittenSince: now - minutes(11) }, "flush"],
    ["without a heartbeat", { heartbeat: worked(minutes(3)) }, "heartbeat"],
  ] as const)("is not there %s", (_, signs: Partial<Signs>, at) => {
    const { ready, checks } = readinessOf({ ...well, ...signs })
    assert.isFalse(ready)
    assert.deepStrictEqual(
      Object.entries(checks).flatMap(([name, { ok }]) => (ok ? [] : [name])),
      [at],
    )
  })

  it("goes on through an outage of Google, however long the statuses wait", () => {
    const outage = { sheets: [failing, worked(5)], unwrittenSince: now - minutes(300) }
    const { ready, checks } = readinessOf({ ...well, ...outage })
    assert.isTrue(ready)
    assert.match(checks.sheets.state, /outage/)
    assert.strictEqual(checks.flush.state, "waits for Google")
  })
})
