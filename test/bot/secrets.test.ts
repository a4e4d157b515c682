/** What is in an item stands in its holder's chat and in the journal, and nowhere else. */
import { assert, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Fiber, Layer, Logger, References, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { layer as Notices } from "../../src/bot/Notices.ts"
import { layer as TimerNotices } from "../../src/bot/TimerNotices.ts"
import { layer as TodoNotices } from "../../src/bot/TodoNotices.ts"
import { Reminders } from "../../src/bot/Reminders.ts"
import { WaitNotices } from "../../src/bot/WaitNotices.ts"
import { ItemId } from "../../src/domain/Item.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { buttonsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anItem, anna, boris, chief, deputy } from "./Scene.ts"

const secret = /login-of|secret-of|extra-of|cell-of/

const anySecret = (name: string) =>
  anItem("vk", name, {
    key: `login-of-${name}`,
    fields: { login: `login-of-${name}`, password: `secret-of-${name}` },
    extras: [{ header: "Почта", text: `extra-of-${name}` }],
    origin: { tab: "ВКонтакте", header: [], cells: [{ value: `cell-of-${name}` }] },
  })

/** Everything that can be logged or traced, failures included. */
const watched = () => {
  const seen: Array<string> = []
  const note = (value: unknown) => void seen.push(typeof value === "string" ? value : text(value))
  const logger = Logger.make(({ message, cause, fiber }) => {
    note(message)
    note(Cause.pretty(cause))
    note(fiber.getRef(References.CurrentLogAnnotations))
  })
  class Watched extends Tracer.NativeSpan {
    override attribute(key: string, value: unknown) {
      note({ key, value })
      super.attribute(key, value)
    }
    override end(at: bigint, exit: Exit.Exit<unknown, unknown>) {
      note(this.name)
      if (Exit.isFailure(exit)) note(Cause.pretty(exit.cause))
      super.end(at, exit)
    }
  }
  const layer = Layer.mergeAll(
    Logger.layer([logger]),
    Layer.succeed(References.MinimumLogLevel, "Trace"),
    Layer.succeed(Tracer.Tracer, Tracer.make({ span: (options) => new Watched(options) })),
  )
  return { seen, layer }
}

const text = (value: unknown) => JSON.stringify(value) ?? String(value)

it.effect("no value of an item reaches a log, a span, an admin, an answer or a button", () => {
  const { seen, layer } = watched()
  return Effect.gen(function* () {
    const scene = yield* Scene.make({ pendingLimit: 5 })
    const loops = Layer.mergeAll(
      Notices,
      TodoNotices,
      TimerNotices,
      Reminders.layerLoop,
      WaitNotices.layerLoops,
    ).pipe(Layer.provideMerge(Layer.mergeAll(Reminders.layer, WaitNotices.layer, CaughtUp.layer)))
    const running = yield* Layer.build(loops).pipe(Effect.provideContext(scene.context))
    yield* Context.get(running, CaughtUp).open
    const items = ["a", "b", "c", "d"].map(anySecret)
    const again = { ...anySecret("a"), id: ItemId.make("claim-again") }
    yield* scene.load("vk", ...items, again)
    yield* scene.fromMenu(anna, "VK", "495")
    scene.telegram.fail("edit", { _tag: "Unsure" }, { chatId: anna })
    yield* scene.tap(anna, "2")
    yield* Deliveries.use(({ redeliver }) => redeliver).pipe(Effect.provideContext(scene.context))
    scene.telegram.fail("edit", {
      _tag: "Rejected",
      code: 400,
      description: "Bad Request: can't parse entities: secret-of-a",
    })
    yield* scene.press(anna, "1 ⛔ Блок", "📋 1").pipe(Effect.exit)
    yield* Deliveries.use(({ redeliver }) => redeliver).pipe(Effect.provideContext(scene.context))
    const held = yield* scene.pools.held(anna)
    const [marked, pending] = [
      held.find(({ mark }) => mark !== null)?.id,
      held.find(({ mark }) => mark === null)?.id,
    ]
    if (marked === undefined || pending === undefined) return assert.fail("two are held")
    const target = { resource: "vk", issuance: marked }
    yield* scene.say(boris, "/menu")
    for (const tag of ["Undo", "Change", "Replace", "Decline", "Why", "WhyOff"] as const) {
      yield* scene.tapAction(boris, scene.last(boris).messageId, { _tag: tag, ...target })
    }
    scene.disk.failing = true
    yield* scene.tapAction(anna, 1, { _tag: "Mark", ...target, status: "good" })
    yield* scene.tapAction(anna, 1, { _tag: "Mark", ...target, issuance: pending, status: "good" })
    yield* TestClock.adjust("5 seconds")
    scene.disk.failing = false
    yield* TestClock.adjust("8 minutes")
    assert.include(scene.read(anna).join(), "отметится само")
    const wait = { resource: "vk", targets: 0, region: "495", variant: null, quantity: 1 } as const
    yield* scene.tapAction(boris, scene.last(boris).messageId, { _tag: "Wait", ...wait })
    yield* scene.load("vk", anySecret("e"))
    yield* TestClock.adjust("12 minutes")
    assert.include(scene.read(boris).join(), "Появилось: VK")
    yield* scene.pools.tell("vk", { _tag: "Expire" })
    const tap = yield* Effect.forkChild(scene.say(anna, "/my"))
    yield* TestClock.adjust("1 minute")
    yield* Fiber.join(tap)
    yield* scene.tap(anna, "🕘 История")

    assert.include(scene.read(anna).join(), "login-of-a")
    assert.isAbove(seen.length, 100)
    assert.include(seen.join(), "the journal refuses")
    for (const line of seen) assert.notMatch(line, secret)
    for (const person of [boris, chief, deputy]) {
      assert.notMatch(scene.read(person).join(), secret)
    }
    assert.include(scene.read(chief).join(), "повтор: такое уже есть")
    assert.notMatch(text(scene.telegram.answers), secret)
    const data = scene.telegram
      .chat(anna)
      .flatMap(({ screen }) => buttonsOf(screen))
      .flatMap((button) => (button.kind === "tap" ? [button.data, button.text] : [button.text]))
    assert.isAbove(data.length, 5)
    return assert.notMatch(data.join(), secret)
  }).pipe(Effect.provide(layer))
})
