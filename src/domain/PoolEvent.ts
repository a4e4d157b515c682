/** What happened to a pool: the journal stores these, and memory is a fold of them. */
import { Schema } from "effect"
import { TelegramId } from "./Employee.ts"
import { Issuance, IssuanceId, Mark, Request, RequestKey } from "./Issuance.ts"
import { Item, ItemId, Quarantined } from "./Item.ts"

const ids = Schema.Array(IssuanceId)

export const PoolEvent = Schema.TaggedUnion({
  /** Rows came out of a base tab. `claim` is the token of the claim, loaded at most once. */
  Loaded: {
    claim: Schema.String,
    tab: Schema.String,
    items: Schema.Array(Item),
    quarantined: Schema.Array(Quarantined),
    at: Schema.Int,
  },
  /** A replacement is an issuance with `replacementOf`, on the request of the first item. */
  Issued: { request: Request, issuances: Schema.Array(Issuance), at: Schema.Int },
  DeliveryStarted: { ids, at: Schema.Int },
  Delivered: { ids, confirmAt: Schema.Int, at: Schema.Int },
  DeliveryRefused: { ids, at: Schema.Int },
  DeliveryUnsure: { ids, at: Schema.Int },
  /** Never shown to anybody, so back in front of the queue; `keys` are the items' keys. */
  Withdrawn: { ids, keys: Schema.Array(Schema.String), at: Schema.Int },
  Confirmed: { id: IssuanceId, mark: Mark },
  Undone: { id: IssuanceId, by: TelegramId, confirmAt: Schema.Int, at: Schema.Int },
  Corrected: { id: IssuanceId, mark: Mark },
  ReplacementDeclined: { id: IssuanceId, at: Schema.Int },
  /** The issued tab says so now. */
  Written: {
    rows: Schema.Array(Schema.Struct({ id: IssuanceId, mark: Mark })),
    at: Schema.Int,
  },
  QuarantineReported: { ids: Schema.Array(ItemId), at: Schema.Int },
  /** Settled long ago: memory lets go of them, the journal does not. */
  Retired: { issuances: ids, requests: Schema.Array(RequestKey), at: Schema.Int },
})
export type PoolEvent = typeof PoolEvent.Type
