import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { glanceAt, type Incoming, pressOf, readUpdate, updateIdOf } from "../../src/bot/Update.ts"
import { TelegramId } from "../../src/domain/Employee.ts"

const from = { id: 42, is_bot: false, first_name: "Анна", language_code: "ru" }
const chat = { id: 42, type: "private", first_name: "Анна" }
const userId = TelegramId.make(42)

const tapped = {
  _tag: "Tap",
  userId,
  chatId: 42,
  messageId: 13,
  callbackId: "77",
  firstName: "Анна",
  languageCode: "ru",
} as const

const table: ReadonlyArray<readonly [string, unknown, Incoming | undefined]> = [
  [
    "a text",
    {
      update_id: 1,
      message: { message_id: 12, date: 1, from, chat, text: "/start", entities: [] },
    },
    {
      _tag: "Text",
      userId,
      chatId: 42,
      messageId: 12,
      text: "/start",
      firstName: "Анна",
      languageCode: "ru",
    },
  ],
  [
    "a text of a person without a language",
    {
      update_id: 1,
      message: { message_id: 12, from: { id: 42, first_name: "А" }, chat, text: "x" },
    },
    { _tag: "Text", userId, chatId: 42, messageId: 12, text: "x", firstName: "А" },
  ],
  [
    "a text of a person with all names",
    {
      update_id: 1,
      message: {
        message_id: 12,
        from: { id: 42, first_name: "А".repeat(999), last_name: "К", username: "anna_k" },
        chat,
        text: "x",
      },
    },
    {
      _tag: "Text",
      userId,
      chatId: 42,
      messageId: 12,
      text: "x",
      firstName: "А".repeat(64),
      lastName: "К",
      username: "anna_k",
    },
  ],
  [
    "a photo",
    { update_id: 1, message: { message_id: 12, from, chat, photo: [{}] } },
    { _tag: "Other", userId, chatId: 42, languageCode: "ru" },
  ],
  [
    "a tap",
    {
      update_id: 1,
      callback_query: { id: "77", from, message: { message_id: 13, chat }, data: "x" },
    },
    { ...tapped, data: "x" },
  ],
  [
    "a tap on a message that Telegram shows no more",
    {
      update_id: 1,
      callback_query: { id: "77", from, message: { message_id: 13, chat, date: 0 }, data: "x" },
    },
    { ...tapped, data: "x" },
  ],
  [
    "a tap that does not say under which message the button stands",
    {
      update_id: 1,
      callback_query: { id: "77", from, chat_instance: "5", inline_message_id: "BAAA", data: "x" },
    },
    {
      _tag: "StrayTap",
      userId,
      messageId: "BAAA",
      callbackId: "77",
      data: "x",
      languageCode: "ru",
    },
  ],
  [
    "a tap with more in it than any button has",
    {
      update_id: 1,
      callback_query: {
        id: "77",
        from: { id: 42, first_name: "А" },
        inline_message_id: "B".repeat(999),
        data: "",
      },
    },
    { _tag: "StrayTap", userId, messageId: "B".repeat(64), callbackId: "77", data: "" },
  ],
  [
    "a tap on a message in a group",
    {
      update_id: 1,
      callback_query: {
        id: "77",
        from,
        message: { message_id: 13, chat: { id: -5, type: "group" } },
        inline_message_id: "BAAA",
        data: "x",
      },
    },
    undefined,
  ],
  [
    "a person who stopped the bot",
    { update_id: 1, my_chat_member: { from, chat, new_chat_member: { status: "kicked" } } },
    { _tag: "Membership", userId, blocked: true },
  ],
  [
    "a person who came back",
    { update_id: 1, my_chat_member: { from, chat, new_chat_member: { status: "member" } } },
    { _tag: "Membership", userId, blocked: false },
  ],
  [
    "a message in a group",
    { update_id: 1, message: { message_id: 1, from, chat: { id: -5, type: "group" }, text: "x" } },
    undefined,
  ],
  ["a tap without data", { update_id: 1, callback_query: { id: "7", from, game: "x" } }, undefined],
  ["an edited message", { update_id: 1, edited_message: { message_id: 1, from, chat } }, undefined],
  ["something new", { update_id: 1, telepathy: {} }, undefined],
]

describe("readUpdate", () => {
  for (const [name, body, expected] of table) {
    it(name, () => {
      assert.deepStrictEqual(readUpdate(body), Option.fromUndefinedOr(expected))
      assert.deepStrictEqual(updateIdOf(body), 1)
      if (expected === undefined) return
      // What decides about an update sees in it what its handler will see.
      assert.deepStrictEqual(glanceAt(body), {
        userId: expected.userId,
        text: expected._tag === "Text" ? expected.text : undefined,
        press: pressOf(expected),
      })
    })
  }

  it("gives nothing for what is no update", () => {
    for (const body of [null, "x", {}, { update_id: "1" }, []]) {
      assert.deepStrictEqual(readUpdate(body), Option.none())
      assert.deepStrictEqual(updateIdOf(body), undefined)
      assert.deepStrictEqual(glanceAt(body), undefined)
    }
  })
})
