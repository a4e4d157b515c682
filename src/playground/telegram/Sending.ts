/** New messages of the bot. */
import { Result } from "effect"
import * as Args from "./Args.ts"
import { captionOf, messageTextOf } from "./FormattedText.ts"
import type { Formatted } from "./Html.ts"
import { markupOf } from "./Keyboard.ts"
import { takeFile } from "./Media.ts"
import { type Call, type Done, type Method, reachable, seconds } from "./Method.ts"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"
import { messageJson } from "./Render.ts"
import { chatOf, messageOf, type StoredFile, withMessage } from "./State.ts"

export const sendMessage: Method = (call) =>
  Result.flatMap(messageTextOf(call.args), (text) => send(call, text))

/** `sendPhoto` and `sendDocument`: the field with the file is named after the kind. */
export const sendFile =
  (kind: StoredFile["kind"]): Method =>
  (call) =>
    Result.gen(function* () {
      const missing = `There is no ${kind} in the request`
      const { state, file } = yield* takeFile(call, kind, call.args[kind], missing)
      const caption = yield* captionOf(call.args)
      return yield* send({ ...call, state }, caption, file)
    })

export const sendChatAction: Method = (call) =>
  Result.gen(function* () {
    if (!chatActions.has(Args.text(call.args, "action").toLowerCase())) {
      return yield* badRequest("Wrong parameter action in request")
    }
    yield* reachable(call)
    return { state: call.state, result: true }
  })

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
