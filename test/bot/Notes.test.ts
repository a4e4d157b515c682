/** Notes about decisions: on the disk with the decision, told once Telegram answers, then gone. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { type Note, Notes } from "../../src/bot/Notes.ts"
import { OfferCards } from "../../src/bot/OfferCards.ts"
import { Redraws } from "../../src/bot/Redraws.ts"
import { noteKept } from "../../src/config/Limits.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, deputy, noon } from "./Scene.ts"

/** A world that outlives its programs: `start` begins one, over the chats and the disk of the last. */
const makeWorld = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const disk = MemoryJournal.makeDisk()
  const telegram = FakeTelegram.make()
  const start = Effect.map(Scene.make({ disk, telegram }), (scene) => ({
    ...scene,
    notes: Context.get(scene.context, Notes),
  }))
  const documents = (kind: string) =>
    Effect.flatMap(Journal, (journal) => journal.documents(kind)).pipe(
      Effect.provide(MemoryJournal.layer(disk)),
    )
  const [left, redraws] = [documents("note"), documents("redraw")]
  return { disk, telegram, start, left, redraws }
})

const hello = (to: typeof anna, text = "hello"): Note => ({ to, say: () => text })

type OneScene = Effect.Success<ReturnType<typeof Scene.make>>

/** The first admin is about to take an item from Anna, who holds two. */
const aboutToTake = Effect.fnUntraced(function* (scene: OneScene) {
  yield* scene.load("vk", "first", "second")
  yield* scene.fromMenu(anna, "VK", "495", "2")
  yield* scene.say(boris, "/start")
  yield* scene.say(chief, "/who")
  yield* scene.press(chief, "1", "🗄 В карантин")
})

/** What is done until Telegram stops answering; the program never goes on. */
const killedAtSend = Effect.fnUntraced(function* <E>(
  { telegram }: Pick<OneScene, "telegram">,
  work: Effect.Effect<unknown, E>,
) {
  const { reached } = telegram.hang("send")
  yield* Effect.forkChild(work, { startImmediately: true })
  yield* reached
})

const taken = /^❗ Администратор .* забирает у вас VK › 495, first@…/

const times = (scene: { read(who: typeof anna): ReadonlyArray<string> }, what: RegExp) =>
  scene.read(anna).filter((text) => what.test(text)).length

describe("a note", () => {
  it.effect("is told at once and is not on the disk afterwards", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const scene = yield* world.start
      yield* scene.notes.tell([hello(anna), hello(boris)])
      assert.deepStrictEqual(scene.read(anna), ["hello"])
      assert.deepStrictEqual(scene.read(boris), ["hello"])
      yield* scene.notes.sendDue
      assert.lengthOf(scene.read(anna), 1)
      assert.deepStrictEqual(yield* world.left, [])
    }),
  )

  it.effect("that Telegram did not take is told by a later round, ever more rarely tried", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const scene = yield* world.start
      world.telegram.fail("send", { _tag: "Unsure" }, { times: 99 })
      yield* scene.notes.tell([hello(anna)])
      const tries = () => world.telegram.calls.filter((call) => call.startsWith("send")).length
      yield* scene.notes.sendDue
      assert.strictEqual(tries(), 1)
      for (let minute = 0; minute < 60; minute += 1) {
        yield* TestClock.adjust("1 minute")
        yield* scene.notes.sendDue
      }
      assert.isBelow(tries(), 12)
      assert.isAbove(tries(), 5)
      world.telegram.heal()
      yield* TestClock.adjust("10 minutes")
      yield* scene.notes.sendDue
      assert.deepStrictEqual(scene.read(anna), ["hello"])
      assert.deepStrictEqual(yield* world.left, [])
    }),
  )

  it.effect("for somebody who stopped the bot is given up, and one of yesterday too", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const scene = yield* world.start
      world.telegram.fail("send", { _tag: "Blocked" }, { times: 1 })
      yield* scene.notes.tell([hello(anna)])
      assert.deepStrictEqual(yield* world.left, [])
      world.telegram.fail("send", { _tag: "Unsure" }, { times: 99 })
      yield* scene.notes.tell([hello(anna)])
      assert.lengthOf(yield* world.left, 1)
      yield* TestClock.adjust(Duration.sum(noteKept, Duration.minutes(1)))
      yield* scene.notes.sendDue
      assert.deepStrictEqual(yield* world.left, [])
      assert.deepStrictEqual(scene.read(anna), [])
    }),
  )

  it.effect(
    "is told once where the disk does not forget it, and once where it does not know it",
    () =>
      Effect.gen(function* () {
        const world = yield* makeWorld
        const scene = yield* world.start
        const { writes, send } = yield* scene.notes.prepare([hello(anna)])
        yield* Context.get(scene.context, Journal).write(writes)
        const { release } = world.telegram.hang("send")
        const sending = yield* Effect.forkChild(send, { startImmediately: true })
        world.disk.failing = true
        yield* release
        yield* Fiber.join(sending)
        yield* TestClock.adjust("2 minutes")
        world.disk.failing = false
        yield* scene.notes.sendDue
        assert.deepStrictEqual(scene.read(anna), ["hello"])
        assert.deepStrictEqual(yield* world.left, [])
        world.disk.failing = true
        yield* scene.notes.tell([hello(boris)])
        assert.deepStrictEqual(scene.read(boris), ["hello"])
      }),
  )

  it.effect("is not told of what was not decided", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const scene = yield* world.start
      const { send } = yield* scene.notes.prepare([hello(anna)])
      yield* send
      yield* TestClock.adjust("2 minutes")
      yield* scene.notes.sendDue
      assert.deepStrictEqual(scene.read(anna), [])
    }),
  )
})

describe("what somebody must be told", () => {
  it.effect("of a taking is told after a kill between the event and the note, by one start", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const first = yield* world.start
      yield* aboutToTake(first)
      yield* killedAtSend(first, first.say(chief, "ушла с линии"))
      assert.strictEqual(times(first, taken), 0)
      const second = yield* world.start
      yield* second.notes.sendDue
      assert.strictEqual(times(second, taken), 1)
      assert.include(second.lastText(deputy), "ушла с линии")
      yield* (yield* world.start).notes.sendDue
      assert.strictEqual(times(second, taken), 1)
    }),
  )

  it.effect(
    "of a taking while Telegram is away is told once it answers, and not where nothing was taken",
    () =>
      Effect.gen(function* () {
        const world = yield* makeWorld
        const scene = yield* world.start
        yield* aboutToTake(scene)
        world.disk.failing = true
        yield* scene.say(chief, "ушла с линии")
        world.disk.failing = false
        // The pool is read again from the disk.
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual(yield* world.left, [])
        yield* scene.say(chief, "/who")
        yield* scene.press(chief, "1", "🗄 В карантин")
        world.telegram.fail("send", { _tag: "Unsure" }, { times: 1, chatId: anna })
        yield* scene.say(chief, "ушла с линии")
        assert.strictEqual(times(scene, taken), 0)
        assert.lengthOf(yield* world.left, 1)
        yield* TestClock.adjust("1 minute")
        yield* scene.notes.sendDue
        assert.strictEqual(times(scene, taken), 1)
        assert.deepStrictEqual(yield* world.left, [])
      }),
  )

  it.effect(
    "of an accepted offer is told after a kill, and the goods leave the message of the former holder",
    () =>
      Effect.gen(function* () {
        const world = yield* makeWorld
        const first = yield* world.start
        yield* first.load("vk", "first")
        yield* first.fromMenu(anna, "VK", "495", "1")
        yield* first.say(boris, "/start")
        yield* first.press(anna, "➡️ Передать", "boris")
        yield* killedAtSend(first, first.tap(boris, "✅ Принять"))
        assert.include(first.lastText(boris), "secret-first")
        const second = yield* world.start
        yield* second.notes.sendDue
        assert.strictEqual(second.lastText(anna), "✅ VK › 495, first@…: теперь у boris.")
        assert.include(second.read(anna).join("\n"), "secret-first")
        yield* Context.get(second.context, OfferCards).drawAll
        assert.notInclude(second.read(anna).join("\n"), "secret-first")
        assert.include(second.lastText(boris), "secret-first")
        assert.deepStrictEqual(yield* world.left, [])
      }),
  )

  it.effect("of a taking is told after a kill, and the goods leave the message of the holder", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const first = yield* world.start
      yield* aboutToTake(first)
      assert.include(first.read(anna).join("\n"), "secret-first")
      yield* killedAtSend(first, first.say(chief, "уволилась"))
      const second = yield* world.start
      yield* second.notes.sendDue
      assert.strictEqual(times(second, taken), 1)
      assert.include(second.read(anna).join("\n"), "secret-first")
      const { drawDue } = Context.get(second.context, Redraws)
      world.telegram.fail("edit", { _tag: "Unsure" }, { times: 1, chatId: anna })
      yield* drawDue
      assert.lengthOf(yield* world.redraws, 1)
      yield* TestClock.adjust("1 minute")
      yield* Context.get(second.context, Deliveries).redeliver
      yield* drawDue
      assert.notInclude(second.read(anna).join("\n"), "secret-first")
      assert.include(second.read(anna).join("\n"), "secret-second")
      assert.deepStrictEqual(yield* world.redraws, [])
    }),
  )

  it.effect("of a suspended access is told to the person and to the admins after an outage", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld
      const scene = yield* world.start
      yield* scene.say(boris, "/start")
      world.telegram.fail("send", { _tag: "Unsure" }, { times: 1, chatId: boris })
      world.telegram.fail("send", { _tag: "Unsure" }, { times: 1, chatId: deputy })
      yield* scene.say(chief, "/block boris")
      assert.strictEqual(scene.lastText(boris), "Что выдать?")
      yield* TestClock.adjust("1 minute")
      yield* scene.notes.sendDue
      assert.notStrictEqual(scene.lastText(boris), "Что выдать?")
      assert.match(scene.lastText(deputy), /boris/)
    }),
  )
})
