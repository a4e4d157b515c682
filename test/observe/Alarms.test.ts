import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, PubSub } from "effect"
import { type Alarm, Alarms } from "../../src/observe/Alarms.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"

const broken: Alarm = { _tag: "TabUnusable", tab: "Мамба Муж", column: "Логин" }
const gone: Alarm = { _tag: "TabUnusable", tab: "Мамба Муж", column: null }

describe("Alarms", () => {
  it.effect("are raised once and cleared once, whoever says it again", () =>
    Effect.gen(function* () {
      const alarms = yield* Alarms
      const changes = yield* PubSub.subscribe(alarms.changes)
      yield* alarms.clear(broken)
      yield* alarms.raise(broken)
      yield* alarms.raise({ ...broken })
      assert.deepStrictEqual(yield* alarms.raised, [broken])
      yield* alarms.clear({ ...broken })
      yield* alarms.clear(broken)
      assert.deepStrictEqual(yield* alarms.raised, [])
      assert.deepStrictEqual(yield* PubSub.takeAll(changes), [
        { alarm: broken, raised: true },
        { alarm: broken, raised: false },
      ])
    }).pipe(Effect.provide(Alarms.layer)),
  )

  it.effect("are told apart by their facts", () =>
    Effect.gen(function* () {
      const alarms = yield* Alarms
      yield* alarms.raise(broken)
      yield* alarms.raise(gone)
      yield* alarms.clear(broken)
      assert.deepStrictEqual(yield* alarms.raised, [gone])
    }).pipe(Effect.provide(Alarms.layer)),
  )

  it.effect("about a low stock are one, however few are left by now", () =>
    Effect.gen(function* () {
      const alarms = yield* Alarms
      const changes = yield* PubSub.subscribe(alarms.changes)
      const label = { ru: "VK", en: "VK" }
      const low = (remaining: number): Alarm => ({
        _tag: "LowStock",
        resource: "vk",
        label,
        tabs: ["ВКонтакте"],
        remaining,
        todayOnly: false,
      })
      for (const remaining of [19, 12, 3]) yield* alarms.raise(low(remaining))
      assert.deepStrictEqual(yield* alarms.raised, [low(3)])
      yield* alarms.clear(low(40))
      assert.deepStrictEqual(yield* alarms.raised, [])
      assert.deepStrictEqual(yield* PubSub.takeAll(changes), [
        { alarm: low(19), raised: true },
        { alarm: low(3), raised: false },
      ])
    }).pipe(Effect.provide(Alarms.layer)),
  )
})

describe("CaughtUp", () => {
  it.effect("holds up who waits until it opens, and nobody afterwards", () =>
    Effect.gen(function* () {
      const caughtUp = yield* CaughtUp
      const waiting = yield* Effect.forkChild(caughtUp.wait, { startImmediately: true })
      assert.isUndefined(waiting.pollUnsafe())
      yield* caughtUp.open
      yield* Fiber.join(waiting)
      yield* caughtUp.wait
    }).pipe(Effect.provide(CaughtUp.layer)),
  )
})
