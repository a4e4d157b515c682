/**
 * The way through the menu, to the steps of a resource, and back.
 *
 * What a button names is looked up in the live lists: a resource that is not handed out leads to
 * a sentence and the menu.
 */
import { Clock, Effect } from "effect"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import type { Group, Resource } from "../../domain/Catalogue.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/Proxies.ts"
import type { Action } from "../Callback.ts"
import { Deliveries } from "../Deliveries.ts"
import type { Screen } from "../Keyboard.ts"
import { groupMenu, help, mainMenu } from "../screens/menu.ts"
import { isBatchPage, my } from "../screens/my.ts"
import { batchPage, menuPage } from "../screens/parts.ts"
import { Wording } from "../texts/Wording.ts"
import type { Press } from "./Press.ts"
import type { Replies } from "./replies.ts"
import * as Steps from "./steps.ts"

type Of<Tag extends Action["_tag"]> = Extract<Action, { readonly _tag: Tag }>

/** What leads from one screen to another, up to the issue. */
const moves = [
  "Menu",
  "Help",
  "My",
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
type Move = Of<(typeof moves)[number]>

const moveTags: ReadonlySet<string> = new Set(moves)

export const isMove = (action: Action): action is Move => moveTags.has(action._tag)

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const deliveries = yield* Deliveries
  const catalogue = yield* CatalogueSource
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  const menu = mainMenu(catalogue.resources.filter(isOffered), texts)
  const helpScreen = help(catalogue.resources, texts)

  const findResource = (id: string) => pools.resources.find((resource) => resource.id === id)

  const mine = Effect.fn("navigation.mine")(function* (userId: TelegramId) {
    const issuances = yield* pools.held(userId)
    const today = dayOf(yield* Clock.currentTimeMillis, zone)
    const taken = { proxies: yield* proxies.heldBy(userId), today }
    return my({ issuances, resources: pools.resources, zone, taken }, texts)
  })

  const turnTo = (press: Press, screen: Screen) =>
    Effect.andThen(press.answer(), replies.turnTo(press.message, screen))

  /** The message stays: nobody knows what it shows. */
  const stale = (press: Press) =>
    Effect.andThen(press.alert(texts.gate.stale), replies.say(press.chatId, menu))

  const { open, step } = yield* Steps.make(replies, { menu, turnTo, stale })

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

  const page = (press: Press, { screen, page: number }: Of<"Page">) => {
    switch (screen) {
      case menuPage:
        return Effect.andThen(press.answer(), replies.say(press.chatId, menu))
      case batchPage:
        return sendAgain(press, number)
      default:
        return stale(press)
    }
  }

  const move = Effect.fnUntraced(function* (press: Press, action: Move) {
    switch (action._tag) {
      case "Menu":
        return yield* turnTo(press, menu)
      case "Help":
        return yield* turnTo(press, helpScreen)
      case "My":
        return yield* turnTo(press, yield* mine(press.userId))
      case "Cancel":
        yield* press.answer(texts.wizard.cancelled)
        return yield* replies.turnTo(press.message, menu)
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

  return { findResource, menu, help: helpScreen, mine, turnTo, stale, move }
})

/** Proxies have no pool here and a menu of their own; anything else needs a tab to come from. */
const isOffered = ({ group, baseTabs }: Resource) => group === "proxies" || baseTabs.length > 0
