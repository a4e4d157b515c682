/** From a stranger's /start to the decision on every admin's screen. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Access } from "../../../src/access/Access.ts"
import { approvalsRound } from "../../../src/bot/admin/approvals.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, chief, deputy, noon, stranger, vera } from "../Scene.ts"

/** A stranger has pressed /start and is asked for a nickname. */
const arrived = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.say(stranger, "/start")
  return scene
})

/** The stranger has given a nickname, and the admins have the cards. */
const applied = Effect.tap(arrived, (scene) => scene.say(stranger, "Новенький"))

type Scene = Effect.Success<typeof applied>

const roleOf = (scene: Scene, id: typeof stranger) =>
  Effect.provide(
    Access.use((access) => access.role(id)),
    scene.context,
  )

const tick = (scene: Scene) => Effect.provideContext(approvalsRound, scene.context)

const openButtons = [["Одобрить", "Отклонить"], ["✏️ Другой ник"]]

const cardLines = [
  "Заявка на доступ",
  "",
  "Ник: Новенький",
  "Имя в Telegram: Имя",
  "Telegram ID: 900",
  "Подана: 22.11.2026 12:00",
]

const unfit =
  "Так не подойдёт: нужно от 2 до 32 знаков, только буквы, цифры, пробел, точка, _ и -. Напишите ник ещё раз."

describe("registration", () => {
  it.effect("a nickname makes an application, with a card for every admin", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      assert.strictEqual(
        scene.lastText(stranger),
        "Заявка отправлена, ник: Новенький. Ожидайте одобрения, ответ придёт сюда.",
      )
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(scene.read(admin), [cardLines.join("\n")])
        assert.deepStrictEqual(labelsOf(scene.last(admin).screen), openButtons)
      }
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
    }),
  )

  for (const [nickname, answer] of [
    ["Я", unfit],
    ["две\nстроки", unfit],
    ["<b>Анна", unfit],
    ["Ан\u202Eна", unfit],
    ["ANNA", "Такой ник уже занят. Напишите другой."],
  ] as const) {
    it.effect(`the nickname ${JSON.stringify(nickname)} is refused, another one may follow`, () =>
      Effect.gen(function* () {
        const scene = yield* arrived
        yield* scene.say(stranger, nickname)
        assert.strictEqual(scene.lastText(stranger), answer)
        assert.deepStrictEqual(scene.read(chief), [])
        yield* scene.say(stranger, "Новенький")
        assert.lengthOf(scene.read(chief), 1)
      }),
    )
  }

  it.effect("an approval: the menu for the person, one outcome on all cards", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* TestClock.adjust("4 minutes")
      yield* scene.tap(deputy, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
      assert.strictEqual(
        scene.lastText(stranger),
        "Доступ открыт, ваш рабочий ник: Новенький.\n\nЧто выдать?",
      )
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(scene.read(admin), [
          [...cardLines, "", "✅ Одобрено. Решение: Мария, 22.11.2026 12:04"].join("\n"),
        ])
        assert.deepStrictEqual(scene.last(admin).screen.keyboard, [])
      }
      assert.deepStrictEqual(
        scene.telegram.commands.map(({ scope, list }) => ({
          scope,
          names: list.map(({ command }) => command),
        })),
        [
          {
            scope: { chatId: stranger },
            names: [
              ..."menu vk mamba ok gmail rambler number proxy".split(" "),
              ..."my stats help language cancel".split(" "),
            ],
          },
        ],
      )
    }),
  )
})

describe("decisions", () => {
  it.effect("the first decision wins, the second admin is told", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const late = scene.find(chief, "Отклонить")
      yield* scene.tap(deputy, "Одобрить")
      const answers = yield* scene.tapData(chief, late.messageId, late.data)
      assert.deepStrictEqual(
        answers.map(({ text, alert }) => ({ text, alert })),
        [{ text: "По этой заявке решение уже есть, оно показано на карточке.", alert: true }],
      )
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
      assert.include(scene.lastText(chief), "✅ Одобрено")
      assert.lengthOf(scene.read(stranger), 3)
    }),
  )

  it.effect("two admins at the same moment: one decision, told once, on both cards", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const before = scene.read(stranger).length
      const refuse = scene.find(chief, "Отклонить")
      const approve = scene.find(deputy, "Одобрить")
      yield* Effect.all(
        [
          scene.tapData(chief, refuse.messageId, refuse.data),
          scene.tapData(deputy, approve.messageId, approve.data),
        ],
        { concurrency: "unbounded" },
      )
      const isEmployee = (yield* roleOf(scene, stranger)) === "employee"
      const outcome = isEmployee ? "✅ Одобрено" : "⛔ Отклонено"
      for (const admin of [chief, deputy]) {
        assert.lengthOf(scene.read(admin), 1)
        assert.include(scene.read(admin)[0], outcome)
        const buttons = isEmployee ? [] : [["↩️ Вернуть заявку"]]
        assert.deepStrictEqual(labelsOf(scene.last(admin).screen), buttons)
      }
      const [news, ...more] = scene.read(stranger).slice(before)
      assert.match(news ?? "", isEmployee ? /^Доступ открыт/ : /^Заявку отклонили/)
      assert.deepStrictEqual(more, [])
      assert.lengthOf(scene.telegram.answers, 2)
    }),
  )

  it.effect("a second tap of the same admin tells nobody again", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const { messageId, data } = scene.find(chief, "Одобрить")
      yield* scene.tapData(chief, messageId, data)
      const told = scene.read(stranger)
      const [answer] = yield* scene.tapData(chief, messageId, data)
      assert.isTrue(answer?.alert)
      assert.deepStrictEqual(scene.read(stranger), told)
    }),
  )

  it.effect("a refusal is taken back within a day: every card is open again, all are told", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(chief, "Отклонить")
      yield* TestClock.adjust("23 hours")
      yield* scene.tap(deputy, "↩️ Вернуть заявку")
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
      const name = scene.read(chief)[1]
      assert.match(name ?? "", /^↩️ Заявка снова ждёт решения: .+ \(\d+\)\. Решение: Мария\.$/)
      for (const admin of [chief, deputy]) {
        const [card] = scene.telegram.chat(admin)
        assert.deepStrictEqual(labelsOf(card!.screen), openButtons)
      }
      assert.include(scene.lastText(stranger), "Ожидайте одобрения")
      // Nothing of the time before counts against it.
      yield* tick(scene)
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
      const { messageId } = scene.last(deputy)
      const reopen = { _tag: "Reopen", applicant: stranger } as const
      const [answer] = yield* scene.tapAction(deputy, messageId, reopen)
      assert.match(answer?.text ?? "", /^Вернуть заявку уже нельзя/)
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
    }),
  )

  it.effect("a refusal stands when a day is over, and where the nickname is somebody else's", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(chief, "Отклонить")
      const stage = /Ник: (.+)/.exec(scene.read(chief)[0] ?? "")?.[1] ?? ""
      const other = TelegramId.make(555)
      yield* scene.say(other, "/start")
      yield* scene.say(other, stage)
      const { messageId } = scene.telegram.chat(chief)[0]!
      const reopen = { _tag: "Reopen", applicant: stranger } as const
      const [taken] = yield* scene.tapAction(chief, messageId, reopen)
      assert.match(taken?.text ?? "", /^Этот ник тем временем занят/)
      yield* TestClock.adjust("24 hours")
      const [late] = yield* scene.tapAction(chief, messageId, reopen)
      assert.match(late?.text ?? "", /^Вернуть заявку уже нельзя/)
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
    }),
  )

  it.effect("a refusal: told, and a pause before the next application", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(chief, "Отклонить")
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
      assert.strictEqual(
        scene.lastText(stranger),
        "Заявку отклонили. Подать новую можно после 23.11.2026 12:00.",
      )
      assert.include(scene.lastText(deputy), "⛔ Отклонено. Решение: Ольга, 22.11.2026 12:00")
      yield* scene.say(stranger, "/start")
      assert.strictEqual(
        scene.lastText(stranger),
        "Доступ запрещён: заявку недавно отклонили. Подать новую можно после 23.11.2026 12:00.",
      )
      yield* TestClock.adjust("24 hours")
      yield* scene.say(stranger, "/start")
      assert.match(scene.lastText(stranger), /рабочий ник/)
    }),
  )

  it.effect("an applicant of an older file gets his cards with /start, once", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(vera, "/start")
      yield* scene.say(vera, "/start")
      assert.lengthOf(scene.read(chief), 1)
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, vera), "employee")
    }),
  )

  it.effect("an admin who never pressed /start gets his card later", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { chatId: deputy })
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "Новенький")
      assert.lengthOf(scene.read(chief), 1)
      assert.lengthOf(scene.read(deputy), 0)
      yield* TestClock.adjust("1 minute")
      yield* scene.say(stranger, "/start")
      assert.lengthOf(scene.read(chief), 1)
      assert.lengthOf(scene.read(deputy), 1)
    }),
  )

  it.effect("who decides hears that the person could not be told", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: stranger })
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(
        scene.lastText(chief),
        "Решение записано, но сообщить о нём не удалось. Человек остановил бота. Ничего не потеряно: напишите ему, чтобы нажал /start.",
      )
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
    }),
  )
})

describe("applications that wait", () => {
  it.effect("a reminder after four hours, once, in the place of the card", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* TestClock.adjust("239 minutes")
      yield* tick(scene)
      assert.deepStrictEqual(scene.read(chief), [cardLines.join("\n")])
      yield* TestClock.adjust("1 minute")
      yield* tick(scene)
      yield* tick(scene)
      assert.lengthOf(scene.read(chief), 1)
      assert.match(scene.read(chief)[0] ?? "", /^Заявка ждёт решения больше четырёх часов/)
      yield* scene.tap(deputy, "Одобрить")
      assert.include(scene.read(chief)[0], "✅ Одобрено")
    }),
  )

  it.effect("after 72 hours it is closed, the person and the cards say so", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* TestClock.adjust("72 hours")
      const { messageId, data } = scene.find(chief, "Одобрить")
      yield* tick(scene)
      assert.match(scene.lastText(stranger), /^За трое суток заявку никто не рассмотрел/)
      assert.include(scene.lastText(chief), "⌛ За трое суток решения не было, заявка закрыта")
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
      // The button of before decides all the same, and once.
      yield* scene.tapData(chief, messageId, data)
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
      const [answer] = yield* scene.tapData(deputy, messageId, data)
      assert.strictEqual(answer?.text, "По этой заявке решение уже есть, оно показано на карточке.")
    }),
  )

  const expired = Effect.gen(function* () {
    const disk = MemoryJournal.makeDisk()
    const telegram = FakeTelegram.make()
    // Nobody is there for three days but the bot, which starts anew after them.
    yield* Effect.scoped(
      Effect.gen(function* () {
        const scene = yield* Scene.make({ disk, telegram })
        yield* TestClock.setTime(noon)
        yield* scene.say(stranger, "/start")
        yield* scene.say(stranger, "Новенький")
        yield* TestClock.adjust("72 hours")
        yield* tick(scene)
      }),
    )
    return yield* Scene.make({ disk, telegram })
  })

  it.effect("an expired card says so, and the admin may decide for a month all the same", () =>
    Effect.gen(function* () {
      const scene = yield* expired
      for (const admin of [chief, deputy]) {
        assert.match(scene.lastText(admin), /⌛ За трое суток [^]* Одобрить .* можно и сейчас\.$/)
        assert.deepStrictEqual(labelsOf(scene.last(admin).screen), [["Одобрить", "Отклонить"]])
      }
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
      yield* TestClock.adjust("20 days")
      for (const _ of ["once", "again"]) yield* tick(scene)
      assert.lengthOf(scene.read(chief), 1)
      yield* scene.tap(deputy, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
      assert.match(scene.read(stranger).at(-1) ?? "", /^Доступ открыт/)
      for (const admin of [chief, deputy]) {
        assert.match(scene.lastText(admin), /✅ Одобрено\. Решение: /)
        assert.deepStrictEqual(scene.last(admin).screen.keyboard, [])
      }
      assert.lengthOf(
        scene.read(stranger).filter((text) => text.startsWith("Доступ открыт")),
        1,
      )
    }),
  )

  it.effect("a refusal of an expired one can be taken back, and then it is open as usual", () =>
    Effect.gen(function* () {
      const scene = yield* expired
      yield* scene.tap(chief, "Отклонить")
      assert.match(scene.read(stranger).at(-1) ?? "", /^Заявку отклонили/)
      yield* scene.tap(chief, "↩️ Вернуть заявку")
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
      assert.strictEqual(scene.read(chief)[0]?.includes("⌛"), false)
      yield* tick(scene)
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
    }),
  )

  it.effect("after a month nothing is left to decide", () =>
    Effect.gen(function* () {
      const scene = yield* expired
      yield* TestClock.adjust("30 days")
      yield* tick(scene)
      const [answer] = yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(answer?.text, "Этой заявки больше нет. Ничего не изменилось.")
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
    }),
  )

  it.effect("an expired nickname that somebody else has by now is not given twice", () =>
    Effect.gen(function* () {
      const scene = yield* expired
      const other = TelegramId.make(901)
      yield* scene.say(other, "/start")
      yield* scene.say(other, "новенький")
      const { messageId } = scene.telegram.chat(chief)[0] ?? assert.fail("a card")
      const approve = { _tag: "Decide", applicant: stranger, decision: "approve" } as const
      const [answer] = yield* scene.tapAction(chief, messageId, approve)
      assert.match(answer?.text ?? "", /^Срок заявки вышел, и её ник .* занял другой/)
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
    }),
  )

  it.effect("an old card decides nothing about a newer application of the same person", () =>
    Effect.gen(function* () {
      const scene = yield* expired
      const { messageId } = scene.telegram.chat(chief)[0] ?? assert.fail("a card")
      const approve = { _tag: "Decide", applicant: stranger, decision: "approve" } as const
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "Другой ник")
      assert.lengthOf(scene.read(chief), 2)
      const [answer] = yield* scene.tapAction(chief, messageId, approve)
      assert.match(answer?.text ?? "", /^Это карточка прежней заявки/)
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
      assert.deepStrictEqual(scene.telegram.chat(chief)[0]?.screen.keyboard, [])
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
    }),
  )

  it.effect("a disk that refuses: told, and nothing decided", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "Одобрить")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает/)
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
      yield* scene.say(Scene.vera, "/start")
      assert.match(scene.read(Scene.vera).at(-1) ?? "", /^Диск бота сейчас не отвечает/)
    }),
  )
})

describe("admins who cannot be told", () => {
  it.effect("an application that no admin has seen is shown again, once somebody is there", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(noon)
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2, chatId: chief })
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 3, chatId: deputy })
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "Новенький")
      yield* tick(scene)
      assert.deepStrictEqual(scene.read(chief), [])
      yield* TestClock.adjust("1 minute")
      yield* tick(scene)
      assert.deepStrictEqual(scene.read(chief), [])
      // Who could not be reached is tried ever more rarely.
      yield* TestClock.adjust("2 minutes")
      yield* tick(scene)
      assert.deepStrictEqual(scene.read(chief), [cardLines.join("\n")])
      yield* tick(scene)
      assert.lengthOf(scene.read(chief), 1)
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
      yield* tick(scene)
      assert.lengthOf(scene.read(chief), 1)
    }),
  )

  it.effect("who cannot be reminded keeps the card he has, and its buttons work", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* TestClock.adjust("4 hours")
      scene.telegram.fail("send", { _tag: "Unsure" }, { chatId: deputy })
      yield* tick(scene)
      assert.match(scene.read(chief).join(), /^Заявка ждёт решения больше четырёх часов/)
      assert.deepStrictEqual(scene.read(deputy), [cardLines.join("\n")])
      yield* scene.tap(deputy, "Отклонить")
      for (const admin of [chief, deputy]) {
        assert.lengthOf(scene.read(admin), 1)
        assert.include(scene.read(admin)[0], "⛔ Отклонено")
        assert.deepStrictEqual(labelsOf(scene.last(admin).screen), [["↩️ Вернуть заявку"]])
      }
    }),
  )

  it.effect("whoever is an admin no more decides nothing, on whatever card he has", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* scene.say(vera, "/start")
        }),
      )
      const scene = yield* Scene.make({ disk, telegram, admins: [chief] })
      const [answer] = yield* scene.tap(deputy, "Одобрить")
      assert.strictEqual(answer?.text, "Доступ запрещён. Чтобы подать заявку, отправьте /start.")
      assert.strictEqual(yield* roleOf(scene, vera), "applicant")
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, vera), "employee")
      assert.deepStrictEqual(scene.last(deputy).screen.keyboard, [])
    }),
  )

  it.effect("an applicant who sends /start again and again fills nobody's chat but his own", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      for (let times = 0; times < 20; times += 1) yield* scene.say(stranger, "/start")
      for (const admin of [chief, deputy]) assert.lengthOf(scene.read(admin), 1)
    }),
  )

  for (const [what, nickname, markup] of [
    ["markup", '<b>&"</b>', "&lt;b&gt;&amp;&quot;&lt;/b&gt;"],
    ["a formula", "=HYPERLINK(1)", "=HYPERLINK(1)"],
    ["the longest one", "<".repeat(32), "&lt;".repeat(32)],
  ] as const) {
    it.effect(`${what} as a nickname of an older file is shown as it was written, and works`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make({
          roster: { [vera]: { stage: nickname, is_approved: false } },
        })
        yield* scene.say(vera, "/start")
        assert.include(scene.lastText(chief), `Ник: ${nickname}\n`)
        assert.include(String(scene.last(chief).screen.html), `<code>${markup}</code>`)
        yield* scene.tap(chief, "Одобрить")
        assert.strictEqual(yield* roleOf(scene, vera), "employee")
      }),
    )
  }

  it.effect("a nickname that the disk kept half of is not forgotten", () =>
    Effect.gen(function* () {
      const scene = yield* arrived
      scene.disk.failing = true
      yield* scene.say(stranger, "Новенький")
      assert.match(scene.lastText(stranger), /^Диск бота сейчас не отвечает/)
      assert.deepStrictEqual(scene.read(chief), [])
      scene.disk.failing = false
      yield* scene.say(stranger, "Новенький")
      assert.match(scene.lastText(stranger), /^Ожидайте одобрения/)
      assert.lengthOf(scene.read(chief), 1)
      yield* scene.tap(chief, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
    }),
  )

  it.effect("a nickname that looks like a command is a command", () =>
    Effect.gen(function* () {
      const scene = yield* arrived
      yield* scene.say(stranger, "/anna")
      assert.match(scene.lastText(stranger), /^Доступ запрещён/)
      assert.deepStrictEqual(scene.read(chief), [])
      yield* scene.say(stranger, "anna.new")
      assert.lengthOf(scene.read(chief), 1)
    }),
  )

  it.effect("a nickname of a file filled by hand may be of any length", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({
        roster: { [vera]: { stage: "я".repeat(9000), is_approved: false } },
      })
      yield* scene.say(vera, "/start")
      assert.isAtMost(scene.read(chief)[0]?.length ?? 0, 4096)
      assert.lengthOf(scene.read(chief), 1)
    }),
  )
})

describe("what brings a registration forward", () => {
  const isStep = (scene: Scene, text: string) => scene.handler.isRegistering(stranger, { text })

  it.effect("/start once, then each nickname until one is taken down, and nothing else", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      assert.isFalse(yield* isStep(scene, "Новенький"))
      assert.isTrue(yield* isStep(scene, "/start"))
      yield* scene.say(stranger, "/start")
      assert.isFalse(yield* isStep(scene, "/start"))
      assert.isFalse(yield* isStep(scene, "/menu"))
      assert.isTrue(yield* isStep(scene, "anna"))
      yield* scene.say(stranger, "anna")
      assert.isTrue(yield* isStep(scene, "Новенький"))
      yield* scene.say(stranger, "Новенький")
      assert.isFalse(yield* isStep(scene, "/start"))
      assert.isFalse(yield* isStep(scene, "Новенький"))
      assert.isFalse(yield* scene.handler.isRegistering(anna, { text: "/start" }))
    }),
  )

  it.effect("an applicant's own buttons, and the better nickname that was asked for", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      const press = (label: string) => {
        const button = scene.find(stranger, label).data
        return scene.handler.isRegistering(stranger, { button })
      }
      yield* scene.say(stranger, "?")
      assert.isTrue(yield* press("✏️ Исправить ник"))
      assert.isTrue(yield* press("Отозвать заявку"))
      assert.isFalse(yield* scene.handler.isRegistering(stranger, { button: "mn1:" }))
      assert.isFalse(yield* isStep(scene, "Новенькая"))
      yield* scene.tap(stranger, "✏️ Исправить ник")
      assert.isTrue(yield* isStep(scene, "Новенькая"))
      assert.isFalse(yield* isStep(scene, "/start"))
    }),
  )

  it.effect("nothing while a refusal is fresh", () =>
    Effect.gen(function* () {
      const scene = yield* applied
      yield* scene.tap(chief, "Отклонить")
      assert.isFalse(yield* isStep(scene, "/start"))
      yield* TestClock.adjust("24 hours")
      assert.isTrue(yield* isStep(scene, "/start"))
    }),
  )
})
