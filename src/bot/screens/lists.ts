/** What the screens about the stock are put together from: pages, refreshing, moments, names. */
import { type DateTime, Hash } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { dayOf, formatMoment, formatTime, serialOfDay } from "../../domain/Day.ts"
import type { Action } from "../buttons.ts"
import type { Button, Html, Keyboard } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut, tap, visibleLength } from "./parts.ts"

/** Leaves room for a heading, a headline and what stands under the list. */
const listMax = 3_000
/** A list of 25 lines is as long as a phone is high, twice. */
export const linesOnPage = 25
/** Buttons that a thumb reaches. */
export const buttonsOnPage = 20

const nameMax = 40

/** A file that was filled by hand may hold names of any length. */
export const resourceName = (resource: Resource, texts: Texts): string =>
  cut(texts.label(resource.label), nameMax)

/** Something of a list, and the button that belongs to it. */
export interface Entry {
  readonly html: Html
  readonly button?: Button
}

interface PageOf<One> {
  readonly entries: ReadonlyArray<One>
  readonly html: ReadonlyArray<Html>
  readonly buttons: ReadonlyArray<Button>
  /** The row that turns pages; none where there is one page. */
  readonly turning: Keyboard
}

/** A page that is not there any more is the last one. */
export const pageOf = <One extends Entry>(
  entries: ReadonlyArray<One>,
  wanted: number,
  countMax: number,
  to: (page: number) => Action,
): PageOf<One> => {
  const pages = packed(entries, countMax)
  const shown = Math.min(wanted, pages.length - 1)
  const entriesShown = pages[shown] ?? []
  const turn = (sign: string, page: number) =>
    page < 0 || page >= pages.length ? [] : [tap(sign, to(page))]
  const label = tap(`${shown + 1}/${pages.length}`, { _tag: "Noop" })
  return {
    entries: entriesShown,
    html: entriesShown.map(({ html }) => html),
    buttons: entriesShown.flatMap(({ button }) => button ?? []),
    turning: pages.length > 1 ? [[...turn("‹", shown - 1), label, ...turn("›", shown + 1)]] : [],
  }
}

/** As many on each page as its text and its buttons have room for; at least one page. */
const packed = <One extends Entry>(
  entries: ReadonlyArray<One>,
  countMax: number,
): ReadonlyArray<ReadonlyArray<One>> => {
  const pages: Array<Array<One>> = [[]]
  let length = 0
  for (const entry of entries) {
    const page = pages.at(-1)
    const own = visibleLength(entry.html) + 1
    if (page !== undefined && (page.length === 0 || fits(page.length, length + own, countMax))) {
      page.push(entry)
      length += own
    } else {
      pages.push([entry])
      length = own
    }
  }
  return pages
}

const fits = (count: number, length: number, countMax: number) =>
  count < countMax && length <= listMax

/** Tells two texts apart in a few characters of callback data. */
export const digestOf = (text: Html): string => (Hash.string(String(text)) >>> 0).toString(36)

/** What a screen is drawn with. */
export interface Scenery {
  readonly now: number
  readonly zone: DateTime.TimeZone
  readonly texts: Texts
}

/** The time alone where the day is the current one. */
export const sinceText = (at: number, { now, zone }: Scenery): string =>
  dayOf(at, zone) === dayOf(now, zone) ? formatTime(at, zone) : formatMoment(at, zone)

/** «14:32 завтра» */
export const untilText = (until: number, { now, zone, texts }: Scenery): string => {
  const time = formatTime(until, zone)
  switch (serialOfDay(dayOf(until, zone)) - serialOfDay(dayOf(now, zone))) {
    case 0:
      return texts.stock.today(time)
    case 1:
      return texts.stock.tomorrow(time)
    default:
      return formatMoment(until, zone)
  }
}

/** The resource that a command begins with, by its id, its name in any language or a tab of it. */
export const findNamed = (
  argument: string,
  resources: ReadonlyArray<Resource>,
): { readonly resource: Resource; readonly rest: string } | undefined => {
  const words = argument.split(/\s+/)
  for (let count = Math.min(words.length, wordsOfName); count > 0; count--) {
    const head = folded(words.slice(0, count).join(" "))
    const resource = resources.find(({ id, label, baseTabs }) =>
      [id, label.ru, label.en, ...baseTabs.map(({ title }) => title)].some(
        (name) => folded(name) === head,
      ),
    )
    if (resource !== undefined) return { resource, rest: words.slice(count).join(" ") }
  }
  return undefined
}

export const namesOf = (resources: ReadonlyArray<Resource>, texts: Texts): string =>
  cut(resources.map((resource) => resourceName(resource, texts)).join(", "), 700)

/** A name of more words than that is chosen with a button. */
const wordsOfName = 8

const folded = (text: string) =>
  text
    .toLowerCase()
    .replaceAll("ё", "е")
    .replaceAll(/\s+/g, " ")
    .replace(/[:,.]$/, "")
    .trim()
