/** The wizard that gets a proxy: the steps to a reservation, its two ends, and the proxies taken. */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { brokenAskedFor, brokenReasonMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { findCountry } from "../../domain/countries.ts"
import { dayOf, formatTime } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { CountryCode, Proxy, ProxyId, Reservation } from "../../domain/Proxy.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { ProxyUnavailable, ReservationOver, TakingOver } from "../../pool/proxies/rules.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionOf, ActionIn } from "../buttons.ts"
import { TellAdmins } from "../admin/Admins.ts"
import { Conduct } from "../Conduct.ts"
import { Languages, Wording } from "../Languages.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Question, Questions } from "../Questions.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { cut, notice } from "../screens/parts.ts"
import {
  brokenNote,
  brokenNotice,
  brokenQuestion,
  brokenScreen,
  goodsScreen,
  listStep,
  proxyMenu,
  stockStep,
  targetsStep,
} from "../screens/proxyGet.ts"
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
  const taking = yield* makeProxyTaking(resource)

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
    const last = Option.getOrUndefined(yield* proxies.takingOf(id, press.userId))
    const view = { proxy, targets, resource }
    if (last === undefined) return yield* replies.say(press.chatId, goodsScreen(view, texts))
    const { generation } = last.reservation
    const isReturnable = yield* proxies.isReturnable(last)
    const goods = goodsScreen({ ...view, taking: { generation, isReturnable } }, texts)
    return yield* replies.say(press.chatId, goods)
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
      case "ProxyExtend":
        return yield* reservation.extend(press, action)
      case "ProxyReturn":
        return yield* taking.giveBack(press, action)
      case "ProxyBroken":
        return yield* taking.ask(press, action)
      case "ProxyReport":
        return yield* taking.report(press, action)
      case "ProxyWorks":
        return yield* taking.keep(press)
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
  const { timezone: zone } = yield* Settings

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

  const extend = Effect.fnUntraced(function* (press: Press, action: ActionOf<"ProxyExtend">) {
    const texts = yield* Wording

    const extended = yield* proxies.extend({ ...action, _tag: "Extend", by: press.userId })
    yield* press.answer(texts.proxies.getting.extended(formatTime(extended.until, zone)))
    yield* messages.showReserved(extended)
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
    held: ActionOf<"ProxyTake"> | ActionOf<"ProxyCancel"> | ActionOf<"ProxyExtend">,
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
    extend: (press: Press, action: ActionOf<"ProxyExtend">) =>
      Effect.catch(extend(press, action), (error) => refuseEnd(press, action, error)),
  }
})

/** A proxy that somebody took, as the buttons of its message name it. */
interface Taken {
  readonly proxy: ProxyId
  readonly generation: number
}

/**
 * What may still be done with a proxy that was taken: to give it back, or to say that it does not
 * work.
 */
const makeProxyTaking = Effect.fnUntraced(function* (resource: Resource) {
  const replies = yield* Replies
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const conduct = yield* Conduct
  const tellBroken = yield* makeTellBroken
  const questions = yield* Questions

  const refuse = Effect.fnUntraced(function* (
    press: Press,
    error: TakingOver | StorageUnavailable,
  ) {
    const texts = yield* Wording

    if (error._tag === "StorageUnavailable") {
      return yield* replies.alert(press, texts.refusals.storageUnavailable)
    }
    yield* replies.alert(press, texts.proxies.goods.over[error.reason])
    if (error.reason === "notHolder") yield* conduct.trespassed(press.userId)
  })

  const giveBack = Effect.fnUntraced(
    function* (press: Press, { proxy, generation }: ActionOf<"ProxyReturn">) {
      const texts = yield* Wording

      const by = press.userId
      const reservation = yield* proxies.giveBack({ _tag: "Return", proxy, generation, by })
      yield* press.answer(texts.proxies.goods.returned)
      yield* messages.showReturned(press.message, reservation)
    },
    (work, press) => Effect.catch(work, (error) => refuse(press, error)),
  )

  /** The proxy, where the person took it within the last day. */
  const find = Effect.fnUntraced(function* (by: TelegramId, id: ProxyId) {
    const taking = yield* proxies.takingOf(id, by)
    const proxy = yield* proxies.find(id)
    return Option.isSome(taking) && Option.isSome(proxy) ? proxy.value : undefined
  })

  /** Notes that it does not work. Gives the screen that says so, with another one to take. */
  const note = Effect.fnUntraced(function* (
    by: TelegramId,
    { proxy: id, generation }: Taken,
    reason: string,
  ) {
    const texts = yield* Wording

    const before = yield* proxies.find(id)
    const reservation = yield* proxies.report({ _tag: "Report", proxy: id, generation, by, reason })
    const known = yield* proxies.find(id)
    if (Option.isNone(known)) return notice(texts.proxies.goods.over.unknown, texts)
    const proxy = known.value
    yield* messages.showTaken(reservation)
    if (Option.isSome(before) && before.value.broken === undefined) yield* tellBroken(proxy, by)
    const free = yield* proxies.free(reservation.targets)
    const other = free.find(({ country }) => country === proxy.country)
    return brokenScreen({ reservation, proxy, resource, other }, texts)
  })

  /** The next text of the person says what is wrong with the proxy. */
  const wordAbout = (taken: Taken): Question => ({
    subject: "proxy",
    within: brokenAskedFor,
    answer: Effect.fn("proxyGet.answer")(function* ({ userId, chatId, text }) {
      const texts = yield* Wording
      const reason = cut(text.replaceAll(/\s+/g, " ").trim(), brokenReasonMax)
      const screen = yield* Effect.catchTag(note(userId, taken, reason), "TakingOver", (error) =>
        Effect.succeed(notice(texts.proxies.goods.over[error.reason], texts)),
      )
      yield* replies.say(chatId, screen)
      return true
    }),
  })

  const ask = Effect.fnUntraced(function* (
    press: Press,
    { proxy: id, generation }: ActionOf<"ProxyBroken">,
  ) {
    const texts = yield* Wording

    const proxy = yield* find(press.userId, id)
    if (proxy === undefined) return yield* press.alert(texts.proxies.goods.over.unknown)
    if (proxy.broken !== undefined) return yield* press.alert(texts.proxies.broken.known)
    yield* questions.ask(press.userId, wordAbout({ proxy: id, generation }))
    yield* press.answer()
    return yield* replies.say(press.chatId, brokenQuestion(proxy, generation, texts))
  })

  const report = Effect.fnUntraced(
    function* (press: Press, action: ActionOf<"ProxyReport">) {
      const screen = yield* note(press.userId, action, "")
      yield* press.answer()
      yield* replies.turnTo(press.message, screen)
    },
    (work, press) => Effect.catch(work, (error) => refuse(press, error)),
  )

  const keep = Effect.fnUntraced(function* (press: Press) {
    const texts = yield* Wording

    yield* press.answer(texts.proxies.broken.kept)
    yield* replies.turnTo(press.message, notice(texts.proxies.broken.kept, texts))
  })

  return { giveBack, ask, report, keep }
})

/** Tells the admins, and the others who took the proxy, that it does not work. */
const makeTellBroken = Effect.gen(function* () {
  const access = yield* Access
  const admins = yield* TellAdmins
  const languages = yield* Languages
  const replies = yield* Replies

  return Effect.fnUntraced(function* (proxy: Proxy, by: TelegramId) {
    const stage = proxy.broken?.stage ?? ""
    const others = new Set(proxy.uses.flatMap((use) => use.by ?? []))
    others.delete(by)
    for (const holder of others) {
      if (!(yield* access.isAllowed(holder))) continue
      yield* replies.say(holder, brokenNotice(proxy, yield* languages.textsFor(holder)))
    }
    yield* admins.tell(
      (texts) => brokenNote(proxy, stage, texts),
      access.admins.filter((admin) => admin !== by),
    )
  })
})
