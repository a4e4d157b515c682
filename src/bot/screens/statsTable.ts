/** Reports as tables in letters of one width, narrow enough for a phone. */
import type { Resource, Status } from "../../domain/Catalogue.ts"
import { type Counts, nothing, type Report, sumOf } from "../../stats/Statistics.ts"
import { type Html, html } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut } from "./parts.ts"

/** Of the first column: the longest region there may be. */
const nameMax = 16

type Row = ReadonlyArray<string>

/** Each status in a line: how many, their share, and how many the timer marked. */
export const totalTable = ({ question, total }: Report, texts: Texts): Html => {
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
      const { all, auto } = statuses.get(id) ?? nothing
      return line(texts.label(label), all, String(auto))
    }),
    ...(other.all > 0 ? [line(words.other, other.all, String(other.auto))] : []),
    line(words.pending, pending, ""),
  ])
}

/** Each region in a line as far as `room` goes; those without a line are counted together. */
export const regionTable = (
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
      ...resource.statuses.map(({ id }) => (counts.statuses.get(id) ?? nothing).all),
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

export const regionName = (region: string, texts: Texts) =>
  region.trim() === "" ? texts.stats.noRegion : region

/** Many statuses have room for a letter or two each. */
const headOf = ({ label }: Status, { statuses }: Resource, texts: Texts) =>
  statuses.length > 4 ? texts.label(label).slice(0, 2).toWellFormed() : short(texts.label(label))

/** The first word, or its beginning. */
const short = (label: string) => {
  const [word = ""] = label.split(" ")
  return word.length <= 5 ? word : `${word.slice(0, 3).toWellFormed()}.`
}

/** Names to the left, numbers to the right. */
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
