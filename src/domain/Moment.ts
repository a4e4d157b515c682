/** A point in time as it is stored. */
import { Schema } from "effect"

/** Milliseconds since the epoch. A moved clock may show fractions of one. */
export const Moment = Schema.Finite
