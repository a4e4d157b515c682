/** A report as a picture with a caption. */
import { barColour, type ChartData } from "../../stats/Chart.ts"
import { type Counts, nothing, type Report, sumOf } from "../../stats/Statistics.ts"
import { bold, html, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { lines, menuBelow } from "./parts.ts"
import { type ReportChoice, trailOfSubject } from "./stats.ts"
import { datesOf, switches, whoseText } from "./statsReport.ts"
import { regionName } from "./statsTable.ts"

/** More rows would be too small on a phone. */
const rowsMax = 20

/** Statuses past the first ones would make the caption longer than Telegram takes. */
const captionStatusesMax = 8

const otherColour = "#8d99a6"
const pendingColour = "#c3ccd5"

export const chartOf = (report: Report, choice: ReportChoice, texts: Texts): ChartData => {
  const { question, total, span } = report
  const { resource } = question
  const hasOther = total.other.all > 0
  const hasPending = total.pending > 0
  const valuesOf = ({ statuses, other, pending }: Counts) => [
    ...resource.statuses.map(({ id }) => (statuses.get(id) ?? nothing).all),
    ...(hasOther ? [other.all] : []),
    ...(hasPending ? [pending] : []),
  ]
  return {
    title: trailOfSubject(resource, choice, texts),
    subtitle: `${datesOf(span, texts)} · ${whoseText(choice, texts)}`,
    direction: choice.view === "total" ? "columns" : "rows",
    series: [
      ...resource.statuses.map(({ label, colour }) => ({
        label: texts.label(label),
        colour: barColour(colour),
      })),
      ...(hasOther ? [{ label: texts.stats.other, colour: otherColour }] : []),
      ...(hasPending ? [{ label: texts.stats.pending, colour: pendingColour }] : []),
    ],
    bars: (choice.view === "total" ? dayBars(report) : regionBars(report, texts)).map(
      ({ label, counts }) => ({ label, values: valuesOf(counts) }),
    ),
    nothing: texts.stats.nothing,
  }
}

export const chartCaption = (
  { question, span, total }: Report,
  choice: ReportChoice,
  isAdmin: boolean,
  texts: Texts,
): Screen => ({
  html: lines(
    bold(trailOfSubject(question.resource, choice, texts)),
    html`${datesOf(span, texts)}, ${whoseText(choice, texts)}`,
    html`${texts.stats.issued}: ${total.issued.all}`,
    ...question.resource.statuses
      .slice(0, captionStatusesMax)
      .map(
        ({ id, sign, label }) =>
          html`${sign} ${texts.label(label)}: ${(total.statuses.get(id) ?? nothing).all}`,
      ),
  ),
  keyboard: [...switches("StatsChartTurn", choice, isAdmin, texts), menuBelow(texts)],
})

const dayBars = ({ days }: Report) =>
  days.map(({ day, counts }) => ({ label: `${day.slice(8)}.${day.slice(5, 7)}`, counts }))

const regionBars = ({ question: { resource }, regions }: Report, texts: Texts) => {
  const shown = regions.length <= rowsMax ? regions : regions.slice(0, rowsMax - 1)
  const rest = regions.slice(shown.length).map(({ counts }) => counts)
  return [
    ...shown.map(({ region, counts }) => ({ label: regionName(region, texts), counts })),
    ...(rest.length === 0
      ? []
      : [{ label: texts.stats.moreRegions(rest.length), counts: sumOf(resource, rest) }]),
  ]
}
