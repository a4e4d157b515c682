/**
 * From the menu to the goods, of accounts, mail and numbers alike, and what comes instead when there
 * are none.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, aNumber, chief } from "../Scene.ts"

/** 14:22 in Moscow. */
const start = Date.UTC(2026, 10, 22, 11, 22)

const atMenu = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(start)
  yield* scene.say(anna, "/menu")
  return scene
})

describe("the issue wizard", () => {
  it.effect("shows the trail at every step, and the goods at the end", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
      yield* scene.load(
        "mamba",
        "m1",
        anItem("mamba", "f1", { variant: "female" }),
        anItem("mamba", "f2", {
          variant: "female",
          extras: [{ header: "Почта", text: "mail-f2@example.com" }],
        }),
      )
      yield* scene.fromMenu(anna, "Mamba")
      assert.strictEqual(scene.lastText(anna), "Mamba\n\nВыберите регион:")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["495", "812", "Крым"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "495")
      assert.strictEqual(scene.lastText(anna), "Mamba › 495\n\nСколько нужно?")
      yield* scene.tap(anna, "3")
      assert.strictEqual(scene.lastText(anna), "Mamba › 495 › 3 шт.\n\nПол?")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["М", "Ж", "Любой"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "Ж")
      assert.strictEqual(
        scene.lastText(anna),
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
        ["📋 Всё: Логин:Пароль"],
        ["📋 Пароль 1", "📋 Пароль 2"],
        ["1 ⛔ Блок", "1 ✅ Хороший", "1 Дефектный"],
        ["2 ⛔ Блок", "2 ✅ Хороший", "2 Дефектный"],
        ["✅ Остальные: Хороший"],
        ["🔔 Сообщить, когда появится"],
        ["+10 минут", "➡️ Передать", "☰ Меню"],
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
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495")
      const { messageId, data } = scene.find(anna, "✕ Отмена")
      yield* scene.tap(anna, "1")
      const answers = yield* scene.tapData(anna, messageId, data)
      assert.deepStrictEqual(
        answers.map(({ text }) => text),
        [undefined],
      )
      assert.include(scene.read(anna).at(-2), "one@example.com")
      assert.match(scene.lastText(anna), /^Что выдать\?/)
    }),
  )

  it.effect("speaks English where that is set", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ language: "en", pendingLimit: 2 })
      yield* scene.load("mamba", "m1", "m2", "m3")
      yield* scene.fromMenu(
        anna,
        "Mamba",
        "495",
        "1",
        "Any",
        "⛔ Blocked",
        "undo",
        "⛔ Blocked",
        "Yes, replace",
        "change",
      )
      yield* scene.fromMenu(anna, "Mamba", "812", "5", "M")
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
      yield* scene.fromMenu(anna, "VK", "495", "1")
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
        yield* scene.load("vk", "one", "two")
        yield* scene.fromMenu(anna, "VK", "495")
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
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495")
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
      yield* scene.fromMenu(anna, "VK", "495", "1")
      yield* Fiber.join(keeper)
      assert.include(scene.lastText(anna), "fresh@example.com")
      // Region, quantity, «⏳», goods.
      assert.strictEqual(scene.last(anna).edits, 4)
    }),
  )

  it.effect("an empty pool whose sheet does not answer says why, after five seconds", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.fromMenu(anna, "VK", "495")
      const tap = yield* Effect.forkChild(scene.tap(anna, "2"), { startImmediately: true })
      yield* TestClock.adjust("4999 millis")
      assert.strictEqual(scene.lastText(anna), "VK › 495 › 2 шт.\n\n⏳ Смотрю в таблицу…")
      assert.deepStrictEqual(scene.last(anna).screen.keyboard, [])
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(tap)
      assert.strictEqual(
        scene.lastText(anna),
        [
          "VK › 495 › 2 шт.",
          "",
          "VK: для региона 495 сейчас нет свободных. Ничего не выдано.",
          "На складе пусто, и из таблицы сейчас ничего не взять. Как только строки появятся, бот возьмёт их сам.",
          "Выберите другое или проверьте чуть позже.",
        ].join("\n"),
      )
      yield* scene.load("vk", "later")
      yield* scene.tap(anna, "🔄 Проверить ещё раз")
      assert.include(scene.lastText(anna), "later@example.com")
    }),
  )

  it.effect("other variants and regions are offered with their counts", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("mamba", "m1", anItem("mamba", "f1", { variant: "female", region: "812" }))
      yield* scene.fromMenu(anna, "Mamba", "495", "1")
      yield* scene.tapInVain(anna, "Ж")
      const text = scene.lastText(anna)
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
      assert.include(scene.lastText(anna), "f1@example.com")
    }),
  )

  it.effect("the limit of items without a mark is explained", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 2 })
      yield* scene.load("vk", "a", "b", "c")
      yield* scene.fromMenu(anna, "VK", "495", "2")
      yield* scene.fromMenu(anna, "VK", "495", "1")
      assert.include(
        scene.lastText(anna),
        "У вас без отметки 2 штуки, а можно не больше 2. Новое не выдано.",
      )
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
    }),
  )

  it.effect("what the limit left room for comes with the reason, over all pools", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 3 })
      yield* scene.load("vk", "a", "b")
      yield* scene.load("mamba", "c", "d", "e")
      yield* scene.fromMenu(anna, "VK", "495", "2")
      yield* scene.fromMenu(anna, "Mamba", "495", "3", "Любой")
      assert.include(
        scene.lastText(anna),
        "Выдано 1 из 3: слишком много осталось без отметки. Отметьте прежние и берите дальше.",
      )
      yield* scene.fromMenu(anna, "Mamba", "495", "1", "Любой")
      assert.include(scene.lastText(anna), "У вас без отметки 3 штуки, а можно не больше 3.")
      yield* scene.press(anna, "Мои выдачи")
      assert.include(scene.lastText(anna), "Ждут отметки: 3")
    }),
  )

  it.effect("a disk that refuses: a sentence, and nothing is issued", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495")
      scene.disk.failing = true
      yield* scene.tap(anna, "1")
      assert.include(scene.lastText(anna), "Диск бота сейчас не отвечает. Ничего не выдано")
      scene.disk.failing = false
      yield* TestClock.adjust("10 seconds")
      yield* scene.tap(anna, "🔄 Проверить ещё раз")
      assert.include(scene.lastText(anna), "one@example.com")
    }),
  )
})

const ofGmail = { variant: "gmail" }

describe("mail", () => {
  it.effect("gmail: from the menu to a replacement", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load(
        "gmail",
        "own",
        anItem("gmail", "one", ofGmail),
        anItem("gmail", "two", ofGmail),
      )
      yield* scene.tap(anna, "Почты")
      assert.strictEqual(scene.lastText(anna), "Почты\nВыберите, что нужно:")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["Gmail", "Rambler"], ["‹ Назад"]])
      yield* scene.press(anna, "Gmail")
      assert.strictEqual(scene.lastText(anna), "Gmail\n\nВыберите регион:")
      yield* scene.press(anna, "495", "1")
      assert.strictEqual(scene.lastText(anna), "Gmail › 495 › 1 шт.\n\nТип?")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["gmail.com", "Любые"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "gmail.com")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Gmail › 495 › 1 шт. › gmail.com",
          "",
          "1. gmail.com",
          "Логин: one@example.com",
          "Пароль: secret-one",
          "⏳ подтвердится сам в 14:32",
          "",
          "Нажмите на значение, чтобы скопировать.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 Пароль"],
        ["⛔ Блок", "✅ Хороший", "🛠 Дефектный"],
        ["+10 минут", "➡️ Передать", "☰ Меню"],
      ])
      yield* scene.press(anna, "⛔ Блок", "Да, заменить")
      const text = scene.lastText(anna)
      assert.include(text, "⛔ Блок, замена: 2")
      assert.include(text, "2. gmail.com, замена для 1\nЛогин: two@example.com")
      assert.lengthOf(scene.telegram.chat(anna), 1)
      yield* scene.say(anna, "/my")
      assert.include(scene.lastText(anna), "Gmail › 495 · two@example.com")
    }),
  )

  it.effect("gmail of any kind: the oldest one, whatever its address", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("gmail", "own", anItem("gmail", "one", ofGmail))
      yield* scene.press(anna, "Почты", "Gmail", "812", "1", "Любые")
      assert.include(scene.lastText(anna), "Gmail › 812 › 1 шт. › Любые\n\n1.\nЛогин: own@")
    }),
  )

  it.effect("gmail of one kind that is out: any kind is offered with its count", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("gmail", "own")
      yield* scene.press(anna, "Почты", "Gmail", "812", "1")
      yield* scene.tapInVain(anna, "gmail.com")
      const text = scene.lastText(anna)
      assert.include(text, "Gmail: для региона 812 сейчас нет свободных. Ничего не выдано.")
      assert.include(text, "другие: 1")
      assert.notInclude(text, "На складе пусто")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["Любые: 1"])
      yield* scene.tap(anna, "Любые: 1")
      assert.include(scene.lastText(anna), "own@example.com")
    }),
  )

  it.effect("rambler: no type is asked for", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("rambler", "r1", "r2")
      yield* scene.press(anna, "Почты", "Rambler", "Крым", "2")
      const text = scene.lastText(anna)
      assert.include(text, "Rambler › Крым › 2 шт.\n\n1.\nЛогин: r1@example.com")
      assert.include(text, "2.\nЛогин: r2@example.com")
    }),
  )

  it.effect("every way back leads one step up, to the group and to the menu", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      const menu = scene.lastText(anna)
      yield* scene.press(anna, "Почты", "Gmail", "495", "3")
      for (const text of [
        "Gmail › 495\n\nСколько нужно?",
        "Gmail\n\nВыберите регион:",
        "Почты\nВыберите, что нужно:",
        menu,
      ]) {
        yield* scene.tap(anna, "‹ Назад")
        assert.strictEqual(scene.lastText(anna), text)
      }
      yield* scene.press(anna, "VK", "‹ Назад")
      assert.strictEqual(scene.lastText(anna), menu)
    }),
  )
})

const today = "2026-11-22"
const onlyToday = "Сейчас выдаются только номера с сегодняшней датой, 22.11.2026."
const question = "Для каких ресурсов? Отметьте один или несколько и нажмите «Далее»."

const three = [1, 2, 3].map((index) => aNumber(`7900000000${index}`, today))

describe("numbers", () => {
  it.effect("what for, region, quantity, and the goods say it all", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("number", ...three)
      yield* scene.tap(anna, "Номера")
      assert.strictEqual(scene.lastText(anna), `Номера\n\n${onlyToday}\n\n${question}`)
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["⬜ Beboo", "⬜ Loloo"],
        ["⬜ Табор"],
        ["Далее ›"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.press(anna, "⬜ Beboo", "⬜ Loloo", "⬜ Табор", "☑️ Loloo")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen).slice(0, 2), [
        ["☑️ Beboo", "⬜ Loloo"],
        ["☑️ Табор"],
      ])
      yield* scene.tap(anna, "Далее ›")
      assert.strictEqual(scene.lastText(anna), "Номера › Beboo, Табор\n\nВыберите регион:")
      yield* scene.tap(anna, "495")
      assert.strictEqual(scene.lastText(anna), "Номера › Beboo, Табор › 495\n\nСколько нужно?")
      yield* scene.tap(anna, "2")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Номера › Beboo, Табор › 495 › 2 шт.",
          "",
          "1.",
          "Номер: 79000000001",
          "Дата: 22.11.2026",
          "⏳ подтвердится сам в 14:32",
          "",
          "2.",
          "Номер: 79000000002",
          "Дата: 22.11.2026",
          "⏳ подтвердится сам в 14:32",
          "",
          "Нажмите на значение, чтобы скопировать.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 Всё: Номер"],
        ["📋 Номер 1", "📋 Номер 2"],
        ["1 ✅ Рабочий", "1 🔄 Сброс", "1 ⛔ Зареган"],
        ["2 ✅ Рабочий", "2 🔄 Сброс", "2 ⛔ Зареган"],
        ["✅ Остальные: Рабочий"],
        ["+10 минут", "➡️ Передать", "☰ Меню"],
      ])
      assert.include(String(scene.last(anna).screen.html), "<code>79000000001</code>")
      const held = yield* scene.pools.held(anna)
      assert.deepStrictEqual(
        held.map(({ targets }) => targets),
        [
          ["beboo", "tabor"],
          ["beboo", "tabor"],
        ],
      )
    }),
  )

  it.effect("one number is copied by its own button, until it is no use", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("number", ...three)
      yield* scene.press(anna, "Номера", "⬜ Loloo", "Далее ›", "495", "1")
      assert.deepStrictEqual(scene.last(anna).screen.keyboard[0], [
        { kind: "copy", text: "📋 Номер", copies: "79000000001" },
      ])
      yield* scene.tap(anna, "🔄 Сброс")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["отменить", "изменить"])
    }),
  )

  for (const status of ["🔄 Сброс", "⛔ Зареган"]) {
    it.effect(`${status}: undone, said again, replaced, corrected`, () =>
      Effect.gen(function* () {
        const scene = yield* atMenu()
        yield* scene.load("number", ...three)
        yield* scene.press(anna, "Номера", "⬜ Loloo", "Далее ›", "495", "1")
        yield* scene.press(anna, status, "отменить")
        assert.include(scene.lastText(anna), "⏳ подтвердится сам")
        yield* scene.press(anna, status)
        assert.include(scene.lastText(anna), `${status}. Заменить?`)
        yield* scene.tap(anna, "Да, заменить")
        const text = scene.lastText(anna)
        assert.include(text, "Номера › Loloo › 495 › 1 шт.")
        assert.include(text, `1. 79000000001 · ${status}, замена: 2`)
        assert.include(text, "2. замена для 1\nНомер: 79000000002\nДата: 22.11.2026")
        yield* TestClock.adjust("23 hours")
        yield* scene.press(anna, "изменить", "1 ✅ Рабочий")
        assert.include(scene.lastText(anna), "✅ Рабочий, замена: 2")
      }),
    )
  }

  it.effect("a working one is replaced by none", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("number", ...three)
      yield* scene.press(anna, "Номера", "⬜ Loloo", "Далее ›", "495", "1", "✅ Рабочий")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 Номер"],
        ["отменить", "изменить"],
        ["🔁 Ещё раз так же", "☰ Меню"],
      ])
    }),
  )

  it.effect("every way back keeps what was ticked", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      const menu = scene.lastText(anna)
      yield* scene.press(anna, "Номера", "⬜ Табор", "Далее ›", "495")
      yield* scene.tap(anna, "‹ Назад")
      assert.strictEqual(scene.lastText(anna), "Номера › Табор\n\nВыберите регион:")
      yield* scene.tap(anna, "‹ Назад")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[1], ["☑️ Табор"])
      yield* scene.tap(anna, "‹ Назад")
      assert.strictEqual(scene.lastText(anna), menu)
    }),
  )

  it.effect("in English", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu({ language: "en" })
      yield* scene.load(
        "number",
        aNumber("79000000001", today),
        aNumber("79000000002", "2026-11-23"),
      )
      yield* scene.press(anna, "Numbers", "Next ›", "⬜ Tabor", "Next ›", "495", "1", "🔄 Reset")
      yield* scene.say(anna, "/my")
      yield* scene.say(anna, "/help")
      yield* scene.fromMenu(anna, "Numbers", "⬜ Beboo", "Next ›", "495")
      yield* scene.tapInVain(anna, "1")
      for (const { screen } of scene.telegram.chat(anna)) {
        const ours = [textOf(screen), ...labelsOf(screen).flat()].join("\n")
        assert.notMatch(ours.replaceAll(/Номер|Дата|Крым/g, ""), /[А-Яа-яЁё]/)
      }
      assert.include(scene.lastText(anna), "1 more in stock have other dates")
    }),
  )
})

describe("targets", () => {
  it.effect("none ticked: the next step says what to do, and stays", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.press(anna, "Номера")
      const before = scene.read(anna)
      const [answer, ...more] = yield* scene.tap(anna, "Далее ›")
      assert.strictEqual(
        answer?.text,
        "Ничего не отмечено. Отметьте хотя бы один ресурс и нажмите ещё раз. Ничего не выдано.",
      )
      assert.isTrue(answer?.alert)
      assert.deepStrictEqual(more, [])
      assert.deepStrictEqual(scene.read(anna), before)
    }),
  )

  for (const data of [
    "rs1:number.0.0",
    "rg2:number.0.495",
    "qu2:number.0.495.1",
    "is2:number.0.495.1.",
  ]) {
    it.effect(`forged without any, ${data}: back to the choice, nothing issued`, () =>
      Effect.gen(function* () {
        const scene = yield* atMenu()
        yield* scene.load("number", ...three)
        const [answer] = yield* scene.tapData(anna, scene.last(anna).messageId, data)
        assert.isTrue(answer?.alert)
        assert.include(scene.lastText(anna), question)
        assert.strictEqual((yield* scene.pools.stock("number")).available, 3)
      }),
    )
  }

  for (const data of ["is2:number.8.495.1.", "is2:number.35r.495.1.", "is2:gmail.1.495.1."]) {
    it.effect(`forged with what there is not, ${data}: stale, nothing issued`, () =>
      Effect.gen(function* () {
        const scene = yield* atMenu()
        yield* scene.load("number", ...three)
        const [answer] = yield* scene.tapData(anna, scene.last(anna).messageId, data)
        assert.strictEqual(answer?.text, "Кнопка устарела. Ничего не изменилось, вот свежее меню.")
        assert.strictEqual((yield* scene.pools.stock("number")).available, 3)
      }),
    )
  }

  it.effect("a tick that comes late never paints over goods", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("number", ...three)
      yield* scene.press(anna, "Номера", "⬜ Табор")
      const late = scene.find(anna, "⬜ Beboo")
      yield* scene.press(anna, "Далее ›", "495", "1")
      yield* scene.tapData(anna, late.messageId, late.data)
      const [goods, choice] = scene.read(anna)
      assert.include(goods, "79000000001")
      assert.include(choice, question)
    }),
  )
})

describe("only numbers of today", () => {
  it.effect("those of other days are counted in the reason why there are none", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load(
        "number",
        aNumber("79000000001", "2026-11-21"),
        aNumber("79000000002", "2026-11-23"),
      )
      yield* scene.press(anna, "Номера", "⬜ Beboo", "⬜ Loloo", "Далее ›", "812")
      yield* scene.tapInVain(anna, "3")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Номера › Beboo, Loloo › 812 › 3 шт.",
          "",
          "Номера: для региона 812 сейчас нет свободных. Ничего не выдано.",
          "Выдаются только номера с сегодняшней датой, 22.11.2026; ещё 2 на складе с другой датой.",
          "Подходящего из таблицы сейчас тоже не взять.",
          "Выберите другое или проверьте чуть позже.",
        ].join("\n"),
      )
      yield* scene.load("number", aNumber("79000000003", today))
      yield* scene.tap(anna, "🔄 Проверить ещё раз")
      assert.include(scene.lastText(anna), "Номера › Beboo, Loloo › 812 › 1 шт.")
      assert.include(scene.lastText(anna), "79000000003")
    }),
  )

  it.effect("none at all: rows of today are taken as they appear", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.press(anna, "Номера", "⬜ Beboo", "Далее ›", "812")
      yield* scene.tapInVain(anna, "1")
      assert.include(
        scene.lastText(anna),
        "Выдаются только номера с сегодняшней датой, 22.11.2026. Строки с этой датой бот сам возьмёт из таблицы, как только они появятся.",
      )
      yield* scene.tap(anna, "‹ Назад")
      assert.strictEqual(scene.lastText(anna), "Номера › Beboo › 812\n\nСколько нужно?")
    }),
  )

  it.effect("a replacement that only the day keeps back: the alert says so", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load(
        "number",
        aNumber("79000000001", today),
        aNumber("79000000002", "2026-11-23"),
      )
      yield* scene.press(anna, "Номера", "⬜ Beboo", "Далее ›", "812", "1", "🔄 Сброс")
      yield* scene.tapInVain(anna, "Да, заменить")
      assert.include(scene.lastText(anna), "Замены сейчас нет. Отметка сохранена")
      assert.strictEqual((yield* scene.pools.stock("number")).available, 1)
    }),
  )

  it.effect("off: any date goes, and the first step says so", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.pools.tell("number", { _tag: "SetTodayOnly", on: false, admin: chief })
      yield* scene.load("number", aNumber("79000000001", "2026-11-20"))
      yield* scene.tap(anna, "Номера")
      assert.strictEqual(
        scene.lastText(anna),
        `Номера\n\nСейчас выдаются номера с любой датой.\n\n${question}`,
      )
      yield* scene.press(anna, "⬜ Beboo", "Далее ›", "495", "1")
      assert.include(scene.lastText(anna), "Номер: 79000000001\nДата: 20.11.2026")
    }),
  )
})
