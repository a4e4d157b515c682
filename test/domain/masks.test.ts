/** What lists show of a value: neighbours stay apart, and nobody reads the whole of it. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { maskedIdentity, maskedLogin, maskedPhone, maskedText } from "../../src/domain/masks.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"

const resourceOf = (id: string) => shippedCatalogue.resources.find((each) => each.id === id)!
const vk = resourceOf("vk")
const number = resourceOf("number")

describe("a mask", () => {
  for (const [resource, value, shown] of [
    [vk, "w301@example.com", "w301@…"],
    [vk, "ivanov.ivan.301@example.com", "iva….301@…"],
    [vk, "a@b", "a@…"],
    [vk, "someuser", "so…er"],
    [vk, "user301", "u…01"],
    [vk, "w301", "…01"],
    [vk, "ab", "…b"],
    [vk, "a", "…"],
    [vk, "", "…"],
    [vk, "name@", "…e@"],
    [vk, "@example", "@e…le"],
    [vk, "79000001234", "…12-34"],
    [vk, "🐟🐟🐟🐟🐟🐟🐟🐟", "🐟🐟…🐟🐟"],
    [number, "79000004410", "…44-10"],
    [number, "+7 (900) 000-44-10", "…44-10"],
    [number, "123456", "…456"],
    [number, "12", "…2"],
    [number, "1", "…"],
    [number, "", "…"],
  ] as const) {
    it(`of ${resource.id} ${JSON.stringify(value)}: ${shown}`, () =>
      assert.strictEqual(maskedIdentity(value, resource), shown))
  }

  it("is nothing where the column is a secret, or nobody knows it any more", () => {
    const secret = {
      ...vk,
      columns: vk.columns.map((column) => ({ ...column, kind: "secret" as const })),
    }
    assert.strictEqual(maskedIdentity("anna.k@example.com", secret), "…")
    assert.strictEqual(maskedIdentity("anna.k@example.com", undefined), "…")
  })

  it("shows less of what nobody knows the kind of", () => {
    assert.strictEqual(maskedText("4711"), "•••")
    assert.strictEqual(maskedText("ABCD-EFGH-IJKL"), "AB…KL")
  })

  it("tells the neighbours of a batch apart, which differ in one number", () => {
    for (const make of [
      (index: number) => `w${300 + index}@example.com`,
      (index: number) => `ivanov.ivan.${300 + index}@example.com`,
      (index: number) => `user${300 + index}`,
      (index: number) => `790000044${String(10 + index)}`,
    ]) {
      const shown = [1, 2, 3, 4, 5].map((index) => maskedLogin(make(index)))
      assert.lengthOf(new Set(shown), 5, shown.join())
    }
    const numbers = [1, 2, 3, 4, 5].map((index) => maskedPhone(`7900000${4400 + index}`))
    assert.lengthOf(new Set(numbers), 5)
  })

  it.prop("never holds the whole value", [Schema.NonEmptyString], ([value]) => {
    for (const mask of [maskedLogin, maskedPhone, maskedText]) {
      if (value !== "…" && !/^•+$/.test(value)) assert.notInclude(mask(value), value)
    }
  })
})
