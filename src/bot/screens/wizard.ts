/**
 * The steps to an issue: resource, region, quantity, and the variant where the resource has one.
 *
 * Nothing is remembered between them: every button carries all that was chosen before it.
 */
import type { Resource } from "../../domain/Catalogue.ts"
import type { Region } from "../../domain/Region.ts"
import type { Action } from "../Callback.ts"
import { bold, html } from "../Html.ts"
import type { Button, Keyboard, Screen } from "../Keyboard.ts"
import type { Texts } from "../texts/Texts.ts"
import { grid, lines, regionsPage, tap, trailOf } from "./parts.ts"

const quantities = [1, 2, 3, 4, 5] as const

const regionsInRow = 4
const regionsOnPage = 40
const pagesMax = 100

/** A page of regions is named by one number: the resource's place in the catalogue is in it. */
export const regionsPageOf = (place: number, page: number) => place * pagesMax + page
export const readRegionsPage = (number: number) => ({
  place: Math.floor(number / pagesMax),
  page: number % pagesMax,
})

export const regionStep = (
  { resource, regions, place, page }: RegionStep,
  texts: Texts,
): Screen => {
  const pages = Math.max(Math.ceil(regions.length / regionsOnPage), 1)
  const shown = Math.min(page, pages - 1)
  const turn = (text: string, to: number) =>
    to < 0 || to >= pages
      ? []
      : [tap(text, { _tag: "Page", screen: regionsPage, page: regionsPageOf(place, to) })]
  return step(
    [texts.label(resource.label)],
    regions.length === 0 ? texts.wizard.noRegions : texts.wizard.chooseRegion,
    [
      ...grid(
        regions
          .slice(shown * regionsOnPage, (shown + 1) * regionsOnPage)
          .map((region) => tap(region, { _tag: "Region", resource: resource.id, region })),
        regionsInRow,
      ),
      ...(pages > 1
        ? [
            [
              ...turn("‹", shown - 1),
              tap(`${shown + 1}/${pages}`, { _tag: "Noop" }),
              ...turn("›", shown + 1),
            ],
          ]
        : []),
    ],
    { _tag: "Menu" },
    texts,
  )
}

export interface RegionStep {
  readonly resource: Resource
  readonly regions: ReadonlyArray<Region>
  /** Of the resource in the catalogue. */
  readonly place: number
  readonly page: number
}

export const quantityStep = (
  { resource, region }: { readonly resource: Resource; readonly region: Region },
  texts: Texts,
): Screen => {
  const choice = (quantity: number): Action =>
    asksVariant(resource)
      ? { _tag: "Quantity", resource: resource.id, region, quantity }
      : { _tag: "Issue", resource: resource.id, region, quantity, variant: null }
  return step(
    [texts.label(resource.label), region],
    texts.wizard.chooseQuantity,
    [quantities.map((quantity) => tap(String(quantity), choice(quantity)))],
    { _tag: "Resource", resource: resource.id },
    texts,
  )
}

export const variantStep = ({ resource, region, quantity }: Order, texts: Texts): Screen => {
  const issue = { _tag: "Issue", resource: resource.id, region, quantity } as const
  return step(
    [texts.label(resource.label), region, texts.wizard.pieces(quantity)],
    texts.wizard.chooseVariant(
      resource.variantQuestion === null ? "" : texts.label(resource.variantQuestion),
    ),
    grid(
      [
        ...resource.variants.map(({ id, label }) =>
          tap(texts.label(label), { ...issue, variant: id }),
        ),
        tap(texts.label(resource.anyVariant), { ...issue, variant: null }),
      ],
      3,
    ),
    { _tag: "Region", resource: resource.id, region },
    texts,
  )
}

export interface Order {
  readonly resource: Resource
  readonly region: Region
  readonly quantity: number
}

export const asksVariant = (resource: Resource) => resource.variantQuestion !== null

/** All that was asked for, as the heading of what came of it. */
export const trailOfOrder = (
  { resource, region, quantity }: Order,
  variant: string | null,
  texts: Texts,
): string =>
  trailOf(
    texts.label(resource.label),
    region,
    texts.wizard.pieces(quantity),
    ...(asksVariant(resource) ? [variantName(resource, variant, texts)] : []),
  )

export const variantName = (resource: Resource, variant: string | null, texts: Texts): string => {
  const known = resource.variants.find(({ id }) => id === variant)
  return texts.label(known?.label ?? resource.anyVariant)
}

/** The empty pool asks the sheet; without buttons, so that nobody taps twice. */
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
): Screen => ({
  html: lines(bold(trailOf(...trail)), html``, html`${question}`),
  keyboard: [...choices, wayOut(back, texts)],
})

/** Under every step. */
export const wayOut = (back: Action, texts: Texts): ReadonlyArray<Button> => [
  tap(texts.wizard.back, back),
  tap(texts.wizard.cancel, { _tag: "Cancel" }),
]
