/** «Мои выдачи», the history of a person, and the reminder of items that wait for a mark. */
import { type DateTime, Duration } from "effect"
import { historyPagesMax } from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { type Day, dayOf, formatDay, formatTime } from "../../domain/Day.ts"
import { type Issuance, type Request, type RequestKey, withheld } from "../../domain/Issuance.ts"
import { maskedIdentity } from "../../domain/masks.ts"
import type { Booked } from "../../store/Journal.ts"
import type { Action } from "../buttons.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { type BatchView, isOld, markText, statusText, whyText } from "./batchRules.ts"
import {
  batchPage,
  cut,
  grid,
  lines,
  menuBelow,
  messageMax,
  notice,
  tap,
  trailOf,
  visibleLength,
} from "./parts.ts"
import { takenParts, type TakenView } from "./proxyGet.ts"
import { waitParts, type WaitsView } from "./waits.ts"
import { asksVariant } from "./wizard.ts"

/** The numbers of lines to try, until the message has room for everything below them too. */
const lineCounts = [25, 20, 15, 10, 5]
/** More buttons than that are out of a thumb's reach. */
const markedButtonsMax = 12
const valueMax = 60
/** A list shows the beginning of a comment; the batch and the sheet have all of it. */
const commentShown = 40

/** When values are masked, as in the messages that show the items. */
type Hiding = Pick<BatchView, "hideAfter" | "now">

const isMasked = (markedAt: number | null, hiding: Hiding | undefined) =>
  hiding !== undefined && isOld(markedAt, hiding)

export interface MyView {
  readonly hiding?: Hiding
  /** Newest first. */
  readonly issuances: ReadonlyArray<Issuance>
  readonly resources: ReadonlyArray<Resource>
  readonly zone: DateTime.TimeZone
  /** The proxies that the person has taken. */
  readonly taken?: TakenView
  readonly waits?: WaitsView
}

/** What the person holds, and what they marked within the last day. */
export const my = (
  { issuances, resources, zone, taken: proxies, waits, hiding }: MyView,
  texts: Texts,
): Screen => {
  const known = issuances.flatMap((issuance) => {
    const resource = resources.find(({ id }) => id === issuance.item.resource)
    return resource === undefined ? [] : [{ issuance, resource }]
  })
  const taken = takenParts(proxies, texts)
  const waiting = waits === undefined ? nothing : waitParts(waits, texts)
  const history = tap(texts.employee.history.open, { _tag: "History", page: 0 })
  if (known.length + taken.text.length + waiting.text.length === 0) {
    return notice(texts.my.nothing, texts, [[history]])
  }
  const parts: Parts = { known, taken, waiting, zone, hiding }
  const count = lineCounts.find((each) => visibleLength(listText(parts, each, texts)) <= messageMax)
  const { pending, marked } = shownOf(parts, count ?? 0)
  return {
    html: listText(parts, count ?? 0, texts),
    keyboard: [
      ...batchButtons(pending, marked, zone, texts),
      ...waiting.buttons,
      ...taken.buttons,
      ...(pending.length === 0 ? [] : [[tap(texts.handing.button, { _tag: "Hand" })]]),
      [history, ...menuBelow(texts)],
    ],
  }
}

interface Parts extends Pick<MyView, "zone"> {
  readonly hiding: Hiding | undefined
  readonly known: ReadonlyArray<Known>
  readonly taken: ReturnType<typeof takenParts>
  readonly waiting: ReturnType<typeof waitParts>
}

const isPending = ({ issuance }: Known) => issuance.mark === null

/** The issuances that the list has lines for. Those that wait for a mark come first. */
const shownOf = ({ known }: Parts, count: number) => {
  const pending = known.filter(isPending).slice(0, count)
  const marked = known.filter((each) => !isPending(each)).slice(0, count - pending.length)
  return { pending, marked }
}

const listText = (parts: Parts, count: number, texts: Texts): Html => {
  const { known, taken, waiting } = parts
  const { pending, marked } = shownOf(parts, count)
  const open = known.filter(isPending).length
  const hidden = known.length - pending.length - marked.length
  const line = lineOf(parts, texts)
  return lines(
    bold(texts.my.title),
    ...(open > 0 ? [html``, bold(texts.my.pending(open))] : []),
    ...pending.map(line),
    ...(known.length > open ? [html``, bold(texts.my.marked(known.length - open))] : []),
    ...marked.map(line),
    hidden > 0 ? html`${texts.my.more(hidden)}` : undefined,
    ...waiting.text,
    ...taken.text,
  )
}

const nothing = { text: [], buttons: [] }

/**
 * A batch is named by the number of its message modulo this, to fit a page number. The messages of
 * one chat within a day are far fewer, so the remainder is unambiguous.
 */
const pages = 10_000

/** The button that shows the batch once more. */
export const batchAction = (key: RequestKey): Action => ({
  _tag: "Page",
  screen: batchPage,
  page: messageIdOf(key) % pages,
})

/** Whether a button with that page number names the batch. */
export const isBatchPage = (key: RequestKey, page: number) => messageIdOf(key) % pages === page

interface Known {
  readonly issuance: Issuance
  readonly resource: Resource
}

/** Every batch that waits for a mark, and of the others as many as there is room for. */
const batchButtons = (
  pending: ReadonlyArray<Known>,
  marked: ReadonlyArray<Known>,
  zone: DateTime.TimeZone,
  texts: Texts,
) => {
  const first = new Map<RequestKey, Known>()
  for (const each of pending) {
    if (!first.has(each.issuance.request)) first.set(each.issuance.request, each)
  }
  for (const each of marked) {
    if (first.size >= markedButtonsMax) break
    if (!first.has(each.issuance.request)) first.set(each.issuance.request, each)
  }
  return grid(
    [...first.entries()].map(([key, { issuance, resource }]) =>
      tap(
        `📄 ${nameOf({ issuance, resource }, texts)} · ${formatTime(issuance.issuedAt, zone)}`,
        batchAction(key),
      ),
    ),
    1,
  )
}

const messageIdOf = (key: RequestKey) => Number(key.slice(key.indexOf(":") + 1))

const nameOf = ({ issuance, resource }: Known, texts: Texts) =>
  trailOf(texts.label(resource.label), issuance.region)

const lineOf =
  ({ zone, hiding }: Pick<Parts, "zone" | "hiding">, texts: Texts) =>
  ({ issuance, resource }: Known): Html => {
    const { mark, item, confirmAt, issuedAt } = issuance
    const state =
      mark !== null
        ? `${markText(resource, mark, texts)}${cut(whyText(resource, mark, texts), commentShown)}`
        : resource.autoStatus === null
          ? texts.batch.unclear
          : `⏳ ${texts.batch.confirmsAt(formatTime(confirmAt, zone))}`
    const identity = item.fields[resource.identity] ?? ""
    const value = isMasked(mark?.at ?? null, hiding)
      ? html`${cut(maskedIdentity(identity, resource), valueMax)}`
      : code(cut(identity, valueMax))
    const place = nameOf({ issuance, resource }, texts)
    return joinHtml(
      [html`${formatTime(issuedAt, zone)}`, html`${place}`, value, html`${state}`],
      " · ",
    )
  }

export const historyPageSize = 20
const historyNameMax = 30

export interface HistoryView {
  readonly hiding?: Hiding
  /** The newest first, as many as `rowsFor` asks for. */
  readonly rows: ReadonlyArray<Booked>
  readonly page: number
  /** All resources, even those that are not handed out any more. An unknown one shows its id. */
  readonly resources: ReadonlyArray<Resource>
  readonly zone: DateTime.TimeZone
}

/** The rows that a page needs: up to its own end, and one more to tell that there are others. */
export const rowsFor = (page: number): number => (page + 1) * historyPageSize + 1

/**
 * A page of everything that was ever issued to a person, under the days of issue. A page beyond the
 * last one shows the last.
 */
export const history = (view: HistoryView, texts: Texts): Screen => {
  const words = texts.employee.history
  const { rows } = view
  if (rows.length === 0) return notice(words.empty, texts)
  const last = Math.ceil(rows.length / historyPageSize) - 1
  const page = Math.min(view.page, last)
  const isCut = page === historyPagesMax - 1 && last > page
  const shown = rows.slice(page * historyPageSize, (page + 1) * historyPageSize)
  return {
    html: lines(
      bold(words.title),
      ...daysOf(shown, view, texts),
      ...(isCut ? [html``, html`${words.earlier(historyPagesMax * historyPageSize)}`] : []),
    ),
    keyboard: [
      ...turning(page, last > page && !isCut, texts),
      [tap(texts.menu.my, { _tag: "My" }), ...menuBelow(texts)],
    ],
  }
}

const turning = (page: number, hasMore: boolean, texts: Texts): Keyboard => {
  if (page === 0 && !hasMore) return []
  return [
    [
      ...(page > 0 ? [tap("‹", to(page - 1))] : []),
      tap(texts.employee.history.page(page + 1), to(page)),
      ...(hasMore ? [tap("›", to(page + 1))] : []),
    ],
  ]
}

const to = (page: number): Action => ({ _tag: "History", page })

const daysOf = (
  rows: ReadonlyArray<Booked>,
  view: HistoryView,
  texts: Texts,
): ReadonlyArray<Html> => {
  const days = Map.groupBy(rows, ({ issuedAt }): Day => dayOf(issuedAt, view.zone))
  return [...days].flatMap(([day, ofDay]) => [
    html``,
    bold(formatDay(day)),
    ...ofDay.map((row) => issuanceLine(row, view, texts)),
  ])
}

const issuanceLine = (row: Booked, view: HistoryView, texts: Texts): Html => {
  const { resources, zone } = view
  const resource = resources.find(({ id }) => id === row.resource)
  const name = resource === undefined ? row.resource : texts.label(resource.label)
  const variant = variantOf(row, resource, texts)
  const place = trailOf(
    cut(name, historyNameMax),
    cut(row.region, historyNameMax),
    ...(variant === null ? [] : [cut(variant, historyNameMax)]),
  )
  return joinHtml(
    [
      html`${formatTime(row.issuedAt, zone)}`,
      html`${place}`,
      isMasked(finishedAt(row), view.hiding)
        ? html`${cut(maskedIdentity(row.key, resource), valueMax)}`
        : code(cut(row.key, valueMax)),
      html`${statusOf(row, resource, texts)}${cut(whyText(resource, row, texts), commentShown)}`,
    ],
    " · ",
  )
}

/** Of a row from before the bot nobody knows when it was marked. */
const finishedAt = ({ status, markedAt, issuedAt }: Booked) =>
  status === null ? null : (markedAt ?? issuedAt)

/** The variant, for resources whose people are asked for one. */
const variantOf = ({ variant }: Booked, resource: Resource | undefined, texts: Texts) => {
  if (variant === null || (resource !== undefined && !asksVariant(resource))) return null
  const known = resource?.variants.find(({ id }) => id === variant)
  return known === undefined ? variant : texts.label(known.label)
}

const statusOf = ({ status, auto }: Booked, resource: Resource | undefined, texts: Texts) => {
  const words = texts.employee.history
  if (status === null) return words.pending
  const known = resource === undefined ? undefined : findStatus(resource, status)
  if (known === undefined && status === withheld) return words.withheld
  const text = cut(known === undefined ? status : statusText(known, texts), historyNameMax)
  return auto ? texts.batch.automatic(text) : text
}

/** What the books say of an item that an admin took into quarantine. */

const nameMax = 40

export interface ReminderView {
  readonly request: Request
  readonly resource: Resource
  /** How long it takes until the timer marks them. */
  readonly left: Duration.Duration
  /** The time of day when it does, because a silent message may be read late. */
  readonly time: string
  readonly count: number
}

/** Says that the timer is about to mark a batch. It names no value of an item. */
export const reminderScreen = (
  { request, resource, left, time, count }: ReminderView,
  texts: Texts,
): Screen => {
  const words = texts.employee.reminder
  const place = trailOf(cut(texts.label(resource.label), nameMax), request.region)
  const what = `${place}, ${texts.wizard.pieces(count)}`
  const minutes = Math.round(Duration.toMinutes(left))
  const text = minutes < 1 ? words.atOnce(time, what) : words.soon(minutes, time, what)
  return { html: html`${text}`, keyboard: [[tap(words.show, batchAction(request.key))]] }
}
