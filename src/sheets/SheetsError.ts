/**
 * How Google says no, or says nothing: facts only, never what stands in a cell.
 *
 * The one question that matters after a failed write is whether it may have taken effect.
 * Every reason but `Unsure` answers "no"; only the guard can find out about `Unsure`.
 */
import { Schema } from "effect"
import type { StorageUnavailable } from "../store/Journal.ts"

export const SheetsReason = Schema.TaggedUnion({
  /** Too many requests; the limiter pauses by itself. `perMinute`: how many Google allows. */
  Quota: {
    retryAfterMs: Schema.NullOr(Schema.Finite),
    perMinute: Schema.NullOr(Schema.Finite),
  },
  /** The guard's number is in use: this write or a stranger's was applied under it. */
  GuardTaken: {},
  /** Google cannot do the write; `request` is the index of the request in it that is at fault. */
  Refused: {
    status: Schema.Int,
    request: Schema.NullOr(Schema.Int),
    message: Schema.String,
  },
  /** The bot has no right to the spreadsheet, or its credentials do not work. */
  Denied: { status: Schema.Int, message: Schema.String },
  NotFound: { message: Schema.String },
  /** There is no answer that tells whether the write was applied. */
  Unsure: {
    cause: Schema.Literals(["timeout", "network", "server", "answer"]),
    status: Schema.NullOr(Schema.Int),
  },
  /** Somebody else uses our numbers, so nothing more is written to the spreadsheet. */
  AnotherWriter: {},
  /** An earlier write is open, and no part of the bot has said yet how to finish it. */
  Unsettled: {},
})
export type SheetsReason = typeof SheetsReason.Type

export class SheetsError extends Schema.TaggedError<SheetsError>()("SheetsError", {
  method: Schema.String,
  spreadsheet: Schema.String,
  reason: SheetsReason,
}) {
  override get message() {
    const { reason } = this
    const detail = "message" in reason ? `: ${reason.message}` : ""
    return `${this.method} of ${this.spreadsheet}: ${reason._tag}${detail}`
  }
}

/** What work with a spreadsheet fails with: Google says no or nothing, or our own disk refuses. */
export type SheetsFailure = SheetsError | StorageUnavailable

export const isRefused = (error: SheetsFailure) =>
  error._tag === "SheetsError" && error.reason._tag === "Refused"

export const unsettled = (method: string, spreadsheet: string) =>
  new SheetsError({ method, spreadsheet, reason: { _tag: "Unsettled" } })

/** The reason behind an HTTP status and Google's message. */
export const reasonOf = (
  status: number,
  text: string,
  { retryAfterMs = null, perMinute = null }: QuotaFacts = {},
): SheetsReason => {
  const message = withoutContents(text)
  if (status === 429 || (status === 403 && /quota|rate limit/i.test(text))) {
    return { _tag: "Quota", retryAfterMs, perMinute }
  }
  if (status === 401 || status === 403) return { _tag: "Denied", status, message }
  if (status === 404) return { _tag: "NotFound", message }
  if (status >= 500 || status === 408) return { _tag: "Unsure", cause: "server", status }
  if (/developer metadata with ID .* already exists/i.test(text)) return { _tag: "GuardTaken" }
  const place = /\brequests\[(\d+)\]/.exec(text)?.[1]
  return { _tag: "Refused", status, request: place === undefined ? null : Number(place), message }
}

interface QuotaFacts {
  readonly retryAfterMs?: number | null
  readonly perMinute?: number | null
}

/**
 * Google's message without what stands in cells. Google quotes what it could not read, which may
 * be a password with quotes in it: so everything from the first quote to the last one goes.
 */
const withoutContents = (message: string) =>
  withoutQuoted(message)
    .replaceAll(/\b(?:list|struct|string|number|bool)_value\b[^]*$/g, "…")
    .slice(0, 300)

const withoutQuoted = (message: string) => {
  const [before = "", ...quoted] = message.split('"')
  if (quoted.length === 0) return message
  const after = quoted.length > 1 ? quoted.at(-1) : ""
  return `${before}"…"${after}`
}
