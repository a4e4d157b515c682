/** Who presses buttons of others is refused each time, and admins hear of it at the third. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anItem, anna, boris, chief, deputy, stranger } from "./Scene.ts"

const note =
  "🚫 boris (102): чужие кнопки, отказов за сутки: 3. Ничего не изменилось и никому не показано. Если это не случайность, доступ можно приостановить на карточке."

/** Anna holds one; the data of its button is what Boris forges. */
const annaHolds = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* scene.load("vk", anItem("vk", "one"))
  yield* scene.say(anna, "/menu")
  yield* scene.press(anna, "VK", "495", "1")
  yield* scene.say(boris, "/menu")
  const forged = scene.find(anna, "✅ Хороший").data
  const forge = (data: string) => scene.tapData(boris, scene.last(boris).messageId, data)
  return { ...scene, forged, forge }
})

describe("buttons of others", () => {
  it.effect("of items and of admins alike: the third within a day is told, then counted anew", () =>
    Effect.gen(function* () {
      const { forged, forge, ...scene } = yield* annaHolds
      yield* forge(forged)
      yield* forge("wl1:0")
      assert.deepStrictEqual(scene.read(chief), [])
      yield* forge("ap1:103.approve")
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [note])
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Карточка"]])
      for (const data of [forged, "bu1:101.card"]) yield* forge(data)
      assert.lengthOf(scene.read(chief), 1)
      yield* forge(forged)
      assert.deepStrictEqual(scene.read(chief), [note, note])
      yield* scene.tap(chief, "Карточка")
      assert.match(scene.read(chief).at(-1) ?? "", /^Ник: boris\n/)
      assert.deepStrictEqual(
        (yield* scene.pools.held(anna)).map(({ mark }) => mark),
        [null],
      )
    }),
  )

  it.effect(
    "further apart than a day are no habit; commands, strangers and admins do not count",
    () =>
      Effect.gen(function* () {
        const { forged, forge, ...scene } = yield* annaHolds
        yield* forge(forged)
        yield* forge(forged)
        yield* TestClock.adjust("24 hours")
        yield* forge("wl1:0")
        for (const command of ["/stock", "/who", "/whitelist"]) yield* scene.say(boris, command)
        for (let times = 0; times < 3; times += 1) {
          yield* scene.tapData(stranger, 5, "wl1:0")
          yield* scene.tapData(deputy, 5, forged)
        }
        assert.deepStrictEqual(scene.read(chief), [])
      }),
  )

  it.effect("that no admin hears of are refused all the same", () =>
    Effect.gen(function* () {
      const { forged, forge, ...scene } = yield* annaHolds
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: chief, times: 9 })
      for (let times = 0; times < 3; times += 1) {
        const [answer, ...more] = yield* forge(forged)
        assert.match(answer?.text ?? "", /^Это чужая кнопка/)
        assert.deepStrictEqual(more, [])
      }
      assert.deepStrictEqual(scene.read(deputy), [note])
    }),
  )
})
