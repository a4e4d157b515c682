/** A proxy's address and login stand in its taker's chat and in the journal, and nowhere else. */
import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, References, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { layer as ProxyNotices } from "../../src/bot/ProxyNotices.ts"
import { buttonsOf } from "./FakeTelegram.ts"
import { line, afternoon } from "./proxyFixtures.ts"
import * as Scene from "./Scene.ts"
import { anna, boris, chief, deputy } from "./Scene.ts"

const secret = /192\.0\.2\.[1-9]|user-[1-9]|secret-[1-9]/

/** Everything that can be logged or traced, failures included. */
const watched = () => {
  const seen: Array<string> = []
  const note = (value: unknown) =>
    void seen.push(typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)))
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

it.effect("nothing of a proxy reaches a log, a span, another person, an answer or a button", () => {
  const { seen, layer } = watched()
  return Effect.gen(function* () {
    const scene = yield* Scene.make()
    yield* TestClock.setTime(afternoon)
    const notices = Effect.andThen(
      Layer.build(ProxyNotices).pipe(Effect.provideContext(scene.context)),
      TestClock.adjust("1 minute"),
    )
    yield* scene.fromMenu(anna, "Прокси", "Добавить прокси", "HTTP")
    scene.disk.failing = true
    yield* scene.say(anna, line(1))
    scene.disk.failing = false
    scene.telegram.fail("remove", {
      _tag: "Rejected",
      code: 400,
      description: "Bad Request: message can't be removed",
    })
    yield* scene.say(anna, `${line(1)}\n192.0.2.2:0:user-2:secret-2\n${line(3)}`)
    const adding = scene.read(anna).join("\n")
    yield* scene.press(anna, "Далее ›", "Далее ›", "🇦🇱 Албания")
    yield* scene.say(anna, line(4))
    yield* scene.press(anna, "5 дней, до 27.11.2026")
    assert.notMatch(adding + scene.read(anna).join("\n"), secret)

    const list = ["Прокси", "Получить прокси", "⬜ VK", "Показать свободные ›", "🇦🇱 Албания: 2"]
    yield* scene.fromMenu(boris, ...list, "HTTP 192.0.2.x:8080 · 5 дней")
    const take = scene.find(boris, "Получить")
    yield* scene.tapData(anna, take.messageId, take.data)
    scene.telegram.fail("edit", { _tag: "Unsure" }, { chatId: boris })
    yield* scene.tap(boris, "Получить")
    assert.notMatch(scene.read(boris).join("\n"), secret)
    yield* Effect.scoped(notices)
    assert.match(scene.read(boris).join("\n"), secret)
    yield* scene.say(boris, "/my")
    yield* TestClock.setTime(afternoon + 4 * 86_400_000)
    yield* Effect.scoped(notices)
    assert.include(scene.lastText(boris), "Ваш прокси скоро закончится")

    assert.isAbove(seen.length, 10)
    assert.include(seen.join(), "a message about a proxy was not shown")
    for (const text of seen) assert.notMatch(text, secret)
    for (const person of [anna, chief, deputy]) {
      assert.notMatch(scene.read(person).join("\n"), secret)
    }
    assert.notMatch(JSON.stringify(scene.telegram.answers), secret)
    const buttons = [anna, boris]
      .flatMap((person) => scene.telegram.chat(person))
      .flatMap(({ screen }) => buttonsOf(screen))
      .map((button) => (button.kind === "tap" ? button.data + button.text : button.text))
    assert.isAbove(buttons.length, 5)
    assert.notMatch(buttons.join("\n"), secret)
    return assert.strictEqual(scene.disk.tables.documents.get("proxy draft")?.size ?? 0, 0)
  }).pipe(Effect.provide(layer))
})
