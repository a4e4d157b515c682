/** A row of the issued tab that somebody changed is written again: the rules of it. */
import { assert, describe, it } from "@effect/vitest"
import { type IssuanceId, placeOf } from "../../src/domain/Issuance.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import { bufferOf, correctionsOf, writtenOf } from "../../src/pool/View.ts"
import { anItem, by, chief, hour, load, makeRules } from "./fixtures.ts"

const written = () => {
  const rules = makeRules()
  rules.run(load("one", [anItem("a")]))
  const [id] = rules.issue(1)
  rules.run({ _tag: "Confirm", status: "good", ...by(id!) })
  rules.now += 1000
  const write = () => {
    const { mark } = rules.get(id!)
    return rules.run({ _tag: "Written", rows: mark === null ? [] : [{ id: id!, mark }] })
  }
  write()
  return { rules, id: id!, write }
}

const rewrite = (
  id: IssuanceId,
  more: Partial<Extract<AdminCommand, { readonly _tag: "Rewrite" }>> = {},
): AdminCommand => ({
  _tag: "Rewrite",
  id,
  gone: false,
  value: false,
  rewrites: 0,
  admin: chief,
  ...more,
})

describe("Rewrite", () => {
  it("a changed row becomes a correction, until it is written", () => {
    const { rules, id, write } = written()
    assert.lengthOf(writtenOf(rules.state), 1)
    assert.deepStrictEqual(rules.run(rewrite(id)), ["RewriteBegun"])
    assert.deepStrictEqual(
      correctionsOf(rules.state).map((each) => [each.id, each.mark?.status, each.valueLost]),
      [[id, "good", undefined]],
    )
    assert.deepStrictEqual(write(), ["Written"])
    assert.strictEqual(placeOf(rules.get(id)), "written")
  })

  it("a row that stands for another item is corrected with its item", () => {
    const { rules, id, write } = written()
    rules.run(rewrite(id, { value: true }))
    assert.isTrue(rules.get(id).valueLost)
    write()
    assert.isUndefined(rules.get(id).valueLost)
  })

  it("a row that is gone waits for the sheet like a new one", () => {
    const { rules, id, write } = written()
    rules.run(rewrite(id, { gone: true, value: true }))
    assert.deepStrictEqual(
      bufferOf(rules.state).map((each) => [each.id, each.rewrites, each.valueLost]),
      [[id, 1, undefined]],
    )
    write()
    assert.strictEqual(placeOf(rules.get(id)), "written")
  })

  it("one finding is acted on once, also after the row was written again", () => {
    const { rules, id, write } = written()
    rules.run(rewrite(id, { gone: true }))
    assert.deepStrictEqual(rules.run(rewrite(id, { gone: true })), [])
    write()
    assert.deepStrictEqual(rules.run(rewrite(id, { gone: true })), [])
    assert.deepStrictEqual(rules.run(rewrite(id, { gone: true, rewrites: 1 })), ["RewriteBegun"])
  })

  it("what waits to be written anyway is left to that", () => {
    const { rules, id } = written()
    rules.run({ _tag: "Correct", status: "block", ...by(id) })
    assert.deepStrictEqual(rules.run(rewrite(id)), [])
  })

  it("is refused for what memory let go of, which waits until the row is written again", () => {
    const { rules, id, write } = written()
    rules.run(rewrite(id))
    rules.now += 26 * hour
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    write()
    rules.run({ _tag: "Expire" })
    assert.strictEqual(rules.refusal(rewrite(id)), "UnknownIssuance")
  })
})
