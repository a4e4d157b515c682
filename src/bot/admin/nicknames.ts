/**
 * The work nickname as admins set it: of an applicant before the approval, of an employee later.
 *
 * A button asks for it, and the next message of the admin is the nickname. What was issued before
 * keeps the old one; what is issued from then on carries the new one.
 */
import { Effect } from "effect"
import { Applications } from "../../access/Applications.ts"
import { nicknameWithin } from "../../config/Limits.ts"
import type { Renamed } from "../../domain/Application.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { type ActionOf, isIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Notes } from "../Notes.ts"
import { type Question, Questions } from "../Questions.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, code, html, type Screen } from "../Screen.ts"
import { lines, menuBelow, sentence, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, Decisions } from "./Admins.ts"
import { Approvals } from "./approvals.ts"
import { Directory, type Person, personName, stageText } from "./Directory.ts"

type Done = Extract<Renamed, { readonly _tag: "Renamed" }>

export const makeNicknames = Effect.gen(function* () {
  const replies = yield* Replies
  const applications = yield* Applications
  const directory = yield* Directory
  const tellOf = yield* makeTelling
  const questions = yield* Questions

  /** The next text of the admin is the nickname of the person. */
  const nicknameOf = (id: TelegramId): Question => ({
    subject: "nickname",
    within: nicknameWithin,
    outlives: isIn("admin"),
    answer: Effect.fnUntraced(function* ({ userId, chatId, text }) {
      const texts = yield* Wording
      const words = texts.nicknames
      const renamed = yield* applications.rename(id, text, userId)
      if (renamed._tag === "NicknameInvalid" || renamed._tag === "NicknameTaken") {
        const why = renamed._tag === "NicknameInvalid" ? words.invalid : words.taken
        yield* replies.say(chatId, { html: html`${why}`, keyboard: cancelling(id, texts) })
        return false
      }
      if (renamed._tag !== "Renamed") {
        yield* replies.say(chatId, sentence(renamed._tag === "Same" ? words.same : words.gone))
        return true
      }
      yield* replies.say(chatId, doneScreen(id, renamed, texts))
      yield* tellOf(id, renamed, userId)
      return true
    }),
  })

  const ask = Effect.fnUntraced(function* (press: Press, { person: id }: ActionOf<"AskNickname">) {
    const texts = yield* Wording
    const person = yield* directory.find(id)
    if (person === undefined) return yield* press.alert(texts.nicknames.gone)
    if (person.role === "admin") return yield* press.alert(texts.nicknames.isAdmin)
    yield* questions.ask(press.userId, nicknameOf(id))
    yield* press.answer()
    // The card that the button stands on must stay: other admins may decide there.
    return yield* replies.say(press.chatId, question(person, texts))
  })

  const stop = Effect.fnUntraced(function* (press: Press) {
    yield* questions.forget(press.userId, "nickname")
    yield* replies.turn(press, sentence((yield* Wording).nicknames.stopped))
  })

  return { commands: {}, buttons: { AskNickname: ask, NicknameOff: stop } } satisfies Area
})

/** Gives a function that shows a new nickname on the cards, and tells the person and the admins. */
const makeTelling = Effect.gen(function* () {
  const approvals = yield* Approvals
  const decisions = yield* Decisions
  const notes = yield* Notes

  return Effect.fnUntraced(function* (
    id: TelegramId,
    { from, to, application }: Done,
    admin: TelegramId,
  ) {
    if (application === undefined) {
      yield* notes.tell([{ to: id, say: ({ nicknames }) => nicknames.yours(to) }])
    } else {
      // An applicant reads the nickname when the application is approved.
      yield* approvals.redraw(application)
    }
    const name = personName({ id, stage: from })
    yield* decisions.tellOthers(admin, (by, { nicknames }) =>
      nicknames.note(name, stageText(to), by),
    )
  })
})

const cancelling = (person: TelegramId, texts: Texts): Screen["keyboard"] => [
  [tap(texts.wizard.cancel, { _tag: "NicknameOff", person })],
]

const question = (person: Person, texts: Texts): Screen => ({
  html: lines(
    bold(texts.nicknames.title(String(person.id))),
    html`${texts.people.card.stage}: ${code(stageText(person.stage))}`,
    html``,
    html`${texts.nicknames.how}`,
  ),
  keyboard: cancelling(person.id, texts),
})

const doneScreen = (person: TelegramId, { from, to, application }: Done, texts: Texts): Screen => ({
  html: lines(
    html`${texts.nicknames.done(stageText(from), stageText(to))}`,
    html`${application === undefined ? texts.nicknames.meaning : texts.nicknames.stillOpen}`,
  ),
  keyboard: [[tap(texts.people.card.open, { _tag: "Person", person })], menuBelow(texts)],
})
