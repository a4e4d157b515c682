/** The journal as admins read it. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Logger, References } from "effect"
import { TestClock } from "effect/testing"
import { Journal, type JournalEvent, Write } from "../../../src/store/Journal.ts"
import { issuanceId } from "../../contracts/journalFixtures.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy } from "../Scene.ts"
import { peoplePool, PersonEvent } from "../../../src/domain/PersonEvent.ts"
import { everyEvent, secret } from "./everyEvent.ts"
import { walk } from "./peopleScene.ts"

/** 14:32 in Moscow. */
const start = Date.UTC(2026, 10, 22, 11, 32)

const ready = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(start)
  return scene
})

type Scene = Effect.Success<ReturnType<typeof ready>>

/** Anna took two and blocked one; Boris took one. */
const busy = Effect.gen(function* () {
  const scene = yield* ready()
  yield* scene.load("vk", "a", "b", "c", "d")
  yield* scene.fromMenu(anna, "VK", "495", "2")
  yield* TestClock.adjust("1 minute")
  yield* scene.tap(anna, "2 ⛔ Блок")
  yield* scene.fromMenu(boris, "VK", "812", "1")
  const held = yield* scene.pools.held(anna)
  const pending = held.find(({ mark }) => mark === null)?.id ?? ""
  const blocked = held.find(({ mark }) => mark !== null)?.id ?? ""
  return { ...scene, pending, blocked }
})

const happen = (scene: Scene, pool: string, ...events: ReadonlyArray<JournalEvent>) =>
  Context.get(scene.context, Journal).write([Write.cases.PoolEvents.make({ pool, events })])

describe("/audit", () => {
  it.effect("shows what happened, the newest first", () =>
    Effect.gen(function* () {
      const scene = yield* busy
      const hers = (yield* scene.pools.held(boris))[0]?.id
      const both = (yield* scene.pools.held(anna)).map(({ id }) => id)
      yield* scene.say(chief, "/audit")
      const [, ...events] = scene.lastText(chief).split("\n")
      assert.match(scene.lastText(chief), /^Журнал: последние события\n\n/)
      assert.deepStrictEqual(events.slice(1, 4), [
        `14:33 · VK · показано · ${hers}`,
        `14:33 · VK · выдано: 1, регион 812 · кому: boris (102) · ${hers}`,
        `14:33 · VK · отметка «Блок» · кто: anna (101) · ${scene.blocked}`,
      ])
      assert.match(
        events.at(-2) ?? "",
        /^14:32 · VK · выдано: 2, регион 495 · кому: anna \(101\) · /,
      )
      for (const id of both) assert.include(events.at(-2), id)
      assert.strictEqual(events.at(-1), "14:32 · VK · взято с вкладки «ВКонтакте»: 4")
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["☰ Меню"]])
    }),
  )

  for (const argument of ["101", "anna", " Anna "]) {
    it.effect(`"${argument}": only what concerns that person`, () =>
      Effect.gen(function* () {
        const scene = yield* busy
        yield* scene.say(chief, `/audit ${argument}`)
        const text = scene.lastText(chief)
        assert.match(text, /^Журнал: anna \(101\)\n\n14:33 · VK · отметка «Блок»/)
        assert.notInclude(text, "boris")
        assert.notInclude(text, "взято с вкладки")
        yield* scene.tap(chief, "‹ К карточке")
        assert.match(scene.lastText(chief), /^Ник: anna\n/)
        yield* scene.tap(chief, "Журнал")
        assert.strictEqual(scene.lastText(chief), text)
        assert.lengthOf(scene.telegram.chat(chief), 1)
      }),
    )
  }

  it.effect("of somebody removed by the id, of an issue by its id in any case", () =>
    Effect.gen(function* () {
      const scene = yield* busy
      yield* scene.say(chief, "/whitelist_remove 101")
      yield* scene.tap(chief, "Убрать доступ")
      yield* scene.say(chief, "/audit 101")
      assert.match(scene.lastText(chief), /^Журнал: ID 101\n/)
      assert.include(scene.lastText(chief), "отметка «Блок» · кто: ID 101")
      yield* scene.say(chief, `/audit ${scene.blocked.toLowerCase()}`)
      const text = scene.lastText(chief)
      assert.strictEqual(text.split("\n")[0], `Журнал выдачи ${scene.blocked}`)
      assert.deepStrictEqual(
        text
          .split("\n")
          .slice(2)
          .map((each) => each.split(" · ")[2]),
        ["отметка «Блок»", "показано", "выдано: 2, регион 495"],
      )
    }),
  )

  it.effect("ten digits are a person, or an issue where only that has left a trail", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* happen(scene, "vk", everyEvent.Issued)
      yield* scene.say(chief, "/audit 7012345678")
      assert.match(scene.lastText(chief), /^Журнал: ID 7012345678\n\nСобытий здесь нет\./)
      yield* scene.say(chief, `/audit ${issuanceId(1)}`)
      assert.match(scene.lastText(chief), /^Журнал выдачи 0000000001\n\n14:32/)
      yield* scene.say(chief, "/audit ZZZZZZZZZZ")
      assert.match(scene.lastText(chief), /^Журнал выдачи ZZZZZZZZZZ\n\nСобытий здесь нет\./)
    }),
  )

  it.effect("of an unknown name: how it is written; of two people: asks for the id", () =>
    Effect.gen(function* () {
      const scene = yield* ready({
        roster: {
          "101": { stage: "anna", is_approved: true },
          "102": { stage: "Anna", is_approved: true },
        },
      })
      for (const name of ["nobody", "x".repeat(3000), "012", "ABC-123456"]) {
        yield* scene.say(chief, `/audit ${name}`)
        assert.include(scene.lastText(chief), "такого человека и такой выдачи бот не знает")
        assert.isAtMost(scene.read(chief).at(-1)?.length ?? 999, 300)
      }
      yield* scene.say(chief, "/audit anna")
      assert.match(
        scene.lastText(chief),
        /нельзя понять, о ком речь: Anna \(102\), anna \(101\)|: anna \(101\), Anna \(102\)/,
      )
    }),
  )

  it.effect("turns its pages from the newest to the oldest, each event once, and back", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      const ids = Array.from({ length: 45 }, (_, at) => issuanceId(at))
      for (const id of ids) yield* happen(scene, "vk", { ...everyEvent.Delivered, ids: [id] })
      yield* scene.say(chief, "/audit")
      const pages = yield* walk(scene, chief, "Раньше ›")
      assert.lengthOf(pages, 3)
      const shown = pages.flatMap((page) => textOf(page).match(/\d{10}/g) ?? [])
      assert.deepStrictEqual(shown, ids.toReversed())
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [["⏮ Самые новые"], ["☰ Меню"]])
      yield* happen(scene, "vk", everyEvent.Paused)
      yield* scene.tap(chief, "⏮ Самые новые")
      assert.include(scene.lastText(chief), "выдача приостановлена · кто: Ольга")
    }),
  )
})

describe("every kind of event", () => {
  for (const language of ["ru", "en"] as const) {
    it.effect(`has words of its own and tells no secret, in ${language}`, () =>
      Effect.gen(function* () {
        const scene = yield* ready({ language })
        const lines = new Set<string>()
        for (const [tag, event] of Object.entries(everyEvent)) {
          const pool = event._tag in PersonEvent.cases ? peoplePool : "vk"
          yield* happen(scene, tag.startsWith("Prox") ? "proxy" : pool, event)
          yield* scene.say(chief, "/audit")
          const line = scene.read(chief).at(-1)?.split("\n")[2] ?? ""
          assert.match(line, /^14:32 · (VK|Прокси|Proxies|Люди|People) · [^·]{5,}/, tag)
          lines.add(line.split(" · ").slice(1, 3).join())
        }
        assert.strictEqual(lines.size, Object.keys(everyEvent).length)
        const older = language === "ru" ? "Раньше ›" : "Earlier ›"
        for (const command of ["/audit", "/audit 101", `/audit ${issuanceId(1)}`]) {
          yield* scene.say(chief, command)
          yield* walk(scene, chief, older)
        }
        const screens = [chief, deputy].flatMap((id) =>
          scene.telegram.chat(id).map(({ screen }) => screen),
        )
        assert.notMatch(JSON.stringify(screens), secret)
      }),
    )

    it.effect(`fits with as many ids and as long names as there may be, in ${language}`, () =>
      Effect.gen(function* () {
        const roster = { "101": { stage: "<&>".repeat(99), is_approved: true } }
        const scene = yield* ready({ language, roster })
        const ids = Array.from({ length: 500 }, (_, at) => issuanceId(at))
        const tab = "<".repeat(100)
        for (let round = 0; round < 20; round += 1) {
          yield* happen(
            scene,
            "vk",
            { ...everyEvent.Delivered, ids },
            { ...everyEvent.Transferred, by: anna },
            { ...everyEvent.Loaded, tab },
          )
        }
        yield* scene.say(chief, "/audit")
        yield* walk(scene, chief, language === "ru" ? "Раньше ›" : "Earlier ›")
      }),
    )
  }

  it.effect("of a resource that the catalogue has lost has the id of that", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      const mark = { ...everyEvent.Confirmed.mark, status: "odd", auto: false }
      yield* happen(
        scene,
        "gone",
        { ...everyEvent.Confirmed, mark },
        everyEvent.Returned,
        { ...everyEvent.TodayOnlySet, on: false },
        { _tag: "ReturnBegun", ids: [], at: 1 },
      )
      yield* scene.say(chief, "/audit")
      assert.deepStrictEqual(scene.lastText(chief).split("\n").slice(2), [
        "14:32 · gone · возвращается на вкладку «…»: 0",
        "14:32 · gone · выключен режим «Только сегодняшние» · кто: Ольга",
        "14:32 · gone · вернулось на вкладку «…»: 3",
        `14:32 · gone · отметка «odd» · кто: anna (101) · ${issuanceId(1)}`,
      ])
    }),
  )
})

describe("a journal that cannot be read", () => {
  it.effect("is told of by command and by button, and the log names the record only", () => {
    const logged: Array<string> = []
    const log = Logger.layer([
      Logger.make(({ message, fiber }) => {
        logged.push(JSON.stringify([message, fiber.getRef(References.CurrentLogAnnotations)]))
      }),
    ])
    return Effect.gen(function* () {
      const scene = yield* busy
      yield* scene.say(chief, "/whitelist")
      yield* scene.tap(chief, "anna")
      const events = scene.disk.tables.events.get("vk") ?? []
      events.splice(0, events.length, ...events.map((each) => ({ ...each, body: '{"hunter2' })))
      yield* scene.say(chief, "/audit")
      assert.match(scene.lastText(chief), /^Одна из записей журнала не читается/)
      const [answer] = yield* scene.tap(chief, "Журнал")
      assert.match(answer?.text ?? "", /^Одна из записей журнала не читается/)
      assert.isAtMost(answer?.text?.length ?? 999, 200)
      assert.match(logged.join(), /the journal cannot be shown.*record \d+ of table event/)
      assert.notInclude(logged.join(), "hunter2")
    }).pipe(Effect.provide(log))
  })
})
