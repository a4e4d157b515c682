/**
 * How a stranger asks for access: /start, then a nickname, then the wait for an admin. While it
 * lasts, the applicant may correct the nickname or take the application back.
 */
import { Effect, Option } from "effect"
import { Applications } from "../../access/Applications.ts"
import { nicknameWithin } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import type { Application } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { Profile, TelegramId } from "../../domain/Employee.ts"
import { Approvals } from "../admin/approvals.ts"
import type { ActionIn } from "../buttons.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Question, Questions } from "../Questions.ts"
import { type Press, Replies } from "../Replies.ts"
import { html, type Screen } from "../Screen.ts"
import { cut, sentence, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export const makeRegistration = Effect.gen(function* () {
  const approvals = yield* Approvals
  const replies = yield* Replies
  const applications = yield* Applications
  const languages = yield* Languages
  const { timezone } = yield* Settings
  const questions = yield* Questions
  const own = yield* makeOwnApplication
  const guarded = yield* makeGuarded

  /** `true` means that the person may use the bot already. */
  const start = Effect.fnUntraced(function* (id: TelegramId, chatId: number, profile: Profile) {
    const texts = yield* Wording
    yield* questions.forget(id)
    const begun = yield* applications.begin(id, profile)
    switch (begun._tag) {
      case "Allowed":
        return true
      case "NicknameAwaited":
        yield* replies.say(chatId, sentence(texts.registration.ask))
        return false
      case "Paused": {
        const retryAt = formatMoment(begun.retryAt, timezone)
        yield* replies.say(chatId, sentence(texts.registration.tooEarly(retryAt)))
        return false
      }
      case "JustWithdrawn": {
        const retryAt = formatMoment(begun.retryAt, timezone)
        yield* replies.say(chatId, sentence(texts.registration.withdrawnTooEarly(retryAt)))
        return false
      }
      case "Open":
        yield* replies.say(chatId, waiting(texts.gate.waiting, texts))
        yield* approvals.sendCards(begun.application)
        return false
    }
  })

  const nickname = Effect.fnUntraced(function* (
    id: TelegramId,
    chatId: number,
    text: string,
    profile: Profile,
  ) {
    const texts = yield* Wording

    const submitted = yield* applications.submit(id, text, profile)
    switch (submitted._tag) {
      case "NicknameInvalid":
        return yield* replies.say(chatId, sentence(texts.registration.invalid))
      case "NicknameTaken":
        return yield* replies.say(chatId, sentence(texts.registration.taken))
      case "TooManyOpen":
        return yield* replies.say(chatId, sentence(texts.registration.full))
      case "NotAwaited":
        return yield* replies.say(chatId, sentence(texts.gate.denied))
      case "AlreadyOpen":
        return yield* replies.say(chatId, waiting(texts.gate.waiting, texts))
      case "Submitted": {
        const { application } = submitted
        // The answer comes when the applicant writes nothing, so the language must be known then.
        yield* languages.note(id, texts.language)
        const sent = texts.registration.submitted(application.stage)
        yield* replies.say(chatId, waiting(sent, texts))
        return yield* approvals.sendCards(application)
      }
    }
  })

  /** Whether the next step is this command, or a text that is none. */
  const isStep = Effect.fnUntraced(function* (id: TelegramId, command: string | undefined) {
    if (yield* applications.awaitsNickname(id)) return command === undefined
    return command === "start" && Option.isNone(yield* applications.mayApply(id))
  })

  return {
    awaitsNickname: (id: TelegramId) => applications.awaitsNickname(id),
    isStep,
    start: (id: TelegramId, chatId: number, profile: Profile) =>
      guarded(chatId)(start(id, chatId, profile)),
    nickname: (id: TelegramId, chatId: number, text: string, profile: Profile) =>
      guarded(chatId)(nickname(id, chatId, text, profile)),
    act: (press: Press, action: ActionIn<"applicant">) =>
      guarded(press.chatId)(own.act(press, action)),
  }
})

/**
 * Tells the person when the disk refuses. Nothing is lost by that: the same message, sent again,
 * goes on where this one stopped.
 */
const makeGuarded = Effect.map(
  Replies,
  (replies) =>
    (chatId: number) =>
    <A, E, R>(self: Effect.Effect<A, E, R>) =>
      Effect.catch(self, () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.say(chatId, sentence(refusals.storageUnavailable)),
        ),
      ),
)

/** What an applicant may do about the own application while nobody has decided. */
const makeOwnApplication = Effect.gen(function* () {
  const approvals = yield* Approvals
  const replies = yield* Replies
  const applications = yield* Applications
  const { timezone } = yield* Settings
  const questions = yield* Questions
  const guarded = yield* makeGuarded

  const openOf = Effect.fnUntraced(function* (
    id: TelegramId,
  ): Effect.fn.Return<Application | undefined> {
    const found = Option.getOrUndefined(yield* applications.find(id))
    return found?.decision === null ? found : undefined
  })

  const rename = Effect.fnUntraced(function* (id: TelegramId, chatId: number, text: string) {
    const texts = yield* Wording
    const words = texts.registration
    const renamed = yield* applications.rename(id, text, id)
    switch (renamed._tag) {
      case "NicknameInvalid":
      case "NicknameTaken":
        yield* replies.say(chatId, {
          html: html`${renamed._tag === "NicknameInvalid" ? words.invalid : words.taken}`,
          keyboard: [[tap(words.keep, { _tag: "ApplicantKeep" })]],
        })
        return false
      case "Unknown":
        yield* replies.say(chatId, sentence(words.notOpen))
        return true
      case "TooOften":
        yield* replies.say(chatId, waiting(words.renamedTooOften, texts))
        return true
      case "Same":
        yield* replies.say(chatId, waiting(texts.gate.waiting, texts))
        return true
      case "Renamed": {
        const { to, application } = renamed
        yield* replies.say(chatId, waiting(words.renamed(to), texts))
        if (application !== undefined) yield* approvals.redraw(application)
        return true
      }
    }
  })

  /** The next text of the applicant is the better nickname. */
  const betterNickname: Question = {
    subject: "ownNickname",
    within: nicknameWithin,
    answer: ({ userId, chatId, text }) =>
      Effect.map(guarded(chatId)(rename(userId, chatId, text)), (isDone) => isDone === true),
  }

  const askBetter = Effect.fnUntraced(function* (press: Press, { stage }: Application) {
    const texts = yield* Wording
    yield* questions.ask(press.userId, betterNickname)
    yield* replies.turn(press, {
      html: html`${texts.registration.askBetter(cut(stage, stageMax))}`,
      keyboard: [[tap(texts.registration.keep, { _tag: "ApplicantKeep" })]],
    })
  })

  const withdraw = Effect.fnUntraced(function* (press: Press) {
    const texts = yield* Wording
    const withdrawn = yield* applications.withdraw(press.userId)
    if (withdrawn._tag === "NotOpen") return yield* press.alert(texts.registration.notOpen)
    const retryAt = formatMoment(withdrawn.retryAt, timezone)
    yield* replies.turn(press, sentence(texts.registration.withdrawn(retryAt)))
    return yield* approvals.redraw(withdrawn.application)
  })

  const act = Effect.fnUntraced(function* (press: Press, { _tag }: ActionIn<"applicant">) {
    const texts = yield* Wording
    yield* questions.forget(press.userId)
    if (_tag === "ApplicantWithdraw") return yield* withdraw(press)
    const open = yield* openOf(press.userId)
    if (open === undefined) return yield* press.alert(texts.registration.notOpen)
    return yield* _tag === "ApplicantKeep"
      ? replies.turn(press, waiting(texts.gate.waiting, texts))
      : askBetter(press, open)
  })

  return { act }
})

/** What an applicant reads while nobody has decided, with the buttons for a change of mind. */
const waiting = (text: string, texts: Texts): Screen => ({
  html: html`${text}`,
  keyboard: [
    [tap(texts.registration.rename, { _tag: "ApplicantRename" })],
    [tap(texts.registration.withdraw, { _tag: "ApplicantWithdraw" }, "danger")],
  ],
})

/** A file that was filled in by hand may hold a name of any length. */
const stageMax = 40
