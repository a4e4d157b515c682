/** Lists that turn pages, and how their lines name resources and moments. */
import { Clock, type DateTime, Effect, Hash } from "effect"
import type { Column, Resource } from "../../domain/Catalogue.ts"
import { dayOf, formatMoment, formatTime, serialOfDay } from "../../domain/Day.ts"
import { foldName } from "../../domain/identity.ts"
import type { Action } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Button, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut, grid, lines, menuBelow, saying, tap, visibleLength } from "./parts.ts"

/** Leaves room in a message for the heading, a headline and what stands under the list. */
const listMax = 3_000
/** A list of 25 lines is about two phone screens high. */
export const linesOnPage = 25
/** More buttons than that are out of the thumb's reach. */
export const buttonsOnPage = 20

/** One thing of a list: its lines in the text and its buttons. Either may be missing. */
export interface Entry {
  readonly html?: Html
  readonly buttons?: ReadonlyArray<Button>
}

interface List {
  /** What was just done, or why this list comes instead of what was asked for. */
  readonly headline?: string | undefined
  /** The lines above the entries. */
  readonly heading: ReadonlyArray<Html>
  readonly entries: ReadonlyArray<Entry>
  /** Stands in place of the heading where the list has no entries. */
  readonly empty?: string
  /** The last lines of the text, whether there are entries or not. */
  readonly closing?: ReadonlyArray<Html>
  /** The page that was asked for; the last one is shown where the list has become shorter. */
  readonly page: number
  /** How many entries a page has at most; long entries make it fewer. */
  readonly perPage: number
  /** The button that turns to a page. */
  readonly to: (page: number) => Action
  /** How many buttons stand in a row; one unless it is said. */
  readonly width?: number
  /** Rows between the turning row and the way to the menu; the text is for a refresh button. */
  readonly below?: (text: Html) => Keyboard
}

/** A list in pages: heading and entries, their buttons, the turning row, and the way to the menu. */
export const listScreen = (list: List, texts: Texts): Screen => {
  const { entries, empty, closing = [], width = 1, below } = list
  const pages = packed(entries, list.perPage)
  const page = Math.min(list.page, pages.length - 1)
  const shown = pages[page] ?? []
  const text = lines(
    ...(entries.length === 0 && empty !== undefined ? [html`${empty}`] : list.heading),
    ...shown.map((entry) => entry.html),
    ...closing,
  )
  const buttons = shown.flatMap((entry) => entry.buttons ?? [])
  return headed(list.headline, {
    html: text,
    keyboard: [
      ...grid(buttons, width),
      ...pager({ page, pages: pages.length }, list.to),
      ...(below?.(text) ?? []),
      menuBelow(texts),
    ],
  })
}

/** Pages with as many entries as their text and their buttons have room for; at least one page. */
const packed = (
  entries: ReadonlyArray<Entry>,
  countMax: number,
): ReadonlyArray<ReadonlyArray<Entry>> => {
  const pages: Array<Array<Entry>> = [[]]
  let length = 0
  for (const entry of entries) {
    const page = pages.at(-1)
    const own = entry.html === undefined ? 0 : visibleLength(entry.html) + 1
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

/** The part of a list that a page of a fixed size shows; a page past the end is the last one. */
export const pageOf = <A>(all: ReadonlyArray<A>, asked: number, size: number) => {
  const pages = Math.max(Math.ceil(all.length / size), 1)
  const page = Math.min(asked, pages - 1)
  return { page, pages, shown: all.slice(page * size, (page + 1) * size) }
}

/** The turning row, `‹ 2/7 ›`, whose middle draws this page anew; no row where all fits on one. */
export const pager = (
  { page, pages }: { readonly page: number; readonly pages: number },
  to: (page: number) => Action,
): Keyboard =>
  pages <= 1
    ? []
    : [
        [
          ...(page > 0 ? [tap("‹", to(page - 1))] : []),
          tap(`${page + 1}/${pages}`, to(page)),
          ...(page < pages - 1 ? [tap("›", to(page + 1))] : []),
        ],
      ]

/** The screen under a sentence that says why it is drawn, where there is such a sentence. */
export const headed = (headline: string | undefined, screen: Screen): Screen =>
  headline === undefined ? screen : saying(headline, screen)

/** A few characters that tell two texts apart, short enough for callback data. */
export const digestOf = (text: Html): string => (Hash.string(String(text)) >>> 0).toString(36)

/** What a screen is drawn with. */
export interface Scenery {
  readonly now: number
  readonly zone: DateTime.TimeZone
  readonly texts: Texts
}

/** The scenery of this moment, in the language of whoever is answered. */
export const sceneryNow = (zone: DateTime.TimeZone) =>
  Effect.gen(function* () {
    const scenery: Scenery = { now: yield* Clock.currentTimeMillis, zone, texts: yield* Wording }
    return scenery
  })

const nameMax = 40

/** The name of a resource, cut: a file that was filled by hand may hold names of any length. */
export const resourceName = (resource: Resource, texts: Texts): string =>
  cut(texts.label(resource.label), nameMax)

/** A column as people call it on their screens. The sheet has its header. */
export const columnLabel = ({ header, label }: Column, texts: Texts): string =>
  label === undefined ? header : texts.label(label)

/** The same for a header or an alias in a tab; what no column of the catalogue has stays as it is. */
export const headerLabel = (
  header: string,
  resource: Resource | undefined,
  texts: Texts,
): string => {
  const known = resource?.columns.find((column) =>
    [column.header, ...column.aliases].some((name) => foldName(name) === foldName(header)),
  )
  return known?.label === undefined ? header : texts.label(known.label)
}

/** «14:32», and with its date on any other day than the current one. */
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

/** The resource that a command names first: by its id, its name in any language or one of its tabs. */
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

/** A resource whose name has more words than that can only be chosen with a button. */
const wordsOfName = 8

const folded = (text: string) =>
  text
    .toLowerCase()
    .replaceAll("ё", "е")
    .replaceAll(/\s+/g, " ")
    .replace(/[:,.]$/, "")
    .trim()
