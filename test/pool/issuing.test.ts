/** Rules of handing out: a request, its limit, a replacement, and saying no to one. */
import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { requestKeyOf } from "../../src/domain/Issuance.ts"
import type { Item } from "../../src/domain/Item.ts"
import { batchOf } from "../../src/pool/State.ts"
import {
  anItem,
  anna,
  boris,
  by,
  confirm,
  confirmed,
  correct,
  delivered,
  expire,
  formOf,
  given,
  hour,
  idOf,
  issue,
  issued,
  loaded,
  markOf,
  message,
  minute,
  refused,
  refusedDelivery,
  replace,
  type Rules,
  undo,
} from "./fixtures.ts"

const [a, b] = [idOf("a"), idOf("b")]
const female = (name: string) => anItem(name, { variant: "female" })
const inRegion = (name: string, region: string) => anItem(name, { region })

/** Names of the items that a request is given. */
const namesGiven = (items: ReadonlyArray<string | Item>, more: Parameters<typeof issue>[1]) => {
  const rules = given(loaded(...items))
  return rules.issue(1, more).map((id) => rules.get(id).item.id.replace("claim-", ""))
}

const batchOn = ({ state }: Rules, messageId: number) =>
  Option.getOrThrow(batchOf(state, requestKeyOf(message(messageId))))

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
    assert.deepStrictEqual(namesGiven(["a", female("b"), "c", female("d")], more), gives)
  })

  it.each([
    { region: "812", gives: ["a", "b", "c"] },
    { region: "495", gives: ["a", "c"] },
  ])("gives a bound item to region $region only where it belongs", ({ region, gives }) => {
    const items = ["a", inRegion("b", "812"), "c"]
    assert.deepStrictEqual(namesGiven(items, { region, quantity: 5 }), gives)
  })

  it("says what there is when nothing fits", () => {
    const rules = given(loaded("a", "b", inRegion("c", "812")))
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
    const rules = given(loaded(female("a")))
    rules
      .when(issue(1, { quantity: 3, targets: ["beboo"] }), { now: 5, newIds: [a] })
      .makes(issued([female("a")], { quantity: 3, targets: ["beboo"], at: 5 }))
    assert.deepInclude(batchOn(rules, 1).request, {
      quantity: 3,
      variant: null,
      region: "495",
      at: 5,
    })
    assert.deepInclude(rules.get(a), {
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
    const rules = given(loaded("a", "b", "c"), issued(["a", "b"]))
    const before = formOf(rules.state)
    rules.when(issue(1, { quantity: 1, region: "812" })).makes()
    assert.deepStrictEqual(formOf(rules.state), before)
  })

  it("tells nobody else what a message holds", () => {
    given(loaded("a"), issued("a"))
      .when(issue(1, { by: boris }))
      .refuses("NotHolder")
  })
})

describe("the limit of pending items", () => {
  const limit = { pendingLimit: 3 }
  const stock = loaded("a", "b", "c", "d", "e")

  it("gives what still fits", () => {
    const rules = given(stock, issued(["a", "b"]))
    assert.deepStrictEqual(rules.run(issue(2, { quantity: 2 }), limit), ["Issued"])
    assert.lengthOf(batchOn(rules, 2).issuances, 1)
  })

  it("refuses when nothing fits, by person", () => {
    const rules = given(stock, issued(["a", "b", "c"]))
    assert.deepInclude(refused(rules.tryOut(issue(2), limit)), { limit: 3, pending: 3 })
    rules.run(issue(3, { by: boris }), limit)
    assert.lengthOf(batchOn(rules, 3).issuances, 1)
  })

  it("counts what has no status yet", () => {
    const rules = given(stock, issued(["a", "b", "c"]), confirmed("a"))
    rules.run(issue(2, { quantity: 2 }), limit)
    assert.lengthOf(batchOn(rules, 2).issuances, 1)
    rules.run(undo(a))
    rules.when(issue(3), limit).refuses("TooManyPending")
  })
})

describe("replace", () => {
  /** Anna says that the first item is blocked. */
  const blocked = [
    issued("a", { variant: "male" }),
    delivered("a"),
    confirmed("a", markOf("block")),
  ]
  const stock = loaded("a", "b", "c", "d", "e")
  const replaced = (rules: Rules, id = a) => {
    rules.run(replace(id), { pendingLimit: 1 })
    return rules.get(id).replacedBy!
  }

  it("gives one more item on the same request, once, also at the limit", () => {
    const rules = given(stock, ...blocked)
    rules.issue(2)
    const next = replaced(rules)
    assert.deepInclude(rules.get(next), {
      replacementOf: a,
      generation: 1,
      holder: anna,
      request: requestKeyOf(message(1)),
      mark: null,
    })
    rules.when(replace(a)).makes()
    assert.deepStrictEqual(
      batchOn(rules, 1).issuances.map(({ id }) => id),
      [a, next],
    )
  })

  it("ends the chain after three", () => {
    const rules = given(stock, ...blocked)
    let last = a
    for (let n = 0; n < 3; n += 1) {
      last = replaced(rules, last)
      rules.run(confirm(last, "block"))
    }
    assert.strictEqual(rules.get(last).generation, 3)
    rules.when(replace(last)).refuses("NotAllowed:chainTooLong")
  })

  it.each([
    { name: "at the end of its time", at: 24 * hour, refusal: "none" },
    { name: "after it", at: 24 * hour + 1, refusal: "NotAllowed:replacementOver" },
  ])("is offered for a day: $name", ({ at, refusal }) => {
    const rules = given(stock, ...blocked)
    rules.now = at
    assert.strictEqual(rules.refusal(replace(a)), refusal)
  })

  it("is for its holder and for admins, who get it for the holder", () => {
    const rules = given(stock, ...blocked)
    rules.when(replace(a, boris)).refuses("NotHolder")
    rules.run(replace(a, boris, true))
    assert.strictEqual(rules.get(rules.get(a).replacedBy!).holder, anna)
  })

  it("is for statuses that offer it, and gone with them", () => {
    const rules = given(stock, ...blocked)
    rules.run(correct(a, "defect"))
    rules.when(replace(a)).refuses("NotAllowed:noReplacement")
    rules.run(undo(a))
    rules.when(replace(a)).refuses("NotAllowed:pending")
  })

  it("may find an empty stock", () => {
    given(loaded("a"), ...blocked)
      .when(replace(a))
      .refuses("OutOfStock")
  })

  it("is declined once, and never after it was taken", () => {
    const rules = given(stock, ...blocked)
    const decline = { _tag: "DeclineReplacement" as const, ...by(a) }
    rules.when(decline).makes({ _tag: "ReplacementDeclined", id: a, at: 0 })
    rules.when(decline).makes()
    assert.isTrue(rules.get(a).replacementDeclined)
    replaced(rules)
    rules.when(decline).refuses("NotAllowed:replaced")
  })

  it("may be had again when the first one went back unseen", () => {
    const rules = given(stock, ...blocked)
    rules.run(replace(a), { newIds: [b] })
    rules.take([refusedDelivery("b")])
    rules.now = 10 * minute
    assert.deepStrictEqual(rules.run(expire), ["Withdrawn"])
    assert.isNull(rules.get(a).replacedBy)
    assert.strictEqual(rules.get(replaced(rules)).item.id, "claim-b")
  })
})
