/** The morning digest: when it is due, who gets it, how often, and what it says. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Day, dayOf, formatTime } from "../../src/domain/Day.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Journal, StorageUnavailable, Write, type Booked } from "../../src/store/Journal.ts"
import { aBooked, resourceOf } from "../stats/fixtures.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { anna, boris, chief, deputy, stranger, vera } from "./Scene.ts"
import { adminStage } from "../../src/access/Access.ts"
import { AdminChats } from "../../src/access/AdminChats.ts"
import { digestScreen } from "../../src/bot/Digest.ts"
import { textsOf } from "../../src/bot/Languages.ts"
import { messageMax } from "../../src/bot/screens/parts.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import type { MorningReport } from "../../src/stats/Morning.ts"
import { textOf } from "./FakeTelegram.ts"
import * as Digest from "../../src/bot/Digest.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"

const nine = Date.parse("2026-11-22T09:00:00+03:00")
const minute = 60_000
const hour = 60 * minute

/** The bot with its digest, its updates handled and its tabs counted. */
const begin = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  const caughtUp = yield* Layer.build(CaughtUp.layer)
  yield* Layer.build(Digest.layer).pipe(
    Effect.provideContext(Context.merge(scene.context, caughtUp)),
  )
  yield* Context.get(caughtUp, CaughtUp).open
  yield* Context.get(scene.context, BaseStock).counted(
    new Map([["ВКонтакте", { rows: 33, onlyDay: null, at: nine - minute }]]),
  )
  yield* TestClock.adjust(0)
  return scene
})

const digests = (scene: { read: (id: typeof chief) => ReadonlyArray<string> }, id = chief) =>
  scene.read(id).filter((text) => text.startsWith("Сводка за"))

/** Runs until that moment, a minute at a time. */
const runUntil = (at: number) =>
  Effect.gen(function* () {
    while ((yield* Clock.currentTimeMillis) < at) yield* TestClock.adjust("1 minute")
  })

let ids = 0
const book = (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
  count: number,
  more: Partial<Booked>,
) =>
  Context.get(scene.context, Journal).write([
    Write.cases.BooksImported.make({
      rows: Array.from({ length: count }, () => aBooked({ id: `row-${(ids += 1)}`, ...more })),
    }),
  ])

describe("the digest", () => {
  it.effect("comes to every admin at its time, once a day, and to nobody else", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine - 10 * minute)
      const scene = yield* begin()
      yield* runUntil(nine - minute)
      assert.deepStrictEqual(digests(scene), [])
      yield* runUntil(nine + minute)
      for (const admin of [chief, deputy]) assert.lengthOf(digests(scene, admin), 1)
      yield* runUntil(nine + 4 * hour)
      assert.lengthOf(digests(scene), 1)
      yield* runUntil(nine + 24 * hour + minute)
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(
          digests(scene, admin).map((text) => text.split("\n")[0]),
          ["Сводка за 21.11.2026", "Сводка за 22.11.2026"],
        )
      }
      for (const id of [anna, boris, vera, stranger]) assert.deepStrictEqual(scene.read(id), [])
    }),
  )

  it.effect("waits for an admin who has not pressed /start, and comes once when he does", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine - 10 * minute)
      const scene = yield* begin({ roster: {}, adminChats: AdminChats.layer })
      yield* scene.say(chief, "/start")
      yield* runUntil(nine + 24 * hour + minute)
      assert.lengthOf(digests(scene), 2)
      assert.deepStrictEqual(
        scene.telegram.calls.filter((call) => call.endsWith(` ${deputy}`)),
        [],
      )
      yield* runUntil(nine + 30 * hour)
      yield* scene.say(deputy, "/start")
      yield* TestClock.adjust("1 minute")
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(
        digests(scene, deputy).map((text) => text.split("\n")[0]),
        ["Сводка за 22.11.2026"],
      )
      assert.lengthOf(digests(scene), 2)
    }),
  )

  it.effect("tells what was issued, what is left, and which delivery is bad", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine - minute)
      const scene = yield* begin()
      const about = { resource: "vk", issuedAt: nine - 12 * hour }
      const [old, fresh] = [Day.make("2026-11-18"), Day.make("2026-11-19")]
      yield* book(scene, 1, { ...about, issuedAt: nine - 30 * 24 * hour, status: "good" })
      yield* book(scene, 6, { ...about, status: "block", day: old })
      yield* book(scene, 10, { ...about, status: "good", auto: true, day: old })
      yield* book(scene, 19, {
        ...about,
        status: "good",
        day: fresh,
        holder: boris,
        stage: "boris",
      })
      yield* book(scene, 2, { ...about, resource: "number", day: old })
      yield* scene.load("vk", "a", "b")
      yield* scene.say(chief, "/pause mamba")
      yield* runUntil(nine)
      const [text] = digests(scene)
      assert.strictEqual(
        text,
        [
          "Сводка за 21.11.2026",
          "",
          "Выдано за день",
          "• VK: 35 (⛔ Блок 6, ✅ Хороший 29, сами отметились 10)",
          "• Номера: 2 (без отметки 2)",
          "Больше всего взяли: boris (19), anna (18)",
          "",
          "Что осталось",
          "• VK: 35, хватит на 7 дней",
          "• Mamba: готово 0, строки в таблице не посчитаны, выдача приостановлена",
          "• OK: готово 0, строки в таблице не посчитаны",
          "• Gmail: готово 0, строки в таблице не посчитаны",
          "• Rambler: готово 0, строки в таблице не посчитаны",
          "• Номера: готово 0, строки в таблице не посчитаны",
          "",
          "Качество поставок за 7 дней",
          "• ⚠️ VK, 18.11.2026: негодных 6 из 16 (38 %)",
          "• VK, 19.11.2026: негодных 0 из 19 (0 %)",
          "Поставки со знаком ⚠️ стоит проверить: негодных больше четверти.",
        ].join("\n"),
      )
    }),
  )

  it.effect("is short where nothing was issued", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine)
      const scene = yield* begin()
      const [title, taken, , left] = (digests(scene)[0] ?? "").split("\n")
      assert.deepStrictEqual(
        [title, taken, left],
        ["Сводка за 21.11.2026", "За день ничего не выдано.", "Что осталось"],
      )
      assert.notInclude(digests(scene)[0], "Качество")
    }),
  )

  for (const [name, at, sent] of [
    ["comes up before noon: it is sent", nine + 3 * hour - minute, 1],
    ["comes up at noon: it is left out", nine + 3 * hour, 0],
  ] as const) {
    it.effect(`of a bot that was down and ${name}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(at)
        const scene = yield* begin()
        yield* runUntil(at + hour)
        assert.lengthOf(digests(scene), sent)
      }),
    )
  }

  it.effect("is not sent twice by a bot that is started again", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* TestClock.setTime(nine)
      yield* Effect.scoped(begin({ disk, telegram }))
      const scene = yield* begin({ disk, telegram })
      yield* runUntil(nine + hour)
      assert.lengthOf(digests(scene), 1)
      // A clock that is put right brings no morning back.
      yield* TestClock.setTime(nine - 24 * hour)
      const earlier = yield* begin({ disk, telegram })
      yield* TestClock.adjust("2 minutes")
      assert.lengthOf(digests(earlier), 1)
    }),
  )

  it.effect("is on the disk before it is sent: a crash costs it, and doubles nothing", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* TestClock.setTime(nine)
      telegram.fail("send", { _tag: "Unsure" }, { applied: true, times: 2 })
      yield* Effect.scoped(begin({ disk, telegram }))
      const scene = yield* begin({ disk, telegram })
      yield* runUntil(nine + hour)
      for (const admin of [chief, deputy]) assert.lengthOf(digests(scene, admin), 1)
    }),
  )

  it.effect("waits for the disk, and is never sent with zeros instead of figures", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      let failing = true
      yield* TestClock.setTime(nine)
      const scene = yield* begin({
        disk,
        bend: (self) => ({
          ...self,
          booked: () =>
            failing
              ? Effect.fail(new StorageUnavailable({ operation: "booked", cause: new Error("no") }))
              : Effect.succeed([]),
        }),
      })
      yield* runUntil(nine + 5 * minute)
      assert.deepStrictEqual(digests(scene), [])
      failing = false
      disk.failing = true
      yield* runUntil(nine + 10 * minute)
      assert.deepStrictEqual(digests(scene), [])
      disk.failing = false
      yield* runUntil(nine + 11 * minute)
      assert.lengthOf(digests(scene), 1)
    }),
  )

  it.effect("waits until the tabs are counted, but not for ever", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine)
      const scene = yield* Scene.make()
      const caughtUp = yield* Layer.build(CaughtUp.layer)
      yield* Layer.build(Digest.layer).pipe(
        Effect.provideContext(Context.merge(scene.context, caughtUp)),
      )
      yield* runUntil(nine + 5 * minute)
      assert.deepStrictEqual(digests(scene), [])
      yield* Context.get(caughtUp, CaughtUp).open
      yield* runUntil(nine + 6 * minute)
      assert.deepStrictEqual(digests(scene), [])
      yield* runUntil(nine + 7 * minute)
      assert.lengthOf(digests(scene), 1)
    }),
  )

  it.effect("reaches the other admins when one cannot be written to", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine)
      const telegram = FakeTelegram.make()
      telegram.fail("send", { _tag: "Blocked" }, { chatId: chief })
      const scene = yield* begin({ telegram })
      yield* runUntil(nine + hour)
      assert.lengthOf(digests(scene, chief), 0)
      assert.lengthOf(digests(scene, deputy), 1)
    }),
  )

  it.effect("is not sent where it is switched off", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine - minute)
      const scene = yield* begin({ settings: { digestTime: Option.none() } })
      yield* runUntil(nine + hour)
      assert.deepStrictEqual(scene.read(chief), [])
    }),
  )

  it.effect("comes at another time where that is set", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(nine - minute)
      const scene = yield* begin({ settings: { digestTime: Option.some("18:30") } })
      yield* runUntil(nine + 9 * hour + 29 * minute)
      assert.deepStrictEqual(digests(scene), [])
      yield* runUntil(nine + 9 * hour + 30 * minute)
      assert.lengthOf(digests(scene), 1)
    }),
  )
})

const zoneOf = (name: string) => DateTime.zoneMakeNamedUnsafe(name)

describe("the digest is due", () => {
  const cases: ReadonlyArray<readonly [zone: string, time: string, at: string, due: boolean]> = [
    ["Europe/Moscow", "09:00", "2026-11-22T08:59:59.999+03:00", false],
    ["Europe/Moscow", "09:00", "2026-11-22T09:00:00+03:00", true],
    ["Europe/Moscow", "09:00", "2026-11-22T11:59:59.999+03:00", true],
    ["Europe/Moscow", "09:00", "2026-11-22T12:00:00+03:00", false],
    ["Europe/Moscow", "09:00", "2026-11-22T23:00:00+03:00", false],
    // Later ones have three hours, but none goes over midnight.
    ["Europe/Moscow", "11:00", "2026-11-22T13:59:00+03:00", true],
    ["Europe/Moscow", "18:00", "2026-11-22T20:59:00+03:00", true],
    ["Europe/Moscow", "18:00", "2026-11-22T21:00:00+03:00", false],
    ["Europe/Moscow", "23:00", "2026-11-22T23:59:00+03:00", true],
    ["Europe/Moscow", "23:00", "2026-11-23T00:01:00+03:00", false],
    ["Europe/Moscow", "00:00", "2026-11-22T00:00:00+03:00", true],
    // The clock is set forward at 2:00 and back at 3:00.
    ["Europe/Berlin", "09:00", "2026-03-29T08:59:00+02:00", false],
    ["Europe/Berlin", "09:00", "2026-03-29T09:00:00+02:00", true],
    ["Europe/Berlin", "09:00", "2026-10-25T08:59:00+01:00", false],
    ["Europe/Berlin", "09:00", "2026-10-25T09:00:00+01:00", true],
    // There is no 2:30 on that day.
    ["Europe/Berlin", "02:30", "2026-03-29T03:29:00+02:00", false],
    ["Europe/Berlin", "02:30", "2026-03-29T03:30:00+02:00", true],
    // There is no midnight on that day.
    ["Africa/Cairo", "00:00", "2026-04-24T01:00:00+03:00", true],
  ]
  for (const [zone, time, at, due] of cases) {
    it(`${time} in ${zone}, at ${at}: ${due}`, () =>
      assert.strictEqual(Digest.isDue(Date.parse(at), time, zoneOf(zone)), due))
  }

  it.prop(
    "in any zone: from its time on, once a day without a gap, and not before",
    [
      Schema.Literals(["Europe/Moscow", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"]),
      Schema.Literals(["00:00", "09:00", "12:00", "18:30", "23:30"]),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6_000 })),
    ],
    ([name, time, dayNumber]) => {
      const zone = zoneOf(name)
      const start = Date.parse("2020-01-01T12:00:00Z") + dayNumber * 1440 * minute
      const day = dayOf(start, zone)
      const moments = Array.from({ length: 2 * 1440 }, (_, n) => start + (n - 1440) * minute)
      const due = moments.filter((at) => dayOf(at, zone) === day && Digest.isDue(at, time, zone))
      assert.isNotEmpty(due)
      assert.strictEqual((due.at(-1) ?? 0) - (due[0] ?? 0), (due.length - 1) * minute)
      for (const at of due) assert.isAtLeast(formatTime(at, zone) >= time ? 1 : 0, 1)
    },
    { arbitrary: { runs: 40, seed: 3 } },
  )
})

const vk = resourceOf("vk")
const yesterday = Day.make("2026-11-21")
const count = { all: 12_345, auto: 1_234 }

const reportOf = (resources: ReadonlyArray<Resource>, stage: string): MorningReport => ({
  day: yesterday,
  taken: resources.map((resource) => ({
    resource,
    counts: {
      issued: count,
      statuses: new Map(resource.statuses.map(({ id }) => [id, count])),
      other: count,
      pending: 12_345,
    },
  })),
  takers: Array.from({ length: 3 }, () => ({ holder: null, stage, count: 12_345 })),
  left: resources.map((resource, index) => ({
    resource,
    forecast: {
      available: 12_345,
      rows: index % 2 === 0 ? 12_345 : null,
      pace: 12.5,
      days: index % 3 === 0 ? 99.9 : null,
      onlyDay: null,
      isPaused: true,
      countedAt: 0,
      variants: new Map(),
    },
  })),
  deliveries: resources.map((resource) => ({
    resource,
    day: yesterday,
    marked: 12_345,
    bad: 12_344,
    isSuspect: true,
  })),
})

/** Names as long as they come, and statuses too. */
const longNamed = (index: number): Resource => ({
  ...vk,
  id: `r${index}`,
  label: { ru: `<Ресурс & ${index}>`.padEnd(200, "ы"), en: `<R & ${index}>`.padEnd(200, "r") },
  statuses: vk.statuses.map((status) => ({
    ...status,
    label: { ru: "<статус>".repeat(100), en: "<status>".repeat(100) },
  })),
})

describe("what the digest says", () => {
  it("names admins without a nickname by their id, and what is left for today only", () => {
    const report = reportOf([vk], "admin")
    const [left] = report.left
    if (left === undefined) throw new Error("there is one")
    const admin = { holder: TelegramId.make(1), stage: adminStage, count: 5 }
    const forecast = { ...left.forecast, rows: 3, days: null, onlyDay: yesterday, isPaused: false }
    const screen = digestScreen(
      { ...report, takers: [admin, { ...admin, stage: "boris" }], left: [{ ...left, forecast }] },
      textsOf("ru"),
    )
    const text = textOf(screen)
    assert.include(text, "Больше всего взяли: ID 1 (5), boris (5)")
    assert.include(text, "VK: на сегодня 12348")
    const none = { ...forecast, available: 0, rows: 0, days: 0, onlyDay: null }
    const empty = textOf(
      digestScreen({ ...report, left: [{ ...left, forecast: none }] }, textsOf("ru")),
    )
    assert.match(empty, /^• VK: 0$/m)
  })
})

for (const language of ["ru", "en"] as const) {
  describe(`what the digest says in ${language}, however long the catalogue is`, () => {
    for (const size of [1, 6, 12, 60]) {
      it(`fits with ${size} resources of any names`, () => {
        const resources = Array.from({ length: size }, (_, index) => longNamed(index))
        const screen = digestScreen(reportOf(resources, "<ш>".repeat(200)), textsOf(language))
        const text = textOf(screen)
        assert.isAtMost(text.length, messageMax)
        assert.include(text, longNamed(0).label[language].slice(0, 12))
        assert.notMatch(String(screen.html), /<[^b/]/)
      })
    }

    it("says how many lines did not fit, in each of its parts", () => {
      const resources = Array.from({ length: 60 }, (_, index) => longNamed(index))
      const text = textOf(digestScreen(reportOf(resources, "anna"), textsOf(language)))
      const more = language === "ru" ? /и ещё \d+ строк/g : /and \d+ lines more/g
      assert.lengthOf(text.match(more) ?? [], 3)
      const shown = text.split("\n").filter((line) => line.startsWith("•")).length
      const rest = (text.match(more) ?? []).map((each) => Number(/\d+/.exec(each)?.[0]))
      assert.strictEqual(
        rest.reduce((sum, each) => sum + each, shown),
        180,
      )
    })
  })
}
