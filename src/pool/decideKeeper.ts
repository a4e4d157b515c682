/** Rules of the machinery: loading, delivering, writing. It is never refused, only ignored. */
import { Chunk, HashSet } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import {
  type Delivery,
  type Issuance,
  type IssuanceId,
  type RequestKey,
  sameMark,
} from "../domain/Issuance.ts"
import type { Item, Quarantined } from "../domain/Item.ts"
import type { KeeperCommand } from "./Contract.ts"
import type { DecisionContext, Events } from "./Decision.ts"
import { issuanceOf, type PoolState } from "./State.ts"

type Keeper<Tag extends KeeperCommand["_tag"]> = Extract<KeeperCommand, { readonly _tag: Tag }>

/** A claim is loaded once; of two rows with one key the first one stays, the other is put aside. */
export const load = (
  definition: Resource,
  state: PoolState,
  { claim, tab, items, quarantined }: Keeper<"Load">,
  { now, knownKeys }: DecisionContext,
): Events => {
  if (state.claims.includes(claim)) return []
  const seen = new Set<string>()
  const sorted = items.map((item) => {
    const repeated = seen.has(item.key) || HashSet.has(state.keys, item.key)
    seen.add(item.key)
    if (repeated) return { item, reason: "duplicate" as const }
    return { item, reason: knownKeys.has(item.key) ? ("issuedBefore" as const) : undefined }
  })
  const column = definition.columns.find(({ key }) => key === definition.identity)?.header ?? null
  const aside = sorted.flatMap(({ item, reason }): ReadonlyArray<Quarantined> =>
    reason === undefined ? [] : [putAside(item, tab, reason, column)],
  )
  return [
    {
      _tag: "Loaded",
      claim,
      tab,
      items: sorted.flatMap(({ item, reason }) => (reason === undefined ? [item] : [])),
      quarantined: [...quarantined, ...aside],
      at: now,
    },
  ]
}

export const deliveryStarted = (
  state: PoolState,
  command: Keeper<"DeliveryStarted">,
  { now: at }: DecisionContext,
): Events => some(delivering(state, command, ["refused"]), { _tag: "DeliveryStarted", at })

/** A refusal says nothing about an earlier attempt that had no answer. */
export const deliveryRefused = (
  state: PoolState,
  command: Keeper<"DeliveryRefused">,
  { now: at }: DecisionContext,
): Events => some(delivering(state, command, ["attempting"]), { _tag: "DeliveryRefused", at })

export const deliveryUnsure = (
  state: PoolState,
  command: Keeper<"DeliveryUnsure">,
  { now: at }: DecisionContext,
): Events => {
  const ids = delivering(state, command, ["attempting", "refused"])
  return some(ids, { _tag: "DeliveryUnsure", at })
}

/** A deadline that a person has read may be moved away, never closer. */
export const delivered = (
  state: PoolState,
  command: Keeper<"Delivered">,
  { now: at }: DecisionContext,
): Events =>
  some(
    chosen(
      state,
      command,
      (issuance) =>
        issuance.delivery !== "delivered" ||
        (issuance.mark === null && issuance.confirmAt < command.confirmAt),
    ),
    { _tag: "Delivered", confirmAt: command.confirmAt, at },
  )

export const written = (
  state: PoolState,
  command: Keeper<"Written">,
  { now }: DecisionContext,
): Events => {
  const rows = command.rows.filter(({ id, mark }) => {
    const issuance = issuanceOf(state, id)
    return issuance !== undefined && (issuance.row === null || !sameMark(issuance.row, mark))
  })
  return rows.length === 0 ? [] : [{ _tag: "Written", rows, at: now }]
}

export const quarantineReported = (
  state: PoolState,
  command: Keeper<"QuarantineReported">,
  { now }: DecisionContext,
): Events => {
  const asked = new Set(command.ids)
  const ids = Chunk.toReadonlyArray(state.quarantine).flatMap((row) =>
    !row.reported && asked.has(row.id) ? [row.id] : [],
  )
  return ids.length === 0 ? [] : [{ _tag: "QuarantineReported", ids, at: now }]
}

const putAside = (
  { id, origin }: Item,
  tab: string,
  reason: Quarantined["reason"],
  column: string | null,
): Quarantined => ({ id, tab, reason, column, origin, reported: false })

/** What a report is about; `request`: of the batch that was shown. */
interface Shown {
  readonly ids: ReadonlyArray<IssuanceId>
  readonly request?: RequestKey
}

const chosen = (
  state: PoolState,
  { ids, request }: Shown,
  choose: (issuance: Issuance) => boolean,
) =>
  [...new Set(ids)].filter((id) => {
    const issuance = issuanceOf(state, id)
    if (issuance === undefined || (request !== undefined && issuance.request !== request)) {
      return false
    }
    return choose(issuance)
  })

const delivering = (state: PoolState, shown: Shown, from: ReadonlyArray<Delivery>) =>
  chosen(state, shown, ({ delivery }) => from.includes(delivery))

const some = <A extends object>(ids: ReadonlyArray<IssuanceId>, about: A) =>
  ids.length === 0 ? [] : [{ ids, ...about }]
