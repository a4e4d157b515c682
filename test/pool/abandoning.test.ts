/** Rules of rows that are not written: giving one up, and taking that back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { IssuanceId, type Mark } from "../../src/domain/Issuance.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { pendingOf } from "../../src/pool/State.ts"
import { abandonedOf, bufferOf, correctionsOf, stockOf } from "../../src/pool/View.ts"
import {
  anItem,
  anna,
  boris,
  by,
  chief,
  formOf,
  hour,
  load,
  makeRules,
  mamba,
  message,
  minute,
} from "./fixtures.ts"

const abandon = (id: IssuanceId): AdminCommand => ({ _tag: "Abandon", id, admin: chief })
const unabandon = (id: IssuanceId): AdminCommand => ({ _tag: "Unabandon", id, admin: chief })
const say = (tag: "Confirm" | "Correct", id: IssuanceId, status: string) =>
  ({ _tag: tag, status, ...by(id) }) as const
const unknown = IssuanceId.make("ZZZZZZZZZZ")

/** One that waits for its row. */
const waiting = () => {
  const rules = makeRules()
  rules.run(load("t1", [anItem("a"), anItem("b")]))
  const [id] = rules.issue(1)
  rules.run(say("Confirm", id!, "good"))
  return { rules, id: id! }
}

/** One whose row says «good», and that is blocked since. */
const corrected = () => {
  const { rules, id } = waiting()
  write(rules, id)
  rules.now = minute
  rules.run(say("Correct", id, "block"))
  return { rules, id }
}

type Rules = ReturnType<typeof makeRules>

const write = (rules: Rules, id: IssuanceId, mark: Mark | null = rules.get(id).mark) =>
  rules.run({ _tag: "Written", rows: mark === null ? [] : [{ id, mark }] })

const placesOf = ({ state, today }: Rules) => {
  const { pending, buffer, corrections, abandoned } = stockOf(mamba, state, today)
  assert.lengthOf(bufferOf(state), buffer)
  assert.lengthOf(correctionsOf(state), corrections)
  return { pending, buffer, corrections, abandoned }
}
const nowhere = { pending: 0, buffer: 0, corrections: 0, abandoned: 0 }

describe("Abandon", () => {
  it("takes a new row out of the buffer, and is the same asked twice", () => {
    const { rules, id } = waiting()
    rules.now = hour
    assert.deepStrictEqual(rules.run(abandon(id)), ["Abandoned"])
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
    assert.deepStrictEqual(rules.get(id).abandoned, { by: chief, at: hour })
    rules.now = 2 * hour
    const other: AdminCommand = { _tag: "Abandon", id, admin: boris }
    assert.deepStrictEqual(rules.run(other), [], "the first one has decided")
    assert.deepStrictEqual(rules.get(id).abandoned, { by: chief, at: hour })
  })

  it("takes a correction, and notes what the sheet goes on saying", () => {
    const { rules, id } = corrected()
    const { mark, row } = rules.get(id)
    rules.run(abandon(id))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
    const event = rules.events.at(-1)
    assert.deepStrictEqual(event, {
      _tag: "Abandoned",
      id,
      mark: mark!,
      row,
      by: chief,
      at: minute,
    })
  })

  it("takes nothing that is pending, written or unknown", () => {
    const { rules, id } = waiting()
    const [pending] = rules.issue(2)
    assert.strictEqual(rules.refusal(abandon(pending!)), "NotAllowed:pending")
    write(rules, id)
    assert.strictEqual(rules.refusal(abandon(id)), "NotAllowed:written")
    assert.strictEqual(rules.refusal(abandon(unknown)), "UnknownIssuance")
    assert.strictEqual(rules.refusal(unabandon(unknown)), "UnknownIssuance")
  })

  it("stands whatever its holder says of it later", () => {
    const { rules, id } = waiting()
    rules.run(abandon(id))
    rules.now = minute
    assert.deepStrictEqual(rules.run(say("Correct", id, "block")), ["Corrected"])
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
    rules.run({ _tag: "Undo", ...by(id) })
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, pending: 1 })
    assert.strictEqual(pendingOf(rules.state, anna), 1)
    assert.lengthOf(abandonedOf(rules.state), 1)
    const request = { message: message(50), to: boris, stage: "boris", admin: chief }
    rules.run({ _tag: "Transfer", id, ...request })
    rules.run({ _tag: "Confirm", status: "good", ...by(id, boris) })
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
  })

  it("is moot where the row was on its way already: it is written, and can be corrected", () => {
    const { rules, id } = waiting()
    rules.run(abandon(id))
    assert.deepStrictEqual(write(rules, id), ["Written"])
    assert.deepStrictEqual(placesOf(rules), nowhere)
    assert.deepStrictEqual(abandonedOf(rules.state), [])
    rules.now = minute
    rules.run(say("Correct", id, "block"))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, corrections: 1 })
  })

  it("leaves the offer of a replacement as it was", () => {
    const { rules, id } = corrected()
    rules.run(abandon(id))
    assert.deepStrictEqual(rules.run({ _tag: "Replace", ...by(id) }), ["Issued"])
  })
})

describe("Unabandon", () => {
  it("has the row written after all, once", () => {
    const { rules, id } = waiting()
    rules.run(abandon(id))
    assert.deepStrictEqual(rules.run(unabandon(id)), ["Unabandoned"])
    assert.deepStrictEqual(rules.run(unabandon(id)), [])
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, buffer: 1 })
    assert.notProperty(rules.get(id), "abandoned")
    write(rules, id)
    assert.deepStrictEqual(placesOf(rules), nowhere)
  })

  it("of a correction: with what was said last", () => {
    const { rules, id } = corrected()
    rules.run(abandon(id))
    rules.now = 2 * minute
    rules.run(say("Correct", id, "defect"))
    rules.run(unabandon(id))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, corrections: 1 })
    assert.strictEqual(correctionsOf(rules.state)[0]?.mark?.status, "defect")
  })
})

describe("a day after it", () => {
  const day = 24 * hour

  it("memory lets go of it, and of its request", () => {
    const { rules, id } = waiting()
    rules.now = 3 * hour
    rules.run(abandon(id))
    rules.now = 3 * hour + day - 1
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    assert.deepStrictEqual(rules.run(unabandon(id)), ["Unabandoned"])
    rules.run(abandon(id))
    rules.now += day
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Retired"])
    assert.strictEqual(rules.refusal(unabandon(id)), "UnknownIssuance")
    assert.deepStrictEqual(placesOf(rules), nowhere)
  })

  it("not before its holder can say nothing of it any more", () => {
    const { rules, id } = waiting()
    rules.run(abandon(id))
    rules.now = day
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), [])
    assert.deepStrictEqual(rules.run(say("Correct", id, "block")), ["Corrected"])
    rules.now = day + 25 * hour
    assert.deepStrictEqual(rules.run({ _tag: "Expire" }), ["Retired"])
  })
})

it.effect("a snapshot keeps it, and one of before there was such a thing is read", () =>
  Effect.gen(function* () {
    const { rules, id } = waiting()
    const before = JSON.stringify(formOf(rules.state))
    assert.notInclude(before, "abandoned")
    assert.lengthOf(bufferOf(yield* Snapshot.decode(JSON.parse(before))), 1)
    rules.run(abandon(id))
    const back = yield* Snapshot.decode(JSON.parse(JSON.stringify(formOf(rules.state))))
    assert.deepStrictEqual(formOf(back), formOf(rules.state))
    assert.deepStrictEqual(
      abandonedOf(back).map((each) => each.id),
      [id],
    )
  }),
)
