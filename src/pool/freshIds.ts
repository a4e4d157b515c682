/** Ids of issuances and proxies: ten random characters that a person can read out. */
import { Effect, Random } from "effect"

/** Without the letters that are read as digits, and without U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const freshId = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, alphabet.length, { halfOpen: true }), 10),
  (digits) => digits.map((digit) => alphabet.charAt(digit)).join(""),
)

/** As many different ones; whoever uses them looks whether they are taken. */
export const freshIds = Effect.fnUntraced(function* <Id>(
  count: number,
  make: (text: string) => Id,
) {
  const ids = new Set<Id>()
  while (ids.size < count) ids.add(make(yield* freshId))
  return [...ids]
})
