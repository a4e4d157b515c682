/**
 * Why a call to Telegram failed, made from whatever grammY throws.
 *
 * grammY's errors carry the request, whose texts may hold passwords, and through the fetch below
 * them the address, which holds the token. Only Telegram's code and description are taken over.
 */
import { Duration, Option, Schema } from "effect"
import { GrammyError } from "grammy"
import type { Failure } from "../observe/Vitals.ts"

export const TelegramFailure = Schema.TaggedUnion({
  /** The person stopped the bot, never started it, or has deleted the account. */
  Blocked: {},
  /** The message was deleted, or may not be changed any more. */
  MessageGone: {},
  ChatNotFound: {},
  /** Telegram asks for a longer wait, or for more waits, than the bot is willing to make. */
  RateLimited: { retryAfter: Schema.Duration },
  /** Somebody else polls with this token, or a webhook is set. */
  Conflict: {},
  /** The token is not valid. */
  Unauthorized: {},
  /** There was no answer, or one that says nothing: the call may have taken effect. */
  Unsure: {},
  Rejected: { code: Schema.Int, description: Schema.String },
})
export type TelegramFailure = typeof TelegramFailure.Type

export class TelegramError extends Schema.TaggedError<TelegramError>()("TelegramError", {
  method: Schema.String,
  reason: TelegramFailure,
  /** An earlier try of the same call got no answer, so it may have taken effect all the same. */
  isInDoubt: Schema.optionalKey(Schema.Boolean),
}) {
  override get message() {
    return `${this.method}: ${this.reason._tag}${detailOf(this.reason)}`
  }
}

/** Whether the call certainly had no effect. */
export const isDefinite = ({ reason, isInDoubt }: TelegramError): boolean =>
  reason._tag !== "Unsure" && isInDoubt !== true

/** The same refusal, where an earlier try of the call may have taken effect. */
export const afterDoubt = ({ method, reason }: TelegramError): TelegramError =>
  new TelegramError({ method, reason, isInDoubt: true })

/** Whether the message is already as the call wants it, most often because a first try worked. */
export const isAlreadySo = ({ reason }: TelegramError): boolean =>
  reason._tag === "Rejected" && alreadySo.test(reason.description)

export const failureKindOf = ({ reason }: TelegramError): Failure => failureKinds[reason._tag]

const failureKinds: { readonly [Tag in TelegramFailure["_tag"]]: Failure } = {
  Blocked: "refused",
  MessageGone: "refused",
  ChatNotFound: "refused",
  RateLimited: "limited",
  Conflict: "taken",
  Unauthorized: "denied",
  Unsure: "silent",
  Rejected: "refused",
}

export const unsure = (method: string): TelegramError =>
  new TelegramError({ method, reason: { _tag: "Unsure" } })

/** Never throws, whatever was thrown. */
export const telegramErrorOf = (method: string, thrown: unknown): TelegramError =>
  new TelegramError({ method, reason: failureOf(thrown) })

const Refusal = Schema.Struct({
  error_code: Schema.Int,
  description: Schema.String,
  parameters: Schema.Struct({ retry_after: Schema.optionalKey(Schema.Finite) }),
})
const decodeRefusal = Schema.decodeUnknownOption(Refusal)

const failureOf = (thrown: unknown): TelegramFailure =>
  thrown instanceof GrammyError
    ? Option.match(decodeRefusal(thrown), { onNone: () => nothingSaid, onSome: failureSaid })
    : nothingSaid

const failureSaid = ({ error_code, description, parameters }: typeof Refusal.Type) => {
  const known = byCode[error_code] ?? byWords.find(([words]) => words.test(description))?.[1]
  if (error_code === 429) {
    const seconds = Math.max(parameters.retry_after ?? 1, 0)
    return TelegramFailure.make({ _tag: "RateLimited", retryAfter: Duration.seconds(seconds) })
  }
  if (error_code < 400 || error_code >= 500) return nothingSaid
  return known ?? TelegramFailure.make({ _tag: "Rejected", code: error_code, description })
}

const nothingSaid: TelegramFailure = { _tag: "Unsure" }

const byCode: { readonly [code: number]: TelegramFailure } = {
  401: { _tag: "Unauthorized" },
  403: { _tag: "Blocked" },
  409: { _tag: "Conflict" },
}

const byWords: ReadonlyArray<readonly [RegExp, TelegramFailure]> = [
  // The whole description: how a token that cannot be one is refused.
  [/^not found$/i, { _tag: "Unauthorized" }],
  [/message to edit not found|message can't be (edited|deleted)/i, { _tag: "MessageGone" }],
  [/MESSAGE_ID_INVALID|there is no text in the message to edit/i, { _tag: "MessageGone" }],
  [/chat not found|user not found|PEER_ID_INVALID/i, { _tag: "ChatNotFound" }],
]

const alreadySo = /message is not modified|message to delete not found/i

const detailOf = (reason: TelegramFailure): string => {
  if (reason._tag === "Rejected") return ` (${reason.code} ${reason.description})`
  if (reason._tag === "RateLimited") return ` (${Duration.format(reason.retryAfter)})`
  return ""
}
