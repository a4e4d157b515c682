/** A row of an issued tab that says something else than the bot wrote, and what becomes of it. */
import { Schema } from "effect"
import { ResourceId, StatusId } from "./Catalogue.ts"
import { Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"
import { IssuanceId, Mark, MessageRef } from "./Issuance.ts"

export const Found = Schema.TaggedUnion({
  /** `status`: the one that the text means; `null` for none of the catalogue. */
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
  /** Tells what was found from all else that may be found of the issuance. Nothing can be read from it. */
  digest: Schema.String.check(Schema.isPattern(/^[0-9a-z]{1,7}$/)),
  tab: Schema.String,
  /** As people count; `null` where there is none. */
  row: Schema.NullOr(Schema.Int),
  stage: Schema.String,
  issuedAt: Moment,
  /** What the bot wrote. */
  mark: Mark,
  /** How often it had written the row again before. */
  rewrites: Schema.Int,
  found: Found,
})
export type HandEdit = typeof HandEdit.Type

/** Who is right: the sheet, or the bot; or it stays as it is. */
export const Choice = Schema.Literals(["sheet", "bot", "keep"])
export type Choice = typeof Choice.Type

export const NoticedEdit = Schema.Struct({
  edit: HandEdit,
  foundAt: Moment,
  /** Found together with so many that the admins are told of all at once, and not asked. */
  isOneOfMany: Schema.Boolean,
  /** What admins read about it, as far as that does not say yet how it ended. */
  cards: Schema.Array(MessageRef),
  isTold: Schema.Boolean,
  /** `null` while nobody decided. */
  decision: Schema.NullOr(Schema.Struct({ choice: Choice, by: TelegramId, at: Moment })),
  /** Nothing is left to decide: the row is as it shall be, or the status was set anew. */
  isOver: Schema.Boolean,
})
export type NoticedEdit = typeof NoticedEdit.Type

export const keyOfEdit = ({ issuance, digest }: Pick<HandEdit, "issuance" | "digest">): string =>
  `${issuance} ${digest}`
