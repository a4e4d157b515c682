/** /forget: who can be forgotten and who cannot yet, what is ordered, and what the admins hear. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { forgetOverdue } from "../../../src/bot/admin/forget.ts"
import * as Notices from "../../../src/bot/Notices.ts"
import type { TelegramId } from "../../../src/domain/Employee.ts"
import { Restart } from "../../../src/observe/Restart.ts"
import { forgetKind, forgottenKind, Journal } from "../../../src/store/Journal.ts"
import { labelsOf } from "../FakeTelegram.ts"
import type * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy } from "../Scene.ts"
import { annaTookThree, type PeopleScene } from "./peopleScene.ts"

/** Anna took three items, and the scene counts how often a restart was asked for. */
const scenery = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  let restarts = 0
  const restart = {
    ask: Effect.sync(() => void (restarts += 1)),
    isAsked: Effect.succeed(false),
  }
  const scene = yield* Effect.provideService(annaTookThree(options), Restart, restart)
  return { scene, restarts: () => restarts, restart }
})

const journalOf = (scene: PeopleScene) => Context.get(scene.context, Journal)

const orders = (scene: PeopleScene) =>
  Effect.map(journalOf(scene).documents(forgetKind), (all) => all.map(({ key }) => key))

/** Anna's items are marked by the timer and written, and her access is gone. */
const annaLeft = Effect.fnUntraced(function* (scene: PeopleScene) {
  yield* scene.say(chief, `/whitelist_remove ${anna}`)
  yield* scene.tap(chief, "Убрать доступ")
  yield* markAll(scene)
  yield* scene.writeMarks("vk")
})

const markAll = Effect.fnUntraced(function* (scene: PeopleScene) {
  yield* TestClock.adjust("11 minutes")
  yield* scene.pools.tell("vk", { _tag: "Expire" })
})

const asked = Effect.fnUntraced(function* (scene: PeopleScene, argument: string | number) {
  yield* scene.say(chief, `/forget ${argument}`)
  return scene.lastText(chief)
})

describe("/forget", () => {
  it.effect("asks, then orders it and has the bot start anew", () =>
    Effect.gen(function* () {
      const { scene, restarts } = yield* scenery()
      yield* annaLeft(scene)
      const question = yield* asked(scene, anna)
      assert.match(question, /^Стереть данные: anna \(101\)\?\n\nПолучено за всё время: 3 штуки\./)
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Стереть", "✕ Отмена"]])
      assert.deepStrictEqual(yield* orders(scene), [])
      yield* scene.tap(chief, "Стереть")
      assert.match(scene.lastText(chief), /^Стираю\./)
      assert.deepStrictEqual(yield* orders(scene), [String(anna)])
      assert.strictEqual(restarts(), 1)
    }),
  )

  it.effect("lists those without access who had something, when no name is given", () =>
    Effect.gen(function* () {
      const { scene } = yield* scenery()
      assert.match(yield* asked(scene, ""), /^Стирать некого/)
      yield* annaLeft(scene)
      assert.match(
        yield* asked(scene, ""),
        /^Без доступа, а данные ещё есть: 1 человек\nanna \(101\) · последняя выдача 22\.11\.2026 14:22/,
      )
      yield* scene.tap(chief, "anna (101)")
      assert.match(scene.lastText(chief), /^Стереть данные: anna/)
    }),
  )

  it.effect("may be left: nothing is ordered", () =>
    Effect.gen(function* () {
      const { scene, restarts } = yield* scenery()
      yield* annaLeft(scene)
      yield* asked(scene, anna)
      yield* scene.tap(chief, "✕ Отмена")
      assert.deepStrictEqual([yield* orders(scene), restarts()], [[], 0])
    }),
  )

  it.effect("refuses while there is access, an item without a mark, or a row not written", () =>
    Effect.gen(function* () {
      const { scene } = yield* scenery()
      assert.include(yield* asked(scene, anna), "Сначала уберите доступ")
      yield* scene.say(chief, `/whitelist_remove ${anna}`)
      yield* scene.tap(chief, "Убрать доступ")
      assert.include(yield* asked(scene, anna), "на руках без отметки: 3 штуки")
      yield* markAll(scene)
      assert.include(yield* asked(scene, anna), "ещё не записано строк этого человека: 3")
      yield* scene.writeMarks("vk")
      yield* scene.tap(chief, "Попробовать снова")
      assert.match(scene.lastText(chief), /^Стереть данные/)
      assert.include(yield* asked(scene, chief), "ADMIN_ID")
      for (const wrong of ["anna", "-5", "0", "12 13", "1e3", "٣٤٥"]) {
        assert.include(yield* asked(scene, wrong), "не ID")
      }
      assert.deepStrictEqual(yield* orders(scene), [])
    }),
  )

  it.effect("refuses at the last moment where the access was given back meanwhile", () =>
    Effect.gen(function* () {
      const { scene, restarts } = yield* scenery()
      yield* annaLeft(scene)
      yield* asked(scene, anna)
      const { messageId, data } = scene.find(chief, "Стереть")
      yield* scene.say(deputy, `/whitelist_remove ${anna}`)
      yield* scene.tap(deputy, "Вернуть доступ")
      yield* scene.tapData(chief, messageId, data)
      assert.deepStrictEqual([yield* orders(scene), restarts()], [[], 0])
    }),
  )

  it.effect("is possible for an id that nobody knows: an applicant who never got anything", () =>
    Effect.gen(function* () {
      const { scene } = yield* scenery()
      assert.match(
        yield* asked(scene, 5_555),
        /^Стереть данные: ID 5555\?\n\nПолучено за всё время: 0/,
      )
    }),
  )
})

const overdue = Effect.fnUntraced(function* (scene: PeopleScene, restart: typeof Restart.Service) {
  const loop = Effect.provideService(
    Layer.build(Layer.provide(forgetOverdue, Layer.succeedContext(scene.context))),
    Restart,
    restart,
  )
  yield* loop
})

const days = (count: number) => ({
  settings: { forgetAfter: Option.some(Duration.days(count)) },
})

describe("FORGET_AFTER", () => {
  it.effect("orders it at night, once the last item is so old", () =>
    Effect.gen(function* () {
      const { scene, restarts, restart } = yield* scenery(days(30))
      yield* annaLeft(scene)
      yield* overdue(scene, restart)
      yield* TestClock.adjust("30 days")
      assert.deepStrictEqual([yield* orders(scene), restarts()], [[], 0])
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual([yield* orders(scene), restarts()], [[String(anna)], 1])
    }),
  )

  it.effect("leaves those alone who have access", () =>
    Effect.gen(function* () {
      const { scene, restarts, restart } = yield* scenery(days(1))
      yield* markAll(scene)
      yield* scene.writeMarks("vk")
      yield* overdue(scene, restart)
      yield* TestClock.adjust("10 days")
      assert.deepStrictEqual([yield* orders(scene), restarts()], [[], 0])
    }),
  )

  it.effect("is off by itself", () =>
    Effect.gen(function* () {
      const { scene, restarts, restart } = yield* scenery()
      yield* annaLeft(scene)
      yield* overdue(scene, restart)
      yield* TestClock.adjust("400 days")
      assert.deepStrictEqual([yield* orders(scene), restarts()], [[], 0])
    }),
  )
})

describe("What a start erased", () => {
  const report = (by: TelegramId | null, left: ReadonlyArray<string>) => ({
    by,
    at: 1,
    issuances: 3,
    copies: 2,
    left,
  })

  const told = Effect.fnUntraced(function* (body: unknown) {
    const { scene } = yield* scenery()
    const journal = journalOf(scene)
    yield* journal.write([
      { _tag: "DocumentPut", kind: forgottenKind, key: "4503599627370501", body },
    ])
    yield* Layer.build(Layer.provide(Notices.layer, Layer.succeedContext(scene.context)))
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(yield* journal.documents(forgottenKind), [])
    assert.strictEqual(scene.lastText(deputy), scene.lastText(chief))
    assert.lengthOf(scene.read(boris), 0)
    return scene.lastText(chief)
  })

  it.effect("is told to every admin once, with whose decision it was", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* told(report(chief, [])),
        "🧹 Данные человека стёрты. Выдач без имени: 3. Вычищено копий: 2.\nРешение: админ 1.",
      )
    }),
  )

  it.effect("names the copies in which the person still is", () =>
    Effect.gen(function* () {
      const text = yield* told(report(null, ["/data/before-schema-8"]))
      assert.include(text, "Так велит настройка FORGET_AFTER.")
      assert.include(text, "Удалите их сами: /data/before-schema-8")
    }),
  )
})
