/** Applications before the admins: the first decision, the reminder, the end of waiting. */
import { Clock, Duration, Effect, Layer, Option, Context } from "effect"
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
import { Languages } from "../Languages.ts"
import { closedCard, openCard } from "../screens/applicationCard.ts"
import type { Press } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { mainMenu } from "../screens/menu.ts"
import { saying, sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, makeFileTrouble, nameOfAdmin, TellAdmins } from "./Admins.ts"
import { personName } from "./Directory.ts"

const makeApprovals = Effect.gen(function* () {
  const telegram = yield* Telegram
  const applications = yield* Applications
  const { resources } = yield* CatalogueSource
  const languages = yield* Languages
  const { timezone: zone } = yield* Settings
  const access = yield* Access
  const { tell: tellAdmins } = yield* TellAdmins
  const cards = yield* makeCards

  /** Tells the applicant, and who decided if that failed. */
  const announce = Effect.fnUntraced(function* (application: Application, press: Press) {
    const { id, decision } = application
    if (decision === null) return
    const texts = yield* languages.textsFor(id)
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
          tellAdmins(
            ({ admin, refusals }) =>
              sentence(admin.applicantNotTold(refusals.telegram[reason._tag])),
            [press.userId],
          ),
        ),
      )
    if (decision.verdict === "approve") yield* showCommands(telegram, id, texts)
  })

  /** The caller knows that an admin pressed. */
  const decide = Effect.fn("approvals.decide")(function* (
    press: Press,
    applicant: TelegramId,
    verdict: Verdict,
  ) {
    const texts = yield* languages.textsFor(press.userId)
    const decided = yield* applications.decide(applicant, verdict, press.userId)
    switch (decided._tag) {
      case "NoApplication":
        yield* press.alert(texts.admin.cardGone)
        return yield* cards.redraw(press.message, ({ admin }) => sentence(admin.cardGone))
      case "AlreadyDecided":
        yield* press.alert(texts.admin.alreadyDecided)
        return yield* cards.redraw(press.message, yield* cards.decided(decided.application))
      case "Decided": {
        const { application } = decided
        yield* press.answer()
        yield* announce(application, press)
        const screen = yield* cards.decided(application)
        yield* cards.close([...application.cards, press.message], screen)
        return yield* applications.announced(applicant)
      }
    }
  })

  /** Every card has its buttons again. */
  const reopen = Effect.fn("approvals.reopen")(function* (press: Press, applicant: TelegramId) {
    const texts = yield* languages.textsFor(press.userId)
    const reopened = yield* applications.reopen(applicant)
    switch (reopened._tag) {
      case "NicknameTaken":
        return yield* press.alert(texts.admin.nicknameTaken)
      case "NotRefused": {
        yield* press.alert(texts.admin.notRefused)
        const found = Option.getOrUndefined(yield* applications.find(applicant))
        if (found === undefined) return
        return yield* cards.redraw(press.message, yield* cards.decided(found))
      }
      case "Reopened": {
        const { application } = reopened
        yield* press.answer()
        yield* Effect.logInfo("a refused application is open again").pipe(
          Effect.annotateLogs({ user: applicant, admin: press.userId }),
        )
        const screen = yield* cards.decided(application)
        yield* cards.close([...application.cards, press.message], screen)
        const waiting = (yield* languages.textsFor(applicant)).gate.waiting
        yield* Effect.ignore(telegram.send(applicant, sentence(waiting)))
        const name = personName(application)
        const by = yield* nameOfAdmin(access, press.userId)
        return yield* tellAdmins(
          ({ admin }) => sentence(admin.reopened(name, by)),
          access.admins.filter((id) => id !== press.userId),
        )
      }
    }
  })

  const expire = Effect.fnUntraced(function* (application: Application) {
    yield* cards.close(application.cards, (words: Texts) =>
      closedCard(application, words.admin.cardExpired, zone, words),
    )
    const texts = yield* languages.textsFor(application.id)
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

  /** Closes what nobody decided, reminds of what waits too long, shows what no admin has seen. */
  const round = Effect.fn("approvals.round")(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* Effect.forEach(yield* applications.expire(now), expire, { discard: true })
    yield* Effect.forEach(yield* applications.remind(now), cards.remind, { discard: true })
    yield* Effect.forEach(yield* applications.open, cards.showUnseen, { discard: true })
  })

  return { sendCards: cards.complete, decide, reopen, round }
})

/** Applications as admins decide them, with their cards. */
export class Approvals extends Context.Service<Approvals, Effect.Success<typeof makeApprovals>>()(
  "account-bot/bot/admin/Approvals",
) {
  static readonly layer = Layer.effect(Approvals, makeApprovals)
}

const period = Duration.minutes(1)

/** Ends, reminds of and shows the open applications. */
export const approvalsRound = Effect.flatMap(Approvals, ({ round }) => round())

export const approvalsTimer = Layer.effectDiscard(every("approvals", period)(approvalsRound))

/* The buttons on the cards of applications. */

export const makeApplicants = Effect.gen(function* () {
  const approvals = yield* Approvals
  const plainly = yield* makeFileTrouble
  const area: Area = {
    commands: {},
    buttons: {
      Decide: (press, { applicant, decision }) =>
        plainly.alerted(press)(approvals.decide(press, applicant, decision)),
      Reopen: (press, { applicant }) =>
        plainly.alerted(press)(Effect.asVoid(approvals.reopen(press, applicant))),
    },
  }
  return area
})

/* The card of an application, one for each admin: sent, drawn anew, closed. */

export const makeCards = Effect.gen(function* () {
  const telegram = yield* Telegram
  const applications = yield* Applications
  const access = yield* Access
  const { tell: tellAdmins, redraw } = yield* TellAdmins
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
