/** Users, chats and messages in the shape in which the Bot API shows them. */
import { fileById, fileFields } from "./Media.ts"
import {
  type BotUser,
  type Message,
  messageOf,
  type SimUser,
  type TelegramState,
} from "./TelegramState.ts"

export const botUser = (bot: BotUser) => ({
  id: bot.id,
  is_bot: true,
  first_name: bot.firstName,
  username: bot.username,
})

export const person = (user: SimUser) => ({
  id: user.id,
  is_bot: false,
  ...names(user),
  ...(user.languageCode === undefined ? {} : { language_code: user.languageCode }),
})

export const privateChat = (user: SimUser) => ({ id: user.id, type: "private", ...names(user) })

export const messageJson = (
  state: TelegramState,
  bot: BotUser,
  user: SimUser,
  message: Message,
): Readonly<Record<string, unknown>> => {
  const replied =
    message.replyTo === undefined ? undefined : messageOf(state, user.id, message.replyTo)
  return {
    ...shallow(state, bot, user, message),
    ...(replied === undefined ? {} : { reply_to_message: shallow(state, bot, user, replied) }),
  }
}

/** The message a reply answers is shown without the one it answers in turn. */
const shallow = (state: TelegramState, bot: BotUser, user: SimUser, message: Message) => {
  const file = fileById(state, message.file?.fileId)
  const [text, entities] =
    message.file === undefined ? ["text", "entities"] : ["caption", "caption_entities"]
  return {
    message_id: message.messageId,
    from: message.from === "bot" ? botUser(bot) : person(user),
    chat: privateChat(user),
    date: message.date,
    ...(message.editDate === undefined ? {} : { edit_date: message.editDate }),
    ...(file === undefined ? {} : fileFields(file)),
    ...(message.sticker === undefined ? {} : { sticker: stickerJson(message.sticker) }),
    ...(message.forwarded === undefined
      ? {}
      : { forward_origin: originJson(bot, user, message.forwarded) }),
    ...(message.text === "" ? {} : { [text]: message.text }),
    ...(message.entities.length === 0 ? {} : { [entities]: message.entities }),
    ...(message.protected === true ? { has_protected_content: true } : {}),
    ...(message.keyboard.length === 0
      ? {}
      : { reply_markup: { inline_keyboard: message.keyboard } }),
  }
}

const stickerJson = (emoji: string) => ({
  file_id: `CAACAgIAAxk${emoji.codePointAt(0)}`,
  file_unique_id: `AgAD${emoji.codePointAt(0)}`,
  type: "regular",
  width: 512,
  height: 512,
  is_animated: false,
  is_video: false,
  emoji,
})

/** Somebody else has hidden his account, so that only his name is known. */
const originJson = (
  bot: BotUser,
  user: SimUser,
  { from, name, date }: NonNullable<Message["forwarded"]>,
) =>
  from === "other"
    ? { type: "hidden_user", sender_user_name: name, date }
    : { type: "user", sender_user: from === "bot" ? botUser(bot) : person(user), date }

const names = (user: SimUser) => ({
  first_name: user.firstName,
  ...(user.username === undefined ? {} : { username: user.username }),
})
