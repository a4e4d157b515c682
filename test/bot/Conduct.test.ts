/**
 * What admins hear of a person: at the third time, and once an hour after that, that buttons of others were pressed, each of
 * which is refused; once a day, that the bot was stopped with items in hand, none of which is lost.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, deputy, stranger } from "./Scene.ts"

const trespassNote =
  "🚫 boris (102) нажимает чужие кнопки, отказов за сутки: 3. Ничего не изменилось, и ничего не показано. Если это не случайно, доступ можно приостановить на карточке."

const annaHolds = Effect.fnUntraced(function* (...names: ReadonlyArray<string>) {
  const scene = yield* Scene.make()
  yield* scene.load("vk", ...names)
  yield* scene.fromMenu(anna, "VK", "495", String(names.length))
  return scene
})

/** Anna holds one item; the data of its button is what Boris forges. */
const borisForges = Effect.gen(function* () {
  const scene = yield* annaHolds("one")
  yield* scene.say(boris, "/menu")
  const forged = scene.find(anna, "✅ Хороший").data
  const forge = (data: string) => scene.tapData(boris, scene.last(boris).messageId, data)
  return { ...scene, forged, forge }
})

describe("buttons of others", () => {
  it.effect("pressed by the hundred are told once an hour, with their number", () =>
    Effect.gen(function* () {
      const { forged, forge, ...scene } = yield* borisForges
      for (let times = 0; times < 100; times += 1) yield* forge(forged)
      assert.deepStrictEqual(scene.read(chief), [trespassNote])
      yield* TestClock.adjust("1 hour")
      yield* forge(forged)
      assert.deepStrictEqual(scene.read(chief), [
        trespassNote,
        trespassNote.replace("за сутки: 3", "за сутки: 98"),
      ])
    }),
  )

  it.effect("of items and of admins alike: the third within a day is told, then counted anew", () =>
    Effect.gen(function* () {
      const { forged, forge, ...scene } = yield* borisForges
      yield* forge(forged)
      yield* forge("wl1:0")
      assert.deepStrictEqual(scene.read(chief), [])
      yield* forge("ap1:103.approve")
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [trespassNote])
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Карточка"]])
      for (const data of [forged, "bu1:101.card"]) yield* forge(data)
      assert.lengthOf(scene.read(chief), 1)
      yield* TestClock.adjust("1 hour")
      yield* forge(forged)
      assert.deepStrictEqual(scene.read(chief), [trespassNote, trespassNote])
      yield* scene.tap(chief, "Карточка")
      assert.match(scene.lastText(chief), /^Ник: boris\n/)
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
        const { forged, forge, ...scene } = yield* borisForges
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
      const { forged, forge, ...scene } = yield* borisForges
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: chief, times: 9 })
      for (let times = 0; times < 3; times += 1) {
        const [answer, ...more] = yield* forge(forged)
        assert.match(answer?.text ?? "", /^Это чужая кнопка/)
        assert.deepStrictEqual(more, [])
      }
      assert.deepStrictEqual(scene.read(deputy), [trespassNote])
    }),
  )
})

describe("what admins hear of a person while the clock is set", () => {
  for (const [name, by] of hourSteps) {
    it.effect(`${name}: buttons of others are told once an hour`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const { forged, forge, ...scene } = yield* borisForges
          const forgeThrice = Effect.replicateEffect(forge(forged), 3, { discard: true })
          yield* forgeThrice
          assert.lengthOf(scene.read(chief), 1)
          yield* step(by)
          yield* forgeThrice
          assert.lengthOf(scene.read(chief), 1)
          yield* TestClock.adjust("1 hour")
          yield* forge(forged)
          assert.lengthOf(scene.read(chief), 2)
        }),
      ),
    )

    it.effect(`${name} twelve times: that somebody stopped the bot is told once a day`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const scene = yield* annaMayStop
          yield* scene.stops(anna)
          yield* TestClock.adjust("12 hours")
          yield* step(12 * by)
          yield* scene.stops(anna)
          assert.lengthOf(scene.read(chief), 1)
          yield* TestClock.adjust("12 hours")
          yield* scene.stops(anna)
          assert.lengthOf(scene.read(chief), 2)
        }),
      ),
    )
  }
})

const stopNote =
  "🔕 anna (101): бот остановлен, сообщения до человека не доходят. На руках без отметки: 2. Ничего не потеряно: отметки поставятся в свой срок."

/** Anna holds two items. */
const annaMayStop = Effect.gen(function* () {
  const scene = yield* annaHolds("one", "two")
  const stops = (userId: TelegramId, blocked = true) =>
    scene.handler.handle({ _tag: "Membership", userId, blocked })
  return { ...scene, stops }
})

describe("the bot stopped by somebody", () => {
  it.effect("with items in hand: every admin is told, and the items stay", () =>
    Effect.gen(function* () {
      const scene = yield* annaMayStop
      yield* scene.stops(anna)
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [stopNote])
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Карточка"]])
      assert.lengthOf(yield* scene.pools.held(anna), 2)
      yield* scene.tap(chief, "Карточка")
      assert.match(scene.lastText(chief), /^Ник: anna\n/)
    }),
  )

  it.effect("again and again is told once a day", () =>
    Effect.gen(function* () {
      const scene = yield* annaMayStop
      for (const blocked of [true, false, true, true]) yield* scene.stops(anna, blocked)
      assert.lengthOf(scene.read(chief), 1)
      yield* TestClock.adjust("24 hours")
      yield* scene.stops(anna)
      assert.lengthOf(scene.read(chief), 2)
    }),
  )

  it.effect("with nothing in hand, or by a stranger, is no news", () =>
    Effect.gen(function* () {
      const scene = yield* annaMayStop
      yield* scene.press(anna, "1 ✅ Хороший", "2 ✅ Хороший")
      for (const who of [anna, boris, stranger]) yield* scene.stops(who)
      assert.deepStrictEqual(scene.read(chief), [])
    }),
  )
})
