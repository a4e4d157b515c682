/** /health: green only when all is well, else what is wrong first; for admins only. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { healthScreen, type HealthView } from "../../../src/bot/admin/health.ts"
import type { Todo } from "../../../src/bot/admin/todo.ts"
import { textsOf } from "../../../src/bot/Languages.ts"
import { messageMax } from "../../../src/bot/screens/parts.ts"
import { version } from "../../../src/config/Settings.ts"
import { type Alarm, Alarms } from "../../../src/observe/Alarms.ts"
import { Vitals } from "../../../src/observe/Vitals.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import { afternoon } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, stranger, vera, zone } from "../Scene.ts"

const adminsOnly = "Это может только администратор. Ничего не изменилось."
const minute = 60_000
const minutesAgo = (count: number) => afternoon - count * minute
const workedAt = (at: number) => ({ workedAt: at, failedAt: null, failure: null })
const nothing = { count: 0, oldest: null }
const denied: Alarm = { _tag: "SheetsUnavailable", spreadsheet: "book", reason: "denied" }

const well: HealthView = {
  version: "1.2.3",
  startedAt: minutesAgo(125),
  alarms: [],
  todos: [],
  journal: workedAt(minutesAgo(1)),
  telegram: workedAt(minutesAgo(1)),
  heartbeat: workedAt(minutesAgo(0)),
  sheets: [
    { is: "stock", pulse: workedAt(minutesAgo(3)), wait: null, rows: 0 },
    {
      is: "issued",
      pulse: { workedAt: minutesAgo(2), failedAt: minutesAgo(30), failure: "limited" },
      wait: null,
      rows: 3,
    },
  ],
  sheetsPausedUntil: 0,
  updates: 2,
  unwritten: { count: 3, oldest: minutesAgo(9) },
  pending: { count: 2, oldest: minutesAgo(8) },
  undelivered: nothing,
  backupAt: null,
  books: { at: minutesAgo(660), items: 61, adrift: 0 },
}

const draw = (view: Partial<HealthView> = {}, language: "ru" | "en" = "ru") =>
  healthScreen({ ...well, ...view }, { now: afternoon, zone, texts: textsOf(language) })

const headline = (view: Partial<HealthView>) => textOf(draw(view)).split("\n")[0]

describe("the screen", () => {
  it("is green, with everything that is known", () => {
    assert.strictEqual(
      textOf(draw()),
      [
        "✅ Всё в порядке",
        "",
        "Работает с 12:17 (2 ч 5 мин), версия 1.2.3",
        "Журнал на диске: в порядке, 14:21",
        "Telegram: в порядке, 14:21",
        "Сообщений и нажатий в работе: 2",
        "Таблица с запасом: в порядке, 14:19",
        "Таблица с выдачами: в порядке, 14:20; последний сбой 13:52: просят подождать, слишком много запросов",
        "Ждут записи в таблицу: 3, дольше всех 9 мин",
        "На руках без отметки: 2, дольше всех 8 мин",
        "Не дошло, бот повторяет: 0",
        "Знак жизни: в порядке, 14:22",
        "Учёт сверен 03:22: проверено 61, расхождений 0",
      ].join("\n"),
    )
    assert.deepStrictEqual(labelsOf(draw()), [["🔄 Обновить"], ["☰ Меню"]])
    assert.match(textOf(draw({}, "en")), /^✅ All is well\n\nRunning since 12:17 \(2 h 5 min\)/)
  })

  it("says under a spreadsheet what its writes wait for, since when, with how many rows", () => {
    const sheets = (on: "guard" | "limiter" | "outage") =>
      well.sheets.map((sheet) =>
        sheet.is === "stock" ? sheet : { ...sheet, wait: { on, since: minutesAgo(4) } },
      )
    for (const [on, russian, english] of [
      [
        "guard",
        "Google не сказал, сделана ли последняя",
        "Google hasn't said whether the last one was made",
      ],
      ["limiter", "Google просил паузу", "Google asked for a pause"],
      ["outage", "Google не отвечает", "Google isn't responding"],
    ] as const) {
      const rows = textOf(draw({ sheets: sheets(on) })).split("\n")
      const place = rows.findIndex((row) => row.startsWith("Таблица с выдачами"))
      assert.strictEqual(
        rows[place + 1],
        `⏳ Запись в неё ждёт с 14:18: ${russian}; строк в очереди: 3`,
      )
      assert.include(
        textOf(draw({ sheets: sheets(on) }, "en")),
        `⏳ Writes to it have been waiting since 14:18: ${english}; rows queued: 3`,
      )
    }
  })

  for (const [what, view, expected] of [
    ["the alarm of the disk", { alarms: [{ _tag: "StorageUnavailable" }] }, /^⚠️ Диск бота/],
    [
      "a journal that refused last",
      { journal: { workedAt: minutesAgo(2), failedAt: minutesAgo(1), failure: "refused" } },
      /^⚠️ Диск бота/,
    ],
    ["two minutes without Telegram", { telegram: workedAt(minutesAgo(2)) }, /отвечает уже 2 мин$/],
    [
      "no poll since the start",
      { telegram: { workedAt: null, failedAt: afternoon, failure: "silent" } },
      /^⚠️ Telegram не отвечает уже 2 ч 5 мин$/,
    ],
    ["an alarm", { alarms: [denied] }, /^⚠️ Нужна помощь, тревог: 1$/],
    [
      "a row that waits for ten minutes",
      { unwritten: { count: 1, oldest: minutesAgo(10) } },
      /^⚠️ Выдачи ждут записи в таблицу уже 10 мин$/,
    ],
    ["no heartbeat", { heartbeat: workedAt(minutesAgo(2)) }, /^⚠️ Бот не может оставить знак/],
  ] as const) {
    it(`is not green with ${what}`, () => assert.match(headline(view) ?? "", expected))
  }

  for (const [what, view] of [
    ["a poll that may take its time", { telegram: workedAt(afternoon - 2 * minute + 1) }],
    [
      "a start a moment ago",
      { startedAt: minutesAgo(1), telegram: { ...workedAt(0), workedAt: null } },
    ],
    [
      "rows that were just confirmed",
      { unwritten: { count: 9, oldest: afternoon - 10 * minute + 1 } },
    ],
    [
      "a failure that is over",
      { journal: { workedAt: minutesAgo(1), failedAt: minutesAgo(2), failure: "refused" } },
    ],
    ["Google having a bad moment", { sheetsPausedUntil: afternoon + minute }],
  ] as const) {
    it(`stays green with ${what}`, () => assert.strictEqual(headline(view), "✅ Всё в порядке"))
  }

  it("says the worst first, then the rest, then every alarm in words", () => {
    const lines = textOf(
      draw({
        alarms: [denied, { _tag: "StorageUnavailable" }],
        telegram: { workedAt: null, failedAt: minutesAgo(1), failure: "taken" },
        sheetsPausedUntil: afternoon + minute,
      }),
    ).split("\n")
    assert.match(lines[0] ?? "", /^⚠️ Диск/)
    assert.match(lines[1] ?? "", /^⚠️ Telegram/)
    assert.match(lines[2] ?? "", /^⚠️ Нужна помощь, тревог: 2/)
    assert.match(lines[3] ?? "", /^⚠️ Таблица book: у бота нет к ней доступа/)
    assert.match(lines[4] ?? "", /^⚠️ Диск бота не отвечает\. Новое не выдаётся/)
    assert.include(
      lines,
      "Telegram: с запуска ответа ещё не было; последний сбой 14:21: вместо бота работает другая программа",
    )
    assert.include(lines, "Google просит подождать до 14:23")
  })

  const low = (resource: string, remaining: number): Todo => ({
    _tag: "LowStock",
    resource,
    label: { ru: resource.toUpperCase(), en: resource },
    tabs: ["Вкладка"],
    remaining,
    todayOnly: false,
  })
  const todos: ReadonlyArray<Todo> = [
    { _tag: "HeaderMoved", tab: "Rambler" },
    low("vk", 3),
    low("ok", 0),
    { _tag: "Aside", resource: "vk", tab: "ВКонтакте", rows: 12 },
  ]

  it("is yellow where something waits for people: how much, what, and the way there", () => {
    assert.deepStrictEqual(textOf(draw({ todos })).split("\n").slice(0, 6), [
      "🟡 Работает; дела: 4",
      "• Вкладка «Rambler» ждёт",
      "• VK: осталось 3",
      "• OK: осталось 0",
      "• Вкладка «ВКонтакте»: отложенных строк 12",
      "",
    ])
    assert.deepStrictEqual(labelsOf(draw({ todos }))[0], ["🗂 Сводка дел: 4"])
    assert.match(
      textOf(draw({ todos }, "en")),
      /^🟡 Running; to do: 4\n• Tab “Rambler” is on hold\n/,
    )
  })

  it("says what is wrong with the bot before what waits for people", () => {
    const lines = textOf(draw({ todos, alarms: [denied] })).split("\n")
    assert.strictEqual(lines[0], "⚠️ Нужна помощь, тревог: 1")
    assert.match(lines[1] ?? "", /^⚠️ Таблица book/)
    assert.deepStrictEqual(lines.slice(2, 4), ["🗂 Сводка дел: 4", "• Вкладка «Rambler» ждёт"])
  })

  for (const language of ["ru", "en"] as const) {
    it(`fits whatever there is, in ${language}`, () => {
      const alarms = Array.from({ length: 60 }, (_, index): Alarm => ({
        _tag: "ClaimDamaged",
        tab: `<${index}>`.padEnd(100, "т"),
        claim: "с".repeat(5_000),
      }))
      const many = Array.from({ length: 60 }, (_, index): Todo => ({
        _tag: "Aside",
        resource: `r${index}`,
        tab: `<${index}>`.padEnd(100, "т"),
        rows: 12,
      }))
      const screen = draw({ alarms, todos: many }, language)
      assert.match(textOf(screen), /: 50\n/)
      assert.isAtMost(textOf(screen).length, messageMax)
      assert.match(textOf(screen), /: 54\n/)
    })
  }
})

describe("/health", () => {
  const open = Effect.gen(function* () {
    const scene = yield* Scene.make()
    yield* TestClock.setTime(afternoon)
    const vitals = Context.get(scene.context, Vitals)
    for (const line of ["journal", "telegram", "heartbeat"] as const) yield* vitals.worked(line)
    yield* vitals.worked("sheets:demo-accounts")
    yield* vitals.failed("sheets:demo-issued", "denied")
    yield* vitals.measure("updates", Effect.succeed(1))
    yield* scene.load("vk", "one", "two", "three")
    yield* scene.fromMenu(anna, "VK", "495", "2", "1 ⛔ Блок")
    return { scene, vitals }
  })

  it.effect("counts what waits, and does not count the question itself", () =>
    Effect.gen(function* () {
      const { scene } = yield* open
      yield* TestClock.adjust("1 minute")
      yield* scene.say(chief, "/health")
      const text = scene.lastText(chief)
      assert.match(text, /^✅ Всё в порядке\n\nРаботает с 01\.01\.1970/)
      assert.include(text, `версия ${version}\n`)
      assert.include(text, "Сообщений и нажатий в работе: 0\n")
      assert.include(text, "Таблица с запасом: в порядке, 14:22\n")
      assert.include(text, "Таблица с выдачами: с запуска ответа ещё не было; последний")
      assert.include(text, "Ждут записи в таблицу: 1, дольше всех 1 мин\n")
      assert.include(text, "На руках без отметки: 1, дольше всех 1 мин\n")
      assert.include(text, "Не дошло, бот повторяет: 0\n")
      assert.notMatch(text, /example|secret/)
    }),
  )

  it.effect("counts a message that did not arrive", () =>
    Effect.gen(function* () {
      const { scene } = yield* open
      yield* scene.fromMenu(boris, "VK", "495")
      scene.telegram.fail("edit", { _tag: "Unsure" }, { chatId: boris })
      yield* scene.tap(boris, "1")
      yield* scene.say(chief, "/health")
      assert.include(scene.lastText(chief), "Не дошло, бот повторяет: 1, дольше всех 0 мин\n")
    }),
  )

  it.effect("counts what waits for people, and leads to the list of it", () =>
    Effect.gen(function* () {
      const { scene } = yield* open
      yield* scene.setAside("vk", Scene.aBadRow("x"), Scene.aBadRow("y"))
      yield* Context.get(scene.context, Alarms).raise({ _tag: "HeaderMoved", tab: "Rambler" })
      yield* scene.say(chief, "/health")
      assert.match(
        scene.lastText(chief),
        /^🟡 Работает; дела: 2\n• Вкладка «Rambler» ждёт\n• Вкладка «ВКонтакте»: отложенных строк 2\n/,
      )
      yield* scene.tap(chief, "🗂 Сводка дел: 2")
      assert.match(scene.lastText(chief), /^🗂 Сводка дел: 2\n\n⚠️ На вкладке «Rambler» над загол/)
      assert.lengthOf(scene.telegram.chat(chief), 1)
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
    }),
  )

  it.effect("refreshed: a toast when nothing changed, the news when something did", () =>
    Effect.gen(function* () {
      const { scene } = yield* open
      yield* scene.say(chief, "/health")
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
      yield* Context.get(scene.context, Alarms).raise(denied)
      yield* scene.tap(chief, "🔄 Обновить")
      assert.match(scene.lastText(chief), /^⚠️ Нужна помощь, тревог: 1\n⚠️ Таблица book/)
      assert.lengthOf(scene.telegram.chat(chief), 1)
    }),
  )

  it.effect("is answered while the disk refuses", () =>
    Effect.gen(function* () {
      const { scene } = yield* open
      scene.disk.failing = true
      yield* scene.tap(anna, "2 ✅ Хороший")
      yield* TestClock.adjust("1 second")
      yield* scene.say(chief, "/health")
      assert.match(scene.lastText(chief), /^⚠️ Диск бота не отвечает, новое не выдаётся/)
    }),
  )

  it.effect("is for admins only", () =>
    Effect.gen(function* () {
      const { scene } = yield* open
      yield* scene.say(boris, "/health")
      assert.deepStrictEqual(scene.read(boris), [adminsOnly])
      const [answer] = yield* scene.tapData(boris, scene.last(boris).messageId, "hl1:")
      assert.strictEqual(answer?.text, adminsOnly)
      assert.isTrue(answer?.alert)
      for (const id of [vera, stranger]) {
        yield* scene.say(id, "/health")
        yield* scene.tapData(id, 5, "hl1:")
        assert.notMatch(scene.read(id).join(), /порядке|Журнал/)
      }
    }),
  )
})
