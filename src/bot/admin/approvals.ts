/**
 * Applications as the admins decide them: a card for every admin, the first decision, the reminder,
 * and the end of waiting.
 */
import { Clock, Context, Duration, Effect, Layer, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import type { Application, Verdict } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { every } from "../../observe/background.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import { showCommands } from "../Commands.ts"
import { Languages } from "../Languages.ts"
import { closedCard, expiredCard, openCard } from "../screens/applicationCard.ts"
import { Notes } from "../Notes.ts"
import type { Press } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { mainMenu } from "../screens/menu.ts"
import { cut, saying, sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, Decisions, type FileTrouble } from "./Admins.ts"
import { TellAdmins } from "./TellAdmins.ts"
import { personName } from "./Directory.ts"

type Decision = NonNullable<Application["decision"]>

/** Decisions about applications. Whoever calls has checked that it was an admin who pressed. */
export class Approvals extends Context.Service<
  Approvals,
  {
    /** Sends the card of an open application to every admin who has none yet. */
    sendCards(application: Application): Effect.Effect<void, StorageUnavailable>
    /**
     * Decides an application unless somebody was faster, tells the applicant, and shows the outcome
     * on all cards.
     */
    decide(
      press: Press,
      applicant: TelegramId,
      verdict: Verdict,
    ): Effect.Effect<void, StorageUnavailable | FileTrouble>
    /** Takes a refusal back: every card has its buttons again, and the other admins are told. */
    reopen(
      press: Press,
      applicant: TelegramId,
    ): Effect.Effect<void, StorageUnavailable | FileTrouble>
    /** Shows on all cards how the application stands now: its nickname, or that it was taken back. */
    redraw(application: Application): Effect.Effect<void>
    /** Closes what nobody decided, reminds of what waits too long, shows what no admin has seen. */
    round(): Effect.Effect<void, StorageUnavailable | FileTrouble>
  }
>()("account-bot/bot/admin/approvals") {
  static readonly layer = Layer.effect(
    Approvals,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const applications = yield* Applications
      const languages = yield* Languages
      const { resources } = yield* CatalogueSource
      const decisions = yield* Decisions
      const notes = yield* Notes
      const { tell: tellAdmins } = yield* TellAdmins
      const cards = yield* makeCards
      const newsOf = yield* makeNews

      /** Tells the applicant. If that fails, the admin who decided hears of it. */
      const announce = Effect.fnUntraced(function* (application: Application, press: Press) {
        const { id, decision } = application
        if (decision === null) return
        const texts = yield* languages.textsFor(id)
        yield* telegram
          .send(id, yield* newsOf(application, decision, texts))
          .pipe(
            Effect.catch(({ reason }) =>
              tellAdmins(
                ({ admin, refusals }) =>
                  sentence(admin.applicantNotTold(refusals.telegram[reason._tag])),
                [press.userId],
              ),
            ),
          )
        if (decision.verdict === "approve") yield* showCommands(telegram, id, texts, { resources })
      })

      const decide = Effect.fnUntraced(function* (
        press: Press,
        applicant: TelegramId,
        verdict: Verdict,
      ) {
        const texts = yield* languages.textsFor(press.userId)
        if (yield* cards.isOfAnEarlierOne(press.message, applicant)) {
          yield* press.alert(texts.admin.newerCard)
          return yield* cards.redraw(press.message, ({ admin }) => sentence(admin.newerCard))
        }
        const decided = yield* applications.decide(applicant, verdict, press.userId)
        switch (decided._tag) {
          case "NoApplication": {
            const isWithdrawn = Option.isSome(yield* applications.withdrawn(applicant))
            yield* press.alert(isWithdrawn ? texts.admin.withdrawnBefore : texts.admin.cardGone)
            return yield* cards.redraw(press.message, yield* cards.now(applicant))
          }
          case "NicknameTaken":
            return yield* press.alert(texts.admin.nicknameTakenSince)
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

      const reopen = Effect.fnUntraced(function* (press: Press, applicant: TelegramId) {
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
            yield* notes.tell([{ to: applicant, say: ({ gate }) => gate.waiting }])
            const name = personName(application)
            return yield* decisions.tellOthers(press.userId, (by, { admin }) =>
              admin.reopened(name, by),
            )
          }
        }
      })

      /** Says on the cards that nobody decided in time, and tells the applicant. */
      const expire = Effect.fnUntraced(function* (application: Application) {
        yield* cards.close(application.cards, yield* cards.decided(application))
        yield* notes.tell([{ to: application.id, say: ({ registration }) => registration.expired }])
      })

      const round = Effect.fnUntraced(function* () {
        const now = yield* Clock.currentTimeMillis
        yield* Effect.forEach(yield* applications.expire(now), expire, { discard: true })
        yield* Effect.forEach(yield* applications.remind(now), cards.remind, { discard: true })
        yield* Effect.forEach(yield* applications.open, cards.showUnseen, { discard: true })
      })

      return Approvals.of({
        sendCards: cards.complete,
        decide,
        reopen,
        redraw: cards.redrawAll,
        round,
      })
    }),
  )
}

/** Gives what the applicant reads about the decision. */
const makeNews = Effect.gen(function* () {
  const applications = yield* Applications
  const { resources } = yield* CatalogueSource
  const { timezone: zone } = yield* Settings

  return Effect.fnUntraced(function* (
    { id, stage }: Application,
    { verdict, at }: Decision,
    texts: Texts,
  ) {
    if (verdict === "approve") {
      return saying(texts.registration.approved(cut(stage, stageMax)), mainMenu(resources, texts))
    }
    const nextFrom = Option.getOrElse(yield* applications.mayApply(id), () => at)
    return sentence(texts.registration.refused(formatMoment(nextFrom, zone)))
  })
})

/** Ends, reminds of and shows the open applications. */
export const approvalsRound = Effect.flatMap(Approvals, ({ round }) => round())

const period = Duration.minutes(1)

export const approvalsTimer = Layer.effectDiscard(every("approvals", period)(approvalsRound))

/** The buttons on the cards. */
export const makeApplicationCards = Effect.gen(function* () {
  const approvals = yield* Approvals
  const area: Area = {
    commands: {},
    buttons: {
      Decide: (press, { applicant, decision }) => approvals.decide(press, applicant, decision),
      Reopen: (press, { applicant }) => approvals.reopen(press, applicant),
    },
  }
  return area
})

/** The cards of an application, one for each admin: sent, drawn anew, closed. */
const makeCards = Effect.gen(function* () {
  const telegram = yield* Telegram
  const applications = yield* Applications
  const access = yield* Access
  const { tell: tellAdmins, redraw } = yield* TellAdmins
  const { timezone: zone } = yield* Settings

  /**
   * Whether the admin has a later card of what the person asks for now. The message is then a card
   * of an application that expired, and may show another nickname.
   */
  const isOfAnEarlierOne = Effect.fnUntraced(function* (message: MessageRef, id: TelegramId) {
    const found = Option.getOrUndefined(yield* applications.find(id))
    if (found === undefined || found.decision !== null) return false
    const own = found.cards.find(({ chatId }) => chatId === message.chatId)
    return own !== undefined && message.messageId < own.messageId
  })

  /** The card as the application stands now: closed by the decision, expired, or open. */
  const decided = Effect.fnUntraced(function* (application: Application) {
    const { decision } = application
    if (decision === null) {
      if (application.expiredAt !== undefined) {
        return (texts: Texts) => expiredCard(application, zone, texts)
      }
      return (texts: Texts) => openCard(application, texts.admin.card, zone, texts)
    }
    const by = yield* access.nameOfAdmin(decision.by)
    const at = formatMoment(decision.at, zone)
    return (texts: Texts) =>
      closedCard(application, texts.admin.decided(decision.verdict, by, at), zone, texts)
  })

  /** The card as it has to look now, whatever has become of the application. */
  const now = Effect.fnUntraced(function* (id: TelegramId) {
    const found = Option.getOrUndefined(yield* applications.find(id))
    if (found !== undefined) return yield* decided(found)
    const withdrawn = Option.getOrUndefined(yield* applications.withdrawn(id))
    if (withdrawn === undefined) return ({ admin }: Texts) => sentence(admin.cardGone)
    const at = formatMoment(withdrawn.at, zone)
    return (texts: Texts) =>
      closedCard(withdrawn.application, texts.admin.cardWithdrawn(at), zone, texts)
  })

  /** Whether a card that shows the application as it was given must be drawn anew. */
  const hasChanged = Effect.fnUntraced(function* ({ id, stage, decision }: Application) {
    const found = Option.getOrUndefined(yield* applications.find(id))
    return found === undefined
      ? Option.isSome(yield* applications.withdrawn(id))
      : found.stage !== stage || (found.decision !== null && decision === null)
  })

  /** Draws one outcome on all cards, on each of them once. */
  const close = Effect.fnUntraced(function* (
    cards: ReadonlyArray<MessageRef>,
    screen: (texts: Texts) => Screen,
  ) {
    const places = new Map(cards.map((card) => [`${card.chatId}:${card.messageId}`, card]))
    yield* Effect.forEach(places.values(), (card) => redraw(card, screen), { discard: true })
  })

  /** Draws all cards as the application stands now, and again where it changed meanwhile. */
  const redrawAll = Effect.fnUntraced(function* (application: Application) {
    yield* close(application.cards, yield* now(application.id))
    if (yield* hasChanged(application)) yield* close(application.cards, yield* now(application.id))
  })

  /** Cards that arrive after the decision are closed at once. */
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
      yield* applications.cardSent(application.id, card)
      if (yield* hasChanged(application)) yield* redraw(card, yield* now(application.id))
    }
    return cards
  })

  const complete = Effect.fnUntraced(function* (application: Application) {
    const have = application.cards.map(({ chatId }) => chatId)
    const missing = access.admins.filter((admin) => !have.includes(admin))
    yield* send(application, missing, "card")
  })

  /** Tries all admins again while none has a card: one of them may have pressed /start by now. */
  const showUnseen = Effect.fnUntraced(function* (application: Application) {
    const { cards, openedAt } = application
    const isSeen = access.admins.some((admin) => cards.some(({ chatId }) => chatId === admin))
    const isFresh = (yield* Clock.currentTimeMillis) < openedAt + Duration.toMillis(onTheirWay)
    if (!isSeen && !isFresh) yield* complete(application)
  })

  /** Sends a reminder in the place of the card, so that each admin has one card to be closed. */
  const remind = Effect.fnUntraced(function* (application: Application) {
    const cards = yield* send(application, access.admins, "reminder")
    // An admin who could not be reminded keeps the old card.
    const replaced = application.cards.filter(({ chatId }) =>
      cards.some((card) => card.chatId === chatId),
    )
    yield* Effect.forEach(replaced, (card) => Effect.ignore(telegram.remove(card)), {
      discard: true,
    })
  })

  return { redraw, redrawAll, isOfAnEarlierOne, decided, now, complete, showUnseen, remind, close }
})

/** A file that was filled in by hand may hold a name of any length. */
const stageMax = 40

/** After that time the first cards of an application have arrived or failed. */
const onTheirWay = Duration.minutes(1)
