/** Rules of what a holder offers to a colleague. */
import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { requestKeyOf } from "../../src/domain/Issuance.ts"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { batchOf } from "../../src/pool/State.ts"
import {
  anna,
  boris,
  chief,
  confirm,
  confirmed,
  delivered,
  expire,
  given,
  idOf,
  issued,
  loaded,
  message,
  minute,
} from "./fixtures.ts"

const a = idOf("a")
const card = message(50)
/** Anna holds two, and has seen them. */
const held = [loaded("a", "b", "c"), issued(["a", "b"]), delivered(["a", "b"])]

const offer = (to = boris, by = anna) =>
  ({ _tag: "Offer", id: a, to, card, by, admin: false }) as const
const accept = (by: TelegramId = boris, on = card) =>
  ({ _tag: "Accept", id: a, message: on, by, stage: "boris" }) as const
const end = (by: TelegramId) => ({ _tag: "EndOffer", id: a, by }) as const
const made = { to: boris, card, until: 10 * minute }
const offered: PoolEvent = { _tag: "Offered", id: a, from: anna, to: boris, offer: made, at: 0 }
const ended = (reason: "declined" | "withdrawn" | "expired", at = 0): PoolEvent => ({
  _tag: "OfferEnded",
  id: a,
  from: anna,
  to: boris,
  offer: made,
  reason,
  at,
})

describe("an offer", () => {
  it("is made once, by the holder, of what has no mark", () => {
    const rules = given(...held)
    rules.when(offer(boris, boris)).refuses("NotHolder")
    rules.when(offer(anna)).refuses("NotAllowed:offered")
    rules.when(offer()).makes(offered)
    rules.when(offer()).makes()
    rules.when(offer(chief)).refuses("NotAllowed:offered")
    assert.strictEqual(rules.get(a).holder, anna)
    given(...held, confirmed("a"))
      .when(offer())
      .refuses("AlreadyMarked")
  })

  it("moves the item once it is accepted, for a whole period, to the card", () => {
    const rules = given(...held, offered)
    rules.now = minute
    rules.when(accept(chief)).refuses("NotHolder")
    rules.when(accept(boris, message(51))).refuses("NotAllowed:messageTaken")
    assert.deepStrictEqual(rules.run(accept()), ["Transferred"])
    assert.deepInclude(rules.get(a), {
      holder: boris,
      stage: "boris",
      confirmAt: 11 * minute,
      request: requestKeyOf(card),
      delivery: "attempting",
    })
    assert.notProperty(rules.get(a), "offer")
    rules.when(accept()).makes()
    const former = Option.getOrThrow(batchOf(rules.state, requestKeyOf(message(1))))
    assert.deepStrictEqual(
      former.taken?.map(({ to, by }) => [to, by]),
      [[boris, boris]],
    )
  })

  it("keeps the limit of the colleague, over all pools", () => {
    const rules = given(...held, offered)
    rules.when(accept(), { pendingLimit: 3, pendingElsewhere: 3 }).refuses("TooManyPending")
    assert.strictEqual(rules.get(a).holder, anna)
  })

  it("is declined by the one and withdrawn by the other, and by nobody else", () => {
    const rules = given(...held, offered)
    rules.when(end(chief)).refuses("NotHolder")
    rules.when(end(boris)).makes(ended("declined"))
    rules.when(end(boris)).makes()
    rules.when(accept()).refuses("NotAllowed:offerOver")
    given(...held, offered)
      .when(end(anna))
      .makes(ended("withdrawn"))
  })

  it("is over when its time is, when the item has a mark, and when an admin takes it", () => {
    const late = given(...held, offered)
    late.now = 10 * minute
    late.when(accept()).refuses("NotAllowed:offerOver")
    assert.deepStrictEqual(late.run(expire), ["OfferEnded", "Confirmed", "Confirmed"])
    late.when(accept()).refuses("NotAllowed:offerOver")
    const marked = given(...held, offered)
    marked.run(confirm(a))
    marked.when(accept()).refuses("NotAllowed:offerOver")
    const taken = given(...held, offered)
    taken.run({ _tag: "SetAside", id: a, admin: chief })
    taken.when(accept()).refuses("UnknownIssuance")
    taken.run({ _tag: "BringBack", id: a, admin: chief })
    taken.when(accept()).refuses("NotAllowed:offerOver")
  })
})
