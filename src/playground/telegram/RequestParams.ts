/** The parameters of a Bot API call, from wherever in the HTTP request they stand. */
import { Effect, Option, Result, Schema } from "effect"
import type { HttpServerRequest } from "effect/http"
import * as Args from "./Args.ts"
import { Upload } from "./Media.ts"
import { TelegramRefusal } from "./Refusal.ts"

/** Reads a query, a form, JSON or multipart; what the body says wins over the query. */
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

/** The parameters as the call log shows them: of a file its name, type and size only. */
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

/**
 * The parts of `multipart/form-data`: fields by name, files as uploads; `undefined` when the body is
 * not made of parts. It is as lenient as Telegram: grammY sends file names without quotes, in any
 * alphabet and with spaces, and such a name ends where its header ends.
 */
const readMultipart = (
  bytes: Uint8Array,
  contentType: string,
): Record<string, unknown> | undefined => {
  const boundary = parameter(contentType, "boundary")
  if (boundary === undefined) return undefined
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = `--${boundary}`
  const fields: Record<string, unknown> = {}
  let start = body.indexOf(delimiter)
  while (start >= 0) {
    const begin = start + delimiter.length
    if (body.toString("latin1", begin, begin + 2) === "--") return fields
    // A part ends with a line end, which belongs to the delimiter after it.
    const next = body.indexOf(`\r\n${delimiter}`, begin)
    const headerEnd = body.indexOf("\r\n\r\n", begin)
    if (next < 0 || headerEnd < 0 || headerEnd > next) return undefined
    const headers = body.toString("utf8", begin, headerEnd)
    const content = body.subarray(headerEnd + 4, Math.max(next, headerEnd + 4))
    addPart(fields, headers, content)
    start = next + 2
  }
  return undefined
}

const addPart = (fields: Record<string, unknown>, headers: string, content: Buffer) => {
  const disposition = header(headers, "content-disposition") ?? ""
  const name = parameter(disposition, "name")
  if (name === undefined) return
  const file = parameter(disposition, "filename")
  const mime = header(headers, "content-type") ?? "application/octet-stream"
  fields[name] =
    file === undefined
      ? content.toString("utf8")
      : new Upload({ name: file, mime, bytes: Uint8Array.from(content) })
}

const header = (headers: string, name: string) =>
  headers
    .split("\r\n")
    .find((line) => line.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim()

/** A quoted value, or everything up to the next semicolon. */
const parameter = (value: string, name: string) => {
  const found = new RegExp(`(?:^|;)\\s*${name}=(?:"([^"]*)"|([^;]*))`, "i").exec(value)
  return found?.[1] ?? found?.[2]?.trim()
}
