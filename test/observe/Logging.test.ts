import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Settings } from "../../src/config/Settings.ts"
import * as Logging from "../../src/observe/Logging.ts"

const redact = Logging.redactor(["123456:planted-token"])

describe("redaction", () => {
  it("takes out the token of the settings and everything shaped like a secret", () => {
    for (const secret of [
      "123456:planted-token",
      "7900000000:AAplantedplantedplantedplantedplanted",
      "Bearer planted.planted-token",
      "ya29.planted",
      "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----",
    ]) {
      const line = redact(`call of http://api.example.com/bot${secret}/getMe failed`)
      assert.notInclude(line, "planted")
      assert.include(line, "failed")
    }
    assert.strictEqual(
      redact("via http://user:planted@192.0.2.1:8080"),
      "via http://<redacted>@192.0.2.1:8080",
    )
  })

  it("leaves ordinary text alone", () => {
    const line = 'timestamp=2026-11-22T08:00:00.000Z level=INFO message="3 rows written" pool=vk'
    assert.strictEqual(redact(line), line)
  })
})

describe("spans", () => {
  const spanOf = Effect.withSpan(Effect.currentSpan, "a tap")

  it.effect("are not made, because nobody collects them", () =>
    Effect.gen(function* () {
      const made = yield* spanOf
      const inProgram = yield* Effect.provide(
        spanOf,
        Layer.provide(Logging.layer, Settings.layerTest()),
      )
      assert.notStrictEqual(made.spanId, "noop")
      assert.strictEqual(inProgram.spanId, "noop")
    }),
  )
})
