/** Suspended access as admins see it: how it stands, the list, and the question for how long. */
import type { Block } from "../../access/Blocks.ts"
import { formatMoment } from "../../domain/Day.ts"
import { bold, type Html, html, type Screen } from "../Screen.ts"
import { buttonsOnPage, pageOf, type Scenery, untilText } from "../screens/lists.ts"
import { cut, lines, menuBelow, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { nameOf, type Person } from "./peopleParts.ts"

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
    button: tap(words.lift(nameOf(view.person)), {
      _tag: "Unblock",
      person: view.person.id,
      on: "list",
    }),
  }))
  const shown = pageOf(entries, page, buttonsOnPage, (to) => ({ _tag: "Blocks", page: to }))
  return {
    html: lines(
      ...(headline === undefined ? [] : [html`${headline}`, html``]),
      ...(views.length === 0 ? [html`${words.nobody}`] : [bold(words.title(views.length))]),
      ...shown.html,
      html``,
      html`${words.hint}`,
    ),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

const entryText = ({ block, person, by }: BlockView, scenery: Scenery): Html => {
  const words = scenery.texts.blocks.state
  const end = block.until === null ? words.noEnd : words.until(untilText(block.until, scenery))
  return lines(
    html``,
    bold(nameOf(person)),
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
      bold(words.heading(nameOf(person))),
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
  cut(people.map(nameOf).join(", "), 500)
