/** Access that is suspended for a while: by command, by button, and what the person meets. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Blocks } from "../../../src/access/Blocks.ts"
import type { Roster } from "../../../src/access/Whitelist.ts"
import { endBlocks } from "../../../src/bot/admin/suspension.ts"
import { Deliveries } from "../../../src/bot/Deliveries.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { RequestKey } from "../../../src/domain/Issuance.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy, stranger, vera } from "../Scene.ts"
import {
  annaTookThree,
  dataIn,
  ready,
  reserveProxies,
  roleOf,
  type PeopleScene,
  start,
  walk,
} from "./peopleScene.ts"

const untilEvening =
  "Доступ приостановлен до 22:22 сегодня. Причина: Отпуск. Всё выданное вам записано за вами."

const commandsOf = (scene: PeopleScene, id: TelegramId) =>
  scene.telegram.commands
    .findLast(({ scope }) => scope !== "default" && scope.chatId === id)
    ?.list.map(({ command }) => command)

const marksOf = (scene: PeopleScene, id: TelegramId) =>
  Effect.map(scene.pools.held(id), (held) => held.map(({ mark }) => mark?.status))

describe("/block", () => {
  it.effect("closes everything at once, with the time and the reason", () =>
    Effect.gen(function* () {
      const scene = yield* annaTookThree()
      yield* scene.say(chief, "/block anna 8  Отпуск")
      assert.strictEqual(yield* roleOf(scene, anna), "blocked")
      assert.strictEqual(scene.lastText(anna), untilEvening)
      assert.deepStrictEqual(commandsOf(scene, anna), ["start"])
      const before = scene.disk.tables.seq
      for (const text of ["/start", "/menu", "/my", "/stock", "привет", "anna2"]) {
        yield* scene.say(anna, text)
        assert.strictEqual(scene.lastText(anna), untilEvening, text)
      }
      yield* scene.handler.handle({ _tag: "Other", userId: anna, chatId: anna })
      assert.strictEqual(scene.lastText(anna), untilEvening)
      for (const label of ["1", "✅ Остальные: Хороший"]) {
        const [answer] = yield* scene.tap(anna, label)
        assert.deepInclude(answer, { text: untilEvening, alert: true })
      }
      assert.deepStrictEqual(yield* marksOf(scene, anna), [undefined, undefined, undefined])
      assert.strictEqual(scene.disk.tables.seq, before)
      assert.strictEqual(scene.disk.tables.documents.get("application")?.size ?? 0, 0)
    }),
  )

  it.effect("shows the admin what the person holds, and tells the other admin", () =>
    Effect.gen(function* () {
      const scene = yield* annaTookThree()
      yield* scene.say(chief, "/block 101 8 Отпуск")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "⏸ Доступ приостановлен: anna (101)",
          "",
          "Ник: anna",
          "Telegram ID: 101",
          "Роль: доступ приостановлен",
          "В логе программы: p-1208135262",
          "Срок: до 22:22 сегодня. Потом доступ откроется сам.",
          "Причина, её видит человек: «Отпуск»",
          "Решение: Ольга, 22.11.2026 14:22.",
          "",
          "На руках без отметки: 3",
          "VK › 495 · first@… · 0 мин",
          "VK › 495 · second@… · 0 мин",
          "VK › 495 · third@… · 0 мин",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["▶️ Вернуть доступ"],
        ["На руках без отметки: 3"],
        ["✏️ Переименовать"],
        ["Убрать доступ"],
        ["‹ Все приостановленные"],
        ["Журнал"],
        ["‹ К списку"],
        ["☰ Меню"],
      ])
      assert.deepStrictEqual(scene.read(deputy), [
        "⏸ Доступ приостановлен до 22:22 сегодня: anna (101). Решение: Ольга. Все приостановленные: /block.",
      ])
      yield* scene.say(deputy, "/whitelist")
      assert.include(scene.lastText(deputy), "anna · 101 · доступ приостановлен · на руках 3")
    }),
  )

  it.effect("without hours and reason it holds until somebody gives it back", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/block anna")
      yield* TestClock.adjust("400 days")
      yield* scene.say(anna, "/menu")
      assert.strictEqual(
        scene.lastText(anna),
        "Доступ приостановлен до решения администратора. Всё выданное вам записано за вами.",
      )
      yield* scene.say(deputy, "/unblock Anna")
      assert.match(scene.lastText(deputy), /^▶️ Доступ снова открыт: anna \(101\)\n/)
      assert.strictEqual(scene.lastText(anna), "Ваш доступ к боту снова открыт. Меню: /menu.")
      assert.include(commandsOf(scene, anna) ?? [], "menu")
      assert.strictEqual(
        scene.lastText(chief),
        "▶️ Доступ снова открыт: anna (101). Решение: Мария.",
      )
      yield* scene.say(anna, "/menu")
      assert.match(scene.lastText(anna), /^Что выдать/)
      yield* scene.say(chief, "/unblock 101")
      assert.match(scene.lastText(chief), /^Доступ уже вернули: Мария,/)
      yield* scene.say(chief, "/unblock boris")
      assert.strictEqual(
        scene.lastText(chief),
        "Доступ и так не приостановлен: boris (102). Ничего не изменилось.",
      )
    }),
  )

  it.effect("ends by itself at its minute; the commands come back soon after", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/block 101 1")
      yield* TestClock.setTime(start + 3_600_000 - 1)
      assert.strictEqual(yield* roleOf(scene, anna), "blocked")
      const messages = scene.read(anna).length
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* roleOf(scene, anna), "employee")
      assert.deepStrictEqual(commandsOf(scene, anna), ["start"])
      yield* Effect.provideContext(endBlocks, scene.context)
      assert.include(commandsOf(scene, anna) ?? [], "menu")
      assert.lengthOf(scene.read(anna), messages)
      assert.strictEqual(scene.disk.tables.documents.get("block")?.size, 0)
    }),
  )

  it.effect("once more it replaces time and reason", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/block 101 8 Отпуск")
      yield* scene.say(deputy, "/block 101 24 Проверка!")
      assert.strictEqual(
        scene.lastText(anna),
        "Доступ приостановлен до 14:22 завтра. Причина: Проверка! Всё выданное вам записано за вами.",
      )
      yield* scene.say(chief, "/block")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Доступ приостановлен: 1 человек",
          "",
          "anna (101)",
          "Срок: до 14:22 завтра. Потом доступ откроется сам.",
          "Причина, её видит человек: «Проверка!»",
          "Решение: Мария, 22.11.2026 14:22.",
          "",
          "Приостановить: /block, ID или ник, часы, причина. Например: /block 123456789 8 Отпуск. Без часов срока нет, причину можно не писать.",
        ].join("\n"),
      )
      yield* scene.tap(chief, "Разблокировать: anna (101)")
      assert.match(
        scene.lastText(chief),
        /^▶️ Доступ снова открыт: anna \(101\)\n\nСейчас доступ никому не приостановлен\./,
      )
      assert.strictEqual(yield* roleOf(scene, anna), "employee")
    }),
  )

  it.effect("that arrives twice is one block, told once", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      const text = "/block 101 8 Отпуск"
      const update = { userId: chief, chatId: chief, messageId: 5, text, firstName: "" }
      yield* scene.handler.handle({ _tag: "Text", ...update })
      yield* TestClock.adjust("5 minutes")
      yield* scene.handler.handle({ _tag: "Text", ...update })
      assert.deepStrictEqual(scene.read(anna), [untilEvening])
      assert.lengthOf(scene.read(deputy), 1)
      assert.include(scene.lastText(chief), "Срок: до 22:22 сегодня.")
    }),
  )

  it.effect("200 characters of reason fit, and as much of them into an alert as has room", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, `/block 101 8 ${"ж".repeat(200)}`)
      assert.include(scene.lastText(anna), `Причина: ${"ж".repeat(200)}. Всё выданное`)
      const [answer] = yield* scene.tapData(anna, 5, "me1:")
      assert.isAtMost(answer?.text?.length ?? 999, 200)
      assert.match(answer?.text ?? "", /Причина: ж{20,}… Всё выданное вам записано за вами\.$/)
    }),
  )

  const others: Roster = {
    "101": { stage: "anna", is_approved: true },
    "102": { stage: "anna 8", is_approved: true },
    "103": { stage: "Boris", is_approved: true },
    "104": { stage: "boris", is_approved: true },
    "105": { stage: "101", is_approved: true },
    "106": { stage: "new", is_approved: false },
    "107": { stage: "Иван Петров", is_approved: true },
  }

  for (const [argument, answer] of [
    ["nobody 8", /^В списке доступа нет никого с ID или ником «nobody»/],
    ["555", /^В списке доступа нет никого с ID или ником «555»/],
    ["ann 8", /нет никого с ID или ником «ann»/],
    ["10 8", /нет никого с ID или ником «10»/],
    ["1 8", /^Это администратор: доступ задан настройкой ADMIN_ID/],
    ["new", /^Доступа у этого человека ещё нет, заявка ждёт решения/],
    ["anna 8", /^По «anna 8» нельзя понять, о ком речь: anna \(101\), anna 8 \(102\)\./],
    ["boris", /^По «boris» нельзя понять, о ком речь: Boris \(103\), boris \(104\)\./],
    ["102 0", /^«0»: так срок не понять\. Часы пишутся целым числом от 1 до 8760/],
    ["102 8761", /^«8761»: так срок не понять/],
    ["102 1,5 Отпуск", /^«1,5»: так срок не понять/],
    ["102 1.5", /^«1\.5»: так срок не понять/],
    ["102 -3", /^«-3»: так срок не понять/],
    ["102 8ч Отпуск", /^«8ч»: так срок не понять/],
    ["102 99999999999999999999", /^«99999999999999999999»: так срок не понять/],
    [`102 8 ${"ж".repeat(201)}`, /^В причине знаков: 201, а помещается 200/],
  ] as const) {
    it.effect(`/block ${argument.slice(0, 30)}: a sentence, and nothing changes`, () =>
      Effect.gen(function* () {
        const scene = yield* ready({ roster: others })
        yield* scene.say(chief, `/block ${argument}`)
        assert.match(scene.lastText(chief), answer)
        assert.include(scene.lastText(chief), "Ничего не изменилось")
        assert.isUndefined(scene.disk.tables.documents.get("block"))
        assert.deepStrictEqual([...scene.telegram.calls], [`send ${chief}`])
      }),
    )
  }

  for (const [argument, id] of [
    ["101 8 Отпуск", 101],
    ["anna 9 Отпуск", 101],
    ["Иван  петров 8 Отпуск", 107],
    ["anna Отпуск", 101],
  ] as const) {
    it.effect(`/block ${argument}: ${id}`, () =>
      Effect.gen(function* () {
        const scene = yield* ready({ roster: others })
        yield* scene.say(chief, `/block ${argument}`)
        assert.deepStrictEqual(
          [...(scene.disk.tables.documents.get("block")?.keys() ?? [])],
          [String(id)],
        )
        assert.include(scene.lastText(chief), "«Отпуск»")
      }),
    )
  }

  it.effect("a disk that refuses is told of, and nobody else is", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      scene.disk.failing = true
      yield* scene.say(chief, "/block 101 8")
      assert.match(scene.lastText(chief), /^Диск бота сейчас не отвечает/)
      const [answer] = yield* scene.tapData(chief, 5, "bd1:101.8")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает/)
      assert.strictEqual(yield* roleOf(scene, anna), "employee")
      scene.disk.failing = false
      yield* scene.say(chief, "/block 101 8")
      scene.disk.failing = true
      yield* scene.say(chief, "/unblock 101")
      assert.match(scene.lastText(chief), /^Диск бота сейчас не отвечает/)
      assert.strictEqual(yield* roleOf(scene, anna), "blocked")
      assert.lengthOf(scene.read(anna), 1)
    }),
  )

  it.effect("a person who stopped the bot is blocked all the same", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: anna, times: 9 })
      yield* scene.say(chief, "/block 101 8")
      assert.strictEqual(yield* roleOf(scene, anna), "blocked")
      assert.lengthOf(scene.read(deputy), 1)
    }),
  )
})

describe("the card", () => {
  it.effect("asks for how long, blocks, and gives the access back", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/whitelist")
      yield* scene.press(chief, "anna", "⏸ Приостановить доступ")
      assert.match(scene.lastText(chief), /^На сколько приостановить доступ: anna \(101\)\?/)
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["1 ч", "8 ч", "24 ч"],
        ["Без срока"],
        ["‹ Назад"],
      ])
      yield* scene.press(chief, "‹ Назад", "⏸ Приостановить доступ")
      const { messageId } = scene.last(chief)
      const [answer] = yield* scene.tap(chief, "8 ч")
      assert.strictEqual(answer?.text, "Доступ приостановлен")
      assert.include(scene.lastText(chief), "Срок: до 22:22 сегодня.")
      yield* scene.tapData(chief, messageId, "bd1:101.8")
      assert.lengthOf(scene.read(anna), 1)
      yield* scene.tap(chief, "▶️ Вернуть доступ")
      assert.match(scene.lastText(chief), /^▶️ Доступ снова открыт: anna \(101\)\n/)
      assert.strictEqual(yield* roleOf(scene, anna), "employee")
      assert.lengthOf(scene.telegram.chat(chief), 1)
    }),
  )

  it.effect("a button never replaces what another admin has decided", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/whitelist")
      yield* scene.press(chief, "anna", "⏸ Приостановить доступ")
      yield* scene.say(deputy, "/block 101 24 Проверка")
      const [late] = yield* scene.tapData(
        chief,
        scene.telegram.chat(chief)[0]!.messageId,
        "bd1:101.1",
      )
      assert.match(late?.text ?? "", /^Доступ уже приостановлен, ничего не изменилось/)
      assert.include(scene.read(chief)[0], "«Проверка»")
      const [again] = yield* scene.tapData(chief, scene.last(chief).messageId, "ba1:101")
      assert.match(again?.text ?? "", /^Доступ уже приостановлен/)
      assert.include(scene.lastText(anna), "Причина: Проверка.")
    }),
  )

  for (const [id, why] of [
    [chief, /^Это администратор/],
    [vera, /^Доступа у этого человека ещё нет/],
    [stranger, /^Этого человека в списке доступа уже нет/],
  ] as const) {
    it.effect(`of ${id}, who cannot be blocked: a sentence`, () =>
      Effect.gen(function* () {
        const scene = yield* ready()
        yield* scene.say(deputy, "/whitelist")
        for (const data of [`ba1:${id}`, `bd1:${id}.8`]) {
          const [answer] = yield* scene.tapData(deputy, scene.last(deputy).messageId, data)
          assert.match(answer?.text ?? "", why)
        }
        assert.isUndefined(scene.disk.tables.documents.get("block"))
      }),
    )
  }

  it.effect("two admins give it back: the second reads who was first", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/block 101")
      yield* scene.say(deputy, "/block")
      yield* scene.tap(chief, "▶️ Вернуть доступ")
      const [late] = yield* scene.tap(deputy, "Разблокировать: anna (101)")
      assert.match(late?.text ?? "", /^Доступ уже вернули: Ольга, 22\.11\.2026 14:22\./)
      assert.include(scene.read(deputy).join(), "Сейчас доступ никому не приостановлен.")
      assert.lengthOf(scene.read(anna), 2)
    }),
  )
})

describe("what a blocked person holds", () => {
  it.effect("keeps its timers, and can be settled by an admin", () =>
    Effect.gen(function* () {
      const scene = yield* annaTookThree()
      yield* scene.say(chief, "/block 101 8")
      yield* scene.tap(chief, "На руках без отметки: 3")
      assert.match(
        scene.lastText(chief),
        /^⏸ Доступ приостановлен: anna \(101\)\nСрок: до 22:22 сегодня\.[^]*\nОсталось на руках без отметки: 3\n1\. VK/,
      )
      yield* scene.press(chief, "1 в карантин", "🗄 В карантин")
      yield* scene.tap(chief, "2 передать…")
      assert.notInclude(labelsOf(scene.last(chief).screen).flat(), "anna (101)")
      yield* scene.tap(chief, "boris (102)")
      assert.include(scene.lastText(boris), "third@example.com")
      yield* TestClock.adjust("11 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      assert.deepStrictEqual(yield* marksOf(scene, anna), ["good"])
      yield* scene.tap(chief, "▶️ Вернуть доступ")
      const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, "lf1:101.0")
      assert.match(answer?.text ?? "", /^У этого человека снова есть доступ/)
    }),
  )

  it.effect("two blocked people hand nothing to each other", () =>
    Effect.gen(function* () {
      const scene = yield* annaTookThree()
      yield* scene.say(chief, "/block 101")
      yield* scene.say(chief, "/block 102")
      const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, "lg1:101.all.102")
      assert.match(answer?.text ?? "", /^У этого коллеги уже нет доступа\. Ничего не передано/)
    }),
  )

  it.effect("is not delivered any more, and comes once the access is back", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      const { redeliver } = Context.get(scene.context, Deliveries)
      yield* scene.load("vk", "first")
      yield* scene.fromMenu(anna, "VK", "495")
      scene.telegram.fail("edit", { _tag: "RateLimited", retryAfter: Duration.seconds(60) })
      yield* scene.press(anna, "1")
      yield* scene.say(chief, "/block 101")
      yield* redeliver
      assert.notInclude(scene.read(anna).join(), "first@example.com")
      yield* scene.say(chief, "/unblock 101")
      yield* TestClock.adjust("1 minute")
      yield* redeliver
      assert.include(scene.read(anna).join(), "first@example.com")
    }),
  )

  it.effect("his reservation of a proxy ends, and others may take it", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* reserveProxies(scene, anna)
      yield* scene.say(chief, "/block anna")
      assert.lengthOf(yield* scene.proxies.free([]), 1)
    }),
  )
})

describe("a block and the list of people", () => {
  it.effect("survives a restart, the removal and the return to the list", () =>
    Effect.gen(function* () {
      const options = { disk: MemoryJournal.makeDisk(), telegram: FakeTelegram.make() }
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* ready(options)
          yield* scene.say(chief, "/block 101")
        }),
      )
      const scene = yield* Scene.make(options)
      assert.strictEqual(yield* roleOf(scene, anna), "blocked")
      yield* scene.say(chief, "/whitelist_remove 101")
      yield* scene.tap(chief, "Убрать доступ")
      yield* scene.say(anna, "/start")
      assert.match(scene.lastText(anna), /^Доступ приостановлен/)
      yield* scene.tap(chief, "Вернуть доступ")
      assert.strictEqual(yield* roleOf(scene, anna), "blocked")
      assert.match(scene.lastText(anna), /^Доступ приостановлен/)
      assert.isUndefined(scene.disk.tables.documents.get("application"))
      yield* scene.say(chief, "/unblock 101")
      assert.strictEqual(yield* roleOf(scene, anna), "employee")
    }),
  )

  it.effect("of somebody on no list it is lifted by the id", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/block 101")
      yield* scene.say(chief, "/whitelist_remove 101")
      yield* scene.tap(chief, "Убрать доступ")
      const messages = scene.read(anna).length
      yield* scene.say(chief, "/unblock 101")
      assert.strictEqual(yield* roleOf(scene, anna), "stranger")
      assert.lengthOf(scene.read(anna), messages)
    }),
  )

  for (const language of ["ru", "en"] as const) {
    it.effect(`500 blocked people with long nicknames and reasons fit, in ${language}`, () =>
      Effect.gen(function* () {
        const ids = Array.from({ length: 500 }, (_, at) => 9_000_000_000_000_000 + at)
        const roster: Roster = Object.fromEntries(
          ids.map((id) => [String(id), { stage: `<&>${id} `.padEnd(200, "Щ"), is_approved: true }]),
        )
        const disk = MemoryJournal.makeDisk()
        yield* Blocks.use(({ block }) =>
          Effect.forEach(ids, (id) =>
            block({
              id: TelegramId.make(id),
              hours: 8760,
              note: "<".repeat(200),
              by: chief,
              request: RequestKey.make("1:1"),
            }),
          ),
        ).pipe(Effect.provide(Layer.provide(Blocks.layer, MemoryJournal.layer(disk))))
        const scene = yield* Scene.make({ language, roster, disk })
        yield* scene.say(chief, "/block")
        assert.lengthOf(dataIn(yield* walk(scene, chief), "bu1"), 500)
      }),
    )
  }
})
