/** /stock: what every pool holds, how long it lasts, and how the proxies stand. Nothing of an item. */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { proxyNoticeDays } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { type Day, dayOf, serialOfDay } from "../../domain/Day.ts"
import type { Proxy } from "../../domain/Proxy.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Outlook, type PoolForecast } from "../../stats/Outlook.ts"
import type { Action } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { type Press, refresh, type Replies } from "../Replies.ts"
import { type Scenery, sinceText } from "../screens/lists.ts"
import type { Area, Asked } from "./Area.ts"
import * as Decisions from "./stockDecisions.ts"
import { type ProxyView, stockScreen } from "./stockScreen.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const access = yield* Access
  const outlook = yield* Outlook
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

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
      pausedBy: yield* Decisions.nameOfAdmin(access, stock.paused.by),
      pausedSince: sinceText(stock.paused.at, scenery),
    }
  })

  const forecastsBy = <E>(of: (resource: Resource) => Effect.Effect<PoolForecast, E>) =>
    Effect.forEach(pools.resources, (resource) =>
      Effect.map(of(resource), (forecast) => [resource, forecast] as const),
    )

  /** Without a pace where the journal cannot be read: what there is, memory knows. */
  const forecastAll = forecastsBy(outlook.forecast).pipe(
    Effect.map((forecasts) => [forecasts, undefined] as const),
    Effect.catchTag("StorageUnavailable", () =>
      Effect.map(
        forecastsBy(outlook.remaining),
        (forecasts) => [forecasts, texts.outlook.paceUnknown] as const,
      ),
    ),
  )

  const draw = Effect.fnUntraced(function* (page: number) {
    const scenery: Scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
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

  const open = Effect.fn("stock.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw(0))
  })

  const turn = Effect.fn("stock.turn")(function* (
    press: Press,
    { page, seen }: Extract<Action, { readonly _tag: "Stock" }>,
  ) {
    yield* refresh(replies, press, seen, yield* draw(page), texts)
  })

  const area: Area = { commands: { stock: open }, buttons: { Stock: turn } }
  return area
})

/** `unreserved`: what nobody has reserved, whatever it was used for. */
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
