/** The digest is one message, however long the catalogue is, and escapes what people named. */
import { assert, describe, it } from "@effect/vitest"
import { adminStage } from "../../../src/access/Access.ts"
import { digestScreen } from "../../../src/bot/Digest.ts"
import { textsOf } from "../../../src/bot/Languages.ts"
import { messageMax } from "../../../src/bot/screens/parts.ts"
import type { Resource } from "../../../src/domain/Catalogue.ts"
import { Day } from "../../../src/domain/Day.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import type { MorningReport } from "../../../src/stats/Morning.ts"
import { resourceOf } from "../../stats/fixtures.ts"
import { textOf } from "../FakeTelegram.ts"

const vk = resourceOf("vk")
const day = Day.make("2026-11-21")
const count = { all: 12_345, auto: 1_234 }

const reportOf = (resources: ReadonlyArray<Resource>, stage: string): MorningReport => ({
  day,
  taken: resources.map((resource) => ({
    resource,
    counts: {
      issued: count,
      statuses: new Map(resource.statuses.map(({ id }) => [id, count])),
      other: count,
      pending: 12_345,
    },
  })),
  takers: Array.from({ length: 3 }, () => ({ holder: null, stage, count: 12_345 })),
  left: resources.map((resource, index) => ({
    resource,
    forecast: {
      available: 12_345,
      rows: index % 2 === 0 ? 12_345 : null,
      pace: 12.5,
      days: index % 3 === 0 ? 99.9 : null,
      onlyDay: null,
      isPaused: true,
      countedAt: 0,
      variants: new Map(),
    },
  })),
  deliveries: resources.map((resource) => ({
    resource,
    day,
    marked: 12_345,
    bad: 12_344,
    isSuspect: true,
  })),
})

/** Names as long as they come, and statuses too. */
const long = (index: number): Resource => ({
  ...vk,
  id: `r${index}`,
  label: { ru: `<Ресурс & ${index}>`.padEnd(200, "ы"), en: `<R & ${index}>`.padEnd(200, "r") },
  statuses: vk.statuses.map((status) => ({
    ...status,
    label: { ru: "<статус>".repeat(100), en: "<status>".repeat(100) },
  })),
})

it("names admins without a nickname by their id, and what is left for today only", () => {
  const report = reportOf([vk], "admin")
  const [left] = report.left
  if (left === undefined) throw new Error("there is one")
  const admin = { holder: TelegramId.make(1), stage: adminStage, count: 5 }
  const forecast = { ...left.forecast, rows: 3, days: null, onlyDay: day, isPaused: false }
  const screen = digestScreen(
    { ...report, takers: [admin, { ...admin, stage: "boris" }], left: [{ ...left, forecast }] },
    textsOf("ru"),
  )
  const text = textOf(screen)
  assert.include(text, "Больше всего взяли: ID 1 (5), boris (5)")
  assert.include(text, "VK: на сегодня 12348")
  const none = { ...forecast, available: 0, rows: 0, days: 0, onlyDay: null }
  const empty = textOf(
    digestScreen({ ...report, left: [{ ...left, forecast: none }] }, textsOf("ru")),
  )
  assert.match(empty, /^• VK: 0$/m)
})

for (const language of ["ru", "en"] as const) {
  describe(`in ${language}`, () => {
    for (const size of [1, 6, 12, 60]) {
      it(`fits with ${size} resources of any names`, () => {
        const resources = Array.from({ length: size }, (_, index) => long(index))
        const screen = digestScreen(reportOf(resources, "<ш>".repeat(200)), textsOf(language))
        const text = textOf(screen)
        assert.isAtMost(text.length, messageMax)
        assert.include(text, long(0).label[language].slice(0, 12))
        assert.notMatch(String(screen.html), /<[^b/]/)
      })
    }

    it("says how many lines did not fit, in each of its parts", () => {
      const resources = Array.from({ length: 60 }, (_, index) => long(index))
      const text = textOf(digestScreen(reportOf(resources, "anna"), textsOf(language)))
      const more = language === "ru" ? /и ещё \d+ строк/g : /and \d+ lines more/g
      assert.lengthOf(text.match(more) ?? [], 3)
      const shown = text.split("\n").filter((line) => line.startsWith("•")).length
      const rest = (text.match(more) ?? []).map((each) => Number(/\d+/.exec(each)?.[0]))
      assert.strictEqual(
        rest.reduce((sum, each) => sum + each, shown),
        180,
      )
    })
  })
}
