/** Rules of the status: set, taken back, corrected, and said by the timer where nobody says one. */
import { assert, describe, it } from "@effect/vitest"
import { HashMap } from "effect"
import { type IssuanceId, placeOf } from "../../src/domain/Issuance.ts"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { liveOf } from "../../src/pool/State.ts"
import { stockOf } from "../../src/pool/View.ts"
import {
  anna,
  boris,
  chief,
  confirm,
  confirmed,
  correct,
  delivered,
  expire,
  formOf,
  given,
  hour,
  idOf,
  issued,
  loaded,
  mamba,
  markOf,
  minute,
  refused,
  refusedDelivery,
  replace,
  type Rules,
  undo,
  write,
  written,
} from "./fixtures.ts"

const a = idOf("a")
const b = idOf("b")
const nobodys = idOf("nobody")

/** Anna holds an item, and has seen it. */
const held = [loaded("a", "b"), issued("a"), delivered("a")]
const say = (comment: string, who = anna, admin = false) => ({
  _tag: "Comment" as const,
  id: a,
  comment,
  by: who,
  admin,
})
const commented = (comment: string, at = 0, who = anna): PoolEvent => ({
  _tag: "Commented",
  id: a,
  comment,
  by: who,
  at,
})
const unsure = (name: string): PoolEvent => ({ _tag: "DeliveryUnsure", ids: [idOf(name)], at: 0 })
const byTimer = (at: number) => ({ ...markOf("good", at), auto: true })
const available = ({ state, today }: Rules) => stockOf(mamba, state, today).available

describe("confirm", () => {
  it("marks for good, by whom and when", () => {
    const rules = given(...held)
    rules.when(confirm(a), { now: 3 }).makes(confirmed("a", markOf("good", 3)))
    assert.deepStrictEqual(rules.get(a).mark, { status: "good", at: 3, by: anna, auto: false })
    assert.strictEqual(placeOf(rules.get(a)), "buffer")
  })

  it("changes nothing the second time, and names the mark that stands", () => {
    const rules = given(...held, confirmed("a"))
    rules.when(confirm(a)).makes()
    assert.deepInclude(refused(rules.tryOut(confirm(a, "block"))), {
      _tag: "AlreadyMarked",
      mark: markOf("good"),
    })
  })

  it("proves the delivery", () => {
    const rules = given(loaded("a"), issued("a"), unsure("a"))
    rules.when(confirm(a)).makes(delivered("a"), confirmed("a"))
    assert.strictEqual(rules.get(a).delivery, "delivered")
  })

  it("is for the holder and for admins", () => {
    const rules = given(...held)
    rules.when(confirm(a, "good", boris)).refuses("NotHolder")
    rules
      .when(confirm(a, "good", chief, true))
      .makes(confirmed("a", { ...markOf("good"), by: chief }))
    assert.deepInclude(rules.get(a), { holder: anna })
    assert.strictEqual(rules.get(a).mark?.by, chief)
  })

  it("knows its statuses and its issuances", () => {
    const rules = given(...held)
    rules.when(confirm(a, "working")).refuses("NotAllowed:unknownStatus")
    rules.when(confirm(nobodys)).refuses("UnknownIssuance")
  })
})

describe("confirm the rest", () => {
  const both = [loaded("a", "b", "c"), issued(["a", "b"]), delivered("a"), delivered("b")]
  const rest = (...ids: readonly [IssuanceId, ...ReadonlyArray<IssuanceId>]) =>
    ({ _tag: "ConfirmRest", ids, status: "good", by: anna, admin: false }) as const
  const undoAll = (...ids: readonly [IssuanceId, ...ReadonlyArray<IssuanceId>]) =>
    ({ _tag: "UndoAll", ids, by: anna, admin: false }) as const

  it("marks what has no mark, each by itself and in the same moment; what has one keeps it", () => {
    const rules = given(...both, confirmed("a", markOf("block", 1)))
    rules.when(rest(a, b, b), { now: 3 }).makes(confirmed("b", markOf("good", 3)))
    rules.when(rest(a, b), { now: 4 }).makes()
    assert.strictEqual(rules.get(a).mark?.status, "block")
  })

  it("marks nothing where one of them is somebody else's", () => {
    const rules = given(...both)
    const forged = { ...rest(a, b), by: boris }
    assert.strictEqual(refused(rules.tryOut(forged))._tag, "NotHolder")
    assert.strictEqual(refused(rules.tryOut(rest(a, nobodys)))._tag, "UnknownIssuance")
  })

  it("is undone for all or for none", () => {
    const rules = given(
      ...both,
      confirmed("a", markOf("good", 0)),
      confirmed("b", markOf("good", 0)),
    )
    const undone = (id: IssuanceId) =>
      ({ _tag: "Undone", id, by: anna, confirmAt: 11 * minute, at: minute }) as const
    rules.when(undoAll(a, b), { now: minute }).makes(undone(a), undone(b))
    assert.isNull(rules.get(b).mark)
    rules.when(undoAll(a, b), { now: minute }).makes()
    const late = given(
      ...both,
      confirmed("a", markOf("good", 0)),
      confirmed("b", markOf("good", 60)),
    )
    assert.deepInclude(refused(late.tryOut(undoAll(a, b), { now: 10 * minute + 30 })), {
      reason: "undoOver",
    })
  })
})

describe("undo", () => {
  const undone = (confirmAt: number, at: number): PoolEvent => ({
    _tag: "Undone",
    id: a,
    by: anna,
    confirmAt,
    at,
  })

  it.each([
    { at: 10 * minute, refusal: "none" },
    { at: 10 * minute + 1, refusal: "NotAllowed:undoOver" },
  ])("is possible for ten minutes: at $at ms $refusal", ({ at, refusal }) => {
    const rules = given(...held, confirmed("a"))
    rules.now = at
    assert.strictEqual(rules.refusal(undo(a)), refusal)
  })

  it("gives a whole period to say something else", () => {
    const rules = given(...held, confirmed("a", markOf("good", 9 * minute)))
    rules.now = 9 * minute
    rules.when(undo(a)).makes(undone(19 * minute, 9 * minute))
    assert.deepInclude(rules.get(a), { mark: null, confirmAt: 19 * minute })
    rules.when(undo(a)).makes()
  })

  it("never brings the deadline closer", () => {
    const rules = given(...held, delivered("a", 30 * minute), confirmed("a"))
    rules.when(undo(a)).makes(undone(30 * minute, 0))
    assert.strictEqual(rules.get(a).confirmAt, 30 * minute)
  })

  it("does not undo the timer", () => {
    const rules = given(...held)
    rules.now = 10 * minute
    rules.when(expire).makes(confirmed("a", byTimer(10 * minute)))
    rules.when(undo(a)).refuses("NotAllowed:undoOver")
  })

  it("is over once there is a replacement", () => {
    const rules = given(...held, confirmed("a", markOf("block")))
    rules.run(replace(a))
    rules.when(undo(a)).refuses("NotAllowed:replaced")
  })

  it("keeps what the sheet says, so that the next status corrects it", () => {
    const rules = given(...held, confirmed("a"), written("a"))
    rules.now = 1
    rules.run(undo(a))
    assert.strictEqual(placeOf(rules.get(a)), "pending")
    rules.run(confirm(a))
    assert.strictEqual(placeOf(rules.get(a)), "correction")
    write(rules, a)
    assert.strictEqual(placeOf(rules.get(a)), "written")
  })
})

describe("correct", () => {
  const corrected = (status: string, at: number): PoolEvent => ({
    _tag: "Corrected",
    id: a,
    mark: markOf(status, at),
  })

  it("sets another status, by a person, also over the timer", () => {
    const rules = given(...held, confirmed("a", byTimer(10 * minute)))
    rules.now = 11 * minute
    rules.when(correct(a, "block")).makes(corrected("block", 11 * minute))
    assert.deepStrictEqual(rules.get(a).mark, markOf("block", 11 * minute))
    rules.when(correct(a, "block")).makes()
  })

  it.each([
    { at: 24 * hour, refusal: "none" },
    { at: 24 * hour + 1, refusal: "NotAllowed:correctionOver" },
  ])("is possible for a day: at $at ms $refusal", ({ at, refusal }) => {
    const rules = given(...held, confirmed("a"))
    rules.now = at
    assert.strictEqual(rules.refusal(correct(a, "block")), refusal)
  })

  it("needs a status to correct, and one that exists", () => {
    given(...held)
      .when(correct(a, "block"))
      .refuses("NotAllowed:pending")
    given(...held, confirmed("a"))
      .when(correct(a, "reset"))
      .refuses("NotAllowed:unknownStatus")
  })

  it("is possible for what was replaced, and offers nothing new", () => {
    const rules = given(...held, confirmed("a", markOf("block")))
    rules.run(replace(a))
    rules.run(correct(a, "defect"))
    rules.run(correct(a, "block"))
    rules.when(replace(a)).makes()
  })

  it("of a written row waits for the sheet", () => {
    const rules = given(...held, confirmed("a"), written("a"))
    assert.deepStrictEqual(write(rules, a), [])
    rules.when(correct(a, "defect")).makes(corrected("defect", 0))
    assert.strictEqual(placeOf(rules.get(a)), "correction")
  })
})

describe("the timer", () => {
  it("confirms what was delivered, at its time and not before", () => {
    const rules = given(...held, delivered("a", 20 * minute))
    rules.when(expire, { now: 20 * minute - 1 }).makes()
    rules.when(expire, { now: 20 * minute }).makes(confirmed("a", byTimer(20 * minute)))
    const mark = { status: "good", at: 20 * minute, by: anna, auto: true }
    assert.deepStrictEqual(rules.get(a).mark, mark)
    rules.when(expire, { now: 20 * minute }).makes()
  })

  it("confirms nothing where no status is asked", () => {
    given(...held)
      .when(expire, { now: 24 * hour, definition: { ...mamba, autoStatus: null } })
      .makes()
  })

  it.each(["attempting", "unsure"] as const)("leaves %s alone", (delivery) => {
    const doubts = delivery === "unsure" ? [unsure("a")] : []
    const rules = given(loaded("a"), issued("a"), ...doubts)
    assert.strictEqual(rules.get(a).delivery, delivery)
    rules.when(expire, { now: 48 * hour }).makes()
  })

  it("takes back what nobody saw, to the front of its queue", () => {
    const shown = [refusedDelivery("a"), delivered("b", 20 * minute)]
    const rules = given(loaded("a", "b", "c"), issued(["a", "b"]), ...shown)
    rules.now = 10 * minute - 1
    rules.when(expire).makes()
    rules.now = 10 * minute
    const keys = ["a@example.com"]
    rules.when(expire).makes({ _tag: "Withdrawn", ids: [a], keys, at: 10 * minute })
    assert.strictEqual(available(rules), 2)
    assert.deepStrictEqual(
      liveOf(rules.state).map(({ issuance }) => issuance.id),
      [b],
    )
    const [next] = rules.issue(2)
    assert.strictEqual(rules.get(next!).item.id, "claim-a")
  })

  it("puts each back where it stood, whichever came back first", () => {
    const rules = given(loaded("a", "b", "c", "d"), issued(["a", "b", "c"]))
    for (const [minutes, name] of ["a", "c", "b"].entries()) {
      rules.take([refusedDelivery(name)])
      rules.now = (10 + minutes) * minute
      assert.deepStrictEqual(rules.run(expire), ["Withdrawn"])
    }
    const again = rules.issue(2, { quantity: 2 })
    assert.deepStrictEqual(
      again.map((id) => rules.get(id).item.id),
      ["claim-a", "claim-b"],
    )
  })

  it("keeps the request of what it took back, so that its message gives no second item", () => {
    const rules = given(loaded("a", "b", "c"), issued("a"), refusedDelivery("a"))
    rules.now = 10 * minute
    rules.run(expire)
    assert.throws(() => rules.get(a))
    assert.deepStrictEqual(rules.issue(1), [])
  })

  it("lets go of an old request together with the last that it takes back", () => {
    const rules = given(loaded("a", "b", "c"), issued("a"), refusedDelivery("a"))
    rules.now = 25 * hour
    assert.deepStrictEqual(rules.run(expire), ["Withdrawn", "Retired"])
    assert.isTrue(HashMap.isEmpty(rules.state.requests))
    assert.strictEqual(available(rules), 3)
    rules.when(expire).makes()
  })

  it("lets go of what was settled, a day and an hour after its mark", () => {
    const mark = markOf("good", minute)
    const rules = given(...held, confirmed("a", mark), written("a", mark))
    rules.now = 25 * hour + minute - 1
    rules.when(expire).makes()
    rules.now += 1
    assert.deepStrictEqual(rules.run(expire), ["Retired"])
    assert.isTrue(HashMap.isEmpty(rules.state.live))
    assert.isTrue(HashMap.isEmpty(rules.state.requests))
    rules.when(expire).makes()
  })

  it("never lets go of what is not in the sheet as it should be", () => {
    const rules = given(...held, confirmed("a"))
    rules.now = 99 * hour
    rules.when(expire).makes()
    rules.take([written("a", markOf("block"))])
    rules.when(expire).makes()
  })

  it("keeps a request as long as one of its items is live", () => {
    const rules = given(loaded("a", "b"), issued(["a", "b"]), confirmed("a"), written("a"))
    rules.now = 25 * hour
    rules.run(expire)
    assert.strictEqual(HashMap.size(rules.state.requests), 1)
    assert.strictEqual(rules.get(b).mark, null)
    const before = formOf(rules.state)
    assert.deepStrictEqual(rules.issue(1), [])
    assert.deepStrictEqual(formOf(rules.state), before)
  })
})

describe("a comment", () => {
  const blocked = [...held, confirmed("a", markOf("block"))]

  it("is said once, said otherwise and taken back", () => {
    const rules = given(...blocked)
    rules.when(say("banned"), { now: 5 }).makes(commented("banned", 5))
    assert.deepStrictEqual(rules.get(a).mark, { ...markOf("block"), comment: "banned" })
    rules.when(say("banned")).makes()
    rules.when(say("no code"), { now: 6 }).makes(commented("no code", 6))
    rules.when(say(""), { now: 7 }).makes(commented("", 7))
    assert.deepStrictEqual(rules.get(a).mark, markOf("block"))
    rules.when(say("")).makes()
  })

  it("has the row corrected that was written without it", () => {
    const rules = given(...blocked, written("a", markOf("block")))
    rules.when(say("banned")).makes(commented("banned"))
    assert.strictEqual(placeOf(rules.get(a)), "correction")
    rules.take([written("a", { ...markOf("block"), comment: "banned" })])
    assert.strictEqual(placeOf(rules.get(a)), "written")
  })

  it("is for the holder and for admins, of a status that asks for it, within a day", () => {
    given(...blocked)
      .when(say("banned", boris))
      .refuses("NotHolder")
    given(...blocked)
      .when(say("banned", chief, true))
      .makes(commented("banned", 0, chief))
    given(...held)
      .when(say("banned"))
      .refuses("NotAllowed:pending")
    given(...held, confirmed("a"))
      .when(say("banned"))
      .refuses("NotAllowed:asksNoComment")
    given(...blocked)
      .when(say("banned"), { now: 24 * hour + 1 })
      .refuses("NotAllowed:correctionOver")
    given(...blocked)
      .when({ ...say("banned"), id: nobodys })
      .refuses("UnknownIssuance")
  })

  it("goes with its status, and comes with a mark that says why at once", () => {
    const rules = given(...blocked, commented("banned"))
    rules.run(correct(a, "good"))
    assert.notProperty(rules.get(a).mark, "comment")
    const marked = given(...held)
    marked.run({ ...confirm(a, "defect", chief, true), comment: "asked back" })
    assert.deepInclude(marked.get(a).mark, { status: "defect", by: chief, comment: "asked back" })
  })
})
