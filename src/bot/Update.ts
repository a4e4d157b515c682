/**
 * The updates of Telegram that the bot reads, and what it makes of them.
 *
 * Fields that the bot does not know are ignored, so that a newer Bot API changes nothing. Updates
 * that it has no use for (groups, channels, other kinds) give nothing.
 */
import { Option, Predicate, Schema } from "effect"
import { TelegramId } from "../domain/Employee.ts"

/** The kinds of updates that getUpdates asks for. */
export const updateKinds = ["message", "callback_query", "my_chat_member"] as const

const sender = {
  userId: TelegramId,
  chatId: Schema.Int,
  /** The language of the person's Telegram. It comes from the client and may be anything. */
  languageCode: Schema.optionalKey(Schema.String),
}

/** As the person spelt them: `profileOf` makes of them what can be shown. */
const names = {
  lastName: Schema.optionalKey(Schema.String),
  username: Schema.optionalKey(Schema.String),
}

export const Incoming = Schema.TaggedUnion({
  Text: {
    ...sender,
    messageId: Schema.Int,
    text: Schema.String,
    firstName: Schema.String,
    ...names,
  },
  /** `data` comes from the client, and need not be that of any button. */
  Tap: {
    ...sender,
    messageId: Schema.Int,
    callbackId: Schema.String,
    data: Schema.String,
    firstName: Schema.optionalKey(Schema.String),
    ...names,
  },
  /**
   * A tap on a button of the bot that does not say under which message the button stands: somebody
   * has set another callback_query_mode for the bot than "default". `messageId` tells one such
   * message from another, and nothing can be done with it.
   */
  StrayTap: {
    userId: TelegramId,
    messageId: Schema.String,
    callbackId: Schema.String,
    data: Schema.String,
    languageCode: sender.languageCode,
  },
  /** A message without text: a photo, a sticker, a document. */
  Other: sender,
  /** The person stopped the bot, or let it in again. */
  Membership: { userId: TelegramId, blocked: Schema.Boolean },
})
export type Incoming = typeof Incoming.Type

const User = Schema.Struct({
  id: TelegramId,
  first_name: Schema.String,
  last_name: Schema.optionalKey(Schema.String),
  username: Schema.optionalKey(Schema.String),
  language_code: Schema.optionalKey(Schema.String),
})

const PrivateChat = Schema.Struct({ id: Schema.Int, type: Schema.Literal("private") })

const Update = Schema.Union([
  Schema.Struct({
    message: Schema.Struct({
      message_id: Schema.Int,
      from: User,
      chat: PrivateChat,
      text: Schema.optionalKey(Schema.String),
    }),
  }),
  Schema.Struct({
    callback_query: Schema.Struct({
      id: Schema.String,
      from: User,
      message: Schema.Struct({ message_id: Schema.Int, chat: PrivateChat }),
      data: Schema.String,
    }),
  }),
  Schema.Struct({
    callback_query: Schema.Struct({
      id: Schema.String,
      from: User,
      message: Schema.optionalKey(Schema.Undefined),
      inline_message_id: Schema.String,
      data: Schema.String,
    }),
  }),
  Schema.Struct({
    my_chat_member: Schema.Struct({
      from: User,
      chat: PrivateChat,
      new_chat_member: Schema.Struct({ status: Schema.String }),
    }),
  }),
])

/** What the bot makes of an update; nothing for an update that it has no use for. */
export const readUpdate = (body: unknown): Option.Option<Incoming> =>
  Option.map(decodeUpdate(body), incomingOf)

/** The number that every update has, whatever its kind. */
export const updateIdOf = (body: unknown): number | undefined => {
  const id = inside(body, "update_id")
  return typeof id === "number" && Number.isSafeInteger(id) ? id : undefined
}

/** An update of our own, which asks nothing: that it is handled shows that updates are. */
export const Probe = Schema.TaggedStruct("Probe", {})
export type Probe = typeof Probe.Type

/** Telegram numbers its updates from 1, so one below zero is ours. */
export const isProbe = (body: unknown): boolean =>
  inside(body, "probe") === true && (updateIdOf(body) ?? 0) < 0

/** A press of a button, as far as it is compared with others. */
export interface PressSeen {
  /** A text where Telegram does not say which message of the chat it is. */
  readonly messageId: number | string
  readonly data: string
}

/** What an update shows at a glance: whose it is, and what it is about. */
export interface Glance {
  readonly userId: number
  readonly text: string | undefined
  readonly press: PressSeen | undefined
}

/**
 * Looks at an update without decoding it, which takes fifty times as long: floods are dropped by
 * what is seen here. Nothing for an update of a kind that the bot has no use for.
 */
export const glanceAt = (body: unknown): Glance | undefined => {
  const query = inside(body, "callback_query")
  const message = inside(body, "message") ?? inside(query, "message")
  const what = query ?? message ?? inside(body, "my_chat_member")
  const userId = inside(inside(what, "from"), "id")
  if (typeof userId !== "number") return undefined
  if (query !== undefined && message === undefined) {
    const press = pressed(cutInlineId(inside(query, "inline_message_id")), inside(query, "data"))
    return press && { userId, text: undefined, press }
  }
  if (inside(inside(message ?? what, "chat"), "type") !== "private") return undefined
  const text = query === undefined ? inside(message, "text") : undefined
  return {
    userId,
    text: typeof text === "string" ? text.slice(0, textMax) : undefined,
    press: pressed(inside(message, "message_id"), inside(query, "data")),
  }
}

/** The press that an update is, as `readUpdate` gave it. */
export const pressOf = (incoming: unknown): PressSeen | undefined =>
  pressed(inside(incoming, "messageId"), inside(incoming, "data"))

const pressed = (messageId: unknown, data: unknown): PressSeen | undefined =>
  (typeof messageId === "number" || typeof messageId === "string") && typeof data === "string"
    ? { messageId, data }
    : undefined

/** Cuts the id of an inline message to what the bot compares and keeps: Telegram's have some thirty signs. */
const cutInlineId = (id: unknown) => (typeof id === "string" ? id.slice(0, inlineIdMax) : undefined)

const inside = (value: unknown, key: string): unknown =>
  Predicate.hasProperty(value, key) ? value[key] : undefined

const decodeUpdate = Schema.decodeUnknownOption(Update)

const incomingOf = (update: typeof Update.Type): Incoming => {
  if ("callback_query" in update) {
    if (update.callback_query.message === undefined) {
      const { id, from, inline_message_id, data } = update.callback_query
      return {
        _tag: "StrayTap",
        userId: from.id,
        messageId: inline_message_id.slice(0, inlineIdMax),
        callbackId: id,
        data: data.length > dataMax ? "" : data,
        ...languageOf(from),
      }
    }
    const { id, from, message, data } = update.callback_query
    return {
      _tag: "Tap",
      userId: from.id,
      chatId: message.chat.id,
      messageId: message.message_id,
      callbackId: id,
      data: data.length > dataMax ? "" : data,
      ...namesOf(from),
      ...languageOf(from),
    }
  }
  if ("my_chat_member" in update) {
    const { from, new_chat_member } = update.my_chat_member
    return { _tag: "Membership", userId: from.id, blocked: new_chat_member.status === "kicked" }
  }
  const { message_id, from, chat, text } = update.message
  if (text === undefined)
    return { _tag: "Other", userId: from.id, chatId: chat.id, ...languageOf(from) }
  return {
    _tag: "Text",
    userId: from.id,
    chatId: chat.id,
    messageId: message_id,
    text: text.slice(0, textMax),
    ...namesOf(from),
    ...languageOf(from),
  }
}

const namesOf = ({ first_name, last_name, username }: typeof User.Type) => ({
  firstName: first_name.slice(0, nameMax),
  ...(last_name !== undefined && { lastName: last_name.slice(0, nameMax) }),
  ...(username !== undefined && { username: username.slice(0, nameMax) }),
})

const languageOf = ({ language_code: code }: typeof User.Type) =>
  code === undefined ? {} : { languageCode: code.slice(0, nameMax) }

/**
 * The longest texts that Telegram lets through, as it counts them. The bot parses nothing longer: a
 * longer text is cut, and data that are longer belong to no button.
 */
const textMax = 4096
const dataMax = 64
const nameMax = 64
const inlineIdMax = 64
