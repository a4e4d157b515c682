/** Typing does what a tap would, once, whatever is handled again. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeDesk } from "../../../src/bot/admin/desk.ts"
import { resourcesWithCommand } from "../../../src/bot/Commands.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { Journal } from "../../../src/store/Journal.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, aNumber, boris, noon, stranger, vera } from "../Scene.ts"
import { add } from "../proxyFixtures.ts"

type Scene = Effect.Success<ReturnType<typeof Scene.make>>

const stocked = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(noon)
  yield* scene.load("ok", "o1", "o2", "o3", "o4")
  yield* scene.load("vk", "v1", "v2")
  yield* scene.load("mamba", "m1", anItem("mamba", "f1", { variant: "female" }))
  return scene
})

const loginsIn = (text: string) => text.match(/\w+(?=@example\.com)/g) ?? []

/** The same text once more, as after a crash. */
const repeat = (scene: Scene, text: string, messageId: number) =>
  scene.handler.handle({
    _tag: "Text",
    userId: anna,
    chatId: anna,
    messageId,
    text,
    firstName: "Имя",
  })

describe("a whole order", () => {
  for (const text of [
    "/ok 495 2",
    "/OK 2 495",
    "/ok@account_bot 495 2шт",
    "ok 495 2",
    "Ок, 2, 495",
  ]) {
    it.effect(`«${text}» is issued at once, in one message`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked()
        yield* scene.say(anna, text)
        assert.match(scene.lastText(anna), /^OK › 495 › 2 шт\.\n\n1\.\nЛогин: o1@/)
        assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["o1", "o2"])
        assert.lengthOf(scene.telegram.chat(anna), 1)
        assert.strictEqual((yield* scene.pools.stock("ok")).available, 2)
      }),
    )
  }

  it.effect("with a variant and with targets", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.load("number", aNumber("79000000001", "2026-11-22"))
      yield* scene.say(anna, "мамба ж 495 1")
      assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["f1"])
      yield* scene.say(anna, "табор beboo 812 1")
      const held = yield* scene.pools.held(anna)
      const number = held.find(({ item }) => item.resource === "number")
      assert.deepStrictEqual(number?.targets, ["beboo", "tabor"])
    }),
  )

  it.effect("that there is nothing for ends as the last tap would", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make({ pendingLimit: 1 })
      const saying = yield* Effect.forkChild(scene.say(anna, "vk 495 2"), {
        startImmediately: true,
      })
      yield* TestClock.adjust("5 seconds")
      assert.isDefined(saying)
      assert.match(scene.lastText(anna), /VK: для региона 495 сейчас нет свободных/)
      yield* scene.load("vk", "a", "b", "c")
      yield* scene.say(anna, "vk 495 5")
      assert.match(scene.lastText(anna), /Выдано 1 из 5: слишком много осталось без отметки/)
      yield* scene.say(anna, "vk 495 1")
      assert.match(scene.lastText(anna), /У вас без отметки 1 штука, а можно не больше 1/)
      assert.lengthOf(yield* scene.pools.held(anna), 1)
    }),
  )

  it.effect("of a resource that is paused, and of proxies", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* add(scene)
      yield* scene.say(anna, "/proxy vk")
      assert.match(scene.lastText(anna), /Свободные прокси есть в этих странах/)
      yield* scene.say(anna, "прокси")
      assert.include(labelsOf(scene.last(anna).screen).flat(), "Получить прокси")
      yield* scene.pools.manage("vk", { _tag: "Pause", note: "чистим", admin: Scene.chief })
      yield* scene.say(anna, "vk")
      assert.match(scene.lastText(anna), /Причина: чистим/)
      yield* scene.say(anna, "vk 495 1")
      assert.match(scene.lastText(anna), /Причина: чистим/)
      assert.deepStrictEqual(yield* scene.pools.held(anna), [])
    }),
  )
})

describe("a part of an order", () => {
  it.effect("goes on from the step on its message, where a tap would", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "Mamba")
      const { messageId } = scene.last(anna)
      yield* scene.say(anna, "495")
      assert.strictEqual(scene.lastText(anna), "Mamba › 495\n\nСколько нужно?")
      yield* scene.say(anna, "ж")
      assert.strictEqual(scene.lastText(anna), "Mamba › 495 › Ж\n\nСколько нужно?")
      yield* scene.say(anna, "812 1")
      assert.match(scene.lastText(anna), /^Mamba › 812 › 1 шт\. › Ж\n\n1\. Ж\nЛогин: f1@/)
      assert.strictEqual(scene.last(anna).messageId, messageId)
      assert.lengthOf(scene.telegram.chat(anna), 1)
      // The message shows goods: the next word begins anew.
      yield* scene.say(anna, "495")
      assert.match(scene.lastText(anna), /^Понял: 495\. Но что выдать\?/)
      assert.lengthOf(yield* scene.pools.held(anna), 1)
    }),
  )

  it.effect("is asked for step by step, by taps and words in turn", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.say(anna, "vk 2")
      assert.strictEqual(scene.lastText(anna), "VK › 2 шт.\n\nВыберите регион:")
      yield* scene.tap(anna, "812")
      assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["v1", "v2"])
      yield* scene.say(anna, "мамба 2 495")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["М", "Ж", "Любой"])
      yield* scene.tap(anna, "Любой")
      assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["m1", "f1"])
      yield* scene.say(anna, "номер 495")
      assert.match(scene.lastText(anna), /Для каких ресурсов\?/)
      yield* scene.say(anna, "табор")
      assert.strictEqual(scene.lastText(anna), "Номера › Табор › 495\n\nСколько нужно?")
      yield* scene.say(anna, "ok")
      assert.strictEqual(scene.lastText(anna), "OK\n\nВыберите регион:")
    }),
  )

  it.effect("is forgotten after ten minutes, a command, a restart and a press elsewhere", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      const begin = Effect.fnUntraced(function* (scene: Scene) {
        yield* scene.fromMenu(anna, "VK", "495")
      })
      const isForgotten = Effect.fnUntraced(function* (scene: Scene, why: string) {
        yield* scene.say(anna, "2")
        assert.match(
          scene.lastText(anna),
          /^Понял: 2 шт\.\. Но что выдать\?|^Понял: 2 шт\. Но/,
          why,
        )
        assert.deepStrictEqual(yield* scene.pools.held(anna), [], why)
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* stocked({ disk, telegram })
          yield* begin(scene)
          yield* TestClock.adjust("10 minutes")
          yield* isForgotten(scene, "time")
          yield* begin(scene)
          yield* scene.say(anna, "/my")
          yield* isForgotten(scene, "a command")
          yield* begin(scene)
          yield* scene.tap(anna, "✕ Отмена")
          yield* isForgotten(scene, "a press")
          yield* begin(scene)
        }),
      )
      yield* isForgotten(yield* Scene.make({ disk, telegram }), "a restart")
    }),
  )
})

describe("what is not understood", () => {
  it.effect("is named, with what can be typed, and nothing is issued", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(anna, "Mamba")
      const before = scene.telegram.chat(anna)[0]
      yield* scene.say(anna, "496 ж 2")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Не понял: «496». Ничего не выдано.",
          "Можно написать, например: «Mamba 495 2».",
          "Пол: М, Ж, Любой.",
          "Регион: 495, 812, Крым.",
          "Сколько: от 1 до 5.",
        ].join("\n"),
      )
      assert.strictEqual(scene.telegram.chat(anna)[0], before)
      yield* scene.say(anna, "/ok 495 9")
      assert.match(scene.lastText(anna), /^Не понял: «9»/)
      yield* scene.say(anna, "495 <b>спасибо</b>")
      assert.match(scene.lastText(anna), /Не понял: «b, спасибо, b»/)
      assert.match(scene.lastText(anna), /Что: VK, Mamba, OK, Gmail, Rambler, Номера, Прокси\./)
      yield* scene.say(anna, "когда обед?")
      assert.strictEqual(scene.lastText(anna), ru.gate.hint)
      assert.deepStrictEqual(yield* scene.pools.held(anna), [])
    }),
  )

  it.effect("is nobody's who may not use the bot", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      for (const who of [vera, stranger]) {
        for (const text of ["ok 495 2", "/ok 495 2"]) yield* scene.say(who, text)
        assert.notMatch(scene.read(who).join(), /@example\.com/)
      }
      assert.strictEqual((yield* scene.pools.stock("ok")).available, 4)
    }),
  )
})

describe("a word that is typed below another answer of the bot", () => {
  it.effect("is answered below it, where the person looks", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(anna, "OK", "495")
      yield* scene.say(anna, "что-нибудь")
      yield* scene.say(anna, "спасибо")
      assert.lengthOf(scene.telegram.chat(anna), 3)
      yield* scene.say(anna, "2")
      assert.lengthOf(scene.telegram.chat(anna), 4)
      assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["o1", "o2"])
    }),
  )

  it.effect("opens the next step there, which the word after it goes on from", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(anna, "OK")
      yield* scene.say(anna, "спасибо")
      yield* scene.say(anna, "812")
      assert.lengthOf(scene.telegram.chat(anna), 3)
      assert.match(scene.lastText(anna), /^OK › 812/)
      yield* scene.say(anna, "1")
      assert.lengthOf(scene.telegram.chat(anna), 3)
      assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["o1"])
    }),
  )
})

describe("a text that is handled again", () => {
  it.effect("shows the same items, also after a restart and on the message of a step", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      let id = 0
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* stocked({ disk, telegram })
          yield* scene.fromMenu(anna, "OK", "495")
          id = telegram.nextMessageId()
          yield* repeat(scene, "2", id)
          assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["o1", "o2"])
          yield* repeat(scene, "2", id)
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      const before = scene.lastText(anna)
      yield* repeat(scene, "2", id)
      assert.strictEqual(scene.lastText(anna), before)
      assert.lengthOf(telegram.chat(anna), 1)
      assert.lengthOf(yield* scene.pools.held(anna), 2)
      const other = telegram.nextMessageId()
      yield* repeat(scene, "/ok 495 1", other)
      yield* repeat(scene, "/ok 495 1", other)
      assert.lengthOf(yield* scene.pools.held(anna), 3)
      // The same words in another message are another order.
      yield* scene.say(anna, "/ok 495 1")
      assert.lengthOf(yield* scene.pools.held(anna), 4)
    }),
  )

  it.effect("after a crash between the note and the issue takes them on the noted message", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      const id = telegram.nextMessageId()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* stocked({ disk, telegram })
          // Any message stands for the one that was sent with «⏳» before the crash.
          yield* scene.say(anna, "/menu")
          const body = {
            text: id,
            message: { chatId: anna, messageId: scene.last(anna).messageId },
            resource: "vk",
            targets: [],
            region: "495",
            variant: null,
            quantity: 1,
          }
          const note = {
            _tag: "DocumentPut",
            kind: "typed-order",
            key: String(anna),
            body,
          } as const
          yield* Context.get(scene.context, Journal).write([note])
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      yield* repeat(scene, "vk 495 1", id)
      yield* repeat(scene, "vk 495 1", id)
      assert.deepStrictEqual(loginsIn(scene.lastText(anna)), ["v1"])
      assert.lengthOf(telegram.chat(anna), 1)
      assert.lengthOf(yield* scene.pools.held(anna), 1)
    }),
  )

  it.effect("while the disk refuses takes nothing and says so", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      scene.disk.failing = true
      yield* scene.say(anna, "ok 495 2")
      assert.match(scene.lastText(anna), /Диск бота сейчас не отвечает\. Ничего не выдано/)
      scene.disk.failing = false
      assert.deepStrictEqual(yield* scene.pools.held(anna), [])
      yield* scene.say(boris, "ok 495 1")
      assert.deepStrictEqual(loginsIn(scene.lastText(boris)), ["o1"])
    }),
  )
})

describe("the commands of resources", () => {
  it.effect("are listed with the others, and never hide one of theirs", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/start")
      const list = scene.telegram.commands.at(-1)?.list ?? []
      const names = list.map(({ command }) => command)
      const ids = shippedCatalogue.resources.map(({ id }) => id)
      assert.deepStrictEqual(names.slice(0, 8), ["menu", ...ids])
      for (const { command, description } of list) {
        assert.match(command, /^[a-z0-9_]{1,32}$/)
        assert.isAtMost(description.length, 256)
      }
      const desk = yield* Effect.provide(makeDesk, scene.context)
      const [first] = shippedCatalogue.resources
      const taken = [...desk.commands, ...Object.keys(ru.menu.commands), "statistic"]
      const ofIds = taken.filter((name) => /^[a-z][a-z0-9]{0,9}$/.test(name))
      assert.isAbove(ofIds.length, 15)
      const hidden = resourcesWithCommand(ofIds.map((id) => ({ ...first, id })))
      assert.deepStrictEqual(
        hidden.map(({ id }) => id),
        [],
      )
      yield* scene.say(anna, "/help")
      assert.include(scene.lastText(anna), "/vk /mamba /ok /gmail /rambler /number /proxy")
      assert.include(scene.lastText(anna), "Одной строкой: /vk 495 2")
    }),
  )
})
