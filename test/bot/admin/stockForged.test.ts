/** Data about the stock that no button of the bot carries, pressed by an admin. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Scene from "../Scene.ts"
import { anna, chief } from "../Scene.ts"

/** Anna holds one, two are in stock, Mamba was cleared and OK is paused. */
const stocked = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 32))
  yield* scene.load("vk", "a", "b", "c")
  yield* scene.load("mamba", "m")
  yield* scene.fromMenu(anna, "VK", "495", "1")
  yield* scene.say(chief, "/buffer_clear mamba")
  yield* scene.tap(chief, "Очистить 1")
  yield* scene.say(chief, "/pause ok Скоро")
  return scene
})

type Scene = Effect.Success<typeof stocked>

const state = (scene: Scene) =>
  Effect.forEach(["vk", "mamba", "ok"], (resource) => scene.pools.stock(resource))

describe("an admin", () => {
  for (const data of [
    "pz1:gone",
    "rz1:proxy",
    "eo1:clear.gone",
    "em1:clear.gone.1",
    "em1:release.proxy.1",
    "rt1:gone.0123456789",
  ]) {
    it.effect(`${data}, of a resource that is not there: the button is out of date`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
        assert.match(answer?.text ?? "", /^Кнопка устарела\. Ничего не изменилось/)
      }),
    )
  }

  for (const data of ["em1:clear.vk.999999", "em1:release.vk.0", "rt1:vk.ZZZZZZZZZZ"]) {
    it.effect(`${data}, forged: nothing changes`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        const before = yield* state(scene)
        const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
        assert.isTrue(answer?.alert)
        assert.deepStrictEqual(yield* state(scene), before)
      }),
    )
  }
})
