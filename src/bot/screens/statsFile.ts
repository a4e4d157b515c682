/** A report as a file: every line says by itself what it counts, so that files can be put together. */
import { formatDay } from "../../domain/Day.ts"
import { byteOrderMark, type Cell, csvLine, separatorOf } from "../../stats/csv.ts"
import { type Counts, nothing, type Report } from "../../stats/Statistics.ts"
import { bold, html, type Screen } from "../Screen.ts"
import type { Document } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { lines } from "./parts.ts"
import { type ReportChoice, trailOfSubject } from "./stats.ts"
import { about } from "./statsReport.ts"
import { regionName } from "./statsTable.ts"

export const statsFile = (report: Report, choice: ReportChoice, texts: Texts): Document => {
  const separator = separatorOf(texts.language)
  const { resource } = report.question
  const [first, last] = datesIn(report)
  const table = tableOf(report, choice, texts)
  const text = table.map((row) => csvLine(row, separator)).join("")
  return {
    name: `statistics-${resource.id}-${first}-${last}.csv`,
    bytes: new TextEncoder().encode(`${byteOrderMark}${text}`),
  }
}

export const statsFileCaption = (report: Report, choice: ReportChoice, texts: Texts): Screen => ({
  html: lines(
    bold(trailOfSubject(report.question.resource, choice, texts)),
    about(report, choice, texts),
    html`${texts.stats.issued}: ${report.total.issued.all}`,
  ),
  keyboard: [],
})

/** By day, by region, and all together. */
const tableOf = (
  report: Report,
  choice: ReportChoice,
  texts: Texts,
): ReadonlyArray<ReadonlyArray<Cell>> => {
  const { stats, exports: words } = texts
  const { days, regions, total, question } = report
  const { statuses } = question.resource
  const [first, last] = datesIn(report).map(formatDay)
  const hasOther = total.other.all > 0
  const subject = [
    trailOfSubject(question.resource, choice, texts),
    choice.whose === "own" ? stats.own : stats.all,
    first ?? null,
    last ?? null,
  ]
  const line = (section: string, value: string, counts: Counts): ReadonlyArray<Cell> => [
    ...subject,
    section,
    value,
    counts.issued.all,
    ...statuses.map(({ id }) => (counts.statuses.get(id) ?? nothing).all),
    ...(hasOther ? [counts.other.all] : []),
    counts.pending,
    counts.issued.auto,
  ]
  return [
    [
      words.subject,
      words.whose,
      words.from,
      words.to,
      words.section,
      words.value,
      stats.issued,
      ...statuses.map(({ label }) => texts.label(label)),
      ...(hasOther ? [stats.other] : []),
      stats.pending,
      stats.auto,
    ],
    ...days.map(({ day, counts }) => line(stats.byDay, formatDay(day), counts)),
    ...regions.map(({ region, counts }) => line(stats.byRegion, regionName(region, texts), counts)),
    line(stats.sum, stats.sum, total),
  ]
}

/** The first and the last of the period. */
const datesIn = ({ span: { days } }: Report) =>
  [days.slice(0, 1), days.slice(-1)].flat().map(({ day }) => day)
