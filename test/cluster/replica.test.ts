import { assert, describe, it } from "@effect/vitest"
import { Duration, Option } from "effect"
import type { Bot, BotsByName } from "../../src/cluster/Bots.ts"
import { type Doing, replicaReadinessOf, type Signs } from "../../src/cluster/replica.ts"
import { probeFresh } from "../../src/config/Limits.ts"
import type { Readiness } from "../../src/endpoint/readiness.ts"

const fresh = Duration.toMillis(probeFresh)
const now = 10 * fresh

const fine = { ok: true, state: "fine" }
const readinessOf = (ready: boolean): Readiness => ({
  ready,
  checks: {
    telegram: fine,
    sheets: { ok: ready, state: "not reached yet" },
    disk: fine,
    flush: fine,
    heartbeat: fine,
  },
})

const here = (since: number, ready = true): Doing => ({
  _tag: "Here",
  since,
  readiness: readinessOf(ready),
})

// Nothing of the settings is looked at.
const ready = { _tag: "Ready" } as Bot

const signsOf = (signs: Partial<Signs>): Signs => ({
  now,
  replica: "10.0.0.5:7300",
  isDatabaseAway: false,
  databaseAnsweredAt: now - 2_000,
  handledAt: new Map(),
  trouble: Option.none(),
  bots: new Map([["sales", ready]]) satisfies BotsByName,
  doing: new Map(),
  ...signs,
})

const ofSales = (doing: Doing, handledAgo?: number) => {
  const found = replicaReadinessOf(
    signsOf({
      doing: new Map([["sales", doing]]),
      handledAt: new Map(handledAgo === undefined ? [] : [["sales", now - handledAgo]]),
    }),
  )
  const { ok, state, handled } = found.bots["sales"] ?? {}
  return { ready: found.ready, ok, state, handled }
}

describe("a replica on /readyz", () => {
  it("is ready while updates of its bots are handled", () => {
    assert.deepStrictEqual(ofSales(here(0), 20_000), {
      ready: true,
      ok: true,
      state: "here",
      handled: 20,
    })
  })

  it("is not ready once an update of its own does not come through", () => {
    const stuck = { ready: false, ok: false, state: "updates are not handled" }
    assert.deepStrictEqual(ofSales(here(0), fresh), { ...stuck, handled: fresh / 1_000 })
    assert.deepStrictEqual(ofSales(here(now - fresh)), { ...stuck, handled: undefined })
  })

  it("gives a bot that came a moment ago time for the first one", () => {
    assert.include(ofSales(here(now - fresh + 1), 5 * fresh), { ready: true, ok: true })
  })

  it("stays ready where another replica would fare no better", () => {
    assert.include(ofSales(here(0, false), 1_000), { ready: true, ok: false, state: "here" })
    const waits: Doing = { _tag: "Waits", why: "Telegram refuses the token" }
    assert.include(ofSales(waits, 1_000), { ready: true, ok: false, state: "does not run" })
    const faulty = replicaReadinessOf(
      signsOf({ bots: new Map([["sales", { _tag: "Faulty", faults: ["sales.env: …"] }]]) }),
    )
    assert.isTrue(faulty.ready)
    assert.deepStrictEqual(faulty.bots["sales"], {
      ok: false,
      state: "faulty settings",
      faults: ["sales.env: …"],
    })
    const gone = replicaReadinessOf(signsOf({ trouble: Option.some("cannot be read") }))
    assert.isTrue(gone.ready)
    assert.deepStrictEqual(gone.botsDir, { ok: false, state: "cannot be read" })
  })

  it("says of a bot elsewhere whether anybody handles its updates", () => {
    assert.include(ofSales({ _tag: "Elsewhere" }, 1_000), { ready: true, ok: true })
    assert.include(ofSales({ _tag: "Elsewhere" }, fresh), { ready: true, ok: false })
    assert.include(ofSales({ _tag: "Elsewhere" }), { ready: true, ok: false, state: "elsewhere" })
  })

  it("is not ready while the database is silent", () => {
    const found = replicaReadinessOf(signsOf({ isDatabaseAway: true }))
    assert.isFalse(found.ready)
    assert.deepStrictEqual(found.database, { ok: false, state: "silent", age: 2 })
  })
})
