/** Rules of what keeps items from being issued: a pause, the trash, the way back to the tabs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { versionOf } from "../../src/pool/State.ts"
import { returningOf, stockOf } from "../../src/pool/View.ts"
import {
  anItem,
  aNumber,
  chief as admin,
  confirmed,
  correct,
  expire,
  formOf,
  given,
  hour,
  idOf,
  issue,
  issued,
  load,
  loaded,
  makeRules,
  mamba,
  markOf,
  minute,
  number,
  refused,
  replace,
  type Rules,
  undo,
} from "./fixtures.ts"

const a = idOf("a")
const items = ["a", "b", "c", "d"].map((name) => anItem(name))
const filled = () => given(loaded(...items))
const stock = (rules: Rules) => stockOf(mamba, rules.state, rules.today)
const idsGiven = (rules: Rules, messageId: number) =>
  rules.issue(messageId, { quantity: 5 }).map((id) => rules.get(id).item.id)
const idsOf = (rows: ReadonlyArray<{ readonly id: string }>) => rows.map(({ id }) => id)

const pause = (note = "делим склад"): AdminCommand => ({ _tag: "Pause", note, admin })
const resume: AdminCommand = { _tag: "Resume", admin }
/** `Clear` and `Release` as the preview of this moment asks for them. */
const clear = ({ state }: Rules): AdminCommand => ({
  _tag: "Clear",
  version: versionOf(state),
  admin,
})
const release = ({ state }: Rules): AdminCommand => ({
  _tag: "Release",
  version: versionOf(state),
  admin,
})
const restoreLast = ({ state }: Rules): AdminCommand => ({
  _tag: "Restore",
  trash: state.trash.at(-1)?.id ?? "none",
  admin,
})

describe("a pause", () => {
  it("refuses what would take an item, with the note, and nothing else", () => {
    const blocked = confirmed("a", markOf("block"))
    const rules = given(loaded(...items), issued(["a", "b"]), blocked)
    rules.run(pause())
    assert.deepInclude(refused(rules.tryOut(issue(2))), {
      _tag: "PoolPaused",
      resource: "mamba",
      note: "делим склад",
    })
    rules.when(replace(a)).refuses("PoolPaused")
    // Asked again it is the same request.
    rules.when(issue(1)).makes()
    assert.deepStrictEqual(rules.run(correct(a, "good")), ["Corrected"])
    assert.deepStrictEqual(rules.run(undo(a)), ["Undone"])
    rules.run({ _tag: "Delivered", ids: [idOf("b")], confirmAt: 10 * minute })
    rules.now = 10 * minute
    assert.include(rules.run(expire), "Confirmed")
  })

  it("ends with Resume; both can be asked twice", () => {
    const rules = filled()
    const standing = { note: "делим склад", by: admin, at: 0 }
    rules.when(pause()).makes({ _tag: "Paused", ...standing })
    rules.when(pause()).makes()
    assert.deepInclude(stock(rules).paused, standing)
    rules.when(pause("обед")).makes({ _tag: "Paused", ...standing, note: "обед" })
    assert.strictEqual(stock(rules).paused?.note, "обед")
    rules.when(resume).makes({ _tag: "Resumed", by: admin, at: 0 })
    rules.when(resume).makes()
    assert.lengthOf(rules.issue(1), 1)
  })
})

describe("Clear", () => {
  it("takes what is available, and nothing that somebody holds", () => {
    const rules = given(loaded(...items), issued("a"))
    rules.now = minute
    assert.deepStrictEqual(rules.run(clear(rules)), ["Cleared"])
    const { available, pending, trash } = stock(rules)
    assert.deepStrictEqual({ available, pending }, { available: 0, pending: 1 })
    const [thrown] = trash
    assert.deepInclude(thrown, { count: 3, by: admin, at: minute, until: minute + 24 * hour })
    assert.strictEqual(rules.get(a).item.id, items[0]!.id)
  })

  it("takes what the day hides too", () => {
    const rules = makeRules(number)
    rules.run(load("t1", [aNumber("0001", "1970-01-01"), aNumber("0002", "1970-01-02")]))
    rules.run(clear(rules))
    assert.strictEqual(stockOf(number, rules.state, rules.today).trash[0]?.count, 2)
  })

  it("is refused when the stock is not what the preview showed", () => {
    const rules = filled()
    const preview = clear(rules)
    rules.issue(1)
    rules.when(preview).refuses("StockChanged")
    assert.strictEqual(stock(rules).available, 3)
  })

  it("changes nothing the second time, also when stock came since", () => {
    const rules = filled()
    const preview = clear(rules)
    rules.run(preview)
    rules.run(load("t2", ["e"]))
    rules.when(preview).makes()
    assert.strictEqual(stock(rules).available, 1)
  })

  it("of nothing makes no trash", () => {
    const rules = given()
    rules.when(clear(rules)).makes()
  })

  it("remembers the keys as long as the items can come back", () => {
    const rules = filled()
    rules.run(clear(rules))
    rules.run(load("t2", [anItem("again", { key: items[0]!.key })]))
    assert.strictEqual(stock(rules).quarantine, 1)
    rules.now = 24 * hour - 1
    assert.notInclude(rules.run(expire), "TrashEmptied")
    rules.now = 24 * hour
    assert.include(rules.run(expire), "TrashEmptied")
    assert.deepStrictEqual(stock(rules).trash, [])
    rules.run(load("t3", [anItem("at-last", { key: items[0]!.key })]))
    assert.strictEqual(stock(rules).available, 1)
  })
})

describe("Restore", () => {
  it("puts everything back in front of what came since", () => {
    const rules = filled()
    rules.run(clear(rules))
    rules.run(load("t2", ["e"]))
    const restoring = restoreLast(rules)
    assert.deepStrictEqual(rules.run(restoring), ["Restored"])
    rules.when(restoring).refuses("TrashGone")
    assert.deepStrictEqual(idsGiven(rules, 1), [...idsOf(items), "claim-e"])
  })

  it("takes one clearing back, not the other", () => {
    const rules = filled()
    rules.run(clear(rules))
    rules.run(load("t2", ["e", "f"]))
    rules.run(clear(rules))
    rules.run(restoreLast(rules))
    assert.deepStrictEqual(idsGiven(rules, 1), ["claim-e", "claim-f"])
    assert.strictEqual(stock(rules).trash[0]?.count, 4)
  })

  it("comes too late after a day", () => {
    const rules = filled()
    rules.run(clear(rules))
    const restoring = restoreLast(rules)
    rules.now = 24 * hour
    rules.run(expire)
    rules.when(restoring).refuses("TrashGone")
    assert.strictEqual(stock(rules).available, 0)
  })
})

describe("Release", () => {
  it("sends everything back and pauses in one decision", () => {
    const rules = filled()
    const preview = release(rules)
    assert.deepStrictEqual(rules.run(preview), ["ReturnBegun", "Paused"])
    assert.deepStrictEqual(idsOf(returningOf(rules.state)), idsOf(items))
    assert.strictEqual(stock(rules).paused?.note, "")
    rules.when(preview).makes()
    rules.run(resume)
    // Not after the resume either.
    rules.when(preview).makes()
  })

  it("once for each preview, also of an empty stock", () => {
    const rules = given()
    const preview = release(rules)
    rules.run(preview)
    rules.run(resume)
    rules.when(preview).makes()
    assert.include(rules.run(release(rules)), "Paused")
  })

  it("is refused when the stock changed, and leaves the note of a pause", () => {
    const rules = filled()
    const preview = release(rules)
    rules.run(pause())
    assert.deepStrictEqual(rules.run(preview), ["ReturnBegun"])
    assert.strictEqual(stock(rules).paused?.note, "делим склад")
    const next = release(rules)
    rules.run(load("t2", ["e"]))
    rules.when(next).refuses("StockChanged")
  })
})

it.effect("a snapshot of before these commands is read as one where nobody used them", () =>
  Effect.gen(function* () {
    const rules = given(loaded(...items), issued("a"))
    const { revision: _, pause: __, trash: ___, released: ____, ...before } = formOf(rules.state)
    const back = yield* Snapshot.decode(JSON.parse(JSON.stringify(before)))
    assert.deepStrictEqual(
      { revision: back.revision, pause: back.pause, trash: back.trash, released: back.released },
      { revision: 0, pause: null, trash: [], released: null },
    )
    assert.deepStrictEqual(formOf(back).available, formOf(rules.state).available)
  }),
)
