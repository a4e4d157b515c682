import { request } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Layer, Option, Ref, type Scope, Stream } from "effect"
import {
  FetchHttpClient,
  HttpClient,
  HttpClientRequest,
  type HttpClientResponse,
} from "effect/http"
import { Playground, PlaygroundError } from "../../src/playground/Playground.ts"
import { PlaygroundClock } from "../../src/playground/PlaygroundClock.ts"
import { Program } from "../../src/playground/Program.ts"
import { World } from "../../src/playground/World.ts"

const token = "1000:demo-token"
const playground = (port = 0) => Playground.layer({ port, token })

const Demo = playground().pipe(
  Layer.provideMerge(PlaygroundClock.layer),
  Layer.provideMerge(World.layerMemory),
  Layer.merge(FetchHttpClient.layer),
)

type Needs = HttpClient.HttpClient | Playground | PlaygroundClock | Program | World | Scope.Scope

const scenario = (name: string, body: Effect.Effect<void, unknown, Needs>) =>
  it.live(name, () => Effect.provide(body, Demo))

const send = Effect.fnUntraced(function* (request: HttpClientRequest.HttpClientRequest) {
  const { url } = yield* Playground
  const client = yield* HttpClient.HttpClient
  return yield* client.execute(HttpClientRequest.prependUrl(request, url))
})

const outcome = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(response.json, (body) => ({ status: response.status, body }))

const get = (path: string) => Effect.flatMap(send(HttpClientRequest.get(path)), outcome)

const post = (path: string, body: unknown) =>
  HttpClientRequest.post(path).pipe(
    HttpClientRequest.bodyJsonUnsafe(body),
    send,
    Effect.flatMap(outcome),
  )

/** The body of an answer whose shape the test knows. */
const bodyOf = <A>(answer: Effect.Effect<{ body: unknown }, unknown, Needs>) =>
  // The tests read only what they have asserted or what the control API promises.
  Effect.map(answer, ({ body }) => body as A)

/** `fetch` does not let its caller name the host. */
const statusForHost = Effect.fnUntraced(function* (host: string) {
  const { port } = yield* Playground
  return yield* Effect.callback<number>((resume) => {
    const options = { host: "127.0.0.1", port, path: "/sim/users", headers: { host } }
    request(options, (response) => {
      response.resume()
      resume(Effect.succeed(response.statusCode ?? 0))
    }).end()
  })
})

const telegram = (method: string, params: object) => post(`/bot${token}/${method}`, params)

const greeting = {
  chat_id: 2,
  text: "<b>Привет</b>, <code>пароль</code>",
  parse_mode: "HTML",
  reply_markup: {
    inline_keyboard: [[{ text: "✅ Хороший", callback_data: "g:1", style: "success" }]],
  },
}

interface Tab {
  readonly title: string
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<{ readonly cells: ReadonlyArray<string> }>
}
const tabs = (id: string) => bodyOf<ReadonlyArray<Tab>>(get(`/sim/sheets/${id}`))

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

describe("refusals", () => {
  const refusals: ReadonlyArray<readonly [path: string, body: unknown, status: number, RegExp]> = [
    ["/sim/messages", { userId: 2 }, 400, /text/],
    ["/sim/messages", { userId: 2, text: "?", replyto: 1 }, 400, /replyto/],
    ["/sim/messages", { userId: 99, text: "?" }, 400, /99/],
    ["/sim/taps", { userId: 2 }, 400, /either a label or data/],
    ["/sim/taps", { userId: 2, label: "a", data: "b" }, 400, /either a label or data/],
    ["/sim/clock", { advance: "soon" }, 400, /10 minutes/],
    ["/sim/clock", { advance: "-1 minute" }, 400, /10 minutes/],
    ["/sim/clock", { advance: "32 days" }, 400, /31 days/],
    ["/sim/faults", { api: "sheets", times: 1, kind: "explode" }, 400, /kind/],
    ["/sim/faults", { api: "sheets", times: 0, kind: "hang" }, 400, /times/],
    ["/sim/sheets/nothing/edits", { tab: "x", op: "addTab" }, 404, /nothing/],
    ["/sim/sheets/demo-accounts/edits", { tab: "x", op: "append", rows: [] }, 400, /"x"/],
    ["/sim/sheets/demo-accounts/edits", { tab: "Gmail", op: "burn" }, 400, /op/],
  ]
  scenario(
    "every refusal is JSON with a sentence, and changes nothing",
    Effect.gen(function* () {
      for (const [path, body, status, sentence] of refusals) {
        const refused = yield* post(path, body)
        const label = `${path} ${JSON.stringify(body)} ${JSON.stringify(refused.body)}`
        assert.strictEqual(refused.status, status, label)
        const { error } = refused.body as { error: string }
        assert.match(error, sentence, label)
      }
      assert.strictEqual((yield* get("/sim/chats/99")).status, 404)
      assert.strictEqual((yield* get("/sim/callbacks/99")).status, 404)
      assert.strictEqual((yield* get("/sim/calls?since=x")).status, 400)
      assert.deepStrictEqual((yield* get("/sim/chats/2")).body, [])
    }),
  )

  scenario(
    "a body that is no JSON, and one that is too large",
    Effect.gen(function* () {
      const text = (body: string) =>
        HttpClientRequest.post("/sim/messages").pipe(
          HttpClientRequest.bodyText(body, "application/json"),
          send,
          Effect.flatMap(outcome),
        )
      assert.deepStrictEqual(yield* text("{"), {
        status: 400,
        body: { error: "the body is not JSON" },
      })
      assert.deepStrictEqual(yield* text(`"${"x".repeat(13 * 1024 * 1024)}"`), {
        status: 413,
        body: { error: "the body is too large" },
      })
    }),
  )

  scenario(
    "only this machine and this page: a foreign name or origin is refused",
    Effect.gen(function* () {
      const { url } = yield* Playground
      const from = (origin: string) =>
        HttpClientRequest.post("/sim/reset").pipe(
          HttpClientRequest.setHeader("origin", origin),
          send,
          Effect.map(({ status }) => status),
        )
      assert.strictEqual(yield* from("https://evil.example.com"), 403)
      assert.strictEqual(yield* from(url), 200)
      assert.strictEqual(yield* statusForHost("rebound.example.com"), 403)
      assert.strictEqual(yield* statusForHost("localhost:1234"), 200)
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

describe("the machine", () => {
  scenario(
    "is ready when the program says so",
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* get("/sim/health"), { status: 503, body: { ready: false } })
      const program = yield* Program
      yield* program.attach({ ready: Effect.succeed(true) })
      assert.deepStrictEqual(yield* get("/sim/health"), { status: 200, body: { ready: true } })
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
    "starts afresh, with the program told to",
    Effect.gen(function* () {
      const program = yield* Program
      const told = yield* Ref.make<ReadonlyArray<string>>([])
      const note = (word: string) => Ref.update(told, (words) => [...words, word])
      yield* program.attach({
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
    "tells of changes in chats, sheets and calls as they happen",
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
      yield* grown(third)
    }),
  )
})

describe("the server", () => {
  scenario(
    "serves the page and nothing beside it",
    Effect.gen(function* () {
      const page = yield* send(HttpClientRequest.get("/"))
      assert.match(yield* page.text, /<html lang="ru">/)
      assert.strictEqual(page.headers["content-security-policy"]?.includes("'self'"), true)
      for (const path of ["/..%2fPlayground.ts", "/Playground.ts", "/nothing"]) {
        assert.strictEqual((yield* send(HttpClientRequest.get(path))).status, 404, path)
      }
    }),
  )

  scenario(
    "says in a sentence that its port is taken",
    Effect.gen(function* () {
      const { port } = yield* Playground
      const second = Layer.fresh(playground(port))
      const error = yield* Effect.flip(Effect.scoped(Layer.build(second)))
      assert.instanceOf(error, PlaygroundError)
      assert.match(error.message, new RegExp(`^Port ${port} is in use`))
    }),
  )

  scenario(
    "a world that was saved keeps its chats and sheets",
    Effect.gen(function* () {
      yield* post("/sim/messages", { userId: 2, text: "/start" })
      yield* post("/sim/sheets/demo-accounts/edits", { tab: "Gmail", op: "removeTab" })
      assert.isTrue(Option.isSome(yield* (yield* World).load("telegram")))
      yield* Effect.gen(function* () {
        assert.strictEqual((yield* tabs("demo-accounts")).length, 6)
        const chat = yield* bodyOf<ReadonlyArray<unknown>>(get("/sim/chats/2"))
        assert.strictEqual(chat.length, 1)
      }).pipe(Effect.provide(Layer.fresh(playground())))
    }),
  )
})
