/** What its taker sees of a proxy: all of it, in the list of what he has, and when it ends. */
import type { Resource } from "../../domain/Catalogue.ts"
import { flagOf } from "../../domain/countries.ts"
import type { Day } from "../../domain/Day.ts"
import type { Proxy } from "../../domain/Proxy.ts"
import { formatProxyLine, proxyUrl } from "../../domain/proxyLine.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut, lines, menuBelow, tap } from "./parts.ts"
import { namesOf } from "./proxyGet.ts"
import { countryText, daysLeft, maskedName, throughText, typeName } from "./proxyParts.ts"

/** A cell of the tab may hold anything; no login in use is that long. */
const valueMax = 300
/** The same once more as one line, and as a link with its signs spelt out. */
const lineMax = 1000

/** Lines and buttons in «Мои выдачи», beside those of other items. */
const mineMax = 20

/** One message, however many end at once. */
const endingMax = 40

export interface GoodsView {
  readonly proxy: Proxy
  /** What the person took it for. */
  readonly targets: ReadonlyArray<string>
  readonly resource: Resource
}

export const goodsScreen = ({ proxy, targets, resource }: GoodsView, texts: Texts): Screen => {
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
      html``,
      html`${texts.batch.copyHint}`,
      isCut ? html`${texts.batch.tooLong}` : undefined,
    ),
    keyboard: [
      [
        { kind: "copy", text: goods.copyLine, copies: line },
        { kind: "copy", text: goods.copyUrl, copies: url },
      ],
      menuBelow(texts),
    ],
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

/** Of «Мои выдачи»: lines for the text, and a button for each to show it again. */
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
          html`${flagOf(proxy.country)} ${maskedName(proxy)}`,
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

/** To somebody who took these, and will not have them any more after their day. */
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
