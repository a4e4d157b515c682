/**
 * The steps to a proxy (what for, which country, which one), its reservation, and the proxies that
 * a person has taken.
 *
 * Nothing is remembered between the steps: every button carries all that was chosen before it.
 * Addresses stay masked until the proxy is taken.
 */
import type { DateTime } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { countryName, flagOf } from "../../domain/countries.ts"
import { type Day, formatTime } from "../../domain/Day.ts"
import type { CountryCode, Proxy, Release, Reservation } from "../../domain/Proxy.ts"
import { formatProxyLine, proxyUrl } from "../../domain/proxyLine.ts"
import type { Action } from "../buttons.ts"
import {
  bold,
  type Button,
  code,
  html,
  type Html,
  joinHtml,
  type Keyboard,
  type Screen,
} from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { pageOf, pager } from "./lists.ts"
import { cut, grid, lines, menuBelow, tap, page as textPage, trailOf } from "./parts.ts"
import { bitsOf, countryText, daysLeft, maskedName, throughText, typeName } from "./proxyParts.ts"
import { targetButtons, targetLabels, targetsOf, wayOut } from "./wizard.ts"

const proxiesOnPage = 8

/** Telegram takes a hundred buttons, and some of those lead back. */
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
  /** As bits, see wizard.ts. */
  readonly targets: number
}

export interface StockView extends Wish {
  /** The proxies that are free for all of the targets. */
  readonly free: ReadonlyArray<Proxy>
}

/** The countries that have free proxies, with the number of those. */
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

/**
 * A held reservation. The only ways on are to take it or to give it up, so that nobody leaves a
 * proxy reserved without knowing.
 */
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
      ...(reservation.extendedAt === undefined
        ? [[tap(getting.extend, { _tag: "ProxyExtend", ...button })]]
        : []),
    ],
  }
}

/** A reservation that ended without the proxy being taken, or whose proxy was given back. */
export const releasedScreen = (
  { reservation, proxy, resource }: ReservationView,
  end: Release | "returned",
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
const aboutText = (proxy: Proxy, texts: Texts): string =>
  `${countryText(proxy.country, texts)}, ${throughText(proxy.until, texts)}`

const namesOf = (resource: Resource, targets: ReadonlyArray<string>, texts: Texts) =>
  cut(targetLabels(resource, targets, texts), targetsTextMax)

const trail = ({ resource, targets }: Wish, texts: Texts, country?: CountryCode): string =>
  trailOf(
    texts.proxies.getting.title,
    ...(targets === 0 ? [] : [namesOf(resource, targetsOf(resource, targets), texts)]),
    ...(country === undefined ? [] : [countryText(country, texts)]),
  )

/** A cell of the tab may hold anything, but no login in use is that long. */
const valueMax = 300
/** The whole proxy as one line, or as a link with special characters encoded. */
const lineMax = 1000

/** The most lines and buttons in «Мои выдачи», which has those of other items too. */
const mineMax = 20

/** The most proxies that one message names, however many end at once. */
const endingMax = 40

export interface GoodsView {
  readonly proxy: Proxy
  /** What the person took it for. */
  readonly targets: ReadonlyArray<string>
  readonly resource: Resource
  /** How the person took it; absent where that is so long ago that no button asks for it. */
  readonly taking?: Taking
}

interface Taking {
  readonly generation: number
  /** Whether it may still be given back. */
  readonly isReturnable: boolean
}

/** A proxy in full, for the person who took it. */
export const goodsScreen = (view: GoodsView, texts: Texts): Screen => {
  const { proxy, targets, resource } = view
  const { goods } = texts.proxies
  const { type, endpoint, country, until } = proxy
  const line = formatProxyLine(endpoint)
  const url = proxyUrl(type, endpoint)
  const hasLogin = endpoint.user !== "" || endpoint.password !== ""
  const isCut =
    [endpoint.host, endpoint.user, endpoint.password].some((text) => text.length > valueMax) ||
    [line, url].some((text) => text.length > lineMax)
  return {
    html: lines(
      bold(goods.title),
      html``,
      value(goods.type, typeName(type)),
      value(goods.host, endpoint.host),
      value(goods.port, String(endpoint.port)),
      ...(hasLogin
        ? [
            endpoint.user === "" ? undefined : value(goods.user, endpoint.user),
            endpoint.password === "" ? undefined : value(goods.password, endpoint.password),
          ]
        : [html`${goods.noLogin}`]),
      html`${goods.line}: ${code(cut(line, lineMax))}`,
      html`${goods.url}: ${code(cut(url, lineMax))}`,
      html``,
      html`${goods.country}: ${countryText(country, texts)}`,
      html`${goods.until}: ${throughText(until, texts)}`,
      html`${goods.takenFor(namesOf(resource, targets, texts))} ${goods.onlyYours}`,
      proxy.broken === undefined ? undefined : bold(goods.isBroken(proxy.broken.reason)),
      html``,
      html`${texts.batch.copyHint}`,
      isCut ? html`${texts.batch.tooLong}` : undefined,
    ),
    keyboard: [
      [
        { kind: "copy", text: goods.copyLine, copies: line },
        { kind: "copy", text: goods.copyUrl, copies: url },
      ],
      ...waysBack(view, texts),
      menuBelow(texts),
    ],
  }
}

/** To give the proxy back, or to say that it does not work. */
const waysBack = ({ proxy, taking }: GoodsView, { proxies: { goods } }: Texts): Keyboard => {
  if (taking === undefined || proxy.broken !== undefined) return []
  const button = { proxy: proxy.id, generation: taking.generation }
  return [
    [
      ...(taking.isReturnable ? [tap(goods.giveBack, { _tag: "ProxyReturn", ...button })] : []),
      tap(goods.broken, { _tag: "ProxyBroken", ...button }),
    ],
  ]
}

/** Asks what is wrong with a proxy, and says what follows. */
export const brokenQuestion = (
  proxy: Proxy,
  generation: number,
  { proxies: { broken } }: Texts,
): Screen => {
  const button = { proxy: proxy.id, generation }
  return {
    html: lines(bold(maskedName(proxy)), html``, html`${broken.ask}`),
    keyboard: [
      [tap(broken.skip, { _tag: "ProxyReport", ...button })],
      [tap(broken.keep, { _tag: "ProxyWorks", ...button })],
    ],
  }
}

export interface BrokenView extends ReservationView {
  /** Another proxy that the person may take at once for the same targets. */
  readonly other: Proxy | undefined
}

/** What was noted of a proxy that does not work, and another one instead of it. */
export const brokenScreen = (
  { reservation, proxy, resource, other }: BrokenView,
  texts: Texts,
): Screen => {
  const { broken, goods } = texts.proxies
  const targets = bitsOf(resource, reservation.targets)
  const offer =
    other === undefined || targets === 0
      ? []
      : [
          [
            tap(
              broken.another(maskedName(other)),
              { _tag: "ProxyReserve", targets, proxy: other.id },
              "primary",
            ),
          ],
        ]
  return {
    html: lines(
      bold(maskedName(proxy)),
      html`${goods.isBroken(proxy.broken?.reason ?? "")}`,
      html``,
      html`${broken.done}`,
      offer.length === 0 ? html`${broken.noOther}` : undefined,
    ),
    keyboard: [
      ...offer,
      ...toList(resource, reservation.targets, proxy.country, texts),
      menuBelow(texts),
    ],
  }
}

/** Tells admins that a proxy does not work. */
export const brokenNote = (proxy: Proxy, by: string, texts: Texts): Screen => {
  const { broken } = texts.proxies
  return {
    html: lines(
      html`${broken.note(maskedName(proxy), by, proxy.broken?.reason ?? "")}`,
      html`${broken.noteAdvice}`,
    ),
    keyboard: [],
  }
}

/** Tells somebody else who took the proxy. */
export const brokenNotice = (proxy: Proxy, texts: Texts): Screen => {
  const { broken } = texts.proxies
  return {
    html: lines(
      html`${broken.toHolder(maskedName(proxy), proxy.broken?.reason ?? "")}`,
      html`${broken.toHolderAdvice}`,
    ),
    keyboard: [menuBelow(texts)],
  }
}

const value = (name: string, text: string) => html`${name}: ${code(cut(text, valueMax))}`

export interface TakenView {
  /** Newest first. */
  readonly proxies: ReadonlyArray<Proxy>
  readonly today: Day
}

interface TakenParts {
  readonly text: ReadonlyArray<Html>
  readonly buttons: Keyboard
}

/** The part of «Мои выдачи» that lists the proxies, with a button that shows each in full. */
export const takenParts = (view: TakenView | undefined, texts: Texts): TakenParts => {
  if (view === undefined || view.proxies.length === 0) return { text: [], buttons: [] }
  const { proxies, today } = view
  const shown = proxies.slice(0, mineMax)
  const hidden = proxies.length - shown.length
  const text = [
    html``,
    bold(texts.proxies.mine.title(proxies.length)),
    ...shown.map((proxy) =>
      joinHtml(
        [
          html`${proxy.broken === undefined ? "" : "⚠️ "}${flagOf(proxy.country)} ${maskedName(proxy)}`,
          html`${daysLeft(proxy, today, texts)}`,
        ],
        " · ",
      ),
    ),
    ...(hidden > 0 ? [html`${texts.proxies.mine.more(hidden)}`] : []),
  ]
  const buttons = shown.map((proxy) => [
    tap(`📄 ${flagOf(proxy.country)} ${maskedName(proxy)}`, { _tag: "ProxyShow", proxy: proxy.id }),
  ])
  return { text, buttons }
}

/** Tells a person that proxies which they took are about to end. */
export const endingScreen = (proxies: ReadonlyArray<Proxy>, texts: Texts): Screen => {
  const { ending } = texts.proxies
  const shown = proxies.slice(0, endingMax)
  const hidden = proxies.length - shown.length
  return {
    html: lines(
      bold(ending.title(proxies.length)),
      html``,
      ...shown.map(
        (proxy) =>
          html`${maskedName(proxy)} (${countryText(proxy.country, texts)}): ${throughText(proxy.until, texts)}`,
      ),
      ...(hidden > 0 ? [html`${ending.more(hidden)}`] : []),
      html``,
      html`${ending.advice}`,
    ),
    keyboard: [menuBelow(texts)],
  }
}
