/**
 * The way to a report: what, which of them, where, for how long.
 *
 * Nothing is remembered between the steps: every button carries all that was chosen before it.
 */
import { type Group, isRegistry, type Resource } from "../../domain/Catalogue.ts"
import type { Region } from "../../domain/Region.ts"
import { Period } from "../../stats/Statistics.ts"
import type { Action, ActionOf } from "../Callback.ts"
import { bold, html, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { grid, lines, tap, trailOf } from "./parts.ts"
import { regionRows } from "./regionRows.ts"
import { asksVariant, variantName, wayOut } from "./wizard.ts"

/** All that a button of a report says. */
export type ReportChoice = Omit<ActionOf<"StatsReport">, "_tag">
type Subject = Pick<ReportChoice, "variant" | "region">

/** Registries of proxies issue nothing that could be marked. */
export const countedOf = (resources: ReadonlyArray<Resource>): ReadonlyArray<Resource> =>
  resources.filter((resource) => !isRegistry(resource))

export const groupStep = (resources: ReadonlyArray<Resource>, texts: Texts): Screen => {
  const groups = [...new Set(countedOf(resources).map(({ group }) => group))]
  return step(
    texts.stats.title,
    texts.stats.chooseGroup,
    grid(
      groups.map((group) => tap(texts.menu.groups[group], { _tag: "StatsGroup", group })),
      2,
    ),
    { _tag: "Menu" },
    texts,
  )
}

export const resourceStep = (
  group: Group,
  resources: ReadonlyArray<Resource>,
  texts: Texts,
): Screen =>
  step(
    trailOf(texts.stats.title, texts.menu.groups[group]),
    texts.stats.chooseResource,
    grid(
      countedOf(resources)
        .filter((resource) => resource.group === group)
        .map((resource) => tap(texts.label(resource.label), firstOf(resource))),
      2,
    ),
    { _tag: "Stats" },
    texts,
  )

/** The first question about a resource. */
export const firstOf = (resource: Resource): Action =>
  asksVariant(resource)
    ? { _tag: "StatsVariant", resource: resource.id }
    : { _tag: "StatsRegion", resource: resource.id, variant: null, page: 0 }

/** `up`: where the resource was chosen. */
export const variantStep = (resource: Resource, up: Action, texts: Texts): Screen => {
  const choice = (text: string, variant: string | null) =>
    tap(text, { _tag: "StatsRegion", resource: resource.id, variant, page: 0 })
  return step(
    trailOf(texts.stats.title, texts.label(resource.label)),
    texts.wizard.chooseVariant(
      resource.variantQuestion === null ? "" : texts.label(resource.variantQuestion),
    ),
    grid(
      [
        ...resource.variants.map(({ id, label }) => choice(texts.label(label), id)),
        choice(texts.stats.allVariants, null),
      ],
      3,
    ),
    up,
    texts,
  )
}

interface RegionStep {
  readonly resource: Resource
  readonly variant: string | null
  readonly regions: ReadonlyArray<Region>
  readonly page: number
  /** Where the resource was chosen, if nothing else was asked about it. */
  readonly up: Action
}

export const regionStep = (
  { resource, variant, regions, page, up }: RegionStep,
  texts: Texts,
): Screen => {
  const kind = { resource: resource.id, variant }
  return step(
    trailOfSubject(resource, { variant, region: null }, texts, 2),
    texts.wizard.chooseRegion,
    [
      [tap(texts.stats.allRegions, { _tag: "StatsPeriod", ...kind, region: null })],
      ...regionRows(
        regions,
        page,
        (region) => ({ _tag: "StatsPeriod", ...kind, region }),
        (to) => ({ _tag: "StatsRegion", ...kind, page: to }),
      ),
    ],
    asksVariant(resource) ? { _tag: "StatsVariant", resource: resource.id } : up,
    texts,
  )
}

/** `whose`: what the report begins with. */
export const periodStep = (
  resource: Resource,
  { variant, region, whose }: Subject & Pick<ReportChoice, "whose">,
  texts: Texts,
): Screen =>
  step(
    trailOfSubject(resource, { variant, region }, texts),
    texts.stats.choosePeriod,
    [
      Period.literals.map((period) =>
        tap(texts.stats.periods[period], {
          _tag: "StatsReport",
          resource: resource.id,
          variant,
          region,
          period,
          view: "total",
          whose,
        }),
      ),
    ],
    { _tag: "StatsRegion", resource: resource.id, variant, page: 0 },
    texts,
  )

/** «Mamba › Ж › 495», or as many steps of it as were made. */
export const trailOfSubject = (
  resource: Resource,
  { variant, region }: Subject,
  texts: Texts,
  steps = 3,
): string =>
  trailOf(
    texts.label(resource.label),
    ...(asksVariant(resource)
      ? [variant === null ? texts.stats.allVariants : variantName(resource, variant, texts)]
      : []),
    ...(steps > 2 ? [region ?? texts.stats.allRegions] : []),
  )

const step = (
  heading: string,
  question: string,
  choices: Screen["keyboard"],
  back: Action,
  texts: Texts,
): Screen => ({
  html: lines(bold(heading), html``, html`${question}`),
  keyboard: [...choices, wayOut(back, texts)],
})
