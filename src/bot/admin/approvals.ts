/** Applications before the admins: a card for each of them, the first decision, reminder, expiry. */
import { Clock, Duration, Effect, Layer, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import type { Application, Verdict } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { every } from "../../observe/background.ts"
import { showCommands } from "../Commands.ts"
import type { Screen } from "../Keyboard.ts"
import { mainMenu } from "../screens/menu.ts"
import { saying, sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import { textsOf } from "../texts/textsOf.ts"
import type { Press } from "../wizards/Press.ts"
import { closedCard, openCard } from "./screens.ts"
import * as TellAdmins from "./tellAdmins.ts"

export const make = Effect.gen(function* () {
  const telegram = yield* Telegram
  const applications = yield* Applications
  const access = yield* Access
  const { resources } = yield* CatalogueSource
  const { timezone: zone, language } = yield* Settings
  const tellAdmins = yield* TellAdmins.make
  const texts = textsOf(language)

  const redraw = (card: MessageRef, screen: Screen) =>
    telegram
      .edit(card, screen)
      .pipe(
        Effect.catch(({ reason }) =>
          Effect.logDebug("a card could not be changed").pipe(
            Effect.annotateLogs({ admin: card.chatId, reason: reason._tag }),
          ),
        ),
      )

  const decidedCard = Effect.fnUntraced(function* (application: Application) {
    const { decision } = application
    if (decision === null) return openCard(application, texts.admin.card, zone, texts)
    // Several admins may have no nickname: the id tells them apart.
    const by = `${yield* access.stageOf(decision.by)} (${decision.by})`
    const at = formatMoment(decision.at, zone)
    return closedCard(application, texts.admin.decided(decision.verdict, by, at), zone, texts)
  })

  const sendTo = Effect.fnUntraced(function* (
    application: Application,
    admins: ReadonlyArray<TelegramId>,
    heading: string,
  ) {
    const cards = yield* tellAdmins(openCard(application, heading, zone, texts), admins)
    for (const card of cards) {
      const decision = yield* applications.cardSent(application.id, card)
      if (Option.isSome(decision)) {
        yield* redraw(card, yield* decidedCard({ ...application, decision: decision.value }))
      }
    }
  })

  /** To every admin who has none yet. */
  const sendCards = Effect.fn("approvals.sendCards")(function* (application: Application) {
    const have = application.cards.map(({ chatId }) => chatId)
    const missing = access.admins.filter((admin) => !have.includes(admin))
    yield* sendTo(application, missing, texts.admin.card)
  })

  /** Whether the applicant now knows. */
  const announce = Effect.fnUntraced(function* (application: Application, press: Press) {
    const { id, decision } = application
    if (decision === null) return
    const news: Screen =
      decision.verdict === "approve"
        ? saying(texts.registration.approved, mainMenu(resources, texts))
        : sentence(
            texts.registration.refused(
              formatMoment(
                Option.getOrElse(yield* applications.mayApply(id), () => decision.at),
                zone,
              ),
            ),
          )
    yield* telegram
      .send(id, news)
      .pipe(
        Effect.catch(({ reason }) =>
          tellAdmins(sentence(texts.admin.applicantNotTold(texts.refusals.telegram[reason._tag])), [
            press.userId,
          ]),
        ),
      )
    if (decision.verdict === "approve") yield* showCommands(telegram, id, texts)
  })

  const closeCards = Effect.fnUntraced(function* (
    cards: ReadonlyArray<MessageRef>,
    screen: Screen,
  ) {
    const places = new Map(cards.map((card) => [`${card.chatId}:${card.messageId}`, card]))
    yield* Effect.forEach(places.values(), (card) => redraw(card, screen), { discard: true })
  })

  /** The caller knows that an admin pressed. */
  const decide = Effect.fn("approvals.decide")(function* (
    press: Press,
    applicant: TelegramId,
    verdict: Verdict,
  ) {
    const decided = yield* applications.decide(applicant, verdict, press.userId)
    switch (decided._tag) {
      case "NoApplication":
        yield* press.alert(texts.admin.cardGone)
        return yield* redraw(press.message, sentence(texts.admin.cardGone))
      case "AlreadyDecided":
        yield* press.alert(texts.admin.alreadyDecided)
        return yield* redraw(press.message, yield* decidedCard(decided.application))
      case "Decided": {
        const { application } = decided
        yield* press.answer()
        yield* announce(application, press)
        yield* closeCards([...application.cards, press.message], yield* decidedCard(application))
        return yield* applications.announced(applicant)
      }
    }
  })

  const remind = Effect.fnUntraced(function* (application: Application) {
    // One card for each admin, so that the decision finds all of them.
    yield* Effect.forEach(application.cards, (card) => Effect.ignore(telegram.remove(card)), {
      discard: true,
    })
    yield* sendTo(application, access.admins, texts.admin.reminder)
  })

  const expire = Effect.fnUntraced(function* (application: Application) {
    yield* closeCards(
      application.cards,
      closedCard(application, texts.admin.cardExpired, zone, texts),
    )
    yield* telegram
      .send(application.id, sentence(texts.registration.expired))
      .pipe(
        Effect.catch(({ reason }) =>
          Effect.logInfo("an applicant was not told").pipe(
            Effect.annotateLogs({ user: application.id, reason: reason._tag }),
          ),
        ),
      )
  })

  return { sendCards, decide, remind, expire }
})

export type Approvals = Effect.Success<typeof make>

/** Reminds of what waits too long, closes what nobody decided. */
export const once = Effect.gen(function* () {
  const applications = yield* Applications
  const approvals = yield* make
  const now = yield* Clock.currentTimeMillis
  yield* Effect.forEach(yield* applications.expire(now), approvals.expire, { discard: true })
  yield* Effect.forEach(yield* applications.remind(now), approvals.remind, { discard: true })
}).pipe(Effect.withSpan("approvals.once"))

const period = Duration.minutes(1)

export const layer = Layer.effectDiscard(every("approvals", period)(once))
