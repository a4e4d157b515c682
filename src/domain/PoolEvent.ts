/** What happened to a pool: the journal stores these, and memory is a fold of them. */
import { Schema } from "effect"
import { Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"
import { Issuance, IssuanceId, Mark, Offer, Request, RequestKey } from "./Issuance.ts"
import { Item, ItemId, Leaving, Quarantined, QuarantineWay } from "./Item.ts"

const ids = Schema.Array(IssuanceId)

export const PoolEvent = Schema.TaggedUnion({
  /** Rows came out of a base tab. `claim` is the token of the claim, loaded at most once. */
  Loaded: {
    claim: Schema.String,
    tab: Schema.String,
    items: Schema.Array(Item),
    quarantined: Schema.Array(Quarantined),
    /** Rows that somebody was still typing: they go back to the tab by themselves. */
    halfTyped: Schema.optionalKey(Schema.Array(Quarantined)),
    at: Moment,
  },
  /** A replacement is an issuance with `replacementOf`, on the request of the first item. */
  Issued: { request: Request, issuances: Schema.Array(Issuance), at: Moment },
  DeliveryStarted: { ids, at: Moment },
  Delivered: { ids, confirmAt: Moment, at: Moment },
  DeliveryRefused: { ids, at: Moment },
  DeliveryUnsure: { ids, at: Moment },
  /** Nobody saw these items, so they are at the front of the queue again. `keys` are their keys. */
  Withdrawn: { ids, keys: Schema.Array(Schema.String), at: Moment },
  Confirmed: { id: IssuanceId, mark: Mark },
  Undone: { id: IssuanceId, by: TelegramId, confirmAt: Moment, at: Moment },
  Corrected: { id: IssuanceId, mark: Mark },
  /** The timer waits longer for a mark of the item. */
  Extended: { id: IssuanceId, confirmAt: Moment, by: TelegramId, at: Moment },
  /** Somebody said why the item has its status; an empty text takes that back. */
  Commented: { id: IssuanceId, comment: Schema.String, by: TelegramId, at: Moment },
  ReplacementDeclined: { id: IssuanceId, at: Moment },
  /** The issued tab has these rows now, each with this mark. */
  Written: {
    rows: Schema.Array(Schema.Struct({ id: IssuanceId, mark: Mark })),
    at: Moment,
  },
  /**
   * Somebody changed or removed the row by hand, and an admin wants it as the bot had written it.
   * `gone`: no row has the id any more. `value`: the row holds another item.
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
  /** The items are on their way back to the base tab. An admin released the stock `version`. */
  ReturnBegun: {
    ids: Schema.Array(ItemId),
    version: Schema.optionalKey(Schema.String),
    by: Schema.optionalKey(TelegramId),
    at: Moment,
  },
  /** The items stand in the base tab again. */
  Returned: { ids: Schema.Array(ItemId), at: Moment },
  Paused: { note: Schema.String, by: TelegramId, at: Moment },
  Resumed: { by: TelegramId, at: Moment },
  /** An admin who saw the stock `version` emptied it into the trash with the id `trash`. */
  Cleared: {
    trash: Schema.String,
    ids: Schema.Array(ItemId),
    version: Schema.String,
    by: TelegramId,
    at: Moment,
  },
  /** The items of the trash are available again, at their former places in the queue. */
  Restored: { trash: Schema.String, by: TelegramId, at: Moment },
  /** Nobody took the trash back in time, so its items are gone for good. */
  TrashEmptied: { trash: Schema.String, at: Moment },
  /** An admin took the item from its holder, who may have seen it, into quarantine. */
  SetAside: {
    id: IssuanceId,
    from: TelegramId,
    by: TelegramId,
    at: Moment,
    /** What is in quarantine now; absent up to 0.3.0. */
    row: Schema.optionalKey(Quarantined),
    /** Why; absent where the holder had no access any more. */
    comment: Schema.optionalKey(Schema.String),
  },
  /** The item is out of quarantine, and its former holder, `to`, has it again. */
  BroughtBack: {
    id: IssuanceId,
    item: ItemId,
    to: TelegramId,
    confirmAt: Moment,
    by: TelegramId,
    at: Moment,
  },
  /** The holder, `from`, offers the item to a colleague, and keeps it until that one accepts. */
  Offered: { id: IssuanceId, from: TelegramId, to: TelegramId, offer: Offer, at: Moment },
  /** The colleague declined, the holder withdrew the offer, or its time is over. */
  OfferEnded: {
    id: IssuanceId,
    from: TelegramId,
    to: TelegramId,
    offer: Offer,
    reason: Schema.Literals(["declined", "withdrawn", "expired"]),
    at: Moment,
  },
  /**
   * The item went from one holder to the one that `request` is for: by an admin's word, or because
   * that one, `by`, accepted an offer.
   */
  Transferred: {
    id: IssuanceId,
    from: TelegramId,
    request: Request,
    confirmAt: Moment,
    by: TelegramId,
    at: Moment,
    /** Why; absent where the holder had no access any more. */
    comment: Schema.optionalKey(Schema.String),
  },
  /** An admin gave up writing or correcting the row. `row` is what the sheet goes on saying. */
  Abandoned: { id: IssuanceId, mark: Mark, row: Schema.NullOr(Mark), by: TelegramId, at: Moment },
  /** An admin took that back: the row waits to be written again. */
  Unabandoned: { id: IssuanceId, by: TelegramId, at: Moment },
  /**
   * An admin decided about rows of quarantine: they go back to their tabs, are issued, or are in
   * the trash for a day.
   */
  QuarantineLeft: { way: QuarantineWay, left: Schema.Array(Leaving), by: TelegramId, at: Moment },
  /** An admin took that back. */
  QuarantineEntered: {
    way: QuarantineWay,
    quarantined: Schema.Array(Quarantined),
    by: TelegramId,
    at: Moment,
  },
  /** Nobody took the rows with these ids back in time, so they are gone for good. */
  QuarantineEmptied: { ids: Schema.Array(ItemId), at: Moment },
  /**
   * The data are a copy: these items could be handed out when it was made, and may have been since.
   * `ids`: what was on its way to somebody, and is taken from him.
   */
  Doubted: { quarantined: Schema.Array(Quarantined), ids, at: Moment },
  /**
   * The sheet says where items are that the copy did not know of: these leave quarantine. `ids`: what
   * a holder had when the copy was made, and what is in a tab or somebody else's now.
   */
  Adopted: {
    places: Schema.Array(
      Schema.Struct({
        item: ItemId,
        tab: Schema.String,
        is: Schema.Literals(["issued", "returned"]),
      }),
    ),
    ids,
    at: Moment,
  },
  /** Memory lets go of what was settled long ago; the journal keeps it. */
  Retired: { issuances: ids, requests: Schema.Array(RequestKey), at: Moment },
})
export type PoolEvent = typeof PoolEvent.Type

/** The items that the event hands to a person. */
export const itemsIssued = (event: PoolEvent): ReadonlyArray<Item> =>
  event._tag === "Issued" ? event.issuances.map(({ item }) => item) : []

/** The status that the event gives an item for the first time. */
export const markSet = (event: PoolEvent): Mark | undefined =>
  event._tag === "Confirmed" ? event.mark : undefined

/** Whether rows left a base tab or came back to one, or others of its rows count from now on. */
export const movesBaseRows = ({ _tag }: PoolEvent) =>
  _tag === "Loaded" || _tag === "Returned" || _tag === "TodayOnlySet"

/** Whether rows of a base tab count from now on that did not before. */
export const bringsBaseRows = ({ _tag }: PoolEvent) =>
  _tag === "Returned" || _tag === "TodayOnlySet"

/** Whether a claim caught rows that somebody was still typing, and that are to go back at once. */
export const catchesHalfTyped = (event: PoolEvent) =>
  event._tag === "Loaded" && event.halfTyped !== undefined

/** Whether rows came back to a base tab, which moves those below them. */
export const returnsBaseRows = ({ _tag }: PoolEvent) => _tag === "Returned"

/** Whether there may be less to issue than before. */
export const lowersStock = ({ _tag }: PoolEvent) => _tag === "Issued" || _tag === "TodayOnlySet"

/** Whether other days count from now on. */
export const changesDaysIssued = ({ _tag }: PoolEvent) => _tag === "TodayOnlySet"
