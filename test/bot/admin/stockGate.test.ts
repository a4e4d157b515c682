/** Nobody but admins looks at the stock or decides about it: by text, by a button, by forged data. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Action } from "../../../src/bot/Callback.ts"
import { textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, boris, chief, deputy, stranger, vera } from "../Scene.ts"

const adminsOnly = "Это может только администратор. Ничего не изменилось."
const secret = /login-of|secret-of|extra-of|cell-of|[\w-]+@example/

const anySecret = (name: string) =>
  anItem("vk", name, {
    key: `login-of-${name}@example.com`,
    fields: { login: `login-of-${name}@example.com`, password: `secret-of-${name}` },
    extras: [{ header: "Почта", text: `extra-of-${name}` }],
    origin: { tab: "ВКонтакте", header: [], cells: [{ value: `cell-of-${name}` }] },
  })

/** Anna holds one, two are in stock, Mamba was cleared and OK is paused. */
const stocked = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(Date.UTC(2026, 10, 22, 11, 32))
  yield* scene.load("vk", ...["a", "b", "c"].map(anySecret))
  yield* scene.load("mamba", anItem("mamba", "m"))
  yield* scene.say(anna, "/menu")
  yield* scene.press(anna, "VK", "495", "1")
  yield* scene.say(chief, "/buffer_clear mamba")
  yield* scene.tap(chief, "Очистить 1")
  yield* scene.say(chief, "/pause ok Скоро")
  return scene
})

type Scene = Effect.Success<typeof stocked>

const state = (scene: Scene) =>
  Effect.forEach(["vk", "mamba", "ok"], (resource) => scene.pools.stock(resource))

const commands = [
  "/stock",
  "/who",
  "/pause",
  "/pause vk Взломано",
  "/resume",
  "/resume ok",
  "/buffer_clear",
  "/buffer_clear vk",
  "/buffer_release",
  "/buffer_release vk",
  "/undo",
]

const actions = Effect.fnUntraced(function* (scene: Scene) {
  const { version } = yield* scene.pools.stock("vk")
  const trash = (yield* scene.pools.stock("mamba")).trash[0]?.id
  if (trash === undefined) throw new Error("Mamba was cleared")
  const all: ReadonlyArray<Action> = [
    { _tag: "Stock", page: 0, seen: "" },
    { _tag: "Who", view: "items", page: 0, seen: "" },
    { _tag: "Who", view: "people", page: 0, seen: "" },
    { _tag: "WhoPerson", holder: anna, page: 0, seen: "" },
    { _tag: "Pauses", page: 0 },
    { _tag: "Pause", resource: "vk" },
    { _tag: "Resume", resource: "ok" },
    { _tag: "Emptyings", way: "clear", page: 0 },
    { _tag: "EmptyingOf", way: "release", resource: "vk" },
    { _tag: "Empty", way: "clear", resource: "vk", version },
    { _tag: "Empty", way: "release", resource: "vk", version },
    { _tag: "Trashes", page: 0 },
    { _tag: "Restore", resource: "mamba", trash },
  ]
  return all
})

describe("anybody else", () => {
  for (const command of commands) {
    it.effect(`an employee who sends ${command} is refused`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        const before = yield* state(scene)
        const heard = [chief, deputy].map((id) => scene.read(id).length)
        yield* scene.say(boris, command)
        assert.deepStrictEqual(scene.read(boris), [adminsOnly])
        assert.deepStrictEqual(yield* state(scene), before)
        const now = [chief, deputy].map((id) => scene.read(id).length)
        assert.deepStrictEqual(now, heard)
      }),
    )
  }

  it.effect("an employee who presses a forwarded or a forged button is refused", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      const before = yield* state(scene)
      yield* scene.say(boris, "/menu")
      const chat = [...scene.telegram.chat(boris)]
      for (const action of yield* actions(scene)) {
        const answers = yield* scene.tapAction(boris, scene.last(boris).messageId, action)
        assert.deepStrictEqual(
          answers.map(({ text, alert }) => ({ text, alert })),
          [{ text: adminsOnly, alert: true }],
          action._tag,
        )
      }
      assert.deepStrictEqual(scene.telegram.chat(boris), chat)
      assert.deepStrictEqual(yield* state(scene), before)
    }),
  )

  for (const id of [vera, stranger]) {
    it.effect(`${id}, who may not use the bot, is told that`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        const before = yield* state(scene)
        for (const action of yield* actions(scene)) {
          const [answer] = yield* scene.tapAction(id, 5, action)
          assert.isTrue(answer?.alert, action._tag)
          assert.notStrictEqual(answer?.text, adminsOnly)
        }
        for (const command of commands) yield* scene.say(id, command)
        assert.notMatch(scene.read(id).join(), /Склад|Mamba|anna|Кто что/)
        assert.deepStrictEqual(yield* state(scene), before)
      }),
    )
  }
})

describe("an admin", () => {
  for (const data of [
    "pz1:gone",
    "rz1:proxy",
    "eo1:clear.gone",
    "em1:clear.gone.1",
    "em1:release.proxy.1",
    "rt1:gone.0123456789",
  ]) {
    it.effect(`${data}, of a resource that is not there: the button is out of date`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
        assert.match(answer?.text ?? "", /^Кнопка устарела\. Ничего не изменилось/)
      }),
    )
  }

  for (const data of ["em1:clear.vk.999999", "em1:release.vk.0", "rt1:vk.ZZZZZZZZZZ"]) {
    it.effect(`${data}, forged: nothing changes`, () =>
      Effect.gen(function* () {
        const scene = yield* stocked
        const before = yield* state(scene)
        const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
        assert.isTrue(answer?.alert)
        assert.deepStrictEqual(yield* state(scene), before)
      }),
    )
  }

  it.effect("reads nothing secret on any of the screens, and no button carries it", () =>
    Effect.gen(function* () {
      const scene = yield* stocked
      const screens = () =>
        [chief, deputy].flatMap((id) => scene.telegram.chat(id).map(({ screen }) => screen))
      for (const command of commands) {
        yield* scene.say(chief, command)
        assert.notMatch(screens().map(textOf).join(), secret, command)
      }
      for (const action of yield* actions(scene)) {
        yield* scene.tapAction(chief, scene.last(chief).messageId, action)
        assert.notMatch(screens().map(textOf).join(), secret, action._tag)
        assert.notMatch(JSON.stringify(screens().map(({ keyboard }) => keyboard)), secret)
      }
      assert.include(screens().map(textOf).join(), "…com")
    }),
  )
})
