/**
 * /stock: where everything is that the bot has taken from the sheet, pool by pool, for how long it
 * lasts, and how the proxies stand. Nothing of an item is shown.
 */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { proxyNoticeDays } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import { type Day, dayOf, serialOfDay } from "../../domain/Day.ts"
import type { Proxy } from "../../domain/Proxy.ts"
import type { Stock } from "../../pool/Contract.ts"
import { BaseStock } from "../../pool/BaseStock.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Outlook, type PoolForecast } from "../../stats/Outlook.ts"
import type { ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Html, html, type Screen } from "../Screen.ts"
import {
  digestOf,
  linesOnPage,
  listScreen,
  resourceName,
  type Scenery,
  sceneryNow,
  sinceText,
  untilText,
} from "../screens/lists.ts"
import { cut, lines, tap } from "../screens/parts.ts"
import type { Area, Asked } from "./Admins.ts"
import { quarantineRow } from "./quarantine.ts"
import { lastsText, rowsText } from "./outlookText.ts"

interface PoolView {
  readonly resource: Resource
  readonly stock: Stock
  readonly forecast: PoolForecast
  /** The admin who paused it and the time of that; "" where it is not paused. */
  readonly pausedBy: string
  readonly pausedSince: string
}

interface ProxyView {
  readonly resource: Resource
  readonly free: number
  readonly reserved: number
  readonly ending: number
}

export const makeStock = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const proxies = yield* Proxies
  const access = yield* Access
  const outlook = yield* Outlook
  const baseStock = yield* BaseStock
  const { timezone: zone } = yield* Settings

  const look = Effect.fnUntraced(function* (
    resource: Resource,
    forecast: PoolForecast,
    scenery: Scenery,
  ) {
    const stock = yield* pools.stock(resource.id)
    if (stock.paused === null) return { resource, stock, forecast, pausedBy: "", pausedSince: "" }
    return {
      resource,
      stock,
      forecast,
      pausedBy: yield* access.nameOfAdmin(stock.paused.by),
      pausedSince: sinceText(stock.paused.at, scenery),
    }
  })

  const forecastsBy = <E>(of: (resource: Resource) => Effect.Effect<PoolForecast, E>) =>
    Effect.forEach(pools.resources, (resource) =>
      Effect.map(of(resource), (forecast) => [resource, forecast] as const),
    )

  /**
   * The forecasts, and a sentence where they lack the pace: that comes from the journal, which the
   * disk may refuse, while the counts are in memory.
   */
  const forecastAll = forecastsBy(outlook.forecast).pipe(
    Effect.map((forecasts) => [forecasts, undefined] as const),
    Effect.catchTag("StorageUnavailable", () =>
      Effect.gen(function* () {
        const forecasts = yield* forecastsBy(outlook.remaining)
        return [forecasts, (yield* Wording).outlook.paceUnknown] as const
      }),
    ),
  )

  const draw = Effect.fnUntraced(function* (page: number) {
    // Admins open this screen right after they edited the sheet: the bot looks there at once, so that
    // the next press of the button shows it.
    yield* baseStock.want
    yield* proxies.wantLook
    const scenery = yield* sceneryNow(zone)
    const [forecasts, headline] = yield* forecastAll
    const views = yield* Effect.forEach(forecasts, ([resource, forecast]) =>
      look(resource, forecast, scenery),
    )
    const registry = Option.getOrUndefined(proxies.resource)
    const proxyView =
      registry === undefined
        ? undefined
        : countProxies(
            registry,
            yield* proxies.registry,
            yield* proxies.free([]),
            dayOf(scenery.now, zone),
          )
    return stockScreen(views, proxyView, page, scenery, headline)
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page, seen }: ActionOf<"Stock">) {
    yield* replies.refresh(press, seen, yield* draw(page))
  })

  const area: Area = { commands: { stock: open }, buttons: { Stock: turn } }
  return { area, open }
})

/** `unreserved`: proxies that nobody has reserved, also those that have been used everywhere. */
const countProxies = (
  resource: Resource,
  registry: ReadonlyArray<Proxy>,
  unreserved: ReadonlyArray<Proxy>,
  today: Day,
): ProxyView => {
  const working = registry.filter(({ until }) => until >= today)
  const open = new Set(unreserved.map(({ id }) => id))
  const isUseful = ({ uses }: Proxy) =>
    resource.targets.some(({ id }) => !uses.some(({ target }) => target === id))
  const daysLeft = ({ until }: Proxy) => serialOfDay(until) - serialOfDay(today)
  return {
    resource,
    free: unreserved.filter(isUseful).length,
    reserved: working.filter(({ id }) => !open.has(id)).length,
    ending: working.filter((proxy) => daysLeft(proxy) <= proxyNoticeDays).length,
  }
}

/** Labels of a catalogue may be of any length. */
const variantsMax = 500

/** `headline`: what could not be found out. */
export const stockScreen = (
  pools: ReadonlyArray<PoolView>,
  proxies: ProxyView | undefined,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock.overview
  const entries = [
    ...pools.map((pool) => ({ html: poolText(pool, scenery) })),
    ...(proxies === undefined ? [] : [{ html: proxyText(proxies, scenery) }]),
  ]
  return listScreen(
    {
      heading: [bold(words.title), ...(headline === undefined ? [] : [html`${headline}`])],
      entries,
      page,
      perPage: linesOnPage,
      to: (target) => ({ _tag: "Stock", page: target, seen: "" }),
      below: (text) => [
        ...quarantineRow(
          pools.reduce((sum, { stock }) => sum + stock.quarantine, 0),
          texts,
        ),
        [tap(texts.stock.refresh, { _tag: "Stock", page, seen: digestOf(text) })],
      ],
    },
    texts,
  )
}

const poolText = (pool: PoolView, scenery: Scenery): Html => {
  const { texts } = scenery
  const { resource, stock, forecast, pausedBy, pausedSince } = pool
  const words = texts.stock.overview
  const parts = (counts: Counts) => variantsText(resource, counts, scenery)
  const lasts = lastsText(resource, forecast, texts)
  const unwritten = stock.buffer + stock.corrections
  return lines(
    html``,
    bold(resourceName(resource, texts)),
    stock.paused === null ? undefined : html`${words.paused(pausedBy, pausedSince)}`,
    stock.paused === null || stock.paused.note === ""
      ? undefined
      : html`${texts.stock.pause.note(stock.paused.note)}`,
    html`${words.ready(stock.available - stock.hidden)}${variantsText(resource, withoutNone(stock.byVariant), scenery)}`,
    html`${rowsText(resource, forecast, scenery)}`,
    lasts === undefined ? undefined : html`${lasts}`,
    line(stock.hidden, words.hidden),
    line(stock.pending, words.pending, parts(stock.pendingBy)),
    line(unwritten, words.unwritten, parts(stock.unwrittenBy)),
    line(stock.abandoned, words.abandoned),
    line(stock.returning, words.returning),
    line(stock.quarantine, words.quarantine, parts(stock.quarantineBy)),
    trashText(stock, scenery),
  )
}

/** A line of the overview; a count of nothing has no line. */
const line = (count: number, text: (count: number) => string, parts = ""): Html | undefined =>
  count > 0 ? html`${text(count)}${parts}` : undefined

type Counts = Readonly<Record<string, number>>

/** Without the count of items that have no variant, where that is nothing. */
const withoutNone = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([id, count]) => id !== "" || count > 0))

/** « (М: 5, Ж: 7)»; "" where there are no variants to tell apart. */
const variantsText = (resource: Resource, counts: Counts, { texts }: Scenery): string => {
  if (Object.keys(counts).every((id) => id === "")) return ""
  const named = Object.entries(counts).map(([id, count]) => {
    const variant = findVariant(resource, id)
    return `${variant === undefined ? texts.stock.overview.noVariant : texts.label(variant.label)}: ${count}`
  })
  return ` (${cut(named.join(", "), variantsMax)})`
}

/** How much lies in the trash, and until when the first part of it does. */
const trashText = ({ trash }: Stock, scenery: Scenery): Html | undefined => {
  const kept = trash.filter(({ until }) => until > scenery.now)
  if (kept.length === 0) return undefined
  const count = kept.reduce((sum, each) => sum + each.count, 0)
  const until = Math.min(...kept.map((each) => each.until))
  return html`${scenery.texts.stock.overview.trash(count, untilText(until, scenery))}`
}

const proxyText = ({ resource, free, reserved, ending }: ProxyView, { texts }: Scenery): Html => {
  const words = texts.stock.overview
  return lines(
    html``,
    bold(resourceName(resource, texts)),
    html`${words.free(free)}`,
    html`${words.reserved(reserved)}`,
    html`${words.ending(ending)}`,
  )
}
