/** Which rows are claimed, which are counted, and which are still being typed. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { Day, parseDay } from "../../src/domain/Day.ts"
import { countOf, halfTypedIn, runsLeft, runsToClaim } from "../../src/sheets/filledTabs.ts"
import { baseColumns } from "../../src/sheets/Headers.ts"
import type { Plain } from "../../src/sheets/SheetsClient.ts"
import { numbers } from "./bench.ts"

const columns = Result.getOrThrow(baseColumns(numbers, ["Номер", "Дата", "Заметка"]))
const today = Day.make("2026-11-22")
type Rows = ReadonlyArray<ReadonlyArray<Plain>>
const runs = (rows: Rows) => runsToClaim(numbers, columns, rows, today)
const runsOfAnyDay = (rows: Rows) => runsToClaim(numbers, columns, rows, null)

describe("runsToClaim", () => {
  it("are of whole rows, over a few blank ones, and of none that lacks a value", () => {
    const whole: ReadonlyArray<Plain> = ["79000001001", 46_347]
    const blanks = (count: number): Rows => Array.from({ length: count }, () => [])
    assert.deepStrictEqual(
      runsOfAnyDay([
        ...blanks(300),
        whole,
        ...blanks(5),
        whole,
        ["79000001002"],
        ["", 46_348],
        whole,
        ...blanks(6),
        whole,
        ["", "", "пояснение"],
        whole,
      ]),
      [
        { from: 301, rows: 7 },
        { from: 310, rows: 1 },
        { from: 317, rows: 1 },
        { from: 319, rows: 1 },
      ],
    )
  })

  it("are of that day, and of dates nobody can read, over blanks but not over other days", () => {
    assert.deepStrictEqual(
      runs([
        ["79000001001", 46_347],
        ["79000001002", 46_348],
        [],
        ["79000001003", "22.11.26"],
        [false],
        ["79000001004", "21.11.2026"],
        ["79000001005", "вчера"],
        ["79000001006"],
        ["", "", "пояснение"],
        [79_000_001_007, 46_348.9],
        [],
      ]),
      [
        { from: 2, rows: 3 },
        { from: 7, rows: 1 },
        { from: 10, rows: 1 },
      ],
    )
  })

  it("are none in an empty tab, and in one of other days", () => {
    assert.deepStrictEqual(runs([]), [])
    assert.deepStrictEqual(runs([["79000001001", 46_347], [], ["79000001002", "23.11.2026"]]), [])
  })
})

describe("countOf", () => {
  const rows: ReadonlyArray<ReadonlyArray<Plain>> = [
    ["79000001001", 46_347],
    ["79000001002", 46_348],
    ["79000001002", 46_348],
    [],
    [false, "", "пояснение"],
    ["79000001003", "22.11.26"],
    ["79000001004", "вчера"],
    ["", 46_348],
  ]
  for (const [name, onlyDay, count] of [
    ["all that have every value of an item, repeats and unreadable ones too", null, 5],
    ["those of them dated so, of one day", today, 3],
    ["none of a day that nothing is dated", Day.make("2026-11-25"), 0],
  ] as const) {
    it(name, () => assert.strictEqual(countOf(numbers, columns, rows, onlyDay), count))
  }
})

describe("halfTypedIn", () => {
  it("names the row and the value that is missing, and tells when somebody goes on typing", () => {
    const rows = [["79000001001", 46_347], [], ["79000001002"], ["", "22.11.2026"], ["", "", "x"]]
    const found = halfTypedIn(numbers, columns, rows)
    assert.deepStrictEqual(
      found.map(({ row, column, why }) => ({ row, column, why })),
      [
        { row: 4, column: "Дата", why: "missing" },
        { row: 5, column: "Номер", why: "missing" },
      ],
    )
    const moved = halfTypedIn(numbers, columns, [[], ...rows])
    assert.deepStrictEqual(
      moved.map(({ digest }) => digest),
      found.map(({ digest }) => digest),
    )
    const [typed] = halfTypedIn(numbers, columns, [["790000010023"]])
    assert.notStrictEqual(typed?.digest, found[0]?.digest)
  })
})

describe("runsLeft", () => {
  const Kind = Schema.Literals(["22.11.2026", "21.11.2026", "", "?"])
  it.prop(
    "leads one look to all rows of the day, whatever the size of a claim, and to no other",
    {
      kinds: Schema.Array(Kind).check(Schema.isMaxLength(40)),
      batch: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 })),
    },
    ({ kinds, batch }) => {
      const rows = kinds.map((kind, at): ReadonlyArray<Plain> =>
        kind === "" ? [] : [`7900${at}`, kind],
      )
      let tab: ReadonlyArray<ReadonlyArray<Plain>> = [["Номер", "Дата"], ...rows]
      const taken: Array<ReadonlyArray<Plain>> = []
      let left = runs(rows)
      for (let first = left[0]; first !== undefined; first = left[0]) {
        const count = Math.min(batch, first.rows)
        taken.push(...tab.slice(first.from, first.from + count))
        tab = tab.toSpliced(first.from, count)
        left = runsLeft(left, count)
      }
      const isOther = ([, text]: ReadonlyArray<Plain>) =>
        text !== undefined && parseDay(String(text)) === "2026-11-21"
      assert.deepStrictEqual(
        taken.filter((row) => row.length > 0),
        rows.filter((row) => row.length > 0 && !isOther(row)),
      )
      assert.deepStrictEqual(
        tab.slice(1).filter((row) => row.length > 0),
        rows.filter(isOther),
      )
    },
    { arbitrary: { runs: 1000, seed: 5 } },
  )
})
