/** /stock and /who: what they count, what they show of an item, and refreshing. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Day } from "../../../src/domain/Day.ts"
import type { Item } from "../../../src/domain/Item.ts"
import { BaseStock } from "../../../src/pool/BaseStock.ts"
import { Journal, StorageUnavailable } from "../../../src/store/Journal.ts"
import { aBooked } from "../../stats/fixtures.ts"
import { labelsOf } from "../FakeTelegram.ts"
import { add, afternoon } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { aNumber, anItem, anna, boris, chief, deputy } from "../Scene.ts"

const stocked = Effect.gen(function* () {
  const scene = yield* Scene.make({ pendingLimit: 50 })
  yield* TestClock.setTime(afternoon)
  // Both have been issued for a month, so that a pace can be told.
  const journal = Context.get(scene.context, Journal)
  const issuedAt = afternoon - 30 * 86_400_000
  const rows = ["vk", "mamba"].map((resource) =>
    aBooked({ id: `old-${resource}`, resource, issuedAt }),
  )
  yield* journal.write([{ _tag: "BooksImported", rows }])
  const variants = ["male", "male", "male", "female"]
  const items = variants.map((variant, index) => anItem("mamba", `login${index}`, { variant }))
  yield* scene.load("mamba", ...items)
  yield* scene.load("mamba", { ...anItem("mamba", "login0"), id: anItem("mamba", "twin").id })
  const days = ["2026-11-22", "2026-11-20", "2026-11-20"]
  yield* scene.load("number", ...days.map((day, at) => aNumber(`7900000000${at}`, day)))
  yield* scene.fromMenu(anna, "Mamba", "495", "2", "М", "1 ✅ Хороший")
  return scene
})

/** The lines about one resource. */
const about = (text: string | undefined, name: string) => {
  const lines = (text ?? "").split("\n")
  const from = lines.indexOf(name)
  const end = lines.indexOf("", from)
  return lines.slice(from + 1, end < 0 ? undefined : end)
}

const unknown = "Сколько в таблице строк, пока неизвестно"

/** So many rows in each tab, counted then. */
const count = (
  scene: Effect.Success<typeof stocked>,
  rows: Readonly<Record<string, number>>,
  at: number,
) => {
  const onlyDay = (tab: string) => (tab === "Номера" ? Day.make("2026-11-22") : null)
  const counts = Object.entries(rows).map(
    ([tab, found]) => [tab, { rows: found, onlyDay: onlyDay(tab), at }] as const,
  )
  return Context.get(scene.context, BaseStock).counted(new Map(counts))
}

/** Issues `rounds` times five. */
const issue = Effect.fnUntraced(function* (
  scene: Effect.Success<typeof stocked>,
  resource: string,
  rounds: number,
  items: ReadonlyArray<Item>,
) {
  yield* scene.load(resource, ...items)
  for (let n = 0; n < rounds; n++) {
    const messageId = scene.telegram.nextMessageId()
    yield* scene.pools.ask(resource, {
      _tag: "Issue",
      message: { chatId: boris, messageId },
      variant: null,
      region: "495",
      targets: [],
      quantity: 5,
      by: boris,
      stage: "boris",
    })
  }
})

const many = (resource: string, variant: string | null, size: number) =>
  Array.from({ length: size }, (_, n) => anItem(resource, `${variant}${n}`, { variant }))

describe("/stock", () => {
  it.effect("says of each pool where everything is", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* scene.say(chief, "/stock")
      const text = scene.lastText(chief)
      assert.deepStrictEqual(about(text, "Mamba"), [
        "Готово к выдаче: 2 (М: 1, Ж: 1)",
        unknown,
        "Уходит 0,3 в день",
        "На руках без отметки: 1 (М: 1)",
        "Ждут записи в таблицу: 1 (М: 1)",
        "Отложено, выдать нельзя: 1",
      ])
      assert.deepStrictEqual(about(text, "Номера"), [
        "Готово к выдаче: 1",
        unknown,
        "Не выдаются из-за даты: 2",
      ])
      assert.deepStrictEqual(about(text, "VK"), ["Готово к выдаче: 0", unknown])
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
      const text = scene.lastText(chief)
      assert.include(about(text, "Mamba"), "В корзине: 2, до 14:22 завтра")
      assert.deepStrictEqual(about(text, "Номера"), [
        "⏸ Выдача приостановлена: Мария, 14:22",
        "Сотрудники читают: «Ждём новые»",
        "Готово к выдаче: 0",
        unknown,
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
      assert.deepStrictEqual(about(scene.lastText(chief), "Прокси"), [
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
      yield* scene.load("vk", "one")
      const [fresh] = yield* scene.tap(chief, "🔄 Обновить")
      assert.isUndefined(fresh?.text)
      assert.deepStrictEqual(about(scene.lastText(chief), "VK"), ["Готово к выдаче: 1", unknown])
      const [again] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(again?.text, "Без изменений")
    }),
  )
})

describe("/stock, on what is left", () => {
  it.effect(
    "says how many rows the tabs have, when they were counted, and for how long all lasts",
    () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        yield* issue(scene, "vk", 4, many("vk", null, 35))
        yield* count(scene, { ВКонтакте: 3, "Мамба Муж": 80, "Мамба Жен": 1, Номера: 4 }, afternoon)
        yield* scene.say(chief, "/stock")
        const text = scene.lastText(chief)
        assert.deepStrictEqual(about(text, "VK").slice(0, 3), [
          "Готово к выдаче: 15",
          "В таблице ещё строк: 3 (в 14:22)",
          "Хватит примерно на 6 дней: уходит 2,9 в день",
        ])
        assert.deepStrictEqual(about(text, "Mamba").slice(0, 3), [
          "Готово к выдаче: 2 (М: 1, Ж: 1)",
          "В таблице ещё строк: 81 (М: 80, Ж: 1; в 14:22)",
          "Хватит примерно на 290 дней: уходит 0,3 в день (М: на 283 дня)",
        ])
        assert.deepStrictEqual(about(text, "Номера"), [
          "Готово к выдаче: 1",
          "В таблице ещё строк на сегодня: 4 (в 14:22)",
          "Не выдаются из-за даты: 2",
        ])
        assert.deepStrictEqual(about(text, "OK"), ["Готово к выдаче: 0", unknown])
      }),
  )

  it.effect("tells no forecast of what is issued for the first or second day", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* issue(scene, "ok", 4, many("ok", null, 35))
      yield* count(scene, { Одноклассники: 3 }, afternoon)
      yield* scene.say(chief, "/stock")
      const text = scene.lastText(chief)
      assert.deepStrictEqual(about(text, "OK").slice(0, 2), [
        "Готово к выдаче: 15",
        "В таблице ещё строк: 3 (в 14:22)",
      ])
      assert.notMatch(about(text, "OK").join(), /Хватит|Уходит/)
    }),
  )

  it.effect("says so when it lasts for less than a day, and the day of an old count", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* issue(scene, "vk", 6, many("vk", null, 32))
      yield* count(scene, { ВКонтакте: 1 }, afternoon - 86_400_000)
      yield* scene.say(chief, "/stock")
      assert.deepStrictEqual(about(scene.lastText(chief), "VK").slice(1, 3), [
        "В таблице ещё строк: 1 (на 21.11.2026 14:22)",
        "Запаса хватит меньше чем на день: уходит 4,3 в день",
      ])
    }),
  )

  it.effect("without the books says what there is, and that the pace is unknown", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({
        bend: (self) => ({
          ...self,
          tally: () =>
            Effect.fail(
              new StorageUnavailable({ operation: "tally", cause: new Error("planted") }),
            ),
        }),
      })
      yield* TestClock.setTime(afternoon)
      yield* scene.load("vk", "one")
      yield* count(scene, { ВКонтакте: 3 }, afternoon)
      yield* scene.say(chief, "/stock")
      const text = scene.lastText(chief)
      assert.match(text ?? "", /^Склад\nДиск бота сейчас не отвечает.*Ничего не потеряно\.\n/)
      assert.deepStrictEqual(about(text, "VK"), [
        "Готово к выдаче: 1",
        "В таблице ещё строк: 3 (в 14:22)",
      ])
    }),
  )
})

describe("/who", () => {
  it.effect("lists what waits for a mark, the oldest first, masked", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      yield* TestClock.adjust("3 minutes")
      yield* scene.fromMenu(boris, "Номера", "⬜ Beboo", "Далее ›", "812", "1")
      yield* scene.say(chief, "/who")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Кто что держит",
          "Без отметки: 2 штуки, первыми самые давние.",
          "",
          "1. 14:22 · anna · Mamba › 495 · login1@… · сама отметится в 14:32",
          "2. 14:25 · boris · Номера › 812 · …00-00 · сама отметится в 14:35",
        ].join("\n"),
      )
      yield* scene.tap(chief, "По людям")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen)[0], ["anna · 1", "boris · 1"])
      yield* scene.tap(chief, "boris · 1")
      assert.match(scene.lastText(chief), /boris: 1 штука\n\n1. 14:25 · boris · Номера/)
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
    }),
  )

  it.effect("says when there is nothing, and when a message did not arrive", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(afternoon)
      yield* scene.say(chief, "/who")
      assert.match(scene.lastText(chief), /^Сейчас ни у кого ничего нет на руках/)
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495")
      scene.telegram.fail("edit", { _tag: "Unsure" }, { chatId: anna, times: 9 })
      yield* scene.tap(anna, "1")
      yield* scene.tap(chief, "🔄 Обновить")
      assert.include(scene.lastText(chief), "anna · VK › 495 · one@… · сообщение не дошло")
    }),
  )

  it.effect("of many it shows people first; a person who let go of all leads back", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 50 })
      yield* TestClock.setTime(afternoon)
      const names = Array.from({ length: 31 }, (_, index) => `n${index}`)
      yield* scene.load("vk", ...names)
      for (let given = 0; given < 31; given += 5) {
        yield* scene.fromMenu(anna, "VK", "495", given === 30 ? "1" : "5")
      }
      yield* scene.say(chief, "/who")
      assert.include(scene.lastText(chief), "anna: 31 штука, самая давняя с 14:22")
      const { data, messageId } = scene.find(chief, "anna · 31")
      yield* scene.tap(chief, "anna · 31")
      assert.deepInclude(labelsOf(scene.last(chief).screen), ["1/2", "›"])
      yield* scene.tap(chief, "›")
      assert.deepInclude(labelsOf(scene.last(chief).screen), ["‹", "2/2"])
      yield* scene.tap(chief, "По людям")
      yield* scene.tap(chief, "Одним списком")
      assert.include(scene.lastText(chief), "Без отметки: 31 штука")
      yield* TestClock.adjust("11 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      yield* scene.tapData(chief, messageId, data)
      assert.match(scene.lastText(chief), /^Сейчас ни у кого ничего нет на руках/)
    }),
  )
})
