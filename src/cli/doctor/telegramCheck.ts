/** Whether Telegram knows the token, and whether updates will come to a bot that polls. */
import { Duration, Effect, Option, Redacted, Result, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientResponse } from "effect/http"
import { Telegram } from "../../bot/Telegram.ts"
import { Settings } from "../../config/Settings.ts"
import { Report } from "./Report.ts"

export const checkTelegram = Effect.fnUntraced(function* () {
  const report = yield* Report
  const asked = yield* Effect.provide(
    Telegram.use(({ me }) => Effect.succeed(me)),
    Telegram.layer,
  ).pipe(Effect.result, Effect.timeoutOption(patience))
  if (Option.isNone(asked)) {
    return yield* report.fail(
      `Telegram did not answer within ${Duration.format(patience)}`,
      "Check the network of this machine and TELEGRAM_API_ROOT",
    )
  }
  if (Result.isFailure(asked.value)) {
    const { reason } = asked.value.failure
    return yield* report.fail(
      `Telegram refuses BOT_TOKEN (${reason._tag})`,
      "Copy it again from @BotFather",
    )
  }
  yield* report.ok(`Telegram knows the token: @${asked.value.success.username}`)
  if (Option.getOrElse(yield* webhook, () => "") !== "") {
    yield* report.warn(
      "A webhook is set for this token, so the bot gets no updates",
      "Stop the program that set it, or call deleteWebhook",
    )
  }
})

const patience = Duration.seconds(10)

const WebhookInfo = Schema.Struct({ result: Schema.Struct({ url: Schema.String }) })

/**
 * None where it could not be learnt. A failure tells nothing of itself: the address that was
 * called holds the token.
 */
const webhook = Effect.gen(function* () {
  const { botToken, telegramApiRoot } = yield* Settings
  const root = Option.getOrElse(telegramApiRoot, () => "https://api.telegram.org")
  const client = yield* HttpClient.HttpClient
  const response = yield* client.get(
    `${root.replace(/\/+$/, "")}/bot${Redacted.value(botToken)}/getWebhookInfo`,
  )
  const info = yield* HttpClientResponse.schemaBodyJson(WebhookInfo)(response)
  return info.result.url
}).pipe(Effect.timeout(patience), Effect.option, Effect.provide(FetchHttpClient.layer))
