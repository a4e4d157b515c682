/** The gate: who gets what for which input; and that every tap gets exactly one answer. */
import { ru } from "../../src/bot/texts/ru.ts"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { Access } from "../../src/access/Access.ts"
import { Regions } from "../../src/access/Regions.ts"
import * as Scene from "./Scene.ts"
import { labelsOf, textOf } from "./FakeTelegram.ts"
import { anna, boris, chief, stranger, vera } from "./Scene.ts"

const menuLabels = [
  ["VK", "Mamba"],
  ["OK", "Почты"],
  ["Номера", "Прокси · нет"],
  ["Мои выдачи", "Статистика"],
  ["Помощь"],
]

const denied = "Доступ запрещён. Чтобы подать заявку, отправьте /start."
const waiting = "Ожидайте одобрения. Заявка у администраторов, ответ придёт сюда."
const menu = "Что выдать?"
const asksNickname =
  "Здравствуйте! Чтобы получить доступ, напишите одним сообщением ваш рабочий ник: от 2 до 32 знаков, буквы, цифры, пробел, точка, _ и -."
const hint =
  "Нажимайте кнопки под сообщениями или просто напишите: что, регион, сколько. Меню: /menu, помощь: /help."

describe("the gate", () => {
  const cases: ReadonlyArray<[who: string, id: typeof anna, text: string, answer: string]> = [
    ["admin", chief, "/start", menu],
    ["admin", chief, "/menu", menu],
    ["admin", chief, "привет", hint],
    ["employee", anna, "/start", menu],
    ["employee", anna, "/start@account_bot", menu],
    ["employee", anna, "/start from-a-link", menu],
    ["employee", anna, "/menu", menu],
    ["employee", anna, "/cancel", `Отменено\n\n${menu}`],
    ["employee", anna, "/my", "За последние сутки у вас ничего нет. Взять новое: /menu."],
    ["employee", anna, "привет", hint],
    ["employee", anna, "/nothing", "Такой команды нет. Меню: /menu, помощь: /help."],
    ["employee", anna, "/menu@other_bot", "Такой команды нет. Меню: /menu, помощь: /help."],
    [
      "employee",
      anna,
      "/statz",
      "Такой команды нет. Может быть, /stats? Меню: /menu, помощь: /help.",
    ],
    [
      "employee",
      anna,
      "/hlep",
      "Такой команды нет. Может быть, /help? Меню: /menu, помощь: /help.",
    ],
    // Admins have these, and an employee is not led to what is refused.
    ["employee", anna, "/stok", "Такой команды нет. Меню: /menu, помощь: /help."],
    ["admin", chief, "/stok", "Такой команды нет. Может быть, /stock? Меню: /menu, помощь: /help."],
    [
      "admin",
      chief,
      "/unblok anna",
      "Такой команды нет. Может быть, /unblock? Меню: /menu, помощь: /help.",
    ],
    ["admin", chief, "/stok@other_bot", "Такой команды нет. Меню: /menu, помощь: /help."],
    // Two letters of two say nothing.
    ["employee", anna, "/ab", "Такой команды нет. Меню: /menu, помощь: /help."],
    ["applicant", vera, "/start", waiting],
    ["applicant", vera, "/menu", waiting],
    ["applicant", vera, "привет", waiting],
    ["stranger", stranger, "/start", asksNickname],
    ["stranger", stranger, "/start@account_bot", asksNickname],
    ["stranger", stranger, "/start payload", asksNickname],
    ["stranger", stranger, "/started", denied],
    ["stranger", stranger, " /start", denied],
    ["stranger", stranger, "/menu", denied],
    ["stranger", stranger, "/my", denied],
    ["stranger", stranger, "привет", denied],
  ]
  for (const [who, id, text, answer] of cases) {
    it.effect(`${who} says "${text}"`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* scene.say(id, text)
        assert.strictEqual(textOf(scene.last(id).screen), answer)
      }),
    )
  }

  for (const [who, id, answer] of [
    ["applicant", vera, waiting],
    ["stranger", stranger, denied],
  ] as const) {
    for (const data of [
      "me1:",
      "is2:vk.0.495.1.",
      "td1:number.off",
      "ap1:101.approve",
      "nonsense",
    ]) {
      it.effect(`${who} taps "${data}": an alert and nothing else`, () =>
        Effect.gen(function* () {
          const scene = yield* Scene.make()
          yield* scene.load("vk", "one")
          const answers = yield* scene.tapData(id, 5, data)
          assert.deepStrictEqual(
            answers.map(({ text, alert }) => ({ text, alert })),
            [{ text: answer, alert: true }],
          )
          assert.deepStrictEqual(scene.telegram.chat(id), [])
          assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
        }),
      )
    }
    it.effect(`${who} sends a photo`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* scene.handler.handle({ _tag: "Other", userId: id, chatId: id })
        assert.deepStrictEqual(scene.read(id), [answer])
      }),
    )
  }

  it.effect("a stranger who was asked for a nickname may not send a command instead", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "/menu")
      assert.strictEqual(scene.lastText(stranger), denied)
      yield* scene.handler.handle({ _tag: "Other", userId: stranger, chatId: stranger })
      assert.strictEqual(scene.lastText(stranger), denied)
    }),
  )
})

describe("messages without text", () => {
  it.effect("an employee who sends a photo is told that only text is read", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.handler.handle({ _tag: "Other", userId: anna, chatId: anna })
      assert.strictEqual(scene.lastText(anna), ru.gate.notText)
    }),
  )
})

describe("taps", () => {
  it.effect("the menu, from the catalogue by group", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/menu")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), menuLabels)
    }),
  )

  const stale = [
    ["not a button of ours", "zz9:1.2"],
    ["nothing at all", ""],
    ["a quantity that is never offered", "is2:vk.0.495.6."],
    ["a region of an older bot", "rg1:vk.495"],
    ["a quantity of an older bot", "qu1:mamba.495.1"],
    ["an issue of an older bot", "is1:vk.495.1."],
    ["a page of regions of an older bot", "pa2:regions.100"],
    ["targets of a resource that has none", "ta1:vk.0"],
    ["regions for targets of a resource that has none", "rs1:vk.1.0"],
    ["a region for targets of a resource that has none", "rg2:vk.1.495"],
    ["an issue for targets of a resource that has none", "is2:vk.2.495.1."],
    ["targets that the catalogue does not have", "ta1:number.8"],
    ["regions for targets that the catalogue does not have", "rs1:number.9.0"],
    ["an issue for targets that the catalogue does not have", "is2:number.35r.495.1."],
    ["a resource that is no more", "re1:gone"],
    ["a variant that is no more", "is2:mamba.0.495.1.other"],
    ["a step that is never offered", "qu2:rambler.0.495.1"],
    ["proxies as if they had a pool", "re1:proxy"],
    ["a page that is no more", "pa2:nothing.0"],
    ["goods that are not mine", "pa2:batch.17"],
    ["a mark in a pool that is no more", "ma1:gone.ABCDEFGH01.good"],
  ] as const
  for (const [what, data] of stale) {
    it.effect(`${what}: the button is out of date, and a fresh menu comes`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* scene.say(anna, "/my")
        const { messageId, screen } = scene.last(anna)
        const answers = yield* scene.tapData(anna, messageId, data)
        assert.deepStrictEqual(
          answers.map(({ text, alert }) => ({ text, alert })),
          [{ text: "Кнопка устарела. Ничего не изменилось, вот свежее меню.", alert: true }],
        )
        assert.strictEqual(scene.telegram.chat(anna).at(-2)?.screen, screen)
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), menuLabels)
      }),
    )
  }
})

describe("taps that lead elsewhere", () => {
  it.effect("a region that was removed leads to the menu", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "812")
      yield* Effect.provide(
        Regions.use((regions) => regions.remove("812")),
        scene.context,
      )
      const answers = yield* scene.tap(anna, "1")
      assert.deepStrictEqual(
        answers.map(({ text, alert }) => ({ text, alert })),
        [{ text: "Этого региона больше нет. Выберите другой.", alert: true }],
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), menuLabels)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
    }),
  )

  it.effect("only an admin decides on an application", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      const answers = yield* scene.tapData(anna, messageId, "ap1:103.approve")
      assert.deepStrictEqual(
        answers.map(({ text }) => text),
        ["Это может только администратор. Ничего не изменилось."],
      )
      const role = yield* Effect.provide(
        Access.use((access) => access.role(vera)),
        scene.context,
      )
      assert.strictEqual(role, "applicant")
    }),
  )

  it.effect("cancel and back lead out of every step, and a label does nothing", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.fromMenu(anna, "Mamba", "495", "2", "‹ Назад", "‹ Назад", "‹ Назад")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), menuLabels)
      yield* scene.press(anna, "Mamba", "495", "2", "✕ Отмена")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), menuLabels)
      const { messageId, edits } = scene.last(anna)
      assert.lengthOf(yield* scene.tapAction(anna, messageId, { _tag: "Noop" }), 1)
      assert.strictEqual(scene.last(anna).edits, edits)
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  it.effect("the callback is answered before the message is changed, and right behind goods", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.say(anna, "/menu")
      for (const label of ["VK", "495"]) {
        const before = scene.telegram.calls.length
        assert.lengthOf(yield* scene.tap(anna, label), 1)
        assert.strictEqual(scene.telegram.calls[before], "answer")
      }
      const before = scene.telegram.calls.length
      assert.lengthOf(yield* scene.tap(anna, "1"), 1)
      assert.deepStrictEqual(scene.telegram.calls.slice(before), [`edit ${anna}`, "answer"])
    }),
  )

  it.effect("a message that was deleted is replaced by a new one", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.tapAction(boris, 4, { _tag: "Resource", resource: "mamba" })
      assert.deepStrictEqual(scene.read(boris), ["Mamba\n\nВыберите регион:"])
    }),
  )

  it.effect("a tap that is broken off is answered too", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      Object.assign(scene.pools, { held: () => Effect.never })
      const tap = yield* Effect.forkChild(scene.tapAction(anna, messageId, { _tag: "My" }), {
        startImmediately: true,
      })
      yield* Fiber.interrupt(tap)
      assert.lengthOf(scene.telegram.answers, 1)
    }),
  )

  it.effect("a crash is answered in a sentence and handed on to the log", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      const crash = Effect.die(new Error("planted"))
      Object.assign(scene.pools, { held: () => crash })
      const exit = yield* Effect.exit(scene.tapAction(anna, messageId, { _tag: "My" }))
      assert.isTrue(Exit.hasDies(exit))
      const said = scene.telegram.answers.at(-1)
      assert.match(
        said?.text ?? "",
        /^Не получилось: что-то сломалось внутри бота\. Ничего не потеряно/,
      )
      assert.isTrue(Exit.hasDies(yield* Effect.exit(scene.say(anna, "/my"))))
      assert.match(scene.lastText(anna), /^Не получилось: что-то сломалось внутри бота/)
    }),
  )
})

describe("/help", () => {
  it.effect("lists the commands of admins to admins only, by command and by button", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      for (const [who, isAdmin] of [
        [chief, true],
        [anna, false],
      ] as const) {
        yield* scene.say(who, "/help")
        yield* scene.fromMenu(who, "Помощь")
        for (const text of scene.read(who)) {
          assert.match(text, /^Как это работает/)
          assert.strictEqual(text.includes("/whitelist"), isAdmin)
        }
        assert.lengthOf(scene.read(who), 2)
      }
    }),
  )
})
