/** /stock and /who: what they count, what they show of an item, and refreshing. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf } from "../FakeTelegram.ts"
import { add, noon } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { aNumber, anItem, anna, boris, chief, deputy } from "../Scene.ts"

const stocked = Effect.gen(function* () {
  const scene = yield* Scene.make({ pendingLimit: 50 })
  yield* TestClock.setTime(noon)
  const variants = ["male", "male", "male", "female"]
  const items = variants.map((variant, index) => anItem("mamba", `login${index}`, { variant }))
  yield* scene.load("mamba", ...items)
  yield* scene.load("mamba", { ...anItem("mamba", "login0"), id: anItem("mamba", "twin").id })
  const days = ["2026-11-22", "2026-11-20", "2026-11-20"]
  yield* scene.load("number", ...days.map((day, at) => aNumber(`7900000000${at}`, day)))
  yield* scene.say(anna, "/menu")
  yield* scene.press(anna, "Mamba", "495", "2", "М", "1 ✅ Хороший")
  return scene
})

/** The lines about one resource. */
const about = (text: string | undefined, name: string) => {
  const lines = (text ?? "").split("\n")
  const from = lines.indexOf(name)
  const end = lines.indexOf("", from)
  return lines.slice(from + 1, end < 0 ? undefined : end)
}

describe("/stock", () => {
  it.effect("says of each pool where everything is", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* scene.say(chief, "/stock")
      const text = scene.read(chief).at(-1)
      assert.deepStrictEqual(about(text, "Mamba"), [
        "Готово к выдаче: 2 (М: 1, Ж: 1)",
        "На руках без отметки: 1",
        "Ждут записи в таблицу: 1",
        "Отложено, выдать нельзя: 1",
      ])
      assert.deepStrictEqual(about(text, "Номера"), [
        "Готово к выдаче: 1",
        "Не выдаются из-за даты: 2",
      ])
      assert.deepStrictEqual(about(text, "VK"), ["Готово к выдаче: 0"])
    }),
  )

  it.effect("… also what is in the trash, on its way back, and paused", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* scene.say(deputy, "/buffer_clear mamba")
      yield* scene.tap(deputy, "Очистить 2")
      yield* scene.say(deputy, "/buffer_release number")
      yield* scene.tap(deputy, "Вернуть в таблицу 3")
      yield* scene.say(deputy, "/pause number Ждём новые")
      yield* scene.say(chief, "/stock")
      const text = scene.read(chief).at(-1)
      assert.include(about(text, "Mamba"), "В корзине: 2, до 14:22 завтра")
      assert.deepStrictEqual(about(text, "Номера"), [
        "⏸ Выдача приостановлена: ID 2, 14:22",
        "Сотрудники читают: «Ждём новые»",
        "Готово к выдаче: 0",
        "Возвращаются в таблицу: 3",
      ])
    }),
  )

  it.effect("counts the proxies: free, reserved, ending soon", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      const [first] = (yield* add(scene, { count: 3 })).proxies
      yield* add(scene, { from: 10, until: "2026-11-24" })
      yield* add(scene, { from: 20, until: "2026-11-25" })
      if (first === undefined) return assert.fail("three were added")
      yield* scene.proxies.reserve({
        _tag: "Reserve",
        proxy: first.id,
        targets: ["vk"],
        by: anna,
        stage: "anna",
        message: { chatId: anna, messageId: 1 },
      })
      yield* scene.say(chief, "/stock")
      assert.deepStrictEqual(about(scene.read(chief).at(-1), "Прокси"), [
        "Свободно: 4",
        "Выбраны и ждут решения: 1",
        "Закончатся за два дня: 1",
      ])
    }),
  )

  it.effect("refreshed: a toast when nothing changed, the new counts when something did", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* scene.say(chief, "/stock")
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
      assert.strictEqual(scene.last(chief).edits, 0)
      yield* scene.load("vk", anItem("vk", "one"))
      const [fresh] = yield* scene.tap(chief, "🔄 Обновить")
      assert.isUndefined(fresh?.text)
      assert.deepStrictEqual(about(scene.read(chief).at(-1), "VK"), ["Готово к выдаче: 1"])
      const [again] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(again?.text, "Без изменений")
    }),
  )
})

describe("/who", () => {
  it.effect("lists what waits for a mark, the oldest first, with the end of each item only", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* TestClock.adjust("3 minutes")
      yield* scene.say(boris, "/menu")
      yield* scene.press(boris, "Номера", "⬜ Beboo", "Далее ›", "812", "1")
      yield* scene.say(chief, "/who")
      assert.strictEqual(
        scene.read(chief).at(-1),
        [
          "Кто что держит",
          "Без отметки: 2 единицы, первыми самые давние.",
          "",
          "14:22 · anna · Mamba › 495 · …com · сама отметится в 14:32",
          "14:25 · boris · Номера › 812 · …000 · сама отметится в 14:35",
        ].join("\n"),
      )
      yield* scene.tap(chief, "По людям")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen)[0], ["anna · 1", "boris · 1"])
      yield* scene.tap(chief, "boris · 1")
      assert.match(scene.read(chief).at(-1) ?? "", /boris: 1 единица\n\n14:25 · boris · Номера/)
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
    }),
  )

  it.effect("says when there is nothing, and when a message did not arrive", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(noon)
      yield* scene.say(chief, "/who")
      assert.match(scene.read(chief).at(-1) ?? "", /^Сейчас никто ничего не держит/)
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
      yield* scene.load("vk", anItem("vk", "one"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495")
      scene.telegram.fail("edit", { _tag: "Unsure" }, { chatId: anna, times: 9 })
      yield* scene.tap(anna, "1")
      yield* scene.tap(chief, "🔄 Обновить")
      assert.include(scene.read(chief).at(-1), "anna · VK › 495 · …com · сообщение не дошло")
    }),
  )

  it.effect("of many it shows people first; a person who let go of all leads back", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 50 })
      yield* TestClock.setTime(noon)
      const names = Array.from({ length: 31 }, (_, index) => `n${index}`)
      yield* scene.load("vk", ...names.map((name) => anItem("vk", name)))
      for (let given = 0; given < 31; given += 5) {
        yield* scene.say(anna, "/menu")
        yield* scene.press(anna, "VK", "495", given === 30 ? "1" : "5")
      }
      yield* scene.say(chief, "/who")
      assert.include(scene.read(chief).at(-1), "anna: 31 единица, самая давняя с 14:22")
      const { data, messageId } = scene.find(chief, "anna · 31")
      yield* scene.tap(chief, "anna · 31")
      assert.deepInclude(labelsOf(scene.last(chief).screen), ["1/2", "›"])
      yield* scene.tap(chief, "›")
      assert.deepInclude(labelsOf(scene.last(chief).screen), ["‹", "2/2"])
      yield* scene.tap(chief, "По людям")
      yield* scene.tap(chief, "Одним списком")
      assert.include(scene.read(chief).at(-1), "Без отметки: 31 единица")
      yield* TestClock.adjust("11 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      yield* scene.tapData(chief, messageId, data)
      assert.match(scene.read(chief).at(-1) ?? "", /^Сейчас никто ничего не держит/)
    }),
  )
})
