import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { GrammyError, HttpError } from "grammy"
import {
  isAlreadySo,
  isDefinite,
  type TelegramFailure,
  telegramErrorOf,
} from "../../src/bot/TelegramError.ts"

const token = "1000:secret-token-of-the-bot"

const refused = (code: number, description: string, retryAfter?: number) =>
  new GrammyError(
    "Call to 'sendMessage' failed!",
    {
      ok: false,
      error_code: code,
      description,
      ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }),
    },
    "sendMessage",
    { text: "password-of-the-item" },
  )

const rejected = (description: string): TelegramFailure => ({
  _tag: "Rejected",
  code: 400,
  description,
})

const table: ReadonlyArray<readonly [string, unknown, TelegramFailure]> = [
  ["403 blocked", refused(403, "Forbidden: bot was blocked by the user"), { _tag: "Blocked" }],
  ["403 gone", refused(403, "Forbidden: user is deactivated"), { _tag: "Blocked" }],
  ["no message", refused(400, "Bad Request: message to edit not found"), { _tag: "MessageGone" }],
  ["too old", refused(400, "Bad Request: message can't be edited"), { _tag: "MessageGone" }],
  ["bad id", refused(400, "Bad Request: MESSAGE_ID_INVALID"), { _tag: "MessageGone" }],
  ["no chat", refused(400, "Bad Request: chat not found"), { _tag: "ChatNotFound" }],
  [
    "429",
    refused(429, "Too Many Requests: retry after 7", 7),
    { _tag: "RateLimited", retryAfter: Duration.seconds(7) },
  ],
  [
    "429 without a time",
    refused(429, "Too Many Requests"),
    { _tag: "RateLimited", retryAfter: Duration.seconds(1) },
  ],
  ["409", refused(409, "Conflict: terminated by other getUpdates request"), { _tag: "Conflict" }],
  ["401", refused(401, "Unauthorized"), { _tag: "Unauthorized" }],
  ["404 for a token", refused(404, "Not Found"), { _tag: "Unauthorized" }],
  [
    "404 for a method",
    refused(404, "Not Found: method not found"),
    { _tag: "Rejected", code: 404, description: "Not Found: method not found" },
  ],
  ["500", refused(500, "Internal Server Error"), { _tag: "Unsure" }],
  ["502 with a known phrase", refused(502, "chat not found"), { _tag: "Unsure" }],
  [
    "not modified",
    refused(400, "Bad Request: message is not modified"),
    rejected("Bad Request: message is not modified"),
  ],
  [
    "other 400",
    refused(400, "Bad Request: BUTTON_DATA_INVALID"),
    rejected("Bad Request: BUTTON_DATA_INVALID"),
  ],
  ["no code at all", refused(Number.NaN, ""), { _tag: "Unsure" }],
  [
    "the network",
    new HttpError("failed", new Error(`connect https://api.telegram.org/bot${token}/getMe`)),
    { _tag: "Unsure" },
  ],
  ["anything else", `bot${token}`, { _tag: "Unsure" }],
  ["nothing", undefined, { _tag: "Unsure" }],
]

const alreadySo = (description: string) =>
  isAlreadySo(telegramErrorOf("editMessageText", refused(400, description)))

describe("telegramErrorOf", () => {
  for (const [name, thrown, reason] of table) {
    it(`${name}: ${reason._tag}`, () => {
      const error = telegramErrorOf("sendMessage", thrown)
      assert.deepStrictEqual(error.reason, reason)
      assert.strictEqual(isDefinite(error), reason._tag !== "Unsure")
      const told = `${error.message} ${String(error.stack)} ${JSON.stringify(error)}`
      assert.notInclude(told, token)
      assert.notInclude(told, "password-of-the-item")
    })
  }

  it("knows the refusals that mean success", () => {
    assert.isTrue(
      alreadySo("Bad Request: message is not modified: specified new message content …"),
    )
    assert.isTrue(alreadySo("Bad Request: message to delete not found"))
    assert.isFalse(alreadySo("Bad Request: message to edit not found"))
  })
})
