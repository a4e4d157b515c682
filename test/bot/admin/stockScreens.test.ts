/** The screens about the stock stay within Telegram's limits, whatever there is, in both languages. */
import { assert, describe, it } from "@effect/vitest"
import {
  choiceScreen,
  clearedScreen,
  previewScreen,
  releasedScreen,
  trashScreen,
} from "../../../src/bot/admin/emptyPools.ts"
import { pauseScreen, pausesScreen } from "../../../src/bot/admin/pause.ts"
import { stockScreen } from "../../../src/bot/admin/stock.ts"
import { itemsScreen, peopleScreen, personScreen } from "../../../src/bot/admin/who.ts"
import { textsOf } from "../../../src/bot/Languages.ts"
import { html, type Screen } from "../../../src/bot/Screen.ts"
import { digestOf, findNamed, untilText } from "../../../src/bot/screens/lists.ts"
import { messageMax } from "../../../src/bot/screens/parts.ts"
import type { Texts } from "../../../src/bot/texts/Texts.ts"
import type { Resource } from "../../../src/domain/Catalogue.ts"
import { Day } from "../../../src/domain/Day.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { type Issuance, IssuanceId, RequestKey } from "../../../src/domain/Issuance.ts"
import { Region } from "../../../src/domain/Region.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import type { Stock } from "../../../src/pool/Contract.ts"
import type { PoolForecast } from "../../../src/stats/Outlook.ts"
import { textOf } from "../FakeTelegram.ts"
import { anItem, zone } from "../Scene.ts"

const now = Date.UTC(2026, 10, 22, 11, 32)
const author = "ш".repeat(32)
const [vk] = shippedCatalogue.resources

/** Twelve of eight variants each, all names as long as they come. */
const resources: ReadonlyArray<Resource> = Array.from({ length: 12 }, (_, index) => ({
  ...vk,
  id: `abcdefgh${index}`,
  label: { ru: `<Ресурс & ${index}>`.padEnd(200, "ы"), en: `<R & ${index}>`.padEnd(200, "r") },
  baseTabs: Array.from({ length: 8 }, (_each, tab) => ({
    title: `${index}-${tab}`.padEnd(100, "т"),
    variant: `variant${tab}`,
  })),
  variants: Array.from({ length: 8 }, (_each, variant) => ({
    id: `variant${variant}`,
    label: { ru: "вариант".padEnd(100, "й"), en: "variant".padEnd(100, "t") },
  })),
}))

const trash = Array.from({ length: 30 }, (_, index) => ({
  id: `TRASH${String(index).padStart(5, "0")}`,
  count: 12_345,
  by: TelegramId.make(Number.MAX_SAFE_INTEGER),
  at: now - 1_000 * index,
  until: now + 86_400_000,
}))

const stock: Stock = {
  byVariant: Object.fromEntries(resources[0]!.variants.map(({ id }) => [id, 12_345])),
  byTab: {},
  scarcest: {},
  available: 123_456,
  onlyDay: Day.make("2026-11-22"),
  hidden: 12_345,
  returning: 12_345,
  pending: 12_345,
  buffer: 12_345,
  corrections: 12_345,
  abandoned: 0,
  quarantine: 12_345,
  pendingBy: { male: 12_345 },
  unwrittenBy: { male: 12_345 },
  quarantineBy: { male: 12_345 },
  version: String(Number.MAX_SAFE_INTEGER),
  paused: {
    note: "<&>".repeat(66),
    by: TelegramId.make(Number.MAX_SAFE_INTEGER),
    at: now - 86_400_000 * 3,
  },
  trash,
}

const forecast: PoolForecast = {
  available: 111_111,
  rows: 123_456,
  pace: 12_345.6,
  days: 364.9,
  onlyDay: null,
  isPaused: true,
  countedAt: now - 86_400_000,
  variants: new Map(
    resources[0]!.variants.map(({ id }) => [
      id,
      { available: 12_345, rows: 12_345, pace: 1, days: 0.5 },
    ]),
  ),
}

const issuances: ReadonlyArray<Issuance> = Array.from({ length: 500 }, (_, index) => ({
  id: IssuanceId.make(String(index).padStart(10, "0")),
  item: anItem(resources[index % 12]!.id, `item${index}`),
  request: RequestKey.make(`1:${index}`),
  holder: TelegramId.make(Number.MAX_SAFE_INTEGER - (index % 250)),
  stage: `<${index}>`.padEnd(300, "ш"),
  region: Region.make("Щ".repeat(16)),
  targets: [],
  issuedAt: now - 86_400_000 * 2 + index,
  confirmAt: now + 600_000,
  delivery: index % 3 === 0 ? "unsure" : "delivered",
  mark: null,
  row: null,
  replacementOf: null,
  replacedBy: null,
  replacementDeclined: false,
  generation: 0,
}))

const screensOf = (texts: Texts): ReadonlyMap<string, Screen> => {
  const scenery = { now, zone, texts }
  const pools = resources.map((resource) => ({ resource, stock }))
  const [pool] = pools
  if (pool === undefined) throw new Error("there are twelve")
  const paused = resources.map((resource) => ({ resource, paused: stock.paused, by: author }))
  const proxies = { resource: resources[0]!, free: 12_345, reserved: 12_345, ending: 12_345 }
  const stocks = pools.map((each) => ({
    ...each,
    forecast,
    pausedBy: author,
    pausedSince: "22.11.2026",
  }))
  const thrown = resources.flatMap((resource) =>
    trash.map((each) => ({ resource, trash: each, by: author })),
  )
  const view = { issuances, resources }
  const found = new Map<string, Screen>()
  for (let page = 0; page < 40; page++) {
    found.set(`stock ${page}`, stockScreen(stocks, proxies, page, scenery, "х".repeat(200)))
    found.set(`items ${page}`, itemsScreen(view, page, scenery))
    found.set(`people ${page}`, peopleScreen(view, page, scenery))
    found.set(`pauses ${page}`, pausesScreen(paused, page, scenery, "х".repeat(700)))
    found.set(`trash ${page}`, trashScreen(thrown, page, scenery, "х".repeat(100)))
    for (const way of ["clear", "release"] as const) {
      found.set(`${way} ${page}`, choiceScreen(way, pools, page, scenery, "х".repeat(700)))
    }
  }
  const holder = issuances[0]!.holder
  const own = { ...view, issuances: issuances.map((each) => ({ ...each, holder })) }
  found.set("person", personScreen(own, holder, 3, scenery))
  found.set("paused", pauseScreen(paused[0]!, scenery))
  found.set(
    "cleared",
    clearedScreen({ resource: pool.resource, trash: trash[0]!, by: "1" }, scenery),
  )
  found.set("released", releasedScreen(pool, scenery))
  for (const way of ["clear", "release"] as const) {
    found.set(`${way} preview`, previewScreen(way, pool, scenery, "х".repeat(200)))
  }
  return found
}

for (const language of ["ru", "en"] as const) {
  describe(`in ${language}`, () => {
    const screens = screensOf(textsOf(language))
    for (const [name, screen] of screens) {
      it(`${name} fits`, () => {
        assert.isAtMost(textOf(screen).length, messageMax)
        assert.isAtMost(screen.keyboard.flat().length, 100)
        for (const row of screen.keyboard) assert.isAtMost(row.length, 8)
        for (const button of screen.keyboard.flat()) {
          if (button.kind === "tap") assert.isAtMost(Buffer.byteLength(button.data), 64)
          assert.isAtMost(button.text.length, 100)
        }
      })
    }

    it("every item, person, pool and trash is on one of the pages", () => {
      const all = (name: string) =>
        [...screens].filter(([key]) => key.startsWith(`${name} `)).map(([, each]) => textOf(each))
      const items = all("items").join()
      for (const { stage } of issuances) assert.include(items, stage.slice(0, 6))
      const people = all("people").join()
      for (const { stage } of issuances.slice(0, 250)) assert.include(people, stage.slice(0, 6))
      for (const { label } of resources) {
        const name = label[language].slice(0, 14)
        assert.include(all("stock").join(), name)
        assert.include(all("pauses").join(), name)
      }
      const restores = [...screens].flatMap(([, { keyboard }]) =>
        keyboard.flat().flatMap((each) => (each.kind === "tap" ? [each.data] : [])),
      )
      for (const { id } of resources) {
        for (const each of trash) assert.include(restores, `rt1:${id}.${each.id}`)
      }
    })
  })
}

describe("parts", () => {
  it("tells moments of today, tomorrow and later", () => {
    const scenery = { now, zone, texts: textsOf("ru") }
    assert.strictEqual(untilText(now, scenery), "14:32 сегодня")
    assert.strictEqual(untilText(now + 86_400_000, scenery), "14:32 завтра")
    assert.strictEqual(untilText(now + 2 * 86_400_000, scenery), "24.11.2026 14:32")
    const midnight = { ...scenery, now: Date.UTC(2026, 11, 31, 20, 59) }
    assert.strictEqual(untilText(midnight.now + 60_000, midnight), "00:00 завтра")
  })

  it("finds the longest name that a command begins with", () => {
    const [first, second] = resources
    const named = [
      { ...first!, label: { ru: "Почта", en: "Mail" } },
      { ...second!, label: { ru: "Почта новая", en: "New mail" } },
    ]
    assert.strictEqual(findNamed("почта НОВАЯ на сутки", named)?.resource, named[1])
    assert.strictEqual(findNamed("почта на сутки", named)?.rest, "на сутки")
    assert.isUndefined(findNamed("", named))
    assert.isUndefined(findNamed("поч", named))
  })

  it("tells texts apart", () => {
    assert.notStrictEqual(digestOf(html`1`), digestOf(html`2`))
    assert.match(digestOf(html`any`), /^[0-9a-z]{1,7}$/)
  })
})
