/**
 * Questions that a person answers with their next message: a nickname, a reason, a value.
 *
 * A question is asked only after its button was pressed, and waits for a limited time. Each person
 * has one at most, and a newer one takes its place. A button or a command that leads elsewhere ends
 * it, so that nothing is swallowed that was written for another purpose.
 *
 * Questions are kept in memory only: after a restart the person presses the button once more.
 */
import { Context, Duration, Effect, Layer } from "effect"
import type { TelegramId } from "../domain/Employee.ts"
import { elapsed } from "../observe/elapsed.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { type FileTrouble, makeFileTrouble } from "./admin/Admins.ts"
import { type Action, isIn } from "./buttons.ts"
import { Wording } from "./Languages.ts"
import { Replies } from "./Replies.ts"
import { notice } from "./screens/parts.ts"
import type { Incoming } from "./Update.ts"

type Text = Extract<Incoming, { readonly _tag: "Text" }>

/** The subject of a question. A cancel button ends only a question about its own subject. */
type Subject = "quarantine" | "nickname" | "taking" | "why" | "proxy" | "ownNickname"

export interface Question {
  readonly subject: Subject
  /** How long the bot waits for the answer. */
  readonly within: Duration.Duration
  /** The buttons that may be pressed while the question waits; those that do nothing always may. */
  readonly outlives?: (action: Action) => boolean
  /** Deals with the message; `false` means that it is no answer yet, and the question stays. */
  readonly answer: (text: Text) => Effect.Effect<boolean, StorageUnavailable | FileTrouble, Wording>
}

export class Questions extends Context.Service<
  Questions,
  {
    /** The person's next message is the answer to this question. */
    ask(person: TelegramId, question: Question): Effect.Effect<void>
    /** The subject of the question that the person has not answered yet. */
    subjectOf(person: TelegramId): Effect.Effect<Subject | undefined>
    /** Ends the person's question, or only one about this subject. */
    forget(person: TelegramId, subject?: Subject): Effect.Effect<void>
    /** Ends the person's question, unless it outlives this button. */
    pressed(person: TelegramId, action: Action): Effect.Effect<void>
    /**
     * `true` means that the text was an answer, and is dealt with. A disk that refuses is told to
     * the person, and the question stays. A question that an applicant was asked is void for a
     * colleague, and the other way round: they were let in, or dismissed, in between.
     */
    onText(text: Text, of: "applicant" | "colleague"): Effect.Effect<boolean, never, Wording>
  }
>()("account-bot/bot/Questions") {
  static readonly layer = Layer.effect(
    Questions,
    Effect.gen(function* () {
      const replies = yield* Replies
      const fileTrouble = yield* makeFileTrouble
      const waiting = new Map<TelegramId, Waiting>()

      const isOver = ({ question, at }: Waiting, now: number) =>
        now - at > Duration.toMillis(question.within)

      const ask = Effect.fnUntraced(function* (person: TelegramId, question: Question) {
        const at = yield* elapsed
        // Old questions are removed here, or those that nobody answers would fill the memory.
        for (const [id, each] of waiting) if (isOver(each, at)) waiting.delete(id)
        waiting.set(person, { question, at })
      })

      const current = Effect.fnUntraced(function* (person: TelegramId) {
        const found = waiting.get(person)
        if (found === undefined || !isOver(found, yield* elapsed)) return found?.question
        waiting.delete(person)
        return undefined
      })

      const forget = (person: TelegramId, subject?: Subject) =>
        Effect.sync(() => {
          const found = waiting.get(person)?.question
          if (subject === undefined || found?.subject === subject) waiting.delete(person)
        })

      const pressed = (person: TelegramId, action: Action) =>
        Effect.suspend(() => {
          const stays = isIn("label")(action) || waiting.get(person)?.question.outlives?.(action)
          return stays === true ? Effect.void : forget(person)
        })

      const onText = Effect.fnUntraced(function* (text: Text, of: "applicant" | "colleague") {
        const question = yield* current(text.userId)
        if (question === undefined) return false
        if ((question.subject === "ownNickname") !== (of === "applicant")) {
          yield* forget(text.userId)
          return false
        }
        const texts = yield* Wording
        const isAnswered = yield* question.answer(text).pipe(
          fileTrouble.said(text.chatId),
          Effect.catchTag("StorageUnavailable", () =>
            replies.say(text.chatId, notice(texts.refusals.storageUnavailable, texts)),
          ),
        )
        if (isAnswered === true && waiting.get(text.userId)?.question === question) {
          waiting.delete(text.userId)
        }
        return true
      })

      return Questions.of({
        ask,
        subjectOf: (person) => Effect.map(current(person), (question) => question?.subject),
        forget,
        pressed,
        onText,
      })
    }),
  )
}

interface Waiting {
  readonly question: Question
  /** When it was asked, see observe/elapsed.ts. */
  readonly at: number
}
