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

const ErrorBody = Schema.Struct({
  error: Schema.Struct({
    message: Schema.String,
    details: Schema.optional(Schema.Array(Schema.Unknown)),
  }),
})
/** The part of a refusal for quota that says how much there is. */
const QuotaDetail = Schema.Struct({
  metadata: Schema.Struct({ quota_unit: Schema.String, quota_limit_value: Schema.String }),
})
const isQuotaDetail = Schema.is(QuotaDetail)
const TokenRefusal = Schema.Struct({ error: Schema.String })
const decodeErrorBody = Schema.decodeUnknownOption(ErrorBody)
const isTokenRefusal = Schema.is(TokenRefusal)

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
  const { message, details = [] } = Option.match(decodeErrorBody(data), {
    onNone: (): (typeof ErrorBody.Type)["error"] => ({ message: `HTTP ${status}` }),
    onSome: ({ error }) => error,
  })
  const seconds = headers instanceof Headers ? Number(headers.get("retry-after") ?? Number.NaN) : 0
  const retryAfterMs = seconds > 0 ? seconds * 1000 : null
  return reasonOf(status, message, { retryAfterMs, perMinute: allowedPerMinute(details) })
}

const allowedPerMinute = (details: ReadonlyArray<unknown>): number | null => {
  const quota = details.find(isQuotaDetail)?.metadata
  const value = Number(quota?.quota_limit_value)
  return quota?.quota_unit.startsWith("1/min") === true && value > 0 ? value : null
}
