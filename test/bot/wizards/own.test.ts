/** What belongs to whoever asks: «Мои выдачи», «История», and the help. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { history, historyPageSize } from "../../../src/bot/screens/my.ts"
import { messageMax, visibleLength } from "../../../src/bot/screens/parts.ts"
import { en } from "../../../src/bot/texts/en.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { historyPagesMax } from "../../../src/config/Limits.ts"
import type { TelegramId } from "../../../src/domain/Employee.ts"
import { requestKeyOf } from "../../../src/domain/Issuance.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { type Booked, type Journal, StorageUnavailable } from "../../../src/store/Journal.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, expire, noon, zone } from "../Scene.ts"

type Scene = Effect.Success<ReturnType<typeof Scene.make>>

const hour = 3_600_000

describe("my items", () => {
  it.effect("pending with their time, then what was marked; each batch can be sent again", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(noon)
      yield* scene.load("vk", "one", "two")
      yield* scene.fromMenu(anna, "VK", "495", "1", "⛔ Блок")
      yield* TestClock.adjust("5 minutes")
      yield* scene.fromMenu(anna, "VK", "812", "1")
      yield* scene.say(anna, "/my")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Мои выдачи",
          "",
          "Ждут отметки: 1",
          "12:05 · VK › 812 · two@example.com · ⏳ подтвердится сам в 12:15",
          "",
          "Отмечено за сутки: 1",
          "12:00 · VK › 495 · one@example.com · ⛔ Блок",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["📄 VK › 812 · 12:05"],
        ["📄 VK › 495 · 12:00"],
        ["➡️ Передать коллеге"],
        ["🕘 История", "☰ Меню"],
      ])
      const before = scene.telegram.chat(anna).length
      yield* scene.tap(anna, "📄 VK › 812 · 12:05")
      assert.lengthOf(scene.telegram.chat(anna), before + 1)
      // The copy's buttons work, and the message it is a copy of follows.
      yield* scene.tap(anna, "🛠 Дефектный")
      const marked = scene.read(anna).filter((text) => text.includes("🛠 Дефектный"))
      assert.lengthOf(marked, 2)
      const key = requestKeyOf({ chatId: anna, messageId: scene.last(anna).messageId })
      assert.isTrue(Option.isNone(yield* scene.pools.batch("vk", key)))
    }),
  )

  it.effect("twenty items stand in one message, and each that waits can be opened", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 50 })
      const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
      yield* scene.load("vk", ...names)
      for (const _ of names) {
        yield* scene.fromMenu(anna, "VK", "495", "1")
      }
      yield* scene.say(anna, "/my")
      const text = scene.lastText(anna)
      for (const name of names) assert.include(text, ` ${name}@example.com `)
      const opened = labelsOf(scene.last(anna).screen).flat()
      assert.lengthOf(
        opened.filter((label) => label.startsWith("📄")),
        20,
      )
      yield* scene.press(anna, "✅ Хороший")
      yield* scene.say(anna, "/my")
      assert.lengthOf(
        labelsOf(scene.last(anna).screen)
          .flat()
          .filter((label) => label.startsWith("📄")),
        19,
      )
    }),
  )

  it.effect("nobody sees another one's", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495", "1")
      const { messageId } = scene.last(anna)
      yield* scene.say(boris, "/my")
      yield* scene.tapAction(boris, scene.last(boris).messageId, {
        _tag: "Page",
        screen: "batch",
        page: messageId,
      })
      assert.notInclude(scene.read(boris).join(), "one@example.com")
    }),
  )
})

const correctFromMine = Effect.fnUntraced(function* (scene: Scene) {
  yield* scene.say(anna, "/my")
  yield* scene.press(anna, "📄 VK › 495 · 12:00", "изменить", "⛔ Блок")
})

describe("a mark in «Мои выдачи»", () => {
  for (const marks of ["the person", "the timer"] as const) {
    it.effect(`of ${marks}, written by now, is corrected in a copy of the batch`, () =>
      Effect.gen(function* () {
        const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
        yield* TestClock.setTime(noon)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const scene = yield* Scene.make({ disk, telegram })
            yield* scene.load("vk", "a")
            yield* scene.fromMenu(anna, "VK", "495", "1")
            if (marks === "the person") yield* scene.tap(anna, "✅ Хороший")
            yield* TestClock.adjust("10 minutes")
            yield* scene.pools.tell("vk", expire)
            assert.deepStrictEqual(yield* scene.writeMarks("vk"), ["good"])
            yield* scene.pools.snapshot
          }),
        )
        yield* TestClock.adjust("23 hours")
        const scene = yield* Scene.make({ disk, telegram })
        yield* scene.pools.tell("vk", expire)
        yield* correctFromMine(scene)
        const [held] = yield* scene.pools.held(anna)
        assert.strictEqual(held?.mark?.status, "block")
        assert.isFalse(held?.mark?.auto)
        assert.deepStrictEqual(yield* scene.writeMarks("vk"), ["block"])
        // On the copy that was pressed, and on the batch's own message.
        const [batch, copy] = [scene.telegram.chat(anna).at(0), scene.last(anna)]
        for (const shown of [batch, copy]) {
          assert.include(textOf(shown!.screen), "⛔ Блок. Заменить?")
        }
      }),
    )
  }

  it.effect("a day later is there no more", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const scene = yield* Scene.make()
      yield* scene.load("vk", "a")
      yield* scene.fromMenu(anna, "VK", "495", "1", "✅ Хороший")
      yield* scene.writeMarks("vk")
      yield* scene.say(anna, "/my")
      const old = scene.find(anna, "📄 VK › 495 · 12:00")
      yield* TestClock.adjust("25 hours")
      yield* scene.say(anna, "/my")
      assert.match(scene.lastText(anna), /^За последние сутки у вас ничего нет/)
      const [answer] = yield* scene.tapData(anna, old.messageId, old.data)
      assert.match(answer?.text ?? "", /^Кнопка устарела/)
    }),
  )
})

const { resources } = shippedCatalogue

/** One that stood in the issued tab before the bot; one an hour, the first being the newest. */
const anOld = (place: number, holder: TelegramId | null = anna): Booked => ({
  id: `row ${place}`,
  resource: "ok",
  variant: null,
  region: "383",
  holder,
  stage: "anna",
  key: `old${place}@example.com`,
  day: null,
  issuedAt: noon - (place + 24) * hour,
  status: "good",
  auto: false,
  markedAt: noon - place * hour,
  replacementOf: null,
  imported: true,
})

const old = (count: number, holder: TelegramId | null = anna) =>
  Array.from({ length: count }, (_, place) => anOld(place, holder))

const withOld = Effect.fnUntraced(function* (
  rows: ReadonlyArray<Booked>,
  options: Scene.SceneOptions = {},
) {
  let journal: Journal["Service"] | undefined
  const bend = (self: Journal["Service"]) => (journal = options.bend?.(self) ?? self)
  const scene = yield* Scene.make({ ...options, bend })
  yield* TestClock.setTime(noon)
  if (journal !== undefined) yield* journal.write([{ _tag: "BooksImported", rows }])
  return scene
})

describe("the history", () => {
  it.effect("by days: the time, the place, the item, and what became of it", () =>
    Effect.gen(function* () {
      const scene = yield* withOld([
        anOld(0),
        { ...anOld(1), resource: "gone", status: "lost" },
        { ...anOld(2), status: null },
        anOld(3, boris),
        anOld(4, null),
      ])
      yield* scene.load("mamba", "m1", "m2")
      yield* scene.load("vk", "v1", "v2")
      yield* scene.fromMenu(anna, "Mamba", "495", "2", "М", "1 ⛔ Блок")
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("mamba", expire)
      yield* scene.fromMenu(anna, "VK", "Крым", "1")
      yield* scene.fromMenu(boris, "VK", "812", "1")
      yield* scene.say(anna, "/my")
      yield* scene.tap(anna, "🕘 История")
      const [title, none, day, ...lines] = scene.lastText(anna).split("\n")
      assert.deepStrictEqual([title, none, day], ["История выдач", "", "22.11.2026"])
      assert.deepStrictEqual(lines.slice(0, 1), [
        "12:10 · VK › Крым · v1@example.com · ждёт отметки",
      ])
      assert.deepStrictEqual(lines.slice(1, 3).toSorted(), [
        "12:00 · Mamba › 495 › М · m1@example.com · ⛔ Блок",
        "12:00 · Mamba › 495 › М · m2@example.com · ✅ Хороший (сам)",
      ])
      assert.deepStrictEqual(lines.slice(3), [
        "",
        "21.11.2026",
        "12:00 · OK › 383 · old0@example.com · ✅ Хороший",
        "11:00 · gone › 383 · old1@example.com · lost",
        "10:00 · OK › 383 · old2@example.com · ждёт отметки",
      ])
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["Мои выдачи", "☰ Меню"]])
      assert.notInclude(scene.lastText(anna), "secret")
    }),
  )

  it.effect("is turned over, and a page that is not there is the last one", () =>
    Effect.gen(function* () {
      const scene = yield* withOld(old(2 * historyPageSize + 1))
      yield* scene.say(anna, "/my")
      yield* scene.tap(anna, "🕘 История")
      const shown = () => scene.lastText(anna).match(/old\d+/g) ?? []
      const all: Array<string> = [...shown()]
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["стр. 1", "›"])
      yield* scene.tap(anna, "›")
      all.push(...shown())
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["‹", "стр. 2", "›"])
      yield* scene.tap(anna, "›")
      all.push(...shown())
      assert.deepStrictEqual(
        all,
        old(2 * historyPageSize + 1).map((_, place) => `old${place}`),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["‹", "стр. 3"])
      const last = scene.lastText(anna)
      const { messageId } = scene.last(anna)
      yield* scene.tap(anna, "‹")
      assert.include(scene.lastText(anna), "old20@example.com")
      yield* scene.tapAction(anna, messageId, { _tag: "History", page: 9_999 })
      assert.strictEqual(scene.lastText(anna), last)
    }),
  )

  it.effect("of somebody else is shown to nobody, admins not excepted", () =>
    Effect.gen(function* () {
      const scene = yield* withOld(old(3))
      for (const person of [boris, chief]) {
        yield* scene.say(person, "/my")
        yield* scene.tap(person, "🕘 История")
        assert.deepStrictEqual(scene.read(person), [
          "Вам ещё ничего не выдавали. Взять новое: /menu.",
        ])
      }
    }),
  )

  it.effect("goes with an item to its new holder, and says what an admin took away", () =>
    Effect.gen(function* () {
      const scene = yield* withOld([])
      yield* scene.load("vk", "a", "b")
      yield* scene.fromMenu(anna, "VK", "495", "2")
      const held = yield* scene.pools.held(anna)
      const [first, second] = held.toSorted((a, b) => (a.item.key < b.item.key ? -1 : 1))
      const message = { chatId: boris, messageId: 7 }
      const to = { message, to: boris, stage: "boris", admin: chief }
      yield* scene.pools.manage("vk", { _tag: "Transfer", id: first!.id, ...to })
      yield* scene.pools.manage("vk", { _tag: "SetAside", id: second!.id, admin: chief })
      const read = Effect.fnUntraced(function* (person: TelegramId) {
        yield* scene.say(person, "/my")
        yield* scene.tap(person, "🕘 История")
        return scene.lastText(person)
      })
      const [hers, his] = [yield* read(anna), yield* read(boris)]
      assert.include(hers, "b@example.com · изъято администратором")
      assert.notInclude(hers, "a@example.com")
      assert.include(his, "a@example.com · ждёт отметки")
      assert.notInclude(his, "b@example.com")
    }),
  )

  it.effect("that cannot be read is a sentence", () =>
    Effect.gen(function* () {
      const refuse: Journal["Service"]["booked"] = () =>
        Effect.fail(new StorageUnavailable({ operation: "booked", cause: undefined }))
      const scene = yield* withOld(old(3), { bend: (self) => ({ ...self, booked: refuse }) })
      yield* scene.say(anna, "/my")
      yield* scene.tap(anna, "🕘 История")
      assert.match(scene.lastText(anna), /историю не прочитать\. Ничего не потеряно/)
    }),
  )
})

describe("a page of a history", () => {
  const long = (place: number): Booked => ({
    ...anOld(place),
    resource: "mamba",
    region: "Щ".repeat(16),
    variant: "v".repeat(8),
    key: "k".repeat(300),
    status: "s".repeat(10),
    auto: true,
    issuedAt: noon - place * 24 * hour,
  })
  const mamba = resources.find(({ id }) => id === "mamba")!
  const name = { ru: "Р".repeat(200), en: "R".repeat(200) }

  for (const [language, texts] of [
    ["ru", ru],
    ["en", en],
  ] as const) {
    it(`of the longest lines fits one message (${language})`, () => {
      const rows = Array.from({ length: 41 }, (_, place) => long(place))
      const view = { rows, page: 1, resources: [{ ...mamba, label: name }], zone }
      assert.isAtMost(visibleLength(history(view, texts).html), messageMax)
    })
  }

  it("is the last that is shown where there are too many, and says so", () => {
    const rows = old(historyPagesMax * historyPageSize + 1)
    const shown = (page: number) => history({ rows, page, resources, zone }, ru)
    const last = shown(historyPagesMax - 1)
    assert.deepStrictEqual(labelsOf(last)[0], ["‹", `стр. ${historyPagesMax}`])
    assert.match(textOf(last), /Здесь последние 4000 выдач\. Более ранние записаны в таблице/)
    assert.notInclude(textOf(shown(historyPagesMax - 2)), "Здесь последние")
  })
})

describe("help", () => {
  it.effect("says what the statuses of numbers mean", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/help")
      assert.include(
        scene.lastText(anna),
        [
          "Номера",
          "✅ Рабочий: принимает код и годится.",
          "🔄 Сброс: номер больше не наш. Можно взять замену.",
          "⛔ Зареган: на ресурсе уже есть анкета. Можно взять замену.",
        ].join("\n"),
      )
    }),
  )
})
