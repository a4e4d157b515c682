import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { GrammyError, HttpError, InlineKeyboard, InputFile } from "grammy"
import { Calls } from "../../src/playground/Calls.ts"
import { failure, harness, plant, Playground, png, token, until } from "./telegram/emulator.ts"

describe("grammY's client", () => {
  it.effect("sends, edits and answers", () =>
    Effect.gen(function* () {
      const { api, chats } = yield* harness
      const me = yield* Effect.promise(() => api.getMe())
      assert.deepInclude(me, { id: 7_900_000_001, is_bot: true })
      const reply_markup = new InlineKeyboard().text("Дальше", "i1:next").success()
      const sent = yield* Effect.promise(() =>
        api.sendMessage(42, "Выбор <b>ресурса</b> 👍", { parse_mode: "HTML", reply_markup }),
      )
      assert.deepStrictEqual(sent.entities, [{ type: "bold", offset: 6, length: 7 }])
      assert.deepStrictEqual(sent.reply_markup?.inline_keyboard, reply_markup.inline_keyboard)
      const { callbackQueryId } = yield* chats.tap({ userId: 42, label: "Дальше" })
      const [update] = yield* Effect.promise(() => api.getUpdates())
      assert.strictEqual(update?.callback_query?.data, "i1:next")
      yield* Effect.promise(() => api.answerCallbackQuery(callbackQueryId, { text: "ок" }))
      assert.deepInclude(Option.getOrThrow(yield* chats.callback(callbackQueryId)), { text: "ок" })
      yield* Effect.promise(() => api.editMessageText(42, sent.message_id, "Готово"))
      assert.deepInclude((yield* chats.chat(42)).at(-1), { text: "Готово", keyboard: [] })

      const again = yield* failure(() => api.editMessageText(42, sent.message_id, "Готово"))
      assert.instanceOf(again, GrammyError)
      assert.deepInclude(again, { error_code: 400, method: "editMessageText" })
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("uploads a photo and a document of any name, and downloads them", () =>
    Effect.gen(function* () {
      const { api, apiRoot, chats } = yield* harness
      const sent = yield* Effect.promise(() =>
        api.sendPhoto(42, new InputFile(png, "chart.png"), { caption: "Отчёт" }),
      )
      const photo = sent.photo.at(-1)
      assert.deepInclude(photo, { width: 3, height: 2, file_size: png.length })
      const file = yield* Effect.promise(() => api.getFile(photo?.file_id ?? ""))
      const bytes = yield* Effect.promise(() =>
        fetch(`${apiRoot}/file/bot${token}/${file.file_path}`).then((r) => r.arrayBuffer()),
      )
      assert.deepStrictEqual(new Uint8Array(bytes), png)
      const text = new TextEncoder().encode("логин;пароль\r\n")
      const named = yield* Effect.promise(() =>
        api.sendDocument(42, new InputFile(text, "отчёт 1.csv")),
      )
      assert.deepInclude(named.document, { file_name: "отчёт 1.csv", file_size: text.length })
      yield* Effect.promise(() =>
        api.editMessageMedia(42, sent.message_id, {
          type: "photo",
          media: new InputFile(png, "chart.png"),
          caption: "Неделя",
        }),
      )
      assert.deepStrictEqual(
        (yield* chats.chat(42)).slice(1).map((message) => [message.text, message.photo?.width]),
        [
          ["Неделя", 3],
          ["", undefined],
        ],
      )
      const [call] = yield* Effect.flatMap(Calls, (calls) => calls.since(0))
      assert.strictEqual(call?.method, "sendPhoto")
      assert.notInclude(JSON.stringify(call), "bytes")
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("long-polls: woken by a message, redelivered, confirmed", () =>
    Effect.gen(function* () {
      const { api, chats } = yield* harness
      const held = Effect.flatMap(Calls, (calls) => calls.since(0)).pipe(
        Effect.map((log) => log.length === 1),
      )
      const poll = yield* Effect.forkChild(Effect.promise(() => api.getUpdates({ timeout: 30 })))
      yield* until(held)
      const { updateId } = yield* chats.say(42, "привет")
      const updates = yield* Fiber.join(poll)
      assert.strictEqual(updates[0]?.message?.text, "привет")
      assert.deepStrictEqual(yield* Effect.promise(() => api.getUpdates()), updates)
      const rest = yield* Effect.promise(() => api.getUpdates({ offset: updateId + 1 }))
      assert.deepStrictEqual(rest, [])
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("a held poll ends when the client goes away, and takes nothing with it", () =>
    Effect.gen(function* () {
      const { api, apiRoot, chats } = yield* harness
      const calls = yield* Calls
      const url = `${apiRoot}/bot${token}/getUpdates?timeout=30`
      const gone = yield* Effect.forkChild(Effect.promise((signal) => fetch(url, { signal })))
      yield* until(Effect.map(calls.since(0), (log) => log.length === 1))
      yield* Fiber.interrupt(gone)
      // Round trips on another connection: the server has seen the first one close by then.
      for (let trip = 0; trip < 3; trip++) yield* Effect.promise(() => api.getMe())
      const next = yield* Effect.forkChild(Effect.promise(() => api.getUpdates({ timeout: 30 })))
      yield* until(Effect.map(calls.since(0), (log) => log.length === 5))
      yield* chats.say(42, "привет")
      assert.lengthOf(yield* Fiber.join(next), 1)
      const [held] = yield* calls.since(0)
      assert.isUndefined(held?.status)
    }).pipe(Effect.provide(Playground)),
  )
})

describe("faults", () => {
  it.effect("dropAfter: the message is there though the client saw the connection break", () =>
    Effect.gen(function* () {
      const { api, chats } = yield* harness
      yield* plant({ kind: "dropAfter", method: "sendmessage" })
      assert.instanceOf(yield* failure(() => api.sendMessage(42, "есть")), HttpError)
      assert.strictEqual((yield* chats.chat(42)).at(-1)?.text, "есть")
      yield* plant({ kind: "dropBefore" })
      yield* failure(() => api.sendMessage(42, "нет"))
      assert.strictEqual((yield* chats.chat(42)).at(-1)?.text, "есть")
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("429 says how long to wait, in the body and in the header", () =>
    Effect.gen(function* () {
      const { api, apiRoot } = yield* harness
      yield* plant({ kind: "status", status: 429, retryAfter: 3 })
      const error = yield* failure(() => api.sendMessage(42, "x"))
      assert.instanceOf(error, GrammyError)
      assert.deepInclude(error, {
        error_code: 429,
        description: "Too Many Requests: retry after 3",
        parameters: { retry_after: 3 },
      })
      yield* plant({ kind: "status", status: 429, retryAfter: 3 })
      const raw = yield* Effect.promise(() => fetch(`${apiRoot}/bot${token}/getMe`))
      assert.strictEqual(raw.headers.get("retry-after"), "3")
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("a poll can be hit too", () =>
    Effect.gen(function* () {
      const { api } = yield* harness
      yield* plant({ kind: "status", status: 502, method: "getUpdates" })
      assert.deepInclude(yield* failure(() => api.getUpdates({ timeout: 30 })), {
        error_code: 502,
        description: "Bad Gateway",
      })
    }).pipe(Effect.provide(Playground)),
  )
})

describe("addresses and envelopes", () => {
  it.effect("takes parameters from everywhere, and methods in any case of letters", () =>
    Effect.gen(function* () {
      const { apiRoot, chats } = yield* harness
      const url = `${apiRoot}/bot${token}/SENDmessage`
      const form = new FormData()
      form.set("chat_id", "42")
      form.set("text", "d")
      const post = (
        body: string | FormData | URLSearchParams,
        headers: Record<string, string> = {},
      ) => fetch(`${url}?chat_id=42`, { method: "POST", body, headers })
      const requests = [
        () => fetch(`${url}?chat_id=42&text=a`),
        () => post(new URLSearchParams({ text: "b" })),
        () => post('{"text":"c"}', { "content-type": "application/json" }),
        () => post(form),
      ]
      for (const request of requests) {
        const answer = yield* Effect.promise(() => request().then((r) => r.json()))
        assert.deepInclude(answer, { ok: true })
      }
      const texts = (yield* chats.chat(42)).slice(1).map(({ text }) => text)
      assert.deepStrictEqual(texts, ["a", "b", "c", "d"])
      const calls = yield* Effect.flatMap(Calls, (log) => log.since(0))
      assert.deepStrictEqual(
        calls.map(({ method, status }) => [method, status]),
        requests.map(() => ["sendMessage", 200]),
      )
    }).pipe(Effect.provide(Playground)),
  )

  for (const [path, code, description] of [
    [`/bot${token}`, 404, "Not Found"],
    [`/bot${token}/sendRocket`, 404, "Not Found: method not found"],
    ["/bot7900000002:other/getMe", 401, "Unauthorized"],
    ["/bot0:x/getMe", 401, "Unauthorized: invalid token specified"],
    ["/botnonsense/getMe", 401, "Unauthorized: invalid token specified"],
    [`/file/bot${token}/photos/file_1.png`, 404, "Not Found"],
    ["/file/bot7900000002:other/photos/file_1.png", 404, "Not Found"],
  ] as const) {
    it.effect(`${path} is refused: ${description}`, () =>
      Effect.gen(function* () {
        const { apiRoot } = yield* harness
        const response = yield* Effect.promise(() => fetch(`${apiRoot}${path}`))
        assert.strictEqual(response.status, code)
        assert.deepStrictEqual(yield* Effect.promise(() => response.json()), {
          ok: false,
          error_code: code,
          description,
        })
      }).pipe(Effect.provide(Playground)),
    )
  }
})
