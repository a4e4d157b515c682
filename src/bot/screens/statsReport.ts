/** A report as a table, and the buttons that show it for another time, otherwise, of others. */
import { formatDay } from "../../domain/Day.ts"
import { Period, type Report, type Span } from "../../stats/Statistics.ts"
import { bold, type Button, html, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { lines, menuBelow, messageMax, tap, visibleLength } from "./parts.ts"
import { type ReportChoice, trailOfSubject } from "./stats.ts"
import { regionTable, totalTable } from "./statsTable.ts"

/** For what stands around a table. */
const roomAround = 200

export const reportScreen = (
  report: Report,
  choice: ReportChoice,
  isAdmin: boolean,
  texts: Texts,
): Screen => {
  const { resource, variant, region, view } = choice
  const head = lines(
    bold(trailOfSubject(report.question.resource, choice, texts)),
    about(report, choice, texts),
  )
  const room = messageMax - visibleLength(head) - roomAround
  const isEmpty = report.total.issued.all === 0
  const table = view === "total" ? totalTable(report, texts) : regionTable(report, room, texts)
  return {
    html: isEmpty
      ? lines(head, html``, html`${texts.stats.nothing}`)
      : lines(head, html``, table, html`${texts.stats.autoMeaning}`),
    keyboard: [
      ...switches("StatsReport", choice, isAdmin, texts),
      ...(isEmpty
        ? []
        : [
            [
              tap(texts.stats.chart, { ...choice, _tag: "StatsChart" }),
              ...(isAdmin ? [tap(texts.exports.csv, { ...choice, _tag: "StatsCsv" })] : []),
            ],
          ]),
      [
        tap(texts.wizard.back, { _tag: "StatsPeriod", resource, variant, region }),
        ...menuBelow(texts),
      ],
    ],
  }
}

/** Dates and whose. */
export const about = ({ span }: Report, choice: ReportChoice, texts: Texts) =>
  html`${datesOf(span, texts)}, ${whoseText(choice, texts)}`

export const whoseText = ({ whose }: ReportChoice, { stats }: Texts) =>
  whose === "own" ? stats.ownIssuances : stats.allPeople

export const datesOf = ({ days }: Span, texts: Texts): string => {
  const [first = "", last = ""] = [days[0], days.at(-1)].map((each) => each && formatDay(each.day))
  return first === last ? texts.stats.today(last) : texts.stats.range(first, last)
}

/** The same report for another time, in another form, of other people. */
export const switches = (
  tag: "StatsReport" | "StatsChartTurn",
  choice: ReportChoice,
  isAdmin: boolean,
  texts: Texts,
): ReadonlyArray<ReadonlyArray<Button>> => {
  const words = texts.stats
  const to = (text: string, change: Partial<ReportChoice>) => {
    const next = { ...choice, ...change }
    const isHere = (["period", "view", "whose"] as const).every((key) => next[key] === choice[key])
    return tap(isHere ? `• ${text}` : text, { ...next, _tag: tag })
  }
  return [
    Period.literals.map((period) => to(words.periods[period], { period })),
    // One region has no other regions to be told from.
    ...(choice.region === null
      ? [
          [
            to(tag === "StatsReport" ? words.total : words.byDay, { view: "total" }),
            to(words.byRegion, { view: "regions" }),
          ],
        ]
      : []),
    ...(isAdmin ? [[to(words.own, { whose: "own" }), to(words.all, { whose: "all" })]] : []),
  ]
}
