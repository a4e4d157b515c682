/** Suspended access as admins see it: how it stands, the list, and the question for how long. */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { bold, type Html, html, type Screen } from "../Screen.ts"
import { buttonsOnPage, listScreen, type Scenery, untilText } from "../screens/lists.ts"
import { cut, lines, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { namedFirst, type Person, personName } from "./Directory.ts"

/** Of what an admin typed, in an answer. */
export const echoMax = 40

export interface BlockView {
  readonly block: Block
  readonly person: Pick<Person, "id" | "stage">
  /** The name of who decided. */
  readonly by: string
}

/** How long, why and by whom; the card and the list of what is left begin with it. */
export const blockLines = ({ block, by }: BlockView, scenery: Scenery): ReadonlyArray<Html> => {
  const words = scenery.texts.blocks.state
  const { until, note, at } = block
  return [
    html`${until === null ? words.noEnd : words.until(untilText(until, scenery))}`,
    html`${note === "" ? words.noReason : words.reason(note)}`,
    html`${words.by(by, formatMoment(at, scenery.zone))}`,
  ]
}

/** `headline`: what has just been done. */
export const blockList = (
  views: ReadonlyArray<BlockView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.blocks.list
  const entries = views.map((view) => ({
    html: entryText(view, scenery),
    buttons: [
      tap(words.lift(personName(view.person)), {
        _tag: "Unblock",
        person: view.person.id,
        on: "list",
      }),
    ],
  }))
  return listScreen(
    {
      headline,
      heading: [bold(words.title(views.length))],
      empty: words.nobody,
      entries,
      closing: [html``, html`${words.hint}`],
      page,
      perPage: buttonsOnPage,
      to: (target) => ({ _tag: "Blocks", page: target }),
    },
    texts,
  )
}

const entryText = ({ block, person, by }: BlockView, scenery: Scenery): Html => {
  const words = scenery.texts.blocks.state
  const end = block.until === null ? words.noEnd : words.until(untilText(block.until, scenery))
  return lines(
    html``,
    bold(personName(person)),
    html`${end}`,
    ...(block.note === "" ? [] : [html`${words.reason(block.note)}`]),
    html`${words.by(by, formatMoment(block.at, scenery.zone))}`,
  )
}

/** The times that the buttons offer. */
const choices = [1, 8, 24] as const

export const blockQuestion = (person: Pick<Person, "id" | "stage">, texts: Texts): Screen => {
  const words = texts.blocks.ask
  const choose = (text: string, hours: (typeof choices)[number] | 0) =>
    tap(text, { _tag: "Block", person: person.id, hours })
  return {
    html: lines(
      bold(words.heading(personName(person))),
      html``,
      html`${words.meaning}`,
      html`${words.withReason(person.id)}`,
    ),
    keyboard: [
      choices.map((hours) => choose(words.hours(hours), hours)),
      [choose(words.noEnd, 0)],
      [tap(texts.wizard.back, { _tag: "Person", person: person.id })],
    ],
  }
}

/** People whom one name may mean. */
export const namesOf = (people: ReadonlyArray<Pick<Person, "id" | "stage">>): string =>
  cut(people.map(personName).join(", "), 500)

/* /block as an admin wrote it: who, for how long, and why. Pure. */

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

/* The block of a person with the names that its screens need. */

/** Gives a function that finds the block in force now. */
export const makeBlockViews = Effect.gen(function* () {
  const blocks = yield* Blocks
  const view = yield* viewing
  return Effect.fnUntraced(function* (id: TelegramId) {
    const block = Option.getOrUndefined(yield* blocks.find(id))
    return block === undefined ? undefined : yield* view(block)
  })
})

/** Gives a function that looks up the names. */
export const viewing = Effect.gen(function* () {
  const access = yield* Access
  return Effect.fnUntraced(function* (block: Block) {
    const view: BlockView = {
      block,
      person: { id: block.id, stage: yield* access.stageOf(block.id) },
      by: personName({ id: block.by, stage: yield* access.stageOf(block.by) }),
    }
    return view
  })
})
