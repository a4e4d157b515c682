/** The books counted anew agree with memory, and with no memory that is wrong. */
import { assert, describe, it } from "@effect/vitest"
import { type IssuanceId, placeOf, withheld } from "../../src/domain/Issuance.ts"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
import * as Available from "../../src/pool/Available.ts"
import {
  comparing,
  countsOf,
  type Difference,
  enter,
  linesOf,
  type Lot,
  openBooks,
  resume,
} from "../../src/pool/books.ts"
import { evolve } from "../../src/pool/rulebook.ts"
import { empty, letGo, liveOf, type PoolState, queueItem, versionOf } from "../../src/pool/State.ts"
import { lotsOf, quarantinedIn } from "../../src/pool/View.ts"
import {
  anItem,
  anna,
  chief,
  confirm,
  correct,
  expire,
  halfTypedRow,
  hour,
  load,
  makeRules,
  message,
  minute,
  names,
  undo,
  write,
} from "./fixtures.ts"
import { makeWorld, Script } from "./script.ts"

type Events = ReadonlyArray<PoolEvent>

const booksOf = (events: Events) => {
  const books = openBooks()
  for (const event of events) enter(books, event)
  return books
}

const problemsOf = (events: Events, memory: PoolState) =>
  differencesIn(comparing(booksOf(events), lotsOf(memory), quarantinedIn(memory))).map(
    ({ problem }) => problem,
  )

/** What a comparison comes to when it is never kept waiting. */
const differencesIn = (comparison: ReturnType<typeof comparing>): ReadonlyArray<Difference> => {
  for (;;) {
    const { done, value } = comparison.next()
    if (done === true) return value
  }
}

it.prop(
  "whatever is asked in whatever order: the books agree with memory after every step",
  { script: Script },
  ({ script }) => {
    const { rules, run, loaded } = makeWorld()
    for (const step of script) {
      run(step)
      assert.deepStrictEqual(problemsOf(rules.events, rules.state), [])
    }
    const books = booksOf(rules.events)
    const counted = Object.values(countsOf(books)).reduce((sum, count) => sum + count, 0)
    assert.deepStrictEqual([books.read, counted], [loaded.length, loaded.length])
  },
  { arbitrary: { runs: 200, seed: 11 } },
)

it.prop(
  "books that were set down and taken up again after any step go on alike",
  { script: Script },
  ({ script }) => {
    const { rules, run } = makeWorld()
    let books = openBooks()
    let entered = 0
    for (const step of script) {
      run(step)
      for (const event of rules.events.slice(entered)) enter(books, event)
      entered = rules.events.length
      const resumed = { ...openBooks(), read: books.read, settled: { ...books.settled } }
      for (const line of linesOf(books)) resume(resumed, line)
      books = resumed
    }
    assert.deepStrictEqual(books, booksOf(rules.events))
  },
  { arbitrary: { runs: 100, seed: 12 } },
)

it("the row of what was set aside is written and counted, also when it is brought back", () => {
  const rules = makeRules()
  rules.run(load("a", [anItem("a")]))
  const [id] = rules.issue(1)
  if (id === undefined) throw new Error("nothing was issued")
  rules.run(confirm(id))
  write(rules, id)
  rules.run(undo(id))
  rules.run({ _tag: "SetAside", id, admin: chief })
  const mark = { status: withheld, at: 0, by: chief, auto: false }
  rules.run({ _tag: "Written", rows: [{ id, mark }] })
  assert.deepStrictEqual(problemsOf(rules.events, rules.state), [])
  rules.run({ _tag: "BringBack", id, admin: chief })
  rules.run(confirm(id))
  assert.deepStrictEqual(problemsOf(rules.events, rules.state), [])
})

/** Items come to every place there is. */
const story = () => {
  const rules = makeRules()
  const onMessage = (number: number): IssuanceId => {
    const [id] = rules.issue(number)
    if (id === undefined) throw new Error("nothing was issued")
    return id
  }
  const shown = (number: number) => {
    const id = onMessage(number)
    rules.run({ _tag: "Delivered", ids: [id], confirmAt: rules.now + 10 * minute })
    return id
  }
  const say = (id: IssuanceId, status: string) => rules.run(confirm(id, status, anna, true))
  const version = () => versionOf(rules.state)

  rules.run(load("one", names(9)))
  rules.run(load("two", [anItem("again", { key: "n0@example.com" }), anItem("last")]))
  rules.run({ _tag: "DeliveryRefused", ids: [onMessage(1)] })
  rules.now += 10 * minute
  rules.run(expire)
  const aside = shown(2)
  rules.run({ _tag: "SetAside", id: aside, admin: chief })
  rules.run({ _tag: "BringBack", id: aside, admin: chief })
  rules.run({ _tag: "SetAside", id: aside, admin: chief })
  const given = shown(3)
  const to = { message: message(77), to: chief, stage: "chief", admin: chief }
  rules.run({ _tag: "Transfer", id: given, ...to })
  say(given, "good")
  write(rules, given)
  const changed = shown(4)
  say(changed, "good")
  rules.run(undo(changed))
  say(changed, "block")
  write(rules, changed)
  rules.run(correct(changed, "defect"))
  say(shown(5), "good")
  onMessage(6)
  const givenUp = shown(7)
  say(givenUp, "good")
  rules.run({ _tag: "Abandon", id: givenUp, admin: chief })
  rules.run({ _tag: "Clear", version: version(), admin: chief })
  rules.run({ _tag: "Restore", trash: rules.state.trash[0]?.id ?? "", admin: chief })
  rules.run({ _tag: "Clear", version: version(), admin: chief })
  rules.now += 26 * hour
  rules.run(expire)
  rules.run(load("later", ["later0", "later1", "later2", "later3"]))
  const [givenUpNow, takenUp, spoilt, asked] = [shown(8), shown(9), shown(10), shown(11)]
  for (const id of [givenUpNow, takenUp, spoilt, asked]) say(id, "good")
  for (const id of [givenUpNow, takenUp, asked]) rules.run({ _tag: "Abandon", id, admin: chief })
  rules.run({ _tag: "Unabandon", id: takenUp, admin: chief })
  rules.run(undo(asked))
  say(asked, "block")
  write(rules, spoilt)
  const rewrite = { gone: true, value: false, rewrites: 0, admin: chief }
  rules.run({ _tag: "Rewrite", id: spoilt, ...rewrite })
  rules.run(load("three", ["x", "y"]))
  rules.run({ _tag: "Release", version: version(), admin: chief })
  rules.run({ _tag: "Returned", ids: [anItem("x").id] })
  rules.run(load("four", ["z"]))
  rules.run({ _tag: "Clear", version: version(), admin: chief })
  rules.run(load("five", ["zz"], [], [halfTypedRow("half0"), halfTypedRow("half1")]))
  rules.run({ _tag: "Returned", ids: [halfTypedRow("half0").id] })
  return rules
}

const placed = [
  "Loaded",
  "Issued",
  "Withdrawn",
  "Confirmed",
  "Undone",
  "Written",
  "ReturnBegun",
  "Returned",
  "Cleared",
  "Restored",
  "TrashEmptied",
  "SetAside",
  "BroughtBack",
  "RewriteBegun",
  "Abandoned",
  "Unabandoned",
  "Retired",
]

/** What a wrong evolve would leave behind after an event of that kind. */
const defects: ReadonlyArray<readonly [PoolEvent["_tag"], string, Defect]> = [
  ["Loaded", "loses a row", (_, after) => withoutOne(after)],
  ["Loaded", "loses a half-typed row", (_, after) => withoutHalfTyped(after)],
  [
    "Issued",
    "leaves the item in its queue",
    (before, after) => ({ ...after, ...queuesOf(before) }),
  ],
  ["Issued", "forgets the issuance", (_, after, event) => forgetting(after, event)],
  ["Withdrawn", "puts nothing back", (before, after) => ({ ...after, ...queuesOf(before) })],
  ["Withdrawn", "puts it back twice", (_, after) => queueItem(after, anItem("n0"))],
  ["Confirmed", "does nothing", (before) => before],
  ["Undone", "does nothing", (before) => before],
  ["Written", "does nothing", (before) => before],
  ["ReturnBegun", "leaves them in stock", (before, after) => ({ ...after, ...queuesOf(before) })],
  ["Returned", "keeps them", (before) => before],
  [
    "Cleared",
    "throws nothing into the trash",
    (before, after) => ({ ...after, trash: before.trash }),
  ],
  [
    "Restored",
    "keeps them in the trash too",
    (before, after) => ({ ...after, trash: before.trash }),
  ],
  ["TrashEmptied", "keeps them", (before) => before],
  ["SetAside", "keeps no row", (before, after) => ({ ...after, quarantine: before.quarantine })],
  [
    "BroughtBack",
    "keeps the row",
    (before, after) => ({ ...after, quarantine: before.quarantine }),
  ],
  ["RewriteBegun", "does nothing", (before) => before],
  ["Abandoned", "does nothing", (before) => before],
  ["Unabandoned", "does nothing", (before) => before],
  ["Retired", "keeps them", (before) => before],
]

type Defect = (before: PoolState, after: PoolState, event: PoolEvent) => PoolState

const queuesOf = ({ available }: PoolState) => ({ available })
const withoutOne = (state: PoolState): PoolState => {
  const first = Available.all(state.available).at(-1)
  return first === undefined
    ? state
    : { ...state, available: Available.remove(state.available, first.item)[1] }
}
const withoutHalfTyped = (state: PoolState): PoolState =>
  state.halfTyped.length === 0 ? state : { ...state, halfTyped: [] }
const forgetting = (state: PoolState, event: PoolEvent) =>
  event._tag === "Issued" ? event.issuances.reduce((left, { id }) => letGo(left, id), state) : state

describe("the story", () => {
  const { events, state } = story()

  it("has everything that puts an item anywhere, and the books agree with it", () => {
    const tags = new Set(events.map(({ _tag }) => _tag))
    assert.deepStrictEqual(
      placed.filter((tag) => !tags.has(tag as PoolEvent["_tag"])),
      [],
    )
    assert.deepStrictEqual(problemsOf(events, state), [])
    assert.deepStrictEqual(countsOf(booksOf(events)), {
      available: 1,
      returning: 2,
      pending: 1,
      buffer: 3,
      abandoned: 2,
      quarantine: 2,
      trash: 1,
      written: 1,
      retired: 2,
      returned: 2,
      gone: 4,
    })
  })

  for (const [tag, what, defect] of defects) {
    it(`an evolve that at ${tag} ${what} is found out at once`, () => {
      let memory = empty
      let wrong = 0
      for (const [index, event] of events.entries()) {
        const before = memory
        const after = evolve(before, event)
        memory = event._tag === tag ? defect(before, after, event) : after
        if (memory === after) continue
        wrong += 1
        assert.isNotEmpty(problemsOf(events.slice(0, index + 1), memory))
        break
      }
      assert.strictEqual(wrong, 1)
    })
  }

  for (const [index, event] of events.entries()) {
    if (!placed.includes(event._tag)) continue
    it(`a journal without event ${index}, ${event._tag}, does not add up with the memory of before`, () => {
      assert.isNotEmpty(problemsOf(events.toSpliced(index, 1), state))
    })
  }

  it("a journal without the beginning of an issuance is found out, whatever memory says", () => {
    const index = events.findIndex(({ _tag }) => _tag === "Issued")
    const damaged = events.toSpliced(index, 1)
    const memory = damaged.reduce(evolve, empty)
    assert.include(problemsOf(damaged, memory), "outOfPlace")
  })

  it("says of an item that two people have that it was issued twice", () => {
    const issued = events.find(({ _tag }) => _tag === "Issued")!
    const twice = [...events.slice(0, 2), issued, issued]
    assert.include(problemsOf(twice, twice.reduce(evolve, empty)), "issuedTwice")
  })

  it("says so too where the row of the first of them was given up", () => {
    const { item, id } = liveOf(state).find(
      ({ issuance }) => placeOf(issuance) === "abandoned",
    )!.issuance
    const again = events.find((event) => event._tag === "Issued" && event.issuances[0]?.id === id)!
    const books = booksOf([...events, again])
    assert.strictEqual(books.faults.get(item.id), "issuedTwice")
  })

  it("says of rows that came twice that they were loaded twice", () => {
    const twice = [events[0]!, events[0]!]
    assert.include(problemsOf(twice, twice.reduce(evolve, empty)), "loadedTwice")
  })
})

it("a comparison of many items stops again and again, so that others get their turn", () => {
  const books = openBooks()
  const lots = Array.from({ length: 10_000 }, (_, n): Lot => {
    books.open.set(`item-${n}`, "pending")
    return { item: `item-${n}`, place: n === 9_999 ? "written" : "pending", key: `key-${n}` }
  })
  const comparison = comparing(books, lots, 0)
  let stops = 0
  let step = comparison.next()
  for (; step.done !== true; step = comparison.next()) stops += 1
  assert.isAtLeast(stops, 15)
  assert.deepStrictEqual(step.value, [{ item: "item-9999", problem: "misplaced" }])
})
