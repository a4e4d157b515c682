/** Each person is spoken to in the language they chose, whoever caused the message. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { decodeAction } from "../../src/bot/buttons.ts"
import * as Commands from "../../src/bot/Commands.ts"
import { layer as Notices } from "../../src/bot/Notices.ts"
import { layer as TimerNotices } from "../../src/bot/TimerNotices.ts"
import { en } from "../../src/bot/texts/en.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
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
      assert.include(scene.lastText(anna), "✅ Good (by itself)")
    }),
  )

  it.effect("a decision, to the other admin", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* english(scene, deputy)
      yield* scene.say(chief, "/pause vk плохая партия")
      assert.match(scene.lastText(chief), /Возобновить|приостановлена/)
      assert.strictEqual(scene.lastText(deputy), "⏸ VK: paused. Decided by Ольга.")
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
        ["✏️ Another nickname"],
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
