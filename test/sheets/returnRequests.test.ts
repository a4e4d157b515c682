/** Which cell of a returned row goes under which header. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { Cell, Origin } from "../../src/domain/Item.ts"
import { findColumns } from "../../src/sheets/Headers.ts"
import { daysOf, returnedRow, returnRequests } from "../../src/sheets/Return.ts"
import type { Plain } from "../../src/sheets/SheetsClient.ts"
import { issuance, numbers } from "./bench.ts"

const columnsOf = (header: ReadonlyArray<string>) => Result.getOrThrow(findColumns(numbers, header))
const originOf = (header: ReadonlyArray<string>, values: ReadonlyArray<Cell["value"]>): Origin => ({
  tab: "Номера",
  header,
  cells: values.map((value) => ({ value })),
})
/** Values of the row under the headers as they are now. */
const back = (now: ReadonlyArray<string>, origin: Origin) =>
  returnedRow({ resource: numbers, columns: columnsOf(now) }, origin).map(({ userEnteredValue }) =>
    userEnteredValue === undefined ? null : Object.values(userEnteredValue)[0],
  )

describe("returnedRow", () => {
  const origin = originOf(
    ["Дата", "Номер", "Заметка", "", "Смена"],
    ["21.11.2026", "79000001001", "старая", "без имени", 2],
  )

  it("finds columns that moved, by header and by what they mean", () => {
    assert.deepStrictEqual(back(["Смена", "Телефон", "ЗАМЕТКА ", "", "Date"], origin), [
      2,
      "79000001001",
      "старая",
      "без имени",
      "21.11.2026",
    ])
  })

  it("puts a value whose header is gone right of the last header", () => {
    assert.deepStrictEqual(back(["Дата", "Номер", "Другое", "Ещё"], origin), [
      "21.11.2026",
      "79000001001",
      null,
      null,
      "старая",
      "без имени",
      2,
    ])
  })

  it("keeps two columns of one name apart", () => {
    const twice = originOf(["Номер", "Дата", "А", "А"], ["79000001001", "21.11.2026", "1", "2"])
    assert.deepStrictEqual(back(["А", "Дата", "Номер", "А"], twice), [
      "1",
      "21.11.2026",
      "79000001001",
      "2",
    ])
  })

  const Header = Schema.Literals(["", "А", "Б", "В", "Г"])
  it.prop(
    "loses no value and doubles none, whatever became of the headers",
    {
      old: Schema.Array(Header).check(Schema.isMaxLength(7)),
      now: Schema.Array(Header).check(Schema.isMaxLength(7)),
      filled: Schema.Array(Schema.Boolean).check(Schema.isMaxLength(12)),
    },
    ({ old, now, filled }) => {
      const values = filled.map((isFilled, index) => (isFilled ? index : null))
      const before = originOf(["Дата", "Номер", ...old], ["21.11.2026", "79000001001", ...values])
      const row = back(["Номер", ...now, "Дата"], before)
      assert.deepStrictEqual(
        row.filter((value) => value !== null).toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
        before.cells
          .flatMap(({ value }) => (value === null ? [] : [value]))
          .toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
      )
      assert.strictEqual(row[0], "79000001001")
      assert.strictEqual(row[now.length + 1], "21.11.2026")
    },
    { arbitrary: { runs: 500, seed: 3 } },
  )
})

describe("returnRequests", () => {
  it("widen a tab that is too narrow, and nothing else", () => {
    const columns = columnsOf(["Дата", "Номер"])
    const origin = originOf(["Дата", "Номер", "Заметка"], ["21.11.2026", "79000001001", "тут"])
    const groups = [{ at: 2, items: [{ ...issuance(1).item, origin }] }]
    const kinds = (columnCount: number) =>
      returnRequests(
        { resource: numbers, sheetId: 7, columnCount, rowCount: 1000, columns },
        groups,
      ).map((request) => Object.keys(request)[0])
    assert.deepStrictEqual(kinds(3), ["insertDimension", "updateCells"])
    assert.deepStrictEqual(kinds(2), ["appendDimension", "insertDimension", "updateCells"])
  })
})

describe("daysOf", () => {
  it("reads dates as a claim does, down to the last filled row", () => {
    const rows: ReadonlyArray<ReadonlyArray<Plain>> = [
      [46_347.5, "79000001001"],
      ["21.11.26", "79000001002"],
      ["вчера", "79000001003"],
      [],
      [" 22.11.2026 "],
      ["", 79_000_001_004],
      [false, ""],
    ]
    const columns = columnsOf(["Дата", "Номер"])
    assert.deepStrictEqual<ReadonlyArray<string | undefined>>(
      daysOf({ resource: numbers, columns }, rows),
      ["2026-11-21", "2026-11-21", undefined, undefined, "2026-11-22", undefined],
    )
  })
})
