/** How a stranger asks for access: /start, then a nickname, then the wait for an admin. */
import { Effect, Option } from "effect"
import { Applications } from "../../access/Applications.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Approvals } from "../admin/approvals.ts"
import { Wording } from "../Languages.ts"
import { Replies } from "../Replies.ts"
import { sentence } from "../screens/parts.ts"

export const makeRegistration = Effect.gen(function* () {
  const approvals = yield* Approvals
  const replies = yield* Replies
  const applications = yield* Applications
  const { timezone } = yield* Settings

  /**
   * Tells the person when the disk refuses. Nothing is lost by that: the same message, sent again,
   * goes on where this one stopped.
   */
  const guarded =
    (chatId: number) =>
    <A, E, R>(self: Effect.Effect<A, E, R>) =>
      Effect.catch(self, () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.say(chatId, sentence(refusals.storageUnavailable)),
        ),
      )

  /** `true` means that the person may use the bot already. */
  const start = Effect.fn("registration.start")(function* (id: TelegramId, chatId: number) {
    const texts = yield* Wording

    const begun = yield* applications.begin(id)
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
      case "Open":
        yield* replies.say(chatId, sentence(texts.gate.waiting))
        yield* approvals.sendCards(begun.application)
        return false
    }
  })

  const nickname = Effect.fn("registration.nickname")(function* (
    id: TelegramId,
    chatId: number,
    text: string,
  ) {
    const texts = yield* Wording

    const submitted = yield* applications.submit(id, text)
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
        return yield* replies.say(chatId, sentence(texts.gate.waiting))
      case "Submitted": {
        const { application } = submitted
        yield* replies.say(chatId, sentence(texts.registration.submitted(application.stage)))
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
    start: (id: TelegramId, chatId: number) => guarded(chatId)(start(id, chatId)),
    nickname: (id: TelegramId, chatId: number, text: string) =>
      guarded(chatId)(nickname(id, chatId, text)),
  }
})
