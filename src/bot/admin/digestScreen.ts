/** The morning digest: yesterday, what is left, and the quality of deliveries. No item in it. */
import { adminStage } from "../../access/Access.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Delivery, MorningReport, Taker } from "../../stats/Morning.ts"
import { leftOf } from "../../stats/Outlook.ts"
import { bold, type Html, html } from "../Html.ts"
import type { Screen } from "../Keyboard.ts"
import { cut, lines } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { lastingOf } from "./outlookText.ts"
import { nameOf } from "./stockParts.ts"

/** Three of these, with their headings and the rest, are one message. */
const partMax = 1_100
/** Labels of a catalogue may be of any length. */
const lineMax = 300
/** A file that was filled by hand may hold any text. */
const stageMax = 32

export const digestScreen = (report: MorningReport, texts: Texts): Screen => {
  const words = texts.outlook.digest
  const { deliveries } = report
  const suspects = deliveries.some(({ isSuspect }) => isSuspect)
  const taken = report.taken.map((taking) => takenText(taking, texts))
  return {
    html: lines(
      bold(words.title(formatDay(report.day))),
      ...(taken.length === 0 ? [html`${words.nothingTaken}`] : part(words.taken, taken, texts)),
      takersText(report.takers, texts),
      ...part(
        words.left,
        report.left.map((left) => leftText(left, texts)),
        texts,
      ),
      ...part(
        words.deliveries,
        deliveries.map((delivery) => deliveryText(delivery, texts)),
        texts,
      ),
      suspects ? html`${words.suspects}` : undefined,
    ),
    keyboard: [],
  }
}

/** As many lines as fit, and how many there are beyond; nothing where there are none. */
const part = (
  heading: string,
  all: ReadonlyArray<string>,
  { outlook }: Texts,
): ReadonlyArray<Html> => {
  if (all.length === 0) return []
  const short = all.map((line) => `• ${cut(line, lineMax)}`)
  let room = partMax
  const shown = short.filter((line) => (room -= line.length + 1) >= 0)
  const rest = all.length - shown.length
  const more = rest === 0 ? [] : [html`${outlook.digest.more(rest)}`]
  return [html``, bold(heading), ...shown.map((line) => html`${line}`), ...more]
}

const takenText = ({ resource, counts }: MorningReport["taken"][number], texts: Texts): string => {
  const words = texts.outlook.digest
  const statuses = resource.statuses.flatMap(({ id, sign, label }) => {
    const count = counts.statuses.get(id)?.all ?? 0
    return count === 0 ? [] : [`${sign} ${texts.label(label)} ${count}`]
  })
  const others = [
    [words.other, counts.other.all],
    [words.pending, counts.pending],
  ] as const
  const parts = [
    ...statuses,
    ...others.flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${count}`])),
    ...(counts.issued.auto === 0 ? [] : [words.byTimer(counts.issued.auto)]),
  ]
  return words.taking(nameOf(resource, texts), counts.issued.all, parts.join(", "))
}

const takersText = (takers: ReadonlyArray<Taker>, texts: Texts): Html | undefined => {
  const names = takers.map(({ holder, stage, count }) => {
    const isNameless = stage === adminStage && holder !== null
    return `${isNameless ? `ID ${holder}` : cut(stage, stageMax)} (${count})`
  })
  return names.length === 0 ? undefined : html`${texts.outlook.digest.most(names.join(", "))}`
}

const leftText = ({ resource, forecast }: MorningReport["left"][number], texts: Texts): string => {
  const words = texts.outlook.digest
  const name = nameOf(resource, texts)
  const left = leftOf(forecast)
  const lasts = lastingOf(forecast, forecast.onlyDay !== null, texts.outlook.variantLasts)
  const line =
    left === null
      ? words.stockOnly(name, forecast.available)
      : lasts === undefined
        ? (forecast.onlyDay === null ? words.remaining : words.remainingToday)(name, left)
        : words.lasting(name, left, lasts)
  return forecast.isPaused ? words.paused(line) : line
}

const deliveryText = (
  { resource, day, bad, marked, isSuspect }: Delivery,
  texts: Texts,
): string => {
  const words = texts.outlook.digest
  const place = `${nameOf(resource, texts)}, ${day === null ? words.noDay : formatDay(day)}`
  return `${isSuspect ? "⚠️ " : ""}${words.delivery(place, bad, marked)}`
}
