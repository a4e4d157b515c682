import { assert, describe, it } from "@effect/vitest"
import { Option, Result, Schema } from "effect"
import type { Resource } from "../../src/domain/Catalogue.ts"
import type { Column } from "../../src/domain/Catalogue.ts"
import { visibleText } from "../../src/domain/identity.ts"
import { Day, dayOfSerial, formatDay } from "../../src/domain/Day.ts"
import { readRow } from "../../src/sheets/BaseRow.ts"
import { dayOfRow } from "../../src/sheets/filledTabs.ts"
import { issuedRow } from "../../src/sheets/Flush.ts"
import { decodeMark, guardRequest } from "../../src/sheets/GuardChain.ts"
import {
  area,
  baseColumns,
  issuedColumns,
  letters,
  newBaseHeader,
  newIssuedHeader,
  quoted,
  shownHeader,
} from "../../src/sheets/Headers.ts"
import { type CellData, plainValues, ValuesAnswer } from "../../src/sheets/SheetsClient.ts"
import { issuance, resourceOf, vk, vkTab, withColumn, zone } from "./bench.ts"

const read = (id: string, header: ReadonlyArray<string>, cells: ReadonlyArray<CellData>) => {
  const resource = resourceOf(id)
  const [tab = vkTab] = resource.baseTabs
  const columns = Result.getOrThrow(baseColumns(resource, header))
  return readRow({ resource, tab, columns, id: "T-0", phoneCountry: "RU" }, cells)
}

const runs = { arbitrary: { runs: 300, seed: 5 } }

const text = (stringValue: string): CellData => ({
  userEnteredValue: { stringValue },
  effectiveValue: { stringValue },
})
const cellOf = (numberValue: number, format?: { type: string; pattern?: string }): CellData => ({
  userEnteredValue: { numberValue },
  effectiveValue: { numberValue },
  ...(format === undefined ? {} : { userEnteredFormat: { numberFormat: format } }),
})

/** The columns that a new issued tab has; the one for comments comes with the first comment. */
const made = ({ issuedColumns: all }: Resource) => all.filter(({ holds }) => holds !== "comment")

describe("headers", () => {
  it("are found by name, whatever their case, spaces and ё", () => {
    const columns = Result.getOrThrow(
      baseColumns(vk, ["", " ПАРОЛЬ\u200B", "Заметка", "E-Mail", "регион", "Пароль от почты"]),
    )
    assert.deepStrictEqual(
      [...columns.byKey],
      [
        ["login", 3],
        ["password", 1],
      ],
    )
    assert.strictEqual(columns.region, 4)
    assert.deepStrictEqual(
      columns.extras.map(({ index }) => index),
      [2, 5],
    )
  })

  it("with an invisible sign anywhere find their column", () => {
    const columns = Result.getOrThrow(
      baseColumns(vk, ["\u200BЛо\u200Bгин", "\uFEFFПароль", "Город"]),
    )
    assert.deepStrictEqual([...columns.byKey.keys()], ["login", "password"])
    const issued = newIssuedHeader(vk, []).map((name) => `\u2060${name}\u200B`)
    const { byHolds, extras } = Result.getOrThrow(issuedColumns(vk, issued))
    assert.strictEqual(byHolds.size, made(vk).length)
    assert.deepStrictEqual(extras, [])
  })

  it("are shown where one is missing, unless the first row may be one of values", () => {
    const long = "x".repeat(100)
    const shown = shownHeader(vk, ["Дата", "", " Лог\u200Bин ", "Пороль", long])
    assert.deepStrictEqual(shown, ["Дата", "Логин", "Пороль", "x".repeat(40)])
    assert.deepStrictEqual(shownHeader(vk, ["22.11.2026", "user@example.com", "secret"]), [])
    const many = Array.from({ length: 50 }, (_, at) => `Столбец ${at}`)
    assert.lengthOf(shownHeader(vk, ["Логин", ...many]), 12)
  })

  it("name the required column that is missing", () => {
    assert.deepStrictEqual(
      baseColumns(vk, ["Логин"]),
      Result.fail({ column: "Пароль", places: [] }),
    )
    const issued = newIssuedHeader(vk, [])
    assert.deepStrictEqual(
      issuedColumns(
        vk,
        issued.filter((header) => header !== "ID"),
      ),
      Result.fail({ column: "ID", places: [] }),
    )
    assert.isTrue(
      Result.isSuccess(
        issuedColumns(
          vk,
          issued.filter((header) => header !== "Регион"),
        ),
      ),
    )
  })

  it("name the columns that have one name", () => {
    for (const header of [
      ["Логин", "Пароль", "Почта", "пароль\u00A0"],
      ["Почта", "Пароль", "Логин", "ПАРОЛЬ"],
    ]) {
      assert.deepStrictEqual(
        baseColumns(vk, header),
        Result.fail({ column: "Пароль", places: ["B", "D"] }),
      )
    }
    assert.deepStrictEqual(
      baseColumns(vk, ["Логин", "Пароль", "Заметка", "", "Заметка", "", "ЗАМЕТКА"]),
      Result.fail({ column: "Заметка", places: ["C", "E", "G"] }),
    )
  })

  it("of one name are told apart by what stands left of the one that the catalogue means", () => {
    const told = withColumn(vk, "password", { after: "Логин" })
    const found = (header: ReadonlyArray<string>) =>
      Result.map(baseColumns(told, header), ({ byKey, extras }) => ({
        password: letters(byKey.get("password") ?? -1),
        extras: extras.map((extra) => `${letters(extra.index)} ${extra.header}`),
      }))
    const is = (password: string, ...extras: Array<string>): ReturnType<typeof found> =>
      Result.succeed({ password, extras })
    assert.deepStrictEqual(
      found(["Вторая почта", "Пароль", "e-mail", "пароль\u00A0"]),
      is("D", "A Вторая почта", "B Пароль (2)"),
    )
    // Wherever the pair stands, and whatever is put between.
    assert.deepStrictEqual(
      found(["", "Логин", "2FA", "Пароль", "Почта", "Пароль", "Пароль"]),
      is("D", "C 2FA", "E Почта", "F Пароль (2)", "G Пароль (3)"),
    )
    // A name that somebody has given already is given to no other column.
    assert.deepStrictEqual(
      found(["Логин", "Пароль", "Пароль (2)", "Пароль"]),
      is("B", "C Пароль (2)", "D Пароль (3)"),
    )
    // One alone is meant, wherever it stands.
    assert.deepStrictEqual(found(["Пароль", "Логин"]), is("A"))
    const waits = (...places: ReadonlyArray<string>) => Result.fail({ column: "Пароль", places })
    assert.deepStrictEqual(found(["Пароль", "Пароль", "Логин"]), waits("A", "B"))
    assert.deepStrictEqual(
      found(["Логин", "Пароль", "Пароль", "Заметка", "Заметка"]),
      Result.fail({ column: "Заметка", places: ["D", "E"] }),
    )
    const byAnother = withColumn(vk, "password", { after: "Страница" })
    const header = ["Логин", "Пароль", "Страница", "Пароль"]
    assert.strictEqual(Result.getOrThrow(baseColumns(byAnother, header)).byKey.get("password"), 3)
    for (const page of ["", "Страница VK"]) {
      assert.deepStrictEqual(baseColumns(byAnother, header.with(2, page)), waits("B", "D"))
    }
    assert.deepStrictEqual(baseColumns(byAnother, [...header, "страница"]), waits("B", "D"))
  })

  it("of one name may both be columns of the catalogue, each after another one", () => {
    const mail: Column = {
      key: "mailPassword",
      header: "Пароль почты",
      aliases: ["Пароль"],
      after: "Почта",
      kind: "secret",
      required: false,
    }
    const told = withColumn(vk, "password", { after: "Логин" })
    const both = { ...told, columns: [mail, ...told.columns] }
    const header = ["Логин", "Пароль", "Почта", "Пароль"]
    const { byKey, extras } = Result.getOrThrow(baseColumns(both, header))
    assert.deepStrictEqual([byKey.get("password"), byKey.get("mailPassword")], [1, 3])
    assert.deepStrictEqual(
      extras.map((extra) => extra.header),
      ["Почта"],
    )
  })

  it("of new tabs can be read, and take extra columns along", () => {
    for (const resource of ["vk", "mamba", "gmail", "number", "proxy"].map(resourceOf)) {
      assert.isTrue(Result.isSuccess(baseColumns(resource, newBaseHeader(resource))))
      const header = newIssuedHeader(resource, ["Комментарий", "Комментарий", "Логин"])
      const columns = Result.getOrThrow(issuedColumns(resource, header))
      assert.strictEqual(columns.byHolds.size, made(resource).length)
      assert.include(
        columns.extras.map((extra) => extra.header),
        "Комментарий",
      )
    }
  })
})

describe("a row of a base tab", () => {
  it.prop("keeps a secret to the last character", [Schema.NonEmptyString], ([secret]) => {
    const row = read("vk", ["Логин", "Пароль"], [text("a@example.com"), text(secret)])
    const seen = visibleText(secret)
    if (seen.trim() === "") assert.strictEqual(row._tag, "Quarantined")
    else assert.strictEqual(row._tag === "Item" && row.item.fields["password"], seen)
  })

  it("is set aside where the sheet made something else of a login or a password", () => {
    const header = ["Логин", "Пароль"]
    const dated = cellOf(46_366, { type: "DATE", pattern: "dd.mm.yyyy" })
    for (const cell of [
      dated,
      cellOf(12_345_678_901_234_567_168),
      cellOf(0.5),
      cellOf(0.12, { type: "PERCENT", pattern: "0%" }),
      cellOf(1e5, { type: "SCIENTIFIC", pattern: "0.00E+00" }),
      { userEnteredValue: { boolValue: true } },
    ]) {
      for (const cells of [
        [text("a@example.com"), cell],
        [cell, text("pass-1")],
      ]) {
        const row = read("gmail", header, cells)
        assert.strictEqual(row._tag === "Quarantined" && row.row.reason, "converted")
        assert.strictEqual(
          row._tag === "Quarantined" && row.row.column,
          cells[0] === cell ? "Логин" : "Пароль",
        )
      }
    }
    const whole = read("gmail", header, [text("a@example.com"), cellOf(123_456_789_012_345)])
    assert.strictEqual(whole._tag === "Item" && whole.item.fields["password"], "123456789012345")
  })

  it("reads phones and days however they were typed", () => {
    const header = ["Дата", "Номер"]
    const phones: ReadonlyArray<readonly [CellData, string, string]> = [
      [text("+7 900 000-00-07"), "+7 900 000-00-07", "79000000007"],
      [text("8 (900) 000-00-07"), "8 (900) 000-00-07", "79000000007"],
      [text("+84 900 000 007"), "+84 900 000 007", "84900000007"],
      [cellOf(79_000_000_007), "79000000007", "79000000007"],
      [text("9000000007"), "9000000007", "79000000007"],
      [
        cellOf(79_000_000_007, { type: "NUMBER", pattern: "0".repeat(13) }),
        "0079000000007",
        "79000000007",
      ],
    ]
    for (const [cell, shown, key] of phones) {
      const row = read("number", header, [cellOf(46_348.75), cell])
      assert.strictEqual(row._tag === "Item" && row.item.fields["number"], shown)
      assert.strictEqual(row._tag === "Item" && row.item.key, key)
      assert.isTrue(row._tag === "Item" && row.item.day === "2026-11-22")
    }
    const unreadable = read("number", header, [text("вчера"), text("+79000000007")])
    assert.strictEqual(unreadable._tag === "Quarantined" && unreadable.row.reason, "unreadable")
    for (const none of [text("нет"), text("7,9E+10"), cellOf(7), cellOf(7.9e16)]) {
      const row = read("number", header, [text("22.11.26"), none])
      assert.strictEqual(row._tag === "Quarantined" && row.row.column, "Номер")
    }
  })

  it("knows the variant by the mail domain or the tab", () => {
    const header = ["Логин", "Пароль"]
    const variant = (id: string, login: string) => {
      const row = read(id, header, [text(login), text("x")])
      return row._tag === "Item" ? row.item.variant : undefined
    }
    assert.strictEqual(variant("gmail", "A@Gmail.com"), "gmail")
    assert.strictEqual(variant("gmail", "a@notgmail.com"), null)
    assert.strictEqual(variant("mamba", "a@example.com"), "male")
  })

  it("is blank when only boxes and filled-down formulas are there", () => {
    const formula: CellData = {
      userEnteredValue: { formulaValue: "=ROW()" },
      effectiveValue: { numberValue: 2 },
    }
    const box: CellData = { userEnteredValue: { boolValue: false } }
    const header = ["Логин", "Пароль", "№", "Взят"]
    assert.strictEqual(read("vk", header, [text(" "), {}, formula, box])._tag, "Blank")
    assert.strictEqual(read("vk", header, [formula, {}])._tag, "Quarantined")
  })
})

describe("a row of an issued tab", () => {
  it("never holds a formula", () => {
    const header = newIssuedHeader(vk, ["Комментарий"])
    const columns = Result.getOrThrow(issuedColumns(vk, header))
    const one = issuance(1, { stage: "=HYPERLINK(1)" })
    const extras = [{ header: "комментарий", text: "+1" }]
    const row = issuedRow(vk, columns, { ...one, item: { ...one.item, extras } }, zone)
    const values = row.map((cell) => cell.userEnteredValue)
    assert.deepStrictEqual(values[header.indexOf("Сотрудник")], { stringValue: "=HYPERLINK(1)" })
    assert.deepStrictEqual(values[header.indexOf("Комментарий")], { stringValue: "+1" })
    assert.deepStrictEqual(values[header.indexOf("Дата выдачи")], { numberValue: 46_348.5 })
    assert.isTrue(row.every((cell) => cell.userEnteredFormat?.backgroundColorStyle !== undefined))
    assert.strictEqual(row.length, header.length)
  })
})

describe("a phone number and its day", () => {
  const number = resourceOf("number")
  const header = newIssuedHeader(number, [])
  const columns = Result.getOrThrow(issuedColumns(number, header))
  const Phone = Schema.String.check(Schema.isPattern(/^(\+?7|8|)9\d{9}$/))
  /** From 2000 to 2100. */
  const Serial = Schema.Int.check(Schema.isBetween({ minimum: 36_526, maximum: 73_415 }))

  /** The cells of both in the issued tab, by those of the base tab. */
  const issuedCells = (date: CellData, phone: CellData) => {
    const row = read("number", ["Дата", "Номер"], [date, phone])
    if (row._tag !== "Item") assert.fail(row._tag)
    const cells = issuedRow(number, columns, { ...issuance(1), item: row.item }, zone)
    return {
      key: row.item.key,
      phone: cells[header.indexOf("Номер")],
      date: cells[header.indexOf("Дата номера")],
    }
  }

  it.prop(
    "go from the base tab to the issued tab as they are",
    [Phone, Serial],
    ([phone, serial]) => {
      const day = dayOfSerial(serial)
      if (day === undefined) assert.fail(`no day for ${serial}`)
      for (const date of [cellOf(serial), text(formatDay(day))]) {
        const cells = issuedCells(date, text(phone))
        assert.strictEqual(cells.key, `7${phone.slice(-10)}`)
        assert.deepStrictEqual(cells.phone, {
          userEnteredValue: { stringValue: phone },
          userEnteredFormat: { numberFormat: { type: "TEXT" } },
        })
        assert.deepStrictEqual(cells.date, {
          userEnteredValue: { numberValue: serial },
          userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
        })
      }
    },
    runs,
  )

  it.prop(
    "keep every digit where the sheet took the phone for a number, and the zeros it shows",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 79_000_000_000, maximum: 79_999_999_999 })),
      Schema.Literals([1, 10, 11, 13]),
    ],
    ([value, length]) => {
      const date = text("22.11.26")
      const plain = issuedCells(date, cellOf(value)).phone?.userEnteredValue
      assert.deepStrictEqual(plain, { stringValue: String(value) })
      const pattern = "0".repeat(length)
      const padded = issuedCells(date, cellOf(value, { type: "NUMBER", pattern })).phone
      assert.deepStrictEqual(padded?.userEnteredValue, {
        stringValue: String(value).padStart(length, "0"),
      })
    },
    runs,
  )
})

describe("an item with two dates", () => {
  const number = resourceOf("number")
  const until: Column = {
    key: "until",
    header: "Активен до",
    aliases: [],
    kind: "date",
    required: false,
  }
  const resource: typeof number = {
    ...number,
    columns: [until, ...number.columns],
    issuedColumns: [
      { holds: "field:until", header: until.header, aliases: [] },
      ...number.issuedColumns,
    ],
  }
  const header = [until.header, "Дата", "Номер"]
  const columns = Result.getOrThrow(baseColumns(resource, header))
  const [tab = vkTab] = resource.baseTabs

  it("is of the day that it cannot be without, in a claim and in a look", () => {
    const cells = [text("30.11.26"), text("22.11.26"), text("79000000007")]
    const row = readRow({ resource, tab, columns, id: "T-0", phoneCountry: "RU" }, cells)
    assert.isTrue(row._tag === "Item" && row.item.day === "2026-11-22")
    const plain = ["30.11.26", "22.11.26", "79000000007"]
    assert.strictEqual(dayOfRow(resource, columns, plain), Day.make("2026-11-22"))
    assert.isUndefined(dayOfRow(resource, columns, ["30.11.26", "", "79000000007"]))
  })

  it("shows each under its own header when it is issued", () => {
    const cells = [text("скоро"), text("22.11.26"), text("79000000007")]
    const row = readRow({ resource, tab, columns, id: "T-0", phoneCountry: "RU" }, cells)
    if (row._tag !== "Item") assert.fail(row._tag)
    const issuedHeader = newIssuedHeader(resource, [])
    const places = Result.getOrThrow(issuedColumns(resource, issuedHeader))
    const written = issuedRow(resource, places, { ...issuance(1), item: row.item }, zone)
    const valueOf = (name: string) => written[issuedHeader.indexOf(name)]?.userEnteredValue
    assert.deepStrictEqual(valueOf(until.header), { stringValue: "скоро" })
    assert.deepStrictEqual(valueOf("Дата номера"), { numberValue: 46_348 })
  })
})

describe("an answer with the values of a tab", () => {
  const decode = Schema.decodeUnknownResult(ValuesAnswer)
  const answer = (...values: ReadonlyArray<unknown>) => ({ valueRanges: [{ values }] })

  it("is read with blanks for what Google leaves out", () => {
    const found = Result.getOrThrow(decode(answer(["a", null, 7.5, true], [], [null])))
    assert.deepStrictEqual(plainValues(found, 2), [[["a", "", 7.5, true], [], [""]], []])
  })

  it.each([["row"], [{ length: 0 }], [["a", { b: 1 }]], [["a", Number.NaN]], [["a", undefined]]])(
    "is refused where a row has something else: %j",
    (row) => assert.isTrue(Result.isFailure(decode(answer(["fine"], row)))),
  )
})

describe("places and guards", () => {
  it("are spelled as Google does", () => {
    assert.deepStrictEqual([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"])
    assert.strictEqual(quoted("It's"), "'It''s'")
    assert.strictEqual(area("Т", { row: 0, column: 0 }, { row: 30, column: 3 }), "'Т'!A1:D31")
  })

  it("can be read back", () => {
    const mark = { seq: 12, at: 1_790_000_000, token: "K7Q2M9XA", kind: "claim", instance: "ME" }
    const request = JSON.stringify(guardRequest({ ...mark, kind: "claim" }))
    const value = /"metadataValue":"([^"]*)"/.exec(request)?.[1] ?? ""
    assert.deepStrictEqual(decodeMark(value), Option.some({ ...mark, kind: "claim" as const }))
    assert.isTrue(Option.isNone(decodeMark("12@x@K7Q2M9XA@claim@ME")))
  })
})
