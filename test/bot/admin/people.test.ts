/** Who has access and what they hold, and how access ends and comes back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { Roster } from "../../../src/access/Whitelist.ts"
import type { TelegramId } from "../../../src/domain/Employee.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy, stranger, vera } from "../Scene.ts"
import * as Files from "./files.ts"
import {
  annaTookThree,
  dataIn,
  ready,
  reserveProxies,
  roleOf,
  type PeopleScene,
  walk,
} from "./peopleScene.ts"

/** Anna took three items an hour and five minutes ago, if the timer has let her keep them. */
const annaHolds = (options: Scene.SceneOptions = {}) =>
  Effect.tap(annaTookThree(options), () => TestClock.adjust("65 minutes"))

const pendingOf = (scene: PeopleScene, id: TelegramId) =>
  Effect.map(scene.pools.held(id), (held) => held.filter(({ mark }) => mark === null).length)

const dismissAnna = Effect.fnUntraced(function* (scene: PeopleScene, admin: TelegramId = chief) {
  yield* scene.say(admin, `/whitelist_remove ${anna}`)
  return yield* scene.tap(admin, "Убрать доступ")
})

describe("/whitelist", () => {
  it.effect("lists everybody with what they hold", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* scene.say(chief, "/whitelist")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Доступ: 5 человек",
          "Из них 1 ждёт одобрения",
          "",
          "админ 2 · 2 · администратор",
          "Ольга · 1 · администратор",
          "anna · 101 · сотрудник · на руках 3, самое старое 1 ч 5 мин",
          "boris · 102 · сотрудник",
          "vera · 103 · ждёт одобрения",
          "",
          "Нажмите на человека, чтобы открыть карточку.",
        ].join("\n"),
      )
    }),
  )

  it.effect("the card shows what somebody holds, masked", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* scene.say(chief, "/whitelist")
      yield* scene.tap(chief, "anna")
      assert.strictEqual(
        scene.lastText(chief),
        [
          "Ник: anna",
          "Telegram ID: 101",
          "Роль: сотрудник",
          "В логе программы: p-1208135262",
          "",
          "На руках без отметки: 3",
          "VK › 495 · first@… · 1 ч 5 мин",
          "VK › 495 · second@… · 1 ч 5 мин",
          "VK › 495 · third@… · 1 ч 5 мин",
        ].join("\n"),
      )
      assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
        ["⏸ Приостановить доступ"],
        ["✏️ Переименовать"],
        ["Убрать доступ"],
        ["Журнал"],
        ["‹ К списку"],
        ["☰ Меню"],
      ])
      yield* scene.tap(chief, "‹ К списку")
      assert.match(scene.lastText(chief), /^Доступ: 5 человек/)
      assert.lengthOf(scene.telegram.chat(chief), 1)
    }),
  )

  for (const language of ["ru", "en"] as const) {
    it.effect(`500 people with long nicknames fit, in ${language}`, () =>
      Effect.gen(function* () {
        const roster: Roster = Object.fromEntries(
          Array.from({ length: 500 }, (_, at) => [
            String(9_000_000_000_000_000 + at),
            { stage: `<&>${at} `.padEnd(200, "Щ"), is_approved: at % 3 > 0 },
          ]),
        )
        const scene = yield* ready({ language, roster })
        yield* scene.say(chief, "/whitelist")
        assert.lengthOf(dataIn(yield* walk(scene, chief), "wp1"), 502)
      }),
    )
  }
})

describe("/whitelist_remove", () => {
  for (const argument of ["101", "anna", " Anna "]) {
    it.effect(`"${argument}": asks with all that matters, then access ends`, () =>
      Effect.gen(function* () {
        const scene = yield* annaHolds()
        yield* scene.say(chief, `/whitelist_remove ${argument}`)
        const question = scene.lastText(chief)
        assert.match(question, /^Убрать доступ: anna \(101\)\?\n\nНа руках без отметки: 3\n/)
        assert.include(question, "Сутки доступ можно вернуть.")
        assert.strictEqual(yield* roleOf(scene, anna), "employee")
        const [answer] = yield* scene.tap(chief, "Убрать доступ")
        assert.strictEqual(answer?.text, "Доступ закрыт")
        assert.strictEqual(yield* roleOf(scene, anna), "stranger")
        assert.strictEqual(
          scene.lastText(chief),
          [
            "Доступ закрыт: anna (101)",
            "Решение: Ольга, 22.11.2026 15:27.",
            "Вернуть можно до 23.11.2026 15:27.",
            "",
            "Осталось на руках без отметки: 3",
            "1. VK › 495 · first@… · 1 ч 5 мин",
            "2. VK › 495 · second@… · 1 ч 5 мин",
            "3. VK › 495 · third@… · 1 ч 5 мин",
            "",
            "Карантин: бот хранит и больше никому не выдаёт. Передать: дальше этим пользуется коллега.",
          ].join("\n"),
        )
        assert.deepStrictEqual(labelsOf(scene.last(chief).screen), [
          ["Всё подтвердить как хорошее"],
          ["Всё передать…", "Всё в карантин"],
          ...["1", "2", "3"].map((n) => [`${n} хорошее`, `${n} передать…`, `${n} в карантин`]),
          ["Вернуть доступ"],
          ["☰ Меню"],
        ])
        assert.match(scene.lastText(anna), /^Ваш доступ к боту закрыт\./)
        assert.deepStrictEqual(
          scene.telegram.commands.at(-1)?.list.map(({ command }) => command),
          ["start"],
        )
        yield* scene.say(anna, "/menu")
        assert.match(scene.lastText(anna), /^Доступ запрещён/)
      }),
    )
  }

  it.effect("without a name: how it is written; an unknown one: it says so", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/whitelist_remove")
      assert.include(scene.lastText(chief), "например: /whitelist_remove 123456789")
      for (const name of ["555", "nobody", "x".repeat(3000)]) {
        yield* scene.say(chief, `/whitelist_remove ${name}`)
        assert.match(scene.lastText(chief), /^В списке доступа нет никого.*Ничего не/)
        assert.isAtMost(scene.read(chief).at(-1)?.length ?? 0, 300)
      }
    }),
  )

  it.effect("one nickname of two people: asks whom, and the id comes first", () =>
    Effect.gen(function* () {
      const scene = yield* ready({
        roster: {
          "101": { stage: "anna", is_approved: true },
          "102": { stage: "Anna", is_approved: true },
          "104": { stage: "101", is_approved: true },
        },
      })
      yield* scene.say(chief, "/whitelist_remove anna")
      yield* scene.tap(chief, "Anna (102)")
      assert.include(scene.lastText(chief), "Убрать доступ: Anna (102)?")
      yield* scene.say(chief, "/whitelist_remove 101")
      assert.include(scene.lastText(chief), "Убрать доступ: anna (101)?")
    }),
  )

  it.effect("an admin cannot be removed, by command, by button or by forged data", () =>
    Effect.gen(function* () {
      const scene = yield* ready({ roster: { "2": { stage: "deputy", is_approved: true } } })
      for (const name of ["2", "deputy", "1"]) {
        yield* scene.say(chief, `/whitelist_remove ${name}`)
        assert.match(scene.lastText(chief), /^Это администратор.*ADMIN_ID/)
      }
      yield* scene.say(chief, "/whitelist")
      yield* scene.tap(chief, "deputy")
      assert.notInclude(labelsOf(scene.last(chief).screen).flat(), "Убрать доступ")
      const [answer] = yield* scene.tapData(chief, scene.last(chief).messageId, "wd1:2")
      assert.match(answer?.text ?? "", /^Это администратор/)
      assert.strictEqual(yield* roleOf(scene, deputy), "admin")
      yield* scene.say(chief, "/whitelist")
      assert.include(scene.lastText(chief), "deputy · 2 · администратор")
    }),
  )

  it.effect("two admins at once: the second reads who was first, the person is told once", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* scene.say(chief, "/whitelist_remove anna")
      yield* scene.say(deputy, "/whitelist_remove anna")
      yield* Effect.all([scene.tap(deputy, "Убрать доступ"), scene.tap(chief, "Убрать доступ")], {
        concurrency: "unbounded",
      })
      for (const admin of [chief, deputy]) {
        assert.include(scene.read(admin).join(), "Решение: Мария, 22.11.2026 15:27.")
      }
      const note = /^⛔ Доступ закрыт: anna \(101\)\. Решение: Мария\./
      assert.lengthOf(
        [chief, deputy].flatMap((id) => scene.read(id)).filter((text) => note.test(text)),
        1,
      )
      assert.match(scene.lastText(chief), note)
      const told = scene.read(anna).filter((text) => text.startsWith("Ваш доступ к боту закрыт"))
      assert.lengthOf(told, 1)
      yield* scene.tap(chief, "Вернуть доступ")
      assert.strictEqual(
        scene.lastText(deputy),
        "▶️ Доступ снова открыт: anna (101). Решение: Ольга.",
      )
      const [answer] = yield* scene.tap(deputy, "Вернуть доступ")
      assert.strictEqual(
        answer?.text,
        "Доступ уже вернули: Ольга, 22.11.2026 15:27. Ничего не изменилось.",
      )
    }),
  )

  it.effect("what the person was about to be shown is not shown any more", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.fromMenu(anna, "VK", "495")
      const tap = yield* Effect.forkChild(scene.tap(anna, "1"), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      yield* dismissAnna(scene)
      yield* scene.load("vk", "late")
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(tap)
      assert.notMatch(scene.read(anna).join(), /late@example|secret/)
      assert.deepStrictEqual(
        (yield* scene.pools.held(anna)).map(({ delivery }) => delivery),
        ["refused"],
      )
    }),
  )

  it.effect("a reservation of a proxy is cancelled, those of others stay", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(anna, "/menu")
      const proxies = yield* reserveProxies(scene, anna, boris)
      yield* dismissAnna(scene)
      assert.deepStrictEqual(
        (yield* scene.proxies.free([])).map(({ id }) => id),
        [proxies[0]!.id],
      )
    }),
  )
})

describe("an applicant", () => {
  it.effect("is refused, and his application comes back with a new card", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(stranger, "/start")
      yield* scene.say(stranger, "Новенький")
      yield* scene.say(chief, "/whitelist_remove новенький")
      assert.include(scene.lastText(chief), "Заявка закроется")
      yield* scene.tap(chief, "Убрать доступ")
      assert.strictEqual(yield* roleOf(scene, stranger), "stranger")
      assert.match(scene.lastText(stranger), /^Заявку отклонили/)
      assert.include(scene.lastText(deputy), "⛔ Отклонено. Решение: Ольга")
      assert.include(scene.lastText(chief), "Доступ закрыт: Новенький (900)")
      yield* scene.tap(chief, "Вернуть доступ")
      assert.strictEqual(yield* roleOf(scene, stranger), "applicant")
      yield* scene.tap(deputy, "Одобрить")
      assert.strictEqual(yield* roleOf(scene, stranger), "employee")
    }),
  )

  it.effect("of an older file, without an application", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* scene.say(chief, "/whitelist_remove vera")
      yield* scene.tap(chief, "Убрать доступ")
      assert.strictEqual(yield* roleOf(scene, vera), "stranger")
      assert.match(scene.lastText(vera), /^Ваш доступ к боту закрыт/)
    }),
  )
})

describe("giving access back", () => {
  const entry = { stage: "anna", is_approved: true, note: { since: 2024 } }

  it.effect("restores the entry exactly, also after restarts between all steps", () =>
    Effect.gen(function* () {
      const files = yield* Files.make({ [anna]: entry })
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const options = { disk, telegram, whitelist: files.whitelist }
      const step = (act: (scene: PeopleScene) => Effect.Effect<unknown>) =>
        Effect.scoped(Effect.flatMap(Scene.make(options), act))
      yield* Effect.scoped(annaHolds(options))
      yield* step((scene) => scene.say(chief, "/whitelist_remove anna"))
      yield* step((scene) => scene.tap(chief, "Убрать доступ"))
      assert.deepStrictEqual(yield* files.readWhitelist, {})
      yield* step((scene) => scene.tap(chief, "1 в карантин"))
      yield* step((scene) => scene.tap(chief, "🗄 В карантин"))
      yield* step((scene) => scene.tap(chief, "2 передать…"))
      yield* step((scene) => scene.tap(chief, "админ 2"))
      yield* step((scene) => scene.tap(chief, "1 хорошее"))
      yield* step((scene) =>
        Effect.gen(function* () {
          assert.include(scene.lastText(chief), "На руках ничего не осталось.")
          assert.strictEqual(yield* pendingOf(scene, anna), 0)
          assert.strictEqual(yield* pendingOf(scene, deputy), 1)
          yield* scene.tap(chief, "Вернуть доступ")
          assert.match(
            scene.lastText(chief),
            /^Доступ снова открыт: anna \(101\)\. Запись такая же, как была\./,
          )
          assert.match(scene.lastText(anna), /^Ваш доступ к боту снова открыт/)
        }),
      )
      assert.deepStrictEqual(yield* files.readWhitelist, { [anna]: entry })
    }),
  )

  it.effect("works for a day, and leaves whoever came back otherwise alone", () =>
    Effect.gen(function* () {
      const scene = yield* ready()
      yield* dismissAnna(scene)
      yield* TestClock.adjust("23 hours")
      yield* scene.say(chief, "/whitelist_remove 101")
      assert.include(scene.lastText(chief), "Решение: Ольга, 22.11.2026 14:22.")
      yield* TestClock.adjust("2 hours")
      const [late] = yield* scene.tap(chief, "Вернуть доступ")
      assert.match(late?.text ?? "", /^Сутки прошли.*Ничего не изменилось\.$/)
      assert.strictEqual(yield* roleOf(scene, anna), "stranger")
      yield* scene.say(anna, "/start")
      yield* scene.say(anna, "anna2")
      const [answer] = yield* scene.tap(chief, "Вернуть доступ")
      assert.strictEqual(answer?.text, "У этого человека уже есть доступ. Ничего не изменилось.")
      assert.strictEqual(yield* roleOf(scene, anna), "applicant")
    }),
  )

  for (const failing of ["file", "journal"] as const) {
    it.effect(`refused by the ${failing}: told, and nothing changes, either way`, () =>
      Effect.gen(function* () {
        const files = yield* Files.make({ [anna]: entry })
        const scene = yield* ready({ whitelist: files.whitelist })
        const refuse = (on: boolean) => {
          if (failing === "file") files.disk.failing = on
          else scene.disk.failing = on
        }
        const trouble =
          failing === "file"
            ? /^Файл whitelist\.json не записался/
            : /^Диск бота сейчас не отвечает/
        yield* scene.say(chief, "/whitelist_remove anna")
        refuse(true)
        const [refused] = yield* scene.tap(chief, "Убрать доступ")
        assert.match(refused?.text ?? "", trouble)
        assert.isTrue(refused?.alert)
        assert.strictEqual(yield* roleOf(scene, anna), "employee")
        assert.deepStrictEqual(scene.read(anna), [])
        assert.include(scene.lastText(chief), "Убрать доступ: anna (101)?")
        refuse(false)
        yield* scene.tap(chief, "Убрать доступ")
        assert.deepStrictEqual(yield* files.readWhitelist, {})
        if (failing === "journal") return
        refuse(true)
        const [again] = yield* scene.tap(chief, "Вернуть доступ")
        assert.match(again?.text ?? "", trouble)
        assert.strictEqual(yield* roleOf(scene, anna), "stranger")
        refuse(false)
        yield* scene.tap(chief, "Вернуть доступ")
        assert.deepStrictEqual(yield* files.readWhitelist, { [anna]: entry })
      }),
    )
  }
})

describe("what a removed person left", () => {
  it.effect("confirmed as good by the admin, all at once", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      yield* scene.tap(chief, "Всё подтвердить как хорошее")
      const held = yield* scene.pools.held(anna)
      assert.deepStrictEqual(
        held.map(({ mark }) => [mark?.status, mark?.by, mark?.auto]),
        held.map(() => ["good", chief, false]),
      )
      assert.include(scene.lastText(chief), "✅ Подтверждено: 3.")
      assert.include(scene.lastText(chief), "На руках ничего не осталось.")
    }),
  )

  it.effect("set aside: issued to nobody any more, and kept", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      yield* scene.press(chief, "Всё в карантин", "🗄 В карантин")
      assert.include(scene.lastText(chief), "🗄 В карантине: 3.")
      const { available, pending, quarantine } = yield* scene.pools.stock("vk")
      assert.deepStrictEqual(
        { available, pending, quarantine },
        {
          available: 0,
          pending: 0,
          quarantine: 3,
        },
      )
    }),
  )

  it.effect("handed over: each in a message of its own, to the colleague alone", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      yield* scene.tap(chief, "Всё передать…")
      assert.strictEqual(scene.lastText(chief), "Кому передать: всё, 3 штуки?")
      const annaSaw = scene.telegram.chat(anna).length
      yield* scene.tap(chief, "boris (102)")
      assert.include(scene.lastText(chief), "➡️ Передано: 3, кому: boris (102).")
      assert.notMatch(scene.read(chief).join(), /@example|secret/)
      assert.lengthOf(scene.read(boris), 3)
      for (const [at, name] of ["first", "second", "third"].entries()) {
        assert.include(scene.read(boris)[at], `${name}@example.com`)
      }
      assert.strictEqual(yield* pendingOf(scene, anna), 0)
      assert.strictEqual(yield* pendingOf(scene, boris), 3)
      assert.lengthOf(scene.telegram.chat(anna), annaSaw)
      yield* scene.tap(boris, "✅ Хороший")
      assert.strictEqual(yield* pendingOf(scene, boris), 2)
    }),
  )

  it.effect("a colleague who cannot be written to gets nothing", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      yield* scene.tap(chief, "1 передать…")
      scene.telegram.fail("send", { _tag: "Blocked" }, { chatId: boris })
      yield* scene.tap(chief, "boris (102)")
      assert.include(scene.lastText(chief), "Не передано: 1. Коллеге нельзя написать")
      assert.strictEqual(yield* pendingOf(scene, anna), 3)
      assert.strictEqual(yield* pendingOf(scene, boris), 0)
    }),
  )

  it.effect("a disk that refuses is counted, and the items stay", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      const buttons = labelsOf(scene.last(chief).screen)
      yield* scene.tap(chief, "1 передать…")
      const { messageId } = scene.last(chief)
      for (const data of ["ls1:101.all.confirm", "ls1:101.all.aside", "lg1:101.all.102"]) {
        scene.disk.failing = true
        const [answer] = yield* scene.tapData(chief, messageId, data)
        scene.disk.failing = false
        const said = `${answer?.text ?? ""} ${scene.lastText(chief)}`
        assert.match(said, /[Дд]иск бота (сейчас )?не отвечает/)
        assert.strictEqual(yield* pendingOf(scene, anna), 3)
        yield* scene.tapData(chief, messageId, "lf1:101.0")
        assert.deepStrictEqual(labelsOf(scene.last(chief).screen), buttons)
      }
      assert.notMatch(scene.read(boris).join(), /@example|secret/)
      assert.include(scene.read(boris).join(), "Передать не получилось.")
    }),
  )

  it.effect("settled by two admins at once: each item once", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      yield* scene.say(deputy, "/whitelist_remove 101")
      yield* scene.tap(chief, "1 хорошее")
      const [first] = yield* scene.pools
        .held(anna)
        .pipe(Effect.map((held) => held.filter(({ mark }) => mark !== null)))
      yield* scene.tapData(deputy, scene.last(deputy).messageId, `ls1:101.${first?.id}.aside`)
      assert.include(scene.lastText(deputy), "Решено раньше: 1.")
      assert.strictEqual((yield* scene.pools.stock("vk")).quarantine, 0)
    }),
  )

  it.effect("is left alone once access was given back; a colleague must have access", () =>
    Effect.gen(function* () {
      const scene = yield* annaHolds()
      yield* dismissAnna(scene)
      const { messageId } = scene.last(chief)
      for (const to of [vera, stranger]) {
        const [gone] = yield* scene.tapData(chief, messageId, `lg1:101.all.${to}`)
        assert.match(gone?.text ?? "", /^У этого коллеги уже нет доступа\. Ничего не передано/)
      }
      yield* scene.tap(chief, "Вернуть доступ")
      for (const data of [
        "lf1:101.0",
        "ls1:101.all.confirm",
        "ls1:101.all.aside",
        "lt1:101.all.0",
        "lg1:101.all.102",
      ]) {
        const [answer] = yield* scene.tapData(chief, messageId, data)
        assert.match(answer?.text ?? "", /^У этого человека снова есть доступ/)
      }
      assert.strictEqual(yield* pendingOf(scene, anna), 3)
    }),
  )

  for (const language of ["ru", "en"] as const) {
    it.effect(`60 items and 500 colleagues fit, in ${language}`, () =>
      Effect.gen(function* () {
        const roster: Roster = Object.fromEntries(
          Array.from({ length: 500 }, (_, at) => [
            String(101 + at),
            { stage: `${at} `.padEnd(32, "Щ"), is_approved: true },
          ]),
        )
        const scene = yield* ready({ language, roster, pendingLimit: 100 })
        yield* scene.load("vk", ...Array.from({ length: 60 }, (_, at) => `item${at}`))
        for (let batch = 0; batch < 12; batch += 1) {
          yield* scene.fromMenu(anna, "VK", "495", "5")
        }
        yield* scene.say(chief, `/whitelist_remove ${anna}`)
        yield* walk(scene, chief)
        const { messageId } = scene.last(chief)
        yield* scene.tapData(chief, messageId, "wd1:101")
        yield* walk(scene, chief)
        yield* scene.tapData(chief, messageId, "lt1:101.all.0")
        yield* walk(scene, chief)
      }),
    )
  }
})
