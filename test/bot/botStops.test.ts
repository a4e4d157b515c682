/** Who stops the bot with items in hand loses none of them, and the admins hear of it once a day. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anItem, anna, boris, chief, deputy, stranger } from "./Scene.ts"

const note =
  "🔕 Бот остановлен человеком: anna (101). На руках без отметки: 2. Ничего не потеряно: отметки поставятся в свой срок. Пока бот остановлен, сообщения до человека не доходят."

const annaHolds = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* scene.load("vk", anItem("vk", "one"), anItem("vk", "two"))
  yield* scene.say(anna, "/menu")
  yield* scene.press(anna, "VK", "495", "2")
  const stops = (userId: TelegramId, blocked = true) =>
    scene.handler.handle({ _tag: "Membership", userId, blocked })
  return { ...scene, stops }
})

describe("the bot stopped by somebody", () => {
  it.effect("with items in hand: every admin is told, and the items stay", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds
      yield* scene.stops(anna)
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [note])
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Карточка"]])
      assert.lengthOf(yield* scene.pools.held(anna), 2)
      yield* scene.tap(chief, "Карточка")
      assert.match(scene.read(chief).at(-1) ?? "", /^Ник: anna\n/)
    }),
  )

  it.effect("again and again is told once a day", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds
      for (const blocked of [true, false, true, true]) yield* scene.stops(anna, blocked)
      assert.lengthOf(scene.read(chief), 1)
      yield* TestClock.adjust("24 hours")
      yield* scene.stops(anna)
      assert.lengthOf(scene.read(chief), 2)
    }),
  )

  it.effect("with nothing in hand, or by a stranger, is no news", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds
      yield* scene.press(anna, "1 ✅ Хороший", "2 ✅ Хороший")
      for (const who of [anna, boris, stranger]) yield* scene.stops(who)
      assert.deepStrictEqual(scene.read(chief), [])
    }),
  )
})
