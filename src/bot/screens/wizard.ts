/**
 * The steps to an issue: resource, targets where it has some, region, quantity, and the variant
 * where it is asked for.
 *
 * Nothing is remembered between them: every button carries all that was chosen before it.
 */
import type { Resource } from "../../domain/Catalogue.ts"
import { type Day, formatDay } from "../../domain/Day.ts"
import type { Region } from "../../domain/Region.ts"
import { type Lack, lackOf, leftFor, type Supply } from "../../pool/Supply.ts"
import type { Action } from "../buttons.ts"
import { bold, type Button, html, type Keyboard, type Screen } from "../Screen.ts"
import { type Texts, uncapitalised } from "../texts/Texts.ts"
import { cut, grid, lines, tap, trailOf } from "./parts.ts"

const regionsInRow = 4
const regionsOnPage = 40

/**
 * A page of the regions to choose from, and the way to the other pages. A page beyond the last one
 * shows the last, because regions may have been removed meanwhile.
 */
export const regionRows = (
  regions: ReadonlyArray<Region>,
  page: number,
  choosing: (region: Region) => Action,
  turning: (page: number) => Action,
  labelOf: (region: Region) => string = (region) => region,
): Keyboard => {
  const pages = Math.max(Math.ceil(regions.length / regionsOnPage), 1)
  const shown = Math.min(page, pages - 1)
  const turn = (text: string, to: number) => (to < 0 || to >= pages ? [] : [tap(text, turning(to))])
  const here = tap(`${shown + 1}/${pages}`, turning(shown))
  return [
    ...grid(
      regions
        .slice(shown * regionsOnPage, (shown + 1) * regionsOnPage)
        .map((region) => tap(labelOf(region), choosing(region))),
      regionsInRow,
    ),
    ...(pages > 1 ? [[...turn("‹", shown - 1), here, ...turn("›", shown + 1)]] : []),
  ]
}

/**
 * Whether the bits are a choice of targets that the catalogue knows; to tick nothing is one too.
 *
 * Every button carries the whole choice as bits, in the order of the targets in the catalogue. The
 * bits come from the client, so whoever reads an action calls this first.
 */
export const isTargets = ({ targets }: Resource, bits: number): boolean =>
  Number.isInteger(bits) && bits >= 0 && bits < 2 ** targets.length

/** The ids of the ticked targets, in the order of the catalogue. */
export const targetsOf = ({ targets }: Resource, bits: number): ReadonlyArray<string> =>
  targets.filter((_, index) => isTicked(bits, index)).map(({ id }) => id)

/** The bits of these targets; `undefined` where the catalogue does not know one of them. */
export const bitsOf = ({ targets }: Resource, ids: ReadonlyArray<string>): number | undefined => {
  const places = new Set(ids.map((id) => targets.findIndex((target) => target.id === id)))
  return places.has(-1) ? undefined : [...places].reduce((bits, place) => bits | (1 << place), 0)
}

/** «Beboo, Табор». A target that the catalogue has lost is shown by its id. */
export const targetLabels = (
  { targets }: Resource,
  ids: ReadonlyArray<string>,
  texts: Texts,
): string =>
  ids
    .map((id) => {
      const known = targets.find((target) => target.id === id)
      return known === undefined ? id : texts.label(known.label)
    })
    .join(", ")

/** A button for each target, which leads to the same choice with this target ticked or unticked. */
export const targetButtons = (
  { targets }: Resource,
  bits: number,
  actionOf: (bits: number) => Action,
  texts: Texts,
): Keyboard =>
  grid(
    targets.map(({ label }, index) =>
      tap(
        `${isTicked(bits, index) ? "☑️" : "⬜"} ${texts.label(label)}`,
        actionOf(bits ^ (1 << index)),
      ),
    ),
    2,
  )

const isTicked = (bits: number, index: number) => (bits & (1 << index)) !== 0

const quantities = [1, 2, 3, 4, 5] as const

/** A heading names all targets, and twelve long ones would fill the message. */
const targetsTextMax = 300

export interface Choice {
  readonly resource: Resource
  /** As bits, see `isTargets`; 0 where the resource has no targets. */
  readonly targets: number
}

export interface Order extends Choice {
  readonly region: Region
  readonly quantity: number
}

/** What was said of an order so far; the steps ask for the rest. */
export interface Wish extends Choice {
  readonly region?: Region
  readonly quantity?: number
  /** `null`: any variant. */
  readonly variant?: string | null
}

/** The first step of a resource: its targets, or its regions. */
interface FirstStep extends Choice {
  /** Where the resource was chosen. */
  readonly up: Action
  /** The only day whose items are issued now. */
  readonly onlyDay: Day | null
}

interface TargetsStep extends FirstStep {
  /** Why there is nothing whatever is ticked, and what can be done about it. */
  readonly lack?: string
}

interface RegionStep extends FirstStep, Wish {
  readonly regions: ReadonlyArray<Region>
  readonly page: number
  /** Regions for which there is nothing are marked; without it none is. */
  readonly supply?: Supply
}

export const asksTargets = (resource: Resource) => resource.targets.length > 0

export const asksVariant = (resource: Resource) => resource.variantQuestion !== null

/** What the choice of a region comes to: the next step, or the issue where all is said. */
const actionIn = (
  { resource: { id: resource, ...about }, targets, quantity, variant }: Wish,
  region: Region,
): Action => {
  const chosen = { resource, targets, region }
  if (quantity === undefined) return { _tag: "Region", ...chosen }
  if (about.variantQuestion === null) return { _tag: "Issue", ...chosen, quantity, variant: null }
  return variant === undefined
    ? { _tag: "Quantity", ...chosen, quantity }
    : { _tag: "Issue", ...chosen, quantity, variant }
}

/** «OK · нет», «VK · пауза»: what a button leads to is said before it is pressed. */
export const marked = (label: string, lack: Lack | undefined, texts: Texts): string =>
  lack === undefined ? label : `${label} · ${texts.menu.lacks[lack]}`

export const targetsStep = (
  { resource, targets, up, onlyDay, lack }: TargetsStep,
  texts: Texts,
): Screen =>
  step(
    trailSteps({ resource, targets }, texts),
    texts.wizard.chooseTargets,
    [
      ...targetButtons(
        resource,
        targets,
        (bits) => ({ _tag: "Targets", resource: resource.id, targets: bits }),
        texts,
      ),
      [
        tap(
          texts.wizard.next,
          { _tag: "Regions", resource: resource.id, targets, page: 0 },
          targets === 0 ? "plain" : "primary",
        ),
      ],
    ],
    up,
    texts,
    lack ?? modeOf(resource, onlyDay, texts),
  )

export const regionStep = (
  { regions, page, up, onlyDay, supply, ...wish }: RegionStep,
  texts: Texts,
): Screen => {
  const { resource, targets } = wish
  const chosen = { resource: resource.id, targets }
  const isFirst = !asksTargets(resource)
  const lackIn = (region: Region) =>
    supply && lackOf(supply, { regions: [region], variant: wish.variant ?? null })
  return step(
    trailSteps(wish, texts),
    regions.length === 0 ? texts.wizard.noRegions : texts.wizard.chooseRegion,
    [
      ...regionRows(
        regions,
        page,
        // Where there is nothing, the region is chosen alone: the next screen says why.
        (region) => actionIn(lackIn(region) === undefined ? wish : { resource, targets }, region),
        (to) => ({ _tag: "Regions", ...chosen, page: to }),
        (region) => marked(region, lackIn(region), texts),
      ),
    ],
    isFirst ? up : { _tag: "Targets", ...chosen },
    texts,
    isFirst ? modeOf(resource, onlyDay, texts) : undefined,
  )
}

export const quantityStep = (
  {
    region,
    supply,
    ...wish
  }: Wish & Pick<Order, "region"> & { readonly supply?: Supply | undefined },
  texts: Texts,
): Screen => {
  const { resource, targets, variant } = wish
  const left = supply && leftFor(supply, { region, variant: variant ?? null })
  return step(
    trailSteps({ ...wish, region }, texts),
    texts.wizard.chooseQuantity,
    [quantities.map((quantity) => tap(String(quantity), actionIn({ ...wish, quantity }, region)))],
    { _tag: "Regions", resource: resource.id, targets, page: 0 },
    texts,
    left !== undefined && left < quantities.length ? texts.wizard.onlyLeft(left) : undefined,
  )
}

export const variantStep = (
  { supply, ...order }: Order & { readonly supply?: Supply | undefined },
  texts: Texts,
): Screen => {
  const { resource, targets, region, quantity } = order
  const chosen = { resource: resource.id, targets, region, quantity }
  const choice = (label: string, variant: string | null) => {
    const left = supply && leftFor(supply, { region, variant })
    if (left === 0) {
      return tap(marked(label, "none", texts), { _tag: "Lacking", ...chosen, variant })
    }
    return tap(
      left === undefined || left >= quantity ? label : `${label} · ${texts.wizard.pieces(left)}`,
      { _tag: "Issue", ...chosen, variant },
    )
  }
  return step(
    trailSteps(order, texts),
    texts.wizard.chooseVariant(
      resource.variantQuestion === null ? "" : texts.label(resource.variantQuestion),
    ),
    grid(
      [
        ...resource.variants.map(({ id, label }) => choice(texts.label(label), id)),
        choice(texts.label(resource.anyVariant), null),
      ],
      3,
    ),
    { _tag: "Region", resource: resource.id, targets, region },
    texts,
  )
}

/** What a request asked for. */
interface Asked {
  readonly resource: Resource
  /** Ids of the targets. */
  readonly targets: ReadonlyArray<string>
  readonly region: Region
  readonly quantity: number
}

/** Everything that was asked for, as the heading of what came of it. */
export const trailOfRequest = (
  { resource, targets, region, quantity }: Asked,
  variant: string | null,
  texts: Texts,
): string =>
  trailOf(
    ...headOf(resource, targets, texts),
    region,
    texts.wizard.pieces(quantity),
    ...(asksVariant(resource) ? [variantName(resource, variant, texts)] : []),
  )

export const trailOfOrder = (order: Order, variant: string | null, texts: Texts): string =>
  trailOfRequest({ ...order, targets: targetsOf(order.resource, order.targets) }, variant, texts)

export const variantName = (resource: Resource, variant: string | null, texts: Texts): string => {
  const known = resource.variants.find(({ id }) => id === variant)
  return texts.label(known?.label ?? resource.anyVariant)
}

/** Says which days are issued, for resources whose items are meant for a day. */
const modeOf = (resource: Resource, onlyDay: Day | null, texts: Texts): string | undefined => {
  if (resource.dayBound !== true) return undefined
  const name = uncapitalised(texts.label(resource.label))
  return onlyDay === null
    ? texts.wizard.anyDay(name)
    : texts.wizard.onlyDay(name, formatDay(onlyDay))
}

/** What is said so far, in the order of the steps. */
export const trailSteps = (
  { resource, targets, region, quantity, variant }: Wish,
  texts: Texts,
): ReadonlyArray<string> => [
  ...headOf(resource, targetsOf(resource, targets), texts),
  ...(region === undefined ? [] : [region]),
  ...(quantity === undefined ? [] : [texts.wizard.pieces(quantity)]),
  ...(variant === undefined || !asksVariant(resource)
    ? []
    : [variantName(resource, variant, texts)]),
]

const headOf = (resource: Resource, targets: ReadonlyArray<string>, texts: Texts) => [
  texts.label(resource.label),
  ...(targets.length === 0 ? [] : [cut(targetLabels(resource, targets, texts), targetsTextMax)]),
]

/** Shown while an empty pool is refilled. It has no buttons, so that nobody taps twice. */
export const looking = (trail: string, texts: Texts): Screen => ({
  html: lines(bold(trail), html``, html`${texts.wizard.looking}`),
  keyboard: [],
})

const step = (
  trail: ReadonlyArray<string>,
  question: string,
  choices: Keyboard,
  back: Action,
  texts: Texts,
  note?: string,
): Screen => ({
  html: lines(
    bold(trailOf(...trail)),
    html``,
    ...(note === undefined ? [] : [html`${note}`, html``]),
    html`${question}`,
  ),
  keyboard: [...choices, wayOut(back, texts)],
})

/** The way back and the way out, under every step. */
export const wayOut = (back: Action, texts: Texts): ReadonlyArray<Button> => [
  tap(texts.wizard.back, back),
  tap(texts.wizard.cancel, { _tag: "Cancel" }),
]
