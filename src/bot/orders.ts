/**
 * What was once asked for, or is still wanted, as the last step of the wizard would say it today.
 *
 * Catalogue and regions change: what they do not know any more cannot be asked for.
 */
import { findVariant, type Resource } from "../domain/Catalogue.ts"
import type { Request } from "../domain/Issuance.ts"
import type { Region } from "../domain/Region.ts"
import type { Action } from "./buttons.ts"
import { cut, trailOf } from "./screens/parts.ts"
import {
  asksTargets,
  asksVariant,
  bitsOf,
  isTargets,
  type Order,
  targetLabels,
  targetsOf,
  variantName,
} from "./screens/wizard.ts"
import type { Texts } from "./texts/Texts.ts"

export type Asked = Pick<Request, "resource" | "targets" | "region" | "quantity" | "variant">

export interface KnownOrder extends Order {
  readonly variant: string | null
}

/** What is offered now. */
export interface Offer {
  readonly resources: ReadonlyArray<Resource>
  readonly regions: ReadonlyArray<Region>
}

/** All that a button with an order says. */
type OrderButton = Extract<Action, { readonly _tag: "Issue" | "Again" | "Wait" | "Unwait" }>

/** `undefined` where the buttons of the wizard could not ask for it. */
export const knownOrder = (asked: Asked, offer: Offer): KnownOrder | undefined => {
  const { region, quantity, variant } = asked
  const resource = offer.resources.find(({ id }) => id === asked.resource)
  if (resource === undefined || !offer.regions.includes(region)) return undefined
  if (!(quantity >= 1 && quantity <= quantityMax)) return undefined
  if (variant !== null && findVariant(resource, variant) === undefined) return undefined
  const targets = bitsOf(resource, asked.targets)
  if (targets === undefined || asksTargets(resource) !== targets > 0) return undefined
  return { resource, targets, region, quantity, variant }
}

/** `undefined` where no button of this catalogue says so: the bits come from the client. */
export const askedBy = (
  button: OrderButton,
  resources: ReadonlyArray<Resource>,
): Asked | undefined => {
  const { region, variant } = button
  const resource = resources.find(({ id }) => id === button.resource)
  if (resource === undefined || !isTargets(resource, button.targets)) return undefined
  const quantity = "quantity" in button ? button.quantity : 1
  return {
    resource: resource.id,
    targets: targetsOf(resource, button.targets),
    region,
    quantity,
    variant,
  }
}

/** The fields that the buttons of an order share. */
export const fieldsOf = ({ resource, targets, region, quantity, variant }: KnownOrder) => ({
  resource: resource.id,
  targets,
  region,
  quantity,
  variant,
})

/** «VK › 812», «Mamba › 495 › Ж»: what is wanted, short enough for a line; lost names as ids. */
export const kindText = (
  { resource: id, targets, region, variant }: Omit<Asked, "quantity">,
  resources: ReadonlyArray<Resource>,
  texts: Texts,
): string => {
  const resource = resources.find((each) => each.id === id)
  const named =
    resource === undefined
      ? [id, ...targets, region, ...(variant === null ? [] : [variant])]
      : [
          texts.label(resource.label),
          ...(targets.length === 0 ? [] : [targetLabels(resource, targets, texts)]),
          region,
          ...(asksVariant(resource) ? [nameOfVariant(resource, variant, texts)] : []),
        ]
  return trailOf(...named.map((part) => cut(part, partMax)))
}

const nameOfVariant = (resource: Resource, variant: string | null, texts: Texts) =>
  variant !== null && findVariant(resource, variant) === undefined
    ? variant
    : variantName(resource, variant, texts)

const quantityMax = 5
const partMax = 40
