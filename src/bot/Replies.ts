/** A tap that passed the gate: who pressed, on which message, and its one answer. */
import { Effect, Option, Ref } from "effect"
import type { Role, TelegramId } from "../domain/Employee.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../domain/Issuance.ts"
import { Pools } from "../pool/Pools.ts"
import { ProxyMessages } from "./ProxyMessages.ts"
import type { Screen } from "./Screen.ts"
import { digestOf } from "./screens/lists.ts"
import { sentence } from "./screens/parts.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"
import type { Texts } from "./texts/Texts.ts"
import type { Incoming } from "./Update.ts"

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

export const makePress = Effect.fnUntraced(function* (
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

/* How the wizards put screens into a chat: by editing their message, unless it shows goods. */

export type Replies = Effect.Success<typeof makeReplies>

export const makeReplies = Effect.gen(function* () {
  const telegram = yield* Telegram
  const pools = yield* Pools
  const proxyMessages = yield* ProxyMessages

  /** Sends a message; a person who cannot be reached is no trouble of the caller's. */
  const say = (chatId: number, screen: Screen) =>
    telegram.send(chatId, screen).pipe(Effect.asVoid, Effect.catch(unsaid(chatId)))

  /** The batch that a message is the request of. */
  const batchOn = Effect.fnUntraced(function* (message: MessageRef) {
    const key = requestKeyOf(message)
    for (const { id } of pools.resources) {
      if (Option.isSome(yield* pools.batch(id, key))) return Option.some<BatchAt>({ id, key })
    }
    return Option.none<BatchAt>()
  })

  /** The next step in the place of the last one; below it where that cannot be. */
  const turnTo = Effect.fnUntraced(function* (message: MessageRef, screen: Screen) {
    if (yield* proxyMessages.hasGoods(message)) return yield* say(message.chatId, screen)
    return yield* telegram.edit(message, screen).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "MessageGone",
        () => Effect.asVoid(telegram.send(message.chatId, screen)),
      ),
      Effect.catch(unsaid(message.chatId)),
    )
  })

  /** A refusal; as a message where the tap was answered already. */
  const alert = Effect.fnUntraced(function* (press: Press, text: string) {
    yield* (yield* press.isAnswered) ? say(press.chatId, sentence(text)) : press.alert(text)
  })

  return { say, batchOn, turnTo, alert }
})

/** The screen as it would be now; a toast where the message shows it already. */
export const refresh = Effect.fnUntraced(function* (
  replies: Replies,
  press: Press,
  seen: string,
  screen: Screen,
  texts: Texts,
) {
  if (seen === digestOf(screen.html)) return yield* press.answer(texts.stock.unchanged)
  yield* press.answer()
  return yield* replies.turnTo(press.message, screen)
})
export interface BatchAt {
  /** Of the resource. */
  readonly id: string
  readonly key: RequestKey
}

const unsaid =
  (chatId: number) =>
  ({ reason }: TelegramError) =>
    Effect.logInfo("message not shown").pipe(
      Effect.annotateLogs({ chat: chatId, reason: reason._tag }),
    )
