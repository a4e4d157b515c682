import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  nameOfKey,
  type Place,
  plain,
  sealedColumns,
  sealingWith,
} from "../../src/store/sealing.ts"
import { keyOf } from "./sqliteFixtures.ts"

const sealing = sealingWith(keyOf(1))
const places = Object.entries(sealedColumns).flatMap(([table, columns]) =>
  columns.map((column) => `${table}.${column}` as Place),
)
const APlace = Schema.Literals(places)
const alike: ReadonlyArray<Place> = ["comment.text", "issuance.key", "issuance.stage"]

describe("A sealed text", () => {
  it.effect.prop(
    "is opened as it was, by its own key and in its own column alone",
    { drawn: Schema.String, place: APlace, other: APlace },
    ({ drawn, place, other }) =>
      Effect.sync(() => {
        // SQLite keeps no half of a surrogate pair either.
        const text = drawn.toWellFormed()
        const stored = sealing.seal(place, text)
        assert.strictEqual(sealing.open(place, stored), text)
        assert.strictEqual(sealing.open(other, stored), other === place ? text : undefined)
        assert.isUndefined(sealingWith(keyOf(2)).open(place, stored))
        if (text.length > 3) assert.notInclude(stored, text)
      }),
  )

  it.effect.prop(
    "is opened no more once any byte of it is another one",
    { text: Schema.String, place: APlace, at: Schema.Int, by: Schema.Int },
    ({ text, place, at, by }) =>
      Effect.sync(() => {
        const stored = sealing.sealBytes(place, Buffer.from(text))
        assert.deepStrictEqual(sealing.openBytes(place, stored), Buffer.from(text))
        const changed = Uint8Array.from(stored)
        const index = Math.abs(at) % stored.length
        changed[index] = changed[index]! ^ (1 + (Math.abs(by) % 255))
        assert.isUndefined(sealing.openBytes(place, changed))
      }),
  )

  it("is refused where it is cut off, be it to nothing", () => {
    const stored = sealing.sealBytes("event_block.body", Buffer.from("text"))
    for (let length = 0; length < stored.length; length += 1) {
      assert.isUndefined(sealing.openBytes("event_block.body", stored.subarray(0, length)))
    }
    const text = sealing.seal("event.body", "")
    // A missing sign of padding changes no byte.
    for (let length = 0; length < text.length - 2; length += 1) {
      assert.isUndefined(sealing.open("event.body", text.slice(0, length)))
    }
    assert.isUndefined(sealing.open("event.body", '{"_tag":"Issued"}'))
  })

  it("is stored alike only where SQL compares or groups texts", () => {
    for (const place of places) {
      const isAlike = sealing.seal(place, "text") === sealing.seal(place, "text")
      assert.strictEqual(isAlike, alike.includes(place), place)
    }
    assert.notStrictEqual(
      sealing.seal("issuance.key", "text").slice(0, 24),
      sealing.seal("issuance.stage", "text").slice(0, 24),
    )
    assert.notStrictEqual(
      sealing.seal("issuance.key", "text"),
      sealing.seal("issuance.key", "texts").slice(0, sealing.seal("issuance.key", "text").length),
    )
  })

  it("begins as no JSON does, and with the name of the key", () => {
    assert.strictEqual(nameOfKey(Buffer.alloc(32)), "66687aad")
    assert.strictEqual(sealingWith(Buffer.alloc(32)).key, "66687aad")
    assert.match(
      sealing.seal("event.body", "{}"),
      new RegExp(`^~${nameOfKey(keyOf(1))}[\\w+/]+=*$`),
    )
  })

  it("is as it is without a key", () => {
    assert.strictEqual(plain.seal("event.body", "{}"), "{}")
    assert.strictEqual(plain.open("event.body", "{}"), "{}")
    assert.isNull(plain.key)
  })
})
