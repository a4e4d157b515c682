/** What admins read about rows that somebody changed by hand. Nothing of an item is in it. */
import { type DateTime, Duration } from "effect"
import { correctionWindow } from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { dayOf, formatMoment, formatTime } from "../../domain/Day.ts"
import type { Choice, Found, HandEdit, NoticedEdit } from "../../domain/HandEdit.ts"
import { bold, type Button, code, html, type Screen } from "../Screen.ts"
import { markText, statusText } from "../screens/batchRules.ts"
import { cut, lines, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export interface EditView {
  readonly resource: Resource
  readonly edit: HandEdit
  /** Who set the mark; "" for the timer. */
  readonly markedBy: string
  readonly now: number
  readonly zone: DateTime.TimeZone
}

export const openEdit = (view: EditView, texts: Texts): Screen => ({
  html: cardText(view, texts),
  keyboard: buttonsOf(view, texts),
})

/** `outcome`: who decided what and when, or that nothing is left to decide. */
export const closedEdit = (view: EditView, outcome: string, texts: Texts): Screen => ({
  html: lines(cardText(view, texts), html``, html`${outcome}`),
  keyboard: [],
})

/** One message where there would be dozens of cards. */
export const manyEdits = (edits: ReadonlyArray<HandEdit>, { checks: { edits: words } }: Texts) => {
  const tabs = [...Map.groupBy(edits, ({ tab }) => tab)].map(([tab, own]) => {
    const counts = [...Map.groupBy(own, ({ found }) => found._tag)].map(([tag, some]) =>
      words.counted[tag](some.length),
    )
    return html`• ${cut(tab, nameMax)}: ${counts.join(", ")}`
  })
  const screen: Screen = {
    html: lines(
      bold(words.many(edits.length)),
      ...tabs.slice(0, tabsMax),
      html`${words.manyAdvice}`,
    ),
    keyboard: [],
  }
  return screen
}

/** What the sheet says can only be taken over if it is a status, and not too late. */
export const choicesFor = ({ found, mark }: HandEdit, now: number): ReadonlyArray<Choice> => {
  const isInTime = now <= mark.at + Duration.toMillis(correctionWindow)
  const canFollow = found._tag === "Status" && found.status !== null && isInTime
  return canFollow ? ["sheet", "bot"] : ["bot", "keep"]
}

export const outcomeText = (
  { edit, decision }: NoticedEdit,
  by: string,
  zone: DateTime.TimeZone,
  { checks: { edits: words } }: Texts,
): string =>
  decision === null
    ? words.over
    : words.decided(
        words.done[
          edit.found._tag === "Gone" && decision.choice === "bot" ? "again" : decision.choice
        ],
        by,
        formatMoment(decision.at, zone),
      )

const nameMax = 60
/** A catalogue has no more tabs than fit. */
const tabsMax = 30

const cardText = ({ resource, edit, markedBy, now, zone }: EditView, texts: Texts) => {
  const { edits: words } = texts.checks
  const { tab, row, issuance, stage, issuedAt, mark, found } = edit
  const at = dayOf(mark.at, zone) === dayOf(now, zone) ? formatTime : formatMoment
  return lines(
    bold(words.title[found._tag]),
    html``,
    html`${words.place(cut(tab, nameMax), row)}`,
    html`ID ${code(issuance)}`,
    html`${words.issued(cut(stage, nameMax), formatMoment(issuedAt, zone))}`,
    html`${words.bot(markText(resource, mark, texts), cut(markedBy, nameMax), at(mark.at, zone))}`,
    html`${words.sheet(saidBy(resource, found, texts))}`,
  )
}

/** A text that is no status may be anything, a password too: it is not repeated. */
const saidBy = (resource: Resource, found: Found, texts: Texts): string => {
  const { edits: words } = texts.checks
  switch (found._tag) {
    case "Status": {
      if (found.isBlank) return words.blank
      const status = found.status === null ? undefined : findStatus(resource, found.status)
      return status === undefined ? words.unknown : statusText(status, texts)
    }
    case "Value":
      return words.otherItem(cut(found.column, nameMax))
    case "Gone":
      return words.gone
  }
}

const buttonsOf = ({ edit, now }: EditView, { checks: { edits: words } }: Texts) => {
  const { issuance, digest, found } = edit
  const choices = choicesFor(edit, now)
  return choices.map((choice): ReadonlyArray<Button> => {
    const isSides = choices.includes("sheet")
    const label =
      choice === "bot" ? words.bots[isSides ? "right" : found._tag] : words.buttons[choice]
    return [tap(label, { _tag: "EditDecide", issuance, digest, choice })]
  })
}
