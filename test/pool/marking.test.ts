import { assert, describe, it } from "@effect/vitest"
import { Option, Result } from "effect"
import { IssuanceId, placeOf } from "../../src/domain/Issuance.ts"
import { anItem, anna, boris, by, chief, hour, load, makeRules, minute } from "./fixtures.ts"

const withOne = () => {
  const rules = makeRules()
  rules.run(load("t1", [anItem("a"), anItem("b")]))
  const [id] = rules.issue(1)
  rules.run({ _tag: "Delivered", ids: [id!], confirmAt: 10 * minute })
  return { rules, id: id! }
}
const confirm = (id: IssuanceId, status = "good", who = anna, admin = false) => ({
  _tag: "Confirm" as const,
  status,
  ...by(id, who, admin),
})
const correct = (id: IssuanceId, status: string) => ({
  _tag: "Correct" as const,
  status,
  ...by(id),
})
const undo = (id: IssuanceId) => ({ _tag: "Undo" as const, ...by(id) })
const write = (rules: ReturnType<typeof makeRules>, id: IssuanceId) =>
  rules.run({ _tag: "Written", rows: [{ id, mark: rules.get(id).mark! }] })

describe("confirm", () => {
  it("marks for good, by whom and when", () => {
    const { rules, id } = withOne()
    rules.now = 3
    assert.deepStrictEqual(rules.run(confirm(id)), ["Confirmed"])
    assert.deepStrictEqual(rules.get(id).mark, { status: "good", at: 3, by: anna, auto: false })
    assert.strictEqual(placeOf(rules.get(id)), "buffer")
  })

  it("changes nothing the second time, and names the mark that stands", () => {
    const { rules, id } = withOne()
    rules.run(confirm(id))
    assert.deepStrictEqual(rules.run(confirm(id)), [])
    const refusal = Option.getOrThrow(Result.getFailure(rules.tryOut(confirm(id, "block"))))
    const standing = refusal._tag === "AlreadyMarked" ? refusal.mark : undefined
    assert.deepStrictEqual(standing, rules.get(id).mark!)
  })

  it("proves the delivery", () => {
    const rules = makeRules()
    rules.run(load("t1", [anItem("a")]))
    const [id] = rules.issue(1)
    rules.run({ _tag: "DeliveryUnsure", ids: [id!] })
    assert.deepStrictEqual(rules.run(confirm(id!)), ["Delivered", "Confirmed"])
    assert.strictEqual(rules.get(id!).delivery, "delivered")
  })

  it("is for the holder and for admins", () => {
    const { rules, id } = withOne()
    assert.strictEqual(rules.refusal(confirm(id, "good", boris)), "NotHolder")
    rules.run(confirm(id, "good", chief, true))
    assert.deepInclude(rules.get(id), { holder: anna })
    assert.strictEqual(rules.get(id).mark?.by, chief)
  })

  it("knows its statuses and its issuances", () => {
    const { rules, id } = withOne()
    assert.strictEqual(rules.refusal(confirm(id, "working")), "NotAllowed:unknownStatus")
    assert.strictEqual(rules.refusal(confirm(IssuanceId.make("ZZZZZZZZZZ"))), "UnknownIssuance")
  })
})

describe("undo", () => {
  it.each([
    { at: 10 * minute, refusal: "none" },
    { at: 10 * minute + 1, refusal: "NotAllowed:undoOver" },
  ])("is possible for ten minutes: at $at ms $refusal", ({ at, refusal }) => {
    const { rules, id } = withOne()
    rules.run(confirm(id))
    rules.now = at
    assert.strictEqual(rules.refusal(undo(id)), refusal)
  })

  it("gives a whole period to say something else", () => {
    const { rules, id } = withOne()
    rules.now = 9 * minute
    rules.run(confirm(id))
    assert.deepStrictEqual(rules.run(undo(id)), ["Undone"])
    assert.deepInclude(rules.get(id), { mark: null, confirmAt: 19 * minute })
    assert.deepStrictEqual(rules.run(undo(id)), [])
  })

  it("never brings the deadline closer", () => {
    const { rules, id } = withOne()
    rules.run({ _tag: "Delivered", ids: [id], confirmAt: 30 * minute })
    rules.run(confirm(id))
    rules.run(undo(id))
    assert.strictEqual(rules.get(id).confirmAt, 30 * minute)
  })

  it("does not undo the timer", () => {
    const { rules, id } = withOne()
    rules.now = 10 * minute
    rules.run({ _tag: "Expire" })
    assert.strictEqual(rules.refusal(undo(id)), "NotAllowed:undoOver")
  })

  it("is over once there is a replacement", () => {
    const { rules, id } = withOne()
    rules.run(confirm(id, "block"))
    rules.run({ _tag: "Replace", ...by(id) })
    assert.strictEqual(rules.refusal(undo(id)), "NotAllowed:replaced")
  })

  it("keeps what the sheet says, so that the next status corrects it", () => {
    const { rules, id } = withOne()
    rules.run(confirm(id))
    write(rules, id)
    rules.now = 1
    rules.run(undo(id))
    assert.strictEqual(placeOf(rules.get(id)), "pending")
    rules.run(confirm(id))
    assert.strictEqual(placeOf(rules.get(id)), "correction")
    write(rules, id)
    assert.strictEqual(placeOf(rules.get(id)), "written")
  })
})

describe("correct", () => {
  it("sets another status, by a person, also over the timer", () => {
    const { rules, id } = withOne()
    rules.now = 10 * minute
    rules.run({ _tag: "Expire" })
    rules.now = 11 * minute
    assert.deepStrictEqual(rules.run(correct(id, "block")), ["Corrected"])
    const mark = { status: "block", at: 11 * minute, by: anna, auto: false }
    assert.deepStrictEqual(rules.get(id).mark, mark)
    assert.deepStrictEqual(rules.run(correct(id, "block")), [])
  })

  it.each([
    { at: 24 * hour, refusal: "none" },
    { at: 24 * hour + 1, refusal: "NotAllowed:correctionOver" },
  ])("is possible for a day: at $at ms $refusal", ({ at, refusal }) => {
    const { rules, id } = withOne()
    rules.run(confirm(id))
    rules.now = at
    assert.strictEqual(rules.refusal(correct(id, "block")), refusal)
  })

  it("needs a status to correct, and one that exists", () => {
    const { rules, id } = withOne()
    assert.strictEqual(rules.refusal(correct(id, "block")), "NotAllowed:pending")
    rules.run(confirm(id))
    assert.strictEqual(rules.refusal(correct(id, "reset")), "NotAllowed:unknownStatus")
  })

  it("is possible for what was replaced, and offers nothing new", () => {
    const { rules, id } = withOne()
    rules.run(confirm(id, "block"))
    rules.run({ _tag: "Replace", ...by(id) })
    rules.run(correct(id, "defect"))
    rules.run(correct(id, "block"))
    assert.deepStrictEqual(rules.run({ _tag: "Replace", ...by(id) }), [])
  })

  it("of a written row waits for the sheet", () => {
    const { rules, id } = withOne()
    rules.run(confirm(id))
    write(rules, id)
    assert.deepStrictEqual(write(rules, id), [])
    rules.run(correct(id, "defect"))
    assert.strictEqual(placeOf(rules.get(id)), "correction")
  })
})

it("an unknown row is nobody's", () => {
  const { rules, id } = withOne()
  rules.run(confirm(id))
  const mark = rules.get(id).mark!
  const gone = IssuanceId.make("ZZZZZZZZZZ")
  assert.deepStrictEqual(rules.run({ _tag: "Written", rows: [{ id: gone, mark }] }), [])
})
