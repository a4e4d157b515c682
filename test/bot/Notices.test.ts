/** What the bot says of itself: trouble, and a start's recovery note. */
import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Effect, Layer, PubSub } from "effect"
import { TestClock } from "effect/testing"
import { AdminChats } from "../../src/access/AdminChats.ts"
import * as Commands from "../../src/bot/Commands.ts"
import { caughtUpNote, layer as Notices } from "../../src/bot/Notices.ts"
import { en } from "../../src/bot/texts/en.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Comeback } from "../../src/pool/Comeback.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { caughtUpKind, type Intent, Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, deputy } from "./Scene.ts"

const withNotices = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
  yield* settle
  return scene
})

/** Lets the notices that are due be sent. */
const settle = TestClock.adjust("1 second")

/** The same event once more, as if it had been written twice. */
const again = <A extends { readonly seq: number }>(event: A) => ({ ...event, seq: 1_000 })

const openIntent: Intent = {
  spreadsheet: "demo-issued",
  seq: 1,
  kind: "flush",
  token: "token",
  body: {},
  about: {},
  state: "open",
  openedAt: 0,
  settledAt: null,
}

describe("a start on an older copy", () => {
  const report = { madeAt: 86_400_000, adopted: 5, elsewhere: 1, taken: 3, inDoubt: 4 }

  it.effect("is told once, in the language of each admin, and again where nobody heard of it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const journal = Context.get(scene.context, Journal)
      yield* journal.write([
        { _tag: "DocumentPut", kind: caughtUpKind, key: "1", body: report },
        { _tag: "DocumentPut", kind: caughtUpKind, key: "2", body: "no report" },
      ])
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
      yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [])
      yield* TestClock.adjust("2 days")
      const [told = "", ...more] = scene.read(chief)
      assert.deepStrictEqual(more, [])
      assert.include(told, "копия сделана")
      assert.include(told, "найдено в «…_Выдано», учтено: 5")
      assert.include(told, "4 строки в карантине")
      assert.include(told, "/quarantine")
      assert.deepStrictEqual(yield* journal.documents(caughtUpKind), [])
    }),
  )

  it("says in English what is left to people, or that nothing is", () => {
    const zone = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")
    const said = (about: Partial<typeof report>) =>
      String(caughtUpNote({ ...report, ...about }, zone, en).html)
    assert.include(said({}), "in quarantine: 4")
    assert.include(said({}), "found in the service tab: 3")
    assert.include(said({ inDoubt: 0 }), "everything is accounted for")
    assert.include(said({}), "• the copy was made 02.01.1970")
    assert.notInclude(said({ madeAt: 0 }), "• the copy was made")
  })
})

describe("trouble and starts", () => {
  it.effect("trouble: one message when it begins, one when it ends", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const alarms = Context.get(scene.context, Alarms)
      const alarm = { _tag: "AnotherWriter", spreadsheet: "book" } as const
      yield* alarms.raise(alarm)
      yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
      yield* settle
      yield* alarms.raise(alarm)
      // As if it had been raised between the subscription and the reading.
      yield* PubSub.publish(alarms.changes, { alarm, raised: true })
      yield* settle
      const trouble =
        "В таблицу book пишет другой экземпляр бота. Этот остановил запись, чтобы ничего не удвоить. Оставьте работать один."
      assert.deepStrictEqual(scene.read(chief), [`⚠️ ${trouble}`])
      yield* alarms.clear(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [
        `⚠️ ${trouble}`,
        "✅ Снова в порядке: таблица book.",
      ])
      yield* alarms.raise(alarm)
      yield* settle
      assert.lengthOf(scene.read(chief), 3)
    }),
  )

  it.effect("trouble that reached no admin is told later, once, and so is its end", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      const alarm = { _tag: "AnotherWriter", spreadsheet: "book" } as const
      const unreachable = () => scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
      unreachable()
      yield* alarms.raise(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [])
      yield* TestClock.adjust("1 minute")
      const [first = ""] = scene.read(chief)
      assert.match(first, /^⚠️ В таблицу book пишет другой экземпляр бота/)
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [first])
      assert.deepStrictEqual(scene.read(deputy), [first])
      unreachable()
      yield* alarms.clear(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [first])
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [first, "✅ Снова в порядке: таблица book."])
    }),
  )

  it.effect("an admin who cannot be written to is tried ever more rarely, until he writes", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      for (const chatId of [chief, deputy]) {
        scene.telegram.fail("send", { _tag: "Blocked" }, { times: 1_000, chatId })
      }
      const triesOf = (admin: number) =>
        scene.telegram.calls.filter((call) => call === `send ${admin}`).length
      yield* alarms.raise({ _tag: "AnotherWriter", spreadsheet: "book" })
      yield* TestClock.adjust("24 hours")
      const tries = triesOf(chief)
      assert.isAtLeast(tries, 24)
      assert.isAtMost(tries, 34)
      yield* scene.say(chief, "/start")
      const afterStart = triesOf(chief)
      const ofDeputy = triesOf(deputy)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(triesOf(chief), afterStart + 1)
      assert.isAtMost(triesOf(deputy), ofDeputy + 1)
    }),
  )

  it.effect("an admin who never pressed /start is not tried, and hears all when he does", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const begin = withNotices({ disk, telegram, roster: {}, adminChats: AdminChats.layer })
      telegram.fail("send", { _tag: "ChatNotFound" }, { times: 1_000, chatId: deputy })
      const callsTo = (admin: number) => telegram.calls.filter((call) => call.endsWith(` ${admin}`))
      const alarm = { _tag: "AnotherWriter", spreadsheet: "book" } as const
      const start = Effect.gen(function* () {
        const scene = yield* begin
        yield* Layer.build(Commands.layer).pipe(Effect.provideContext(scene.context))
        yield* Context.get(scene.context, Alarms).raise(alarm)
        yield* TestClock.adjust("25 hours")
        return scene
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* start
          assert.deepStrictEqual([...callsTo(chief), ...callsTo(deputy)], [])
          yield* scene.say(chief, "/start")
          yield* TestClock.adjust("1 minute")
          assert.match(scene.lastText(chief), /^⚠️ В таблицу book пишет другой экземпляр бота/)
          yield* scene.load("vk", "a")
        }),
      )
      // A restart remembers who has a chat, and who has none.
      const heard = telegram.chat(chief).length
      const later = yield* start
      assert.isAbove(later.read(chief).length, heard)
      assert.deepStrictEqual(callsTo(deputy), [])
      // Somebody may have opened the chat before there was this journal.
      yield* later.say(chief, "/pause vk")
      yield* TestClock.adjust("24 hours")
      yield* later.say(chief, "/resume vk")
      assert.deepStrictEqual(callsTo(deputy), [`send ${deputy}`])
    }),
  )

  it.effect("an admin of whom an older journal says nothing is tried once", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const first = yield* withNotices({ disk })
      yield* first.load("vk", "a")
      const scene = yield* withNotices({ disk, adminChats: AdminChats.layer })
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 1_000, chatId: deputy })
      yield* Context.get(scene.context, Alarms).raise({
        _tag: "AnotherWriter",
        spreadsheet: "book",
      })
      yield* TestClock.adjust("24 hours")
      assert.isNotEmpty(scene.read(chief))
      yield* scene.say(chief, "/pause vk")
      const sent = scene.telegram.calls.filter((call) => call === `send ${deputy}`)
      assert.lengthOf(sent, 1)
    }),
  )

  it.effect(
    "a row that is gone is told once, also later, and is no trouble that stands after it",
    () =>
      Effect.gen(function* () {
        const scene = yield* withNotices()
        const alarms = Context.get(scene.context, Alarms)
        const alarm = { _tag: "RowVanished", tab: "ВКонтакте_Выдано", issuance: "0" } as const
        scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
        yield* alarms.raise(alarm)
        yield* settle
        assert.deepStrictEqual(yield* alarms.raised, [alarm])
        yield* TestClock.adjust("1 minute")
        yield* settle
        assert.lengthOf(scene.read(chief), 1)
        assert.deepStrictEqual(yield* alarms.raised, [])
        yield* TestClock.adjust("2 minutes")
        assert.lengthOf(scene.read(chief), 1)
        yield* alarms.raise(alarm)
        yield* settle
        assert.lengthOf(scene.read(chief), 2)
      }),
  )

  it.effect("rows that Google refuses: where to look, and that it is over", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      const alarm = { _tag: "RowsRefused", resource: "vk", tab: "ВКонтакте_Выдано" } as const
      for (const _ of ["a row", "another one"]) {
        yield* alarms.raise(alarm)
        yield* settle
      }
      yield* alarms.clear(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [
        "⚠️ Google не принимает строки для вкладки «ВКонтакте_Выдано». Они не потеряны, бот пробует снова, остальные пишутся как обычно. Какие строки, почему и что с ними делать: /failed.",
        "✅ Снова в порядке: вкладка «ВКонтакте_Выдано».",
      ])
    }),
  )

  it.effect("trouble that was over before anybody could be told is not told", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
      yield* alarms.raise({ _tag: "StorageUnavailable" })
      yield* settle
      yield* alarms.clear({ _tag: "StorageUnavailable" })
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [])
    }),
  )

  it.effect("one admin who hears of it is enough, the other is not told twice", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: deputy })
      yield* Context.get(scene.context, Alarms).raise({ _tag: "StorageUnavailable" })
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(scene.read(chief), 1)
      assert.lengthOf(scene.read(deputy), 0)
    }),
  )

  it.effect("a start says what it came back with; the first one has nothing to say", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withNotices({ disk, telegram })
          yield* Context.get(scene.context, Conservation).check
          yield* TestClock.adjust("1 minute")
          assert.deepStrictEqual(scene.read(chief), [])
          yield* scene.load("vk", "a", "b", "c")
          yield* scene.fromMenu(anna, "VK", "495", "1", "⛔ Блок")
          yield* scene.fromMenu(boris, "VK", "495")
          telegram.fail("edit", { _tag: "Unsure" }, { times: 1, chatId: boris })
          yield* scene.press(boris, "1")
        }),
      )
      const scene = yield* withNotices({ disk, telegram })
      assert.deepStrictEqual(scene.read(chief), [])
      yield* Context.get(scene.context, Conservation).check
      yield* settle
      const note = [
        "Бот снова работает. Что восстановлено:",
        "• готово к выдаче: 1 штука",
        "• ждут отметки: 1 выдача",
        "• показать ещё раз, доставка неясна: 1 выдача",
        "• ждут записи в таблицу: 1 выдача",
        "Последняя запись до перерыва: 01.01.1970 03:01.",
        "Потеряно: 0. Сверено: 3 штуки.",
      ]
      assert.deepStrictEqual(scene.read(chief), [note.join("\n")])
      assert.deepStrictEqual(scene.read(deputy), [note.join("\n")])
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(scene.read(chief), 1)
    }),
  )

  it.effect("a start with nothing in hands says that too, and what does not add up", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk })
          yield* scene.load("vk", "a")
          yield* scene.pools.manage("vk", { _tag: "Clear", version: "1", admin: chief })
        }),
      )
      const events = disk.tables.events.get("vk") ?? []
      disk.tables.events.set("vk", [...events, ...events.slice(0, 1).map(again)])
      const scene = yield* withNotices({ disk })
      yield* Context.get(scene.context, Conservation).check
      yield* settle
      const [note = "", alarm = ""] = scene.read(chief).toSorted()
      assert.match(alarm, /^⚠️ Учёт ресурса vk не сходится, расхождений: 1\. .+ \/pause\.$/)
      assert.include(note, "• готово к выдаче: 1 штука")
      assert.include(note, "Не сходится: 1 штука (vk: 1).")
    }),
  )

  it.effect("a check that takes too long or fails does not hold the note up", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk })
          yield* scene.pools.manage("vk", { _tag: "Pause", note: "", admin: chief })
          const journal = Context.get(scene.context, Journal)
          yield* journal.write([{ _tag: "IntentOpened", intent: openIntent }])
        }),
      )
      const scene = yield* withNotices({ disk })
      yield* TestClock.adjust("28 seconds")
      assert.deepStrictEqual(scene.read(chief), [])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(scene.read(chief), [
        [
          "Бот снова работает. Что восстановлено:",
          "• прерванных записей в таблицу: 1, бот доводит их до конца, ничего не удвоится",
          "Последняя запись до перерыва: 01.01.1970 03:00.",
          "Сверка ещё идёт. Если что-то не сойдётся, бот сообщит.",
        ].join("\n"),
      ])
      const other = yield* withNotices({ disk })
      yield* Context.get(other.context, Comeback).writesSettled
      disk.tables.events.set("ok", [{ seq: 99, at: 0, body: "{" }])
      yield* Context.get(other.context, Conservation).check
      yield* settle
      assert.deepStrictEqual(other.read(chief), [
        [
          "Бот снова работает. Что восстановлено:",
          "• прерванных записей в таблицу: 1, все доведены до конца",
          "Последняя запись до перерыва: 01.01.1970 03:00.",
          "Сверка не удалась, причина записана в логе. Ночью бот сверит ещё раз.",
        ].join("\n"),
      ])
    }),
  )

  it.effect("trouble with other facts is told anew, and its end once", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      const adrift = (count: number) => ({ _tag: "ItemsAdrift", resource: "vk", count }) as const
      yield* alarms.raise(adrift(1))
      yield* settle
      yield* alarms.raise(adrift(2))
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(
        scene.read(chief).map((text) => /расхождений: \d/.exec(text)?.[0]),
        ["расхождений: 1", "расхождений: 2"],
      )
      yield* alarms.clear(adrift(0))
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief).slice(2), ["✅ Снова в порядке: учёт ресурса vk."])
    }),
  )
})

describe("commands", () => {
  it.effect("/start for everybody, the rest for admins and employees in their own chats", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* Layer.build(Commands.layer).pipe(Effect.provideContext(scene.context))
      yield* settle
      assert.deepStrictEqual(
        scene.telegram.commands.map(({ scope, list }) => [
          scope,
          list.map(({ command }) => command).join(" "),
        ]),
        [
          ["default", "start"],
          ["default", "start"],
          ["default", "start"],
          ...[chief, deputy].map((chatId) => [
            { chatId },
            "menu vk mamba ok gmail rambler number proxy " +
              "my stats help language cancel stock who pause resume buffer_clear " +
              "buffer_release undo numbers_today_mod whitelist whitelist_remove block unblock forget " +
              "audit regions add_region remove_region export health todo failed quarantine",
          ]),
          ...[anna, boris].map((chatId) => [
            { chatId },
            "menu vk mamba ok gmail rambler number proxy my stats help language cancel",
          ]),
        ],
      )
    }),
  )

  it.effect("none of them at a start for whoever's access is suspended", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.scoped(
        Effect.flatMap(Scene.make({ disk }), (before) => before.say(chief, "/block anna")),
      )
      const scene = yield* Scene.make({ disk })
      yield* Layer.build(Commands.layer).pipe(Effect.provideContext(scene.context))
      yield* settle
      const people = scene.telegram.commands.flatMap(({ scope }) =>
        scope === "default" ? [] : [scope.chatId],
      )
      assert.deepStrictEqual(people, [chief, deputy, boris])
    }),
  )
})
