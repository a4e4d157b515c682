import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Chats } from "../../../src/playground/telegram/Chats.ts"
import { Upload } from "../../../src/playground/telegram/Media.ts"
import { layer, refusalOf } from "./anna.ts"
import { table, tooOld } from "./refusalTable.ts"

/** The chat the table speaks of. */
const scene = Effect.gen(function* () {
  const chats = yield* Chats
  for (const [id, firstName] of [
    [42, "Anna"],
    [43, "Boris"],
    [44, "Vera"],
  ] as const) {
    yield* chats.addUser({ id, firstName })
  }
  yield* chats.say(42, "/start")
  yield* chats.say(44, "/start")
  yield* chats.call("sendMessage", { chat_id: 44, text: "hello" })
  yield* chats.block(44, true)
  yield* chats.call("sendMessage", {
    chat_id: 42,
    text: "menu",
    reply_markup: { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] },
  })
  const document = new Upload({ name: "a.csv", mime: "text/csv", bytes: new Uint8Array([65]) })
  yield* chats.call("sendDocument", { chat_id: 42, document, caption: "a file" })
  yield* chats.call("sendMessage", { chat_id: 42, text: "x", reply_markup: { keyboard: [["y"]] } })
  return chats
})

describe("refusals", () => {
  it.effect("every call of the table is refused in Telegram's words and changes nothing", () =>
    Effect.gen(function* () {
      const chats = yield* scene
      const before = yield* chats.version
      for (const [method, params, code, description] of table) {
        const refusal = yield* refusalOf(chats.call(method, params))
        assert.deepStrictEqual(
          [method, refusal.code, refusal.description],
          [method, code, description],
        )
      }
      assert.strictEqual(yield* chats.version, before)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a message can be edited at any age, and deleted for 48 hours only", () =>
    Effect.gen(function* () {
      const chats = yield* scene
      yield* TestClock.adjust("48 hours")
      yield* chats.call("editMessageText", { chat_id: 42, message_id: 2, text: "late" })
      const refusal = yield* refusalOf(
        chats.call("deleteMessages", { chat_id: 42, message_ids: [2, 77] }),
      )
      assert.strictEqual(refusal.description, "Bad Request: message can't be deleted for everyone")
      yield* chats.call("sendMessage", { chat_id: 42, text: "x" })
      assert.isTrue(yield* chats.call("deleteMessage", { chat_id: 42, message_id: 5 }))
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a tap is answered once, and only while the app waits", () =>
    Effect.gen(function* () {
      const chats = yield* scene
      const answer = (callback_query_id: string) =>
        chats.call("answerCallbackQuery", { callback_query_id, text: "ok", show_alert: true })
      const first = yield* chats.tap({ userId: 42, label: "Go" })
      assert.deepStrictEqual(
        yield* chats.callback(first.callbackQueryId),
        Option.some({ answered: false }),
      )
      assert.isTrue(yield* answer(first.callbackQueryId))
      assert.deepStrictEqual(
        yield* chats.callback(first.callbackQueryId),
        Option.some({ answered: true, text: "ok", showAlert: true }),
      )
      assert.strictEqual((yield* refusalOf(answer(first.callbackQueryId))).description, tooOld)
      const second = yield* chats.tap({ userId: 42, label: "Go" })
      yield* TestClock.adjust("15 seconds")
      assert.strictEqual((yield* refusalOf(answer(second.callbackQueryId))).description, tooOld)
    }).pipe(Effect.provide(layer)),
  )
})
