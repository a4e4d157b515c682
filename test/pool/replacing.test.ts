import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { requestKeyOf } from "../../src/domain/Issuance.ts"
import { batchOf } from "../../src/pool/State.ts"
import {
  anItem,
  anna,
  boris,
  by,
  hour,
  load,
  makeRules,
  mamba,
  message,
  minute,
} from "./fixtures.ts"

const blocked = (names: ReadonlyArray<string> = ["a", "b", "c", "d", "e"]) => {
  const rules = makeRules(mamba, { pendingLimit: 1 })
  rules.run(
    load(
      "t1",
      names.map((name) => anItem(name)),
    ),
  )
  const [id] = rules.issue(1, { variant: "male" })
  rules.run({ _tag: "Confirm", status: "block", ...by(id!) })
  return { rules, id: id! }
}
const replace = (rules: ReturnType<typeof makeRules>, id: Parameters<typeof by>[0]) => {
  rules.run({ _tag: "Replace", ...by(id) })
  return rules.get(id).replacedBy!
}

describe("replace", () => {
  it("gives one more item on the same request, once, also at the limit", () => {
    const { rules, id } = blocked()
    rules.issue(2)
    const next = replace(rules, id)
    assert.deepInclude(rules.get(next), {
      replacementOf: id,
      generation: 1,
      holder: anna,
      request: requestKeyOf(message(1)),
      mark: null,
    })
    assert.deepStrictEqual(rules.run({ _tag: "Replace", ...by(id) }), [])
    const batch = Option.getOrThrow(batchOf(rules.state, requestKeyOf(message(1))))
    assert.deepStrictEqual(
      batch.issuances.map((each) => each.id),
      [id, next],
    )
  })

  it("ends the chain after three", () => {
    const { rules, id } = blocked()
    let last = id
    for (let n = 0; n < 3; n += 1) {
      last = replace(rules, last)
      rules.run({ _tag: "Confirm", status: "block", ...by(last) })
    }
    assert.strictEqual(rules.get(last).generation, 3)
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(last) }), "NotAllowed:chainTooLong")
  })

  it.each([
    { name: "at the end of its time", at: 24 * hour, refusal: "none" },
    { name: "after it", at: 24 * hour + 1, refusal: "NotAllowed:replacementOver" },
  ])("is offered for a day: $name", ({ at, refusal }) => {
    const { rules, id } = blocked()
    rules.now = at
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(id) }), refusal)
  })

  it("is for its holder and for admins, who get it for the holder", () => {
    const { rules, id } = blocked()
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(id, boris) }), "NotHolder")
    rules.run({ _tag: "Replace", ...by(id, boris, true) })
    assert.strictEqual(rules.get(rules.get(id).replacedBy!).holder, anna)
  })

  it("is for statuses that offer it, and gone with them", () => {
    const { rules, id } = blocked()
    rules.run({ _tag: "Correct", status: "defect", ...by(id) })
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(id) }), "NotAllowed:noReplacement")
    rules.run({ _tag: "Undo", ...by(id) })
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(id) }), "NotAllowed:pending")
  })

  it("may find an empty stock", () => {
    const { rules, id } = blocked(["a"])
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(id) }), "OutOfStock")
  })

  it("is declined once, and never after it was taken", () => {
    const { rules, id } = blocked()
    const decline = { _tag: "DeclineReplacement" as const, ...by(id) }
    assert.deepStrictEqual(rules.run(decline), ["ReplacementDeclined"])
    assert.deepStrictEqual(rules.run(decline), [])
    assert.isTrue(rules.get(id).replacementDeclined)
    replace(rules, id)
    assert.strictEqual(rules.refusal(decline), "NotAllowed:replaced")
  })

  it("may be had again when the first one went back unseen", () => {
    const { rules, id } = blocked()
    const next = replace(rules, id)
    rules.run({ _tag: "DeliveryRefused", ids: [next] })
    rules.now = 10 * minute
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Withdrawn"])
    assert.isNull(rules.get(id).replacedBy)
    assert.strictEqual(rules.get(replace(rules, id)).item.id, "claim-b")
  })
})
