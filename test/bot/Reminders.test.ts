/** The reminder before the timer acts: once, silent, and gone when there is nothing to mark. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Whitelist } from "../../src/access/Whitelist.ts"
import { Reminders } from "../../src/bot/Reminders.ts"
import { reminderScreen } from "../../src/bot/screens/my.ts"
import { en } from "../../src/bot/texts/en.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf, textOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, expire, noon } from "./Scene.ts"

interface Options extends Scene.SceneOptions {
  /** Updates that waited for the bot are not handled yet. */
  readonly isCatchingUp?: boolean
}

const withReminders = Effect.fnUntraced(function* (options: Options = {}) {
  const scene = yield* Scene.make(options)
  const context = yield* Reminders.layerLoop.pipe(
    Layer.provideMerge(Layer.merge(Reminders.layer, CaughtUp.layer)),
    Layer.build,
    Effect.provideContext(scene.context),
  )
  const caughtUp = Context.get(context, CaughtUp)
  if (options.isCatchingUp !== true) yield* caughtUp.open
  return {
    ...scene,
    caughtUp,
    look: Effect.provideContext(
      Reminders.use((reminders) => reminders.once),
      context,
    ),
  }
})

type Scene = Effect.Success<ReturnType<typeof withReminders>>

/** Anna takes some at the full hour. */
const taken = Effect.fnUntraced(function* (count: string, options: Options = {}) {
  yield* TestClock.setTime(noon)
  const scene = yield* withReminders(options)
  const names = ["a", "b", "c", "d", "e", "f"]
  yield* scene.load("vk", ...names)
  yield* scene.fromMenu(anna, "VK", "495", count)
  return scene
})

const messages = (scene: Scene, who = anna) => scene.telegram.chat(who).length
const pass = (time: Duration.Input) => TestClock.adjust(time)

describe("the reminder", () => {
  it.effect("comes once at eight of ten minutes, without a sound and without secrets", () =>
    Effect.gen(function* () {
      const scene = yield* taken("2")
      yield* pass("465 seconds")
      assert.strictEqual(messages(scene), 1)
      yield* pass("15 seconds")
      assert.strictEqual(messages(scene), 2)
      assert.strictEqual(
        scene.lastText(anna),
        "Через 2 минуты, в 12:10, отметится само: VK › 495, 2 шт.",
      )
      assert.isTrue(scene.last(anna).silent)
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["📄 Показать и отметить"]])
      yield* pass("90 seconds")
      assert.strictEqual(messages(scene), 2)
      yield* scene.tap(anna, "📄 Показать и отметить")
      assert.include(scene.lastText(anna), "a@example.com")
    }),
  )

  it.effect("goes when the holder takes more time, and comes again before the new end", () =>
    Effect.gen(function* () {
      const scene = yield* taken("2")
      yield* pass("8 minutes")
      assert.strictEqual(messages(scene), 2)
      yield* scene.tap(anna, "+10 минут")
      yield* pass("1 second")
      assert.strictEqual(messages(scene), 1)
      assert.include(scene.lastText(anna), "подтвердится сам в 12:20")
      yield* pass("599 seconds")
      assert.strictEqual(messages(scene), 2)
      assert.include(scene.lastText(anna), "Через 2 минуты, в 12:20, отметится само")
    }),
  )

  for (const [index, [name, by]] of hourSteps.entries()) {
    it.effect(`comes at eight of ten minutes and says when, with the clock set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const scene = yield* taken("2")
          yield* step(by)
          yield* pass("465 seconds")
          assert.strictEqual(messages(scene), 1)
          yield* pass("15 seconds")
          assert.strictEqual(messages(scene), 2)
          const time = index === 0 ? "11:10" : "13:10"
          assert.strictEqual(
            scene.lastText(anna),
            `Через 2 минуты, в ${time}, отметится само: VK › 495, 2 шт.`,
          )
        }),
      ),
    )
  }

  it.effect("goes when the timer marked all", () =>
    Effect.gen(function* () {
      const scene = yield* taken("2")
      yield* pass("9 minutes")
      const { messageId } = scene.last(anna)
      yield* pass("1 minute")
      yield* scene.pools.tell("vk", expire)
      yield* pass("1 millis")
      assert.deepStrictEqual(scene.telegram.removed, [{ chatId: anna, messageId }])
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("goes with the last mark, and not before", () =>
    Effect.gen(function* () {
      const scene = yield* taken("2")
      yield* pass("8 minutes")
      yield* scene.tap(anna, "1 ✅ Хороший")
      yield* pass("1 millis")
      assert.deepStrictEqual(scene.telegram.removed, [])
      yield* scene.tap(anna, "2 ⛔ Блок")
      yield* pass("1 millis")
      assert.lengthOf(scene.telegram.removed, 1)
    }),
  )

  it.effect("counts what is not marked yet, and comes anew for a new deadline", () =>
    Effect.gen(function* () {
      const scene = yield* taken("3")
      yield* scene.press(anna, "2", "2 ✅ Хороший")
      yield* pass("8 minutes")
      assert.match(scene.lastText(anna), /: VK › 495, 2 шт\.$/)
      yield* scene.press(anna, "1 ✅ Хороший", "3 ✅ Хороший", "3 ✅", "отменить")
      yield* pass("1 second")
      assert.strictEqual(messages(scene), 1)
      yield* pass("7 minutes")
      assert.strictEqual(messages(scene), 1)
      yield* pass("1 minute")
      assert.match(
        scene.lastText(anna),
        /^Через 2 минуты, в 12:18, отметится само: VK › 495, 1 шт\./,
      )
    }),
  )

  it.effect("is one for each batch and person", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1")
      yield* scene.fromMenu(anna, "VK", "812", "1")
      yield* scene.fromMenu(boris, "VK", "495", "2")
      yield* pass("8 minutes")
      const said = (who: typeof anna) =>
        scene
          .read(who)
          .filter((text) => text.startsWith("Через"))
          .toSorted()
      assert.deepStrictEqual(said(anna), [
        "Через 2 минуты, в 12:10, отметится само: VK › 495, 1 шт.",
        "Через 2 минуты, в 12:10, отметится само: VK › 812, 1 шт.",
      ])
      assert.deepStrictEqual(said(boris), [
        "Через 2 минуты, в 12:10, отметится само: VK › 495, 2 шт.",
      ])
    }),
  )
})

describe("no reminder", () => {
  it.effect("of what was marked in time", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1")
      yield* scene.tap(anna, "✅ Хороший")
      yield* pass("10 minutes")
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("of what never arrived", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const scene = yield* withReminders()
      yield* scene.load("vk", "a")
      yield* scene.fromMenu(anna, "VK", "495")
      scene.telegram.fail("edit", { _tag: "Unsure" })
      yield* scene.tap(anna, "1")
      yield* pass("10 minutes")
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("to whoever may not use the bot any more", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1")
      yield* Whitelist.use((whitelist) => whitelist.remove(anna)).pipe(
        Effect.provideContext(scene.context),
      )
      yield* pass("10 minutes")
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("where there is less than a minute to mark", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1", { autoConfirmTimeout: Duration.seconds(59) })
      yield* pass("1 minute")
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("twice, if the first could not be sent", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1")
      scene.telegram.fail("send", { _tag: "Unsure" })
      yield* pass("585 seconds")
      assert.strictEqual(messages(scene), 1)
      yield* scene.tap(anna, "✅ Хороший")
      yield* pass("1 second")
      assert.deepStrictEqual(scene.telegram.removed, [])
    }),
  )

  it.effect("that cannot be taken away holds up the next", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1")
      yield* pass("8 minutes")
      scene.telegram.fail("remove", { _tag: "Unsure" })
      yield* scene.tap(anna, "✅ Хороший")
      yield* pass("1 second")
      yield* scene.fromMenu(boris, "VK", "495", "1")
      yield* pass("8 minutes")
      yield* pass("15 seconds")
      assert.match(scene.lastText(boris), /^Через 2 минуты/)
    }),
  )
})

describe("a reminder and a restart", () => {
  it.effect("waits for what people pressed in the meantime", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1", { isCatchingUp: true })
      yield* pass("9 minutes")
      assert.strictEqual(messages(scene), 1)
      yield* scene.tap(anna, "✅ Хороший")
      yield* scene.caughtUp.open
      yield* pass("30 seconds")
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("looked for twice at the same moment, it is one", () =>
    Effect.gen(function* () {
      const scene = yield* taken("1", { isCatchingUp: true })
      yield* pass("9 minutes")
      yield* scene.look
      yield* scene.look
      assert.strictEqual(messages(scene), 2)
    }),
  )

  it.effect("comes once, and goes with what was marked after the restart", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* Effect.scoped(Effect.andThen(taken("1", { disk, telegram }), pass("8 minutes")))
      assert.lengthOf(telegram.chat(anna), 2)
      const scene = yield* withReminders({ disk, telegram })
      const { messageId } = scene.last(anna)
      yield* pass("1 minute")
      assert.strictEqual(messages(scene), 2)
      yield* scene.tap(anna, "✅ Хороший")
      yield* pass("1 second")
      assert.deepStrictEqual(telegram.removed, [{ chatId: anna, messageId }])
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("goes at the start when there is nothing to mark any more", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* Effect.scoped(Effect.andThen(taken("1", { disk, telegram }), pass("8 minutes")))
      yield* pass("2 minutes")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withReminders({ disk, telegram, isCatchingUp: true })
          yield* scene.pools.tell("vk", expire)
          yield* scene.look
          assert.strictEqual(messages(scene), 1)
        }),
      )
      const scene = yield* withReminders({ disk, telegram })
      yield* pass("1 minute")
      assert.lengthOf(telegram.removed, 1)
      assert.strictEqual(messages(scene), 1)
    }),
  )

  it.effect("whose message was under way when the bot stopped is not sent again", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* taken("1", { disk, telegram })
          telegram.fail("send", { _tag: "Unsure" })
          yield* pass("8 minutes")
        }),
      )
      const scene = yield* withReminders({ disk, telegram })
      yield* pass("1 minute")
      assert.strictEqual(messages(scene), 1)
    }),
  )
})

describe("the words of a reminder", () => {
  const resource = shippedCatalogue.resources.find(({ id }) => id === "vk")!
  const view = Effect.gen(function* () {
    const scene = yield* taken("1")
    const [held] = yield* scene.pools.held(anna)
    const batch = Option.getOrThrow(yield* scene.pools.batch("vk", held!.request))
    return { request: batch.request, resource, count: 1, time: "12:10" }
  })

  it.effect("say how long, in both languages", () =>
    Effect.gen(function* () {
      const { request, count, time } = yield* view
      const said = (left: Duration.Input, texts: typeof ru | typeof en) =>
        textOf(
          reminderScreen(
            { request, resource, count, time, left: Duration.fromInputUnsafe(left) },
            texts,
          ),
        )
      assert.strictEqual(
        said("12 seconds", ru),
        "Меньше чем через минуту, в 12:10, отметится само: VK › 495, 1 шт.",
      )
      assert.strictEqual(
        said("100 seconds", en),
        "Marks itself in 2 minutes, at 12:10: VK › 495, 1 pc",
      )
      assert.strictEqual(
        said("1 hour", ru),
        "Через 60 минут, в 12:10, отметится само: VK › 495, 1 шт.",
      )
      assert.strictEqual(
        said("5 seconds", en),
        "Marks itself in less than a minute, at 12:10: VK › 495, 1 pc",
      )
    }),
  )
})
