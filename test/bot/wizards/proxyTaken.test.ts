/** After «Прокси ваш»: more time for a reservation, the way back, and a proxy that does not work. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { type Action, decodeAction } from "../../../src/bot/buttons.ts"
import { layer as ProxyNotices } from "../../../src/bot/ProxyNotices.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import { add, afternoon, line } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief } from "../Scene.ts"

type TheScene = Effect.Success<ReturnType<typeof Scene.make>>

const first = "HTTP 192.0.2.x:8080 · 10 дней"
const broken = "⚠️ Не работает"
const back = "↩️ Вернуть"

/** To the list of free ones in Germany. */
const browse = Effect.fnUntraced(function* (scene: TheScene, person = anna, target = "⬜ VK") {
  yield* scene.fromMenu(person, "Прокси", "Получить прокси", target, "Показать свободные ›")
  const german = labelsOf(scene.last(person).screen)
    .flat()
    .find((text) => text.startsWith("🇩🇪"))
  yield* scene.tap(person, german ?? "🇩🇪")
})

const start = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}, count = 2) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(afternoon)
  yield* add(scene, { count })
  return scene
})

/** Anna has taken one of two proxies for VK. */
const taken = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}, count = 2) {
  const scene = yield* start(options, count)
  yield* browse(scene)
  yield* scene.press(anna, first, "Получить")
  return scene
})

const freeFor = (scene: TheScene, target: string) =>
  Effect.map(scene.proxies.free([target]), ({ length }) => length)

const labels = (scene: TheScene, person = anna) => labelsOf(scene.last(person).screen).flat()

/** The button that reports without a reason what the one with that label asks about. */
const heldIn = (scene: TheScene, label: string): Action => {
  const action = Option.getOrThrow(decodeAction(scene.find(anna, label).data))
  if (action._tag !== "ProxyBroken") throw new Error(`${label} is about something else`)
  return { ...action, _tag: "ProxyReport" }
}

describe("a reservation that needs longer", () => {
  it.effect("gets five minutes once, and its message and button say so", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const extend = scene.find(anna, "+5 минут")
      const [answer] = yield* scene.tapData(anna, extend.messageId, extend.data)
      assert.strictEqual(answer?.text, "Прокси за вами до 14:32. Продлить можно один раз.")
      assert.include(scene.lastText(anna), "За вами до 14:32")
      assert.notInclude(labels(scene), "+5 минут")
      const [again] = yield* scene.tapData(anna, extend.messageId, extend.data)
      assert.strictEqual(again?.text, "Прокси за вами до 14:32. Продлить можно один раз.")
      yield* TestClock.adjust("9 minutes")
      yield* scene.tap(anna, "Получить")
      assert.include(scene.lastText(anna), "Ваш прокси")
      const [late] = yield* scene.tapData(anna, extend.messageId, extend.data)
      assert.include(late?.text, "Прокси уже ваш")
    }),
  )

  it.effect("gets none when its time is over, and none from somebody else", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const extend = scene.find(anna, "+5 минут")
      const [foreign] = yield* scene.tapData(boris, extend.messageId, extend.data)
      assert.include(foreign?.text, "Это чужая кнопка")
      yield* TestClock.adjust("5 minutes")
      const [late] = yield* scene.tapData(anna, extend.messageId, extend.data)
      assert.include(late?.text, "Время вышло")
      assert.strictEqual(yield* freeFor(scene, "vk"), 2)
    }),
  )
})

describe("a proxy that is given back", () => {
  it.effect("is free again, is on the screen no more, and its message goes on", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      const button = scene.find(anna, back)
      assert.strictEqual(yield* freeFor(scene, "vk"), 1)
      const [answer] = yield* scene.tapData(anna, button.messageId, button.data)
      assert.strictEqual(answer?.text, "Прокси возвращён")
      assert.strictEqual(
        scene.lastText(anna),
        "HTTP 192.0.2.x:8080\n\nВы вернули этот прокси. За вами он больше не числится и снова свободен.",
      )
      assert.strictEqual(yield* freeFor(scene, "vk"), 2)
      assert.deepStrictEqual(yield* scene.proxies.heldBy(anna), [])
      assert.deepStrictEqual(yield* scene.proxies.unshown, [])
      yield* scene.tapData(anna, button.messageId, button.data)
      assert.strictEqual(yield* freeFor(scene, "vk"), 2)
      yield* scene.press(anna, "‹ К списку", first, "Получить")
      assert.lengthOf(scene.telegram.chat(anna), 1)
      assert.include(scene.lastText(anna), "Ваш прокси")
    }),
  )

  it.effect("may be so for ten minutes, and a late press says so", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      const button = scene.find(anna, back)
      yield* TestClock.adjust("601 seconds")
      const [late] = yield* scene.tapData(anna, button.messageId, button.data)
      assert.include(late?.text, "Время для этого прошло")
      assert.include(scene.lastText(anna), "secret-1")
      assert.strictEqual(yield* freeFor(scene, "vk"), 1)
      yield* scene.say(anna, "/my")
      yield* scene.tap(anna, "📄 🇩🇪 HTTP 192.0.2.x:8080")
      assert.notInclude(labels(scene), back)
      assert.include(labels(scene), broken)
    }),
  )

  it.effect("on a copy shows that on both messages", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      yield* scene.say(anna, "/my")
      yield* scene.press(anna, "📄 🇩🇪 HTTP 192.0.2.x:8080", back)
      const said = scene.telegram
        .chat(anna)
        .filter(({ screen }) => textOf(screen).includes("Вы вернули этот прокси"))
      assert.lengthOf(said, 2)
    }),
  )

  it.effect("is shown so by the notices where Telegram failed, after a restart too", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const scene = yield* taken({ disk })
      scene.telegram.fail("edit", { _tag: "Unsure" })
      yield* scene.tap(anna, back)
      assert.include(scene.lastText(anna), "secret-1")
      const later = yield* Scene.make({ disk, telegram: scene.telegram })
      yield* Layer.build(ProxyNotices).pipe(Effect.provideContext(later.context))
      yield* TestClock.adjust("1 minute")
      assert.include(later.lastText(anna), "Вы вернули этот прокси")
      assert.deepStrictEqual(yield* later.proxies.unshown, [])
    }),
  )

  it.effect("is nobody else's to give back", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      const button = scene.find(anna, back)
      for (const person of [boris, chief]) {
        const [answer] = yield* scene.tapData(person, button.messageId, button.data)
        assert.include(answer?.text, "Это чужая кнопка")
      }
      assert.lengthOf(yield* scene.proxies.heldBy(anna), 1)
    }),
  )
})

describe("a proxy that does not work", () => {
  it.effect("is offered to nobody, another one is a tap away, and all who should know do", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      yield* browse(scene, boris, "⬜ OK")
      yield* scene.press(boris, first, "Получить")
      yield* scene.tap(anna, broken)
      assert.include(scene.lastText(anna), "Что с ним? Напишите одним сообщением")
      yield* scene.say(anna, "не  отвечает\nс утра")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "HTTP 192.0.2.x:8080",
          "⚠️ Не работает: не отвечает с утра",
          "",
          "Записано, спасибо. Его больше никому не предложат, и в таблице это видно.",
        ].join("\n"),
      )
      assert.strictEqual(yield* freeFor(scene, "tabor"), 1)
      assert.include(
        scene.lastText(chief),
        "Прокси HTTP 192.0.2.x:8080 не работает, по словам anna: не отвечает с утра",
      )
      assert.include(scene.lastText(boris), "который вы брали, по словам коллеги не работает")
      const goods = scene.telegram
        .chat(anna)
        .find(({ screen }) => textOf(screen).includes("Ваш прокси"))
      assert.include(goods && textOf(goods.screen), "⚠️ Не работает: не отвечает с утра")
      assert.notInclude(goods === undefined ? [back] : labelsOf(goods.screen).flat(), back)
      yield* scene.press(anna, "Взять другой: HTTP 192.0.2.x:8080", "Получить")
      assert.include(scene.lastText(anna), "secret-2")
    }),
  )

  it.effect("needs no word, and is reported once", () =>
    Effect.gen(function* () {
      const scene = yield* taken({}, 1)
      const button = scene.find(anna, broken)
      const action = heldIn(scene, broken)
      yield* scene.press(anna, broken, "Без причины")
      assert.include(scene.lastText(anna), "⚠️ Не работает.")
      assert.include(scene.lastText(anna), "Другого свободного в этой стране сейчас нет")
      const notes = scene.telegram.chat(chief).length
      const [again] = yield* scene.tapData(anna, button.messageId, button.data)
      assert.include(again?.text, "Об этом уже сообщили")
      yield* scene.tapAction(anna, button.messageId, action)
      assert.lengthOf(scene.telegram.chat(chief), notes)
    }),
  )

  it.effect(
    "works after all: nothing is changed, and what is written then is no word about it",
    () =>
      Effect.gen(function* () {
        const scene = yield* taken()
        yield* scene.press(anna, broken, "Отмена, работает")
        assert.include(scene.lastText(anna), "прокси остаётся на выдаче")
        yield* scene.say(anna, "спасибо")
        assert.strictEqual(yield* freeFor(scene, "ok"), 2)
        yield* scene.press(anna, broken)
        yield* scene.fromMenu(anna, "Прокси", "Добавить прокси", "HTTP")
        yield* scene.say(anna, line(7))
        assert.strictEqual(yield* freeFor(scene, "ok"), 2)
        yield* scene.tap(anna, broken)
        yield* TestClock.adjust("601 seconds")
        yield* scene.say(anna, line(8))
        assert.strictEqual(yield* freeFor(scene, "ok"), 2)
      }),
  )

  it.effect("may be reported for a day, by whoever took it only", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      const button = scene.find(anna, broken)
      const action = heldIn(scene, broken)
      for (const person of [boris, chief]) {
        yield* scene.say(person, "/menu")
        const [asked] = yield* scene.tapData(person, scene.last(person).messageId, button.data)
        assert.isTrue(asked?.alert)
        const [told] = yield* scene.tapAction(person, scene.last(person).messageId, action)
        assert.include(told?.text, "Это чужая кнопка")
      }
      yield* TestClock.adjust("1441 minutes")
      const [late] = yield* scene.tapAction(anna, button.messageId, action)
      assert.isTrue(late?.alert)
      assert.strictEqual(yield* freeFor(scene, "ok"), 2)
    }),
  )

  it.effect("is taken from whoever has it reserved just now, who is told", () =>
    Effect.gen(function* () {
      const scene = yield* taken({}, 1)
      yield* Layer.build(ProxyNotices).pipe(Effect.provideContext(scene.context))
      yield* browse(scene, boris, "⬜ OK")
      yield* scene.tap(boris, first)
      yield* scene.press(anna, broken, "Без причины")
      yield* TestClock.adjust("1 second")
      assert.include(scene.lastText(boris), "Про этот прокси только что сообщили")
    }),
  )

  it.effect("is not noted while the disk refuses, and nobody is told", () =>
    Effect.gen(function* () {
      const scene = yield* taken()
      yield* scene.tap(anna, broken)
      const notes = scene.telegram.chat(chief).length
      scene.disk.failing = true
      yield* scene.say(anna, "медленный")
      assert.include(scene.lastText(anna), "Диск")
      assert.lengthOf(scene.telegram.chat(chief), notes)
      scene.disk.failing = false
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* freeFor(scene, "ok"), 2)
    }),
  )

  it.effect("is said in English to who reads English", () =>
    Effect.gen(function* () {
      const scene = yield* start({ language: "en" })
      yield* scene.fromMenu(anna, "Proxies", "Get a proxy", "⬜ VK", "Show free ones ›")
      const one = "HTTP 192.0.2.x:8080 · 10 days"
      yield* scene.press(anna, "🇩🇪 Germany: 2", one, "+5 minutes", "Take it")
      yield* scene.press(anna, "⚠️ Not working", "No reason")
      for (const { screen } of [...scene.telegram.chat(anna), ...scene.telegram.chat(chief)]) {
        const text = [textOf(screen), ...labelsOf(screen).flat()].join("\n")
        assert.notMatch(text, /[А-Яа-яЁё]/)
      }
      yield* scene.press(anna, "Take another: HTTP 192.0.2.x:8080", "Take it", "↩️ Give back")
      assert.include(scene.lastText(anna), "You gave this proxy back")
    }),
  )
})
