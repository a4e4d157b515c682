/** What was marked within a day can be corrected from «Мои выдачи», whoever marked it and wherever it stands. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna } from "../Scene.ts"

type Scene = Effect.Success<ReturnType<typeof Scene.make>>

const noon = Date.UTC(2026, 10, 22, 9, 0)
const expire = { _tag: "Expire" } as const

/** Puts all that waits for it into the issued tab. */
const write = Effect.fnUntraced(function* ({ pools }: Scene) {
  const waiting = [...(yield* pools.buffer("vk")), ...(yield* pools.corrections("vk"))]
  const rows = waiting.flatMap(({ id, mark }) => (mark === null ? [] : [{ id, mark }]))
  yield* pools.tell("vk", { _tag: "Written", rows })
  return rows.map(({ mark }) => mark.status)
})

const correctFromMine = Effect.fnUntraced(function* (scene: Scene) {
  yield* scene.say(anna, "/my")
  yield* scene.press(anna, "📄 VK › 495 · 12:00", "изменить", "⛔ Блок")
})

describe("a mark in «Мои выдачи»", () => {
  for (const marks of ["the person", "the timer"] as const) {
    it.effect(`of ${marks}, written by now, is corrected in a copy of the batch`, () =>
      Effect.gen(function* () {
        const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
        yield* TestClock.setTime(noon)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const scene = yield* Scene.make({ disk, telegram })
            yield* scene.load("vk", anItem("vk", "a"))
            yield* scene.say(anna, "/menu")
            yield* scene.press(anna, "VK", "495", "1")
            if (marks === "the person") yield* scene.tap(anna, "✅ Хороший")
            yield* TestClock.adjust("10 minutes")
            yield* scene.pools.tell("vk", expire)
            assert.deepStrictEqual(yield* write(scene), ["good"])
            yield* scene.pools.snapshot
          }),
        )
        yield* TestClock.adjust("23 hours")
        const scene = yield* Scene.make({ disk, telegram })
        yield* scene.pools.tell("vk", expire)
        yield* correctFromMine(scene)
        const [held] = yield* scene.pools.held(anna)
        assert.strictEqual(held?.mark?.status, "block")
        assert.isFalse(held?.mark?.auto)
        assert.deepStrictEqual(yield* write(scene), ["block"])
        // On the copy that was pressed, and on the batch's own message.
        const [batch, copy] = [scene.telegram.chat(anna).at(0), scene.last(anna)]
        for (const shown of [batch, copy]) {
          assert.include(labelsOf(shown!.screen).flat(), "1 ⛔ Блок")
        }
      }),
    )
  }

  it.effect("a day later is there no more", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const scene = yield* Scene.make()
      yield* scene.load("vk", anItem("vk", "a"))
      yield* scene.say(anna, "/menu")
      yield* scene.press(anna, "VK", "495", "1", "✅ Хороший")
      yield* write(scene)
      yield* scene.say(anna, "/my")
      const old = scene.find(anna, "📄 VK › 495 · 12:00")
      yield* TestClock.adjust("25 hours")
      yield* scene.say(anna, "/my")
      assert.match(scene.read(anna).at(-1) ?? "", /^За последние сутки у вас ничего нет/)
      const [answer] = yield* scene.tapData(anna, old.messageId, old.data)
      assert.match(answer?.text ?? "", /^Кнопка устарела/)
    }),
  )
})
