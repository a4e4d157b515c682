/** HIDE_VALUES_AFTER: what was marked long ago is masked in the chat, whatever happens meanwhile. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Option, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { layer as HiddenValues } from "../../src/bot/HiddenValues.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { labelsOf, textOf } from "./FakeTelegram.ts"
import * as Scene from "./Scene.ts"
import { anItem, anna, chief, noon } from "./Scene.ts"

const anHour = { hideValuesAfter: Option.some(Duration.hours(1)) }

const hiding = Effect.fnUntraced(function* ({ settings, ...options }: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make({ settings: { ...anHour, ...settings }, ...options })
  yield* Layer.build(HiddenValues).pipe(Effect.provideContext(scene.context))
  yield* settle
  return scene
})

type OneScene = Effect.Success<ReturnType<typeof hiding>>

/** Lets the edits that are due be sent. */
const settle = TestClock.adjust("1 minute")

/** One item, marked. */
const marked = Effect.fnUntraced(function* (scene: OneScene) {
  yield* scene.load("vk", "w301")
  yield* scene.fromMenu(anna, "VK", "495", "1", "✅ Хороший")
})

const idAt = (scene: OneScene, place: number) =>
  Effect.map(scene.pools.held(anna), (held) => {
    const [first] = held
    const ids = held.filter(({ request }) => request === first?.request).map(({ id }) => id)
    const id = ids[place]
    if (id === undefined) throw new Error("nothing is held")
    return id
  })

const markAt = Effect.fnUntraced(function* (scene: OneScene, place: number) {
  const messageId = scene.telegram.chat(anna)[0]?.messageId ?? 0
  const issuance = yield* idAt(scene, place)
  yield* scene.tapAction(anna, messageId, {
    _tag: "Mark",
    resource: "vk",
    issuance,
    status: "good",
  })
})

const labels = (scene: OneScene) => labelsOf(scene.last(anna).screen).flat()

/** Whatever of one of the values stands in the chat, in texts, buttons and files. */
const seen = (scene: OneScene, ...values: ReadonlyArray<string>) => {
  const chat = JSON.stringify(scene.telegram.chat(anna))
  return values.filter((value) => chat.includes(value))
}
const values = ["w301@example.com", "secret-w301"]

/** As if on a new day: each run has its own program. */
const run = <A, E>(program: Effect.Effect<A, E, Scope.Scope>) => Effect.scoped(program)

describe("values of items that were marked long ago", () => {
  it.effect("are masked by one edit, and their copy buttons are gone", () =>
    Effect.gen(function* () {
      const scene = yield* hiding()
      yield* marked(scene)
      const { edits } = scene.last(anna)
      yield* TestClock.adjust("58 minutes")
      assert.deepStrictEqual(seen(scene, ...values), values)
      assert.strictEqual(scene.last(anna).edits, edits)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(seen(scene, ...values), [])
      assert.include(scene.lastText(anna), "w301@…")
      assert.include(scene.lastText(anna), "✅ Хороший")
      assert.deepStrictEqual(labels(scene), [
        "👁 Показать",
        "изменить",
        "🔁 Ещё раз так же",
        "☰ Меню",
      ])
      assert.strictEqual(scene.last(anna).edits, edits + 1)
      yield* TestClock.adjust("2 hours")
      assert.strictEqual(scene.last(anna).edits, edits + 1)
    }),
  )

  it.effect("go one by one, and what waits for its mark stays", () =>
    Effect.gen(function* () {
      const scene = yield* hiding({ autoConfirmTimeout: Duration.hours(20) })
      yield* scene.load("vk", "one", "two", "three", "four")
      yield* scene.fromMenu(anna, "VK", "495", "4")
      yield* markAt(scene, 0)
      yield* TestClock.adjust("20 minutes")
      yield* markAt(scene, 1)
      const logins = ["one", "two", "three", "four"].map((name) => `${name}@example.com`)
      assert.deepStrictEqual(seen(scene, ...logins), logins)
      yield* TestClock.adjust("40 minutes")
      assert.deepStrictEqual(seen(scene, ...logins), logins.slice(1))
      yield* TestClock.adjust("20 minutes")
      assert.deepStrictEqual(seen(scene, ...logins), logins.slice(2))
      // A look at a hidden one masks it too.
      yield* scene.tapAction(anna, scene.last(anna).messageId, {
        _tag: "Look",
        resource: "vk",
        issuance: yield* idAt(scene, 1),
      })
      assert.include(scene.lastText(anna), "two@…")
      assert.deepStrictEqual(seen(scene, ...logins, "secret-two"), logins.slice(2))
    }),
  )

  it.effect("stay where the setting is off", () =>
    Effect.gen(function* () {
      const scene = yield* hiding({ settings: { hideValuesAfter: Option.none() } })
      yield* marked(scene)
      yield* TestClock.adjust("23 hours")
      assert.deepStrictEqual(seen(scene, ...values), values)
    }),
  )

  it.effect("are hidden at a pace that Telegram takes", () =>
    Effect.gen(function* () {
      const scene = yield* hiding({ pendingLimit: 40 })
      const names = Array.from({ length: 40 }, (_, index) => `item-${index}`)
      yield* scene.load("vk", ...names)
      for (const _ of names) yield* scene.fromMenu(anna, "VK", "495", "1", "✅ Хороший")
      yield* TestClock.adjust("10 minutes")
      const edits = () => scene.telegram.calls.filter((call) => call.startsWith("edit")).length
      const before = edits()
      yield* TestClock.adjust("50 minutes")
      yield* TestClock.adjust("1 second")
      assert.isAtLeast(edits() - before, 10)
      assert.isAtMost(edits() - before, 20)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(edits() - before, 40)
    }),
  )

  it.effect("are masked in /my and in the history", () =>
    Effect.gen(function* () {
      const scene = yield* hiding()
      yield* marked(scene)
      for (const [after, isShown] of [
        ["58 minutes", true],
        ["2 minutes", false],
      ] as const) {
        yield* TestClock.adjust(after)
        yield* scene.say(anna, "/my")
        assert.strictEqual(scene.lastText(anna).includes("w301@example.com"), isShown)
        assert.include(scene.lastText(anna), "w301@")
        const { messageId } = scene.last(anna)
        yield* scene.tapAction(anna, messageId, { _tag: "History", page: 0 })
        assert.strictEqual(scene.lastText(anna).includes("w301@example.com"), isShown)
        assert.include(scene.lastText(anna), "w301@")
      }
    }),
  )
})

describe("«Показать»", () => {
  const hidden = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
    const scene = yield* hiding(options)
    yield* marked(scene)
    yield* TestClock.adjust("1 hour")
    assert.deepStrictEqual(seen(scene, ...values), [])
    return scene
  })

  it.effect("shows them for some hours more", () =>
    Effect.gen(function* () {
      const scene = yield* hidden()
      yield* scene.press(anna, "👁 Показать")
      assert.deepStrictEqual(seen(scene, ...values), values)
      assert.include(labels(scene), "📋 Пароль")
      yield* TestClock.adjust("50 minutes")
      // Pressed once more, they are to be seen longer.
      yield* scene.press(anna, "🙈 Скрыть")
      assert.deepStrictEqual(seen(scene, ...values), [])
      yield* scene.press(anna, "👁 Показать")
      yield* TestClock.adjust("20 minutes")
      assert.deepStrictEqual(seen(scene, ...values), values)
    }),
  )

  it.effect("hides them again after as many hours", () =>
    Effect.gen(function* () {
      const scene = yield* hidden()
      yield* scene.press(anna, "👁 Показать")
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(seen(scene, ...values), [])
      assert.include(labels(scene), "👁 Показать")
      const { edits } = scene.last(anna)
      yield* TestClock.adjust("2 hours")
      assert.strictEqual(scene.last(anna).edits, edits)
    }),
  )

  it.effect("does not outlast the day in which the button is there", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* TestClock.setTime(noon)
      yield* run(hidden({ disk, telegram }))
      yield* TestClock.adjust("22 hours")
      const scene = yield* hiding({ disk, telegram })
      yield* TestClock.adjust("30 minutes")
      const { data, messageId } = scene.find(anna, "👁 Показать")
      yield* scene.tapData(anna, messageId, data)
      assert.deepStrictEqual(seen(scene, ...values), values)
      yield* TestClock.adjust("30 minutes")
      assert.deepStrictEqual(seen(scene, ...values), [])
      assert.notInclude(labels(scene), "👁 Показать")
      const [answer] = yield* scene.tapData(anna, messageId, data)
      assert.isTrue(answer?.alert)
      assert.deepStrictEqual(seen(scene, ...values), [])
    }),
  )

  it.effect("another redraw hides them", () =>
    Effect.gen(function* () {
      const scene = yield* hidden()
      yield* scene.press(anna, "👁 Показать", "изменить")
      assert.deepStrictEqual(seen(scene, ...values), [])
    }),
  )

  it.effect("no admin may press it", () =>
    Effect.gen(function* () {
      const scene = yield* hidden()
      const { data } = scene.find(anna, "👁 Показать")
      yield* scene.say(chief, "/menu")
      const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, data)
      assert.isTrue(answer?.alert)
      assert.notInclude(scene.read(chief).join(), "w301@example.com")
      assert.deepStrictEqual(seen(scene, ...values), [])
    }),
  )

  it.effect("a disk that does not note it shows nothing", () =>
    Effect.gen(function* () {
      const scene = yield* hidden()
      scene.disk.failing = true
      yield* scene.press(anna, "👁 Показать")
      assert.deepStrictEqual(seen(scene, ...values), [])
    }),
  )

  it.effect("a restart hides them again in time", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* TestClock.setTime(noon)
      yield* run(
        Effect.gen(function* () {
          const scene = yield* hidden({ disk, telegram })
          yield* scene.press(anna, "👁 Показать")
        }),
      )
      yield* TestClock.adjust("50 minutes")
      yield* run(
        Effect.gen(function* () {
          const scene = yield* hiding({ disk, telegram })
          assert.deepStrictEqual(seen(scene, ...values), values)
          yield* TestClock.adjust("10 minutes")
          assert.deepStrictEqual(seen(scene, ...values), [])
        }),
      )
    }),
  )
})

describe("what was lost", () => {
  const losses: ReadonlyArray<
    readonly [string, (telegram: ReturnType<typeof FakeTelegram.make>) => void]
  > = [
    ["the bot was killed before the edit was answered", (telegram) => void telegram.hang("edit")],
    [
      "Telegram was away until the bot was stopped",
      (telegram) => telegram.fail("edit", { _tag: "Unsure" }, { times: 1_000 }),
    ],
  ]
  for (const [what, lose] of losses) {
    it.effect(`${what}: the next start hides it, and the one after that does nothing`, () =>
      Effect.gen(function* () {
        const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
        yield* TestClock.setTime(noon)
        yield* run(
          Effect.gen(function* () {
            const scene = yield* hiding({ disk, telegram })
            yield* marked(scene)
            lose(telegram)
            yield* TestClock.adjust("1 hour")
            assert.deepStrictEqual(seen(scene, ...values), values)
          }),
        )
        telegram.heal()
        yield* TestClock.adjust("5 hours")
        yield* run(
          Effect.gen(function* () {
            const scene = yield* hiding({ disk, telegram })
            assert.deepStrictEqual(seen(scene, ...values), [])
          }),
        )
        const calls = telegram.calls.length
        yield* run(hiding({ disk, telegram }))
        assert.lengthOf(telegram.calls, calls)
      }),
    )
  }

  it.effect("an outage is followed by the edit, in the same run", () =>
    Effect.gen(function* () {
      const scene = yield* hiding()
      yield* marked(scene)
      scene.telegram.fail("edit", { _tag: "Unsure" }, { times: 1 })
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(seen(scene, ...values), values)
      yield* Context.get(scene.context, Deliveries).redeliver
      assert.deepStrictEqual(seen(scene, ...values), [])
    }),
  )

  it.effect("a clock that was set back hides what was marked meanwhile", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      yield* TestClock.setTime(noon)
      const later = { through: noon + Duration.toMillis("5 hours") }
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([{ _tag: "DocumentPut", kind: "hidden", key: "marks", body: later }])
      }).pipe(Effect.provide(MemoryJournal.layer(disk)))
      const scene = yield* hiding({ disk, telegram })
      yield* marked(scene)
      yield* TestClock.adjust("58 minutes")
      assert.deepStrictEqual(seen(scene, ...values), values)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(seen(scene, ...values), [])
    }),
  )

  it.effect("with the setting off for a while, all is hidden anew", () =>
    Effect.gen(function* () {
      const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
      const off = { hideValuesAfter: Option.none() }
      yield* TestClock.setTime(noon)
      yield* run(
        Effect.gen(function* () {
          yield* marked(yield* hiding({ disk, telegram }))
          yield* TestClock.adjust("1 hour")
        }),
      )
      yield* run(
        Effect.gen(function* () {
          const scene = yield* hiding({ disk, telegram, settings: off })
          yield* scene.press(anna, "изменить")
          assert.deepStrictEqual(seen(scene, ...values), values)
        }),
      )
      yield* run(
        Effect.gen(function* () {
          const scene = yield* hiding({ disk, telegram })
          assert.deepStrictEqual(seen(scene, ...values), [])
        }),
      )
    }),
  )
})

describe("copies and files", () => {
  const long = `long-${"x".repeat(5_000)}`
  const anItemWithAFile = anItem("vk", "w301", {
    fields: { login: "w301@example.com", password: "secret-w301" },
    extras: [{ header: "Заметка", text: long }],
  })

  it.effect("a file goes although its message was deleted", () =>
    Effect.gen(function* () {
      const scene = yield* hiding()
      yield* scene.load("vk", anItemWithAFile)
      yield* scene.fromMenu(anna, "VK", "495", "1")
      yield* markAt(scene, 0)
      assert.deepStrictEqual(seen(scene, long), [long])
      scene.telegram.fail("edit", { _tag: "MessageGone" }, { times: 9 })
      yield* TestClock.adjust("1 hour")
      assert.isFalse(scene.telegram.chat(anna).some(({ document }) => document !== undefined))
    }),
  )

  it.effect("a file of two items comes again without the hidden one", () =>
    Effect.gen(function* () {
      const scene = yield* hiding({ autoConfirmTimeout: Duration.hours(20) })
      const withNote = (name: string) =>
        anItem("vk", name, { extras: [{ header: "Заметка", text: `${name}-${long}` }] })
      yield* scene.load("vk", withNote("one"), withNote("two"))
      yield* scene.fromMenu(anna, "VK", "495", "2")
      yield* markAt(scene, 0)
      const files = () =>
        scene.telegram
          .chat(anna)
          .flatMap(({ document }) => (document === undefined ? [] : [document.text]))
      assert.lengthOf(files(), 1)
      assert.include(files()[0], `one-${long}`)
      assert.include(files()[0], `two-${long}`)
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(files(), 1)
      assert.notInclude(files()[0], "one-")
      assert.include(files()[0], `two-${long}`)
    }),
  )

  for (const restarts of [false, true]) {
    it.effect(`are hidden too${restarts ? ", after a restart" : ""}`, () =>
      Effect.gen(function* () {
        const [disk, telegram] = [MemoryJournal.makeDisk(), FakeTelegram.make()]
        const programs = {
          before: Effect.fnUntraced(function* (scene: OneScene) {
            yield* scene.load("vk", anItemWithAFile)
            yield* scene.fromMenu(anna, "VK", "495", "1")
            yield* markAt(scene, 0)
            for (const _ of [1, 2]) {
              yield* scene.say(anna, "/my")
              yield* scene.press(anna, "📄 VK › 495 · 12:01")
            }
            const shown = telegram
              .chat(anna)
              .filter(({ screen }) => textOf(screen).includes("secret-w301"))
            // The own message and the newest copy.
            assert.lengthOf(shown, 2)
            assert.isAbove(
              telegram.chat(anna).filter(({ document }) => document !== undefined).length,
              0,
            )
          }),
          after: Effect.fnUntraced(function* (scene: OneScene) {
            assert.deepStrictEqual(
              telegram.chat(anna).filter(({ document }) => document !== undefined),
              [],
            )
            assert.deepStrictEqual(seen(scene, "secret-w301", long), [])
            yield* scene.press(anna, "👁 Показать")
            assert.deepStrictEqual(seen(scene, "secret-w301", long), ["secret-w301", long])
            yield* TestClock.adjust("1 hour")
            assert.deepStrictEqual(seen(scene, "secret-w301", long), [])
          }),
        }
        yield* TestClock.setTime(noon)
        if (restarts) {
          yield* run(Effect.flatMap(hiding({ disk, telegram }), programs.before))
          yield* TestClock.adjust("1 hour")
          yield* run(Effect.flatMap(hiding({ disk, telegram }), programs.after))
        } else {
          const scene = yield* hiding({ disk, telegram })
          yield* programs.before(scene)
          yield* TestClock.adjust("1 hour")
          yield* programs.after(scene)
        }
      }),
    )
  }
})
