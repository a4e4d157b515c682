/** What a person holds, and what they marked within the last day. */
import type { DateTime } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { formatTime } from "../../domain/Day.ts"
import type { Issuance, RequestKey } from "../../domain/Issuance.ts"
import type { Action } from "../Callback.ts"
import { bold, code, type Html, html, joinHtml } from "../Html.ts"
import type { Screen } from "../Keyboard.ts"
import type { Texts } from "../texts/Texts.ts"
import { markText } from "./batchRules.ts"
import { batchPage, cut, grid, lines, menuBelow, notice, tap, trailOf } from "./parts.ts"
import { waitParts, type WaitsView } from "./waiting.ts"
import { takenParts, type TakenView } from "./proxyGoods.ts"

/** Keep the list within one message and the buttons within reach of a thumb. */
const linesMax = 25
const markedButtonsMax = 12
const valueMax = 60

export interface MyView {
  /** Newest first. */
  readonly issuances: ReadonlyArray<Issuance>
  readonly resources: ReadonlyArray<Resource>
  readonly zone: DateTime.TimeZone
  /** What the person took of the proxies. */
  readonly taken?: TakenView
  readonly waits?: WaitsView
}

export const my = (
  { issuances, resources, zone, taken: proxies, waits }: MyView,
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
  const pending = known.filter(({ issuance }) => issuance.mark === null)
  const marked = known.filter(({ issuance }) => issuance.mark !== null)
  const shownMarked = marked.slice(0, Math.max(linesMax - pending.length, 0))
  const shownPending = pending.slice(0, linesMax)
  const hidden = known.length - shownPending.length - shownMarked.length
  const line = lineOf(zone, texts)
  return {
    html: lines(
      bold(texts.my.title),
      ...(pending.length > 0 ? [html``, bold(texts.my.pending(pending.length))] : []),
      ...shownPending.map(line),
      ...(marked.length > 0 ? [html``, bold(texts.my.marked(marked.length))] : []),
      ...shownMarked.map(line),
      hidden > 0 ? html`${texts.my.more(hidden)}` : undefined,
      ...waiting.text,
      ...taken.text,
    ),
    keyboard: [
      ...batchButtons(shownPending, shownMarked, zone, texts),
      ...waiting.buttons,
      ...taken.buttons,
      [history, ...menuBelow(texts)],
    ],
  }
}

const nothing = { text: [], buttons: [] }

/** Of a button's page number: message numbers of one chat within a day never differ by that much. */
const pages = 10_000

/** Shows the batch once more. */
export const batchAction = (key: RequestKey): Action => ({
  _tag: "Page",
  screen: batchPage,
  page: messageIdOf(key) % pages,
})

/** Does the batch belong to the page that a button names? */
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
  (zone: DateTime.TimeZone, texts: Texts) =>
  ({ issuance, resource }: Known): Html => {
    const { mark, item, confirmAt, issuedAt } = issuance
    const state =
      mark !== null
        ? markText(resource, mark, texts)
        : resource.autoStatus === null
          ? texts.batch.unclear
          : `⏳ ${texts.batch.confirmsAt(formatTime(confirmAt, zone))}`
    const value = cut(item.fields[resource.identity] ?? "", valueMax)
    const place = nameOf({ issuance, resource }, texts)
    return joinHtml(
      [html`${formatTime(issuedAt, zone)}`, html`${place}`, code(value), html`${state}`],
      " · ",
    )
  }
