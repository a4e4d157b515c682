/** Whom an admin means by an id or a nickname in a command. Never by the beginning of one. */
import { Option, Schema } from "effect"
import { foldNickname } from "../../domain/Application.ts"
import { TelegramId } from "../../domain/Employee.ts"
import type { Person } from "./peopleParts.ts"

const decodeId = Schema.decodeOption(TelegramId)

export const idIn = (text: string): TelegramId | undefined =>
  /^[1-9]\d{0,15}$/.test(text) ? Option.getOrUndefined(decodeId(Number(text))) : undefined

/** The id before the nickname: a nickname may look like somebody's id. */
export const matching = (people: ReadonlyArray<Person>, name: string): ReadonlyArray<Person> => {
  const byId = people.filter(({ id }) => id === idIn(name))
  if (byId.length > 0) return byId
  return people.filter(({ stage }) => foldNickname(stage) === foldNickname(name))
}

/** As many words as the longest nickname may have. */
const wordsOfName = 16

export interface Named {
  /** More than one where what stands there may be read in more than one way. */
  readonly people: ReadonlyArray<Person>
  /** What stands behind the name; of somebody who is the only one. */
  readonly rest: ReadonlyArray<string>
}

/**
 * Who is named at the beginning of a command. A nickname may have several words, and its first
 * ones may be the nickname of somebody else: nothing is guessed then.
 */
export const namedFirst = (people: ReadonlyArray<Person>, words: ReadonlyArray<string>): Named => {
  const byId = people.filter(({ id }) => id === idIn(words[0] ?? ""))
  if (byId.length > 0) return { people: byId, rest: words.slice(1) }
  const readings = Array.from({ length: Math.min(words.length, wordsOfName) }, (_, at) => ({
    people: matching(people, words.slice(0, at + 1).join(" ")),
    rest: words.slice(at + 1),
  })).filter((reading) => reading.people.length > 0)
  const found = new Map(
    readings.flatMap((each) => each.people.map((person) => [person.id, person])),
  )
  return { people: [...found.values()], rest: readings.at(-1)?.rest ?? [] }
}
