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
import type { ActionIn, ActionOf } from "../buttons.ts"
import { ofAdminsOnly } from "../Commands.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { askedBy } from "../orders.ts"
import { type Press, Replies } from "../Replies.ts"
import { groupMenu, help } from "../screens/menu.ts"
import { history, isBatchPage, my, rowsFor } from "../screens/my.ts"
import { batchPage, menuPage, notice } from "../screens/parts.ts"
import { Waits } from "../Waits.ts"
import { makeSteps } from "./issue.ts"
import * as WaitButtons from "./waits.ts"

type Move = ActionIn<"order" | "own">

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const access = yield* Access
  const pools = yield* Pools
  const proxies = yield* Proxies
  const deliveries = yield* Deliveries
  const catalogue = yield* CatalogueSource
  const journal = yield* Journal
  const waits = yield* Waits
  const menus = yield* Menus
  const { timezone: zone } = yield* Settings

  const helpOf = Effect.fnUntraced(function* (userId: TelegramId) {
    const texts = yield* Wording

    const isAdmin = (yield* access.role(userId)) === "admin"
    return help(catalogue.resources, texts, isAdmin ? ofAdminsOnly : [])
  })

  const findResource = (id: string) => pools.resources.find((resource) => resource.id === id)

  const mine = Effect.fn("navigation.mine")(function* (userId: TelegramId) {
    const texts = yield* Wording

    const issuances = yield* pools.held(userId)
    const now = yield* Clock.currentTimeMillis
    const taken = { proxies: yield* proxies.heldBy(userId), today: dayOf(now, zone) }
    const { resources } = pools
    const waiting = { waits: yield* waits.of(userId), resources, now, zone }
    return my({ issuances, resources, zone, taken, waits: waiting }, texts)
  })

  /** Of whoever asks: a button names no person. */
  const past = Effect.fn("navigation.past")(function* (userId: TelegramId, wanted: number) {
    const texts = yield* Wording

    const page = Math.min(wanted, historyPagesMax - 1)
    return yield* journal.booked({ holder: userId }, { limit: rowsFor(page) }).pipe(
      Effect.map((rows) => history({ rows, page, resources: catalogue.resources, zone }, texts)),
      Effect.catch(() => Effect.succeed(notice(texts.employee.history.unavailable, texts))),
    )
  })

  const { stale } = menus

  const { open, step } = yield* makeSteps
  const wait = yield* WaitButtons.make(mine)

  const group = Effect.fnUntraced(function* (press: Press, name: Group) {
    const [first, ...others] = pools.resources.filter((resource) => resource.group === name)
    if (first === undefined) return yield* stale(press)
    return others.length === 0
      ? yield* open(press, first)
      : yield* replies.turn(press, groupMenu(name, pools.resources, yield* Wording))
  })

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
        return yield* menus.show(press.userId, press.chatId)
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
    const texts = yield* Wording

    const isTooLate = Option.isSome(yield* replies.batchOn(press.message))
    yield* press.answer(isTooLate ? undefined : texts.wizard.cancelled)
    yield* replies.turnTo(press.message, yield* menus.of(press.userId))
  })

  const move = Effect.fnUntraced(function* (press: Press, action: Move) {
    switch (action._tag) {
      case "Menu":
        return yield* replies.turn(press, yield* menus.of(press.userId))
      case "Help":
        return yield* replies.turn(press, yield* helpOf(press.userId))
      case "My":
        return yield* replies.turn(press, yield* mine(press.userId))
      case "History":
        return yield* replies.turn(press, yield* past(press.userId, action.page))
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

  return { findResource, helpOf, mine, move }
})
