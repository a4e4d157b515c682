/**
 * What can be had of each resource: what the pool can issue now, and whether its base tabs are
 * known to have no more rows.
 *
 * «Нет» is said only of what is known. A tab that was not counted, or counted for another day, may
 * have rows that a refill brings within a second.
 */
import { Context, Effect, Layer, Option } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import { BaseStock } from "./BaseStock.ts"
import { Pools } from "./Pools.ts"
import { countFor, type Ready } from "./View.ts"

export interface Supply extends Ready {
  readonly resource: Resource
  /** The variants of those base tabs that may have rows; `null`: rows of any variant. */
  readonly coming: ReadonlyArray<string | null>
}

export class Supplies extends Context.Service<
  Supplies,
  {
    of(resource: Resource): Effect.Effect<Supply>
    /** The same for somebody who orders it: where there is little, its tabs are counted soon. */
    forOrder(resource: Resource): Effect.Effect<Supply>
  }
>()("account-bot/pool/Supply/Supplies") {
  static readonly layer = Layer.effect(
    Supplies,
    Effect.gen(function* () {
      const pools = yield* Pools
      const baseStock = yield* BaseStock

      const of = Effect.fnUntraced(function* (resource: Resource) {
        const ready = yield* pools.ready(resource.id)
        const coming = new Set<string | null>()
        for (const { title, variant } of resource.baseTabs) {
          const count = yield* baseStock.find(title)
          const isBare = Option.exists(
            count,
            ({ rows, onlyDay }) => rows === 0 && onlyDay === ready.onlyDay,
          )
          if (!isBare) coming.add(variant)
        }
        return { ...ready, resource, coming: [...coming] }
      })

      const forOrder = (resource: Resource) =>
        Effect.tap(of(resource), (supply) =>
          Effect.when(baseStock.want, Effect.succeed(isLacking(resource, supply))),
        )

      return Supplies.of({ of, forOrder })
    }),
  )
}

/** Whether a tab is known to have no rows, and there is little of its variant in stock too. */
const isLacking = ({ baseTabs }: Resource, { coming, lots }: Supply) => {
  const countOf = (variant: string | null) =>
    lots.reduce(
      (sum, lot) => sum + (variant === null || lot.variant === variant ? lot.count : 0),
      0,
    )
  return baseTabs.some(({ variant }) => !coming.includes(variant) && countOf(variant) < fewItems)
}

/** So many are ordered at once. */
const fewItems = 5

/** Part of an order; what is not said may be anything that is offered. */
interface Wish {
  /** The regions that the person may still choose. */
  readonly regions: ReadonlyArray<string>
  /** `null`: any. */
  readonly variant: string | null
}

/** Why there is nothing for a wish. */
export type Lack = "paused" | "none"

/** Why nobody gets what is wished for; `undefined` where there is some, or some may come. */
export const lackOf = (supply: Supply, { regions, variant }: Wish): Lack | undefined => {
  if (supply.paused !== null) return "paused"
  // Without any region the lack is one of regions, which the step that asks for one tells.
  if (regions.length === 0 || mayCome(supply, variant)) return undefined
  return regions.some((region) => countFor(supply, { variant, region }) > 0) ? undefined : "none"
}

/** How many items there are for a request; `undefined` where more may come. */
export const leftFor = (
  supply: Supply,
  wanted: { readonly variant: string | null; readonly region: string },
): number | undefined => (mayCome(supply, wanted.variant) ? undefined : countFor(supply, wanted))

const mayCome = ({ coming }: Supply, variant: string | null) =>
  coming.some((each) => each === null || variant === null || each === variant)
