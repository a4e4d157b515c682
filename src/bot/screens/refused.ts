/** Why nothing was issued or changed, and what the person can do instead. */
import type { Block } from "../../access/Blocks.ts"
import { isRegistry, type Label, type Resource } from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Region } from "../../domain/Region.ts"
import type {
  AlreadyMarked,
  NotAllowed,
  OutOfStock,
  PoolPaused,
  Refusal,
} from "../../pool/Contract.ts"
import { type Lack, lackOf, type Supply } from "../../pool/Supply.ts"
import { outOfStockOf } from "../../pool/View.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { Action } from "../buttons.ts"
import { fieldsOf, type Offer } from "../orders.ts"
import { bold, type Html, html, type Screen } from "../Screen.ts"
import { type Texts, uncapitalised } from "../texts/Texts.ts"
import type { TypedOrder } from "../typedOrder.ts"
import { type Scenery, untilText } from "./lists.ts"
import { cut, grid, lines, notice, page, tap, trailOf } from "./parts.ts"
import { waitButton } from "./waits.ts"
import {
  asksTargets,
  asksVariant,
  type Order,
  regionRows,
  trailOfOrder,
  trailSteps,
  variantName,
  wayOut,
  type Wish,
} from "./wizard.ts"

/** The longest text that Telegram shows in an alert. */
const alertMax = 200

/** Every refusal in one sentence, short enough for an alert. */
export const sentenceOf = (
  error: Refusal | StorageUnavailable,
  resource: Resource | undefined,
  texts: Texts,
): string => cut(fullSentenceOf(error, resource, texts), alertMax)

const fullSentenceOf = (
  error: Refusal | StorageUnavailable,
  resource: Resource | undefined,
  texts: Texts,
): string => {
  switch (error._tag) {
    case "OutOfStock":
      return [
        texts.refusals.outOfStock(nameOf(error, resource, texts), error.region),
        ...modeOf(error, nameOf(error, resource, texts), texts),
      ].join(" ")
    case "PoolPaused":
      return texts.refusals.poolPaused(nameOf(error, resource, texts), error.note)
    case "TooManyPending":
      return texts.refusals.tooManyPending(error.pending, error.limit)
    case "UnknownIssuance":
      return texts.refusals.unknownIssuance
    case "NotHolder":
      return texts.refusals.notHolder
    case "AlreadyMarked":
      return texts.refusals.alreadyMarked(statusName(error, resource, texts))
    case "NotAllowed":
      return notAllowed(error, texts)
    case "StorageUnavailable":
      return texts.refusals.storageUnavailable
  }
}

const notAllowed = ({ reason }: NotAllowed, texts: Texts) => texts.refusals.notAllowed[reason]

const nameOf = (error: OutOfStock | PoolPaused, resource: Resource | undefined, texts: Texts) =>
  resource === undefined ? error.resource : texts.label(resource.label)

/** Says so where only items of one day are issued: items of other days may be in stock. */
const modeOf = (
  { onlyDay, hidden }: Pick<OutOfStock, "onlyDay" | "hidden">,
  name: string,
  texts: Texts,
) => {
  if (onlyDay === null) return []
  const what = uncapitalised(name)
  return hidden > 0
    ? [texts.refusals.otherDaysHidden(what, formatDay(onlyDay), hidden)]
    : [texts.refusals.noneOfToday(what, formatDay(onlyDay))]
}

const statusName = (error: AlreadyMarked, resource: Resource | undefined, texts: Texts) => {
  const status = resource?.statuses.find(({ id }) => id === error.mark.status)
  return status === undefined ? error.mark.status : `${status.sign} ${texts.label(status.label)}`
}

/** Says that there is none, with the counts that explain it, and buttons for what there is. */
export const outOfStock = (
  order: Order,
  error: OutOfStock,
  regions: ReadonlyArray<Region>,
  texts: Texts,
): Screen => {
  const { resource, targets, region, quantity } = order
  const issue = { _tag: "Issue", resource: resource.id, targets, region, quantity } as const
  const { byVariant, total, byRegion } = countsOf(error)
  const otherVariants = byVariant.filter(
    ([id, count]) => count > 0 && id !== "" && error.variant !== null && id !== error.variant,
  )
  const otherRegions = byRegion.filter(([code]) => code !== region && regions.includes(code))
  // Items without a variant can be had only by asking for any variant.
  const any =
    error.variant !== null && (error.byVariant[""] ?? 0) > 0
      ? [tap(counted([texts.label(resource.anyVariant), total]), { ...issue, variant: null })]
      : []
  return {
    html: reasons(trailOfOrder(order, error.variant, texts), resource, error, texts),
    keyboard: [
      ...grid(
        [
          ...otherVariants.map(([id, count]) =>
            tap(counted([variantName(resource, id, texts), count]), { ...issue, variant: id }),
          ),
          ...any,
        ],
        3,
      ),
      ...grid(
        otherRegions
          .slice(0, 12)
          .map(([code, count]) =>
            tap(counted([code, count]), { ...issue, region: code, variant: error.variant }),
          ),
        3,
      ),
      [tap(texts.wizard.again, { ...issue, variant: error.variant }, "primary")],
      [waitButton({ ...order, variant: error.variant }, texts)],
      wayOut({ _tag: "Region", resource: resource.id, targets, region }, texts),
    ],
  }
}

const countsOf = (error: OutOfStock) => {
  const byVariant = Object.entries(error.byVariant)
  return {
    byVariant,
    total: byVariant.reduce((sum, [, count]) => sum + count, 0),
    byRegion: Object.entries(error.byRegion).filter(([, count]) => count > 0),
  }
}

/** That there is none, with the counts that explain it. */
const reasons = (heading: string, resource: Resource, error: OutOfStock, texts: Texts): Html => {
  const { byVariant, total, byRegion } = countsOf(error)
  const name = texts.label(resource.label)
  const nameOfVariant = (id: string) =>
    id === "" ? texts.refusals.otherVariants : variantName(resource, id, texts)
  const counts = asksVariant(resource)
    ? byVariant.map(([id, count]) => counted([nameOfVariant(id), count])).join(", ")
    : counted([name, total])
  const inStock = `${texts.refusals.stockByVariant} ${counts}`
  const mode = modeOf(error, name, texts)
  const bound = `${texts.refusals.stockByRegion} ${cut(byRegion.map(counted).join(", "), 1000)}`
  return lines(
    page(
      heading,
      texts.refusals.outOfStock(name, error.region),
      ...mode,
      ...(total > 0 ? [inStock] : []),
      ...(total === 0 && mode.length === 0 ? [texts.refusals.emptyEverywhere] : []),
    ),
    byRegion.length > 0 ? html`${bound}` : undefined,
    total > 0 || error.hidden > 0 ? html`${texts.refusals.noneInSheet}` : undefined,
    html`${texts.refusals.tryOtherwise}`,
  )
}

/** What a step found out before anything was asked of the pool. */
interface Lacking extends Wish {
  readonly supply: Supply
  readonly lack: Lack
  readonly regions: ReadonlyArray<Region>
}

/**
 * Instead of the choice of a region where there is nothing whatever the region: each region is one
 * to wait in.
 */
export const lackingStep = (
  { page: at, up, ...about }: Lacking & { readonly page: number; readonly up: Action },
  texts: Texts,
): Screen => {
  const { resource, targets, variant, regions } = about
  const chosen = { resource: resource.id, targets }
  const waitsFor = (region: Region): Action =>
    asksVariant(resource) && variant === undefined
      ? { _tag: "Region", ...chosen, region }
      : { _tag: "Wait", ...chosen, region, variant: variant ?? null, quantity: waitedFor(about) }
  return {
    html: page(
      trailOf(...trailSteps(about, texts)),
      ...lackSentences(about, texts),
      texts.wizard.waitWhere,
    ),
    keyboard: [
      ...regionRows(
        regions,
        at,
        waitsFor,
        (to) => ({ _tag: "Regions", ...chosen, page: to }),
        texts.employee.waiting.askFor,
      ),
      [tap(texts.wizard.again, { _tag: "Recheck", ...chosen, region: null })],
      wayOut(asksTargets(resource) ? { _tag: "Targets", ...chosen } : up, texts),
    ],
  }
}

/** Above the choice of targets, which a wait needs too: why there is nothing, and what to do. */
export const lackingTargets = (about: Lacking, texts: Texts): string =>
  [...lackSentences(about, texts), texts.wizard.waitTargets].join(" ")

const lackSentences = (
  { resource, variant, supply, lack }: Lacking,
  texts: Texts,
): ReadonlyArray<string> => {
  const label = texts.label(resource.label)
  if (lack === "paused") return [texts.refusals.poolPaused(label, supply.paused?.note ?? "")]
  const isOfKind = variant !== undefined && variant !== null
  const name = isOfKind ? trailOf(label, variantName(resource, variant, texts)) : label
  const mode = modeOf(supply, label, texts)
  const isBare = supply.lots.length === 0 && mode.length === 0
  return [
    texts.refusals.noneAtAll(name),
    ...mode,
    ...(isBare ? [texts.refusals.emptyEverywhere] : []),
  ]
}

/** Instead of the steps after a region where there is nothing for that region. */
export const lackingInRegion = (
  { region, ...about }: Lacking & Pick<Order, "region">,
  texts: Texts,
): Screen => {
  const { resource, targets, variant, supply, lack, regions } = about
  const chosen = { resource: resource.id, targets }
  const heading = trailOf(...trailSteps({ ...about, region }, texts))
  const order = { resource, targets, region, quantity: waitedFor(about) }
  const others =
    lack === "paused"
      ? []
      : regions.filter((code) => isToBeHad(supply, { regions: [code], variant: variant ?? null }))
  const waitFor = (label: string, kind: string | null) =>
    tap(texts.employee.waiting.askFor(label), {
      _tag: "Wait",
      ...fieldsOf({ ...order, variant: kind }),
    })
  return {
    html:
      lack === "paused"
        ? page(
            heading,
            texts.refusals.poolPaused(texts.label(resource.label), supply.paused?.note ?? ""),
          )
        : reasons(
            heading,
            resource,
            outOfStockOf(resource, supply, { region, variant: variant ?? null }),
            texts,
          ),
    keyboard: [
      ...grid(
        others.slice(0, 12).map((code) => tap(code, { _tag: "Region", ...chosen, region: code })),
        4,
      ),
      ...(asksVariant(resource) && variant === undefined
        ? grid(
            [
              ...resource.variants.map(({ id, label }) => waitFor(texts.label(label), id)),
              waitFor(texts.label(resource.anyVariant), null),
            ],
            3,
          )
        : [[waitButton({ ...order, variant: variant ?? null }, texts)]]),
      [tap(texts.wizard.again, { _tag: "Recheck", ...chosen, region })],
      wayOut({ _tag: "Regions", ...chosen, page: 0 }, texts),
    ],
  }
}

const isToBeHad = (...wish: Parameters<typeof lackOf>) => lackOf(...wish) === undefined

/** Somebody who waits before a quantity was asked for is offered one item. */
const waitedFor = ({ quantity }: Wish) => quantity ?? 1

const counted = ([name, count]: readonly [string, number]) => `${name}: ${count}`

/** Says why nothing was issued, and offers to make the same order again. */
export const notIssued = (
  order: Order,
  variant: string | null,
  error: Exclude<Refusal, OutOfStock> | StorageUnavailable,
  texts: Texts,
): Screen => {
  const { resource, targets, region, quantity } = order
  return {
    html: lines(
      bold(trailOfOrder(order, variant, texts)),
      html``,
      html`${fullSentenceOf(error, resource, texts)}`,
    ),
    keyboard: [
      [
        tap(texts.wizard.again, {
          _tag: "Issue",
          resource: resource.id,
          targets,
          region,
          quantity,
          variant,
        }),
      ],
      // A wait helps against a pause, which ends some day, and against no other refusal.
      ...(error._tag === "PoolPaused" ? [[waitButton({ ...order, variant }, texts)]] : []),
      [tap(texts.menu.my, { _tag: "My" })],
      wayOut({ _tag: "Region", resource: resource.id, targets, region }, texts),
    ],
  }
}

/**
 * What somebody whose access an admin has suspended reads, whatever they ask for. A long reason is
 * cut, so that the sentence has at most `max` characters.
 */
export const suspendedText = (
  { until, note }: Pick<Block, "until" | "note">,
  scenery: Scenery,
  max = Number.POSITIVE_INFINITY,
): string => {
  const words = scenery.texts.blocks
  const end = until === null ? "" : untilText(until, scenery)
  const whole = words.suspended(end, note)
  return whole.length <= max
    ? whole
    : words.suspended(end, cut(note, note.length - (whole.length - max)))
}

/** Which words of a typed order make no sense, and what can be typed instead. */
export const notUnderstood = (
  { unknown, resource }: Pick<TypedOrder, "unknown" | "resource">,
  { resources, regions }: Offer,
  texts: Texts,
): Screen => {
  const words = texts.typed
  const labels = (all: ReadonlyArray<{ readonly label: Label }>) =>
    listOf(all.map(({ label }) => texts.label(label)))
  const about = resource ?? resources[0]
  const [region] = regions
  const question = resource?.variantQuestion ?? null
  const example =
    about === undefined || region === undefined || isRegistry(about)
      ? []
      : [words.example(`${texts.label(about.label)} ${region} 2`)]
  const sentences = [
    words.notUnderstood(listOf(unknown)),
    ...example,
    ...(resource === undefined ? [words.resources(labels(resources))] : []),
    ...(resource !== undefined && asksTargets(resource)
      ? [words.targets(labels(resource.targets))]
      : []),
    ...(resource !== undefined && question !== null
      ? [
          words.variants(
            texts.label(question),
            labels([...resource.variants, { label: resource.anyVariant }]),
          ),
        ]
      : []),
    ...(resource !== undefined && isRegistry(resource)
      ? []
      : [words.regions(listOf(regions)), words.quantity]),
  ]
  return notice(sentences.join("\n"), texts)
}

const listOf = (names: ReadonlyArray<string>) => cut(names.join(", "), namesMax)

/** The longest list of names in a sentence. */
const namesMax = 400
