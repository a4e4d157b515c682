/** The rules of the timer. */
import { Duration, HashMap } from "effect"
import { abandonmentKept, retiredAfter, trashKept } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Issuance, placeOf } from "../domain/Issuance.ts"
import type { DecisionContext, Events } from "./Decision.ts"
import { liveOf, type PoolState } from "./State.ts"

/**
 * Confirms what its holder saw and said nothing about, takes back what certainly nobody saw,
 * and lets go of what was settled or thrown away long ago. What somebody may have seen is left alone.
 */
export const expire = (
  definition: Resource,
  state: PoolState,
  { now }: DecisionContext,
): Events => {
  const issuances = liveOf(state).map(({ issuance }) => issuance)
  const pending = issuances.filter(({ mark }) => mark === null)
  const unseen = pending.filter(
    ({ delivery, confirmAt, seenBefore }) =>
      delivery === "refused" && seenBefore !== true && confirmAt <= now,
  )
  return [
    ...confirmed(definition, pending, now),
    ...withdrawn(unseen, now),
    ...retired(state, issuances, unseen, now),
    ...emptied(state, now),
  ]
}

const confirmed = (
  { autoStatus: status }: Resource,
  pending: ReadonlyArray<Issuance>,
  now: number,
): Events =>
  status === null
    ? []
    : pending
        .filter(({ delivery, confirmAt }) => delivery === "delivered" && confirmAt <= now)
        .toSorted((a, b) => a.confirmAt - b.confirmAt)
        .map(({ id, holder }) => ({
          _tag: "Confirmed",
          id,
          mark: { status, at: now, by: holder, auto: true },
        }))

const withdrawn = (unseen: ReadonlyArray<Issuance>, now: number): Events => {
  if (unseen.length === 0) return []
  const ids = unseen.map(({ id }) => id)
  return [{ _tag: "Withdrawn", ids, keys: unseen.map(({ item }) => item.key), at: now }]
}

const emptied = ({ trash }: PoolState, now: number): Events =>
  trash
    .filter(({ at }) => at + Duration.toMillis(trashKept) <= now)
    .map(({ id }) => ({ _tag: "TrashEmptied", trash: id, at: now }))

/** Nothing is to be written of it, and nobody can change that any more. */
const isSettled = (issuance: Issuance, now: number) => {
  const { abandoned } = issuance
  return abandoned === undefined
    ? placeOf(issuance) === "written"
    : abandoned.at + Duration.toMillis(abandonmentKept) <= now
}

const retired = (
  { requests }: PoolState,
  issuances: ReadonlyArray<Issuance>,
  unseen: ReadonlyArray<Issuance>,
  now: number,
): Events => {
  const before = now - Duration.toMillis(retiredAfter)
  const gone = new Set(
    issuances
      .filter(
        (issuance) =>
          issuance.mark !== null && issuance.mark.at <= before && isSettled(issuance, now),
      )
      .map(({ id }) => id),
  )
  // What is taken back in the same moment does not keep its request any more.
  const settled = new Set([...gone, ...unseen.map(({ id }) => id)])
  const done = HashMap.toValues(requests)
    .filter(({ request, ids }) => request.at <= before && ids.every((id) => settled.has(id)))
    .map(({ request }) => request.key)
  return gone.size === 0 && done.length === 0
    ? []
    : [{ _tag: "Retired", issuances: [...gone], requests: done, at: now }]
}
