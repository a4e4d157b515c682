/** /failed: what it shows, trying again, leaving out and taking back, with what can come between. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import {
  droppedScreen,
  dropScreen,
  failedScreen,
  unwrittenScreen,
} from "../../../src/bot/admin/failed.ts"
import { en } from "../../../src/bot/texts/en.ts"
import type { IssuanceId } from "../../../src/domain/Issuance.ts"
import { atOnce } from "../../../src/pool/FailedRows.ts"
import { moscow } from "../../pool/fixtures.ts"
import { labelsOf, textOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna, chief, deputy } from "../Scene.ts"
import {
  anySecret,
  failing,
  type FailingScene,
  afternoon,
  stateOf,
  tooLong,
} from "./failedScene.ts"

/** The first admin has sent /failed, and pressed these buttons of its answer. */
const listed = Effect.fnUntraced(function* (...labels: ReadonlyArray<string>) {
  const scene = yield* failing()
  yield* scene.say(chief, "/failed")
  yield* scene.press(chief, ...labels)
  return scene
})

const gone =
  "Этой строки в списке больше нет: она записана, или отметку сняли, или бот после перезапуска пробует её заново. Ничего не изменилось."
const written = (scene: FailingScene, id: IssuanceId) =>
  Effect.gen(function* () {
    const found = (yield* scene.pools.buffer("vk")).find((each) => each.id === id)
    if (found?.mark == null) throw new Error("it waits for its row")
    yield* scene.pools.tell("vk", { _tag: "Written", rows: [{ id, mark: found.mark }] })
  })

describe("/failed", () => {
  it.effect("says which rows, whose, since when and why, and shows no value of them", () =>
    Effect.gen(function* () {
      const scene = yield* listed()
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Google не принимает 2 строки",
          "Ничего не потеряно: бот хранит их и пробует снова, хотя бы раз в полчаса. Остальное пишется как обычно.",
          "",
          "1. VK, вкладка «ВКонтакте_Выдано», новая строка",
          `anna · выдано 14:32 · ✅ Хороший · ID ${scene.account}`,
          `Отказов: 5, первый 14:22. Ответ Google: ${tooLong}`,
          "",
          "2. Mamba, вкладка «Мамба_Выдано», исправление отметки",
          `anna · выдано 14:32 · в таблице ✅ Хороший, нужно ⛔ Блок · ID ${scene.man}`,
          `Отказов: 6, первый 14:32. Ответ Google: ${tooLong}`,
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["🔁 Повторить 1", "🗑 Не записывать 1"],
        ["🔁 Повторить 2", "🗑 Не записывать 2"],
        ["🔁 Повторить все"],
        ["🔄 Обновить"],
        ["☰ Меню"],
      ])
      assert.notMatch(scene.lastText(chief), anySecret)
    }),
  )

  it.effect("in English too, each screen", () =>
    Effect.gen(function* () {
      const scene = yield* failing()
      const [issuance] = yield* scene.pools.corrections("mamba")
      const resource = scene.pools.resources.find(({ id }) => id === "mamba")
      const row = (yield* scene.rows.failed).find(({ id }) => id === issuance?.id)
      if (!issuance || !resource || !row) return assert.fail("a correction failed")
      const scenery = { now: afternoon, zone: moscow, texts: en }
      const view = { resource: { ...resource, issuedTab: "Issued" }, issuance, row }
      const left = { ...view, abandoned: { by: chief, at: afternoon }, by: "ID 1" }
      for (const { html } of [
        failedScreen([view], 1, 0, scenery),
        dropScreen(view, scenery),
        droppedScreen(left, "ID 1", scenery),
        unwrittenScreen([left], 0, scenery),
      ]) {
        assert.match(String(html), /Mamba, tab “Issued”, correction of a mark/)
        assert.match(String(html), /the sheet says ✅ Good, should be ⛔ Blocked/)
        assert.notMatch(String(html), /[А-Яа-я]/)
      }
    }),
  )

  it.effect("has nothing to press where Google takes everything, and is refreshed", () =>
    Effect.gen(function* () {
      const scene = yield* failing()
      yield* scene.rows.update(() => [])
      yield* scene.say(chief, "/failed")
      assert.strictEqual(scene.lastText(chief), "Google принимает все строки, решать здесь нечего.")
      const [same] = yield* scene.tap(chief, "🔄 Обновить")
      assert.strictEqual(same?.text, "Без изменений")
      yield* scene.rows.update(() => [scene.refusedRow("vk", scene.account)])
      yield* scene.tap(chief, "🔄 Обновить")
      assert.match(scene.lastText(chief), /^Google не принимает 1 строку\n/)
    }),
  )

  it.effect("shows nothing that has not failed yet, or was written or undone meanwhile", () =>
    Effect.gen(function* () {
      const scene = yield* failing()
      const other = (yield* scene.pools.buffer("vk")).find(({ id }) => id !== scene.account)!
      yield* scene.rows.update((rows) => [
        ...rows,
        scene.refusedRow("vk", other.id, { attempts: 4 }),
      ])
      yield* written(scene, scene.account)
      yield* scene.pools.ask("mamba", { _tag: "Undo", id: scene.man, by: anna, admin: false })
      yield* scene.say(chief, "/failed")
      assert.match(scene.lastText(chief), /^Google принимает все строки/)
    }),
  )

  it.effect("of many rows: pages that fit into a message, each row in one of them", () =>
    Effect.gen(function* () {
      const stage = "Щ".repeat(60)
      const long = `${tooLong} ${"<b>&".repeat(100)}`
      const scene = yield* failing({
        pendingLimit: 200,
        roster: { [anna]: { stage, is_approved: true } },
      })
      const items = Array.from({ length: 60 }, (_, place) => anItem("ok", `many${place}`))
      yield* scene.load("ok", ...items)
      for (let turn = 0; turn < 12; turn += 1) {
        const message = { chatId: anna, messageId: 5000 + turn }
        const about = { variant: null, region: "495", targets: [], quantity: 5, by: anna, stage }
        const batch = yield* scene.pools.ask("ok", { _tag: "Issue", message, ...about })
        for (const { id } of batch.issuances) {
          const confirm = { _tag: "Confirm", id, status: "good", by: anna, admin: false } as const
          yield* scene.pools.ask("ok", confirm)
          const row = scene.refusedRow("ok", id, { message: long })
          yield* scene.rows.update((rows) => [...rows, row])
        }
      }
      yield* scene.say(chief, "/failed")
      const seen = new Set<string>()
      for (let page = 0; ; page += 1) {
        const { screen } = scene.last(chief)
        assert.isAtMost(textOf(screen).length, 4096)
        assert.isAtMost(screen.keyboard.flat().length, 100)
        for (const [id] of textOf(screen).matchAll(/(?<=ID )\w{10}/g)) seen.add(id)
        const next = labelsOf(screen).flat().includes("›")
        if (!next) break
        yield* scene.tap(chief, "›")
      }
      assert.strictEqual(seen.size, 62)
    }),
  )
})

describe("trying again", () => {
  it.effect("one row, or all: they are due at once, and the Flusher is woken", () =>
    Effect.gen(function* () {
      const scene = yield* listed()
      const woken = yield* Effect.forkChild(scene.rows.wished, { startImmediately: true })
      const [answer] = yield* scene.tap(chief, "🔁 Повторить 2")
      yield* Fiber.join(woken)
      assert.match(answer?.text ?? "", /^Бот пробует прямо сейчас\./)
      assert.isAtMost(answer?.text?.length ?? 0, 200)
      const due = Effect.map(scene.rows.refused, (rows) =>
        rows.filter(({ nextAt }) => nextAt === atOnce).map(({ id }) => id),
      )
      assert.deepStrictEqual(yield* due, [scene.man])
      yield* scene.tap(chief, "🔁 Повторить все")
      assert.deepStrictEqual(yield* due, [scene.account, scene.man])
      assert.deepStrictEqual(scene.read(deputy), [], "nothing was decided")
    }),
  )

  it.effect("what is written already: it says so, and shows the list as it is", () =>
    Effect.gen(function* () {
      const scene = yield* listed()
      yield* written(scene, scene.account)
      const [answer] = yield* scene.tap(chief, "🔁 Повторить 1")
      assert.deepStrictEqual([answer?.text, answer?.alert], [gone, true])
      assert.match(scene.lastText(chief), /^Google не принимает 1 строку\n/)
      yield* scene.rows.update(() => [])
      yield* scene.say(chief, "/failed")
      const [none] = yield* scene.tapAction(chief, scene.last(chief).messageId, {
        _tag: "FailedRetryAll",
      })
      assert.strictEqual(none?.text, gone)
    }),
  )
})

describe("leaving a row out", () => {
  it.effect("shows what will be missing, asks, tells the other admin, and can be taken back", () =>
    Effect.gen(function* () {
      const scene = yield* listed("🗑 Не записывать 1")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Не записывать эту строку?",
          "VK, вкладка «ВКонтакте_Выдано», новая строка",
          `anna · выдано 14:32 · ✅ Хороший · ID ${scene.account}`,
          "",
          "В таблице не будет строки об этой выдаче: кто взял, когда взял и с какой отметкой.",
          "В статистике и в журнале бота выдача останется. Если отметку потом изменят, в таблицу это тоже не попадёт. Сутки решение можно отменить.",
          "",
          `Ответ Google: ${tooLong}`,
        ].join("\n"),
      )
      assert.strictEqual((yield* scene.pools.stock("vk")).buffer, 2, "it only asks")
      yield* scene.tap(chief, "Не записывать")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Строка не записывается",
          "VK, вкладка «ВКонтакте_Выдано», новая строка",
          `anna · выдано 14:32 · ✅ Хороший · ID ${scene.account}`,
          "Решение: Ольга, 14:33. Отменить можно до 14:33 завтра.",
        ].join("\n"),
      )
      assert.deepInclude(yield* scene.pools.stock("vk"), { buffer: 1, abandoned: 1 })
      assert.deepStrictEqual(scene.read(deputy), [
        `🗑 VK: строка выдачи ${scene.account} не записывается в таблицу. Решение: Ольга. Отменить можно в /failed или /undo.`,
      ])
      yield* scene.say(chief, "/stock")
      assert.include(scene.lastText(chief), "Ждут записи в таблицу: 1\nРешено не записывать: 1")
      const woken = yield* Effect.forkChild(scene.rows.wished, { startImmediately: true })
      yield* scene.tap(chief, "↩️ Вернуть в очередь")
      yield* Fiber.join(woken)
      assert.include(scene.read(chief).join(), "VK: строка снова в очереди на запись.")
      assert.deepInclude(yield* scene.pools.stock("vk"), { buffer: 2, abandoned: 0 })
      assert.lengthOf(scene.read(deputy), 2)
      assert.notMatch(scene.read(deputy).join() + scene.read(chief).join(), anySecret)
    }),
  )

  it.effect("of a correction: the sheet keeps what it says", () =>
    Effect.gen(function* () {
      const scene = yield* listed("🗑 Не записывать 2")
      assert.include(
        scene.lastText(chief),
        "В таблице останется прежняя отметка: ✅ Хороший. Новой, ⛔ Блок, не будет.",
      )
      yield* scene.tap(chief, "Не записывать")
      assert.deepInclude(yield* scene.pools.stock("mamba"), { corrections: 0, abandoned: 1 })
    }),
  )

  it.effect("the first admin decides, the other one reads who did", () =>
    Effect.gen(function* () {
      const scene = yield* failing()
      const admins = [chief, deputy]
      for (const admin of admins) {
        yield* scene.say(admin, "/failed")
        yield* scene.tap(admin, "🗑 Не записывать 1")
      }
      const answers = yield* Effect.forEach(admins, (admin) => scene.tap(admin, "Не записывать"), {
        concurrency: "unbounded",
      })
      const alerts = answers.flat().filter(({ alert }) => alert === true)
      assert.lengthOf(alerts, 1)
      assert.match(
        alerts[0]?.text ?? "",
        /^Уже решено: не записывать\. Решение: (?:Ольга|Мария)\. Ничего не изменилось\.$/,
      )
      const [decision] = yield* scene.pools.abandoned("vk")
      const first = decision?.abandoned?.by === chief ? "Ольга" : "Мария"
      assert.include(alerts[0]?.text, first)
      for (const admin of admins) assert.include(scene.read(admin).join(), "Строка не записывается")
      const notes = admins.flatMap((admin) =>
        scene.read(admin).filter((text) => text.startsWith("🗑")),
      )
      assert.lengthOf(notes, 1)
    }),
  )

  it.effect("pressed twice it is decided once, and the message still leads back", () =>
    Effect.gen(function* () {
      const scene = yield* listed("🗑 Не записывать 1")
      const button = scene.find(chief, "Не записывать")
      for (const _ of ["once", "twice"]) {
        yield* scene.tapData(chief, button.messageId, button.data)
        assert.match(scene.lastText(chief), /^Строка не записывается\n/)
      }
      assert.lengthOf(scene.read(deputy), 1)
      assert.strictEqual((yield* scene.pools.stock("vk")).abandoned, 1)
    }),
  )

  it.effect("of what was written or undone since: nothing changes, and the list comes", () =>
    Effect.gen(function* () {
      const scene = yield* failing()
      for (const label of ["🗑 Не записывать 1", "🗑 Не записывать 2"]) {
        yield* scene.say(chief, "/failed")
        yield* scene.tap(chief, label)
      }
      yield* written(scene, scene.account)
      yield* scene.pools.ask("mamba", { _tag: "Undo", id: scene.man, by: anna, admin: false })
      const before = yield* stateOf(scene)
      for (const [resource, issuance] of [
        ["vk", scene.account],
        ["mamba", scene.man],
        ["gone", scene.man],
      ] as const) {
        for (const _tag of ["FailedDrop", "FailedAsk", "FailedRetry"] as const) {
          const { messageId } = scene.last(chief)
          const [answer] = yield* scene.tapAction(chief, messageId, { _tag, resource, issuance })
          assert.deepStrictEqual([answer?.text, answer?.alert], [gone, true])
          assert.match(scene.lastText(chief), /^Google принимает все строки/)
        }
      }
      assert.deepStrictEqual(yield* stateOf(scene), before)
      assert.deepStrictEqual(scene.read(deputy), [])
    }),
  )

  it.effect("a healthy row that waits is left out by no button", () =>
    Effect.gen(function* () {
      const scene = yield* failing()
      const other = (yield* scene.pools.buffer("vk")).find(({ id }) => id !== scene.account)!
      yield* scene.say(chief, "/failed")
      const [answer] = yield* scene.tapAction(chief, scene.last(chief).messageId, {
        _tag: "FailedDrop",
        resource: "vk",
        issuance: other.id,
      })
      assert.strictEqual(answer?.text, gone)
      assert.strictEqual((yield* scene.pools.stock("vk")).abandoned, 0)
    }),
  )

  it.effect("its holder may go on correcting: the decision stands, and nobody is told", () =>
    Effect.gen(function* () {
      const scene = yield* listed("🗑 Не записывать 1", "Не записывать")
      const correct = { _tag: "Correct", id: scene.account, status: "block" } as const
      yield* scene.pools.ask("vk", { ...correct, by: anna, admin: false })
      assert.deepInclude(yield* scene.pools.stock("vk"), { buffer: 1, abandoned: 1 })
      yield* scene.say(deputy, "/failed")
      yield* scene.tap(deputy, "Не записанные строки: 1")
      assert.include(scene.lastText(deputy), "⛔ Блок")
    }),
  )

  it.effect("a disk that refuses is told of, and nothing is decided", () =>
    Effect.gen(function* () {
      const scene = yield* listed("🗑 Не записывать 1")
      scene.disk.failing = true
      const [answer] = yield* scene.tap(chief, "Не записывать")
      assert.match(answer?.text ?? "", /^Диск бота сейчас не отвечает\./)
      assert.strictEqual((yield* scene.pools.stock("vk")).abandoned, 0)
      assert.deepStrictEqual(scene.read(deputy), [])
    }),
  )
})

describe("taking back", () => {
  const dropped = Effect.gen(function* () {
    const scene = yield* listed("🗑 Не записывать 1", "Не записывать")
    yield* TestClock.adjust("1 hour")
    yield* scene.say(chief, "/failed")
    // The one that is left.
    yield* scene.press(chief, "🗑 Не записывать 1", "Не записывать")
    return scene
  })

  it.effect("/undo leads to what was left out, the latest first, beside the trash", () =>
    Effect.gen(function* () {
      const scene = yield* dropped
      yield* scene.say(deputy, "/undo")
      assert.strictEqual(
        scene.lastText(deputy),
        "В корзине пусто. Строки, которые решено не записывать, можно вернуть кнопкой.",
      )
      yield* scene.load("ok", "one")
      yield* scene.say(deputy, "/buffer_clear ok")
      yield* scene.tap(deputy, "Очистить 1")
      yield* scene.say(deputy, "/undo")
      assert.deepStrictEqual(labelsOf(scene.last(deputy).screen), [
        ["↩️ Вернуть 1: OK"],
        ["Не записанные строки: 2"],
        ["☰ Меню"],
      ])
      yield* scene.tap(deputy, "Не записанные строки: 2")
      assert.strictEqual(
        scene.lastText(deputy),
        [
          "Не записаны по решению администраторов",
          "",
          "1. Mamba, вкладка «Мамба_Выдано», исправление отметки",
          `anna · выдано 14:32 · в таблице ✅ Хороший, нужно ⛔ Блок · ID ${scene.man}`,
          "Решение: Ольга, 15:33. Отменить можно до 15:33 завтра.",
          "",
          "2. VK, вкладка «ВКонтакте_Выдано», новая строка",
          `anna · выдано 14:32 · ✅ Хороший · ID ${scene.account}`,
          "Решение: Ольга, 14:33. Отменить можно до 14:33 завтра.",
        ].join("\n"),
      )
      yield* scene.tap(deputy, "↩️ Вернуть в очередь 2")
      assert.match(scene.lastText(deputy), /^VK: строка снова в очереди на запись\.\n\nНе записаны/)
      yield* scene.tap(deputy, "↩️ Вернуть в очередь 1")
      assert.include(scene.lastText(deputy), "Таких строк нет: всё записано или ждёт записи.")
      assert.strictEqual((yield* scene.pools.stock("mamba")).corrections, 1)
      yield* scene.tap(deputy, "‹ К списку")
      assert.match(scene.lastText(deputy), /^Google не принимает/)
    }),
  )

  it.effect("twice, by two admins, or a day later: nothing changes", () =>
    Effect.gen(function* () {
      const scene = yield* dropped
      const admins = [chief, deputy]
      for (const admin of admins) {
        yield* scene.say(admin, "/failed")
        yield* scene.tap(admin, "Не записанные строки: 2")
      }
      const answers = yield* Effect.forEach(
        admins,
        (admin) => scene.tap(admin, "↩️ Вернуть в очередь 2"),
        { concurrency: "unbounded" },
      )
      const sentence =
        "Этой строки среди не записанных уже нет: её вернули, или прошли сутки. Ничего не изменилось."
      assert.deepStrictEqual(
        answers.flat().flatMap(({ text }) => text ?? []),
        [sentence],
      )
      const late = scene.find(chief, "↩️ Вернуть в очередь 1")
      yield* TestClock.setTime(afternoon + 26 * 3_600_000)
      const [answer] = yield* scene.tapData(chief, late.messageId, late.data)
      assert.deepStrictEqual([answer?.text, answer?.alert], [sentence, true])
      assert.strictEqual((yield* scene.pools.stock("mamba")).corrections, 0)
      yield* scene.say(chief, "/undo")
      assert.match(scene.lastText(chief), /^В корзине пусто, возвращать нечего\./)
    }),
  )

  it.effect("after a restart too", () =>
    Effect.gen(function* () {
      const before = yield* dropped
      yield* before.pools.snapshot
      const scene = yield* Scene.make({ disk: before.disk, telegram: before.telegram })
      yield* scene.say(chief, "/failed")
      yield* scene.press(chief, "Не записанные строки: 2", "↩️ Вернуть в очередь 1")
      assert.strictEqual((yield* scene.pools.stock("mamba")).corrections, 1)
    }),
  )
})
