/** From the menu to the goods, and what comes instead when there are none. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { requestKeyOf } from "../../../src/domain/Issuance.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, boris } from "../Scene.ts"

describe("the issue wizard", () => {
  it.effect("shows the trail at every step, and the goods at the end", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
      yield* scene.load(
        "mamba",
        anItem("mamba", "m1"),
        anItem("mamba", "f1", { variant: "female" }),
        anItem("mamba", "f2", {
          variant: "female",
          extras: [{ header: "Почта", text: "mail-f2@example.com" }],
        }),
      )
      yield* scene.say(anna, "/menu")
      yield* scene.tap(anna, "Mamba")
      assert.strictEqual(scene.read(anna).at(-1), "Mamba\n\nВыберите регион:")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["495", "812", "Крым"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "495")
      assert.strictEqual(scene.read(anna).at(-1), "Mamba › 495\n\nСколько нужно?")
      yield* scene.tap(anna, "3")
      assert.strictEqual(scene.read(anna).at(-1), "Mamba › 495 › 3 шт.\n\nПол?")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["М", "Ж", "Любой"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "Ж")
      assert.strictEqual(
        scene.read(anna).at(-1),
        [
          "Mamba › 495 › 2 шт. › Ж",
          "",
          "Выдано 2 из 3: больше сейчас нет.",
          "",
          "1. Ж",
          "Логин: f1@example.com",
          "Пароль: secret-f1",
          "⏳ подтвердится сам в 14:32",
          "",
          "2. Ж",
          "Логин: f2@example.com",
          "Пароль: secret-f2",
          "Почта: mail-f2@example.com",
          "⏳ подтвердится сам в 14:32",
          "",
          "Нажмите на значение, чтобы скопировать.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 1", "📋 2"],
        ["1 ⛔ Блок", "1 ✅ Хороший", "1 🛠 Дефектный"],
        ["2 ⛔ Блок", "2 ✅ Хороший", "2 🛠 Дефектный"],
        ["🔔 Сообщить, когда появится"],
        ["☰ Меню"],
      ])
      assert.lengthOf(scene.telegram.chat(anna), 1)
      const held = yield* scene.pools.held(anna)
      assert.deepStrictEqual(
        held.map(({ delivery, stage, confirmAt }) => ({ delivery, stage, confirmAt })),
        [0, 1].map(() => ({
          delivery: "delivered",
          stage: "anna",
          confirmAt: Date.UTC(2026, 10, 22, 11, 32),
        })),
      )
    }),
  )

  it.effect("cancelled too late, the goods stay and nothing is said to be cancelled", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", anItem("vk", "one"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495")
      const { messageId, data } = scene.find(anna, "✕ Отмена")
      yield* scene.tap(anna, "1")
      const answers = yield* scene.tapData(anna, messageId, data)
      assert.deepStrictEqual(
        answers.map(({ text }) => text),
        [undefined],
      )
      assert.include(scene.read(anna).at(-2), "one@example.com")
      assert.match(scene.read(anna).at(-1) ?? "", /^Что выдать\?/)
    }),
  )

  it.effect("speaks English where that is set", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ language: "en", pendingLimit: 2 })
      yield* scene.load("mamba", ...["m1", "m2", "m3"].map((name) => anItem("mamba", name)))
      yield* scene.say(anna, "/menu")
      yield* scene.press(
        anna,
        "Mamba",
        "495",
        "1",
        "Any",
        "⛔ Blocked",
        "undo",
        "⛔ Blocked",
        "Yes",
        "change",
      )
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "Mamba", "812", "5", "M")
      for (const text of ["/my", "/help", "/cancel", "/nothing", "what now?"]) {
        yield* scene.say(anna, text)
      }
      for (const { screen } of scene.telegram.chat(anna)) {
        // Headers are the sheet's own, and so are the codes of regions.
        const ours = [textOf(screen), ...labelsOf(screen).flat()].join("\n")
        assert.notMatch(ours.replaceAll(/Логин|Пароль|Крым/g, ""), /[А-Яа-яЁё]/)
      }
    }),
  )

  it.effect("each value stands in a code of its own, escaped", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const fields = { login: "<b>&x", password: 'a"b<c>' }
      yield* scene.load("vk", anItem("vk", "odd", { fields }))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "1")
      const markup = String(scene.last(anna).screen.html)
      assert.include(markup, "Логин: <code>&lt;b&gt;&amp;x</code>\n")
      assert.include(markup, "Пароль: <code>a&quot;b&lt;c&gt;</code>\n")
      assert.deepStrictEqual(scene.last(anna).screen.keyboard[0], [
        { kind: "copy", text: "📋 Пароль", copies: 'a"b<c>' },
      ])
    }),
  )
})

describe("one message, one issue", () => {
  it.effect(
    "a second tap on the same message shows the same goods, also after the region went",
    () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* scene.load("vk", anItem("vk", "one"), anItem("vk", "two"))
        yield* scene.say(anna, "/menu")
        yield* scene.press(anna, "VK", "495")
        const { messageId, data } = scene.find(anna, "1")
        const other = scene.find(anna, "2")
        yield* scene.tapData(anna, messageId, data)
        const first = textOf(scene.last(anna).screen)
        yield* scene.tapData(anna, messageId, data)
        yield* scene.tapData(anna, messageId, other.data)
        yield* scene.tapAction(anna, messageId, {
          _tag: "Issue",
          resource: "vk",
          targets: 0,
          region: "gone",
          quantity: 1,
          variant: null,
        })
        assert.strictEqual(textOf(scene.last(anna).screen), first)
        assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
      }),
  )

  it.effect("a late step of the wizard never paints over goods", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", anItem("vk", "one"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495")
      const back = scene.find(anna, "‹ Назад")
      yield* scene.tap(anna, "1")
      yield* scene.tapData(anna, back.messageId, back.data)
      const [goods, menu] = scene.read(anna)
      assert.include(goods, "one@example.com")
      assert.strictEqual(menu, "VK\n\nВыберите регион:")
    }),
  )
})

describe("nothing to issue", () => {
  it.effect("an empty pool asks the sheet, and gives what came", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const keeper = yield* scene.pools.wanted.pipe(
        Effect.tap(({ resource }) => scene.load(resource, anItem("vk", "fresh"))),
        Effect.tap(({ done }) => done),
        Effect.forkChild,
      )
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "1")
      yield* Fiber.join(keeper)
      assert.include(scene.read(anna).at(-1), "fresh@example.com")
      // Region, quantity, «⏳», goods.
      assert.strictEqual(scene.last(anna).edits, 4)
    }),
  )

  it.effect("an empty pool whose sheet does not answer says why, after five seconds", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495")
      const tap = yield* Effect.forkChild(scene.tap(anna, "2"), { startImmediately: true })
      yield* TestClock.adjust("4999 millis")
      assert.strictEqual(scene.read(anna).at(-1), "VK › 495 › 2 шт.\n\n⏳ Смотрю в таблицу…")
      assert.deepStrictEqual(scene.last(anna).screen.keyboard, [])
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(tap)
      assert.strictEqual(
        scene.read(anna).at(-1),
        [
          "VK › 495 › 2 шт.",
          "",
          "VK: для региона 495 сейчас нет свободных. Ничего не выдано.",
          "На складе пусто, и из таблицы сейчас ничего не взять. Как только строки появятся, бот возьмёт их сам.",
          "Выберите другое или проверьте чуть позже.",
        ].join("\n"),
      )
      yield* scene.load("vk", anItem("vk", "later"))
      yield* scene.tap(anna, "🔄 Проверить ещё раз")
      assert.include(scene.read(anna).at(-1), "later@example.com")
    }),
  )

  it.effect("other variants and regions are offered with their counts", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load(
        "mamba",
        anItem("mamba", "m1"),
        anItem("mamba", "f1", { variant: "female", region: "812" }),
      )
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "Mamba", "495", "1")
      const tap = yield* Effect.forkChild(scene.tap(anna, "Ж"), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(tap)
      const text = scene.read(anna).at(-1) ?? ""
      assert.include(text, "М: 1")
      assert.include(text, "Ж: 1")
      assert.include(text, "Закреплено за регионами: 812: 1")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["М: 1"],
        ["812: 1"],
        ["🔄 Проверить ещё раз"],
        ["🔔 Сообщить, когда появится"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "812: 1")
      assert.include(scene.read(anna).at(-1), "f1@example.com")
    }),
  )

  it.effect("the limit of items without a mark is explained", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 2 })
      yield* scene.load("vk", ...["a", "b", "c"].map((name) => anItem("vk", name)))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "2")
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "1")
      assert.include(
        scene.read(anna).at(-1),
        "У вас без отметки 2 единицы, предел 2. Новое не выдано.",
      )
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
    }),
  )

  it.effect("what the limit left room for comes with the reason, over all pools", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 3 })
      yield* scene.load("vk", ...["a", "b"].map((name) => anItem("vk", name)))
      yield* scene.load("mamba", ...["c", "d", "e"].map((name) => anItem("mamba", name)))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "2")
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "Mamba", "495", "3", "Любой")
      assert.include(
        scene.read(anna).at(-1),
        "Выдано 1 из 3: больше не даёт предел выдач без отметки. Отметьте прежние и берите дальше.",
      )
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "Mamba", "495", "1", "Любой")
      assert.include(scene.read(anna).at(-1), "У вас без отметки 3 единицы, предел 3.")
      yield* scene.press(anna, "Мои выдачи")
      assert.include(scene.read(anna).at(-1), "Ждут отметки: 3")
    }),
  )

  it.effect("a disk that refuses: a sentence, and nothing is issued", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", anItem("vk", "one"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495")
      scene.disk.failing = true
      yield* scene.tap(anna, "1")
      assert.include(scene.read(anna).at(-1), "Диск бота сейчас не отвечает. Ничего не выдано")
      scene.disk.failing = false
      yield* TestClock.adjust("10 seconds")
      yield* scene.tap(anna, "🔄 Проверить ещё раз")
      assert.include(scene.read(anna).at(-1), "one@example.com")
    }),
  )
})

describe("my items", () => {
  it.effect("pending with their time, then what was marked; each batch can be sent again", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 9, 0))
      yield* scene.load("vk", anItem("vk", "one"), anItem("vk", "two"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "1", "⛔ Блок")
      yield* TestClock.adjust("5 minutes")
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "812", "1")
      yield* scene.say(anna, "/my")
      assert.strictEqual(
        scene.read(anna).at(-1),
        [
          "Мои выдачи",
          "",
          "Ждут отметки: 1",
          "12:05 · VK › 812 · two@example.com · ⏳ подтвердится сам в 12:15",
          "",
          "Отмечено за сутки: 1",
          "12:00 · VK › 495 · one@example.com · ⛔ Блок",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📄 VK › 812 · 12:05"],
        ["📄 VK › 495 · 12:00"],
        ["🕘 История", "☰ Меню"],
      ])
      const before = scene.telegram.chat(anna).length
      yield* scene.tap(anna, "📄 VK › 812 · 12:05")
      assert.lengthOf(scene.telegram.chat(anna), before + 1)
      // The copy's buttons work, and the message it is a copy of follows.
      yield* scene.tap(anna, "🛠 Дефектный")
      const marked = scene.read(anna).filter((text) => text.includes("🛠 Дефектный"))
      assert.lengthOf(marked, 2)
      const key = requestKeyOf({ chatId: anna, messageId: scene.last(anna).messageId })
      assert.isTrue(Option.isNone(yield* scene.pools.batch("vk", key)))
    }),
  )

  it.effect("twenty items stand in one message, and each that waits can be opened", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 50 })
      const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
      yield* scene.load("vk", ...names.map((name) => anItem("vk", name)))
      for (const _ of names) {
        yield* scene.say(anna, "/menu")
        yield* scene.press(anna, "VK", "495", "1")
      }
      yield* scene.say(anna, "/my")
      const text = scene.read(anna).at(-1) ?? ""
      for (const name of names) assert.include(text, ` ${name}@example.com `)
      const opened = labelsOf(scene.last(anna).screen).flat()
      assert.lengthOf(
        opened.filter((label) => label.startsWith("📄")),
        20,
      )
      yield* scene.press(anna, "✅ Хороший")
      yield* scene.say(anna, "/my")
      assert.lengthOf(
        labelsOf(scene.last(anna).screen)
          .flat()
          .filter((label) => label.startsWith("📄")),
        19,
      )
    }),
  )

  it.effect("nobody sees another one's", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", anItem("vk", "one"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "1")
      const { messageId } = scene.last(anna)
      yield* scene.say(boris, "/my")
      yield* scene.tapAction(boris, scene.last(boris).messageId, {
        _tag: "Page",
        screen: "batch",
        page: messageId,
      })
      assert.notInclude(scene.read(boris).join(), "one@example.com")
    }),
  )
})
