/**
 * /language: the person chooses the language in which the bot writes to them, by a button or by its
 * name, as in `/language en`.
 */
import { Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { showCommands } from "../Commands.ts"
import { type Language, Languages, textsOf, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { cut, menuBelow, page, saying, sentence, tap } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Incoming } from "../Update.ts"

export const makeLanguageChoice = Effect.gen(function* () {
  const replies = yield* Replies
  const telegram = yield* Telegram
  const languages = yield* Languages
  const { resources } = yield* CatalogueSource

  const access = yield* Access

  /** Changes the list of commands too. Messages that are in the chat already stay as they are. */
  const change = Effect.fnUntraced(function* (
    { userId, chatId }: { readonly userId: TelegramId; readonly chatId: number },
    language: Language,
  ) {
    yield* languages.choose(userId, language)
    const isAdmin = (yield* access.role(userId)) === "admin"
    const showNew = showCommands(telegram, chatId, textsOf(language), { resources, isAdmin })
    return { texts: textsOf(language), showNew }
  })

  /** The command, with whatever stands behind it. */
  const run = Effect.fnUntraced(
    function* (incoming: Extract<Incoming, { readonly _tag: "Text" }>, said: string) {
      const { chatId } = incoming
      const spoken = yield* Wording
      if (said === "") return yield* replies.say(chatId, languageScreen(spoken))
      const language = languageNamed(said)
      if (language === undefined) {
        const unknown = spoken.languages.unknown(cut(said, saidMax))
        return yield* replies.say(chatId, saying(unknown, languageScreen(spoken)))
      }
      const { texts, showNew } = yield* change(incoming, language)
      yield* replies.say(chatId, saying(texts.languages.switched, languageScreen(texts)))
      yield* showNew
    },
    (self, { chatId }) =>
      Effect.catchTag(self, "StorageUnavailable", () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.say(chatId, sentence(refusals.storageUnavailable)),
        ),
      ),
  )

  const choose = Effect.fnUntraced(
    function* (press: Press, language: Language) {
      const { texts, showNew } = yield* change(press, language)
      yield* press.answer(texts.languages.chosen)
      yield* replies.turnTo(press.message, languageScreen(texts))
      yield* showNew
    },
    (self, press) =>
      Effect.catchTag(self, "StorageUnavailable", () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.alert(press, refusals.storageUnavailable),
        ),
      ),
  )

  return { run, choose }
})

/** The language of that name, in whatever way people write it. */
export const languageNamed = (said: string): Language | undefined => {
  const name = said
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, " ")
    .trim()
  return (["ru", "en"] as const).find((language) => spellings[language].includes(name))
}

const spellings: Readonly<Record<Language, ReadonlyArray<string>>> = {
  ru: ["ru", "rus", "russian", "in russian", "рус", "ру", "русский", "по русски", "на русском"],
  en: ["en", "eng", "english", "in english", "англ", "английский", "по английски", "на английском"],
}

/** So much of what was typed is repeated to the person. */
const saidMax = 40

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
