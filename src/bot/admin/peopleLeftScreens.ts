/** What somebody without access holds: the items with the ways to settle them, and the choice of a colleague. */
import type { TelegramId } from "../../domain/Employee.ts"
import type { Action } from "../Callback.ts"
import { bold, type Button, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import type { Scenery } from "../screens/lists.ts"
import { grid, lines, menuBelow, tap } from "../screens/parts.ts"
import { pageOf, pager } from "../screens/proxyParts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Holding, holdingText, nameOf, type Person, whatText } from "./peopleParts.ts"

const itemsOnPage = 10
const colleaguesOnPage = 30

export type Which = Extract<Action, { readonly _tag: "LeftTo" }>["which"]

export interface LeftView {
  readonly person: TelegramId
  readonly heading: string
  /** Who ended the access and when, and until when; nothing where nobody knows any more. */
  readonly about: ReadonlyArray<Html>
  /** What gives the access back. */
  readonly back: Button | undefined
  /** The oldest first. */
  readonly holdings: ReadonlyArray<Holding>
  readonly page: number
  readonly now: number
  /** What has just been done. */
  readonly done: ReadonlyArray<string>
}

export const leftScreen = (
  { person, heading, about, back, holdings, page: asked, now, done }: LeftView,
  texts: Texts,
): Screen => {
  const { page, pages, shown } = pageOf(holdings, asked, itemsOnPage)
  const first = page * itemsOnPage + 1
  const turnTo = (to: number): Action => ({ _tag: "Left", person, page: to })
  return {
    html: lines(
      bold(heading),
      ...about,
      ...done.map((text) => html`${text}`),
      html``,
      ...leftLines(shown, { first, total: holdings.length, now }, texts),
    ),
    keyboard: [
      ...(holdings.length === 0 ? [] : allButtons(person, holdings, texts)),
      ...shown.map((each, index) => itemButtons(person, each, first + index, texts)),
      ...pager({ page, pages }, turnTo),
      ...(back === undefined ? [] : [[back]]),
      menuBelow(texts),
    ],
  }
}

const leftLines = (
  shown: ReadonlyArray<Holding>,
  { first, total, now }: { readonly first: number; readonly total: number; readonly now: number },
  texts: Texts,
): ReadonlyArray<Html> => {
  const words = texts.people.left
  if (total === 0) return [html`${words.nothing}`]
  return [
    bold(`${words.title}: ${total}`),
    ...shown.map((each, index) => html`${first + index}. ${holdingText(each, now, texts)}`),
    html``,
    html`${words.legend}`,
  ]
}

/** Where nothing is ever confirmed by itself, «good» has no meaning. */
const hasGood = ({ resource }: Holding) => resource.autoStatus !== null

const allButtons = (
  person: TelegramId,
  holdings: ReadonlyArray<Holding>,
  texts: Texts,
): Keyboard => {
  const words = texts.people.left
  const all = { person, which: "all" } as const
  return [
    ...(holdings.some(hasGood)
      ? [[tap(words.confirmAll, { _tag: "LeftSettle", ...all, how: "confirm" }, "success")]]
      : []),
    [
      tap(words.giveAll, { _tag: "LeftTo", ...all, page: 0 }),
      tap(words.asideAll, { _tag: "AsideAsk", ...all }, "danger"),
    ],
  ]
}

const itemButtons = (
  person: TelegramId,
  holding: Holding,
  number: number,
  texts: Texts,
): ReadonlyArray<Button> => {
  const words = texts.people.left
  const one = { person, which: holding.issuance.id } as const
  return [
    ...(hasGood(holding)
      ? [tap(`${number} ${words.confirm}`, { _tag: "LeftSettle", ...one, how: "confirm" })]
      : []),
    tap(`${number} ${words.give}`, { _tag: "LeftTo", ...one, page: 0 }),
    tap(`${number} ${words.aside}`, { _tag: "AsideAsk", ...one }),
  ]
}

export interface ColleaguesView {
  readonly person: TelegramId
  readonly which: Which
  readonly holdings: ReadonlyArray<Holding>
  readonly colleagues: ReadonlyArray<Person>
  readonly page: number
}

export const colleaguesScreen = (
  { person, which, holdings, colleagues, page: asked }: ColleaguesView,
  texts: Texts,
): Screen => {
  const words = texts.people.left
  const { page, pages, shown } = pageOf(colleagues, asked, colleaguesOnPage)
  const [only] = holdings
  const what =
    which === "all" || only === undefined ? words.all(holdings.length) : whatText(only, texts)
  const turnTo = (to: number): Action => ({ _tag: "LeftTo", person, which, page: to })
  return {
    html: html`${colleagues.length === 0 ? words.noColleagues : words.chooseColleague(what)}`,
    keyboard: [
      ...grid(
        shown.map((colleague) =>
          tap(nameOf(colleague), { _tag: "LeftGive", person, which, to: colleague.id }),
        ),
        2,
      ),
      ...pager({ page, pages }, turnTo),
      [tap(texts.wizard.back, { _tag: "Left", person, page: 0 })],
    ],
  }
}

/** Lines of what goes; where there is more, it is counted. */
const linesOfQuestion = 20

export interface AsideQuestion {
  readonly person: TelegramId
  readonly which: Which
  /** At least one, all of one person. */
  readonly holdings: ReadonlyArray<Holding>
}

export const asideQuestion = (
  { person, which, holdings }: AsideQuestion,
  { now, texts }: Scenery,
): Screen => {
  const words = texts.asides.ask
  const hidden = holdings.length - linesOfQuestion
  const stage = holdings[0]?.issuance.stage ?? String(person)
  return {
    html: lines(
      bold(words.heading(holdings.length, nameOf({ id: person, stage }))),
      html``,
      ...holdings.slice(0, linesOfQuestion).map((each) => holdingText(each, now, texts)),
      ...(hidden > 0 ? [html`${texts.people.card.more(hidden)}`] : []),
      html``,
      html`${words.meaning}`,
    ),
    keyboard: [
      [tap(words.confirm, { _tag: "LeftSettle", person, which, how: "aside" }, "danger")],
      [tap(texts.wizard.back, { _tag: "Left", person, page: 0 })],
    ],
  }
}
