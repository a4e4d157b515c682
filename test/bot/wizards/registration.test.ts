/** What an applicant may do about the own application while nobody has decided. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { approvalsRound } from "../../../src/bot/admin/approvals.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, chief, deputy, noon, stranger } from "../Scene.ts"

const applied = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.say(stranger, "/start")
  yield* scene.say(stranger, "Новенький")
  return scene
})

type Scene = Effect.Success<typeof applied>

const cards = (scene: Scene) =>
  [chief, deputy].map((admin) => FakeTelegram.textOf(scene.telegram.chat(admin)[0]!.screen))

const ownButtons = [["✏️ Исправить ник"], ["Отозвать заявку"]]

const gone = /^Открытой заявки у вас нет/

describe("a nickname that the applicant corrects", () => {
  it.effect("is asked for by one message, and stands on every card", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      assert.deepStrictEqual(labelsOf(scene.last(stranger).screen), ownButtons)
      yield* scene.tap(stranger, "✏️ Исправить ник")
      assert.match(scene.lastText(stranger), /^Сейчас в заявке ник: Новенький\. Напишите новый/)
      for (const [text, answer] of [
        ["<b>", /^Так не подойдёт/],
        ["Anna", /^Такой ник уже занят/],
      ] as const) {
        yield* scene.say(stranger, text)
        assert.match(scene.lastText(stranger), answer)
        assert.deepStrictEqual(labelsOf(scene.last(stranger).screen), [["Оставить как есть"]])
      }
      yield* scene.say(stranger, "Лена К")
      assert.strictEqual(
        scene.lastText(stranger),
        "Ник исправлен: Лена К. Ожидайте одобрения, ответ придёт сюда.",
      )
      assert.deepStrictEqual(labelsOf(scene.last(stranger).screen), ownButtons)
      for (const card of cards(scene)) assert.include(card, "Ник: Лена К\n")
      for (const admin of [chief, deputy]) assert.lengthOf(scene.read(admin), 1)
      yield* scene.say(stranger, "Ещё")
      assert.match(scene.lastText(stranger), /^Ожидайте одобрения/)
      yield* scene.tap(chief, "Одобрить")
      assert.match(scene.lastText(stranger), /^Доступ открыт, ваш рабочий ник: Лена К\./)
      yield* scene.say(chief, `/audit ${stranger}`)
      assert.include(scene.lastText(chief), "ник: Новенький → Лена К · кто: Лена К (900)")
    }),
  )

  for (const [what, leave] of [
    ["the button", (scene: Scene) => scene.tap(stranger, "Оставить как есть")],
    ["/start", (scene: Scene) => scene.say(stranger, "/start")],
    ["ten minutes", () => TestClock.adjust("601 seconds")],
  ] as const) {
    it.effect(`stays as it is after ${what}`, () =>
      Effect.gen(function* () {
        const scene = yield* applied
        yield* scene.tap(stranger, "✏️ Исправить ник")
        yield* leave(scene)
        yield* scene.say(stranger, "Лена К")
        assert.match(scene.lastText(stranger), /^Ожидайте одобрения/)
        assert.deepStrictEqual(labelsOf(scene.last(stranger).screen), ownButtons)
        for (const card of cards(scene)) assert.include(card, "Ник: Новенький\n")
      }),
    )
  }

  it.effect("is asked for no longer once the applicant is let in", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(stranger, "✏️ Исправить ник")
      yield* scene.tap(chief, "Одобрить")
      yield* scene.say(stranger, "Лена К")
      assert.notInclude(scene.lastText(stranger), "Ник исправлен")
      yield* scene.say(chief, `/audit ${stranger}`)
      assert.notInclude(scene.lastText(chief), "Лена К")
    }),
  )

  it.effect("may be corrected five times, and no card comes anew for it", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      for (let times = 1; times <= 6; times += 1) {
        yield* scene.tap(stranger, "✏️ Исправить ник")
        yield* scene.say(stranger, `Лена ${times}`)
      }
      assert.match(scene.lastText(stranger), /^Ник в этой заявке больше исправить нельзя/)
      for (const card of cards(scene)) assert.include(card, "Ник: Лена 5\n")
      for (const admin of [chief, deputy]) assert.lengthOf(scene.read(admin), 1)
    }),
  )

  it.effect("stays as decided where an admin was first", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const late = scene.find(stranger, "✏️ Исправить ник")
      yield* scene.tap(stranger, "✏️ Исправить ник")
      yield* scene.tap(chief, "Отклонить")
      yield* scene.say(stranger, "Лена К")
      assert.match(scene.lastText(stranger), /^Доступ запрещён/)
      const [answer] = yield* scene.tapData(stranger, late.messageId, late.data)
      assert.match(answer?.text ?? "", gone)
      for (const card of cards(scene)) assert.include(card, "⛔ Отклонено")
    }),
  )
})

describe("an application that the applicant takes back", () => {
  it.effect("is closed on every card, and another one may follow after an hour", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* TestClock.adjust("4 minutes")
      yield* scene.tap(stranger, "Отозвать заявку")
      assert.strictEqual(
        scene.lastText(stranger),
        "Заявка отозвана. Новую можно подать после 22.11.2026 13:04: отправьте /start.",
      )
      for (const card of cards(scene)) {
        assert.include(card, "Ник: Новенький\n")
        assert.include(card, "↩️ Заявку отозвал тот, кто её подал, 22.11.2026 12:04")
      }
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(scene.last(admin).screen.keyboard, [])
      }
      yield* scene.say(stranger, "/start")
      assert.match(scene.lastText(stranger), /^Вы недавно отозвали заявку\. .+ 13:04/)
      yield* scene.say(deputy, "/audit")
      assert.include(scene.lastText(deputy), "Люди · заявка отозвана · кто: ID 900")
      yield* TestClock.adjust("1 hour")
      yield* Effect.provideContext(approvalsRound, scene.context)
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "Новенький")
      assert.match(scene.lastText(chief), /^Заявка на доступ/)
    }),
  )

  it.effect("cannot be approved any more, even from a card that was not redrawn", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const late = scene.find(chief, "Одобрить")
      scene.telegram.fail("edit", { _tag: "Unsure" }, { times: 1, chatId: chief })
      yield* scene.tap(stranger, "Отозвать заявку")
      const [answer] = yield* scene.tapData(chief, late.messageId, late.data)
      assert.strictEqual(answer?.text, "Заявку отозвал тот, кто её подал. Ничего не изменилось.")
      assert.include(scene.lastText(chief), "↩️ Заявку отозвал тот, кто её подал")
      yield* scene.say(stranger, "/menu")
      assert.match(scene.lastText(stranger), /^Доступ запрещён/)
    }),
  )

  it.effect("at the moment of the decision: the first wins, both read the same outcome", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const approve = scene.find(chief, "Одобрить")
      const withdraw = scene.find(stranger, "Отозвать заявку")
      yield* Effect.all(
        [
          scene.tapData(chief, approve.messageId, approve.data),
          scene.tapData(stranger, withdraw.messageId, withdraw.data),
        ],
        { concurrency: "unbounded" },
      )
      const alerts = scene.telegram.answers.filter(({ alert }) => alert === true)
      assert.lengthOf(alerts, 1)
      const isApproved = scene.read(stranger).some((text) => text.startsWith("Доступ открыт"))
      assert.match(alerts[0]?.text ?? "", isApproved ? gone : /^Заявку отозвал тот, кто её подал/)
      for (const card of cards(scene)) {
        assert.include(card, isApproved ? "✅ Одобрено" : "↩️ Заявку отозвал тот, кто её подал")
      }
    }),
  )

  it.effect("is nobody's but the applicant's", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      for (const person of [anna, chief, TelegramId.make(901)]) {
        for (const _tag of ["ApplicantWithdraw", "ApplicantRename", "ApplicantKeep"] as const) {
          const [answer, ...more] = yield* scene.tapAction(person, 1, { _tag })
          assert.match(answer?.text ?? "", gone)
          assert.deepStrictEqual(more, [])
        }
      }
      for (const card of cards(scene)) assert.notInclude(card, "отозвал")
    }),
  )

  it.effect("stays open while the disk refuses", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      scene.disk.failing = true
      yield* scene.tap(stranger, "Отозвать заявку")
      assert.match(scene.lastText(stranger), /^Диск бота сейчас не отвечает/)
      for (const card of cards(scene)) assert.notInclude(card, "отозвал")
      scene.disk.failing = false
      yield* scene.tap(stranger, "Отозвать заявку")
      for (const card of cards(scene)) assert.include(card, "отозвал")
    }),
  )
})
