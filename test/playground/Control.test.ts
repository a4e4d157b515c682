import { assert, describe } from "@effect/vitest"
import { Clock, Deferred, Effect, Option, Ref, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { BotHandle } from "../../src/playground/BotHandle.ts"
import { bodyOf, get, greeting, post, scenario, send, tabs, telegram } from "./client.ts"

const botUser = {
  id: 7_900_000_001,
  is_bot: true,
  first_name: "Account Bot",
  username: "account_demo_bot",
}

describe("people", () => {
  scenario(
    "a person writes, the bot answers with a button, the person taps, the bot answers the tap",
    Effect.gen(function* () {
      assert.strictEqual((yield* telegram("sendMessage", greeting)).status, 403)
      const said = yield* bodyOf<{ updateId: number; messageId: number }>(
        post("/sim/messages", { userId: 2, text: "/start" }),
      )
      assert.strictEqual(said.messageId, 1)
      assert.strictEqual((yield* telegram("sendMessage", greeting)).status, 200)

      const chat = yield* bodyOf<ReadonlyArray<{ text: string; keyboard: unknown }>>(
        get("/sim/chats/2"),
      )
      assert.deepStrictEqual(
        chat.map(({ text }) => text),
        ["/start", "Привет, пароль"],
      )
      assert.deepStrictEqual(chat[1]?.keyboard, [
        [{ text: "✅ Хороший", data: "g:1", style: "success" }],
      ])

      const tapped = yield* bodyOf<{ updateId: number; callbackQueryId: string }>(
        post("/sim/taps", { userId: 2, label: "Хороший" }),
      )
      assert.strictEqual(tapped.updateId, said.updateId + 1)
      const callback = `/sim/callbacks/${tapped.callbackQueryId}`
      assert.deepStrictEqual((yield* get(callback)).body, { answered: false })
      yield* telegram("answerCallbackQuery", {
        callback_query_id: tapped.callbackQueryId,
        text: "Принято",
      })
      assert.deepStrictEqual((yield* get(callback)).body, {
        answered: true,
        text: "Принято",
        showAlert: false,
      })
    }),
  )

  scenario(
    "the three people of the samples are there, a fourth may come, one may block the bot",
    Effect.gen(function* () {
      yield* post("/sim/users", { id: 4, firstName: "Новенький" })
      const users = yield* bodyOf<ReadonlyArray<{ id: number; firstName: string }>>(
        get("/sim/users"),
      )
      assert.deepStrictEqual(
        users.map(({ id, firstName }) => `${id} ${firstName}`),
        ["1 Ольга", "2 Иван", "3 Мария", "4 Новенький"],
      )
      yield* post("/sim/messages", { userId: 4, text: "привет" })
      yield* post("/sim/blocks", { userId: 4, blocked: true })
      const refused = yield* telegram("sendMessage", { chat_id: 4, text: "?" })
      assert.deepInclude(refused.body, { description: "Forbidden: bot was blocked by the user" })
    }),
  )
})

describe("what people send besides text", () => {
  const updates = Effect.map(
    bodyOf<{ result: ReadonlyArray<Record<string, Record<string, unknown>>> }>(
      telegram("getUpdates", {}),
    ),
    ({ result }) => result,
  )

  scenario(
    "a photo with a caption, a document, a sticker: as the bot gets them, and as the chat shows them",
    Effect.gen(function* () {
      yield* post("/sim/messages", { userId: 2, photo: "sample", text: "вот" })
      yield* post("/sim/messages", {
        userId: 2,
        document: { name: "a.txt", base64: "cHJveHk=" },
        replyTo: 1,
      })
      yield* post("/sim/messages", { userId: 2, sticker: "👍" })
      const [photo, document, sticker] = (yield* updates).map(({ message }) => message)
      assert.deepInclude(photo, { caption: "вот" })
      const [size] = (photo?.["photo"] ?? []) as ReadonlyArray<object>
      assert.deepInclude(size, { width: 320, height: 200 })
      assert.notProperty(photo, "text")
      assert.deepInclude(document?.["document"], { file_name: "a.txt", file_size: 5 })
      assert.deepInclude(document?.["reply_to_message"], { message_id: 1 })
      assert.deepInclude(sticker?.["sticker"], { type: "regular", emoji: "👍", is_video: false })

      const chat = yield* bodyOf<ReadonlyArray<Record<string, unknown>>>(get("/sim/chats/2"))
      assert.deepInclude(chat[0], { text: "вот" })
      assert.deepInclude(chat[0]?.["photo"], { width: 320, height: 200 })
      assert.deepInclude(chat[1]?.["document"], { name: "a.txt", size: 5 })
      assert.deepStrictEqual(chat[2]?.["sticker"], { emoji: "👍" })
      const kept = chat[1]?.["document"] as { path: string } | undefined
      const file = yield* send(HttpClientRequest.get(`/sim/files/${kept?.path}`))
      assert.strictEqual(yield* file.text, "proxy")
    }),
  )

  scenario(
    "a message of somebody else, and one of this chat, are passed on",
    Effect.gen(function* () {
      yield* post("/sim/messages", { userId: 2, text: "/start" })
      yield* telegram("sendMessage", greeting)
      yield* post("/sim/messages", { userId: 2, text: "ок 495", forwarded: { from: "Пётр" } })
      yield* post("/sim/messages", { userId: 2, forwarded: { messageId: 2 } })
      const [, other, own] = (yield* updates).map(({ message }) => message)
      assert.deepInclude(other?.["forward_origin"], {
        type: "hidden_user",
        sender_user_name: "Пётр",
      })
      assert.deepInclude(own, { text: "Привет, пароль" })
      assert.deepInclude(own?.["forward_origin"], { type: "user", sender_user: botUser })
      assert.notProperty(own, "reply_markup")
      const chat = yield* bodyOf<ReadonlyArray<Record<string, unknown>>>(get("/sim/chats/2"))
      assert.deepStrictEqual(
        chat.map(({ forwardedFrom }) => forwardedFrom),
        [undefined, undefined, "Пётр", "Account Bot"],
      )
    }),
  )

  scenario(
    "an edited message comes to a bot that asks for such updates, and the chat says so",
    Effect.gen(function* () {
      const { messageId } = yield* bodyOf<{ messageId: number }>(
        post("/sim/messages", { userId: 2, text: "ок 495 1" }),
      )
      const edit = { userId: 2, messageId, text: "ок 495 2" }
      assert.strictEqual((yield* post("/sim/edits", edit)).status, 200)
      const [, update] = yield* updates
      const edited = update?.["edited_message"]
      assert.deepInclude(edited, { message_id: messageId, text: "ок 495 2" })
      assert.property(edited, "edit_date")
      const [shown] = yield* bodyOf<ReadonlyArray<Record<string, unknown>>>(get("/sim/chats/2"))
      assert.deepInclude(shown, { text: "ок 495 2" })
      assert.property(shown, "editedAt")

      yield* telegram("getUpdates", { allowed_updates: ["message"], offset: -1 })
      yield* post("/sim/edits", { ...edit, text: "ок 495 3" })
      assert.isFalse(
        (yield* updates).some(({ edited_message }) => edited_message?.["text"] === "ок 495 3"),
      )
    }),
  )
})

describe("sheets", () => {
  scenario(
    "shows the samples as people see them, and takes an edit of a person",
    Effect.gen(function* () {
      const before = yield* tabs("demo-accounts")
      assert.deepStrictEqual(
        before.map(({ title }) => title),
        ["ВКонтакте", "Мамба Муж", "Мамба Жен", "Одноклассники", "Gmail", "Rambler", "Номера"],
      )
      const vk = before[0]
      assert.deepStrictEqual(vk?.header, ["ДАТА", "логин", "Пароль", "Комментарий"])
      // The bot takes thirty at once: a newcomer finds some left to edit.
      assert.isAbove(vk?.rows.length ?? 0, 40)
      assert.strictEqual(vk?.rows[1]?.cells[2], "0012345")
      assert.strictEqual(vk?.rows[5]?.cells[2], "=1+1")
      assert.isAtLeast(
        before.flatMap(({ rows }) => rows).filter(({ cells }) => cells.length > 0).length,
        40,
      )

      yield* post("/sim/sheets/demo-accounts/edits", {
        tab: "Rambler",
        op: "append",
        rows: [[{ date: "22.11.2026" }, "new@example.com", "00700"]],
      })
      const rambler = (yield* tabs("demo-accounts")).find(({ title }) => title === "Rambler")
      assert.deepStrictEqual(rambler?.rows.at(-1)?.cells, [
        "22.11.2026",
        "new@example.com",
        "00700",
      ])
    }),
  )
})

describe("undo", () => {
  scenario(
    "an edit has a number by which it is taken back, and an edit of a row that moved is refused",
    Effect.gen(function* () {
      const edits = "/sim/sheets/demo-accounts/edits"
      const gone = { tab: "Rambler", op: "delete", at: 1, count: 1 }
      const before = yield* tabs("demo-accounts")
      const { edit } = yield* bodyOf<{ edit: number }>(post(edits, gone))
      const moved = { ...gone, seen: [{ row: 1, cells: before[5]?.rows[0]?.cells }] }
      assert.strictEqual((yield* post(edits, moved)).status, 409)
      assert.strictEqual((yield* post("/sim/sheets/demo-accounts/undo", { edit })).status, 200)
      assert.deepStrictEqual(yield* tabs("demo-accounts"), before)
      assert.strictEqual((yield* post("/sim/sheets/demo-accounts/undo", { edit })).status, 404)
      assert.strictEqual((yield* post("/sim/sheets/demo-accounts/undo", { edit: 99 })).status, 404)
      assert.deepStrictEqual((yield* post(edits, { tab: "Новая", op: "addTab" })).body, {})
    }),
  )
})

describe("the playground itself", () => {
  scenario(
    "is ready when the bot says so",
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* get("/sim/health"), { status: 503, body: { ready: false } })
      const bot = yield* BotHandle
      yield* bot.attach({ ready: Effect.succeed(true) })
      assert.deepStrictEqual(yield* get("/sim/health"), { status: 200, body: { ready: true } })
    }),
  )

  scenario(
    "has the pools of the bot, and none while no bot runs",
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* get("/sim/pools"), {
        status: 503,
        body: { error: "the bot does not run at this moment" },
      })
      const bot = yield* BotHandle
      const requests = { left: 7, limit: 50 }
      const view = {
        at: 1,
        resources: [],
        flush: { at: null, everyMs: 60_000 },
        google: { reads: requests, writes: requests },
        journal: [],
      }
      yield* bot.attach({
        ready: Effect.succeed(true),
        pools: Effect.succeed(Option.some(view)),
      })
      assert.deepStrictEqual(yield* get("/sim/pools"), { status: 200, body: view })
    }),
  )

  scenario(
    "plants faults, and shows every call after the one asked for",
    Effect.gen(function* () {
      yield* post("/sim/faults", { api: "telegram", method: "getMe", times: 1, kind: "status" })
      assert.strictEqual((yield* telegram("getMe", {})).status, 503)
      assert.strictEqual((yield* telegram("getMe", {})).status, 200)
      yield* post("/sim/faults", { api: "telegram", times: 1, kind: "status", status: 500 })
      yield* send(HttpClientRequest.delete("/sim/faults"))
      assert.strictEqual((yield* telegram("getMe", {})).status, 200)
      const calls = yield* bodyOf<ReadonlyArray<object>>(get("/sim/calls?since=1"))
      assert.deepStrictEqual(
        calls.map((call) => ("status" in call ? call.status : undefined)),
        [200, 200],
      )
    }),
  )

  scenario(
    "moves the one clock: the app of a person stops waiting for the answer to a tap",
    Effect.gen(function* () {
      yield* post("/sim/messages", { userId: 2, text: "/start" })
      yield* telegram("sendMessage", greeting)
      const { callbackQueryId } = yield* bodyOf<{ callbackQueryId: string }>(
        post("/sim/taps", { userId: 2, label: "Хороший" }),
      )
      const before = yield* Clock.currentTimeMillis
      const { now } = yield* bodyOf<{ now: string }>(post("/sim/clock", { advance: "2 hours" }))
      assert.approximately(Date.parse(now) - before, 2 * 3_600_000, 60_000)
      assert.isAtLeast(yield* Clock.currentTimeMillis, before + 2 * 3_600_000)
      const late = yield* telegram("answerCallbackQuery", { callback_query_id: callbackQueryId })
      assert.strictEqual(late.status, 400)
    }),
  )

  scenario(
    "starts afresh, with the bot told to",
    Effect.gen(function* () {
      const bot = yield* BotHandle
      const told = yield* Ref.make<ReadonlyArray<string>>([])
      const note = (word: string) => Ref.update(told, (words) => [...words, word])
      yield* bot.attach({
        ready: Effect.succeed(true),
        reset: (clear) => note("stop").pipe(Effect.andThen(clear), Effect.andThen(note("start"))),
      })
      yield* post("/sim/messages", { userId: 2, text: "/start" })
      yield* post("/sim/faults", { api: "telegram", times: 9, kind: "status" })
      yield* post("/sim/sheets/demo-accounts/edits", { tab: "Gmail", op: "removeTab" })
      yield* post("/sim/reset", {})
      assert.deepStrictEqual(yield* Ref.get(told), ["stop", "start"])
      assert.deepStrictEqual((yield* get("/sim/chats/2")).body, [])
      assert.strictEqual((yield* tabs("demo-accounts")).length, 7)
      assert.strictEqual((yield* telegram("getMe", {})).status, 200)
    }),
  )

  scenario(
    "tells of changes in chats, sheets, calls and pools as they happen",
    Effect.gen(function* () {
      const response = yield* send(HttpClientRequest.get("/sim/events"))
      assert.strictEqual(response.headers["content-type"], "text/event-stream")
      const opened = yield* Deferred.make<void>()
      const versions = yield* Ref.make<ReadonlyArray<number>>([])
      const grown = (seen: number) =>
        Effect.gen(function* () {
          while (((yield* Ref.get(versions)).at(-1) ?? 0) <= seen) yield* Effect.sleep("5 millis")
          return (yield* Ref.get(versions)).at(-1) ?? 0
        }).pipe(Effect.timeout("20 seconds"))
      yield* response.stream.pipe(
        Stream.decodeText,
        Stream.splitLines,
        Stream.filter((line) => line.startsWith("data: ")),
        Stream.tap(() => Deferred.succeed(opened, undefined)),
        Stream.runForEach((line) =>
          Ref.update(versions, (seen) => [...seen, Number(line.slice("data: ".length))]),
        ),
        Effect.forkScoped,
      )
      yield* Deferred.await(opened)
      const first = yield* grown(0)
      yield* post("/sim/messages", { userId: 2, text: "/start" })
      const second = yield* grown(first)
      yield* post("/sim/sheets/demo-accounts/edits", { tab: "Новый", op: "addTab" })
      const third = yield* grown(second)
      yield* telegram("getMe", {})
      const fourth = yield* grown(third)
      yield* (yield* BotHandle).changed
      yield* grown(fourth)
    }),
  )
})
