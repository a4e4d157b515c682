import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { requestKeyOf } from "../../src/domain/Issuance.ts"
import { batchOf } from "../../src/pool/State.ts"
import {
  anItem,
  anna,
  boris,
  by,
  formOf,
  issue,
  load,
  makeRules,
  mamba,
  message,
  minute,
  refused,
} from "./fixtures.ts"

const male = (name: string) => anItem(name)
const female = (name: string) => anItem(name, { variant: "female" })
const taken = (
  items: ReadonlyArray<ReturnType<typeof anItem>>,
  more: Parameters<typeof issue>[1],
) => {
  const rules = makeRules()
  rules.run(load("t1", items))
  return rules.issue(1, more).map((id) => rules.get(id).item.id.replace("claim-", ""))
}

describe("issue", () => {
  it.each([
    { name: "the oldest of the variant", more: { variant: "female" }, gives: ["b"] },
    { name: "the oldest of any variant", more: { variant: null }, gives: ["a"] },
    {
      name: "in the order of arrival over variants",
      more: { quantity: 3 },
      gives: ["a", "b", "c"],
    },
    { name: "all there is", more: { quantity: 5, variant: "female" }, gives: ["b", "d"] },
  ])("gives $name", ({ more, gives }) => {
    assert.deepStrictEqual(taken([male("a"), female("b"), male("c"), female("d")], more), gives)
  })

  it.each([
    { region: "812", gives: ["a", "b", "c"] },
    { region: "495", gives: ["a", "c"] },
  ])("gives a bound item to region $region only where it belongs", ({ region, gives }) => {
    const items = [male("a"), anItem("b", { region: "812" }), male("c")]
    assert.deepStrictEqual(taken(items, { region, quantity: 5 }), gives)
  })

  it("says what there is when nothing fits", () => {
    const rules = makeRules()
    rules.run(load("t1", [male("a"), male("b"), anItem("c", { region: "812" })]))
    const refusal = refused(rules.tryOut(issue(1, { variant: "female" })))
    assert.strictEqual(refusal._tag, "OutOfStock")
    assert.deepInclude(refusal, {
      resource: "mamba",
      variant: "female",
      region: "495",
      byVariant: { male: 3, female: 0 },
      byRegion: { 812: 1 },
      onlyDay: null,
      hidden: 0,
    })
  })

  it("records the request as it was asked, and what came of it", () => {
    const rules = makeRules()
    rules.now = 5
    rules.run(load("t1", [female("a")]))
    const [id] = rules.issue(1, { quantity: 3, targets: ["beboo"] })
    const batch = Option.getOrThrow(batchOf(rules.state, requestKeyOf(message(1))))
    assert.deepInclude(batch.request, { quantity: 3, variant: null, region: "495", at: 5 })
    assert.deepInclude(rules.get(id!), {
      holder: anna,
      stage: "anna",
      targets: ["beboo"],
      issuedAt: 5,
      confirmAt: 5 + 10 * minute,
      delivery: "attempting",
      mark: null,
      row: null,
      generation: 0,
    })
  })

  it("answers the same message with the same batch, whatever else it says", () => {
    const rules = makeRules()
    rules.run(load("t1", [male("a"), male("b"), male("c")]))
    rules.issue(1, { quantity: 2 })
    const before = formOf(rules.state)
    assert.deepStrictEqual(rules.run(issue(1, { quantity: 1, region: "812" })), [])
    assert.deepStrictEqual(formOf(rules.state), before)
  })

  it("tells nobody else what a message holds", () => {
    const rules = makeRules()
    rules.run(load("t1", [male("a")]))
    rules.issue(1)
    assert.strictEqual(rules.refusal(issue(1, { by: boris })), "NotHolder")
  })
})

const limited = () => {
  const rules = makeRules(mamba, { pendingLimit: 3 })
  rules.run(
    load(
      "t1",
      ["a", "b", "c", "d", "e"].map((name) => anItem(name)),
    ),
  )
  return rules
}

describe("the limit of pending items", () => {
  it("gives what still fits", () => {
    const rules = limited()
    rules.issue(1, { quantity: 2 })
    assert.lengthOf(rules.issue(2, { quantity: 2 }), 1)
  })

  it("refuses when nothing fits, by person", () => {
    const rules = limited()
    rules.issue(1, { quantity: 3 })
    assert.deepInclude(refused(rules.tryOut(issue(2))), { limit: 3, pending: 3 })
    assert.lengthOf(rules.issue(3, { by: boris }), 1)
  })

  it("counts what has no status yet", () => {
    const rules = limited()
    const [id] = rules.issue(1, { quantity: 3 })
    rules.run({ _tag: "Confirm", status: "good", ...by(id!) })
    assert.lengthOf(rules.issue(2, { quantity: 2 }), 1)
    rules.run({ _tag: "Undo", ...by(id!) })
    assert.strictEqual(rules.refusal(issue(3)), "TooManyPending")
  })
})
