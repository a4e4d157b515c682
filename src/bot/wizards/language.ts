/** /language: the person chooses the language in which the bot writes to them. */
import { Effect } from "effect"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { showCommands } from "../Commands.ts"
import { type Language, Languages, textsOf, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { menuBelow, page, tap } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"

export const makeLanguageChoice = Effect.gen(function* () {
  const replies = yield* Replies
  const telegram = yield* Telegram
  const languages = yield* Languages
  const { resources } = yield* CatalogueSource

  const open = Effect.fnUntraced(function* (chatId: number) {
    yield* replies.say(chatId, languageScreen(yield* Wording))
  })

  /** Changes the list of commands too. Messages that are in the chat already stay as they are. */
  const choose = Effect.fn("language.choose")(
    function* (press: Press, language: Language) {
      yield* languages.choose(press.userId, language)
      const texts = textsOf(language)
      yield* press.answer(texts.languages.chosen)
      yield* replies.turnTo(press.message, languageScreen(texts))
      const isAdmin = press.role === "admin"
      yield* showCommands(telegram, press.chatId, texts, { resources, isAdmin })
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

/** The languages to choose from; the one that the bot speaks now is ticked. */
const languageScreen = (texts: Texts): Screen => ({
  html: page(texts.languages.title, texts.languages.choose),
  keyboard: [
    (["ru", "en"] as const).map((language) =>
      tap(language === texts.language ? `✓ ${names[language]}` : names[language], {
        _tag: "Language",
        language,
      }),
    ),
    menuBelow(texts),
  ],
})

/** Each name in its own language, for people who read no other. */
const names: Readonly<Record<Language, string>> = { ru: "Русский", en: "English" }
