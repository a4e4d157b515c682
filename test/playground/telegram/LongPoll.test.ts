import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Chats } from "../../../src/playground/telegram/Chats.ts"
import { World } from "../../../src/playground/World.ts"
import { anna, ids, keyboard, layer, refusalOf } from "./anna.ts"

/** Takes a moment to save, so that what happens at the same time queues up behind it. */
const slowWorld = Layer.mock(World, {
  load: () => Effect.succeedNone,
  save: () => Effect.yieldNow,
})

describe("getUpdates", () => {
  it.effect("gives updates again until an offset confirms them", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const first = yield* chats.say(42, "one")
      const second = yield* chats.say(42, "two")
      const both = [first.updateId, second.updateId]
      assert.deepStrictEqual(ids(yield* chats.getUpdates({})), both)
      assert.deepStrictEqual(ids(yield* chats.getUpdates({ limit: 1 })), both.slice(0, 1))
      assert.deepStrictEqual(
        ids(yield* chats.getUpdates({ offset: second.updateId })),
        both.slice(1),
      )
      assert.deepStrictEqual(ids(yield* chats.getUpdates({})), both.slice(1))
      yield* chats.say(42, "three")
      const newest = yield* chats.getUpdates({ offset: -1 })
      assert.deepStrictEqual(yield* chats.getUpdates({}), newest)
      assert.deepStrictEqual(ids(newest), [second.updateId + 1])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is held and woken by a message at once", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const poll = yield* Effect.forkChild(chats.getUpdates({ timeout: 30 }))
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(poll.pollUnsafe())
      const { updateId } = yield* chats.say(42, "hi")
      assert.deepStrictEqual(ids(yield* Fiber.join(poll)), [updateId])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("ends empty after the timeout, which is at most 50 seconds", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const poll = yield* Effect.forkChild(chats.getUpdates({ timeout: 90 }))
      yield* TestClock.adjust("49999 millis")
      assert.isUndefined(poll.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(poll.pollUnsafe(), Exit.succeed([]))
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a second poll ends the first with a conflict and gets the update", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const older = yield* Effect.forkChild(refusalOf(chats.getUpdates({ timeout: 30 })))
      yield* TestClock.adjust("1 second")
      const newer = yield* Effect.forkChild(chats.getUpdates({ timeout: 30 }))
      const refusal = yield* Fiber.join(older)
      assert.strictEqual(refusal.code, 409)
      assert.strictEqual(
        refusal.description,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      )
      yield* chats.say(42, "hi")
      assert.lengthOf(yield* Fiber.join(newer), 1)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("a held poll with a negative offset drops nothing that came while it was held", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const poll = yield* Effect.forkChild(chats.getUpdates({ offset: -1, timeout: 30 }))
      yield* TestClock.adjust("1 second")
      yield* Effect.all([chats.say(42, "one"), chats.say(42, "two")], { concurrency: 2 })
      assert.lengthOf(yield* Fiber.join(poll), 2)
    }).pipe(Effect.provide(Layer.provide(Chats.layer, slowWorld))),
  )

  it.effect("an interrupted poll leaves its place", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const gone = yield* Effect.forkChild(chats.getUpdates({ timeout: 30 }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(gone)
      yield* chats.say(42, "hi")
      assert.lengthOf(yield* chats.getUpdates({ timeout: 30 }), 1)
    }).pipe(Effect.provide(layer)),
  )
})

describe("the queue of updates", () => {
  it.effect("forgets a tap after 150 seconds and a message after a day", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.say(42, "/start")
      yield* chats.call("sendMessage", { chat_id: 42, text: "x", reply_markup: keyboard(["Go"]) })
      yield* chats.tap({ userId: 42, label: "Go" })
      yield* TestClock.adjust("149 seconds")
      assert.lengthOf(yield* chats.getUpdates({}), 2)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(yield* chats.getUpdates({}), 1)
      yield* TestClock.adjust("1 day")
      assert.lengthOf(yield* chats.getUpdates({}), 0)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("allowed_updates act on what comes after them", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      yield* chats.say(42, "seen")
      yield* chats.getUpdates({ allowed_updates: ["callback_query"] })
      yield* chats.say(42, "not seen")
      yield* chats.getUpdates({ allowed_updates: "not json" })
      yield* chats.say(42, "not seen either")
      yield* chats.getUpdates({ allowed_updates: [] })
      yield* chats.say(42, "seen")
      assert.lengthOf(yield* chats.getUpdates({}), 2)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is refused while a webhook is set, and a held poll is ended by it", () =>
    Effect.gen(function* () {
      const chats = yield* anna
      const held = yield* Effect.forkChild(refusalOf(chats.getUpdates({ timeout: 30 })))
      yield* TestClock.adjust("1 second")
      yield* chats.call("setWebhook", { url: "https://example.com/hook" })
      assert.strictEqual(
        (yield* Fiber.join(held)).description,
        "Conflict: terminated by setWebhook request",
      )
      const refusal = yield* refusalOf(chats.getUpdates({}))
      assert.strictEqual(
        refusal.description,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
      const again = yield* refusalOf(chats.call("setWebhook", { url: "https://example.com/b" }))
      assert.deepInclude(again, { code: 429, parameters: { retry_after: 1 } })
      yield* chats.call("deleteWebhook", {})
      assert.deepStrictEqual(yield* chats.getUpdates({}), [])
    }).pipe(Effect.provide(layer)),
  )
})
