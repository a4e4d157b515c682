/** The wizard that gets a proxy: the steps to a reservation, its two ends, and the proxies taken. */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { findCountry } from "../../domain/countries.ts"
import { dayOf } from "../../domain/Day.ts"
import type { CountryCode, Reservation } from "../../domain/Proxy.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { ProxyUnavailable, ReservationOver } from "../../pool/proxies/rules.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionOf, ActionIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { goodsScreen, listStep, proxyMenu, stockStep, targetsStep } from "../screens/proxyGet.ts"
import { bitsOf } from "../screens/proxyParts.ts"
import { isTargets, targetsOf } from "../screens/wizard.ts"
import { Menus } from "../Menus.ts"

type GetAction = ActionIn<"proxyGet" | "proxyHeld">

export const makeProxyGet = Effect.fnUntraced(function* (resource: Resource) {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages

  const views = yield* makeReservationViews(resource)
  const reservation = yield* makeProxyReservation(resource, views)

  const put = (press: Press, screen: Screen) =>
    Effect.asVoid(messages.turnTo(press.message, screen))

  const turnTo = (press: Press, screen: Screen) =>
    Effect.andThen(press.answer(), put(press, screen))

  /** Counts only proxies that some target is left for: the others are of no use to anybody. */
  const menuScreen = Effect.gen(function* () {
    const texts = yield* Wording

    const all = resource.targets.map(({ id }) => id)
    const free = (yield* proxies.free([])).filter(
      ({ uses }) => !all.every((id) => uses.some(({ target }) => target === id)),
    )
    return proxyMenu(free.length, texts)
  })

  const menu = Effect.fn("proxyGet.menu")(function* (press: Press) {
    yield* turnTo(press, yield* menuScreen)
  })

  /** Opens the menu of proxies in a new message, or the free ones for targets that are known. */
  const open = Effect.fn("proxyGet.open")(function* (chatId: number, targets: number) {
    yield* replies.say(chatId, targets === 0 ? yield* menuScreen : yield* views.stock(targets))
  })

  const showAgain = Effect.fnUntraced(function* (
    press: Press,
    { proxy: id }: ActionOf<"ProxyShow">,
  ) {
    const texts = yield* Wording

    const proxy = (yield* proxies.heldBy(press.userId)).find((each) => each.id === id)
    if (proxy === undefined) return yield* press.alert(texts.proxies.mine.gone)
    yield* press.answer()
    const targets = proxy.uses.filter(({ by }) => by === press.userId).map(({ target }) => target)
    return yield* replies.say(press.chatId, goodsScreen({ proxy, targets, resource }, texts))
  })

  /** The steps whose buttons carry a choice of targets. */
  const step = Effect.fnUntraced(function* (press: Press, action: ActionIn<"proxyGet">) {
    const texts = yield* Wording

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

  return { menu, open, onTap }
})

/** The screens of what is free: the countries, and the proxies of one country. */
const makeReservationViews = Effect.fnUntraced(function* (resource: Resource) {
  const proxies = yield* Proxies
  const { timezone: zone } = yield* Settings

  const stock = Effect.fnUntraced(function* (targets: number) {
    const texts = yield* Wording

    const free = yield* proxies.free(targetsOf(resource, targets))
    return stockStep({ resource, targets, free }, texts)
  })

  const list = Effect.fnUntraced(function* (targets: number, country: CountryCode, page = 0) {
    const texts = yield* Wording

    const free = yield* proxies.free(targetsOf(resource, targets))
    const today = dayOf(yield* Clock.currentTimeMillis, zone)
    return listStep({ resource, targets, free, country, page, today }, texts)
  })

  return { stock, list }
})

type Views = Effect.Success<ReturnType<typeof makeReservationViews>>

/** A reservation: how it begins, how a tap ends it, and what is said when one of these is refused. */
const makeProxyReservation = Effect.fnUntraced(function* (
  resource: Resource,
  { stock, list }: Views,
) {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const access = yield* Access

  const put = (press: Press, screen: Screen) =>
    Effect.asVoid(messages.turnTo(press.message, screen))

  const reserve = Effect.fnUntraced(function* (
    press: Press,
    { proxy }: ActionOf<"ProxyReserve">,
    first: string,
    others: ReadonlyArray<string>,
  ) {
    // The message shows goods by now: the list was still drawn on another phone of the person.
    if (yield* messages.hasGoods(press.message)) return yield* stale(press)
    const reservation = yield* proxies.reserve({
      _tag: "Reserve",
      proxy,
      targets: [first, ...others],
      by: press.userId,
      stage: yield* access.stageOf(press.userId),
      message: press.message,
    })
    yield* press.answer()
    return yield* messages.showReserved(reservation)
  })

  const refuseReserve = Effect.fnUntraced(function* (
    press: Press,
    { targets, proxy }: ActionOf<"ProxyReserve">,
    error: ProxyUnavailable | StorageUnavailable,
  ) {
    const texts = yield* Wording

    if (error._tag === "StorageUnavailable") {
      return yield* replies.alert(press, texts.refusals.storageUnavailable)
    }
    yield* replies.alert(press, texts.proxies.getting.unavailable[error.reason])
    const known = yield* proxies.find(proxy)
    yield* put(
      press,
      Option.isNone(known) ? yield* stock(targets) : yield* list(targets, known.value.country),
    )
  })

  const take = Effect.fnUntraced(function* (press: Press, action: ActionOf<"ProxyTake">) {
    const texts = yield* Wording

    const reservation = yield* proxies.take({ ...action, _tag: "Take", by: press.userId })
    yield* press.answer(texts.proxies.getting.taken)
    yield* messages.showEnded(reservation)
  })

  const cancel = Effect.fnUntraced(function* (press: Press, action: ActionOf<"ProxyCancel">) {
    const texts = yield* Wording

    const reservation = yield* proxies.cancel({ ...action, _tag: "Cancel", by: press.userId })
    yield* press.answer(texts.proxies.getting.released)
    yield* put(press, yield* listOf(reservation))
  })

  const listOf = Effect.fnUntraced(function* ({ proxy, targets }: Reservation) {
    const texts = yield* Wording

    const known = yield* proxies.find(proxy)
    const bits = bitsOf(resource, targets)
    if (bits === 0) return targetsStep(resource, 0, texts)
    return Option.isNone(known) ? yield* stock(bits) : yield* list(bits, known.value.country)
  })

  /** Says why not, and draws on the message what became of the reservation. */
  const refuseEnd = Effect.fnUntraced(function* (
    press: Press,
    held: ActionOf<"ProxyTake"> | ActionOf<"ProxyCancel">,
    error: ReservationOver | StorageUnavailable,
  ) {
    const texts = yield* Wording

    if (error._tag === "StorageUnavailable") {
      return yield* replies.alert(press, texts.refusals.storageUnavailable)
    }
    yield* replies.alert(press, texts.proxies.getting.over[error.reason])
    if (error.reason !== "notHolder") return yield* messages.showEnded(held)
    return yield* Effect.logWarning("a proxy's button was pressed by somebody else").pipe(
      Effect.annotateLogs({ user: press.userId, proxy: held.proxy }),
    )
  })

  return {
    reserve: (
      press: Press,
      action: ActionOf<"ProxyReserve">,
      first: string,
      others: ReadonlyArray<string>,
    ) =>
      Effect.catch(reserve(press, action, first, others), (error) =>
        refuseReserve(press, action, error),
      ),
    take: (press: Press, action: ActionOf<"ProxyTake">) =>
      Effect.catch(take(press, action), (error) => refuseEnd(press, action, error)),
    cancel: (press: Press, action: ActionOf<"ProxyCancel">) =>
      Effect.catch(cancel(press, action), (error) => refuseEnd(press, action, error)),
  }
})
