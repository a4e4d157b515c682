/**
 * The conversation answers messages and buttons, and notices when a person stops the bot.
 *
 * The gate comes first. Somebody who may not use the bot gets a refusal, unless they send /start or
 * a nickname that the bot has asked for. Everybody else gets the answer of the command, or of the
 * flow that the button belongs to.
 */
import { Cause, Clock, Effect, Layer, Option } from "effect"
import { Access } from "../access/Access.ts"
import { Blocks } from "../access/Blocks.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import { profileOf, type Role, type TelegramId } from "../domain/Employee.ts"
import { Pools } from "../pool/Pools.ts"
import { Supplies } from "../pool/Supply.ts"
import { Decisions } from "./admin/Admins.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
import { Approvals } from "./admin/approvals.ts"
import { makeDesk } from "./admin/desk.ts"
import { Directory } from "./admin/Directory.ts"
import { type Action, type ActionIn, byFlow, decodeAction, isIn } from "./buttons.ts"
import { CallbackMode } from "./CallbackMode.ts"
import { nearestCommands, showCommands } from "./Commands.ts"
import { Conduct } from "./Conduct.ts"
import { Handler } from "./Handler.ts"
import { Languages, Wording } from "./Languages.ts"
import { Notes } from "./Notes.ts"
import { OfferCards } from "./OfferCards.ts"
import { Menus } from "./Menus.ts"
import { Questions } from "./Questions.ts"
import { Redraws } from "./Redraws.ts"
import { makePress, type Press, Replies, type Tap } from "./Replies.ts"
import { notice, saying, sentence } from "./screens/parts.ts"
import { suspendedText } from "./screens/refused.ts"
import { Telegram } from "./Telegram.ts"
import type { Incoming } from "./Update.ts"
import { makeFeedback } from "./wizards/feedback.ts"
import { makeSteps } from "./wizards/issue.ts"
import { makeHandOver } from "./wizards/handOver.ts"
import { makeLanguageChoice } from "./wizards/language.ts"
import { makeOrder } from "./wizards/order.ts"
import { makeOwn } from "./wizards/own.ts"
import { makeProxyWizards } from "./wizards/proxyWizards.ts"
import { makeRegistration } from "./wizards/registration.ts"
import { makeStats } from "./wizards/stats.ts"
import { makeTyped } from "./wizards/typed.ts"
import { makeWhy } from "./wizards/why.ts"

/** Handles the updates of each person in their language. */
export const layer = Layer.effect(
  Handler,
  Effect.gen(function* () {
    const languages = yield* Languages
    const telegram = yield* Telegram
    const replies = yield* Replies
    const access = yield* Access
    const slowDown = yield* makeSlowDown
    const callbackMode = yield* CallbackMode
    const registration = yield* makeRegistration
    const questions = yield* Questions
    const converse = yield* makeConversation(registration)

    /** The texts in which the update is answered. */
    const textsFor = Effect.fnUntraced(function* (incoming: Incoming) {
      const { userId } = incoming
      const role = yield* access.role(userId)
      if (incoming._tag === "Membership" || (role !== "stranger" && role !== "applicant")) {
        return yield* languages.textsFor(userId)
      }
      const texts = yield* languages.textsForNewcomer(userId, incoming.languageCode)
      // A language that the disk refuses is noted with the applicant's next update.
      if (role === "applicant") yield* Effect.ignore(languages.note(userId, texts.language))
      return texts
    })

    /** Nobody knows which message was meant, so the tap changes nothing, and the person taps anew. */
    const onStrayTap = Effect.fnUntraced(function* (tap: StrayTap) {
      const { gate } = yield* textsFor(tap)
      yield* callbackMode.mend
      yield* telegram.answer(tap.callbackId, { text: gate.strayTap, alert: true })
    })

    return Handler.of({
      isColleague: (person) => access.isAllowed(person),
      isRegistering: Effect.fnUntraced(function* (person, did) {
        const role = yield* access.role(person)
        if ("button" in did) {
          const action = Option.filter(decodeAction(did.button), isIn("applicant"))
          return role === "applicant" && Option.isSome(action)
        }
        const [name] = commandOf(did.text, telegram.me.username)
        if (role === "applicant") {
          return name === undefined && (yield* questions.subjectOf(person)) === "ownNickname"
        }
        return role === "stranger" && (yield* registration.isStep(person, name))
      }),
      slowDown: (incoming, isTold) =>
        Effect.flatMap(textsFor(incoming), (texts) =>
          Effect.provideService(slowDown(incoming, isTold), Wording, texts),
        ),
      handle: (incoming) =>
        (incoming._tag === "StrayTap"
          ? onStrayTap(incoming)
          : Effect.flatMap(textsFor(incoming), (texts) =>
              Effect.provideService(converse(incoming), Wording, texts),
            )
        ).pipe(Effect.annotateLogs({ user: incoming.userId, kind: incoming._tag })),
      excuse: Effect.fnUntraced(function* (incoming) {
        if (incoming._tag === "Membership") return
        // It would change nothing with a disk either.
        if (incoming._tag === "StrayTap") return yield* onStrayTap(incoming)
        const { gate } = yield* textsFor(incoming)
        if (incoming._tag === "Tap") {
          const alert = { text: gate.diskWaits, alert: true }
          return yield* telegram.answer(incoming.callbackId, alert)
        }
        return yield* replies.say(incoming.chatId, sentence(gate.diskWaits))
      }),
    })
  }),
).pipe(
  Layer.provide(CallbackMode.layer),
  Layer.provideMerge(Layer.mergeAll(Approvals.layer, Conduct.layer, Menus.layer, Questions.layer)),
  Layer.provideMerge(
    Layer.mergeAll(Decisions.layer, Directory.layer, OfferCards.layer, Redraws.layer),
  ),
  Layer.provideMerge(Layer.mergeAll(Notes.layer, Replies.layer, Supplies.layer)),
  Layer.provideMerge(TellAdmins.layer),
)

type Text = Extract<Incoming, { readonly _tag: "Text" }>
type Other = Extract<Incoming, { readonly _tag: "Other" }>
type StrayTap = Extract<Incoming, { readonly _tag: "StrayTap" }>

/** Answers a colleague whose update was dropped. A tap is answered in any case: it would spin on. */
const makeSlowDown = Effect.gen(function* () {
  const telegram = yield* Telegram
  const replies = yield* Replies

  return Effect.fnUntraced(function* (incoming: Incoming, isTold: boolean) {
    const { gate } = yield* Wording
    if (incoming._tag === "Tap" || incoming._tag === "StrayTap") {
      const alert = isTold ? { text: gate.tooFast, alert: true } : {}
      return yield* telegram.answer(incoming.callbackId, alert)
    }
    if (!isTold || incoming._tag === "Membership") return
    yield* replies.say(incoming.chatId, sentence(gate.tooFast))
  })
})

/** The gate, and behind it the answers. */
const makeConversation = Effect.fnUntraced(function* (registration: Registration) {
  const telegram = yield* Telegram
  const access = yield* Access
  const replies = yield* Replies
  const menus = yield* Menus
  const conduct = yield* Conduct
  const { heard } = yield* TellAdmins
  const denial = yield* makeDenial
  const knock = yield* makeKnock(denial, registration)
  const { onText, onButton, onOther } = yield* makeAnswers(registration)

  /** Every tap gets exactly one answer, even if its handler crashes. */
  const onTap = Effect.fnUntraced(function* (tap: Tap) {
    const role = yield* access.role(tap.userId)
    const { press, end } = makePress(telegram, tap, role)
    const { gate } = yield* Wording
    const action = decodeAction(tap.data)
    if (isOutsider(role)) {
      const own = Option.filter(action, isIn("applicant"))
      return role === "blocked" || Option.isNone(own)
        ? yield* press.alert(yield* denial(role, tap.userId, alertMax))
        : yield* registration
            .act(press, own.value)
            .pipe(apologising(replies.alert(press, gate.failed)), Effect.ensuring(end))
    }
    return yield* (Option.isNone(action) ? menus.stale(press) : onButton(press, action.value)).pipe(
      apologising(replies.alert(press, gate.failed)),
      Effect.ensuring(end),
    )
  })

  const onMessage = Effect.fnUntraced(function* (message: Text | Other) {
    const { userId, chatId } = message
    const role = yield* access.role(userId)
    if (message._tag === "Text") {
      return yield* isOutsider(role) ? knock(message, role) : onText(message)
    }
    return yield* isOutsider(role)
      ? replies.say(chatId, sentence(yield* denial(role, userId)))
      : onOther(message)
  })

  // A handler sends some calls beside itself: the update is handled only when these have ended too.
  return Effect.fnUntraced(function* (incoming: Exclude<Incoming, StrayTap>) {
    if (incoming._tag !== "Membership" || !incoming.blocked) yield* heard(incoming.userId)
    const isNamed = incoming._tag === "Text" || incoming._tag === "Tap"
    if (isNamed && access.admins.includes(incoming.userId)) {
      yield* access.introduced(incoming.userId, profileOf(incoming).firstName)
    }
    switch (incoming._tag) {
      case "Tap":
        return yield* onTap(incoming)
      case "Membership":
        yield* Effect.logDebug(incoming.blocked ? "bot stopped" : "bot let in")
        return incoming.blocked ? yield* conduct.stoppedBot(incoming.userId) : undefined
      case "Text":
      case "Other": {
        const { gate } = yield* Wording
        return yield* onMessage(incoming).pipe(
          apologising(replies.say(incoming.chatId, sentence(gate.failed))),
        )
      }
    }
  }, Effect.awaitAllChildren)
})

/** Answers the commands, buttons and other messages of people who may use the bot. */
const makeAnswers = Effect.fnUntraced(function* (registration: Registration) {
  const telegram = yield* Telegram
  const access = yield* Access
  const replies = yield* Replies
  const menus = yield* Menus
  const pools = yield* Pools
  const { resources } = yield* CatalogueSource
  const steps = yield* makeSteps
  const order = yield* makeOrder(steps)
  const own = yield* makeOwn
  const feedback = yield* makeFeedback
  const why = yield* makeWhy
  const hand = yield* makeHandOver
  const proxies = yield* makeProxyWizards
  const typed = yield* makeTyped({ steps, proxies })
  const stats = yield* makeStats
  const languageChoice = yield* makeLanguageChoice
  const desk = yield* makeDesk
  const questions = yield* Questions

  /** /start, /menu and /cancel give up what the person was doing and show the menu. */
  const toMenu = Effect.fnUntraced(function* (name: string, { userId, chatId }: Text) {
    if (!(yield* proxies.giveUp(userId, chatId, name === "cancel"))) return
    const texts = yield* Wording
    const menu = yield* menus.of(userId)
    yield* replies.say(chatId, name === "cancel" ? saying(texts.wizard.cancelled, menu) : menu)
    if (name !== "start") return
    // Telegram can set a list of commands for a chat only once the person has opened the chat.
    const isAdmin = (yield* access.role(userId)) === "admin"
    yield* showCommands(telegram, chatId, texts, { resources, isAdmin })
  })

  /** The commands for everybody. Those of the desk and of the resources come after them. */
  const commands = new Map<
    string,
    (incoming: Text, argument: string) => Effect.Effect<void, never, Wording>
  >([
    ["start", (incoming) => toMenu("start", incoming)],
    ["menu", (incoming) => toMenu("menu", incoming)],
    ["cancel", (incoming) => toMenu("cancel", incoming)],
    [
      "my",
      ({ userId, chatId }) => Effect.flatMap(own.mine(userId), (mine) => replies.say(chatId, mine)),
    ],
    ["stats", ({ userId, chatId }) => stats.open(userId, chatId)],
    ["statistic", ({ userId, chatId }) => stats.open(userId, chatId)],
    [
      "help",
      ({ userId, chatId }) =>
        Effect.flatMap(own.helpOf(userId), (help) => replies.say(chatId, help)),
    ],
    ["language", (incoming, argument) => languageChoice.run(incoming, argument)],
  ])

  const isKnown = (name: string) =>
    commands.has(name) || desk.commands.includes(name) || typed.commands.includes(name)

  const onCommand = Effect.fnUntraced(function* (name: string, incoming: Text, argument: string) {
    const { userId, chatId, messageId } = incoming
    yield* steps.last.forget(userId)
    // A misspelt command may be a slip, or a value that begins with a slash: the question stays.
    if (isKnown(name)) yield* questions.forget(userId)
    const command = commands.get(name)
    if (command !== undefined) return yield* command(incoming, argument)
    const isDone =
      (yield* desk.run(name, { userId, chatId, messageId, argument })) ||
      (yield* typed.run(name, incoming, argument))
    return isDone ? undefined : yield* replies.say(chatId, yield* unknownCommand(name, userId))
  })

  const onText = Effect.fnUntraced(function* (incoming: Text) {
    const [name, argument] = commandOf(incoming.text, telegram.me.username)
    if (name !== undefined) return yield* onCommand(name, incoming, argument)
    return (yield* questions.onText(incoming, "colleague")) || (yield* proxies.onText(incoming))
      ? undefined
      : yield* typed.onText(incoming)
  })

  const unknownCommand = Effect.fnUntraced(function* (name: string, userId: TelegramId) {
    const texts = yield* Wording
    const isAdmin = (yield* access.role(userId)) === "admin"
    const near = nearestCommands(name, { resources, isAdmin })
    const text =
      near.length === 0
        ? texts.gate.unknownCommand
        : texts.menu.misspeltCommand(near.map((each) => `/${each}`).join(", "))
    return notice(text, texts)
  })

  /** A photo, a sticker, or anything else that is not a text. */
  const onOther = Effect.fnUntraced(function* ({ userId, chatId }: Other) {
    const texts = yield* Wording
    if (yield* proxies.onOther(userId, chatId)) return
    yield* replies.say(chatId, notice(texts.gate.notText, texts))
  })

  const onGoods = Effect.fnUntraced(function* (press: Press, action: ActionIn<"goods">) {
    const resource = pools.resources.find(({ id }) => id === action.resource)
    return resource === undefined
      ? yield* menus.stale(press)
      : yield* feedback(press, resource, action)
  })

  const answerTo = (press: Press) =>
    byFlow<Effect.Effect<void, never, Wording>>({
      order: (action) => (proxies.isMenu(action) ? proxies.menu(press) : order(press, action)),
      own: (action) => own.act(press, action),
      goods: (action) => onGoods(press, action),
      why: (action) => why.act(press, action),
      hand: (action) => hand(press, action),
      proxyAdd: (action) => proxies.add(press, action),
      proxyGet: (action) => proxies.get(press, action),
      proxyHeld: (action) => proxies.get(press, action),
      stats: (action) => stats.act(press, action),
      admin: (action) => desk.act(press, action),
      applicant: (action) => Effect.asVoid(registration.act(press, action)),
      language: ({ language }) => languageChoice.choose(press, language),
      label: () => press.answer(),
    })

  const onButton = Effect.fnUntraced(function* (press: Press, action: Action) {
    yield* questions.pressed(press.userId, action)
    if (action._tag !== "Noop") yield* steps.last.forget(press.userId)
    if (yield* proxies.leave(press, action)) yield* answerTo(press)(action)
  })

  return { onText, onButton, onOther }
})

type Registration = Effect.Success<typeof makeRegistration>

type Outsider = Exclude<Role, "admin" | "employee">

const isOutsider = (role: Role): role is Outsider => role !== "admin" && role !== "employee"

/** Answers a text of a person who may not use the bot. */
const makeKnock = Effect.fnUntraced(function* (
  denial: Effect.Success<typeof makeDenial>,
  registration: Registration,
) {
  const telegram = yield* Telegram
  const replies = yield* Replies
  const menus = yield* Menus
  const questions = yield* Questions

  return Effect.fnUntraced(function* (incoming: Text, role: Outsider) {
    const { userId, chatId, text } = incoming
    const profile = profileOf(incoming)
    if (role === "blocked") {
      return yield* replies.say(chatId, sentence(yield* denial(role, userId)))
    }
    const [name] = commandOf(text, telegram.me.username)
    const isText = name === undefined && role === "applicant"
    if (isText && (yield* questions.onText(incoming, "applicant"))) return
    // An applicant who writes anything else hears that their application waits. To make that true, the
    // card goes once more to the admins who have not got it.
    if (name === "start" || role === "applicant") {
      const isAllowed = yield* registration.start(userId, chatId, profile)
      return isAllowed === true ? yield* menus.show(userId, chatId) : undefined
    }
    return name === undefined && (yield* registration.awaitsNickname(userId))
      ? yield* registration.nickname(userId, chatId, text, profile)
      : yield* replies.say(chatId, sentence((yield* Wording).gate.denied))
  })
})

/** Gives the sentence that somebody reads who may not use the bot, in at most `max` characters. */
const makeDenial = Effect.gen(function* () {
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings

  return Effect.fnUntraced(function* (role: Outsider, id: TelegramId, max?: number) {
    const texts = yield* Wording
    if (role !== "blocked") return role === "applicant" ? texts.gate.waiting : texts.gate.denied
    const block = yield* blocks.find(id)
    // The block ended a moment after the role was looked up.
    if (Option.isNone(block)) return texts.people.dismissal.begun
    const now = yield* Clock.currentTimeMillis
    return suspendedText(block.value, { now, zone, texts }, max)
  })
})

/** The longest text that Telegram shows in an alert. */
const alertMax = 200

/**
 * Tells the person when the work crashes; the intake logs where it was. An interruption, when the
 * bot stops, is no crash.
 */
const apologising =
  (apology: Effect.Effect<void>) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.tapCause(work, (cause) => (Cause.hasInterruptsOnly(cause) ? Effect.void : apology))

/**
 * The name of a command and what stands behind it. Plain text has no name; a command of another
 * bot, or one that is misspelt, has an empty name.
 */
const commandOf = (text: string, username: string): readonly [string | undefined, string] => {
  const match = /^\/([a-z0-9_]+)(?:@(\w+))?(?:\s([^]*))?$/i.exec(text)
  if (match === null) return [text.startsWith("/") ? "" : undefined, ""]
  const [, name = "", addressee, argument = ""] = match
  const isForUs = addressee === undefined || addressee.toLowerCase() === username.toLowerCase()
  return [isForUs ? name.toLowerCase() : "", argument.trim()]
}
