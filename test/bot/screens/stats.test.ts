/** Reports of a large company: whatever is counted fits into a message, and nothing is left out. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Screen } from "../../../src/bot/Screen.ts"
import { messageMax, visibleLength } from "../../../src/bot/screens/parts.ts"
import {
  chartCaption,
  chartOf,
  overviewScreen,
  regionStep,
  type ReportChoice,
  reportScreen,
} from "../../../src/bot/screens/stats.ts"
import { en } from "../../../src/bot/texts/en.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { type Resource, ResourceId } from "../../../src/domain/Catalogue.ts"
import { Region } from "../../../src/domain/Region.ts"
import { chartSvg } from "../../../src/stats/Chart.ts"
import { Statistics } from "../../../src/stats/Statistics.ts"
import { aBooked, booksWith, resourceOf, statisticsOver } from "../../stats/fixtures.ts"
import { buttonsOf, textOf } from "../FakeTelegram.ts"

const now = Date.UTC(2026, 10, 22, 11, 22)

const choice: ReportChoice = {
  resource: "mamba",
  variant: null,
  region: null,
  period: "day",
  view: "regions",
  whose: "all",
}

/** 16 signs each, the longest that there are. */
const regions = Array.from({ length: 200 }, (_, index) =>
  Region.make(`Регион${String(index).padStart(10, "0")}`),
)

const many = regions.flatMap((region, index) =>
  Array.from({ length: 1 + (index % 3) }, () => aBooked({ region, issuedAt: now, status: "good" })),
)

const reportOf = (resource: Resource, rows = many) =>
  TestClock.setTime(now).pipe(
    Effect.andThen(
      Statistics.use(({ report }) =>
        report({ resource, variant: null, region: null, holder: null, period: "day" }),
      ),
    ),
    Effect.provide(statisticsOver(booksWith(rows))),
  )

const mamba = resourceOf("mamba")

/** As many statuses with names as long as anybody would give them. */
const manyStatuses: Resource = {
  ...mamba,
  statuses: Array.from({ length: 12 }, (_, index) => ({
    ...mamba.statuses[0]!,
    id: `s${index}`,
    label: { ru: `${index} ${"Й".repeat(60)}`, en: `${index} ${"Y".repeat(60)}` },
  })),
}

const isWithin = (screen: Screen, most = messageMax) => {
  assert.isAtMost(visibleLength(screen.html), most)
  const buttons = buttonsOf(screen)
  assert.isAtMost(buttons.length, 100)
  for (const button of buttons) {
    if (button.kind === "tap") assert.isAtMost(Buffer.byteLength(button.data), 64)
  }
}

describe("200 regions", () => {
  for (const [name, texts] of [
    ["ru", ru],
    ["en", en],
  ] as const) {
    for (const resource of [mamba, manyStatuses]) {
      it.effect(
        `${resource.statuses.length} statuses, ${name}: the message holds what it can`,
        () =>
          Effect.gen(function* () {
            const report = yield* reportOf(resource)
            isWithin(reportScreen(report, choice, true, texts))
            isWithin(reportScreen(report, { ...choice, view: "total" }, true, texts))
            isWithin(chartCaption(report, choice, true, texts), 1024)
            const svg = chartSvg(chartOf(report, choice, texts))
            assert.isBelow(Number(/height="(\d+)"/.exec(svg)?.[1]), 5_000)
          }),
      )
    }
  }

  it.effect("those without a line are counted together: the lines add up to the sum", () =>
    Effect.gen(function* () {
      const screen = reportScreen(yield* reportOf(mamba), choice, true, ru)
      const rows = textOf(screen)
        .split("\n")
        .filter((line) => /\d$/.test(line))
      const issued = rows.flatMap((line) => {
        const [, count] = /^.{16} +(\d+) /.exec(line) ?? []
        return count === undefined ? [] : [Number(count)]
      })
      assert.isAbove(issued.length, 50)
      const sum = issued.pop()
      assert.strictEqual(sum, many.length)
      assert.strictEqual(
        issued.reduce((a, b) => a + b, 0),
        sum,
      )
      assert.match(textOf(screen), /\nещё \d+ регион/)
      assert.match(chartSvg(chartOf(yield* reportOf(mamba), choice, ru)), />ещё 181 регион</)
    }),
  )

  for (const texts of [ru, en]) {
    for (const view of ["total", "regions"] as const) {
      it.effect(`and 60 resources: the ${view} fits, its lines add up (${texts.language})`, () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(now)
          const resources = Array.from({ length: 60 }, (_, index) => ({
            ...mamba,
            id: index === 7 ? "mamba" : ResourceId.make(`r${index}`),
            label: { ru: `${index} ${"Й".repeat(60)}`, en: `${index} ${"Y".repeat(60)}` },
          }))
          const overview = yield* Statistics.use((statistics) =>
            statistics.overview({ resources, region: null, holder: null, period: "day" }),
          ).pipe(Effect.provide(statisticsOver(booksWith(many))))
          const shown = { region: null, period: "day", view, whose: "all" } as const
          const screen = overviewScreen({ overview, choice: shown, isAdmin: true, regions }, texts)
          isWithin(screen)
          const counts = textOf(screen)
            .split("\n")
            .flatMap((line) => /^\S.{0,20} +(\d+) +\d+ +\d+ +\d+$/.exec(line)?.[1] ?? [])
            .map(Number)
          assert.isAbove(counts.length, 20)
          assert.strictEqual(counts.pop(), many.length)
          assert.strictEqual(
            counts.reduce((a, b) => a + b, 0),
            many.length,
          )
        }),
      )
    }
  }

  it("are chosen from by pages", () => {
    const up = { _tag: "Stats" } as const
    for (const page of [0, 2, 4, 9_999]) {
      const screen = regionStep({ resource: mamba, variant: "male", regions, page, up }, ru)
      isWithin(screen)
      assert.isAbove(buttonsOf(screen).filter(({ text }) => text.startsWith("Регион")).length, 39)
    }
  })
})

describe("a table", () => {
  it.effect("names what stands nowhere else: no region, a status of old", () =>
    Effect.gen(function* () {
      const rows = [
        aBooked({ issuedAt: now, region: "", status: "retired" }),
        aBooked({ issuedAt: now, region: "<b>", status: null }),
      ]
      const report = yield* reportOf(mamba, rows)
      const byRegion = reportScreen(report, choice, false, ru)
      assert.include(textOf(byRegion), "без региона")
      assert.include(String(byRegion.html), "&lt;b&gt;")
      const total = textOf(reportScreen(report, { ...choice, view: "total" }, false, ru))
      assert.match(total, /Прочее +1 50% +0\nЖдут отметки +1 50%/)
    }),
  )
})
