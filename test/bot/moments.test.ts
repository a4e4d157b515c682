/** Two things at one moment, and things that come at a bad one. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, PubSub } from "effect"
import { TestClock } from "effect/testing"
import { Whitelist } from "../../src/access/Whitelist.ts"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { layer as Notices } from "../../src/bot/Notices.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, expire, noon } from "./Scene.ts"

const withOne = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(noon)
  yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
  yield* scene.load("vk", "one", "two")
  yield* scene.fromMenu(anna, "VK", "495", "1")
  return scene
})

describe("the timer and its holder at the same moment", () => {
  for (const first of ["timer", "holder"] as const) {
    it.effect(`${first} first: one of them wins, and the message shows which`, () =>
      Effect.gen(function* () {
        const scene = yield* withOne()
        const events = yield* scene.pools.events
        yield* TestClock.adjust("10 minutes")
        const timer = scene.pools.tell("vk", expire)
        const holder = scene.tap(anna, "⛔ Блок")
        const both = first === "timer" ? [timer, holder] : [holder, timer]
        yield* Effect.all(both, { concurrency: "unbounded" })
        yield* TestClock.adjust("1 second")
        const marks = (yield* PubSub.takeAll(events)).flatMap(({ event }) =>
          event._tag === "Confirmed" ? [event.mark.status] : [],
        )
        assert.lengthOf(marks, 1)
        const [issuance] = yield* scene.pools.held(anna)
        assert.strictEqual(issuance?.mark?.status, marks[0])
        const shown = marks[0] === "good" ? "✅ Хороший (сам)" : "⛔ Блок"
        assert.include(labelsOf(scene.last(anna).screen).flat(), "изменить")
        assert.include(scene.lastText(anna), shown)
        const said = scene.telegram.answers.at(-1)?.text ?? ""
        assert.include(said, marks[0] === "good" ? "Уже отмечено: ✅ Хороший" : "Отмечено: ⛔ Блок")
      }),
    )
  }
})

describe("marks and the row in the sheet", () => {
  it.effect("taken back after the row was written, then said anew: the row is corrected", () =>
    Effect.gen(function* () {
      const scene = yield* withOne()
      yield* scene.tap(anna, "✅ Хороший")
      assert.deepStrictEqual(yield* scene.writeMarks("vk"), ["good"])
      yield* scene.tap(anna, "отменить")
      assert.deepStrictEqual(yield* scene.writeMarks("vk"), [])
      assert.include(scene.lastText(anna), "⏳ подтвердится сам")
      const [issuance] = yield* scene.pools.held(anna)
      if (issuance === undefined) return assert.fail("nothing is held")
      const target = { resource: "vk", issuance: issuance.id }
      const { messageId } = scene.last(anna)
      const correct = { _tag: "Correct", ...target, status: "block" } as const
      const [refused] = yield* scene.tapAction(anna, messageId, correct)
      assert.match(refused?.text ?? "", /^Отметки ещё нет/)
      yield* scene.tap(anna, "⛔ Блок")
      assert.lengthOf(yield* scene.pools.buffer("vk"), 0)
      assert.deepStrictEqual(yield* scene.writeMarks("vk"), ["block"])
      yield* scene.tap(anna, "Да, заменить")
      const undo = { _tag: "Undo", ...target } as const
      const [over] = yield* scene.tapAction(anna, messageId, undo)
      assert.match(over?.text ?? "", /^Замена уже выдана/)
      return assert.deepStrictEqual(yield* scene.writeMarks("vk"), [])
    }),
  )
})

describe("crashes and bad moments", () => {
  it.effect("a crash after the spinner ended is told in a message", () =>
    Effect.gen(function* () {
      const scene = yield* withOne()
      yield* scene.fromMenu(anna, "VK", "495")
      Object.assign(scene.pools, { ask: () => Effect.die(new Error("planted")) })
      const exit = yield* Effect.exit(scene.tap(anna, "1"))
      assert.isTrue(Exit.hasDies(exit))
      assert.match(scene.lastText(anna), /^Не получилось: что-то сломалось внутри бота\./)
    }),
  )

  it.effect("a batch that cannot be drawn does not hold up the others", () =>
    Effect.gen(function* () {
      const scene = yield* withOne()
      scene.telegram.fail("edit", { _tag: "Unsure" }, { times: 9, chatId: boris })
      scene.telegram.fail("edit", { _tag: "Unsure" }, { times: 9, chatId: chief })
      for (const person of [boris, chief]) {
        yield* scene.load("vk", `of-${person}`)
        yield* scene.say(person, "/menu")
        const { messageId } = scene.last(person)
        const command = { _tag: "Issue", variant: null, region: "495", targets: [] } as const
        const message = { chatId: person, messageId }
        const more = { quantity: 1, by: person, stage: "x", message }
        const { issuances } = yield* scene.pools.ask("vk", { ...command, ...more })
        const ids = issuances.map(({ id }) => id)
        yield* scene.pools.tell("vk", { _tag: "DeliveryUnsure", ids })
      }
      const { batch } = scene.pools
      const poisoned: typeof batch = (resource, key) =>
        key.startsWith(`${boris}:`) ? Effect.die(new Error("planted")) : batch(resource, key)
      Object.assign(scene.pools, { batch: poisoned })
      for (let round = 0; round < 10; round += 1) {
        yield* Deliveries.use(({ redeliver }) => redeliver).pipe(
          Effect.provideContext(scene.context),
        )
      }
      assert.include(scene.lastText(chief), "@example.com")
    }),
  )

  it.effect("who was removed before the first attempt leaves the item to others", () =>
    Effect.gen(function* () {
      const scene = yield* withOne()
      yield* scene.fromMenu(anna, "VK", "812")
      const ask = scene.pools.ask
      const removed = Whitelist.use((whitelist) => whitelist.remove(anna)).pipe(
        Effect.provideContext(scene.context),
        Effect.orDie,
      )
      Object.assign(scene.pools, {
        ask: (...asked: Parameters<typeof ask>) => Effect.tap(ask(...asked), removed),
      })
      const before = scene.read(anna)
      yield* scene.tap(anna, "1")
      assert.deepStrictEqual(scene.read(anna), before)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 0)
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("vk", expire)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
    }),
  )

  for (const [outcome, reason, left] of [
    ["refused", { _tag: "Blocked" }, []],
    // He may have seen it: it is nobody else's, and waits for an admin.
    ["unsure", { _tag: "Unsure" }, ["two@example.com"]],
  ] as const) {
    it.effect(`who was removed while an item was on its way (${outcome}) is not shown it`, () =>
      Effect.gen(function* () {
        const disk = MemoryJournal.makeDisk()
        const telegram = FakeTelegram.make()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const scene = yield* withOne({ disk, telegram })
            yield* scene.fromMenu(anna, "VK", "812")
            telegram.fail("edit", reason)
            yield* scene.tap(anna, "1")
          }),
        )
        const roster = { [boris]: { stage: "boris", is_approved: true } }
        const scene = yield* Scene.make({ disk, telegram, roster })
        yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
        const before = scene.read(anna)
        yield* Deliveries.use(({ redeliver }) => redeliver).pipe(
          Effect.provideContext(scene.context),
        )
        const [answer] = yield* scene.tap(anna, "⛔ Блок")
        assert.match(answer?.text ?? "", /^Доступ запрещён/)
        yield* TestClock.adjust("10 minutes")
        yield* scene.pools.tell("vk", expire)
        yield* TestClock.adjust("1 second")
        yield* Deliveries.use(({ redeliver }) => redeliver).pipe(
          Effect.provideContext(scene.context),
        )
        assert.deepStrictEqual(scene.read(anna), before)
        assert.notInclude(before.join(), "two@example.com")
        const held = yield* scene.pools.held(anna)
        assert.strictEqual(held.find(({ mark }) => mark !== null)?.mark?.status, "good")
        assert.deepStrictEqual(
          held.filter(({ mark }) => mark === null).map(({ item }) => item.key),
          [...left],
        )
        assert.strictEqual((yield* scene.pools.stock("vk")).available, 1 - left.length)
      }),
    )
  }
})
