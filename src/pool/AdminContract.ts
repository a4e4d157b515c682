/** What admins do to a pool's stock, and how it refuses. All of it is Schema, as in Contract.ts. */
import { Schema } from "effect"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId, MessageRef } from "../domain/Issuance.ts"
import { NotAllowed, UnknownIssuance } from "./Contract.ts"

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
