/** /quarantine: rows that cannot be issued, and what admins make of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Quarantined } from "../../../src/domain/Item.ts"
import { ItemId } from "../../../src/domain/Item.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { aBadRow, anna, chief, deputy, expire, noon } from "../Scene.ts"

const password = "secret-one"
const secrets = /secret-|@example\.com/

/** One repeat, and one row whose password Sheets made a date of. */
const one = aBadRow("one")
const changed: Quarantined = aBadRow("two", {
  reason: "converted",
  column: "Пароль",
  origin: {
    tab: "ВКонтакте",
    header: ["Логин", "Пароль"],
    cells: [{ value: "two@example.com" }, { value: 45_000, format: { type: "DATE" } }],
  },
})

const scene = Effect.gen(function* () {
  const made = yield* Scene.make()
  yield* TestClock.setTime(noon)
  yield* made.say(deputy, "/menu")
  yield* made.load("vk", "one")
  yield* made.setAside("vk", one, changed)
  yield* made.say(chief, "/quarantine")
  return made
})

const toOne = ["1. ВКонтакте · 1", "1. one@…"]
const toChanged = ["2. ВКонтакте · 1", "1. two@…"]

const count = (made: Effect.Success<typeof scene>) =>
  Effect.map(made.pools.stock("vk"), ({ available, quarantine, returning }) => ({
    available,
    quarantine,
    returning,
  }))

describe("/quarantine", () => {
  it.effect("lists the rows by tab and reason, masked, and shows one whole on a tap", () =>
    Effect.gen(function* () {
      const made = yield* scene
      const list = made.lastText(chief)
      assert.include(list, "«ВКонтакте» · повтор: такое уже есть (Логин): 1")
      assert.include(list, "«ВКонтакте» · таблица заменила набранное датой или числом (Пароль): 1")
      yield* made.press(chief, ...toOne)
      assert.include(made.lastText(chief), "Логин: one@…\nПароль: •••")
      assert.notMatch(made.read(chief).join("\n"), secrets)
      yield* made.tap(chief, "👁 Показать значения")
      assert.include(made.lastText(chief), `Пароль: ${password}`)
      yield* made.tap(chief, "🙈 Скрыть значения")
      assert.notMatch(made.lastText(chief), secrets)
    }),
  )

  it.effect("says so where nothing is in quarantine; /aside is the same", () =>
    Effect.gen(function* () {
      const made = yield* Scene.make()
      yield* made.say(chief, "/aside")
      assert.include(made.lastText(chief), "В карантине пусто")
    }),
  )

  it.effect("is a button of /stock and of the note that tells of such rows", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.say(chief, "/stock")
      yield* made.tap(chief, "🗄 Карантин: 2")
      assert.include(made.lastText(chief), "Карантин: строки, которые нельзя выдать")
    }),
  )

  it.effect("gives a row back to its tab; the other admins hear of it", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.press(chief, ...toOne, "↩️ Вернуть в таблицу")
      assert.deepStrictEqual(yield* count(made), { available: 1, quarantine: 1, returning: 1 })
      const note = made.lastText(deputy)
      assert.include(note, "На вкладку «ВКонтакте» возвращается 1 строка")
      assert.include(note, "Решение: Ольга.")
    }),
  )

  it.effect("issues a repeat that is none, and throws away; both can be taken back for a day", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.press(chief, ...toOne, "✅ Выдать всё равно")
      assert.deepStrictEqual(yield* count(made), { available: 2, quarantine: 1, returning: 0 })
      yield* made.press(chief, "1. ВКонтакте · 1", "1. two@…", "🗑 Удалить")
      assert.deepStrictEqual(yield* count(made), { available: 2, quarantine: 0, returning: 0 })
      yield* made.press(chief, "↩️ Решено за сутки: 2", "↩️ Отменить 1", "↩️ Отменить 1")
      assert.deepStrictEqual(yield* count(made), { available: 1, quarantine: 2, returning: 0 })
      assert.include(made.lastText(chief), "За сутки решений не было")
    }),
  )

  it.effect("too late: the item was issued, or a day went by", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.press(chief, ...toOne, "✅ Выдать всё равно")
      yield* made.fromMenu(anna, "VK", "495", "2")
      yield* made.say(chief, "/quarantine")
      yield* made.tap(chief, "↩️ Решено за сутки: 1")
      const [answer] = yield* made.tap(chief, "↩️ Отменить 1")
      assert.include(answer?.text, "Отменить уже нельзя")
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "1. ВКонтакте · 1", "1. two@…", "🗑 Удалить")
      yield* TestClock.adjust("24 hours")
      yield* made.pools.tell("vk", expire)
      yield* made.say(chief, "/quarantine")
      assert.include(made.lastText(chief), "В карантине пусто")
      assert.notInclude(labelsOf(made.last(chief).screen).flat(), "↩️ Решено за сутки: 1")
    }),
  )

  it.effect("says so where a repeat cannot be read any more, and leaves it there", () =>
    Effect.gen(function* () {
      const made = yield* Scene.make()
      const { origin } = one
      yield* made.setAside("vk", { ...one, origin: { ...origin, header: ["Login name", "Key"] } })
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "1. ВКонтакте · 1")
      const labels = labelsOf(made.last(chief).screen).flat()
      yield* made.press(chief, labels.find((label) => label.startsWith("1. ")) ?? "no row")
      const [answer] = yield* made.tap(chief, "✅ Выдать всё равно")
      assert.include(answer?.text, "больше не читается по нынешнему каталогу")
      assert.include(made.lastText(chief), "больше не читается по нынешнему каталогу")
      assert.strictEqual((yield* count(made)).quarantine, 1)
    }),
  )

  it.effect("two admins at once: the first decides", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.press(chief, ...toOne)
      yield* made.say(deputy, "/quarantine")
      yield* made.press(deputy, ...toOne, "🗑 Удалить")
      const [answer] = yield* made.tap(chief, "↩️ Вернуть в таблицу")
      assert.include(answer?.text, "кто-то решил раньше")
      assert.deepStrictEqual(yield* count(made), { available: 1, quarantine: 1, returning: 0 })
    }),
  )

  it.effect("works all rows of a reason at once, after a question", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.setAside("vk", ...["a", "b", "c"].map((name) => aBadRow(name)))
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "1. ВКонтакте · 4", "🗑 Удалить все: 4")
      assert.include(made.lastText(chief), "Удалить 4 строки вкладки «ВКонтакте»?")
      yield* made.tap(chief, "🗑 Удалить")
      assert.deepStrictEqual(yield* count(made), { available: 1, quarantine: 1, returning: 0 })
      assert.include(made.lastText(chief), "Удалено из карантина: 4 строки, вкладка «ВКонтакте»")
    }),
  )
})

describe("a row is mended by a message", () => {
  it.effect("with the right value; the message goes, and the item is issued with it", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.press(chief, ...toChanged, "✏️ Исправить: Пароль")
      assert.include(made.lastText(chief), "Пришлите верное значение: Пароль")
      yield* made.say(chief, "typed-anew")
      assert.deepStrictEqual(yield* count(made), { available: 2, quarantine: 1, returning: 0 })
      assert.notInclude(made.read(chief).join("\n"), "typed-anew")
      yield* made.fromMenu(anna, "VK", "495", "2")
      assert.include(made.lastText(anna), "typed-anew")
    }),
  )

  it.effect("with another wrong value: says why, and asks again", () =>
    Effect.gen(function* () {
      const made = yield* scene
      const number = aBadRow("nine", {
        tab: "Номера",
        reason: "unreadable",
        column: "Номер",
        origin: {
          tab: "Номера",
          header: ["Дата", "Номер"],
          cells: [{ value: "22.11.2026" }, { value: "7,9E+10" }],
        },
        id: ItemId.make("bad-nine"),
      })
      yield* made.setAside("number", number)
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "3. Номера · 1", "1. …10", "✏️ Исправить: Номер")
      yield* made.say(chief, "79")
      assert.include(made.lastText(chief), "С этим значением выдать нельзя: значение не читается")
      yield* made.say(chief, "+7 900 000-10-01")
      assert.strictEqual((yield* made.pools.stock("number")).available, 1)
    }),
  )

  it.effect("names the column in the admin's language", () =>
    Effect.gen(function* () {
      const made = yield* scene
      const bad = aBadRow("three", { reason: "missing", column: "Логин" })
      yield* made.setAside("vk", bad)
      yield* made.say(chief, "/language en")
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "3. ВКонтакте · 1")
      assert.match(made.lastText(chief), /^“ВКонтакте” · [^(]+ \(Login\)/)
      yield* made.press(chief, "1. three@…")
      assert.match(made.lastText(chief), /^Login: three@…$/m)
      assert.match(made.lastText(chief), /^Password: /m)
      yield* made.press(chief, "✏️ Correct: Login")
      assert.match(made.lastText(chief), /: Login$/m)
    }),
  )

  it.effect("names a column of another header in the admin's language too", () =>
    Effect.gen(function* () {
      const made = yield* scene
      const origin = {
        tab: "ВКонтакте",
        header: ["Почта", "Заметка"],
        cells: [{ value: "three@example.com" }, { value: "x" }],
      }
      yield* made.setAside("vk", aBadRow("three", { reason: "missing", column: "Пароль", origin }))
      yield* made.say(chief, "/language en")
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "3. ВКонтакте · 1", "1. three@…")
      assert.match(made.lastText(chief), /^Login: three@…$/m)
      assert.match(made.lastText(chief), /^Заметка: /m)
    }),
  )

  it.effect("not with what is in stock already", () =>
    Effect.gen(function* () {
      const made = yield* scene
      const bad = aBadRow("three", { reason: "missing", column: "Логин" })
      yield* made.setAside("vk", bad)
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, "3. ВКонтакте · 1", "1. three@…", "✏️ Исправить: Логин")
      yield* made.say(chief, "ONE@example.com")
      assert.include(made.lastText(chief), "С этим значением выдать нельзя: такое уже выдавали")
      assert.strictEqual((yield* made.pools.stock("vk")).quarantine, 3)
    }),
  )

  it.effect("not after a cancel, another command, or ten minutes", () =>
    Effect.gen(function* () {
      const made = yield* scene
      yield* made.press(chief, ...toChanged, "✏️ Исправить: Пароль", "Не исправлять")
      yield* made.say(chief, "one-more")
      assert.strictEqual((yield* count(made)).quarantine, 2)
      yield* made.press(chief, "✏️ Исправить: Пароль")
      yield* made.say(chief, "/stock")
      yield* made.say(chief, "one-more")
      assert.strictEqual((yield* count(made)).quarantine, 2)
      yield* made.say(chief, "/quarantine")
      yield* made.press(chief, ...toChanged, "✏️ Исправить: Пароль")
      yield* TestClock.adjust("11 minutes")
      yield* made.say(chief, "one-more")
      assert.strictEqual((yield* count(made)).quarantine, 2)
    }),
  )
})
