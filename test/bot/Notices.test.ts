/** What the bot says of itself: quarantine, trouble, and a start's recovery note. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, PubSub } from "effect"
import { TestClock } from "effect/testing"
import * as Commands from "../../src/bot/Commands.ts"
import { layer as Notices } from "../../src/bot/Notices.ts"
import { Telegram } from "../../src/bot/Telegram.ts"
import { ItemId, type Quarantined } from "../../src/domain/Item.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Comeback } from "../../src/pool/Comeback.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { type Intent, Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
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

const aRow = (name: string, more: Partial<Quarantined> = {}): Quarantined => ({
  id: ItemId.make(`row-${name}`),
  tab: "ВКонтакте",
  reason: "missing",
  column: "Пароль",
  origin: { tab: "ВКонтакте", header: [], cells: [{ value: "secret-in-a-row" }] },
  reported: false,
  ...more,
})

const report = [
  "Вкладка «ВКонтакте»: 3 строки нельзя выдать, отложено",
  "• нет обязательного значения (Пароль): 2",
  "• вместо значения формула: 1",
  "Строки не потеряны: бот хранит их и никому не выдаёт.",
].join("\n")

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

const quarantined = [aRow("a"), aRow("b"), aRow("c", { reason: "formula", column: null })]

describe("notices", () => {
  it.effect("quarantine is reported once to every admin, with counts and no contents", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const load = { _tag: "Load", claim: "c1", tab: "ВКонтакте", items: [], quarantined } as const
      yield* scene.pools.tell("vk", load)
      yield* settle
      yield* scene.load("vk", "one")
      yield* settle
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [report])
      assert.deepStrictEqual(yield* scene.pools.unreported("vk"), [])
    }),
  )

  it.effect("whoever deletes the card about rows gets a new one with the next row", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const load = (claim: string) =>
        scene.pools.tell("vk", {
          _tag: "Load",
          claim,
          tab: "ВКонтакте",
          items: [],
          quarantined: [aRow(claim)],
        })
      yield* load("c1")
      yield* settle
      const [card] = scene.telegram.chat(chief)
      assert.isDefined(card)
      const telegram = yield* Effect.provide(Telegram, scene.telegram.layer)
      yield* telegram.remove({ chatId: chief, messageId: card?.messageId ?? 0 })
      for (const claim of ["c2", "c3"]) {
        yield* load(claim)
        yield* settle
        for (const admin of [chief, deputy]) assert.lengthOf(scene.read(admin), 1)
      }
      assert.match(scene.lastText(chief), /: 3 строки нельзя выдать/)
    }),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`a card about rows counts up for an hour, with the clock set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const scene = yield* withNotices()
          const load = (claim: string) =>
            scene.pools
              .tell("vk", {
                _tag: "Load",
                claim,
                tab: "ВКонтакте",
                items: [],
                quarantined: [aRow(claim)],
              })
              .pipe(Effect.andThen(settle))
          yield* load("c1")
          yield* step(by)
          yield* load("c2")
          assert.lengthOf(scene.read(chief), 1)
          yield* TestClock.adjust("1 hour")
          yield* load("c3")
          assert.lengthOf(scene.read(chief), 2)
        }),
      ),
    )
  }

  it.effect("rows of a tab that follow each other count up on one card, and are news later", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const load = (claim: string, tab = "ВКонтакте") =>
        scene.pools.tell("vk", {
          _tag: "Load",
          claim,
          tab,
          items: [],
          quarantined: [{ ...aRow(claim), tab }],
        })
      for (let n = 1; n <= 31; n += 1) {
        yield* load(`c${n}`)
        yield* settle
      }
      for (const admin of [chief, deputy]) {
        assert.lengthOf(scene.read(admin), 1)
        assert.match(scene.lastText(admin), /: 31 строку нельзя выдать[^]*\(Пароль\): 31/)
      }
      yield* load("c32", "Мамба Муж")
      yield* settle
      assert.lengthOf(scene.read(chief), 2)
      yield* TestClock.adjust("1 hour")
      yield* load("c33")
      yield* settle
      assert.lengthOf(scene.read(chief), 3)
      assert.match(scene.lastText(chief), /: 1 строку нельзя выдать/)
    }),
  )

  it.effect(
    "a report that the disk refuses to note counts no row twice when it is made again",
    () =>
      Effect.gen(function* () {
        const disk = MemoryJournal.makeDisk()
        const scene = yield* withNotices({ disk })
        const load = {
          _tag: "Load",
          claim: "c1",
          tab: "ВКонтакте",
          items: [],
          quarantined,
        } as const
        yield* scene.pools.tell("vk", load)
        disk.failing = true
        yield* settle
        disk.failing = false
        yield* TestClock.adjust("3 minutes")
        assert.include(scene.read(chief), report)
        assert.match(scene.read(chief).join("\n"), /3 строки нельзя выдать/)
        assert.notMatch(scene.read(chief).join("\n"), /6 строк/)
        assert.deepStrictEqual(yield* scene.pools.unreported("vk"), [])
      }),
  )

  it.effect("what reached no admin is reported after the next start", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withNotices({ disk, telegram, admins: [chief] })
          telegram.fail("send", { _tag: "ChatNotFound" })
          yield* scene.pools.tell("vk", {
            _tag: "Load",
            claim: "c1",
            tab: "ВКонтакте",
            items: [],
            quarantined,
          })
          yield* settle
          assert.deepStrictEqual(scene.read(chief), [])
        }),
      )
      const scene = yield* withNotices({ disk, telegram, admins: [chief] })
      assert.deepStrictEqual(scene.read(chief), [report])
    }),
  )
})

describe("trouble and starts", () => {
  it.effect("a missing column: the message says which ones the tab has instead", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const alarms = Context.get(scene.context, Alarms)
      yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
      yield* settle
      const alarm = { _tag: "TabUnusable", tab: "ВКонтакте", column: "Пароль" } as const
      yield* alarms.raise({ ...alarm, header: ["Дата", "Логин", "Пороль"] })
      // Another column is renamed meanwhile: that is the same trouble.
      yield* alarms.raise({ ...alarm, header: ["День", "Логин", "Пороль"] })
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [
        "⚠️ На вкладке «ВКонтакте» нет столбца «Пароль», а есть: «Дата», «Логин», «Пороль». Её ресурс ждёт, остальные работают. Верните заголовок, бот продолжит сам.",
      ])
      yield* alarms.clear(alarm)
      yield* settle
      assert.lengthOf(scene.read(chief), 2)
    }),
  )

  it.effect("trouble: one message when it begins, one when it ends", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const alarms = Context.get(scene.context, Alarms)
      const alarm = { _tag: "TabUnusable", tab: "ВКонтакте", column: "Пароль" } as const
      yield* alarms.raise(alarm)
      yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
      yield* settle
      yield* alarms.raise(alarm)
      // As if it had been raised between the subscription and the reading.
      yield* PubSub.publish(alarms.changes, { alarm, raised: true })
      yield* settle
      const trouble =
        "На вкладке «ВКонтакте» нет столбца «Пароль». Её ресурс ждёт, остальные работают. Верните заголовок, бот продолжит сам."
      assert.deepStrictEqual(scene.read(chief), [`⚠️ ${trouble}`])
      yield* alarms.clear(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [
        `⚠️ ${trouble}`,
        "✅ Снова в порядке: вкладка «ВКонтакте».",
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
      const alarm = { _tag: "HeaderMoved", tab: "ВКонтакте" } as const
      const unreachable = () => scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
      unreachable()
      yield* alarms.raise(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [])
      yield* TestClock.adjust("1 minute")
      const [first = ""] = scene.read(chief)
      assert.match(first, /^⚠️ На вкладке «ВКонтакте» над заголовком появились строки/)
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [first])
      assert.deepStrictEqual(scene.read(deputy), [first])
      unreachable()
      yield* alarms.clear(alarm)
      yield* settle
      assert.deepStrictEqual(scene.read(chief), [first])
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [first, "✅ Снова в порядке: вкладка «ВКонтакте»."])
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
      yield* alarms.raise({ _tag: "HeaderMoved", tab: "ВКонтакте" })
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

  it.effect("stocks that run low together are one message, and each is told once", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      const low = (name: string, tabs: ReadonlyArray<string>) =>
        ({
          _tag: "LowStock",
          resource: name.toLowerCase(),
          label: { ru: name, en: name },
          tabs,
          remaining: 7,
          todayOnly: false,
        }) as const
      const [vk, mamba, ok] = [
        low("VK", ["ВКонтакте"]),
        low("Mamba", ["Мамба Муж", "Мамба Жен"]),
        low("OK", ["Одноклассники"]),
      ]
      yield* Effect.forEach([vk, mamba], alarms.raise)
      yield* settle
      const together = [
        "⚠️ Запас на исходе",
        "• VK: осталось 7",
        "• Mamba: осталось 7",
        "Строки в таблице посчитаны вместе со складом. Добавьте новые на вкладки этих ресурсов, бот возьмёт их сам. Подробно: /stock.",
      ].join("\n")
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [together])
      // Fewer by now: no news.
      yield* alarms.raise({ ...vk, remaining: 2 })
      yield* alarms.raise(ok)
      yield* TestClock.adjust("5 minutes")
      const alone =
        "⚠️ Запас на исходе: OK. Осталось 7, считая строки в таблице. Добавьте строки на вкладку «Одноклассники», бот возьмёт их сам."
      assert.deepStrictEqual(scene.read(chief), [together, alone])
      yield* alarms.clear({ ...vk, remaining: 40 })
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [
        together,
        alone,
        "✅ Снова в порядке: запас «VK».",
      ])
      for (const id of [anna, boris]) assert.deepStrictEqual(scene.read(id), [])
    }),
  )

  it.effect("stocks that are low while no admin can be told are told together later", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const alarms = Context.get(scene.context, Alarms)
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
      for (let n = 0; n < 40; n++) {
        const label = { ru: `Ресурс ${n}`.padEnd(500, "ы"), en: "x" }
        const tabs = ["т".repeat(100)]
        const facts = { label, tabs, remaining: 7, todayOnly: false }
        yield* alarms.raise({ _tag: "LowStock", resource: `r${n}`, ...facts })
      }
      yield* TestClock.adjust("5 minutes")
      const [text = "", ...others] = scene.read(chief)
      assert.deepStrictEqual(others, [])
      assert.isAtMost(text.length, 4096)
      assert.include(text, "Ресурс 29")
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
        "• готово к выдаче: 1 единица",
        "• ждут отметки: 1 выдача",
        "• показать ещё раз, доставка неясна: 1 выдача",
        "• ждут записи в таблицу: 1 выдача",
        "Последняя запись до перерыва: 01.01.1970 03:01.",
        "Потеряно: 0. Сверено: 3 единицы.",
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
      assert.match(alarm, /^⚠️ Учёт ресурса vk не сходится, единиц: 1\. .+ \/pause\.$/)
      assert.include(note, "• готово к выдаче: 1 единица")
      assert.include(note, "Не сходится: 1 единица (vk: 1).")
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
          "Сверить учёт не удалось, причина в журнале работы. Бот повторит сверку ночью.",
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
        scene.read(chief).map((text) => /единиц: \d/.exec(text)?.[0]),
        ["единиц: 1", "единиц: 2"],
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
              "buffer_release undo numbers_today_mod whitelist whitelist_remove block unblock " +
              "audit regions add_region remove_region export health failed quarantine",
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
