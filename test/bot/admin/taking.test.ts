/** «Забрать»: an item is taken from its holder for a reason, once, and everybody concerned is told. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy, expire, noon } from "../Scene.ts"

/** Anna holds two; the first admin looks at the first of them. */
const looking = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "first", "second")
  yield* scene.fromMenu(anna, "VK", "495", "2")
  yield* scene.say(boris, "/start")
  const { messageId } = scene.last(anna)
  yield* scene.say(chief, "/who")
  yield* scene.tap(chief, "1")
  /** Anna's message with the two. */
  const batch = () => scene.read(anna).find((text) => text.includes("VK › 495")) ?? ""
  const held = (who: typeof anna) =>
    Effect.map(scene.pools.held(who), (all) => all.map(({ item }) => item.key.split("@")[0]))
  return { ...scene, messageId, batch, held }
})

describe("an item of somebody else", () => {
  it.effect("is found in /who, with the ways to take it", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      assert.strictEqual(
        scene.lastText(chief),
        [
          "На руках: anna (101)",
          "VK › 495 · first@… · 0 мин",
          "",
          "Можно забрать: передать коллеге, убрать в карантин или отметить за человека. Потом бот спросит причину, её прочтёт тот, у кого забирают.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["➡️ Коллеге…", "🗄 В карантин"],
        ["⛔ Блок", "✅ Хороший", "🛠 Дефектный"],
        ["‹ Кто что держит"],
        ["☰ Меню"],
      ])
    }),
  )

  it.effect("goes to quarantine with the reason, of which everybody concerned is told", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.tap(chief, "🗄 В карантин")
      assert.match(scene.lastText(chief), /^VK › 495, first@…: в карантин\. Почему\?/)
      assert.strictEqual((yield* scene.pools.stock("vk")).pending, 2)
      yield* scene.say(chief, "ушла с линии")
      assert.match(scene.lastText(chief), /^Забрано у anna \(101\)\. VK › 495, first@…: в карантин/)
      assert.deepStrictEqual(yield* scene.held(anna), ["second"])
      assert.match(
        scene.lastText(anna),
        /^❗ Администратор .* забирает у вас VK › 495, first@…: в карантин\. Причина: ушла с линии\./,
      )
      assert.include(scene.batch(), "❗ first@… · забрано администратором: ушла с линии")
      assert.notInclude(scene.batch(), "secret-first")
      assert.include(scene.lastText(deputy), "Причина: ушла с линии. Решение:")
      assert.lengthOf(yield* scene.pools.aside("vk"), 1)
      yield* scene.say(chief, "ещё раз")
      assert.lengthOf(yield* scene.pools.aside("vk"), 1)
    }),
  )

  it.effect("goes to a colleague, who gets the goods; the message of both tells it", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.press(chief, "➡️ Коллеге…", "boris (102)")
      yield* scene.say(chief, "срочно нужен Борису")
      assert.deepStrictEqual(yield* scene.held(anna), ["second"])
      assert.deepStrictEqual(yield* scene.held(boris), ["first"])
      assert.include(scene.lastText(boris), "secret-first")
      assert.include(scene.batch(), "first@… · передано, кому: boris. Причина: срочно нужен Борису")
    }),
  )

  it.effect("is marked by the admin, with the reason in the mark", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.tap(chief, "🛠 Дефектный")
      yield* scene.say(chief, "видно по жалобам")
      const marks = (yield* scene.pools.held(anna)).flatMap(({ mark }) => mark ?? [])
      assert.deepStrictEqual(
        marks.map(({ status, by, comment }) => [status, by, comment]),
        [["defect", chief, "видно по жалобам"]],
      )
      assert.include(scene.batch(), "🛠 Дефектный: видно по жалобам")
    }),
  )

  it.effect("the last of a message leaves the reason there, and comes back by /undo", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      for (const reason of ["раз", "два"]) {
        yield* scene.say(chief, "/who")
        yield* scene.press(chief, "1", "🗄 В карантин")
        yield* scene.say(chief, reason)
      }
      const shown = scene.telegram.chat(anna).find((each) => each.messageId === scene.messageId)
      assert.deepStrictEqual(
        shown?.screen.keyboard.flat().map(({ text }) => text),
        ["☰ Меню"],
      )
      const text = scene.read(anna).find((each) => each.includes("раз"))
      assert.include(text ?? "", "забрано администратором: раз\n")
      yield* scene.say(deputy, "/undo")
      yield* scene.press(deputy, "Изъято в карантин: 2", "↩️ Вернуть на руки 1")
      assert.lengthOf(yield* scene.held(anna), 1)
      assert.notInclude(scene.batch(), "забрано администратором: два")
      assert.include(scene.batch(), "забрано администратором: раз")
    }),
  )
})

describe("whoever was faster has decided", () => {
  const before = /^Кто-то успел раньше: отметка уже стоит/

  it.effect("the holder, while the reason was written", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.tap(chief, "🗄 В карантин")
      yield* scene.tap(anna, "1 ✅ Хороший")
      yield* scene.say(chief, "нужен")
      assert.match(scene.lastText(chief), before)
      assert.lengthOf(yield* scene.held(anna), 2)
    }),
  )

  it.effect("the timer, also where it said what the admin would", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.tap(chief, "✅ Хороший")
      yield* TestClock.adjust("9 minutes")
      yield* TestClock.adjust("61 seconds")
      yield* scene.pools.tell("vk", expire)
      yield* scene.say(chief, "нужен")
      const comments = (yield* scene.pools.held(anna)).map(({ mark }) => mark?.comment)
      assert.deepStrictEqual(comments, [undefined, undefined])
    }),
  )

  it.effect("another admin: what somebody else has by then is not taken from him", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.tap(chief, "🗄 В карантин")
      yield* scene.say(deputy, "/who")
      yield* scene.press(deputy, "1", "➡️ Коллеге…", "boris (102)")
      yield* scene.say(deputy, "нужен Борису")
      yield* scene.say(chief, "нужен")
      assert.match(scene.lastText(chief), before)
      assert.deepStrictEqual(yield* scene.held(boris), ["first"])
    }),
  )
})

describe("nothing is taken", () => {
  it.effect("without a reason, after a cancel, a command, ten minutes, or a disk that fails", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      const intact = Effect.map(scene.held(anna), (held) => assert.lengthOf(held, 2))
      yield* scene.tap(chief, "🗄 В карантин")
      yield* scene.say(chief, " \u200b ")
      assert.match(scene.lastText(chief), /^В сообщении нет букв/)
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["✕ Отмена"]])
      yield* intact
      yield* scene.tap(chief, "✕ Отмена")
      yield* scene.say(chief, "нужен")
      yield* intact
      yield* scene.tap(chief, "🗄 В карантин")
      yield* scene.say(chief, "/stock")
      yield* scene.say(chief, "нужен")
      yield* intact
      yield* scene.press(chief, "✕ Отмена", "🗄 В карантин")
      scene.disk.failing = true
      yield* scene.say(chief, "нужен")
      assert.match(scene.lastText(chief), /^Не записано: 1/)
      scene.disk.failing = false
      yield* intact
      assert.notInclude(scene.read(anna).join(), "забирает у вас")
    }),
  )

  it.effect("where the colleague cannot be written to", () =>
    Effect.gen(function* () {
      const scene = yield* looking
      yield* scene.press(chief, "➡️ Коллеге…", "boris (102)")
      scene.telegram.fail("send", { _tag: "Blocked" }, { times: 1 })
      yield* scene.say(chief, "нужен")
      assert.match(scene.lastText(chief), /^Не передано: 1/)
      assert.lengthOf(yield* scene.held(anna), 2)
    }),
  )
})
