/** A tap that passed the gate: who pressed, on which message, and its one answer. */
import { Effect, Ref } from "effect"
import type { Role, TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import type { Telegram } from "../Telegram.ts"
import type { Incoming } from "../Update.ts"

export type Tap = Extract<Incoming, { readonly _tag: "Tap" }>

export interface Press {
  readonly userId: TelegramId
  readonly chatId: number
  readonly message: MessageRef
  readonly role: Role
  /** Ends the spinner, and shows `text` as a toast. Only the first answer counts. */
  answer(text?: string): Effect.Effect<void>
  /** The answer as a window that waits to be closed: for refusals. */
  alert(text: string): Effect.Effect<void>
  /** An answer was given already: what is to be said now needs a message. */
  readonly isAnswered: Effect.Effect<boolean>
}

export const make = Effect.fnUntraced(function* (
  telegram: Telegram["Service"],
  tap: Tap,
  role: Role,
) {
  const isAnswered = yield* Ref.make(false)
  const answer = Effect.fnUntraced(function* (options: { text?: string; alert?: boolean }) {
    if (yield* Ref.getAndSet(isAnswered, true)) return
    yield* telegram.answer(tap.callbackId, options)
  })
  const press: Press = {
    userId: tap.userId,
    chatId: tap.chatId,
    message: { chatId: tap.chatId, messageId: tap.messageId },
    role,
    answer: (text) => answer(text === undefined ? {} : { text }),
    alert: (text) => answer({ text, alert: true }),
    isAnswered: Ref.get(isAnswered),
  }
  return press
})
