/** The parameters of a Bot API call, from wherever in the HTTP request they stand. */
import { Effect, Option, Result, Schema } from "effect"
import type { HttpServerRequest } from "effect/http"
import * as Args from "./Args.ts"
import { Upload } from "./Media.ts"
import { readMultipart } from "./Multipart.ts"
import { TelegramRefusal } from "./Refusal.ts"

/** Query, form, JSON or multipart; what the body says wins over the query. */
export const readParams = Effect.fn("RequestParams.readParams")(function* (
  request: HttpServerRequest.HttpServerRequest,
) {
  const query = request.url.split("?")[1] ?? ""
  const inQuery = Object.fromEntries(new URLSearchParams(query))
  if (request.method !== "POST") return inQuery
  const body = yield* Effect.mapError(request.arrayBuffer, () => unreadable)
  const bytes = new Uint8Array(body)
  const fields = bodyFields(bytes, request.headers["content-type"] ?? "")
  if (fields === undefined) return yield* unreadable
  return { ...inQuery, ...fields }
})

/** For the call log: files are named, not quoted. */
export const forLog = (params: Args.Args): Args.Args =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      Schema.is(Upload)(value)
        ? { file: value.name, mime: value.mime, size: value.bytes.length }
        : value,
    ]),
  )

const unreadable = new TelegramRefusal({
  code: 400,
  description: "Bad Request: can't parse the request body",
})

const bodyFields = (bytes: Uint8Array, contentType: string): Args.Args | undefined => {
  if (bytes.length === 0) return {}
  const type = contentType.toLowerCase()
  if (type.startsWith("multipart/form-data")) return readMultipart(bytes, contentType)
  const text = new TextDecoder().decode(bytes)
  if (type.startsWith("application/json")) {
    const value = Result.getOrElse(Args.parseJson(text), () => undefined)
    return Option.getOrUndefined(Args.asRecord(value))
  }
  return Object.fromEntries(new URLSearchParams(text))
}
