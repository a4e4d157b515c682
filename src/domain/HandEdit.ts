/** A row of an issued tab that says something else than the bot wrote, and what becomes of it. */
import { Schema } from "effect"
import { ResourceId, StatusId } from "./Catalogue.ts"
import { Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"
import { IssuanceId, Mark, MessageRef } from "./Issuance.ts"

export const Found = Schema.TaggedUnion({
  /** `status` is the one that the text means; `null` if the catalogue has no such status. */
  Status: { status: Schema.NullOr(StatusId), isBlank: Schema.Boolean },
  /** The row stands for another item. */
  Value: { column: Schema.String },
  /** No row has the id any more. */
  Gone: {},
})
export type Found = typeof Found.Type

export const HandEdit = Schema.Struct({
  resource: ResourceId,
  issuance: IssuanceId,
  /** Tells this finding from any other about the same issuance, without giving the content away. */
  digest: Schema.String.check(Schema.isPattern(/^[0-9a-z]{1,7}$/)),
  tab: Schema.String,
  /** Number of the row, counted from 1; `null` where there is no row. */
  row: Schema.NullOr(Schema.Int),
  stage: Schema.String,
  issuedAt: Moment,
  /** What the bot wrote. */
  mark: Mark,
  /** How often the bot had written the row again before. */
  rewrites: Schema.Int,
  found: Found,
})
export type HandEdit = typeof HandEdit.Type

/** Who is right: the sheet or the bot. `keep` leaves both as they are. */
export const Choice = Schema.Literals(["sheet", "bot", "keep"])
export type Choice = typeof Choice.Type

export const NoticedEdit = Schema.Struct({
  edit: HandEdit,
  foundAt: Moment,
  /** So many were found together that the admins get one message about all, and no question. */
  isOneOfMany: Schema.Boolean,
  /** Messages to admins about it that do not show yet how it ended. */
  cards: Schema.Array(MessageRef),
  isTold: Schema.Boolean,
  /** `null` while nobody decided. */
  decision: Schema.NullOr(Schema.Struct({ choice: Choice, by: TelegramId, at: Moment })),
  /** Nothing is left to decide: the row is as it should be, or the status was set anew. */
  isOver: Schema.Boolean,
})
export type NoticedEdit = typeof NoticedEdit.Type

export const keyOfEdit = ({ issuance, digest }: Pick<HandEdit, "issuance" | "digest">): string =>
  `${issuance} ${digest}`
