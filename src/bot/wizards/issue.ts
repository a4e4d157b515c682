/**
 * The steps from a resource to an issue, and the issue itself.
 *
 * What a button names is looked up in the live lists: a target that the catalogue does not have,
 * or a region that was removed, leads to a sentence and never to an issue.
 */
import { Duration, Effect, Exit, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { refillPatience, typedWithin } from "../../config/Limits.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { elapsed } from "../../observe/elapsed.ts"
import * as Metrics from "../../observe/metrics.ts"
import type { OutOfStock, PersonCommand } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import { lackOf, Supplies } from "../../pool/Supply.ts"
import { outOfStockOf } from "../../pool/View.ts"
import type { Action } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type BatchAt, type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { above } from "../screens/menu.ts"
import { trailOf } from "../screens/parts.ts"
import {
  lackingInRegion,
  lackingStep,
  lackingTargets,
  notIssued,
  outOfStock,
} from "../screens/refused.ts"
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
  trailSteps,
  variantStep,
  type Wish,
} from "../screens/wizard.ts"
import { Waitlist } from "../Waitlist.ts"
import { Menus } from "../Menus.ts"

type InRegion = Extract<Action, { readonly _tag: "Region" | "Quantity" | "Lacking" | "Issue" }>
type Step = Extract<Action, { readonly _tag: "Targets" | "Regions" | "Recheck" }> | InRegion

export const makeSteps = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const pools = yield* Pools
  const regions = yield* Regions
  const steps = yield* makeStepScreens
  const issue = yield* makeIssue
  const last = yield* makeLastSteps

  /** Shows a step on the pressed message. */
  const turnTo = Effect.fnUntraced(function* (press: Press, wish: Wish, screen: Screen) {
    yield* replies.turn(press, screen)
    yield* last.note(press.userId, press.message, wish)
  })

  /** Opens the first step of a resource. */
  const open = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    const wish = { resource, targets: 0 }
    yield* turnTo(press, wish, yield* steps.next(wish))
  })

  /** Says that no target is ticked, and shows the step where one can be. */
  const targetsMissing = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    const texts = yield* Wording

    yield* press.alert(texts.wizard.noTargets)
    yield* replies.turnTo(press.message, yield* steps.targets({ resource, targets: 0 }))
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
      return yield* turnTo(
        press,
        { ...choice, region },
        yield* steps.inRegion({ ...choice, region }),
      )
    }
    const order = { ...choice, region, quantity: action.quantity }
    if (action._tag === "Quantity") {
      return asksVariant(resource)
        ? yield* turnTo(press, order, yield* steps.inRegion(order))
        : yield* menus.stale(press)
    }
    const { variant } = action
    if (variant !== null && findVariant(resource, variant) === undefined)
      return yield* menus.stale(press)
    yield* last.forget(press.userId)
    return action._tag === "Lacking"
      ? yield* issue.unlessLacking(press, order, variant)
      : yield* issue.take(press, order, variant)
  })

  /** Has the sheet looked at, and shows the step again. */
  const lookAgain = Effect.fnUntraced(function* (press: Press, wish: Wish) {
    const texts = yield* Wording

    yield* press.answer()
    const hasGoods = Option.isSome(yield* replies.batchOn(press.message))
    const trail = trailOf(...trailSteps(wish, texts))
    const saying = hasGoods ? Effect.void : replies.turnTo(press.message, looking(trail, texts))
    const refill = Effect.timeoutOption(pools.want(wish.resource.id), refillPatience)
    yield* Effect.all([saying, refill], { concurrency: "unbounded" })
    yield* turnTo(press, wish, yield* steps.next(wish))
  })

  /** Every button that carries a choice of targets. */
  const step = Effect.fnUntraced(function* (press: Press, resource: Resource, action: Step) {
    if (!isTargets(resource, action.targets)) return yield* menus.stale(press)
    const choice = { resource, targets: action.targets }
    if (action._tag === "Targets") {
      return asksTargets(resource)
        ? yield* turnTo(press, choice, yield* steps.targets(choice))
        : yield* menus.stale(press)
    }
    if (asksTargets(resource) && action.targets === 0) return yield* targetsMissing(press, resource)
    switch (action._tag) {
      case "Regions":
        return yield* turnTo(press, choice, yield* steps.regions(choice, action.page))
      case "Recheck": {
        const { region } = action
        const isKnown = region !== null && (yield* regions.all).includes(region)
        return yield* lookAgain(press, isKnown ? { ...choice, region } : choice)
      }
      default:
        return yield* inRegion(press, choice, action)
    }
  })

  return { open, step, next: steps.next, take: issue.take, last }
})

/**
 * The step that each person was shown last, so that a typed word goes on from it. It is kept in
 * memory only: after a restart, or after a while, a text has to name what it is about.
 */
const makeLastSteps = Effect.gen(function* () {
  const replies = yield* Replies
  const shown = new Map<
    TelegramId,
    {
      /** None once another answer stands below it. */
      readonly message: MessageRef | undefined
      readonly wish: Wish
      /** See observe/elapsed.ts. */
      readonly at: number
    }
  >()

  /** A message that shows goods asks for nothing more. */
  const note = Effect.fnUntraced(function* (person: TelegramId, message: MessageRef, wish: Wish) {
    const at = yield* elapsed
    if (Option.isSome(yield* replies.batchOn(message))) shown.delete(person)
    else shown.set(person, { message, wish, at })
  })

  const of = Effect.fnUntraced(function* (person: TelegramId) {
    const step = shown.get(person)
    const now = yield* elapsed
    return step !== undefined && now - step.at < Duration.toMillis(typedWithin) ? step : undefined
  })

  /**
   * Call this when the bot answers below the step: the next one then comes as a new message, because
   * nobody would see an older one change.
   */
  const leave = (person: TelegramId) =>
    Effect.sync(() => {
      const step = shown.get(person)
      if (step !== undefined) shown.set(person, { ...step, message: undefined })
    })

  const forget = (person: TelegramId) => Effect.sync(() => void shown.delete(person))

  return { note, of, leave, forget }
})

/** The step that asks for what a wish leaves open; where there is nothing, why, and how to wait. */
const makeStepScreens = Effect.gen(function* () {
  const pools = yield* Pools
  const regions = yield* Regions
  const supplies = yield* Supplies

  const targetsOfWish = Effect.fnUntraced(function* (choice: Choice) {
    const texts = yield* Wording
    const known = yield* regions.all
    const supply = yield* supplies.forOrder(choice.resource)
    const lack = lackOf(supply, { regions: known, variant: null })
    const step = {
      resource: choice.resource,
      targets: choice.targets,
      onlyDay: supply.onlyDay,
      up: above(choice.resource, pools.resources),
    }
    if (lack === undefined) return targetsStep(step, texts)
    const about = { ...choice, supply, lack, regions: known }
    return targetsStep({ ...step, lack: lackingTargets(about, texts) }, texts)
  })

  const regionsFor = Effect.fnUntraced(function* (wish: Wish, page: number) {
    const texts = yield* Wording
    const known = yield* regions.all
    const supply = yield* supplies.forOrder(wish.resource)
    const lack = lackOf(supply, { regions: known, variant: wish.variant ?? null })
    const about = {
      ...wish,
      regions: known,
      page,
      up: above(wish.resource, pools.resources),
      supply,
    }
    return lack === undefined || known.length === 0
      ? regionStep({ ...about, onlyDay: supply.onlyDay }, texts)
      : lackingStep({ ...about, lack }, texts)
  })

  const inRegion = Effect.fnUntraced(function* (wish: Wish & Pick<Order, "region">) {
    const texts = yield* Wording
    const { region, quantity } = wish
    const supply = yield* supplies.forOrder(wish.resource)
    const lack = lackOf(supply, { regions: [region], variant: wish.variant ?? null })
    if (lack !== undefined) {
      return lackingInRegion({ ...wish, supply, lack, regions: yield* regions.all }, texts)
    }
    return quantity === undefined
      ? quantityStep({ ...wish, supply }, texts)
      : variantStep({ ...wish, quantity, supply }, texts)
  })

  /** The first step of the wish that is open; its variant, where all else is said. */
  const next = Effect.fnUntraced(function* (wish: Wish) {
    const { resource, targets, region } = wish
    if (asksTargets(resource) && targets === 0) return yield* targetsOfWish(wish)
    return region === undefined ? yield* regionsFor(wish, 0) : yield* inRegion({ ...wish, region })
  })

  return { next, targets: targetsOfWish, regions: regionsFor, inRegion }
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
  const supplies = yield* Supplies

  /** Tells the person that it takes a moment, has the pool refilled, and asks it once more. */
  const askAgain = Effect.fnUntraced(function* (
    press: Press,
    order: Order,
    variant: string | null,
    command: PersonCommand,
  ) {
    const texts = yield* Wording

    const trail = trailOfOrder(order, variant, texts)
    const saying = replies.turnTo(press.message, looking(trail, texts))
    const asking = Effect.andThen(
      pools.want(order.resource.id),
      pools.ask(order.resource.id, command),
    ).pipe(
      // Other people may wait for the same refill and be served first.
      Effect.retry({ times: furtherTries, while: ({ _tag }) => _tag === "OutOfStock" }),
      Effect.timeoutOrElse({
        duration: refillPatience,
        orElse: () => pools.ask(order.resource.id, command),
      }),
    )
    // The sheet is asked at once; the goods come when the message has turned, never before it.
    const [, answer] = yield* Effect.all([saying, Effect.exit(asking)], {
      concurrency: "unbounded",
    })
    return yield* answer
  })

  const explain = Effect.fnUntraced(function* (press: Press, order: Order, error: OutOfStock) {
    const texts = yield* Wording

    yield* countEmpty(order.resource, error)
    // Has the tabs counted soon, so that the buttons say «нет» no longer than that is so.
    yield* supplies.forOrder(order.resource)
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

  const take = Effect.fnUntraced(function* (press: Press, order: Order, variant: string | null) {
    const texts = yield* Wording

    const earlier = yield* replies.batchOn(press.message)
    if (Option.isSome(earlier)) {
      yield* press.answer()
      return yield* show(earlier.value)
    }
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
    const decision = yield* Effect.exit(pools.ask(resource.id, command))
    yield* Exit.isSuccess(decision) ? press.answerBehind : press.answer()
    return yield* decision.pipe(
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
  /** An order that was drawn as one that there is nothing for. There may be some by now. */
  const unlessLacking = Effect.fnUntraced(function* (
    press: Press,
    order: Order,
    variant: string | null,
  ) {
    const texts = yield* Wording
    const supply = yield* supplies.forOrder(order.resource)
    const wish = { regions: [order.region], variant }
    const hasGoods = Option.isSome(yield* replies.batchOn(press.message))
    if (hasGoods || lackOf(supply, wish) !== "none") return yield* take(press, order, variant)
    const error = outOfStockOf(order.resource, supply, { region: order.region, variant })
    yield* countEmpty(order.resource, error)
    return yield* replies.turn(press, outOfStock(order, error, yield* regions.all, texts))
  })

  return { take, unlessLacking }
})

/** Counts an order whose person is told that there is nothing, under names of the catalogue only. */
const countEmpty = (resource: Resource, { variant }: Pick<OutOfStock, "variant">) =>
  Metrics.count("askedEmpty", {
    resource: resource.id,
    variant: variant === null ? "" : (findVariant(resource, variant)?.id ?? ""),
  })

/** Further tries after a refill. A tab with nothing left in it answers each of them at once. */
const furtherTries = 2
