/** A region code: 1 to 16 letters or digits, as short as callback data needs it. */
import { Schema } from "effect"

export const Region = Schema.String.check(Schema.isPattern(/^[\p{L}\p{Nd}]{1,16}$/u))
export type Region = typeof Region.Type
