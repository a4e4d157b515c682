/** Cards about rows that were changed by hand: who sees them, who decides, what comes of it. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { encodeAction } from "../../../src/bot/buttons.ts"
import { layer as EditNotices } from "../../../src/bot/EditNotices.ts"
import type { Found, HandEdit } from "../../../src/domain/HandEdit.ts"
import { HandEdits } from "../../../src/pool/HandEdits.ts"
import { MemoryJournal } from "../../store/MemoryJournal.ts"
import * as FakeTelegram from "../FakeTelegram.ts"
import { labelsOf } from "../FakeTelegram.ts"
import * as Scene from "../Scene.ts"
import { anna, boris, chief, deputy, stranger, vera } from "../Scene.ts"

/** 14:32 in Moscow. */
const afternoon = Date.UTC(2026, 10, 22, 11, 32)
const tab = "ВКонтакте_Выдано"
const block: Found = { _tag: "Status", status: "block", isBlank: false }
const value: Found = { _tag: "Value", column: "Логин" }
const gone: Found = { _tag: "Gone" }

/** Anna said «Хороший» of one item, whose row stands in the sheet. */
const scene = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const desk = yield* Scene.make(options)
  yield* TestClock.setTime(afternoon)
  yield* desk.load("vk", "login-of-a")
  yield* desk.fromMenu(anna, "VK", "495", "1", "✅ Хороший")
  const [issuance] = yield* desk.pools.held(anna)
  const { id, mark, issuedAt, stage } = issuance!
  yield* desk.pools.tell("vk", { _tag: "Written", rows: [{ id, mark: mark! }] })
  yield* Layer.build(EditNotices).pipe(Effect.provideContext(desk.context))
  const edits = Context.get(desk.context, HandEdits)
  const edit = (found: Found, more: Partial<HandEdit> = {}): HandEdit => ({
    resource: "vk",
    issuance: id,
    digest: "abc123",
    tab,
    row: found._tag === "Gone" ? null : 14,
    stage,
    issuedAt,
    mark: mark!,
    rewrites: 0,
    found,
    ...more,
  })
  /** One look has found that; the admins hear of it. */
  const notice = (...found: ReadonlyArray<HandEdit>) =>
    Effect.andThen(edits.looked(["vk"], found), TestClock.adjust("1 minute"))
  const row = Effect.map(desk.pools.find("vk", id), (found) => Option.getOrThrow(found))
  return { ...desk, id, edits, edit, notice, row }
})

/** A look has found that, and every admin has a card about it. */
const noticed = Effect.fnUntraced(function* (found: Found) {
  const desk = yield* scene()
  yield* desk.notice(desk.edit(found))
  return desk
})

const card = (id: string, sheet: string) =>
  [
    "В таблице вручную изменили статус",
    "",
    "ВКонтакте_Выдано, строка 14",
    `ID ${id}`,
    "Выдано: anna, 22.11.2026 14:32",
    "Бот: ✅ Хороший (anna, 14:32)",
    `Таблица: ${sheet}`,
  ].join("\n")

describe("a card", () => {
  it.effect("comes to every admin once, and says nothing of the item", () =>
    Effect.gen(function* () {
      const { notice, edit, read, telegram, id } = yield* scene()
      yield* notice(edit(block))
      yield* notice(edit(block))
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(read(admin), [card(id, "⛔ Блок")])
        const [shown] = telegram.chat(admin)
        assert.deepStrictEqual(labelsOf(shown!.screen), [["Верно в таблице"], ["Верно у бота"]])
        assert.notInclude(JSON.stringify(shown), "login-of-a")
        assert.notInclude(JSON.stringify(shown), "secret-")
      }
      assert.notInclude(read(anna).join(), "Таблица")
    }),
  )

  for (const [found, sheet, labels] of [
    [
      { _tag: "Status", status: null, isBlank: true },
      "статус пуст",
      ["Вернуть как у бота", "Оставить как есть"],
    ],
    [
      { _tag: "Status", status: null, isBlank: false },
      "такого статуса бот не знает",
      ["Вернуть как у бота", "Оставить как есть"],
    ],
    [value, "в столбце «Логин» другое значение", ["Вернуть как у бота", "Оставить как есть"]],
    [gone, "строки с этим ID нет", ["Вписать снова", "Оставить как есть"]],
  ] as const) {
    it.effect(`«${sheet}» has other buttons`, () =>
      Effect.gen(function* () {
        const { notice, edit, read, last } = yield* scene()
        yield* notice(edit(found))
        assert.include(read(chief)[0], `Таблица: ${sheet}`)
        assert.deepStrictEqual(labelsOf(last(chief).screen).flat(), [...labels])
      }),
    )
  }

  it.effect("that reached nobody is sent again, also after a restart", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { notice, edit, read } = yield* scene({ disk, telegram, admins: [chief] })
          telegram.fail("send", { _tag: "ChatNotFound" }, { chatId: chief, times: 2 })
          yield* notice(edit(block))
          assert.deepStrictEqual(read(chief), [])
        }),
      )
      const later = yield* Scene.make({ disk, telegram, admins: [chief] })
      yield* Layer.build(EditNotices).pipe(Effect.provideContext(later.context))
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(later.read(chief), 1)
    }),
  )

  it.effect("many at once are one message by tabs and kinds", () =>
    Effect.gen(function* () {
      const { notice, edit, read, last } = yield* scene()
      const many = Array.from({ length: 12 }, (_, n) =>
        edit(n < 7 ? block : n < 11 ? value : gone, { digest: `d${n}` }),
      )
      yield* notice(...many)
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(read(chief), [
        [
          "Вручную изменено сразу много: 12 строк выданного",
          "• ВКонтакте_Выдано: статус 7, другое значение 4, нет строк 1",
          "Похоже, отсортировали или вставили часть столбцов. Бот ничего не менял, в его журнале всё верно. Верните вкладку как была: «Файл», «История версий».",
        ].join("\n"),
      ])
      assert.deepStrictEqual(last(chief).screen.keyboard, [])
    }),
  )
})

describe("a decision", () => {
  it.effect("the sheet is right: a correction by the admin, all cards and the holder know", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(block)
      yield* desk.tap(deputy, "Верно в таблице")
      const { mark, row } = yield* desk.row
      assert.deepStrictEqual([mark?.status, mark?.by, row?.status], ["block", deputy, "good"])
      const outcome = "✅ Верно в таблице, бот учёл новый статус. Решение: Мария, 22.11.2026 14:33."
      for (const admin of [chief, deputy]) {
        assert.deepStrictEqual(desk.read(admin), [`${card(desk.id, "⛔ Блок")}\n\n${outcome}`])
        assert.deepStrictEqual(desk.last(admin).screen.keyboard, [])
      }
      assert.include(desk.read(anna).at(-1), "Блок")
      assert.deepStrictEqual(yield* desk.edits.ended, [])
    }),
  )

  for (const [found, label, place] of [
    [block, "Верно у бота", "corrections"],
    [value, "Вернуть как у бота", "corrections"],
    [gone, "Вписать снова", "buffer"],
  ] as const) {
    it.effect(`${found._tag}, «${label}»: the row waits to be written again`, () =>
      Effect.gen(function* () {
        const desk = yield* noticed(found)
        yield* desk.tap(chief, label)
        const [waiting] = yield* desk.pools[place]("vk")
        assert.deepStrictEqual([waiting?.id, waiting?.mark?.status], [desk.id, "good"])
        assert.strictEqual(waiting?.valueLost, found._tag === "Value" ? true : undefined)
        assert.match(desk.read(deputy)[0] ?? "", /↩️ Бот впишет строку снова|↩️ Бот вернёт строку/)
      }),
    )
  }

  it.effect("left as it is: nothing changes, and nobody is asked again", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(gone)
      const before = yield* desk.row
      yield* desk.tap(chief, "Оставить как есть")
      assert.deepStrictEqual(yield* desk.row, before)
      yield* desk.notice(desk.edit(gone))
      assert.lengthOf(desk.read(chief), 1)
      assert.include(desk.read(chief)[0], "Осталось как в таблице, в журнале бота прежнее.")
    }),
  )

  it.effect("the first one counts; a card that still shows the buttons follows", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(block)
      const late = desk.find(chief, "Верно в таблице")
      desk.telegram.fail("edit", { _tag: "Unsure" }, { times: 1, chatId: chief })
      yield* desk.tap(deputy, "Верно у бота")
      const state = yield* desk.row
      const [answer] = yield* desk.tapData(chief, late.messageId, late.data)
      assert.deepStrictEqual(
        [answer?.text, answer?.alert],
        ["Решение уже принято, на карточке видно какое. Ничего не изменилось.", true],
      )
      assert.deepStrictEqual(yield* desk.row, state)
      assert.include(desk.read(chief)[0], "Решение: Мария")
    }),
  )

  it.effect("pressed twice, and again after a crash in between: done once", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const telegram = FakeTelegram.make()
      const { id, data, messageId } = yield* Effect.scoped(
        Effect.gen(function* () {
          const desk = yield* scene({ disk, telegram })
          yield* desk.notice(desk.edit(gone))
          const button = desk.find(chief, "Вписать снова")
          // As if it had died between what it did and the record of it.
          yield* desk.pools.manage("vk", {
            _tag: "Rewrite",
            id: desk.id,
            gone: true,
            value: false,
            rewrites: 0,
            admin: chief,
          })
          const { mark } = yield* desk.row
          yield* desk.pools.tell("vk", { _tag: "Written", rows: [{ id: desk.id, mark: mark! }] })
          return { id: desk.id, ...button }
        }),
      )
      const later = yield* Scene.make({ disk, telegram })
      yield* later.tapData(chief, messageId, data)
      yield* later.tapData(chief, messageId, data)
      assert.deepStrictEqual(yield* later.pools.buffer("vk"), [])
      const [row] = yield* later.pools.written("vk")
      assert.deepStrictEqual([row?.id, row?.rewrites], [id, 1])
      assert.include(later.read(chief)[0], "Бот впишет строку снова")
    }),
  )

  it.effect("after 24 hours the sheet cannot be followed, but the other ways are open", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(block)
      yield* TestClock.adjust("24 hours")
      const [answer] = yield* desk.tap(chief, "Верно в таблице")
      assert.match(answer?.text ?? "", /^Прошло больше 24 часов.+Ничего не изменилось/)
      assert.strictEqual((yield* desk.row).mark?.status, "good")
      assert.deepStrictEqual(labelsOf(desk.last(chief).screen), [
        ["Вернуть как у бота"],
        ["Оставить как есть"],
      ])
      yield* desk.tap(chief, "Оставить как есть")
      assert.include(desk.read(deputy)[0], "Осталось как в таблице")
    }),
  )

  it.effect("a status that was set anew meanwhile makes the card out of date", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(block)
      const correction = { id: desk.id, status: "defect", by: anna, admin: false }
      yield* TestClock.adjust("1 minute")
      yield* desk.pools.ask("vk", { _tag: "Correct", ...correction })
      const [answer] = yield* desk.tap(chief, "Верно у бота")
      assert.match(answer?.text ?? "", /^Карточка устарела/)
      assert.isUndefined((yield* desk.row).rewrites)
      for (const admin of [chief, deputy]) {
        assert.include(desk.read(admin)[0], "Решать больше нечего")
        assert.deepStrictEqual(desk.last(admin).screen.keyboard, [])
      }
    }),
  )

  it.effect("the row was put back: the cards close by themselves", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(block)
      const late = desk.find(deputy, "Верно в таблице")
      yield* desk.notice()
      for (const admin of [chief, deputy])
        assert.include(desk.read(admin)[0], "Решать больше нечего")
      const [answer] = yield* desk.tapData(deputy, late.messageId, late.data)
      assert.match(answer?.text ?? "", /^Карточка устарела/)
      assert.strictEqual((yield* desk.row).mark?.status, "good")
    }),
  )

  it.effect("the disk refuses: nothing is decided, and the card still asks", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(block)
      desk.disk.failing = true
      const [answer] = yield* desk.tap(chief, "Верно у бота")
      assert.isTrue(answer?.alert)
      assert.lengthOf(desk.last(chief).screen.keyboard, 2)
      desk.disk.failing = false
      yield* TestClock.adjust("5 seconds")
      yield* desk.tap(chief, "Верно у бота")
      assert.lengthOf(yield* desk.pools.corrections("vk"), 1)
    }),
  )
})

describe("anybody else", () => {
  for (const who of [anna, boris, vera, stranger]) {
    it.effect(`${who} decides nothing by a forwarded button`, () =>
      Effect.gen(function* () {
        const desk = yield* noticed(block)
        const before = [yield* desk.row, desk.read(chief)]
        for (const label of ["Верно в таблице", "Верно у бота"]) {
          const { data } = desk.find(chief, label)
          const [answer] = yield* desk.tapData(who, 5, data)
          assert.isTrue(answer?.alert)
        }
        assert.deepStrictEqual([yield* desk.row, desk.read(chief)], before)
      }),
    )
  }

  it.effect("forged data of an admin: the button is out of date, nothing changes", () =>
    Effect.gen(function* () {
      const desk = yield* noticed(value)
      const before = yield* desk.row
      for (const [digest, choice] of [
        ["zzz", "bot"],
        ["abc123", "sheet"],
      ] as const) {
        const data = encodeAction({ _tag: "EditDecide", issuance: desk.id, digest, choice })
        const [answer] = yield* desk.tapData(chief, desk.last(chief).messageId, data)
        assert.match(answer?.text ?? "", /^Кнопка устарела/)
      }
      assert.deepStrictEqual(yield* desk.row, before)
    }),
  )
})
