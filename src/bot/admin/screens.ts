/** What admins are shown: the card of an application, and notes about stock and trouble. */
import type { DateTime } from "effect"
import type { Application } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { Quarantined } from "../../domain/Item.ts"
import type { Alarm, AlarmChange } from "../../observe/Alarms.ts"
import { bold, code, type Html, html } from "../Html.ts"
import type { Screen } from "../Keyboard.ts"
import { cut, lines, messageMax, sentence, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

/** The card with its two buttons; `heading` says why it comes. */
export const openCard = (
  application: Application,
  heading: string,
  zone: DateTime.TimeZone,
  texts: Texts,
): Screen => ({
  html: cardText(application, heading, zone, texts),
  keyboard: [
    [
      tap(
        texts.admin.approve,
        { _tag: "Decide", applicant: application.id, decision: "approve" },
        "success",
      ),
      tap(
        texts.admin.refuse,
        { _tag: "Decide", applicant: application.id, decision: "refuse" },
        "danger",
      ),
    ],
  ],
})

/** The card after all is said: `outcome` is who decided and when, or that nobody did. */
export const closedCard = (
  application: Application,
  outcome: string,
  zone: DateTime.TimeZone,
  texts: Texts,
): Screen => ({
  html: lines(cardText(application, texts.admin.card, zone, texts), html``, html`${outcome}`),
  // A slip would keep the applicant out for a day.
  keyboard:
    application.decision?.verdict === "refuse"
      ? [[tap(texts.admin.reopen, { _tag: "Reopen", applicant: application.id })]]
      : [],
})

const cardText = (
  { stage, id, openedAt }: Application,
  heading: string,
  zone: DateTime.TimeZone,
  { admin }: Texts,
): Html =>
  lines(
    bold(heading),
    html``,
    // A file that was filled by hand may hold any text.
    html`${admin.cardStage}: ${code(cut(stage, 100))}`,
    html`${admin.cardId}: ${code(id)}`,
    html`${admin.cardSince}: ${formatMoment(openedAt, zone)}`,
  )

/** Counts by reason; what stands in the rows is nobody's business here. */
export const quarantineNote = (
  tab: string,
  rows: ReadonlyArray<Quarantined>,
  { admin }: Texts,
): Screen => {
  const reasons = new Map<string, number>()
  for (const { reason, column } of rows) {
    const text = `${admin.quarantineReason[reason]}${column === null ? "" : ` (${column})`}`
    reasons.set(text, (reasons.get(text) ?? 0) + 1)
  }
  return {
    html: lines(
      bold(admin.quarantine(tab, rows.length)),
      ...[...reasons].slice(0, 20).map(([text, count]) => html`• ${text}: ${count}`),
      html`${admin.quarantineAdvice}`,
    ),
    keyboard: [],
  }
}

export const alarmNote = ({ alarm, raised }: AlarmChange, { admin }: Texts): Screen =>
  // Names of a catalogue may be of any length.
  sentence(cut(raised ? admin.alarm(alarm) : admin.cleared(alarm), messageMax))

/** Of several stocks that run low; other alarms are not told in it. */
export const lowStocksNote = (alarms: ReadonlyArray<Alarm>, texts: Texts): Screen => {
  const { admin } = texts
  const low = alarms.flatMap((alarm) =>
    alarm._tag === "LowStock"
      ? [admin.lowStock(cut(texts.label(alarm.label), 40), alarm.remaining)]
      : [],
  )
  return {
    html: lines(
      bold(admin.lowStocks),
      ...low.slice(0, lowStocksMax).map((line) => html`• ${line}`),
      ...(low.length > lowStocksMax ? [html`…`] : []),
      html`${admin.lowStockAdvice}`,
    ),
    keyboard: [],
  }
}

/** The others are in /stock. */
const lowStocksMax = 30
