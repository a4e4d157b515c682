import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Option, Redacted, Schema } from "effect"
import { keysIn, readJournalKey } from "../../src/config/JournalKey.ts"
import { Settings } from "../../src/config/Settings.ts"

const bytes = (n: number) => Buffer.alloc(32, n)

describe("JOURNAL_KEY", () => {
  it("holds keys in base64 or hex, the first of which may be none", () => {
    const text = `${bytes(1).toString("base64")}, ${bytes(2).toString("hex").toUpperCase()}`
    assert.deepStrictEqual(keysIn(text), [bytes(1), bytes(2)])
    assert.deepStrictEqual(keysIn(`none,${bytes(3).toString("hex")}`), ["none", bytes(3)])
    assert.deepStrictEqual(readJournalKey(text), { _tag: "Keys", keys: [bytes(1), bytes(2)] })
  })

  it("names a file, in which there is a key a line", () => {
    const path = "/run/credentials/account-bot.service/journal-key"
    assert.deepStrictEqual(readJournalKey(path), { _tag: "File", path })
    const file = `${bytes(1).toString("base64")}\n\n${bytes(2).toString("base64")}\n`
    assert.deepStrictEqual(keysIn(file), [bytes(1), bytes(2)])
  })

  it("is refused where a key has another length, or none comes later", () => {
    const key = bytes(1).toString("base64")
    for (const text of ["", " ", "key", bytes(1).toString("hex").slice(1), `${key},none`]) {
      assert.isUndefined(readJournalKey(text), text)
    }
    assert.isUndefined(readJournalKey(`${key},${Buffer.alloc(16, 7).toString("base64")}`))
  })

  it.effect.prop(
    "gives back what was written, in both spellings",
    { key: Schema.Uint8Array.check(Schema.isMinLength(32), Schema.isMaxLength(32)) },
    ({ key }) =>
      Effect.sync(() => {
        for (const spelling of ["base64", "hex"] as const) {
          const [found] = keysIn(Buffer.from(key).toString(spelling)) ?? []
          assert.deepStrictEqual(found, Buffer.from(key))
        }
      }),
  )

  it.effect("stands in no error, and in no text that is made of the settings", () =>
    Effect.gen(function* () {
      const secret = bytes(9).toString("base64")
      const reading = (value: string) =>
        Effect.gen(function* () {
          const { journalKey } = yield* Settings
          return journalKey
        }).pipe(
          Effect.provide(Settings.layerOf("journalKey")),
          Effect.provideService(
            ConfigProvider.ConfigProvider,
            ConfigProvider.fromUnknown({ JOURNAL_KEY: value }),
          ),
        )
      const found = yield* reading(`"${secret}"`)
      assert.notInclude(JSON.stringify(found), secret)
      const expected = { _tag: "Keys", keys: [bytes(9)] } as const
      assert.deepStrictEqual(Option.getOrThrow(Option.map(found, Redacted.value)), expected)
      const refused = yield* Effect.flip(reading(secret.slice(2).replaceAll("/", "a")))
      assert.match(refused.message, /^JOURNAL_KEY: is not one or more keys of 32 bytes/)
      assert.notInclude(JSON.stringify(refused), secret.slice(4, 20))
    }),
  )
})
