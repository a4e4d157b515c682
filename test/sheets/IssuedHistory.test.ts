import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { Day, serialOf } from "../../src/domain/Day.ts"
import { readRow } from "../../src/sheets/BaseRow.ts"
import { baseColumns, issuedColumns } from "../../src/sheets/Headers.ts"
import { readPastRows } from "../../src/sheets/IssuedHistory.ts"
import type { Plain } from "../../src/sheets/SheetsClient.ts"
import { numbers, resourceOf, vk, vkTab, zone } from "./bench.ts"

const mamba = resourceOf("mamba")
const gmail = resourceOf("gmail")
/** Noon in Moscow. */
const noon = Date.UTC(2026, 10, 22, 9)
const around = { zone, now: noon, phoneCountry: "RU" } as const

type Cells = Readonly<Record<string, Plain>>

/** Rows by header, in a tab whose columns stand in an order of their own. */
const read = (resource: Resource, ...rows: ReadonlyArray<Cells>) => {
  const header = ["Заметка", ...resource.issuedColumns.map((column) => column.header).toReversed()]
  const columns = Result.getOrThrow(issuedColumns(resource, header))
  const cells = rows.map((row) => header.map((name) => row[name] ?? ""))
  return readPastRows(resource, columns, cells, around)
}

const login = (text: Plain) => ({ Логин: text, "Дата выдачи": "21.11.2026" })

describe("readPastRows", () => {
  it("reads a row by its headers", () => {
    const { rows } = read(mamba, {
      "Дата выдачи": serialOf(noon, zone),
      Логин: " User1@Example.com ",
      Пароль: "pass-1",
      "Пол/Тип": "Ж",
      Регион: 495,
      Сотрудник: "Иван",
      "Telegram ID": 2,
      Статус: "хороший ",
      Отмечено: "22.11.2026 12:30 авто",
      ID: 17,
      Заметка: "кто-то считал строки",
    })
    assert.deepStrictEqual(rows, [
      {
        id: rows[0]?.id ?? "",
        resource: "mamba",
        variant: "female",
        region: "495",
        holder: rows[0]?.holder ?? null,
        stage: "Иван",
        key: "user1@example.com",
        day: null,
        issuedAt: noon,
        status: "good",
        auto: true,
        markedAt: noon + 30 * 60_000,
        replacementOf: null,
        imported: true,
      },
    ])
    assert.strictEqual(rows[0]?.holder, 2)
    assert.match(rows[0]?.id ?? "", /^old-[0-9a-f]{16}$/)
  })

  it("keeps no secret but the item's key", () => {
    const past = read(vk, { ...login("user1@example.com"), Пароль: "pass-1" })
    assert.notInclude(JSON.stringify(past), "pass-1")
  })

  const dates: ReadonlyArray<readonly [Plain, number | undefined]> = [
    [serialOf(noon, zone), noon],
    ["22.11.2026", Date.UTC(2026, 10, 21, 21)],
    ["22.11.26 11:59", noon - 60_000],
    [" 5.1.2026  9:05:07 ", Date.UTC(2026, 0, 5, 6, 5, 7)],
    ["22.11.2026, 12:00", noon],
    ["31.02.2026", undefined],
    ["22.11.2026 24:10", undefined],
    ["вчера", undefined],
    ["", undefined],
    [true, undefined],
    ["22.11.2062", undefined],
    [0, undefined],
    [-5, undefined],
    [1e15, undefined],
  ]
  for (const [cell, expected] of dates) {
    it(`reads the date of issue ${JSON.stringify(cell)}`, () => {
      const { rows, unreadable } = read(vk, { ...login("user1@example.com"), "Дата выдачи": cell })
      assert.deepStrictEqual(
        rows.map(({ issuedAt }) => issuedAt),
        expected === undefined ? [] : [expected],
      )
      assert.strictEqual(unreadable, expected === undefined ? 1 : 0)
    })
  }

  const statuses: ReadonlyArray<readonly [Resource, string, string | null]> = [
    [vk, "Блок", "block"],
    [vk, "БЛОКИРОВКА", "block"],
    [vk, "бан", "block"],
    [vk, "Хорош", "good"],
    [vk, "ок", "good"],
    [vk, "Good", "good"],
    [vk, "дефект", "defect"],
    [vk, "не работает", "defect"],
    [vk, "х", null],
    [vk, "спросить Машу", null],
    [numbers, "Раб", "working"],
    [numbers, "нерабочий", null],
    [numbers, "сброшен", "reset"],
    [numbers, "зарег", "registered"],
  ]
  for (const [resource, text, expected] of statuses) {
    it(`understands the status «${text}» of ${resource.id}`, () => {
      const { rows, unknownStatuses } = read(resource, {
        ...login("user1@example.com"),
        Номер: "79000000001",
        Статус: text,
      })
      assert.deepStrictEqual(
        rows.map(({ status }) => status),
        [expected ?? "unknown"],
      )
      assert.strictEqual(unknownStatuses, expected === null ? 1 : 0)
    })
  }

  it("understands the spellings that a catalogue of one's own lists, in any case", () => {
    const own = vk.statuses.map((status) =>
      status.id === "block" ? { ...status, spellings: ["Уволен  совсем"] } : status,
    )
    const status = (text: string) =>
      read({ ...vk, statuses: own }, { ...login("user1@example.com"), Статус: text }).rows[0]
        ?.status
    assert.strictEqual(status("уволен совсем"), "block")
    assert.strictEqual(status("бан"), "unknown")
  })

  it("finds the variant by label, by the word that a label begins, and by the address", () => {
    const variants = (resource: Resource, key: string, ...texts: ReadonlyArray<string>) =>
      read(resource, ...texts.map((text) => ({ ...login(key), "Пол/Тип": text }))).rows.map(
        ({ variant }) => variant,
      )
    assert.deepStrictEqual(variants(mamba, "u@example.com", "М", "муж", "Женский", "F", "?", ""), [
      "male",
      "male",
      "female",
      "female",
      null,
      null,
    ])
    assert.deepStrictEqual(variants(gmail, "demo1@gmail.com", "", "gmail.com"), ["gmail", "gmail"])
  })

  it("takes the day of a number out of its own date", () => {
    const row = { ...login(""), Номер: 79000000001, "Дата номера": "20.11.2026" }
    assert.deepStrictEqual(
      read(numbers, row, { ...row, "Дата номера": "скоро" }).rows.map(({ key, day }) => [key, day]),
      [
        ["79000000001", Day.make("2026-11-20")],
        ["79000000001", null],
      ],
    )
  })

  it("passes over blank rows and counts those that say nothing", () => {
    const past = read(
      vk,
      {},
      { Заметка: "ноябрь" },
      { Логин: "Логин", "Дата выдачи": "Дата выдачи" },
      { Логин: "user1@example.com" },
      { "Дата выдачи": "21.11.2026", Статус: "Блок" },
      login("user2@example.com"),
    )
    assert.strictEqual(past.unreadable, 3)
    assert.deepStrictEqual(
      past.rows.map(({ key, holder, status, markedAt }) => [key, holder, status, markedAt]),
      [["user2@example.com", null, "unknown", null]],
    )
  })

  it("tells rows apart by what stays as it is, and equal ones by number", () => {
    const one = { ...login("user1@example.com"), Статус: "" }
    const ids = (...rows: ReadonlyArray<Cells>) => read(vk, ...rows).rows.map(({ id }) => id)
    const before = ids(one, login("user2@example.com"), one)
    const after = ids(login("user2@example.com"), one, { ...one, Статус: "Блок" })
    assert.strictEqual(new Set(before).size, 3)
    assert.sameMembers([...after], [...before])
  })

  it("knows the ids of the bot", () => {
    const { rows } = read(vk, { ...login("user1@example.com"), ID: "ISSUANCE01" })
    assert.deepStrictEqual(
      rows.map(({ id }) => id),
      ["ISSUANCE01"],
    )
  })

  const keys: ReadonlyArray<readonly [Resource, string]> = [
    [vk, " User1@Example.COM "],
    [vk, "79000000001"],
    [numbers, "+7 (900) 000-00-01"],
    [numbers, "89000000001"],
    [numbers, "8000000001"],
  ]
  for (const [resource, text] of keys) {
    it(`calls the item «${text}» of ${resource.id} what a base tab calls it`, () => {
      const header = resource.columns.map((column) => column.header)
      const values: Cells = { Дата: "21.11.2026", Логин: text, Номер: text, Пароль: "pass-1" }
      const row = readRow(
        {
          resource,
          tab: vkTab,
          columns: Result.getOrThrow(baseColumns(resource, header)),
          id: "TOKEN-1",
          phoneCountry: "RU",
        },
        header.map((name) => ({ userEnteredValue: { stringValue: String(values[name]) } })),
      )
      const { rows } = read(resource, { ...login(text), Номер: text })
      assert.strictEqual(rows[0]?.key, row._tag === "Item" ? row.item.key : undefined)
    })
  }
})
