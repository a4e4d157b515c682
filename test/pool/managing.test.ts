/** Rules of the admins, one command after the other. */
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Effect, Option } from "effect"
import { IssuanceId, requestKeyOf } from "../../src/domain/Issuance.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import { afterRestart } from "../../src/pool/rules/delivering.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { batchOf, pendingOf, versionOf } from "../../src/pool/State.ts"
import {
  pendingIn,
  returningOf,
  stockOf,
  undeliveredOf,
  unreportedOf,
} from "../../src/pool/View.ts"
import {
  anItem,
  anna,
  aNumber,
  boris,
  by,
  chief,
  formOf,
  hour,
  issue,
  load,
  makeRules,
  mamba,
  message,
  minute,
  number,
  refused,
} from "./fixtures.ts"

type Rules = ReturnType<typeof makeRules>

const admin = chief
const letters = ["a", "b", "c", "d"]
const items = letters.map((name) => anItem(name))
const filled = () => {
  const rules = makeRules()
  rules.run(load("t1", items))
  return rules
}
const stock = (rules: Rules) => stockOf(mamba, rules.state, rules.today)
const clear = (rules: Rules): AdminCommand => ({
  _tag: "Clear",
  version: versionOf(rules.state),
  admin,
})
const release = (rules: Rules): AdminCommand => ({
  _tag: "Release",
  version: versionOf(rules.state),
  admin,
})
const pause = (note = "делим склад"): AdminCommand => ({ _tag: "Pause", note, admin })
const resume: AdminCommand = { _tag: "Resume", admin }
const bringBack = (id: IssuanceId): AdminCommand => ({ _tag: "BringBack", id, admin })
const setAside = (id: IssuanceId): AdminCommand => ({ _tag: "SetAside", id, admin })
const transfer = (id: IssuanceId, messageId = 50): AdminCommand => ({
  _tag: "Transfer",
  id,
  message: message(messageId),
  to: boris,
  stage: "boris",
  admin,
})
const restoreLast = (rules: Rules): AdminCommand => ({
  _tag: "Restore",
  trash: rules.state.trash.at(-1)?.id ?? "none",
  admin,
})
const idsGiven = (rules: Rules, messageId: number) =>
  rules.issue(messageId, { quantity: 5 }).map((id) => rules.get(id).item.id)
const batchAt = (rules: Rules, messageId: number) =>
  Option.getOrUndefined(batchOf(rules.state, requestKeyOf(message(messageId))))
const idsOf = (rows: ReadonlyArray<{ readonly id: string }>) => rows.map(({ id }) => id)
const confirm = (id: IssuanceId, status: string) =>
  ({ _tag: "Confirm", status, ...by(id) }) as const

describe("a pause", () => {
  it("refuses what would take an item, with the note, and nothing else", () => {
    const rules = filled()
    const [first, second] = rules.issue(1, { quantity: 2 })
    rules.run(confirm(first!, "block"))
    rules.run(pause())
    assert.deepInclude(refused(rules.tryOut(issue(2))), {
      _tag: "PoolPaused",
      resource: "mamba",
      note: "делим склад",
    })
    assert.strictEqual(rules.refusal({ _tag: "Replace", ...by(first!) }), "PoolPaused")
    assert.deepStrictEqual(rules.run(issue(1)), [], "asked again it is the same request")
    assert.deepStrictEqual(rules.run({ _tag: "Correct", status: "good", ...by(first!) }), [
      "Corrected",
    ])
    assert.deepStrictEqual(rules.run({ _tag: "Undo", ...by(first!) }), ["Undone"])
    rules.run({ _tag: "Delivered", ids: [second!], confirmAt: 10 * minute })
    rules.now = 10 * minute
    assert.include(rules.run({ _tag: "Expire" }), "Confirmed")
  })

  it("ends with Resume; both can be asked twice", () => {
    const rules = filled()
    assert.deepStrictEqual(rules.run(pause()), ["Paused"])
    assert.deepStrictEqual(rules.run(pause()), [])
    assert.deepInclude(stock(rules).paused, { note: "делим склад", by: chief, at: 0 })
    assert.deepStrictEqual(rules.run(pause("обед")), ["Paused"])
    assert.strictEqual(stock(rules).paused?.note, "обед")
    assert.deepStrictEqual(rules.run(resume), ["Resumed"])
    assert.deepStrictEqual(rules.run(resume), [])
    assert.lengthOf(rules.issue(1), 1)
  })
})

describe("Clear", () => {
  it("takes what is available, and nothing that somebody holds", () => {
    const rules = filled()
    const [held] = rules.issue(1)
    rules.now = minute
    assert.deepStrictEqual(rules.run(clear(rules)), ["Cleared"])
    const { available, pending, trash } = stock(rules)
    assert.deepStrictEqual({ available, pending }, { available: 0, pending: 1 })
    const [thrown] = trash
    assert.deepInclude(thrown, { count: 3, by: chief, at: minute, until: minute + 24 * hour })
    assert.strictEqual(rules.get(held!).item.id, items[0]!.id)
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
    assert.strictEqual(rules.refusal(preview), "StockChanged")
    assert.strictEqual(stock(rules).available, 3)
  })

  it("changes nothing the second time, also when stock came since", () => {
    const rules = filled()
    const preview = clear(rules)
    rules.run(preview)
    rules.run(load("t2", [anItem("e")]))
    assert.deepStrictEqual(rules.run(preview), [])
    assert.strictEqual(stock(rules).available, 1)
  })

  it("of nothing makes no trash", () => {
    const rules = makeRules()
    assert.deepStrictEqual(rules.run(clear(rules)), [])
  })

  it("remembers the keys as long as the items can come back", () => {
    const rules = filled()
    rules.run(clear(rules))
    rules.run(load("t2", [anItem("again", { key: items[0]!.key })]))
    assert.strictEqual(stock(rules).quarantine, 1)
    rules.now = 24 * hour - 1
    assert.notInclude(rules.run({ _tag: "Expire" }), "TrashEmptied")
    rules.now = 24 * hour
    assert.include(rules.run({ _tag: "Expire" }), "TrashEmptied")
    assert.deepStrictEqual(stock(rules).trash, [])
    rules.run(load("t3", [anItem("at-last", { key: items[0]!.key })]))
    assert.strictEqual(stock(rules).available, 1)
  })
})

describe("Restore", () => {
  it("puts everything back in front of what came since", () => {
    const rules = filled()
    rules.run(clear(rules))
    rules.run(load("t2", [anItem("e")]))
    const restoring = restoreLast(rules)
    assert.deepStrictEqual(rules.run(restoring), ["Restored"])
    assert.strictEqual(rules.refusal(restoring), "TrashGone")
    assert.deepStrictEqual(idsGiven(rules, 1), [...idsOf(items), "claim-e"])
  })

  it("takes one clearing back, not the other", () => {
    const rules = filled()
    rules.run(clear(rules))
    rules.run(load("t2", [anItem("e"), anItem("f")]))
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
    rules.run({ _tag: "Expire" })
    assert.strictEqual(rules.refusal(restoring), "TrashGone")
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
    assert.deepStrictEqual(rules.run(preview), [])
    rules.run(resume)
    assert.deepStrictEqual(rules.run(preview), [], "not after the resume either")
  })

  it("once for each preview, also of an empty stock", () => {
    const rules = makeRules()
    const preview = release(rules)
    rules.run(preview)
    rules.run(resume)
    assert.deepStrictEqual(rules.run(preview), [])
    assert.include(rules.run(release(rules)), "Paused")
  })

  it("is refused when the stock changed, and leaves the note of a pause", () => {
    const rules = filled()
    const preview = release(rules)
    rules.run(pause())
    assert.deepStrictEqual(rules.run(preview), ["ReturnBegun"])
    assert.strictEqual(stock(rules).paused?.note, "делим склад")
    const next = release(rules)
    rules.run(load("t2", [anItem("e")]))
    assert.strictEqual(rules.refusal(next), "StockChanged")
  })
})

describe("SetAside", () => {
  it("ends in quarantine, reported, and frees the holder's limit", () => {
    const rules = filled()
    const [id, other] = rules.issue(1, { quantity: 2 })
    assert(other !== undefined)
    rules.run({ _tag: "DeliveryUnsure", ids: [id!] })
    assert.deepStrictEqual(rules.run(setAside(id!)), ["SetAside"])
    assert.deepStrictEqual(rules.run(setAside(id!)), [])
    const [row] = unreportedOf(rules.state)
    assert.deepInclude(row, { id: items[0]!.id, reason: "withheld", tab: "Мамба Муж" })
    assert.strictEqual(pendingOf(rules.state, anna), 1)
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [other])
    assert.deepStrictEqual(idsOf(pendingIn(rules.state)), [other])
  })

  it("is never shown or issued again, whatever is reported of it", () => {
    const rules = filled()
    const [id] = rules.issue(1)
    rules.run({ _tag: "DeliveryRefused", ids: [id!] })
    assert.lengthOf(undeliveredOf(rules.state), 1)
    rules.run(setAside(id!))
    assert.deepStrictEqual(undeliveredOf(rules.state), [])
    rules.run({ _tag: "DeliveryStarted", ids: [id!] })
    rules.run({ _tag: "DeliveryUnsure", ids: [id!] })
    assert.deepStrictEqual(undeliveredOf(rules.state), [])
    rules.now = hour
    rules.run({ _tag: "Expire" })
    assert.notInclude(idsGiven(rules, 2), items[0]!.id)
    assert.strictEqual(Chunk.size(rules.state.quarantine), 1)
  })

  it("takes nothing that is marked or unknown", () => {
    const rules = filled()
    const [id] = rules.issue(1)
    rules.run(confirm(id!, "good"))
    assert.strictEqual(rules.refusal(setAside(id!)), "NotAllowed:alreadyMarked")
    assert.strictEqual(rules.refusal(transfer(id!)), "NotAllowed:alreadyMarked")
    const unknown = setAside(IssuanceId.make("ZZZZZZZZZZ"))
    assert.strictEqual(rules.refusal(unknown), "UnknownIssuance")
  })
})

describe("BringBack", () => {
  it("makes it its holder's again, where it stood, for a whole period", () => {
    const rules = filled()
    const [id, other] = rules.issue(1, { quantity: 2 })
    rules.run({ _tag: "Delivered", ids: [id!, other!], confirmAt: 10 * minute })
    const before = rules.get(id!)
    rules.now = minute
    rules.run(setAside(id!))
    rules.now = 23 * hour
    assert.deepStrictEqual(rules.run(bringBack(id!)), ["BroughtBack"])
    assert.deepStrictEqual(rules.get(id!), { ...before, confirmAt: 23 * hour + 10 * minute })
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [id!, other!])
    assert.strictEqual(Chunk.size(rules.state.quarantine), 0)
    assert.deepStrictEqual(rules.run(bringBack(id!)), [])
    // The same thing a second time would be a second holder.
    rules.run(load("again", [anItem("copy", { key: before.item.key })]))
    assert.strictEqual(unreportedOf(rules.state)[0]?.reason, "duplicate")
  })

  it("also when its request was let go of", () => {
    const rules = filled()
    const [id] = rules.issue(1)
    rules.run({ _tag: "Delivered", ids: [id!], confirmAt: 100 * hour })
    rules.now = 20 * hour
    rules.run(setAside(id!))
    rules.now = 30 * hour
    rules.run({ _tag: "Expire" })
    assert.isUndefined(batchAt(rules, 1))
    rules.run(bringBack(id!))
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [id!])
  })

  it("what was on its way to its holder may have arrived", () => {
    const rules = filled()
    const [id] = rules.issue(1)
    rules.run({ _tag: "DeliveryStarted", ids: [id!] })
    rules.run(setAside(id!))
    rules.run(bringBack(id!))
    assert.strictEqual(rules.get(id!).delivery, "unsure")
  })

  it("is refused after a day, for what is unknown, and where the sheet brought the same again", () => {
    const rules = filled()
    const [id, other] = rules.issue(1, { quantity: 2 })
    rules.run(setAside(id!))
    rules.run(setAside(other!))
    const { key } = items[1]!
    rules.run(load("again", [anItem("copy", { key })]))
    assert.strictEqual(rules.refusal(bringBack(other!)), "TrashGone")
    rules.now = 24 * hour
    assert.strictEqual(rules.refusal(bringBack(id!)), "TrashGone")
    assert.strictEqual(rules.refusal(bringBack(IssuanceId.make("ZZZZZZZZZZ"))), "TrashGone")
  })

  it("memory lets go of those whose day is over when the next one is set aside", () => {
    const rules = filled()
    const [id, other] = rules.issue(1, { quantity: 2 })
    rules.run(setAside(id!))
    rules.now = 25 * hour
    rules.run(setAside(other!))
    assert.deepStrictEqual(
      rules.state.aside.map(({ issuance }) => issuance.id),
      [other],
    )
  })
})

describe("Transfer", () => {
  const given = () => {
    const rules = filled()
    const [id, other] = rules.issue(1, { quantity: 2, variant: "male", region: "812" })
    rules.run({ _tag: "Delivered", ids: [id!, other!], confirmAt: 10 * minute })
    rules.now = 9 * minute
    return { rules, id: id!, other: other! }
  }

  it("makes it the new holder's, on a request of its own, for a whole period", () => {
    const { rules, id, other } = given()
    assert.deepStrictEqual(rules.run(transfer(id)), ["Transferred"])
    assert.deepStrictEqual(rules.run(transfer(id)), [])
    assert.deepInclude(rules.get(id), {
      holder: boris,
      stage: "boris",
      region: "812",
      delivery: "attempting",
      confirmAt: 19 * minute,
      issuedAt: 0,
    })
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [other])
    const { request, issuances } = batchAt(rules, 50)!
    assert.deepInclude(request, { by: boris, quantity: 1, variant: "male", region: "812" })
    assert.deepStrictEqual(idsOf(issuances), [id])
    assert.deepStrictEqual(
      [anna, boris].map((who) => pendingOf(rules.state, who)),
      [1, 1],
    )
    const moved = rules.events.find(({ _tag }) => _tag === "Transferred")
    assert.deepInclude(moved, { from: anna, by: chief })
  })

  it("leaves the former holder nothing to press", () => {
    const { rules, id } = given()
    rules.run(transfer(id))
    assert.strictEqual(rules.refusal(confirm(id, "good")), "NotHolder")
    assert.deepStrictEqual(rules.run({ _tag: "Confirm", status: "good", ...by(id, boris) }), [
      "Delivered",
      "Confirmed",
    ])
  })

  it("goes to no message that shows something else", () => {
    const { rules, id, other } = given()
    rules.run(transfer(id))
    assert.strictEqual(rules.refusal(transfer(other)), "NotAllowed:messageTaken")
    assert.strictEqual(rules.refusal(transfer(id, 1)), "NotAllowed:messageTaken")
    assert.lengthOf(rules.run(transfer(other, 51)), 1)
  })

  it("is not delivered by an attempt for the former holder", () => {
    const { rules, id } = given()
    rules.run(transfer(id))
    const ids = [id]
    const confirmAt = hour
    rules.run({ _tag: "Delivered", ids, request: requestKeyOf(message(1)), confirmAt })
    assert.strictEqual(rules.get(id).delivery, "attempting")
    rules.run({ _tag: "Delivered", ids, request: requestKeyOf(message(50)), confirmAt })
    assert.strictEqual(rules.get(id).delivery, "delivered")
  })

  it("is shown again after a restart, and never goes back to stock once it was seen", () => {
    const { rules, id } = given()
    rules.run(transfer(id))
    rules.replaceState(afterRestart)
    assert.deepStrictEqual(
      undeliveredOf(rules.state).map(({ request }) => request.by),
      [boris],
    )
    const { rules: other, id: refusedId } = given()
    other.run(transfer(refusedId))
    other.run({ _tag: "DeliveryRefused", ids: [refusedId] })
    other.now = 2 * hour
    assert.notInclude(other.run({ _tag: "Expire" }), "Withdrawn")
    assert.strictEqual(other.get(refusedId).holder, boris)
  })

  it("goes back to stock where nobody ever saw it", () => {
    const rules = filled()
    const [id] = rules.issue(1)
    rules.run({ _tag: "DeliveryRefused", ids: [id!] })
    rules.run(transfer(id!))
    rules.run({ _tag: "DeliveryRefused", ids: [id!] })
    rules.now = 10 * minute
    assert.include(rules.run({ _tag: "Expire" }), "Withdrawn")
    assert.strictEqual(stock(rules).available, 4)
  })

  it("of a replacement leaves the replaced one replaced", () => {
    const rules = filled()
    const [id] = rules.issue(1)
    rules.run(confirm(id!, "block"))
    rules.run({ _tag: "Replace", ...by(id!) })
    const replacement = rules.get(id!).replacedBy!
    rules.run(transfer(replacement))
    assert.isNull(rules.get(replacement).replacementOf)
    assert.strictEqual(rules.get(id!).replacedBy, replacement)
    assert.deepStrictEqual(rules.run({ _tag: "Replace", ...by(id!) }), [])
  })
})

it.effect("a snapshot of before these commands is read as one where nobody used them", () =>
  Effect.gen(function* () {
    const rules = filled()
    rules.issue(1)
    const { revision: _, pause: __, trash: ___, released: ____, ...before } = formOf(rules.state)
    const back = yield* Snapshot.decode(JSON.parse(JSON.stringify(before)))
    assert.deepStrictEqual(
      { revision: back.revision, pause: back.pause, trash: back.trash, released: back.released },
      { revision: 0, pause: null, trash: [], released: null },
    )
    assert.deepStrictEqual(formOf(back).available, formOf(rules.state).available)
  }),
)
