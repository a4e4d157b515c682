import { assert, describe } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { HttpClientRequest } from "effect/http"
import { Playground, PlaygroundError } from "../../src/playground/Playground.ts"
import { World } from "../../src/playground/World.ts"
import {
  bodyOf,
  get,
  playground,
  post,
  postText,
  scenario,
  send,
  statusFor,
  statusForHost,
  statusForOrigin,
  tabs,
} from "./client.ts"

describe("refusals", () => {
  const refusals: ReadonlyArray<readonly [path: string, body: unknown, status: number, RegExp]> = [
    ["/sim/messages", { userId: 2 }, 400, /text/],
    ["/sim/messages", { userId: 2, text: "?", replyto: 1 }, 400, /replyto/],
    ["/sim/messages", { userId: 99, text: "?" }, 400, /99/],
    ["/sim/messages", { userId: 2, sticker: "👍", text: "?" }, 400, /without text/],
    ["/sim/messages", { userId: 2, sticker: "👍", photo: "sample" }, 400, /one photo/],
    ["/sim/messages", { userId: 2, photo: "cHJveHk=" }, 400, /photo: .*IMAGE/],
    ["/sim/messages", { userId: 2, photo: "!" }, 400, /base64/],
    ["/sim/messages", { userId: 2, forwarded: { messageId: 9 } }, 400, /9/],
    ["/sim/edits", { userId: 2, messageId: 9, text: "?" }, 400, /9/],
    ["/sim/taps", { userId: 2 }, 400, /either a label or data/],
    ["/sim/taps", { userId: 2, label: "a", data: "b" }, 400, /either a label or data/],
    ["/sim/clock", { advance: "soon" }, 400, /10 minutes/],
    ["/sim/clock", { advance: "-1 minute" }, 400, /10 minutes/],
    ["/sim/clock", { advance: "8 days" }, 400, /7 days/],
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
        const { error } = yield* bodyOf<{ error: string }>(Effect.succeed(refused))
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
      assert.deepStrictEqual(yield* postText("{"), {
        status: 400,
        body: { error: "the body is not JSON" },
      })
      assert.deepStrictEqual(yield* postText(`"${"x".repeat(13 * 1024 * 1024)}"`), {
        status: 413,
        body: { error: "the body is too large" },
      })
    }),
  )

  scenario(
    "only this machine and this page: a foreign name or origin is refused",
    Effect.gen(function* () {
      const { url } = yield* Playground
      assert.strictEqual(yield* statusForOrigin("https://evil.example.com"), 403)
      assert.strictEqual(yield* statusForOrigin(url), 200)
      assert.strictEqual(yield* statusForHost("rebound.example.com"), 403)
      assert.strictEqual(yield* statusForHost("localhost:1234"), 200)
    }),
  )

  scenario(
    "a picture or a link on a page from elsewhere moves nothing, in any of the APIs",
    Effect.gen(function* () {
      const status = (path: string, site: string, mode: string) =>
        statusFor(path, { "sec-fetch-site": site, "sec-fetch-mode": mode })
      const token = "7900000001:demo-token-that-opens-nothing"
      for (const site of ["cross-site", "same-site"]) {
        for (const path of [
          `/bot${token}/sendMessage?chat_id=2&text=x`,
          `/bot${token}/setWebhook?url=http://127.0.0.1:1/`,
          "/v4/spreadsheets/demo-accounts",
          "/sim/chats/2",
        ]) {
          assert.strictEqual(yield* status(path, site, "no-cors"), 403, path)
          assert.strictEqual(yield* status(path, site, "navigate"), 403, path)
        }
      }
      assert.strictEqual(yield* status("/", "cross-site", "navigate"), 200)
      assert.strictEqual(yield* status("/", "cross-site", "no-cors"), 403)
      assert.strictEqual(yield* status("/sim/chats/2", "same-origin", "cors"), 200)
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
    "serves every style and module that the page asks for, and the page asks nobody else",
    Effect.gen(function* () {
      const text = (path: string) =>
        Effect.flatMap(send(HttpClientRequest.get(path)), (response) => {
          assert.strictEqual(response.status, 200, path)
          return response.text
        })
      const html = yield* text("/")
      const linked = [...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, path]) => `/${path}`)
      assert.include(linked, "/page.js")
      const asked = new Set(linked)
      for (const path of asked) {
        const source = yield* text(path)
        for (const [, name = ""] of source.matchAll(/ from "(\.[^"]+\.js)"$/gm)) {
          asked.add(new URL(name, `http://page${path}`).pathname)
        }
      }
      assert.include([...asked], "/base/dom.js")
      assert.isFalse([...asked].some((path) => path.includes("//")))
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
