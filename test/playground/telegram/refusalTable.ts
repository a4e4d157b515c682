/**
 * Calls Telegram refuses, and its exact words: method, parameters, code, description.
 *
 * The chat: message 1 is Anna's (42), 2 a text with a keyboard, 3 a document, 4 has a reply
 * keyboard. Boris (43) never wrote, Vera (44) blocked the bot.
 */
import { Upload } from "../../../src/playground/telegram/Media.ts"

const button = (more: object) => ({ inline_keyboard: [[{ text: "a", ...more }]] })
const inChat = { chat_id: 42, text: "x" }
const marked = (reply_markup: unknown) => ({ ...inChat, reply_markup })
const command = (name: string, description = "d") => ({
  commands: [{ command: name, description }],
})
const mib = (size: number) =>
  new Upload({ name: "big.bin", mime: "image/png", bytes: new Uint8Array(size * 1_048_576) })

export const tooOld =
  "Bad Request: query is too old and response timeout expired or query ID is invalid"
const notModified =
  "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
const unparsedButton = "Bad Request: can't parse inline keyboard button: "

export const table: ReadonlyArray<readonly [string, Record<string, unknown>, number, string]> = [
  ["sendRocket", {}, 404, "Not Found: method not found"],
  ["getUpdatez", {}, 404, "Not Found: method not found"],
  ["sendMessage", { text: "x" }, 400, "Bad Request: chat_id is empty"],
  ["sendMessage", { chat_id: 42 }, 400, "Bad Request: message text is empty"],
  ["sendMessage", { chat_id: 42, text: " \n " }, 400, "Bad Request: text must be non-empty"],
  [
    "sendMessage",
    { chat_id: 42, text: "я".repeat(4_097) },
    400,
    "Bad Request: message is too long",
  ],
  ["sendMessage", { chat_id: 42, text: "я".repeat(16_385) }, 400, "Bad Request: text is too long"],
  ["sendMessage", { chat_id: 99, text: "x" }, 400, "Bad Request: chat not found"],
  ["sendMessage", { chat_id: "toString", text: "x" }, 400, "Bad Request: chat not found"],
  [
    "sendMessage",
    { chat_id: 43, text: "x" },
    403,
    "Forbidden: bot can't initiate conversation with a user",
  ],
  ["sendMessage", { chat_id: 44, text: "x" }, 403, "Forbidden: bot was blocked by the user"],
  ["sendMessage", { ...inChat, parse_mode: "Markup" }, 400, "Bad Request: unsupported parse_mode"],
  [
    "sendMessage",
    { ...inChat, text: "<x>", parse_mode: "HTML" },
    400,
    'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0',
  ],
  [
    "sendMessage",
    { ...inChat, entities: [{ type: "bold", offset: 0 }] },
    400,
    "Bad Request: can't parse MessageEntity: Can't find field \"length\"",
  ],
  [
    "sendMessage",
    { ...inChat, reply_parameters: { message_id: 77 } },
    400,
    "Bad Request: message to be replied not found",
  ],
  ["sendMessage", marked("{"), 400, "Bad Request: can't parse reply keyboard markup JSON object"],
  ["sendMessage", marked([]), 400, "Bad Request: object expected as reply markup"],
  [
    "sendMessage",
    marked({ inline_keyboard: {} }),
    400,
    'Bad Request: field "inline_keyboard" must be of type Array',
  ],
  [
    "sendMessage",
    marked({ inline_keyboard: [{}] }),
    400,
    'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
  ],
  [
    "sendMessage",
    marked(button({})),
    400,
    `${unparsedButton}Text buttons are unallowed in the inline keyboard`,
  ],
  [
    "sendMessage",
    marked({ inline_keyboard: [[{ callback_data: "x" }]] }),
    400,
    `${unparsedButton}Can't find field "text"`,
  ],
  [
    "sendMessage",
    marked(button({ callback_data: "x", style: "pink" })),
    400,
    `${unparsedButton}invalid button style specified`,
  ],
  [
    "sendMessage",
    marked(button({ text: "", callback_data: "x" })),
    400,
    "Bad Request: inline keyboard button text must be non-empty",
  ],
  [
    "sendMessage",
    marked(button({ callback_data: "я".repeat(33) })),
    400,
    "Bad Request: BUTTON_DATA_INVALID",
  ],
  [
    "sendMessage",
    marked(button({ copy_text: { text: "x".repeat(257) } })),
    400,
    "Bad Request: BUTTON_COPY_TEXT_INVALID",
  ],
  [
    "sendMessage",
    marked({
      inline_keyboard: Array.from({ length: 101 }, () => [{ text: "a", callback_data: "b" }]),
    }),
    400,
    "Bad Request: reply markup is too long",
  ],
  ["sendPhoto", { chat_id: 42 }, 400, "Bad Request: there is no photo in the request"],
  [
    "sendPhoto",
    { chat_id: 42, photo: "attach://p" },
    400,
    "Bad Request: there is no photo in the request",
  ],
  [
    "sendPhoto",
    { chat_id: 42, photo: "unknown" },
    400,
    "Bad Request: wrong file identifier/HTTP URL specified",
  ],
  ["sendPhoto", { chat_id: 42, photo: mib(1) }, 400, "Bad Request: IMAGE_PROCESS_FAILED"],
  ["sendPhoto", { chat_id: 42, photo: mib(11) }, 400, "Bad Request: file is too big"],
  [
    "sendDocument",
    { chat_id: 42, document: mib(1), caption: "x".repeat(1_025) },
    400,
    "Bad Request: message caption is too long",
  ],
  [
    "sendChatAction",
    { chat_id: 42, action: "dancing" },
    400,
    "Bad Request: wrong parameter action in request",
  ],
  ["editMessageText", { text: "x" }, 400, "Bad Request: message identifier is not specified"],
  ["editMessageText", { ...inChat, message_id: 9 }, 400, "Bad Request: message to edit not found"],
  ["editMessageText", { ...inChat, message_id: 1 }, 400, "Bad Request: message can't be edited"],
  ["editMessageText", { ...inChat, message_id: 4 }, 400, "Bad Request: message can't be edited"],
  [
    "editMessageText",
    { ...inChat, message_id: 3 },
    400,
    "Bad Request: there is no text in the message to edit",
  ],
  [
    "editMessageText",
    {
      ...inChat,
      text: "menu",
      message_id: 2,
      reply_markup: button({ text: "Go", callback_data: "go" }),
    },
    400,
    notModified,
  ],
  [
    "editMessageText",
    { ...marked({ force_reply: true }), message_id: 2 },
    400,
    "Bad Request: inline keyboard expected",
  ],
  [
    "editMessageText",
    { chat_id: 44, message_id: 2, text: "x" },
    403,
    "Forbidden: bot was blocked by the user",
  ],
  ["editMessageReplyMarkup", { chat_id: 42, message_id: 3 }, 400, notModified],
  [
    "editMessageCaption",
    { chat_id: 42, message_id: 2, caption: "x" },
    400,
    "Bad Request: there is no caption in the message to edit",
  ],
  [
    "editMessageMedia",
    { chat_id: 42, message_id: 3, media: { type: "video", media: "x" } },
    400,
    'Bad Request: can\'t parse InputMedia: type "video" is unsupported',
  ],
  [
    "deleteMessage",
    { chat_id: 42, message_id: 9 },
    400,
    "Bad Request: message to delete not found",
  ],
  ["deleteMessage", { message_id: 9 }, 400, "Bad Request: chat identifier is not specified"],
  ["deleteMessages", { chat_id: 42 }, 400, "Bad Request: message identifiers are not specified"],
  ["answerCallbackQuery", { callback_query_id: "7" }, 400, tooOld],
  ["getChat", { chat_id: 43 }, 400, "Bad Request: chat not found"],
  ["getFile", {}, 400, "Bad Request: file_id not specified"],
  ["setMyCommands", command("Big"), 400, "Bad Request: BOT_COMMAND_INVALID"],
  [
    "setMyCommands",
    command("a", "d".repeat(257)),
    400,
    "Bad Request: command description length must not exceed 256",
  ],
  [
    "setMyCommands",
    { ...command("a"), scope: { type: "planet" } },
    400,
    "Bad Request: can't parse BotCommandScope: Unsupported type specified",
  ],
  [
    "setChatMenuButton",
    { menu_button: { type: "x" } },
    400,
    "Bad Request: can't parse menu button: MenuButton has unsupported type",
  ],
  [
    "setWebhook",
    { url: "http://example.com/hook" },
    400,
    "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
  ],
  [
    "setWebhook",
    { url: "https://example.com/hook" },
    400,
    "Bad Request: bad webhook: the playground delivers to this machine alone",
  ],
  [
    "setWebhook",
    { url: "https://127.0.0.1", secret_token: "a b" },
    400,
    "Bad Request: secret token contains unallowed characters",
  ],
]
