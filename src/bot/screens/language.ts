/** The choice of a language; the one that is spoken now is ticked. */
import type { Language } from "../Languages.ts"
import type { Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { menuBelow, page, tap } from "./parts.ts"

/** Each in itself, for whoever reads no other. */
const names: Readonly<Record<Language, string>> = { ru: "Русский", en: "English" }

export const languageScreen = (texts: Texts): Screen => ({
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
