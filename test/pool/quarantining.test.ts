/** What admins decide about rows in quarantine. */
import { assert, describe, it } from "@effect/vitest"
import { HashSet } from "effect"
import type { Item, Quarantined, QuarantineWay } from "../../src/domain/Item.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import { quarantinedIn, returningOf, stockOf, workedOf } from "../../src/pool/View.ts"
import {
  anItem,
  chief as admin,
  given,
  hour,
  idOf,
  issued,
  load,
  loaded,
  mamba,
  type Rules,
} from "./fixtures.ts"

const rowOf = ({ id, origin }: Item, more: Partial<Quarantined> = {}): Quarantined => ({
  id,
  tab: origin.tab,
  reason: "duplicate",
  column: "Логин",
  origin,
  reported: false,
  ...more,
})

/** Another row with the key of the item «a». */
const copy = anItem("copy", { key: "a@example.com" })
const copyRow = rowOf(copy)

const leave = (
  way: QuarantineWay,
  items: ReadonlyArray<Item> = [copy],
  twice = false,
): AdminCommand => ({
  _tag: "LeaveQuarantine",
  way,
  twice,
  rows: items.map((item) => ({ row: rowOf(item), item: way === "issue" ? item : null })),
  admin,
})
const enter = (...ids: ReadonlyArray<Item>): AdminCommand => ({
  _tag: "EnterQuarantine",
  ids: ids.map(({ id }) => id),
  admin,
})

/** «a» and «b» in stock, and the copy of «a» in quarantine. */
const start = () => {
  const rules = given(loaded("a", "b"))
  rules.run(load("t2", [copy]))
  return rules
}
const counts = ({ state, today }: Rules) => {
  const { available, quarantine, returning } = stockOf(mamba, state, today)
  return { available, quarantine, returning }
}

describe("a row goes back to its tab", () => {
  it("once, and leaves the pool when it stands there", () => {
    const rules = start()
    rules.when(leave("return")).makes({
      _tag: "QuarantineLeft",
      way: "return",
      left: [{ row: copyRow, item: null }],
      by: admin,
      at: 0,
    })
    rules.when(leave("return")).makes()
    rules.when(leave("drop")).makes()
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 0, returning: 1 })
    assert.deepStrictEqual(returningOf(rules.state), [
      { id: copy.id, day: null, origin: copy.origin },
    ])
    rules.run({ _tag: "Returned", ids: [copy.id] })
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 0, returning: 0 })
    rules.when({ _tag: "Returned", ids: [copy.id] }).makes()
  })

  it("is taken back as long as it is on its way", () => {
    const rules = start()
    rules.run(leave("return"))
    rules.run(enter(copy))
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 1, returning: 0 })
    rules.run(leave("return"))
    rules.run({ _tag: "Returned", ids: [copy.id] })
    rules.when(enter(copy)).refuses("TrashGone")
  })

  it("waits for its tab however long that takes", () => {
    const rules = start()
    rules.run(leave("return"))
    rules.now = 48 * hour
    rules.run({ _tag: "Expire" })
    assert.strictEqual(counts(rules).returning, 1)
    rules.run({ _tag: "Returned", ids: [copy.id] })
    rules.run({ _tag: "Expire" })
    assert.deepStrictEqual(rules.state.worked, [])
  })
})

describe("a row is issued", () => {
  it("not while it is the same as something in stock, but on purpose", () => {
    const rules = start()
    rules.when(leave("issue")).refuses("NotAllowed:issuedBefore")
    rules.run(leave("issue", [copy], true))
    assert.deepStrictEqual(counts(rules), { available: 3, quarantine: 0, returning: 0 })
    // Its key is its own, so that one of the two may leave without the other.
    assert.isTrue(HashSet.has(rules.state.keys, "a@example.com#claim-copy"))
  })

  it("not where somebody had the same before", () => {
    const rules = start()
    const other = anItem("other")
    rules.run(load("t3", [other]), { knownKeys: new Set([other.key]) })
    assert.strictEqual(quarantinedIn(rules.state), 2)
    const knownKeys = new Set([other.key])
    rules.when(leave("issue", [other]), { knownKeys }).refuses("NotAllowed:issuedBefore")
    rules.run(leave("issue", [other]))
    assert.strictEqual(counts(rules).available, 3)
  })

  it("never where its former holder saw it", () => {
    const rules = given(loaded("a", "b"), issued("a"))
    const id = idOf("a")
    const row = rowOf(anItem("a"), { reason: "withheld", issuance: id })
    rules.run({ _tag: "SetAside", id, admin })
    const rows = [{ row, item: anItem("a") }]
    rules
      .when({ _tag: "LeaveQuarantine", way: "issue", twice: true, rows, admin })
      .refuses("NotAllowed:issuedBefore")
    assert.strictEqual(quarantinedIn(rules.state), 1)
  })

  it("is taken back as long as nobody has it", () => {
    const rules = start()
    rules.run(leave("issue", [copy], true))
    rules.run(enter(copy))
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 1, returning: 0 })
    rules.run(leave("issue", [copy], true))
    rules.issue(1, { quantity: 3 })
    rules.when(enter(copy)).refuses("TrashGone")
  })
})

describe("a region is removed", () => {
  const rows = ["one", "two"].map((name) => anItem(name, { region: "777" }))
  const remove = { _tag: "SetAsideRegion", region: "777", admin } as const

  it("what waits for it leaves the stock, and what fits any region stays", () => {
    const rules = start()
    rules.run(load("t3", rows))
    rules.run(remove)
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 3, returning: 0 })
    assert.strictEqual(rules.issue(1, { quantity: 5, region: "777" }).length, 2)
    rules.when(remove).makes()
  })

  it("comes back once it is known what region they mean, and not before", () => {
    const rules = start()
    rules.run(load("t3", rows))
    rules.run(remove)
    const [row, item] = [rowOf(rows[0]!, { reason: "region" }), rows[0]!]
    const back = { _tag: "LeaveQuarantine", way: "issue", twice: false, admin } as const
    rules.run({ ...back, rows: [{ row, item }] })
    assert.deepStrictEqual(counts(rules), { available: 3, quarantine: 2, returning: 0 })
    rules.run(remove)
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 3, returning: 0 })
  })

  it("what somebody holds stays with them", () => {
    const rules = given(loaded("a"), issued("a"))
    rules.when({ ...remove, region: "495" }).makes()
  })
})

describe("a row is thrown away", () => {
  it("for a day, and then for good", () => {
    const rules = start()
    rules.run(leave("drop"))
    assert.deepStrictEqual(counts(rules), { available: 2, quarantine: 0, returning: 0 })
    rules.now = 24 * hour - 1
    rules.when({ _tag: "Expire" }).makes()
    assert.lengthOf(workedOf(rules.state, rules.now), 1)
    rules.run(enter(copy))
    assert.strictEqual(quarantinedIn(rules.state), 1)
    rules.run(leave("drop"))
    rules.now += 24 * hour
    const emptied = { _tag: "QuarantineEmptied", ids: [copy.id], at: rules.now } as const
    rules.when({ _tag: "Expire" }).makes(emptied)
    rules.when(enter(copy)).refuses("TrashGone")
  })
})
