/** Changes to messages the bot sent, and their removal. */
import { Result } from "effect"
import * as Args from "./Args.ts"
import { captionOf, messageTextOf } from "./FormattedText.ts"
import { inlineMarkupOf } from "./Keyboard.ts"
import { takeFile } from "./Media.ts"
import { type Call, chatMember, type Done, type Method, reachable, seconds } from "./Method.ts"
import { badRequest, refuse, type TelegramRefusal } from "./Refusal.ts"
import { messageJson } from "./Render.ts"
import { type Message, messageOf, type SimUser, withMessage, withoutMessages } from "./State.ts"

export const editMessageText: Method = (call) =>
  Result.gen(function* () {
    const text = yield* messageTextOf(call.args)
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    if (message.file !== undefined) {
      return yield* badRequest("There is no text in the message to edit")
    }
    return yield* replace(call, user, message, { ...message, ...text, keyboard })
  })

export const editMessageCaption: Method = (call) =>
  Result.gen(function* () {
    const caption = yield* captionOf(call.args)
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    if (message.file === undefined) {
      return yield* badRequest("There is no caption in the message to edit")
    }
    return yield* replace(call, user, message, { ...message, ...caption, keyboard })
  })

export const editMessageReplyMarkup: Method = (call) =>
  Result.gen(function* () {
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    return yield* replace(call, user, message, { ...message, keyboard })
  })

/** Media may also be put into a message of text. */
export const editMessageMedia: Method = (call) =>
  Result.gen(function* () {
    const complaint = "Can't parse input media JSON object"
    const value = yield* Args.json(call.args, "media", complaint)
    if (value === undefined) return yield* badRequest('Parameter "media" is required')
    const media = yield* inMedia(
      Result.fromOption(Args.asRecord(value), () => "expected an Object"),
    )
    const kind = yield* inMedia(Args.requiredString(media, "type"))
    if (kind !== "photo" && kind !== "document") {
      return yield* badRequest(`Can't parse InputMedia: type "${kind}" is unsupported`)
    }
    const caption = yield* captionOf(media)
    const missing = "Can't parse InputMedia: media not found"
    const { state, file } = yield* takeFile(call, kind, media["media"], missing)
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    return yield* replace({ ...call, state }, user, message, {
      ...message,
      ...caption,
      keyboard,
      file: { kind, fileId: file.id },
    })
  })

export const deleteMessage: Method = (call) =>
  Result.gen(function* () {
    const messageId = Args.whole(call.args, "message_id")
    if (Args.text(call.args, "chat_id") === "") {
      return yield* badRequest("Chat identifier is not specified")
    }
    if (messageId === 0) return yield* badRequest("Message identifier is not specified")
    const user = yield* chatMember(call)
    const message = messageOf(call.state, user.id, messageId)
    if (message === undefined) return yield* badRequest("message to delete not found")
    yield* checkAge(call, message)
    return { state: withoutMessages(call.state, user.id, [messageId]), result: true }
  })

/** Messages that are not there are passed over. */
export const deleteMessages: Method = (call) =>
  Result.gen(function* () {
    const ids = yield* messageIdsOf(call.args)
    const user = yield* chatMember(call)
    for (const id of ids) {
      const message = messageOf(call.state, user.id, id)
      if (message !== undefined) yield* checkAge(call, message)
    }
    return { state: withoutMessages(call.state, user.id, ids), result: true }
  })

const inMedia = <A>(read: Result.Result<A, string>) =>
  Result.orElse(read, (reason) => badRequest(`Can't parse InputMedia: ${reason}`))

const messageToEdit = (
  call: Call,
): Result.Result<{ user: SimUser; message: Message }, TelegramRefusal> =>
  Result.gen(function* () {
    const messageId = Args.whole(call.args, "message_id")
    if (Args.text(call.args, "chat_id") === "" && messageId === 0) {
      return yield* badRequest("Message identifier is not specified")
    }
    const user = yield* chatMember(call)
    const message = messageOf(call.state, user.id, messageId)
    if (message === undefined) return yield* badRequest("message to edit not found")
    yield* reachable(call)
    if (message.from !== "bot" || message.fixed === true) {
      return yield* badRequest("Message can't be edited")
    }
    return { user, message }
  })

const replace = (
  call: Call,
  user: SimUser,
  before: Message,
  after: Message,
): Result.Result<Done, TelegramRefusal> => {
  if (shown(before) === shown(after)) return refuse(400, notModified)
  const message = { ...after, editDate: seconds(call.now) }
  const state = withMessage(call.state, user.id, message)
  return Result.succeed({ state, result: messageJson(state, call.bot, user, message) })
}

const notModified =
  "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

const shown = ({ text, entities, keyboard, file }: Message) =>
  JSON.stringify([text, entities, keyboard, file])

const deletableSeconds = 48 * 60 * 60

const checkAge = (call: Call, message: Message): Result.Result<void, TelegramRefusal> =>
  seconds(call.now) >= message.date + deletableSeconds
    ? badRequest("Message can't be deleted for everyone")
    : Result.void

const messageIdsOf = (args: Args.Args): Result.Result<ReadonlyArray<number>, TelegramRefusal> =>
  Result.gen(function* () {
    const complaint = "Can't parse message_ids JSON object"
    const list = yield* Args.json(args, "message_ids", complaint)
    if (list === undefined) return yield* badRequest("Message identifiers are not specified")
    if (!Array.isArray(list)) return yield* badRequest("Expected an Array of message identifiers")
    if (list.length > 100) return yield* badRequest("Too many message identifiers specified")
    if (list.length === 0) return yield* badRequest("Message identifiers are not specified")
    const ids: Array<number> = []
    for (const value of list) {
      if (typeof value !== "number" && typeof value !== "string") {
        return yield* badRequest("Message identifier must be a Number")
      }
      const id = Number(value)
      if (!Number.isSafeInteger(id)) {
        return yield* badRequest("Can't parse message identifier as a Number")
      }
      if (id <= 0) return yield* badRequest("Invalid message identifier specified")
      ids.push(id)
    }
    return ids
  })
