/**
 * What the bot answers: the gate first, then the screen that a command or a button asks for.
 *
 * Only exact /start and an awaited nickname pass the gate of somebody who may not use the bot.
 * Every tap gets one answer, whatever becomes of it.
 */
import { Cause, Clock, Effect, Layer, Option } from "effect"
import { Access } from "../access/Access.ts"
import { Blocks } from "../access/Blocks.ts"
import { Settings } from "../config/Settings.ts"
import type { Role, TelegramId } from "../domain/Employee.ts"
import { AdminTurns } from "./admin/Admins.ts"
import * as Approvals from "./admin/approvals.ts"
import * as Desk from "./admin/desk.ts"
import * as BotStops from "./BotStops.ts"
import { type Action, decodeAction } from "./Callback.ts"
import { showCommands } from "./Commands.ts"
import { Handler } from "./Handler.ts"
import { Languages, textsOf, Wording } from "./Languages.ts"
import { makePress, makeReplies, type Press, type Tap } from "./Replies.ts"
import { notice, saying, sentence } from "./screens/parts.ts"
import { suspendedText } from "./screens/refused.ts"
import { Telegram } from "./Telegram.ts"
import * as Trespass from "./Trespass.ts"
import type { Incoming } from "./Update.ts"
import * as Feedback from "./wizards/feedback.ts"
import * as LanguageChoice from "./wizards/language.ts"
import * as Navigation from "./wizards/navigation.ts"
import * as Proxies from "./wizards/proxies.ts"
import * as Registration from "./wizards/registration.ts"
import * as Stats from "./wizards/statistics.ts"

type Text = Extract<Incoming, { readonly _tag: "Text" }>
type Other = Extract<Incoming, { readonly _tag: "Other" }>

/** One conversation for each language; whoever writes is answered in the one of theirs. */
export const layer = Layer.effect(
  Handler,
  Effect.gen(function* () {
    const languages = yield* Languages
    const watch = { trespass: yield* Trespass.make, botStops: yield* BotStops.make }
    const speaking = {
      ru: yield* Effect.provideService(converse(watch), Wording, textsOf("ru")),
      en: yield* Effect.provideService(converse(watch), Wording, textsOf("en")),
    }
    return Handler.of({
      handle: (incoming) =>
        Effect.flatMap(languages.of(incoming.userId), (language) =>
          speaking[language](incoming),
        ).pipe(Effect.annotateLogs({ user: incoming.userId, kind: incoming._tag })),
    })
  }),
).pipe(Layer.provide(AdminTurns.layer))

/** What admins hear of, whatever language it is done in. */
interface Watch {
  readonly trespass: Trespass.Trespass
  readonly botStops: BotStops.BotStops
}

const converse = Effect.fnUntraced(function* ({ trespass, botStops }: Watch) {
  const telegram = yield* Telegram
  const access = yield* Access
  const parts = yield* makeParts(trespass)
  const denial = yield* makeDenial
  const command = answering(parts, telegram.me.username)
  const act = acting(parts)
  const { replies, navigation, registration, proxies, texts } = parts

  /** Of somebody who may not use the bot. */
  const knock = Effect.fnUntraced(function* ({ userId, chatId, text }: Text, role: Outsider) {
    if (role === "blocked") {
      return yield* replies.say(chatId, sentence(yield* denial(role, userId)))
    }
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

  const onTap = Effect.fnUntraced(function* (tap: Tap) {
    const role = yield* access.role(tap.userId)
    const press = yield* makePress(telegram, tap, role)
    if (isOutsider(role)) {
      return yield* press.alert(yield* denial(role, tap.userId, alertMax))
    }
    const action = decodeAction(tap.data)
    return yield* (Option.isNone(action) ? navigation.stale(press) : act(press, action.value)).pipe(
      apologising(replies.alert(press, texts.gate.failed)),
      Effect.ensuring(press.answer()),
    )
  })

  const onText = Effect.fnUntraced(function* (text: Text) {
    const role = yield* access.role(text.userId)
    yield* isOutsider(role) ? knock(text, role) : command(text)
  })

  const onOther = Effect.fnUntraced(function* ({ userId, chatId }: Other) {
    const role = yield* access.role(userId)
    if (isOutsider(role)) {
      return yield* replies.say(chatId, sentence(yield* denial(role, userId)))
    }
    if (!(yield* proxies.onOther(userId, chatId))) {
      yield* replies.say(chatId, notice(texts.gate.hint, texts))
    }
  })

  return Effect.fn("Conversation.handle")(function* (incoming: Incoming) {
    switch (incoming._tag) {
      case "Tap":
        return yield* onTap(incoming)
      case "Membership":
        yield* Effect.logDebug(incoming.blocked ? "bot stopped" : "bot let in")
        return incoming.blocked ? yield* botStops(incoming.userId) : undefined
      case "Text":
      case "Other":
        return yield* (incoming._tag === "Text" ? onText(incoming) : onOther(incoming)).pipe(
          apologising(replies.say(incoming.chatId, sentence(texts.gate.failed))),
        )
    }
  })
})

type Parts = Effect.Success<ReturnType<typeof makeParts>>

const makeParts = Effect.fnUntraced(function* (trespass: Trespass.Trespass) {
  const texts = yield* Wording
  const replies = yield* makeReplies
  const navigation = yield* Navigation.make(replies)
  const approvals = yield* Approvals.make
  const telegram = yield* Telegram
  const access = yield* Access
  const { stale } = navigation
  return {
    texts,
    replies,
    navigation,
    showCommands: Effect.fnUntraced(function* (id: TelegramId, chatId: number) {
      const isAdmin = (yield* access.role(id)) === "admin"
      yield* showCommands(telegram, chatId, texts, isAdmin)
    }),
    feedback: yield* Feedback.make(replies, trespass),
    languageChoice: yield* LanguageChoice.make(replies),
    desk: yield* Desk.make(replies, stale, trespass),
    registration: yield* Registration.make(replies, approvals),
    proxies: yield* Proxies.make(replies, stale),
    stats: yield* Stats.make(replies, stale),
  }
})

/** What becomes of a text, for whoever may use the bot. */
const answering = (parts: Parts, username: string) =>
  Effect.fnUntraced(function* (incoming: Text) {
    const { replies, navigation, proxies, texts } = parts
    const { userId, chatId, messageId, text } = incoming
    const [name, argument] = commandOf(text, username)
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
        yield* replies.say(chatId, isCancel ? saying(texts.wizard.cancelled, menu) : menu)
        // Before his first /start Telegram knew of no chat with him to set them for.
        return name === "start" ? yield* parts.showCommands(userId, chatId) : undefined
      }
      case "my":
        return yield* replies.say(chatId, yield* navigation.mine(userId))
      case "stats":
      case "statistic":
        return yield* parts.stats.open(chatId)
      case "help":
        return yield* replies.say(chatId, yield* navigation.helpOf(userId))
      case "language":
        return yield* parts.languageChoice.open(chatId)
      default:
        return (yield* parts.desk.run(name, { userId, chatId, messageId, argument }))
          ? undefined
          : yield* replies.say(chatId, notice(texts.gate.unknownCommand, texts))
    }
  })

/** What becomes of a button, for whoever may use the bot. */
const acting = (parts: Parts) =>
  Effect.fnUntraced(function* (press: Press, action: Action) {
    const { navigation, proxies } = parts
    if (!(yield* proxies.leave(press, action))) return
    if (Proxies.isProxyAction(action)) return yield* proxies.act(press, action)
    if (Navigation.isMove(action)) return yield* navigation.move(press, action)
    if (Stats.isStats(action)) return yield* parts.stats.act(press, action)
    if (yield* parts.desk.act(press, action)) return
    switch (action._tag) {
      case "Noop":
        return yield* press.answer()
      case "Language":
        return yield* parts.languageChoice.choose(press, action.language)
      default: {
        if (!Feedback.isFeedback(action)) return yield* navigation.stale(press)
        const resource = navigation.findResource(action.resource)
        return resource === undefined
          ? yield* navigation.stale(press)
          : yield* parts.feedback(press, resource, action)
      }
    }
  })

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

/* What somebody is told who may not use the bot, or not now. */

export type Outsider = Exclude<Role, "admin" | "employee">

export const isOutsider = (role: Role): role is Outsider => role !== "admin" && role !== "employee"

/** Longest text of an alert. */
export const alertMax = 200

export const makeDenial = Effect.gen(function* () {
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  /** `max`: longest text that can be shown. */
  return Effect.fnUntraced(function* (role: Outsider, id: TelegramId, max?: number) {
    if (role !== "blocked") return role === "applicant" ? texts.gate.waiting : texts.gate.denied
    const block = yield* blocks.find(id)
    // It may have ended a moment ago.
    if (Option.isNone(block)) return texts.people.dismissal.begun
    const now = yield* Clock.currentTimeMillis
    return suspendedText(block.value, { now, zone, texts }, max)
  })
})
