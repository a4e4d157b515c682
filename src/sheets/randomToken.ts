/** Marks of our own, so that a stranger's are recognised. */
import { Effect, Random } from "effect"

const alphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"

/** Eight characters of base 32, without those that look alike. */
export const randomToken = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, alphabet.length, { halfOpen: true }), 8),
  (digits) => digits.map((digit) => alphabet.charAt(digit)).join(""),
)
