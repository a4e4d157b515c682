/**
 * The way through the menu, to the steps of a resource, and back.
 *
 * What a button names is looked up in the live lists: a resource that is not handed out leads to
 * a sentence and the menu.
 */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { historyPagesMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Group } from "../../domain/Catalogue.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Journal } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../Callback.ts"
import { ofAdminsOnly } from "../Commands.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { askedBy } from "../orders.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { history, rowsFor } from "../screens/history.ts"
import { groupMenu, help } from "../screens/menu.ts"
import { isBatchPage, my } from "../screens/my.ts"
import { batchPage, menuPage, notice } from "../screens/parts.ts"
import { Waits } from "../Waits.ts"
import * as Menus from "./menus.ts"
import * as Steps from "./steps.ts"
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
  const menus = yield* Menus.make
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

  const { open, step } = yield* Steps.make(replies, { menuOf: menus.of, turnTo, stale })
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
