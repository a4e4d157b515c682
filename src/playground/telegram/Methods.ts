/** Every method of the Bot API the playground knows, except the long poll. */
import { Result } from "effect"
import { answerCallbackQuery } from "./Callbacks.ts"
import { deleteMyCommands, getMyCommands, setChatMenuButton, setMyCommands } from "./Commands.ts"
import {
  deleteMessage,
  deleteMessages,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
} from "./Editing.ts"
import { getFile } from "./Media.ts"
import { chatMember, type Method } from "./Method.ts"
import { badRequest } from "./Refusal.ts"
import { botUser, privateChat } from "./Render.ts"
import { sendChatAction, sendFile, sendMessage } from "./Sending.ts"
import { deleteWebhook, getWebhookInfo, setWebhook } from "./Webhooks.ts"

/** The method, its name in any case of letters; its proper spelling is for the call log. */
export const methodNamed = (
  name: string,
): { readonly name: string; readonly method: Method } | undefined => byName.get(name.toLowerCase())

const getMe: Method = ({ state, bot }) =>
  Result.succeed({
    state,
    result: {
      ...botUser(bot),
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
    },
  })

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
}

const byName = new Map(
  Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]),
)
