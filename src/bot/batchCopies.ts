/**
 * Where a batch was shown once more, so that no message goes on promising what is over. The
 * newest copy of each, in memory only: a press on a forgotten one draws it afresh.
 */
import { Effect } from "effect"
import type { Batch, MessageRef, RequestKey } from "../domain/Issuance.ts"
import type { Screen } from "./Keyboard.ts"
import { Telegram } from "./Telegram.ts"

export const make = Effect.gen(function* () {
  const telegram = yield* Telegram
  const copies = new Map<RequestKey, MessageRef>()

  const note = (key: RequestKey, copy: MessageRef) => {
    copies.delete(key)
    copies.set(key, copy)
    const [oldest] = copies.keys()
    if (copies.size > copiesMax && oldest !== undefined) copies.delete(oldest)
  }

  /** Below, where everything stands now; from then on it is drawn with the batch's own message. */
  const send = ({ request: { key, message } }: Batch, screen: Screen) =>
    Effect.map(telegram.send(message.chatId, screen), (copy) => note(key, copy))

  /** On all messages that show the batch but the one that was drawn. */
  const drawOthers = ({ request: { key, message } }: Batch, screen: Screen, drawn: MessageRef) =>
    Effect.forEach(
      [message, copies.get(key)],
      (other) =>
        other === undefined || other.messageId === drawn.messageId
          ? Effect.void
          : Effect.ignore(telegram.edit(other, screen)),
      { discard: true },
    )

  return { send, drawOthers }
})

/** Of about a day. */
const copiesMax = 2_000
