/** Why nothing was issued or changed, and what the person can do instead. */
import type { Block } from "../../access/Blocks.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Region } from "../../domain/Region.ts"
import type {
  AlreadyMarked,
  NotAllowed,
  OutOfStock,
  PoolPaused,
  Refusal,
} from "../../pool/Contract.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { type Texts, uncapitalised } from "../texts/Texts.ts"
import { type Scenery, untilText } from "./lists.ts"
import { cut, grid, lines, page, tap } from "./parts.ts"
import { waitButton } from "./waits.ts"
import { asksVariant, type Order, trailOfOrder, variantName, wayOut } from "./wizard.ts"

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
const modeOf = ({ onlyDay, hidden }: OutOfStock, name: string, texts: Texts) => {
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
  const name = texts.label(resource.label)
  const byVariant = Object.entries(error.byVariant)
  const total = byVariant.reduce((sum, [, count]) => sum + count, 0)
  const byRegion = Object.entries(error.byRegion).filter(([, count]) => count > 0)
  const otherVariants = byVariant.filter(
    ([id, count]) => count > 0 && id !== "" && error.variant !== null && id !== error.variant,
  )
  const otherRegions = byRegion.filter(([code]) => code !== region && regions.includes(code))
  const nameOfVariant = (id: string) =>
    id === "" ? texts.refusals.otherVariants : variantName(resource, id, texts)
  // Items without a variant can be had only by asking for any variant.
  const any =
    error.variant !== null && (error.byVariant[""] ?? 0) > 0
      ? [tap(counted([texts.label(resource.anyVariant), total]), { ...issue, variant: null })]
      : []
  const counts = asksVariant(resource)
    ? byVariant.map(([id, count]) => counted([nameOfVariant(id), count])).join(", ")
    : counted([name, total])
  const inStock = `${texts.refusals.stockByVariant} ${counts}`
  const mode = modeOf(error, name, texts)
  const bound = `${texts.refusals.stockByRegion} ${cut(byRegion.map(counted).join(", "), 1000)}`
  return {
    html: lines(
      page(
        trailOfOrder(order, error.variant, texts),
        texts.refusals.outOfStock(name, region),
        ...mode,
        ...(total > 0 ? [inStock] : []),
        ...(total === 0 && mode.length === 0 ? [texts.refusals.emptyEverywhere] : []),
      ),
      byRegion.length > 0 ? html`${bound}` : undefined,
      total > 0 || error.hidden > 0 ? html`${texts.refusals.noneInSheet}` : undefined,
      html`${texts.refusals.tryOtherwise}`,
    ),
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
