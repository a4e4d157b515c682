/** Rules of the rows of the issued tab: written, given up, waiting again, and spoilt by hand. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type IssuanceId, placeOf } from "../../src/domain/Issuance.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import type { CommandOf } from "../../src/pool/rules/rule.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { pendingOf } from "../../src/pool/State.ts"
import { abandonedOf, bufferOf, correctionsOf, stockOf, writtenOf } from "../../src/pool/View.ts"
import {
  anna,
  boris,
  chief,
  confirm,
  confirmed,
  correct,
  expire,
  formOf,
  given,
  hour,
  idOf,
  issued,
  loaded,
  mamba,
  markOf,
  message,
  minute,
  replace,
  type Rules,
  undo,
  write,
  written,
} from "./fixtures.ts"

const a = idOf("a")
const nobodys = idOf("nobody")
const abandon = (id: IssuanceId): AdminCommand => ({ _tag: "Abandon", id, admin: chief })
const unabandon = (id: IssuanceId): AdminCommand => ({ _tag: "Unabandon", id, admin: chief })

/** An item that waits for its row. */
const waiting = () => given(loaded("a", "b"), issued("a"), confirmed("a"))

/** An item whose row says «good», and that is blocked since. */
const toCorrect = () => {
  const rules = given(loaded("a", "b"), issued("a"), confirmed("a"), written("a"))
  rules.now = minute
  rules.run(correct(a, "block"))
  return rules
}

const placesOf = ({ state, today }: Rules) => {
  const { pending, buffer, corrections, abandoned } = stockOf(mamba, state, today)
  assert.lengthOf(bufferOf(state), buffer)
  assert.lengthOf(correctionsOf(state), corrections)
  return { pending, buffer, corrections, abandoned }
}
const nowhere = { pending: 0, buffer: 0, corrections: 0, abandoned: 0 }

describe("Written", () => {
  it("what is written is listed by its mark, the oldest first, and of one moment by its item", () => {
    const marks = [
      ["d", minute],
      ["b", minute],
      ["a", hour],
      ["c", 0],
    ] as const
    const { state } = given(
      loaded("a", "b", "c", "d"),
      ...marks.map(([name]) => issued(name)),
      ...marks.flatMap(([name, at]) => [
        confirmed(name, markOf("good", at)),
        written(name, markOf("good", at)),
      ]),
    )
    const listed = writtenOf(state).map(({ id }) => id)
    assert.deepStrictEqual(listed, ["c", "b", "d", "a"].map(idOf))
  })

  it("an unknown row is nobody's", () => {
    waiting()
      .when({ _tag: "Written", rows: [{ id: nobodys, mark: markOf("good") }] })
      .makes()
  })
})

describe("Abandon", () => {
  it("takes a new row out of the buffer, and is the same asked twice", () => {
    const rules = waiting()
    rules.now = hour
    const [mark, row] = [markOf("good"), null]
    rules.when(abandon(a)).makes({ _tag: "Abandoned", id: a, mark, row, by: chief, at: hour })
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
    assert.deepStrictEqual(rules.get(a).abandoned, { by: chief, at: hour })
    rules.now = 2 * hour
    // The first one has decided.
    rules.when({ _tag: "Abandon", id: a, admin: boris }).makes()
    assert.deepStrictEqual(rules.get(a).abandoned, { by: chief, at: hour })
  })

  it("takes a correction, and notes what the sheet goes on saying", () => {
    const rules = toCorrect()
    rules.when(abandon(a)).makes({
      _tag: "Abandoned",
      id: a,
      mark: markOf("block", minute),
      row: markOf("good"),
      by: chief,
      at: minute,
    })
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
  })

  it("takes nothing that is pending, written or unknown", () => {
    const rules = waiting()
    const [pending] = rules.issue(2)
    rules.when(abandon(pending!)).refuses("NotAllowed:pending")
    write(rules, a)
    rules.when(abandon(a)).refuses("NotAllowed:written")
    rules.when(abandon(nobodys)).refuses("UnknownIssuance")
    rules.when(unabandon(nobodys)).refuses("UnknownIssuance")
  })

  it("stands whatever its holder says of it later", () => {
    const rules = waiting()
    rules.run(abandon(a))
    rules.now = minute
    assert.deepStrictEqual(rules.run(correct(a, "block")), ["Corrected"])
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
    rules.run(undo(a))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, pending: 1 })
    assert.strictEqual(pendingOf(rules.state, anna), 1)
    assert.lengthOf(abandonedOf(rules.state), 1)
    const request = { message: message(50), to: boris, stage: "boris", admin: chief }
    rules.run({ _tag: "Transfer", id: a, ...request })
    rules.run(confirm(a, "good", boris))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, abandoned: 1 })
  })

  it("is moot where the row was on its way already: it is written, and can be corrected", () => {
    const rules = waiting()
    rules.run(abandon(a))
    assert.deepStrictEqual(write(rules, a), ["Written"])
    assert.deepStrictEqual(placesOf(rules), nowhere)
    assert.deepStrictEqual(abandonedOf(rules.state), [])
    rules.now = minute
    rules.run(correct(a, "block"))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, corrections: 1 })
  })

  it("leaves the offer of a replacement as it was", () => {
    const rules = toCorrect()
    rules.run(abandon(a))
    assert.deepStrictEqual(rules.run(replace(a)), ["Issued"])
  })
})

describe("Unabandon", () => {
  it("has the row written after all, once", () => {
    const rules = waiting()
    rules.run(abandon(a))
    rules.when(unabandon(a)).makes({ _tag: "Unabandoned", id: a, by: chief, at: 0 })
    rules.when(unabandon(a)).makes()
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, buffer: 1 })
    assert.notProperty(rules.get(a), "abandoned")
    write(rules, a)
    assert.deepStrictEqual(placesOf(rules), nowhere)
  })

  it("of a correction: with what was said last", () => {
    const rules = toCorrect()
    rules.run(abandon(a))
    rules.now = 2 * minute
    rules.run(correct(a, "defect"))
    rules.run(unabandon(a))
    assert.deepStrictEqual(placesOf(rules), { ...nowhere, corrections: 1 })
    assert.strictEqual(correctionsOf(rules.state)[0]?.mark?.status, "defect")
  })
})

describe("a day after an Abandon", () => {
  const day = 24 * hour

  it("memory lets go of it, and of its request", () => {
    const rules = waiting()
    rules.now = 3 * hour
    rules.run(abandon(a))
    rules.now = 3 * hour + day - 1
    rules.when(expire).makes()
    assert.deepStrictEqual(rules.run(unabandon(a)), ["Unabandoned"])
    rules.run(abandon(a))
    rules.now += day
    assert.deepStrictEqual(rules.run(expire), ["Retired"])
    rules.when(unabandon(a)).refuses("UnknownIssuance")
    assert.deepStrictEqual(placesOf(rules), nowhere)
  })

  it("not before its holder can say nothing of it any more", () => {
    const rules = waiting()
    rules.run(abandon(a))
    rules.now = day
    rules.when(expire).makes()
    assert.deepStrictEqual(rules.run(correct(a, "block")), ["Corrected"])
    rules.now = day + 25 * hour
    assert.deepStrictEqual(rules.run(expire), ["Retired"])
  })
})

describe("Rewrite", () => {
  const rewrite = (more: Partial<CommandOf<"Rewrite">> = {}): AdminCommand => ({
    _tag: "Rewrite",
    id: a,
    gone: false,
    value: false,
    rewrites: 0,
    admin: chief,
    ...more,
  })
  /** An item whose row says what it should. */
  const rewritable = () => {
    const rules = given(loaded("a"), issued("a"), confirmed("a"), written("a"))
    rules.now = 1000
    return rules
  }

  it("a changed row becomes a correction, until it is written", () => {
    const rules = rewritable()
    assert.lengthOf(writtenOf(rules.state), 1)
    const found = { gone: false, value: false, by: chief, at: 1000 }
    rules.when(rewrite()).makes({ _tag: "RewriteBegun", id: a, ...found })
    assert.deepStrictEqual(
      correctionsOf(rules.state).map((each) => [each.id, each.mark?.status, each.valueLost]),
      [[a, "good", undefined]],
    )
    assert.deepStrictEqual(write(rules, a), ["Written"])
    assert.strictEqual(placeOf(rules.get(a)), "written")
  })

  it("a row that stands for another item is corrected with its item", () => {
    const rules = rewritable()
    rules.run(rewrite({ value: true }))
    assert.isTrue(rules.get(a).valueLost)
    write(rules, a)
    assert.isUndefined(rules.get(a).valueLost)
  })

  it("a row that is gone waits for the sheet like a new one", () => {
    const rules = rewritable()
    rules.run(rewrite({ gone: true, value: true }))
    assert.deepStrictEqual(
      bufferOf(rules.state).map((each) => [each.id, each.rewrites, each.valueLost]),
      [[a, 1, undefined]],
    )
    write(rules, a)
    assert.strictEqual(placeOf(rules.get(a)), "written")
  })

  it("one finding is acted on once, also after the row was written again", () => {
    const rules = rewritable()
    rules.run(rewrite({ gone: true }))
    rules.when(rewrite({ gone: true })).makes()
    write(rules, a)
    rules.when(rewrite({ gone: true })).makes()
    assert.deepStrictEqual(rules.run(rewrite({ gone: true, rewrites: 1 })), ["RewriteBegun"])
  })

  it("what waits to be written anyway is left to that", () => {
    const rules = rewritable()
    rules.run(correct(a, "block"))
    rules.when(rewrite()).makes()
  })

  it("is refused for what memory let go of, which waits until the row is written again", () => {
    const rules = rewritable()
    rules.run(rewrite())
    rules.now += 26 * hour
    rules.when(expire).makes()
    write(rules, a)
    rules.run(expire)
    rules.when(rewrite()).refuses("UnknownIssuance")
  })
})

it.effect("a snapshot keeps an Abandon, and one of before there was such a thing is read", () =>
  Effect.gen(function* () {
    const rules = waiting()
    const before = JSON.stringify(formOf(rules.state))
    assert.notInclude(before, "abandoned")
    assert.lengthOf(bufferOf(yield* Snapshot.decode(JSON.parse(before))), 1)
    rules.run(abandon(a))
    const back = yield* Snapshot.decode(JSON.parse(JSON.stringify(formOf(rules.state))))
    assert.deepStrictEqual(formOf(back), formOf(rules.state))
    assert.deepStrictEqual(
      abandonedOf(back).map((each) => each.id),
      [a],
    )
  }),
)
