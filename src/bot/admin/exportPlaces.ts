/** Where an admin who asked for a file reads how it goes. */
import { Effect } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import type { Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { notice, sentence } from "../screens/parts.ts"
import type { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { periodsScreen } from "./exportScreens.ts"

export interface Place {
  readonly chatId: number
  /** It takes its time. */
  readonly making: Effect.Effect<void>
  readonly sent: Effect.Effect<void>
  /** Why there is none. */
  say(text: string): Effect.Effect<void>
}

export const make = (replies: Replies, telegram: Telegram["Service"], texts: Texts) => {
  const words = texts.exports

  /** The message whose button was pressed, ready for the next choice. */
  const onMessage = (message: MessageRef, resource: Resource | null): Place => {
    const say = (text: string) => replies.turnTo(message, periodsScreen(resource, texts, text))
    return {
      chatId: message.chatId,
      making: replies.turnTo(message, sentence(words.making)),
      sent: say(words.sent),
      say,
    }
  }

  /** A message of its own, where there is something to say at all. */
  const below = (chatId: number): Place => {
    let shown: MessageRef | undefined
    const show = (screen: Screen) =>
      Effect.suspend(() =>
        shown === undefined
          ? telegram.send(chatId, screen).pipe(
              Effect.map((message) => void (shown = message)),
              Effect.ignore,
            )
          : replies.turnTo(shown, screen),
      )
    const say = (text: string) => show(notice(text, texts))
    return {
      chatId,
      making: show(sentence(words.making)),
      sent: Effect.suspend(() => (shown === undefined ? Effect.void : say(words.sent))),
      say,
    }
  }

  return { onMessage, below }
}
