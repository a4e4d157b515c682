import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
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

describe("people in the log", () => {
  const withoutIds = Logging.aliaser("123456:planted-token")
  const name = Logging.logNameOf("123456:planted-token", 7_900_000_123)
  const line = Effect.logInfo("told").pipe(
    Effect.annotateLogs({ user: 7_900_000_123, request: "7900000123:5", update: 8_000 }),
  )
  const written = Effect.fnUntraced(function* (format: Logger.Logger<unknown, string>) {
    const lines: Array<string> = []
    const keep = Logger.map(format, (text) => void lines.push(withoutIds(text)))
    yield* Effect.provide(line, Logger.layer([keep]))
    return lines.join()
  })

  it.effect("have another name than their id, in every format", () =>
    Effect.gen(function* () {
      for (const format of [Logger.formatSimple, Logger.formatLogFmt]) {
        assert.include(yield* written(format), `user=${name} request=${name}:5 update=8000`)
      }
      const parsed: unknown = JSON.parse(yield* written(Logger.formatJson))
      const annotations = { user: name, request: `${name}:5`, update: 8_000 }
      assert.deepInclude(parsed, { annotations })
    }),
  )

  it("have the same name in all lines of one bot, and another one with another bot", () => {
    assert.match(name, /^p-[0-9a-f]{10}$/)
    assert.strictEqual(withoutIds("admin=7900000123"), `admin=${name}`)
    assert.notStrictEqual(Logging.logNameOf("123456:another-token", 7_900_000_123), name)
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
