/** The texts of a language. */
import { en } from "./en.ts"
import { ru } from "./ru.ts"
import type { Texts } from "./Texts.ts"

export const textsOf = (language: Texts["language"]): Texts => (language === "ru" ? ru : en)
