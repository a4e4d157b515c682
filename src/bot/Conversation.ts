/**
 * What the bot answers: the gate first, then the screen that a command or a button asks for.
 *
 * Only exact /start and an awaited nickname pass the gate of somebody who may not use the bot.
 * Every tap gets one answer, whatever becomes of it.
 */
import { Cause, Effect, Layer, Option } from "effect"
import { Access } from "../access/Access.ts"
import { Settings } from "../config/Settings.ts"
import * as Approvals from "./admin/approvals.ts"
import * as Desk from "./admin/desk.ts"
import { type Action, decodeAction } from "./Callback.ts"
import { Handler } from "./Handler.ts"
import { notice, saying, sentence } from "./screens/parts.ts"
import { Telegram } from "./Telegram.ts"
import { textsOf } from "./texts/textsOf.ts"
import type { Incoming } from "./Update.ts"
import * as Feedback from "./wizards/feedback.ts"
import * as Navigation from "./wizards/navigation.ts"
import * as Press from "./wizards/Press.ts"
import * as Proxies from "./wizards/proxies.ts"
import * as Registration from "./wizards/registration.ts"
import * as Replies from "./wizards/replies.ts"
import * as Stats from "./wizards/statistics.ts"

type Text = Extract<Incoming, { readonly _tag: "Text" }>
type Other = Extract<Incoming, { readonly _tag: "Other" }>

export const layer = Layer.effect(
  Handler,
  Effect.gen(function* () {
    const telegram = yield* Telegram
    const access = yield* Access
    const texts = textsOf((yield* Settings).language)
    const replies = yield* Replies.make
    const navigation = yield* Navigation.make(replies)
    const feedback = yield* Feedback.make(replies)
    const approvals = yield* Approvals.make
    const desk = yield* Desk.make(replies, navigation.stale)
    const registration = yield* Registration.make(replies, approvals)
    const proxies = yield* Proxies.make(replies, navigation.stale)
    const stats = yield* Stats.make(replies, navigation.stale)

    const command = Effect.fnUntraced(function* (incoming: Text) {
      const { userId, chatId, text } = incoming
      const [name, argument] = commandOf(text, telegram.me.username)
      switch (name) {
        case undefined:
          return (yield* proxies.onText(incoming))
            ? undefined
            : yield* replies.say(chatId, notice(texts.gate.hint, texts))
        case "start":
        case "menu":
        case "cancel": {
          if (!(yield* proxies.giveUp(userId, chatId))) return
          const menu = yield* navigation.menuOf(userId)
          const isCancel = name === "cancel"
          return yield* replies.say(chatId, isCancel ? saying(texts.wizard.cancelled, menu) : menu)
        }
        case "my":
          return yield* replies.say(chatId, yield* navigation.mine(userId))
        case "stats":
        case "statistic":
          return yield* stats.open(chatId)
        case "help":
          return yield* replies.say(chatId, navigation.help)
        default:
          return (yield* desk.run(name, { userId, chatId, argument }))
            ? undefined
            : yield* replies.say(chatId, notice(texts.gate.unknownCommand, texts))
      }
    })

    const denial = (role: "applicant" | "stranger") =>
      role === "applicant" ? texts.gate.waiting : texts.gate.denied

    /** Of somebody who may not use the bot. */
    const knock = Effect.fnUntraced(function* (
      { userId, chatId, text }: Text,
      role: "applicant" | "stranger",
    ) {
      const [name] = commandOf(text, telegram.me.username)
      // Whoever waits is told so, and that is true afterwards: admins without his card get it.
      if (name === "start" || role === "applicant") {
        const isAllowed = yield* registration.start(userId, chatId)
        return isAllowed === true ? yield* navigation.showMenu(userId, chatId) : undefined
      }
      return name === undefined && (yield* registration.awaitsNickname(userId))
        ? yield* registration.nickname(userId, chatId, text)
        : yield* replies.say(chatId, sentence(texts.gate.denied))
    })

    const act = Effect.fnUntraced(function* (press: Press.Press, action: Action) {
      if (!(yield* proxies.leave(press, action))) return
      if (Proxies.isProxyAction(action)) return yield* proxies.act(press, action)
      if (Navigation.isMove(action)) return yield* navigation.move(press, action)
      if (Stats.isStats(action)) return yield* stats.act(press, action)
      if (yield* desk.act(press, action)) return
      switch (action._tag) {
        case "Noop":
          return yield* press.answer()
        case "Decide":
          return press.role === "admin"
            ? yield* approvals
                .decide(press, action.applicant, action.decision)
                .pipe(Effect.catch(() => press.alert(texts.refusals.storageUnavailable)))
            : yield* press.alert(texts.gate.adminsOnly)
        default: {
          if (!Feedback.isFeedback(action)) return yield* navigation.stale(press)
          const resource = navigation.findResource(action.resource)
          return resource === undefined
            ? yield* navigation.stale(press)
            : yield* feedback(press, resource, action)
        }
      }
    })

    const onTap = Effect.fnUntraced(function* (tap: Press.Tap) {
      const role = yield* access.role(tap.userId)
      const press = yield* Press.make(telegram, tap, role)
      if (role === "applicant" || role === "stranger") return yield* press.alert(denial(role))
      const action = decodeAction(tap.data)
      return yield* (
        Option.isNone(action) ? navigation.stale(press) : act(press, action.value)
      ).pipe(apologising(replies.alert(press, texts.gate.failed)), Effect.ensuring(press.answer()))
    })

    const onText = Effect.fnUntraced(function* (text: Text) {
      const role = yield* access.role(text.userId)
      yield* role === "applicant" || role === "stranger" ? knock(text, role) : command(text)
    })

    const onOther = Effect.fnUntraced(function* ({ userId, chatId }: Other) {
      const role = yield* access.role(userId)
      if (role === "applicant" || role === "stranger") {
        return yield* replies.say(chatId, sentence(denial(role)))
      }
      if (!(yield* proxies.onOther(userId, chatId))) {
        yield* replies.say(chatId, notice(texts.gate.hint, texts))
      }
    })

    const handle = Effect.fn("Conversation.handle")(function* (incoming: Incoming) {
      switch (incoming._tag) {
        case "Tap":
          return yield* onTap(incoming)
        case "Membership":
          return yield* Effect.logDebug(incoming.blocked ? "bot stopped" : "bot let in")
        case "Text":
        case "Other":
          return yield* (incoming._tag === "Text" ? onText(incoming) : onOther(incoming)).pipe(
            apologising(replies.say(incoming.chatId, sentence(texts.gate.failed))),
          )
      }
    })

    return Handler.of({
      handle: (incoming) =>
        Effect.annotateLogs(handle(incoming), { user: incoming.userId, kind: incoming._tag }),
    })
  }),
)

/** Tells the person of a crash; the intake logs where it was. A stop of the bot is no crash. */
const apologising =
  (words: Effect.Effect<void>) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.tapCause(work, (cause) => (Cause.hasInterruptsOnly(cause) ? Effect.void : words))

/** The name of a command to this bot and what stands behind it; no name for plain text. */
const commandOf = (text: string, username: string): readonly [string | undefined, string] => {
  const match = /^\/([a-z0-9_]+)(?:@(\w+))?(?:\s+([^]*))?$/i.exec(text)
  if (match === null) return [text.startsWith("/") ? "" : undefined, ""]
  const [, name = "", addressee, argument = ""] = match
  const isForUs = addressee === undefined || addressee.toLowerCase() === username.toLowerCase()
  return [isForUs ? name.toLowerCase() : "", argument.trim()]
}
