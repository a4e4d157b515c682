import { assert, describe, it } from "@effect/vitest"
import { HashMap } from "effect"
import type { Delivery, IssuanceId } from "../../src/domain/Issuance.ts"
import type { KeeperCommand } from "../../src/pool/Contract.ts"
import { afterRestart } from "../../src/pool/rules/delivering.ts"
import { liveOf } from "../../src/pool/State.ts"
import { stockOf } from "../../src/pool/View.ts"
import { anItem, anna, by, formOf, hour, load, makeRules, mamba, minute } from "./fixtures.ts"

const outcomes = ["DeliveryStarted", "Delivered", "DeliveryRefused", "DeliveryUnsure"] as const
type Outcome = (typeof outcomes)[number]

const told = (outcome: Outcome, ids: ReadonlyArray<IssuanceId>): KeeperCommand =>
  outcome === "Delivered" ? { _tag: outcome, ids, confirmAt: 20 * minute } : { _tag: outcome, ids }

const ways: Record<Delivery, ReadonlyArray<Outcome>> = {
  attempting: [],
  unsure: ["DeliveryUnsure"],
  refused: ["DeliveryRefused"],
  delivered: ["Delivered"],
}

const issuedThen = (outcomesBefore: ReadonlyArray<Outcome>) => {
  const rules = makeRules()
  rules.run(
    load(
      "t1",
      ["a", "b", "c"].map((name) => anItem(name)),
    ),
  )
  const [id] = rules.issue(1)
  for (const outcome of outcomesBefore) rules.run(told(outcome, [id!]))
  return { rules, id: id! }
}

describe("delivery", () => {
  const table: Record<Delivery, Record<Outcome, Delivery>> = {
    attempting: {
      DeliveryStarted: "attempting",
      Delivered: "delivered",
      DeliveryRefused: "refused",
      DeliveryUnsure: "unsure",
    },
    unsure: {
      DeliveryStarted: "unsure",
      Delivered: "delivered",
      DeliveryRefused: "unsure",
      DeliveryUnsure: "unsure",
    },
    refused: {
      DeliveryStarted: "attempting",
      Delivered: "delivered",
      DeliveryRefused: "refused",
      DeliveryUnsure: "unsure",
    },
    delivered: {
      DeliveryStarted: "delivered",
      Delivered: "delivered",
      DeliveryRefused: "delivered",
      DeliveryUnsure: "delivered",
    },
  }
  const cases = Object.entries(table).flatMap(([from, row]) =>
    Object.entries(row).map(([outcome, to]) => ({ from, outcome, to })),
  )

  it.each(cases)("$from, then $outcome: $to", ({ from, outcome, to }) => {
    const { rules, id } = issuedThen(ways[from as Delivery])
    assert.strictEqual(rules.get(id).delivery, from)
    const made = rules.run(told(outcome as Outcome, [id]))
    assert.strictEqual(rules.get(id).delivery, to)
    assert.lengthOf(made, from === to ? 0 : 1)
    assert.deepStrictEqual(rules.run(told(outcome as Outcome, [id])), [])
  })

  it("sets the deadline as the message says, and never closer afterwards", () => {
    const { rules, id } = issuedThen(["Delivered"])
    assert.strictEqual(rules.get(id).confirmAt, 20 * minute)
    rules.run({ _tag: "Delivered", ids: [id], confirmAt: 25 * minute })
    assert.strictEqual(rules.get(id).confirmAt, 25 * minute)
    assert.deepStrictEqual(rules.run({ _tag: "Delivered", ids: [id], confirmAt: 5 }), [])
  })

  it("leaves the deadline of a marked one alone", () => {
    const { rules, id } = issuedThen([])
    rules.run({ _tag: "Confirm", status: "good", ...by(id) })
    assert.deepStrictEqual(rules.run(told("Delivered", [id])), [])
    assert.strictEqual(rules.get(id).confirmAt, 10 * minute)
  })

  it("is unsure after a restart if it was under way", () => {
    for (const from of ["attempting", "unsure", "refused", "delivered"] as const) {
      const { rules, id } = issuedThen(ways[from])
      rules.replaceState(afterRestart)
      assert.strictEqual(rules.get(id).delivery, from === "attempting" ? "unsure" : from)
    }
  })
})

describe("expire", () => {
  it("confirms what was delivered, at its time and not before", () => {
    const { rules, id } = issuedThen(["Delivered"])
    rules.now = 20 * minute - 1
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    rules.now = 20 * minute
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Confirmed"])
    const mark = { status: "good", at: 20 * minute, by: anna, auto: true }
    assert.deepStrictEqual(rules.get(id).mark, mark)
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
  })

  it("confirms nothing where no status is asked", () => {
    const silent = { ...mamba, autoStatus: null }
    const rules = makeRules(silent)
    rules.run(load("t1", [anItem("a")]))
    const ids = rules.issue(1)
    rules.run(told("Delivered", ids))
    rules.now = 24 * hour
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
  })

  it.each(["attempting", "unsure"] as const)("leaves %s alone", (delivery) => {
    const { rules } = issuedThen(ways[delivery])
    rules.now = 48 * hour
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
  })

  it("takes back what nobody saw, to the front of its queue", () => {
    const rules = makeRules()
    rules.run(
      load(
        "t1",
        ["a", "b", "c"].map((name) => anItem(name)),
      ),
    )
    const [lost, kept] = rules.issue(1, { quantity: 2 })
    rules.run(told("DeliveryRefused", [lost!]))
    rules.run(told("Delivered", [kept!]))
    rules.now = 10 * minute - 1
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    rules.now = 10 * minute
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Withdrawn"])
    const back = rules.events.at(-1)
    assert.deepStrictEqual(back?._tag === "Withdrawn" ? [back.ids, back.keys] : [], [
      [lost],
      ["a@example.com"],
    ])
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).available, 2)
    assert.deepStrictEqual(
      liveOf(rules.state).map(({ issuance }) => issuance.id),
      [kept],
    )
    const [next] = rules.issue(2)
    assert.strictEqual(rules.get(next!).item.id, "claim-a")
  })

  it("puts each back where it stood, whichever came back first", () => {
    const rules = makeRules()
    const names = ["a", "b", "c", "d"]
    rules.run(
      load(
        "t1",
        names.map((name) => anItem(name)),
      ),
    )
    const [first, second, third] = rules.issue(1, { quantity: 3 })
    for (const [minutes, id] of [first!, third!, second!].entries()) {
      rules.run(told("DeliveryRefused", [id]))
      rules.now = (10 + minutes) * minute
      assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Withdrawn"])
    }
    const again = rules.issue(2, { quantity: 2 })
    assert.deepStrictEqual(
      again.map((id) => rules.get(id).item.id),
      ["claim-a", "claim-b"],
    )
  })

  it("keeps the request of what it took back, so that its message gives no second item", () => {
    const { rules, id } = issuedThen(["DeliveryRefused"])
    rules.now = 10 * minute
    rules.run({ _tag: "Expire" })
    assert.throws(() => rules.get(id))
    assert.deepStrictEqual(rules.issue(1), [])
  })

  it("lets go of an old request together with the last that it takes back", () => {
    const { rules } = issuedThen(["DeliveryRefused"])
    rules.now = 25 * hour
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Withdrawn", "Retired"])
    assert.isTrue(HashMap.isEmpty(rules.state.requests))
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).available, 3)
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
  })

  it("lets go of what was settled, a day and an hour after its mark", () => {
    const { rules, id } = issuedThen(["Delivered"])
    rules.now = minute
    rules.run({ _tag: "Confirm", status: "good", ...by(id) })
    rules.run({ _tag: "Written", rows: [{ id, mark: rules.get(id).mark! }] })
    rules.now = 25 * hour + minute - 1
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    rules.now += 1
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Retired"])
    assert.isTrue(HashMap.isEmpty(rules.state.live))
    assert.isTrue(HashMap.isEmpty(rules.state.requests))
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
  })

  it("never lets go of what is not in the sheet as it should be", () => {
    const { rules, id } = issuedThen(["Delivered"])
    rules.run({ _tag: "Confirm", status: "good", ...by(id) })
    rules.now = 99 * hour
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    const mark = { ...rules.get(id).mark!, status: "block" }
    rules.run({ _tag: "Written", rows: [{ id, mark }] })
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
  })

  it("keeps a request as long as one of its items is live", () => {
    const rules = makeRules()
    rules.run(
      load(
        "t1",
        ["a", "b"].map((name) => anItem(name)),
      ),
    )
    const [id, other] = rules.issue(1, { quantity: 2 })
    rules.run({ _tag: "Confirm", status: "good", ...by(id!) })
    rules.run({ _tag: "Written", rows: [{ id: id!, mark: rules.get(id!).mark! }] })
    rules.now = 25 * hour
    rules.run({ _tag: "Expire" })
    assert.strictEqual(HashMap.size(rules.state.requests), 1)
    assert.strictEqual(rules.get(other!).mark, null)
    const before = formOf(rules.state)
    assert.deepStrictEqual(rules.issue(1), [])
    assert.deepStrictEqual(formOf(rules.state), before)
  })
})
