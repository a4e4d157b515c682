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
import { TellAdmins } from "../admin/TellAdmins.ts"
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
/** The buttons of a proxy that is reserved. */
type ReservationAction = ActionOf<"ProxyTake" | "ProxyCancel" | "ProxyExtend">
/** The buttons of a proxy that was taken. */
type TakingAction = ActionOf<"ProxyReturn" | "ProxyBroken" | "ProxyReport" | "ProxyWorks">

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
    yield* proxies.wantLook
    const all = resource.targets.map(({ id }) => id)
    const free = (yield* proxies.free([])).filter(
      ({ uses }) => !all.every((id) => uses.some(({ target }) => target === id)),
    )
    return proxyMenu(free.length, texts)
  })

  const menu = Effect.fnUntraced(function* (press: Press) {
    yield* turnTo(press, yield* menuScreen)
  })

  /** Opens the menu of proxies in a new message, or the free ones for targets that are known. */
  const open = Effect.fnUntraced(function* (chatId: number, targets: number) {
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

  const onTap = Effect.fnUntraced(function* (press: Press, action: GetAction) {
    switch (action._tag) {
      case "ProxyTake":
      case "ProxyCancel":
      case "ProxyExtend":
        return yield* reservation.act(press, action)
      case "ProxyReturn":
      case "ProxyBroken":
      case "ProxyReport":
      case "ProxyWorks":
        return yield* taking.act(press, action)
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
    yield* proxies.wantLook
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

  const listOf = Effect.fnUntraced(function* ({ proxy, targets }: Reservation) {
    const texts = yield* Wording

    const known = yield* proxies.find(proxy)
    const bits = bitsOf(resource, targets)
    if (bits === 0) return targetsStep(resource, 0, texts)
    return Option.isNone(known) ? yield* stock(bits) : yield* list(bits, known.value.country)
  })

  /** Does what the button asks of the reservation, and draws on the message what came of it. */
  const carryOut = Effect.fnUntraced(function* (press: Press, action: ReservationAction) {
    const words = (yield* Wording).proxies.getting
    const held = { proxy: action.proxy, generation: action.generation, by: press.userId }
    switch (action._tag) {
      case "ProxyTake": {
        const taken = yield* proxies.take({ _tag: "Take", ...held })
        yield* press.answer(words.taken)
        return yield* messages.showEnded(taken)
      }
      case "ProxyCancel": {
        const cancelled = yield* proxies.cancel({ _tag: "Cancel", ...held })
        yield* press.answer(words.released)
        return yield* put(press, yield* listOf(cancelled))
      }
      case "ProxyExtend": {
        const extended = yield* proxies.extend({ _tag: "Extend", ...held })
        yield* press.answer(words.extended(formatTime(extended.until, zone)))
        return yield* messages.showReserved(extended)
      }
    }
  })

  /** Says why not, and draws on the message what became of the reservation. */
  const refuse = Effect.fnUntraced(function* (
    press: Press,
    held: ReservationAction,
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
    act: (press: Press, action: ReservationAction) =>
      Effect.catch(carryOut(press, action), (error) => refuse(press, action, error)),
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
    answer: Effect.fnUntraced(function* ({ userId, chatId, text }) {
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

  const carryOut = Effect.fnUntraced(function* (press: Press, action: TakingAction) {
    const words = (yield* Wording).proxies
    const { proxy, generation } = action
    switch (action._tag) {
      case "ProxyReturn": {
        const by = press.userId
        const reservation = yield* proxies.giveBack({ _tag: "Return", proxy, generation, by })
        yield* press.answer(words.goods.returned)
        return yield* messages.showReturned(press.message, reservation)
      }
      case "ProxyBroken":
        return yield* ask(press, action)
      case "ProxyReport": {
        const screen = yield* note(press.userId, action, "")
        yield* press.answer()
        return yield* replies.turnTo(press.message, screen)
      }
      case "ProxyWorks":
        yield* press.answer(words.broken.kept)
        return yield* replies.turnTo(press.message, notice(words.broken.kept, yield* Wording))
    }
  })

  return {
    act: (press: Press, action: TakingAction) =>
      Effect.catch(carryOut(press, action), (error) => refuse(press, error)),
  }
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
