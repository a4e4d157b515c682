/** The way to a report and its picture, as people press it; and who may see whose. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../../src/access/Regions.ts"
import { Chart, ChartFailed } from "../../../src/stats/Chart.ts"
import { Statistics } from "../../../src/stats/Statistics.ts"
import { type Booked, Journal, StorageUnavailable } from "../../../src/store/Journal.ts"
import { aBooked } from "../../stats/fixtures.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, stranger, vera } from "../Scene.ts"

const now = Date.UTC(2026, 10, 22, 11, 22)
const day = 86_400_000
const adminsOnly = "Это может только администратор. Ничего не изменилось."

const past: ReadonlyArray<Partial<Booked>> = [
  { status: "good", variant: "female" },
  { status: "good", variant: "female", auto: true },
  { status: "block", variant: "female", region: "812" },
  { status: "good", variant: "male", holder: boris },
  { status: null, variant: "female", holder: boris },
  { status: "defect", variant: "female", issuedAt: now - 3 * day, holder: boris },
  { status: "good", variant: "female", issuedAt: now - 20 * day, region: "Крым" },
]

const withPast = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(now)
  const rows = past.map((row, index) => aBooked({ id: `past-${index}`, issuedAt: now, ...row }))
  yield* Context.get(scene.context, Journal).write([{ _tag: "BooksImported", rows }])
  return scene
})

describe("the total over all resources", () => {
  it.effect("is what /stats opens on: today, of everybody for an admin", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.say(chief, "/stats")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Статистика: всё вместе",
          "Сегодня, 22.11.2026, все сотрудники",
          "",
          "        Выд. Негод. Ждут Авто",
          "VK         0      0    0    0",
          "Mamba      5      1    1    1",
          "OK         0      0    0    0",
          "Gmail      0      0    0    0",
          "Rambler    0      0    0    0",
          "Номера     0      0    0    0",
          "Итого      5      1    1    1",
          "Негод.: отметки, после которых бот предлагает замену.",
          "Авто: отметка поставилась сама.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["• День", "Неделя", "Месяц"],
        ["• По ресурсам", "По регионам"],
        ["Мои", "• Все сотрудники"],
        ["VK", "Mamba", "OK"],
        ["Gmail", "Rambler", "Номера"],
        ["495", "812", "Крым"],
        ["• Все регионы"],
        ["🔎 По шагам", "☰ Меню"],
      ])
    }),
  )

  it.effect("of an employee counts his own, in the same message for another time or region", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.say(anna, "/statistic")
      assert.match(scene.lastText(anna), /только ваши выдачи\n[^]*Mamba +3 +1 +0 +1\n/)
      assert.notInclude(labelsOf(scene.last(anna).screen).flat(), "Все сотрудники")
      yield* scene.press(anna, "Месяц", "По регионам")
      assert.match(
        scene.lastText(anna),
        /495 +2 +0 +0 +1\n812 +1 +1 +0 +0\nКрым +1 +0 +0 +0\nИтого +4 +1 +0 +1\n/,
      )
      yield* scene.tap(anna, "Крым")
      assert.match(scene.lastText(anna), /^Статистика: всё вместе › Крым\nС 24\.10\.2026/)
      assert.match(scene.lastText(anna), /Mamba +1 +0 +0 +0\n[^]*Итого +1 /)
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  for (const [taps, expected] of [
    [["Mamba"], /^Mamba › Все › Все регионы\nСегодня[^]*Выдано +5 /],
    [["Mamba", "Неделя"], /^Mamba › Все › Все регионы\nС 16[^]*Выдано +6 /],
    [["Месяц", "Mamba"], /^Mamba › Все › Все регионы\nС 24[^]*Выдано +7 /],
    [["Mamba", "Ж"], /^Mamba › Ж › Все регионы\nСегодня[^]*Выдано +4 /],
    [["Mamba", "812"], /^Mamba › Все › 812\nСегодня[^]*Выдано +1 /],
    [["812", "Mamba"], /^Mamba › Все › 812\nСегодня[^]*Выдано +1 /],
    [["Mamba", "По регионам"], /^Mamba › Все › Все регионы\n[^]*495 +4 +0 +3 /],
    [["Mamba", "Мои"], /^Mamba › Все › Все регионы\n.*только ваши/],
    [["Неделя", "По регионам"], /^Статистика: всё вместе\nС 16[^]*495 +5 /],
  ] as const) {
    it.effect(`is ${taps.length} taps from a report: ${taps.join(", ")}`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(chief, "/stats")
        yield* scene.press(chief, ...taps)
        assert.match(scene.lastText(chief), expected)
        assert.lengthOf(scene.telegram.chat(chief), 1)
      }),
    )
  }

  it.effect("leads back from a report with the same period, people and region", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.say(chief, "/stats")
      yield* scene.press(chief, "Неделя", "812", "Mamba", "Мои", "‹ Назад")
      assert.match(
        scene.lastText(chief),
        /^Статистика: всё вместе › 812\nС 16\.11\.2026 по 22\.11\.2026, только ваши выдачи/,
      )
      yield* scene.tap(chief, "Все регионы")
      assert.match(scene.lastText(chief), /^Статистика: всё вместе\nС 16/)
    }),
  )

  it.effect("has pages for many regions, of the total and of a resource", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 60 }, (_, index) => `Р${100 + index}`)
      const scene = yield* withPast({ regions: Regions.layerTest(...names) })
      yield* scene.say(chief, "/stats")
      assert.deepInclude(labelsOf(scene.last(chief).screen), ["• Все регионы", "Другие регионы"])
      yield* scene.press(chief, "Неделя", "Другие регионы", "›", "Р159")
      assert.match(scene.lastText(chief), /^Статистика: всё вместе › Р159\nС 16/)
      yield* scene.press(chief, "Mamba", "М", "Другие регионы", "Р108")
      assert.match(scene.lastText(chief), /^Mamba › М › Р108\nС 16/)
      yield* scene.press(chief, "Другие регионы", "Все регионы")
      assert.match(scene.lastText(chief), /^Mamba › М › Все регионы\nС 16/)
    }),
  )

  it.effect("says when nothing was issued", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ language: "en" })
      yield* scene.say(anna, "/stats")
      assert.match(scene.lastText(anna), /^Statistics: everything\n[^]*\n\nNothing was issued/)
    }),
  )
})

describe("/stats", () => {
  for (const command of ["/stats", "/statistic"]) {
    it.effect(`${command} of an employee: step by step to what was issued to him`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(anna, command)
        yield* scene.tap(anna, "🔎 По шагам")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["Аккаунты", "Почты"],
          ["Номера"],
          ["‹ Назад", "✕ Отмена"],
        ])
        yield* scene.tap(anna, "Аккаунты")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["VK", "Mamba"],
          ["OK"],
          ["‹ Назад", "✕ Отмена"],
        ])
        yield* scene.tap(anna, "Mamba")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["М", "Ж", "Все"])
        yield* scene.tap(anna, "Ж")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["Все регионы"],
          ["495", "812", "Крым"],
          ["‹ Назад", "✕ Отмена"],
        ])
        yield* scene.tap(anna, "Все регионы")
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["День", "Неделя", "Месяц"])
        yield* scene.tap(anna, "Неделя")
        assert.strictEqual(
          scene.lastText(anna),
          [
            "Mamba › Ж › Все регионы",
            "С 16.11.2026 по 22.11.2026, только ваши выдачи",
            "",
            "             Всего   % Авто",
            "Выдано           3        1",
            "Блок             1 33%    0",
            "Хороший          2 67%    1",
            "Дефектный        0  0%    0",
            "Ждут отметки     0  0%",
            "Авто: отметка поставилась сама.",
          ].join("\n"),
        )
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["День", "• Неделя", "Месяц"],
          ["• Всего", "По регионам"],
          ["М", "• Ж", "Все"],
          ["495", "812", "Крым"],
          ["• Все регионы"],
          ["📊 График"],
          ["‹ Назад", "☰ Меню"],
        ])
        assert.lengthOf(scene.telegram.chat(anna), 1)
      }),
    )
  }

  it.effect("by region, and for another time, in the same message", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.say(anna, "/stats")
      yield* scene.press(
        anna,
        "🔎 По шагам",
        "Аккаунты",
        "Mamba",
        "Ж",
        "Все регионы",
        "День",
        "По регионам",
        "Месяц",
      )
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Mamba › Ж › Все регионы",
          "С 24.10.2026 по 22.11.2026, только ваши выдачи",
          "",
          "Регион Выд. Блок Хор. Деф. Ждут Авто",
          "495       2    0    2    0    0    1",
          "812       1    1    0    0    0    0",
          "Крым      1    0    1    0    0    0",
          "Итого     4    1    3    0    0    1",
          "Авто: отметка поставилась сама.",
        ].join("\n"),
      )
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  it.effect("of an admin: everybody's, or his own", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.say(chief, "/stats")
      yield* scene.press(chief, "🔎 По шагам", "Аккаунты", "Mamba", "Все", "Все регионы", "День")
      assert.include(scene.lastText(chief), "Сегодня, 22.11.2026, все сотрудники")
      assert.match(scene.lastText(chief) ?? "", /Выдано +5 +1\n/)
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen)[2], ["Мои", "• Все сотрудники"])
      yield* scene.tap(chief, "Мои")
      assert.include(scene.lastText(chief), "За это время ничего не выдано.")
      assert.notInclude(scene.lastText(chief), "Выдано ")
    }),
  )

  it.effect("counts what the bot issues itself, from the first moment", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(now)
      yield* scene.load("vk", "one", "two")
      yield* scene.fromMenu(anna, "VK", "495", "2", "1 ⛔ Блок")
      yield* scene.say(anna, "/stats")
      yield* scene.press(anna, "🔎 По шагам", "Аккаунты", "VK", "495", "День")
      assert.match(scene.lastText(anna) ?? "", /Выдано +2 .*\nБлок +1 .*\nХороший +0/)
      assert.match(scene.lastText(anna) ?? "", /Ждут отметки +1 /)
    }),
  )

  it.effect("numbers have no kinds: the way begins with the region, and leads back", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.say(anna, "/stats")
      yield* scene.press(anna, "🔎 По шагам", "Номера")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["Все регионы"])
      yield* scene.press(anna, "812", "‹ Назад", "‹ Назад")
      assert.include(scene.lastText(anna), "Что посчитать?")
      yield* scene.press(anna, "Номера", "812", "День", "‹ Назад")
      assert.match(scene.lastText(anna), /^Статистика: всё вместе › 812\nСегодня, 22\.11\.2026/)
    }),
  )

  it.effect("the menu has a button for it", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.fromMenu(
        anna,
        "Статистика",
        "🔎 По шагам",
        "Почты",
        "Gmail",
        "gmail.com",
        "Все регионы",
        "День",
      )
      assert.include(scene.lastText(anna), "Gmail › gmail.com › Все регионы")
    }),
  )
})

describe("a chart", () => {
  const open = Effect.fnUntraced(function* (scene: Effect.Success<ReturnType<typeof withPast>>) {
    yield* scene.say(anna, "/stats")
    yield* scene.press(anna, "Неделя", "Mamba", "Ж", "📊 График")
  })

  it.effect("comes in a message of its own, and changes in its place", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* open(scene)
      const [table, picture] = scene.telegram.chat(anna)
      assert.isUndefined(table?.photo)
      assert.include(picture?.photo, "С 16.11.2026 по 22.11.2026 · только ваши выдачи")
      assert.include(scene.lastText(anna), "Выдано: 3\n⛔ Блок: 1\n✅ Хороший: 2")
      yield* scene.press(anna, "Месяц", "По регионам")
      assert.lengthOf(scene.telegram.chat(anna), 2)
      assert.strictEqual(scene.last(anna).messageId, picture?.messageId)
      assert.include(scene.last(anna).photo, ">Крым</text>")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["День", "Неделя", "• Месяц"],
        ["По дням", "• По регионам"],
        ["☰ Меню"],
      ])
    }),
  )

  it.effect("whose message is gone comes anew", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* open(scene)
      scene.telegram.fail("edit", { _tag: "MessageGone" })
      yield* scene.tap(anna, "Месяц")
      assert.lengthOf(scene.telegram.chat(anna), 3)
      assert.include(scene.last(anna).photo, "С 24.10.2026")
    }),
  )

  it.effect("never covers goods, whatever message the button names", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495", "1")
      const goods = scene.last(anna)
      yield* scene.tapData(anna, goods.messageId, "sd1:mamba...d.t.o")
      assert.deepStrictEqual(scene.telegram.chat(anna)[0], goods)
      assert.isDefined(scene.last(anna).photo)
      yield* scene.tapData(anna, goods.messageId, "sx1:mamba...d.t.o")
      assert.deepStrictEqual(scene.telegram.chat(anna)[0], goods)
    }),
  )
})

describe("a report as a file", () => {
  const open = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
    const scene = yield* withPast(options)
    yield* scene.say(chief, "/stats")
    yield* scene.tapData(chief, scene.last(chief).messageId, "ss1:")
    return scene
  })

  it.effect("is offered to admins only", () =>
    Effect.gen(function* () {
      const scene = yield* open()
      yield* scene.press(chief, "Аккаунты", "Mamba", "Все", "Все регионы", "Неделя")
      assert.deepInclude(labelsOf(scene.last(chief).screen), ["📊 График", "📄 Файлом"])
      yield* scene.say(anna, "/stats")
      yield* scene.press(anna, "🔎 По шагам", "Аккаунты", "Mamba", "Все", "Все регионы", "Неделя")
      assert.deepInclude(labelsOf(scene.last(anna).screen), ["📊 График"])
    }),
  )

  it.effect("has days, regions and the sum, each line with what it counts", () =>
    Effect.gen(function* () {
      const scene = yield* open()
      yield* scene.press(chief, "Аккаунты", "Mamba", "Все", "Все регионы", "Неделя", "📄 Файлом")
      assert.lengthOf(scene.telegram.chat(chief), 2)
      const { document } = scene.last(chief)
      assert.strictEqual(document?.name, "statistics-mamba-2026-11-16-2026-11-22.csv")
      const lines = document?.text.trimEnd().split("\r\n") ?? []
      assert.strictEqual(
        lines[0],
        "\uFEFFЧто;Чьи;С;По;Разрез;Значение;Выдано;Блок;Хороший;Дефектный;Ждут отметки;Авто",
      )
      const subject = "Mamba › Все › Все регионы;Все сотрудники;16.11.2026;22.11.2026"
      assert.deepStrictEqual(lines.slice(1, 3), [
        `${subject};По дням;16.11.2026;0;0;0;0;0;0`,
        `${subject};По дням;17.11.2026;0;0;0;0;0;0`,
      ])
      assert.deepStrictEqual(lines.slice(4), [
        `${subject};По дням;19.11.2026;1;0;0;1;0;0`,
        `${subject};По дням;20.11.2026;0;0;0;0;0;0`,
        `${subject};По дням;21.11.2026;0;0;0;0;0;0`,
        `${subject};По дням;22.11.2026;5;1;3;0;1;1`,
        `${subject};По регионам;495;5;0;3;1;1;1`,
        `${subject};По регионам;812;1;1;0;0;0;0`,
        `${subject};Итого;Итого;6;1;3;1;1;1`,
      ])
      assert.strictEqual(
        scene.lastText(chief),
        "Mamba › Все › Все регионы\nС 16.11.2026 по 22.11.2026, все сотрудники\nВыдано: 6",
      )
    }),
  )

  it.effect("in English is split by commas", () =>
    Effect.gen(function* () {
      const scene = yield* open({ language: "en" })
      yield* scene.press(chief, "Accounts", "Mamba", "F", "495", "Day", "Mine", "Everybody")
      yield* scene.tap(chief, "📄 As a file")
      assert.include(
        scene.last(chief).document?.text,
        "Mamba › F › 495,Everybody,22.11.2026,22.11.2026,By region,495,3,0,2,0,1,1\r\n",
      )
    }),
  )

  it.effect("that was not sent is told of", () =>
    Effect.gen(function* () {
      const scene = yield* open()
      yield* scene.press(chief, "Аккаунты", "Mamba", "Все", "Все регионы", "День")
      scene.telegram.fail("sendDocument", { _tag: "Unsure" })
      yield* scene.tap(chief, "📄 Файлом")
      assert.match(scene.lastText(chief) ?? "", /^Telegram не ответил, дошёл ли файл/)
    }),
  )

  for (const whose of ["o", "a"]) {
    it.effect(`forged by an employee, with ${whose}, is refused`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(anna, "/stats")
        const before = [...scene.telegram.chat(anna)]
        const data = `sf1:mamba...m.t.${whose}`
        const [answer] = yield* scene.tapData(anna, scene.last(anna).messageId, data)
        assert.strictEqual(answer?.text, adminsOnly)
        assert.isTrue(answer?.alert)
        assert.deepStrictEqual(scene.telegram.chat(anna), before)
      }),
    )
  }
})

describe("where something fails", () => {
  it.effect("a disk that does not answer is told of: no zeros, no picture", () =>
    Effect.gen(function* () {
      const refusal = new StorageUnavailable({ operation: "tally", cause: new Error("planted") })
      const statistics = Layer.mock(Statistics, {
        report: () => Effect.fail(refusal),
        overview: () => Effect.fail(refusal),
      })
      const scene = yield* withPast({ statistics })
      yield* scene.say(anna, "/stats")
      assert.match(scene.lastText(anna), /^Диск бота сейчас не отвечает/)
      yield* scene.tapData(anna, scene.last(anna).messageId, "ss1:")
      for (const data of ["st1:", "sa1:.d.t.o"]) {
        const shown = [...scene.telegram.chat(anna)]
        const [refused] = yield* scene.tapData(anna, scene.last(anna).messageId, data)
        assert.match(refused?.text ?? "", /^Диск бота сейчас не отвечает/)
        assert.deepStrictEqual(scene.telegram.chat(anna), shown)
      }
      yield* scene.press(anna, "Аккаунты", "VK", "Все регионы")
      const before = [...scene.telegram.chat(anna)]
      const [answer] = yield* scene.tap(anna, "День")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает.* Ничего не потеряно/)
      assert.isTrue(answer?.alert)
      assert.isAtMost(answer?.text?.length ?? 201, 200)
      yield* scene.tapData(anna, scene.last(anna).messageId, "sc1:vk...d.t.o")
      assert.deepStrictEqual(scene.telegram.chat(anna), before)
    }),
  )

  it.effect("a picture that cannot be drawn is told of, and the table stays", () =>
    Effect.gen(function* () {
      const charts = Layer.mock(Chart, {
        draw: () => Effect.fail(new ChartFailed({ cause: new Error("planted") })),
      })
      const scene = yield* withPast({ charts })
      yield* scene.say(anna, "/stats")
      yield* scene.press(anna, "Mamba", "Ж", "📊 График")
      assert.match(scene.lastText(anna) ?? "", /^Нарисовать график не удалось. Ничего не потеряно/)
      assert.match(scene.read(anna)[0] ?? "", /Выдано +3/)
    }),
  )
})

describe("who sees whose", () => {
  for (const data of [
    "sx1:mamba...d.t.a",
    "sc1:mamba...d.t.a",
    "sd1:mamba.f.495.m.r.a",
    "sa1:.d.t.a",
    "sa1:495.m.t.a",
  ]) {
    it.effect(`an employee who forges ${data} sees nothing of others`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(anna, "/stats")
        const before = [...scene.telegram.chat(anna)]
        const [answer] = yield* scene.tapData(anna, scene.last(anna).messageId, data)
        const wanted = data.includes(".f.") ? /^Кнопка устарела/ : new RegExp(adminsOnly)
        assert.match(answer?.text ?? "", wanted)
        assert.deepStrictEqual(scene.telegram.chat(anna).slice(0, 1), before)
        assert.notMatch(scene.read(anna).join("\n"), /все сотрудники|Выдано/)
        assert.notMatch(scene.read(anna).join("\n"), /Mamba +[^3 ]/)
      }),
    )
  }

  for (const id of [vera, stranger]) {
    it.effect(`${id}, who may not use the bot, sees nothing at all`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(id, "/stats")
        const [answer] = yield* scene.tapData(id, 5, "sx1:mamba...m.t.o")
        assert.isTrue(answer?.alert)
        assert.notMatch(scene.read(id).join("\n"), /Статистика|Выдано/)
      }),
    )
  }

  for (const data of [
    "sv1:gone",
    "sv1:vk",
    "sr1:mamba.gone.0",
    "sp1:gone..",
    "sg1:proxies",
    "so1:gone..d.o.0",
    "so1:proxy..d.o.0",
    "sx1:proxy...d.t.o",
  ]) {
    it.effect(`${data} is out of date`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(anna, "/stats")
        const [answer] = yield* scene.tapData(anna, scene.last(anna).messageId, data)
        assert.match(answer?.text ?? "", /^Кнопка устарела/)
      }),
    )
  }
})
