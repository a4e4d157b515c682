/** Rules of what somebody who left still holds: set aside, brought back, handed on. */
import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import type { Quarantined } from "../../src/domain/Item.ts"
import { type IssuanceId, requestKeyOf, withheld } from "../../src/domain/Issuance.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import { afterRestart } from "../../src/pool/rules/delivering.ts"
import { batchOf, pendingOf } from "../../src/pool/State.ts"
import {
  correctionsOf,
  pendingIn,
  stockOf,
  undeliveredOf,
  unreportedOf,
  quarantinedIn,
} from "../../src/pool/View.ts"
import {
  anItem,
  anna,
  boris,
  chief as admin,
  confirm,
  confirmed,
  delivered,
  expire,
  given,
  hour,
  idOf,
  issued,
  load,
  loaded,
  mamba,
  markOf,
  message,
  minute,
  refusedDelivery,
  replace,
  type Rules,
  written,
} from "./fixtures.ts"

const a = idOf("a")
const b = idOf("b")
const nobodys = idOf("nobody")
const stock = loaded("a", "b", "c", "d")

const setAside = (id: IssuanceId): AdminCommand => ({ _tag: "SetAside", id, admin })
const bringBack = (id: IssuanceId): AdminCommand => ({ _tag: "BringBack", id, admin })
const transfer = (id: IssuanceId, messageId = 50): AdminCommand => ({
  _tag: "Transfer",
  id,
  message: message(messageId),
  to: boris,
  stage: "boris",
  admin,
})
const batchAt = ({ state }: Rules, messageId: number) =>
  Option.getOrUndefined(batchOf(state, requestKeyOf(message(messageId))))
const idsOf = (rows: ReadonlyArray<{ readonly id: string }>) => rows.map(({ id }) => id)

describe("SetAside", () => {
  it("ends in quarantine, reported, and frees the holder's limit", () => {
    const rules = given(stock, issued(["a", "b"]), { _tag: "DeliveryUnsure", ids: [a], at: 0 })
    const { id: item, origin } = anItem("a")
    const aside: Quarantined = {
      id: item,
      tab: origin.tab,
      reason: "withheld",
      column: null,
      origin,
      reported: false,
      issuance: a,
    }
    const event = { _tag: "SetAside", id: a, from: anna, by: admin, at: 0, row: aside } as const
    rules.when(setAside(a)).makes(event)
    rules.when(setAside(a)).makes()
    const [row] = unreportedOf(rules.state)
    assert.deepInclude(row, { id: anItem("a").id, reason: "withheld", tab: "Мамба Муж" })
    assert.strictEqual(pendingOf(rules.state, anna), 1)
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [b])
    assert.deepStrictEqual(idsOf(pendingIn(rules.state)), [b])
  })

  it("is never shown or issued again, whatever is reported of it", () => {
    const rules = given(stock, issued("a"), refusedDelivery("a"))
    assert.lengthOf(undeliveredOf(rules.state), 1)
    rules.run(setAside(a))
    assert.deepStrictEqual(undeliveredOf(rules.state), [])
    rules.when({ _tag: "DeliveryStarted", ids: [a] }).makes()
    rules.when({ _tag: "DeliveryUnsure", ids: [a] }).makes()
    assert.deepStrictEqual(undeliveredOf(rules.state), [])
    rules.now = hour
    rules.run(expire)
    const given5 = rules.issue(2, { quantity: 5 }).map((id) => rules.get(id).item.id)
    assert.notInclude(given5, anItem("a").id)
    assert.strictEqual(quarantinedIn(rules.state), 1)
  })

  it("takes nothing that is marked or unknown", () => {
    const rules = given(stock, issued("a"), confirmed("a"))
    rules.when(setAside(a)).refuses("NotAllowed:alreadyMarked")
    rules.when(transfer(a)).refuses("NotAllowed:alreadyMarked")
    rules.when(setAside(nobodys)).refuses("UnknownIssuance")
  })
})

describe("what was taken", () => {
  it("stays known to the request with why, until it is brought back", () => {
    const rules = given(stock, issued(["a", "b"]))
    rules.run({ _tag: "SetAside", id: a, from: anna, comment: "needed", admin })
    rules.now = 5
    rules.run({ ...transfer(b), from: anna, comment: "urgent" } as AdminCommand)
    const taken = { by: admin, to: null, stage: "" }
    const first = { ...taken, id: a, key: anItem("a").key, at: 0, comment: "needed" }
    const second = { ...taken, id: b, key: anItem("b").key, at: 5, comment: "urgent" }
    assert.deepStrictEqual(batchAt(rules, 1)?.taken, [
      first,
      { ...second, to: boris, stage: "boris" },
    ])
    assert.deepStrictEqual(batchAt(rules, 1)?.issuances, [])
    assert.isUndefined(batchAt(rules, 50)?.taken)
    rules.run(bringBack(a))
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)?.taken ?? []), [b])
  })

  it("is not taken from somebody who has got it in the meantime", () => {
    const rules = given(stock, issued("a"))
    rules.run(transfer(a))
    const from = { id: a, from: anna, admin } as const
    rules.when({ _tag: "SetAside", ...from }).refuses("NotAllowed:heldByAnother")
    rules
      .when({ ...from, _tag: "Transfer", message: message(51), to: boris, stage: "boris" })
      .refuses("NotAllowed:heldByAnother")
    rules
      .when({ ...confirm(a, "good", admin, true), from: anna })
      .refuses("NotAllowed:heldByAnother")
    assert.strictEqual(rules.get(a).holder, boris)
  })
})

describe("the row of what was set aside after it was written", () => {
  const withRow = () => {
    const rules = given(stock, issued("a"), confirmed("a"), written("a"))
    rules.run({ _tag: "Undo", id: a, by: anna, admin: false })
    return rules
  }
  const none = { stage: "", mark: { status: withheld, at: 0, by: admin, auto: false } }

  it("is corrected once, and names nobody any more", () => {
    const rules = withRow()
    assert.deepStrictEqual(correctionsOf(rules.state), [])
    rules.run(setAside(a))
    const [row] = correctionsOf(rules.state)
    assert.deepInclude(row, { id: a, ...none })
    const rows = [{ id: a, mark: none.mark }]
    rules.when({ _tag: "Written", rows }).makes({ _tag: "Written", rows, at: 0 })
    assert.deepStrictEqual(correctionsOf(rules.state), [])
    rules.when({ _tag: "Written", rows }).makes()
  })

  it("says why it was taken", () => {
    const rules = withRow()
    rules.run({ _tag: "SetAside", id: a, comment: "needed", admin })
    const [row] = correctionsOf(rules.state)
    assert.deepStrictEqual(row?.mark, { ...none.mark, comment: "needed" })
  })

  it("is corrected again when it was brought back and has a mark", () => {
    const rules = withRow()
    rules.run(setAside(a))
    rules.run({ _tag: "Written", rows: [{ id: a, mark: none.mark }] })
    rules.run(bringBack(a))
    assert.deepStrictEqual(correctionsOf(rules.state), [])
    rules.run(confirm(a))
    assert.deepStrictEqual(
      correctionsOf(rules.state).map(({ id, holder }) => [id, holder]),
      [[a, anna]],
    )
  })

  it("stays as it is where there is none", () => {
    const rules = given(stock, issued("a"))
    rules.run(setAside(a))
    assert.deepStrictEqual(correctionsOf(rules.state), [])
  })
})

describe("BringBack", () => {
  it("makes it its holder's again, where it stood, for a whole period", () => {
    const rules = given(stock, issued(["a", "b"]), delivered(["a", "b"]))
    const before = rules.get(a)
    rules.now = minute
    rules.run(setAside(a))
    rules.now = 23 * hour
    const confirmAt = 23 * hour + 10 * minute
    const who = { item: anItem("a").id, to: anna, by: admin }
    rules.when(bringBack(a)).makes({ _tag: "BroughtBack", id: a, ...who, confirmAt, at: 23 * hour })
    assert.deepStrictEqual(rules.get(a), { ...before, confirmAt })
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [a, b])
    assert.strictEqual(quarantinedIn(rules.state), 0)
    rules.when(bringBack(a)).makes()
    // The same thing a second time would be a second holder.
    rules.run(load("again", [anItem("copy", { key: before.item.key })]))
    assert.strictEqual(unreportedOf(rules.state)[0]?.reason, "duplicate")
  })

  it("also when its request was let go of", () => {
    const rules = given(stock, issued("a"), delivered("a", 100 * hour))
    rules.now = 20 * hour
    rules.run(setAside(a))
    rules.now = 30 * hour
    rules.run(expire)
    assert.isUndefined(batchAt(rules, 1))
    rules.run(bringBack(a))
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [a])
  })

  it("what was on its way to its holder may have arrived", () => {
    const rules = given(stock, issued("a"))
    assert.strictEqual(rules.get(a).delivery, "attempting")
    rules.run(setAside(a))
    rules.run(bringBack(a))
    assert.strictEqual(rules.get(a).delivery, "unsure")
  })

  it("is refused after a day, for what is unknown, and where the sheet brought the same again", () => {
    const rules = given(stock, issued(["a", "b"]))
    rules.run(setAside(a))
    rules.run(setAside(b))
    rules.run(load("again", [anItem("copy", { key: anItem("b").key })]))
    rules.when(bringBack(b)).refuses("TrashGone")
    rules.now = 24 * hour
    rules.when(bringBack(a)).refuses("TrashGone")
    rules.when(bringBack(nobodys)).refuses("TrashGone")
  })

  it("memory lets go of those whose day is over when the next one is set aside", () => {
    const rules = given(stock, issued(["a", "b"]))
    rules.run(setAside(a))
    rules.now = 25 * hour
    rules.run(setAside(b))
    assert.deepStrictEqual(
      rules.state.aside.map(({ issuance }) => issuance.id),
      [b],
    )
  })
})

describe("Transfer", () => {
  /** Anna has seen two items, for nine minutes. */
  const held = () => {
    const about = { variant: "male", region: "812" }
    const rules = given(stock, issued(["a", "b"], about), delivered(["a", "b"]))
    rules.now = 9 * minute
    return rules
  }

  it("makes it the new holder's, on a request of its own, for a whole period", () => {
    const rules = held()
    assert.deepStrictEqual(rules.run(transfer(a)), ["Transferred"])
    rules.when(transfer(a)).makes()
    assert.deepInclude(rules.get(a), {
      holder: boris,
      stage: "boris",
      region: "812",
      delivery: "attempting",
      confirmAt: 19 * minute,
      issuedAt: 0,
    })
    assert.deepStrictEqual(idsOf(batchAt(rules, 1)!.issuances), [b])
    const { request, issuances } = batchAt(rules, 50)!
    assert.deepInclude(request, { by: boris, quantity: 1, variant: "male", region: "812" })
    assert.deepStrictEqual(idsOf(issuances), [a])
    assert.deepStrictEqual(
      [anna, boris].map((who) => pendingOf(rules.state, who)),
      [1, 1],
    )
    assert.deepInclude(rules.events.at(-1), { _tag: "Transferred", from: anna, by: admin })
  })

  it("leaves the former holder nothing to press", () => {
    const rules = held()
    rules.run(transfer(a))
    rules.when(confirm(a)).refuses("NotHolder")
    assert.deepStrictEqual(rules.run(confirm(a, "good", boris)), ["Delivered", "Confirmed"])
  })

  it("goes to no message that shows something else", () => {
    const rules = held()
    rules.run(transfer(a))
    rules.when(transfer(b)).refuses("NotAllowed:messageTaken")
    rules.when(transfer(a, 1)).refuses("NotAllowed:messageTaken")
    assert.lengthOf(rules.run(transfer(b, 51)), 1)
  })

  it("is not delivered by an attempt for the former holder", () => {
    const rules = held()
    rules.run(transfer(a))
    const deliveredOn = (messageId: number) =>
      ({
        _tag: "Delivered",
        ids: [a],
        request: requestKeyOf(message(messageId)),
        confirmAt: hour,
      }) as const
    rules.run(deliveredOn(1))
    assert.strictEqual(rules.get(a).delivery, "attempting")
    rules.run(deliveredOn(50))
    assert.strictEqual(rules.get(a).delivery, "delivered")
  })

  it("is shown again after a restart, and never goes back to stock once it was seen", () => {
    const rules = held()
    rules.run(transfer(a))
    rules.replaceState(afterRestart)
    assert.deepStrictEqual(
      undeliveredOf(rules.state).map(({ request }) => request.by),
      [boris],
    )
    const refused = held()
    refused.run(transfer(a))
    refused.take([refusedDelivery("a")])
    refused.now = 2 * hour
    assert.notInclude(refused.run(expire), "Withdrawn")
    assert.strictEqual(refused.get(a).holder, boris)
  })

  it("goes back to stock where nobody ever saw it", () => {
    const rules = given(stock, issued("a"), refusedDelivery("a"))
    rules.run(transfer(a))
    rules.run({ _tag: "DeliveryRefused", ids: [a] })
    rules.now = 10 * minute
    assert.include(rules.run(expire), "Withdrawn")
    assert.strictEqual(stockOf(mamba, rules.state, rules.today).available, 4)
  })

  it("of a replacement leaves the replaced one replaced", () => {
    const rules = given(stock, issued("a"), confirmed("a", markOf("block")))
    rules.run(replace(a))
    const replacement = rules.get(a).replacedBy!
    rules.run(transfer(replacement))
    assert.isNull(rules.get(replacement).replacementOf)
    assert.strictEqual(rules.get(a).replacedBy, replacement)
    rules.when(replace(a)).makes()
  })
})
