import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { foldNickname } from "../../src/domain/Application.ts"
import { profileOf, Stage } from "../../src/domain/Employee.ts"

const isStage = Schema.is(Stage)

describe("a work nickname", () => {
  it.each([
    ["Анна", true],
    ["anna_k-2.b", true],
    ["安娜", true],
    ["नीना", true],
    ["А\u0308нна", true],
    ["12", true],
    ["А Б", true],
    ["А  Б", false],
    ["А\u00A0Б", false],
    ["А\tБ", false],
    ["<b>&", false],
    ["=1+1", false],
    ["@anna", false],
    ["anna/495", false],
    ["._", false],
    ["--", false],
    // Accents that pile up over other lines, or stand on nothing.
    [`А${"\u0308".repeat(9)}н`, false],
    ["\u0308Анна", false],
    ["ш".repeat(32), true],
    ["ш".repeat(33), false],
    ["А", false],
    [" Анна", false],
    ["Ан\nна", false],
    ["Ан\u202Eна", false],
    ["Ан\u0000на", false],
    // Signs that nobody can see: Hangul fillers, braille blanks, variation selectors.
    ["\u3164\u3164", false],
    ["\u2800\u2800\u2800", false],
    ["А\uFE0F", false],
    ["Ан\u200Fна", false],
    ["Ан\u2067на", false],
    ["❤\uFE0F❤", false],
  ])("%j: %s", (text, accepted) => {
    assert.strictEqual(isStage(text), accepted)
  })

  it("is the same with signs in it that nobody can see", () => {
    assert.strictEqual(foldNickname("Ан\u3164на\uFE0F"), foldNickname("анна"))
    assert.notStrictEqual(foldNickname("Анна"), foldNickname("Аня"))
  })
})

describe("a name from Telegram", () => {
  const nameOf = (firstName: string, lastName?: string) =>
    profileOf({ firstName, ...(lastName !== undefined && { lastName }) }).name

  it.each([
    ["Анна", "Анна"],
    ["<b>Анна</b>", "<b>Анна</b>"],
    ["  Ан\nна\r\n\tК  ", "Ан на К"],
    // Signs that turn the direction of a line, signs without width, a sign that is half of another.
    ["\u202Eaннa\u202C\u200F", "aннa"],
    ["А\u200Bн\u2066н\u2069а", "Анна"],
    ["Анна\uD83D", "Анна"],
    ["\u2028Анна\u2029К", "Анна К"],
    ["\u3164\u2800\u200B", ""],
    [`\u0301А${"\u0335".repeat(500)}нна`, "А\u0335\u0335\u0335нна"],
    ["Анна 🦊", "Анна 🦊"],
    ["Я".repeat(300), `${"Я".repeat(63)}…`],
  ])("%j is shown as %j", (sent, shown) => {
    assert.strictEqual(nameOf(sent), shown)
  })

  it("has a last name and a username, if there are any", () => {
    assert.strictEqual(nameOf("Анна", "К."), "Анна К.")
    const { username } = profileOf({ firstName: "Анна", username: "anna_k" })
    assert.strictEqual(username, "anna_k")
    for (const forged of ["", "a b", "<b>", "anna\n", "анна", "a".repeat(33)]) {
      assert.isNull(profileOf({ firstName: "Анна", username: forged }).username, forged)
    }
    assert.isNull(profileOf({ firstName: "Анна" }).username)
  })
})
