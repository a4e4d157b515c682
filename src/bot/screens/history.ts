/** Everything that was ever issued to a person, a page at a time, under the days it was issued on. */
import type { DateTime } from "effect"
import { historyPagesMax } from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { type Day, dayOf, formatDay, formatTime } from "../../domain/Day.ts"
import type { Booked } from "../../store/Journal.ts"
import type { Action } from "../Callback.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { statusText } from "./batchRules.ts"
import { cut, lines, menuBelow, notice, tap, trailOf } from "./parts.ts"
import { asksVariant } from "./wizard.ts"

export const historyPageSize = 20

/** Twenty lines of the longest values and names fit one message. */
const valueMax = 60
const nameMax = 30

export interface HistoryView {
  /** The newest first, up to one row behind the page: that one tells that there are more. */
  readonly rows: ReadonlyArray<Booked>
  readonly page: number
  /** Also those that nobody asks for any more; what is none is shown by its id. */
  readonly resources: ReadonlyArray<Resource>
  readonly zone: DateTime.TimeZone
}

/** How many rows a page needs to be drawn. */
export const rowsFor = (page: number): number => (page + 1) * historyPageSize + 1

/** A page that is not there any more is the last one. */
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
      ...turning(page, last > page && !isCut),
      [tap(texts.menu.my, { _tag: "My" }), ...menuBelow(texts)],
    ],
  }
}

const turning = (page: number, hasMore: boolean): Keyboard => {
  if (page === 0 && !hasMore) return []
  return [
    [
      ...(page > 0 ? [tap("‹", to(page - 1))] : []),
      tap(String(page + 1), { _tag: "Noop" }),
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
    ...ofDay.map((row) => lineOf(row, view, texts)),
  ])
}

const lineOf = (row: Booked, { resources, zone }: HistoryView, texts: Texts): Html => {
  const resource = resources.find(({ id }) => id === row.resource)
  const name = resource === undefined ? row.resource : texts.label(resource.label)
  const variant = variantOf(row, resource, texts)
  const place = trailOf(
    cut(name, nameMax),
    cut(row.region, nameMax),
    ...(variant === null ? [] : [cut(variant, nameMax)]),
  )
  return joinHtml(
    [
      html`${formatTime(row.issuedAt, zone)}`,
      html`${place}`,
      code(cut(row.key, valueMax)),
      html`${statusOf(row, resource, texts)}`,
    ],
    " · ",
  )
}

/** Only where people are asked for it. */
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
  const text = cut(known === undefined ? status : statusText(known, texts), nameMax)
  return auto ? texts.batch.automatic(text) : text
}

/** What the books say of an item that an admin took into quarantine. */
const withheld = "withheld"
