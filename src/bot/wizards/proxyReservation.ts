/** A reservation in a conversation: how it begins, its two ends by a tap, and all refusals. */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { dayOf } from "../../domain/Day.ts"
import type { CountryCode, Reservation } from "../../domain/Proxy.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { ProxyUnavailable, ReservationOver } from "../../pool/proxies/rules.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { listStep, stockStep, targetsStep } from "../screens/proxyGet.ts"
import { bitsOf } from "../screens/proxyParts.ts"
import { targetsOf } from "../screens/targets.ts"

/** What is free, as screens. */
export const makeViews = Effect.fnUntraced(function* (resource: Resource) {
  const proxies = yield* Proxies
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  const stock = Effect.fnUntraced(function* (targets: number) {
    const free = yield* proxies.free(targetsOf(resource, targets))
    return stockStep({ resource, targets, free }, texts)
  })

  const list = Effect.fnUntraced(function* (targets: number, country: CountryCode, page = 0) {
    const free = yield* proxies.free(targetsOf(resource, targets))
    const today = dayOf(yield* Clock.currentTimeMillis, zone)
    return listStep({ resource, targets, free, country, page, today }, texts)
  })

  return { stock, list }
})

type Views = Effect.Success<ReturnType<typeof makeViews>>

export const make = Effect.fnUntraced(function* (
  resource: Resource,
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
  { stock, list }: Views,
) {
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const access = yield* Access
  const texts = yield* Wording

  const put = (press: Press, screen: Screen) =>
    Effect.asVoid(messages.turnTo(press.message, screen))

  const reserve = Effect.fnUntraced(function* (
    press: Press,
    { proxy }: ActionOf<"ProxyReserve">,
    first: string,
    others: ReadonlyArray<string>,
  ) {
    // A list that stands where goods are was left on a forgotten phone.
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
    const reservation = yield* proxies.take({ ...action, _tag: "Take", by: press.userId })
    yield* press.answer(texts.proxies.getting.taken)
    yield* messages.showEnded(reservation)
  })

  const cancel = Effect.fnUntraced(function* (press: Press, action: ActionOf<"ProxyCancel">) {
    const reservation = yield* proxies.cancel({ ...action, _tag: "Cancel", by: press.userId })
    yield* press.answer(texts.proxies.getting.released)
    yield* put(press, yield* listOf(reservation))
  })

  const listOf = Effect.fnUntraced(function* ({ proxy, targets }: Reservation) {
    const known = yield* proxies.find(proxy)
    const bits = bitsOf(resource, targets)
    if (bits === 0) return targetsStep(resource, 0, texts)
    return Option.isNone(known) ? yield* stock(bits) : yield* list(bits, known.value.country)
  })

  /** What became of it stands on its message as soon as somebody looks there. */
  const refuseEnd = Effect.fnUntraced(function* (
    press: Press,
    held: ActionOf<"ProxyTake"> | ActionOf<"ProxyCancel">,
    error: ReservationOver | StorageUnavailable,
  ) {
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
