/** Draws the card of one admin anew, in his language; one that cannot be changed is no trouble. */
import { Effect } from "effect"
import { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { Languages } from "../Languages.ts"
import type { Screen } from "../Screen.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"

export const make = Effect.gen(function* () {
  const telegram = yield* Telegram
  const languages = yield* Languages

  return Effect.fnUntraced(function* (card: MessageRef, screen: (texts: Texts) => Screen) {
    // A private chat has the number of its person.
    const texts = yield* languages.textsFor(TelegramId.make(card.chatId))
    yield* telegram
      .edit(card, screen(texts))
      .pipe(
        Effect.catch(({ reason }) =>
          Effect.logDebug("a card could not be changed").pipe(
            Effect.annotateLogs({ admin: card.chatId, reason: reason._tag }),
          ),
        ),
      )
  })
})
