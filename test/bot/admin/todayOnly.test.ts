/** The switch between numbers of today and of any day, and who may press it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { aNumber, chief, deputy } from "../Scene.ts"

/** In stock: one of today, one of tomorrow, two of earlier days. */
const withNumbers = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
  const days = ["2026-11-22", "2026-11-23", "2026-11-21", "2026-10-01"]
  yield* scene.load("number", ...days.map((day, index) => aNumber(`7900000000${index}`, day)))
  return scene
})

/** The first admin has sent /numbers_today_mod. */
const asked = Effect.gen(function* () {
  const scene = yield* withNumbers
  yield* scene.say(chief, "/numbers_today_mod")
  return scene
})

const onText = (done: string, stock: ReadonlyArray<string>) =>
  [
    "Режим «Только сегодняшние»",
    "",
    "Номера",
    done,
    "Выдаются только номера с сегодняшней датой, 22.11.2026. Устаревшие бот сам возвращает в их вкладку таблицы, ничего не теряется.",
    ...stock,
  ].join("\n")

describe("/numbers_today_mod", () => {
  for (const command of [
    "/numbers_today_mod",
    "/numbers_today_mode",
    "/numbers_today_mod@account_bot",
  ]) {
    it.effect(`${command} shows the mode, what it means and what it keeps back`, () =>
      Effect.gen(function* () {
        const scene = yield* withNumbers
        yield* scene.say(chief, command)
        assert.strictEqual(
          scene.lastText(chief),
          onText("Режим включён.", ["На складе: 4", "Из них не выдаются из-за даты: 3"]),
        )
        assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Выключить"], ["☰ Меню"]])
      }),
    )
  }

  it.effect("off and on again: the message says what it did", () =>
    Effect.gen(function* () {
      const scene = yield* asked
      const { messageId } = scene.last(chief)
      yield* scene.tap(chief, "Выключить")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Режим «Только сегодняшние»",
          "",
          "Номера",
          "Режим выключен. Теперь выдаётся всё, что есть на складе.",
          "Выдаются номера с любой датой, начиная с тех, что раньше попали на склад. В таблицу ничего не возвращается.",
          "На складе: 4",
        ].join("\n"),
      )
      assert.isNull((yield* scene.pools.stock("number")).onlyDay)
      yield* scene.tap(chief, "Включить")
      assert.strictEqual(
        scene.lastText(chief),
        onText("Режим включён. Устаревшие номера, всего 2, возвращаются в «Номера».", [
          "На складе: 2",
          "Из них не выдаются из-за даты: 1",
          "Возвращаются в таблицу: 2",
        ]),
      )
      assert.strictEqual((yield* scene.pools.stock("number")).returning, 2)
      assert.strictEqual(scene.last(chief).messageId, messageId)
    }),
  )

  it.effect("pressed twice, or by two admins, it stays as it was set", () =>
    Effect.gen(function* () {
      const scene = yield* asked
      yield* scene.say(deputy, "/numbers_today_mod")
      const off = scene.find(chief, "Выключить")
      yield* scene.tap(deputy, "Выключить")
      for (const _ of ["once", "twice"]) {
        const answers = yield* scene.tapData(chief, off.messageId, off.data)
        assert.deepStrictEqual(
          answers.map(({ alert }) => alert),
          [undefined],
        )
        assert.include(scene.read(chief)[0], "Режим выключен.")
      }
      assert.deepStrictEqual(scene.read(chief).slice(1), [
        "📅 Номера: теперь выдаются с любой датой. Решение: Мария. Режим: /numbers_today_mod.",
      ])
      assert.lengthOf(scene.read(deputy), 1)
      assert.isNull((yield* scene.pools.stock("number")).onlyDay)
    }),
  )

  it.effect("nothing outdated: it says so", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 22))
      yield* scene.say(chief, "/numbers_today_mod")
      yield* scene.press(chief, "Выключить", "Включить")
      assert.include(scene.lastText(chief), "Режим включён. Устаревших на складе нет.")
    }),
  )

  it.effect("a disk that refuses is told of, and the mode stays", () =>
    Effect.gen(function* () {
      const scene = yield* asked
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "Выключить")
      assert.match(
        answer?.text ?? "",
        /^Диск бота сейчас не отвечает\. Ничего не выдано, не изменено/,
      )
      assert.isTrue(answer?.alert)
      assert.strictEqual((yield* scene.pools.stock("number")).onlyDay, "2026-11-22")
    }),
  )

  for (const data of ["td1:vk.on", "td1:gone.off"]) {
    it.effect(`${data}, of an admin: the button is out of date`, () =>
      Effect.gen(function* () {
        const scene = yield* asked
        const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
        assert.match(answer?.text ?? "", /^Кнопка устарела\. Ничего не изменилось/)
      }),
    )
  }
})
