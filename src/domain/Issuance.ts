/** One item handed to one person at one time, and what became of it. */
import { Schema, Struct } from "effect"
import { ResourceId, StatusId, VariantId } from "./Catalogue.ts"
import { Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"
import { Item } from "./Item.ts"
import { Region } from "./Region.ts"

/** Ten random characters; stands in the ID column of the issued tab and in buttons. */
export const IssuanceId = Schema.String.check(Schema.isPattern(/^[0-9A-Z]{10}$/)).pipe(
  Schema.brand("IssuanceId"),
)
export type IssuanceId = typeof IssuanceId.Type

export const Mark = Schema.Struct({
  status: StatusId,
  /** Milliseconds since the epoch, as everywhere in events. */
  at: Moment,
  by: TelegramId,
  /** The timer said it, not a person. */
  auto: Schema.Boolean,
  /** Why it has this status, in a few words; absent where nobody said so. */
  comment: Schema.optionalKey(Schema.String),
})
export type Mark = typeof Mark.Type

/** The status of what an admin took from its holder: it is none of the catalogue. */
export const withheld = "withheld"

/**
 * What is known about the message that shows the item.
 *
 * - `attempting`: an attempt may be under way; after a restart that means `unsure`.
 * - `unsure`: an attempt ended without an answer, so the person may have seen the item.
 * - `refused`: Telegram refused every attempt, so nobody has seen it.
 * - `delivered`: it is on the person's screen.
 */
export const Delivery = Schema.Literals(["attempting", "unsure", "refused", "delivered"])
export type Delivery = typeof Delivery.Type

/** The wizard message that a request came from; it shows the items afterwards. */
export const MessageRef = Schema.Struct({ chatId: Schema.Int, messageId: Schema.Int })
export type MessageRef = typeof MessageRef.Type

/** The same request gives the same answer: one wizard message, one request. */
export const RequestKey = Schema.NonEmptyString.pipe(Schema.brand("RequestKey"))
export type RequestKey = typeof RequestKey.Type

export const requestKeyOf = ({ chatId, messageId }: MessageRef): RequestKey =>
  RequestKey.make(`${chatId}:${messageId}`)

export const Request = Schema.Struct({
  key: RequestKey,
  message: MessageRef,
  resource: ResourceId,
  /** `null`: any variant. */
  variant: Schema.NullOr(VariantId),
  region: Region,
  targets: Schema.Array(VariantId),
  quantity: Schema.Int,
  /** How many the limit of pending items left room for, where those are fewer. */
  allowed: Schema.optionalKey(Schema.Int),
  /** Whether an admin gave the person what somebody else had asked for. */
  handedOver: Schema.optionalKey(Schema.Boolean),
  by: TelegramId,
  stage: Schema.String,
  at: Moment,
})
export type Request = typeof Request.Type

/** Who decided that the row of an issuance is not written, and when. */
export const Abandonment = Schema.Struct({ by: TelegramId, at: Moment })
export type Abandonment = typeof Abandonment.Type

/** The holder offers the item to a colleague, on whose answer it waits. */
export const Offer = Schema.Struct({
  to: TelegramId,
  /** The message to the colleague, which shows the item once it is accepted. */
  card: MessageRef,
  /** From then on it cannot be accepted any more. */
  until: Moment,
})
export type Offer = typeof Offer.Type

export const Issuance = Schema.Struct({
  id: IssuanceId,
  item: Item,
  request: RequestKey,
  holder: TelegramId,
  stage: Schema.String,
  region: Region,
  targets: Schema.Array(VariantId),
  issuedAt: Moment,
  /** When the timer confirms it. */
  confirmAt: Moment,
  /** How often the holder was given more time to mark it. */
  extensions: Schema.optionalKey(Schema.Int),
  delivery: Delivery,
  /** A former holder may have seen it, whatever becomes of the message of the present one. */
  seenBefore: Schema.optionalKey(Schema.Boolean),
  /** Set while it is offered to a colleague. */
  offer: Schema.optionalKey(Offer),
  /** `null` while pending. */
  mark: Schema.NullOr(Mark),
  /** What the row in the issued tab says; `null` while there is no row. */
  row: Schema.NullOr(Mark),
  /** Set when the row is not written any more, whatever status the item gets later. */
  abandoned: Schema.optionalKey(Abandonment),
  /** How often its row was spoilt by hand and written again. */
  rewrites: Schema.optionalKey(Schema.Int),
  /** The row stands for another item now: the next correction writes the item too. */
  valueLost: Schema.optionalKey(Schema.Boolean),
  replacementOf: Schema.NullOr(IssuanceId),
  replacedBy: Schema.NullOr(IssuanceId),
  replacementDeclined: Schema.Boolean,
  /** Place in a chain of replacements: 0 for an item that replaces none. */
  generation: Schema.Int,
})
export type Issuance = typeof Issuance.Type

/** Nobody is offered the item any more. */
export const withoutOffer = (issuance: Issuance): Issuance =>
  issuance.offer === undefined ? issuance : Struct.omit(issuance, ["offer"])

/** An item that was issued for a request and then taken from its holder. */
export const Taken = Schema.Struct({
  id: IssuanceId,
  /** The key of the item, to name it by. */
  key: Schema.String,
  /** Who has it now; `null` where it went into quarantine. */
  to: Schema.NullOr(TelegramId),
  /** The work nickname of that person; "" where there is nobody. */
  stage: Schema.String,
  comment: Schema.optionalKey(Schema.String),
  by: TelegramId,
  at: Moment,
})
export type Taken = typeof Taken.Type

/**
 * A request with all that was issued for it, replacements included, and what of it was taken from
 * its holder since: what one message shows.
 */
export const Batch = Schema.Struct({
  request: Request,
  issuances: Schema.Array(Issuance),
  taken: Schema.optionalKey(Schema.Array(Taken)),
})
export type Batch = typeof Batch.Type

/** How often items of a batch were given more time to be marked. */
export const extensionsOf = (issuances: ReadonlyArray<Issuance>): number =>
  issuances.reduce((sum, { extensions = 0 }) => sum + extensions, 0)

export type Place = "pending" | "buffer" | "correction" | "written" | "abandoned"

/** Where an issued item is on its way, see docs/architecture.md. */
export const placeOf = (issuance: Issuance): Place => {
  if (issuance.mark === null) return "pending"
  if (issuance.abandoned !== undefined) return "abandoned"
  if (issuance.row === null) return "buffer"
  return sameMark(issuance.mark, issuance.row) ? "written" : "correction"
}

export const sameMark = (a: Mark, b: Mark) =>
  a.status === b.status &&
  a.at === b.at &&
  a.by === b.by &&
  a.auto === b.auto &&
  a.comment === b.comment
