/** The playground on a free port, and a client for it. */
import { request } from "node:http"
import { it } from "@effect/vitest"
import { Effect, Layer, type Scope } from "effect"
import {
  FetchHttpClient,
  HttpClient,
  HttpClientRequest,
  type HttpClientResponse,
} from "effect/http"
import { Playground } from "../../src/playground/Playground.ts"
import { PlaygroundClock } from "../../src/playground/PlaygroundClock.ts"
import type { BotHandle } from "../../src/playground/BotHandle.ts"
import { World } from "../../src/playground/World.ts"

const token = "1000:demo-token"
export const playground = (port = 0) => Playground.layer({ port, token })

const Demo = playground().pipe(
  Layer.provideMerge(PlaygroundClock.layer),
  Layer.provideMerge(World.layerMemory),
  Layer.merge(FetchHttpClient.layer),
)

type Needs = HttpClient.HttpClient | Playground | PlaygroundClock | BotHandle | World | Scope.Scope

export const scenario = <E>(name: string, body: Effect.Effect<void, E, Needs>) =>
  it.live(name, () => Effect.provide(body, Demo))

export const send = Effect.fnUntraced(function* (call: HttpClientRequest.HttpClientRequest) {
  const { url } = yield* Playground
  const client = yield* HttpClient.HttpClient
  return yield* client.execute(HttpClientRequest.prependUrl(call, url))
})

const outcome = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(response.json, (body) => ({ status: response.status, body }))

export const get = (path: string) => Effect.flatMap(send(HttpClientRequest.get(path)), outcome)

export const post = (path: string, body: unknown) =>
  HttpClientRequest.post(path).pipe(
    HttpClientRequest.bodyJsonUnsafe(body),
    send,
    Effect.flatMap(outcome),
  )

export const postText = (body: string) =>
  HttpClientRequest.post("/sim/messages").pipe(
    HttpClientRequest.bodyText(body, "application/json"),
    send,
    Effect.flatMap(outcome),
  )

export const statusForOrigin = (origin: string) =>
  HttpClientRequest.post("/sim/reset").pipe(
    HttpClientRequest.setHeader("origin", origin),
    send,
    Effect.map(({ status }) => status),
  )

/** The body of an answer whose shape the test knows. */
export const bodyOf = <A>(answer: ReturnType<typeof post>) =>
  // The tests read only what they have asserted or what the control API promises.
  Effect.map(answer, ({ body }) => body as A)

/** `fetch` does not let its caller name the host. */
export const statusForHost = (host: string) => statusFor("/sim/users", { host })

/** Sends headers that `fetch` does not let a caller set. */
export const statusFor = Effect.fnUntraced(function* (
  path: string,
  headers: Record<string, string>,
) {
  const { port } = yield* Playground
  return yield* Effect.callback<number>((resume) => {
    const options = { host: "127.0.0.1", port, path, headers }
    request(options, (response) => {
      response.resume()
      resume(Effect.succeed(response.statusCode ?? 0))
    }).end()
  })
})

export const telegram = (method: string, params: object) => post(`/bot${token}/${method}`, params)

export const greeting = {
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
export const tabs = (id: string) => bodyOf<ReadonlyArray<Tab>>(get(`/sim/sheets/${id}`))
