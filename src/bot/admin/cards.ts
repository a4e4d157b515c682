/** The card of an application, one for each admin: sent, drawn anew, closed. */
import { Clock, Duration, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import { Settings } from "../../config/Settings.ts"
import type { Application } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { closedCard, openCard } from "../Notices.ts"
import type { Screen } from "../Screen.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import * as Redraw from "./redraw.ts"
import type { TellAdmins } from "./tellAdmins.ts"

export const make = Effect.fnUntraced(function* (tellAdmins: TellAdmins) {
  const telegram = yield* Telegram
  const applications = yield* Applications
  const access = yield* Access
  const redraw = yield* Redraw.make
  const { timezone: zone } = yield* Settings

  /** The card as it is after a decision, and open where there is none. */
  const decided = Effect.fnUntraced(function* (application: Application) {
    const { decision } = application
    if (decision === null) {
      return (texts: Texts) => openCard(application, texts.admin.card, zone, texts)
    }
    // Several admins may have no nickname: the id tells them apart.
    const by = `${yield* access.stageOf(decision.by)} (${decision.by})`
    const at = formatMoment(decision.at, zone)
    return (texts: Texts) =>
      closedCard(application, texts.admin.decided(decision.verdict, by, at), zone, texts)
  })

  const send = Effect.fnUntraced(function* (
    application: Application,
    admins: ReadonlyArray<TelegramId>,
    heading: "card" | "reminder",
  ) {
    const cards = yield* tellAdmins(
      (texts) => openCard(application, texts.admin[heading], zone, texts),
      admins,
    )
    for (const card of cards) {
      const decision = yield* applications.cardSent(application.id, card)
      if (Option.isSome(decision)) {
        yield* redraw(card, yield* decided({ ...application, decision: decision.value }))
      }
    }
    return cards
  })

  /** To every admin who has none yet. */
  const complete = Effect.fn("cards.complete")(function* (application: Application) {
    const have = application.cards.map(({ chatId }) => chatId)
    const missing = access.admins.filter((admin) => !have.includes(admin))
    yield* send(application, missing, "card")
  })

  /** Once more to all admins, where none has a card: the first of them may press /start any time. */
  const showUnseen = Effect.fnUntraced(function* (application: Application) {
    const { cards, openedAt } = application
    const isSeen = access.admins.some((admin) => cards.some(({ chatId }) => chatId === admin))
    const isFresh = (yield* Clock.currentTimeMillis) < openedAt + Duration.toMillis(onTheirWay)
    if (!isSeen && !isFresh) yield* complete(application)
  })

  const remind = Effect.fnUntraced(function* (application: Application) {
    const cards = yield* send(application, access.admins, "reminder")
    // One card for each admin, so that the decision finds all of them. Who could not be reminded
    // keeps the one he has.
    const replaced = application.cards.filter(({ chatId }) =>
      cards.some((card) => card.chatId === chatId),
    )
    yield* Effect.forEach(replaced, (card) => Effect.ignore(telegram.remove(card)), {
      discard: true,
    })
  })

  const close = Effect.fnUntraced(function* (
    cards: ReadonlyArray<MessageRef>,
    screen: (texts: Texts) => Screen,
  ) {
    const places = new Map(cards.map((card) => [`${card.chatId}:${card.messageId}`, card]))
    yield* Effect.forEach(places.values(), (card) => redraw(card, screen), { discard: true })
  })

  return { redraw, decided, complete, showUnseen, remind, close }
})

/** The first cards of an application are sent within that time. */
const onTheirWay = Duration.minutes(1)
