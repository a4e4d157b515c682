/** How the Bot API says no: a code and Telegram's own words. */
import { Result, Schema } from "effect"

export class TelegramRefusal extends Schema.TaggedError<TelegramRefusal>()("TelegramRefusal", {
  code: Schema.Int,
  description: Schema.String,
  parameters: Schema.optionalKey(Schema.Struct({ retry_after: Schema.Int })),
}) {
  override get message() {
    return this.description
  }
}

export const refuse = (code: number, description: string): Result.Result<never, TelegramRefusal> =>
  Result.fail(new TelegramRefusal({ code, description }))

export const badRequest = (reason: string) => refuse(400, `Bad Request: ${worded(reason)}`)

export const tooManyRequests = (seconds: number) =>
  new TelegramRefusal({
    code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  })

export const methodNotFound = new TelegramRefusal({
  code: 404,
  description: "Not Found: method not found",
})

/** The server lower-cases the first letter, unless the reason is a code in capitals. */
const worded = (reason: string) =>
  /^.[_A-Z]/.test(reason) ? reason : reason.slice(0, 1).toLowerCase() + reason.slice(1)
