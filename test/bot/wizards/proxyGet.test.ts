/** Getting a proxy: what is free, the minutes of a reservation, and every way out of it. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { ProxyMessages } from "../../../src/bot/ProxyMessages.ts"
import { layer as ProxyNotices } from "../../../src/bot/ProxyNotices.ts"
import { ProxyId } from "../../../src/domain/Proxy.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import { add, afternoon } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { anna, boris } from "../Scene.ts"

type TheScene = Effect.Success<ReturnType<typeof Scene.make>>

/** To the list of free ones for VK in Germany. */
const browse = Effect.fnUntraced(function* (scene: TheScene, person = anna, target = "⬜ VK") {
  yield* scene.fromMenu(person, "Прокси", "Получить прокси", target, "Показать свободные ›")
  yield* scene.tap(person, countryLabel(scene, person))
})

const countryLabel = (scene: TheScene, person: typeof anna) =>
  labelsOf(scene.last(person).screen)
    .flat()
    .find((text) => text.startsWith("🇩🇪")) ?? "🇩🇪"

const offered = (scene: TheScene, person = anna) =>
  labelsOf(scene.last(person).screen)
    .flat()
    .filter((text) => / · /.test(text))

const start = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}, count = 2) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(afternoon)
  if (count > 0) yield* add(scene, { count })
  return scene
})

const first = "HTTP 192.0.2.x:8080 · 10 дней"

const withNotices = (scene: TheScene) =>
  Layer.build(ProxyNotices).pipe(Effect.provideContext(scene.context))

const settle = TestClock.adjust("1 second")

describe("getting a proxy", () => {
  it.effect("what for, where, which: masked until it is taken, whole afterwards", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* scene.fromMenu(anna, "Прокси", "Получить прокси")
      const [refusal] = yield* scene.tapAction(anna, scene.last(anna).messageId, {
        _tag: "ProxyStock",
        targets: 0,
      })
      assert.isTrue(refusal?.alert)
      yield* scene.press(anna, "⬜ VK", "⬜ Mamba", "Показать свободные ›")
      assert.strictEqual(
        scene.lastText(anna),
        "Получение прокси › VK, Mamba\n\nСвободные прокси есть в этих странах:",
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["🇩🇪 Германия: 1"],
        ["🔄 Обновить"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.press(anna, "🇩🇪 Германия: 1", first)
      assert.strictEqual(
        scene.lastText(anna),
        [
          "HTTP 192.0.2.x:8080",
          "🇩🇪 Германия, до 02.12.2026 включительно",
          "",
          "⏳ За вами до 14:27, другие его сейчас не видят.",
          "Если возьмёте, он будет использован для: VK, Mamba. Если нет, в это время освободится сам.",
        ].join("\n"),
      )
      yield* scene.tap(anna, "Получить")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Ваш прокси",
          "",
          "Тип: HTTP",
          "Адрес: 192.0.2.1",
          "Порт: 8080",
          "Логин: user-1",
          "Пароль: secret-1",
          "Строкой: 192.0.2.1:8080:user-1:secret-1",
          "Ссылкой: http://user-1:secret-1@192.0.2.1:8080",
          "",
          "Страна: 🇩🇪 Германия",
          "Срок: до 02.12.2026 включительно",
          "Взят для: VK, Mamba. Для этого он больше никому не достанется.",
          "",
          "Нажмите на значение, чтобы скопировать.",
        ].join("\n"),
      )
      assert.lengthOf(scene.telegram.chat(anna), 1)
      assert.deepStrictEqual(scene.last(anna).screen.keyboard[0], [
        { kind: "copy", text: "📋 Строка", copies: "192.0.2.1:8080:user-1:secret-1" },
        { kind: "copy", text: "📋 Ссылка", copies: "http://user-1:secret-1@192.0.2.1:8080" },
      ])
      assert.include(String(scene.last(anna).screen.html), "<code>secret-1</code>")
      assert.deepStrictEqual(yield* scene.proxies.unshown, [])
    }),
  )

  it.effect("for another use the same proxy is free again; for the same one it is not", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* browse(scene)
      yield* scene.press(anna, first, "Получить")
      yield* scene.fromMenu(boris, "Прокси", "Получить прокси", "⬜ VK", "Показать свободные ›")
      assert.include(scene.lastText(boris), "сейчас нет, ничего не выдано")
      yield* browse(scene, boris, "⬜ OK")
      assert.deepStrictEqual(offered(scene, boris), [first])
    }),
  )

  it.effect("speaks English where that is set", () =>
    Effect.gen(function* () {
      const scene = yield* start({ language: "en" })
      yield* scene.fromMenu(anna, "Proxies", "Get a proxy", "⬜ VK", "Show free ones ›")
      const one = "HTTP 192.0.2.x:8080 · 10 days"
      yield* scene.press(anna, "🇩🇪 Germany: 2", one, "Don't take it", one, "Take it")
      yield* scene.say(anna, "/my")
      yield* scene.press(anna, "📄 🇩🇪 HTTP 192.0.2.x:8080")
      for (const { screen } of scene.telegram.chat(anna)) {
        assert.notMatch([textOf(screen), ...labelsOf(screen).flat()].join("\n"), /[А-Яа-яЁё]/)
      }
      assert.include(scene.lastText(anna), "Your proxy")
    }),
  )

  it.effect("eight on a page, those that end first before the others", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 9)
      yield* add(scene, { from: 100, until: "2026-11-22" })
      yield* add(scene, { from: 101, until: "2026-11-23" })
      yield* browse(scene)
      const labels = labelsOf(scene.last(anna).screen).flat()
      assert.deepStrictEqual(labels.slice(0, 3), [
        "HTTP 192.0.2.x:8080 · последний день",
        "HTTP 192.0.2.x:8080 · 1 день",
        first,
      ])
      assert.deepStrictEqual(labels.slice(8, 10), ["1/2", "›"])
      yield* scene.tap(anna, "›")
      assert.lengthOf(offered(scene), 3)
      yield* scene.tap(anna, "🔄 Обновить")
      assert.lengthOf(offered(scene), 3)
    }),
  )
})

describe("a reservation", () => {
  it.effect("is one person's: the other is told, and sees what is left", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* browse(scene)
      yield* browse(scene, boris)
      const wanted = scene.find(anna, first)
      yield* scene.tapData(anna, wanted.messageId, wanted.data)
      const [answer] = yield* scene.tapData(boris, scene.last(boris).messageId, wanted.data)
      assert.include(answer?.text, "только что выбрал другой сотрудник")
      assert.isTrue(answer?.alert)
      assert.lengthOf(offered(scene, boris), 1)
      const take = scene.find(anna, "Получить")
      const [stolen] = yield* scene.tapData(boris, scene.last(boris).messageId, take.data)
      assert.include(stolen?.text, "чужая кнопка")
      assert.notInclude(scene.read(boris).join(), "192.0.2.1")
      yield* scene.tap(anna, "Получить")
      assert.include(scene.lastText(anna), "Ваш прокси")
    }),
  )

  it.effect("taps twice: one reservation, one use, the same goods", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* browse(scene)
      const wanted = scene.find(anna, first)
      yield* scene.tapData(anna, wanted.messageId, wanted.data)
      yield* scene.tapData(anna, wanted.messageId, wanted.data)
      const take = scene.find(anna, "Получить")
      const cancel = scene.find(anna, "Отменить")
      yield* scene.tapData(anna, take.messageId, take.data)
      const goods = scene.lastText(anna)
      yield* scene.tapData(anna, take.messageId, take.data)
      const [late] = yield* scene.tapData(anna, cancel.messageId, cancel.data)
      assert.include(late?.text, "Прокси уже ваш")
      const [stale] = yield* scene.tapData(anna, wanted.messageId, wanted.data)
      assert.include(stale?.text, "Кнопка устарела")
      const shown = scene.telegram.chat(anna).find((each) => each.messageId === take.messageId)
      assert.strictEqual(shown && textOf(shown.screen), goods)
      assert.lengthOf(yield* scene.proxies.heldBy(anna), 1)
      assert.lengthOf(yield* scene.proxies.free(["vk"]), 1)
    }),
  )

  it.effect("is given up: free again, back on the list, and a late tap says so", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const take = scene.find(anna, "Получить")
      yield* scene.tap(anna, "Отменить")
      assert.deepStrictEqual(offered(scene), [first])
      assert.deepStrictEqual(yield* scene.proxies.unshown, [])
      const [late] = yield* scene.tapData(anna, take.messageId, take.data)
      assert.include(late?.text, "Вы уже отказались")
      assert.deepStrictEqual(offered(scene), [first])
    }),
  )

  it.effect("at its last instant it is over, whoever looks first", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const take = scene.find(anna, "Получить")
      yield* TestClock.adjust("5 minutes")
      const [late] = yield* scene.tapData(anna, take.messageId, take.data)
      assert.include(late?.text, "Время вышло")
      assert.strictEqual(
        scene.lastText(anna),
        "HTTP 192.0.2.x:8080\n\nВремя вышло, прокси освободился. Ничего не выдано, можно выбрать снова.",
      )
      yield* scene.press(anna, "‹ К списку", first)
      yield* TestClock.adjust("299999 millis")
      yield* scene.tap(anna, "Получить")
      assert.include(scene.lastText(anna), "Ваш прокси")
    }),
  )

  it.effect("times out: its message says so by itself", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* withNotices(scene)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      yield* TestClock.adjust("5 minutes")
      yield* scene.proxies.tell({ _tag: "Expire" })
      yield* settle
      assert.include(scene.lastText(anna), "Время вышло, прокси освободился")
      yield* scene.tap(anna, "‹ К списку")
      assert.deepStrictEqual(offered(scene), [first])
    }),
  )

  it.effect("of another proxy takes its place, and the former message says so", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* withNotices(scene)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const former = scene.find(anna, "Получить")
      yield* browse(scene)
      yield* scene.tap(anna, first)
      yield* settle
      const shown = scene.telegram.chat(anna).find((each) => each.messageId === former.messageId)
      assert.include(shown && textOf(shown.screen), "Вы выбрали другой прокси")
      const [late] = yield* scene.tapData(anna, former.messageId, former.data)
      assert.include(late?.text, "Вы уже выбрали другой прокси")
      yield* scene.tap(anna, "Получить")
      assert.include(scene.lastText(anna), "Ваш прокси")
    }),
  )

  it.effect("that ended is not drawn over what came after it on the message", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* scene.load("vk", "one")
      yield* withNotices(scene)
      yield* browse(scene)
      const message = scene.last(anna).messageId
      yield* scene.tap(anna, first)
      // From a phone that still shows the menu on this message.
      yield* scene.tapAction(anna, message, { _tag: "Menu" })
      yield* scene.press(anna, "VK", "495", "1")
      yield* TestClock.adjust("5 minutes")
      yield* scene.proxies.tell({ _tag: "Expire" })
      yield* settle
      assert.include(scene.lastText(anna), "one@example.com")
      assert.deepStrictEqual(yield* scene.proxies.unshown, [])
    }),
  )

  for (const action of [{ _tag: "ProxyStock", targets: 1 }, { _tag: "Menu" }] as const) {
    it.effect(`is not drawn over what an old screen asked for meanwhile: ${action._tag}`, () =>
      Effect.gen(function* () {
        const scene = yield* start()
        yield* withNotices(scene)
        yield* browse(scene)
        const { messageId } = scene.last(anna)
        yield* scene.tap(anna, first)
        yield* scene.tapAction(anna, messageId, action)
        const asked = scene.lastText(anna)
        yield* TestClock.adjust("5 minutes")
        yield* scene.proxies.tell({ _tag: "Expire" })
        yield* settle
        assert.strictEqual(scene.lastText(anna), asked)
        assert.deepStrictEqual(yield* scene.proxies.unshown, [])
      }),
    )
  }

  it.effect("of somebody who stopped the bot ends once, and is not tried again and again", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* withNotices(scene)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      scene.telegram.fail("edit", { _tag: "Blocked" }, { chatId: anna, times: 9 })
      yield* TestClock.adjust("5 minutes")
      yield* scene.proxies.tell({ _tag: "Expire" })
      yield* settle
      assert.deepStrictEqual(yield* scene.proxies.unshown, [])
      const before = scene.telegram.calls.length
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(scene.telegram.calls, before)
    }),
  )

  it.effect("forged choices change nothing", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      const [unknown] = yield* scene.tapAction(anna, messageId, {
        _tag: "ProxyReserve",
        targets: 1,
        proxy: ProxyId.make("ZZZZZZZZZZ"),
      })
      assert.include(unknown?.text, "больше нет в таблице")
      const [bits] = yield* scene.tapAction(anna, messageId, { _tag: "ProxyStock", targets: 4095 })
      assert.include(bits?.text, "Кнопка устарела")
      for (const tag of ["ProxyTake", "ProxyCancel"] as const) {
        const [answer] = yield* scene.tapAction(anna, messageId, {
          _tag: tag,
          proxy: ProxyId.make("ZZZZZZZZZZ"),
          generation: 1,
        })
        assert.include(answer?.text, "Кнопка устарела")
      }
      const [other] = yield* scene.tapAction(anna, messageId, {
        _tag: "ProxyShow",
        proxy: ProxyId.make("ZZZZZZZZZZ"),
      })
      assert.include(other?.text, "Этого прокси у вас нет")
    }),
  )

  it.effect("while the disk refuses, nothing is reserved, taken or shown", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* browse(scene)
      const wanted = scene.find(anna, first)
      scene.disk.failing = true
      const [answer] = yield* scene.tapData(anna, wanted.messageId, wanted.data)
      assert.include(answer?.text, "Диск бота сейчас не отвечает")
      assert.lengthOf(offered(scene), 2)
      scene.disk.failing = false
      yield* TestClock.adjust("1 minute")
      yield* scene.tap(anna, first)
      scene.disk.failing = true
      const take = scene.find(anna, "Получить")
      const [refused] = yield* scene.tapData(anna, take.messageId, take.data)
      assert.include(refused?.text, "Диск бота сейчас не отвечает")
      assert.notInclude(scene.lastText(anna), "secret-")
    }),
  )
})

describe("goods", () => {
  it.effect("that could not be shown are shown by the notices, after a restart too", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* start({ disk, telegram }, 1)
          yield* browse(scene)
          yield* scene.tap(anna, first)
          telegram.fail("edit", { _tag: "Unsure" })
          yield* scene.tap(anna, "Получить")
          assert.notInclude(scene.lastText(anna), "secret-1")
          assert.lengthOf(yield* scene.proxies.unshown, 1)
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      yield* withNotices(scene)
      yield* settle
      assert.include(scene.lastText(anna), "Пароль: secret-1")
      assert.lengthOf(telegram.chat(anna), 1)
      assert.deepStrictEqual(yield* scene.proxies.unshown, [])
    }),
  )

  it.effect("come in a new message where theirs is gone; a blocked person gets them later", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* withNotices(scene)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const take = scene.find(anna, "Получить")
      scene.telegram.fail("edit", { _tag: "MessageGone" })
      yield* scene.tapData(anna, take.messageId, take.data)
      assert.lengthOf(scene.telegram.chat(anna), 2)
      assert.include(scene.lastText(anna), "secret-")
      yield* browse(scene, boris)
      yield* scene.tap(boris, first)
      scene.telegram.fail("edit", { _tag: "Blocked" }, { chatId: boris, times: 2 })
      yield* scene.tap(boris, "Получить")
      assert.notInclude(scene.lastText(boris), "secret-")
      yield* TestClock.adjust("1 minute")
      assert.notInclude(scene.lastText(boris), "secret-")
      yield* TestClock.adjust("1 minute")
      assert.include(scene.lastText(boris), "secret-")
    }),
  )

  it.effect("come below other goods that stand on their message by now", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* scene.load("vk", "one")
      yield* browse(scene)
      const { messageId } = scene.last(anna)
      yield* scene.tap(anna, first)
      const button = scene.find(anna, "Получить")
      yield* scene.tapAction(anna, messageId, { _tag: "Menu" })
      yield* scene.press(anna, "VK", "495", "1")
      yield* scene.tapData(anna, button.messageId, button.data)
      const [above = "", below = ""] = scene.read(anna)
      assert.include(above, "one@example.com")
      assert.include(below, "Пароль: secret-")
    }),
  )

  it.effect("in a new message are not drawn over either", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* browse(scene)
      yield* scene.tap(anna, first)
      const take = scene.find(anna, "Получить")
      scene.telegram.fail("edit", { _tag: "MessageGone" })
      yield* scene.tapData(anna, take.messageId, take.data)
      const { messageId } = scene.last(anna)
      for (const action of [{ _tag: "Menu" }, { _tag: "Resource", resource: "vk" }] as const) {
        yield* scene.tapAction(anna, messageId, action)
      }
      const goods = scene.telegram.chat(anna).find((shown) => shown.messageId === messageId)
      assert.include(goods && textOf(goods.screen), "Пароль: secret-1")
    }),
  )

  it.effect("are shown to nobody who may not use the bot any more", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* start({ disk, telegram }, 1)
          yield* browse(scene)
          yield* scene.tap(anna, first)
          telegram.fail("edit", { _tag: "Unsure" })
          yield* scene.tap(anna, "Получить")
        }),
      )
      const scene = yield* Scene.make({ disk, telegram, roster: {} })
      yield* withNotices(scene)
      yield* TestClock.adjust("2 minutes")
      assert.notInclude(scene.read(anna).join(), "secret-")
    }),
  )

  it.effect("are not drawn over by what an old screen of a client asks for after a restart", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const messageId = yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* start({ disk, telegram })
          yield* browse(scene)
          yield* scene.press(anna, first, "Получить")
          return scene.last(anna).messageId
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      yield* scene.tapAction(anna, messageId, { _tag: "ProxyStock", targets: 2 })
      yield* scene.tapAction(anna, messageId, { _tag: "Menu" })
      yield* scene.tapAction(anna, messageId, { _tag: "Resource", resource: "vk" })
      const shown = telegram.chat(anna)
      assert.include(textOf(shown[0]!.screen), "Пароль: secret-")
      assert.lengthOf(shown, 4)
    }),
  )

  it.effect("are drawn after a reservation whose edit was slow, never before it", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* withNotices(scene)
      yield* browse(scene)
      const slow = scene.telegram.hang("edit")
      const tap = yield* Effect.forkChild(scene.tap(anna, first), { startImmediately: true })
      yield* TestClock.adjust("5 minutes")
      yield* scene.proxies.tell({ _tag: "Expire" })
      yield* settle
      yield* slow.release
      yield* settle
      assert.isDefined(tap.pollUnsafe())
      assert.include(scene.lastText(anna), "Время вышло, прокси освободился")
    }),
  )

  it.effect("and reservations are never drawn after what ended them", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      yield* withNotices(scene)
      yield* browse(scene)
      const [proxy] = yield* scene.proxies.free(["vk"])
      assert.isDefined(proxy)
      const reservation = yield* scene.proxies.reserve({
        _tag: "Reserve",
        proxy: proxy.id,
        targets: ["vk"],
        by: anna,
        stage: "anna",
        message: { chatId: anna, messageId: scene.last(anna).messageId },
      })
      yield* TestClock.adjust("5 minutes")
      yield* scene.proxies.tell({ _tag: "Expire" })
      yield* settle
      assert.include(scene.lastText(anna), "Время вышло, прокси освободился")
      yield* Context.get(scene.context, ProxyMessages).showReserved(reservation)
      assert.include(scene.lastText(anna), "Время вышло, прокси освободился")
    }),
  )

  it.effect("stand in /my with what is left of them, and can be shown again", () =>
    Effect.gen(function* () {
      const scene = yield* start()
      yield* scene.say(anna, "/my")
      assert.include(scene.lastText(anna), "у вас ничего нет")
      yield* browse(scene)
      yield* scene.press(anna, first, "Получить")
      yield* scene.say(anna, "/my")
      assert.strictEqual(
        scene.lastText(anna),
        "Мои выдачи\n\nПрокси: 1\n🇩🇪 HTTP 192.0.2.x:8080 · 10 дней",
      )
      yield* scene.tap(anna, "📄 🇩🇪 HTTP 192.0.2.x:8080")
      assert.include(scene.lastText(anna), "Взят для: VK. Для этого")
      assert.include(scene.lastText(anna), "secret-1")
      const button = scene.find(anna, "📄 🇩🇪 HTTP 192.0.2.x:8080")
      const [answer] = yield* scene.tapData(boris, button.messageId, button.data)
      assert.include(answer?.text, "Этого прокси у вас нет")
      // What somebody else took it for is nobody's business.
      yield* browse(scene, boris, "⬜ OK")
      yield* scene.press(boris, first, "Получить")
      yield* scene.tap(anna, "📄 🇩🇪 HTTP 192.0.2.x:8080")
      assert.include(scene.lastText(anna), "Взят для: VK. Для этого")
      yield* TestClock.setTime(Date.UTC(2026, 11, 2, 22))
      yield* scene.say(anna, "/my")
      assert.include(scene.lastText(anna), "у вас ничего нет")
    }),
  )
})

describe("ends of proxies", () => {
  it.effect("each taker is told once, of all at once, and who cannot be reached counts", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 3)
      for (const person of [anna, anna, boris]) {
        yield* browse(scene, person)
        yield* scene.press(person, first, "Получить")
      }
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: boris })
      yield* TestClock.setTime(Date.UTC(2026, 10, 30, 9))
      yield* withNotices(scene)
      yield* settle
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Ваши прокси скоро закончатся",
          "",
          "HTTP 192.0.2.x:8080 (🇩🇪 Германия): до 02.12.2026 включительно",
          "HTTP 192.0.2.x:8080 (🇩🇪 Германия): до 02.12.2026 включительно",
          "",
          "До конца этого дня всё работает. Если нужен новый, возьмите его заранее: /menu.",
        ].join("\n"),
      )
      const before = scene.telegram.calls.length
      yield* TestClock.adjust("1 day")
      assert.lengthOf(scene.telegram.calls, before)
      assert.deepStrictEqual(yield* scene.proxies.ending, [])
    }),
  )

  it.effect("who may not use the bot any more, or has no chat with it, is not told", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* start({ disk, telegram }, 2)
          for (const person of [anna, boris]) {
            yield* browse(scene, person)
            yield* scene.press(person, first, "Получить")
          }
        }),
      )
      const roster = { [boris]: { stage: "boris", is_approved: true } }
      const scene = yield* Scene.make({ disk, telegram, roster })
      telegram.fail("send", { _tag: "ChatNotFound" }, { chatId: boris })
      yield* TestClock.setTime(Date.UTC(2026, 10, 30, 9))
      yield* withNotices(scene)
      yield* settle
      assert.notInclude(scene.read(anna).join(), "скоро закон")
      assert.deepStrictEqual(yield* scene.proxies.ending, [])
    }),
  )

  it.effect("who got no answer is told again, and nobody else is", () =>
    Effect.gen(function* () {
      const scene = yield* start({}, 1)
      for (const [person, target] of [
        [anna, "⬜ VK"],
        [boris, "⬜ OK"],
      ] as const) {
        yield* browse(scene, person, target)
        yield* scene.press(person, first, "Получить")
      }
      scene.telegram.fail("send", { _tag: "Unsure" }, { chatId: boris })
      yield* TestClock.setTime(Date.UTC(2026, 11, 1, 9))
      yield* withNotices(scene)
      yield* settle
      assert.lengthOf(yield* scene.proxies.ending, 1)
      yield* TestClock.adjust("1 minute")
      const told = [anna, boris].map(
        (person) =>
          scene.read(person).filter((text) => text.includes("Ваш прокси скоро закончится")).length,
      )
      assert.deepStrictEqual(told, [1, 1])
      assert.deepStrictEqual(yield* scene.proxies.ending, [])
    }),
  )
})
