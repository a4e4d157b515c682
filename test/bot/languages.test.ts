/** Each person is spoken to in the language they chose, whoever caused the message. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { decodeAction } from "../../src/bot/buttons.ts"
import * as Commands from "../../src/bot/Commands.ts"
import { Languages } from "../../src/bot/Languages.ts"
import { layer as Notices } from "../../src/bot/Notices.ts"
import { layer as TimerNotices } from "../../src/bot/TimerNotices.ts"
import { en } from "../../src/bot/texts/en.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, deputy, stranger } from "./Scene.ts"

const english = (scene: Effect.Success<ReturnType<typeof Scene.make>>, who: typeof anna) =>
  Effect.andThen(scene.say(who, "/language"), scene.tap(who, "English"))

describe("/language", () => {
  it.effect("switches all that comes after it, for this person alone", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/language")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["✓ Русский", "English"],
        ["☰ Меню"],
      ])
      const [answer] = yield* scene.tap(anna, "English")
      assert.strictEqual(answer?.text, "English from now on")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["Русский", "✓ English"],
        ["☰ Menu"],
      ])
      yield* scene.say(anna, "/menu")
      yield* scene.say(boris, "/menu")
      assert.strictEqual(scene.lastText(anna), "What do you need?")
      assert.strictEqual(scene.lastText(boris), "Что выдать?")
    }),
  )

  it.effect("changes the list of commands of the person", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* english(scene, chief)
      const shown = scene.telegram.commands.at(-1)
      assert.deepStrictEqual(shown?.scope, { chatId: chief })
      assert.deepStrictEqual(
        shown?.list.find(({ command }) => command === "help"),
        { command: "help", description: "Help" },
      )
      assert.isTrue(shown?.list.some(({ command }) => command === "stock"))
    }),
  )

  it.effect("and /start sets the list again, of an admin and of an employee", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      for (const who of [chief, anna]) yield* scene.say(who, "/start")
      assert.deepStrictEqual(
        scene.telegram.commands.map(({ scope, list }) => [
          scope,
          list.some(({ command }) => command === "stock"),
        ]),
        [
          [{ chatId: chief }, true],
          [{ chatId: anna }, false],
        ],
      )
      yield* scene.say(anna, "/menu")
      assert.lengthOf(scene.telegram.commands, 2)
    }),
  )

  it.effect("is kept over a restart", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.scoped(Effect.flatMap(Scene.make({ disk }), (scene) => english(scene, anna)))
      const scene = yield* Scene.make({ disk })
      yield* scene.say(anna, "/help")
      assert.match(scene.lastText(anna), /^How it works/)
    }),
  )

  it.effect("changes nothing while the disk refuses, and says so", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/language")
      scene.disk.failing = true
      const [answer] = yield* scene.tap(anna, "English")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает/)
      scene.disk.failing = false
      yield* scene.say(anna, "/menu")
      assert.strictEqual(scene.lastText(anna), "Что выдать?")
    }),
  )

  it.effect("is nothing for strangers", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const [answer] = yield* scene.tapAction(stranger, 1, { _tag: "Language", language: "en" })
      assert.match(answer?.text ?? "", /^Доступ запрещён/)
      yield* scene.say(stranger, "/language")
      assert.match(scene.lastText(stranger), /^Доступ запрещён/)
    }),
  )

  it.effect("buttons of before the switch go on working", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.say(anna, "/menu")
      yield* english(scene, anna)
      yield* scene.press(anna, "VK", "495", "1")
      yield* scene.tap(anna, "✅ Good")
      const chat = scene.read(anna).join("\n")
      assert.include(chat, "✅ Good")
    }),
  )
})

describe("/language with a name", () => {
  it.effect("switches at once, and takes the name in either language", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      for (const said of ["en", "EN", "English", "английский", "по-английски", "«English»"]) {
        yield* scene.say(anna, "/language русский")
        assert.match(scene.lastText(anna), /^Готово: дальше пишу вам по-русски\./)
        yield* scene.say(anna, `/language ${said}`)
        assert.match(scene.lastText(anna), /^Done: I'll write to you in English/, said)
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
          ["Русский", "✓ English"],
          ["☰ Menu"],
        ])
      }
      yield* scene.say(anna, "/menu")
      assert.strictEqual(scene.lastText(anna), "What do you need?")
      const help = scene.telegram.commands.at(-1)?.list.find(({ command }) => command === "help")
      assert.strictEqual(help?.description, "Help")
    }),
  )

  it.effect("one that the bot does not speak changes nothing, and the buttons are there", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, `/language Deutsch ${"x".repeat(5000)}`)
      assert.match(scene.lastText(anna), /^Языка «Deutsch x+…» у бота нет, ничего не изменилось\./)
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["✓ Русский", "English"])
      yield* scene.say(anna, "/language en")
      yield* scene.say(anna, "/language <b>de")
      assert.match(scene.lastText(anna), /^The bot doesn't speak “<b>de”/)
    }),
  )

  it.effect("changes nothing while the disk refuses, and says so", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      scene.disk.failing = true
      yield* scene.say(anna, "/language en")
      assert.match(scene.lastText(anna), /^Диск бота сейчас не отвечает/)
      scene.disk.failing = false
      yield* scene.say(anna, "/menu")
      assert.strictEqual(scene.lastText(anna), "Что выдать?")
    }),
  )

  it.effect("is nothing for strangers", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(stranger, "/language en")
      assert.match(scene.lastText(stranger), /^Доступ запрещён/)
      assert.strictEqual(yield* languageOf(scene, stranger), "ru")
    }),
  )
})

const languageOf = (scene: Effect.Success<ReturnType<typeof Scene.make>>, who: typeof anna) =>
  Context.get(scene.context, Languages).of(who)

describe("somebody new", () => {
  it.effect("is greeted in the language of their Telegram, and answered in it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      for (const languageCode of ["en", "de", "en-GB", "pt-br", "EN"]) {
        yield* scene.say(stranger, "/start", { languageCode })
        assert.match(scene.lastText(stranger), /^Hello/, languageCode)
      }
      for (const languageCode of ["ru", "uk", "be", "kk", "uk-UA", "RU_ru", "ky", "hy", "az"]) {
        yield* scene.say(stranger, "/start", { languageCode })
        assert.match(scene.lastText(stranger), /^Здравствуйте/, languageCode)
      }
      yield* scene.say(stranger, "x", { languageCode: "en" })
      assert.match(scene.lastText(stranger), /nickname is 2 to 32/)
    }),
  )

  it.effect("in LANGUAGE where Telegram does not say, or says what is no language", () =>
    Effect.gen(function* () {
      for (const [language, greeting] of [
        ["ru", /^Здравствуйте/],
        ["en", /^Hello/],
      ] as const) {
        const scene = yield* Scene.make({ language })
        for (const languageCode of [undefined, "", "-", "<b>", "zz99", "русский", "1"]) {
          yield* scene.say(stranger, "/start", languageCode === undefined ? {} : { languageCode })
          assert.match(scene.lastText(stranger), greeting, languageCode ?? "none")
        }
      }
    }),
  )

  it.effect("is turned away in it too, whatever they send or tap", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const sent = { languageCode: "en" }
      yield* scene.say(stranger, "hello", sent)
      assert.match(scene.lastText(stranger), /^Access denied/)
      const [answer] = yield* scene.tapData(stranger, 1, "me1:", sent)
      assert.match(answer?.text ?? "", /^Access denied/)
      yield* scene.handler.handle({ _tag: "Other", userId: stranger, chatId: stranger, ...sent })
      assert.match(scene.lastText(stranger), /^Access denied/)
      yield* scene.handler.excuse({ _tag: "Other", userId: stranger, chatId: stranger, ...sent })
      assert.strictEqual(scene.lastText(stranger), en.gate.diskWaits)
      assert.lengthOf(yield* kept(scene), 0)
    }),
  )

  it.effect("keeps it once let in: over a restart, and when the client changes", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const sent = { languageCode: "en" }
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* scene.say(stranger, "/start", sent)
          yield* scene.say(stranger, "newcomer", sent)
        }),
      )
      const scene = yield* Scene.make({
        disk,
        telegram,
        roster: { [stranger]: { stage: "newcomer", is_approved: false } },
      })
      yield* scene.tap(chief, "Одобрить")
      assert.match(scene.lastText(stranger), /^You have access/)
      const list = scene.telegram.commands.at(-1)?.list ?? []
      assert.isTrue(list.some(({ description }) => description === "Help"))
      for (const languageCode of ["ru", "uk"]) {
        yield* scene.say(stranger, "/menu", { languageCode })
        assert.strictEqual(scene.lastText(stranger), "What do you need?")
      }
      yield* scene.say(stranger, "/language ru", sent)
      yield* scene.say(stranger, "/menu", sent)
      assert.strictEqual(scene.lastText(stranger), "Что выдать?")
    }),
  )

  it.effect("while the application waits, the newest update tells it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(stranger, "/start", { languageCode: "en" })
      yield* scene.say(stranger, "newcomer", { languageCode: "en" })
      yield* scene.say(stranger, "?", { languageCode: "ru" })
      assert.strictEqual(yield* languageOf(scene, stranger), "ru")
      yield* scene.say(stranger, "?")
      assert.strictEqual(yield* languageOf(scene, stranger), "ru")
      yield* scene.tap(chief, "Одобрить")
      assert.match(scene.lastText(stranger), /^Доступ открыт/)
    }),
  )

  it.effect("a disk that refuses loses no application", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const sent = { languageCode: "en" }
      yield* scene.say(stranger, "/start", sent)
      scene.disk.failing = true
      yield* scene.say(stranger, "newcomer", sent)
      assert.match(scene.lastText(stranger), /^The bot's disk/)
      scene.disk.failing = false
      yield* scene.say(stranger, "newcomer", sent)
      assert.match(scene.lastText(stranger), /^Please wait for approval/)
      assert.strictEqual(yield* languageOf(scene, stranger), "en")
    }),
  )
})

describe("people who were there before", () => {
  it.effect("keep LANGUAGE until they choose, whatever their Telegram says", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      for (const who of [anna, chief]) {
        yield* scene.say(who, "/menu", { languageCode: "en" })
        assert.strictEqual(scene.lastText(who), "Что выдать?")
        yield* scene.tapData(who, scene.last(who).messageId, "me1:", { languageCode: "en" })
        assert.strictEqual(yield* languageOf(scene, who), "ru")
      }
      assert.lengthOf(yield* kept(scene), 0)
    }),
  )

  it.effect("a choice of before counts, also for somebody who applies anew", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.scoped(Effect.flatMap(Scene.make({ disk }), (scene) => english(scene, anna)))
      const scene = yield* Scene.make({ disk, roster: {} })
      yield* scene.say(anna, "/start", { languageCode: "ru" })
      assert.match(scene.lastText(anna), /^Hello/)
    }),
  )

  it.effect("a note that cannot be read counts as none", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const journal = yield* Layer.build(MemoryJournal.layer(disk))
      yield* Context.get(journal, Journal).write([
        { _tag: "DocumentPut", kind: "languageOfTelegram", key: String(anna), body: "de" },
        { _tag: "DocumentPut", kind: "languageOfTelegram", key: "x", body: "en" },
      ])
      const scene = yield* Scene.make({ disk })
      assert.strictEqual(yield* languageOf(scene, anna), "ru")
    }),
  )
})

/** What is kept of people's languages. */
const kept = (scene: Effect.Success<ReturnType<typeof Scene.make>>) =>
  Effect.map(
    Effect.forEach(["language", "languageOfTelegram"], (kind) =>
      Context.get(scene.context, Journal).documents(kind),
    ),
    (all) => all.flat(),
  )

describe("what others cause is said in the language of whoever reads it", () => {
  it.effect("the timer's mark, to its holder", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* Layer.build(Layer.merge(Notices, TimerNotices)).pipe(
        Effect.provideContext(scene.context),
      )
      yield* english(scene, anna)
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495", "1")
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      yield* TestClock.adjust("1 second")
      assert.include(scene.lastText(anna), "✅ Good (auto)")
    }),
  )

  it.effect("a decision, to the other admin", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* english(scene, deputy)
      yield* scene.say(chief, "/pause vk плохая партия")
      assert.match(scene.lastText(chief), /Возобновить|приостановлена/)
      assert.strictEqual(scene.lastText(deputy), "⏸ VK: paused by Ольга.")
    }),
  )

  it.effect("an application: each admin's card, before and after the decision", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* english(scene, deputy)
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "newcomer")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["Одобрить", "Отклонить"],
        ["✏️ Другой ник"],
      ])
      assert.deepStrictEqual(labelsOf(scene.last(deputy).screen), [
        ["Approve", "Refuse"],
        ["✏️ Change the nickname"],
      ])
      yield* scene.tap(chief, "Одобрить")
      assert.match(scene.lastText(chief), /Одобрено/)
      assert.match(scene.lastText(deputy), /[Aa]pproved by/)
      assert.strictEqual(
        scene.lastText(stranger),
        "Доступ открыт, ваш рабочий ник: newcomer.\n\nЧто выдать?",
      )
    }),
  )

  it.effect("trouble, to each admin", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* Layer.build(Layer.merge(Notices, TimerNotices)).pipe(
        Effect.provideContext(scene.context),
      )
      yield* english(scene, deputy)
      scene.disk.failing = true
      yield* scene.pools.tell("vk", { _tag: "Expire" }).pipe(Effect.ignore)
      yield* scene.load("vk", "one").pipe(Effect.ignore)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(scene.lastText(chief), ru.admin.alarm({ _tag: "StorageUnavailable" }))
      assert.strictEqual(scene.lastText(deputy), en.admin.alarm({ _tag: "StorageUnavailable" }))
    }),
  )
})

describe("the lists of commands at the start", () => {
  it.effect("for strangers in the language of their client, for the others in the chosen one", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* english(scene, anna)
      scene.telegram.commands.length = 0
      yield* Layer.build(Commands.layer).pipe(Effect.provideContext(scene.context))
      yield* TestClock.adjust("1 second")
      const startOf = (language: string | undefined) =>
        scene.telegram.commands
          .filter((each) => each.scope === "default" && each.language === language)
          .map(({ list }) => list.map(({ description }) => description))
      assert.deepStrictEqual([undefined, "ru", "en"].map(startOf), [
        [["Начать"]],
        [["Начать"]],
        [["Start"]],
      ])
      const helpOf = (chatId: number) =>
        scene.telegram.commands
          .filter(({ scope }) => scope !== "default" && scope.chatId === chatId)
          .flatMap(({ list }) => list.filter(({ command }) => command === "help"))
          .map(({ description }) => description)
      assert.deepStrictEqual([anna, boris, chief].map(helpOf), [["Help"], ["Помощь"], ["Помощь"]])
    }),
  )
})

it("a language that nobody speaks is no button", () => {
  assert.strictEqual(decodeAction("la1:de")._tag, "None")
  assert.strictEqual(decodeAction("la1:en")._tag, "Some")
})
