/**
 * What is known about the message that shows an item; its states are those of `Delivery`.
 *
 * A report of an attempt counts for the issuances it can be true of, and is ignored for the others.
 */
import type { Result } from "effect"
import type { Delivery, Issuance, IssuanceId, RequestKey } from "../../domain/Issuance.ts"
import type { PoolEvent } from "../../domain/PoolEvent.ts"
import * as State from "../State.ts"
import { accept, type EffectOf, type Events, type Rule, unchanged } from "./rule.ts"

interface Report {
  readonly ids: ReadonlyArray<IssuanceId>
  /** The request whose batch was shown: what went to another one since is left alone. */
  readonly request?: RequestKey
}

const report = (
  state: State.PoolState,
  { ids: all, request }: Report,
  canBe: (issuance: Issuance) => boolean,
  event: (ids: ReadonlyArray<IssuanceId>) => PoolEvent,
): Result.Result<Events> => {
  const ids = [...new Set(all)].filter((id) => {
    const issuance = State.issuanceOf(state, id)
    if (issuance === undefined) return false
    return (request === undefined || issuance.request === request) && canBe(issuance)
  })
  return ids.length === 0 ? unchanged : accept(event(ids))
}

const becomes =
  (delivery: Delivery) =>
  (state: State.PoolState, { ids }: { readonly ids: ReadonlyArray<IssuanceId> }) =>
    State.changeEach(state, ids, (issuance) => ({ ...issuance, delivery }))

/** Another attempt begins for what was refused. */
const start: Rule<"DeliveryStarted"> = (state, command, { now: at }) =>
  report(
    state,
    command,
    ({ delivery }) => delivery === "refused",
    (ids) => ({ _tag: "DeliveryStarted", ids, at }),
  )

const started: EffectOf<"DeliveryStarted"> = becomes("attempting")

/** A deadline that a person has read may be moved away, never closer. */
const deliver: Rule<"Delivered"> = (state, command, { now: at }) => {
  const { confirmAt } = command
  return report(
    state,
    command,
    ({ delivery, mark, confirmAt: before }) =>
      delivery !== "delivered" || (mark === null && before < confirmAt),
    (ids) => ({ _tag: "Delivered", ids, confirmAt, at }),
  )
}

const delivered: EffectOf<"Delivered"> = (state, { ids, confirmAt }) =>
  State.changeEach(state, ids, (issuance) => ({
    ...issuance,
    delivery: "delivered",
    confirmAt: issuance.mark === null ? confirmAt : issuance.confirmAt,
  }))

/** A refusal says nothing about an earlier attempt that had no answer. */
const refuse: Rule<"DeliveryRefused"> = (state, command, { now: at }) =>
  report(
    state,
    command,
    ({ delivery }) => delivery === "attempting",
    (ids) => ({ _tag: "DeliveryRefused", ids, at }),
  )

const refused: EffectOf<"DeliveryRefused"> = becomes("refused")

/** The attempt ended without an answer. */
const doubt: Rule<"DeliveryUnsure"> = (state, command, { now: at }) =>
  report(
    state,
    command,
    ({ delivery }) => delivery === "attempting" || delivery === "refused",
    (ids) => ({ _tag: "DeliveryUnsure", ids, at }),
  )

const doubted: EffectOf<"DeliveryUnsure"> = becomes("unsure")

/**
 * What a start makes of the state it found: an attempt that was under way may have arrived.
 *
 * It needs no event, since every start, and so every later fold, says the same again.
 */
export const afterRestart = (state: State.PoolState): State.PoolState => {
  const begun = State.issuancesWhere(state, ({ delivery }) => delivery === "attempting")
  return becomes("unsure")(state, { ids: begun.map(({ id }) => id) })
}

export const rules = {
  DeliveryStarted: start,
  Delivered: deliver,
  DeliveryRefused: refuse,
  DeliveryUnsure: doubt,
}
export const effects = {
  DeliveryStarted: started,
  Delivered: delivered,
  DeliveryRefused: refused,
  DeliveryUnsure: doubted,
}
