/**
 * What can be asked of a pool, and how it refuses: the contract of the Pools service.
 *
 * All of it is Schema, so that the same contract can be served across processes.
 */
import { Schema } from "effect"
import { StatusId, VariantId } from "../domain/Catalogue.ts"
import { Day, Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId, Mark, MessageRef, RequestKey } from "../domain/Issuance.ts"
import { Item, ItemId, Quarantined } from "../domain/Item.ts"
import { Region } from "../domain/Region.ts"

const actor = {
  by: TelegramId,
  /** Admins may act on what others hold. */
  admin: Schema.Boolean,
}
const ids = Schema.Array(IssuanceId)
/** The request that the report is about: what went to another one since is left alone. */
const request = Schema.optionalKey(RequestKey)

/** What people do. Each answers with the batch as it stands afterwards. */
export const PersonCommand = Schema.TaggedUnion({
  /** One message, one request: asked again with the same `message`, it gives the same batch. */
  Issue: {
    message: MessageRef,
    /** `null`: the oldest item of any variant. */
    variant: Schema.NullOr(VariantId),
    region: Region,
    targets: Schema.Array(VariantId),
    quantity: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })),
    by: TelegramId,
    stage: Schema.String,
  },
  /** Another item for one whose status offers a replacement; at most one for each. */
  Replace: { id: IssuanceId, ...actor },
  DeclineReplacement: { id: IssuanceId, ...actor },
  /** Sets the status of a pending issuance. The same status again changes nothing. */
  Confirm: { id: IssuanceId, status: StatusId, ...actor },
  /** Within ten minutes of a person's mark, unless it was replaced: pending again. */
  Undo: { id: IssuanceId, ...actor },
  /** Within 24 hours of the mark. */
  Correct: { id: IssuanceId, status: StatusId, ...actor },
})
export type PersonCommand = typeof PersonCommand.Type

/** What the machinery does. Repeating one that has taken effect changes nothing. */
export const KeeperCommand = Schema.TaggedUnion({
  Load: {
    claim: Schema.String,
    tab: Schema.String,
    items: Schema.Array(Item),
    quarantined: Schema.Array(Quarantined),
  },
  /** Before another attempt to deliver what was refused. */
  DeliveryStarted: { ids },
  /** `confirmAt`: the deadline as the message now says. */
  Delivered: { ids, request, confirmAt: Moment },
  DeliveryRefused: { ids, request },
  DeliveryUnsure: { ids, request },
  Written: { rows: Schema.Array(Schema.Struct({ id: IssuanceId, mark: Mark })) },
  QuarantineReported: { ids: Schema.Array(ItemId) },
  /** Of resources that are day-bound; ignored by the others. */
  SetTodayOnly: { on: Schema.Boolean, admin: TelegramId },
  /** In today-only mode: items dated before today leave the stock for the base tab. */
  BeginReturn: {},
  /** Those of `ids` that were on their way back have arrived. */
  Returned: { ids: Schema.Array(ItemId) },
  /**
   * The timer: confirms what is due, takes back what was certainly never shown, and lets go of
   * what was settled or thrown away more than a day ago.
   */
  Expire: {},
})
export type KeeperCommand = typeof KeeperCommand.Type

const counts = Schema.Record(Schema.String, Schema.Int)

/** Nothing fits the request. */
export class OutOfStock extends Schema.TaggedError<OutOfStock>()("OutOfStock", {
  resource: Schema.String,
  variant: Schema.NullOr(Schema.String),
  region: Schema.String,
  /** Items in stock by variant id ("" for none), whatever their region. */
  byVariant: counts,
  /** Items in stock that are bound to a region, by region. */
  byRegion: counts,
  /** The only day whose items are issued now; `null`: any. */
  onlyDay: Schema.NullOr(Day),
  /** Items in stock that only that day keeps back; they are in neither of the counts. */
  hidden: Schema.Int,
}) {}

/** Admins stopped the pool for a while; `note` is theirs, "" where they wrote none. */
export class PoolPaused extends Schema.TaggedError<PoolPaused>()("PoolPaused", {
  resource: Schema.String,
  note: Schema.String,
}) {}

/** The person has as many items without a status, over all pools, as the limit allows. */
export class TooManyPending extends Schema.TaggedError<TooManyPending>()("TooManyPending", {
  limit: Schema.Int,
  pending: Schema.Int,
}) {}

/** No such issuance, or it was settled so long ago that memory let go of it. */
export class UnknownIssuance extends Schema.TaggedError<UnknownIssuance>()("UnknownIssuance", {
  id: Schema.String,
}) {}

/** The button belongs to somebody else. */
export class NotHolder extends Schema.TaggedError<NotHolder>()("NotHolder", {
  id: Schema.String,
}) {}

/** A status is set once; `mark` is the one that stands. */
export class AlreadyMarked extends Schema.TaggedError<AlreadyMarked>()("AlreadyMarked", {
  id: Schema.String,
  mark: Mark,
}) {}

/** The time for it is over, or it never was possible. */
export class NotAllowed extends Schema.TaggedError<NotAllowed>()("NotAllowed", {
  id: Schema.String,
  reason: Schema.Literals([
    "pending",
    "undoOver",
    "correctionOver",
    "replaced",
    "noReplacement",
    "replacementOver",
    "chainTooLong",
    "unknownStatus",
    "alreadyMarked",
    "messageTaken",
    "written",
  ]),
}) {}

export const Refusal = Schema.Union([
  OutOfStock,
  PoolPaused,
  TooManyPending,
  UnknownIssuance,
  NotHolder,
  AlreadyMarked,
  NotAllowed,
])
export type Refusal = typeof Refusal.Type

export const Pause = Schema.Struct({ note: Schema.String, by: TelegramId, at: Moment })
export type Pause = typeof Pause.Type

/** What one clearing put into the trash. */
export const Trash = Schema.Struct({
  id: Schema.String,
  count: Schema.Int,
  by: TelegramId,
  at: Moment,
  until: Moment,
})
export type Trash = typeof Trash.Type

/** What a pool holds. */
export const Stock = Schema.Struct({
  /** Items that can be issued now, by variant id ("" for none). */
  byVariant: counts,
  /** … and by the base tab they came from. */
  byTab: counts,
  /** By base tab, of the variant it has least of: all such items, and those that fit any region. */
  scarcest: Schema.Record(Schema.String, Schema.Struct({ all: Schema.Int, unbound: Schema.Int })),
  /** All items in stock, `hidden` ones too. */
  available: Schema.Int,
  /** The only day whose items are issued now; `null`: any. */
  onlyDay: Schema.NullOr(Day),
  /** Items in stock that only that day keeps back. */
  hidden: Schema.Int,
  /** On their way back to the base tab. */
  returning: Schema.Int,
  pending: Schema.Int,
  buffer: Schema.Int,
  corrections: Schema.Int,
  /** Admins decided that their rows are not written; kept for a day. */
  abandoned: Schema.Int,
  quarantine: Schema.Int,
  /** The counts of above by variant id ("" for none); a row set aside is of its tab's variant. */
  pendingBy: counts,
  /** In the buffer, or to be corrected. */
  unwrittenBy: counts,
  quarantineBy: counts,
  /** Another one whenever what is available changed: a preview is bound to it. */
  version: Schema.String,
  paused: Schema.NullOr(Pause),
  /** What was cleared and can still be taken back, oldest first. */
  trash: Schema.Array(Trash),
})
export type Stock = typeof Stock.Type

/* What admins do to a pool's stock, and how it refuses. All of it is Schema, as in Contract.ts. */

const admin = { admin: TelegramId }
/** `Stock.version` as the preview showed it: another one means that the stock changed since. */
const version = Schema.String

export const AdminCommand = Schema.TaggedUnion({
  /** Nothing is issued and no stock is taken until Resume; people are told the note. */
  Pause: { note: Schema.String.check(Schema.isMaxLength(200)), ...admin },
  Resume: admin,
  /** Everything available goes to the trash for 24 hours. */
  Clear: { version, ...admin },
  /** Takes a clearing back: what is still in the trash is available again, where it stood. */
  Restore: { trash: Schema.String, ...admin },
  /** Everything available goes back to its tabs; paused, or the refill would take it again. */
  Release: { version, ...admin },
  /** A pending item of somebody who left: he has seen it, so it goes to quarantine. */
  SetAside: { id: IssuanceId, ...admin },
  /** Takes that back: it is his again, pending for a whole period. */
  BringBack: { id: IssuanceId, ...admin },
  /** … or to a colleague, whose message shows it from now on; pending for a whole period. */
  Transfer: {
    id: IssuanceId,
    message: MessageRef,
    to: TelegramId,
    stage: Schema.String,
    ...admin,
  },
  /** Gives up a row that waits to be written or corrected; the sheet stays as it is. */
  Abandon: { id: IssuanceId, ...admin },
  /** Takes that back: what it would say waits to be written again. */
  Unabandon: { id: IssuanceId, ...admin },
  /**
   * The row of the issued tab was changed or is gone, and shall be as it was. `rewrites`: as often
   * as it had been written again when that was found, so that one finding is acted on once.
   */
  Rewrite: {
    id: IssuanceId,
    gone: Schema.Boolean,
    value: Schema.Boolean,
    rewrites: Schema.Int,
    ...admin,
  },
})
export type AdminCommand = typeof AdminCommand.Type

/** The preview is out of date; nothing was changed. */
export class StockChanged extends Schema.TaggedError<StockChanged>()("StockChanged", {
  resource: Schema.String,
}) {}

/** It was taken back already, or its 24 hours are over; a trash, or an issuance set aside. */
export class TrashGone extends Schema.TaggedError<TrashGone>()("TrashGone", {
  trash: Schema.String,
}) {}

export const AdminRefusal = Schema.Union([StockChanged, TrashGone, UnknownIssuance, NotAllowed])
export type AdminRefusal = typeof AdminRefusal.Type
