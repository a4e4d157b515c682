/** Rules of the admins: stopping a pool, emptying it, and what somebody left behind. */
import { Chunk, Duration, HashMap, HashSet, Option, Result } from "effect"
import { asideKept } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Issuance, placeOf, type Request, requestKeyOf } from "../domain/Issuance.ts"
import type { ItemId } from "../domain/Item.ts"
import * as Available from "./Available.ts"
import {
  type AdminCommand,
  type AdminRefusal,
  NotAllowed,
  StockChanged,
  TrashGone,
  UnknownIssuance,
} from "./Contract.ts"
import type { DecisionContext, Events } from "./Decision.ts"
import { batchOf, issuanceOf, type PoolState, versionOf } from "./State.ts"

type Admin<Tag extends AdminCommand["_tag"]> = Extract<AdminCommand, { readonly _tag: Tag }>
export type AdminDecision = Result.Result<Events, AdminRefusal>

const unchanged: AdminDecision = Result.succeed([])

/** Another note replaces the one before. */
export const pause = (
  { pause: now }: PoolState,
  { note, admin: by }: Admin<"Pause">,
  { now: at }: DecisionContext,
): AdminDecision =>
  now?.note === note ? unchanged : Result.succeed([{ _tag: "Paused", note, by, at }])

export const resume = (
  { pause: now }: PoolState,
  { admin: by }: Admin<"Resume">,
  { now: at }: DecisionContext,
): AdminDecision => (now === null ? unchanged : Result.succeed([{ _tag: "Resumed", by, at }]))

/** Hidden items too: the preview counts them. */
export const clear = (
  { id: resource }: Resource,
  state: PoolState,
  { version, admin: by }: Admin<"Clear">,
  { now: at, newIds }: DecisionContext,
): AdminDecision => {
  if (state.trash.some((thrown) => thrown.version === version)) return unchanged
  if (version !== versionOf(state)) return Result.fail(new StockChanged({ resource }))
  const ids = availableIds(state)
  const trash = newIds[0]
  if (ids.length === 0 || trash === undefined) return unchanged
  return Result.succeed([{ _tag: "Cleared", trash, ids, version, by, at }])
}

/** Also a little after its time, as long as nothing has emptied it. */
export const restore = (
  state: PoolState,
  { trash, admin: by }: Admin<"Restore">,
  { now: at }: DecisionContext,
): AdminDecision =>
  state.trash.some(({ id }) => id === trash)
    ? Result.succeed([{ _tag: "Restored", trash, by, at }])
    : Result.fail(new TrashGone({ trash }))

/** One decision: between the two the refill could take again what has just been given back. */
export const release = (
  { id: resource }: Resource,
  state: PoolState,
  { version, admin: by }: Admin<"Release">,
  { now: at }: DecisionContext,
): AdminDecision => {
  if (state.released === version) return unchanged
  if (version !== versionOf(state)) return Result.fail(new StockChanged({ resource }))
  const paused: Events = state.pause === null ? [{ _tag: "Paused", note: "", by, at }] : []
  const ids = availableIds(state)
  return Result.succeed([{ _tag: "ReturnBegun", ids, version, by, at }, ...paused])
}

export const setAside = (
  state: PoolState,
  { id, admin: by }: Admin<"SetAside">,
  { now: at }: DecisionContext,
): AdminDecision => {
  const isAside = ({ issuance }: { readonly issuance?: string }) => issuance === id
  if (Chunk.some(state.quarantine, isAside)) return unchanged
  return Result.map(unmarked(state, id), ({ holder: from }): Events => [
    { _tag: "SetAside", id, from, by, at },
  ])
}

/** Not where the same thing was taken from the sheet again since. */
export const bringBack = (
  state: PoolState,
  { id, admin: by }: Admin<"BringBack">,
  { now: at, confirmAfterMs }: DecisionContext,
): AdminDecision => {
  if (HashMap.has(state.live, id)) return unchanged
  const aside = state.aside.find(({ issuance }) => issuance.id === id)
  const isKept = aside !== undefined && at < aside.at + Duration.toMillis(asideKept)
  if (!isKept || HashSet.has(state.keys, aside.issuance.item.key)) {
    return Result.fail(new TrashGone({ trash: id }))
  }
  const { holder: to, item } = aside.issuance
  const confirmAt = at + confirmAfterMs
  return Result.succeed([{ _tag: "BroughtBack", id, item: item.id, to, confirmAt, by, at }])
}

/** The limit of pending items is the new holder's own affair only: an admin may go over it. */
export const transfer = (
  { id: resource }: Resource,
  state: PoolState,
  { id, message, to, stage, admin: by }: Admin<"Transfer">,
  { now: at, confirmAfterMs }: DecisionContext,
): AdminDecision =>
  Result.gen(function* () {
    const key = requestKeyOf(message)
    const held = issuanceOf(state, id)
    if (held?.request === key && held.holder === to) return []
    const issuance = yield* unmarked(state, id)
    // A message that shows other items already would show them to whoever holds this one.
    if (HashMap.has(state.requests, key)) {
      return yield* Result.fail(new NotAllowed({ id, reason: "messageTaken" }))
    }
    const { region, targets, holder: from } = issuance
    const batch = Option.getOrUndefined(batchOf(state, issuance.request))
    const variant = batch === undefined ? issuance.item.variant : batch.request.variant
    const about = { resource, variant, region, targets, quantity: 1, stage }
    const request: Request = { key, message, ...about, handedOver: true, by: to, at }
    return [{ _tag: "Transferred", id, from, request, confirmAt: at + confirmAfterMs, by, at }]
  })

/** What is written already cannot be given up any more, and what is pending waits for nothing. */
export const abandon = (
  state: PoolState,
  { id, admin: by }: Admin<"Abandon">,
  { now: at }: DecisionContext,
): AdminDecision => {
  const issuance = issuanceOf(state, id)
  if (issuance === undefined) return Result.fail(new UnknownIssuance({ id }))
  if (issuance.abandoned !== undefined) return unchanged
  const { mark, row } = issuance
  if (mark === null) return Result.fail(new NotAllowed({ id, reason: "pending" }))
  return placeOf(issuance) === "written"
    ? Result.fail(new NotAllowed({ id, reason: "written" }))
    : Result.succeed([{ _tag: "Abandoned", id, mark, row, by, at }])
}

/** Also a little after its time, as long as memory has not let go of it. */
export const unabandon = (
  state: PoolState,
  { id, admin: by }: Admin<"Unabandon">,
  { now: at }: DecisionContext,
): AdminDecision => {
  const issuance = issuanceOf(state, id)
  if (issuance === undefined) return Result.fail(new UnknownIssuance({ id }))
  return issuance.abandoned === undefined
    ? unchanged
    : Result.succeed([{ _tag: "Unabandoned", id, by, at }])
}

/** What waits to be written anyway is left to that. */
export const rewrite = (
  state: PoolState,
  { id, gone, value, rewrites, admin: by }: Admin<"Rewrite">,
  { now: at }: DecisionContext,
): AdminDecision => {
  const issuance = issuanceOf(state, id)
  if (issuance === undefined) return Result.fail(new UnknownIssuance({ id }))
  const isNow = placeOf(issuance) === "written" && (issuance.rewrites ?? 0) === rewrites
  return isNow ? Result.succeed([{ _tag: "RewriteBegun", id, gone, value, by, at }]) : unchanged
}

const availableIds = (state: PoolState): ReadonlyArray<ItemId> =>
  Available.all(state.available).map(({ item }) => item.id)

const unmarked = (
  state: PoolState,
  id: Issuance["id"],
): Result.Result<Issuance, UnknownIssuance | NotAllowed> => {
  const issuance = issuanceOf(state, id)
  if (issuance === undefined) return Result.fail(new UnknownIssuance({ id }))
  return issuance.mark === null
    ? Result.succeed(issuance)
    : Result.fail(new NotAllowed({ id, reason: "alreadyMarked" }))
}
