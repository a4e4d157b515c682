/**
 * The screens that people meet, one file a screen and language in `screens/`, drawn as a phone of
 * 360 px shows them. `npx vitest run test/bot/golden -u` draws them anew; the difference is then
 * read by whoever reviews the change. Buttons: `[+ ]` green, `[- ]` red, `[* ]` blue, `⧉` copies.
 *
 * A story is played in both languages side by side: it presses what a Russian label names, and the
 * button in the same place of the English screen.
 */
import { assert, describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option, Random, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { layer as HiddenValues } from "../../../src/bot/HiddenValues.ts"
import { layer as Notices } from "../../../src/bot/Notices.ts"
import type { TelegramId } from "../../../src/domain/Employee.ts"
import { labelsOf } from "../FakeTelegram.ts"
import { add, line } from "../proxyFixtures.ts"
import * as Scene from "../Scene.ts"
import { aBadRow, anItem, anna, aNumber, boris, chief, deputy, noon, stranger } from "../Scene.ts"
import { cutLabels, phoneText } from "./phone.ts"

type OneScene = Effect.Success<ReturnType<typeof Scene.make>>

/** The same ids in each run. */
const tell = <E>(name: string, story: () => Effect.Effect<void, E, Scope.Scope>) =>
  it.effect(name, () => Effect.suspend(story).pipe(Random.withSeed("screens")))

const both = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  yield* TestClock.setTime(noon)
  const scenes = {
    ru: yield* Scene.make({ ...options, language: "ru" }),
    en: yield* Scene.make({ ...options, language: "en" }),
  }
  for (const scene of [scenes.ru, scenes.en]) {
    yield* Layer.build(Notices).pipe(Effect.provideContext(scene.context))
  }

  const each = <A, E>(act: (scene: OneScene) => Effect.Effect<A, E>) =>
    Effect.orDie(Effect.andThen(act(scenes.ru), act(scenes.en)))

  const say = (who: TelegramId, text: string) => each((scene) => scene.say(who, text))

  /** Where a button stands in the Russian chat; messages are counted from the newest. */
  const placeOf = (who: TelegramId, label: string) => {
    const chat = scenes.ru.telegram.chat(who)
    for (const [back, { screen }] of chat.toReversed().entries()) {
      const place = labelsOf(screen).flat().indexOf(label)
      if (place >= 0) return { back, place }
    }
    const labels = chat.map(({ screen }) => labelsOf(screen))
    throw new Error(`no button "${label}" in ${JSON.stringify(labels)}`)
  }

  const press = Effect.fnUntraced(function* (who: TelegramId, ...labels: ReadonlyArray<string>) {
    for (const label of labels) {
      const { back, place } = placeOf(who, label)
      // Both are read first: a press may bring new messages.
      const presses = [scenes.ru, scenes.en].map((scene) => {
        const message = scene.telegram.chat(who).at(-1 - back)
        const button = message?.screen.keyboard.flat()[place]
        if (message === undefined || button?.kind !== "tap") {
          throw new Error(`the other language has no button in the place of "${label}"`)
        }
        return { scene, messageId: message.messageId, data: button.data }
      })
      for (const { scene, messageId, data } of presses) yield* scene.tapData(who, messageId, data)
    }
  })

  /** Draws the newest message of somebody. */
  const shot = (name: string, who: TelegramId) =>
    Effect.promise(async () => {
      for (const [language, scene] of Object.entries(scenes)) {
        const { screen } = scene.last(who)
        assert.deepStrictEqual(cutLabels(screen), [], `${name} (${language}): labels are cut`)
        const text = phoneText(screen)
        if (language === "en") assert.deepStrictEqual(russianIn(text), [], name)
        await expect(text).toMatchFileSnapshot(`screens/${name}.${language}.txt`)
      }
    })

  return { scenes, each, say, press, shot }
})

/** Russian words on an English screen, but for names that people gave to tabs, regions and themselves. */
const russianIn = (text: string) =>
  (text.match(/[\p{Script=Cyrillic}]+/gu) ?? []).filter((word) => !givenNames.has(word))

const givenNames: ReadonlySet<string> = new Set([
  "ВКонтакте",
  "Крым",
  "Ольга",
  "Мария",
  "Имя",
  // Each language is offered by its own name.
  "Язык",
  "Русский",
])

const women = ["f1", "f2"].map((name) => anItem("mamba", name, { variant: "female" }))

describe("screens of employees", () => {
  tell("from the menu to a batch, and what becomes of it", () =>
    Effect.gen(function* () {
      const { each, say, press, shot } = yield* both()
      yield* each((scene) => scene.load("vk", "one", "two", "three", "four", "five", "six"))
      yield* each((scene) => scene.load("mamba", ...women))
      yield* say(anna, "/menu")
      yield* shot("menu", anna)
      yield* press(anna, "Mamba")
      yield* shot("step-region", anna)
      yield* press(anna, "495")
      yield* shot("step-quantity", anna)
      yield* press(anna, "1")
      yield* shot("step-variant", anna)
      yield* press(anna, "Ж")
      yield* shot("batch-of-one", anna)
      yield* press(anna, "⛔ Блок")
      yield* shot("batch-of-one-blocked", anna)
      yield* press(anna, "Да, заменить")
      yield* shot("batch-of-one-replaced", anna)
      yield* say(anna, "/menu")
      yield* press(anna, "VK", "495", "5")
      yield* shot("batch-of-five", anna)
      yield* press(anna, "3")
      yield* shot("batch-of-five-one-chosen", anna)
      yield* press(anna, "➡️ Передать")
      yield* shot("hand-over-choice", anna)
      yield* say(boris, "/start")
      yield* press(anna, "boris")
      yield* shot("hand-over-offered", anna)
      yield* shot("hand-over-card", boris)
      yield* press(anna, "↩️ Отозвать")
      yield* say(anna, "/my")
      yield* shot("my", anna)
      yield* say(anna, "/menu")
      yield* shot("menu-with-repeat", anna)
      yield* say(anna, "/help")
      yield* shot("help", anna)
      yield* say(anna, "/language")
      yield* shot("language", anna)
    }),
  )

  tell("values that are hidden some hours after their marks", () =>
    Effect.gen(function* () {
      const { scenes, each, say, press, shot } = yield* both({
        settings: { hideValuesAfter: Option.some(Duration.hours(1)) },
      })
      yield* each((scene) => scene.load("vk", "one", "two", "three", "four"))
      for (const { context } of [scenes.ru, scenes.en]) {
        yield* Layer.build(HiddenValues).pipe(Effect.provideContext(context))
      }
      yield* say(anna, "/menu")
      yield* press(anna, "VK", "495", "3", "✅ Остальные: Хороший", "Да, отметить 3")
      yield* TestClock.adjust("1 hour")
      yield* shot("batch-hidden", anna)
      yield* press(anna, "👁 Показать")
      yield* shot("batch-hidden-shown-again", anna)
      yield* say(anna, "/my")
      yield* shot("my-hidden", anna)
    }),
  )

  tell("numbers: what for, which region, and the goods", () =>
    Effect.gen(function* () {
      const { each, say, press, shot } = yield* both()
      yield* each((scene) =>
        scene.load(
          "number",
          aNumber("79000001001", "2026-11-22"),
          aNumber("79000001002", "2026-11-22"),
          aNumber("79000001003", "2026-11-20"),
        ),
      )
      yield* say(anna, "/menu")
      yield* press(anna, "Номера")
      yield* shot("step-targets", anna)
      yield* press(anna, "⬜ Beboo", "⬜ Табор", "Далее ›", "495", "2")
      yield* shot("batch-of-numbers", anna)
    }),
  )

  tell("where there is nothing", () =>
    Effect.gen(function* () {
      const { scenes, each, say, press, shot } = yield* both()
      yield* each((scene) => scene.load("mamba", "m1"))
      yield* say(anna, "/menu")
      yield* press(anna, "Mamba", "495", "1")
      yield* scenes.ru.tapInVain(anna, "Ж")
      yield* scenes.en.tapInVain(anna, "F")
      yield* shot("nothing-there", anna)
      yield* press(anna, "🔔 Сообщить, когда появится")
      yield* shot("waiting", anna)
    }),
  )

  tell("proxies: added and taken", () =>
    Effect.gen(function* () {
      const { each, say, press, shot } = yield* both()
      yield* say(anna, "/menu")
      yield* press(anna, "Прокси · нет")
      yield* shot("proxies", anna)
      yield* press(anna, "Добавить прокси")
      yield* shot("proxy-add-type", anna)
      yield* press(anna, "SOCKS5")
      yield* shot("proxy-add-lines", anna)
      yield* say(anna, `${line(1)}\n${line(2)}\n192.0.2.3:70000:user:secret`)
      yield* shot("proxy-add-refused", anna)
      yield* press(anna, "Далее ›")
      yield* shot("proxy-add-targets", anna)
      yield* press(anna, "⬜ VK", "Далее ›")
      yield* shot("proxy-add-country", anna)
      yield* each((scene) => add(scene, { from: 20, count: 3, targets: ["vk"] }))
      yield* say(boris, "/menu")
      yield* press(boris, "Прокси", "Получить прокси")
      yield* shot("proxy-get-targets", boris)
      yield* press(boris, "⬜ Mamba", "Показать свободные ›")
      yield* shot("proxy-get-countries", boris)
      yield* press(boris, "🇩🇪 Германия: 3")
      yield* shot("proxy-get-list", boris)
      yield* press(boris, "HTTP 192.0.2.x:8080 · 10 дней")
      yield* shot("proxy-get-reserved", boris)
      yield* press(boris, "Получить")
      yield* shot("proxy-get-taken", boris)
      yield* press(boris, "⚠️ Не работает")
      yield* shot("proxy-broken-asked", boris)
      yield* say(boris, "timeout")
      yield* shot("proxy-broken", boris)
      yield* shot("admin-proxy-broken", chief)
      yield* press(boris, "Взять другой: HTTP 192.0.2.x:8080", "Получить", "↩️ Вернуть")
      yield* shot("proxy-returned", boris)
    }),
  )
})

describe("screens of visitors", () => {
  tell("an application, its card, and the answer", () =>
    Effect.gen(function* () {
      const { say, press, shot } = yield* both()
      yield* say(stranger, "/start")
      yield* shot("visitor-greeting", stranger)
      yield* say(stranger, "olga.k")
      yield* shot("visitor-applied", stranger)
      yield* shot("admin-card", chief)
      yield* press(chief, "Одобрить")
      yield* shot("admin-card-decided", chief)
      yield* shot("admin-card-decided-by-another", deputy)
      yield* shot("visitor-approved", stranger)
    }),
  )

  tell("a refusal", () =>
    Effect.gen(function* () {
      const { say, press, shot } = yield* both()
      yield* say(stranger, "/start")
      yield* say(stranger, "olga.k")
      yield* press(chief, "Отклонить")
      yield* shot("visitor-refused", stranger)
    }),
  )
})

const adminCommands = [
  "whitelist",
  "stock",
  "who",
  "health",
  "pause",
  "failed",
  "quarantine",
  "audit",
  "regions",
  "buffer_clear",
  "buffer_release",
  "undo",
  "block",
  "export",
  "numbers_today_mod",
  "stats",
  "help",
]

describe("screens of admins", () => {
  tell("each command, one person, and a command that there is not", () =>
    Effect.gen(function* () {
      const { each, say, press, shot } = yield* both()
      yield* each((scene) => scene.load("vk", "one", "two", "three"))
      yield* each((scene) => scene.setAside("vk", aBadRow("seen-before")))
      yield* say(anna, "/menu")
      yield* press(anna, "VK", "495", "2")
      for (const command of adminCommands) {
        yield* say(chief, `/${command}`)
        yield* shot(`admin-${command.replaceAll("_", "-")}`, chief)
      }
      yield* say(chief, "/whitelist")
      yield* press(chief, "anna")
      yield* shot("admin-person", chief)
      yield* say(chief, "/stoc")
      yield* shot("admin-unknown-command", chief)
    }),
  )
})
