/** What is empty or paused is said before it is chosen, with a way to wait for it at once. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Waitlist } from "../../../src/bot/Waitlist.ts"
import { type BaseCount, BaseStock } from "../../../src/pool/BaseStock.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { Day } from "../../../src/domain/Day.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, aNumber, chief, noon } from "../Scene.ts"
import { add } from "../proxyFixtures.ts"

const today = Day.make("2026-11-22")

/** All base tabs are counted, and are empty but for those that are named. */
const counted = (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
  rows: Record<string, Partial<BaseCount>> = {},
) =>
  Context.get(scene.context, BaseStock).counted(
    new Map(
      shippedCatalogue.resources.flatMap(({ baseTabs, dayBound }) =>
        baseTabs.map(({ title }) => {
          const onlyDay = dayBound === true ? today : null
          return [title, { rows: 0, onlyDay, at: noon, ...rows[title] }] as const
        }),
      ),
    ),
  )

const bare = Effect.fnUntraced(function* (rows: Record<string, Partial<BaseCount>> = {}) {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* counted(scene, rows)
  const waits = Context.get(scene.context, Waitlist).of(anna)
  return { ...scene, waits }
})

const labels = (scene: Effect.Success<typeof anyScene>) => labelsOf(scene.last(anna).screen)
const anyScene = bare()

describe("the menu", () => {
  it.effect("says what nobody can have, and nothing of what a refill may bring", () =>
    Effect.gen(function* () {
      const scene = yield* bare({ Rambler: { rows: 1 }, Одноклассники: { rows: 3 } })
      yield* scene.load("vk", "one")
      yield* scene.pools.manage("ok", { _tag: "Pause", note: "", admin: chief })
      yield* scene.say(anna, "/menu")
      assert.deepStrictEqual(labels(scene).slice(0, 3), [
        ["VK", "Mamba · нет"],
        ["OK · пауза", "Почты"],
        ["Номера · нет", "Прокси · нет"],
      ])
      yield* scene.tap(anna, "Почты")
      assert.deepStrictEqual(labels(scene)[0], ["Gmail · нет", "Rambler"])
      yield* scene.pools.manage("gmail", { _tag: "Pause", note: "", admin: chief })
      yield* scene.pools.manage("rambler", { _tag: "Pause", note: "", admin: chief })
      yield* add(scene)
      yield* scene.say(anna, "/menu")
      assert.deepStrictEqual(labels(scene).slice(1, 3), [
        ["OK · пауза", "Почты · пауза"],
        ["Номера · нет", "Прокси"],
      ])
    }),
  )

  it.effect("says it of the last request too, which still takes what has come since", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.load("mamba", "m", anItem("mamba", "f", { variant: "female" }))
      yield* scene.fromMenu(anna, "Mamba", "495", "1", "Ж")
      yield* scene.say(anna, "/menu")
      const label = "🔁 Ещё раз: Mamba › 495 › 1 шт. › Ж · нет"
      assert.deepStrictEqual(labels(scene)[0], [label])
      const { messageId, data } = scene.find(anna, label)
      yield* scene.tap(anna, label)
      assert.match(scene.lastText(anna), /Mamba: для региона 495 сейчас нет свободных/)
      assert.deepStrictEqual(labels(scene), [
        ["М: 1"],
        ["🔄 Проверить ещё раз"],
        ["🔔 Сообщить, когда появится"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.load("mamba", anItem("mamba", "g", { variant: "female" }))
      yield* scene.tapData(anna, messageId, data)
      assert.include(scene.lastText(anna), "g@example.com")
      yield* scene.tapData(anna, messageId, data)
      assert.lengthOf(yield* scene.pools.held(anna), 2)
      assert.include(scene.lastText(anna), "g@example.com")
    }),
  )
})

describe("what nobody can have", () => {
  it.effect("is waited for in two taps", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.fromMenu(anna, "OK · нет")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "OK",
          "",
          "OK: сейчас нет свободных. Ничего не выдано.",
          "На складе пусто, и из таблицы сейчас ничего не взять. Как только строки появятся, бот возьмёт их сам.",
          "Сообщить, когда появится? Выберите регион:",
        ].join("\n"),
      )
      assert.deepStrictEqual(labels(scene), [
        ["🔔 495", "🔔 812", "🔔 Крым"],
        ["🔄 Проверить ещё раз"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "🔔 812")
      assert.match(scene.lastText(anna), /^Сообщу, когда появится: OK › 812\./)
      const [wait] = yield* scene.waits
      assert.deepInclude(wait, { resource: "ok", region: "812", variant: null, quantity: 1 })
    }),
  )

  it.effect("of a kind that is asked for: the region, then the kind", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.fromMenu(anna, "Mamba · нет", "🔔 495")
      assert.match(scene.lastText(anna), /^Mamba › 495\n\nMamba: для региона 495 сейчас нет/)
      assert.deepStrictEqual(labels(scene)[0], ["🔔 М", "🔔 Ж", "🔔 Любой"])
      yield* scene.tap(anna, "🔔 Ж")
      assert.deepInclude((yield* scene.waits)[0], { region: "495", variant: "female" })
    }),
  )

  it.effect("for want of a date, with targets: the reason first, then the targets", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.load("number", aNumber("79000000001", "2026-11-23"))
      yield* scene.fromMenu(anna, "Номера · нет")
      assert.match(
        scene.lastText(anna),
        /Номера: сейчас нет свободных\. Ничего не выдано\. Выдаются только номера с сегодняшней датой, 22\.11\.2026; ещё 1 на складе с другой датой\. Можно подождать/,
      )
      yield* scene.press(anna, "⬜ Табор", "Далее ›", "🔔 495")
      assert.deepInclude((yield* scene.waits)[0], { resource: "number", targets: ["tabor"] })
    }),
  )

  it.effect("because it is paused: the admin's words", () =>
    Effect.gen(function* () {
      const scene = yield* bare({ ВКонтакте: { rows: 9 } })
      yield* scene.load("vk", "one")
      yield* scene.pools.manage("vk", { _tag: "Pause", note: "чистим", admin: chief })
      yield* scene.fromMenu(anna, "VK · пауза")
      assert.match(scene.lastText(anna), /приостановил администратор\. .*Причина: чистим/)
      yield* scene.tap(anna, "🔔 495")
      assert.lengthOf(yield* scene.waits, 1)
    }),
  )

  it.effect("is looked for in the sheet once more on a tap", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.fromMenu(anna, "VK · нет")
      const refill = yield* scene.pools.wanted.pipe(
        Effect.tap(() => scene.load("vk", "fresh")),
        Effect.flatMap(({ done }) => done),
        Effect.forkChild,
      )
      yield* scene.tap(anna, "🔄 Проверить ещё раз")
      assert.isDefined(refill)
      assert.strictEqual(scene.lastText(anna), "VK\n\nВыберите регион:")
      yield* scene.press(anna, "495", "1")
      assert.include(scene.lastText(anna), "fresh@example.com")
    }),
  )
})

describe("the steps", () => {
  it.effect("a region without any: why, the others, and a wait", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.load("vk", anItem("vk", "a", { region: "812" }))
      yield* scene.fromMenu(anna, "VK")
      assert.deepStrictEqual(labels(scene)[0], ["495 · нет", "812", "Крым · нет"])
      yield* scene.tap(anna, "495 · нет")
      assert.match(scene.lastText(anna), /^VK › 495\n\nVK: для региона 495 сейчас нет свободных/)
      assert.match(scene.lastText(anna), /Закреплено за регионами: 812: 1/)
      assert.deepStrictEqual(labels(scene), [
        ["812"],
        ["🔔 Сообщить, когда появится"],
        ["🔄 Проверить ещё раз"],
        ["‹ Назад", "✕ Отмена"],
      ])
      yield* scene.tap(anna, "812")
      assert.strictEqual(
        scene.lastText(anna),
        "VK › 812\n\nСейчас есть только 1.\n\nСколько нужно?",
      )
      yield* scene.tap(anna, "3")
      assert.match(scene.lastText(anna), /Выдано 1 из 3/)
    }),
  )

  it.effect("a variant without any, and one with fewer than are asked for", () =>
    Effect.gen(function* () {
      const scene = yield* bare()
      yield* scene.load("mamba", "a", "b")
      yield* scene.fromMenu(anna, "Mamba", "495")
      assert.include(scene.lastText(anna), "Сейчас есть только 2.")
      yield* scene.tap(anna, "3")
      assert.deepStrictEqual(labels(scene)[0], ["М · 2 шт.", "Ж · нет", "Любой · 2 шт."])
      yield* scene.tap(anna, "Ж · нет")
      assert.match(scene.lastText(anna), /Mamba: для региона 495 сейчас нет свободных/)
      yield* scene.tap(anna, "🔔 Сообщить, когда появится")
      assert.deepInclude((yield* scene.waits)[0], { variant: "female", quantity: 3 })
    }),
  )

  it.effect(
    "say nothing while the base tab still has rows, and after the count is of another day",
    () =>
      Effect.gen(function* () {
        const scene = yield* bare({ "Мамба Жен": { rows: 1 } })
        yield* scene.load("mamba", "a")
        yield* scene.fromMenu(anna, "Mamba", "495", "3")
        assert.deepStrictEqual(labels(scene)[0], ["М · 1 шт.", "Ж", "Любой"])
        yield* scene.say(anna, "/menu")
        assert.include(labels(scene).flat(), "Номера · нет")
        yield* TestClock.adjust("1 day")
        yield* scene.say(anna, "/menu")
        assert.include(labels(scene).flat(), "Номера")
      }),
  )
})
