import { assert, describe, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import { type Action, decodeAction, encodeAction } from "../../src/bot/buttons.ts"
import { Region, regionFinder } from "../../src/domain/Region.ts"

const isRegion = Schema.is(Region)

describe("a region code", () => {
  it.each([
    ["495", true],
    ["Крым", true],
    ["Щ".repeat(16), true],
    ["Щ".repeat(17), false],
    ["漢".repeat(10), true],
    ["漢".repeat(11), false],
    ["𝒜".repeat(8), true],
    ["𝒜".repeat(9), false],
    ["", false],
    ["4 9", false],
    ["a.b", false],
  ])("%s: %s", (text, accepted) => {
    assert.strictEqual(isRegion(text), accepted)
  })

  it("of any script fits a button with all that is chosen after it", () => {
    for (const region of ["Щ".repeat(16), "漢".repeat(10), "𝒜".repeat(8)]) {
      const action: Action = {
        _tag: "Issue",
        resource: "r".repeat(10),
        targets: 4095,
        region,
        quantity: 5,
        variant: "v".repeat(8),
      }
      const data = encodeAction(action)
      assert.isAtMost(Buffer.byteLength(data), 64)
      assert.deepStrictEqual(decodeAction(data), Option.some(action))
    }
  })
})

describe("the region that a text means", () => {
  const find = regionFinder(
    ["495", "812", "Крым", "МСК", "мск"],
    [
      { spelling: "Москва (495)", region: "495" },
      { spelling: "+7495", region: "495" },
      { spelling: "812", region: "495" },
      { spelling: "Казань", region: "843" },
    ],
  )
  it.each([
    ["495", "495"],
    ["４９５\u200B ", "495"],
    ["крым", "Крым"],
    ["мск", "мск"],
    ["МСК", "МСК"],
    ["Мск", "МСК"],
    ["москва  (495)\u00AD", "495"],
    ["+7495", "495"],
    // A region means itself, whatever a spelling says.
    ["812", "812"],
    // A spelling of a region that nobody can choose.
    ["Казань", undefined],
    ["843", undefined],
    ["+7 495", undefined],
    ["", undefined],
  ])("«%s»: %s", (text, region) => {
    assert.strictEqual(find(text), region)
  })
})
