/**
 * What is written can be read back, and nothing in it is a formula, whoever splits it and how; and
 * all issuances of a query are in one file, the oldest first, within bounds.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import {
  byteOrderMark,
  type Cell,
  csvLine,
  harmlessText,
  issuanceFile,
  separatorOf,
} from "../../src/stats/csv.ts"
import { type BookQuery, Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { aBooked, anna, boris } from "./fixtures.ts"

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

const issuances = Array.from({ length: 25 }, (_, index) =>
  // Several in one moment: pages must not lose or repeat any of them.
  aBooked({
    id: `id-${String(index).padStart(2, "0")}`,
    issuedAt: Math.floor(index / 4) * 1_000,
    resource: index % 2 === 0 ? "vk" : "mamba",
    holder: index % 5 === 0 ? boris : anna,
  }),
)

const fileOf = Effect.fnUntraced(function* (
  query: BookQuery,
  bounds: { rows?: number; bytes?: number; page?: number } = {},
) {
  const journal = yield* Journal
  yield* journal.write([{ _tag: "BooksImported", rows: issuances }])
  const file = yield* issuanceFile(journal, query, "head\r\n", ({ id }) => `${id}\r\n`, {
    rows: 1_000,
    bytes: 1_000_000,
    page: 7,
    ...bounds,
  })
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.bytes)
  const [mark, ...lines] = text.trimEnd().split("\r\n")
  assert.strictEqual(mark, "\uFEFFhead")
  assert.lengthOf(lines, file.rows)
  return { ...file, lines }
}, Effect.provide(MemoryJournal.layer()))

const ids = issuances.map(({ id }) => id)

describe("the file of issuances", () => {
  for (const page of [1, 7, 25, 26, 100]) {
    it.effect(`has all of them once, the oldest first, in pages of ${page}`, () =>
      Effect.gen(function* () {
        const file = yield* fileOf({}, { page })
        assert.deepStrictEqual(file.lines, ids)
        assert.deepInclude(file, { rows: 25, oldest: 0, newest: 6_000, isCut: false })
      }),
    )
  }

  it.effect("has only what was asked for", () =>
    Effect.gen(function* () {
      const { lines } = yield* fileOf({ resource: "vk", holder: boris, from: 1_000, to: 6_000 })
      assert.deepStrictEqual(lines, ["id-10", "id-20"])
      const none = yield* fileOf({ resource: "ok" })
      assert.deepInclude(none, { rows: 0, oldest: 0, newest: 0, isCut: false })
    }),
  )

  for (const [bounds, kept] of [
    [{ rows: 10 }, 10],
    [{ rows: 14 }, 14],
    [{ rows: 24 }, 24],
    // The head and two pages of seven lines, and not a third one.
    [{ bytes: 9 + 2 * 7 * 7 }, 14],
  ] as const) {
    it.effect(`leaves out the oldest where ${JSON.stringify(bounds)} is all there may be`, () =>
      Effect.gen(function* () {
        const file = yield* fileOf({}, bounds)
        assert.deepStrictEqual(file.lines, ids.slice(-kept))
        assert.isTrue(file.isCut)
      }),
    )
  }

  it.effect("is not cut where it fits exactly", () =>
    Effect.gen(function* () {
      assert.isFalse((yield* fileOf({}, { rows: 25 })).isCut)
    }),
  )

  it.effect("lets others have their turn between two pages", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const journal = {
        booked: (_: BookQuery, { after }: { readonly after?: { readonly id: string } }) =>
          Effect.sync(() => {
            order.push(`page after ${after?.id ?? "nothing"}`)
            return after === undefined ? [aBooked({ id: "a" })] : []
          }),
      }
      const making = yield* Effect.forkChild(
        issuanceFile(journal, {}, "", () => "", { rows: 9, bytes: 99, page: 1 }),
      )
      yield* Effect.forkChild(Effect.sync(() => void order.push("somebody else")))
      yield* Fiber.join(making)
      assert.deepStrictEqual(order, ["page after nothing", "somebody else", "page after a"])
    }),
  )

  it.effect("fails where the journal cannot be read", () =>
    Effect.gen(function* () {
      const refusal = new StorageUnavailable({ operation: "booked", cause: new Error("planted") })
      const journal = { booked: () => Effect.fail(refusal) }
      const error = yield* Effect.flip(issuanceFile(journal, {}, "", () => ""))
      assert.strictEqual(error._tag, "StorageUnavailable")
    }),
  )
})
