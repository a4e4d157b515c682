import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Chats } from "../../../src/playground/telegram/Chats.ts"
import { BadAct } from "../../../src/playground/telegram/Method.ts"
import { World } from "../../../src/playground/World.ts"
import { anna, ids, keyboard, layer, refusalOf } from "./anna.ts"

describe("the person's side", () => {
  it.effect("a command reaches the bot in the shape of the Bot API", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_795_000_000_500)
      const chats = yield* anna
      const { updateId, messageId } = yield* chats.say(42, "/start")
      assert.deepStrictEqual(yield* chats.getUpdates({}), [
        {
          update_id: updateId,
          message: {
            message_id: messageId,
            date: 1_795_000_000,
            from: {
              id: 42,
              is_bot: false,
              first_name: "Анна",
              username: "anna",
              language_code: "ru",
            },
            chat: { id: 42, type: "private", first_name: "Анна", username: "anna" },
            text: "/start",
            entities: [{ type: "bot_command", offset: 0, length: 6 }],
          },
        },
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a tap carries the message as it is now, and only the own chat can be tapped", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.addUser({ id: 43, firstName: "Boris" })
      const { messageId } = yield* chats.say(42, "hi")
      yield* chats.call("sendMessage", {
        chat_id: 42,
        text: "old",
        reply_markup: keyboard(["Дальше"]),
        reply_parameters: { message_id: messageId },
      })
      yield* chats.call("sendMessage", {
        chat_id: 42,
        text: "new",
        reply_markup: keyboard(["1 шт.", "10 шт."], ["Назад"]),
      })
      const { updateId, callbackQueryId } = yield* chats.tap({ userId: 42, label: "Дальше" })
      const [update] = yield* chats.getUpdates({ offset: updateId })
      assert.deepNestedInclude(update, {
        "callback_query.id": callbackQueryId,
        "callback_query.data": "d:Дальше",
        "callback_query.message.text": "old",
        "callback_query.message.reply_to_message.text": "hi",
      })
      yield* chats.tap({ userId: 42, label: "1 шт." })
      yield* chats.tap({ userId: 42, label: "Наз" })
      yield* chats.tap({ userId: 42, messageId: 2, data: "forged" })
      const refused = [
        { userId: 42, label: "шт" },
        { userId: 42, label: "Нет" },
        { userId: 42, label: "Назад", messageId: 2 },
        { userId: 42, data: "x", messageId },
        { userId: 43, data: "x" },
        { userId: 43, label: "Дальше", messageId: 2 },
        { userId: 99, data: "x" },
        { userId: 42 },
      ]
      for (const act of refused) {
        assert.instanceOf(yield* Effect.flip(chats.tap(act)), BadAct)
      }
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a tap says no message while the bot's mode is inline, and the bot may end that", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.say(42, "hi")
      for (const label of ["Раз", "Два"]) {
        yield* chats.call("sendMessage", {
          chat_id: 42,
          text: label,
          reply_markup: keyboard([label]),
        })
      }
      const tapped = Effect.fnUntraced(function* (label: string) {
        const { updateId } = yield* chats.tap({ userId: 42, label })
        const [update] = yield* chats.getUpdates({ offset: updateId })
        const { message, inline_message_id, data } = Object(update?.["callback_query"])
        return { hasMessage: message !== undefined, inline: inline_message_id, data }
      })
      yield* chats.setBot({ callbackQueryMode: "inline" })
      const [one, again] = [yield* tapped("Раз"), yield* tapped("Раз")]
      assert.deepInclude(one, { hasMessage: false, data: "d:Раз" })
      assert.isString(one.inline)
      assert.deepStrictEqual(again, one)
      assert.notStrictEqual((yield* tapped("Два")).inline, one.inline)

      const told = chats.call("getMe", {})
      assert.deepInclude(yield* told, { callback_query_mode: "inline", can_join_groups: true })
      yield* chats.call("setMySettings", { can_join_groups: false })
      assert.deepInclude(yield* told, { callback_query_mode: "inline", can_join_groups: false })
      yield* chats.call("setMySettings", { callback_query_mode: "default" })
      assert.deepInclude(yield* told, { callback_query_mode: "default", can_join_groups: false })
      assert.deepStrictEqual(yield* tapped("Раз"), {
        hasMessage: true,
        inline: undefined,
        data: "d:Раз",
      })
      // The bot can see all its messages here, so that "auto" changes nothing.
      yield* chats.setBot({ callbackQueryMode: "auto" })
      assert.isTrue((yield* tapped("Раз")).hasMessage)
      const refusal = yield* refusalOf(chats.call("setMySettings", { callback_query_mode: "x" }))
      assert.strictEqual(refusal.code, 400)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("sees edits, colours and copy buttons, and no deleted message", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.say(42, "/start")
      const send = (text: string, button: object) =>
        chats.call("sendMessage", {
          chat_id: 42,
          text,
          parse_mode: "HTML",
          reply_markup: { inline_keyboard: [[button]] },
        })
      yield* send("a", { text: "A", callback_data: "a", style: "danger" })
      yield* send("<b>b</b>", { text: "B", copy_text: { text: "secret" } })
      yield* send("c", { text: "C", callback_data: "c" })
      yield* TestClock.adjust("5 seconds")
      yield* chats.call("editMessageText", { chat_id: "42", message_id: "4", text: "d" })
      yield* chats.call("deleteMessages", { chat_id: 42, message_ids: "[1]" })
      assert.deepStrictEqual(yield* chats.chat(42), [
        {
          messageId: 2,
          from: "bot",
          sentAt: 0,
          text: "a",
          keyboard: [[{ text: "A", data: "a", style: "danger" }]],
        },
        {
          messageId: 3,
          from: "bot",
          sentAt: 0,
          text: "b",
          entities: [{ type: "bold", offset: 0, length: 1 }],
          keyboard: [[{ text: "B", copyText: "secret" }]],
        },
        { messageId: 4, from: "bot", sentAt: 0, editedAt: 5_000, text: "d", keyboard: [] },
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a message is pending until the bot confirms that it took it", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const pending = Effect.map(chats.chat(42), (messages) =>
        messages.filter((message) => message.pending === true).map(({ text }) => text),
      )
      const { updateId } = yield* chats.say(42, "one")
      yield* chats.say(42, "two")
      assert.deepStrictEqual(yield* pending, ["one", "two"])
      yield* chats.getUpdates({})
      assert.deepStrictEqual(yield* pending, ["one", "two"])
      yield* chats.getUpdates({ offset: updateId + 1 })
      assert.deepStrictEqual(yield* pending, ["two"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("who blocked the bot cannot write, and the bot learns of both turns", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.block(42, true)
      yield* Effect.flip(chats.say(42, "hi"))
      yield* chats.block(42, false)
      yield* chats.block(42, false)
      const updates = yield* chats.getUpdates({})
      assert.lengthOf(updates, 2)
      assert.deepNestedInclude(updates[0], { "my_chat_member.new_chat_member.status": "kicked" })
      assert.deepNestedInclude(updates[1], { "my_chat_member.new_chat_member.status": "member" })
    }).pipe(Effect.provide(layer)),
  )
})

describe("the command menu", () => {
  it.effect("sees the commands of the narrowest scope in his language", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const set = (command: string, more: object = {}) =>
        chats.call("setMyCommands", { commands: [{ command, description: "d" }], ...more })
      const seen = Effect.map(chats.commands(42), (list) => list.map(({ command }) => command))
      yield* set("all")
      assert.deepStrictEqual(yield* seen, ["all"])
      yield* set("private", { scope: { type: "all_private_chats" } })
      yield* set("russian", { scope: '{"type":"all_private_chats"}', language_code: "ru" })
      assert.deepStrictEqual(yield* seen, ["russian"])
      yield* set("/own", { scope: { type: "chat", chat_id: 42 } })
      assert.deepStrictEqual(yield* seen, ["own"])
      assert.deepStrictEqual(yield* chats.call("getMyCommands", { language_code: "ru" }), [])
      yield* chats.call("deleteMyCommands", { scope: { type: "chat", chat_id: 42 } })
      assert.deepStrictEqual(yield* seen, ["russian"])
    }).pipe(Effect.provide(layer)),
  )
})

describe("the saved world", () => {
  it.effect("a second start sees the same chats, pending updates and open taps", () =>
    Effect.gen(function* () {
      const world = yield* World
      const start = <A, E>(run: (chats: Chats["Service"]) => Effect.Effect<A, E>) =>
        Effect.flatMap(Chats, run).pipe(
          Effect.provide(Layer.provide(Layer.fresh(Chats.layer), Layer.succeed(World, world))),
        )
      const before = yield* start((chats) =>
        Effect.gen(function* () {
          yield* chats.addUser({ id: 42, firstName: "Анна" })
          yield* chats.say(42, "/start")
          yield* chats.call("sendMessage", {
            chat_id: 42,
            text: "x",
            reply_markup: keyboard(["Go"]),
          })
          const { callbackQueryId } = yield* chats.tap({ userId: 42, label: "Go" })
          const updates = yield* chats.getUpdates({})
          return { callbackQueryId, updates, view: yield* chats.chat(42) }
        }),
      )
      // What a file would hold.
      const saved = Option.getOrThrow(yield* world.load("telegram"))
      yield* world.save("telegram", JSON.parse(JSON.stringify(saved)))
      yield* start((chats) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* chats.chat(42), before.view)
          assert.deepStrictEqual(yield* chats.getUpdates({}), before.updates)
          yield* chats.call("answerCallbackQuery", { callback_query_id: before.callbackQueryId })
          const last = before.updates.at(-1)?.update_id ?? 0
          yield* chats.clear
          assert.deepStrictEqual(yield* chats.users, [])
          assert.deepStrictEqual(yield* chats.getUpdates({}), [])
          yield* chats.addUser({ id: 42, firstName: "Анна" })
          assert.strictEqual((yield* chats.say(42, "again")).updateId, last + 1)
        }),
      )
    }).pipe(Effect.provide(World.layerMemory)),
  )

  it.effect("those who watch learn of each change", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const seen = yield* chats.version
      const watcher = yield* Effect.forkChild(chats.awaitChange(seen))
      yield* TestClock.adjust("1 second")
      assert.isUndefined(watcher.pollUnsafe())
      yield* chats.say(42, "hi")
      assert.strictEqual(yield* Fiber.join(watcher), seen + 1)
      assert.strictEqual(yield* chats.awaitChange(seen), seen + 1)
    }).pipe(Effect.provide(layer)),
  )
})

/** Takes a moment to save, so that what happens at the same time queues up behind it. */
const slowWorld = Layer.mock(World, {
  load: () => Effect.succeedNone,
  save: () => Effect.yieldNow,
})

describe("getUpdates", () => {
  it.effect("gives updates again until an offset confirms them", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const first = yield* chats.say(42, "one")
      const second = yield* chats.say(42, "two")
      const both = [first.updateId, second.updateId]
      assert.deepStrictEqual(ids(yield* chats.getUpdates({})), both)
      assert.deepStrictEqual(ids(yield* chats.getUpdates({ limit: 1 })), both.slice(0, 1))
      assert.deepStrictEqual(
        ids(yield* chats.getUpdates({ offset: second.updateId })),
        both.slice(1),
      )
      assert.deepStrictEqual(ids(yield* chats.getUpdates({})), both.slice(1))
      yield* chats.say(42, "three")
      const newest = yield* chats.getUpdates({ offset: -1 })
      assert.deepStrictEqual(yield* chats.getUpdates({}), newest)
      assert.deepStrictEqual(ids(newest), [second.updateId + 1])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is held and woken by a message at once", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const poll = yield* Effect.forkChild(chats.getUpdates({ timeout: 30 }))
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(poll.pollUnsafe())
      const { updateId } = yield* chats.say(42, "hi")
      assert.deepStrictEqual(ids(yield* Fiber.join(poll)), [updateId])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("ends empty after the timeout, which is at most 50 seconds", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const poll = yield* Effect.forkChild(chats.getUpdates({ timeout: 90 }))
      yield* TestClock.adjust("49999 millis")
      assert.isUndefined(poll.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(poll.pollUnsafe(), Exit.succeed([]))
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a second poll ends the first with a conflict and gets the update", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const older = yield* Effect.forkChild(refusalOf(chats.getUpdates({ timeout: 30 })))
      yield* TestClock.adjust("1 second")
      const newer = yield* Effect.forkChild(chats.getUpdates({ timeout: 30 }))
      const refusal = yield* Fiber.join(older)
      assert.strictEqual(refusal.code, 409)
      assert.strictEqual(
        refusal.description,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      )
      yield* chats.say(42, "hi")
      assert.lengthOf(yield* Fiber.join(newer), 1)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a held poll with a negative offset drops nothing that came while it was held", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const poll = yield* Effect.forkChild(chats.getUpdates({ offset: -1, timeout: 30 }))
      yield* TestClock.adjust("1 second")
      yield* Effect.all([chats.say(42, "one"), chats.say(42, "two")], { concurrency: 2 })
      assert.lengthOf(yield* Fiber.join(poll), 2)
    }).pipe(Effect.provide(Layer.provide(Chats.layer, slowWorld))),
  )

  it.effect("an interrupted poll leaves its place", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const gone = yield* Effect.forkChild(chats.getUpdates({ timeout: 30 }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(gone)
      yield* chats.say(42, "hi")
      assert.lengthOf(yield* chats.getUpdates({ timeout: 30 }), 1)
    }).pipe(Effect.provide(layer)),
  )
})

describe("the queue of updates", () => {
  it.effect("forgets a tap after 150 seconds and a message after a day", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.say(42, "/start")
      yield* chats.call("sendMessage", { chat_id: 42, text: "x", reply_markup: keyboard(["Go"]) })
      yield* chats.tap({ userId: 42, label: "Go" })
      yield* TestClock.adjust("149 seconds")
      assert.lengthOf(yield* chats.getUpdates({}), 2)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(yield* chats.getUpdates({}), 1)
      yield* TestClock.adjust("1 day")
      assert.lengthOf(yield* chats.getUpdates({}), 0)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("allowed_updates act on what comes after them", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.say(42, "seen")
      yield* chats.getUpdates({ allowed_updates: ["callback_query"] })
      yield* chats.say(42, "not seen")
      yield* chats.getUpdates({ allowed_updates: "not json" })
      yield* chats.say(42, "not seen either")
      yield* chats.getUpdates({ allowed_updates: [] })
      yield* chats.say(42, "seen")
      assert.lengthOf(yield* chats.getUpdates({}), 2)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is refused while a webhook is set, and a held poll is ended by it", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const held = yield* Effect.forkChild(refusalOf(chats.getUpdates({ timeout: 30 })))
      yield* TestClock.adjust("1 second")
      yield* chats.call("setWebhook", { url: "http://127.0.0.1:1/hook" })
      assert.strictEqual(
        (yield* Fiber.join(held)).description,
        "Conflict: terminated by setWebhook request",
      )
      const refusal = yield* refusalOf(chats.getUpdates({}))
      assert.strictEqual(
        refusal.description,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
      const again = yield* refusalOf(chats.call("setWebhook", { url: "https://example.com/b" }))
      assert.deepInclude(again, { code: 429, parameters: { retry_after: 1 } })
      yield* chats.call("deleteWebhook", {})
      assert.deepStrictEqual(yield* chats.getUpdates({}), [])
    }).pipe(Effect.provide(layer)),
  )
})
