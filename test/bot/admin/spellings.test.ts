/** Regions in rows that nobody can choose: what admins say they mean, and what comes of it. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../../src/access/Regions.ts"
import { todoScreen } from "../../../src/bot/admin/todo.ts"
import { ru } from "../../../src/bot/texts/ru.ts"
import { BaseStock } from "../../../src/pool/BaseStock.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { buttonsOf, labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, aRegionRow, chief, deputy, noon } from "../Scene.ts"
import * as Files from "./files.ts"

const city = "Москва (495)"
const ask = (text: string) => `🗺 «${text}»: какой регион?`

const ready = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(noon)
  yield* scene.say(deputy, "/menu")
  return scene
})

/** Three rows in quarantine, two of them of one region, and two in a tab. */
const waiting = Effect.gen(function* () {
  const scene = yield* ready()
  yield* scene.setAside(
    "vk",
    aRegionRow("one", city),
    aRegionRow("two", "москва  (495)"),
    aRegionRow("three", "777"),
  )
  yield* inTabs(scene, "+7495")
  return scene
})

type Scene = Effect.Success<ReturnType<typeof ready>>

const inTabs = (scene: Scene, region: string) =>
  Context.get(scene.context, BaseStock).counted(new Map(), [{ tab: "Мамба Муж", region, rows: 2 }])

const spellingsOf = (scene: Scene) => Context.get(scene.context, Regions).spellings
const regionsOf = (scene: Scene) => Context.get(scene.context, Regions).all
const counts = (scene: Scene) =>
  Effect.map(scene.pools.stock("vk"), ({ available, quarantine }) => ({ available, quarantine }))

describe("the regions that nobody can choose", () => {
  it.effect("are listed with the tabs of their rows, from /regions and from /quarantine", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.say(chief, "/regions")
      yield* scene.tap(chief, "🗺 Непонятные регионы: 3")
      const list = scene.lastText(chief)
      assert.include(list, "+7495: «Мамба Муж», 2 строки")
      assert.include(list, `${city}: «ВКонтакте», 2 строки`)
      assert.include(list, "777: «ВКонтакте», 1 строка")
      yield* scene.say(chief, "/quarantine")
      assert.include(scene.lastText(chief), "такого региона нет на кнопках (Регион): 3")
      yield* scene.press(chief, "1. ВКонтакте · 3", "🗺 Какие это регионы?")
      assert.strictEqual(scene.lastText(chief), list)
    }),
  )

  it.effect("are offered as new regions where they can be one, and as those there are", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.say(chief, "/quarantine")
      yield* scene.press(chief, "1. ВКонтакте · 3", "2. three@…", ask("777"))
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen).slice(0, 2), [
        ["➕ Добавить регион «777»"],
        ["Это 495", "Это 812", "Это Крым"],
      ])
      yield* scene.press(chief, "‹ Все непонятные", ask(city))
      assert.notInclude(labelsOf(scene.last(chief).screen).flat().join(), "Добавить")
    }),
  )

  it.effect("mean what an admin says: their rows are issued for that region, once", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.say(chief, "/regions")
      yield* scene.press(chief, "🗺 Непонятные регионы: 3", ask(city), "Это 495")
      assert.include(
        scene.lastText(chief),
        `«${city}» теперь значит 495. Строки на вкладках бот возьмёт сам. Из карантина на склад: 2 строки.`,
      )
      assert.include(scene.lastText(deputy), `«${city}» теперь значит 495.`)
      assert.include(scene.lastText(deputy), "Решение: Ольга.")
      assert.deepStrictEqual(yield* counts(scene), { available: 2, quarantine: 1 })
      const [answer] = yield* scene.tapAction(chief, scene.last(chief).messageId, {
        _tag: "SpellingMeans",
        spelling: "zzz",
        region: "495",
      })
      assert.match(answer?.text ?? "", /Строк с таким регионом бот сейчас не видит/)
      yield* scene.fromMenu(anna, "VK", "812")
      yield* scene.tapInVain(anna, "2")
      assert.notInclude(scene.lastText(anna), "example.com")
      yield* scene.fromMenu(anna, "VK", "495", "3")
      for (const text of ["one@example.com", "two@example.com", "Регион (из таблицы)"]) {
        assert.include(scene.lastText(anna), text)
      }
      const held = yield* scene.pools.held(anna)
      assert.deepStrictEqual(
        held.map(({ region, item }) => [region, item.region]),
        [
          ["495", "495"],
          ["495", "495"],
        ],
      )
      yield* scene.say(chief, "/audit")
      assert.include(scene.lastText(chief), "из карантина на склад: 2 · кто: Ольга")
    }),
  )

  for (const way of ["the button", "/add_region"]) {
    it.effect(`are added by ${way}, and their rows issued`, () =>
      Effect.gen(function* () {
        const scene = yield* waiting
        if (way === "the button") {
          yield* scene.say(chief, "/regions")
          yield* scene.press(
            chief,
            "🗺 Непонятные регионы: 3",
            ask("777"),
            "➕ Добавить регион «777»",
          )
          assert.include(scene.lastText(chief), "Регион 777 уже на кнопках.")
        } else yield* scene.say(chief, "/add_region 777")
        assert.include(scene.lastText(chief), "Из карантина на склад: 1 строка.")
        assert.deepStrictEqual(yield* regionsOf(scene), ["495", "812", "Крым", "777"])
        assert.deepStrictEqual(yield* counts(scene), { available: 1, quarantine: 2 })
        assert.include(scene.lastText(deputy), "777")
        yield* scene.fromMenu(anna, "VK", "777", "1")
        assert.include(scene.lastText(anna), "three@example.com")
      }),
    )
  }

  it.effect("of rows that wait in their tabs too; a repeat stays in quarantine", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.load("vk", anItem("vk", "one"))
      yield* scene.say(chief, "/regions")
      yield* scene.press(chief, "🗺 Непонятные регионы: 3", ask("+7495"), "Это 812", ask(city))
      yield* scene.tap(chief, "Это 495")
      assert.deepStrictEqual(yield* spellingsOf(scene), [
        { spelling: "+7495", region: "812" },
        { spelling: city, region: "495" },
      ])
      assert.deepStrictEqual(yield* counts(scene), { available: 2, quarantine: 2 })
      yield* scene.say(chief, "/regions")
      assert.include(labelsOf(scene.last(chief).screen).flat(), "🗺 Непонятные регионы: 1")
    }),
  )

  it.effect("a region that went meanwhile is no answer", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.say(chief, "/regions")
      yield* scene.press(chief, "🗺 Непонятные регионы: 3", ask(city))
      yield* Context.get(scene.context, Regions).remove("495")
      const [answer] = yield* scene.tap(chief, "Это 495")
      assert.isTrue(answer?.alert)
      assert.deepStrictEqual(yield* spellingsOf(scene), [])
      assert.deepStrictEqual(yield* counts(scene), { available: 0, quarantine: 3 })
    }),
  )

  it.effect("too long to be remembered, or too many regions to fit on a screen", () =>
    Effect.gen(function* () {
      const codes = Array.from({ length: 65 }, (_, at) => `${100 + at}`)
      const scene = yield* ready({ regions: Regions.layerTest(...codes) })
      const long = "Щ".repeat(101)
      yield* scene.setAside("vk", aRegionRow("one", long), aRegionRow("two", city))
      yield* scene.say(chief, "/regions")
      const cut = (length: number) => `${long.slice(0, length - 1)}…`
      yield* scene.press(chief, "🗺 Непонятные регионы: 2", ask(cut(24)))
      assert.include(scene.lastText(chief), "Такой длинный текст бот не запоминает")
      yield* scene.press(chief, "‹ Все непонятные", ask(city), "›", "›", "Это 164")
      assert.deepStrictEqual(yield* spellingsOf(scene), [{ spelling: city, region: "164" }])
    }),
  )
})

describe("the spellings that the bot knows", () => {
  it.effect("are listed and forgotten; what was taken stays", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.say(chief, "/regions")
      yield* scene.press(chief, "🗺 Непонятные регионы: 3", ask(city), "Это 495")
      yield* scene.say(chief, "/regions")
      yield* scene.tap(chief, "🔤 Другие написания: 1")
      assert.include(scene.lastText(chief), `1. «${city}» значит 495`)
      yield* scene.tap(chief, `🗑 Забыть 1: «${city}»`)
      assert.include(scene.lastText(chief), `«${city}» больше не значит 495.`)
      assert.include(scene.lastText(deputy), `«${city}» больше не значит 495.`)
      assert.deepStrictEqual(yield* spellingsOf(scene), [])
      assert.deepStrictEqual(yield* counts(scene), { available: 2, quarantine: 1 })
      yield* scene.setAside("vk", aRegionRow("four", city))
      yield* scene.say(chief, "/regions")
      assert.include(labelsOf(scene.last(chief).screen).flat(), "🗺 Непонятные регионы: 3")
    }),
  )

  it.effect("do nothing while their region is gone, and work again when it is back", () =>
    Effect.gen(function* () {
      const scene = yield* waiting
      yield* scene.say(chief, "/regions")
      yield* scene.press(chief, "🗺 Непонятные регионы: 3", ask(city), "Это 812")
      yield* scene.say(chief, "/remove_region 812")
      assert.include(
        scene.lastText(chief),
        `Другие его написания тоже не будут действовать, пока его нет: ${city}.`,
      )
      yield* scene.tap(chief, "Убрать")
      yield* scene.say(chief, "/regions")
      yield* scene.tap(chief, "🔤 Другие написания: 1")
      assert.include(scene.lastText(chief), `«${city}» значит 812 (сейчас не действует`)
      yield* scene.setAside("vk", aRegionRow("four", city))
      // What was ready for the region waits in quarantine too.
      assert.deepStrictEqual(yield* counts(scene), { available: 0, quarantine: 4 })
      yield* scene.tap(chief, "Вернуть")
      assert.deepStrictEqual(yield* counts(scene), { available: 3, quarantine: 1 })
    }),
  )

  it.effect("survive a restart; a disk that refuses is told of, and nothing changes", () =>
    Effect.gen(function* () {
      const files = yield* Files.make({})
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const step = <A>(act: (scene: Scene) => Effect.Effect<A>) =>
        Effect.scoped(Effect.flatMap(ready({ disk, telegram, regions: files.regions }), act))
      yield* step((scene) =>
        Effect.gen(function* () {
          yield* scene.setAside("vk", aRegionRow("one", city)).pipe(Effect.orDie)
          yield* scene.say(chief, "/regions")
          yield* scene.press(chief, "🗺 Непонятные регионы: 1", ask(city))
          files.disk.failing = true
          const [answer] = yield* scene.tap(chief, "Это 495")
          assert.match(answer?.text ?? "", /^Файл region-spellings\.json не записался/)
          assert.deepStrictEqual(yield* counts(scene), { available: 0, quarantine: 1 })
          files.disk.failing = false
        }),
      )
      yield* step((scene) => scene.tap(chief, "Это 495"))
      yield* step((scene) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* spellingsOf(scene), [{ spelling: city, region: "495" }])
          assert.deepStrictEqual(yield* counts(scene), { available: 1, quarantine: 0 })
        }),
      )
    }),
  )
})

describe("the notes of such rows", () => {
  const halfTyped = (why: "region" | "missing") =>
    ({
      _tag: "RowsHalfTyped",
      tab: "Мамба Муж",
      rows: [
        { row: 2, column: "Регион", why, ...(why === "region" && { region: "+7495" }) },
        { row: 5, column: "Логин", why: "missing" },
      ],
      more: 0,
    }) as const
  const tally = (reason: "region" | "missing") => ({
    pool: "vk",
    tab: "ВКонтакте",
    reason,
    column: "Регион",
    count: 1,
    resource: undefined,
  })
  const aside = { _tag: "Aside", resource: "vk", tab: "ВКонтакте", rows: 1 } as const
  const question = "🗺 Какие это регионы?"

  it("name the region in the list of what waits, and lead to the question", () => {
    const list = todoScreen({ todos: [halfTyped("region")], solved: [], reasons: [] }, ru)
    assert.include(FakeTelegram.textOf(list), "(такого региона у бота нет: «+7495»)")
    assert.deepStrictEqual(labelsOf(list), [[question]])
    const other = todoScreen({ todos: [halfTyped("missing")], solved: [], reasons: [] }, ru)
    assert.deepStrictEqual(labelsOf(other), [])
  })

  it("lead to it from rows that were set aside", () => {
    const labels = (reason: "region" | "missing") =>
      buttonsOf(todoScreen({ todos: [aside], solved: [], reasons: [tally(reason)] }, ru)).map(
        ({ text }) => text,
      )
    assert.include(labels("region"), question)
    assert.notInclude(labels("missing"), question)
  })

  it.effect("open it in a new message, with a button for each region", () =>
    Effect.gen(function* () {
      const scene = yield* Scene.make()
      yield* scene.setAside("vk", aRegionRow("a", "+7495"))
      yield* scene.say(chief, "/todo")
      yield* scene.tap(chief, question)
      assert.lengthOf(scene.read(chief), 2)
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen)[0], [ask("+7495")])
    }),
  )
})
