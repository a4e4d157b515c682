/** Clearing and releasing: whose stock, what goes, what went, and what can be taken back. */
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Stock, Trash } from "../../pool/Contract.ts"
import type { Action } from "../Callback.ts"
import { bold, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  nameOf,
  pageOf,
  type Scenery,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"

export type Way = Extract<Action, { readonly _tag: "Empty" }>["way"]

export interface PoolStock {
  readonly resource: Resource
  readonly stock: Stock
}

/** Of a trash: its pool, and who made it. */
export interface TrashView {
  readonly resource: Resource
  readonly trash: Trash
  readonly by: string
}

/** Labels of a catalogue may be of any length. */
const partsMax = 1_500
const tabsMax = 300

/** `headline`: why the list comes instead of what was asked for. */
export const choiceScreen = (
  way: Way,
  pools: ReadonlyArray<PoolStock>,
  page: number,
  { texts }: Scenery,
  headline?: string,
): Screen => {
  const words = texts.stock[way]
  const entries = pools.map(({ resource, stock }) => {
    const text = `${nameOf(resource, texts)}: ${stock.available}`
    const action: Action = { _tag: "EmptyingOf", way, resource: resource.id }
    return { html: html`${text}`, button: tap(text, action) }
  })
  const to = (target: number): Action => ({ _tag: "Emptyings", way, page: target })
  const shown = pageOf(entries, page, buttonsOnPage, to)
  return {
    html: lines(
      ...(headline === undefined ? [] : [html`${headline}`, html``]),
      bold(words.title),
      html`${words.choose}`,
    ),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

/** What goes, and the button that lets just that go. `headline`: why it is drawn again. */
export const previewScreen = (
  way: Way,
  { resource, stock }: PoolStock,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock[way]
  const heading = [
    ...(headline === undefined ? [] : [html`${headline}`, html``]),
    bold(`${words.title}: ${nameOf(resource, texts)}`),
  ]
  const others = [tap(texts.stock.pause.all, { _tag: "Emptyings", way, page: 0 })]
  if (stock.available === 0) {
    return {
      html: lines(...heading, html`${words.nothing}`, untouchedText(stock, scenery)),
      keyboard: [others, menuBelow(texts)],
    }
  }
  const empty: Action = { _tag: "Empty", way, resource: resource.id, version: stock.version }
  return {
    html: lines(
      ...heading,
      html`${words.preview(stock.available)}`,
      ...partsOf(resource, stock, scenery),
      html``,
      untouchedText(stock, scenery),
      html`${words.after}`,
    ),
    keyboard: [
      [tap(`${words.confirm} ${stock.available}`, empty, "danger")],
      [tap(texts.stock.buffer.cancel, { _tag: "Cancel" })],
      others,
    ],
  }
}

const untouchedText = ({ pending, buffer, corrections }: Stock, { texts }: Scenery): Html =>
  html`${texts.stock.buffer.untouched(pending, buffer + corrections)}`

/** By variant, those that the day keeps back by themselves. */
const partsOf = (
  resource: Resource,
  { byVariant, onlyDay, hidden, available }: Stock,
  { texts }: Scenery,
): ReadonlyArray<Html> => {
  const words = texts.stock.buffer
  const day = onlyDay === null ? "" : ` ${words.ofDay(formatDay(onlyDay))}`
  const parts = Object.entries(byVariant).flatMap(([id, count]) => {
    if (count === 0) return []
    const variant = findVariant(resource, id)
    const other = resource.variants.length === 0 ? "" : texts.stock.overview.noVariant
    const name = variant === undefined ? other : texts.label(variant.label)
    return [`${name}${day}`.trim() === "" ? "" : `• ${`${name}${day}`.trim()}: ${count}`]
  })
  const hiddenPart = hidden === 0 ? [] : [`• ${words.otherDays}: ${hidden}`]
  const told = [...parts, ...hiddenPart].filter((part) => part !== "")
  return told.length === 0 || available === 0 ? [] : [html`${cut(told.join("\n"), partsMax)}`]
}

export const clearedScreen = (view: TrashView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const { resource, trash } = view
  return {
    html: lines(
      bold(`${texts.stock.clear.done}: ${nameOf(resource, texts)}`),
      html`${texts.stock.buffer.cleared(trash.count, untilText(trash.until, scenery))}`,
    ),
    keyboard: [[restoreButton(view, scenery)], menuBelow(texts)],
  }
}

export const releasedScreen = ({ resource, stock }: PoolStock, { texts }: Scenery): Screen => {
  const words = texts.stock.buffer
  const tabs = cut(resource.baseTabs.map(({ title }) => title).join(", "), tabsMax)
  const resume: Keyboard =
    stock.paused === null
      ? []
      : [[tap(texts.stock.pause.resume, { _tag: "Resume", resource: resource.id })]]
  return {
    html: lines(
      bold(`${texts.stock.release.done}: ${nameOf(resource, texts)}`),
      html`${stock.returning > 0 ? words.released(stock.returning, tabs) : words.arrived(tabs)}`,
      stock.paused === null ? undefined : html`${words.pausedSo}`,
    ),
    keyboard: [...resume, menuBelow(texts)],
  }
}

/** All that can be taken back, latest first. `headline`: what was just done. */
export const trashScreen = (
  views: ReadonlyArray<TrashView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock.undo
  const above = headline === undefined ? [] : [html`${headline}`, html``]
  if (views.length === 0) {
    return { ...notice(words.nothing, texts), html: lines(...above, html`${words.nothing}`) }
  }
  const entries = views.map((view) => ({
    html: lines(bold(nameOf(view.resource, texts)), trashText(view, scenery)),
    button: restoreButton(view, scenery, nameOf(view.resource, texts)),
  }))
  const shown = pageOf(entries, page, buttonsOnPage, (to) => ({ _tag: "Trashes", page: to }))
  return {
    html: lines(...above, bold(words.title), html``, ...shown.html),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

const trashText = ({ trash, by }: TrashView, scenery: Scenery): Html => {
  const words = scenery.texts.stock.undo
  const until = words.until(untilText(trash.until, scenery))
  return html`${words.line(trash.count, by, sinceText(trash.at, scenery))} ${until}`
}

/** `name` in a list, where it tells the buttons apart. */
const restoreButton = ({ resource, trash }: TrashView, { texts }: Scenery, name?: string) => {
  const text = `↩️ ${texts.stock.undo.restore} ${trash.count}`
  return tap(name === undefined ? text : `${text}: ${name}`, {
    _tag: "Restore",
    resource: resource.id,
    trash: trash.id,
  })
}
