/** What a person does in his chat: writes, edits, taps a button, blocks the bot. */
import { Result, Schema } from "effect"
import { Base64 } from "effect/encoding"
import { withCallback } from "./Callbacks.ts"
import { plainText } from "./FormattedText.ts"
import { store, Upload } from "./Media.ts"
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

/** What a person sends: a text, or something else that a text may go with. */
export const Sending = Schema.Struct({
  userId: Schema.Int,
  text: Schema.optionalKey(Schema.String),
  /** A message of the chat that it answers. */
  replyTo: Schema.optionalKey(Schema.Int),
  /** The base64 of a PNG or JPEG, or "sample". */
  photo: Schema.optionalKey(Schema.String),
  document: Schema.optionalKey(
    Schema.Struct({ name: Schema.NonEmptyString, base64: Schema.String }),
  ),
  /** An emoji. */
  sticker: Schema.optionalKey(Schema.NonEmptyString),
  /** Somebody else wrote it, or it is a message of this chat once more. */
  forwarded: Schema.optionalKey(
    Schema.Union([
      Schema.Struct({ from: Schema.NonEmptyString }),
      Schema.Struct({ messageId: Schema.Int }),
    ]),
  ),
})
export type Sending = typeof Sending.Type

export const send = (
  { state, now, bot }: Moment,
  sending: Sending,
): Result.Result<{ state: TelegramState; updateId: number; messageId: number }, BadAct> =>
  Result.gen(function* () {
    const { userId, replyTo } = sending
    const before = yield* present(state, userId)
    if (replyTo !== undefined && messageOf(state, userId, replyTo) === undefined) {
      return yield* bad(`there is no message ${replyTo} to answer`)
    }
    const { forwarded, original } = yield* forwardOf(state, bot, before, sending, now)
    const { state: withFile, content } = yield* contentOf(state, sending, original)
    const user = { ...before, started: true }
    const message: Message = {
      messageId: chatOf(state, userId).lastMessageId + 1,
      from: "user",
      date: seconds(now),
      ...content,
      keyboard: [],
      ...(forwarded === undefined ? {} : { forwarded }),
      ...(replyTo === undefined ? {} : { replyTo }),
    }
    const written = withMessage(
      { ...withFile, users: { ...state.users, [userId]: user } },
      userId,
      message,
    )
    const body = messageJson(written, bot, user, message)
    const next = enqueue(written, now, { kind: "message", userId, body })
    return { state: next, updateId: next.lastUpdateId, messageId: message.messageId }
  })

/** Changes the text that a person wrote, or the caption of what the person sent. */
export const edit = (
  { state, now, bot }: Moment,
  { userId, messageId, text }: { userId: number; messageId: number; text: string },
): Result.Result<{ state: TelegramState; updateId: number }, BadAct> =>
  Result.gen(function* () {
    const user = yield* present(state, userId)
    const before = messageOf(state, userId, messageId)
    if (before?.from !== "user") return yield* bad(`user ${userId} wrote no message ${messageId}`)
    if (before.sticker !== undefined) return yield* bad("a sticker cannot be edited")
    if (before.forwarded !== undefined) return yield* bad("what was forwarded cannot be edited")
    const { text: kept, entities } = plainText(text)
    if (kept === "" && before.file === undefined) return yield* bad("a message needs a text")
    if (kept === before.text) return yield* bad("the message says that already")
    const message = { ...before, text: kept, entities, editDate: seconds(now) }
    const edited = withMessage(state, userId, message)
    const body = messageJson(edited, bot, user, message)
    const next = enqueue(edited, now, { kind: "edited_message", userId, body })
    return { state: next, updateId: next.lastUpdateId }
  })

type Content = Pick<Message, "text" | "entities" | "file" | "sticker">

/** Where the message comes from, and the one of this chat that it repeats. */
const forwardOf = (
  state: TelegramState,
  bot: BotUser,
  user: SimUser,
  { forwarded }: Sending,
  now: number,
): Result.Result<{ forwarded?: NonNullable<Message["forwarded"]>; original?: Message }, BadAct> => {
  if (forwarded === undefined) return Result.succeed({})
  if ("from" in forwarded) {
    const origin = { from: "other" as const, name: forwarded.from, date: seconds(now) }
    return Result.succeed({ forwarded: origin })
  }
  const original = messageOf(state, user.id, forwarded.messageId)
  if (original === undefined) return bad(`there is no message ${forwarded.messageId} to forward`)
  if (original.protected === true) return bad("the message is protected and cannot be forwarded")
  const { from, date } = original
  const name = from === "bot" ? bot.firstName : user.firstName
  return Result.succeed({ forwarded: original.forwarded ?? { from, name, date }, original })
}

const contentOf = (
  state: TelegramState,
  { text, photo, document, sticker }: Sending,
  original: Message | undefined,
): Result.Result<{ state: TelegramState; content: Content }, BadAct> =>
  Result.gen(function* () {
    const given = [photo, document, sticker].filter((each) => each !== undefined)
    if (given.length > 1) return yield* bad("a message holds one photo, document or sticker")
    const written = plainText(text ?? "")
    if (sticker !== undefined) {
      return written.text === ""
        ? { state, content: { ...written, sticker } }
        : yield* bad("a sticker goes without text")
    }
    if (photo !== undefined || document !== undefined) {
      const kind = photo === undefined ? "document" : "photo"
      const base64 = document?.base64 ?? (photo === "sample" ? samplePhoto : photo) ?? ""
      const bytes = yield* Result.orElse(Base64.decode(base64), () => bad(`${kind}: no base64`))
      const name = document?.name ?? "photo.png"
      const upload = Upload.make({ name, mime: "application/octet-stream", bytes })
      const kept = yield* Result.orElse(store(state, kind, upload), ({ description }) =>
        bad(`${kind}: ${description}`),
      )
      return { state: kept.state, content: { ...written, file: { kind, fileId: kept.file.id } } }
    }
    if (written.text !== "") return { state, content: written }
    if (original === undefined) return yield* bad("a message needs a text")
    const { text: repeated, entities, file, sticker: emoji } = original
    const content: Content = {
      text: repeated,
      entities,
      ...(file === undefined ? {} : { file }),
      ...(emoji === undefined ? {} : { sticker: emoji }),
    }
    return { state, content }
  })

/** A small picture for those who have none at hand. */
const samplePhoto =
  "iVBORw0KGgoAAAANSUhEUgAAAUAAAADIAgMAAADkatA4AAAADFBMVEXs8PVcisnS2OBMr27C0fg/AAAAVElEQVR42u3UsQkAIAwAwSzpki6prSDYGBDi3QBffrRkISgoKCgoKCj4MAgAALueQFBQULBCEICbwQoKCgrWCwIAwGqcCAoKCgoKCgoKfhcEAChhAsDRlQaTpth+AAAAAElFTkSuQmCC"

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
      ...(state.botSettings?.callbackQueryMode === "inline"
        ? { inline_message_id: inlineIdOf(user, message) }
        : { message: messageJson(state, bot, user, message) }),
    }
    const next = enqueue(tapped, now, { kind: "callback_query", userId: user.id, body })
    return { state: next, updateId: next.lastUpdateId, callbackQueryId: id }
  })

/** Always the same for one message, as Telegram's. */
const inlineIdOf = (user: SimUser, { messageId }: Message) =>
  Buffer.from(`inline message ${user.id}:${messageId}`).toString("base64url")

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
