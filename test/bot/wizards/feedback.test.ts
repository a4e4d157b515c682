/** Marks, undo, correction and replacement, by their buttons. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { type Action, encodeAction } from "../../../src/bot/buttons.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, noon } from "../Scene.ts"

const withOne = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "one", "two")
  yield* scene.fromMenu(anna, "VK", "495", "1")
  const [issuance] = yield* scene.pools.held(anna)
  if (issuance === undefined) throw new Error("nothing was issued")
  const target = { resource: "vk", issuance: issuance.id }
  const { messageId } = scene.last(anna)
  return { ...scene, target, messageId }
})

const alertsOf = (answers: ReadonlyArray<{ text?: string; alert?: boolean }>) =>
  answers.map(({ text, alert }) => `${alert === true ? "alert" : "toast"}: ${text}`)

describe("feedback", () => {
  it.effect("a mark is shown, can be taken back, and a replacement is offered for a block", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      assert.deepStrictEqual(alertsOf(yield* scene.tap(anna, "⛔ Блок")), [
        "toast: Отмечено: ⛔ Блок",
      ])
      assert.include(scene.lastText(anna), "⛔ Блок. Заменить?")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["1 ⛔ Блок", "отменить", "изменить"],
        ["Заменить?", "Да", "Нет"],
        ["☰ Меню"],
      ])
      assert.deepStrictEqual(alertsOf(yield* scene.tap(anna, "отменить")), ["toast: Отметка снята"])
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 Пароль"],
        ["⛔ Блок", "✅ Хороший", "🛠 Дефектный"],
        ["☰ Меню"],
      ])
      assert.include(scene.lastText(anna), "подтвердится сам в 12:10")
    }),
  )

  it.effect("a replacement appears in the same message, and is delivered by it", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.press(anna, "⛔ Блок", "Да")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "VK › 495 › 1 шт.",
          "",
          "1.",
          "Логин: one@example.com",
          "⛔ Блок, замена: 2",
          "",
          "2. замена для 1",
          "Логин: two@example.com",
          "Пароль: secret-two",
          "⏳ подтвердится сам в 12:10",
          "",
          "Нажмите на значение, чтобы скопировать.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 2"],
        ["1 ⛔ Блок", "изменить"],
        ["2 ⛔ Блок", "2 ✅ Хороший", "2 🛠 Дефектный"],
        ["☰ Меню"],
      ])
      const held = yield* scene.pools.held(anna)
      assert.deepStrictEqual(
        held.map(({ delivery }) => delivery),
        ["delivered", "delivered"],
      )
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  it.effect("a second tap for a replacement gives no second item", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.tap(anna, "⛔ Блок")
      const replace: Action = { _tag: "Replace", ...scene.target }
      yield* scene.tapAction(anna, scene.messageId, replace)
      yield* scene.tapAction(anna, scene.messageId, replace)
      assert.lengthOf(yield* scene.pools.held(anna), 2)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 0)
    }),
  )
})

describe("second thoughts", () => {
  it.effect("no replacement: the mark stands, the message says so", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.fromMenu(boris, "VK", "495", "1")
      yield* scene.tap(anna, "⛔ Блок")
      assert.deepStrictEqual(alertsOf(yield* scene.tapInVain(anna, "Да")), [
        "toast: ⏳ Смотрю в таблицу…",
      ])
      assert.include(scene.lastText(anna), "Замены сейчас нет. Отметка сохранена")
      assert.include(labelsOf(scene.last(anna).screen).flat(), "Да")
    }),
  )

  it.effect("a disk that fails while the sheet is asked for a replacement is told of", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.fromMenu(boris, "VK", "495", "1")
      yield* scene.tap(anna, "⛔ Блок")
      const before = scene.read(anna).length
      const tap = yield* Effect.forkChild(scene.tap(anna, "Да"), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      scene.disk.failing = true
      const { issuance } = scene.target
      const pending = (yield* scene.pools.held(boris))[0]!.id
      yield* Effect.exit(
        scene.pools.ask("vk", {
          _tag: "Confirm",
          id: pending,
          status: "good",
          by: boris,
          admin: false,
        }),
      )
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(alertsOf(yield* Fiber.join(tap)), ["toast: ⏳ Смотрю в таблицу…"])
      assert.match(scene.read(anna)[before] ?? "", /^Диск бота сейчас не отвечает/)
      const [held] = yield* scene.pools.held(anna)
      assert.deepInclude(held, { id: issuance, replacedBy: null })
    }),
  )

  it.effect("declined is declined", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.press(anna, "⛔ Блок", "Нет")
      assert.notInclude(labelsOf(scene.last(anna).screen).flat(), "Да")
      assert.notInclude(scene.lastText(anna), "Заменить?")
    }),
  )

  it.effect("a correction: choose, or leave it by tapping the same status", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.press(anna, "✅ Хороший")
      yield* TestClock.adjust("11 minutes")
      yield* scene.tap(anna, "изменить")
      assert.include(scene.lastText(anna), "✅ Хороший. Какая отметка верная?")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[1], [
        "⛔ Блок",
        "✅ Хороший",
        "🛠 Дефектный",
      ])
      yield* scene.tap(anna, "✅ Хороший")
      // Ten minutes are over: it can be changed, no more undone.
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[1], ["1 ✅ Хороший", "изменить"])
      yield* scene.press(anna, "изменить", "🛠 Дефектный")
      const [issuance] = yield* scene.pools.held(anna)
      assert.strictEqual(issuance?.mark?.status, "defect")
      assert.include(scene.lastText(anna), "🛠 Дефектный")
    }),
  )
})

describe("feedback that is refused", () => {
  const refusals: ReadonlyArray<
    [what: string, action: (target: { resource: string; issuance: never }) => Action, alert: string]
  > = [
    [
      "another mark",
      (target) => ({ _tag: "Mark", ...target, status: "good" }),
      "alert: Уже отмечено: ⛔ Блок. Новая отметка не поставлена; чтобы поправить, нажмите «изменить».",
    ],
    [
      "a status that is no more",
      (target) => ({ _tag: "Correct", ...target, status: "gone" }),
      "alert: Такой отметки больше нет. Ничего не изменилось, кнопки обновлены.",
    ],
    [
      "a pool it does not belong to",
      (target) => ({ _tag: "Undo", ...target, resource: "ok" }),
      "alert: Кнопка устарела: эта выдача давно закрыта и записана. Ничего не изменилось, свежее видно в /my.",
    ],
    [
      "a change in a pool it does not belong to",
      (target) => ({ _tag: "Change", ...target, resource: "ok" }),
      "alert: Кнопка устарела: эта выдача давно закрыта и записана. Ничего не изменилось, свежее видно в /my.",
    ],
  ]
  for (const [what, action, alert] of refusals) {
    it.effect(`${what} is refused with one alert`, () =>
      Effect.gen(function* () {
        const scene = yield* withOne
        yield* scene.tap(anna, "⛔ Блок")
        // The id has the type of its schema; the table needs it for any issuance.
        const target = scene.target as { resource: string; issuance: never }
        const answers = yield* scene.tapAction(anna, scene.messageId, action(target))
        assert.deepStrictEqual(alertsOf(answers), [alert])
        const [issuance] = yield* scene.pools.held(anna)
        assert.strictEqual(issuance?.mark?.status, "block")
        assert.include(scene.lastText(anna), "⛔ Блок. Заменить?")
      }),
    )
  }

  it.effect("undo after ten minutes is refused, and the button goes", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.tap(anna, "⛔ Блок")
      yield* TestClock.adjust("601 seconds")
      assert.deepStrictEqual(alertsOf(yield* scene.tap(anna, "отменить")), [
        "alert: Десять минут прошли, снять отметку уже нельзя. Её можно изменить.",
      ])
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["1 ⛔ Блок", "изменить"])
    }),
  )

  for (const tag of ["Mark", "Correct", "Undo", "Change", "Replace", "Decline"] as const) {
    it.effect(`${tag} by somebody else changes nothing`, () =>
      Effect.gen(function* () {
        const scene = yield* withOne
        if (tag !== "Mark") yield* scene.tap(anna, "⛔ Блок")
        yield* scene.say(boris, "/menu")
        const { messageId } = scene.last(boris)
        const before = yield* scene.pools.held(anna)
        const action: Action =
          tag === "Mark" || tag === "Correct"
            ? { _tag: tag, ...scene.target, status: "good" }
            : { _tag: tag, ...scene.target }
        const [answer] = alertsOf(yield* scene.tapAction(boris, messageId, action))
        assert.match(answer ?? "", /^alert: (Это чужая кнопка|Кнопка устарела)/)
        assert.deepStrictEqual(yield* scene.pools.held(anna), before)
        assert.notInclude(scene.read(boris).join(), "one@example.com")
      }),
    )
  }

  it.effect("a forged place does not help: the button stays its holder's", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.tap(anna, "⛔ Блок")
      const { edits } = scene.last(anna)
      yield* scene.handler.handle({
        _tag: "Tap",
        userId: boris,
        chatId: anna,
        messageId: scene.messageId,
        callbackId: "forged",
        data: encodeAction({ _tag: "Change", ...scene.target }),
      })
      assert.match(scene.telegram.answers.at(-1)?.text ?? "", /^Это чужая кнопка/)
      assert.strictEqual(scene.last(anna).edits, edits)
    }),
  )

  it.effect("an admin may mark for the holder, whose message shows it", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.say(chief, "/menu")
      const { messageId } = scene.last(chief)
      yield* scene.tapAction(chief, messageId, { _tag: "Mark", ...scene.target, status: "good" })
      assert.include(scene.lastText(anna), "✅ Хороший")
      assert.notInclude(scene.read(chief).join(), "one@example.com")
    }),
  )

  it.effect("a disk that refuses: one alert, nothing marked", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      scene.disk.failing = true
      const [answer] = alertsOf(yield* scene.tap(anna, "⛔ Блок"))
      assert.match(answer ?? "", /^alert: Диск бота сейчас не отвечает/)
      const [issuance] = yield* scene.pools.held(anna)
      assert.isNull(issuance?.mark ?? null)
    }),
  )
})
