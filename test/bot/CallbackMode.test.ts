import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Logger } from "effect"
import { TestClock } from "effect/testing"
import { Languages } from "../../src/bot/Languages.ts"
import { TelegramError } from "../../src/bot/TelegramError.ts"
import { en } from "../../src/bot/texts/en.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import type { TelegramId } from "../../src/domain/Employee.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { anna, boris, make, stranger, vera } from "./Scene.ts"

type Scene = Effect.Success<ReturnType<typeof make>>

const stray = (userId: TelegramId, callbackId: string, languageCode?: string) => ({
  _tag: "StrayTap" as const,
  userId,
  messageId: "BAAAAJ8",
  callbackId,
  data: "me1:",
  ...(languageCode === undefined ? {} : { languageCode }),
})

/** What the bot answers to a tap without its message. */
const answered = Effect.fnUntraced(function* (scene: Scene, ...tap: Parameters<typeof stray>) {
  yield* scene.handler.handle(stray(...tap))
  return scene.telegram.answers.filter(({ callbackId }) => callbackId === tap[1])
})

const setBack = { callback_query_mode: "default" } as const

const logged = () => {
  const lines: Array<string> = []
  const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
  return { lines, logger }
}

describe("a tap without its message", () => {
  it.effect(
    "is answered in the person's language, has the mode set back, and changes nothing",
    () =>
      Effect.gen(function* () {
        const scene = yield* make()
        yield* Context.get(scene.context, Languages).choose(boris, "en")
        // An applicant's language is noted with the first update, whatever that is.
        yield* answered(scene, vera, "0")
        const before = scene.disk.commits
        const alert = (callbackId: string, text: string) => [{ callbackId, text, alert: true }]
        const tapped = (...tap: Parameters<typeof stray>) => answered(scene, ...tap)
        assert.deepStrictEqual(yield* tapped(anna, "1", "en"), alert("1", ru.gate.strayTap))
        assert.deepStrictEqual(yield* tapped(boris, "2", "ru"), alert("2", en.gate.strayTap))
        assert.deepStrictEqual(yield* tapped(stranger, "3", "en"), alert("3", en.gate.strayTap))
        assert.deepStrictEqual(yield* tapped(vera, "4"), alert("4", ru.gate.strayTap))
        assert.strictEqual(ru.gate.strayTap, "Кнопка не сработала. Нажмите ещё раз.")
        assert.deepStrictEqual(scene.telegram.settings, [setBack])
        assert.strictEqual(scene.disk.commits, before)
        for (const person of [anna, boris, stranger, vera]) {
          assert.deepStrictEqual(scene.read(person), [])
        }
      }),
  )

  it.effect("has the mode set back and logged once a minute at most", () => {
    const { lines, logger } = logged()
    return Effect.gen(function* () {
      const scene = yield* make()
      for (let tap = 0; tap < 59; tap += 1) {
        assert.lengthOf(yield* answered(scene, anna, `a${tap}`), 1)
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(scene.telegram.settings, [setBack])
      yield* TestClock.adjust("1 second")
      yield* answered(scene, anna, "b")
      assert.deepStrictEqual(scene.telegram.settings, [setBack, setBack])
      const told = lines.filter((line) => line.includes("callback_query_mode"))
      assert.lengthOf(told, 2)
    }).pipe(Effect.provide(logger))
  })

  it.effect(
    "is answered also where the mode cannot be set back, and soon where that takes long",
    () => {
      const { lines, logger } = logged()
      return Effect.gen(function* () {
        const scene = yield* make()
        scene.telegram.endSettings(Effect.succeed("unknown"))
        assert.lengthOf(yield* answered(scene, anna, "1"), 1)
        assert.isTrue(lines.some((line) => line.includes("does not know setMySettings")))

        yield* TestClock.adjust("1 minute")
        const reason = { _tag: "Rejected", code: 400, description: "no" } as const
        scene.telegram.endSettings(
          Effect.fail(new TelegramError({ method: "setMySettings", reason })),
        )
        assert.lengthOf(yield* answered(scene, anna, "2"), 1)
        assert.isTrue(lines.some((line) => line.includes("was not set back")))

        yield* TestClock.adjust("1 minute")
        scene.telegram.endSettings(Effect.succeed("changed"))
        const { reached, release } = scene.telegram.hang("setSettings")
        const tapping = yield* Effect.forkChild(answered(scene, anna, "3"))
        yield* reached
        yield* TestClock.adjust("2 seconds")
        assert.isUndefined(tapping.pollUnsafe())
        yield* TestClock.adjust("1 second")
        assert.lengthOf(yield* Fiber.join(tapping), 1)
        const isSaid = () => lines.some((line) => line.includes('"default" again'))
        assert.isFalse(isSaid())
        // It goes on by itself.
        yield* release
        yield* Effect.yieldNow
        assert.isTrue(isSaid())
      }).pipe(Effect.provide(logger))
    },
  )

  it.effect("stops spinning where it was dropped, and while the disk refuses", () =>
    Effect.gen(function* () {
      const scene = yield* make()
      yield* scene.handler.slowDown(stray(anna, "1"), true)
      yield* scene.handler.slowDown(stray(anna, "2"), false)
      scene.disk.failing = true
      yield* scene.handler.excuse(stray(anna, "3"))
      assert.deepStrictEqual(scene.telegram.answers, [
        { callbackId: "1", text: ru.gate.tooFast, alert: true },
        { callbackId: "2" },
        { callbackId: "3", text: ru.gate.strayTap, alert: true },
      ])
    }),
  )
})

describe("a start", () => {
  for (const [mode, changes] of [
    ["inline", [setBack]],
    ["auto", [setBack]],
    ["default", []],
    [undefined, []],
  ] as const) {
    it.effect(`sets back what Telegram says is ${mode ?? "not known"}: ${changes.length}`, () =>
      Effect.gen(function* () {
        const telegram = FakeTelegram.make(mode === undefined ? {} : { mode })
        yield* make({ telegram })
        yield* Effect.yieldNow
        assert.deepStrictEqual(telegram.settings, [...changes])
      }),
    )
  }
})
