/**
 * How each event changes a pool.
 *
 * It asks no questions: whatever was decided once is taken as it stands, so that the journal
 * read again gives the same state. What an event names and memory let go of is skipped.
 */
import { Chunk, HashMap, Struct } from "effect"
import type { Delivery, Issuance, IssuanceId } from "../domain/Issuance.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import * as Admin from "./evolveAdmin.ts"
import * as State from "./State.ts"

export const evolve = (state: State.PoolState, event: PoolEvent): State.PoolState => {
  const after = changed(state, event)
  return after.available === state.available ? after : { ...after, revision: after.revision + 1 }
}

const changed = (state: State.PoolState, event: PoolEvent): State.PoolState => {
  switch (event._tag) {
    case "Loaded":
      return loaded(state, event)
    case "Issued":
      return issued(state, event)
    case "DeliveryStarted":
      return delivery(state, event.ids, "attempting")
    case "Delivered":
      return delivered(state, event)
    case "DeliveryRefused":
      return delivery(state, event.ids, "refused")
    case "DeliveryUnsure":
      return delivery(state, event.ids, "unsure")
    case "Withdrawn":
      return event.ids.reduce(withdrawn, state)
    case "Confirmed":
      return State.change(state, event.id, (issuance) => ({ ...issuance, mark: event.mark }))
    case "Corrected":
      return State.change(state, event.id, (issuance) => ({
        ...issuance,
        mark: event.mark,
        replacementDeclined: false,
      }))
    case "Undone":
      return State.change(state, event.id, (issuance) => ({
        ...issuance,
        mark: null,
        confirmAt: event.confirmAt,
        replacementDeclined: false,
      }))
    case "ReplacementDeclined":
      return State.change(state, event.id, (issuance) => ({
        ...issuance,
        replacementDeclined: true,
      }))
    case "Written":
      return event.rows.reduce(
        (before, { id, mark }) =>
          // It may have been on its way to the sheet when it was given up.
          State.change(Admin.unabandoned(before, id), id, (issuance) => ({
            ...Struct.omit(issuance, ["valueLost"]),
            row: mark,
          })),
        state,
      )
    case "RewriteBegun":
      return Admin.rewriteBegun(state, event)
    case "QuarantineReported":
      return reported(state, event)
    case "TodayOnlySet":
      return { ...state, todayOnly: event.on }
    case "ReturnBegun":
      return Admin.returnBegun(state, event)
    case "Returned":
      return event.ids.reduce(State.endReturn, state)
    case "Paused":
      return Admin.paused(state, event)
    case "Resumed":
      return { ...state, pause: null }
    case "Cleared":
      return Admin.cleared(state, event)
    case "Restored":
      return Admin.restored(state, event)
    case "TrashEmptied":
      return Admin.trashEmptied(state, event)
    case "SetAside":
      return Admin.setAside(state, event)
    case "BroughtBack":
      return Admin.broughtBack(state, event)
    case "Transferred":
      return Admin.transferred(state, event)
    case "Abandoned":
      return Admin.abandoned(state, event)
    case "Unabandoned":
      return Admin.unabandoned(state, event.id)
    case "Retired":
      return retired(state, event)
  }
}

/**
 * What a start makes of the state it found: an attempt that was under way may have arrived.
 *
 * It needs no event, since every start, and so every later fold, says the same again.
 */
export const afterRestart = (state: State.PoolState): State.PoolState =>
  delivery(
    state,
    State.liveOf(state)
      .filter(({ issuance }) => issuance.delivery === "attempting")
      .map(({ issuance }) => issuance.id),
    "unsure",
  )

type Event<Tag extends PoolEvent["_tag"]> = Extract<PoolEvent, { readonly _tag: Tag }>

const loaded = (state: State.PoolState, event: Event<"Loaded">) => {
  const queued = event.items.reduce(State.queueItem, State.rememberClaim(state, event.claim))
  const quarantined = Chunk.fromIterable(event.quarantined)
  return { ...queued, quarantine: Chunk.appendAll(queued.quarantine, quarantined) }
}

const issued = (state: State.PoolState, { request, issuances }: Event<"Issued">) => {
  const ids = issuances.map(({ id }) => id)
  const earlier = HashMap.has(state.requests, request.key)
  const requests = earlier
    ? HashMap.modify(state.requests, request.key, (requested) => ({
        ...requested,
        ids: [...requested.ids, ...ids],
      }))
    : HashMap.set(state.requests, request.key, { request, ids })
  return issuances.reduce(
    (before, issuance) => link(State.issue(before, issuance), issuance.replacementOf, issuance.id),
    { ...state, requests },
  )
}

/** What was replaced by an item nobody saw may be replaced again. */
const withdrawn = (state: State.PoolState, id: IssuanceId) =>
  link(State.takeBack(state, id), State.issuanceOf(state, id)?.replacementOf ?? null, null)

const link = (state: State.PoolState, of: IssuanceId | null, replacedBy: IssuanceId | null) =>
  of === null ? state : State.change(state, of, (issuance) => ({ ...issuance, replacedBy }))

const changeEach = (
  state: State.PoolState,
  ids: ReadonlyArray<IssuanceId>,
  f: (issuance: Issuance) => Issuance,
) => ids.reduce((before, id) => State.change(before, id, f), state)

const delivery = (state: State.PoolState, ids: ReadonlyArray<IssuanceId>, now: Delivery) =>
  changeEach(state, ids, (issuance) => ({ ...issuance, delivery: now }))

const delivered = (state: State.PoolState, { ids, confirmAt }: Event<"Delivered">) =>
  changeEach(state, ids, (issuance) => ({
    ...issuance,
    delivery: "delivered",
    confirmAt: issuance.mark === null ? confirmAt : issuance.confirmAt,
  }))

const reported = (state: State.PoolState, event: Event<"QuarantineReported">) => {
  const ids = new Set(event.ids)
  const quarantine = Chunk.map(state.quarantine, (row) =>
    ids.has(row.id) ? { ...row, reported: true } : row,
  )
  return { ...state, quarantine }
}

const retired = (state: State.PoolState, { issuances, requests }: Event<"Retired">) => {
  const left = issuances.reduce(State.letGo, state)
  return { ...left, requests: HashMap.removeMany(left.requests, requests) }
}
