/** Getting a proxy: the steps to a reservation, and what was taken shown again. */
import { Effect, Option } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { findCountry } from "../../domain/countries.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { proxyMenu, targetsStep } from "../screens/proxyGet.ts"
import { goodsScreen } from "../screens/proxyGoods.ts"
import { isTargets, targetsOf } from "../screens/targets.ts"
import * as Reservation from "./proxyReservation.ts"
type Tags = "Targets" | "Stock" | "List" | "Reserve" | "Take" | "Cancel" | "Show"
export type GetAction = ActionOf<`Proxy${Tags}`>

export const make = Effect.fnUntraced(function* (
  resource: Resource,
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const texts = yield* Wording
  const views = yield* Reservation.makeViews(resource)
  const reservation = yield* Reservation.make(resource, replies, stale, views)

  const put = (press: Press, screen: Screen) =>
    Effect.asVoid(messages.turnTo(press.message, screen))

  const turnTo = (press: Press, screen: Screen) =>
    Effect.andThen(press.answer(), put(press, screen))

  /** Free for something: what was used for all that there is helps nobody. */
  const menu = Effect.fn("proxyGet.menu")(function* (press: Press) {
    const all = resource.targets.map(({ id }) => id)
    const free = (yield* proxies.free([])).filter(
      ({ uses }) => !all.every((id) => uses.some(({ target }) => target === id)),
    )
    yield* turnTo(press, proxyMenu(free.length, texts))
  })

  const showAgain = Effect.fnUntraced(function* (
    press: Press,
    { proxy: id }: ActionOf<"ProxyShow">,
  ) {
    const proxy = (yield* proxies.heldBy(press.userId)).find((each) => each.id === id)
    if (proxy === undefined) return yield* press.alert(texts.proxies.mine.gone)
    yield* press.answer()
    const targets = proxy.uses.filter(({ by }) => by === press.userId).map(({ target }) => target)
    return yield* replies.say(press.chatId, goodsScreen({ proxy, targets, resource }, texts))
  })

  /** Steps that carry a choice of targets. */
  const step = Effect.fnUntraced(function* (
    press: Press,
    action: Exclude<GetAction, ActionOf<"ProxyTake" | "ProxyCancel" | "ProxyShow">>,
  ) {
    const { targets } = action
    if (!isTargets(resource, targets)) return yield* stale(press)
    if (action._tag === "ProxyTargets") {
      return yield* turnTo(press, targetsStep(resource, targets, texts))
    }
    const [first, ...others] = targetsOf(resource, targets)
    if (first === undefined) {
      yield* press.alert(texts.wizard.noTargets)
      return yield* put(press, targetsStep(resource, 0, texts))
    }
    switch (action._tag) {
      case "ProxyStock":
        return yield* turnTo(press, yield* views.stock(targets))
      case "ProxyList":
        return Option.isNone(findCountry(action.country))
          ? yield* stale(press)
          : yield* turnTo(press, yield* views.list(targets, action.country, action.page))
      case "ProxyReserve":
        return yield* reservation.reserve(press, action, first, others)
    }
  })

  const onTap = Effect.fn("proxyGet.onTap")(function* (press: Press, action: GetAction) {
    switch (action._tag) {
      case "ProxyTake":
        return yield* reservation.take(press, action)
      case "ProxyCancel":
        return yield* reservation.cancel(press, action)
      case "ProxyShow":
        return yield* showAgain(press, action)
      default:
        return yield* step(press, action)
    }
  })

  return { menu, onTap }
})
