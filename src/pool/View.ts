/** What can be read from the state of a pool. */
import { Chunk, Duration, HashMap, Option } from "effect"
import { correctionWindow } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { type Batch, type Issuance, placeOf } from "../domain/Issuance.ts"
import type { Quarantined } from "../domain/Item.ts"
import * as Available from "./Available.ts"
import type { Stock } from "./Contract.ts"
import { batchOf, issuanceOf, liveOf, type PoolState } from "./State.ts"

/** Every variant and tab of the catalogue is named, also those that are empty. */
export const stockOf = (definition: Resource, state: PoolState): Stock => {
  const places = liveOf(state).map(({ issuance }) => placeOf(issuance))
  const count = (place: ReturnType<typeof placeOf>) =>
    places.filter((each) => each === place).length
  const byTab = Object.fromEntries(definition.baseTabs.map(({ title }) => [title, 0]))
  for (const { item } of Available.all(state.available)) {
    byTab[item.origin.tab] = (byTab[item.origin.tab] ?? 0) + 1
  }
  return {
    byVariant: countsByVariant(definition, state),
    byTab,
    available: Available.size(state.available),
    pending: count("pending"),
    buffer: count("buffer"),
    corrections: count("correction"),
    quarantine: Chunk.size(state.quarantine),
  }
}

export const countsByVariant = (definition: Resource, state: PoolState) => {
  const names = definition.variants.length === 0 ? [""] : definition.variants.map(({ id }) => id)
  const none = Object.fromEntries(names.map((name) => [name, 0]))
  return { ...none, ...Available.countBy(state.available, ({ variant }) => variant ?? "") }
}

/** What a person holds, or marked so lately that the mark can be corrected. */
export const heldBy = (state: PoolState, by: TelegramId, now: number): ReadonlyArray<Issuance> => {
  const since = now - Duration.toMillis(correctionWindow)
  return issuancesOf(state).filter(
    ({ holder, mark }) => holder === by && (mark === null || mark.at >= since),
  )
}

export const bufferOf = (state: PoolState) => markedIn(state, "buffer")

export const correctionsOf = (state: PoolState) => markedIn(state, "correction")

export const undeliveredOf = (state: PoolState): ReadonlyArray<Batch> =>
  HashMap.toValues(state.requests)
    .filter(({ ids }) =>
      ids.some((id) => {
        const issuance = issuanceOf(state, id)
        return issuance?.mark === null && isLost(issuance)
      }),
    )
    .toSorted((a, b) => a.request.at - b.request.at)
    .flatMap(({ request }) => Option.toArray(batchOf(state, request.key)))

export const unreportedOf = (state: PoolState): ReadonlyArray<Quarantined> =>
  Chunk.toReadonlyArray(state.quarantine).filter(({ reported }) => !reported)

export const unsureOf = (state: PoolState) =>
  issuancesOf(state).filter(({ mark, delivery }) => mark === null && delivery === "unsure")

const isLost = ({ delivery }: Issuance) => delivery === "refused" || delivery === "unsure"

const issuancesOf = (state: PoolState) => liveOf(state).map(({ issuance }) => issuance)

const markedIn = (state: PoolState, place: ReturnType<typeof placeOf>) =>
  issuancesOf(state)
    .filter((issuance) => placeOf(issuance) === place)
    .toSorted((a, b) => (a.mark?.at ?? 0) - (b.mark?.at ?? 0))
