/**
 * The way through the menu, to the steps of a resource, and back.
 *
 * What a button names is looked up in the live lists: a resource that is not handed out leads to
 * a sentence and the menu.
 */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { historyPagesMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Group, Resource } from "../../domain/Catalogue.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Request } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Journal, type Recorded } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../Callback.ts"
import { ofAdminsOnly } from "../Commands.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type Asked, askedBy, type KnownOrder, knownOrder } from "../orders.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { groupMenu, help, mainMenu } from "../screens/menu.ts"
import { history, isBatchPage, my, rowsFor } from "../screens/my.ts"
import { batchPage, menuPage, notice, saying } from "../screens/parts.ts"
import { Waits } from "../Waits.ts"
import { makeSteps } from "./issue.ts"
import * as WaitButtons from "./waits.ts"

/** What leads from one screen to another, up to the issue. */
const moves = [
  "Menu",
  "Help",
  "My",
  "History",
  "Again",
  "Wait",
  "Unwait",
  "Cancel",
  "Group",
  "Resource",
  "Page",
  "Targets",
  "Regions",
  "Region",
  "Quantity",
  "Issue",
] as const
type Move = ActionOf<(typeof moves)[number]>

const moveTags: ReadonlySet<string> = new Set(moves)

export const isMove = (action: Action): action is Move => moveTags.has(action._tag)

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const access = yield* Access
  const pools = yield* Pools
  const proxies = yield* Proxies
  const deliveries = yield* Deliveries
  const catalogue = yield* CatalogueSource
  const journal = yield* Journal
  const waits = yield* Waits
  const menus = yield* makeMenus
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  const helpOf = Effect.fnUntraced(function* (userId: TelegramId) {
    const isAdmin = (yield* access.role(userId)) === "admin"
    return help(catalogue.resources, texts, isAdmin ? ofAdminsOnly : [])
  })

  const findResource = (id: string) => pools.resources.find((resource) => resource.id === id)

  const mine = Effect.fn("navigation.mine")(function* (userId: TelegramId) {
    const issuances = yield* pools.held(userId)
    const now = yield* Clock.currentTimeMillis
    const taken = { proxies: yield* proxies.heldBy(userId), today: dayOf(now, zone) }
    const { resources } = pools
    const waiting = { waits: yield* waits.of(userId), resources, now, zone }
    return my({ issuances, resources, zone, taken, waits: waiting }, texts)
  })

  /** Of whoever asks: a button names no person. */
  const past = Effect.fn("navigation.past")(function* (userId: TelegramId, wanted: number) {
    const page = Math.min(wanted, historyPagesMax - 1)
    return yield* journal.booked({ holder: userId }, { limit: rowsFor(page) }).pipe(
      Effect.map((rows) => history({ rows, page, resources: catalogue.resources, zone }, texts)),
      Effect.catch(() => Effect.succeed(notice(texts.employee.history.unavailable, texts))),
    )
  })

  const turnTo = (press: Press, screen: Screen) =>
    Effect.andThen(press.answer(), replies.turnTo(press.message, screen))

  const showMenu = Effect.fnUntraced(function* (userId: TelegramId, chatId: number) {
    yield* replies.say(chatId, yield* menus.of(userId))
  })

  /** The message stays: nobody knows what it shows. */
  const stale = Effect.fnUntraced(function* (press: Press) {
    yield* press.alert(texts.gate.stale)
    yield* showMenu(press.userId, press.chatId)
  })

  const { open, step } = yield* makeSteps(replies, { menuOf: menus.of, turnTo, stale })
  const wait = yield* WaitButtons.make(replies, { stale, mine })

  const group = (press: Press, name: Group) => {
    const [first, ...others] = pools.resources.filter((resource) => resource.group === name)
    if (first === undefined) return stale(press)
    return others.length === 0
      ? open(press, first)
      : turnTo(press, groupMenu(name, pools.resources, texts))
  }

  const sendAgain = Effect.fnUntraced(function* (press: Press, page: number) {
    const held = yield* pools.held(press.userId)
    const found = held.find(({ request }) => isBatchPage(request, page))
    if (found === undefined) return yield* stale(press)
    yield* press.answer()
    return yield* deliveries.sendAgain(found.item.resource, found.request)
  })

  const page = Effect.fnUntraced(function* (
    press: Press,
    { screen, page: number }: ActionOf<"Page">,
  ) {
    switch (screen) {
      case menuPage:
        yield* press.answer()
        return yield* showMenu(press.userId, press.chatId)
      case batchPage:
        return yield* sendAgain(press, number)
      default:
        return yield* stale(press)
    }
  })

  const again = Effect.fnUntraced(function* (press: Press, action: ActionOf<"Again">) {
    const asked = askedBy(action, pools.resources)
    if (asked === undefined) return yield* stale(press)
    yield* press.answer()
    return yield* replies.say(press.chatId, yield* menus.beginningWith(asked))
  })

  /** Where goods stand by now, nothing was cancelled. */
  const cancel = Effect.fnUntraced(function* (press: Press) {
    const isTooLate = Option.isSome(yield* replies.batchOn(press.message))
    yield* press.answer(isTooLate ? undefined : texts.wizard.cancelled)
    yield* replies.turnTo(press.message, yield* menus.of(press.userId))
  })

  const move = Effect.fnUntraced(function* (press: Press, action: Move) {
    switch (action._tag) {
      case "Menu":
        return yield* turnTo(press, yield* menus.of(press.userId))
      case "Help":
        return yield* turnTo(press, yield* helpOf(press.userId))
      case "My":
        return yield* turnTo(press, yield* mine(press.userId))
      case "History":
        return yield* turnTo(press, yield* past(press.userId, action.page))
      case "Again":
        return yield* again(press, action)
      case "Wait":
      case "Unwait":
        return yield* wait(press, action)
      case "Cancel":
        return yield* cancel(press)
      case "Group":
        return yield* group(press, action.group)
      case "Page":
        return yield* page(press, action)
      default: {
        const resource = findResource(action.resource)
        if (resource === undefined) return yield* stale(press)
        return action._tag === "Resource"
          ? yield* open(press, resource)
          : yield* step(press, resource, action)
      }
    }
  })

  return { findResource, menuOf: menus.of, showMenu, helpOf, mine, turnTo, stale, move }
})

/*
 * The menu as one person sees it: the last request, if it can be made again, is its first button.
 *
 * That button asks for goods on the menu's own message, as the last step of the wizard would.
 */

export const makeMenus = Effect.gen(function* () {
  const pools = yield* Pools
  const journal = yield* Journal
  const regions = yield* Regions
  const offered = (yield* CatalogueSource).resources.filter(isOffered)
  const texts = yield* Wording

  /** Memory knows a day; what was before stands in the record, whose faults are no reason to wait. */
  const lastRequest = Effect.fnUntraced(function* (by: TelegramId) {
    const [newest] = yield* pools.asked(by)
    if (newest !== undefined) return newest
    const trail = yield* journal
      .trail({ person: by, limit: trailMax })
      .pipe(
        Effect.catch(({ _tag }) =>
          Effect.as(Effect.logInfo("the last request was not looked up", _tag), []),
        ),
      )
    return trail.flatMap((recorded) => requestIn(recorded, by)).at(0)
  })

  /** What can be asked for right now, though there may be nothing in stock. */
  const askable = Effect.fnUntraced(function* (asked: Asked) {
    const order = knownOrder(asked, { resources: pools.resources, regions: yield* regions.all })
    if (order === undefined) return undefined
    const { paused } = yield* pools.stock(order.resource.id)
    return paused === null ? order : undefined
  })

  const menuWith = (order: KnownOrder | undefined) => mainMenu(offered, texts, order)

  /** The menu of a person. */
  const of = Effect.fn("menus.of")(function* (person: TelegramId) {
    const request = yield* lastRequest(person)
    return menuWith(request === undefined ? undefined : yield* askable(request))
  })

  /** The menu that begins with this order, or says that it cannot be made. */
  const beginningWith = Effect.fn("menus.beginningWith")(function* (asked: Asked) {
    const order = yield* askable(asked)
    const menu = menuWith(order)
    return order === undefined ? saying(texts.employee.repeat.impossible, menu) : menu
  })

  return { of, beginningWith }
})

/** The last request is followed by some events of its items, and by what an admin did since. */
const trailMax = 100

/** Proxies have no pool here and a menu of their own; anything else needs a tab to come from. */
const isOffered = ({ group, baseTabs }: Resource) => group === "proxies" || baseTabs.length > 0

/** A replacement says again what was asked for before it, perhaps by somebody else. */
const requestIn = ({ event }: Recorded, by: TelegramId): ReadonlyArray<Request> =>
  event._tag === "Issued" &&
  event.request.by === by &&
  event.issuances.every(({ replacementOf }) => replacementOf === null)
    ? [event.request]
    : []
