/** The regions that people choose from: the list, adding, removing and bringing back. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../../src/access/Regions.ts"
import { visibleLength } from "../../../src/bot/screens/parts.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { buttonsOf, labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, chief, deputy } from "../Scene.ts"
import * as Files from "./files.ts"

const start = Date.UTC(2026, 10, 22, 11, 22)

const ready = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(start)
  return scene
})

type Scene = Effect.Success<ReturnType<typeof ready>>

/** The first admin has sent the command, and pressed these buttons of its answer. */
const asked = Effect.fnUntraced(function* (command: string, ...labels: ReadonlyArray<string>) {
  const scene = yield* ready()
  yield* scene.say(chief, command)
  yield* scene.press(chief, ...labels)
  return scene
})

const regionsOf = (scene: Scene) => Context.get(scene.context, Regions).all

describe("/regions", () => {
  it.effect("lists them with how much each was used", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.load("vk", "one", "two")
      yield* scene.fromMenu(anna, "VK", "812", "2")
      yield* scene.say(chief, "/regions")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Регионы: 3",
          "",
          "495 · за 30 дней не выдавали",
          "812 · за 30 дней 2 выдачи",
          "Крым · за 30 дней не выдавали",
          "",
          "Добавить: /add_region 495. Убрать: /remove_region 495.",
        ].join("\n"),
      )
    }),
  )

  it.effect("none: it says what to do", () =>
    Effect.gen(function* () {
      const scene = yield* ready({ regions: Regions.layerTest() })
      yield* scene.say(chief, "/regions")
      assert.match(scene.lastText(chief), /^Регионов нет.*\/add_region 495$/)
    }),
  )

  for (const language of ["ru", "en"] as const) {
    it.effect(`200 of the longest codes fit, in ${language}`, () =>
      Effect.gen(function* () {
        const codes = Array.from({ length: 200 }, (_, at) => `Щ${at}`.padEnd(16, "Щ"))
        const scene = yield* ready({ language, regions: Regions.layerTest(...codes) })
        yield* scene.say(chief, "/regions")
        const seen = new Set<string>()
        for (;;) {
          const { screen } = scene.last(chief)
          assert.isAtMost(visibleLength(screen.html), 4096)
          assert.isAtMost(buttonsOf(screen).length, 100)
          for (const code of codes) if (String(screen.html).includes(code)) seen.add(code)
          if (!labelsOf(screen).flat().includes("›")) break
          yield* scene.tap(chief, "›")
        }
        assert.strictEqual(seen.size, 200)
        assert.lengthOf(scene.telegram.chat(chief), 1)
        yield* scene.say(chief, `/add_region ${codes.map((code) => `${code}!`).join(",")}`)
        assert.isAtMost(visibleLength(scene.last(chief).screen.html), 4096)
      }),
    )
  }
})

describe("/add_region", () => {
  for (const argument of ["383", " 383 ", "383, 343;МСК 383"]) {
    it.effect(`"${argument}": added, and on the buttons at once`, () =>
      Effect.gen(function* () {
        const scene = yield* ready()
        yield* scene.load("vk", "one")
        yield* scene.say(chief, `/add_region ${argument}`)
        const codes = argument.includes(",") ? ["383", "343", "МСК"] : ["383"]
        assert.strictEqual(scene.lastText(chief), `Добавлено, уже на кнопках: ${codes.join(", ")}.`)
        assert.deepStrictEqual(yield* regionsOf(scene), ["495", "812", "Крым", ...codes])
        yield* scene.fromMenu(anna, "VK")
        assert.include(labelsOf(scene.last(anna).screen).flat(), "383")
      }),
    )
  }

  it.effect("the other admins hear of it, not of what was there already", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(deputy, "/add_region 343, 495 нет-так")
      assert.deepStrictEqual(scene.read(chief), [
        "➕ Новое на кнопках регионов: 343. Решение: Мария. Все коды: /regions.",
      ])
      yield* scene.say(deputy, "/add_region 343")
      assert.lengthOf(scene.read(chief), 1)
    }),
  )

  it.effect("says of each what became of it", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/add_region 343 495 крым нет-так 12345678901234567")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Добавлено, уже на кнопках: 343.",
          "Уже есть: 495, Крым.",
          "Не подходит: нет-так, 12345678901234567. Код состоит только из букв и цифр, от 1 до 16. Это не добавлено.",
        ].join("\n"),
      )
      yield* scene.say(chief, "/add_region 495")
      assert.strictEqual(scene.lastText(chief), "Уже есть: 495.\nНичего не изменилось.")
    }),
  )

  for (const command of ["add_region", "remove_region"]) {
    it.effect(`/${command} alone: how it is written`, () =>
      Effect.gen(function* () {
        const scene = yield* asked(`/${command}`)
        assert.include(scene.lastText(chief), `например: /${command} 495`)
        assert.include(scene.lastText(chief), "Ничего не изменилось.")
      }),
    )
  }

  it.effect("a disk that refuses is told of, and nothing changes", () =>
    Effect.gen(function* () {
      const files = yield* Files.make({})
      const scene = yield* ready({ regions: files.regions })
      files.disk.failing = true
      yield* scene.say(chief, "/add_region 383")
      assert.match(
        scene.lastText(chief),
        /^Файл regions\.json не записался.*Ничего не изменилось и не потеряно/,
      )
      assert.deepStrictEqual(yield* regionsOf(scene), ["495", "812", "Крым"])
      files.disk.failing = false
      yield* scene.say(chief, "/add_region 383")
      assert.deepStrictEqual(yield* files.readRegions, ["495", "812", "Крым", "383"])
    }),
  )
})

describe("/remove_region", () => {
  it.effect("asks, removes, and brings it back where it stood", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/remove_region 812")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Убрать регион 812?",
          "",
          "Он исчезнет с кнопок, и взять для него ничего будет нельзя. История выдач останется. Строки таблицы, закреплённые за ним, останутся на месте. Регион можно вернуть.",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["Убрать", "✕ Отмена"]])
      assert.include(yield* regionsOf(scene), "812")
      yield* scene.tap(chief, "Убрать")
      assert.deepStrictEqual(yield* regionsOf(scene), ["495", "Крым"])
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Регион 812 убран с кнопок.",
          "Решение: Ольга, 22.11.2026 14:22.",
          "",
          "Вернуть: кнопкой ниже в течение суток или командой /add_region 812.",
        ].join("\n"),
      )
      yield* TestClock.adjust("23 hours")
      yield* scene.tap(chief, "Вернуть")
      assert.deepStrictEqual(yield* regionsOf(scene), ["495", "812", "Крым"])
      assert.strictEqual(scene.lastText(chief), "Регион 812 снова на кнопках.")
    }),
  )

  it.effect("cancelled, it stays", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/remove_region крым")
      assert.include(scene.lastText(chief), "Убрать регион Крым?")
      yield* scene.tap(chief, "✕ Отмена")
      assert.include(yield* regionsOf(scene), "Крым")
    }),
  )

  it.effect("after a day the button says how else", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/remove_region 812", "Убрать")
      yield* TestClock.adjust("25 hours")
      const [answer] = yield* scene.tap(chief, "Вернуть")
      assert.strictEqual(
        answer?.text,
        "Сутки прошли. Вернуть можно командой /add_region. Ничего не изменилось.",
      )
      yield* scene.say(chief, "/add_region 812")
      assert.deepStrictEqual(yield* regionsOf(scene), ["495", "Крым", "812"])
    }),
  )

  it.effect("unknown: it says so", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/remove_region 999")
      assert.match(scene.lastText(chief), /^Региона «999» в списке нет\. Ничего не/)
    }),
  )

  it.effect("two admins: the second reads who was first", () =>
    Effect.gen(function* () {
      const scene = yield* asked("/remove_region 812")
      yield* scene.say(deputy, "/remove_region 812")
      yield* scene.tap(deputy, "Убрать")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(
        scene.lastText(chief),
        "🗑 Регион 812 убран с кнопок. Решение: Мария. Вернуть: /add_region 812.",
      )
      yield* scene.tap(chief, "Убрать")
      assert.match(
        scene.read(chief)[0] ?? "",
        /^Региона 812 на кнопках уже нет\.\nРешение: Мария, 22\.11\.2026 14:22\./,
      )
      yield* scene.tap(chief, "Вернуть")
      assert.strictEqual(scene.lastText(deputy), "↩️ Регион 812 снова на кнопках. Решение: Ольга.")
      const [answer] = yield* scene.tap(deputy, "Вернуть")
      assert.strictEqual(answer?.text, "Этот регион уже на кнопках. Ничего не изменилось.")
      assert.deepStrictEqual(yield* regionsOf(scene), ["495", "812", "Крым"])
    }),
  )

  it.effect("a restart between any two steps changes nothing", () =>
    Effect.gen(function* () {
      const files = yield* Files.make({})
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const step = (act: (scene: Scene) => Effect.Effect<unknown>) =>
        Effect.scoped(Effect.flatMap(ready({ disk, telegram, regions: files.regions }), act))
      yield* step((scene) => scene.say(chief, "/remove_region 812"))
      yield* step((scene) => scene.tap(chief, "Убрать"))
      assert.deepStrictEqual(yield* files.readRegions, ["495", "Крым"])
      yield* step((scene) => scene.tap(chief, "Вернуть"))
      assert.deepStrictEqual(yield* files.readRegions, ["495", "812", "Крым"])
    }),
  )

  for (const [what, failing] of [
    ["the file", "file"],
    ["the journal", "journal"],
  ] as const) {
    it.effect(`refused by ${what}: told, and nothing changes`, () =>
      Effect.gen(function* () {
        const files = yield* Files.make({})
        const scene = yield* ready({ regions: files.regions })
        yield* scene.say(chief, "/remove_region 812")
        if (failing === "file") files.disk.failing = true
        else scene.disk.failing = true
        const [answer] = yield* scene.tap(chief, "Убрать")
        assert.match(
          answer?.text ?? "",
          failing === "file" ? /^Файл regions\.json не записался/ : /^Диск бота сейчас не отвечает/,
        )
        assert.isTrue(answer?.alert)
        assert.include(yield* regionsOf(scene), "812")
        assert.include(scene.lastText(chief), "Убрать регион 812?")
        files.disk.failing = false
        scene.disk.failing = false
        yield* scene.tap(chief, "Убрать")
        assert.notInclude(yield* regionsOf(scene), "812")
      }),
    )
  }
})
