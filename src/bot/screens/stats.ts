/**
 * The total over all resources, from which every report is two taps away; the steps to a report
 * (resource, variant, region, period); and the report as a table, a picture and a file.
 *
 * Nothing is remembered between the steps: every button carries all that was chosen before it.
 */
import {
  findStatus,
  type Group,
  isRegistry,
  type Resource,
  type Status,
} from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Region } from "../../domain/Region.ts"
import { barColour, type ChartData } from "../../stats/Chart.ts"
import { byteOrderMark, type Cell, csvLine, separatorOf } from "../../stats/csv.ts"
import {
  addedUp,
  type Counts,
  type Overview,
  zeroCount,
  Period,
  type Report,
  type Span,
  sumOf,
  type Total,
} from "../../stats/Statistics.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { bold, type Button, html, type Html, type Keyboard, type Screen } from "../Screen.ts"
import type { Document } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { reasonText } from "./batchRules.ts"
import { cut, grid, lines, menuBelow, messageMax, tap, trailOf, visibleLength } from "./parts.ts"
import { asksVariant, regionRows, variantName, wayOut } from "./wizard.ts"

/** Everything that a button of a report carries. */
export type ReportChoice = Omit<ActionOf<"StatsReport">, "_tag">
type Subject = Pick<ReportChoice, "variant" | "region">

/** Registries of proxies issue nothing that could be marked. */
export const countedOf = (resources: ReadonlyArray<Resource>): ReadonlyArray<Resource> =>
  resources.filter((resource) => !isRegistry(resource))

/** Everything that a button of the total over all resources carries. */
export type OverviewChoice = Omit<ActionOf<"StatsAll">, "_tag">

/** What the total is drawn with, besides the figures. */
interface OverviewView {
  readonly overview: Overview
  readonly choice: OverviewChoice
  readonly isAdmin: boolean
  readonly regions: ReadonlyArray<Region>
}

/** All resources together, a line for each of them or for each region. */
export const overviewScreen = (
  { overview, choice, isAdmin, regions }: OverviewView,
  texts: Texts,
): Screen => {
  const words = texts.stats
  const { span, total } = overview
  const to = (text: string, change: Partial<OverviewChoice>) =>
    marked(text, choice, change, (next) => ({ _tag: "StatsAll", ...next }))
  const isEmpty = total.issued.all === 0
  return {
    html: lines(
      bold(trailOf(words.everything, ...(choice.region === null ? [] : [choice.region]))),
      html`${datesOf(span, texts)}, ${whoseText(choice, texts)}`,
      html``,
      ...(isEmpty
        ? [html`${words.nothing}`]
        : [
            overviewTable(overview, choice, texts),
            html`${words.badMeaning}`,
            html`${words.autoMeaning}`,
          ]),
    ),
    keyboard: [
      Period.literals.map((period) => to(words.periods[period], { period })),
      ...(choice.region === null
        ? [[to(words.byResource, { view: "total" }), to(words.byRegion, { view: "regions" })]]
        : []),
      ...(isAdmin ? [[to(words.own, { whose: "own" }), to(words.all, { whose: "all" })]] : []),
      ...resourceRows(overview, choice, texts),
      ...regionButtons(
        regions,
        choice.region,
        (region) => ({ ...choice, _tag: "StatsAll", region, view: "total" }),
        { ...choice, _tag: "StatsRegions", resource: null, variant: null, page: 0 },
        texts,
      ),
      [tap(words.steps, { _tag: "StatsSteps" }), ...menuBelow(texts)],
    ],
  }
}

/** A button for each resource, or for each group where there are very many. */
const resourceRows = (
  { resources }: Overview,
  { region, period, whose }: OverviewChoice,
  texts: Texts,
): Keyboard => {
  const all = resources.map(({ resource }) => resource)
  if (all.length > resourcesMax) return groupRows(all, texts)
  return grid(
    all.map(({ id: resource, label }) =>
      tap(texts.label(label), {
        _tag: "StatsReport",
        resource,
        variant: null,
        region,
        period,
        view: "total",
        whose,
      }),
    ),
    3,
  )
}

/** More resources than that are chosen by their group. */
const resourcesMax = 12

/** The regions to choose from, as far as a thumb reaches, and the way to all others. */
const regionButtons = (
  regions: ReadonlyArray<Region>,
  chosen: string | null,
  of: (region: Region | null) => Action,
  toAll: Action,
  texts: Texts,
): Keyboard => {
  const words = texts.stats
  const shown = regions.slice(0, regionsMax)
  if (shown.length === 0) return []
  return [
    ...grid(
      shown.map((region) => tap(dotted(region, region === chosen), of(region))),
      4,
    ),
    [
      tap(dotted(words.allRegions, chosen === null), of(null)),
      ...(regions.length > shown.length ? [tap(words.moreRegionsButton, toAll)] : []),
    ],
  ]
}

const regionsMax = 8

/** Asks for a region and keeps everything else that was chosen. */
export const regionChoice = (
  { page, variant, period, whose }: ActionOf<"StatsRegions">,
  resource: Resource | undefined,
  regions: ReadonlyArray<Region>,
  texts: Texts,
): Screen => {
  const kept = { resource: resource?.id ?? null, variant, period, whose }
  const of = (region: Region | null): Action =>
    resource === undefined
      ? { _tag: "StatsAll", region, period, view: "total", whose }
      : { ...kept, _tag: "StatsReport", resource: resource.id, region, view: "total" }
  return step(
    resource === undefined
      ? texts.stats.everything
      : trailOfSubject(resource, { variant, region: null }, texts, 2),
    texts.wizard.chooseRegion,
    [
      [tap(texts.stats.allRegions, of(null))],
      ...regionRows(regions, page, of, (to) => ({ _tag: "StatsRegions", ...kept, page: to })),
    ],
    of(null),
    texts,
  )
}

/** A line for each resource or region, with what can be added up over all of them. */
const overviewTable = (
  { resources, regions, total }: Overview,
  { view }: OverviewChoice,
  texts: Texts,
): Html => {
  const words = texts.stats
  const all =
    view === "total"
      ? resources.map(({ resource, total: own }) => ({ name: texts.label(resource.label), own }))
      : regions.map(({ region, total: own }) => ({ name: regionName(region, texts), own }))
  const shown = all.length <= linesMax ? all : all.slice(0, linesMax - 1)
  const rest = all.slice(shown.length).map(({ own }) => own)
  const more = view === "total" ? words.moreResources : words.moreRegions
  return preformatted([
    ["", short(words.issued), words.bad, short(words.pending), words.auto],
    ...shown.map(({ name, own }) => totalRow(name, own)),
    ...(rest.length === 0 ? [] : [totalRow(more(rest.length), addedUp(rest))]),
    totalRow(words.sum, total),
  ])
}

const totalRow = (name: string, { issued, bad, pending }: Total): Row => [
  cut(name, nameMax),
  ...[issued.all, bad, pending, issued.auto].map(String),
]

/** More lines are added up in the last one. */
const linesMax = 25

/** A button for another choice; the present one has a dot. */
const marked = <Choice extends object>(
  text: string,
  choice: Choice,
  change: Partial<Choice>,
  of: (next: Choice) => Action,
): Button => {
  const next = { ...choice, ...change }
  return tap(dotted(text, JSON.stringify(next) === JSON.stringify(choice)), of(next))
}

const dotted = (text: string, isHere: boolean) => (isHere ? `• ${text}` : text)

export const groupStep = (resources: ReadonlyArray<Resource>, texts: Texts): Screen => {
  return step(
    texts.stats.title,
    texts.stats.chooseGroup,
    groupRows(resources, texts),
    { _tag: "Stats" },
    texts,
  )
}

const groupRows = (resources: ReadonlyArray<Resource>, texts: Texts): Keyboard => {
  const groups = [...new Set(countedOf(resources).map(({ group }) => group))]
  return grid(
    groups.map((group) => tap(texts.menu.groups[group], { _tag: "StatsGroup", group })),
    2,
  )
}

export const resourceStep = (
  group: Group,
  resources: ReadonlyArray<Resource>,
  texts: Texts,
): Screen =>
  step(
    trailOf(texts.stats.title, texts.menu.groups[group]),
    texts.stats.chooseResource,
    grid(
      countedOf(resources)
        .filter((resource) => resource.group === group)
        .map((resource) => tap(texts.label(resource.label), firstOf(resource))),
      2,
    ),
    { _tag: "StatsSteps" },
    texts,
  )

/** The first question about a resource. */
export const firstOf = (resource: Resource): Action =>
  asksVariant(resource)
    ? { _tag: "StatsVariant", resource: resource.id }
    : { _tag: "StatsRegion", resource: resource.id, variant: null, page: 0 }

/** `up` is the step where the resource was chosen. */
export const variantStep = (resource: Resource, up: Action, texts: Texts): Screen => {
  const choice = (text: string, variant: string | null) =>
    tap(text, { _tag: "StatsRegion", resource: resource.id, variant, page: 0 })
  return step(
    trailOf(texts.stats.title, texts.label(resource.label)),
    texts.wizard.chooseVariant(
      resource.variantQuestion === null ? "" : texts.label(resource.variantQuestion),
    ),
    grid(
      [
        ...resource.variants.map(({ id, label }) => choice(texts.label(label), id)),
        choice(texts.stats.allVariants, null),
      ],
      3,
    ),
    up,
    texts,
  )
}

interface RegionStep {
  readonly resource: Resource
  readonly variant: string | null
  readonly regions: ReadonlyArray<Region>
  readonly page: number
  /** Where the resource was chosen, if nothing else was asked about it. */
  readonly up: Action
}

export const regionStep = (
  { resource, variant, regions, page, up }: RegionStep,
  texts: Texts,
): Screen => {
  const kind = { resource: resource.id, variant }
  return step(
    trailOfSubject(resource, { variant, region: null }, texts, 2),
    texts.wizard.chooseRegion,
    [
      [tap(texts.stats.allRegions, { _tag: "StatsPeriod", ...kind, region: null })],
      ...regionRows(
        regions,
        page,
        (region) => ({ _tag: "StatsPeriod", ...kind, region }),
        (to) => ({ _tag: "StatsRegion", ...kind, page: to }),
      ),
    ],
    asksVariant(resource) ? { _tag: "StatsVariant", resource: resource.id } : up,
    texts,
  )
}

/** `whose` is the choice that the report begins with. */
export const periodStep = (
  resource: Resource,
  { variant, region, whose }: Subject & Pick<ReportChoice, "whose">,
  texts: Texts,
): Screen =>
  step(
    trailOfSubject(resource, { variant, region }, texts),
    texts.stats.choosePeriod,
    [
      Period.literals.map((period) =>
        tap(texts.stats.periods[period], {
          _tag: "StatsReport",
          resource: resource.id,
          variant,
          region,
          period,
          view: "total",
          whose,
        }),
      ),
    ],
    { _tag: "StatsRegion", resource: resource.id, variant, page: 0 },
    texts,
  )

/** «Mamba › Ж › 495», or only its first steps. */
export const trailOfSubject = (
  resource: Resource,
  { variant, region }: Subject,
  texts: Texts,
  steps = 3,
): string =>
  trailOf(
    texts.label(resource.label),
    ...(asksVariant(resource)
      ? [variant === null ? texts.stats.allVariants : variantName(resource, variant, texts)]
      : []),
    ...(steps > 2 ? [region ?? texts.stats.allRegions] : []),
  )

const step = (
  heading: string,
  question: string,
  choices: Screen["keyboard"],
  back: Action,
  texts: Texts,
): Screen => ({
  html: lines(bold(heading), html``, html`${question}`),
  keyboard: [...choices, wayOut(back, texts)],
})

/** The width of the first column: the longest region that there may be. */
const nameMax = 16

type Row = ReadonlyArray<string>

/** A line for each status: how many, their share, and how many the timer marked. */
const totalTable = ({ question, total }: Report, texts: Texts): Html => {
  const words = texts.stats
  const { issued, statuses, other, pending } = total
  const share = (count: number) => `${Math.round((count * 100) / Math.max(issued.all, 1))}%`
  const line = (name: string, count: number, auto: string): Row => [
    cut(name, nameMax),
    String(count),
    share(count),
    auto,
  ]
  return preformatted([
    ["", words.count, "%", words.auto],
    [words.issued, String(issued.all), "", String(issued.auto)],
    ...question.resource.statuses.map(({ id, label }) => {
      const { all, auto } = statuses.get(id) ?? zeroCount
      return line(texts.label(label), all, String(auto))
    }),
    ...(other.all > 0 ? [line(words.other, other.all, String(other.auto))] : []),
    line(words.pending, pending, ""),
  ])
}

/** A line for each region, as far as `room` goes; the other regions are added up in one line. */
const regionTable = (
  { question: { resource }, regions, total }: Report,
  room: number,
  texts: Texts,
): Html => {
  const words = texts.stats
  const hasOther = total.other.all > 0
  const head = [
    words.region,
    short(words.issued),
    ...resource.statuses.map((status) => headOf(status, resource, texts)),
    ...(hasOther ? [short(words.other)] : []),
    short(words.pending),
    words.auto,
  ]
  const line = (name: string, counts: Counts) => [
    cut(name, nameMax),
    ...[
      counts.issued.all,
      ...resource.statuses.map(({ id }) => (counts.statuses.get(id) ?? zeroCount).all),
      ...(hasOther ? [counts.other.all] : []),
      counts.pending,
      counts.issued.auto,
    ].map(String),
  ]
  const rows = regions.map(({ region, counts }) => line(regionName(region, texts), counts))
  const sum = line(words.sum, total)
  const width = widthsOf([head, ...rows, sum]).reduce((all, each) => all + each + 1, 0)
  const most = Math.max(Math.floor(room / width) - 2, 1)
  const shown = rows.length <= most ? rows : rows.slice(0, most - 1)
  const rest = regions.slice(shown.length).map(({ counts }) => counts)
  return preformatted([
    head,
    ...shown,
    ...(rest.length === 0 ? [] : [line(words.moreRegions(rest.length), sumOf(resource, rest))]),
    sum,
  ])
}

const regionName = (region: string, texts: Texts) =>
  region.trim() === "" ? texts.stats.noRegion : region

/** The head of a column. Where there are many statuses, each has room for two letters. */
const headOf = ({ label }: Status, { statuses }: Resource, texts: Texts) =>
  statuses.length > 4 ? texts.label(label).slice(0, 2).toWellFormed() : short(texts.label(label))

/** The first word, or its beginning. */
const short = (label: string) => {
  const [word = ""] = label.split(" ")
  return word.length <= 5 ? word : `${word.slice(0, 3).toWellFormed()}.`
}

/** A table in letters of one width: names to the left, numbers to the right. */
const preformatted = (rows: ReadonlyArray<Row>): Html => {
  const widths = widthsOf(rows)
  const text = rows
    .map((row) =>
      row
        .map((cell, index) => {
          const filling = " ".repeat(Math.max((widths[index] ?? 0) - lengthOf(cell), 0))
          return index === 0 ? cell + filling : filling + cell
        })
        .join(" ")
        .trimEnd(),
    )
    .join("\n")
  return html`<pre>${text}</pre>`
}

const widthsOf = ([head = [], ...rows]: ReadonlyArray<Row>): ReadonlyArray<number> =>
  head.map((name, index) =>
    Math.max(lengthOf(name), ...rows.map((row) => lengthOf(row[index] ?? ""))),
  )

const lengthOf = (cell: string) => Array.from(cell).length

/** Room kept for the text around a table. */
const roomAround = 200

/** A report as a table, with buttons that show it otherwise, or another one of the resource. */
export const reportScreen = (
  report: Report,
  choice: ReportChoice,
  isAdmin: boolean,
  texts: Texts,
  regions: ReadonlyArray<Region> = [],
): Screen => {
  const { region, period, view, whose } = choice
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
      : lines(
          head,
          html``,
          table,
          html`${texts.stats.autoMeaning}`,
          ...(view === "total" ? reasonLines(report, texts) : []),
        ),
    keyboard: [
      ...switches("StatsReport", choice, isAdmin, texts),
      ...variantRow(report.question.resource, choice, texts),
      ...regionButtons(
        regions,
        region,
        (to) => ({ ...choice, _tag: "StatsReport", region: to, view: "total" }),
        { ...choice, _tag: "StatsRegions", page: 0 },
        texts,
      ),
      ...(isEmpty
        ? []
        : [
            [
              tap(texts.stats.chart, { ...choice, _tag: "StatsChart" }),
              ...(isAdmin ? [tap(texts.exports.csv, { ...choice, _tag: "StatsCsv" })] : []),
            ],
          ]),
      [
        tap(texts.wizard.back, { _tag: "StatsAll", region, period, view: "total", whose }),
        ...menuBelow(texts),
      ],
    ],
  }
}

const variantRow = (resource: Resource, choice: ReportChoice, texts: Texts): Keyboard => {
  if (!asksVariant(resource)) return []
  const to = (text: string, variant: string | null) =>
    marked(text, choice, { variant }, (next) => ({ ...next, _tag: "StatsReport" }))
  return grid(
    [
      ...resource.variants.map(({ id, label }) => to(texts.label(label), id)),
      to(texts.stats.allVariants, null),
    ],
    3,
  )
}

/** Reasons that a report names; the others are added up. */
const reasonsMax = 5

const reasonLines = (
  { question: { resource }, reasons }: Report,
  texts: Texts,
): ReadonlyArray<Html> => {
  if (reasons.length === 0) return []
  const rest = timesOf(reasons.slice(reasonsMax))
  return [
    html``,
    bold(`${texts.stats.reasons}: ${timesOf(reasons)}`),
    ...reasons.slice(0, reasonsMax).map(({ status, text, count }) => {
      const known = findStatus(resource, status)
      return html`${known?.sign ?? "•"} ${reasonText(known, text, texts)}: ${count}`
    }),
    ...(rest === 0 ? [] : [html`${texts.stats.otherReasons}: ${rest}`]),
  ]
}

const timesOf = (reasons: Report["reasons"]) => reasons.reduce((sum, { count }) => sum + count, 0)

/** The dates of the report, and whose issuances it counts. */
const about = ({ span }: Report, choice: ReportChoice, texts: Texts) =>
  html`${datesOf(span, texts)}, ${whoseText(choice, texts)}`

const whoseText = ({ whose }: Pick<ReportChoice, "whose">, { stats }: Texts) =>
  whose === "own" ? stats.ownIssuances : stats.allPeople

const datesOf = ({ days }: Span, texts: Texts): string => {
  const [first = "", last = ""] = [days[0], days.at(-1)].map((each) => each && formatDay(each.day))
  return first === last ? texts.stats.today(last) : texts.stats.range(first, last)
}

/** Buttons for the same report of another period, by region, or of other people. */
const switches = (
  tag: "StatsReport" | "StatsChartTurn",
  choice: ReportChoice,
  isAdmin: boolean,
  texts: Texts,
): ReadonlyArray<ReadonlyArray<Button>> => {
  const words = texts.stats
  const to = (text: string, change: Partial<ReportChoice>) =>
    marked(text, choice, change, (next) => ({ ...next, _tag: tag }))
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

/** More rows in a picture would be too small on a phone. */
const rowsMax = 20

/** More statuses would make the caption longer than Telegram takes. */
const captionStatusesMax = 8

const otherColour = "#8d99a6"
const pendingColour = "#c3ccd5"

export const chartOf = (report: Report, choice: ReportChoice, texts: Texts): ChartData => {
  const { question, total, span } = report
  const { resource } = question
  const hasOther = total.other.all > 0
  const hasPending = total.pending > 0
  const valuesOf = ({ statuses, other, pending }: Counts) => [
    ...resource.statuses.map(({ id }) => (statuses.get(id) ?? zeroCount).all),
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
          html`${sign} ${texts.label(label)}: ${(total.statuses.get(id) ?? zeroCount).all}`,
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

/**
 * A report as a file. Every line names everything that it counts, so that files can be put together.
 */
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

/** A line for each day, for each region, for all together, and for each reason. */
const tableOf = (
  report: Report,
  choice: ReportChoice,
  texts: Texts,
): ReadonlyArray<ReadonlyArray<Cell>> => {
  const { stats, exports: words } = texts
  const { days, regions, total, reasons, question } = report
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
    ...statuses.map(({ id }) => (counts.statuses.get(id) ?? zeroCount).all),
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
    ...reasons.map(({ status, text, count }): ReadonlyArray<Cell> => {
      const known = findStatus(question.resource, status)
      const name = known === undefined ? status : texts.label(known.label)
      const others = line("", "", total).slice(subject.length + 3)
      return [
        ...subject,
        trailOf(stats.reasons, name),
        reasonText(known, text, texts),
        count,
        ...others.map(() => null),
      ]
    }),
  ]
}

/** The first and the last day of the period. */
const datesIn = ({ span: { days } }: Report) =>
  [days.slice(0, 1), days.slice(-1)].flat().map(({ day }) => day)
