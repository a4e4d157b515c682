/** A word why: asked for by a button, said by a button or in one message, shown, and never forced. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Action } from "../../../src/bot/buttons.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, noon } from "../Scene.ts"

/** Anna holds two, and said of the second that it is blocked. */
const blocked = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "one", "two")
  yield* scene.fromMenu(anna, "VK", "495", "2")
  const { messageId } = scene.last(anna)
  const all = yield* scene.pools.held(anna)
  const second = all.find(({ item }) => item.key.startsWith("two"))
  if (second === undefined) throw new Error("two items were issued")
  const target = { resource: "vk", issuance: second.id }
  yield* scene.tapAction(anna, messageId, { _tag: "Mark", ...target, status: "block" })
  const ask = scene.tapAction(anna, messageId, { _tag: "Why", ...target })
  const comment = Effect.map(
    scene.pools.held(anna),
    (held) => held.find(({ id }) => id === second.id)?.mark?.comment,
  )
  /** The text of the message with the two items. */
  const batch = () =>
    scene.read(anna).find((text) => text.includes("one@example.com") && text.includes("two")) ?? ""
  return { ...scene, target, messageId, ask, comment, batch }
})

const first = (answers: ReadonlyArray<{ text?: string; alert?: boolean }>) => answers[0]?.text ?? ""

describe("a word why", () => {
  it.effect("is asked in a message of its own, with the usual reasons", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.ask
      assert.strictEqual(
        scene.lastText(anna),
        [
          "VK › 495, 2. Почему ⛔ Блок?",
          "Нажмите причину или напишите её одним сообщением, до 120 знаков. Она попадёт в таблицу и в статистику. Можно не отвечать.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["не входит", "бан"],
        ["код не пришёл"],
        ["✕ Не нужно"],
      ])
    }),
  )

  it.effect("is said by one message, shown in the batch, and changed by a button", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.ask
      yield* scene.say(anna, " просит \u200b<b>код</b> ")
      assert.strictEqual(scene.lastText(anna), "✍️ Записано: просит <b>код</b>.")
      assert.strictEqual(yield* scene.comment, "просит <b>код</b>")
      assert.include(scene.batch(), "⛔ Блок: просит <b>код</b>")
      yield* scene.ask
      assert.include(scene.lastText(anna), "Сейчас записано: просит <b>код</b>.")
      yield* scene.tap(anna, "бан")
      assert.strictEqual(scene.lastText(anna), "✍️ Записано: бан.")
      assert.strictEqual(yield* scene.comment, "бан")
      yield* scene.ask
      yield* scene.tap(anna, "✕ Убрать причину")
      assert.isUndefined(yield* scene.comment)
      assert.notInclude(scene.batch(), "Блок:")
    }),
  )

  it.effect("a reason on a button is read in the language of whoever reads", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.ask
      yield* scene.tap(anna, "не входит")
      yield* scene.say(anna, "/language")
      yield* scene.tap(anna, "English")
      yield* scene.ask
      assert.include(scene.lastText(anna), "Noted so far: login fails.")
      assert.strictEqual(yield* scene.comment, "не входит")
    }),
  )

  it.effect("what cannot be a reason is said, and the question stays", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.ask
      yield* scene.say(anna, "1.2.3.4:80:a:b\n1.2.3.5:80:a:b")
      assert.match(scene.lastText(anna), /^Здесь несколько строк/)
      yield* scene.say(anna, "я".repeat(121))
      assert.match(scene.lastText(anna), /^Это длиннее 120 знаков/)
      assert.isUndefined(yield* scene.comment)
      yield* scene.say(anna, "бан")
      assert.strictEqual(yield* scene.comment, "бан")
      yield* scene.say(anna, "ещё")
      assert.strictEqual(yield* scene.comment, "бан")
    }),
  )
})

describe("what was said", () => {
  it.effect("stands in the history, in the report with how often, and in both files", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.ask
      yield* scene.tap(anna, "бан")
      yield* scene.fromMenu(anna, "Мои выдачи")
      assert.include(scene.lastText(anna), "⛔ Блок: бан")
      yield* scene.tap(anna, "🕘 История")
      assert.include(scene.lastText(anna), "⛔ Блок: бан")
      yield* scene.say(chief, "/export vk сегодня")
      const fileOf = () => scene.last(chief).document?.text ?? ""
      assert.match(fileOf(), /;Блок;.*;бан\r\n/)
      yield* scene.say(chief, "/menu")
      const report = {
        resource: "vk",
        variant: null,
        region: null,
        period: "day",
        view: "total",
        whose: "all",
      } as const
      const { messageId } = scene.last(chief)
      yield* scene.tapAction(chief, messageId, { _tag: "StatsReport", ...report })
      assert.include(scene.lastText(chief), "Причины: 1\n⛔ бан: 1")
      yield* scene.tapAction(chief, messageId, { _tag: "StatsCsv", ...report })
      assert.include(fileOf(), ";Причины › Блок;бан;1;")
    }),
  )
})

describe("a text that was meant for something else", () => {
  const ways: ReadonlyArray<[what: string, (scene: Effect.Success<typeof blocked>) => unknown]> = [
    ["after another button", (scene) => scene.tap(anna, "✕ Не нужно")],
    ["after a mark", (scene) => scene.tapAction(anna, scene.messageId, { _tag: "Menu" })],
    ["after a command", (scene) => scene.say(anna, "/my")],
    ["five minutes later", () => TestClock.adjust("301 seconds")],
    ["of somebody else", () => Effect.void],
  ]
  for (const [what, between] of ways) {
    it.effect(`${what} is no reason`, () =>
      Effect.gen(function* () {
        const scene = yield* blocked
        yield* scene.ask
        // Each way is an effect; only what it answers differs.
        yield* between(scene) as Effect.Effect<unknown>
        yield* scene.say(what === "of somebody else" ? boris : anna, "495")
        assert.isUndefined(yield* scene.comment)
        assert.notInclude(scene.batch(), "Блок:")
      }),
    )
  }
})

describe("a reason that is refused", () => {
  it.effect("by somebody else, before a mark, of a status without reasons, after a day", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.say(boris, "/menu")
      const why: Action = { _tag: "Why", ...scene.target }
      const is: Action = { _tag: "WhyIs", ...scene.target, status: "block", reason: "1" }
      const own = scene.last(boris).messageId
      assert.match(first(yield* scene.tapAction(boris, own, why)), /^Это чужая кнопка/)
      assert.match(first(yield* scene.tapAction(boris, own, is)), /^Это чужая кнопка/)
      yield* scene.tapAction(anna, scene.messageId, {
        _tag: "Correct",
        ...scene.target,
        status: "good",
      })
      assert.match(first(yield* scene.ask), /^Отметка уже другая/)
      assert.match(first(yield* scene.tapAction(anna, scene.messageId, is)), /^Отметка уже другая/)
      yield* scene.tapAction(anna, scene.messageId, { _tag: "Undo", ...scene.target })
      assert.match(first(yield* scene.ask), /^Отметки ещё нет/)
      assert.isUndefined(yield* scene.comment)
    }),
  )

  it.effect("after a day, where the status changed meanwhile, and by a disk that fails", () =>
    Effect.gen(function* () {
      const scene = yield* blocked
      yield* scene.ask
      yield* scene.pools.ask("vk", {
        _tag: "Correct",
        id: scene.target.issuance,
        status: "good",
        by: chief,
        admin: true,
      })
      yield* scene.say(anna, "бан")
      assert.match(scene.lastText(anna), /^Отметка уже другая/)
      yield* scene.pools.ask("vk", {
        _tag: "Correct",
        id: scene.target.issuance,
        status: "block",
        by: anna,
        admin: false,
      })
      yield* scene.ask
      scene.disk.failing = true
      yield* scene.say(anna, "бан")
      assert.match(scene.lastText(anna), /^Диск бота сейчас не отвечает/)
      scene.disk.failing = false
      yield* TestClock.adjust("25 hours")
      assert.match(first(yield* scene.ask), /^Сутки прошли/)
    }),
  )
})
