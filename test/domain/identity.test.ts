/** What counts as the same login, number or name, and what is shown of what people typed. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  foldLogin,
  foldName,
  foldPhone,
  identityKey,
  keysKnown,
  visibleText,
} from "../../src/domain/identity.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"

const resource = (id: string) => {
  const found = shippedCatalogue.resources.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const keyOf = (id: string, text: string) => identityKey(resource(id), text, "RU")

/** Signs that nobody sees, as pages and chats leave them in what is copied. */
const unseen = [
  "\u200B",
  "\u200C",
  "\u200D",
  "\u2060",
  "\uFEFF",
  "\u00AD",
  "\u200E",
  "\u202C",
  "\u2066",
  "\u180E",
  "\u3164",
  "\uFE0F",
  "\u2800",
  "\u0000",
  "\u001F",
  "\u{E0001}",
]

describe("one login", () => {
  for (const [one, other] of [
    ["anna@example.com", " Anna@Example.COM "],
    ["anna@example.com", "anna@example.com\u200B"],
    ["anna@example.com", "an\u00ADna@exam\u2060ple.com"],
    ["anna@example.com", "ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ"],
    ["anna@example.com", "anna@example.com\u00A0"],
    ["жёлудь@example.com", "же\u0308лудь@example.com"],
    ["+7 900 777-01-01", "89007770101"],
  ] as const) {
    it(`${JSON.stringify(one)} and ${JSON.stringify(other)}`, () =>
      assert.strictEqual(keyOf("vk", one), keyOf("vk", other)))
  }

  for (const [one, other] of [
    ["anna@example.com", "anna@example.org"],
    ["anna@example.com", "a.nna@example.com"],
    ["anna 1", "anna1"],
    ["жёлудь@example.com", "желудь@example.com"],
    ["user0", "userO"],
    ["9007770101a", "9007770101"],
  ] as const) {
    it(`not ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () =>
      assert.notStrictEqual(keyOf("vk", one), keyOf("vk", other)))
  }
})

describe("one number", () => {
  for (const text of [
    "+7 900 777-01-01",
    "9007770101",
    "8 (900) 777 01 01",
    "89007770101",
    "79007770101",
    "+7(900)777–01–01",
    "７９００７７７０１０１",
    "\u202A+7 900 777\u00A001\u00A001\u202C",
    "007 900 777 01 01",
  ]) {
    it(JSON.stringify(text), () => assert.strictEqual(keyOf("number", text), "79007770101"))
  }

  for (const [text, key] of [
    ["+49 1511 2345678", "4915112345678"],
    ["4915112345678", "4915112345678"],
    ["00 49 1511 2345678", "4915112345678"],
    ["+1 202 555 0143", "12025550143"],
    ["+7 900 777-01-01 доб. 12", "79007770101x12"],
  ] as const) {
    it(`${text} is ${key}`, () => assert.strictEqual(keyOf("number", text), key))
  }

  it("is read as the country writes its own", () => {
    assert.strictEqual(foldPhone("0151 12345678", "DE"), "4915112345678")
    assert.strictEqual(foldPhone("050 123 45 67", "UA"), "380501234567")
  })

  for (const text of [
    "7,9E+10",
    "1",
    "",
    "нет",
    "+7 900 555-01-02, +7 900 555-01-03",
    "79005550102/79005550103",
    "790055501021",
    "12.10.2026",
    "anna 9007770101",
    "9".repeat(65_536),
  ]) {
    it(`none: ${JSON.stringify(text.slice(0, 40))}`, () =>
      assert.strictEqual(keyOf("number", text), ""))
  }
})

it("an item is known by the keys of older versions too", () => {
  const known = (id: string, text: string) => {
    const of = resource(id)
    return keysKnown(of, { key: keyOf(id, text), fields: { [of.identity]: text } })
  }
  assert.sameMembers(
    [...known("number", "+7 900 777-01-01")],
    ["79007770101", "+7 900 777-01-01", "+79007770101", "9007770101", "89007770101"],
  )
  assert.deepStrictEqual([...known("vk", "Anna@Example.com")], ["anna@example.com"])
  assert.includeMembers([...known("vk", "ａnna@example.com")], ["ａnna@example.com"])
})

it("a header or a title is one in any spelling that reads the same", () => {
  for (const text of ["Пароль", " пароль ", "ПАРОЛЬ\u200B", "Паро\u00ADль", "Пароль\u00A0"]) {
    assert.strictEqual(foldName(text), "пароль")
  }
  assert.strictEqual(foldName("Мамба\u00A0 Жён"), "мамба жен")
  assert.notStrictEqual(foldName("Мамба Муж"), foldName("МамбаМуж"))
})

describe("what is shown", () => {
  for (const [typed, shown] of [
    ["twin@example.com\u200B", "twin@example.com"],
    [" pass word ", " pass word "],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
    ["bell\u0007", "bell"],
    ["\u{1F469}\u200D\u{1F4BB} и \u2764\uFE0F", "\u{1F469}\u200D\u{1F4BB} и \u2764\uFE0F"],
    ["ё и е\u0308", "ё и е\u0308"],
  ] as const) {
    it(JSON.stringify(typed), () => assert.strictEqual(visibleText(typed), shown))
  }
})

/** Texts out of all that has ever made two spellings differ. */
const Text = Schema.Array(
  Schema.Literals([
    ...Array.from("aA0189+()-.@ xБбЁёЙΣςßİıﬁ９＠Ａ\u212A\u0308\u0301\u00A0\t\n\u{1F469}\u2764"),
    ...unseen,
  ]),
)
const folds = {
  foldLogin,
  foldName,
  vk: (text: string) => keyOf("vk", text),
  number: (text: string) => keyOf("number", text),
}

for (const [name, fold] of Object.entries(folds)) {
  it.prop(`${name}: folding twice is folding once`, { signs: Text }, ({ signs }) => {
    const text = signs.join("")
    const once = fold(text)
    assert.strictEqual(fold(once), once)
  })

  it.prop(
    `${name}: signs that nobody sees make no difference`,
    { signs: Text, sign: Schema.Literals(unseen), at: Schema.Int },
    ({ signs, sign, at }) => {
      const point = Math.abs(at) % (signs.length + 1)
      const more = signs.toSpliced(point, 0, sign)
      assert.strictEqual(fold(more.join("")), fold(signs.join("")))
    },
  )
}

it.prop(
  "what people tell apart stays apart",
  { a: Schema.String, b: Schema.String },
  ({ a, b }) => {
    const isOne = a.trim().toLowerCase() === b.trim().toLowerCase()
    if (!/^[\x21-\x7E]+$/.test(a) || !/^[\x21-\x7E]+$/.test(b) || isOne) return
    const isNumber = [a, b].some((text) => /^[+\d(]/.test(text))
    if (!isNumber) assert.notStrictEqual(foldLogin(a), foldLogin(b))
  },
)
