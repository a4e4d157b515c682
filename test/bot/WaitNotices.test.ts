/** «Сообщить, когда появится»: who is told of what, in which order, and when it is over. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../src/access/Regions.ts"
import { Whitelist } from "../../src/access/Whitelist.ts"
import type { Action } from "../../src/bot/buttons.ts"
import { WaitNotices } from "../../src/bot/WaitNotices.ts"
import { Waitlist } from "../../src/bot/Waitlist.ts"
import { waitsMax } from "../../src/config/Limits.ts"
import { Day } from "../../src/domain/Day.ts"
import type { TelegramId } from "../../src/domain/Employee.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anItem, anna, aNumber, boris, chief } from "./Scene.ts"

/** 14:22 in Moscow. */
const afternoon = Date.UTC(2026, 10, 22, 11, 22)
const tell = "🔔 Сообщить, когда появится"

const withWaitNotices = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  const context = yield* WaitNotices.layer.pipe(Layer.build, Effect.provideContext(scene.context))
  const tellDue = Context.get(context, WaitNotices).tellDue
  const waiting = (who: TelegramId) =>
    Waitlist.use((waits) => waits.of(who)).pipe(Effect.provideContext(scene.context))
  return { ...scene, waitingContext: context, tellDue, waiting }
})

type Scene = Effect.Success<ReturnType<typeof withWaitNotices>>

const atNoon = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  yield* TestClock.setTime(afternoon)
  return yield* withWaitNotices(options)
})

/** Asks for what there is none of, up to the screen that says so. */
const askInVain = Effect.fnUntraced(function* (
  scene: Scene,
  who: TelegramId,
  steps: ReadonlyArray<string>,
) {
  yield* scene.fromMenu(who, ...steps.slice(0, -1))
  yield* scene.tapInVain(who, steps.at(-1) ?? "")
})

const waitFor = Effect.fnUntraced(function* (
  scene: Scene,
  who: TelegramId,
  ...steps: ReadonlyArray<string>
) {
  yield* askInVain(scene, who, steps)
  yield* scene.tap(who, tell)
})

const vk = (...names: ReadonlyArray<string>) => names.map((name) => anItem("vk", name))

describe("a wait", () => {
  it.effect("begins under what says that there is none, and says until when", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "812", "3")
      assert.strictEqual(
        scene.lastText(anna),
        "Сообщу, когда появится: VK › 812. Жду до 23.11.2026 14:22.",
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["✕ Не ждать"], ["☰ Меню"]])
      assert.lengthOf(scene.telegram.chat(anna), 1)
      yield* scene.tellDue
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  it.effect("ends with one message, from which one tap asks for the same", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "812", "3")
      yield* scene.load("vk", ...vk("a", "b"))
      yield* scene.tellDue
      yield* scene.tellDue
      assert.strictEqual(
        scene.lastText(anna),
        "🔔 Появилось: VK › 812\n\nСейчас есть 2 из 3. За вами это не закреплено: нажмите, пока не разобрали.",
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [["Взять, что есть"], ["☰ Меню"]])
      assert.isUndefined(scene.last(anna).silent)
      assert.lengthOf(scene.telegram.chat(anna), 2)
      assert.deepStrictEqual(yield* scene.waiting(anna), [])
      const { messageId, data } = scene.find(anna, "Взять, что есть")
      yield* scene.tapData(anna, messageId, data)
      yield* scene.tapData(anna, messageId, data)
      assert.lengthOf(yield* scene.pools.held(anna), 2)
      assert.strictEqual(scene.last(anna).messageId, messageId)
      assert.match(scene.lastText(anna), /^VK › 812 › 2 шт\.\n\nВыдано 2 из 3/)
    }),
  )

  it.effect("is offered for the rest where there was less than asked for", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* scene.load("vk", ...vk("a", "b"))
      yield* scene.fromMenu(anna, "VK", "812", "5")
      const goods = scene.last(anna).messageId
      const { data } = scene.find(anna, tell)
      yield* scene.tap(anna, tell)
      // The goods stay where they are.
      assert.notStrictEqual(scene.last(anna).messageId, goods)
      assert.match(scene.lastText(anna), /^Сообщу, когда появится: VK › 812\./)
      yield* scene.tapData(anna, goods, data)
      assert.lengthOf(yield* scene.waiting(anna), 1)
      yield* TestClock.adjust("1 second")
      yield* scene.load("vk", ...vk("c", "d", "e", "f"))
      yield* scene.tellDue
      yield* scene.tellDue
      yield* scene.tap(anna, "Взять 3 шт.")
      assert.lengthOf(yield* scene.pools.held(anna), 5)
    }),
  )

  it.effect("is told by itself when stock is loaded, and by the clock at midnight", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* WaitNotices.layerLoops.pipe(
        Layer.provideMerge(CaughtUp.layer),
        Layer.build,
        Effect.tap((context) => Context.get(context, CaughtUp).open),
        Effect.provideContext(Context.merge(scene.context, scene.waitingContext)),
      )
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* waitFor(scene, boris, "Номера", "⬜ Табор", "Далее ›", "495", "1")
      yield* scene.load("vk", ...vk("a"))
      yield* scene.load("number", aNumber("79000000001", Day.make("2026-11-23")))
      yield* TestClock.adjust("1 millis")
      assert.include(scene.lastText(anna), "🔔 Появилось: VK › 495")
      assert.match(scene.lastText(boris), /^Сообщу, когда появится: Номера › Табор › 495/)
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 21, 0))
      yield* TestClock.adjust("15 seconds")
      assert.include(scene.lastText(boris), "🔔 Появилось: Номера › Табор › 495")
    }),
  )

  it.effect("has the stock looked after", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "1")
      const { wantStock } = Context.get(scene.waitingContext, WaitNotices)
      // What the tap itself wished for.
      yield* Effect.andThen(scene.pools.wanted, ({ done }) => done)
      const wanting = yield* Effect.forkChild(wantStock, { startImmediately: true })
      const { resource, done } = yield* scene.pools.wanted
      assert.strictEqual(resource, "vk")
      yield* done
      yield* Fiber.join(wanting)
    }),
  )

  it.effect("for a variant and for any, each for what fits it", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "Mamba", "495", "1", "Ж")
      yield* waitFor(scene, boris, "Mamba", "495", "1", "Любой")
      yield* scene.load("mamba", "m1")
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу, когда появится: Mamba › 495 › Ж\./)
      assert.match(scene.lastText(boris), /^🔔 Появилось: Mamba › 495 › Любой/)
      yield* scene.load("mamba", anItem("mamba", "other", { variant: "female", region: "812" }))
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      yield* scene.load("mamba", anItem("mamba", "f1", { variant: "female" }))
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось: Mamba › 495 › Ж/)
    }),
  )

  it.effect("for a paused pool is over when that works again", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* scene.load("vk", ...vk("a"))
      yield* scene.fromMenu(anna, "VK", "495")
      yield* scene.pools.manage("vk", { _tag: "Pause", note: "делим склад", admin: chief })
      yield* scene.tap(anna, "1")
      assert.include(scene.lastText(anna), "Причина: делим склад")
      yield* scene.tap(anna, tell)
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      yield* scene.pools.manage("vk", { _tag: "Resume", admin: chief })
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось: VK › 495/)
    }),
  )

  it.effect("ends silently with an issue of the same, and of nothing else", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "812", "1")
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* TestClock.adjust("1 second")
      yield* scene.load("vk", ...vk("a"))
      yield* scene.fromMenu(anna, "VK", "495", "1")
      assert.deepStrictEqual(
        (yield* scene.waiting(anna)).map(({ region }) => region),
        ["812"],
      )
      const messages = scene.telegram.chat(anna).length
      yield* scene.tellDue
      assert.lengthOf(scene.telegram.chat(anna), messages)
    }),
  )

  it.effect("ends after a day with a message that offers another one", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "812", "2")
      yield* TestClock.setTime(afternoon + 24 * 3_600_000)
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      yield* TestClock.adjust("10 seconds")
      yield* scene.tellDue
      yield* scene.tellDue
      assert.strictEqual(scene.lastText(anna), "За сутки не появилось: VK › 812. Больше не жду.")
      assert.isTrue(scene.last(anna).silent)
      assert.lengthOf(scene.telegram.chat(anna), 2)
      assert.deepStrictEqual(yield* scene.waiting(anna), [])
      yield* scene.tap(anna, "🔔 Ждать ещё сутки")
      assert.match(
        scene.lastText(anna),
        /^Сообщу, когда появится: VK › 812\. Жду до 24\.11\.2026 14:22\./,
      )
      yield* scene.load("vk", ...vk("a", "b"))
      yield* scene.tellDue
      assert.include(labelsOf(scene.last(anna).screen).flat(), "Взять 2 шт.")
    }),
  )
})

describe("the line", () => {
  it.effect("two people, one item: who asked first is told, the other after a while", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, boris, "VK", "495", "1")
      yield* waitFor(scene, anna, "VK", "812", "1")
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      yield* TestClock.adjust("4 minutes")
      yield* scene.tellDue
      assert.match(scene.lastText(boris), /^🔔 Появилось/)
      assert.match(scene.lastText(anna), /^Сообщу/)
      yield* TestClock.adjust("1 minute")
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось/)
      // Nobody kept it for anybody.
      yield* scene.tap(anna, "Взять 1 шт.")
      yield* scene.tapInVain(boris, "Взять 1 шт.")
      assert.include(scene.lastText(anna), "a@example.com")
      assert.match(scene.lastText(boris), /сейчас нет свободных/)
      assert.include(labelsOf(scene.last(boris).screen).flat(), tell)
    }),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`the other is told after a while, with the clock set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const scene = yield* atNoon()
          yield* waitFor(scene, boris, "VK", "495", "1")
          yield* waitFor(scene, anna, "VK", "812", "1")
          yield* scene.load("vk", ...vk("a"))
          yield* scene.tellDue
          yield* step(by)
          yield* TestClock.adjust("4 minutes")
          yield* scene.tellDue
          assert.match(scene.lastText(anna), /^Сообщу/)
          yield* TestClock.adjust("1 minute")
          yield* scene.tellDue
          assert.match(scene.lastText(anna), /^🔔 Появилось/)
        }),
      ),
    )
  }

  it.effect("whoever took some leaves the rest to the next one at once", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, boris, "VK", "495", "2")
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* scene.load("vk", ...vk("a", "b"))
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      yield* TestClock.adjust("1 second")
      yield* scene.load("vk", ...vk("c"))
      yield* scene.tap(boris, "Взять 2 шт.")
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось/)
    }),
  )

  it.effect("as many are told as there are items for, each with what he asked for", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "2")
      yield* waitFor(scene, boris, "VK", "495", "5")
      yield* waitFor(scene, chief, "VK", "495", "1")
      yield* scene.load("vk", ...vk("a", "b", "c"))
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось: VK › 495\n\nЗа вами это не закреплено/)
      assert.match(scene.lastText(boris), /Сейчас есть 1 из 5/)
      assert.match(scene.lastText(chief), /^Сообщу/)
      yield* scene.load("vk", ...vk("d", "e"))
      yield* scene.tellDue
      assert.match(scene.lastText(chief), /^Сообщу/)
      yield* scene.load("vk", ...vk("f", "g", "h"))
      yield* scene.tellDue
      assert.match(scene.lastText(chief), /^🔔 Появилось/)
    }),
  )

  it.effect("asking again keeps the place, and takes the new quantity", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* waitFor(scene, boris, "VK", "495", "1")
      yield* waitFor(scene, anna, "VK", "495", "2")
      assert.lengthOf(yield* scene.waiting(anna), 1)
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      assert.include(labelsOf(scene.last(anna).screen).flat(), "Взять, что есть")
      assert.match(scene.lastText(boris), /^Сообщу/)
    }),
  )
})

describe("who is not told", () => {
  it.effect("whoever lost access; his waits go", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* waitFor(scene, boris, "VK", "495", "1")
      yield* Whitelist.use((whitelist) => whitelist.remove(anna)).pipe(
        Effect.provideContext(scene.context),
      )
      const before = scene.read(anna)
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      assert.deepStrictEqual(scene.read(anna), before)
      assert.deepStrictEqual(yield* scene.waiting(anna), [])
      assert.match(scene.lastText(boris), /^🔔 Появилось/)
    }),
  )

  it.effect("whoever waits no more", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* scene.tap(anna, "✕ Не ждать")
      assert.strictEqual(scene.lastText(anna), "Больше не жду: VK › 495.")
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      assert.lengthOf(scene.telegram.chat(anna), 1)
    }),
  )

  it.effect("anybody about a region that is gone, until it is there again", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      const regions = Context.get(scene.context, Regions)
      yield* waitFor(scene, anna, "VK", "812", "1")
      yield* regions.remove("812")
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      yield* regions.add("812")
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось/)
    }),
  )

  for (const [what, reason, applied, told] of [
    ["who stopped the bot has left the line", { _tag: "Blocked" }, false, 0],
    ["of whom nobody knows counts as told", { _tag: "Unsure" }, true, 1],
  ] as const) {
    it.effect(`${what}: once and never again`, () =>
      Effect.gen(function* () {
        const scene = yield* atNoon()
        yield* waitFor(scene, anna, "VK", "495", "1")
        yield* scene.load("vk", ...vk("a"))
        scene.telegram.fail("send", reason, { applied })
        yield* scene.tellDue
        yield* TestClock.adjust("10 minutes")
        yield* scene.tellDue
        assert.lengthOf(scene.telegram.chat(anna), 1 + told)
        assert.deepStrictEqual(yield* scene.waiting(anna), [])
      }),
    )
  }

  it.effect("who stopped the bot keeps nothing back from the next in line", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* waitFor(scene, boris, "VK", "495", "1")
      yield* scene.load("vk", ...vk("a"))
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: anna })
      yield* scene.tellDue
      yield* scene.tellDue
      assert.match(scene.lastText(boris), /^🔔 Появилось/)
    }),
  )

  it.effect("a message that was put off is tried again, in the same place", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "495", "1")
      yield* waitFor(scene, boris, "VK", "495", "1")
      yield* scene.load("vk", ...vk("a"))
      const wait = { _tag: "Conflict" } as const
      scene.telegram.fail("send", wait, { chatId: anna })
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      assert.match(scene.lastText(boris), /^Сообщу/)
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось/)
      assert.match(scene.lastText(boris), /^Сообщу/)
    }),
  )
})

describe("waits and the disk", () => {
  it.effect("outlive a restart, rank and all", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* TestClock.setTime(afternoon)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withWaitNotices({ disk, telegram })
          yield* waitFor(scene, boris, "VK", "495", "1")
          yield* waitFor(scene, anna, "VK", "495", "1")
        }),
      )
      const scene = yield* withWaitNotices({ disk, telegram })
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      assert.match(scene.lastText(boris), /^🔔 Появилось/)
      assert.match(scene.lastText(anna), /^Сообщу/)
    }),
  )

  it.effect("whose message was under way when the bot stopped are not told twice", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* TestClock.setTime(afternoon)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* withWaitNotices({ disk, telegram })
          yield* waitFor(scene, anna, "VK", "495", "1")
          yield* scene.load("vk", ...vk("a"))
          telegram.hang("send")
          const telling = yield* Effect.forkChild(scene.tellDue, { startImmediately: true })
          assert.lengthOf(telegram.chat(anna), 1)
          yield* Fiber.interrupt(telling)
        }),
      )
      const scene = yield* withWaitNotices({ disk, telegram })
      yield* scene.tellDue
      assert.lengthOf(telegram.chat(anna), 1)
      assert.deepStrictEqual(yield* scene.waiting(anna), [])
    }),
  )

  it.effect("that refuses: nothing begins, nobody is told, and later both", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* askInVain(scene, anna, ["VK", "495", "1"])
      scene.disk.failing = true
      const [answer] = yield* scene.tap(anna, tell)
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает\. Ничего не выдано/)
      scene.disk.failing = false
      yield* scene.tap(anna, tell)
      yield* scene.load("vk", ...vk("a"))
      scene.disk.failing = true
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^Сообщу/)
      scene.disk.failing = false
      yield* scene.tellDue
      assert.match(scene.lastText(anna), /^🔔 Появилось/)
    }),
  )
})

describe("buttons of waits", () => {
  it.effect("«Мои выдачи» lists them, each with a way to end it", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "812", "1")
      yield* TestClock.adjust("1 hour")
      yield* waitFor(scene, anna, "Mamba", "Крым", "2", "Ж")
      yield* scene.say(anna, "/my")
      assert.strictEqual(
        scene.lastText(anna),
        [
          "Мои выдачи",
          "",
          "Жду появления: 2",
          "🔔 VK › 812, до 14:22 завтра",
          "🔔 Mamba › Крым › Ж, до 15:22 завтра",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen), [
        ["✕ Не ждать: VK › 812"],
        ["✕ Не ждать: Mamba › Крым › Ж"],
        ["🕘 История", "☰ Меню"],
      ])
      yield* scene.tap(anna, "✕ Не ждать: VK › 812")
      assert.match(scene.lastText(anna), /^Мои выдачи\n\nЖду появления: 1\n🔔 Mamba/)
      yield* scene.tap(anna, "✕ Не ждать: Mamba › Крым › Ж")
      assert.match(scene.lastText(anna), /^За последние сутки у вас ничего нет/)
    }),
  )

  it.effect("nobody waits for more than a few things", () =>
    Effect.gen(function* () {
      const regions = Array.from({ length: waitsMax + 1 }, (_, place) => `Р${place}`)
      const scene = yield* atNoon({ regions: Regions.layerTest(...regions) })
      yield* scene.say(anna, "/menu")
      const { messageId } = scene.last(anna)
      const wait = (region: string): Action => ({
        _tag: "Wait",
        resource: "vk",
        targets: 0,
        region,
        variant: null,
        quantity: 1,
      })
      for (const region of regions.slice(0, waitsMax)) {
        yield* scene.tapAction(anna, messageId, wait(region))
      }
      const [refused] = yield* scene.tapAction(anna, messageId, wait(regions.at(-1) ?? ""))
      assert.isTrue(refused?.alert)
      assert.match(refused?.text ?? "", /^У вас уже 10 ожиданий.*Новое не добавлено/)
      assert.isAtMost(refused?.text?.length ?? 0, 200)
      assert.lengthOf(yield* scene.waiting(anna), waitsMax)
      // One that is waited for already is no further one.
      const [again] = yield* scene.tapAction(anna, messageId, wait("Р3"))
      assert.isUndefined(again?.text)
    }),
  )

  it.effect("forged: a wait of somebody else stands, and what nobody offers is stale", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon()
      yield* waitFor(scene, anna, "VK", "812", "1")
      yield* scene.say(boris, "/menu")
      const { messageId } = scene.last(boris)
      const kind = { resource: "vk", targets: 0, region: "812", variant: null } as const
      yield* scene.tapAction(boris, messageId, { _tag: "Unwait", ...kind, from: "my" })
      assert.lengthOf(yield* scene.waiting(anna), 1)
      for (const more of [
        { region: "gone" },
        { resource: "gone" },
        { targets: 1 },
        { resource: "mamba", variant: "other" },
        { resource: "number" },
      ]) {
        const wait = { _tag: "Wait", ...kind, quantity: 1, ...more } as const
        const [answer] = yield* scene.tapAction(boris, messageId, wait)
        assert.match(answer?.text ?? "", /^Кнопка устарела/)
      }
      assert.deepStrictEqual(yield* scene.waiting(boris), [])
    }),
  )

  it.effect("say the same in English", () =>
    Effect.gen(function* () {
      const scene = yield* atNoon({ language: "en" })
      yield* askInVain(scene, anna, ["VK", "495", "2"])
      yield* scene.tap(anna, "🔔 Tell me when there is some")
      yield* scene.say(anna, "/my")
      yield* scene.load("vk", ...vk("a"))
      yield* scene.tellDue
      const seen = scene.telegram
        .chat(anna)
        .flatMap(({ screen }) => [FakeTelegram.textOf(screen), ...labelsOf(screen).flat()])
      assert.include(seen.join("\n"), "Right now there is 1 of 2.")
      assert.notMatch(seen.join("\n"), /[А-Яа-яЁё]/)
    }),
  )
})
