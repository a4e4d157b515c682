/** What becomes of a memory that is an older copy: first all is in doubt, then the sheet says. */
import { assert, describe, it } from "@effect/vitest"
import { HashSet } from "effect"
import type { KeeperCommand } from "../../src/pool/Contract.ts"
import { issuancesOf } from "../../src/pool/State.ts"
import { stockOf } from "../../src/pool/View.ts"
import {
  anItem,
  anna,
  chief,
  confirmed,
  delivered,
  given,
  idOf,
  issued,
  load,
  loaded,
  mamba,
  type Rules,
} from "./fixtures.ts"

type Adopt = Extract<KeeperCommand, { readonly _tag: "Adopt" }>

const adopt = (about: Partial<Omit<Adopt, "_tag">>): Adopt => ({
  _tag: "Adopt",
  settled: [],
  issued: [],
  based: [],
  ...about,
})

const [a, b, c] = [anItem("a"), anItem("b"), anItem("c")]

const rowIn = (item: typeof a, is: "issued" | "returned") => ({
  item: item.id,
  tab: item.origin.tab,
  is,
})

const writtenRow = (name: string, key: string, status: string | null) => ({
  id: name === "" ? "" : idOf(name),
  key,
  status,
  markedAt: 5,
  auto: false,
})

const counts = ({ state, today }: Rules) => {
  const { available, quarantine, returning, pending, buffer } = stockOf(mamba, state, today)
  return { available, quarantine, returning, pending, buffer }
}

describe("a memory that is an older copy", () => {
  it("hands nothing out any more, be it in stock, in the trash, or on its way", () => {
    const rules = given(loaded("a", "b", "c"), issued("a"))
    const { version } = stockOf(mamba, rules.state, rules.today)
    rules.run({ _tag: "Clear", version, admin: chief })
    rules.run(load("t2", [anItem("d")]))
    rules.run({ _tag: "Doubt" })
    assert.deepStrictEqual(counts(rules), {
      available: 0,
      quarantine: 4,
      returning: 0,
      pending: 0,
      buffer: 0,
    })
    // Their rows may stand in a base tab again, and must be found good there.
    assert.strictEqual(HashSet.size(rules.state.keys), 0)
    rules.when({ _tag: "Doubt" }).makes()
    // Nothing is left of the trash that an admin could take back.
    const [thrown] = rules.state.trash
    rules.run({ _tag: "Restore", trash: thrown?.id ?? "", admin: chief })
    assert.strictEqual(counts(rules).available, 0)
  })

  it("leaves its holder what was shown to him, and what he marked", () => {
    const rules = given(
      loaded("a", "b"),
      issued(["a", "b"]),
      delivered("a"),
      delivered("b"),
      confirmed("b"),
    )
    rules.when({ _tag: "Doubt" }).makes()
    assert.lengthOf(issuancesOf(rules.state, anna), 2)
  })
})

describe("what the sheet says then", () => {
  const start = () => {
    const rules = given(loaded("a", "b", "c"))
    rules.run({ _tag: "Doubt" })
    return rules
  }

  it("takes rows out of quarantine, once, and leaves the others there", () => {
    const rules = start()
    const settled = [rowIn(a, "issued"), rowIn(b, "returned")]
    rules.when(adopt({ settled })).makes({ _tag: "Adopted", places: settled, ids: [], at: 0 })
    assert.strictEqual(counts(rules).quarantine, 1)
    rules.when(adopt({ settled })).makes()
    assert.strictEqual(counts(rules).quarantine, 1)
  })

  it("keeps an admin from working a row that has left", () => {
    const rules = start()
    rules.run(adopt({ settled: [rowIn(a, "issued")] }))
    rules
      .when({
        _tag: "LeaveQuarantine",
        way: "return",
        twice: false,
        rows: [{ row: rowOfA, item: null }],
        admin: chief,
      })
      .makes()
  })
  const rowOfA = {
    id: a.id,
    tab: a.origin.tab,
    reason: "restored" as const,
    column: null,
    origin: a.origin,
    reported: true,
  }

  it("gives what waited for its row the status that stands there, and no second row", () => {
    const rules = given(
      loaded("a", "b"),
      issued(["a", "b"]),
      delivered("a"),
      delivered("b"),
      confirmed("b"),
    )
    rules.run(
      adopt({
        issued: [writtenRow("a", a.key, "block"), writtenRow("b", b.key, "block")],
      }),
    )
    assert.deepStrictEqual(counts(rules), {
      available: 0,
      quarantine: 0,
      returning: 0,
      pending: 0,
      buffer: 0,
    })
    const [one, other] = issuancesOf(rules.state, anna)
    assert.strictEqual(one?.mark?.status, "block")
    assert.strictEqual(one?.row?.status, "block")
    // A mark of the copy stands: an edit of the row by hand shows as such.
    assert.strictEqual(other?.row?.status, "good")
  })

  it("takes from its holder what is written for somebody else, or stands in its tab again", () => {
    const rules = given(
      loaded("a", "b", "c"),
      issued(["a", "b", "c"]),
      delivered("a"),
      delivered("b"),
      delivered("c"),
    )
    rules.run(adopt({ issued: [writtenRow("other", a.key, "good")], based: [b.key] }))
    assert.deepStrictEqual(
      issuancesOf(rules.state, anna).map(({ item }) => item.key),
      [c.key],
    )
  })

  it("changes nothing where it says nothing", () => {
    const rules = start()
    rules.when(adopt({ issued: [writtenRow("", "stranger@example.com", null)] })).makes()
  })
})
