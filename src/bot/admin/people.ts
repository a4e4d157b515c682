/**
 * /whitelist and /whitelist_remove: who has access, what they hold, and the end of an access.
 *
 * The access ends first, on disk; everything that comes with its end follows, see accessChanges.ts.
 * A suspended access is the subject of suspension.ts, what somebody without access holds that of left.ts.
 */
import { Clock, Effect, Option, Redacted } from "effect"
import { Applications } from "../../access/Applications.ts"
import { type Dismissals, makeDismissals } from "../../access/Dismissals.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { Profile, TelegramId } from "../../domain/Employee.ts"
import { logNameOf } from "../../observe/Logging.ts"
import { Journal } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import { profileLine } from "../screens/applicationCard.ts"
import { type Scenery, pageOf, pager } from "../screens/lists.ts"
import { grid, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type AccessChanges, makeAccessChanges } from "./accessChanges.ts"
import type { Area, Asked } from "./Admins.ts"
import {
  blockLines,
  type BlockView,
  type DrawCard,
  makeBlocks,
  makeBlockViews,
} from "./suspension.ts"
import {
  Directory,
  echo,
  type Holding,
  holdingText,
  holdsText,
  idIn,
  matching,
  type Person,
  personName,
  stageText,
} from "./Directory.ts"
import { type Left, makeLeft } from "./left.ts"

/** Somebody with what they hold, the oldest first. */
interface Listed extends Person {
  readonly holdings: ReadonlyArray<Holding>
}

/** The list and the cards, with everything that their buttons lead to. */
export const makePeople = Effect.gen(function* () {
  const replies = yield* Replies
  const directory = yield* Directory

  const dismissals = yield* makeDismissals(yield* Journal)
  const changes = yield* makeAccessChanges(dismissals)
  const left = yield* makeLeft(dismissals)
  const drawCard = yield* makeCard(left)
  const dismissal = yield* makeDismissal({ dismissals, changes, left })
  const blocks = yield* makeBlocks({ changes, drawCard })

  const drawList = Effect.fnUntraced(function* (asked: number) {
    const texts = yield* Wording
    const people = yield* directory.all
    const { shown, ...place } = pageOf(people, asked, peopleOnPage)
    const waiting = people.filter(({ role }) => role === "applicant").length
    const now = yield* Clock.currentTimeMillis
    const pageShown = yield* Effect.forEach(shown, (person) => withHoldings(directory, person))
    return peopleList({ ...place, shown: pageShown, total: people.length, waiting, now }, texts)
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* drawList(0))
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"People">) {
    yield* replies.turn(press, yield* drawList(page))
  })

  const card = Effect.fnUntraced(function* (press: Press, { person }: ActionOf<"Person">) {
    yield* replies.turn(press, yield* drawCard(person))
  })

  const area: Area = {
    commands: { whitelist: open, ...dismissal.commands, ...blocks.commands },
    buttons: {
      People: turn,
      Person: card,
      ...dismissal.buttons,
      ...left.buttons,
      ...blocks.buttons,
    },
  }
  return area
})

/** Gives a function that draws the card of a person; for somebody on no list, what they left. */
const makeCard = Effect.fnUntraced(function* (left: Left) {
  const directory = yield* Directory
  const { timezone: zone, botToken } = yield* Settings
  const blocks = yield* makeBlockViews
  const applications = yield* Applications

  const draw: DrawCard = Effect.fnUntraced(function* (id: TelegramId, headline?: string) {
    const texts = yield* Wording
    const person = yield* directory.find(id)
    if (person === undefined) return yield* left.draw(id, 0)
    const listed = yield* withHoldings(directory, person)
    const blocked = person.role === "blocked" ? yield* blocks.find(id) : undefined
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    const profile = Option.getOrUndefined(yield* applications.find(id))?.profile
    const logName = logNameOf(Redacted.value(botToken), id)
    return personCard({ person: listed, blocked, profile, headline, logName }, scenery)
  })
  return draw
})

interface Around {
  readonly dismissals: Dismissals
  readonly changes: AccessChanges
  readonly left: Left
}

/** /whitelist_remove and its buttons: the question, the end of an access, and its way back. */
const makeDismissal = Effect.fnUntraced(function* ({ dismissals, changes, left }: Around) {
  const replies = yield* Replies
  const directory = yield* Directory
  const { timezone: zone } = yield* Settings

  const question = Effect.fnUntraced(function* (person: Person) {
    const texts = yield* Wording
    if (person.role === "admin") return notice(texts.people.dismissal.isAdmin, texts)
    const listed = yield* withHoldings(directory, person)
    return dismissalQuestion(listed, yield* Clock.currentTimeMillis, texts)
  })

  /** Answers about somebody on no list: what they left, if they were ever known. */
  const former = Effect.fnUntraced(function* (name: string) {
    const texts = yield* Wording
    const words = texts.people.dismissal
    const id = idIn(name)
    if (id === undefined) return notice(words.unknown(echo(name)), texts)
    const isKnown =
      Option.isSome(yield* dismissals.find(id)) || (yield* directory.holdingsOf(id)).length > 0
    return isKnown ? yield* left.draw(id, 0) : notice(words.unknown(String(id)), texts)
  })

  const askByName = Effect.fnUntraced(function* ({ chatId, argument }: Asked) {
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
          : whichPerson(echo(argument), found, texts),
    )
  })

  const ask = Effect.fnUntraced(function* (press: Press, { person: id }: ActionOf<"AskDismiss">) {
    const person = yield* directory.find(id)
    const screen = person === undefined ? yield* former(String(id)) : yield* question(person)
    yield* replies.turn(press, screen)
  })

  const dismiss = Effect.fnUntraced(function* (press: Press, { person: id }: ActionOf<"Dismiss">) {
    const words = (yield* Wording).people.dismissal
    const dismissed = yield* dismissals.dismiss(id, press.userId)
    if (dismissed._tag === "IsAdmin") return yield* press.alert(words.isAdmin)
    if (dismissed._tag === "Unknown") return yield* press.alert(words.unknown(String(id)))
    yield* press.answer(words.closed)
    yield* changes.removed(press, id)
    yield* replies.turnTo(press.message, yield* left.draw(id, 0))
  })

  const readmit = Effect.fnUntraced(function* (press: Press, { person: id }: ActionOf<"Readmit">) {
    const texts = yield* Wording
    const words = texts.people.dismissal
    const readmitted = yield* dismissals.readmit(id, press.userId)
    switch (readmitted._tag) {
      case "TooLate":
        return yield* press.alert(words.tooLate)
      case "AlreadyBack": {
        const { back } = readmitted
        if (back === null) return yield* press.alert(words.alreadyBack)
        const by = yield* directory.nameOf(back.by)
        return yield* press.alert(words.backBy(by, formatMoment(back.at, zone)))
      }
      case "Readmitted": {
        const name = personName({ id, stage: readmitted.dismissal.entry.stage })
        yield* press.answer()
        yield* changes.readmitted(readmitted.dismissal, press.userId)
        return yield* replies.turnTo(
          press.message,
          notice(`${words.readmitted(name)} ${words.leftAsItIs}`, texts),
        )
      }
    }
  })

  const area: Area = {
    commands: { whitelist_remove: askByName },
    buttons: { AskDismiss: ask, Dismiss: dismiss, Readmit: readmit },
  }
  return area
})

const withHoldings = (directory: Directory["Service"], person: Person) =>
  Effect.map(directory.holdingsOf(person.id), (holdings): Listed => ({ ...person, holdings }))

const peopleOnPage = 25

/** Items that a screen names; the others are counted. */
const holdingsMax = 20

/** A page of the list of people. */
interface ListView {
  readonly shown: ReadonlyArray<Listed>
  readonly page: number
  readonly pages: number
  /** How many people there are on all pages, and how many of them wait for a decision. */
  readonly total: number
  readonly waiting: number
  readonly now: number
}

const peopleList = (
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

interface CardView {
  readonly person: Listed
  /** `undefined` unless the access is suspended. */
  readonly blocked: BlockView | undefined
  /** The names in Telegram, where the application has them. */
  readonly profile: Profile | undefined
  /** A sentence about what has just been done. */
  readonly headline: string | undefined
  /** How the log of the program calls the person. */
  readonly logName: string
}

const personCard = (
  { person, blocked, profile, headline, logName }: CardView,
  scenery: Scenery,
): Screen => {
  const { texts, now } = scenery
  const words = texts.people.card
  const { id, stage, role, holdings } = person
  return {
    html: lines(
      ...(headline === undefined ? [] : [bold(headline), html``]),
      html`${words.stage}: ${code(stageText(stage))}`,
      ...(profile === undefined ? [] : [profileLine(id, profile, texts)]),
      html`${words.id}: ${code(id)}`,
      html`${words.role}: ${texts.people.list.roles[role]}`,
      html`${words.logName}: ${code(logName)}`,
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

/** Buttons that end somebody's access, suspend it, or give it back. */
const accessButtons = ({ id, role, holdings }: Listed, texts: Texts): Keyboard => {
  if (role === "admin") return []
  const words = texts.blocks
  const dismiss = tap(texts.people.card.dismiss, { _tag: "AskDismiss", person: id }, "danger")
  const suspend = tap(words.suspend, { _tag: "AskBlock", person: id })
  const left = tap(words.holds(holdings.length), { _tag: "Left", person: id, page: 0 })
  const rename = tap(texts.people.card.rename, { _tag: "AskNickname", person: id })
  return role === "blocked"
    ? [
        [tap(words.giveBack, { _tag: "Unblock", person: id, on: "card" }, "primary")],
        ...(holdings.length > 0 ? [[left]] : []),
        [rename],
        [dismiss],
        [tap(words.list.back, { _tag: "Blocks", page: 0 })],
      ]
    : [...(role === "employee" ? [[suspend]] : []), [rename], [dismiss]]
}

/** The question before an access ends, with what the person holds. */
const dismissalQuestion = (person: Listed, now: number, texts: Texts): Screen => {
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

/** The question whom of several people with one nickname an admin means. */
const whichPerson = (name: string, people: ReadonlyArray<Person>, texts: Texts): Screen => ({
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
