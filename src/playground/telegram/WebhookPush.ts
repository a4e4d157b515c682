/**
 * Delivers updates to the webhook of the bot.
 *
 * One queue per chat for messages and one per person for taps: within a queue the order is kept,
 * between queues there is none, so a message and a tap after it may arrive the other way round.
 * A delivery that fails is repeated until the update is too old.
 */
import { Clock, Duration, Effect, FiberMap, Layer, Option, Random, Result, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as Args from "./Args.ts"
import { Chats } from "./Chats.ts"
import type { Pending, Webhook } from "./TelegramState.ts"
import { updateJson } from "./Updates.ts"

class DeliveryFailed extends Schema.TaggedError<DeliveryFailed>()("DeliveryFailed", {
  reason: Schema.String,
  /** Seconds the receiver asked to wait; 0 when it did not ask. */
  retryAfter: Schema.Finite,
}) {}

const make = Effect.gen(function* () {
  const chats = yield* Chats
  const client = yield* HttpClient.HttpClient
  const queues = yield* FiberMap.make<string>()

  const post = Effect.fnUntraced(
    function* (webhook: Webhook, update: Pending) {
      const request = HttpClientRequest.post(webhook.url).pipe(
        HttpClientRequest.setHeaders(secretHeader(webhook)),
        HttpClientRequest.bodyJsonUnsafe(updateJson(update)),
      )
      const response = yield* client.execute(request)
      if (response.status < 200 || response.status > 299) {
        const reason = `Wrong response from the webhook: ${response.status}`
        const asked = Number(response.headers["retry-after"] ?? 0)
        const retryAfter = asked > 0 ? Math.min(asked, maxRetryAfter) : 0
        return yield* new DeliveryFailed({ reason, retryAfter })
      }
      return yield* response.text
    },
    Effect.catchTag("HttpClientError", () =>
      Effect.fail(new DeliveryFailed({ reason: "Connection failed", retryAfter: 0 })),
    ),
  )

  // The answer to an update may itself be a call, whose outcome the bot does not learn.
  const obey = Effect.fnUntraced(function* (answer: string) {
    const args = Args.decodeArgs(Result.getOrElse(Args.parseJson(answer), () => ({})))
    const method = Args.text(args, "method")
    if (method === "" || /^(get|setwebhook|deletewebhook|close|logout)/i.test(method)) return
    yield* Effect.ignore(chats.call(method, args))
  })

  const drain = Effect.fnUntraced(function* (queue: string) {
    let failures = 0
    while (true) {
      const version = yield* chats.version
      const outbox = yield* chats.outbox
      const update = Option.flatMap(outbox, ({ updates }) =>
        Option.fromUndefinedOr(updates.find((waiting) => queueOf(waiting) === queue)),
      )
      if (Option.isNone(outbox) || Option.isNone(update)) {
        failures = 0
        yield* chats.awaitChange(version)
        continue
      }
      const { updateId, expiresAt } = update.value
      if ((yield* Clock.currentTimeMillis) >= expiresAt) {
        yield* chats.delivered(updateId)
        continue
      }
      const outcome = yield* Effect.result(post(outbox.value.webhook, update.value))
      if (Result.isSuccess(outcome)) {
        failures = 0
        yield* chats.delivered(updateId)
        yield* obey(outcome.success)
        continue
      }
      failures += 1
      yield* chats.deliveryFailed(outcome.failure.reason)
      const limit = yield* Random.nextIntBetween(60, 120)
      const backoff = failures === 1 ? 0 : Math.min(2 ** (failures - 1), limit)
      const wait = outcome.failure.retryAfter || backoff
      yield* Effect.sleep(Duration.seconds(wait))
    }
  })

  const watch = Effect.gen(function* () {
    while (true) {
      const version = yield* chats.version
      const outbox = yield* chats.outbox
      const updates = Option.isSome(outbox) ? outbox.value.updates : []
      for (const queue of new Set(updates.map(queueOf))) {
        yield* FiberMap.run(queues, queue, drain(queue), { onlyIfMissing: true })
      }
      yield* chats.awaitChange(version)
    }
  })
  yield* Effect.forkScoped(watch)
})

/** Does nothing while no webhook is set. */
export const layer: Layer.Layer<never, never, Chats | HttpClient.HttpClient> =
  Layer.effectDiscard(make)

const maxRetryAfter = 3_600

const queueOf = ({ kind, userId }: Pending) =>
  kind === "callback_query" ? `taps of ${userId}` : `chat ${userId}`

const secretHeader = ({ secretToken }: Webhook): Record<string, string> =>
  secretToken === "" ? {} : { "X-Telegram-Bot-Api-Secret-Token": secretToken }
