/**
 * The Telegram Bot API over HTTP, for one made-up token.
 *
 * Here are only addresses, parameters and envelopes. The chats themselves are in `Chats`.
 */
import { Effect, Option, Result } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Calls } from "./Calls.ts"
import { exchange, type Reply } from "./Exchange.ts"
import type { Fault, Faults } from "./Faults.ts"
import { Chats } from "./telegram/Chats.ts"
import { methodNamed } from "./telegram/Methods.ts"
import { TelegramRefusal, tooManyRequests } from "./telegram/Refusal.ts"
import { forLog, readParams } from "./telegram/RequestParams.ts"

/** Adds `/bot<token>/<method>` and `/file/bot<token>/<path>` to the router. */
export const telegramApiRoutes = (token: string) =>
  HttpRouter.use(
    Effect.fnUntraced(function* (router) {
      const chats = yield* Chats
      const services = yield* Effect.context<Calls | Faults>()

      const answer = Effect.fn("TelegramEmulator.answer")(function* (
        request: HttpServerRequest.HttpServerRequest,
      ) {
        const address = /^\/bot([^/?]*)\/([^/?]+)(?:\?.*)?$/.exec(request.url)
        const [, given = "", written = ""] = address ?? []
        if (address === null) return toResponse(refused(notFound))
        const params = yield* Effect.result(readParams(request))
        const call = methodCall(chats, written)
        const respond = Effect.gen(function* () {
          if (request.method !== "GET" && request.method !== "POST") return yield* notAllowed
          yield* checkToken(given, token)
          return yield* call.run(yield* Effect.fromResult(params))
        })
        const logged = Result.isSuccess(params) ? forLog(params.success) : {}
        return yield* exchange(
          { api: "telegram", method: call.name, params: logged },
          respond.pipe(
            Effect.map((result): Reply => ({ status: 200, body: { ok: true, result } })),
            Effect.catchTag("TelegramRefusal", (refusal) => Effect.succeed(refused(refusal))),
          ),
          plantedRefusal,
        )
      })

      const download = Effect.fn("TelegramEmulator.download")(function* (
        request: HttpServerRequest.HttpServerRequest,
      ) {
        const [, given = "", path = ""] = /^\/file\/bot([^/?]*)\/([^?]+)/.exec(request.url) ?? []
        const file = given === token ? yield* chats.file(decodeURI(path)) : Option.none()
        return Option.isNone(file)
          ? toResponse(refused(notFound))
          : HttpServerResponse.uint8Array(file.value.bytes, { contentType: file.value.mime })
      })

      yield* router.add("*", "/bot*", (request) => Effect.provideContext(answer(request), services))
      yield* router.add("*", "/file/bot*", download)
    }),
  )

const methodCall = (chats: Chats["Service"], written: string) =>
  written.toLowerCase() === "getupdates"
    ? { name: "getUpdates", run: (params: unknown) => chats.getUpdates(params) }
    : {
        name: methodNamed(written)?.name ?? written,
        run: (params: unknown) => chats.call(written, params),
      }

const notFound = new TelegramRefusal({ code: 404, description: "Not Found" })
const notAllowed = new TelegramRefusal({
  code: 405,
  description: "Method Not Allowed: closing",
})

const checkToken = (given: string, expected: string): Effect.Effect<void, TelegramRefusal> => {
  const token = given.replaceAll(/%3a/gi, ":")
  if (token === expected) return Effect.void
  const malformed = !/^[1-9]\d*:/.test(token) || token.length > 80
  const description = malformed ? "Unauthorized: invalid token specified" : "Unauthorized"
  return Effect.fail(new TelegramRefusal({ code: 401, description }))
}

const refused = ({ code, description, parameters }: TelegramRefusal): Reply => ({
  status: code,
  body: {
    ok: false,
    error_code: code,
    description,
    ...(parameters === undefined ? {} : { parameters }),
  },
  ...(parameters === undefined
    ? {}
    : { headers: { "retry-after": String(parameters.retry_after) } }),
  error: description,
})

const toResponse = ({ body, status }: Reply) => HttpServerResponse.jsonUnsafe(body, { status })

const wordings: Readonly<Record<number, string>> = {
  400: "Bad Request: planted by the playground",
  401: "Unauthorized",
  403: "Forbidden: bot was blocked by the user",
  404: "Not Found",
  409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  500: "Internal Server Error",
  502: "Bad Gateway",
  504: "Gateway Timeout",
}

/** A status planted by a test, in the words Telegram has for it. */
const plantedRefusal = ({ status = 503, retryAfter = 5 }: Fault): Reply =>
  refused(
    status === 429
      ? tooManyRequests(retryAfter)
      : new TelegramRefusal({
          code: status,
          description: wordings[status] ?? "Service Unavailable",
        }),
  )
