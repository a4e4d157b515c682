/** What was taken from somebody without access: asked for first, told to the others, given back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { messageMax, visibleLength } from "../../../src/bot/screens/parts.ts"
import { en } from "../../../src/bot/texts/en.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { buttonsOf, labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy } from "../Scene.ts"

/** Anna held two, and has no access any more; the first admin has her card open. */
const left = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
  yield* scene.load("vk", "first", "second")
  yield* scene.fromMenu(anna, "VK", "495", "2")
  yield* scene.say(chief, "/whitelist_remove anna")
  yield* scene.tap(chief, "Убрать доступ")
  return scene
})

/** One of the two was taken into quarantine since. */
const quarantined = Effect.gen(function* () {
  const scene = yield* left
  yield* scene.press(chief, "1 в карантин", "🗄 В карантин")
  return scene
})

type Scene = Effect.Success<typeof left>

const pending = (scene: Scene) => Effect.map(scene.pools.stock("vk"), (stock) => stock.pending)

describe("into quarantine", () => {
  it.effect("is shown and asked first, one or all, and can be left", () =>
    Effect.gen(function* () {
      const scene = yield* left
      yield* scene.tap(chief, "2 в карантин")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Забрать в карантин 1 штуку? На руках: anna (101)",
          "",
          "VK › 495 · second@… · 0 мин",
          "",
          "Бот будет это хранить и больше никому не выдаст. Строки в таблице выданного не будет. Сутки это можно отменить: /undo.",
        ].join("\n"),
      )
      yield* scene.tap(chief, "‹ Назад")
      yield* scene.tap(chief, "Всё в карантин")
      assert.include(scene.lastText(chief), "Забрать в карантин 2 штуки?")
      assert.strictEqual(yield* pending(scene), 2)
      yield* scene.tap(chief, "🗄 В карантин")
      assert.include(scene.lastText(chief), "🗄 В карантине: 2.")
      assert.strictEqual(yield* pending(scene), 0)
    }),
  )

  it.effect("whoever asks too late sees that it is settled", () =>
    Effect.gen(function* () {
      const scene = yield* left
      yield* scene.say(deputy, "/whitelist_remove 101")
      yield* scene.tap(deputy, "Всё подтвердить как хорошее")
      yield* scene.tap(chief, "Всё в карантин")
      const card = scene.read(chief).at(-2) ?? ""
      assert.include(card, "Решено раньше: 1.")
      assert.include(card, "На руках ничего не осталось.")
    }),
  )
})

describe("the other admins", () => {
  it.effect("hear who settled what, in their language, whichever way it went", () =>
    Effect.gen(function* () {
      const scene = yield* left
      yield* scene.say(deputy, "/language")
      yield* scene.tap(deputy, "English")
      yield* scene.press(chief, "1 в карантин", "🗄 В карантин")
      assert.strictEqual(
        scene.lastText(deputy),
        "📦 What anna (101) still held. 🗄 In quarantine: 1. Decided by Ольга. What went to quarantine can be given back for a day: /undo.",
      )
      yield* scene.press(chief, "1 передать…", "boris (102)")
      assert.strictEqual(
        scene.lastText(deputy),
        "📦 What anna (101) still held. ➡️ Handed over to boris (102): 1. Decided by Ольга.",
      )
      const told = scene.read(deputy).length
      yield* scene.tapData(chief, scene.last(chief).messageId, "ls1:101.all.confirm")
      assert.lengthOf(scene.read(deputy), told)
    }),
  )

  it.effect("hear of what was confirmed too", () =>
    Effect.gen(function* () {
      const scene = yield* left
      yield* scene.tap(chief, "Всё подтвердить как хорошее")
      assert.include(scene.lastText(deputy), "✅ Подтверждено: 2. Решение: Ольга.")
    }),
  )
})

describe("/undo", () => {
  it.effect("gives it back to its holder, by any admin, once, and the others hear of it", () =>
    Effect.gen(function* () {
      const scene = yield* quarantined
      yield* scene.say(deputy, "/undo")
      assert.strictEqual(
        scene.lastText(deputy),
        "В корзине пусто. Изъятое в карантин можно вернуть кнопкой.",
      )
      yield* scene.tap(deputy, "Изъято в карантин: 1")
      assert.strictEqual(
        scene.lastText(deputy),
        [
          "Изъято в карантин за сутки",
          "",
          "1. VK › 495 · first@… · 0 мин",
          "На руках до того: anna (101)",
          "Решение: Ольга, 14:22. Отменить можно до 14:22 завтра.",
        ].join("\n"),
      )
      yield* scene.say(chief, "/undo")
      yield* scene.tap(chief, "Изъято в карантин: 1")
      yield* scene.tap(deputy, "↩️ Вернуть на руки 1")
      assert.match(
        scene.lastText(deputy),
        /^VK › 495: снова на руках без отметки у anna \(101\)\.\n\nЗа сутки в карантин ничего/,
      )
      assert.strictEqual(
        scene.lastText(chief),
        "↩️ VK › 495: из карантина снова на руках без отметки у anna (101). Решение: Мария.",
      )
      assert.strictEqual(yield* pending(scene), 2)
      const { messageId } = scene.telegram.chat(chief).at(-2)!
      const held = yield* scene.pools.held(anna)
      const [answer] = yield* scene.tapAction(chief, messageId, {
        _tag: "AsideBack",
        resource: "vk",
        issuance: held.at(-1)!.id,
      })
      assert.match(answer?.text ?? "", /^Вернуть уже нельзя/)
      assert.strictEqual(yield* pending(scene), 2)
      // It can be settled in another way then.
      yield* scene.say(chief, "/whitelist_remove 101")
      yield* scene.tap(chief, "Всё подтвердить как хорошее")
      assert.strictEqual(yield* pending(scene), 0)
    }),
  )

  it.effect("whoever has access again sees it on the message again", () =>
    Effect.gen(function* () {
      const scene = yield* left
      yield* scene.press(chief, "Всё в карантин", "🗄 В карантин", "Вернуть доступ")
      yield* scene.say(chief, "/undo")
      yield* scene.press(chief, "Изъято в карантин: 2", "↩️ Вернуть на руки 1")
      const shown = scene.telegram.chat(anna).map(({ screen }) => String(screen.html))
      assert.isTrue(shown.some((text) => /(first|second)@example/.test(text)))
      assert.strictEqual(yield* pending(scene), 1)
    }),
  )

  it.effect("not after a day, and a clock that stands at the end of it is too late", () =>
    Effect.gen(function* () {
      const scene = yield* quarantined
      yield* scene.say(deputy, "/undo")
      yield* scene.tap(deputy, "Изъято в карантин: 1")
      yield* TestClock.adjust("24 hours")
      const [answer] = yield* scene.tap(deputy, "↩️ Вернуть на руки 1")
      assert.match(answer?.text ?? "", /^Вернуть уже нельзя/)
      yield* scene.say(deputy, "/undo")
      assert.match(scene.lastText(deputy), /^В корзине пусто, возвращать нечего/)
    }),
  )

  it.effect("beside what was cleared", () =>
    Effect.gen(function* () {
      const scene = yield* quarantined
      yield* scene.load("ok", "other")
      yield* scene.say(chief, "/buffer_clear ok")
      yield* scene.tap(chief, "Очистить 1")
      yield* scene.say(chief, "/undo")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["↩️ Вернуть 1: OK"],
        ["Изъято в карантин: 1"],
        ["☰ Меню"],
      ])
    }),
  )

  for (const language of ["ru", "en"] as const) {
    it.effect(`of sixty all can be reached, in ${language}`, () =>
      Effect.gen(function* () {
        const stage = "<&>Щ".repeat(8)
        const roster = { [boris]: { stage, is_approved: true } }
        const scene = yield* Scene.make({ roster, language, pendingLimit: 100 })
        yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
        yield* scene.load("vk", ...Array.from({ length: 60 }, (_, n) => `item${n}`))
        for (let n = 0; n < 12; n++) {
          yield* scene.fromMenu(boris, "VK", "495", "5")
        }
        for (const { id } of yield* scene.pools.held(boris)) {
          yield* scene.pools.manage("vk", { _tag: "SetAside", id, admin: chief })
        }
        yield* scene.say(chief, "/undo")
        yield* scene.tap(chief, (language === "ru" ? ru : en).asides.open(60))
        const seen = new Set<string>()
        for (;;) {
          const { screen } = scene.last(chief)
          assert.isAtMost(visibleLength(screen.html), messageMax)
          assert.isAtMost(buttonsOf(screen).length, 100)
          for (const button of buttonsOf(screen)) {
            if (button.kind === "tap" && button.data.startsWith("qb1:")) seen.add(button.data)
          }
          if (!labelsOf(screen).flat().includes("›")) break
          yield* scene.tap(chief, "›")
        }
        assert.strictEqual(seen.size, 60)
      }),
    )
  }
})
