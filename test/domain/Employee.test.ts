import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { foldNickname } from "../../src/domain/Application.ts"
import { Stage } from "../../src/domain/Employee.ts"

const isStage = Schema.is(Stage)

describe("a work nickname", () => {
  it.each([
    ["Анна", true],
    ["<b>&", true],
    ["=1+1", true],
    ["А Б", true],
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
    ["❤\uFE0F❤", true],
  ])("%j: %s", (text, accepted) => {
    assert.strictEqual(isStage(text), accepted)
  })

  it("is the same with signs in it that nobody can see", () => {
    assert.strictEqual(foldNickname("Ан\u3164на\uFE0F"), foldNickname("анна"))
    assert.notStrictEqual(foldNickname("Анна"), foldNickname("Аня"))
  })
})
