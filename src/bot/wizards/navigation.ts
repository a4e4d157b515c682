/**
 * The way through the menu and the steps to an issue.
 *
 * What a button names is looked up in the live lists: a resource that is not handed out and a
 * region that was removed lead to a sentence and the menu, never to an issue.
 */
import { Effect, Option } from "effect"
import { Regions } from "../../access/Regions.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { findVariant, type Group, isWired, type Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action } from "../Callback.ts"
import { Deliveries } from "../Deliveries.ts"
import type { Screen } from "../Keyboard.ts"
import { groupMenu, help, mainMenu } from "../screens/menu.ts"
import { isBatchPage, my } from "../screens/my.ts"
import { batchPage, menuPage, regionsPage } from "../screens/parts.ts"
import {
  asksVariant,
  quantityStep,
  readRegionsPage,
  regionStep,
  variantStep,
} from "../screens/wizard.ts"
import { textsOf } from "../texts/textsOf.ts"
import * as Issue from "./issue.ts"
import type { Press } from "./Press.ts"
import type { Replies } from "./replies.ts"

type Of<Tag extends Action["_tag"]> = Extract<Action, { readonly _tag: Tag }>

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const regions = yield* Regions
  const catalogue = yield* CatalogueSource
  const { timezone: zone, language } = yield* Settings
  const issue = yield* Issue.make(replies)
  const texts = textsOf(language)

  const menu = mainMenu(catalogue.resources, texts)

  const findResource = (id: string) => pools.resources.find((resource) => resource.id === id)

  const mine = Effect.fn("navigation.mine")(function* (userId: TelegramId) {
    const issuances = yield* pools.held(userId)
    return my({ issuances, resources: pools.resources, zone }, texts)
  })

  const turnTo = (press: Press, screen: Screen) =>
    Effect.andThen(press.answer(), replies.turnTo(press.message, screen))

  /** The message stays: nobody knows what it shows. */
  const stale = (press: Press) =>
    Effect.andThen(press.alert(texts.gate.stale), replies.say(press.chatId, menu))

  const soon = (press: Press, group: Group) =>
    press.alert(texts.menu.soon(texts.menu.groups[group]))

  const group = (press: Press, { group: name }: Of<"Group">) =>
    isWired(name) ? turnTo(press, groupMenu(name, pools.resources, texts)) : soon(press, name)

  const regionsOf = Effect.fnUntraced(function* (press: Press, resource: Resource, page: number) {
    const place = pools.resources.indexOf(resource)
    const screen = regionStep({ resource, regions: yield* regions.all, place, page }, texts)
    yield* turnTo(press, screen)
  })

  const resourceChosen = (press: Press, { resource: id }: Of<"Resource">) => {
    const resource = findResource(id)
    if (resource !== undefined) return regionsOf(press, resource, 0)
    const planned = catalogue.resources.find((each) => each.id === id)
    return planned === undefined || isWired(planned.group)
      ? stale(press)
      : soon(press, planned.group)
  }

  /** From the region on, all steps. */
  const step = Effect.fnUntraced(function* (
    press: Press,
    action: Of<"Region"> | Of<"Quantity"> | Of<"Issue">,
  ) {
    const resource = findResource(action.resource)
    if (resource === undefined) return yield* stale(press)
    // Goods that stand on the message are shown even where the region is gone by now.
    const isKnown = (yield* regions.all).includes(action.region)
    if (!isKnown && Option.isNone(yield* replies.batchOn(press.message))) {
      yield* press.alert(texts.wizard.regionGone)
      return yield* replies.turnTo(press.message, menu)
    }
    const { region } = action
    if (action._tag === "Region") {
      return yield* turnTo(press, quantityStep({ resource, region }, texts))
    }
    const order = { resource, region, quantity: action.quantity }
    if (action._tag === "Quantity") {
      return asksVariant(resource)
        ? yield* turnTo(press, variantStep(order, texts))
        : yield* stale(press)
    }
    const { variant } = action
    if (variant !== null && findVariant(resource, variant) === undefined) return yield* stale(press)
    return yield* issue(press, order, variant)
  })

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
      case regionsPage: {
        const at = readRegionsPage(number)
        const resource = pools.resources[at.place]
        return resource === undefined ? stale(press) : regionsOf(press, resource, at.page)
      }
      default:
        return stale(press)
    }
  }

  const cancel = (press: Press) =>
    Effect.andThen(press.answer(texts.wizard.cancelled), replies.turnTo(press.message, menu))

  return {
    findResource,
    menu,
    help: help(texts),
    mine,
    turnTo,
    stale,
    group,
    resourceChosen,
    step,
    page,
    cancel,
  }
})
