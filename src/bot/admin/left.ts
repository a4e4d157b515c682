/**
 * What somebody without access still holds, whether removed or suspended: an admin confirms it,
 * hands it over or sets it aside.
 *
 * Every item is settled by itself: what the disk or Telegram refuses stays where it is and is
 * counted.
 */
import { Clock, Duration, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import type { Dismissals } from "../../access/Dismissals.ts"
import { removalKept } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { requestKeyOf } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import type { StorageUnavailable, Write } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import { type Scenery, pageOf, pager } from "../screens/lists.ts"
import { lines, menuBelow, sentence, tap } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, Decisions } from "./Admins.ts"
import { blockLines, makeBlockViews } from "./suspension.ts"
import {
  colleaguesScreen,
  Directory,
  type Holding,
  holdingText,
  type Person,
  personName,
  whatText,
} from "./Directory.ts"

/** One item, or all that the person holds. */
type Which = ActionOf<"LeftTo">["which"]

/** How the settling of one item ended. */
export type Outcome =
  | "confirmed"
  | "given"
  | "aside"
  /** Somebody else, or the timer, has settled it before. */
  | "before"
  /** The colleague cannot be written to. */
  | "notTold"
  /** The disk refused. */
  | "notWritten"

/** The screen of what a person left, for others to show, and the buttons that come of it. */
export interface Left extends Area {
  draw(
    id: TelegramId,
    page: number,
    done?: ReadonlyArray<string>,
  ): Effect.Effect<Screen, StorageUnavailable, Wording>
}

export const makeLeft = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const directory = yield* Directory
  const replies = yield* Replies
  const access = yield* Access
  const { timezone: zone } = yield* Settings

  const { confirm, setAside, give } = yield* makeWays
  const lossOf = yield* makeLoss(dismissals)
  const tellOthers = yield* makeNotes

  const draw = Effect.fnUntraced(function* (
    id: TelegramId,
    page: number,
    done: ReadonlyArray<string> = [],
  ) {
    const texts = yield* Wording
    const holdings = yield* directory.holdingsOf(id)
    const now = yield* Clock.currentTimeMillis
    const loss = yield* lossOf(id, holdings)
    return leftScreen({ person: id, ...loss, holdings, page, now, done }, texts)
  })

  /** Nothing is done where the person has access again: their items are their own affair. */
  const unlessAllowed = Effect.fnUntraced(function* <E, R>(
    press: Press,
    id: TelegramId,
    work: Effect.Effect<void, E, R>,
  ) {
    const { hasAccess } = (yield* Wording).people.left
    yield* (yield* access.isAllowed(id)) ? press.alert(hasAccess) : work
  })

  /** Settles the items one by one and shows how that went. `to` is the name of the colleague. */
  const carryOut = Effect.fnUntraced(function* (
    press: Press,
    { person, which }: Pick<ActionOf<"LeftTo">, "person" | "which">,
    each: (holding: Holding) => Effect.Effect<Outcome>,
    to = "",
  ) {
    const texts = yield* Wording
    const holdings = chosen(yield* directory.holdingsOf(person), which)
    yield* press.answer()
    const outcomes = yield* Effect.forEach(holdings, each)
    yield* Effect.logInfo("items of a person without access settled").pipe(
      Effect.annotateLogs({ person, admin: press.userId, outcomes: outcomes.join(" ") }),
    )
    yield* tellOthers(press.userId, holdings, outcomes, to)
    // Where nothing was left to settle, somebody was faster.
    const told = outcomes.length === 0 ? (["before"] as const) : outcomes
    yield* replies.turnTo(press.message, yield* draw(person, 0, doneText(told, to, texts)))
  })

  /** Shows what would go into quarantine, or that somebody was faster. */
  const askAside = (press: Press, { person, which }: ActionOf<"AsideAsk">) =>
    unlessAllowed(
      press,
      person,
      Effect.gen(function* () {
        const texts = yield* Wording
        const holdings = chosen(yield* directory.holdingsOf(person), which)
        const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
        const screen =
          holdings.length === 0
            ? yield* draw(person, 0, doneText(["before"], "", texts))
            : asideQuestion({ person, which, holdings }, scenery)
        yield* replies.turn(press, screen)
      }),
    )

  const settle = (press: Press, action: ActionOf<"LeftSettle">) =>
    unlessAllowed(
      press,
      action.person,
      carryOut(press, action, (holding) =>
        action.how === "confirm" ? confirm(holding, press.userId) : setAside(holding, press.userId),
      ),
    )

  const handOver = (press: Press, action: ActionOf<"LeftGive">) =>
    unlessAllowed(
      press,
      action.person,
      Effect.gen(function* () {
        const { to } = action
        if (!(yield* access.isAllowed(to))) {
          return yield* press.alert((yield* Wording).people.left.colleagueGone)
        }
        const name = yield* directory.nameOf(to)
        yield* carryOut(press, action, (holding) => give(holding, to, press.userId), name)
      }),
    )

  const chooseColleague = (press: Press, { person, which, page }: ActionOf<"LeftTo">) =>
    unlessAllowed(
      press,
      person,
      Effect.gen(function* () {
        const texts = yield* Wording
        const holdings = chosen(yield* directory.holdingsOf(person), which)
        const colleagues = yield* directory.colleaguesOf(person)
        yield* replies.turn(
          press,
          choiceScreen({ person, which, holdings, colleagues, page }, texts),
        )
      }),
    )

  const turn = (press: Press, { person, page }: ActionOf<"Left">) =>
    unlessAllowed(
      press,
      person,
      Effect.flatMap(draw(person, page), (screen) => replies.turn(press, screen)),
    )

  const left: Left = {
    draw,
    commands: {},
    buttons: {
      Left: turn,
      LeftSettle: settle,
      AsideAsk: askAside,
      LeftTo: chooseColleague,
      LeftGive: handOver,
    },
  }
  return left
})

const chosen = (holdings: ReadonlyArray<Holding>, which: Which) =>
  which === "all" ? holdings : holdings.filter(({ issuance }) => issuance.id === which)

/** The words that go with settling an item, where its holder is told. */
export interface Saying {
  /** Why. */
  readonly comment: string
  /** The notes, to be written together with the decision. */
  readonly also: ReadonlyArray<Write>
}

/** The ways to settle an item. None of them fails: each returns how it ended. */
export const makeWays = Effect.gen(function* () {
  const pools = yield* Pools
  const access = yield* Access
  const telegram = yield* Telegram
  const deliveries = yield* Deliveries
  const languages = yield* Languages

  /** Marks an item as the timer would. An item that no timer ever confirms stays as it is. */
  const confirm = ({ issuance, resource }: Holding, by: TelegramId) => {
    const { id } = issuance
    return resource.autoStatus === null
      ? Effect.succeed<Outcome>("before")
      : pools
          .ask(resource.id, { _tag: "Confirm", id, status: resource.autoStatus, by, admin: true })
          .pipe(Effect.as<Outcome>("confirmed"), Effect.catch(outcomeOf))
  }

  const setAside = ({ issuance, resource }: Holding, admin: TelegramId, saying?: Saying) =>
    pools
      .manage(
        resource.id,
        {
          _tag: "SetAside",
          id: issuance.id,
          from: issuance.holder,
          ...whyOf(saying),
          admin,
        },
        saying?.also,
      )
      .pipe(Effect.as<Outcome>("aside"), Effect.catch(outcomeOf))

  /**
   * Hands an item over on a message to the colleague. The message is sent first, because the pool
   * must know on which message the item is shown from the moment that it is the colleague's.
   */
  const give = Effect.fnUntraced(function* (
    holding: Holding,
    to: TelegramId,
    admin: TelegramId,
    saying?: Saying,
  ) {
    const { issuance, resource } = holding
    const texts = yield* languages.textsFor(to)
    const words = texts.people.left
    const message = yield* Effect.option(
      telegram.send(to, sentence(words.handedOver(whatText(holding, texts)))),
    )
    if (Option.isNone(message)) return "notTold"
    const stage = yield* access.stageOf(to)
    return yield* pools
      .manage(
        resource.id,
        {
          _tag: "Transfer",
          id: issuance.id,
          message: message.value,
          to,
          stage,
          from: issuance.holder,
          ...whyOf(saying),
          admin,
        },
        saying?.also,
      )
      .pipe(
        Effect.tapError(() =>
          Effect.ignore(telegram.edit(message.value, sentence(words.handOverFailed))),
        ),
        Effect.andThen(deliveries.show(resource.id, requestKeyOf(message.value))),
        Effect.as<Outcome>("given"),
        Effect.catch(outcomeOf),
      )
  })

  return { confirm, setAside, give }
})

const whyOf = (saying: Saying | undefined) =>
  saying === undefined ? {} : { comment: saying.comment }

/** Every refusal but the one of the disk means that the item was settled before. */
const outcomeOf = ({ _tag }: { readonly _tag: string }) =>
  Effect.succeed<Outcome>(_tag === "StorageUnavailable" ? "notWritten" : "before")

/** How somebody lost the access, as it stands above what is left. */
type Loss = Pick<LeftView, "heading" | "about" | "back">

/** Gives a function that looks up how somebody lost the access: removed, suspended, or long ago. */
const makeLoss = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const directory = yield* Directory
  const { timezone: zone } = yield* Settings
  const blocks = yield* makeBlockViews

  const dismissed = Effect.fnUntraced(function* (id: TelegramId) {
    const texts = yield* Wording
    const dismissal = Option.getOrUndefined(yield* dismissals.find(id))
    if (dismissal === undefined) return undefined
    const { entry, by, at } = dismissal
    const { done, by: endedBy, until, readmit } = texts.people.dismissal
    const name = yield* directory.nameOf(by)
    const last = formatMoment(at + Duration.toMillis(removalKept), zone)
    return {
      heading: done(personName({ id, stage: entry.stage })),
      about: [html`${endedBy(name, formatMoment(at, zone))}`, html`${until(last)}`],
      back: tap(readmit, { _tag: "Readmit", person: id }, "primary"),
    }
  })

  const suspended = Effect.fnUntraced(function* (id: TelegramId) {
    const texts = yield* Wording
    const view = yield* blocks.find(id)
    if (view === undefined) return undefined
    const now = yield* Clock.currentTimeMillis
    return {
      heading: texts.blocks.state.heading(personName(view.person)),
      about: blockLines(view, { now, zone, texts }),
      back: tap(texts.blocks.giveBack, { _tag: "Unblock", person: id, on: "card" }, "primary"),
    }
  })

  return Effect.fnUntraced(function* (id: TelegramId, holdings: ReadonlyArray<Holding>) {
    return (
      (yield* dismissed(id)) ?? (yield* suspended(id)) ?? forgotten(id, holdings, yield* Wording)
    )
  })
})

/** Of somebody who is on no list, and whose removal can no longer be taken back. */
const forgotten = (id: TelegramId, [first]: ReadonlyArray<Holding>, texts: Texts): Loss => ({
  heading: texts.people.dismissal.done(
    personName({ id, stage: first?.issuance.stage ?? String(id) }),
  ),
  about: [],
  back: undefined,
})

/** Gives a function that tells the other admins what has just been decided. */
const makeNotes = Effect.gen(function* () {
  const decisions = yield* Decisions

  return Effect.fnUntraced(function* (
    admin: TelegramId,
    [first]: ReadonlyArray<Holding>,
    outcomes: ReadonlyArray<Outcome>,
    to: string,
  ) {
    const decided = outcomes.filter(isDecision)
    if (first === undefined || decided.length === 0) return
    const { holder: id, stage } = first.issuance
    const name = personName({ id, stage })
    yield* decisions.tellOthers(admin, (by, others) => {
      const { settled, wayBack } = others.asides.notes
      const note = settled(name, doneText(decided, to, others).join(" "), by)
      return decided.includes("aside") ? `${note} ${wayBack}` : note
    })
  })
})

const isDecision = (outcome: Outcome) =>
  outcome === "confirmed" || outcome === "given" || outcome === "aside"

/** One sentence for each kind of outcome, with the number of items. `to` names the colleague. */
const doneText = (
  outcomes: ReadonlyArray<Outcome>,
  to: string,
  { people: { left: words } }: Texts,
): ReadonlyArray<string> => {
  const sayings: Readonly<Record<Outcome, (count: number) => string>> = {
    confirmed: words.confirmed,
    given: (count) => words.given(count, to),
    aside: words.setAside,
    before: words.settledBefore,
    notTold: words.notTold,
    notWritten: words.notWritten,
  }
  return Object.entries(sayings).flatMap(([outcome, say]) => {
    const count = outcomes.filter((each) => each === outcome).length
    return count > 0 ? [say(count)] : []
  })
}

const itemsOnPage = 10

interface LeftView {
  readonly person: TelegramId
  readonly heading: string
  /** Lines on who ended the access, when and until when; empty where that is no longer known. */
  readonly about: ReadonlyArray<Html>
  /** The button that gives the access back, while that is possible. */
  readonly back: Button | undefined
  /** The oldest first. */
  readonly holdings: ReadonlyArray<Holding>
  readonly page: number
  readonly now: number
  /** Sentences about what has just been done. */
  readonly done: ReadonlyArray<string>
}

/** The items with the ways to settle each of them, and all at once. */
const leftScreen = (
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

/** A resource that the timer never confirms has no «good» that an admin could choose. */
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

interface ChoiceView {
  readonly person: TelegramId
  readonly which: Which
  readonly holdings: ReadonlyArray<Holding>
  readonly colleagues: ReadonlyArray<Person>
  readonly page: number
}

/** The choice of the colleague who gets the items. */
const choiceScreen = (
  { person, which, holdings, colleagues, page }: ChoiceView,
  texts: Texts,
): Screen => {
  const words = texts.people.left
  const [only] = holdings
  const what =
    which === "all" || only === undefined ? words.all(holdings.length) : whatText(only, texts)
  return colleaguesScreen(
    {
      question: words.chooseColleague(what),
      colleagues,
      page,
      nameOf: personName,
      choose: (to) => ({ _tag: "LeftGive", person, which, to }),
      turnTo: (to) => ({ _tag: "LeftTo", person, which, page: to }),
      back: [tap(texts.wizard.back, { _tag: "Left", person, page: 0 })],
    },
    texts,
  )
}

/** Items that the question names; the others are counted. */
const linesOfQuestion = 20

interface AsideQuestion {
  readonly person: TelegramId
  readonly which: Which
  /** At least one, all of one person. */
  readonly holdings: ReadonlyArray<Holding>
}

/** The question before items go into quarantine. */
const asideQuestion = (
  { person, which, holdings }: AsideQuestion,
  { now, texts }: Scenery,
): Screen => {
  const words = texts.asides.ask
  const hidden = holdings.length - linesOfQuestion
  const stage = holdings[0]?.issuance.stage ?? String(person)
  return {
    html: lines(
      bold(words.heading(holdings.length, personName({ id: person, stage }))),
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
