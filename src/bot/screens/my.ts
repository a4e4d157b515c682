/** What a person holds, and what they marked within the last day. */
import type { DateTime } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { formatTime } from "../../domain/Day.ts"
import type { Issuance, RequestKey } from "../../domain/Issuance.ts"
import type { Action } from "../Callback.ts"
import { bold, code, type Html, html, joinHtml, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { markText } from "./batchRules.ts"
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
import { takenParts, type TakenView } from "./proxyGoods.ts"
import { waitParts, type WaitsView } from "./waiting.ts"

/** As many lines of goods as fit one message with all that stands below them. */
const lineCounts = [25, 20, 15, 10, 5]
/** Within reach of a thumb. */
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
  const parts: Parts = { known, taken, waiting, zone }
  const count = lineCounts.find((each) => visibleLength(listText(parts, each, texts)) <= messageMax)
  const { pending, marked } = shownOf(parts, count ?? 0)
  return {
    html: listText(parts, count ?? 0, texts),
    keyboard: [
      ...batchButtons(pending, marked, zone, texts),
      ...waiting.buttons,
      ...taken.buttons,
      [history, ...menuBelow(texts)],
    ],
  }
}

interface Parts extends Pick<MyView, "zone"> {
  readonly known: ReadonlyArray<Known>
  readonly taken: ReturnType<typeof takenParts>
  readonly waiting: ReturnType<typeof waitParts>
}

const isPending = ({ issuance }: Known) => issuance.mark === null

/** What waits for a mark goes before what was marked. */
const shownOf = ({ known }: Parts, count: number) => {
  const pending = known.filter(isPending).slice(0, count)
  const marked = known.filter((each) => !isPending(each)).slice(0, count - pending.length)
  return { pending, marked }
}

const listText = (parts: Parts, count: number, texts: Texts): Html => {
  const { known, taken, waiting, zone } = parts
  const { pending, marked } = shownOf(parts, count)
  const open = known.filter(isPending).length
  const hidden = known.length - pending.length - marked.length
  const line = lineOf(zone, texts)
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
