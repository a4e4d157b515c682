/**
 * What can be asked of a pool, and how it refuses: the contract of the Pools service.
 *
 * All of it is Schema, so that the same contract can be served across processes.
 */
import { Schema } from "effect"
import { StatusId, VariantId } from "../domain/Catalogue.ts"
import { commentMax } from "../domain/comment.ts"
import { Day, Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId, Mark, MessageRef, RequestKey } from "../domain/Issuance.ts"
import { Item, ItemId, Leaving, Quarantined, QuarantineWay } from "../domain/Item.ts"
import { Region } from "../domain/Region.ts"

const actor = {
  by: TelegramId,
  /** Admins may act on what others hold. */
  admin: Schema.Boolean,
}
const ids = Schema.Array(IssuanceId)
const someIds = Schema.NonEmptyArray(IssuanceId)
/** The request whose batch was shown: what went to another one since is left alone. */
const request = Schema.optionalKey(RequestKey)

/** A few words in one line; domain/comment.ts makes one of what a person typed. */
const Comment = Schema.String.check(Schema.isMaxLength(2 * commentMax))

const comment = Schema.optionalKey(Comment)
/** Who holds it as far as the caller knows: what somebody else has by now is left alone. */
const from = Schema.optionalKey(TelegramId)

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
  /** Gives another item for one whose status offers a replacement; at most one for each. */
  Replace: { id: IssuanceId, ...actor },
  DeclineReplacement: { id: IssuanceId, ...actor },
  /**
   * Sets the status of a pending issuance. The same status again changes nothing. `comment`: why,
   * where that is known at once.
   */
  Confirm: { id: IssuanceId, status: StatusId, comment, from, ...actor },
  /** The same for several of one batch at once, or for none; those with a mark keep theirs. */
  ConfirmRest: { ids: someIds, status: StatusId, ...actor },
  /** Makes it pending again, within ten minutes of a person's mark and unless it was replaced. */
  Undo: { id: IssuanceId, ...actor },
  /** The same for several of one batch at once, or for none. */
  UndoAll: { ids: someIds, ...actor },
  /**
   * Gives the holder ten more minutes for all items of the batch that wait for a mark, each item at
   * most twice. `seen`: how often items of the batch were given more time when the button was
   * drawn, so that a button pressed twice gives it once.
   */
  Extend: { id: IssuanceId, seen: Schema.Int, ...actor },
  /** Sets another status within 24 hours of the mark. */
  Correct: { id: IssuanceId, status: StatusId, ...actor },
  /** Offers a pending item to a colleague, whose `card` asks for an answer. */
  Offer: { id: IssuanceId, to: TelegramId, card: MessageRef, ...actor },
  /** The colleague takes what was offered, on his `message`; the batch is his own. */
  Accept: { id: IssuanceId, message: MessageRef, by: TelegramId, stage: Schema.String },
  /** The colleague declines, or the holder withdraws the offer. */
  EndOffer: { id: IssuanceId, by: TelegramId },
  /** Says why within 24 hours of the mark; another text replaces it, an empty one takes it back. */
  Comment: { id: IssuanceId, comment: Comment, ...actor },
})
export type PersonCommand = typeof PersonCommand.Type

/** An issuance that the command is about; its batch is the answer. */
export const issuanceIn = (command: Exclude<PersonCommand, { readonly _tag: "Issue" }>) =>
  "ids" in command ? command.ids[0] : command.id

const admin = { admin: TelegramId }
/** `Stock.version` as the preview showed it: another one means that the stock changed since. */
const version = Schema.String

/** What admins do to the stock, and to what others hold. */
export const AdminCommand = Schema.TaggedUnion({
  /** Nothing is issued and no stock is taken until Resume; people are told the note. */
  Pause: { note: Schema.String.check(Schema.isMaxLength(200)), ...admin },
  Resume: admin,
  /** Everything available goes to the trash for 24 hours. */
  Clear: { version, ...admin },
  /** Takes a clearing back: its items are available again, where they stood. */
  Restore: { trash: Schema.String, ...admin },
  /** Everything available goes back to its tabs, and the pool pauses: no refill takes it again. */
  Release: { version, ...admin },
  /** A pending item goes to quarantine, since its holder may have seen it. `comment`: why. */
  SetAside: { id: IssuanceId, comment, from, ...admin },
  /** Takes a SetAside back: the item is his again, pending for a whole period. */
  BringBack: { id: IssuanceId, ...admin },
  /** Gives such an item to a colleague, whose message shows it; pending for a whole period. */
  Transfer: {
    id: IssuanceId,
    message: MessageRef,
    to: TelegramId,
    stage: Schema.String,
    comment,
    from,
    ...admin,
  },
  /** Gives up a row that waits to be written or corrected; the sheet stays as it is. */
  Abandon: { id: IssuanceId, ...admin },
  /** Takes an Abandon back: the row waits to be written again. */
  Unabandon: { id: IssuanceId, ...admin },
  /**
   * Takes rows out of quarantine; the caller has just read them there. What is to be issued must
   * differ from everything that is or was issued, unless it is `twice` on purpose.
   */
  LeaveQuarantine: {
    way: QuarantineWay,
    rows: Schema.Array(Leaving),
    twice: Schema.Boolean,
    ...admin,
  },
  /** Nobody can choose the region any more: its items wait in quarantine until somebody can. */
  SetAsideRegion: { region: Region, ...admin },
  /** Takes a LeaveQuarantine back within a day, for rows that nothing came of yet. */
  EnterQuarantine: { ids: Schema.Array(ItemId), ...admin },
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

/** What the machinery does. Repeating one that has taken effect changes nothing. */
export const KeeperCommand = Schema.TaggedUnion({
  Load: {
    claim: Schema.String,
    tab: Schema.String,
    items: Schema.Array(Item),
    quarantined: Schema.Array(Quarantined),
    /** Rows that somebody was still typing when the claim cut them out of their tab. */
    halfTyped: Schema.optionalKey(Schema.Array(Quarantined)),
  },
  /** Said before another attempt to deliver what was refused. */
  DeliveryStarted: { ids },
  /** `confirmAt`: the deadline as the message says it now. */
  Delivered: { ids, request, confirmAt: Moment },
  DeliveryRefused: { ids, request },
  DeliveryUnsure: { ids, request },
  Written: { rows: Schema.Array(Schema.Struct({ id: IssuanceId, mark: Mark })) },
  QuarantineReported: { ids: Schema.Array(ItemId) },
  /** For resources that are day-bound; the others ignore it. */
  SetTodayOnly: { on: Schema.Boolean, admin: TelegramId },
  /** In today-only mode: items dated before today leave the stock for the base tab. */
  BeginReturn: {},
  /** Those of `ids` that were on their way back have arrived. */
  Returned: { ids: Schema.Array(ItemId) },
  /** The data are an older copy: whatever could be handed out goes to quarantine, in doubt. */
  Doubt: {},
  /** What the sheet says, by which such a memory is brought up to date. */
  Adopt: {
    /**
     * Rows in doubt, which the caller has just read in quarantine, with the tab from which each came
     * and where its item is now.
     */
    settled: Schema.Array(
      Schema.Struct({
        item: ItemId,
        tab: Schema.String,
        is: Schema.Literals(["issued", "returned"]),
      }),
    ),
    /** What stands in the issued tab; `id` is "" where a row has none. */
    issued: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        key: Schema.String,
        status: Schema.NullOr(Schema.String),
        markedAt: Schema.NullOr(Moment),
        auto: Schema.Boolean,
      }),
    ),
    /** The keys of what stands in the base tabs. */
    based: Schema.Array(Schema.String),
  },
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
  /** How many items only that day keeps back; they are in neither of the counts. */
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

/** The time for the command is over, or it never was possible. */
export class NotAllowed extends Schema.TaggedError<NotAllowed>()("NotAllowed", {
  id: Schema.String,
  reason: Schema.Literals([
    "pending",
    "undoOver",
    "extensionOver",
    "correctionOver",
    "replaced",
    "noReplacement",
    "replacementOver",
    "chainTooLong",
    "unknownStatus",
    "asksNoComment",
    "heldByAnother",
    "offered",
    "offerOver",
    "alreadyMarked",
    "messageTaken",
    "issuedBefore",
    "written",
  ]),
}) {}

/** The preview is out of date; nothing was changed. */
export class StockChanged extends Schema.TaggedError<StockChanged>()("StockChanged", {
  resource: Schema.String,
}) {}

/** The clearing, or the item set aside, was taken back already or is more than a day old. */
export class TrashGone extends Schema.TaggedError<TrashGone>()("TrashGone", {
  trash: Schema.String,
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

export const AdminRefusal = Schema.Union([StockChanged, TrashGone, UnknownIssuance, NotAllowed])
export type AdminRefusal = typeof AdminRefusal.Type

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
  /** The same by the base tab they came from. */
  byTab: counts,
  /** By base tab, of its scarcest variant: all such items, and those that fit any region. */
  scarcest: Schema.Record(Schema.String, Schema.Struct({ all: Schema.Int, unbound: Schema.Int })),
  /** All items in stock, `hidden` ones too. */
  available: Schema.Int,
  /** The only day whose items are issued now; `null`: any. */
  onlyDay: Schema.NullOr(Day),
  /** How many items only that day keeps back. */
  hidden: Schema.Int,
  /** How many items are on their way back to the base tab. */
  returning: Schema.Int,
  pending: Schema.Int,
  buffer: Schema.Int,
  corrections: Schema.Int,
  /** Issuances whose rows admins decided not to write; kept for a day. */
  abandoned: Schema.Int,
  quarantine: Schema.Int,
  /** The pending by variant id ("" for none). */
  pendingBy: counts,
  /** Items in the buffer or to be corrected, by variant id. */
  unwrittenBy: counts,
  /** The quarantine by variant id: a row there counts as the variant of its tab. */
  quarantineBy: counts,
  /** Changes whenever what is available does: a preview is bound to it. */
  version: Schema.String,
  paused: Schema.NullOr(Pause),
  /** What was cleared and can still be taken back, oldest first. */
  trash: Schema.Array(Trash),
})
export type Stock = typeof Stock.Type
