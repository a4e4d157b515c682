/**
 * What Telegram remembers of one bot: its private chats, the updates it has not taken yet,
 * the taps that wait for an answer, the files it sent and what it set up.
 *
 * This is plain data, which every change replaces as a whole, and which is saved as JSON.
 */
import { Schema } from "effect"

export const Entity = Schema.Struct({
  type: Schema.String,
  /** Offset and length count UTF-16 units. */
  offset: Schema.Int,
  length: Schema.Int,
  url: Schema.optionalKey(Schema.String),
  user: Schema.optionalKey(Schema.Struct({ id: Schema.Int })),
  language: Schema.optionalKey(Schema.String),
  custom_emoji_id: Schema.optionalKey(Schema.String),
  unix_time: Schema.optionalKey(Schema.Int),
  date_time_format: Schema.optionalKey(Schema.String),
})
export type Entity = typeof Entity.Type

export const Button = Schema.Struct({
  text: Schema.String,
  icon_custom_emoji_id: Schema.optionalKey(Schema.String),
  style: Schema.optionalKey(Schema.Literals(["danger", "success", "primary"])),
  url: Schema.optionalKey(Schema.String),
  callback_data: Schema.optionalKey(Schema.String),
  switch_inline_query: Schema.optionalKey(Schema.String),
  switch_inline_query_current_chat: Schema.optionalKey(Schema.String),
  web_app: Schema.optionalKey(Schema.Struct({ url: Schema.String })),
  copy_text: Schema.optionalKey(Schema.Struct({ text: Schema.String })),
})
export type Button = typeof Button.Type

export const Message = Schema.Struct({
  messageId: Schema.Int,
  from: Schema.Literals(["bot", "user"]),
  /** Seconds since the epoch, as Telegram counts. */
  date: Schema.Int,
  editDate: Schema.optionalKey(Schema.Int),
  /** The caption, where the message carries a file. */
  text: Schema.String,
  entities: Schema.Array(Entity),
  file: Schema.optionalKey(
    Schema.Struct({ kind: Schema.Literals(["photo", "document"]), fileId: Schema.String }),
  ),
  /** Its emoji; then there is no text. */
  sticker: Schema.optionalKey(Schema.String),
  /** Who wrote it, where the person only passed it on, and when. */
  forwarded: Schema.optionalKey(
    Schema.Struct({
      from: Schema.Literals(["bot", "user", "other"]),
      name: Schema.String,
      date: Schema.Int,
    }),
  ),
  /** The inline keyboard; no rows when there is none. */
  keyboard: Schema.Array(Schema.Array(Button)),
  /** Sent with a keyboard of another kind, which cannot be edited. */
  fixed: Schema.optionalKey(Schema.Boolean),
  replyTo: Schema.optionalKey(Schema.Int),
  protected: Schema.optionalKey(Schema.Boolean),
})
export type Message = typeof Message.Type

const Chat = Schema.Struct({
  lastMessageId: Schema.Int,
  /** Oldest first. */
  messages: Schema.Array(Message),
})
type Chat = typeof Chat.Type

export const SimUser = Schema.Struct({
  id: Schema.Int,
  firstName: Schema.String,
  username: Schema.optionalKey(Schema.String),
  languageCode: Schema.optionalKey(Schema.String),
  /** Wrote to the bot at least once: before that the bot may not write to him. */
  started: Schema.Boolean,
  blocked: Schema.Boolean,
})
export type SimUser = typeof SimUser.Type

export const Pending = Schema.Struct({
  updateId: Schema.Int,
  kind: Schema.Literals(["message", "edited_message", "callback_query", "my_chat_member"]),
  userId: Schema.Int,
  /** Milliseconds since the epoch: an update not taken by then is dropped. */
  expiresAt: Schema.Finite,
  body: Schema.Unknown,
})
export type Pending = typeof Pending.Type

const CallbackAnswer = Schema.Struct({
  text: Schema.optionalKey(Schema.String),
  showAlert: Schema.Boolean,
})

export const Callback = Schema.Struct({
  id: Schema.String,
  userId: Schema.Int,
  messageId: Schema.Int,
  /** Milliseconds since the epoch: an answer after it is refused. */
  expiresAt: Schema.Finite,
  answer: Schema.optionalKey(CallbackAnswer),
})
export type Callback = typeof Callback.Type

export const StoredFile = Schema.Struct({
  id: Schema.String,
  uniqueId: Schema.String,
  path: Schema.String,
  kind: Schema.Literals(["photo", "document"]),
  name: Schema.String,
  mime: Schema.String,
  size: Schema.Int,
  width: Schema.Int,
  height: Schema.Int,
  base64: Schema.String,
})
export type StoredFile = typeof StoredFile.Type

export const BotCommand = Schema.Struct({ command: Schema.String, description: Schema.String })
export type BotCommand = typeof BotCommand.Type

export const Webhook = Schema.Struct({
  url: Schema.String,
  secretToken: Schema.String,
  maxConnections: Schema.Int,
  /** Milliseconds since the epoch. */
  setAt: Schema.Finite,
  lastError: Schema.optionalKey(Schema.Struct({ date: Schema.Int, message: Schema.String })),
})
export type Webhook = typeof Webhook.Type

/** How taps on the bot's own buttons come: with their message, or with an inline_message_id. */
export const CallbackQueryMode = Schema.Literals(["default", "auto", "inline"])

/** What @BotFather or the bot itself has set; what is absent is as with a new bot. */
export const BotSettings = Schema.Struct({
  canJoinGroups: Schema.optionalKey(Schema.Boolean),
  canReadAllGroupMessages: Schema.optionalKey(Schema.Boolean),
  supportsInlineQueries: Schema.optionalKey(Schema.Boolean),
  callbackQueryMode: Schema.optionalKey(CallbackQueryMode),
})
export type BotSettings = typeof BotSettings.Type

export const TelegramState = Schema.Struct({
  /** Grows with every change, for those who watch. */
  version: Schema.Int,
  lastUpdateId: Schema.Int,
  lastCallback: Schema.Int,
  lastFile: Schema.Int,
  users: Schema.Record(Schema.String, SimUser),
  chats: Schema.Record(Schema.String, Chat),
  pending: Schema.Array(Pending),
  /** The newest taps, oldest first; older ones are forgotten. */
  callbacks: Schema.Array(Callback),
  files: Schema.Array(StoredFile),
  /** By scope and language, see CommandMenu.ts. */
  commands: Schema.Record(Schema.String, Schema.Array(BotCommand)),
  menuButtons: Schema.Record(Schema.String, Schema.Unknown),
  /** Kinds of updates the bot asked for; absent: the default kinds. */
  allowedUpdates: Schema.optionalKey(Schema.Array(Schema.String)),
  webhook: Schema.optionalKey(Webhook),
  botSettings: Schema.optionalKey(BotSettings),
})
export type TelegramState = typeof TelegramState.Type

/** Who the bot is, to itself and to the people. */
export interface BotUser {
  readonly id: number
  readonly firstName: string
  readonly username: string
}

export const emptyState: TelegramState = {
  version: 0,
  lastUpdateId: 100_000_000,
  lastCallback: 0,
  lastFile: 0,
  users: {},
  chats: {},
  pending: [],
  callbacks: [],
  files: [],
  commands: {},
  menuButtons: {},
}

/** The state without its content; numbers that must never repeat go on counting. */
export const clearedState = (state: TelegramState): TelegramState => ({
  ...emptyState,
  version: state.version,
  lastUpdateId: state.lastUpdateId,
  lastCallback: state.lastCallback,
  lastFile: state.lastFile,
})

export const chatOf = (state: TelegramState, userId: number): Chat =>
  state.chats[userId] ?? { lastMessageId: 0, messages: [] }

export const messageOf = (
  state: TelegramState,
  userId: number,
  messageId: number,
): Message | undefined =>
  state.chats[userId]?.messages.find((message) => message.messageId === messageId)

export const withMessage = (
  state: TelegramState,
  userId: number,
  message: Message,
): TelegramState => {
  const chat = chatOf(state, userId)
  const isNew = message.messageId > chat.lastMessageId
  const messages = isNew
    ? [...chat.messages.slice(-keptMessages), message]
    : chat.messages.map((old) => (old.messageId === message.messageId ? message : old))
  const lastMessageId = Math.max(chat.lastMessageId, message.messageId)
  return { ...state, chats: { ...state.chats, [userId]: { lastMessageId, messages } } }
}

export const withoutMessages = (
  state: TelegramState,
  userId: number,
  messageIds: ReadonlyArray<number>,
): TelegramState => {
  const chat = chatOf(state, userId)
  const messages = chat.messages.filter(({ messageId }) => !messageIds.includes(messageId))
  return { ...state, chats: { ...state.chats, [userId]: { ...chat, messages } } }
}

/** Older messages are forgotten: a demo may run for weeks. */
const keptMessages = 1_000
