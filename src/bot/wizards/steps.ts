/**
 * The steps from a resource to an issue.
 *
 * What a button names is looked up in the live lists: targets that the catalogue does not have
 * and a region that was removed lead to a sentence and the menu, never to an issue.
 */
import { Effect, Option } from "effect"
import { Regions } from "../../access/Regions.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { above } from "../screens/menu.ts"
import { isTargets } from "../screens/targets.ts"
import {
  asksTargets,
  asksVariant,
  type Choice,
  quantityStep,
  regionStep,
  targetsStep,
  variantStep,
} from "../screens/wizard.ts"
import * as Issue from "./issue.ts"

type InRegion = Extract<Action, { readonly _tag: "Region" | "Quantity" | "Issue" }>
type Step = Extract<Action, { readonly _tag: "Targets" | "Regions" }> | InRegion

/** Where a step leads that is none. */
interface Ways {
  menuOf(userId: Press["userId"]): Effect.Effect<Screen>
  turnTo(press: Press, screen: Screen): Effect.Effect<void>
  stale(press: Press): Effect.Effect<void>
}

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  { menuOf, turnTo, stale }: Ways,
) {
  const pools = yield* Pools
  const regions = yield* Regions
  const issue = yield* Issue.make(replies)
  const texts = yield* Wording

  const targetChoice = Effect.fnUntraced(function* (choice: Choice) {
    const { onlyDay } = yield* pools.stock(choice.resource.id)
    return targetsStep({ ...choice, onlyDay, up: above(choice.resource, pools.resources) }, texts)
  })

  const regionChoice = Effect.fnUntraced(function* (choice: Choice, page: number) {
    const { onlyDay } = yield* pools.stock(choice.resource.id)
    const up = above(choice.resource, pools.resources)
    return regionStep({ ...choice, regions: yield* regions.all, page, up, onlyDay }, texts)
  })

  /** The first step. */
  const open = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    const choice = { resource, targets: 0 }
    const first = asksTargets(resource) ? targetChoice(choice) : regionChoice(choice, 0)
    yield* turnTo(press, yield* first)
  })

  /** Said, and shown where it can be made good. */
  const targetsMissing = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    yield* press.alert(texts.wizard.noTargets)
    yield* replies.turnTo(press.message, yield* targetChoice({ resource, targets: 0 }))
  })

  /** From the region on. */
  const inRegion = Effect.fnUntraced(function* (press: Press, choice: Choice, action: InRegion) {
    // Goods that stand on the message are shown even where the region is gone by now.
    const isKnown = (yield* regions.all).includes(action.region)
    if (!isKnown && Option.isNone(yield* replies.batchOn(press.message))) {
      yield* press.alert(texts.wizard.regionGone)
      return yield* replies.turnTo(press.message, yield* menuOf(press.userId))
    }
    const { resource } = choice
    const { region } = action
    if (action._tag === "Region") {
      return yield* turnTo(press, quantityStep({ ...choice, region }, texts))
    }
    const order = { ...choice, region, quantity: action.quantity }
    if (action._tag === "Quantity") {
      return asksVariant(resource)
        ? yield* turnTo(press, variantStep(order, texts))
        : yield* stale(press)
    }
    const { variant } = action
    if (variant !== null && findVariant(resource, variant) === undefined) return yield* stale(press)
    return yield* issue(press, order, variant)
  })

  /** All steps after the first button of a resource. */
  const step = Effect.fnUntraced(function* (press: Press, resource: Resource, action: Step) {
    if (!isTargets(resource, action.targets)) return yield* stale(press)
    const choice = { resource, targets: action.targets }
    if (action._tag === "Targets") {
      return asksTargets(resource)
        ? yield* turnTo(press, yield* targetChoice(choice))
        : yield* stale(press)
    }
    if (asksTargets(resource) && action.targets === 0) return yield* targetsMissing(press, resource)
    return action._tag === "Regions"
      ? yield* turnTo(press, yield* regionChoice(choice, action.page))
      : yield* inRegion(press, choice, action)
  })

  return { open, step }
})
