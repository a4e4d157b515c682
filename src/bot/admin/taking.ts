/**
 * «Забрать»: an admin ends another's hold of an item, for a reason that the holder is told. The
 * item goes to a colleague, into quarantine, or gets a status.
 *
 * The reason comes last, as a message, and only then anything is done. Whoever was faster by then,
 * the holder, the timer or another admin, has decided.
 */
import { Effect, Option, Result } from "effect"
import { Access } from "../../access/Access.ts"
import { takingWithin } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { findStatus } from "../../domain/Catalogue.ts"
import { commentOf } from "../../domain/comment.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { IssuanceId } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { type ActionOf, isIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Note, Notes } from "../Notes.ts"
import { type Question, Questions } from "../Questions.ts"
import { Redraws } from "../Redraws.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, html, type Screen } from "../Screen.ts"
import { statusText } from "../screens/batchRules.ts"
import { type Scenery, sceneryNow } from "../screens/lists.ts"
import { grid, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, Decisions } from "./Admins.ts"
import {
  colleaguesScreen,
  Directory,
  heldText,
  type Holding,
  holdingText,
  personName,
} from "./Directory.ts"
import { makeWays, type Outcome, type Saying } from "./left.ts"

/** What is to become of the item. */
type Way =
  | { readonly _tag: "Aside" }
  | { readonly _tag: "Mark"; readonly status: string }
  | { readonly _tag: "Give"; readonly to: TelegramId }

/** The item as the buttons name it, with whoever held it when they were drawn. */
interface Place {
  readonly resource: string
  readonly issuance: IssuanceId
  readonly holder: TelegramId
}

/** A taking for which the bot waits for the reason. */
interface Awaited extends Place {
  readonly way: Way
}

export const makeTaking = Effect.gen(function* () {
  const replies = yield* Replies
  const access = yield* Access
  const directory = yield* Directory
  const find = yield* makeFind
  const takeFor = yield* makeTakeFor
  const { timezone: zone } = yield* Settings
  const questions = yield* Questions

  const gone = Effect.fnUntraced(function* (press: Press) {
    const texts = yield* Wording
    yield* press.alert(texts.taking.before)
    yield* replies.turnTo(press.message, notice(texts.taking.before, texts, [backRow(texts)]))
  })

  /** Draws a step about the item, or says that somebody was faster. */
  const step = (
    press: Press,
    place: Place,
    draw: (holding: Holding, texts: Texts) => Effect.Effect<Screen, never, Wording>,
  ) =>
    Effect.gen(function* () {
      const holding = yield* find(place)
      if (holding === undefined) return yield* gone(press)
      return yield* replies.turn(press, yield* draw(holding, yield* Wording))
    })

  const open = (press: Press, action: ActionOf<"Take">) =>
    step(press, action, (holding) =>
      Effect.map(sceneryNow(zone), (scenery) => itemScreen(holding, scenery)),
    )

  const colleagues = (press: Press, action: ActionOf<"TakeTo">) =>
    step(press, action, (holding, texts) =>
      Effect.map(directory.colleaguesOf(action.holder), (all) => {
        const place = placeOf(holding)
        return colleaguesScreen(
          {
            question: texts.people.left.chooseColleague(heldText(holding, texts)),
            colleagues: all,
            page: action.page,
            nameOf: personName,
            choose: (to) => ({ _tag: "TakeGive", ...place, to }),
            turnTo: (page) => ({ _tag: "TakeTo", ...place, page }),
            back: [tap(texts.wizard.back, { _tag: "Take", ...place })],
          },
          texts,
        )
      }),
    )

  /** The next text of the admin is the reason for which the item is taken. */
  const reasonFor = (wish: Awaited): Question => ({
    subject: "taking",
    within: takingWithin,
    outlives: isIn("admin"),
    answer: Effect.fnUntraced(function* ({ userId, chatId, text }) {
      const texts = yield* Wording
      const reason = commentOf(text)
      if (Result.isFailure(reason)) {
        yield* replies.say(chatId, {
          html: html`${texts.batch.why.faults[reason.failure]}`,
          keyboard: cancelling(wish, texts),
        })
        return false
      }
      const told = yield* takeFor(userId, wish, reason.success)
      yield* replies.say(chatId, notice(told, texts, [backRow(texts)]))
      return true
    }),
  })

  const ask = (press: Press, { resource, issuance, holder }: Place, way: Way) =>
    step(
      press,
      { resource, issuance, holder },
      Effect.fnUntraced(function* (holding, texts) {
        yield* questions.ask(press.userId, reasonFor({ resource, issuance, holder, way }))
        const to = way._tag === "Give" ? yield* directory.nameOf(way.to) : ""
        return reasonScreen(holding, wayText(holding, way, to, texts), texts)
      }),
    )

  const give = Effect.fnUntraced(function* (press: Press, action: ActionOf<"TakeGive">) {
    if (!(yield* access.isAllowed(action.to))) {
      return yield* press.alert((yield* Wording).people.left.colleagueGone)
    }
    return yield* ask(press, action, { _tag: "Give", to: action.to })
  })

  const mark = Effect.fnUntraced(function* (press: Press, action: ActionOf<"TakeMark">) {
    return yield* ask(press, action, { _tag: "Mark", status: action.status })
  })

  const stop = Effect.fnUntraced(function* (press: Press, action: ActionOf<"TakeOff">) {
    yield* questions.forget(press.userId, "taking")
    return yield* open(press, { ...action, _tag: "Take" })
  })

  return {
    commands: {},
    buttons: {
      Take: open,
      TakeTo: colleagues,
      TakeGive: give,
      TakeAside: (press, action) => ask(press, action, { _tag: "Aside" }),
      TakeMark: mark,
      TakeOff: stop,
    },
  } satisfies Area
})

/** Gives a function that finds an item that its holder still holds without a mark. */
const makeFind = Effect.gen(function* () {
  const pools = yield* Pools

  return Effect.fnUntraced(function* ({ resource: id, issuance, holder }: Place) {
    const resource = pools.resources.find((each) => each.id === id)
    const found = Option.getOrUndefined(yield* pools.find(id, issuance))
    return resource === undefined || found?.holder !== holder || found.mark !== null
      ? undefined
      : ({ resource, issuance: found } satisfies Holding)
  })
})

/** Gives a function that takes the item, tells whom it concerns, and returns what was done. */
const makeTakeFor = Effect.gen(function* () {
  const notes = yield* Notes
  const pools = yield* Pools
  const redraws = yield* Redraws
  const decisions = yield* Decisions
  const directory = yield* Directory
  const find = yield* makeFind
  const ways = yield* makeWays

  /** An admin's mark beside which the holder's, or the timer's, came too late. */
  const mark = (holding: Holding, status: string, admin: TelegramId, saying: Saying) => {
    const { issuance, resource } = holding
    const { id, holder: from } = issuance
    const { comment, also } = saying
    const by = { from, by: admin, admin: true }
    return pools.ask(resource.id, { _tag: "Confirm", id, status, comment, ...by }, also).pipe(
      Effect.map(({ issuances }): Outcome => {
        const stands = issuances.find((each) => each.id === id)?.mark
        return stands?.by === admin && stands.comment === comment ? "confirmed" : "before"
      }),
      Effect.catch(({ _tag }) =>
        Effect.succeed<Outcome>(_tag === "StorageUnavailable" ? "notWritten" : "before"),
      ),
    )
  }

  const carryOut = (holding: Holding, way: Way, admin: TelegramId, saying: Saying) => {
    switch (way._tag) {
      case "Aside":
        return ways.setAside(holding, admin, saying)
      case "Give":
        return ways.give(holding, way.to, admin, saying)
      case "Mark":
        return mark(holding, way.status, admin, saying)
    }
  }

  /** What the holder and the other admins are told. */
  const notesAbout = Effect.fnUntraced(function* (
    holding: Holding,
    way: Way,
    { admin, to, comment }: { admin: TelegramId; to: string; comment: string },
  ) {
    const { holder, stage } = holding.issuance
    const by = yield* decisions.nameOf(admin)
    const name = personName({ id: holder, stage })
    const yours: Note = {
      to: holder,
      say: (own) =>
        own.taking.yours(heldText(holding, own), wayText(holding, way, to, own), by, comment),
    }
    const others = yield* decisions.notesToOthers(admin, (author, texts) => {
      const [what, how] = [heldText(holding, texts), wayText(holding, way, to, texts)]
      return texts.taking.note(name, what, how, author, comment)
    })
    return [...(holder === admin ? [] : [yours]), ...others]
  })

  return Effect.fnUntraced(function* (admin: TelegramId, wish: Awaited, comment: string) {
    const texts = yield* Wording
    const { way, holder } = wish
    const to = way._tag === "Give" ? yield* directory.nameOf(way.to) : ""
    const taken = yield* Effect.gen(function* () {
      const holding = yield* find(wish)
      if (holding === undefined) return undefined
      const told = yield* notesAbout(holding, way, { admin, to, comment })
      const { writes, send } = yield* notes.prepare(told)
      const { request } = holding.issuance
      const also = [...writes, redraws.write({ resource: holding.resource.id, request })]
      return { holding, send, outcome: yield* carryOut(holding, way, admin, { comment, also }) }
    }).pipe(decisions.alone)
    if (taken === undefined || taken.outcome === "before") return texts.taking.before
    const { holding, outcome, send } = taken
    if (outcome === "notTold" || outcome === "notWritten") {
      return texts.people.left[outcome](1)
    }
    const { issuance } = holding
    yield* Effect.logInfo("an item was taken from its holder").pipe(
      Effect.annotateLogs({ admin, holder, way: way._tag, issuance: issuance.id }),
    )
    yield* send
    yield* redraws.drawDue
    const name = personName({ id: holder, stage: issuance.stage })
    return texts.taking.done(
      name,
      heldText(holding, texts),
      wayText(holding, way, to, texts),
      comment,
    )
  })
})

/** What becomes of it, as the end of a sentence. */
const wayText = ({ resource }: Holding, way: Way, to: string, { taking, label }: Texts): string => {
  switch (way._tag) {
    case "Aside":
      return taking.ways.aside
    case "Give":
      return taking.ways.give(to)
    case "Mark": {
      const status = findStatus(resource, way.status)
      return taking.ways.mark(status === undefined ? way.status : label(status.label))
    }
  }
}

const placeOf = ({ issuance, resource }: Holding): Place => ({
  resource: resource.id,
  issuance: issuance.id,
  holder: issuance.holder,
})

const backRow = (texts: Texts): ReadonlyArray<Button> => [
  tap(texts.taking.toList, { _tag: "Who", view: "items", page: 0, seen: "" }),
]

const itemScreen = (holding: Holding, { now, texts }: Scenery): Screen => {
  const { issuance, resource } = holding
  const words = texts.taking
  const place = placeOf(holding)
  const { holder: id, stage } = issuance
  return {
    html: lines(
      bold(words.title(personName({ id, stage }))),
      holdingText(holding, now, texts),
      html``,
      html`${words.hint}`,
    ),
    keyboard: [
      [
        tap(words.give, { _tag: "TakeTo", ...place, page: 0 }),
        tap(words.aside, { _tag: "TakeAside", ...place }, "danger"),
      ],
      ...grid(
        resource.statuses.map((status) =>
          tap(
            statusText(status, texts),
            { _tag: "TakeMark", ...place, status: status.id },
            status.style,
          ),
        ),
        3,
      ),
      backRow(texts),
      menuBelow(texts),
    ],
  }
}

const reasonScreen = (holding: Holding, way: string, texts: Texts): Screen => {
  const { holder: id, stage } = holding.issuance
  const words = texts.taking
  return {
    html: lines(
      bold(words.ask(heldText(holding, texts), way)),
      html`${words.how(personName({ id, stage }))}`,
    ),
    keyboard: cancelling(placeOf(holding), texts),
  }
}

const cancelling = ({ resource, issuance, holder }: Place, texts: Texts): Screen["keyboard"] => [
  [tap(texts.wizard.cancel, { _tag: "TakeOff", resource, issuance, holder })],
]
