/** The one message about what waits for people: what it says, when it is heard, what it survives. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Telegram } from "../../src/bot/Telegram.ts"
import { layer as TodoNotices } from "../../src/bot/TodoNotices.ts"
import { ItemId, type Quarantined } from "../../src/domain/Item.ts"
import { type Alarm, Alarms } from "../../src/observe/Alarms.ts"
import { StorageUnavailable } from "../../src/store/Journal.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { aBadRow, anna, boris, chief, deputy } from "./Scene.ts"

const withNotices = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* Layer.build(TodoNotices).pipe(Effect.provideContext(scene.context))
  yield* settle
  return { ...scene, alarms: Context.get(scene.context, Alarms) }
})

/** After that time nothing counts as found by the start any more. */
const longAfterStart = TestClock.adjust("30 minutes")

/** Lets the list that is due be drawn. */
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

const quarantined = [aRow("a"), aRow("b"), aRow("c", { reason: "formula", column: null })]
const load = { _tag: "Load", claim: "c1", tab: "ВКонтакте", items: [], quarantined } as const

const asideLines = [
  "⚠️ Отложено, выдать нельзя",
  "• Вкладка «ВКонтакте»: 3 строки нельзя выдать, отложено. нет обязательного значения (Пароль): 2, вместо значения формула: 1",
  "Строки не потеряны: бот хранит их и никому не выдаёт.",
]
const report = ["🗂 Сводка дел: 1", "", ...asideLines].join("\n")
const moved = "🗂 Сводка дел ниже, новым сообщением."

const unusable = { _tag: "TabUnusable", tab: "ВКонтакте", column: "Пароль" } as const
const headerMoved = { _tag: "HeaderMoved", tab: "Rambler" } as const

const low = (name: string, tabs: ReadonlyArray<string>, remaining = 7) =>
  ({
    _tag: "LowStock",
    resource: name.toLowerCase(),
    label: { ru: name, en: name },
    tabs,
    remaining,
    todayOnly: false,
  }) as const

type Made = Effect.Success<ReturnType<typeof withNotices>>

/** One row that cannot be issued comes from that tab. */
const oneRow = (scene: Made, claim: string, tab = "ВКонтакте") =>
  scene.pools
    .tell("vk", {
      _tag: "Load",
      claim,
      tab,
      items: [],
      quarantined: [{ ...aRow(claim), tab }],
    })
    .pipe(Effect.andThen(settle))

describe("rows that were set aside", () => {
  it.effect("are told once to every admin, with counts and no contents", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.pools.tell("vk", load)
      yield* settle
      yield* scene.load("vk", "one")
      yield* settle
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(scene.read(admin), [report])
        assert.deepStrictEqual(labelsOf(scene.last(admin).screen), [["🗄 Карантин: 3"]])
      }
      for (const id of [anna, boris]) assert.deepStrictEqual(scene.read(id), [])
      assert.deepStrictEqual(yield* scene.pools.unreported("vk"), [])
    }),
  )

  it.effect("whoever deletes the list gets a new one with the next row", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* oneRow(scene, "c1")
      const [card] = scene.telegram.chat(chief)
      assert.isDefined(card)
      const telegram = yield* Effect.provide(Telegram, scene.telegram.layer)
      yield* telegram.remove({ chatId: chief, messageId: card?.messageId ?? 0 })
      for (const claim of ["c2", "c3"]) {
        yield* oneRow(scene, claim)
        for (const admin of [chief, deputy]) assert.lengthOf(scene.read(admin), 1)
      }
      assert.match(scene.lastText(chief), /: 3 строки нельзя выдать/)
    }),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`count up in one message for an hour, with the clock set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const scene = yield* withNotices()
          yield* oneRow(scene, "c1")
          yield* step(by)
          yield* oneRow(scene, "c2")
          assert.lengthOf(scene.read(chief), 1)
          yield* TestClock.adjust("1 hour")
          yield* oneRow(scene, "c3")
          assert.lengthOf(scene.read(chief), 2)
        }),
      ),
    )
  }

  it.effect("of all tabs stand in one message; later ones are news, and the old one is short", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      for (let n = 1; n <= 31; n += 1) yield* oneRow(scene, `c${n}`)
      for (const admin of [chief, deputy]) {
        assert.lengthOf(scene.read(admin), 1)
        assert.match(scene.lastText(admin), /: 31 строку нельзя выдать[^]*\(Пароль\): 31/)
      }
      yield* oneRow(scene, "c32", "Мамба Муж")
      assert.lengthOf(scene.read(chief), 1)
      assert.match(scene.lastText(chief), /^🗂 Сводка дел: 2\n[^]*«Мамба Муж»: 1 строку/)
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(scene.read(chief), 1)
      yield* oneRow(scene, "c33")
      assert.deepStrictEqual(scene.read(chief).slice(0, -1), [moved])
      assert.match(scene.lastText(chief), /: 32 строки нельзя выдать/)
      assert.deepStrictEqual(scene.telegram.chat(chief)[0]?.screen.keyboard, [])
    }),
  )

  it.effect("that the disk refuses to note as told are counted once, and noted later", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const scene = yield* withNotices({ disk })
      yield* scene.pools.tell("vk", load)
      disk.failing = true
      yield* settle
      disk.failing = false
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(scene.read(chief), [report])
      assert.deepStrictEqual(yield* scene.pools.unreported("vk"), [])
    }),
  )

  it.effect("are counted also where the disk does not say why they were set aside", () =>
    Effect.gen(function* () {
      const refused = new StorageUnavailable({ operation: "tally", cause: new Error("planted") })
      const scene = yield* withNotices({
        bend: (self) => ({ ...self, quarantineTally: Effect.fail(refused) }),
      })
      yield* scene.pools.tell("vk", load)
      yield* settle
      assert.match(scene.lastText(chief), /: 3 строки нельзя выдать, отложено\n/)
      yield* scene.say(deputy, "/todo")
      assert.match(scene.lastText(deputy), /: 3 строки нельзя выдать, отложено\n/)
    }),
  )

  it.effect("are told after the next start if they reached no admin, and else are no news", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const start = { disk, telegram, admins: [chief] }
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withNotices(start)
          telegram.fail("send", { _tag: "ChatNotFound" })
          yield* scene.pools.tell("vk", load)
          yield* settle
          assert.deepStrictEqual(scene.read(chief), [])
        }),
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withNotices(start)
          assert.deepStrictEqual(scene.read(chief), [report])
        }),
      )
      const scene = yield* withNotices(start)
      yield* TestClock.adjust("3 hours")
      assert.deepStrictEqual(scene.read(chief), [report])
      // What comes next is told together with what still waits.
      yield* scene.alarms.raise(headerMoved)
      yield* settle
      assert.deepStrictEqual(scene.read(chief).slice(0, -1), [moved])
      assert.match(scene.lastText(chief), /^🗂 Сводка дел: 2\n[^]*3 строки нельзя выдать/)
    }),
  )

  it.effect("are struck off when an admin has settled them", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.pools.tell("vk", load)
      yield* settle
      yield* scene.alarms.raise(headerMoved)
      yield* settle
      yield* scene.pools.manage("vk", {
        _tag: "LeaveQuarantine",
        way: "drop",
        rows: quarantined.map((row) => ({ row, item: null })),
        twice: false,
        admin: deputy,
      })
      yield* settle
      assert.lengthOf(scene.read(chief), 1)
      const { html, keyboard } = scene.last(chief).screen
      assert.match(String(html), /^<b>🗂 Сводка дел: 1<\/b>/)
      assert.include(String(html), "• <s>Вкладка «ВКонтакте»: отложенных строк 3</s>")
      assert.deepStrictEqual(keyboard, [])
      yield* scene.alarms.clear(headerMoved)
      yield* settle
      assert.match(scene.lastText(chief), /^✅ Сводка дел: всё сделано\n\nСделано\n/)
    }),
  )
})

describe("the list", () => {
  it.effect("names the columns that a tab has instead; another header is no news", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.alarms.raise({ ...unusable, header: ["Дата", "Логин", "Пороль"] })
      // Another column is renamed meanwhile: that is the same trouble.
      yield* scene.alarms.raise({ ...unusable, header: ["День", "Логин", "Пороль"] })
      yield* settle
      assert.lengthOf(scene.read(chief), 1)
      assert.match(
        scene.lastText(chief),
        /⚠️ На вкладке «ВКонтакте» нет столбца «Пароль», а есть: «День», «Логин», «Пороль»\. Её ресурс ждёт, остальные работают\. Верните заголовок, бот продолжит сам\.$/,
      )
      yield* scene.alarms.clear(unusable)
      yield* settle
      assert.lengthOf(scene.read(chief), 1)
      assert.match(scene.lastText(chief), /^✅ Сводка дел: всё сделано/)
    }),
  )

  it.effect("is one message for all that a first start finds, and no second one later", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const found: ReadonlyArray<Alarm> = [
        unusable,
        headerMoved,
        low("VK", ["ВКонтакте"]),
        low("Mamba", ["Мамба Муж", "Мамба Жен"]),
        { _tag: "RegistryUnreadable", tab: "Прокси", rows: [{ row: 3, column: "Страна" }] },
        {
          _tag: "RowsHalfTyped",
          tab: "Мамба Жен",
          rows: [{ row: 2, column: "Логин", why: "missing" }],
          more: 0,
        },
      ]
      for (const alarm of found) {
        yield* scene.alarms.raise(alarm)
        yield* TestClock.adjust("4 minutes")
      }
      yield* scene.pools.tell("vk", load)
      yield* TestClock.adjust("3 hours")
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(scene.read(admin), [
          [
            "🗂 Сводка дел: 7",
            "",
            "⚠️ На вкладке «ВКонтакте» нет столбца «Пароль». Её ресурс ждёт, остальные работают. Верните заголовок, бот продолжит сам.",
            "",
            "⚠️ На вкладке «Rambler» над заголовком появились строки. Заголовок и всё, что не удалось прочитать, бот отложил и хранит, ничего не потеряно. С этой вкладки он больше не берёт, остальные работают. Верните заголовок в первую строку, бот продолжит сам.",
            "",
            "⚠️ На вкладке «Мамба Жен» бот не берёт строки: строка 2, столбец «Логин» (пусто). Они стоят, где стояли. Допишите или исправьте их, либо скажите, какой это регион, и бот возьмёт их сам.",
            "",
            "⚠️ На вкладке «Прокси» бот не понял ячейки или встретил повтор: строка 3, столбец «Страна». Он их не трогает, ничего не потеряно, остальные прокси выдаются. Исправьте ячейки, бот прочитает их сам. Если это сессии шлюза (логин один, пароли разные), добавьте их один раз через бота, и он узнает все строки.",
            "",
            "⚠️ Запас на исходе",
            "• VK: осталось 7 («ВКонтакте»)",
            "• Mamba: осталось 7 («Мамба Муж», «Мамба Жен»)",
            "Строки в таблице посчитаны вместе со складом. Добавьте новые на вкладки этих ресурсов, бот возьмёт их сам. Подробно: /stock.",
            "",
            ...asideLines,
          ].join("\n"),
        ])
      }
    }),
  )

  it.effect("is heard once an hour at most, and what came meanwhile is heard then", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* longAfterStart
      yield* scene.alarms.raise(low("VK", ["ВКонтакте"]))
      yield* TestClock.adjust("10 minutes")
      // Edited without a sound: its reader may not see it before the hour is over.
      yield* scene.alarms.raise(unusable)
      yield* settle
      assert.lengthOf(scene.read(chief), 1)
      assert.match(scene.lastText(chief), /^🗂 Сводка дел: 2/)
      yield* TestClock.adjust("48 minutes")
      assert.lengthOf(scene.read(chief), 1)
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(scene.read(chief).slice(0, -1), [moved])
      assert.match(scene.lastText(chief), /^🗂 Сводка дел: 2/)
      yield* TestClock.adjust("5 hours")
      assert.lengthOf(scene.read(chief), 2)
    }),
  )

  it.effect("says nothing of what was over before the hour", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* longAfterStart
      yield* scene.alarms.raise(low("VK", ["ВКонтакте"]))
      yield* TestClock.adjust("10 minutes")
      yield* scene.alarms.raise(unusable)
      yield* TestClock.adjust("10 minutes")
      yield* scene.alarms.clear(unusable)
      yield* TestClock.adjust("5 hours")
      assert.lengthOf(scene.read(chief), 1)
      assert.match(
        scene.lastText(chief),
        /^🗂 Сводка дел: 1\n[^]*Сделано\n• Вкладка «ВКонтакте» ждёт$/,
      )
    }),
  )

  it.effect("tells stocks that run low together, each once, and strikes them off", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      const [vk, mamba, ok] = [
        low("VK", ["ВКонтакте"]),
        low("Mamba", ["Мамба Муж", "Мамба Жен"]),
        low("OK", ["Одноклассники"]),
      ]
      yield* Effect.forEach([vk, mamba], scene.alarms.raise)
      yield* settle
      const together = [
        "🗂 Сводка дел: 2",
        "",
        "⚠️ Запас на исходе",
        "• VK: осталось 7 («ВКонтакте»)",
        "• Mamba: осталось 7 («Мамба Муж», «Мамба Жен»)",
        "Строки в таблице посчитаны вместе со складом. Добавьте новые на вкладки этих ресурсов, бот возьмёт их сам. Подробно: /stock.",
      ].join("\n")
      for (const admin of [chief, deputy]) assert.deepStrictEqual(scene.read(admin), [together])
      // Fewer by now: no news, but drawn.
      yield* TestClock.adjust("2 hours")
      yield* scene.alarms.raise({ ...vk, remaining: 2 })
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(scene.read(chief), 1)
      assert.include(scene.lastText(chief), "• VK: осталось 2 («ВКонтакте»)")
      yield* scene.alarms.raise(ok)
      yield* settle
      assert.lengthOf(scene.read(chief), 2)
      assert.include(scene.lastText(chief), "• OK: осталось 7 («Одноклассники»)")
      yield* scene.alarms.clear({ ...vk, remaining: 40 })
      yield* settle
      assert.lengthOf(scene.read(chief), 2)
      assert.match(String(scene.last(chief).screen.html), /<s>VK: осталось 2<\/s>$/)
      // Low again: that is news, once the hour is over.
      yield* TestClock.adjust("5 minutes")
      yield* scene.alarms.raise(vk)
      yield* TestClock.adjust("2 hours")
      assert.lengthOf(scene.read(chief), 3)
      for (const id of [anna, boris]) assert.deepStrictEqual(scene.read(id), [])
    }),
  )

  it.effect("tells of today's items only where only those count", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices({ language: "en" })
      yield* scene.alarms.raise({ ...low("Numbers", ["Номера"]), todayOnly: true })
      yield* settle
      assert.include(scene.lastText(chief), "• Numbers: 7 left with today's date (“Номера”)")
    }),
  )

  it.effect("that no admin could be sent comes later, whole, within one message", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      scene.telegram.fail("send", { _tag: "ChatNotFound" }, { times: 2 })
      for (let n = 0; n < 40; n++) {
        const label = { ru: `Ресурс ${n}`.padEnd(500, "ы"), en: "x" }
        const facts = { label, tabs: ["т".repeat(100)], remaining: 7, todayOnly: false }
        yield* scene.alarms.raise({ _tag: "LowStock", resource: `r${n}`, ...facts })
      }
      yield* TestClock.adjust("5 minutes")
      const [text = "", ...others] = scene.read(chief)
      assert.deepStrictEqual(others, [])
      assert.isAtMost(text.length, 4096)
      assert.include(text, "Ресурс 25")
      assert.match(text, /\nЕщё дел: \d+$/)
    }),
  )

  it.effect("comes to an admin who opens the bot later; the other has no second one", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      scene.telegram.fail("send", { _tag: "Blocked" }, { times: 5, chatId: deputy })
      yield* scene.alarms.raise(headerMoved)
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(scene.read(chief), 1)
      assert.lengthOf(scene.read(deputy), 0)
      yield* TestClock.adjust("3 hours")
      assert.lengthOf(scene.read(deputy), 1)
      assert.lengthOf(scene.read(chief), 1)
    }),
  )

  it.effect("tries an admin who cannot be written to ever more rarely, until he writes", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      scene.telegram.fail("send", { _tag: "Blocked" }, { times: 1_000, chatId: chief })
      const tries = () => scene.telegram.calls.filter((call) => call === `send ${chief}`).length
      yield* scene.alarms.raise(headerMoved)
      yield* TestClock.adjust("24 hours")
      assert.isAtLeast(tries(), 24)
      assert.isAtMost(tries(), 34)
      yield* scene.say(chief, "/start")
      const afterStart = tries()
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(tries(), afterStart + 1)
    }),
  )

  it.effect("whose edit was lost is drawn a minute later", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices({ admins: [chief] })
      yield* scene.alarms.raise(headerMoved)
      yield* settle
      scene.telegram.fail("edit", { _tag: "Unsure" })
      yield* scene.pools.tell("vk", load)
      yield* settle
      assert.lengthOf(yield* scene.pools.unreported("vk"), 3)
      yield* TestClock.adjust("1 minute")
      assert.match(scene.lastText(chief), /: 3 строки нельзя выдать/)
      assert.deepStrictEqual(yield* scene.pools.unreported("vk"), [])
      const edits = scene.telegram.calls.filter((call) => call === `edit ${chief}`).length
      yield* TestClock.adjust("30 minutes")
      assert.strictEqual(
        scene.telegram.calls.filter((call) => call === `edit ${chief}`).length,
        edits,
      )
    }),
  )

  it.effect("is written in the language of each admin", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.say(deputy, "/language")
      yield* scene.tap(deputy, "English")
      yield* scene.alarms.raise(low("VK", ["ВКонтакте"]))
      yield* settle
      assert.match(scene.lastText(chief), /^🗂 Сводка дел: 1/)
      assert.match(
        scene.lastText(deputy),
        /^🗂 To do: 1\n\n⚠️ Stock is running low\n• VK: 7 left \(“ВКонтакте”\)/,
      )
    }),
  )

  it.effect("leaves to messages of their own what stops the issuing", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.alarms.raise({ _tag: "StorageUnavailable" })
      yield* scene.alarms.raise({ _tag: "SheetsUnavailable", spreadsheet: "b", reason: "denied" })
      yield* scene.alarms.raise({ _tag: "ItemsAdrift", resource: "vk", count: 1 })
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(scene.read(chief), [])
    }),
  )
})

describe("/todo", () => {
  for (const [language, name] of [
    ["ru", "Логин"],
    ["en", "Login"],
  ] as const) {
    it.effect(`names columns as the other screens do, in ${language}`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make({ language })
        yield* scene.setAside("vk", aBadRow("one", { reason: "missing", column: "Логин" }))
        yield* scene.setAside("vk", aBadRow("two", { reason: "missing", column: "Столбец" }))
        yield* scene.say(chief, "/todo")
        assert.include(scene.lastText(chief), `(${name}): 1`)
        assert.include(scene.lastText(chief), "(Столбец): 1")
      }),
    )
  }

  it.effect("lists the same whenever an admin asks, and leads on in a new message", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.say(chief, "/todo")
      assert.strictEqual(scene.lastText(chief), "✅ Сводка дел: ничего не ждёт")
      yield* scene.pools.tell("vk", load)
      yield* scene.alarms.raise(low("VK", ["ВКонтакте"]))
      yield* settle
      const [, list] = scene.telegram.chat(chief)
      assert.deepStrictEqual(list && labelsOf(list.screen), [["🗄 Карантин: 3"], ["📦 Склад"]])
      yield* scene.tap(chief, "🗄 Карантин: 3")
      assert.match(scene.lastText(chief), /^Карантин: строки, которые нельзя выдать/)
      yield* scene.tap(chief, "📦 Склад")
      assert.match(scene.lastText(chief), /^Склад/)
      // The list is where it was, and goes on changing.
      yield* oneRow(scene, "c9")
      assert.match(scene.read(chief)[1] ?? "", /4 строки нельзя выдать/)
      yield* scene.say(chief, "/todo")
      assert.strictEqual(scene.lastText(chief), scene.read(chief)[1])
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen).slice(2), [
        ["🔄 Обновить"],
        ["☰ Меню"],
      ])
    }),
  )

  it.effect("is for admins only", () =>
    Effect.gen(function* () {
      const scene = yield* withNotices()
      yield* scene.say(anna, "/todo")
      assert.match(scene.lastText(anna), /^Это может только администратор/)
    }),
  )
})
