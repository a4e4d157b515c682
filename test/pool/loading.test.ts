import { assert, describe, it } from "@effect/vitest"
import { Chunk } from "effect"
import { stockOf } from "../../src/pool/View.ts"
import { anItem, load, makeRules, mamba } from "./fixtures.ts"

const stocked = () => {
  const rules = makeRules()
  rules.run(load("t1", [anItem("a"), anItem("b")]))
  return rules
}
const reasons = (rules: ReturnType<typeof makeRules>) =>
  Chunk.toReadonlyArray(rules.state.quarantine).map(({ id, reason }) => `${id} ${reason}`)

describe("load", () => {
  it("takes a claim once", () => {
    const rules = stocked()
    assert.deepStrictEqual(rules.run(load("t1", [anItem("c")])), [])
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).available, 2)
  })

  it("puts aside what is available already", () => {
    const rules = stocked()
    rules.run(load("t2", [anItem("x", { key: "a@example.com" })]))
    assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"])
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).available, 2)
  })

  it("puts aside what somebody holds", () => {
    const rules = stocked()
    rules.issue(1, { quantity: 2 })
    rules.run(load("t2", [anItem("x", { key: "b@example.com" }), anItem("c")]))
    assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"])
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).available, 1)
  })

  it("keeps the first of two in one load", () => {
    const rules = makeRules()
    rules.run(load("t1", [anItem("a"), anItem("x", { key: "a@example.com" })]))
    assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"])
    const [id] = rules.issue(1)
    assert.strictEqual(rules.get(id!).item.id, "claim-a")
  })

  it("puts aside what was ever issued, and names the column", () => {
    const rules = makeRules()
    rules.run(load("t1", [anItem("a"), anItem("b")]), { knownKeys: new Set(["a@example.com"]) })
    assert.deepStrictEqual(reasons(rules), ["claim-a issuedBefore"])
    assert.strictEqual(Chunk.headUnsafe(rules.state.quarantine).column, "Логин")
  })

  it("remembers the claims of late", () => {
    const rules = stocked()
    for (let n = 2; n <= 65; n += 1) rules.run(load(`t${n}`, []))
    assert.lengthOf(rules.state.claims, 64)
    assert.deepStrictEqual(rules.run(load("t2", [anItem("c")])), [])
  })

  it("reports a row of quarantine once", () => {
    const rules = stocked()
    rules.run(load("t2", [anItem("x", { key: "a@example.com" })]))
    const report = { _tag: "QuarantineReported" as const, ids: [anItem("x").id, anItem("y").id] }
    assert.deepStrictEqual(rules.run(report), ["QuarantineReported"])
    assert.deepStrictEqual(rules.run(report), [])
  })
})
