/** Rules of items that are meant for a day. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Item } from "../../src/domain/Item.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { returningOf, stockOf, quarantinedIn } from "../../src/pool/View.ts"
import {
  formOf,
  aNumber,
  anItem,
  boris,
  chief,
  confirm,
  expire,
  hour,
  issue,
  load,
  makeRules,
  mamba,
  number,
  refused,
  replace,
  type Rules,
} from "./fixtures.ts"

/** 15:00 in Moscow. */
const noon = Date.parse("2026-11-22T12:00:00Z")
const [yesterday, today, tomorrow] = ["2026-11-21", "2026-11-22", "2026-11-23"] as const

const old = aNumber("0001", yesterday)
const fit = aNumber("0002", today)
const early = aNumber("0003", tomorrow)
const dayless = aNumber("0004", null)
const second = aNumber("0005", today)
const all = [old, fit, early, dayless, second]

const stocked = (items: ReadonlyArray<Item> = all) => {
  const rules = makeRules(number)
  rules.now = noon
  rules.run(load("t1", items))
  return rules
}
const setTo = (on: boolean) => ({ _tag: "SetTodayOnly", on, admin: chief }) as const
const begin = { _tag: "BeginReturn" } as const
const arrived = (...items: ReadonlyArray<Item>) =>
  ({ _tag: "Returned", ids: items.map(({ id }) => id) }) as const

const given = (rules: Rules, ...asked: Parameters<Rules["issue"]>) =>
  rules.issue(...asked).map((id) => rules.get(id).item.id)
const onTheWay = ({ state }: Rules) => returningOf(state).map(({ id }) => id)
const idsOf = (...items: ReadonlyArray<Item>) => items.map(({ id }) => id)
const stock = (rules: Rules) => stockOf(number, rules.state, rules.today)

describe("today only", () => {
  it("gives what is dated today, and nothing else", () => {
    assert.deepStrictEqual(given(stocked(), 1, { quantity: 5 }), idsOf(fit, second))
  })

  it("is off when an admin says so: then any item fits, the oldest first", () => {
    const rules = stocked()
    assert.deepStrictEqual(rules.run(setTo(false)), ["TodayOnlySet"])
    assert.deepInclude(rules.events.at(-1), { on: false, by: chief, at: noon })
    rules.when(setTo(false)).makes()
    assert.deepStrictEqual(given(rules, 1, { quantity: 5 }), idsOf(...all))
  })

  it("is on from the start, and again when an admin says so", () => {
    const rules = stocked()
    rules.when(setTo(true)).makes()
    rules.run(setTo(false))
    assert.deepStrictEqual(rules.run(setTo(true)), ["TodayOnlySet"])
    assert.deepStrictEqual(given(rules, 1, { quantity: 5 }), idsOf(fit, second))
  })

  it("moves on with the day", () => {
    const rules = stocked()
    rules.now = noon + 24 * hour
    assert.deepStrictEqual(given(rules, 1, { quantity: 5 }), idsOf(early))
  })

  it("says what it hides when nothing fits", () => {
    const bound = aNumber("0006", yesterday, { region: "812" })
    const rules = stocked([old, early, dayless, bound])
    assert.deepInclude(refused(rules.tryOut(issue(1))), {
      _tag: "OutOfStock",
      byVariant: { "": 0 },
      byRegion: {},
      onlyDay: rules.today,
      hidden: 4,
    })
    rules.run(setTo(false))
    rules.issue(1, { quantity: 3 })
    assert.deepInclude(refused(rules.tryOut(issue(2))), {
      byVariant: { "": 1 },
      byRegion: { 812: 1 },
      onlyDay: null,
      hidden: 0,
    })
  })

  it("counts in the stock what can be issued now", () => {
    const rules = stocked()
    const counted = { byVariant: { "": 2 }, byTab: { Номера: 2 }, available: 5, returning: 0 }
    assert.deepInclude(stock(rules), { ...counted, onlyDay: rules.today, hidden: 3 })
    rules.run(setTo(false))
    const any = { byVariant: { "": 5 }, byTab: { Номера: 5 }, available: 5 }
    assert.deepInclude(stock(rules), { ...any, onlyDay: null, hidden: 0 })
  })

  it("is no rule for what is not bound to a day", () => {
    const rules = makeRules(mamba)
    rules.now = noon
    rules.run(load("t1", [anItem("a", { day: old.day })]))
    rules.when(setTo(false)).makes()
    rules.when(begin).makes()
    assert.lengthOf(rules.issue(1), 1)
  })
})

describe("a number", () => {
  it("is one person's, whatever it is wanted for", () => {
    const rules = stocked()
    const [annas] = rules.issue(1, { targets: ["beboo"] })
    const [boriss] = rules.issue(2, { targets: ["loloo", "tabor"], by: boris })
    assert.deepStrictEqual(
      [rules.get(annas!).item.id, rules.get(boriss!).item.id],
      [...idsOf(fit, second)],
    )
    assert.deepStrictEqual(rules.get(boriss!).targets, ["loloo", "tabor"])
    rules.when(issue(3, { targets: ["tabor"], by: boris })).refuses("OutOfStock")
  })

  it("is replaced by one of the same day", () => {
    const rules = stocked([old, fit, early])
    const [id] = rules.issue(1)
    rules.run(confirm(id!, "registered"))
    rules.when(replace(id!)).refuses("OutOfStock")
    rules.run(load("t2", [second]))
    rules.run(replace(id!))
    assert.strictEqual(rules.get(rules.get(id!).replacedBy!).item.id, second.id)
  })

  it("of the day it was asked for is replaced by one of the day it is", () => {
    const rules = stocked([fit, second, early])
    const [id] = rules.issue(1)
    rules.run(confirm(id!, "reset"))
    rules.now = noon + 12 * hour
    rules.run(replace(id!))
    assert.strictEqual(rules.get(rules.get(id!).replacedBy!).item.id, early.id)
  })
})

describe("the way back", () => {
  it("is for what is dated before today, oldest first, once", () => {
    const older = aNumber("0007", "2025-12-31")
    const rules = stocked([...all, older])
    assert.deepStrictEqual(rules.run(begin), ["ReturnBegun"])
    assert.deepStrictEqual(onTheWay(rules), idsOf(old, older))
    rules.when(begin).makes()
    assert.deepInclude(stock(rules), { available: 4, hidden: 2, returning: 2 })
  })

  it("is closed while any day will do, and goes on for what left before", () => {
    const rules = stocked()
    rules.run(begin)
    rules.run(setTo(false))
    rules.run(load("t2", [aNumber("0008", yesterday)]))
    rules.when(begin).makes()
    assert.notInclude(given(rules, 1, { quantity: 5 }), old.id)
    assert.deepStrictEqual(rules.run(arrived(old)), ["Returned"])
  })

  it("is not for what somebody holds", () => {
    const rules = stocked([fit, second])
    const [pending, marked] = rules.issue(1, { quantity: 2 })
    rules.run(confirm(marked!, "working"))
    rules.now = noon + 24 * hour
    rules.when(begin).makes()
    assert.isNull(rules.get(pending!).mark)
    assert.deepInclude(stock(rules), { pending: 1, buffer: 1, returning: 0 })
  })

  it("takes along what came back unseen after midnight", () => {
    const rules = stocked([fit])
    const ids = rules.issue(1)
    rules.run({ _tag: "DeliveryRefused", ids })
    rules.now = Date.parse(`${today}T21:00:00Z`)
    rules.when(begin).makes()
    assert.deepStrictEqual(rules.run(expire), ["Withdrawn"])
    rules.when(issue(2)).refuses("OutOfStock")
    assert.deepStrictEqual(rules.run(begin), ["ReturnBegun"])
    assert.deepStrictEqual(onTheWay(rules), idsOf(fit))
  })

  it("ends in the base tab, and from there the number may come again", () => {
    const rules = stocked([old])
    rules.run(begin)
    const again = { ...old, id: aNumber("0009", null).id }
    assert.deepStrictEqual(rules.run(arrived(old)), ["Returned"])
    assert.deepStrictEqual(onTheWay(rules), [])
    rules.run(load("t2", [again]))
    assert.deepStrictEqual(rules.state.quarantine, {})
    rules.run(begin)
    assert.deepStrictEqual(onTheWay(rules), idsOf(again))
  })

  it("keeps the number until then: a second row with it is a duplicate", () => {
    const rules = stocked([old])
    rules.run(begin)
    rules.run(load("t2", [{ ...old, id: aNumber("0009", null).id }]))
    const [row] = rules.state.unreported
    assert.deepInclude(row, { reason: "duplicate", column: "Номер" })
  })

  it("ends only for what is on it, and once", () => {
    const rules = stocked()
    rules.run(begin)
    const both = arrived(old, fit, old)
    assert.deepStrictEqual(rules.run(both), ["Returned"])
    assert.deepInclude(rules.events.at(-1), { ids: idsOf(old) })
    rules.when(both).makes()
    assert.strictEqual(stock(rules).available, 4)
  })
})

describe("a snapshot", () => {
  const left = aNumber("0007", yesterday)
  const used = () => {
    const rules = stocked([...all, left])
    rules.run(begin)
    rules.run(arrived(old))
    rules.run(setTo(false))
    rules.issue(1)
    return rules
  }

  it.effect("holds the mode and what is on its way back", () =>
    Effect.gen(function* () {
      const rules = used()
      const before = formOf(rules.state)
      const back = yield* Snapshot.decode(JSON.parse(JSON.stringify(before)))
      rules.replaceState(() => back)
      assert.deepStrictEqual(formOf(back), before)
      assert.isFalse(back.todayOnly)
      assert.deepStrictEqual(onTheWay(rules), idsOf(left))
      rules.run(load("t2", [{ ...left, id: aNumber("0009", null).id }]))
      assert.strictEqual(quarantinedIn(rules.state), 1)
    }),
  )

  it.effect("of before there was the mode has it on, and nothing on its way", () =>
    Effect.gen(function* () {
      const rules = stocked()
      rules.issue(1)
      const encoded = Snapshot.encode(rules.state)
      const { todayOnly: _, returning: __, ...before } = encoded
      const back = yield* Snapshot.decode(JSON.parse(JSON.stringify(before)))
      assert.deepStrictEqual(Snapshot.encode(back), encoded)
      assert.isTrue(back.todayOnly)
      assert.deepStrictEqual(returningOf(back), [])
    }),
  )
})
