/** How the control API answers: in JSON, also when it refuses. */
import { Effect, Schema } from "effect"
import { HttpServerError, HttpServerRequest, HttpServerResponse } from "effect/http"
import { type BadEdit, Stale } from "../spreadsheets/HumanEdit.ts"
import type { BadAct } from "../telegram/Method.ts"

/** The path names something that does not exist. */
export class Unknown extends Schema.TaggedError<Unknown>()("Unknown", { what: Schema.String }) {
  override get message() {
    return `there is no ${this.what}`
  }
}

/** It cannot be done at this moment. */
export class NotNow extends Schema.TaggedError<NotNow>()("NotNow", { why: Schema.String }) {
  override get message() {
    return this.why
  }
}

/** The bot is stopped, or is still starting. */
export class BotAway extends Schema.TaggedError<BotAway>()("BotAway", {}) {
  override get message() {
    return "the bot does not run at this moment"
  }
}

type Refusal =
  | Unknown
  | NotNow
  | BotAway
  | BadAct
  | BadEdit
  | Stale
  | Schema.SchemaError
  | HttpServerError.HttpServerError

/** The value as JSON, `{}` where there is none; a refusal as `{"error": "…"}`. */
export const answer = <A, R>(body: Effect.Effect<A, Refusal, R>) =>
  body.pipe(
    Effect.map((value) => HttpServerResponse.jsonUnsafe(value ?? {})),
    Effect.catch((refusal) =>
      Effect.succeed(
        HttpServerResponse.jsonUnsafe({ error: sentence(refusal) }, { status: statusOf(refusal) }),
      ),
    ),
  )

/** The body of the request. A misspelt field is refused, or a test would never learn of it. */
export const bodyAs = <A, R>(schema: Schema.ConstraintDecoder<A, R>) =>
  HttpServerRequest.schemaBodyJson(schema, { onExcessProperty: "error" })

export const WholeNumber = Schema.FiniteFromString.check(Schema.isInt())

/** `?since=n`: only what came after number `n`. */
export const Since = Schema.Struct({ since: Schema.optionalKey(WholeNumber) })

const isTooLarge = (refusal: Refusal) =>
  HttpServerError.isHttpServerError(refusal) &&
  refusal.reason instanceof HttpServerError.RequestParseError &&
  refusal.reason.reason === "BodyTooLarge"

const statusOf = (refusal: Refusal) => {
  if (isTooLarge(refusal)) return 413
  if (refusal instanceof NotNow) return 409
  if (refusal instanceof BotAway) return 503
  if (refusal instanceof Stale) return 409
  return refusal instanceof Unknown ? 404 : 400
}

const sentence = (refusal: Refusal) => {
  if (isTooLarge(refusal)) return "the body is too large"
  if (HttpServerError.isHttpServerError(refusal)) return "the body is not JSON"
  return refusal.message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ")
}
