/**
 * With Telegram far away, everything that a tap brings leaves at once: the message does not wait for
 * the answer that ends the spinner. The update is handled only when Telegram has taken both.
 */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { ru } from "../../src/bot/texts/ru.ts"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { textOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief } from "./Scene.ts"

const distance = Duration.millis(60)

/** Presses while Telegram is far away; gives what left before Telegram has answered anything. */
const pressFarAway = Effect.fnUntraced(function* (
  scene: Effect.Success<ReturnType<typeof Scene.make>>,
  who: TelegramId,
  label: string,
) {
  const before = scene.telegram.calls.length
  scene.telegram.move(distance)
  const tap = yield* Effect.forkChild(scene.tap(who, label), { startImmediately: true })
  yield* settled
  return { left: scene.telegram.calls.slice(before), tap }
})

/** Lets everything go on that waits for no time to go by, also what gives way to others on its way. */
const settled = Effect.repeat(TestClock.adjust(0), { times: 100 })

describe("Telegram is 60 ms away", () => {
  /** What is pressed at last, and what is pressed before it. */
  const presses: ReadonlyArray<
    [what: string, who: TelegramId, before: ReadonlyArray<string>, label: string, command?: string]
  > = [
    ["goods", anna, ["VK", "495"], "1"],
    ["a step of an order", anna, [], "VK"],
    ["an order that is given up", anna, ["VK"], "✕ Отмена"],
    ["a mark", anna, ["VK", "495", "1"], "✅ Хороший"],
    ["a mark that is taken back", anna, ["VK", "495", "1", "✅ Хороший"], "отменить"],
    ["another way to look at goods", anna, ["VK", "495", "1", "✅ Хороший"], "изменить"],
    ["one's own items", anna, [], "Мои выдачи"],
    ["help", anna, [], "Помощь"],
    ["statistics", anna, [], "Статистика"],
    ["a button of admins", chief, [], "VK", "/export"],
  ]
  for (const [what, who, before, label, command = "/menu"] of presses) {
    it.effect(`${what}: the answer and the message leave together`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* scene.load("vk", "one", "two")
        yield* scene.say(who, command)
        yield* scene.press(who, ...before)
        const { left, tap } = yield* pressFarAway(scene, who, label)
        const message = `edit ${who}`
        assert.deepStrictEqual(left, what === "goods" ? [message, "answer"] : ["answer", message])
        yield* TestClock.adjust(distance)
        assert.lengthOf(yield* Fiber.join(tap), 1)
      }),
    )
  }

  it.effect("goods of all who tap at once leave before the answer to any of them", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      const people = [anna, boris]
      yield* scene.load("vk", "one", "two")
      for (const who of people) yield* scene.fromMenu(who, "VK", "495")
      scene.telegram.move(distance)
      const before = scene.telegram.calls.length
      const taps = yield* Effect.forEach(people, (who) =>
        Effect.forkChild(scene.tap(who, "1"), { startImmediately: true }),
      )
      yield* settled
      const left = scene.telegram.calls.slice(before)
      assert.sameMembers(left.slice(0, 2), [`edit ${anna}`, `edit ${boris}`])
      assert.deepStrictEqual(left.slice(2), ["answer", "answer"])
      yield* TestClock.adjust(distance)
      yield* Fiber.joinAll(taps)
    }),
  )

  it.effect("a button that is out of date: the alert and the menu leave together", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      scene.telegram.move(distance)
      const tap = yield* Effect.forkChild(scene.tapData(anna, 5, "nonsense"), {
        startImmediately: true,
      })
      yield* settled
      assert.deepStrictEqual(scene.telegram.calls, ["answer", `send ${anna}`])
      yield* TestClock.adjust(distance)
      assert.lengthOf(yield* Fiber.join(tap), 1)
    }),
  )

  it.effect(
    "the sheet is asked while the message turns to «Ищу», and the goods come after it",
    () =>
      Effect.gen(function* () {
        const scene = yield* Scene.make()
        yield* scene.load("vk", "one")
        yield* scene.fromMenu(anna, "VK", "495")
        const chat = scene.last(anna)
        yield* scene.fromMenu(anna, "VK", "495", "1")
        scene.telegram.move(distance)
        const wanted: Array<string> = []
        Object.assign(scene.pools, {
          want: (resource: string) => {
            wanted.push(resource)
            return scene.load(resource, "two")
          },
        })
        const { data } = scene.find(anna, "1")
        const tap = yield* Effect.forkChild(scene.tapData(anna, chat.messageId, data), {
          startImmediately: true,
        })
        yield* settled
        assert.deepStrictEqual(wanted, ["vk"])
        yield* TestClock.adjust(distance)
        yield* TestClock.adjust(distance)
        yield* Fiber.join(tap)
        const shown = scene.telegram
          .chat(anna)
          .find(({ messageId }) => messageId === chat.messageId)
        assert.include(shown === undefined ? "" : textOf(shown.screen), "two@example.com")
      }),
  )

  it.effect("a draft of proxies that ends is drawn beside the order that ends it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495")
      const { messageId, data } = scene.find(anna, "1")
      yield* scene.fromMenu(anna, "Прокси", "Добавить прокси", "HTTP")
      scene.telegram.move(distance)
      const before = scene.telegram.calls.length
      const tap = yield* Effect.forkChild(scene.tapData(anna, messageId, data), {
        startImmediately: true,
      })
      yield* settled
      assert.deepStrictEqual(scene.telegram.calls.slice(before), [
        `edit ${anna}`,
        `edit ${anna}`,
        "answer",
      ])
      yield* TestClock.adjust(distance)
      yield* Fiber.join(tap)
      assert.include(scene.read(anna).join(), "one@example.com")
    }),
  )
})

describe("an answer to a tap", () => {
  /** A tap that takes goods; the answer to it hangs. */
  const hanging = Effect.gen(function* () {
    const scene = yield* Scene.make()
    yield* scene.load("vk", "one")
    yield* scene.fromMenu(anna, "VK", "495")
    const hung = scene.telegram.hang("answer")
    const tap = yield* Effect.forkChild(scene.tap(anna, "1"), { startImmediately: true })
    yield* hung.reached
    yield* settled
    return { scene, hung, tap }
  })

  it.effect("that hangs leaves the goods alone, and the tap is handled once it has ended", () =>
    Effect.gen(function* () {
      const { scene, hung, tap } = yield* hanging
      assert.include(scene.lastText(anna), "one@example.com")
      assert.isUndefined(tap.pollUnsafe())
      yield* hung.release
      assert.lengthOf(yield* Fiber.join(tap), 1)
    }),
  )

  it.effect("that hangs does not hold up a stop", () =>
    Effect.gen(function* () {
      const { scene, tap } = yield* hanging
      yield* Fiber.interrupt(tap)
      assert.include(scene.lastText(anna), "one@example.com")
    }),
  )

  it.effect("is waited for where the work crashes", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.load("vk", "one")
      yield* scene.fromMenu(anna, "VK", "495")
      Object.assign(scene.pools, { ask: () => Effect.die(new Error("planted")) })
      const hung = scene.telegram.hang("answer")
      const tap = yield* Effect.forkChild(scene.tap(anna, "1"), { startImmediately: true })
      yield* hung.reached
      yield* settled
      // The tap is being answered already, so the crash is told in a message.
      assert.strictEqual(scene.lastText(anna), ru.gate.failed)
      assert.isUndefined(tap.pollUnsafe())
      yield* hung.release
      assert.isTrue(Exit.hasDies(yield* Fiber.await(tap)))
      assert.lengthOf(scene.telegram.answers.slice(-1), 1)
    }),
  )

  it.effect("that ends a tap which was broken off is sent to its end", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.say(anna, "/menu")
      Object.assign(scene.pools, { held: () => Effect.never })
      const tap = yield* Effect.forkChild(scene.tap(anna, "Мои выдачи"), {
        startImmediately: true,
      })
      const hung = scene.telegram.hang("answer")
      const stop = yield* Effect.forkChild(Fiber.interrupt(tap), { startImmediately: true })
      yield* hung.reached
      yield* hung.release
      yield* Fiber.join(stop)
      assert.lengthOf(scene.telegram.answers, 1)
    }),
  )
})
