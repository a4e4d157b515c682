/** How events are spelled on the disk. */
import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { JournalEvent } from "../../src/store/Journal.ts"
import { encodeEvent } from "../../src/store/records.ts"
import { everyEvent } from "../bot/admin/everyEvent.ts"

const text = Schema.fromJsonString(JournalEvent)

it("spells every event as its schema does, so that it is read as it was", () => {
  for (const event of Object.values<JournalEvent>(everyEvent)) {
    const spelled = encodeEvent(event)
    assert.strictEqual(spelled, Schema.encodeSync(text)(event), event._tag)
    assert.deepStrictEqual(Schema.decodeUnknownSync(text)(spelled), event, event._tag)
  }
})

it("refuses every event that could not be read again", () => {
  for (const event of Object.values<JournalEvent>(everyEvent)) {
    // JSON has no such numbers and leaves out what is not defined.
    for (const wrong of [Number.NaN, Infinity, undefined]) {
      const spoiled = { ...event, ...("at" in event ? { at: wrong } : { id: wrong, mark: wrong }) }
      if (!("at" in event) && !("id" in event)) continue
      assert.throws(() => encodeEvent(spoiled as JournalEvent), undefined, undefined, event._tag)
    }
  }
})
