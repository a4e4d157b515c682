/** The webhook of the bot: how it is set, shown and removed. */
import { Result } from "effect"
import * as Args from "./Args.ts"
import { type Call, type Method, seconds } from "./Method.ts"
import { badRequest, tooManyRequests, type TelegramRefusal } from "./Refusal.ts"
import type { TelegramState } from "./TelegramState.ts"
import { withAllowedUpdates } from "./Updates.ts"

/** Without a url it removes the webhook. */
export const setWebhook: Method = (call) =>
  Result.gen(function* () {
    const { args, now } = call
    const url = Args.text(args, "url")
    if (url === "") return removeWebhook(call)
    const previous = call.state.webhook
    if (previous !== undefined && now < previous.setAt + 1_000) {
      return yield* Result.fail(tooManyRequests(1))
    }
    yield* checkUrl(url)
    const secretToken = Args.text(args, "secret_token")
    if (secretToken.length > 256) return yield* badRequest("secret token is too long")
    if (!/^[\w-]*$/.test(secretToken)) {
      return yield* badRequest("secret token contains unallowed characters")
    }
    const maxConnections = Math.min(Math.max(Args.whole(args, "max_connections", 40), 1), 100)
    const webhook = { url, secretToken, maxConnections, setAt: now }
    const state = { ...withoutPending(withAllowedUpdates(call.state, args), args), webhook }
    return { state, result: true }
  })

export const deleteWebhook: Method = (call) => Result.succeed(removeWebhook(call))

export const getWebhookInfo: Method = ({ state }) => {
  const { webhook, allowedUpdates } = state
  const failure = webhook?.lastError
  const result = {
    url: webhook?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: state.pending.length,
    ...(failure === undefined
      ? {}
      : { last_error_date: failure.date, last_error_message: failure.message }),
    ...(webhook === undefined ? {} : { max_connections: webhook.maxConnections }),
    ...(allowedUpdates === undefined ? {} : { allowed_updates: allowedUpdates }),
  }
  return Result.succeed({ state, result })
}

/** Notes what the last failed delivery met. */
export const withWebhookError = (
  state: TelegramState,
  now: number,
  message: string,
): TelegramState =>
  state.webhook === undefined
    ? state
    : {
        ...state,
        webhook: { ...state.webhook, lastError: { date: seconds(now), message } },
      }

const removeWebhook = ({ state, args }: Call) => {
  const { webhook, ...rest } = state
  const next = withoutPending(webhook === undefined ? state : rest, args)
  return { state: next, result: true }
}

const withoutPending = (state: TelegramState, args: Args.Args): TelegramState =>
  Args.flag(args, "drop_pending_updates") && state.pending.length > 0
    ? { ...state, pending: [] }
    : state

/** Plain HTTP on any port is allowed on this machine, where there is no certificate to have. */
const checkUrl = (url: string): Result.Result<void, TelegramRefusal> => {
  const parsed = URL.parse(/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`)
  if (parsed === null) return badRequest("invalid webhook URL specified")
  if (["127.0.0.1", "localhost", "[::1]"].includes(parsed.hostname)) return Result.void
  if (parsed.protocol !== "https:") {
    return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
  }
  if (!["", "80", "88", "443", "8443"].includes(parsed.port)) {
    return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
  }
  // What people type into the demo must not leave this machine.
  return badRequest("bad webhook: the playground delivers to this machine alone")
}
