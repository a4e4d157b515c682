/** Goods reach their holder once, whatever Telegram answers, and the journal knows what it knows. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { formatTime } from "../../src/domain/Day.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { textOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, noon, zone } from "./Scene.ts"

const readyToIssue = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "one", "two")
  yield* scene.fromMenu(anna, "VK", "495")
  return scene
})

const deliveryOf = (scene: Effect.Success<typeof readyToIssue>) =>
  Effect.map(scene.pools.held(anna), (held) =>
    held.map(({ delivery, confirmAt }) => `${delivery} ${formatTime(confirmAt, zone)}`),
  )

const redeliver = (scene: Effect.Success<typeof readyToIssue>) =>
  Effect.provideContext(
    Deliveries.use((deliveries) => deliveries.redeliver),
    scene.context,
  )

describe("deliveries", () => {
  it.effect("a refusal is recorded, and the next attempt shows the new deadline", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      scene.telegram.fail("edit", { _tag: "Blocked" }, { times: 2 })
      yield* scene.tap(anna, "1")
      assert.deepStrictEqual(yield* deliveryOf(scene), ["refused 12:10"])
      yield* TestClock.adjust("1 minute")
      yield* redeliver(scene)
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^refused/)
      yield* redeliver(scene)
      assert.deepStrictEqual(yield* deliveryOf(scene), ["delivered 12:11"])
      assert.include(scene.lastText(anna), "подтвердится сам в 12:11")
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  for (const applied of [true, false]) {
    it.effect(`no answer (${applied ? "shown" : "not shown"}): unsure, then delivered once`, () =>
      Effect.gen(function* () {
        const scene = yield* readyToIssue
        scene.telegram.fail("edit", { _tag: "Unsure" }, { applied })
        yield* scene.tap(anna, "1")
        assert.match((yield* deliveryOf(scene))[0] ?? "", /^unsure/)
        yield* redeliver(scene)
        assert.match((yield* deliveryOf(scene))[0] ?? "", /^delivered/)
        assert.lengthOf(scene.telegram.chat(anna), 1)
        const calls = scene.telegram.calls.length
        yield* redeliver(scene)
        assert.lengthOf(scene.telegram.calls, calls)
      }),
    )
  }

  it.effect("half an hour that Telegram asks for is kept to, and then the holder is told", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      const limited = { _tag: "RateLimited", retryAfter: Duration.minutes(30) } as const
      scene.telegram.fail("edit", limited)
      yield* scene.tap(anna, "1")
      const [calls, records] = [scene.telegram.calls.length, scene.disk.tables.seq]
      for (let minute = 0; minute < 29; minute += 1) {
        yield* TestClock.adjust("1 minute")
        yield* redeliver(scene)
        if (minute === 9) yield* scene.pools.tell("vk", { _tag: "Expire" })
      }
      assert.lengthOf(scene.telegram.calls, calls)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 2)
      assert.strictEqual(scene.disk.tables.seq, records + 1, "nothing but the way back to stock")
      yield* TestClock.adjust("1 minute")
      yield* redeliver(scene)
      assert.include(scene.lastText(anna), "Показать выданное не удалось")
      assert.lengthOf(scene.telegram.calls, calls + 1)
      yield* TestClock.adjust("10 minutes")
      yield* redeliver(scene)
      assert.lengthOf(scene.telegram.calls, calls + 1)
    }),
  )

  it.effect("seen, then refused on the repeat: the item never goes back to stock", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      scene.telegram.fail("edit", { _tag: "Blocked" }, { applied: true, inDoubt: true })
      yield* scene.tap(anna, "1")
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^unsure/)
      yield* TestClock.adjust("11 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      assert.lengthOf(yield* scene.pools.held(anna), 1)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 1)
    }),
  )

  it.effect("seen, then deleted, and a new message refused: not back to stock either", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      scene.telegram.fail("edit", { _tag: "MessageGone" }, { inDoubt: true })
      scene.telegram.fail("send", { _tag: "Blocked" })
      yield* scene.tap(anna, "1")
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^unsure/)
    }),
  )

  it.effect("a deleted message is replaced by a new one", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      const { messageId, data } = scene.find(anna, "1")
      scene.telegram.chat(anna).splice(0)
      yield* scene.tapData(anna, messageId, data)
      assert.include(scene.lastText(anna), "one@example.com")
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^delivered/)
      // Its buttons work although it is not the message of the request.
      yield* scene.tap(anna, "✅ Хороший")
      assert.include(scene.lastText(anna), "✅ Хороший")
    }),
  )

  it.effect("an attempt that is broken off is unsure", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      scene.telegram.hang("edit")
      const tap = yield* Effect.forkChild(scene.tap(anna, "1"), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^attempting/)
      yield* Fiber.interrupt(tap)
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^unsure/)
    }),
  )
})

describe("a copy of a batch", () => {
  const withCopy = Effect.gen(function* () {
    const scene = yield* readyToIssue
    yield* scene.tap(anna, "1")
    yield* scene.say(anna, "/my")
    yield* scene.tap(anna, "📄 VK › 495 · 12:00")
    const [own, , copy] = scene.telegram.chat(anna)
    const expire = Effect.gen(function* () {
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      const [held] = yield* scene.pools.held(anna)
      yield* Deliveries.use(({ show }) => show("vk", held!.request)).pipe(
        Effect.provideContext(scene.context),
      )
    })
    return { scene, own, copy, expire }
  })

  it.effect("says with the batch's own message what became of it", () =>
    Effect.gen(function* () {
      const { scene, own, copy, expire } = yield* withCopy
      yield* expire
      const shown = scene.telegram
        .chat(anna)
        .filter(({ screen }) => textOf(screen).includes("✅ Хороший (сам)"))
      assert.deepStrictEqual(
        shown.map(({ messageId }) => messageId),
        [own?.messageId, copy?.messageId],
      )
      assert.lengthOf(scene.telegram.chat(anna), 3)
    }),
  )

  it.effect("says so too where that message was deleted", () =>
    Effect.gen(function* () {
      const { scene, expire } = yield* withCopy
      scene.telegram.chat(anna).splice(0, 1)
      yield* expire
      assert.include(scene.lastText(anna), "✅ Хороший (сам)")
    }),
  )
})

describe("an item with a value that is longer than a message", () => {
  const value = `начало ${"я".repeat(49_980)} конец`
  const issued = Effect.gen(function* () {
    const scene = yield* Scene.make()
    yield* TestClock.setTime(noon)
    yield* scene.load(
      "vk",
      Scene.anItem("vk", "long", { extras: [{ header: "Куки", text: value }] }),
      "short",
    )
    yield* scene.fromMenu(anna, "VK", "495")
    return scene
  })
  const filesOf = (scene: Effect.Success<typeof issued>) =>
    scene.telegram.chat(anna).flatMap(({ document }) => (document === undefined ? [] : [document]))
  const whole = `1.\nЛогин: long@example.com\nПароль: secret-long\nКуки: ${value}\n`

  it.effect("comes with a file that has it whole, once", () =>
    Effect.gen(function* () {
      const scene = yield* issued
      yield* scene.tap(anna, "2")
      assert.deepStrictEqual(filesOf(scene), [{ name: "vk.txt", text: whole }])
      const [message] = scene.telegram.chat(anna)
      assert.include(textOf(message!.screen), "целиком они в файле ниже")
      assert.include(textOf(message!.screen), "secret-short")
      yield* scene.tap(anna, "1 ✅ Хороший")
      yield* redeliver(scene)
      assert.lengthOf(filesOf(scene), 1)
    }),
  )

  it.effect("comes with the file when the message does, and once more with a copy", () =>
    Effect.gen(function* () {
      const scene = yield* issued
      scene.telegram.fail("edit", { _tag: "Blocked" })
      yield* scene.tap(anna, "1")
      assert.deepStrictEqual(filesOf(scene), [])
      scene.telegram.fail("sendDocument", { _tag: "Unsure" }, { applied: false })
      yield* redeliver(scene)
      assert.match((yield* deliveryOf(scene))[0] ?? "", /^delivered/)
      assert.deepStrictEqual(filesOf(scene), [])
      yield* scene.say(anna, "/my")
      yield* scene.tap(anna, "📄 VK › 495 · 12:00")
      assert.deepStrictEqual(filesOf(scene), [{ name: "vk.txt", text: whole }])
      yield* redeliver(scene)
      assert.lengthOf(filesOf(scene), 1)
    }),
  )

  it.effect("comes with the next round where Telegram did not take it, and then once", () =>
    Effect.gen(function* () {
      const scene = yield* issued
      const rejected = { _tag: "Rejected", code: 400, description: "Bad Request" } as const
      scene.telegram.fail("sendDocument", { _tag: "Unsure" }, { applied: false })
      yield* scene.tap(anna, "1")
      assert.deepStrictEqual(filesOf(scene), [])
      scene.telegram.fail("sendDocument", rejected)
      yield* redeliver(scene)
      assert.deepStrictEqual(filesOf(scene), [])
      for (let round = 0; round < 3; round += 1) yield* redeliver(scene)
      assert.deepStrictEqual(filesOf(scene), [{ name: "vk.txt", text: whole }])
    }),
  )

  it.effect("is not sent again to somebody who has stopped the bot", () =>
    Effect.gen(function* () {
      const scene = yield* issued
      scene.telegram.fail("sendDocument", { _tag: "Blocked" })
      yield* scene.tap(anna, "1")
      yield* redeliver(scene)
      assert.deepStrictEqual(filesOf(scene), [])
    }),
  )

  it.effect("does not come late to somebody who has the item no longer", () =>
    Effect.gen(function* () {
      const scene = yield* issued
      scene.telegram.fail("sendDocument", { _tag: "Unsure" }, { applied: false })
      yield* scene.tap(anna, "1")
      const [held] = yield* scene.pools.held(anna)
      yield* scene.pools.manage("vk", { _tag: "SetAside", id: held!.id, admin: chief })
      yield* Effect.provideContext(
        Deliveries.use((deliveries) => deliveries.show("vk", held!.request)),
        scene.context,
      )
      yield* redeliver(scene)
      assert.deepStrictEqual(filesOf(scene), [])
    }),
  )

  it.effect("goes with its file when it is taken from its holder", () =>
    Effect.gen(function* () {
      const scene = yield* issued
      yield* scene.tap(anna, "1")
      assert.lengthOf(filesOf(scene), 1)
      const [held] = yield* scene.pools.held(anna)
      yield* scene.pools.manage("vk", { _tag: "SetAside", id: held!.id, admin: chief })
      yield* Effect.provideContext(
        Deliveries.use((deliveries) => deliveries.show("vk", held!.request)),
        scene.context,
      )
      assert.deepStrictEqual(filesOf(scene), [])
      assert.notInclude(scene.lastText(anna), "secret-long")
    }),
  )
})

describe("deliveries after trouble", () => {
  it.effect("after a restart the same tap and the redelivery show the same item", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const button = yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* Scene.make({ disk, telegram })
          yield* scene.load("vk", "one", "two")
          yield* scene.fromMenu(anna, "VK", "495")
          const found = scene.find(anna, "1")
          yield* scene.pools.ask("vk", {
            _tag: "Issue",
            message: { chatId: anna, messageId: found.messageId },
            variant: null,
            region: "495",
            targets: [],
            quantity: 1,
            by: anna,
            stage: "anna",
          })
          return found
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      yield* redeliver(scene)
      assert.include(scene.lastText(anna), "one@example.com")
      yield* scene.tapData(anna, button.messageId, button.data)
      assert.deepStrictEqual(
        (yield* scene.pools.held(anna)).map(({ item }) => item.key),
        ["one@example.com"],
      )
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  it.effect("what was refused is not shown while the disk cannot note the attempt", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      scene.telegram.fail("edit", { _tag: "Blocked" })
      yield* scene.tap(anna, "1")
      scene.disk.failing = true
      yield* redeliver(scene)
      assert.notInclude(scene.read(anna).join(), "one@example.com")
    }),
  )

  it.effect("what went back to stock is told of, and asking again takes another message", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      const { messageId, data } = scene.find(anna, "1")
      scene.telegram.fail("edit", { _tag: "Blocked" })
      yield* scene.tapData(anna, messageId, data)
      yield* TestClock.adjust("10 minutes")
      yield* scene.pools.tell("vk", { _tag: "Expire" })
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 2)
      yield* scene.tapData(anna, messageId, data)
      assert.match(scene.lastText(anna), /^Показать выданное не удалось/)
      assert.deepStrictEqual(yield* scene.pools.held(anna), [])
      yield* scene.press(anna, "☰ Меню", "VK", "495", "1")
      assert.include(scene.lastText(anna), "one@example.com")
    }),
  )

  it.effect(
    "attempts for one message come one after the other, the last with the newest state",
    () =>
      Effect.gen(function* () {
        const scene = yield* readyToIssue
        yield* scene.tap(anna, "1")
        const [issuance] = yield* scene.pools.held(anna)
        if (issuance === undefined) return assert.fail("nothing was issued")
        const { release } = scene.telegram.hang("edit")
        const deliveries = Context.get(scene.context, Deliveries)
        const slow = yield* Effect.forkChild(deliveries.show("vk", issuance.request), {
          startImmediately: true,
        })
        const tap = yield* Effect.forkChild(scene.tap(anna, "✅ Хороший"), {
          startImmediately: true,
        })
        yield* TestClock.adjust("1 second")
        yield* release
        yield* Fiber.join(slow)
        yield* Fiber.join(tap)
        assert.include(scene.lastText(anna), "✅ Хороший")
        return assert.strictEqual(scene.last(anna).edits, 5)
      }),
  )

  it.effect("a late answer says nothing about an item that was handed to somebody else", () =>
    Effect.gen(function* () {
      const scene = yield* readyToIssue
      const slow = scene.telegram.hang("edit")
      const tap = yield* Effect.forkChild(scene.tap(anna, "1"), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      const [issuance] = yield* scene.pools.held(anna)
      if (issuance === undefined) assert.fail("nothing was issued")
      yield* scene.pools.manage("vk", {
        _tag: "Transfer",
        id: issuance.id,
        message: { chatId: boris, messageId: 77 },
        to: boris,
        stage: "boris",
        admin: chief,
      })
      yield* slow.release
      yield* Fiber.join(tap)
      const given = yield* scene.pools.held(boris)
      assert.deepStrictEqual(
        given.map(({ id, delivery }) => [id, delivery]),
        [[issuance.id, "attempting"]],
      )
    }),
  )
})
