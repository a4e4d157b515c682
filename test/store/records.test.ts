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

it("refuses an event with a fault deep inside, also after it has spelled a sound one", () => {
  const { Issued: issued, Confirmed: confirmed } = everyEvent
  const [issuance] = issued.issuances
  if (issuance === undefined) throw new Error("nothing is issued in the example")
  const inItem = (item: object) => ({
    ...issued,
    issuances: [{ ...issuance, item: { ...issuance.item, ...item } }],
  })
  const faulty = [
    inItem({ key: "" }),
    inItem({ fields: { login: 7 } }),
    inItem({ origin: { tab: "База", header: ["Логин"], cells: [{ value: Number.NaN }] } }),
    { ...confirmed, mark: { ...confirmed.mark, at: Number.NaN } },
    { ...confirmed, mark: { ...confirmed.mark, by: -1.5 } },
  ]
  encodeEvent(issued)
  encodeEvent(confirmed)
  for (const event of faulty) assert.throws(() => encodeEvent(event as JournalEvent))
})
