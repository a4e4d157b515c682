/** Mail goes the way of accounts: one wizard, another menu. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna } from "../Scene.ts"

const ofGmail = { variant: "gmail" }

const atMenu = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
  yield* scene.say(anna, "/menu")
  return scene
})

describe("mail", () => {
  it.effect("gmail: from the menu to a replacement", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu
      yield* scene.load(
        "gmail",
        anItem("gmail", "own"),
        anItem("gmail", "one", ofGmail),
        anItem("gmail", "two", ofGmail),
      )
      yield* scene.tap(anna, "Почты")
      assert.strictEqual(scene.read(anna).at(-1), "Почты\nВыберите, что нужно:")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["Gmail", "Rambler"], ["‹ Назад"]])
      yield* scene.press(anna, "Gmail")
      assert.strictEqual(scene.read(anna).at(-1), "Gmail\n\nВыберите регион:")
      yield* scene.press(anna, "495", "1")
      assert.strictEqual(scene.read(anna).at(-1), "Gmail › 495 › 1 шт.\n\nТип?")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["gmail.com", "Любые"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "gmail.com")
      assert.strictEqual(
        scene.read(anna).at(-1),
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
        ["☰ Меню"],
      ])
      yield* scene.press(anna, "⛔ Блок", "Да")
      const text = scene.read(anna).at(-1) ?? ""
      assert.include(text, "⛔ Блок, замена: 2")
      assert.include(text, "2. gmail.com, замена для 1\nЛогин: two@example.com")
      assert.lengthOf(scene.telegram.chat(anna), 1)
      yield* scene.say(anna, "/my")
      assert.include(scene.read(anna).at(-1), "Gmail › 495 · two@example.com")
    }),
  )

  it.effect("gmail of any kind: the oldest one, whatever its address", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu
      yield* scene.load("gmail", anItem("gmail", "own"), anItem("gmail", "one", ofGmail))
      yield* scene.press(anna, "Почты", "Gmail", "812", "1", "Любые")
      assert.include(scene.read(anna).at(-1), "Gmail › 812 › 1 шт. › Любые\n\n1.\nЛогин: own@")
    }),
  )

  it.effect("gmail of one kind that is out: any kind is offered with its count", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu
      yield* scene.load("gmail", anItem("gmail", "own"))
      yield* scene.press(anna, "Почты", "Gmail", "812", "1")
      const tap = yield* Effect.forkChild(scene.tap(anna, "gmail.com"), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(tap)
      const text = scene.read(anna).at(-1) ?? ""
      assert.include(text, "Gmail: для региона 812 сейчас нет свободных. Ничего не выдано.")
      assert.include(text, "другие: 1")
      assert.notInclude(text, "На складе пусто")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["Любые: 1"])
      yield* scene.tap(anna, "Любые: 1")
      assert.include(scene.read(anna).at(-1), "own@example.com")
    }),
  )

  it.effect("rambler: no type is asked for", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu
      yield* scene.load("rambler", anItem("rambler", "r1"), anItem("rambler", "r2"))
      yield* scene.press(anna, "Почты", "Rambler", "Крым", "2")
      const text = scene.read(anna).at(-1) ?? ""
      assert.include(text, "Rambler › Крым › 2 шт.\n\n1.\nЛогин: r1@example.com")
      assert.include(text, "2.\nЛогин: r2@example.com")
    }),
  )

  it.effect("every way back leads one step up, to the group and to the menu", () =>
    Effect.gen(function* () {
      const scene = yield* atMenu
      const menu = scene.read(anna).at(-1)
      yield* scene.press(anna, "Почты", "Gmail", "495", "3")
      for (const text of [
        "Gmail › 495\n\nСколько нужно?",
        "Gmail\n\nВыберите регион:",
        "Почты\nВыберите, что нужно:",
        menu,
      ]) {
        yield* scene.tap(anna, "‹ Назад")
        assert.strictEqual(scene.read(anna).at(-1), text)
      }
      yield* scene.press(anna, "VK", "‹ Назад")
      assert.strictEqual(scene.read(anna).at(-1), menu)
    }),
  )
})
