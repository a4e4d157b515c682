/** What stands behind /export: a resource, a time and a person, in any order. Pure. */
import { Option, Schema } from "effect"
import { exportDaysMax } from "../../config/Limits.ts"
import { foldNickname } from "../../domain/Application.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { TelegramId } from "../../domain/Employee.ts"
import { findNamed } from "../screens/lists.ts"
import type { Person } from "./peopleParts.ts"

export interface ExportRequest {
  /** `null`: all of them. */
  readonly resource: Resource | null
  /** Today and so many days before it, less one; `null`: since ever. */
  readonly days: number | null
  /** `null`: everybody. */
  readonly holder: TelegramId | null
}

type Understood =
  | { readonly _tag: "Request"; readonly request: ExportRequest }
  | { readonly _tag: "Unclear"; readonly text: string }
  | { readonly _tag: "TooManyDays" }
  | { readonly _tag: "Namesakes"; readonly people: ReadonlyArray<Person> }

interface Known {
  readonly resources: ReadonlyArray<Resource>
  readonly people: ReadonlyArray<Person>
}

/** Where no time is said. */
const usualDays = 30

/** A name of more words is found by its id. */
const runMax = 8

/** Whoever writes more than that wrote something else. */
const wordsMax = 24

/** What is left over is not guessed at: a file about something else than was asked is worse. */
export const understand = (argument: string, { resources, people }: Known): Understood => {
  const words = wordsOf(argument)
  if (words.length > wordsMax) return { _tag: "Unclear", text: words.join(" ") }
  const nicknames = Map.groupBy(people, ({ stage }) => foldNickname(wordsOf(stage).join(" ")))
  const named = take(words, (text) => {
    const found = findNamed(text, resources)
    return found?.rest === "" ? found.resource : undefined
  })
  const marked = take(named.rest, markedId)
  const nicknamed = take(marked.rest, (text) => {
    const isOther = daysOf(text) !== undefined || isFilling(text)
    return marked.found !== undefined || isOther ? undefined : nicknames.get(foldNickname(text))
  })
  const timed = take(nicknamed.rest, daysOf)
  const isSomebody = marked.found !== undefined || nicknamed.found !== undefined
  const bare = take(timed.rest, (text) => (isSomebody ? undefined : bareId(text)))
  const left = bare.rest.filter((word) => !isFilling(word))
  if (left.length > 0) return { _tag: "Unclear", text: left.join(" ") }
  const days = timed.found ?? { count: saysAll(bare.rest) ? null : usualDays }
  if (days.count !== null && days.count > exportDaysMax) return { _tag: "TooManyDays" }
  const [person, ...namesakes] = nicknamed.found ?? []
  if (namesakes.length > 0) return { _tag: "Namesakes", people: nicknamed.found ?? [] }
  return {
    _tag: "Request",
    request: {
      resource: named.found ?? null,
      days: days.count,
      holder: person?.id ?? marked.found ?? bare.found ?? null,
    },
  }
}

const wordsOf = (text: string): ReadonlyArray<string> =>
  text.split(/[\s,;]+/).filter((word) => word !== "")

/** The first and longest run of words that means something, and the words around it. */
const take = <A>(words: ReadonlyArray<string>, meaning: (text: string) => A | undefined) => {
  for (let count = Math.min(words.length, runMax); count > 0; count--) {
    for (let from = 0; from + count <= words.length; from++) {
      const found = meaning(words.slice(from, from + count).join(" "))
      if (found !== undefined) return { found, rest: words.toSpliced(from, count) }
    }
  }
  return { found: undefined, rest: words }
}

interface Days {
  readonly count: number | null
}

/** «7», «7 дней», «неделя», «всё время». A longer number is an id. */
const daysOf = (text: string): Days | undefined => {
  const folded = text.toLowerCase().replaceAll("ё", "е")
  const [, digits] = /^0*([1-9]\d{0,3}) ?(?:д|дн\.?|дня|дней|день|d|days?)?$/.exec(folded) ?? []
  return digits === undefined ? spelled.get(folded) : { count: Number(digits) }
}

const spelled: ReadonlyMap<string, Days> = new Map([
  ["сегодня", { count: 1 }],
  ["день", { count: 1 }],
  ["today", { count: 1 }],
  ["day", { count: 1 }],
  ["неделя", { count: 7 }],
  ["неделю", { count: 7 }],
  ["week", { count: 7 }],
  ["месяц", { count: 30 }],
  ["month", { count: 30 }],
  ["год", { count: 365 }],
  ["year", { count: 365 }],
  ["все время", { count: null }],
  ["all time", { count: null }],
])

const decodeId = Schema.decodeOption(TelegramId)

const idOf = (digits: string | undefined): TelegramId | undefined =>
  digits === undefined ? undefined : Option.getOrUndefined(decodeId(Number(digits)))

const markedId = (text: string) => idOf(/^(?:id|ид|номер|#) ?:? ?([1-9]\d{0,15})$/i.exec(text)?.[1])

/** Shorter ones are days. */
const bareId = (text: string) => idOf(/^[1-9]\d{4,15}$/.exec(text)?.[0])

const filling = new Set(["за", "последние", "for", "last", "все", "all", "ресурсы", "resources"])

/** Words that people put between the others. */
const isFilling = (word: string) => filling.has(fold(word))

/** «/export все»: then nothing is left out, also no time. */
const saysAll = (words: ReadonlyArray<string>) =>
  words.some((word) => fold(word) === "все" || fold(word) === "all")

const fold = (word: string) => word.toLowerCase().replaceAll("ё", "е")
