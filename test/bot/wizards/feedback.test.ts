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
        ["отменить", "изменить"],
        ["✍️ Почему?"],
        ["Да, заменить", "Нет"],
        ["☰ Меню"],
      ])
      assert.deepStrictEqual(alertsOf(yield* scene.tap(anna, "отменить")), ["toast: Отметка снята"])
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📋 Пароль"],
        ["⛔ Блок", "✅ Хороший", "🛠 Дефектный"],
        ["+10 минут", "➡️ Передать", "☰ Меню"],
      ])
      assert.include(scene.lastText(anna), "подтвердится сам в 12:10")
    }),
  )

  it.effect("a replacement appears in the same message, and is delivered by it", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.press(anna, "⛔ Блок", "Да, заменить")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "VK › 495 › 1 шт.",
          "",
          "1. one@example.com · ⛔ Блок, замена: 2",
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
        ["📋 Пароль 2"],
        ["1 ⛔ Блок", "изменить"],
        ["2 ⛔ Блок", "2 ✅ Хороший", "2 Дефектный"],
        ["+10 минут", "➡️ Передать", "☰ Меню"],
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
      assert.deepStrictEqual(alertsOf(yield* scene.tapInVain(anna, "Да, заменить")), [
        "toast: ⏳ Смотрю в таблицу…",
      ])
      assert.include(scene.lastText(anna), "Замены сейчас нет. Отметка сохранена")
      assert.include(labelsOf(scene.last(anna).screen).flat(), "Да, заменить")
    }),
  )

  it.effect("a disk that fails while the sheet is asked for a replacement is told of", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      yield* scene.fromMenu(boris, "VK", "495", "1")
      yield* scene.tap(anna, "⛔ Блок")
      const before = scene.read(anna).length
      const tap = yield* Effect.forkChild(scene.tap(anna, "Да, заменить"), {
        startImmediately: true,
      })
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
      assert.notInclude(labelsOf(scene.last(anna).screen).flat(), "Да, заменить")
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
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[1], ["изменить"])
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
      "alert: Кнопка устарела: эта выдача давно закрыта. Ничего не изменилось, свежее видно в /my.",
    ],
    [
      "a change in a pool it does not belong to",
      (target) => ({ _tag: "Change", ...target, resource: "ok" }),
      "alert: Кнопка устарела: эта выдача давно закрыта. Ничего не изменилось, свежее видно в /my.",
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
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["изменить"])
    }),
  )

  for (const tag of [
    "Mark",
    "Correct",
    "Undo",
    "Change",
    "Replace",
    "Decline",
    "Look",
    "Fold",
    "AskRest",
    "UndoTogether",
  ] as const) {
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

const withFive = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "w301", "w302", "w303", "w304", "w305", "w306")
  yield* scene.fromMenu(anna, "VK", "495", "5")
  const { messageId } = scene.last(anna)
  const marks = Effect.map(scene.pools.held(anna), (held) =>
    held
      .toSorted((a, b) => a.item.key.localeCompare(b.item.key))
      .map(({ mark }) => mark?.status ?? "-")
      .join(" "),
  )
  const labels = () => labelsOf(scene.last(anna).screen)
  return { ...scene, messageId, marks, labels }
})

describe("more time", () => {
  it.effect("is given to all open items by one tap, and the message and the timer know", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.press(anna, "3", "3 ✅ Хороший")
      const button = scene.find(anna, "+10 минут")
      const press = scene.tapData(anna, button.messageId, button.data)
      assert.deepStrictEqual(alertsOf(yield* press), ["toast: Отметится сам не раньше 12:20"])
      assert.include(scene.lastText(anna), "Сами станут «Хороший» в 12:20")
      // The same button again, as a person who taps twice presses it.
      assert.deepStrictEqual(alertsOf(yield* press), ["toast: Отметится сам не раньше 12:20"])
      yield* TestClock.adjust("11 minutes")
      yield* scene.tap(anna, "+10 минут")
      assert.include(scene.lastText(anna), "Сами станут «Хороший» в 12:30")
      assert.notInclude(scene.labels().flat(), "+10 минут")
      yield* TestClock.adjust("18 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      assert.strictEqual(yield* scene.marks, "- - good - -")
      yield* TestClock.adjust("1 minute")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      assert.strictEqual(yield* scene.marks, "good good good good good")
    }),
  )

  it.effect("comes too late once the time is over, and is nobody else's but an admin's", () =>
    Effect.gen(function* () {
      const scene = yield* withOne
      const button = scene.find(anna, "+10 минут")
      const [foreign] = yield* scene.tapData(boris, button.messageId, button.data)
      assert.include(foreign?.text, "Это чужая кнопка")
      yield* scene.tapData(chief, button.messageId, button.data)
      assert.include(scene.lastText(anna), "подтвердится сам в 12:20")
      const again = scene.find(anna, "+10 минут")
      yield* TestClock.adjust("20 minutes")
      const [late] = yield* scene.tapData(anna, again.messageId, again.data)
      assert.include(late?.text, "Больше времени не добавить")
    }),
  )

  it.effect("is not offered while the question about the rest is asked", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.tap(anna, "✅ Остальные: Хороший")
      assert.notInclude(scene.labels().flat(), "+10 минут")
    }),
  )
})

describe("a batch of five", () => {
  it.effect("has a line for each, and four rows of buttons", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      assert.strictEqual(
        scene.lastText(anna),
        [
          "VK › 495 › 5 шт.",
          "",
          ...[1, 2, 3, 4, 5].map((n) => `${n}. w30${n}@example.com · secret-w30${n}`),
          "",
          "⏳ Сами станут «Хороший» в 12:10",
          "Значение копируется касанием. Чтобы отметить, нажмите номер.",
        ].join("\n"),
      )
      assert.deepStrictEqual(scene.labels(), [
        ["📋 Всё: Логин:Пароль"],
        ["1", "2", "3", "4", "5"],
        ["✅ Остальные: Хороший"],
        ["+10 минут", "☰ Меню"],
      ])
      assert.deepStrictEqual(scene.last(anna).screen.keyboard[0], [
        {
          kind: "copy",
          text: "📋 Всё: Логин:Пароль",
          copies: [1, 2, 3, 4, 5].map((n) => `w30${n}@example.com:secret-w30${n}`).join("\n"),
        },
      ])
    }),
  )

  it.effect("a number shows one whole, to copy and to mark in two taps", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.tap(anna, "3")
      assert.include(scene.lastText(anna), "3.\nЛогин: w303@example.com\nПароль: secret-w303")
      assert.deepStrictEqual(scene.labels(), [
        ["📋 Логин 3", "📋 Пароль 3"],
        ["1", "2", "‹ 3 ›", "4", "5"],
        ["3 ⛔ Блок", "3 ✅ Хороший", "3 Дефектный"],
        ["✅ Остальные: Хороший"],
        ["+10 минут", "➡️ Передать", "☰ Меню"],
      ])
      yield* scene.tap(anna, "3 ⛔ Блок")
      assert.strictEqual(yield* scene.marks, "- - block - -")
      assert.include(scene.lastText(anna), "\n3. w303@example.com · ⛔ Блок. Заменить?\n")
      assert.notInclude(scene.lastText(anna), "secret-w303")
      assert.deepStrictEqual(scene.labels().slice(1, 5), [
        ["1", "2", "3 ⛔", "4", "5"],
        ["3 ⛔ Блок", "отменить", "изменить"],
        ["3 ✍️ Почему?"],
        ["3 Да, заменить", "3 Нет"],
      ])
      yield* scene.press(anna, "3 Да, заменить")
      assert.include(scene.lastText(anna), "3. w303@example.com · ⛔ Блок, замена: 6\n")
      assert.include(scene.lastText(anna), "6. w306@example.com · secret-w306 · замена для 3")
    }),
  )

  it.effect("a second tap on the number folds it again", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      const before = scene.lastText(anna)
      yield* scene.press(anna, "2", "‹ 2 ›")
      assert.strictEqual(scene.lastText(anna), before)
      assert.strictEqual(yield* scene.marks, "- - - - -")
    }),
  )

  it.effect("the rest is marked after one question, and taken back at once or one by one", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.press(anna, "3", "3 ⛔ Блок")
      yield* TestClock.adjust("1 second")
      yield* scene.tap(anna, "✅ Остальные: Хороший")
      assert.match(scene.lastText(anna), /\n\nОтметить ✅ Хороший: 1, 2, 4, 5\?$/)
      assert.deepStrictEqual(scene.labels().slice(1), [["Да, отметить 4"], ["Нет"], ["☰ Меню"]])
      assert.strictEqual(yield* scene.marks, "- - block - -")
      yield* scene.tap(anna, "Нет")
      assert.strictEqual(yield* scene.marks, "- - block - -")
      assert.deepStrictEqual(
        alertsOf(
          yield* Effect.andThen(
            scene.tap(anna, "✅ Остальные: Хороший"),
            scene.tap(anna, "Да, отметить 4"),
          ),
        ),
        ["toast: Отмечено ✅ Хороший: 4"],
      )
      assert.strictEqual(yield* scene.marks, "good good block good good")
      yield* scene.press(anna, "2 ✅", "отменить")
      assert.strictEqual(yield* scene.marks, "good - block good good")
      yield* scene.tap(anna, "отменить отметки: 1, 4, 5")
      assert.strictEqual(yield* scene.marks, "- - block - -")
      const held = yield* scene.pools.held(anna)
      assert.isTrue(held.every(({ mark }) => mark === null || mark.by === anna))
    }),
  )

  it.effect("five good ones are two taps, and a double tap or a replay changes nothing", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.tap(anna, "✅ Остальные: Хороший")
      const { data } = scene.find(anna, "Да, отметить 5")
      yield* scene.tapData(anna, scene.messageId, data)
      assert.strictEqual(yield* scene.marks, "good good good good good")
      const seqs = scene.disk.commits
      assert.deepStrictEqual(alertsOf(yield* scene.tapData(anna, scene.messageId, data)), [
        "toast: Отмечать вместе больше нечего.",
      ])
      assert.strictEqual(scene.disk.commits, seqs)
      // Taken back for two of them: the old yes was to other items, so it asks anew.
      yield* scene.press(anna, "1 ✅", "отменить", "4 ✅", "отменить")
      const [again] = alertsOf(yield* scene.tapData(anna, scene.messageId, data))
      assert.match(again ?? "", /^toast: Пока вы думали/)
      assert.strictEqual(yield* scene.marks, "- good good - good")
      assert.include(scene.lastText(anna), "Отметить ✅ Хороший: 1, 4?")
    }),
  )

  it.effect("marks nothing of the rest while the disk refuses", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.tap(anna, "✅ Остальные: Хороший")
      scene.disk.failing = true
      const [answer] = alertsOf(yield* scene.tap(anna, "Да, отметить 5"))
      assert.match(answer ?? "", /^alert: Диск бота сейчас не отвечает/)
      assert.strictEqual(yield* scene.marks, "- - - - -")
    }),
  )

  it.effect("follows the timer, whatever it shows", () =>
    Effect.gen(function* () {
      const scene = yield* withFive
      yield* scene.press(anna, "2", "2 ⛔ Блок", "✅ Остальные: Хороший")
      yield* TestClock.adjust("11 minutes")
      yield* scene.pools.tell("vk", Scene.expire)
      assert.deepStrictEqual(alertsOf(yield* scene.tap(anna, "Да, отметить 4")), [
        "toast: Отмечать вместе больше нечего.",
      ])
      assert.strictEqual(yield* scene.marks, "good block good good good")
      assert.include(scene.lastText(anna), "1. w301@example.com · ✅ Хороший (сам)")
      assert.deepStrictEqual(scene.labels().slice(0, 3), [
        ["📋 Всё: Логин:Пароль"],
        ["📋 Пароль 1", "📋 Пароль 3", "📋 Пароль 4"],
        ["📋 Пароль 5"],
      ])
    }),
  )

  it.effect("what no button can copy stands below in a block", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(noon)
      yield* scene.load("vk", ...[1, 2, 3, 4, 5].map((n) => `${"long".repeat(10)}${n}`))
      yield* scene.fromMenu(anna, "VK", "495", "5")
      const { screen } = scene.last(anna)
      assert.notInclude(labelsOf(screen).flat(), "📋 Всё: Логин:Пароль")
      const [, block] = /<pre>([^<]*)<\/pre>/.exec(String(screen.html)) ?? []
      assert.lengthOf(block?.split("\n") ?? [], 5)
      assert.match(block ?? "", /^(long){10}1@example\.com:secret-(long){10}1\n/)
    }),
  )
})
