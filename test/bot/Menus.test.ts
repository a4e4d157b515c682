/** «Ещё раз так же»: the last request is the first button of the menu, as long as it can be made. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../src/access/Regions.ts"
import { Day } from "../../src/domain/Day.ts"
import { StorageUnavailable } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anItem, anna, aNumber, boris, chief, expire, noon } from "./Scene.ts"

type Scene = Effect.Success<ReturnType<typeof Scene.make>>

const stocked = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "a", "b", "c", "d", "e", "f")
  return scene
})

/** The first button of a fresh menu. */
const firstOf = Effect.fnUntraced(function* (scene: Scene, who = anna, ask = "/menu") {
  yield* scene.say(who, ask)
  return labelsOf(scene.last(who).screen)[0]
})

describe("the same once more", () => {
  it.effect("from the menu: one tap, one message, one issue", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      assert.deepStrictEqual(yield* firstOf(scene), ["VK", "Mamba"])
      yield* scene.press(anna, "VK", "495", "2")
      assert.deepStrictEqual(yield* firstOf(scene), ["🔁 Ещё раз: VK › 495 › 2 шт."])
      const { messageId, data } = scene.find(anna, "🔁 Ещё раз: VK › 495 › 2 шт.")
      assert.strictEqual(data, "is2:vk.0.495.2.")
      yield* scene.tapData(anna, messageId, data)
      yield* scene.tapData(anna, messageId, data)
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 2)
      assert.strictEqual(scene.last(anna).messageId, messageId)
      assert.match(scene.lastText(anna), /^VK › 495 › 2 шт\.\n\n1\.\nЛогин: c@example\.com/)
      assert.lengthOf(scene.telegram.chat(anna), 2)
      assert.deepStrictEqual(yield* firstOf(scene, boris), ["VK", "Mamba"])
    }),
  )

  it.effect("with the variant and the targets, cut to what a phone shows", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.load("mamba", anItem("mamba", "f", { variant: "female" }), "m")
      yield* scene.fromMenu(anna, "Mamba", "Крым", "1", "Ж")
      assert.deepStrictEqual(yield* firstOf(scene), ["🔁 Ещё раз: Mamba › Крым › 1 шт. › Ж"])
      yield* TestClock.adjust("1 minute")
      const day = Day.make("2026-11-22")
      yield* scene.load("number", aNumber("79000000001", day), aNumber("79000000002", day))
      const targets = ["⬜ Beboo", "⬜ Loloo", "⬜ Табор", "Далее ›"]
      yield* scene.press(anna, "Номера", ...targets, "812", "1")
      const label = "🔁 Ещё раз: Номера › Beboo, Loloo, Табор › 812 › 1 шт."
      assert.deepStrictEqual(yield* firstOf(scene), [label])
      yield* scene.tap(anna, label)
      const [newest] = yield* scene.pools.held(anna)
      assert.deepStrictEqual(newest?.targets, ["beboo", "loloo", "tabor"])
    }),
  )

  it.effect("wherever the menu is drawn", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(anna, "VK", "495", "1")
      const row = ["🔁 Ещё раз: VK › 495 › 1 шт."]
      for (const ask of ["/start", "/menu", "/cancel"]) {
        assert.deepStrictEqual(yield* firstOf(scene, anna, ask), row, ask)
      }
      const shows = (what: string) =>
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], row, what)
      yield* scene.press(anna, "VK", "‹ Назад")
      shows("back")
      yield* scene.press(anna, "VK", "✕ Отмена")
      shows("cancel")
      yield* scene.say(anna, "/help")
      yield* scene.tap(anna, "☰ Меню")
      shows("below the help")
      yield* scene.tapData(anna, scene.last(anna).messageId, "zz9:1")
      shows("a stale button")
    }),
  )

  it.effect("under a batch that is done with: a fresh menu that begins with it", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(anna, "VK", "495", "1")
      const { messageId } = scene.last(anna)
      assert.notInclude(labelsOf(scene.last(anna).screen).flat(), "🔁 Ещё раз так же")
      yield* scene.tap(anna, "✅ Хороший")
      yield* TestClock.adjust("1 minute")
      // Something else was asked for since: the button still means what it stands under.
      yield* scene.fromMenu(anna, "VK", "812", "2")
      yield* scene.tap(anna, "🔁 Ещё раз так же")
      assert.notStrictEqual(scene.last(anna).messageId, messageId)
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen).slice(0, 2), [
        ["🔁 Ещё раз: VK › 495 › 1 шт."],
        ["VK", "Mamba"],
      ])
      yield* scene.tap(anna, "🔁 Ещё раз: VK › 495 › 1 шт.")
      assert.strictEqual((yield* scene.pools.stock("vk")).available, 2)
    }),
  )

  it.effect("not while a replacement is offered", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(anna, "VK", "495", "1", "⛔ Блок")
      assert.notInclude(labelsOf(scene.last(anna).screen).flat(), "🔁 Ещё раз так же")
      yield* scene.tap(anna, "Нет")
      assert.include(labelsOf(scene.last(anna).screen).flat(), "🔁 Ещё раз так же")
    }),
  )
})

describe("what cannot be asked for any more is not offered", () => {
  const asked = Effect.fnUntraced(function* () {
    const scene = yield* stocked()
    yield* scene.fromMenu(anna, "VK", "812", "1", "✅ Хороший")
    return scene
  })

  it.effect("a paused pool, until it works again", () =>
    Effect.gen(function* () {
      const scene = yield* asked()
      yield* scene.pools.manage("vk", { _tag: "Pause", note: "", admin: chief })
      assert.deepStrictEqual(yield* firstOf(scene), ["VK · пауза", "Mamba"])
      yield* scene.tap(anna, "🔁 Ещё раз так же")
      assert.match(scene.lastText(anna), /^Сейчас так не получится/)
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["VK · пауза", "Mamba"])
      yield* scene.pools.manage("vk", { _tag: "Resume", admin: chief })
      assert.deepStrictEqual(yield* firstOf(scene), ["🔁 Ещё раз: VK › 812 › 1 шт."])
    }),
  )

  it.effect("a region that was removed", () =>
    Effect.gen(function* () {
      const scene = yield* asked()
      yield* Effect.provide(
        Regions.use((regions) => regions.remove("812")),
        scene.context,
      )
      assert.deepStrictEqual(yield* firstOf(scene), ["VK", "Mamba"])
      yield* scene.tap(anna, "🔁 Ещё раз так же")
      assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], ["VK", "Mamba"])
    }),
  )

  const own = ["🔁 Ещё раз: VK › 812 › 1 шт."]
  for (const [what, action, says, first] of [
    ["a resource", { resource: "gone", targets: 0, region: "495", variant: null }, /^Что/, own],
    ["targets", { resource: "vk", targets: 1, region: "495", variant: null }, /^Что/, own],
    [
      "a variant",
      { resource: "mamba", targets: 0, region: "495", variant: "other" },
      /^Сейчас так не получится/,
      ["VK", "Mamba"],
    ],
    [
      "no targets",
      { resource: "number", targets: 0, region: "495", variant: null },
      /^Сейчас так не получится/,
      ["VK", "Mamba"],
    ],
  ] as const) {
    it.effect(`${what} that the catalogue does not have`, () =>
      Effect.gen(function* () {
        const scene = yield* asked()
        yield* scene.say(anna, "/help")
        const { messageId } = scene.last(anna)
        const again = { _tag: "Again", ...action, quantity: 1 } as const
        assert.lengthOf(yield* scene.tapAction(anna, messageId, again), 1)
        assert.match(scene.lastText(anna), says)
        assert.deepStrictEqual(labelsOf(scene.last(anna).screen)[0], [...first])
      }),
    )
  }
})

describe("where the last request is found", () => {
  it.effect("what an admin handed over and what replaced an item are no requests", () =>
    Effect.gen(function* () {
      const scene = yield* stocked()
      yield* scene.fromMenu(boris, "VK", "495", "1")
      const [held] = yield* scene.pools.held(boris)
      yield* scene.pools.manage("vk", {
        _tag: "Transfer",
        id: held!.id,
        message: { chatId: anna, messageId: 7 },
        to: anna,
        stage: "anna",
        admin: chief,
      })
      assert.deepStrictEqual(yield* firstOf(scene), ["VK", "Mamba"])
    }),
  )

  it.effect("long after, in the record of what happened", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* Effect.scoped(
        Effect.gen(function* () {
          const scene = yield* stocked({ disk, telegram })
          yield* scene.fromMenu(
            anna,
            "VK",
            "812",
            "2",
            "1 ✅ Хороший",
            "2 ⛔ Блок",
            "2 Да, заменить",
          )
          yield* scene.tap(anna, "3 ✅ Хороший")
          yield* scene.writeMarks("vk")
          yield* TestClock.adjust("30 days")
          yield* scene.pools.tell("vk", expire)
          yield* scene.pools.snapshot
          assert.deepStrictEqual(yield* scene.pools.asked(anna), [])
        }),
      )
      const scene = yield* Scene.make({ disk, telegram })
      assert.deepStrictEqual(yield* firstOf(scene), ["🔁 Ещё раз: VK › 812 › 2 шт."])
      assert.deepStrictEqual(yield* firstOf(scene, boris), ["VK", "Mamba"])
    }),
  )

  it.effect("a record that cannot be read costs the button, and nothing else", () =>
    Effect.gen(function* () {
      const refused = new StorageUnavailable({ operation: "trail", cause: undefined })
      const scene = yield* stocked({
        bend: (journal) => ({
          ...journal,
          trail: (query) => (query.person === undefined ? journal.trail(query) : refused),
        }),
      })
      assert.deepStrictEqual(yield* firstOf(scene), ["VK", "Mamba"])
      yield* scene.press(anna, "VK", "495", "1")
      assert.deepStrictEqual(yield* firstOf(scene), ["🔁 Ещё раз: VK › 495 › 1 шт."])
    }),
  )
})
