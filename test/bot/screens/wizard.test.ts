/** Ticks as bits, and back. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { decodeAction } from "../../../src/bot/buttons.ts"
import type { Button } from "../../../src/bot/Screen.ts"
import {
  isTargets,
  targetButtons,
  targetLabels,
  targetsOf,
} from "../../../src/bot/screens/wizard.ts"
import { en } from "../../../src/bot/texts/en.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { targetsMax } from "../../../src/domain/Catalogue.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"

const resourceOf = (id: string) => {
  const found = shippedCatalogue.resources.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const number = resourceOf("number")
const vk = resourceOf("vk")
const many = {
  ...number,
  targets: Array.from({ length: targetsMax }, (_, index) => ({
    id: `t${index}`,
    label: { ru: `Т${index}`, en: `T${index}` },
  })),
}

const actionOf = (targets: number) => ({ _tag: "Targets", resource: "number", targets }) as const

const dataOf = (button: Button) => (button.kind === "tap" ? button.data : "")

describe("targets", () => {
  for (const [bits, ids] of [
    [0, []],
    [1, ["beboo"]],
    [2, ["loloo"]],
    [5, ["beboo", "tabor"]],
    [7, ["beboo", "loloo", "tabor"]],
  ] as const) {
    it(`${bits} is ${ids.join(", ") || "none"}`, () => {
      assert.isTrue(isTargets(number, bits))
      assert.deepStrictEqual(targetsOf(number, bits), ids)
    })
  }

  for (const bits of [8, 9, 4095, -1, 0.5, Number.NaN, 2 ** 32, 2 ** 32 + 1]) {
    it(`${bits} is no choice of these`, () => assert.isFalse(isTargets(number, bits)))
  }

  it("of a resource that has none are none", () => {
    assert.isTrue(isTargets(vk, 0))
    assert.isFalse(isTargets(vk, 1))
    assert.deepStrictEqual(targetsOf(vk, 0), [])
    assert.deepStrictEqual(targetButtons(vk, 0, actionOf, ru), [])
  })

  it("are read in the language, and by the id where the catalogue lost them", () => {
    assert.strictEqual(targetLabels(number, ["beboo", "tabor"], ru), "Beboo, Табор")
    assert.strictEqual(targetLabels(number, ["beboo", "tabor"], en), "Beboo, Tabor")
    assert.strictEqual(targetLabels(number, ["gone", "loloo"], ru), "gone, Loloo")
    assert.strictEqual(targetLabels(number, [], ru), "")
  })

  it("show their tick, and each button turns only its own", () => {
    const buttons = targetButtons(number, 5, actionOf, ru)
    assert.deepStrictEqual(
      buttons.map((row) => row.map((button) => [button.text, dataOf(button)])),
      [
        [
          ["☑️ Beboo", "ta1:number.4"],
          ["⬜ Loloo", "ta1:number.7"],
        ],
        [["☑️ Табор", "ta1:number.1"]],
      ],
    )
  })

  it.prop(
    "any choice of any length: a tick and a tick back is the same choice",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** targetsMax - 1 }))],
    ([bits]) => {
      assert.isTrue(isTargets(many, bits))
      const buttons = targetButtons(many, bits, actionOf, ru).flat()
      assert.lengthOf(buttons, targetsMax)
      for (const [index, button] of buttons.entries()) {
        const ticked = targetsOf(many, bits).includes(`t${index}`)
        assert.strictEqual(button.text, `${ticked ? "☑️" : "⬜"} Т${index}`)
        const data = dataOf(button)
        assert.isTrue(decodeAction(data)._tag === "Some", data)
        const turned = Number.parseInt(data.split(".")[1] ?? "", 36)
        const back = targetButtons(many, turned, actionOf, ru).flat()[index]
        assert.strictEqual(
          back === undefined ? "" : dataOf(back),
          `ta1:number.${bits.toString(36)}`,
        )
        assert.strictEqual(targetsOf(many, turned).includes(`t${index}`), !ticked)
        assert.lengthOf(targetsOf(many, turned), targetsOf(many, bits).length + (ticked ? -1 : 1))
      }
    },
  )
})
