/** /block as an admin wrote it: who, for how long, and why. Pure. */
import { namedFirst } from "./peopleNames.ts"
import type { Person } from "./peopleParts.ts"

export type BlockRequest =
  | {
      readonly _tag: "Block"
      readonly person: Person
      /** `null`: without an end. */
      readonly hours: number | null
      readonly note: string
    }
  | { readonly _tag: "Unknown"; readonly name: string }
  | { readonly _tag: "Several"; readonly name: string; readonly people: ReadonlyArray<Person> }
  | { readonly _tag: "BadHours"; readonly text: string }
  | { readonly _tag: "TooLong"; readonly length: number }

/** What fits into one line of a message, and into a mind. */
const noteMax = 200

/** A year. Who is to stay away for longer is removed. */
const hoursMax = 8760

export const readBlock = (argument: string, people: ReadonlyArray<Person>): BlockRequest => {
  const words = argument.split(/\s+/)
  const named = namedFirst(people, words)
  const [person, another] = named.people
  if (person === undefined) return { _tag: "Unknown", name: words[0] ?? "" }
  if (another !== undefined) return { _tag: "Several", name: argument, people: named.people }
  const [first = "", ...others] = named.rest
  // Nobody's reason begins with a number: «1,5» or «8ч» would become a block without an end.
  const isTime = /^[-+−–]?\d/.test(first)
  const hours = /^\d{1,4}$/.test(first) ? Number(first) : 0
  if (isTime && (hours < 1 || hours > hoursMax)) return { _tag: "BadHours", text: first }
  const note = (isTime ? others : named.rest).join(" ")
  return note.length > noteMax
    ? { _tag: "TooLong", length: note.length }
    : { _tag: "Block", person, hours: isTime ? hours : null, note }
}
