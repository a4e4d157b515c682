/** Questions that the next message answers: what ends them, what does not, and one for each person. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Access } from "../../src/access/Access.ts"
import { labelsOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anna, aBadRow, chief, noon } from "./Scene.ts"

/** The chief holds an item that is marked as blocked, and a row of quarantine waits for a value. */
const started = Effect.gen(function* () {
  const scene = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* scene.load("vk", "one")
  yield* scene.fromMenu(chief, "VK", "495", "1")
  const { messageId } = scene.last(chief)
  const [held] = yield* scene.pools.held(chief)
  if (held === undefined) throw new Error("an item was issued")
  const target = { resource: "vk", issuance: held.id }
  yield* scene.tapAction(chief, messageId, { _tag: "Mark", ...target, status: "block" })
  const commentOf = Effect.map(scene.pools.held(chief), ([each]) => each?.mark?.comment)
  const stageOf = Effect.flatMap(Access, (access) => access.stageOf(anna)).pipe(
    Effect.provideContext(scene.context),
  )
  return {
    ...scene,
    commentOf,
    stageOf,
    askWhy: scene.tapAction(chief, messageId, { _tag: "Why", ...target }),
    askNickname: scene.tapAction(chief, messageId, { _tag: "AskNickname", person: anna }),
    tapLabel: scene.tapAction(chief, messageId, { _tag: "Noop" }),
  }
})
type Started = Effect.Success<typeof started>

const asked = [
  ["a reason", (scene: Started) => scene.askWhy, (scene: Started) => scene.commentOf],
  ["a nickname", (scene: Started) => scene.askNickname, (scene: Started) => scene.stageOf],
] as const

describe("a question for", () => {
  for (const [what, ask, answerOf] of asked) {
    it.effect(`${what} waits on after a tap on a label and a misspelt command`, () =>
      Effect.gen(function* () {
        const scene = yield* started
        yield* ask(scene)
        yield* scene.tapLabel
        yield* scene.say(chief, "/meny")
        yield* scene.say(chief, "ban")
        assert.strictEqual(yield* answerOf(scene), "ban")
      }),
    )

    for (const command of [
      "/my",
      "/help",
      "/stats",
      "/language",
      "/menu",
      "/cancel",
      "/stock",
      "/vk",
    ]) {
      it.effect(`${what} is ended by ${command}`, () =>
        Effect.gen(function* () {
          const scene = yield* started
          yield* ask(scene)
          yield* scene.say(chief, command)
          yield* scene.say(chief, "ban")
          assert.notStrictEqual(yield* answerOf(scene), "ban")
        }),
      )
    }

    it.effect(`${what} stays while the disk refuses the answer`, () =>
      Effect.gen(function* () {
        const scene = yield* started
        yield* ask(scene)
        scene.disk.failing = true
        yield* scene.say(chief, "ban")
        assert.match(scene.lastText(chief), /^Диск бота сейчас не отвечает/)
        assert.notStrictEqual(yield* answerOf(scene), "ban")
        scene.disk.failing = false
        yield* TestClock.adjust("1 minute")
        yield* scene.say(chief, "ban")
        assert.strictEqual(yield* answerOf(scene), "ban")
      }),
    )
  }

  it.effect("a reason is asked again with the button that needs none", () =>
    Effect.gen(function* () {
      const scene = yield* started
      yield* scene.askWhy
      yield* scene.say(chief, "a\nb")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["✕ Не нужно"]])
      yield* scene.tap(chief, "✕ Не нужно")
      yield* scene.say(chief, "ban")
      assert.isUndefined(yield* scene.commentOf)
    }),
  )

  it.effect("something newer takes the place of the older one, whichever comes first", () =>
    Effect.gen(function* () {
      for (const [first, second] of [asked, asked.toReversed()]) {
        const scene = yield* started
        if (first === undefined || second === undefined) throw new Error("two kinds are asked")
        yield* first[1](scene)
        yield* second[1](scene)
        yield* scene.say(chief, "ban")
        yield* scene.say(chief, "second")
        assert.notInclude(["ban", "second"], yield* first[2](scene))
        assert.strictEqual(yield* second[2](scene), "ban")
      }
    }),
  )

  it.effect("a nickname outlives the cancel button of an older question", () =>
    Effect.gen(function* () {
      const scene = yield* started
      yield* scene.setAside("vk", aBadRow("bad", { reason: "missing" }))
      yield* scene.askNickname
      yield* scene.tapAction(chief, scene.last(chief).messageId, {
        _tag: "QuarantineFixOff",
        resource: "vk",
        item: "bad-bad",
      })
      yield* scene.say(chief, "ban")
      assert.strictEqual(yield* scene.stageOf, "ban")
    }),
  )
})
