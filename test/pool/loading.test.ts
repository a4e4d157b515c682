/**
 * Rules of the rows that come out of the base tabs: into the stock, into quarantine, or back since
 * somebody is still typing them.
 */
import { assert, describe, it } from "@effect/vitest"
import { lotsOf, quarantinedIn, returningOf, stockOf } from "../../src/pool/View.ts"
import {
  anItem,
  chief,
  given,
  halfTypedRow,
  hour,
  issued,
  load,
  loaded,
  mamba,
  type Rules,
} from "./fixtures.ts"

const reasons = ({ state }: Rules) => state.unreported.map(({ id, reason }) => `${id} ${reason}`)
const available = ({ state, today }: Rules) => stockOf(mamba, state, today).available

/** Another row with the key of the item of that name. */
const copyOf = (name: string) => anItem("x", { key: `${name}@example.com` })

describe("load", () => {
  it("takes a claim once", () => {
    const rules = given(loaded("a", "b"))
    rules.when(load("t1", ["c"])).makes()
    assert.strictEqual(available(rules), 2)
  })

  it("puts aside what is available already", () => {
    const rules = given(loaded("a", "b"))
    rules.run(load("t2", [copyOf("a")]))
    assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"])
    assert.strictEqual(available(rules), 2)
  })

  it("puts aside what somebody holds", () => {
    const rules = given(loaded("a", "b"), issued(["a", "b"]))
    rules.run(load("t2", [copyOf("b"), anItem("c")]))
    assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"])
    assert.strictEqual(available(rules), 1)
  })

  it("puts aside what an older version keeps under another spelling", () => {
    const text = "+7 900 777-01-01"
    for (const key of [text, "9007770101", "+79007770101", "89007770101"]) {
      const rules = given(loaded(anItem("old", { key })))
      const fields = { login: text, password: "secret-x" }
      rules.run(load("t2", [anItem("x", { key: "79007770101", fields }), anItem("c")]))
      assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"], key)
      assert.strictEqual(available(rules), 2)
    }
  })

  it("keeps the first of two in one load", () => {
    const rules = given()
    rules.run(load("t1", [anItem("a"), copyOf("a")]))
    assert.deepStrictEqual(reasons(rules), ["claim-x duplicate"])
    const [id] = rules.issue(1)
    assert.strictEqual(rules.get(id!).item.id, "claim-a")
  })

  it("puts aside what was ever issued, and names the column", () => {
    const rules = given()
    rules.run(load("t1", ["a", "b"]), { knownKeys: new Set(["a@example.com"]) })
    assert.deepStrictEqual(reasons(rules), ["claim-a issuedBefore"])
    assert.strictEqual(rules.state.unreported[0]?.column, "Логин")
  })

  it("remembers the claims of late", () => {
    const rules = given(loaded("a", "b"))
    for (let n = 2; n <= 65; n += 1) rules.run(load(`t${n}`, []))
    assert.lengthOf(rules.state.claims, 64)
    rules.when(load("t2", ["c"])).makes()
  })

  it("reports a row of quarantine once", () => {
    const rules = given(loaded("a", "b"))
    rules.run(load("t2", [copyOf("a")]))
    const ids = [anItem("x").id]
    const report = { _tag: "QuarantineReported" as const, ids: [...ids, anItem("y").id] }
    rules.when(report).makes({ _tag: "QuarantineReported", ids, at: 0 })
    rules.when(report).makes()
  })
})

describe("a row that was claimed while somebody typed it", () => {
  const row = halfTypedRow("half")
  const { id, origin } = row
  const start = () => {
    const rules = given()
    rules.run(load("t1", ["a"], [], [row]))
    return rules
  }

  it("goes back, and is neither in stock nor set aside", () => {
    const rules = start()
    assert.strictEqual(available(rules), 1)
    assert.strictEqual(quarantinedIn(rules.state), 0)
    assert.deepStrictEqual(reasons(rules), [])
    assert.deepStrictEqual(returningOf(rules.state), [{ id, day: null, origin }])
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).returning, 1)
    assert.deepInclude(lotsOf(rules.state), { item: id, place: "returning", key: null })
  })

  it("goes back once, whatever is said twice", () => {
    const rules = start()
    rules.when(load("t1", ["a"], [], [row])).makes()
    rules.when({ _tag: "Returned", ids: [id] }).makes({ _tag: "Returned", ids: [id], at: 0 })
    rules.when({ _tag: "Returned", ids: [id] }).makes()
    assert.deepStrictEqual(returningOf(rules.state), [])
  })

  it("goes back three times in a day at most as it is: then something else is wrong with it", () => {
    const rules = given()
    const again = (claim: string, name: string) => {
      const one = { ...halfTypedRow(name), origin: { ...origin, cells: [{ value: "half" }] } }
      rules.run(load(claim, [], [], [one]))
      rules.run({ _tag: "Returned", ids: [one.id] })
    }
    // Rows that others insert above it may bring it along again within seconds, while it is typed.
    for (const name of ["h1", "h2", "h3", "h3a", "h3b"]) again(name, name)
    assert.strictEqual(quarantinedIn(rules.state), 0)
    rules.now = hour / 60
    again("h4", "h4")
    assert.deepStrictEqual(reasons(rules), ["claim-h4 missing"])
    assert.deepStrictEqual(returningOf(rules.state), [])
    rules.now = 25 * hour
    again("h5", "h5")
    assert.strictEqual(quarantinedIn(rules.state), 1)
    assert.lengthOf(rules.state.halfTyped, 1)
  })

  it("waits for its tab however long that takes, and no admin's button has it", () => {
    const rules = start()
    rules.now = 48 * hour
    rules.run({ _tag: "Expire" })
    rules.when({ _tag: "EnterQuarantine", ids: [id], admin: chief }).refuses("TrashGone")
    assert.lengthOf(returningOf(rules.state), 1)
  })
})
