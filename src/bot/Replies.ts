/** How the bot answers in a chat: a tap with its one answer, and the screens that come of it. */
import { Context, Effect, Layer, Option, Ref } from "effect"
import type { Role, TelegramId } from "../domain/Employee.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../domain/Issuance.ts"
import { Pools } from "../pool/Pools.ts"
import { Wording } from "./Languages.ts"
import { ProxyMessages } from "./ProxyMessages.ts"
import type { Screen } from "./Screen.ts"
import { digestOf } from "./screens/lists.ts"
import { sentence } from "./screens/parts.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"
import type { Incoming } from "./Update.ts"

export type Tap = Extract<Incoming, { readonly _tag: "Tap" }>

/** A tap that passed the gate: who pressed, on which message, and its one answer. */
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

/** The batch that a message is the request of. */
export interface BatchAt {
  /** Of the resource. */
  readonly id: string
  readonly key: RequestKey
}

/** Puts screens into a chat: by editing the message of a tap, unless that message shows goods. */
export class Replies extends Context.Service<
  Replies,
  {
    /** Sends a message. A person who cannot be reached is no trouble of the caller's. */
    say(chatId: number, screen: Screen): Effect.Effect<void>
    /** Puts the next step in the place of the last one, or below it where that cannot be. */
    turnTo(message: MessageRef, screen: Screen): Effect.Effect<void>
    /** Answers a tap and puts the next step in the place of its message. */
    turn(press: Press, screen: Screen): Effect.Effect<void>
    /** Says a refusal, as a message where the tap was answered already. */
    alert(press: Press, text: string): Effect.Effect<void>
    /** Draws the screen as it is now; a toast says so where the message shows it already. */
    refresh(press: Press, seen: string, screen: Screen): Effect.Effect<void, never, Wording>
    batchOn(message: MessageRef): Effect.Effect<Option.Option<BatchAt>>
  }
>()("account-bot/bot/Replies") {
  static readonly layer = Layer.effect(
    Replies,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const pools = yield* Pools
      const proxyMessages = yield* ProxyMessages

      const say = (chatId: number, screen: Screen) =>
        telegram.send(chatId, screen).pipe(Effect.asVoid, Effect.catch(unsaid(chatId)))

      const batchOn = Effect.fnUntraced(function* (message: MessageRef) {
        const key = requestKeyOf(message)
        for (const { id } of pools.resources) {
          if (Option.isSome(yield* pools.batch(id, key))) return Option.some<BatchAt>({ id, key })
        }
        return Option.none<BatchAt>()
      })

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

      const turn = (press: Press, screen: Screen) =>
        Effect.andThen(press.answer(), turnTo(press.message, screen))

      const alert = Effect.fnUntraced(function* (press: Press, text: string) {
        yield* (yield* press.isAnswered) ? say(press.chatId, sentence(text)) : press.alert(text)
      })

      const refresh = Effect.fnUntraced(function* (press: Press, seen: string, screen: Screen) {
        if (seen === digestOf(screen.html)) {
          return yield* press.answer((yield* Wording).stock.unchanged)
        }
        return yield* turn(press, screen)
      })

      return Replies.of({ say, batchOn, turnTo, turn, alert, refresh })
    }),
  )
}

const unsaid =
  (chatId: number) =>
  ({ reason }: TelegramError) =>
    Effect.logInfo("message not shown").pipe(
      Effect.annotateLogs({ chat: chatId, reason: reason._tag }),
    )
