/** The list of people, the card of one, and the question before access ends. */
import type { Action } from "../Callback.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import type { Scenery } from "../screens/lists.ts"
import { grid, lines, menuBelow, tap } from "../screens/parts.ts"
import { pageOf, pager } from "../screens/proxyParts.ts"
import type { Texts } from "../texts/Texts.ts"
import { blockLines, type BlockView } from "./blockScreens.ts"
import {
  type Holding,
  holdingText,
  holdsText,
  nameOf,
  type Person,
  stageText,
} from "./peopleParts.ts"

export const peopleOnPage = 25

/** Lines of what somebody holds; where there is more, it is counted. */
const holdingsMax = 20

export interface Listed extends Person {
  /** Without a mark, the oldest first. */
  readonly holdings: ReadonlyArray<Holding>
}

export interface ListView {
  readonly shown: ReadonlyArray<Listed>
  readonly page: number
  readonly pages: number
  readonly total: number
  readonly waiting: number
  readonly now: number
}

export const peopleList = (
  { shown, page, pages, total, waiting, now }: ListView,
  texts: Texts,
): Screen => {
  const words = texts.people.list
  return {
    html: lines(
      bold(words.title(total)),
      waiting > 0 ? html`${words.waiting(waiting)}` : undefined,
      html``,
      ...shown.map((person) => line(person, now, texts)),
      html``,
      html`${words.hint}`,
    ),
    keyboard: [
      ...grid(
        shown.map(({ id, stage }) => tap(stageText(stage), { _tag: "Person", person: id })),
        2,
      ),
      ...pager({ page, pages }, turnTo),
      menuBelow(texts),
    ],
  }
}

const line = ({ id, stage, role, holdings }: Listed, now: number, texts: Texts): Html => {
  const holds = holdsText(holdings, now, texts)
  return joinHtml(
    [
      html`${stageText(stage)}`,
      code(id),
      html`${texts.people.list.roles[role]}`,
      ...(holds === undefined ? [] : [html`${holds}`]),
    ],
    " · ",
  )
}

const turnTo = (page: number): Action => ({ _tag: "People", page })

/** The page of a list of people, before what they hold is looked up. */
export const pageOfPeople = (people: ReadonlyArray<Person>, asked: number) =>
  pageOf(people, asked, peopleOnPage)

export interface CardView {
  readonly person: Listed
  /** Only where the access is suspended. */
  readonly blocked: BlockView | undefined
  /** What has just been done. */
  readonly headline: string | undefined
}

export const personCard = ({ person, blocked, headline }: CardView, scenery: Scenery): Screen => {
  const { texts, now } = scenery
  const words = texts.people.card
  const { id, stage, role, holdings } = person
  return {
    html: lines(
      ...(headline === undefined ? [] : [bold(headline), html``]),
      html`${words.stage}: ${code(stageText(stage))}`,
      html`${words.id}: ${code(id)}`,
      html`${words.role}: ${texts.people.list.roles[role]}`,
      ...(blocked === undefined ? [] : blockLines(blocked, scenery)),
      html``,
      ...holdingLines(holdings, now, texts),
    ),
    keyboard: [
      ...accessButtons(person, texts),
      [tap(texts.audit.button, { _tag: "AuditPerson", person: id, before: 0 })],
      [tap(texts.people.list.back, { _tag: "People", page: 0 })],
      menuBelow(texts),
    ],
  }
}

/** What ends somebody's access, or suspends it, or gives it back. */
const accessButtons = ({ id, role, holdings }: Listed, texts: Texts): Keyboard => {
  if (role === "admin") return []
  const words = texts.blocks
  const dismiss = tap(texts.people.card.dismiss, { _tag: "AskDismiss", person: id }, "danger")
  const suspend = tap(words.suspend, { _tag: "AskBlock", person: id })
  const left = tap(words.holds(holdings.length), { _tag: "Left", person: id, page: 0 })
  return role === "blocked"
    ? [
        [tap(words.giveBack, { _tag: "Unblock", person: id, on: "card" }, "primary")],
        ...(holdings.length > 0 ? [[left]] : []),
        [dismiss],
        [tap(words.list.back, { _tag: "Blocks", page: 0 })],
      ]
    : [...(role === "employee" ? [[suspend]] : []), [dismiss]]
}

export const dismissalQuestion = (person: Listed, now: number, texts: Texts): Screen => {
  const words = texts.people.dismissal
  const isApplicant = person.role === "applicant"
  return {
    html: lines(
      bold(words.ask(nameOf(person))),
      html``,
      ...holdingLines(person.holdings, now, texts),
      html``,
      html`${isApplicant ? words.meaningForApplicant : words.meaning}`,
    ),
    keyboard: [
      [
        tap(texts.people.card.dismiss, { _tag: "Dismiss", person: person.id }, "danger"),
        tap(texts.wizard.cancel, { _tag: "Cancel" }),
      ],
    ],
  }
}

/** Several people of one nickname. */
export const whichPerson = (name: string, people: ReadonlyArray<Person>, texts: Texts): Screen => ({
  html: html`${texts.people.dismissal.several(name)}`,
  keyboard: [
    ...people
      .slice(0, peopleOnPage)
      .map((person) => [tap(nameOf(person), { _tag: "AskDismiss", person: person.id })]),
    menuBelow(texts),
  ],
})

const holdingLines = (
  holdings: ReadonlyArray<Holding>,
  now: number,
  texts: Texts,
): ReadonlyArray<Html> => {
  const words = texts.people.card
  if (holdings.length === 0) return [html`${words.holdsNothing}`]
  const hidden = holdings.length - holdingsMax
  return [
    bold(words.holds(holdings.length)),
    ...holdings.slice(0, holdingsMax).map((each) => holdingText(each, now, texts)),
    ...(hidden > 0 ? [html`${words.more(hidden)}`] : []),
  ]
}
