/**
 * When two texts that people typed are the same login, mail address, number or name.
 *
 * People paste from chats and web pages: signs that nobody sees come along, digits and letters in
 * other widths, and a number in any of a dozen spellings. What is compared is a folded form; what is
 * shown and written is what was typed, without the signs that nobody sees.
 */
import {
  type CountryCode as PhoneCountry,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min"
import type { Column, Resource } from "./Catalogue.ts"
import type { Item } from "./Item.ts"

/** The country whose numbers are written without its code: two letters of ISO 3166-1. */
export type { PhoneCountry }
export const isPhoneCountry = (code: string): code is PhoneCountry =>
  // A further argument, such as `find` passes, would be taken for metadata.
  isSupportedCountry(code)

/**
 * The text without signs that nobody sees: zero-width spaces, marks of direction, soft hyphens and
 * their like. Spaces and line ends stay, and so does what holds a compound emoji together.
 */
export const visibleText = (text: string): string =>
  text.replaceAll(invisible, (_, emoji: string | undefined) => emoji ?? "")

const invisible =
  /(\p{Extended_Pictographic}(?:\u200D|\uFE0F)*)|[\p{Default_Ignorable_Code_Point}\u2800]|(?![\t\n\r])\p{Cc}/gu

/** The text in one width, with one spelling for each letter, and without signs that nobody sees. */
const plain = (text: string) =>
  isPlain.test(text)
    ? text
    : text
        .normalize("NFKC")
        .replaceAll(/[\p{Default_Ignorable_Code_Point}\u2800]|(?!\s)\p{Cc}/gu, "")
        .normalize("NFKC")

/** Most texts have only signs that stay as they are, which is soon seen. */
const isPlain = /^[\t\n\r -~А-яё]*$/

/**
 * The same for all spellings that mean one name: of a tab, a header, a status, a country. Case,
 * spaces and ё make no difference.
 */
export const foldName = (text: string): string =>
  plain(plain(text).toLowerCase())
    .replaceAll(/ё\u0308*/g, "е")
    .trim()
    .replaceAll(/\s+/g, " ")

/** A region as buttons have it, in whatever width and with whatever signs it was typed. */
export const foldRegion = (text: string): string => plain(text).trim()

/** The same for all spellings of one login or mail address. */
export const foldLogin = (text: string): string => plain(plain(text).trim().toLowerCase()).trim()

/**
 * The digits of a number with the code of its country, «79001234567», and its extension behind an
 * `x`. `undefined` where the text is no possible number, or more than one.
 */
export const foldPhone = (text: string, country: PhoneCountry): string | undefined => {
  const number = readPhone(plain(text).trim(), country)
  if (number === undefined) return undefined
  return number.number.slice(1) + (number.ext === undefined ? "" : `x${number.ext}`)
}

const readPhone = (text: string, country: PhoneCountry): PhoneNumber | undefined => {
  if (text.length > phoneMax) return undefined
  const local = possible(text, country)
  if (local !== undefined) return local
  // A number of another country, without its plus or with the prefix of calls abroad.
  const digits = /^(?:00\s?)?([1-9][\d\s().-]{9,})$/.exec(text)?.[1]
  return digits === undefined ? undefined : possible(`+${digits}`, country)
}

const possible = (text: string, country: PhoneCountry) => {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false })
  return number?.isPossible() === true ? number : undefined
}

/** No number is longer, whatever stands between its digits. */
const phoneMax = 64

/** The column that tells the items of a resource apart. */
export const identityColumn = ({ columns, identity }: Resource) =>
  columns.find(({ key }) => key === identity)

/**
 * The key of an item by the text that tells it apart: items with the same key are the same thing.
 * Empty where the text can be no such thing.
 */
export const identityKey = (resource: Resource, text: string, country: PhoneCountry): string =>
  keyOf(identityColumn(resource)?.kind ?? "text", text, country)

const keyOf = (kind: Column["kind"], text: string, country: PhoneCountry): string => {
  if (kind === "phone") return foldPhone(text, country) ?? ""
  if (kind !== "text") return plain(text).trim()
  // Many a login is a number.
  const isPhoneLike = /^[+\d(][\d\s()+.-]{9,}$/.test(plain(text).trim())
  return (isPhoneLike ? foldPhone(text, country) : undefined) ?? foldLogin(text)
}

/**
 * The keys under which an item may be known: its own, and those that versions up to 0.3.0 made of
 * other spellings of the same number or login.
 */
export const keysKnown = (
  resource: Resource,
  { key, fields }: KeyedItem,
): ReadonlyArray<string> => {
  const text = fields[resource.identity] ?? ""
  const number = /^\d{7,15}$/.test(key) ? parsePhoneNumberFromString(`+${key}`) : undefined
  const spellings =
    number === undefined ? [] : [`+${key}`, number.nationalNumber, `8${number.nationalNumber}`]
  return [...new Set([key, formerKey(text), ...spellings])]
}

type KeyedItem = Pick<Item, "key" | "fields">

const formerKey = (text: string) => text.trim().toLowerCase()
