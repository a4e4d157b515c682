/** What a person does in his chat: writes, taps a button, blocks the bot. */
import { Result, Schema } from "effect"
import { withCallback } from "./Callbacks.ts"
import { plainText } from "./FormattedText.ts"
import { BadAct, type Decision, type Moment, seconds } from "./Method.ts"
import { botUser, messageJson, person, privateChat } from "./Render.ts"
import {
  type BotUser,
  type Button,
  chatOf,
  type Message,
  messageOf,
  type SimUser,
  type TelegramState,
  withMessage,
} from "./TelegramState.ts"
import { enqueue } from "./Updates.ts"

export const NewUser = Schema.Struct({
  id: Schema.Int,
  firstName: Schema.String,
  username: Schema.optionalKey(Schema.String),
  languageCode: Schema.optionalKey(Schema.String),
})
export type NewUser = typeof NewUser.Type

export interface Tap {
  readonly userId: number
  /** The message that carries the button; when absent, the newest one of the bot that fits. */
  readonly messageId?: number
  /** The text of the button, whole or a part that only one button has. */
  readonly label?: string
  /** Sent as it is, also when no button holds it: a forged tap. */
  readonly data?: string
}

const bad = (reason: string) => Result.fail(new BadAct({ reason }))

/** Adds a person, or renames one who is there. */
export const add = (
  { state }: Moment,
  { id, firstName, username, languageCode }: NewUser,
): Result.Result<Decision<SimUser>> => {
  const known = state.users[id]
  const user: SimUser = {
    id,
    firstName,
    ...(username === undefined ? {} : { username }),
    ...(languageCode === undefined ? {} : { languageCode }),
    started: known?.started ?? false,
    blocked: known?.blocked ?? false,
  }
  return Result.succeed({
    state: { ...state, users: { ...state.users, [id]: user } },
    result: user,
  })
}

export const say = (
  { state, now, bot }: Moment,
  userId: number,
  text: string,
  replyTo?: number,
): Result.Result<{ state: TelegramState; updateId: number; messageId: number }, BadAct> =>
  Result.gen(function* () {
    const before = yield* present(state, userId)
    const { text: kept, entities } = plainText(text)
    if (kept === "") return yield* bad("a message needs a text")
    if (replyTo !== undefined && messageOf(state, userId, replyTo) === undefined) {
      return yield* bad(`there is no message ${replyTo} to answer`)
    }
    const user = { ...before, started: true }
    const message: Message = {
      messageId: chatOf(state, userId).lastMessageId + 1,
      from: "user",
      date: seconds(now),
      text: kept,
      entities,
      keyboard: [],
      ...(replyTo === undefined ? {} : { replyTo }),
    }
    const written = withMessage(
      { ...state, users: { ...state.users, [userId]: user } },
      userId,
      message,
    )
    const body = messageJson(written, bot, user, message)
    const next = enqueue(written, now, { kind: "message", userId, body })
    return { state: next, updateId: next.lastUpdateId, messageId: message.messageId }
  })

export const tap = (
  { state, now, bot }: Moment,
  act: Tap,
  callbackLifeMs: number,
): Result.Result<{ state: TelegramState; updateId: number; callbackQueryId: string }, BadAct> =>
  Result.gen(function* () {
    const user = yield* present(state, act.userId)
    const { message, data } = yield* buttonOf(state, act)
    const n = state.lastCallback + 1
    const id = String(4_000_000_000 + n)
    const tapped = withCallback(
      { ...state, lastCallback: n },
      { id, userId: user.id, messageId: message.messageId, expiresAt: now + callbackLifeMs },
    )
    const body = {
      id,
      from: person(user),
      chat_instance: String(-7_000_000_000 - user.id),
      data,
      message: messageJson(state, bot, user, message),
    }
    const next = enqueue(tapped, now, { kind: "callback_query", userId: user.id, body })
    return { state: next, updateId: next.lastUpdateId, callbackQueryId: id }
  })

/** Blocks the bot or lets it in again; doing it twice changes nothing. */
export const block = (
  { state, now, bot }: Moment,
  userId: number,
  blocked: boolean,
): Result.Result<TelegramState, BadAct> =>
  Result.gen(function* () {
    const user = yield* known(state, userId)
    if (user.blocked === blocked) return state
    const body = {
      chat: privateChat(user),
      from: person(user),
      date: seconds(now),
      old_chat_member: member(bot, user.blocked),
      new_chat_member: member(bot, blocked),
    }
    const users = { ...state.users, [userId]: { ...user, blocked } }
    return enqueue({ ...state, users }, now, { kind: "my_chat_member", userId, body })
  })

const member = (bot: BotUser, out: boolean) => ({
  user: botUser(bot),
  ...(out ? { status: "kicked", until_date: 0 } : { status: "member" }),
})

const known = (state: TelegramState, userId: number): Result.Result<SimUser, BadAct> => {
  const user = state.users[userId]
  return user === undefined ? bad(`there is no user ${userId}`) : Result.succeed(user)
}

const present = (state: TelegramState, userId: number): Result.Result<SimUser, BadAct> =>
  Result.flatMap(known(state, userId), (user) =>
    user.blocked ? bad(`user ${userId} has blocked the bot`) : Result.succeed(user),
  )

const buttonOf = (
  state: TelegramState,
  { userId, messageId, label, data }: Tap,
): Result.Result<{ message: Message; data: string }, BadAct> =>
  Result.gen(function* () {
    const sent = chatOf(state, userId).messages.filter(({ from }) => from === "bot")
    const messages =
      messageId === undefined
        ? sent.toReversed()
        : sent.filter((message) => message.messageId === messageId)
    const [newest] = messages
    if (newest === undefined) {
      return yield* bad(
        messageId === undefined
          ? "the bot has sent no message"
          : `there is no message ${messageId} of the bot`,
      )
    }
    if (data !== undefined) return { message: newest, data }
    if (label === undefined) return yield* bad("a tap needs a label or data")
    for (const message of messages) {
      const button = yield* labelled(message, label)
      if (button === undefined) continue
      const held = button.callback_data
      if (held === undefined) return yield* bad(`the button "${button.text}" calls nothing`)
      return { message, data: held }
    }
    return yield* bad(`no button says "${label}"`)
  })

/** An exact label wins over a part of one; two that fit alike are refused. */
const labelled = (message: Message, label: string): Result.Result<Button | undefined, BadAct> => {
  const buttons = message.keyboard.flat()
  const exact = buttons.filter(({ text }) => text === label)
  const fitting = exact.length > 0 ? exact : buttons.filter(({ text }) => text.includes(label))
  return fitting.length > 1
    ? bad(`several buttons say "${label}": ${fitting.map(({ text }) => text).join(", ")}`)
    : Result.succeed(fitting[0])
}
