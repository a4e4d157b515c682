/**
 * Where a batch was shown once more, so that no message goes on promising what is over. The
 * newest copy of each, in memory only: a press on a forgotten one draws it afresh.
 */
import type { MessageRef, RequestKey } from "../domain/Issuance.ts"

export const make = () => {
  const copies = new Map<RequestKey, MessageRef>()

  const note = (key: RequestKey, message: MessageRef) => {
    copies.delete(key)
    copies.set(key, message)
    const [oldest] = copies.keys()
    if (copies.size > copiesMax && oldest !== undefined) copies.delete(oldest)
  }

  return { note, of: (key: RequestKey) => copies.get(key) }
}

/** Of about a day. */
const copiesMax = 2_000
