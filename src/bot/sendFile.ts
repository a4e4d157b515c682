/** A file in a chat, and words for the admin who does not get it. */
import { Effect } from "effect"
import type { Screen } from "./Keyboard.ts"
import type { Document } from "./telegramFiles.ts"
import type { Telegram } from "./Telegram.ts"
import type { Texts } from "./texts/Texts.ts"

/** Gives what went wrong, in words; `undefined` where nothing did. */
export const sendFile = (
  telegram: Telegram["Service"],
  chatId: number,
  document: Document,
  caption: Screen,
  texts: Texts,
): Effect.Effect<string | undefined> =>
  telegram.sendDocument(chatId, document, caption).pipe(
    Effect.as(undefined),
    Effect.catch(({ reason }) =>
      Effect.logInfo("file not sent").pipe(
        Effect.annotateLogs({ chat: chatId, reason: reason._tag }),
        Effect.as(
          reason._tag === "Unsure"
            ? texts.exports.unsure
            : texts.exports.notSent(texts.refusals.telegram[reason._tag]),
        ),
      ),
    ),
  )
