/** The screens of /export stay within Telegram's limits, whatever the catalogue says. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import {
  exportCaption,
  masked,
  nothingText,
  periodsScreen,
  resourcesScreen,
} from "../../../src/bot/admin/exports.ts"
import { textsOf } from "../../../src/bot/Languages.ts"
import { Day } from "../../../src/domain/Day.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { resourceOf } from "../../stats/fixtures.ts"
import { textOf } from "../FakeTelegram.ts"

const zone = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")
const now = Date.UTC(2026, 10, 22, 11, 32)
const captionMax = 1_024
const [vk] = shippedCatalogue.resources

const resources = Array.from({ length: 120 }, (_, index) => ({
  ...vk,
  id: `resource${index}`.slice(0, 10),
  label: { ru: `<Ресурс ${index}>`.padEnd(200, "ы"), en: `<R ${index}>`.padEnd(200, "r") },
}))

for (const language of ["ru", "en"] as const) {
  describe(`in ${language}`, () => {
    const texts = textsOf(language)

    it("every resource is on a page, and all pages fit", () => {
      const labels = new Set<string>()
      for (let page = 0; page < 10; page++) {
        const { keyboard, html } = resourcesScreen(resources, page, texts)
        assert.isAtMost(keyboard.flat().length, 100)
        assert.isAtMost(textOf({ html, keyboard }).length, 4096)
        for (const button of keyboard.flat()) {
          labels.add(button.text)
          if (button.kind === "tap") assert.isAtMost(Buffer.byteLength(button.data), 64)
        }
      }
      for (const { label } of resources) {
        assert.isTrue([...labels].some((text) => text.startsWith(label[language].slice(0, 14))))
      }
      const screen = periodsScreen(resources[0] ?? null, texts, "х".repeat(500))
      assert.isAtMost(textOf(screen).length, 4096)
    })

    it("what stands under a file fits below it", () => {
      const asking = {
        request: { resource: resources[0] ?? null, days: 30, holder: TelegramId.make(1) },
        span: { first: Day.make("2026-10-24"), last: Day.make("2026-11-22") },
        name: `${"ш".repeat(40)} (${Number.MAX_SAFE_INTEGER})`,
      }
      const file = { bytes: new Uint8Array(), rows: 100_000, oldest: 0, newest: now, isCut: true }
      const scenery = { now, zone, texts }
      const caption = textOf(exportCaption(asking, file, scenery))
      assert.isAtMost(caption.length, captionMax)
      assert.include(caption, "100000")
      const ever = textOf(exportCaption({ ...asking, span: undefined }, file, scenery))
      assert.include(ever, "01.01.1970 03:00")
      assert.isAtMost(nothingText(asking, texts).length, 1_000)
    })
  })
}

describe("what is left of a login or a number", () => {
  for (const [id, key, shown] of [
    ["vk", "anna.k@example.com", "an…@example.com"],
    ["vk", "ann@example.com", "a…@example.com"],
    ["vk", "an@example.com", "…@example.com"],
    ["vk", "someuser", "so…"],
    ["vk", "ab", "…"],
    ["vk", "79000001234", "…1234"],
    ["number", "79000001234", "…1234"],
    ["number", "123456", "…456"],
    ["number", "12", "…2"],
    ["number", "1", "…"],
    ["number", "", "…"],
  ] as const) {
    it(`${id} ${JSON.stringify(key)}: ${shown}`, () =>
      assert.strictEqual(masked(key, resourceOf(id)), shown))
  }

  it("is nothing where the column is a secret, or nobody knows it any more", () => {
    const secret = {
      ...vk,
      columns: vk.columns.map((column) => ({ ...column, kind: "secret" as const })),
    }
    assert.strictEqual(masked("anna.k@example.com", secret), "…")
    assert.strictEqual(masked("anna.k@example.com", undefined), "…")
  })
})
