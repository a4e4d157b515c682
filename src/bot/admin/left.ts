/**
 * What somebody holds who was removed or whose access is suspended, settled by an admin:
 * confirmed, handed over or set aside.
 *
 * Every item by itself: what the disk or Telegram refuses stays where it is and is counted.
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
import type { Action, ActionOf } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import type { Scenery } from "../screens/lists.ts"
import { grid, lines, menuBelow, sentence, tap } from "../screens/parts.ts"
import { pageOf, pager } from "../screens/lists.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { Decisions } from "./Admins.ts"
import { blockLines, makeBlockViews } from "./blockScreens.ts"
import {
  type Holding,
  holdingText,
  type Person,
  personName,
  whatText,
  Directory,
} from "./Directory.ts"

export const makePeopleLeft = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const directory = yield* Directory
  const replies = yield* Replies
  const access = yield* Access
  const tellOthers = yield* makePeopleLeftDone
  const { timezone: zone } = yield* Settings

  const { confirm, setAside, give } = yield* makePeopleLeftWays
  const lossOf = yield* makePeopleLoss(dismissals)

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

  /** Whoever has access keeps what he holds. */
  const unlessAllowed = Effect.fnUntraced(function* <E, R>(
    press: Press,
    id: TelegramId,
    work: Effect.Effect<void, E, R>,
  ) {
    const words = (yield* Wording).people.left

    yield* (yield* access.isAllowed(id)) ? press.alert(words.hasAccess) : work
  })

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
    // Somebody was faster.
    const all = outcomes.length === 0 ? (["before"] as const) : outcomes
    yield* replies.turnTo(press.message, yield* draw(person, 0, doneText(all, to, texts)))
  })

  /** Shows what goes into quarantine; nothing where somebody was faster. */
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
        yield* press.answer()
        yield* replies.turnTo(press.message, screen)
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
        const words = (yield* Wording).people.left

        const { to } = action
        if (!(yield* access.isAllowed(to))) return yield* press.alert(words.colleagueGone)
        const name = personName({ id: to, stage: yield* access.stageOf(to) })
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
        const colleagues = (yield* directory.all).filter(
          ({ id, role }) => id !== person && (role === "admin" || role === "employee"),
        )
        yield* press.answer()
        const screen = colleaguesScreen({ person, which, holdings, colleagues, page }, texts)
        yield* replies.turnTo(press.message, screen)
      }),
    )

  const turn = (press: Press, { person, page }: ActionOf<"Left">) =>
    unlessAllowed(
      press,
      person,
      Effect.gen(function* () {
        const screen = yield* draw(person, page)
        yield* press.answer()
        yield* replies.turnTo(press.message, screen)
      }),
    )

  return {
    draw,
    buttons: {
      AsideAsk: askAside,
      Left: turn,
      LeftSettle: settle,
      LeftTo: chooseColleague,
      LeftGive: handOver,
    },
  }
})

export type Left = Effect.Success<ReturnType<typeof makePeopleLeft>>

const chosen = (holdings: ReadonlyArray<Holding>, which: Which) =>
  which === "all" ? holdings : holdings.filter(({ issuance }) => issuance.id === which)

/* What an admin did with what somebody left: in words for himself, and for the other admins. */

/** Gives a function that tells the other admins of what was decided just now. */
export const makePeopleLeftDone = Effect.gen(function* () {
  const decisions = yield* Decisions

  /** `to`: who got what was handed over. */
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

export const doneText = (
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

/* What somebody without access holds: the items with the ways to settle them, and the choice of a colleague. */

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
          tap(personName(colleague), { _tag: "LeftGive", person, which, to: colleague.id }),
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

/* The three ways to settle an item that a removed person left. None of them fails: it tells how it went. */

/** What became of one item. */
export type Outcome = "confirmed" | "given" | "aside" | "before" | "notTold" | "notWritten"

export const makePeopleLeftWays = Effect.gen(function* () {
  const pools = yield* Pools
  const access = yield* Access
  const telegram = yield* Telegram
  const deliveries = yield* Deliveries
  const languages = yield* Languages

  const confirm = ({ issuance, resource }: Holding, by: TelegramId) => {
    const { id } = issuance
    return resource.autoStatus === null
      ? Effect.succeed<Outcome>("before")
      : pools
          .ask(resource.id, { _tag: "Confirm", id, status: resource.autoStatus, by, admin: true })
          .pipe(Effect.as<Outcome>("confirmed"), Effect.catch(outcomeOf))
  }

  const setAside = ({ issuance, resource }: Holding, admin: TelegramId) =>
    pools
      .manage(resource.id, { _tag: "SetAside", id: issuance.id, admin })
      .pipe(Effect.as<Outcome>("aside"), Effect.catch(outcomeOf))

  /** The message first: the item is on it from the moment that it is the colleague's. */
  const give = Effect.fnUntraced(function* (holding: Holding, to: TelegramId, admin: TelegramId) {
    const { issuance, resource } = holding
    const texts = yield* languages.textsFor(to)
    const words = texts.people.left
    const message = yield* Effect.option(
      telegram.send(to, sentence(words.handedOver(whatText(holding, texts)))),
    )
    if (Option.isNone(message)) return "notTold"
    const stage = yield* access.stageOf(to)
    return yield* pools
      .manage(resource.id, {
        _tag: "Transfer",
        id: issuance.id,
        message: message.value,
        to,
        stage,
        admin,
      })
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

/** Anything but the disk means that somebody, or the timer, has settled it. */
const outcomeOf = ({ _tag }: { readonly _tag: string }) =>
  Effect.succeed<Outcome>(_tag === "StorageUnavailable" ? "notWritten" : "before")

/* How somebody lost the access, as it stands above what he left: removed, suspended, or long ago. */

type Loss = Pick<LeftView, "heading" | "about" | "back">

export const makePeopleLoss = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const access = yield* Access
  const { timezone: zone } = yield* Settings

  const blockOf = yield* makeBlockViews

  const dismissed = Effect.fnUntraced(function* (id: TelegramId) {
    const texts = yield* Wording

    const dismissal = Option.getOrUndefined(yield* dismissals.find(id))
    if (dismissal === undefined) return undefined
    const { entry, by, at } = dismissal
    const { done, by: endedBy, until, readmit } = texts.people.dismissal
    const name = personName({ id: by, stage: yield* access.stageOf(by) })
    const last = formatMoment(at + Duration.toMillis(removalKept), zone)
    return {
      heading: done(personName({ id, stage: entry.stage })),
      about: [html`${endedBy(name, formatMoment(at, zone))}`, html`${until(last)}`],
      back: tap(readmit, { _tag: "Readmit", person: id }, "primary"),
    }
  })

  const suspended = Effect.fnUntraced(function* (id: TelegramId) {
    const texts = yield* Wording

    const view = yield* blockOf(id)
    if (view === undefined) return undefined
    const now = yield* Clock.currentTimeMillis
    return {
      heading: texts.blocks.state.heading(personName(view.person)),
      about: blockLines(view, { now, zone, texts }),
      back: tap(texts.blocks.giveBack, { _tag: "Unblock", person: id, on: "card" }, "primary"),
    }
  })

  /** On no list, and the day in which the access could be given back is over. */
  const forgotten = (id: TelegramId, [first]: ReadonlyArray<Holding>, texts: Texts): Loss => ({
    heading: texts.people.dismissal.done(
      personName({ id, stage: first?.issuance.stage ?? String(id) }),
    ),
    about: [],
    back: undefined,
  })

  return Effect.fnUntraced(function* (id: TelegramId, holdings: ReadonlyArray<Holding>) {
    return (
      (yield* dismissed(id)) ?? (yield* suspended(id)) ?? forgotten(id, holdings, yield* Wording)
    )
  })
})
