/** What happened to a pool: the journal stores these, and memory is a fold of them. */
import { Schema } from "effect"
import { Moment } from "./Day.ts"
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
    at: Moment,
  },
  /** A replacement is an issuance with `replacementOf`, on the request of the first item. */
  Issued: { request: Request, issuances: Schema.Array(Issuance), at: Moment },
  DeliveryStarted: { ids, at: Moment },
  Delivered: { ids, confirmAt: Moment, at: Moment },
  DeliveryRefused: { ids, at: Moment },
  DeliveryUnsure: { ids, at: Moment },
  /** Never shown to anybody, so back in front of the queue; `keys` are the items' keys. */
  Withdrawn: { ids, keys: Schema.Array(Schema.String), at: Moment },
  Confirmed: { id: IssuanceId, mark: Mark },
  Undone: { id: IssuanceId, by: TelegramId, confirmAt: Moment, at: Moment },
  Corrected: { id: IssuanceId, mark: Mark },
  ReplacementDeclined: { id: IssuanceId, at: Moment },
  /** The issued tab says so now. */
  Written: {
    rows: Schema.Array(Schema.Struct({ id: IssuanceId, mark: Mark })),
    at: Moment,
  },
  /**
   * Somebody changed or removed the row by hand, and an admin wants it as the bot had it: from now
   * on memory knows that it is not. `value`: the item in it is another one.
   */
  RewriteBegun: {
    id: IssuanceId,
    gone: Schema.Boolean,
    value: Schema.Boolean,
    by: TelegramId,
    at: Moment,
  },
  QuarantineReported: { ids: Schema.Array(ItemId), at: Moment },
  /** From now on only items dated today are issued, or any again. */
  TodayOnlySet: { on: Schema.Boolean, by: TelegramId, at: Moment },
  /** On their way back to the base tab; `version`: of the stock that an admin released. */
  ReturnBegun: {
    ids: Schema.Array(ItemId),
    version: Schema.optionalKey(Schema.String),
    by: Schema.optionalKey(TelegramId),
    at: Moment,
  },
  /** They stand in the base tab again. */
  Returned: { ids: Schema.Array(ItemId), at: Moment },
  Paused: { note: Schema.String, by: TelegramId, at: Moment },
  Resumed: { by: TelegramId, at: Moment },
  /** `trash` is its id from now on, `version` that of the stock that the admin saw. */
  Cleared: {
    trash: Schema.String,
    ids: Schema.Array(ItemId),
    version: Schema.String,
    by: TelegramId,
    at: Moment,
  },
  /** Available again, where they stood. */
  Restored: { trash: Schema.String, by: TelegramId, at: Moment },
  /** Nobody took it back in time: its items are gone for good. */
  TrashEmptied: { trash: Schema.String, at: Moment },
  /** Taken from its holder, who may have seen it, into quarantine. */
  SetAside: { id: IssuanceId, from: TelegramId, by: TelegramId, at: Moment },
  /** Out of quarantine again and its holder's, as before; `to` is that holder. */
  BroughtBack: {
    id: IssuanceId,
    item: ItemId,
    to: TelegramId,
    confirmAt: Moment,
    by: TelegramId,
    at: Moment,
  },
  /** Taken from one holder and given to another, who is asked for in `request`. */
  Transferred: {
    id: IssuanceId,
    from: TelegramId,
    request: Request,
    confirmAt: Moment,
    by: TelegramId,
    at: Moment,
  },
  /** Its row is not written, or not corrected: `row` is what the sheet says and goes on saying. */
  Abandoned: { id: IssuanceId, mark: Mark, row: Schema.NullOr(Mark), by: TelegramId, at: Moment },
  /** … and waits to be written again. */
  Unabandoned: { id: IssuanceId, by: TelegramId, at: Moment },
  /** Settled long ago: memory lets go of them, the journal does not. */
  Retired: { issuances: ids, requests: Schema.Array(RequestKey), at: Moment },
})
export type PoolEvent = typeof PoolEvent.Type

/** Whether rows left a base tab or came back to one, or others of its rows count from now on. */
export const movesBaseRows = ({ _tag }: PoolEvent) =>
  _tag === "Loaded" || _tag === "Returned" || _tag === "TodayOnlySet"

/** Whether rows came back to a base tab, which moves those below them. */
export const returnsBaseRows = ({ _tag }: PoolEvent) => _tag === "Returned"

/** Whether there may be less to issue than before. */
export const lowersStock = ({ _tag }: PoolEvent) => _tag === "Issued" || _tag === "TodayOnlySet"

/** Whether other days count from now on. */
export const changesDaysIssued = ({ _tag }: PoolEvent) => _tag === "TodayOnlySet"
