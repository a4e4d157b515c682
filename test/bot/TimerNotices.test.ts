/** The messages whose items the timer has marked follow, whatever happens to the bot or to Telegram. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { layer as TimerNotices } from "../../src/bot/TimerNotices.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, expire, noon } from "./Scene.ts"

const withTimerNotices = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* Layer.build(TimerNotices).pipe(Effect.provideContext(scene.context))
  yield* settle
  return scene
})

/** Lets the edits that are due be sent. */
const settle = TestClock.adjust("1 second")

const byTimer = "✅ Хороший (сам)"

/** One item was issued, and ten minutes went by. */
const overdue = Effect.fnUntraced(function* (scene: Effect.Success<ReturnType<typeof Scene.make>>) {
  yield* scene.load("vk", "one")
  yield* scene.fromMenu(anna, "VK", "495", "1")
  yield* TestClock.adjust("10 minutes")
})

describe("notices of the timer", () => {
  it.effect("when the timer confirms, the message follows with one edit", () =>
    Effect.gen(function* () {
      const scene = yield* withTimerNotices()
      yield* scene.load("vk", "one", "two")
      yield* scene.fromMenu(anna, "VK", "495", "2")
      const { edits } = scene.last(anna)
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      yield* settle
      assert.strictEqual(scene.last(anna).edits, edits + 1)
      assert.include(scene.lastText(anna), "✅ Хороший (сам)")
      assert.notInclude(scene.lastText(anna), "подтвердится сам")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 Всё: Логин:Пароль"],
        ["📋 Пароль 1", "📋 Пароль 2"],
        ["1 ✅ Хороший (сам)", "изменить"],
        ["2 ✅ Хороший (сам)", "изменить"],
        ["🔁 Ещё раз так же", "☰ Меню"],
      ])
    }),
  )

  it.effect("many that were overdue together follow at a pace that Telegram takes", () =>
    Effect.gen(function* () {
      const scene = yield* withTimerNotices({ pendingLimit: 40 })
      const names = Array.from({ length: 40 }, (_, index) => `item-${index}`)
      yield* scene.load("vk", ...names)
      for (const _ of names) yield* scene.fromMenu(anna, "VK", "495", "1")
      yield* TestClock.adjust("10 minutes")
      const edits = () => scene.telegram.calls.filter((call) => call.startsWith("edit")).length
      const before = edits()
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      yield* TestClock.adjust("1 second")
      assert.isAtLeast(edits() - before, 10)
      assert.isAtMost(edits() - before, 20)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(edits() - before, 40)
    }),
  )

  it.effect("a person's own mark is not drawn twice", () =>
    Effect.gen(function* () {
      const scene = yield* withTimerNotices()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495", "1", "✅ Хороший")
      const { edits } = scene.last(anna)
      yield* settle
      assert.strictEqual(scene.last(anna).edits, edits)
    }),
  )

  it.effect("what Telegram did not answer to is drawn as soon as it does, and once", () =>
    Effect.gen(function* () {
      const scene = yield* withTimerNotices()
      const { redeliver } = Context.get(scene.context, Deliveries)
      yield* overdue(scene)
      scene.telegram.fail("edit", { _tag: "Unsure" }, { times: 2 })
      yield* scene.pools.tell("vk", expire)
      yield* settle
      assert.notInclude(scene.lastText(anna), byTimer)
      yield* redeliver
      assert.notInclude(scene.lastText(anna), byTimer)
      yield* redeliver
      assert.include(scene.lastText(anna), byTimer)
      const calls = scene.telegram.calls.length
      yield* redeliver
      assert.lengthOf(scene.telegram.calls, calls)
    }),
  )

  it.effect("a message that was deleted is not asked for again", () =>
    Effect.gen(function* () {
      const scene = yield* withTimerNotices()
      yield* overdue(scene)
      scene.telegram.fail("edit", { _tag: "MessageGone" })
      yield* scene.pools.tell("vk", expire)
      yield* settle
      const calls = scene.telegram.calls.length
      yield* Context.get(scene.context, Deliveries).redeliver
      assert.lengthOf(scene.telegram.calls, calls)
    }),
  )

  const losses: ReadonlyArray<
    readonly [string, (telegram: ReturnType<typeof FakeTelegram.make>) => void]
  > = [
    ["the bot was killed before the edit was answered", (telegram) => void telegram.hang("edit")],
    [
      "Telegram was away until the bot was stopped",
      (telegram) => telegram.fail("edit", { _tag: "Unsure" }, { times: 1_000 }),
    ],
  ]
  for (const [what, lose] of losses) {
    it.effect(`${what}: the next start draws it, and the one after that nothing`, () =>
      Effect.gen(function* () {
        const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
        yield* TestClock.setTime(noon)
        yield* Effect.gen(function* () {
          const scene = yield* withTimerNotices({ disk, telegram })
          yield* overdue(scene)
          lose(telegram)
          yield* scene.pools.tell("vk", expire)
          yield* settle
          assert.notInclude(scene.lastText(anna), byTimer)
        }).pipe(Effect.scoped)
        telegram.heal()
        yield* TestClock.adjust("5 hours")
        yield* Effect.gen(function* () {
          const scene = yield* withTimerNotices({ disk, telegram })
          assert.include(scene.lastText(anna), byTimer)
        }).pipe(Effect.scoped)
        const calls = telegram.calls.length
        yield* Effect.scoped(withTimerNotices({ disk, telegram }))
        assert.lengthOf(telegram.calls, calls)
      }),
    )
  }
})
