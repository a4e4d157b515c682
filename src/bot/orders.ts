/**
 * An order that was made before, or is still waited for, as the wizard would make it today.
 *
 * The catalogue and the regions change. What they do not know any more cannot be ordered.
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

/** What a request or a wait asks for, by ids. */
export type Asked = Pick<Request, "resource" | "targets" | "region" | "quantity" | "variant">

/** The same, looked up in the catalogue of today. */
export interface KnownOrder extends Order {
  readonly variant: string | null
}

/** What can be ordered now. */
export interface Offer {
  readonly resources: ReadonlyArray<Resource>
  readonly regions: ReadonlyArray<Region>
}

/** The buttons that carry a whole order. */
type OrderButton = Extract<Action, { readonly _tag: "Issue" | "Again" | "Wait" | "Unwait" }>

/** `undefined` where the wizard of today could not make this order. */
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

/** `undefined` for a button that the bot cannot have drawn: its data comes from the client. */
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

/**
 * What is wanted, short enough for a line: «VK › 812», «Mamba › 495 › Ж». Whatever the catalogue
 * has lost stands there by its id.
 */
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
/** The longest part of a line that names an order. */
const partMax = 40
