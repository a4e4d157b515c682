/** How the bot answers in a chat: the one answer to a tap, and the screens that follow from it. */
import { Context, Effect, Layer, Option } from "effect"
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

/** A tap: who pressed a button, on which message, and the one answer that Telegram takes to it. */
export interface Press {
  readonly userId: TelegramId
  readonly chatId: number
  readonly message: MessageRef
  readonly role: Role
  /**
   * Ends the spinner, and shows `text` as a toast. Only the first answer counts. It is on its way
   * when this returns, and Telegram takes it beside whatever follows: goods do not wait for it.
   */
  answer(text?: string): Effect.Effect<void>
  /**
   * Ends the spinner behind what is sent next. Where many wait for goods at once, each of them gets
   * these before the spinner of anybody is ended.
   */
  readonly answerBehind: Effect.Effect<void>
  /** Answers with a window that the person has to close. For refusals. */
  alert(text: string): Effect.Effect<void>
  /** Whether the tap was answered already, so that anything more has to be said in a message. */
  readonly isAnswered: Effect.Effect<boolean>
}

/**
 * The press of a tap, and `end`, which answers where nothing has. The fiber that handles the tap
 * sends its answers beside itself, so it has to wait for its children before the tap is handled.
 */
export const makePress = (telegram: Telegram["Service"], tap: Tap, role: Role) => {
  let isAnswered = false
  const once = (sending: Effect.Effect<void>) =>
    Effect.suspend(() => {
      if (isAnswered) return Effect.void
      isAnswered = true
      return sending
    })
  const answer = (options: { text?: string; alert?: boolean }, startImmediately = true) =>
    once(
      Effect.asVoid(
        Effect.forkChild(telegram.answer(tap.callbackId, options), { startImmediately }),
      ),
    )
  const press: Press = {
    userId: tap.userId,
    chatId: tap.chatId,
    message: { chatId: tap.chatId, messageId: tap.messageId },
    role,
    answer: (text) => answer(text === undefined ? {} : { text }),
    answerBehind: answer({}, false),
    alert: (text) => answer({ text, alert: true }),
    isAnswered: Effect.sync(() => isAnswered),
  }
  // Not beside anything: a tap that was broken off would break off its children too.
  return { press, end: once(telegram.answer(tap.callbackId)) }
}

/** The batch that a message asked for and shows. */
export interface BatchAt {
  /** The id of the resource. */
  readonly id: string
  readonly key: RequestKey
}

export class Replies extends Context.Service<
  Replies,
  {
    /** Sends a message. If it does not arrive, that is logged, and the caller goes on. */
    say(chatId: number, screen: Screen): Effect.Effect<void>
    /** The same for a message that is to be drawn again: none where it did not arrive. */
    post(chatId: number, screen: Screen): Effect.Effect<Option.Option<MessageRef>>
    /**
     * Replaces what the message shows by the next step. Where it shows goods or was deleted, the
     * step comes as a new message.
     */
    turnTo(message: MessageRef, screen: Screen): Effect.Effect<void>
    /** Answers the tap, and turns its message to the next step. */
    turn(press: Press, screen: Screen): Effect.Effect<void>
    /** Says a refusal: as an alert, or as a message where the tap was answered already. */
    alert(press: Press, text: string): Effect.Effect<void>
    /**
     * Turns the message to the screen, unless `seen`, the digest of what it shows, is the same:
     * then a toast says that nothing has changed.
     */
    refresh(press: Press, seen: string, screen: Screen): Effect.Effect<void, never, Wording>
    /** The batch that the message shows, if it shows one. */
    batchOn(message: MessageRef): Effect.Effect<Option.Option<BatchAt>>
  }
>()("account-bot/bot/Replies") {
  static readonly layer = Layer.effect(
    Replies,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const pools = yield* Pools
      const proxyMessages = yield* ProxyMessages

      const post = (chatId: number, screen: Screen) =>
        telegram.send(chatId, screen).pipe(
          Effect.asSome,
          Effect.catch((error) => Effect.as(unsaid(chatId)(error), Option.none<MessageRef>())),
        )
      const say = (chatId: number, screen: Screen) => Effect.asVoid(post(chatId, screen))

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

      return Replies.of({ say, post, batchOn, turnTo, turn, alert, refresh })
    }),
  )
}

const unsaid =
  (chatId: number) =>
  ({ reason }: TelegramError) =>
    Effect.logInfo("message not shown").pipe(
      Effect.annotateLogs({ chat: chatId, reason: reason._tag }),
    )
