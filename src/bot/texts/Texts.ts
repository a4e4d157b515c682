/** What every language says: the sentences of ru.ts, by the same names and with the same parameters. */
import type { Label } from "../../domain/Catalogue.ts"
import type { ru } from "./ru.ts"

/** The same sentences in any language: one that is missing there does not compile. */
type Like<T> = T extends keyof Label
  ? keyof Label
  : T extends string
    ? string
    : T extends (...args: infer A) => string
      ? (...args: A) => string
      : { readonly [K in keyof T]: Like<T[K]> }

/** An interface, so that errors and hints say its name and not all of its members. */
export interface Texts extends Like<typeof ru> {}

export type CommandName = keyof Texts["menu"]["commands"]

/** For the middle of a sentence: «номера», but «VK» as it is. */
export const uncapitalised = (text: string) =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
