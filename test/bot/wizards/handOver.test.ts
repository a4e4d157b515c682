/** «Передать»: offered to a colleague by its mask, accepted by one tap, and the holder is told. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { OfferCards } from "../../../src/bot/OfferCards.ts"
import type { Action } from "../../../src/bot/buttons.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, expire, noon } from "../Scene.ts"

/** Anna holds two and offers the first to Boris. */
const offered = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const scene = yield* Scene.make({ pendingLimit: 2 })
  yield* Layer.build(OfferCards.layerLoops).pipe(Effect.provideContext(scene.context))
  yield* scene.load("vk", "first", "second", "third", "fourth")
  yield* scene.fromMenu(anna, "VK", "495", "2")
  yield* scene.say(boris, "/start")
  yield* scene.fromMenu(anna, "Мои выдачи", "➡️ Передать коллеге")
  const choice = labelsOf(scene.last(anna).screen)
  yield* scene.press(anna, "VK › 495, first@…", "boris")
  const held = (who: typeof anna) =>
    Effect.map(scene.pools.held(who), (all) =>
      all
        .map(({ item }) => item.key.replace("@example.com", ""))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    )
  const [issuance] = (yield* scene.pools.held(anna)).filter(({ item }) =>
    item.key.startsWith("first"),
  )
  if (issuance === undefined) throw new Error("nothing was issued")
  const target = { resource: "vk", issuance: issuance.id }
  return { ...scene, held, choice, target }
})

const first = (answers: ReadonlyArray<{ text?: string; alert?: boolean }>) => answers[0]?.text ?? ""

describe("an item for a colleague", () => {
  it.effect("is chosen in /my, and asked about without its secrets", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      assert.deepStrictEqual(scene.choice.flat(), [
        "VK › 495, first@…",
        "VK › 495, second@…",
        "☰ Меню",
      ])
      assert.strictEqual(
        scene.lastText(boris),
        "anna передаёт вам VK › 495, first@…. Принять можно до 12:10, данные появятся здесь.",
      )
      assert.deepStrictEqual(labelsOf(scene.last(boris).screen), [["✅ Принять", "✕ Отказаться"]])
      assert.include(scene.lastText(anna), "Предложено: VK › 495, first@…. Кому: boris.")
      assert.deepStrictEqual(yield* scene.held(anna), ["first", "second"])
    }),
  )

  it.effect("is chosen under the goods, which stay there, and kept by a way back", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      yield* scene.tap(anna, "↩️ Отозвать")
      yield* scene.tap(anna, "➡️ Передать")
      assert.match(scene.lastText(anna), /^Что передать\?/)
      yield* scene.tap(anna, "2 ✅ Хороший")
      const goods = scene.find(anna, "➡️ Передать").messageId
      yield* scene.tap(anna, "➡️ Передать")
      const choice = scene.last(anna)
      assert.isAbove(choice.messageId, goods)
      assert.include(scene.read(anna).join("\n"), "secret-first")
      assert.match(scene.lastText(anna), /^Кому предложить: VK › 495, first@…\?/)
      assert.deepStrictEqual(labelsOf(choice.screen).at(-1), ["✕ Отмена", "☰ Меню"])
      yield* scene.tap(anna, "✕ Отмена")
      assert.strictEqual(scene.last(anna).messageId, choice.messageId)
      assert.strictEqual(
        scene.lastText(anna),
        "Никому не предложено. VK › 495, first@…: вещь у вас.",
      )
      assert.isUndefined((yield* scene.pools.held(anna)).find(({ offer }) => offer !== undefined))
    }),
  )

  it.effect("is chosen by its number among many, also on a copy, which stays there too", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* TestClock.setTime(noon)
      yield* scene.load("vk", "first", "second", "third")
      yield* scene.fromMenu(anna, "VK", "495", "3")
      assert.notInclude(labelsOf(scene.last(anna).screen).flat(), "➡️ Передать")
      yield* scene.fromMenu(anna, "Мои выдачи", "📄 VK › 495 · 12:00")
      yield* scene.press(anna, "2", "➡️ Передать")
      assert.match(scene.lastText(anna), /^Кому предложить: VK › 495, second@…\?/)
      assert.lengthOf(
        scene.read(anna).filter((text) => text.includes("secret-second")),
        2,
      )
      yield* scene.tap(anna, "boris")
      yield* scene.tap(anna, "➡️ Передать")
      assert.match(scene.lastText(anna), /^Предложено: VK › 495, second@…\. Кому: boris\./)
      yield* scene.tap(anna, "↩️ Отозвать")
      assert.match(scene.lastText(anna), /^Предложение отозвано/)
    }),
  )

  it.effect("is accepted once: the card shows the goods, and the holder's message who has it", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      const { messageId } = scene.last(boris)
      yield* scene.tap(boris, "✅ Принять")
      assert.include(scene.lastText(boris), "secret-first")
      assert.deepStrictEqual(yield* scene.held(boris), ["first"])
      assert.deepStrictEqual(yield* scene.held(anna), ["second"])
      assert.strictEqual(scene.lastText(anna), "✅ VK › 495, first@…: теперь у boris.")
      assert.isTrue(
        scene.read(anna).some((text) => text.includes("first@… · передано, кому: boris")),
      )
      const yes: Action = { _tag: "HandYes", ...scene.target }
      yield* scene.tapAction(boris, messageId, yes)
      assert.deepStrictEqual(yield* scene.held(boris), ["first"])
      const no: Action = { _tag: "HandNo", ...scene.target }
      assert.match(first(yield* scene.tapAction(boris, messageId, no)), /^Предложение уже не/)
    }),
  )

  it.effect("is declined, or withdrawn; both read it", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      const { messageId } = scene.last(boris)
      yield* scene.tap(boris, "✕ Отказаться")
      assert.match(scene.lastText(boris), /^Вы отказались/)
      assert.strictEqual(
        scene.lastText(anna),
        "✕ boris не берёт VK › 495, first@…. Это осталось у вас.",
      )
      const yes: Action = { _tag: "HandYes", ...scene.target }
      assert.match(first(yield* scene.tapAction(boris, messageId, yes)), /^Предложение уже не/)
      const to: Action = { _tag: "HandTo", ...scene.target, to: boris }
      yield* scene.tapAction(anna, scene.last(anna).messageId, to)
      yield* scene.tap(anna, "↩️ Отозвать")
      assert.strictEqual(scene.lastText(boris), "anna больше не передаёт вам VK › 495, first@….")
      assert.deepStrictEqual(yield* scene.held(anna), ["first", "second"])
    }),
  )

  it.effect("nobody answers in time: both read it", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("vk", expire)
      yield* TestClock.adjust("1 second")
      assert.match(scene.lastText(boris), /^Время предложения вышло/)
      assert.match(scene.lastText(anna), /^⏳ boris не ответил в срок/)
    }),
  )

  it.effect("is marked by its holder or taken by an admin: the card says so by itself", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      const over = /^Предложение снято: отметка уже стоит или это забрал/
      yield* scene.tap(anna, "1 ✅ Хороший")
      yield* TestClock.adjust("1 second")
      assert.match(scene.lastText(boris), over)
      assert.deepStrictEqual(labelsOf(scene.last(boris).screen), [])
      yield* scene.tap(anna, "➡️ Передать")
      yield* scene.press(anna, "boris")
      assert.match(scene.lastText(boris), /^anna передаёт вам VK › 495, second@…/)
      yield* scene.say(chief, "/who")
      yield* scene.press(chief, "1", "🗄 В карантин")
      yield* scene.say(chief, "ушла с линии")
      yield* TestClock.adjust("1 second")
      assert.match(scene.lastText(boris), over)
    }),
  )

  it.effect("is marked by the timer: the card says so in the language of the colleague", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      yield* scene.say(boris, "/language en")
      yield* scene.tap(anna, "↩️ Отозвать")
      yield* TestClock.adjust("5 minutes")
      const to: Action = { _tag: "HandTo", ...scene.target, to: boris }
      yield* scene.tapAction(anna, scene.last(anna).messageId, to)
      yield* TestClock.adjust("5 minutes")
      yield* scene.pools.tell("vk", expire)
      yield* TestClock.adjust("1 second")
      assert.match(scene.lastText(boris), /^The (?:offer is over|time of the offer is over)/)
      assert.deepStrictEqual(labelsOf(scene.last(boris).screen), [])
    }),
  )

  it.effect("a card that Telegram did not draw, or that a kill left behind, is drawn later", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      scene.telegram.fail("edit", { _tag: "Unsure" }, { times: 99, chatId: boris })
      yield* scene.tap(anna, "1 ✅ Хороший")
      yield* TestClock.adjust("1 second")
      assert.match(scene.lastText(boris), /^anna передаёт/)
      const next = yield* Scene.make({ disk: scene.disk, telegram: scene.telegram })
      scene.telegram.heal()
      const { drawAll } = Context.get(next.context, OfferCards)
      yield* drawAll
      assert.match(next.lastText(boris), /^Предложение снято/)
      const calls = scene.telegram.calls.length
      yield* drawAll
      assert.lengthOf(scene.telegram.calls, calls)
    }),
  )

  it.effect("is not for a colleague who is at the limit, nor for anybody else", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      const { messageId } = scene.last(boris)
      yield* scene.fromMenu(boris, "VK", "495", "2")
      const yes: Action = { _tag: "HandYes", ...scene.target }
      assert.match(first(yield* scene.tapAction(boris, messageId, yes)), /без отметки 2 штуки/)
      yield* scene.say(chief, "/menu")
      const own = scene.last(chief).messageId
      assert.match(first(yield* scene.tapAction(chief, own, yes)), /^Это чужая кнопка/)
      const off: Action = { _tag: "HandOff", ...scene.target }
      assert.match(first(yield* scene.tapAction(boris, messageId, off)), /^Это чужая кнопка/)
      assert.deepStrictEqual(yield* scene.held(anna), ["first", "second"])
    }),
  )

  it.effect("nothing is offered where the disk fails or the colleague cannot be written to", () =>
    Effect.gen(function* () {
      const scene = yield* offered
      yield* scene.tap(anna, "↩️ Отозвать")
      const to: Action = { _tag: "HandTo", ...scene.target, to: boris }
      const { messageId } = scene.last(anna)
      scene.telegram.fail("send", { _tag: "Blocked" }, { times: 1 })
      assert.match(first(yield* scene.tapAction(anna, messageId, to)), /^Коллеге нельзя написать/)
      scene.disk.failing = true
      yield* scene.tapAction(anna, messageId, to)
      assert.match(scene.lastText(boris), /^Передача не состоялась/)
      scene.disk.failing = false
      assert.isUndefined((yield* scene.pools.held(anna)).find(({ offer }) => offer !== undefined))
    }),
  )
})
