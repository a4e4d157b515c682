/** Nobody but admins sees refused rows or decides about them: by text, by a button, by forged data. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Action } from "../../../src/bot/Callback.ts"
import { anna, boris, chief, deputy, stranger, vera } from "../Scene.ts"
import { anySecret, failing, type FailingScene, stateOf } from "./failedScene.ts"

const adminsOnly = "Это может только администратор. Ничего не изменилось."

const decided = Effect.gen(function* () {
  const scene = yield* failing()
  yield* scene.say(chief, "/failed")
  yield* scene.press(chief, "🗑 Не записывать 2", "Не записывать")
  return scene
})

const actions = ({ account, man }: FailingScene): ReadonlyArray<Action> => {
  const row = { resource: "vk", issuance: account }
  return [
    { _tag: "Failed", page: 0, seen: "" },
    { _tag: "FailedRetryAll" },
    { _tag: "FailedRetry", ...row },
    { _tag: "FailedAsk", ...row },
    { _tag: "FailedDrop", ...row },
    { _tag: "Unwritten", page: 0 },
    { _tag: "UnwrittenBack", resource: "mamba", issuance: man },
  ]
}

describe("anybody else", () => {
  for (const id of [anna, boris]) {
    it.effect(`${id}, an employee, is refused, the holder of the row too`, () =>
      Effect.gen(function* () {
        const scene = yield* decided
        const before = yield* stateOf(scene)
        const heard = [chief, deputy].map((admin) => scene.read(admin).length)
        yield* scene.say(id, "/failed")
        assert.strictEqual(scene.read(id).at(-1), adminsOnly)
        const chat = [...scene.telegram.chat(id)]
        for (const action of actions(scene)) {
          const answers = yield* scene.tapAction(id, scene.last(id).messageId, action)
          assert.deepStrictEqual(
            answers.map(({ text, alert }) => ({ text, alert })),
            [{ text: adminsOnly, alert: true }],
            action._tag,
          )
        }
        assert.deepStrictEqual(scene.telegram.chat(id), chat)
        assert.deepStrictEqual(yield* stateOf(scene), before)
        assert.deepStrictEqual(
          [chief, deputy].map((admin) => scene.read(admin).length),
          heard,
        )
      }),
    )
  }

  for (const id of [vera, stranger]) {
    it.effect(`${id}, who may not use the bot, is told that`, () =>
      Effect.gen(function* () {
        const scene = yield* decided
        const before = yield* stateOf(scene)
        for (const action of actions(scene)) {
          const [answer] = yield* scene.tapAction(id, 5, action)
          assert.isTrue(answer?.alert, action._tag)
          assert.notStrictEqual(answer?.text, adminsOnly)
        }
        yield* scene.say(id, "/failed")
        assert.notMatch(scene.read(id).join(), /Google|VK|Mamba|anna/)
        assert.notMatch(scene.read(id).join(), anySecret)
        assert.deepStrictEqual(yield* stateOf(scene), before)
      }),
    )
  }
})
