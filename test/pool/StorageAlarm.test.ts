import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { Alarms } from "../../src/observe/Alarms.ts"
import { StorageAlarm } from "../../src/pool/Outbox.ts"

it.effect("a pool that opens does not clear what another one raises in that moment", () =>
  Effect.gen(function* () {
    const alarms = yield* Alarms
    const slow = yield* Deferred.make<void>()
    const slowly = Alarms.of({
      ...alarms,
      clear: (alarm) => Effect.andThen(Deferred.await(slow), alarms.clear(alarm)),
    })
    yield* Effect.gen(function* () {
      const storage = yield* StorageAlarm
      yield* storage.closed("vk")
      const opening = yield* Effect.forkChild(storage.opened("vk"), { startImmediately: true })
      const closing = yield* Effect.forkChild(storage.closed("proxy"), { startImmediately: true })
      yield* Deferred.succeed(slow, undefined)
      yield* Fiber.join(opening)
      yield* Fiber.join(closing)
      assert.deepStrictEqual(yield* alarms.raised, [{ _tag: "StorageUnavailable" }])
      yield* storage.opened("proxy")
      assert.deepStrictEqual(yield* alarms.raised, [])
    }).pipe(Effect.provide(Layer.provide(StorageAlarm.layer, Layer.succeed(Alarms, slowly))))
  }).pipe(Effect.provide(Alarms.layer)),
)
