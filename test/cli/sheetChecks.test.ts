import { assert, describe, it } from "@effect/vitest"
import {
  cellsNamed,
  filledRows,
  findingsIn,
  isMonthFirst,
  shapeOf,
} from "../../src/cli/doctor/sheetChecks.ts"
import type { BaseTab } from "../../src/domain/Catalogue.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import type { CellData } from "../../src/sheets/SheetsClient.ts"

type Input = string | number | { readonly formula: string } | { readonly error: string }

const cellOf = (input: Input): CellData => {
  if (input === "") return {}
  if (typeof input === "string") return { userEnteredValue: { stringValue: input } }
  if (typeof input === "number") return { userEnteredValue: { numberValue: input } }
  return "formula" in input
    ? { userEnteredValue: { formulaValue: input.formula }, effectiveValue: { stringValue: "x" } }
    : { effectiveValue: { errorValue: { type: input.error } } }
}

const resourceOf = (id: string) =>
  shippedCatalogue.resources.find((resource) => resource.id === id) ?? assert.fail(id)

const sheet = (id: string, tab: BaseTab, rows: ReadonlyArray<ReadonlyArray<Input>>) => ({
  title: tab.title,
  resource: resourceOf(id),
  tab,
  rows: rows.map((row) => row.map(cellOf)),
  phoneCountry: "RU" as const,
})

const men = (...rows: ReadonlyArray<ReadonlyArray<Input>>) =>
  sheet("mamba", { title: "Мамба Муж", variant: "male" }, rows)
const women = (...rows: ReadonlyArray<ReadonlyArray<Input>>) =>
  sheet("mamba", { title: "Мамба Жен", variant: "female" }, rows)
const vk = (...rows: ReadonlyArray<ReadonlyArray<Input>>) =>
  sheet("vk", { title: "ВКонтакте", variant: null }, rows)
const numbers = (...rows: ReadonlyArray<ReadonlyArray<Input>>) =>
  sheet("number", { title: "Номера", variant: null }, rows)

const header = ["Дата", "Логин", "Пароль", "Комментарий"]

describe("findingsIn", () => {
  it("names every fault of a messy table, by its cell", () => {
    const messy = vk(
      header,
      [46_348, "a@example.com", "p1"],
      [],
      ["22.11.2026", " A@Example.com ", "p2"],
      [46_348, "b@example.com", ""],
      [46_348, "", "p3"],
      [46_348, "c@example.com", { formula: "=1+1" }, { error: "REF" }],
      ["вчера", "d@example.com", "p4"],
      ["31.02.2026", "e@example.com", "p5"],
      ["Дата", "Логин", "Пароль"],
      ["", "f@example.com", "=1+1", "a text, whatever it looks like"],
      ["", "", "", { formula: "=A12" }],
      [46_348, "a@example.com", "p6"],
    )
    assert.deepStrictEqual(findingsIn([messy]), [
      { kind: "duplicate", cell: "«ВКонтакте»!B4", sameAs: "«ВКонтакте»!B2" },
      { kind: "missing", cell: "«ВКонтакте»!C5" },
      { kind: "missing", cell: "«ВКонтакте»!B6" },
      { kind: "formula", cell: "«ВКонтакте»!C7" },
      { kind: "formula", cell: "«ВКонтакте»!D7" },
      { kind: "date", cell: "«ВКонтакте»!A8" },
      { kind: "date", cell: "«ВКонтакте»!A9" },
      { kind: "header", cell: "«ВКонтакте»!B10" },
      { kind: "duplicate", cell: "«ВКонтакте»!B13", sameAs: "«ВКонтакте»!B2" },
    ])
    assert.strictEqual(filledRows(messy), 10)
  })

  it("finds columns by their names, wherever they stand", () => {
    const moved = vk(["Комментарий", "PASSWORD", "", " логин "], ["", "", "", "a@example.com"])
    assert.deepStrictEqual(findingsIn([moved]), [{ kind: "missing", cell: "«ВКонтакте»!B2" }])
  })

  it("knows the header of another tab where it was pasted between rows", () => {
    const pasted = vk(
      header,
      [46_348, "a@example.com", "p1"],
      ["Дата", "E-mail", "Password", "Примечание"],
      ["", "email", "p2"],
    )
    assert.deepStrictEqual(findingsIn([pasted]), [{ kind: "header", cell: "«ВКонтакте»!B3" }])
  })

  it("compares the tabs of one resource, and no others", () => {
    const row = [46_348, "a@example.com", "p"]
    assert.deepStrictEqual(findingsIn([men(header, row), vk(header, row), women(header, row)]), [
      { kind: "duplicate", cell: "«Мамба Жен»!B2", sameAs: "«Мамба Муж»!B2" },
    ])
  })

  it("reads numbers as the bot does", () => {
    const found = findingsIn([
      numbers(
        ["Дата", "Номер"],
        [46_348, "8 (900) 000-10-06"],
        [46_348, 89_000_001_006],
        ["завтра", "79000001007"],
        ["", "79000001008"],
        [46_348, "нет"],
      ),
    ])
    assert.deepStrictEqual(found, [
      { kind: "duplicate", cell: "«Номера»!B3", sameAs: "«Номера»!B2" },
      { kind: "date", cell: "«Номера»!A4" },
      { kind: "missing", cell: "«Номера»!A5" },
      { kind: "identity", cell: "«Номера»!B6" },
    ])
  })

  it("says nothing about rows whose columns are not known", () => {
    const nameless = vk(["a@example.com", "p"], ["b@example.com", ""])
    assert.deepStrictEqual(findingsIn([nameless]), [])
    assert.strictEqual(filledRows(nameless), 0)
  })
})

describe("shapeOf", () => {
  it("names what is protected, merged, a table, a form or an array formula by its place", () => {
    const cell = (stringValue: string): CellData => ({ userEnteredValue: { stringValue } })
    const shape = shapeOf({
      properties: { sheetId: 0, title: "ВКонтакте" },
      merges: [{ startRowIndex: 1, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 1 }],
      tables: [
        {
          name: "Таблица1",
          range: { startRowIndex: 0, endRowIndex: 9, startColumnIndex: 0, endColumnIndex: 3 },
        },
      ],
      protectedRanges: [
        { range: {} },
        { range: { startRowIndex: 2, endRowIndex: 5 } },
        { range: { startColumnIndex: 1, endColumnIndex: 2 } },
        { range: {}, warningOnly: true },
        { range: {}, requestingUserCanEdit: true },
      ],
      data: [
        {
          rowData: [
            { values: [cell("отметка времени "), cell("Логин"), cell("Почта")] },
            { values: [cell("x"), cell("y"), { effectiveValue: { stringValue: "z" } }] },
          ],
        },
      ],
    })
    assert.deepStrictEqual(shape, {
      closed: ["all of it", "3:5", "B:B"],
      form: "отметка времени",
      tables: ["«Таблица1» A1:C9"],
      merges: ["A2:A4"],
      spilled: ["C"],
    })
  })
})

describe("isMonthFirst", () => {
  it("knows where 03/04 is the 4th of March", () => {
    for (const locale of ["en_US", "en"]) assert.isTrue(isMonthFirst(locale), locale)
    for (const locale of ["ru_RU", "en_GB", "de", "sv_SE", "ja_JP", "no such one"]) {
      assert.isFalse(isMonthFirst(locale), locale)
    }
  })
})

describe("cellsNamed", () => {
  const findings = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ kind: "missing" as const, cell: `C${index}` }))

  it("names ten cells and counts the rest", () => {
    assert.strictEqual(cellsNamed(findings(2)), "C0, C1")
    assert.strictEqual(cellsNamed(findings(10)).split(", ").length, 10)
    assert.match(cellsNamed(findings(10)), /C9$/)
    assert.match(cellsNamed(findings(13)), /C9 and 3 more$/)
  })

  it("names some of each tab, though one has many", () => {
    const of = (tab: string, count: number) =>
      findings(count).map(({ kind, cell }) => ({ kind, cell: `«${tab}»!${cell}` }))
    assert.strictEqual(
      cellsNamed([...of("A", 9), ...of("B", 100), ...of("C", 1)]),
      "«A»!C0, «A»!C1, «A»!C2, «A»!C3, «A»!C4, «B»!C0, «B»!C1, «B»!C2, «B»!C3, «C»!C0 and 100 more",
    )
  })
})
