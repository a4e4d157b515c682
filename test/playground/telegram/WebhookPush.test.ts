import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { Chats } from "../../../src/playground/telegram/Chats.ts"
import * as WebhookPush from "../../../src/playground/telegram/WebhookPush.ts"
import { Playground, root, until } from "./emulator.ts"

describe("webhook", () => {
  it.effect("pushes with the secret, again after a failure, and obeys the answer", () =>
    Effect.gen(function* () {
      const chats = yield* Chats
      const received: Array<{ readonly secret: string | undefined; readonly body: unknown }> = []
      const hook = HttpRouter.add(
        "POST",
        "/hook",
        Effect.gen(function* () {
          const request = yield* HttpServerRequest.HttpServerRequest
          received.push({
            secret: request.headers["x-telegram-bot-api-secret-token"],
            body: yield* request.json,
          })
          return received.length === 1
            ? HttpServerResponse.empty({ status: 500 })
            : HttpServerResponse.jsonUnsafe({ method: "sendMessage", chat_id: 42, text: "pong" })
        }),
      )
      yield* Layer.build(HttpRouter.serve(hook, { disableListenLog: true, disableLogger: true }))
      yield* Layer.build(Layer.provide(WebhookPush.layer, FetchHttpClient.layer))
      yield* chats.addUser({ id: 42, firstName: "Анна" })
      const url = `${yield* root}/hook`
      yield* chats.call("setWebhook", { url, secret_token: "s-1" })
      yield* chats.say(42, "ping")
      yield* until(
        TestClock.adjust("1 second").pipe(
          Effect.andThen(chats.chat(42)),
          Effect.map((view) => view.length === 2),
        ),
      )
      assert.lengthOf(received, 2)
      assert.deepStrictEqual(received[1], received[0])
      assert.strictEqual(received[0]?.secret, "s-1")
      assert.deepNestedInclude(received[0]?.body, { "message.text": "ping" })
      assert.strictEqual((yield* chats.chat(42)).at(-1)?.text, "pong")
      assert.deepInclude(yield* chats.call("getWebhookInfo", {}), {
        url,
        pending_update_count: 0,
        last_error_message: "Wrong response from the webhook: 500",
      })
    }).pipe(Effect.provide(Playground)),
  )
})
