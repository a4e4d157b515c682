/** Every method of the Bot API the playground knows, except the long poll. */
import { Result, Schema } from "effect"
import * as Args from "./Args.ts"
import { answerCallbackQuery } from "./Callbacks.ts"
import { deleteMyCommands, getMyCommands, setChatMenuButton, setMyCommands } from "./CommandMenu.ts"
import { captionOf, messageTextOf } from "./FormattedText.ts"
import type { Formatted } from "./Html.ts"
import { inlineMarkupOf, markupOf } from "./Keyboard.ts"
import { getFile, takeFile } from "./Media.ts"
import { type Call, chatMember, type Done, type Method, reachable, seconds } from "./Method.ts"
import { badRequest, refuse, type TelegramRefusal } from "./Refusal.ts"
import { botUser, messageJson, privateChat } from "./Render.ts"
import {
  CallbackQueryMode,
  chatOf,
  type Message,
  messageOf,
  type SimUser,
  type StoredFile,
  withMessage,
  withoutMessages,
} from "./TelegramState.ts"
import { deleteWebhook, getWebhookInfo, setWebhook } from "./Webhooks.ts"

/** Finds a method by its name in any case of letters; the call log shows the proper spelling. */
export const methodNamed = (
  name: string,
): { readonly name: string; readonly method: Method } | undefined => byName.get(name.toLowerCase())

const getMe: Method = ({ state, bot }) => {
  const settings = state.botSettings ?? {}
  return Result.succeed({
    state,
    result: {
      ...botUser(bot),
      can_join_groups: settings.canJoinGroups ?? true,
      can_read_all_group_messages: settings.canReadAllGroupMessages ?? false,
      supports_inline_queries: settings.supportsInlineQueries ?? false,
      callback_query_mode: settings.callbackQueryMode ?? "default",
      can_connect_to_business: false,
      has_main_web_app: false,
    },
  })
}

/** What is not given stays as it is. Telegram's own words for a mode that it does not know are unknown. */
const setMySettings: Method = ({ state, args }) =>
  Result.gen(function* () {
    const given = (name: string) => Args.text(args, name) !== ""
    const mode = Args.text(args, "callback_query_mode")
    if (mode !== "" && !isMode(mode)) {
      return yield* badRequest("Invalid callback query mode specified")
    }
    const botSettings = {
      ...state.botSettings,
      ...(given("can_join_groups") && { canJoinGroups: Args.flag(args, "can_join_groups") }),
      ...(given("can_read_all_group_messages") && {
        canReadAllGroupMessages: Args.flag(args, "can_read_all_group_messages"),
      }),
      ...(given("supports_inline_queries") && {
        supportsInlineQueries: Args.flag(args, "supports_inline_queries"),
      }),
      ...(isMode(mode) && { callbackQueryMode: mode }),
    }
    return { state: { ...state, botSettings }, result: true }
  })

const isMode = Schema.is(CallbackQueryMode)

/** A person who never wrote is unknown to the bot, so far as this call can tell. */
const getChat: Method = (call) =>
  Result.flatMap(chatMember(call), (user) =>
    user.started
      ? Result.succeed({
          state: call.state,
          result: {
            ...privateChat(user),
            accent_color_id: user.id % 7,
            max_reaction_count: 11,
            accepted_gift_types: {
              unlimited_gifts: false,
              limited_gifts: false,
              unique_gifts: false,
              premium_subscription: false,
              gifts_from_channels: false,
            },
          },
        })
      : badRequest("chat not found"),
  )

const sendMessage: Method = (call) =>
  Result.flatMap(messageTextOf(call.args), (text) => send(call, text))

/** `sendPhoto` and `sendDocument`: the field with the file is named after the kind. */
const sendFile =
  (kind: StoredFile["kind"]): Method =>
  (call) =>
    Result.gen(function* () {
      const missing = `There is no ${kind} in the request`
      const { state, file } = yield* takeFile(call, kind, call.args[kind], missing)
      const caption = yield* captionOf(call.args)
      return yield* send({ ...call, state }, caption, file)
    })

const sendChatAction: Method = (call) =>
  Result.gen(function* () {
    if (!chatActions.has(Args.text(call.args, "action").toLowerCase())) {
      return yield* badRequest("Wrong parameter action in request")
    }
    yield* reachable(call)
    return { state: call.state, result: true }
  })

const editMessageText: Method = (call) =>
  Result.gen(function* () {
    const text = yield* messageTextOf(call.args)
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    if (message.file !== undefined) {
      return yield* badRequest("There is no text in the message to edit")
    }
    return yield* replace(call, user, message, { ...message, ...text, keyboard })
  })

const editMessageCaption: Method = (call) =>
  Result.gen(function* () {
    const caption = yield* captionOf(call.args)
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    if (message.file === undefined) {
      return yield* badRequest("There is no caption in the message to edit")
    }
    return yield* replace(call, user, message, { ...message, ...caption, keyboard })
  })

const editMessageReplyMarkup: Method = (call) =>
  Result.gen(function* () {
    const keyboard = yield* inlineMarkupOf(call.args)
    const { user, message } = yield* messageToEdit(call)
    return yield* replace(call, user, message, { ...message, keyboard })
  })

/** Media may also be put into a message of text. */
const editMessageMedia: Method = (call) =>
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

const deleteMessage: Method = (call) =>
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
const deleteMessages: Method = (call) =>
  Result.gen(function* () {
    const ids = yield* messageIdsOf(call.args)
    const user = yield* chatMember(call)
    for (const id of ids) {
      const message = messageOf(call.state, user.id, id)
      if (message !== undefined) yield* checkAge(call, message)
    }
    return { state: withoutMessages(call.state, user.id, ids), result: true }
  })

const methods: Readonly<Record<string, Method>> = {
  getMe,
  getChat,
  getFile,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  sendPhoto: sendFile("photo"),
  sendDocument: sendFile("document"),
  sendChatAction,
  editMessageText,
  editMessageCaption,
  editMessageReplyMarkup,
  editMessageMedia,
  deleteMessage,
  deleteMessages,
  answerCallbackQuery,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  setChatMenuButton,
  setMySettings,
}

const byName = new Map(
  Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]),
)

const chatActions = new Set(
  "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note cancel".split(
    " ",
  ),
)

const send = (
  call: Call,
  { text, entities }: Formatted,
  file?: StoredFile,
): Result.Result<Done, TelegramRefusal> =>
  Result.gen(function* () {
    const { state, args, bot } = call
    const reply = yield* replyOf(args)
    const markup = yield* markupOf(args)
    const user = yield* reachable(call)
    const found = reply.messageId === 0 ? undefined : messageOf(state, user.id, reply.messageId)
    if (reply.messageId !== 0 && found === undefined && !reply.optional) {
      return yield* badRequest("message to be replied not found")
    }
    const message = {
      messageId: chatOf(state, user.id).lastMessageId + 1,
      from: "bot" as const,
      date: seconds(call.now),
      text,
      entities,
      keyboard: markup.rows,
      ...(file === undefined ? {} : { file: { kind: file.kind, fileId: file.id } }),
      ...(markup.fixed ? { fixed: true } : {}),
      ...(found === undefined ? {} : { replyTo: found.messageId }),
      ...(Args.flag(args, "protect_content") ? { protected: true } : {}),
    }
    const next = withMessage(state, user.id, message)
    return { state: next, result: messageJson(next, bot, user, message) }
  })

/** The message to answer; 0 when the new message answers none. */
const replyOf = (
  args: Args.Args,
): Result.Result<{ messageId: number; optional: boolean }, TelegramRefusal> =>
  Result.gen(function* () {
    const complaint = "Can't parse reply parameters JSON object"
    const value = yield* Args.json(args, "reply_parameters", complaint)
    if (value === undefined) {
      const optional = Args.flag(args, "allow_sending_without_reply")
      return { messageId: Args.whole(args, "reply_to_message_id"), optional }
    }
    const fields = Result.fromOption(
      Args.asRecord(value),
      () => "Object expected as reply parameters",
    )
    const parameters = yield* Result.orElse(fields, badRequest)
    const messageId = yield* Result.orElse(Args.requiredInt(parameters, "message_id"), badRequest)
    return { messageId, optional: Args.flag(parameters, "allow_sending_without_reply") }
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
