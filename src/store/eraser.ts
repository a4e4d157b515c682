/**
 * Takes a person out of texts of JSON and out of words, for every journal alike.
 *
 * In the place of the id stands an alias, a number that Telegram gives to nobody, and in the place
 * of a name a dash. So the books, the trail and the proxies add up as before, and nothing says whose
 * they were. What somebody wrote about an item stays, without the names in it.
 */
import { Option, Predicate, Result, Schema } from "effect"
import { nameless, TelegramId } from "../domain/Employee.ts"
import { ForgetOrder } from "./Journal.ts"

/** Somebody who is taken out, and the number that stands in that place. */
export interface Forgotten {
  readonly id: number
  readonly alias: number
}

/** What the document says that asks for a person to be forgotten; none where it cannot be read. */
export const orderIn = ({ key, body }: { readonly key: unknown; readonly body: unknown }) =>
  Option.all({ id: decodeKey(key), order: decodeOrder(body) }).pipe(
    Option.map(({ id, order }) => ({ ...order, id })),
  )

const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)
const decodeOrder = Schema.decodeUnknownOption(Schema.fromJsonString(ForgetOrder))

const parsed = (text: string): unknown =>
  Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))

/** The fields of events, snapshots and documents that hold the id of a person or of a chat. */
const personFields = new Set([
  "addedBy",
  "by",
  "chatId",
  "from",
  "holder",
  "id",
  "person",
  "to",
  "userId",
])

/** Those that hold a name. In events about a nickname, `from` and `to` do. */
const nameFields = new Set([
  "firstName",
  "formerStages",
  "from",
  "name",
  "stage",
  "stringValue",
  "to",
  "username",
])

/** Those that hold words of people, or of the bot to people. */
const wordFields = new Set(["comment", "note", "reason", "text"])

/** Those that hold the key of a request, which begins with the id of a chat. */
const requestFields = new Set(["key", "request", "requests"])

/** What an item is, which may look like an id or a name and is neither. */
const itemFields = new Set(["cells", "endpoint", "extras", "fields", "header", "origin"])

type Fields = Readonly<Record<string, unknown>>

/** Whose name stands in an object: the first of these fields that has an id says so. */
const ownerFields = ["holder", "person", "id", "to", "by"]

const isOf = (object: Fields, id: number) =>
  ownerFields.map((field) => object[field]).find(Predicate.isNumber) === id

/** What may be searched for: a single sign would be found in too many words. */
export const isName = (name: string) => name.trim().length > 1

/** The names in a text of JSON, wherever they stand beside the id. */
export const namesIn = (text: string, id: number): ReadonlyArray<string> =>
  namesOf(parsed(text), id)

const namesOf = (value: unknown, id: number): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap((each) => namesOf(each, id))
  if (!Predicate.isObject(value)) return []
  const fields: Fields = value
  const isTheirs = isOf(fields, id)
  return Object.entries(fields).flatMap(([field, each]) => {
    if (itemFields.has(field)) return []
    if (isTheirs && typeof each === "string" && nameFields.has(field)) return [each]
    // What Telegram knows of somebody stands in an object of its own.
    if (isTheirs && Predicate.isObject(each) && field === "profile") {
      return Object.values(each).filter(Predicate.isString)
    }
    return namesOf(each, id)
  })
}

export interface Eraser {
  /** What a text holds, in one of these spellings, that may speak of the person. */
  readonly traces: ReadonlyArray<string>
  /** Whether the text may speak of the person. */
  readonly isFoundIn: (text: string) => boolean
  /** Erases the person from a text of JSON. */
  readonly json: (text: string) => string
  /** Erases the person from words. */
  readonly words: (text: string) => string
}

export const makeEraser = ({
  id,
  alias,
  names,
}: Forgotten & { readonly names: ReadonlySet<string> }): Eraser => {
  const digits = String(id)
  const all = [digits, ...names]

  // A quotation mark in a name is spelled otherwise in JSON.
  const traces = [...new Set(all.flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]))]

  const isFoundIn = (text: string) => traces.some((each) => text.includes(each))

  // A short number in words is hardly ever meant for somebody.
  const inWords = digits.length < idLengthMin ? [...names] : all

  const words = (text: string) =>
    inWords.reduce((left, each) => withoutWord(left, each, nameless), text)

  const requestKey = (key: string) =>
    key.startsWith(`${digits}:`) ? `${alias}${key.slice(digits.length)}` : key

  const inText = (text: string, field: string, within: Fields): string => {
    if (nameFields.has(field) && (names.has(text) || isOf(within, id))) return nameless
    // A cell of an issued row, in a write to the spreadsheet.
    if (field === "stringValue" && text === digits) return nameless
    if (wordFields.has(field)) return words(text)
    // The key of an item stands beside the item's fields, and one of a request beside its message.
    if (field === "key" && !("message" in within)) return text
    return requestFields.has(field) ? requestKey(text) : text
  }

  const inValue = (value: unknown, field: string, within: Fields): unknown => {
    if (typeof value === "number") return value === id && personFields.has(field) ? alias : value
    if (typeof value === "string") return inText(value, field, within)
    if (Array.isArray(value)) return value.map((each) => inValue(each, field, within))
    if (!Predicate.isObject(value) || itemFields.has(field)) return value
    const fields: Fields = value
    return Object.fromEntries(
      Object.entries(fields).map(([key, each]) => [
        key === digits ? String(alias) : requestKey(key),
        inValue(each, key, fields),
      ]),
    )
  }

  const json = (text: string) => {
    if (!isFoundIn(text)) return text
    const value = parsed(text)
    return value === undefined ? text : JSON.stringify(inValue(value, "", {}))
  }

  return { traces, isFoundIn, json, words }
}

/** Telegram's oldest ids have so many digits. */
const idLengthMin = 5

/** Replaces a word where no letter and no digit joins on to it. */
const withoutWord = (text: string, word: string, instead: string): string => {
  let left = ""
  let from = 0
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at < from) continue
    const end = at + word.length
    if (joins(text.slice(0, at).slice(-1)) || joins(text.slice(end, end + 1))) continue
    left += text.slice(from, at) + instead
    from = end
  }
  return left + text.slice(from)
}

const joins = (sign: string) => /[\p{L}\p{N}]/u.test(sign)
