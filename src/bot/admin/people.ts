/**
 * /whitelist and /whitelist_remove: who has access, what they hold, and the end of an access.
 * Suspended access is in blocks.ts.
 *
 * The access ends first, on disk; what the person held, reserved or applied for comes after.
 */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import { type Dismissal, type Dismissals, makeDismissals } from "../../access/Dismissals.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Journal } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { hideCommands, showCommands } from "../Commands.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import type { Scenery } from "../screens/lists.ts"
import { cut, grid, lines, menuBelow, notice, sentence, tap } from "../screens/parts.ts"
import { pageOf, pager } from "../screens/lists.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, type Asked, makeFileTrouble, Decisions } from "./Admins.ts"
import { Approvals } from "./approvals.ts"
import * as Suspension from "./blocks.ts"
import { blockLines, type BlockView, makeBlockViews } from "./blockScreens.ts"
import { type Left, makePeopleLeft } from "./left.ts"
import {
  type Holding,
  holdingText,
  holdsText,
  idIn,
  makePeopleProxies,
  Directory,
  matching,
  type Person,
  personName,
  stageText,
} from "./Directory.ts"

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const access = yield* Access
  const { timezone: zone } = yield* Settings

  const directory = yield* Directory
  const dismissals = yield* makeDismissals(yield* Journal)
  const left = yield* makePeopleLeft(dismissals)
  const { windUp, welcome } = yield* makeDismissing(dismissals)
  const plainly = yield* makeFileTrouble
  const drawCard = yield* makePeopleCard(left)

  const listed = (person: Person) =>
    Effect.map(directory.holdingsOf(person.id), (holdings) => ({ ...person, holdings }))

  const drawList = Effect.fnUntraced(function* (asked: number) {
    const texts = yield* Wording

    const people = yield* directory.all
    const { shown, ...place } = pageOfPeople(people, asked)
    const waiting = people.filter(({ role }) => role === "applicant").length
    const now = yield* Clock.currentTimeMillis
    const pageShown = yield* Effect.forEach(shown, listed)
    return peopleList({ ...place, shown: pageShown, total: people.length, waiting, now }, texts)
  })

  const open = Effect.fn("people.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* drawList(0))
  })

  const turn = Effect.fn("people.turn")(function* (press: Press, { page }: ActionOf<"People">) {
    const screen = yield* drawList(page)
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
  })

  const card = Effect.fn("people.card")(function* (press: Press, { person }: ActionOf<"Person">) {
    const screen = yield* drawCard(person)
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
  })

  const question = Effect.fnUntraced(function* (person: Person) {
    const texts = yield* Wording
    const words = texts.people.dismissal

    return person.role === "admin"
      ? notice(words.isAdmin, texts)
      : dismissalQuestion(yield* listed(person), yield* Clock.currentTimeMillis, texts)
  })

  /** Who is on no list may have been removed before. */
  const former = Effect.fnUntraced(function* (name: string) {
    const texts = yield* Wording
    const words = texts.people.dismissal

    const id = idIn(name)
    if (id === undefined) return notice(words.unknown(cut(name, 40)), texts)
    const isKnown =
      Option.isSome(yield* dismissals.find(id)) || (yield* directory.holdingsOf(id)).length > 0
    return isKnown ? yield* left.draw(id, 0) : notice(words.unknown(String(id)), texts)
  })

  const askByName = Effect.fn("people.askByName")(function* ({ chatId, argument }: Asked) {
    const texts = yield* Wording
    const words = texts.people.dismissal

    if (argument === "") return yield* replies.say(chatId, notice(words.usage, texts))
    const found = matching(yield* directory.all, argument)
    const [only, another] = found
    yield* replies.say(
      chatId,
      only === undefined
        ? yield* former(argument)
        : another === undefined
          ? yield* question(only)
          : whichPerson(cut(argument, 40), found, texts),
    )
  })

  const ask = Effect.fn("people.ask")(function* (
    press: Press,
    { person: id }: ActionOf<"AskDismiss">,
  ) {
    const person = yield* directory.find(id)
    const screen = person === undefined ? yield* former(String(id)) : yield* question(person)
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
  })

  const dismiss = Effect.fn("people.dismiss")(function* (
    press: Press,
    { person: id }: ActionOf<"Dismiss">,
  ) {
    const words = (yield* Wording).people.dismissal

    const dismissed = yield* dismissals.dismiss(id, press.userId)
    if (dismissed._tag === "IsAdmin") return yield* press.alert(words.isAdmin)
    if (dismissed._tag === "Unknown") return yield* press.alert(words.unknown(String(id)))
    yield* press.answer(words.closed)
    yield* windUp(press, id)
    yield* replies.turnTo(press.message, yield* left.draw(id, 0))
  })

  const readmit = Effect.fn("people.readmit")(function* (
    press: Press,
    { person: id }: ActionOf<"Readmit">,
  ) {
    const texts = yield* Wording
    const words = texts.people.dismissal

    const readmitted = yield* dismissals.readmit(id, press.userId)
    switch (readmitted._tag) {
      case "TooLate":
        return yield* press.alert(words.tooLate)
      case "AlreadyBack": {
        const { back } = readmitted
        if (back === null) return yield* press.alert(words.alreadyBack)
        const by = personName({ id: back.by, stage: yield* access.stageOf(back.by) })
        return yield* press.alert(words.backBy(by, formatMoment(back.at, zone)))
      }
      case "Readmitted": {
        const name = personName({ id, stage: readmitted.dismissal.entry.stage })
        yield* press.answer()
        yield* welcome(readmitted.dismissal, press.userId)
        return yield* replies.turnTo(
          press.message,
          notice(`${words.readmitted(name)} ${words.leftAsItIs}`, texts),
        )
      }
    }
  })

  const suspension = yield* Suspension.make(drawCard)

  const area: Area = {
    commands: { whitelist: open, whitelist_remove: askByName, ...suspension.commands },
    buttons: {
      People: turn,
      Person: card,
      AskDismiss: ask,
      Dismiss: (press, action) => plainly.alerted(press)(dismiss(press, action)),
      Readmit: (press, action) => plainly.alerted(press)(readmit(press, action)),
      ...left.buttons,
      ...suspension.buttons,
    },
  }
  return area
})

/*
 * What comes with the end of an access and with its return: the person and the other admins are
 * told, an application is closed or opened again, reservations of proxies are cancelled.
 *
 * Access itself is settled by then, so trouble here is a line in the log, not a refusal.
 */

export const makeDismissing = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const replies = yield* Replies
  const access = yield* Access
  const telegram = yield* Telegram
  const applications = yield* Applications
  const languages = yield* Languages
  const approvals = yield* Approvals
  const cancelReservations = yield* makePeopleProxies
  const decisions = yield* Decisions

  /** Of an applicant the cards say it. */
  const tellOfEnd = Effect.fnUntraced(function* (id: TelegramId) {
    const dismissal = Option.getOrUndefined(yield* dismissals.find(id))
    if (dismissal === undefined) return
    const name = personName({ id, stage: dismissal.entry.stage })
    yield* decisions.tellOthers(dismissal.by, (by, { people }) =>
      people.dismissal.endedBy(name, by),
    )
  })

  /** A repeat of the tap goes on with what failed. */
  const windUp = Effect.fnUntraced(
    function* (press: Press, id: TelegramId) {
      const texts = yield* languages.textsFor(id)
      const isToBeTold = yield* dismissals.claimTelling(id)
      const application = yield* applications.find(id)
      if (Option.exists(application, ({ decision }) => decision === null)) {
        yield* approvals.decide(press, id, "refuse")
      } else if (isToBeTold) {
        yield* replies.say(id, sentence(texts.people.dismissal.ended))
        yield* tellOfEnd(id)
      }
      if (isToBeTold) yield* hideCommands(telegram, id, texts)
      yield* cancelReservations(id)
    },
    Effect.catch(({ _tag }) =>
      Effect.logWarning("a removed person's affairs are not all settled").pipe(
        Effect.annotateLogs({ reason: _tag }),
      ),
    ),
  )

  /** An applicant's cards went with his application: the admins get new ones. */
  const welcome = Effect.fnUntraced(
    function* ({ id, entry }: Dismissal, admin: TelegramId) {
      const name = personName({ id, stage: entry.stage })
      yield* decisions.tellOthers(admin, (by, { people }) =>
        people.dismissal.readmittedBy(name, by),
      )
      if (yield* access.isAllowed(id)) {
        const texts = yield* languages.textsFor(id)
        yield* replies.say(id, sentence(texts.people.dismissal.begun))
        return yield* showCommands(telegram, id, texts)
      }
      // The list has him back, and a suspended access stays so.
      if ((yield* access.role(id)) === "blocked") return
      const begun = yield* applications.begin(id)
      if (begun._tag === "Open") yield* approvals.sendCards(begun.application)
    },
    Effect.catch(({ _tag }) =>
      Effect.logWarning("a person was not welcomed back").pipe(
        Effect.annotateLogs({ reason: _tag }),
      ),
    ),
  )

  return { windUp, welcome }
})

/* The card of one person as it stands now; of whoever is on no list any more, what he left. */

/** `headline`: what has just been done. */
export const makePeopleCard = Effect.fnUntraced(function* (left: Left) {
  const directory = yield* Directory
  const { timezone: zone } = yield* Settings

  const blockOf = yield* makeBlockViews

  return Effect.fnUntraced(function* (id: TelegramId, headline?: string) {
    const texts = yield* Wording

    const person = yield* directory.find(id)
    if (person === undefined) return yield* left.draw(id, 0)
    const holdings = yield* directory.holdingsOf(id)
    const blocked = person.role === "blocked" ? yield* blockOf(id) : undefined
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    return personCard({ person: { ...person, holdings }, blocked, headline }, scenery)
  })
})

/* The list of people, the card of one, and the question before access ends. */

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
      bold(words.ask(personName(person))),
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
      .map((person) => [tap(personName(person), { _tag: "AskDismiss", person: person.id })]),
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
