/** Clearing, releasing and taking back, with everything that can come between. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { aNumber, anItem, anna, chief, deputy } from "../Scene.ts"

/** 14:32 in Moscow. */
const afternoon = Date.UTC(2026, 10, 22, 11, 32)

/** Mamba has two men and three women in stock; Anna holds one, another one waits for the sheet. */
const stocked = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(afternoon)
  const variants = ["male", "male", "male", "male", "female", "female", "female"]
  const items = variants.map((variant, index) => anItem("mamba", `m${index}`, { variant }))
  yield* scene.load("mamba", ...items)
  yield* scene.fromMenu(anna, "Mamba", "495", "2", "М", "1 ✅ Хороший")
  return scene
})

/** The first admin has sent the command, and pressed these buttons of its answer. */
const asked = Effect.fnUntraced(function* (command: string, ...labels: ReadonlyArray<string>) {
  const scene = yield* stocked
  yield* scene.say(chief, command)
  yield* scene.press(chief, ...labels)
  return scene
})

const mamba = (scene: Effect.Success<typeof stocked>) => scene.pools.stock("mamba")

describe("/buffer_clear", () => {
  it.effect("shows what goes, asks, clears, and gives it back", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear")
      const choices = labelsOf(scene.last(chief).screen).flat()
      assert.includeMembers(choices, ["VK: 0", "Mamba: 5"])
      yield* scene.tap(chief, "Mamba: 5")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Очистка склада: Mamba",
          "Со склада в корзину на сутки уйдёт 5 штук.",
          "• М: 2",
          "• Ж: 3",
          "",
          "Не тронет выданное: на руках без отметки 1, ждут записи в таблицу 1.",
          "Сутки это можно вернуть. Потом бот возьмёт из таблицы новые строки, если они там есть.",
        ].join("\n"),
      )
      assert.strictEqual((yield* mamba(scene)).available, 5)
      const { messageId } = scene.last(chief)
      yield* scene.tap(chief, "Очистить 5")
      assert.strictEqual(
        scene.lastText(chief),
        "Склад очищен: Mamba\n5 штук в корзине до 14:32 завтра.",
      )
      assert.strictEqual(scene.last(chief).messageId, messageId)
      const after = yield* mamba(scene)
      assert.deepStrictEqual(
        { available: after.available, pending: after.pending, buffer: after.buffer },
        { available: 0, pending: 1, buffer: 1 },
      )
      yield* scene.tap(chief, "↩️ Вернуть 5")
      assert.match(scene.lastText(chief) ?? "", /^Mamba: бот вернул на склад 5 штук\./)
      assert.strictEqual((yield* mamba(scene)).available, 5)
      assert.deepStrictEqual((yield* mamba(scene)).trash, [])
    }),
  )

  it.effect("tells the other admin each time, and not the author", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba")
      yield* scene.press(chief, "Очистить 5", "↩️ Вернуть 5")
      assert.deepStrictEqual(scene.read(deputy), [
        "🗑 Mamba: склад очищен. 5 штук в корзине до 14:32 завтра. Решение: Ольга. Вернуть можно командой /undo.",
        "↩️ Mamba: на склад из корзины возвращено 5 штук. Решение: Ольга.",
      ])
      assert.lengthOf(scene.read(chief), 1)
    }),
  )

  it.effect("numbers: those of today and those that the day keeps back", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(afternoon)
      const days = ["2026-11-22", "2026-11-22", "2026-11-20"]
      yield* scene.load("number", ...days.map((day, at) => aNumber(`7900000000${at}`, day)))
      yield* scene.say(chief, "/buffer_clear Номера")
      assert.include(scene.lastText(chief), "• за 22.11.2026: 2\n• не выдаются из-за даты: 1")
      yield* scene.tap(chief, "Очистить 3")
      assert.strictEqual((yield* scene.pools.stock("number")).available, 0)
    }),
  )

  it.effect("an unknown name changes nothing and shows the names", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      for (const name of ["facebook", "mamba сейчас", "<b>"]) {
        yield* scene.say(chief, `/buffer_clear ${name}`)
        assert.match(
          scene.lastText(chief) ?? "",
          /^Такого ресурса здесь нет, ничего не изменилось\..*Mamba/,
        )
      }
      assert.strictEqual((yield* mamba(scene)).available, 5)
    }),
  )

  it.effect("a stock that changed since is not cleared: a fresh preview comes", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba")
      yield* scene.load("mamba", anItem("mamba", "late", { variant: "female" }))
      const [answer] = yield* scene.tap(chief, "Очистить 5")
      const sentence =
        "Mamba: склад изменился, пока вы смотрели. Ничего не очищено, вот свежий список."
      assert.deepStrictEqual([answer?.text, answer?.alert], [sentence, true])
      assert.include(scene.lastText(chief), "• Ж: 4")
      assert.strictEqual((yield* mamba(scene)).available, 6)
      assert.deepStrictEqual(scene.read(deputy), [])
      yield* scene.tap(chief, "Очистить 6")
      assert.strictEqual((yield* mamba(scene)).available, 0)
    }),
  )

  it.effect("pressed twice it clears once, and the message still leads back", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba")
      const button = scene.find(chief, "Очистить 5")
      for (const _ of ["once", "twice"]) {
        yield* scene.tapData(chief, button.messageId, button.data)
        assert.match(scene.lastText(chief) ?? "", /^Склад очищен: Mamba\n5 штук в корзине/)
      }
      assert.lengthOf((yield* mamba(scene)).trash, 1)
      assert.lengthOf(scene.read(deputy), 1)
    }),
  )

  it.effect("pressed again when new stock has come, the new stock stays", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba")
      const button = scene.find(chief, "Очистить 5")
      yield* scene.tap(chief, "Очистить 5")
      yield* scene.load("mamba", "late")
      yield* scene.tapData(chief, button.messageId, button.data)
      assert.strictEqual((yield* mamba(scene)).available, 1)
      assert.match(scene.lastText(chief) ?? "", /^Склад очищен: Mamba\n5 штук в корзине/)
    }),
  )

  it.effect("two admins at once: it is cleared once, and one of them is the author", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      const admins = [chief, deputy]
      yield* Effect.forEach(admins, (admin) => scene.say(admin, "/buffer_clear mamba"))
      yield* Effect.forEach(admins, (admin) => scene.tap(admin, "Очистить 5"), {
        concurrency: "unbounded",
      })
      assert.lengthOf((yield* mamba(scene)).trash, 1)
      const notes = admins
        .flatMap((admin) => scene.read(admin))
        .filter((text) => text.startsWith("🗑"))
      assert.lengthOf(notes, 1)
      for (const admin of admins) assert.include(scene.read(admin).join(), "в корзине до 14:32")
    }),
  )

  it.effect("a restart between preview and confirmation changes nothing", () =>
    Effect.gen(function* () {
      const before = yield* asked("/buffer_clear mamba")
      const scene = yield* Scene.make({ disk: before.disk, telegram: before.telegram })
      yield* scene.tap(chief, "Очистить 5")
      const again = yield* Scene.make({ disk: before.disk, telegram: before.telegram })
      assert.strictEqual((yield* again.pools.stock("mamba")).available, 0)
      yield* again.tap(chief, "↩️ Вернуть 5")
      assert.strictEqual((yield* again.pools.stock("mamba")).available, 5)
    }),
  )

  it.effect("a disk that refuses is told of, and nothing is cleared or told to others", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba")
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "Очистить 5")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает\./)
      assert.isTrue(answer?.alert)
      assert.strictEqual((yield* mamba(scene)).available, 5)
      assert.deepStrictEqual(scene.read(deputy), [])
    }),
  )

  it.effect("an empty stock has nothing to press", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(chief, "/buffer_clear vk")
      assert.include(scene.lastText(chief), "На складе пусто, очищать нечего.")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["‹ Все ресурсы"], ["☰ Меню"]])
    }),
  )
})

describe("/undo", () => {
  it.effect("lists what can be taken back, the latest first, and takes each back", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* scene.load("vk", "one")
      yield* scene.say(chief, "/buffer_clear mamba")
      yield* scene.tap(chief, "Очистить 5")
      yield* TestClock.adjust("2 hours")
      yield* scene.say(deputy, "/buffer_clear vk")
      yield* scene.tap(deputy, "Очистить 1")
      yield* scene.say(chief, "/undo")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Что можно вернуть",
          "",
          "VK",
          "1 штука, очистка 16:32, Мария. Можно вернуть до 16:32 завтра",
          "Mamba",
          "5 штук, очистка 14:32, Ольга. Можно вернуть до 14:32 завтра",
        ].join("\n"),
      )
      yield* scene.tap(chief, "↩️ Вернуть 1: VK")
      assert.match(scene.lastText(chief) ?? "", /^VK: бот вернул на склад 1 штуку\.\n\nЧто можно/)
      yield* scene.tap(chief, "↩️ Вернуть 5: Mamba")
      assert.include(scene.lastText(chief), "В корзине пусто, возвращать нечего.")
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
    }),
  )

  it.effect("what was taken back already, or too late, is said plainly", () =>
    Effect.gen(function* () {
      const gone =
        "Этого в корзине уже нет: кто-то вернул раньше или прошли сутки. Ничего не изменилось."
      const scene = yield* asked("/buffer_clear mamba", "Очистить 5")
      const button = scene.find(chief, "↩️ Вернуть 5")
      yield* scene.tap(chief, "↩️ Вернуть 5")
      const [answer] = yield* scene.tapData(chief, button.messageId, button.data)
      assert.deepStrictEqual([answer?.text, answer?.alert], [gone, true])
      assert.strictEqual((yield* mamba(scene)).available, 5)

      yield* scene.say(chief, "/buffer_clear mamba")
      yield* scene.tap(chief, "Очистить 5")
      const late = scene.find(chief, "↩️ Вернуть 5")
      yield* TestClock.adjust("25 hours")
      yield* scene.pools.tell("mamba", { _tag: "Expire" })
      const [answerLate] = yield* scene.tapData(chief, late.messageId, late.data)
      assert.strictEqual(answerLate?.text, gone)
      assert.strictEqual((yield* mamba(scene)).available, 0)
    }),
  )

  it.effect("two admins at once take it back once", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba", "Очистить 5")
      const admins = [chief, deputy]
      yield* Effect.forEach(admins, (admin) => scene.say(admin, "/undo"))
      const answers = yield* Effect.forEach(
        admins,
        (admin) => scene.tap(admin, "↩️ Вернуть 5: Mamba"),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(
        answers.flat().filter(({ alert }) => alert === true),
        1,
      )
      assert.strictEqual((yield* mamba(scene)).available, 5)
    }),
  )

  it.effect("a disk that refuses keeps it in the trash", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_clear mamba", "Очистить 5")
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "↩️ Вернуть 5")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает\./)
      assert.lengthOf((yield* mamba(scene)).trash, 1)
    }),
  )
})

describe("/buffer_release", () => {
  it.effect("shows what goes, asks, sends it back and pauses, until it is resumed", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_release")
      yield* scene.tap(chief, "Mamba: 5")
      assert.match(
        scene.lastText(chief) ?? "",
        /^Возврат в таблицу: Mamba\nСо склада в свои вкладки вернётся 5 штук, с датой и порядком\./,
      )
      yield* scene.tap(chief, "Вернуть в таблицу 5")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Возвращается в таблицу: Mamba",
          "Возвращаются в «Мамба Муж, Мамба Жен»: 5 штук. Ничего не теряется.",
          "Выдача приостановлена. Когда возобновите, бот снова будет брать строки из таблицы.",
        ].join("\n"),
      )
      const after = yield* mamba(scene)
      assert.deepStrictEqual(
        [after.available, after.returning, after.pending, after.buffer, after.paused?.by],
        [0, 5, 1, 1, chief],
      )
      assert.deepStrictEqual(scene.read(deputy), [
        "↩️ Mamba: в таблицу возвращается 5 штук, выдача приостановлена. Решение: Ольга.",
      ])
      yield* scene.tap(chief, "▶️ Возобновить выдачу")
      assert.isNull((yield* mamba(scene)).paused)
      assert.match(scene.lastText(chief) ?? "", /^Mamba: выдача возобновлена/)
    }),
  )

  it.effect("pressed twice it goes once; a stock that changed does not go", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_release mamba")
      const button = scene.find(chief, "Вернуть в таблицу 5")
      yield* scene.load("mamba", "late")
      const [answer] = yield* scene.tap(chief, "Вернуть в таблицу 5")
      assert.match(answer?.text ?? "", /Ничего не возвращено, вот свежий список\.$/)
      assert.strictEqual((yield* mamba(scene)).returning, 0)
      assert.notStrictEqual(scene.find(chief, "Вернуть в таблицу 6").data, button.data)
      const fresh = scene.find(chief, "Вернуть в таблицу 6")
      for (const _ of ["once", "twice"]) {
        yield* scene.tapData(chief, fresh.messageId, fresh.data)
        assert.include(scene.lastText(chief), "6 штук. Ничего не теряется.")
      }
      assert.lengthOf(scene.read(deputy), 1)
      const ids = (yield* scene.pools.returning("mamba")).map(({ id }) => id)
      yield* scene.pools.tell("mamba", { _tag: "Returned", ids })
      yield* scene.tapData(chief, fresh.messageId, fresh.data)
      assert.include(scene.lastText(chief), "Всё уже вернулось в «Мамба Муж, Мамба Жен».")
    }),
  )

  it.effect("a disk that refuses is told of, and nothing goes or pauses", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/buffer_release mamba")
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "Вернуть в таблицу 5")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает\./)
      const { available, paused } = yield* mamba(scene)
      assert.deepStrictEqual([available, paused], [5, null])
    }),
  )
})
