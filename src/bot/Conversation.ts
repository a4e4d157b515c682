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
import { Approvals } from "./admin/approvals.ts"
import { Directory } from "./admin/Directory.ts"
import { BotStops } from "./BotStops.ts"
import { type Action, type ActionIn, decodeAction, isIn } from "./buttons.ts"
import { showCommands } from "./Commands.ts"
import { Handler } from "./Handler.ts"
import { Languages, Wording } from "./Languages.ts"
import { Menus } from "./Menus.ts"
import { makePress, type Press, Replies, type Tap } from "./Replies.ts"
import { notice, saying, sentence } from "./screens/parts.ts"
import { suspendedText } from "./screens/refused.ts"
import { Telegram } from "./Telegram.ts"
import { Trespass } from "./Trespass.ts"
import type { Incoming } from "./Update.ts"
import * as Feedback from "./wizards/feedback.ts"
import * as LanguageChoice from "./wizards/language.ts"
import * as Navigation from "./wizards/navigation.ts"
import * as Proxies from "./wizards/proxies.ts"
import * as Registration from "./wizards/registration.ts"
import * as Stats from "./wizards/statistics.ts"
import { Decisions, TellAdmins } from "./admin/Admins.ts"
import { makeDesk } from "./admin/desk.ts"

type Text = Extract<Incoming, { readonly _tag: "Text" }>
type Other = Extract<Incoming, { readonly _tag: "Other" }>

const converse = Effect.gen(function* () {
  const telegram = yield* Telegram
  const access = yield* Access
  const replies = yield* Replies
  const menus = yield* Menus
  const botStops = yield* BotStops
  const registration = yield* Registration.make
  const navigation = yield* Navigation.make
  const proxies = yield* Proxies.make
  const denial = yield* makeDenial
  const { command, act } = yield* makeAnswers({ navigation, proxies })

  /** Answers a text of somebody who may not use the bot. */
  const knock = Effect.fnUntraced(function* ({ userId, chatId, text }: Text, role: Outsider) {
    if (role === "blocked") {
      return yield* replies.say(chatId, sentence(yield* denial(role, userId)))
    }
    const [name] = commandOf(text, telegram.me.username)
    // Whoever waits is told so, and that is true afterwards: admins without his card get it.
    if (name === "start" || role === "applicant") {
      const isAllowed = yield* registration.start(userId, chatId)
      return isAllowed === true ? yield* menus.show(userId, chatId) : undefined
    }
    return name === undefined && (yield* registration.awaitsNickname(userId))
      ? yield* registration.nickname(userId, chatId, text)
      : yield* replies.say(chatId, sentence((yield* Wording).gate.denied))
  })

  const onTap = Effect.fnUntraced(function* (tap: Tap) {
    const role = yield* access.role(tap.userId)
    const press = yield* makePress(telegram, tap, role)
    if (isOutsider(role)) {
      return yield* press.alert(yield* denial(role, tap.userId, alertMax))
    }
    const { gate } = yield* Wording
    const action = decodeAction(tap.data)
    return yield* (Option.isNone(action) ? menus.stale(press) : act(press, action.value)).pipe(
      apologising(replies.alert(press, gate.failed)),
      Effect.ensuring(press.answer()),
    )
  })

  const onText = Effect.fnUntraced(function* (text: Text) {
    const role = yield* access.role(text.userId)
    yield* isOutsider(role) ? knock(text, role) : command(text)
  })

  /** Answers a photo, a sticker or anything else that is no text. */
  const onOther = Effect.fnUntraced(function* ({ userId, chatId }: Other) {
    const role = yield* access.role(userId)
    if (isOutsider(role)) {
      return yield* replies.say(chatId, sentence(yield* denial(role, userId)))
    }
    const texts = yield* Wording
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
        return incoming.blocked ? yield* botStops.noticed(incoming.userId) : undefined
      case "Text":
      case "Other": {
        const { gate } = yield* Wording
        return yield* (incoming._tag === "Text" ? onText(incoming) : onOther(incoming)).pipe(
          apologising(replies.say(incoming.chatId, sentence(gate.failed))),
        )
      }
    }
  })
})

/** Whoever writes is answered in their language. */
export const layer = Layer.effect(
  Handler,
  Effect.gen(function* () {
    const languages = yield* Languages
    const handle = yield* converse
    return Handler.of({
      handle: (incoming) =>
        Effect.flatMap(languages.textsFor(incoming.userId), (texts) =>
          Effect.provideService(handle(incoming), Wording, texts),
        ).pipe(Effect.annotateLogs({ user: incoming.userId, kind: incoming._tag })),
    })
  }),
).pipe(
  Layer.provideMerge(
    Layer.mergeAll(Approvals.layer, BotStops.layer, Menus.layer, Trespass.layer),
  ),
  Layer.provideMerge(Layer.merge(Decisions.layer, Directory.layer)),
  Layer.provideMerge(Layer.merge(Replies.layer, TellAdmins.layer)),
)

interface Wizards {
  readonly navigation: Effect.Success<typeof Navigation.make>
  readonly proxies: Effect.Success<typeof Proxies.make>
}

/** What becomes of a command and of a button, for whoever may use the bot. */
const makeAnswers = Effect.fnUntraced(function* ({ navigation, proxies }: Wizards) {
  const telegram = yield* Telegram
  const access = yield* Access
  const replies = yield* Replies
  const menus = yield* Menus
  const feedback = yield* Feedback.make
  const languageChoice = yield* LanguageChoice.make
  const stats = yield* Stats.make
  const desk = yield* makeDesk

  const command = Effect.fnUntraced(function* (incoming: Text) {
    const texts = yield* Wording
    const { userId, chatId, messageId, text } = incoming
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
        const menu = yield* menus.of(userId)
        const isCancel = name === "cancel"
        yield* replies.say(chatId, isCancel ? saying(texts.wizard.cancelled, menu) : menu)
        if (name !== "start") return
        // Before the first /start Telegram knows of no chat to set the list of commands for.
        const isAdmin = (yield* access.role(userId)) === "admin"
        return yield* showCommands(telegram, chatId, texts, isAdmin)
      }
      case "my":
        return yield* replies.say(chatId, yield* navigation.mine(userId))
      case "stats":
      case "statistic":
        return yield* stats.open(chatId)
      case "help":
        return yield* replies.say(chatId, yield* navigation.helpOf(userId))
      case "language":
        return yield* languageChoice.open(chatId)
      default:
        return (yield* desk.run(name, { userId, chatId, messageId, argument }))
          ? undefined
          : yield* replies.say(chatId, notice(texts.gate.unknownCommand, texts))
    }
  })

  const onGoods = Effect.fnUntraced(function* (press: Press, action: ActionIn<"goods">) {
    const resource = navigation.findResource(action.resource)
    return resource === undefined
      ? yield* menus.stale(press)
      : yield* feedback(press, resource, action)
  })

  const act = Effect.fnUntraced(function* (press: Press, action: Action) {
    if (!(yield* proxies.leave(press, action))) return
    if (Proxies.isProxyAction(action)) return yield* proxies.act(press, action)
    if (isMove(action)) return yield* navigation.move(press, action)
    if (isGoods(action)) return yield* onGoods(press, action)
    if (isStats(action)) return yield* stats.act(press, action)
    if (isAdmins(action)) return yield* desk.act(press, action)
    return action._tag === "Language"
      ? yield* languageChoice.choose(press, action.language)
      : yield* press.answer()
  })

  return { command, act }
})

const isMove = isIn("order", "own")
const isGoods = isIn("goods")
const isStats = isIn("stats")
const isAdmins = isIn("admin")

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

type Outsider = Exclude<Role, "admin" | "employee">

const isOutsider = (role: Role): role is Outsider => role !== "admin" && role !== "employee"

/** Longest text of an alert. */
const alertMax = 200

/** Gives what somebody is told who may not use the bot, in at most `max` characters. */
const makeDenial = Effect.gen(function* () {
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings

  return Effect.fnUntraced(function* (role: Outsider, id: TelegramId, max?: number) {
    const texts = yield* Wording
    if (role !== "blocked") return role === "applicant" ? texts.gate.waiting : texts.gate.denied
    const block = yield* blocks.find(id)
    // It may have ended a moment ago.
    if (Option.isNone(block)) return texts.people.dismissal.begun
    const now = yield* Clock.currentTimeMillis
    return suspendedText(block.value, { now, zone, texts }, max)
  })
})
