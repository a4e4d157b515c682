/** /language: which language the bot writes to the person in. */
import { Effect } from "effect"
import { showCommands } from "../Commands.ts"
import { type Language, Languages, textsOf, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { languageScreen } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const telegram = yield* Telegram
  const languages = yield* Languages

  const open = Effect.fnUntraced(function* (chatId: number) {
    yield* replies.say(chatId, languageScreen(yield* Wording))
  })

  /** The rest of the chat stays as it was written; the list of commands changes too. */
  const choose = Effect.fn("language.choose")(
    function* (press: Press, language: Language) {
      yield* languages.choose(press.userId, language)
      const texts = textsOf(language)
      yield* press.answer(texts.languages.chosen)
      yield* replies.turnTo(press.message, languageScreen(texts))
      yield* showCommands(telegram, press.chatId, texts, press.role === "admin")
    },
    (self, press) =>
      Effect.catchTag(self, "StorageUnavailable", () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.alert(press, refusals.storageUnavailable),
        ),
      ),
  )

  return { open, choose }
})
