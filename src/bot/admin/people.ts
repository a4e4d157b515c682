/**
 * /whitelist and /whitelist_remove: who has access, what they hold, and the end of an access.
 * Suspended access is in blocks.ts.
 *
 * The access ends first, on disk; what the person held, reserved or applied for comes after.
 */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import * as Dismissals from "../../access/Dismissals.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import { Journal } from "../../store/Journal.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import { cut, notice } from "../screens/parts.ts"
import type { Area, Asked } from "./Area.ts"
import * as Suspension from "./blocks.ts"
import * as Affairs from "./peopleAffairs.ts"
import * as PeopleCard from "./peopleCard.ts"
import * as Left from "./peopleLeft.ts"
import { idIn, matching } from "./peopleNames.ts"
import { nameOf, type Person } from "./peopleParts.ts"
import * as PeopleRoster from "./peopleRoster.ts"
import { dismissalQuestion, pageOfPeople, peopleList, whichPerson } from "./peopleScreens.ts"
import * as Plainly from "./plainly.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const access = yield* Access
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.people.dismissal
  const roster = yield* PeopleRoster.make
  const dismissals = yield* Dismissals.make(yield* Journal)
  const left = yield* Left.make(replies, roster, dismissals)
  const { windUp, welcome } = yield* Affairs.make(replies, dismissals)
  const plainly = Plainly.make(replies, texts)
  const drawCard = yield* PeopleCard.make(roster, left)

  const listed = (person: Person) =>
    Effect.map(roster.holdingsOf(person.id), (holdings) => ({ ...person, holdings }))

  const drawList = Effect.fnUntraced(function* (asked: number) {
    const people = yield* roster.all
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
    return person.role === "admin"
      ? notice(words.isAdmin, texts)
      : dismissalQuestion(yield* listed(person), yield* Clock.currentTimeMillis, texts)
  })

  /** Who is on no list may have been removed before. */
  const former = Effect.fnUntraced(function* (name: string) {
    const id = idIn(name)
    if (id === undefined) return notice(words.unknown(cut(name, 40)), texts)
    const isKnown =
      Option.isSome(yield* dismissals.find(id)) || (yield* roster.holdingsOf(id)).length > 0
    return isKnown ? yield* left.draw(id, 0) : notice(words.unknown(String(id)), texts)
  })

  const askByName = Effect.fn("people.askByName")(function* ({ chatId, argument }: Asked) {
    if (argument === "") return yield* replies.say(chatId, notice(words.usage, texts))
    const found = matching(yield* roster.all, argument)
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
    const person = yield* roster.find(id)
    const screen = person === undefined ? yield* former(String(id)) : yield* question(person)
    yield* press.answer()
    yield* replies.turnTo(press.message, screen)
  })

  const dismiss = Effect.fn("people.dismiss")(function* (
    press: Press,
    { person: id }: ActionOf<"Dismiss">,
  ) {
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
    const readmitted = yield* dismissals.readmit(id, press.userId)
    switch (readmitted._tag) {
      case "TooLate":
        return yield* press.alert(words.tooLate)
      case "AlreadyBack": {
        const { back } = readmitted
        if (back === null) return yield* press.alert(words.alreadyBack)
        const by = nameOf({ id: back.by, stage: yield* access.stageOf(back.by) })
        return yield* press.alert(words.backBy(by, formatMoment(back.at, zone)))
      }
      case "Readmitted": {
        const name = nameOf({ id, stage: readmitted.dismissal.entry.stage })
        yield* press.answer()
        yield* welcome(readmitted.dismissal, press.userId)
        return yield* replies.turnTo(
          press.message,
          notice(`${words.readmitted(name)} ${words.leftAsItIs}`, texts),
        )
      }
    }
  })

  const suspension = yield* Suspension.make(replies, roster, drawCard)

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
