/** Pausing and resuming a resource, by command and by button. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Scene from "../Scene.ts"
import { anna, chief, deputy } from "../Scene.ts"

const afternoon = Date.UTC(2026, 10, 22, 11, 32)

const open = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(afternoon)
  yield* scene.load("vk", "one")
  return scene
})

describe("/pause and /resume", () => {
  it.effect("with a text: nothing is issued, and people read the text", () =>
    Effect.gen(function* () {
      const scene = yield* open
      // The person has come to the last step before the pause.
      yield* scene.fromMenu(anna, "VK", "495")
      yield* scene.say(chief, "/pause ВК Меняем <пароли>,\nвернёмся в 16:00")
      assert.match(scene.lastText(chief), /^Такого ресурса здесь нет/)
      yield* scene.say(chief, "/pause vk Меняем <пароли>,\nвернёмся в 16:00")
      assert.include(
        scene.lastText(chief),
        "Сотрудники читают: «Меняем <пароли>, вернёмся в 16:00»",
      )
      assert.deepStrictEqual((yield* scene.pools.stock("vk")).paused, {
        note: "Меняем <пароли>, вернёмся в 16:00",
        by: chief,
        at: afternoon,
      })
      yield* scene.tap(anna, "1")
      assert.include(scene.lastText(anna), "Причина: Меняем <пароли>, вернёмся в 16:00")
      assert.deepStrictEqual(yield* scene.pools.held(anna), [])
      assert.deepStrictEqual(scene.read(deputy), ["⏸ VK: выдача приостановлена. Решение: Ольга."])
      yield* scene.say(deputy, "/resume VK")
      assert.match(scene.lastText(deputy), /^VK: выдача возобновлена/)
      assert.strictEqual(scene.lastText(chief), "▶️ VK: выдача возобновлена. Решение: Мария.")
      assert.isNull((yield* scene.pools.stock("vk")).paused)
    }),
  )

  it.effect("a name of more words, of either language, in any case", () =>
    Effect.gen(function* () {
      const scene = yield* open
      for (const [name, id] of [
        ["НОМЕРА", "number"],
        ["numbers", "number"],
        ["number", "number"],
        ["одноклассники", "ok"],
        ["вконтакте", "vk"],
        ["Мамба  муж", "mamba"],
      ] as const) {
        yield* scene.say(chief, `/pause ${name}: до вечера`)
        const { paused } = yield* scene.pools.stock(id)
        assert.strictEqual(paused?.note, "до вечера", name)
        yield* scene.say(chief, `/resume ${name}`)
        assert.isNull((yield* scene.pools.stock(id)).paused, name)
      }
    }),
  )

  it.effect("200 characters fit, 201 do not", () =>
    Effect.gen(function* () {
      const scene = yield* open
      yield* scene.say(chief, `/pause vk ${"ж".repeat(201)}`)
      assert.match(scene.lastText(chief), /знаков: 201, а помещается 200/)
      assert.isNull((yield* scene.pools.stock("vk")).paused)
      yield* scene.say(chief, `/pause vk ${"ж".repeat(200)}`)
      assert.strictEqual((yield* scene.pools.stock("vk")).paused?.note, "ж".repeat(200))
    }),
  )

  for (const command of ["/pause", "/resume"]) {
    it.effect(`${command} alone: a button for each resource`, () =>
      Effect.gen(function* () {
        const scene = yield* open
        yield* scene.say(chief, command)
        assert.match(scene.lastText(chief), /^Приостановка выдачи\n/)
        const { messageId } = scene.last(chief)
        yield* scene.tap(chief, "⏸ Приостановить: VK")
        assert.strictEqual((yield* scene.pools.stock("vk")).paused?.by, chief)
        yield* scene.press(chief, "‹ Все ресурсы", "▶️ Возобновить выдачу: VK")
        assert.isNull((yield* scene.pools.stock("vk")).paused)
        assert.strictEqual(scene.last(chief).messageId, messageId)
        assert.lengthOf(scene.read(deputy), 2)
      }),
    )
  }

  it.effect("a button pressed late keeps the text of somebody else and tells nobody", () =>
    Effect.gen(function* () {
      const scene = yield* open
      yield* scene.say(deputy, "/pause")
      yield* scene.say(chief, "/pause vk Проверяем")
      const heard = scene.read(chief).length
      const [answer] = yield* scene.tap(deputy, "⏸ Приостановить: VK")
      assert.strictEqual(answer?.text, "Выдача уже была приостановлена, ничего не изменилось")
      assert.strictEqual((yield* scene.pools.stock("vk")).paused?.note, "Проверяем")
      assert.lengthOf(scene.read(chief), heard)
      yield* scene.tap(deputy, "▶️ Возобновить выдачу")
      const [again] = yield* scene.tapAction(deputy, scene.last(deputy).messageId, {
        _tag: "Resume",
        resource: "vk",
      })
      assert.strictEqual(again?.text, "Выдача уже шла, ничего не изменилось")
      assert.lengthOf(scene.read(chief), heard + 1)
    }),
  )

  it.effect("two admins at once pause once", () =>
    Effect.gen(function* () {
      const scene = yield* open
      const admins = [chief, deputy]
      yield* Effect.forEach(admins, (admin) => scene.say(admin, "/pause"))
      const answers = yield* Effect.forEach(
        admins,
        (admin) => scene.tap(admin, "⏸ Приостановить: VK"),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(
        answers.flat().filter(({ text }) => text !== undefined),
        1,
      )
    }),
  )

  it.effect("a disk that refuses: nothing is paused, by command or by button", () =>
    Effect.gen(function* () {
      const scene = yield* open
      yield* scene.say(chief, "/pause")
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "⏸ Приостановить: VK")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает\./)
      yield* scene.say(chief, "/pause vk текст")
      assert.match(scene.lastText(chief), /^Диск бота сейчас не отвечает\./)
      assert.isNull((yield* scene.pools.stock("vk")).paused)
      assert.deepStrictEqual(scene.read(deputy), [])
    }),
  )

  it.effect("survives a restart", () =>
    Effect.gen(function* () {
      const before = yield* open
      yield* before.say(chief, "/pause vk Ждём")
      const scene = yield* Scene.make({ disk: before.disk, telegram: before.telegram })
      yield* scene.say(deputy, "/pause")
      assert.include(
        scene.lastText(deputy),
        "VK: ⏸ выдача приостановлена: Ольга, 14:32\nСотрудники читают: «Ждём»",
      )
    }),
  )
})
