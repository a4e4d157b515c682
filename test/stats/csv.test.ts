/** What is written can be read back, and nothing in it is a formula, whoever splits it and how. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  byteOrderMark,
  type Cell,
  csvLine,
  harmlessText,
  separatorOf,
} from "../../src/stats/csv.ts"

/** Reads RFC 4180: the cells of each line. */
const parse = (text: string, separator: string): ReadonlyArray<ReadonlyArray<string>> => {
  const rows: Array<Array<string>> = [[]]
  let at = 0
  while (at < text.length) {
    let cell = ""
    if (text[at] === '"') {
      at += 1
      while (text[at] !== '"' || text[at + 1] === '"') {
        cell += text[at]
        at += text[at] === '"' ? 2 : 1
      }
      at += 1
    } else {
      while (text[at] !== separator && !text.startsWith("\r\n", at)) {
        cell += text[at]
        at += 1
      }
    }
    rows.at(-1)?.push(cell)
    if (text[at] === separator) {
      at += 1
      continue
    }
    at += 2
    if (at < text.length) rows.push([])
  }
  return rows
}

/** As a careless program splits a line: at any separator, whatever the quotes say. */
const splitAnyhow = (line: string) => line.split(/[;,\t\r\n]/)

const trigger = /^[\s"\p{Cf}]*[=+\-@]/u

/** Texts in which what is dangerous is common. */
const Hostile = Schema.Array(
  Schema.Union([
    Schema.Literals([
      "=",
      "+",
      "-",
      "@",
      "\t",
      "\r",
      "\n",
      ";",
      ",",
      '"',
      "'",
      " ",
      "\u200B",
      "\u00A0",
    ]),
    Schema.Literals(["cmd|' /C calc'!A0", "HYPERLINK(", "01", "1E5", "Ы", "＝", "\uD800", "\0"]),
    Schema.String,
  ]),
).check(Schema.isMaxLength(8))

describe("harmless text", () => {
  for (const [text, cell] of [
    ["anna", "anna"],
    ["", ""],
    ["Иван-Пётр", "Иван-Пётр"],
    ["a@example.com", "a@example.com"],
    ["=1+1", "'=1+1"],
    ["+79000000000", "'+79000000000"],
    ["-5", "'-5"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t'=1"],
    ["\rx", "'\rx"],
    ["  =1", "'  =1"],
    ['"=1', "'\"=1"],
    ["\u200B=1", "'\u200B=1"],
    ["＝1", "'＝1"],
    ["x;=1", "x;'=1"],
    ["x, =1", "x,' =1"],
    ["x\n@y", "x\n'@y"],
    ["0495", "'0495"],
    ["495", "495"],
    ["12E4567890", "'12E4567890"],
    ["12345678901234567", "'12345678901234567"],
    ["1-2", "'1-2"],
    ["1.5", "'1.5"],
    ["22.11.2026 14:32", "22.11.2026 14:32"],
    ["a\0b", "ab"],
  ] as const) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(cell)}`, () =>
      assert.strictEqual(harmlessText(text), cell))
  }

  it.prop("never begins a formula, also where the line is split wrongly", [Hostile], ([parts]) => {
    const text = parts.join("")
    const cell = harmlessText(text)
    assert.notMatch(cell, trigger)
    for (const piece of splitAnyhow(cell)) assert.notMatch(piece, trigger)
    // Nothing but apostrophes was added.
    const bare = (some: string) => some.replaceAll("'", "")
    assert.strictEqual(bare(cell), bare(text.toWellFormed().replaceAll("\0", "")))
  })
})

describe("a line", () => {
  it("is quoted only where that is needed, and ends as Windows wants it", () => {
    assert.strictEqual(
      csvLine(["a", "b;c", 'say "no"', "d,e", " f", 42, null, "г\nд"], ";"),
      'a;"b;c";"say ""no""";"d,e";" f";42;;"г\nд"\r\n',
    )
  })

  it("is split as Excel of the language does it", () => {
    assert.deepStrictEqual([separatorOf("ru"), separatorOf("en")], [";", ","])
    assert.deepStrictEqual([...new TextEncoder().encode(byteOrderMark)], [0xef, 0xbb, 0xbf])
  })

  for (const separator of [";", ","]) {
    it.prop(
      `is read back as it was written, with ${separator}`,
      [Schema.Array(Schema.Array(Schema.Union([Hostile, Schema.Int, Schema.Null])))],
      ([table]) => {
        const rows = table
          .filter((row) => row.length > 0)
          .map((row): ReadonlyArray<Cell> =>
            row.map((cell) => (typeof cell === "number" || cell === null ? cell : cell.join(""))),
          )
        const text = rows.map((row) => csvLine(row, separator)).join("")
        const meant = rows.map((row) =>
          row.map((cell) => (typeof cell === "string" ? harmlessText(cell) : String(cell ?? ""))),
        )
        assert.deepStrictEqual(parse(text, separator), meant.length === 0 ? [[]] : meant)
        for (const row of rows) {
          const words = row.filter((cell) => typeof cell === "string")
          for (const piece of splitAnyhow(csvLine(words, separator))) {
            assert.notMatch(piece, trigger)
          }
        }
      },
    )
  }
})
