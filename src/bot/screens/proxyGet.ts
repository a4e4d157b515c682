/**
 * The way to a proxy: what for, where, which one, and the minutes in which it is reserved.
 *
 * Nothing is remembered between the steps: every button carries all that was chosen before it.
 * Addresses stay masked until the proxy is taken.
 */
import type { DateTime } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { countryName } from "../../domain/countries.ts"
import { type Day, formatTime } from "../../domain/Day.ts"
import type { CountryCode, Proxy, Release, Reservation } from "../../domain/Proxy.ts"
import type { Action } from "../Callback.ts"
import { bold, type Button, html, type Keyboard, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut, grid, lines, menuBelow, tap, page as textPage, trailOf } from "./parts.ts"
import {
  bitsOf,
  countryText,
  daysLeft,
  maskedName,
  pageOf,
  pager,
  throughText,
} from "./proxyParts.ts"
import { targetButtons, targetLabels, targetsOf } from "./targets.ts"
import { wayOut } from "./wizard.ts"

const proxiesOnPage = 8

/** Telegram takes a hundred buttons, and some of them lead back. */
const countriesMax = 90

/** Twelve long names would fill the message. */
const targetsTextMax = 300

export const proxyMenu = (free: number, texts: Texts): Screen => ({
  html: textPage(texts.proxies.title, texts.proxies.free(free)),
  keyboard: [
    [
      tap(texts.proxies.get, { _tag: "ProxyTargets", targets: 0 }),
      tap(texts.proxies.add, { _tag: "ProxyAdd" }),
    ],
    [tap(texts.wizard.back, { _tag: "Menu" })],
  ],
})

export const targetsStep = (resource: Resource, targets: number, texts: Texts): Screen => ({
  html: textPage(trail({ resource, targets }, texts), texts.proxies.getting.chooseTargets),
  keyboard: [
    ...targetButtons(resource, targets, (bits) => ({ _tag: "ProxyTargets", targets: bits }), texts),
    [
      tap(
        texts.proxies.getting.show,
        { _tag: "ProxyStock", targets },
        targets === 0 ? "plain" : "primary",
      ),
    ],
    wayOut({ _tag: "Group", group: "proxies" }, texts),
  ],
})

interface Wish {
  readonly resource: Resource
  /** As bits, see targets.ts. */
  readonly targets: number
}

export interface StockView extends Wish {
  /** For all of the targets. */
  readonly free: ReadonlyArray<Proxy>
}

/** Countries that have some, with how many. */
export const stockStep = ({ resource, targets, free }: StockView, texts: Texts): Screen => {
  const { getting } = texts.proxies
  const counts = [...Map.groupBy(free, ({ country }) => country)]
    .map(([country, { length }]) => ({ country, count: length }))
    .toSorted((a, b) => b.count - a.count)
  const shown = counts.slice(0, countriesMax).toSorted((a, b) => compareNames(a, b, texts))
  const untold = counts.length - shown.length
  const again: Action = { _tag: "ProxyStock", targets }
  return {
    html: textPage(
      trail({ resource, targets }, texts),
      counts.length === 0 ? getting.noneFree : getting.chooseCountry,
      ...(untold > 0 ? [getting.moreCountries(untold)] : []),
    ),
    keyboard: [
      ...grid(
        shown.map(({ country, count }) =>
          tap(`${countryText(country, texts)}: ${count}`, {
            _tag: "ProxyList",
            targets,
            country,
            page: 0,
          }),
        ),
        2,
      ),
      [tap(getting.refresh, again)],
      wayOut({ _tag: "ProxyTargets", targets }, texts),
    ],
  }
}

type OfCountry = { readonly country: CountryCode }

const compareNames = (a: OfCountry, b: OfCountry, texts: Texts) =>
  countryName(a.country, texts.language).localeCompare(
    countryName(b.country, texts.language),
    texts.language,
  )

export interface ListView extends StockView {
  readonly country: CountryCode
  readonly page: number
  readonly today: Day
}

export const listStep = (
  { resource, targets, free, country, page: asked, today }: ListView,
  texts: Texts,
): Screen => {
  const { getting } = texts.proxies
  const here = free.filter((proxy) => proxy.country === country)
  const { page, pages, shown } = pageOf(here, asked, proxiesOnPage)
  const turnTo = (to: number): Action => ({ _tag: "ProxyList", targets, country, page: to })
  return {
    html: textPage(
      trail({ resource, targets }, texts, country),
      here.length === 0 ? getting.noneLeft : getting.choose,
    ),
    keyboard: [
      ...shown.map((proxy) => [
        tap(`${maskedName(proxy)} · ${daysLeft(proxy, today, texts)}`, {
          _tag: "ProxyReserve",
          targets,
          proxy: proxy.id,
        }),
      ]),
      ...pager({ page, pages }, turnTo),
      [tap(getting.refresh, turnTo(page))],
      wayOut({ _tag: "ProxyStock", targets }, texts),
    ],
  }
}

export interface ReservationView {
  readonly reservation: Reservation
  readonly proxy: Proxy
  readonly resource: Resource
}

/** No way back but by a decision, so that nobody leaves it reserved without knowing. */
export const reservedScreen = (
  { reservation, proxy, resource }: ReservationView,
  zone: DateTime.TimeZone,
  texts: Texts,
): Screen => {
  const { getting } = texts.proxies
  const button = { proxy: proxy.id, generation: reservation.generation }
  return {
    html: lines(
      bold(maskedName(proxy)),
      html`${aboutText(proxy, texts)}`,
      html``,
      html`${getting.reserved(formatTime(reservation.until, zone))}`,
      html`${getting.takeMeans(namesOf(resource, reservation.targets, texts))}`,
    ),
    keyboard: [
      [
        tap(getting.take, { _tag: "ProxyTake", ...button }, "success"),
        tap(getting.cancel, { _tag: "ProxyCancel", ...button }),
      ],
    ],
  }
}

/** The reservation ended, and nobody has taken the proxy with it. */
export const releasedScreen = (
  { reservation, proxy, resource }: ReservationView,
  end: Release,
  texts: Texts,
): Screen => ({
  html: lines(bold(maskedName(proxy)), html``, html`${texts.proxies.getting.endedSo[end]}`),
  keyboard: [...toList(resource, reservation.targets, proxy.country, texts), menuBelow(texts)],
})

const toList = (
  resource: Resource,
  ids: ReadonlyArray<string>,
  country: CountryCode,
  texts: Texts,
): Keyboard => {
  const targets = bitsOf(resource, ids)
  const button: Button = tap(
    texts.proxies.getting.toList,
    targets === 0
      ? { _tag: "ProxyTargets", targets }
      : { _tag: "ProxyList", targets, country, page: 0 },
  )
  return [[button]]
}

/** «🇩🇪 Германия, до 02.12.2026 включительно» */
export const aboutText = (proxy: Proxy, texts: Texts): string =>
  `${countryText(proxy.country, texts)}, ${throughText(proxy.until, texts)}`

export const namesOf = (resource: Resource, targets: ReadonlyArray<string>, texts: Texts) =>
  cut(targetLabels(resource, targets, texts), targetsTextMax)

const trail = ({ resource, targets }: Wish, texts: Texts, country?: CountryCode): string =>
  trailOf(
    texts.proxies.getting.title,
    ...(targets === 0 ? [] : [namesOf(resource, targetsOf(resource, targets), texts)]),
    ...(country === undefined ? [] : [countryText(country, texts)]),
  )
