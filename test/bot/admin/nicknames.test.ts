/** Admins set work nicknames: of an applicant on the card, of an employee in /whitelist. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Whitelist } from "../../../src/access/Whitelist.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy, noon, stranger } from "../Scene.ts"

type Scene = Effect.Success<ReturnType<typeof Scene.make>>

const started = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  return scene
})

/** A stranger has applied, and the admins have the cards. */
const applied = Effect.tap(started, (scene) =>
  Effect.andThen(
    scene.say(stranger, "/start"),
    scene.say(stranger, "Новенький", { lastName: "<b>К", username: "new_one" }),
  ),
)

const stageOf = (scene: Scene, id: typeof anna) =>
  Effect.map(Context.get(scene.context, Whitelist).all, (all) => {
    const member = all.find((each) => each.id === id)
    return member === undefined ? undefined : [member.stage, member.isApproved]
  })

const card = (scene: Scene, admin: typeof chief) =>
  FakeTelegram.textOf(scene.telegram.chat(admin)[0]!.screen)

const open = Effect.fnUntraced(function* (scene: Scene, admin: typeof chief, person: typeof anna) {
  yield* scene.say(admin, "/whitelist")
  yield* scene.tapAction(admin, scene.last(admin).messageId, { _tag: "Person", person })
})

describe("the card of an applicant", () => {
  it.effect("shows the names in Telegram, escaped, with a link to the profile", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      assert.include(card(scene, chief), "Имя в Telegram: Имя <b>К · @new_one\n")
      assert.include(
        String(scene.last(chief).screen.html),
        '<a href="tg://user?id=900">Имя &lt;b&gt;К</a> · @new_one',
      )
      yield* scene.tap(chief, "Одобрить")
      yield* open(scene, chief, stranger)
      assert.include(scene.lastText(chief), "Имя в Telegram: Имя <b>К · @new_one\n")
    }),
  )

  it.effect("shows them after a restart too, and nothing but the link where none can be seen", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* TestClock.setTime(noon)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* scene.say(stranger, "/start")
          yield* scene.say(stranger, "Новенький", { firstName: "Ли\u202Eза\n", username: "no way" })
          yield* scene.say(anna, "/start")
        }),
      )
      const roster = { [stranger]: { stage: "Новенький", is_approved: false } }
      const scene = yield* Scene.make({ disk, telegram, roster })
      yield* scene.tap(deputy, "Отклонить")
      assert.include(card(scene, deputy), "Имя в Telegram: Лиза\n")
      const other = TelegramId.make(901)
      yield* scene.say(other, "/start")
      yield* scene.say(other, "Другой", { firstName: "\u3164\u200B" })
      assert.include(scene.lastText(chief), "Имя в Telegram: открыть профиль\n")
    }),
  )

  it.effect("takes another nickname by one message, on every card, and the approval tells it", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(chief, "✏️ Другой ник")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Новый ник, Telegram ID 900",
          "Ник: Новенький",
          "",
          "Напишите ник одним сообщением в течение десяти минут: от 2 до 32 знаков, буквы, цифры, пробел, точка, _ и -.",
        ].join("\n"),
      )
      for (const [nickname, answer] of [
        ["<b>", /^Так не подойдёт/],
        ["ANNA", /^Такой ник уже занят/],
        ["мария", /^Такой ник уже занят/],
      ] as const) {
        // The name of an admin who has been heard is taken too.
        yield* scene.say(deputy, "/stock")
        yield* scene.say(chief, nickname)
        assert.match(scene.lastText(chief), answer, nickname)
        assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["✕ Отмена"]])
      }
      yield* scene.say(chief, " lena.sales ")
      assert.match(scene.lastText(chief), /^✏️ Ник изменён: Новенький → lena\.sales\.\nЗаявка ждёт/)
      assert.strictEqual(
        scene.lastText(deputy),
        "✏️ Новый ник: Новенький (900) → lena.sales. Решение: Ольга.",
      )
      for (const admin of [chief, deputy]) {
        assert.include(card(scene, admin), "Ник: lena.sales\n")
        const [shown] = scene.telegram.chat(admin)
        assert.deepStrictEqual(labelsOf(shown!.screen)[0], ["Одобрить", "Отклонить"])
      }
      assert.lengthOf(scene.read(stranger), 2)
      yield* scene.tap(deputy, "Одобрить")
      assert.match(scene.lastText(stranger), /^Доступ открыт, ваш рабочий ник: lena\.sales\./)
      assert.deepStrictEqual(yield* stageOf(scene, stranger), ["lena.sales", true])
      // The question is answered: the next text is no nickname.
      yield* scene.say(chief, "другое")
      assert.deepStrictEqual(yield* stageOf(scene, stranger), ["lena.sales", true])
    }),
  )

  it.effect(
    "decided by another admin meanwhile: the person is renamed, and the card stays closed",
    () =>
      Effect.gen(function* () {
        const scene = yield* applied
        yield* scene.tap(chief, "✏️ Другой ник")
        yield* scene.tap(deputy, "Одобрить")
        yield* scene.say(chief, "lena.sales")
        assert.include(card(scene, chief), "✅ Одобрено. Решение: Мария")
        assert.strictEqual(scene.lastText(stranger), "Ваш рабочий ник теперь: lena.sales.")
        assert.deepStrictEqual(yield* stageOf(scene, stranger), ["lena.sales", true])
      }),
  )

  it.effect("refused meanwhile: nothing is left to rename", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(chief, "✏️ Другой ник")
      yield* scene.tap(deputy, "Отклонить")
      yield* scene.say(chief, "lena.sales")
      assert.strictEqual(
        scene.lastText(chief),
        "Этого человека уже нет в списке доступа. Ничего не изменилось.",
      )
    }),
  )
})

describe("the question for a nickname", () => {
  for (const [what, leave] of [
    ["its button", (scene: Scene) => scene.tap(chief, "✕ Отмена")],
    ["/cancel", (scene: Scene) => scene.say(chief, "/cancel")],
    ["/menu", (scene: Scene) => scene.say(chief, "/menu")],
    ["a command of admins", (scene: Scene) => scene.say(chief, "/stock")],
    ["the way to the menu", (scene: Scene) => scene.tap(chief, "☰ Меню")],
    ["another question", (scene: Scene) => open(scene, chief, boris)],
    ["ten minutes", () => TestClock.adjust("601 seconds")],
  ] as const) {
    it.effect(`is ended by ${what}`, () =>
      Effect.gen(function* () {
        const scene = yield* started
        yield* open(scene, chief, anna)
        yield* scene.tap(chief, "✏️ Переименовать")
        yield* leave(scene)
        yield* scene.say(chief, "anna.k")
        assert.deepStrictEqual(yield* stageOf(scene, anna), ["anna", true])
        if (what === "its button")
          assert.include(scene.read(chief).join(), "Отменено, ник прежний.")
      }),
    )
  }

  it.effect("goes before the lines that a draft of proxies waits for, until that is opened", () =>
    Effect.gen(function* () {
      const scene = yield* started
      yield* open(scene, chief, anna)
      yield* scene.tap(chief, "✏️ Переименовать")
      yield* scene.tapAction(chief, scene.last(chief).messageId, { _tag: "ProxyAdd" })
      yield* scene.say(chief, "anna.k")
      assert.deepStrictEqual(yield* stageOf(scene, anna), ["anna", true])
    }),
  )

  it.effect("is asked of no admin, of nobody unknown, and answered by admins alone", () =>
    Effect.gen(function* () {
      const scene = yield* started
      yield* open(scene, chief, anna)
      const { messageId } = scene.last(chief)
      for (const [person, answer] of [
        [deputy, /^Это администратор: его имя задаёт настройка ADMIN_ID/],
        [stranger, /^Этого человека уже нет в списке/],
      ] as const) {
        const [told] = yield* scene.tapAction(chief, messageId, { _tag: "AskNickname", person })
        assert.match(told?.text ?? "", answer)
        assert.isTrue(told?.alert)
      }
      const [told] = yield* scene.tapAction(boris, 1, { _tag: "AskNickname", person: anna })
      assert.match(told?.text ?? "", /^Это может только администратор/)
      yield* scene.say(boris, "anna.k")
      assert.deepStrictEqual(yield* stageOf(scene, anna), ["anna", true])
    }),
  )
})

describe("an employee who is renamed", () => {
  it.effect("takes the next items under the new nickname, and keeps the old ones", () =>
    Effect.gen(function* () {
      const scene = yield* started
      yield* scene.load("vk", "one", "two", "three")
      yield* scene.fromMenu(anna, "VK", "495", "2", "2 ⛔ Блок")
      yield* open(scene, chief, anna)
      yield* scene.tap(chief, "✏️ Переименовать")
      yield* scene.say(chief, "anna.k")
      assert.include(scene.lastText(chief), "✏️ Ник изменён: anna → anna.k.\nНовый ник пойдёт")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen)[0], ["Открыть карточку"])
      assert.strictEqual(scene.lastText(anna), "Ваш рабочий ник теперь: anna.k.")
      assert.strictEqual(
        scene.lastText(deputy),
        "✏️ Новый ник: anna (101) → anna.k. Решение: Ольга.",
      )
      yield* scene.fromMenu(anna, "VK", "495", "1")
      const held = yield* scene.pools.held(anna)
      assert.deepStrictEqual(
        held.map(({ stage }) => stage),
        ["anna", "anna", "anna.k"],
      )
      assert.deepStrictEqual(
        (yield* scene.pools.buffer("vk")).map(({ stage }) => stage),
        ["anna"],
      )
      yield* scene.say(deputy, "/audit anna.k")
      assert.include(
        scene.lastText(deputy),
        "Люди · ник: anna → anna.k · кому: anna.k (101) · кто: Ольга",
      )
    }),
  )

  it.effect("under the same name: nothing is told; in other letters: it is a change", () =>
    Effect.gen(function* () {
      const scene = yield* started
      const rename = Effect.fnUntraced(function* (nickname: string) {
        yield* open(scene, chief, anna)
        yield* scene.tap(chief, "✏️ Переименовать")
        yield* scene.say(chief, nickname)
      })
      yield* rename("anna")
      assert.strictEqual(scene.lastText(chief), "Этот ник и так стоит. Ничего не изменилось.")
      assert.deepStrictEqual([scene.read(anna), scene.read(deputy)], [[], []])
      yield* rename("Anna")
      assert.deepStrictEqual(yield* stageOf(scene, anna), ["Anna", true])
    }),
  )

  it.effect("while the disk refuses: the admin is told, and can send the nickname once more", () =>
    Effect.gen(function* () {
      const scene = yield* started
      yield* open(scene, chief, anna)
      yield* scene.tap(chief, "✏️ Переименовать")
      scene.disk.failing = true
      yield* scene.say(chief, "anna.k")
      assert.match(scene.lastText(chief), /^Диск бота сейчас не отвечает/)
      assert.deepStrictEqual(yield* stageOf(scene, anna), ["anna", true])
      scene.disk.failing = false
      yield* scene.say(chief, "anna.k")
      assert.deepStrictEqual(yield* stageOf(scene, anna), ["anna.k", true])
    }),
  )
})
