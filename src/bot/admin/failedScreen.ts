/**
 * /failed: rows that Google refuses, what leaving one out means, and what was left out.
 *
 * Of an item nothing is shown: the sheet and the journal know the row by the id.
 */
import { type Issuance, placeOf } from "../../domain/Issuance.ts"
import type { Action } from "../Callback.ts"
import { bold, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import { markText } from "../screens/batchRules.ts"
import { digestOf, nameOf, pageOf, type Scenery, sinceText, untilText } from "../screens/lists.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type FailedView, untilOf, type UnwrittenView } from "./failedRows.ts"

/** A row takes three lines and two buttons. */
const rowsOnPage = 8
/** Files and catalogues that were filled by hand may hold any text. */
const stageMax = 32
const tabMax = 60
const markMax = 40
const reasonMax = 200

/** `unwritten`: how many rows were left out and can be taken back. `headline`: why it is drawn. */
export const failedScreen = (
  views: ReadonlyArray<FailedView>,
  unwritten: number,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.failed
  const entries = views.map((view, index) => ({
    html: lines(html``, failedText(view, index + 1, scenery)),
    buttons: [
      tap(words.retry(index + 1), { _tag: "FailedRetry", ...targetOf(view) }),
      tap(words.drop(index + 1), { _tag: "FailedAsk", ...targetOf(view) }),
    ],
  }))
  const shown = pageOf(entries, page, rowsOnPage, leadsTo)
  const text = lines(
    ...above(headline),
    ...(views.length === 0
      ? [html`${words.nothing}`]
      : [bold(words.title(views.length)), html`${words.hint}`, ...shown.html]),
  )
  return {
    html: text,
    keyboard: [
      ...shown.entries.map(({ buttons }) => buttons),
      ...shown.turning,
      ...(views.length > 1 ? [[tap(words.retryAll, { _tag: "FailedRetryAll" })]] : []),
      ...unwrittenRow(unwritten, texts),
      [tap(texts.stock.refresh, leadsTo(page, digestOf(text)))],
      menuBelow(texts),
    ],
  }
}

const leadsTo = (page: number, seen = ""): Action => ({ _tag: "Failed", page, seen })

/** What will be missing, and the button that lets it be missing. */
export const dropScreen = (view: FailedView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { ask, back } = texts.failed
  const { issuance, row } = view
  const marks = marksOf(view, texts)
  return {
    html: lines(
      bold(ask.title),
      ...rowLines(view, scenery),
      html``,
      html`${placeOf(issuance) === "correction" ? ask.staying(marks.row, marks.mark) : ask.missing}`,
      html`${ask.meaning}`,
      html``,
      html`${texts.failed.reason(cut(row.message, reasonMax))}`,
    ),
    keyboard: [
      [tap(ask.confirm, { _tag: "FailedDrop", ...targetOf(view) }, "danger")],
      [tap(back, leadsTo(0))],
      menuBelow(texts),
    ],
  }
}

/** One row that was left out; `by` is the admin who decided so. */
export const droppedScreen = (view: UnwrittenView, by: string, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { back, unwritten } = texts.failed
  return {
    html: lines(bold(unwritten.one), ...rowLines(view, scenery), decisionText(view, by, scenery)),
    keyboard: [
      [tap(unwritten.restore, { _tag: "UnwrittenBack", ...targetOf(view) })],
      [tap(back, leadsTo(0))],
      menuBelow(texts),
    ],
  }
}

/** All that were left out; `by` is the admin who decided so. */
export const unwrittenScreen = (
  views: ReadonlyArray<UnwrittenView & { readonly by: string }>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const { back, unwritten: words } = texts.failed
  const entries = views.map((view, index) => ({
    html: lines(
      html``,
      html`${index + 1}. ${lines(...rowLines(view, scenery))}`,
      decisionText(view, view.by, scenery),
    ),
    button: tap(words.restoreOne(index + 1), { _tag: "UnwrittenBack", ...targetOf(view) }),
  }))
  const shown = pageOf(entries, page, rowsOnPage, (to) => ({ _tag: "Unwritten", page: to }))
  return {
    html: lines(
      ...above(headline),
      ...(views.length === 0 ? [html`${words.nothing}`] : [bold(words.title), ...shown.html]),
    ),
    keyboard: [
      ...shown.buttons.map((button) => [button]),
      ...shown.turning,
      [tap(back, leadsTo(0))],
      menuBelow(texts),
    ],
  }
}

/** The screen of the trash, with the way to what was left out. */
export const withUnwritten = (
  screen: Screen,
  count: number,
  isTrashEmpty: boolean,
  texts: Texts,
): Screen => {
  if (count === 0) return screen
  const row = unwrittenRow(count, texts)
  return isTrashEmpty
    ? notice(texts.failed.unwritten.only, texts, row)
    : { ...screen, keyboard: [...screen.keyboard.slice(0, -1), ...row, menuBelow(texts)] }
}

const unwrittenRow = (count: number, texts: Texts): Keyboard =>
  count === 0 ? [] : [[tap(texts.failed.unwritten.open(count), { _tag: "Unwritten", page: 0 })]]

type RowView = Pick<FailedView, "resource" | "issuance">

const targetOf = ({ resource, issuance }: RowView) => ({
  resource: resource.id,
  issuance: issuance.id,
})

const above = (headline: string | undefined): ReadonlyArray<Html> =>
  headline === undefined ? [] : [html`${headline}`, html``]

const failedText = (view: FailedView, number: number, scenery: Scenery): Html => {
  const { failed: words } = scenery.texts
  const { attempts, since, message } = view.row
  return lines(
    html`${number}. ${lines(...rowLines(view, scenery))}`,
    html`${words.refused(attempts, sinceText(since, scenery))}. ${words.reason(cut(message, reasonMax))}`,
  )
}

/** Where it belongs, and whose it is. */
const rowLines = (view: RowView, scenery: Scenery): ReadonlyArray<Html> => {
  const { texts } = scenery
  const { failed: words } = texts
  const { resource, issuance } = view
  const place = words.place(nameOf(resource, texts), cut(resource.issuedTab, tabMax))
  const marks = marksOf(view, texts)
  const isNew = issuance.row === null
  return [
    html`${place}, ${isNew ? words.isNew : words.isCorrection}`,
    joinHtml(
      [
        html`${cut(issuance.stage, stageMax)}`,
        html`${words.issued(sinceText(issuance.issuedAt, scenery))}`,
        html`${isNew ? marks.mark : words.changed(marks.row, marks.mark)}`,
        html`ID ${issuance.id}`,
      ],
      " · ",
    ),
  ]
}

/** What the issuance says and what the sheet does; "–" where that is nothing. */
const marksOf = ({ resource, issuance: { mark, row } }: RowView, texts: Texts) => {
  const text = (one: Issuance["mark"]) =>
    one === null ? "–" : cut(markText(resource, one, texts), markMax)
  return { mark: text(mark), row: text(row) }
}

const decisionText = ({ abandoned }: UnwrittenView, by: string, scenery: Scenery): Html => {
  const { unwritten: words } = scenery.texts.failed
  const decided = words.decided(by, sinceText(abandoned.at, scenery))
  return html`${decided} ${words.until(untilText(untilOf(abandoned), scenery))}`
}
