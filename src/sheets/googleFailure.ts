/** What an error of Google's library means. */
import { Option, Schema } from "effect"
import { reasonOf, type SheetsReason } from "./SheetsError.ts"

/** The library's errors, seen from outside: their types say little of what is in them. */
const Failure = Schema.Struct({
  code: Schema.optional(Schema.Unknown),
  response: Schema.optional(
    Schema.Struct({
      status: Schema.Int,
      data: Schema.optional(Schema.Unknown),
      headers: Schema.optional(Schema.Unknown),
    }),
  ),
})
const decodeFailure = Schema.decodeUnknownOption(Failure)

const ErrorBody = Schema.Struct({ error: Schema.Struct({ message: Schema.String }) })
const TokenRefusal = Schema.Struct({ error: Schema.String })
const decodeErrorBody = Schema.decodeUnknownOption(ErrorBody)
const isTokenRefusal = Schema.is(TokenRefusal)

export const statusOf = (cause: unknown) =>
  Option.getOrUndefined(decodeFailure(cause))?.response?.status

export const failureOf = (cause: unknown): SheetsReason => {
  const { response, code } = Option.getOrElse(decodeFailure(cause), (): typeof Failure.Type => ({}))
  if (typeof code === "string" && /^ERR_(?:OSSL|CRYPTO)_/.test(code)) {
    // The key could not sign, so nothing was sent.
    return { _tag: "Denied", status: 401, message: "the key cannot be used" }
  }
  if (response === undefined) {
    return { _tag: "Unsure", cause: code === "TimeoutError" ? "timeout" : "network", status: null }
  }
  const { status, data, headers } = response
  if (status < 400) return { _tag: "Unsure", cause: "answer", status }
  if (status < 500 && isTokenRefusal(data)) {
    return { _tag: "Denied", status, message: `the token was refused: ${data.error}` }
  }
  const message = Option.match(decodeErrorBody(data), {
    onNone: () => `HTTP ${status}`,
    onSome: ({ error }) => error.message,
  })
  const seconds = headers instanceof Headers ? Number(headers.get("retry-after") ?? Number.NaN) : 0
  return reasonOf(status, message, seconds > 0 ? seconds * 1000 : null)
}
