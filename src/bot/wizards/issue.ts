/**
 * The steps from a resource to an issue, and the issue itself.
 *
 * What a button names is looked up in the live lists: a target that the catalogue does not have,
 * or a region that was removed, leads to a sentence and never to an issue.
 */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { refillPatience } from "../../config/Limits.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import type { OutOfStock, PersonCommand } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type BatchAt, type Press, Replies } from "../Replies.ts"
import { above } from "../screens/menu.ts"
import { notIssued, outOfStock } from "../screens/refused.ts"
import {
  asksTargets,
  asksVariant,
  type Choice,
  isTargets,
  looking,
  type Order,
  quantityStep,
  regionStep,
  targetsOf,
  targetsStep,
  trailOfOrder,
  variantStep,
} from "../screens/wizard.ts"
import { Waitlist } from "../Waitlist.ts"
import { Menus } from "../Menus.ts"

type InRegion = Extract<Action, { readonly _tag: "Region" | "Quantity" | "Issue" }>
type Step = Extract<Action, { readonly _tag: "Targets" | "Regions" }> | InRegion

export const makeSteps = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const pools = yield* Pools
  const regions = yield* Regions
  const issue = yield* makeIssue

  const targetChoice = Effect.fnUntraced(function* (choice: Choice) {
    const texts = yield* Wording

    const { onlyDay } = yield* pools.stock(choice.resource.id)
    return targetsStep({ ...choice, onlyDay, up: above(choice.resource, pools.resources) }, texts)
  })

  const regionChoice = Effect.fnUntraced(function* (choice: Choice, page: number) {
    const texts = yield* Wording

    const { onlyDay } = yield* pools.stock(choice.resource.id)
    const up = above(choice.resource, pools.resources)
    return regionStep({ ...choice, regions: yield* regions.all, page, up, onlyDay }, texts)
  })

  /** Opens the first step of a resource. */
  const open = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    const choice = { resource, targets: 0 }
    const first = asksTargets(resource) ? targetChoice(choice) : regionChoice(choice, 0)
    yield* replies.turn(press, yield* first)
  })

  /** Says that no target is ticked, and shows the step where one can be. */
  const targetsMissing = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    const texts = yield* Wording

    yield* press.alert(texts.wizard.noTargets)
    yield* replies.turnTo(press.message, yield* targetChoice({ resource, targets: 0 }))
  })

  /** The steps after a region was chosen. */
  const inRegion = Effect.fnUntraced(function* (press: Press, choice: Choice, action: InRegion) {
    const texts = yield* Wording

    // Goods that already stand on the message are shown even if the region has been removed since.
    const isKnown = (yield* regions.all).includes(action.region)
    if (!isKnown && Option.isNone(yield* replies.batchOn(press.message))) {
      yield* press.alert(texts.wizard.regionGone)
      return yield* replies.turnTo(press.message, yield* menus.of(press.userId))
    }
    const { resource } = choice
    const { region } = action
    if (action._tag === "Region") {
      return yield* replies.turn(press, quantityStep({ ...choice, region }, texts))
    }
    const order = { ...choice, region, quantity: action.quantity }
    if (action._tag === "Quantity") {
      return asksVariant(resource)
        ? yield* replies.turn(press, variantStep(order, texts))
        : yield* menus.stale(press)
    }
    const { variant } = action
    if (variant !== null && findVariant(resource, variant) === undefined)
      return yield* menus.stale(press)
    return yield* issue(press, order, variant)
  })

  /** Every button that carries a choice of targets. */
  const step = Effect.fnUntraced(function* (press: Press, resource: Resource, action: Step) {
    if (!isTargets(resource, action.targets)) return yield* menus.stale(press)
    const choice = { resource, targets: action.targets }
    if (action._tag === "Targets") {
      return asksTargets(resource)
        ? yield* replies.turn(press, yield* targetChoice(choice))
        : yield* menus.stale(press)
    }
    if (asksTargets(resource) && action.targets === 0) return yield* targetsMissing(press, resource)
    return action._tag === "Regions"
      ? yield* replies.turn(press, yield* regionChoice(choice, action.page))
      : yield* inRegion(press, choice, action)
  })

  return { open, step }
})

/**
 * The tap that takes items: asks the pool, has an empty pool refilled from the sheet, and shows the
 * goods on the pressed message. A second tap on that message shows what the first one took.
 */
const makeIssue = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const access = yield* Access
  const waits = yield* Waitlist
  const regions = yield* Regions

  /** Tells the person that it takes a moment, has the pool refilled, and asks it once more. */
  const askAgain = Effect.fnUntraced(function* (
    press: Press,
    order: Order,
    variant: string | null,
    command: PersonCommand,
  ) {
    const texts = yield* Wording

    yield* replies.turnTo(press.message, looking(trailOfOrder(order, variant, texts), texts))
    const refilled = Effect.andThen(
      pools.want(order.resource.id),
      pools.ask(order.resource.id, command),
    )
    return yield* refilled.pipe(
      // Other people may wait for the same refill and be served first.
      Effect.retry({ times: furtherTries, while: ({ _tag }) => _tag === "OutOfStock" }),
      Effect.timeoutOrElse({
        duration: refillPatience,
        orElse: () => pools.ask(order.resource.id, command),
      }),
    )
  })

  const explain = Effect.fnUntraced(function* (press: Press, order: Order, error: OutOfStock) {
    const texts = yield* Wording

    const screen = outOfStock(order, error, yield* regions.all, texts)
    yield* replies.turnTo(press.message, screen)
  })

  /**
   * Shows the goods, and ends the person's waits for them. A wait that the disk refuses to end costs
   * no more than a message that nobody needs.
   */
  const show = Effect.fnUntraced(function* (at: BatchAt) {
    yield* deliveries.show(at.id, at.key)
    const batch = yield* pools.batch(at.id, at.key)
    if (Option.isSome(batch)) yield* Effect.ignore(waits.satisfy(batch.value.request))
  })

  return Effect.fn("issue")(function* (press: Press, order: Order, variant: string | null) {
    const texts = yield* Wording

    yield* press.answer()
    const earlier = yield* replies.batchOn(press.message)
    if (Option.isSome(earlier)) return yield* show(earlier.value)
    const { resource, region, quantity } = order
    const command: PersonCommand = {
      _tag: "Issue",
      message: press.message,
      variant,
      region,
      targets: targetsOf(resource, order.targets),
      quantity,
      by: press.userId,
      stage: yield* access.stageOf(press.userId),
    }
    return yield* pools.ask(resource.id, command).pipe(
      Effect.catchTag("OutOfStock", () => askAgain(press, order, variant, command)),
      Effect.matchEffect({
        onSuccess: ({ request }) => show({ id: resource.id, key: request.key }),
        onFailure: (error) =>
          error._tag === "OutOfStock"
            ? explain(press, order, error)
            : replies.turnTo(press.message, notIssued(order, variant, error, texts)),
      }),
    )
  })
})

/** Further tries after a refill. A tab with nothing left in it answers each of them at once. */
const furtherTries = 2
