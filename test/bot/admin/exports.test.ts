/** /export: the way to a file by buttons and by text, what is in it, who gets it, and its screens. */
import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Effect, Fiber, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import type { Action } from "../../../src/bot/buttons.ts"
import { Day } from "../../../src/domain/Day.ts"
import { Journal, StorageUnavailable, type Booked } from "../../../src/store/Journal.ts"
import { aBooked } from "../../stats/fixtures.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import { afternoon } from "../proxyFixtures.ts"
import { anna, boris, chief, stranger, vera } from "../Scene.ts"
import {
  exportCaption,
  nothingText,
  periodsScreen,
  resourcesScreen,
  understand,
} from "../../../src/bot/admin/exports.ts"
import { TelegramId } from "../../../src/domain/Employee.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { textsOf } from "../../../src/bot/Languages.ts"
import * as Scene from "../Scene.ts"

const day = 86_400_000
const adminsOnly = "Это может только администратор. Ничего не изменилось."

const past: ReadonlyArray<Partial<Booked>> = [
  { id: "A000000001", status: "good", variant: "female", markedAt: afternoon + 60_000 },
  {
    id: "A000000002",
    resource: "number",
    key: "79000001234",
    day: Day.make("2026-11-22"),
    region: "0495",
    status: "working",
    auto: true,
    markedAt: afternoon + 600_000,
    issuedAt: afternoon + 1_000,
    holder: boris,
    stage: "boris",
  },
  {
    id: "A000000003",
    resource: "vk",
    issuedAt: afternoon - 8 * day,
    key: "=cmd@example.com",
    stage: "=HYPERLINK(1)",
    region: "+7;=1",
    status: "withheld",
    replacementOf: "A000000001",
    markedAt: afternoon - 8 * day,
  },
  { id: "old-1", issuedAt: afternoon - 400 * day, holder: null, stage: "", imported: true },
]

const withPast = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(afternoon)
  const rows = past.map((row, index) =>
    aBooked({ id: `past-${index}`, issuedAt: afternoon, ...row }),
  )
  yield* Context.get(scene.context, Journal).write([{ _tag: "BooksImported", rows }])
  return scene
})

/** The first admin has sent the command, and pressed these buttons of its answer. */
const asked = Effect.fnUntraced(function* (command: string, ...labels: ReadonlyArray<string>) {
  const scene = yield* withPast()
  yield* scene.say(chief, command)
  yield* scene.press(chief, ...labels)
  return scene
})

type Scene = Effect.Success<ReturnType<typeof withPast>>

/** Its pages cannot be read any more while it fails. */
const journalThat = (reading: { readonly fails: boolean }) =>
  Layer.effect(
    Journal,
    Effect.map(Journal, (journal) =>
      Journal.of({
        ...journal,
        booked: (...query) =>
          reading.fails
            ? Effect.fail(
                new StorageUnavailable({ operation: "booked", cause: new Error("planted") }),
              )
            : journal.booked(...query),
      }),
    ),
  ).pipe(Layer.provide(MemoryJournal.layer()))

const filesOf = (scene: Scene, id = chief) =>
  scene.telegram.chat(id).flatMap(({ document }) => document ?? [])

const linesOf = (scene: Scene) =>
  (filesOf(scene).at(-1)?.text ?? "").replace("\uFEFF", "").trimEnd().split("\r\n")

describe("/export", () => {
  it.effect("with buttons: of what, for how long, and the file below", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/export")
      assert.match(scene.lastText(chief), /^Выгрузка в файл\nЧто выгрузить\?/)
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen).flat(), [
        "Все ресурсы",
        "VK",
        "Mamba",
        "OK",
        "Gmail",
        "Rambler",
        "Номера",
        "☰ Меню",
      ])
      yield* scene.tap(chief, "Номера")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["Сегодня", "7 дней", "30 дней"],
        ["Всё время"],
        ["‹ Назад", "☰ Меню"],
      ])
      yield* scene.press(chief, "‹ Назад", "Все ресурсы", "30 дней")
      const [question, file] = scene.telegram.chat(chief)
      assert.isUndefined(question?.document)
      assert.match(scene.read(chief)[0] ?? "", /^Файл отправлен ниже\.\n\nВыгрузка в файл › Все/)
      assert.strictEqual(file?.document?.name, "issuances-all-2026-10-24-2026-11-22.csv")
      assert.strictEqual(
        scene.read(chief)[1],
        [
          "Выгрузка в файл › Все ресурсы",
          "С 24.10.2026 по 22.11.2026, все сотрудники",
          "Строк: 3",
          "Логины и номера скрыты, паролей в файле нет.",
        ].join("\n"),
      )
      assert.lengthOf(scene.telegram.chat(chief), 2)
    }),
  )

  it.effect("has a line for each issuance, the oldest first, harmless and without secrets", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/export всё время")
      assert.isTrue(filesOf(scene)[0]?.text.startsWith("\uFEFFДата выдачи;Ресурс;"))
      assert.deepStrictEqual(linesOf(scene), [
        "Дата выдачи;Ресурс;Пол/Тип;Регион;Сотрудник;Telegram ID;Статус;Отмечено;Авто;Что выдано;Дата строки;ID;Замена для ID;Из таблицы;Комментарий к статусу",
        "18.10.2025 14:22;Mamba;;495;;;ждёт отметки;;;sample@…;;old-1;;да;",
        `14.11.2026 14:22;VK;;"'+7;'=1";'=HYPERLINK(1);101;изъято;14.11.2026 14:22;;'=cmd@…;;A000000003;A000000001;;`,
        "22.11.2026 14:22;Mamba;Ж;495;anna;101;Хороший;22.11.2026 14:23;;sample@…;;A000000001;;;",
        "22.11.2026 14:22;Номера;;'0495;boris;102;Рабочий;22.11.2026 14:32;да;…12-34;22.11.2026;A000000002;;;",
      ])
      assert.match(
        scene.lastText(chief),
        /За всё время, с 18\.10\.2025 14:22 по 22\.11\.2026 14:22, все сотрудники\nСтрок: 4/,
      )
    }),
  )

  it.effect("by text: of one resource, person and time", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/export BORIS номера 7 дней")
      assert.strictEqual(filesOf(scene).at(-1)?.name, "issuances-number-2026-11-16-2026-11-22.csv")
      assert.lengthOf(linesOf(scene), 2)
      assert.include(scene.lastText(chief), "С 16.11.2026 по 22.11.2026, сотрудник boris (102)")
      yield* scene.say(chief, "/export id 101 30")
      assert.lengthOf(linesOf(scene), 3)
    }),
  )

  it.effect("what the bot issues itself is in it at once, without the password", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(afternoon)
      yield* scene.load("vk", "longname")
      yield* scene.fromMenu(anna, "VK", "495", "1")
      yield* scene.say(chief, "/export vk сегодня")
      assert.match(linesOf(scene)[1] ?? "", /VK;;495;anna;101;ждёт отметки;;;lo…me@…;;/)
      assert.notMatch(filesOf(scene)[0]?.text ?? "", /secret|longname/)
    }),
  )

  it.effect("in English it is split by commas", () =>
    Effect.gen(function* () {
      const scene = yield* withPast({ language: "en" })
      yield* scene.say(chief, "/export number today")
      assert.deepStrictEqual(linesOf(scene), [
        "Issued at,Resource,Gender/Type,Region,Employee,Telegram ID,Status,Marked at,Auto,Item,Item date,ID,Replaces ID,From the sheet,Comment on the status",
        "22.11.2026 14:22,Numbers,,'0495,boris,102,Working,22.11.2026 14:32,yes,…12-34,22.11.2026,A000000002,,,",
      ])
      assert.include(scene.lastText(chief), "Today, 22.11.2026, everybody\nRows: 1")
    }),
  )

  for (const [language, reason] of [
    ["ru", "не входит"],
    ["en", "login fails"],
  ] as const) {
    it.effect(`a reason on a button is in the language of the file: ${language}`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make({ language })
        yield* TestClock.setTime(afternoon)
        const marked = {
          resource: "vk",
          status: "block",
          issuedAt: afternoon,
          holder: anna,
        } as const
        const rows = [
          aBooked({ ...marked, id: "one", comment: "не входит" }),
          aBooked({ ...marked, id: "two", comment: "свои слова" }),
        ]
        yield* Context.get(scene.context, Journal).write([{ _tag: "BooksImported", rows }])
        yield* scene.say(chief, "/export vk 7")
        const said = linesOf(scene).map((line) => line.split(/[;,]/).at(-1))
        assert.sameMembers(said.slice(1), [reason, "свои слова"])
      }),
    )
  }

  for (const [command, answer] of [
    ["/export vk вчера", /^Непонятно, что такое «вчера», поэтому файла не будет/],
    ["/export kate", /^Непонятно, что такое «kate»/],
    ["/export 9999", /^Столько дней не получится, самое большее 3660/],
    [
      "/export ok 7",
      /^Выдач не нашлось, файла не будет\. Искали: OK · С 16\.11\.2026 по 22\.11\.2026 · все сотр/,
    ],
    ["/export id 555555 все", /Искали: Все ресурсы · за всё время · сотрудник ID 555555/],
  ] as const) {
    it.effect(`${command}: a sentence and no file`, () =>
      Effect.gen(function* () {
        const scene = yield* asked(command)
        assert.lengthOf(scene.telegram.chat(chief), 1)
        assert.match(scene.read(chief)[0] ?? "", answer)
        assert.isEmpty(filesOf(scene))
      }),
    )
  }

  it.effect("a name that two people have is not guessed at", () =>
    Effect.gen(function* () {
      const roster = {
        [anna]: { stage: "twin", is_approved: true },
        [boris]: { stage: "Twin", is_approved: true },
      }
      const scene = yield* withPast({ roster })
      yield* scene.say(chief, "/export twin")
      assert.match(scene.read(chief)[0] ?? "", /Так зовут нескольких: twin \(101\), Twin \(102\)/)
    }),
  )

  it.effect("pressed with nothing to find: said in the message, ready for another choice", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/export", "OK", "Сегодня")
      assert.match(scene.read(chief)[0] ?? "", /^Выдач не нашлось, файла не будет/)
      yield* scene.press(chief, "‹ Назад", "Mamba", "Сегодня")
      assert.lengthOf(filesOf(scene), 1)
    }),
  )
})

describe("a file that takes its time", () => {
  it.effect("is announced after a second, in the message whose button was pressed", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/export", "Mamba")
      const upload = scene.telegram.hang("sendDocument")
      const tap = yield* Effect.forkChild(scene.tap(chief, "30 дней"), { startImmediately: true })
      yield* TestClock.adjust("999 millis")
      assert.notInclude(scene.read(chief)[0], "⏳")
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(scene.read(chief), ["⏳ Собираю файл…"])
      yield* upload.release
      yield* Fiber.join(tap)
      assert.match(scene.read(chief)[0] ?? "", /^Файл отправлен ниже/)
      assert.lengthOf(filesOf(scene), 1)
    }),
  )

  it.effect("asked for by text: in a message that says so afterwards", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      const upload = scene.telegram.hang("sendDocument")
      const asking = yield* Effect.forkChild(scene.say(chief, "/export mamba"), {
        startImmediately: true,
      })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(scene.read(chief), ["⏳ Собираю файл…"])
      yield* upload.release
      yield* Fiber.join(asking)
      assert.strictEqual(scene.read(chief)[0], "Файл отправлен ниже.")
      assert.lengthOf(filesOf(scene), 1)
    }),
  )
})

describe("where something fails", () => {
  it.effect("Telegram refuses the file, or does not answer: the admin is told which", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      scene.telegram.fail("sendDocument", { _tag: "Rejected", code: 413, description: "too big" })
      yield* scene.say(chief, "/export mamba")
      assert.match(scene.read(chief)[0] ?? "", /^Файл не отправлен\. Telegram не принял сообщение/)
      scene.telegram.fail("sendDocument", { _tag: "Unsure" }, { applied: true })
      yield* scene.say(chief, "/export mamba")
      assert.lengthOf(filesOf(scene), 1)
      assert.match(scene.lastText(chief), /^Telegram не ответил, дошёл ли файл/)
      assert.deepStrictEqual(
        scene.telegram.calls.filter((call) => call.startsWith("sendDocument")),
        ["sendDocument 1", "sendDocument 1"],
      )
    }),
  )

  it.effect("a disk that does not answer is told of, in the message and by text", () =>
    Effect.gen(function* () {
      const reading = { fails: false }
      const scene = yield* withPast({ journal: journalThat(reading) })
      yield* scene.say(chief, "/export")
      yield* scene.tap(chief, "Mamba")
      reading.fails = true
      yield* scene.tap(chief, "Сегодня")
      assert.match(scene.read(chief)[0] ?? "", /^Диск бота сейчас не отвечает, собрать файл/)
      yield* scene.say(chief, "/export mamba")
      assert.match(scene.read(chief)[1] ?? "", /^Диск бота сейчас не отвечает, собрать файл/)
      assert.isEmpty(filesOf(scene))
    }),
  )

  it.effect("the log says who took what, by ids", () => {
    const lines: Array<string> = []
    const log = Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))])
    return Effect.gen(function* () {
      yield* asked("/export mamba 7 anna")
      const [line, ...more] = lines.filter((each) => each.includes("issuances exported"))
      assert.deepStrictEqual(more, [])
      assert.match(line ?? "", /admin=1 resource=mamba days=7 holder=101 rows=1 isSent=true/)
      assert.notMatch(lines.join("\n"), /anna|example\.com/)
    }).pipe(Effect.provide(log))
  })
})

describe("who gets a file", () => {
  const actions: ReadonlyArray<Action> = [
    { _tag: "Exports", page: 0 },
    { _tag: "ExportOf", resource: null },
    { _tag: "ExportOf", resource: "vk" },
    { _tag: "ExportFile", resource: null, days: "all" },
    { _tag: "ExportFile", resource: "vk", days: "7" },
  ]

  it.effect("an employee is refused, by text and by forged buttons", () =>
    Effect.gen(function* () {
      const scene = yield* withPast()
      for (const text of ["/export", "/export vk 7"]) {
        yield* scene.say(boris, text)
        assert.strictEqual(scene.lastText(boris), adminsOnly)
      }
      for (const action of actions) {
        const answers = yield* scene.tapAction(boris, scene.last(boris).messageId, action)
        assert.deepStrictEqual(
          answers.map(({ text, alert }) => ({ text, alert })),
          [{ text: adminsOnly, alert: true }],
        )
      }
      assert.deepStrictEqual(scene.read(boris), [adminsOnly, adminsOnly])
    }),
  )

  for (const id of [vera, stranger]) {
    it.effect(`${id}, who may not use the bot, sees nothing`, () =>
      Effect.gen(function* () {
        const scene = yield* withPast()
        yield* scene.say(id, "/export vk")
        for (const action of actions) {
          const [answer] = yield* scene.tapAction(id, 5, action)
          assert.isTrue(answer?.alert)
        }
        assert.isEmpty(filesOf(scene, id))
        assert.notMatch(scene.read(id).join(), /Выгрузка|Строк/)
      }),
    )
  }

  for (const data of ["ey1:gone", "ez1:proxy.7", "ez1:gone.all"]) {
    it.effect(`${data}: the button is out of date`, () =>
      Effect.gen(function* () {
        const scene = yield* asked("/export")
        const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
        assert.match(answer?.text ?? "", /^Кнопка устарела/)
      }),
    )
  }

  it.effect("a second tap brings at most a second file", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/export", "Mamba")
      const { messageId, data } = scene.find(chief, "Сегодня")
      yield* scene.tapData(chief, messageId, data)
      yield* scene.tapData(chief, messageId, data)
      assert.lengthOf(filesOf(scene), 2)
    }),
  )
})

const withTabs = shippedCatalogue.resources.filter(({ baseTabs }) => baseTabs.length > 0)
const person = (id: number, stage: string) =>
  ({ id: TelegramId.make(id), stage, role: "employee" }) as const
const people = [
  person(101, "anna"),
  person(102, "Борис, склад 2"),
  person(103, "twin"),
  person(104, "Twin"),
  person(105, "30"),
  person(106, "constructor"),
]

const readRequest = (text: string) => understand(text, { resources: withTabs, people })

describe("/export by text", () => {
  for (const [text, resource, days, holder] of [
    ["vk", "vk", 30, null],
    ["ВКонтакте", "vk", 30, null],
    ["мамба муж: 7", "mamba", 7, null],
    ["7 дней anna vk", "vk", 7, 101],
    ["ANNA, 14д, gmail", "gmail", 14, 101],
    ["anna", null, 30, 101],
    ["борис склад 2 3 дня", null, 3, 102],
    ["борис, склад 2", null, 30, 102],
    ["сегодня", null, 1, null],
    ["за неделю number", "number", 7, null],
    ["всё время vk", "vk", null, null],
    ["все", null, null, null],
    ["all resources for 5 days", null, 5, null],
    ["123456789 vk", "vk", 30, 123_456_789],
    ["id 101 7", null, 7, 101],
    ["ID101", null, 30, 101],
    ["номер 104 vk", "vk", 30, 104],
    ["30", null, 30, null],
    ["365", null, 365, null],
    ["constructor", null, 30, 106],
  ] as const) {
    it(`«${text}»`, () => {
      const understood = readRequest(text)
      if (understood._tag !== "Request") return assert.fail(JSON.stringify(understood))
      const { request } = understood
      assert.deepStrictEqual(
        { ...request, resource: request.resource?.id ?? null },
        { resource, days, holder: holder === null ? null : TelegramId.make(holder) },
      )
    })
  }

  for (const [text, left] of [
    ["vk вчера", "вчера"],
    ["vk gmail", "gmail"],
    ["7 14", "14"],
    ["anna id 102", "anna"],
    ["somebody else 7", "somebody else"],
    ["toString", "toString"],
    ["0", "0"],
    ["-7", "-7"],
    ["9".repeat(20), "9".repeat(20)],
  ] as const) {
    it(`«${text}» is not clear`, () => {
      assert.deepStrictEqual(readRequest(text), { _tag: "Unclear", text: left })
    })
  }

  it("a whole letter is not searched for names", () => {
    const letter = Array.from({ length: 2_000 }, () => "vk").join(" ")
    assert.strictEqual(readRequest(letter)._tag, "Unclear")
  })

  it("more days than anybody keeps, and a name of two people, are refused", () => {
    assert.strictEqual(readRequest("9999 дней")._tag, "TooManyDays")
    const namesakes = readRequest("twin 7")
    if (namesakes._tag !== "Namesakes") return assert.fail()
    assert.deepStrictEqual(
      namesakes.people.map(({ id }) => Number(id)),
      [103, 104],
    )
  })
})

const zone = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")
const captionMax = 1_024
const [vk] = shippedCatalogue.resources

const resources = Array.from({ length: 120 }, (_, index) => ({
  ...vk,
  id: `resource${index}`.slice(0, 10),
  label: { ru: `<Ресурс ${index}>`.padEnd(200, "ы"), en: `<R ${index}>`.padEnd(200, "r") },
}))

for (const language of ["ru", "en"] as const) {
  describe(`the screens of /export in ${language}, whatever the catalogue says`, () => {
    const texts = textsOf(language)

    it("every resource is on a page, and all pages fit", () => {
      const labels = new Set<string>()
      for (let page = 0; page < 10; page++) {
        const { keyboard, html } = resourcesScreen(resources, page, texts)
        assert.isAtMost(keyboard.flat().length, 100)
        assert.isAtMost(textOf({ html, keyboard }).length, 4096)
        for (const button of keyboard.flat()) {
          labels.add(button.text)
          if (button.kind === "tap") assert.isAtMost(Buffer.byteLength(button.data), 64)
        }
      }
      for (const { label } of resources) {
        assert.isTrue([...labels].some((text) => text.startsWith(label[language].slice(0, 14))))
      }
      const screen = periodsScreen(resources[0] ?? null, texts, "х".repeat(500))
      assert.isAtMost(textOf(screen).length, 4096)
    })

    it("what stands under a file fits below it", () => {
      const asking = {
        request: { resource: resources[0] ?? null, days: 30, holder: TelegramId.make(1) },
        span: { first: Day.make("2026-10-24"), last: Day.make("2026-11-22") },
        name: `${"ш".repeat(40)} (${Number.MAX_SAFE_INTEGER})`,
      }
      const file = {
        bytes: new Uint8Array(),
        rows: 100_000,
        oldest: 0,
        newest: afternoon,
        isCut: true,
      }
      const scenery = { now: afternoon, zone, texts }
      const caption = textOf(exportCaption(asking, file, scenery))
      assert.isAtMost(caption.length, captionMax)
      assert.include(caption, "100000")
      const ever = textOf(exportCaption({ ...asking, span: undefined }, file, scenery))
      assert.include(ever, "01.01.1970 03:00")
      assert.isAtMost(nothingText(asking, texts).length, 1_000)
    })
  })
}
