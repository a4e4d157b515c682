/** A region code: 1 to 16 letters or digits, in at most 32 bytes, because buttons carry it. */
import { Schema } from "effect"

export const Region = Schema.String.check(
  Schema.isPattern(/^[\p{L}\p{Nd}]{1,16}$/u),
  // A button has 64 bytes for all that was chosen, and rare letters take four bytes each.
  Schema.makeFilter(
    (text) => new TextEncoder().encode(text).length <= 32 || "at most 32 bytes of UTF-8",
  ),
)
export type Region = typeof Region.Type
