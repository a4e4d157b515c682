/** Numbers: what for, where, how many; only those of today; and what became of each. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { aNumber, anna, chief } from "../Scene.ts"

const today = "2026-11-22"
const onlyToday = "Сейчас выдаются только номера с сегодняшней датой, 22.11.2026."
const question = "Для каких ресурсов? Отметьте один или несколько и нажмите «Далее»."

const atMenu = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
  yield* scene.say(anna, "/menu")
  return scene
})

const three = [1, 2, 3].map((index) => aNumber(`7900000000${index}`, today))

/** A tap that waits for the sheet in vain. */
const tapInVain = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof atMenu>>,
  label: string,
) {
  const tap = yield* Effect.forkChild(scene.tap(anna, label), { startImmediately: true })
  yield* TestClock.adjust("5 seconds")
  return yield* Fiber.join(tap)
})

describe("numbers", () => {
  it.effect("what for, region, quantity, and the goods say it all", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.load("number", ...three)
      yield* scene.tap(anna, "Номера")
      assert.strictEqual(scene.read(anna).at(-1), `Номера\n\n${onlyToday}\n\n${question}`)
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
      assert.strictEqual(scene.read(anna).at(-1), "Номера › Beboo, Табор\n\nВыберите регион:")
      yield* scene.tap(anna, "495")
      assert.strictEqual(scene.read(anna).at(-1), "Номера › Beboo, Табор › 495\n\nСколько нужно?")
      yield* scene.tap(anna, "2")
      assert.strictEqual(
        scene.read(anna).at(-1),
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
        ["📋 1", "📋 2"],
        ["1 ✅ Рабочий", "1 🔄 Сброс", "1 ⛔ Зареган"],
        ["2 ✅ Рабочий", "2 🔄 Сброс", "2 ⛔ Зареган"],
        ["☰ Меню"],
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
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], [
        "1 🔄 Сброс",
        "отменить",
        "изменить",
      ])
    }),
  )

  for (const status of ["🔄 Сброс", "⛔ Зареган"]) {
    it.effect(`${status}: undone, said again, replaced, corrected`, () =>
      Effect.gen(function* () {
        const scene = yield* atMenu()
        yield* scene.load("number", ...three)
        yield* scene.press(anna, "Номера", "⬜ Loloo", "Далее ›", "495", "1")
        yield* scene.press(anna, status, "отменить")
        assert.include(scene.read(anna).at(-1), "⏳ подтвердится сам")
        yield* scene.press(anna, status)
        assert.include(scene.read(anna).at(-1), `${status}. Заменить?`)
        yield* scene.tap(anna, "Да")
        const text = scene.read(anna).at(-1) ?? ""
        assert.include(text, "Номера › Loloo › 495 › 1 шт.")
        assert.include(text, `Номер: 79000000001\n${status}, замена: 2`)
        assert.include(text, "2. замена для 1\nНомер: 79000000002\nДата: 22.11.2026")
        yield* TestClock.adjust("23 hours")
        yield* scene.press(anna, "изменить", "1 ✅ Рабочий")
        assert.include(scene.read(anna).at(-1), "✅ Рабочий, замена: 2")
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
        ["1 ✅ Рабочий", "отменить", "изменить"],
        ["🔁 Ещё раз так же", "☰ Меню"],
      ])
    }),
  )

  it.effect("every way back keeps what was ticked", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      const menu = scene.read(anna).at(-1)
      yield* scene.press(anna, "Номера", "⬜ Табор", "Далее ›", "495")
      yield* scene.tap(anna, "‹ Назад")
      assert.strictEqual(scene.read(anna).at(-1), "Номера › Табор\n\nВыберите регион:")
      yield* scene.tap(anna, "‹ Назад")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[1], ["☑️ Табор"])
      yield* scene.tap(anna, "‹ Назад")
      assert.strictEqual(scene.read(anna).at(-1), menu)
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
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "Numbers", "⬜ Beboo", "Next ›", "495")
      yield* tapInVain(scene, "1")
      for (const { screen } of scene.telegram.chat(anna)) {
        const ours = [textOf(screen), ...labelsOf(screen).flat()].join("\n")
        assert.notMatch(ours.replaceAll(/Номер|Дата|Крым/g, ""), /[А-Яа-яЁё]/)
      }
      assert.include(scene.read(anna).at(-1), "1 more in stock have another date")
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
        assert.include(scene.read(anna).at(-1), question)
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
      yield* tapInVain(scene, "3")
      assert.strictEqual(
        scene.read(anna).at(-1),
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
      assert.include(scene.read(anna).at(-1), "Номера › Beboo, Loloo › 812 › 1 шт.")
      assert.include(scene.read(anna).at(-1), "79000000003")
    }),
  )

  it.effect("none at all: rows of today are taken as they appear", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.press(anna, "Номера", "⬜ Beboo", "Далее ›", "812")
      yield* tapInVain(scene, "1")
      assert.include(
        scene.read(anna).at(-1),
        "Выдаются только номера с сегодняшней датой, 22.11.2026. Строки с этой датой бот сам возьмёт из таблицы, как только они появятся.",
      )
      yield* scene.tap(anna, "‹ Назад")
      assert.strictEqual(scene.read(anna).at(-1), "Номера › Beboo › 812\n\nСколько нужно?")
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
      yield* tapInVain(scene, "Да")
      assert.include(scene.read(anna).at(-1), "Замены сейчас нет. Отметка сохранена")
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
        scene.read(anna).at(-1),
        `Номера\n\nСейчас выдаются номера с любой датой.\n\n${question}`,
      )
      yield* scene.press(anna, "⬜ Beboo", "Далее ›", "495", "1")
      assert.include(scene.read(anna).at(-1), "Номер: 79000000001\nДата: 20.11.2026")
    }),
  )
})

describe("help", () => {
  it.effect("says what the statuses of numbers mean", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu()
      yield* scene.say(anna, "/help")
      assert.include(
        scene.read(anna).at(-1),
        [
          "Номера",
          "✅ Рабочий: принимает код и годится.",
          "🔄 Сброс: номер больше не наш. Можно взять замену.",
          "⛔ Зареган: на ресурсе уже есть анкета. Можно взять замену.",
        ].join("\n"),
      )
    }),
  )
})
