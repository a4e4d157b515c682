/** Sheets as people leave them: what they type, paste, rename and forget, seen from the chats. */
import { afterEach, assert, describe, it } from "vitest"
import { day } from "./days.ts"
import { Demo } from "./Demo.ts"
import {
  admin,
  hire,
  issuedRows,
  ivan,
  loginsIn,
  maria,
  numbersIn,
  type Order,
  order,
  records,
  shows,
  typeOrder,
} from "./people.ts"
import { startFrom } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const accounts = "demo-accounts"

/** Today as a cell. */
let date: { readonly date: string }

/**
 * The demo whose base tabs have no samples but the one row of each that it takes at the start, with
 * Ivan and Maria hired.
 */
const started = async () => {
  demo = Demo.here({ PENDING_LIMIT: "100" })
  await startFrom("without samples", demo, prepare)
  date = { date: await day(demo) }
}

const prepare = async (first: Demo) => {
  await first.start({ LOAD_BATCH_SIZE: "1", REFILL_THRESHOLD: "1" })
  for (const { title, rows } of await first.sheets(accounts)) {
    const samples = { tab: title, op: "delete", at: 1, count: rows.length }
    if (rows.length > 0) await first.edit(accounts, samples)
  }
  await hire(first, ivan, "ivan.sales")
  await hire(first, maria, "maria.sales")
}

/** Adds rows, and gives the bot the time in which it looks for such. */
const add = async (tab: string, ...rows: ReadonlyArray<ReadonlyArray<unknown>>) => {
  await demo.edit(accounts, { tab, op: "append", rows })
  await demo.advance("75 seconds")
}

const set = (tab: string, row: number, column: number, value: unknown) =>
  demo.edit(accounts, { tab, op: "set", row, column, value })

/** Takes as many as there are, up to five; `last` is the button of the last step, if there is one. */
const take = async (userId: number, what: Omit<Order, "region" | "quantity">, last?: string) => {
  // A menu that says that there is none leads elsewhere.
  const words = [what.resource, ...(what.targets ?? []), "495", "5"]
  const messageId = await typeOrder(demo, userId, words.join(" "))
  if (last !== undefined) await demo.press(userId, last, messageId)
  await demo.advance("10 seconds")
  return shows(demo, userId, messageId, /Логин:|Номер:|^1\. \S|сейчас нет/m)
}

const vk = { resource: "VK" }
const gmail = { group: "Почты", resource: "Gmail" }
const rambler = { group: "Почты", resource: "Rambler" }
const numbers = { resource: "Номера", targets: ["Beboo"] }

/** What is left in a tab. */
const left = async (tab: string) => records(await demo.tab(accounts, tab)).length

/** The admin is told of rows that cannot be issued, and how many. */
const setAside = (tab: string, count: number) =>
  demo.sees(admin, new RegExp(`Вкладка «${tab}»: ${count} стр[^]*нельзя выдать`))

describe("the same thing in two spellings goes to one person", () => {
  it("a login with a sign that nobody sees, in other letters, and in other digits", async () => {
    await started()
    await add(
      "ВКонтакте",
      [date, "twin@example.com", "pw-t1"],
      [date, "twin@example.com\u200B", "pw-t1"],
      [date, "ＴＷＩＮ@example.com", "pw-t1"],
      [date, "tw\u00ADin@example.com\u00A0", "pw-t1"],
      [date, "other@example.com\uFEFF", "pw-t2"],
    )
    const mine = await take(ivan, vk)
    const hers = await take(maria, vk)
    const both = [...loginsIn(mine), ...loginsIn(hers)]
    assert.lengthOf(
      both.filter((login) => login === "twin@example.com"),
      1,
    )
    assert.lengthOf(
      both.filter((login) => login === "other@example.com"),
      1,
    )
    assert.notMatch(mine.text + hers.text, /\u200B|\uFEFF|\u00AD|ＴＷＩＮ/u)
    await demo.advance("1 minute")
    await setAside("ВКонтакте", 3)
  })

  it("a number with the code of its country, without it, and as it is dialled", async () => {
    await started()
    await add(
      "Номера",
      [date, "+7 900 777-01-01"],
      [date, "9007770101"],
      [date, "8 (900) 777 01 01"],
      [date, 79007770101],
      [date, "9007770102"],
    )
    const both = [
      ...numbersIn(await take(ivan, numbers)),
      ...numbersIn(await take(maria, numbers)),
    ].filter((number) => number.includes("777"))
    assert.sameMembers(both, ["+7 900 777-01-01", "9007770102"])
    await demo.advance("1 minute")
    await setAside("Номера", 3)
  })
})

describe("what nobody can read is set aside", () => {
  it("texts that are no number, and passwords that the sheet made something else of", async () => {
    await started()
    await add(
      "Номера",
      [date, "7,9E+10"],
      [date, "1"],
      [date, "+7 900 555-01-02, +7 900 555-01-03"],
      [date, "нет"],
    )
    await add(
      "Gmail",
      [date, "p1@gmail.com", { date: "10.12.2026" }],
      [date, "p2@gmail.com", 12_345_678_901_234_567_168],
      [date, "p3@gmail.com", 0.5],
      [date, "p4@gmail.com", "pw-p4"],
    )
    await take(maria, numbers)
    const mail = loginsIn(await take(maria, gmail, "Любые")).filter((login) => /^p\d/.test(login))
    assert.deepStrictEqual(mail, ["p4@gmail.com"])
    await demo.advance("1 minute")
    await setAside("Номера", 4)
    await setAside("Gmail", 3)
  })

  it("a date that is none, while one of another spelling is read", async () => {
    await started()
    const iso = date.date.split(".").toReversed().join("-")
    await add(
      "Номера",
      [iso, "+7 900 555-01-05"],
      [`${iso} 10:30`, "+7 900 555-01-06"],
      [28.11, "+7 900 888-01-01"],
      ["28.11.2206", "+7 900 888-01-02"],
    )
    const shown = numbersIn(await take(ivan, numbers))
    assert.includeMembers(shown, ["+7 900 555-01-05", "+7 900 555-01-06"])
    assert.notInclude(shown.join(), "888")
    await demo.advance("1 minute")
    await setAside("Номера", 2)
  })
})

describe("nothing that stands in a tab vanishes", () => {
  it("values under no header, and a column that was added later", async () => {
    await started()
    const header = (await demo.tab(accounts, "Rambler")).header.length
    await set("Rambler", 0, header + 3, "Резервная почта")
    const row = Array.from({ length: header + 4 }, () => "")
    row.splice(1, 2, "r1@example.com", "pw-r1")
    row[header] = "2FA: ABCD-EFGH"
    row[header + 1] = "rec.r1@example.org"
    row[header + 3] = "backup.r1@example.org"
    await add("Rambler", row)
    const shown = await take(ivan, rambler)
    for (const text of ["ABCD-EFGH", "rec.r1@example.org", "backup.r1@example.org"]) {
      assert.include(shown.text, text)
    }
    await demo.advance("5 minutes")
    const rows = await issuedRows(demo, "Rambler_Выдано", 2)
    const written = rows.find((one) => one["Логин"] === "r1@example.com")
    assert.strictEqual(written?.["Без заголовка"], "2FA: ABCD-EFGH\nrec.r1@example.org")
    assert.strictEqual(written?.["Резервная почта"], "backup.r1@example.org")
  })

  it("two columns of one name: the tab waits, and both are named", async () => {
    await started()
    for (const [column, name] of ["Почта", "Пароль", "Логин", "Пароль"].entries()) {
      await set("Одноклассники", 0, column, name)
    }
    await add("Одноклассники", ["mail.anna@example.org", "MAILPW-1", "anna77", "OKPW-1"])
    await demo.advance("7 minutes")
    await demo.sees(admin, /«Одноклассники» несколько столбцов «Пароль»: B, D[^]*поле after/)
    assert.strictEqual(await left("Одноклассники"), 1)
    await set("Одноклассники", 0, 1, "Пароль от почты")
    await demo.advance("6 minutes")
    const shown = await take(ivan, { resource: "OK" })
    assert.match(shown.text, /anna77[^]*OKPW-1/)
    assert.include(shown.text, "MAILPW-1")
  })

  it("a row that is still being typed stays where it is, and is named after a while", async () => {
    await started()
    await add("Мамба Жен", [date, "half@example.com"], [date, "", "pw-only"])
    await demo.advance("5 minutes")
    assert.strictEqual(await left("Мамба Жен"), 2)
    await set("Мамба Жен", 1, 2, "pw-half")
    await demo.eventually("the whole row to be taken", async () => {
      await demo.advance("1 minute")
      return (await left("Мамба Жен")) === 1 ? true : undefined
    })
    await demo.advance("25 minutes")
    await demo.sees(admin, /«Мамба Жен» бот не берёт строки: строка 2, столбец «Логин» \(пусто\)/)
    assert.strictEqual(await left("Мамба Жен"), 1)
  })
})

describe("a row that somebody types in the second in which the bot takes others", () => {
  it("goes back by itself with all that it has, and is taken once it is whole", async () => {
    await started()
    const tab = "Мамба Жен"
    await set(tab, 0, 3, "Заметка")
    const since = (await demo.calls()).at(-1)?.n ?? 0
    await demo.fault({
      api: "sheets",
      method: "spreadsheets.batchUpdate",
      times: 1,
      kind: "hang",
      delayMs: 20_000,
    })
    await demo.edit(accounts, {
      tab,
      op: "append",
      rows: [[date, "hf1@example.com", "pw-1"], [], [date, "hf2@example.com", "pw-2"]],
    })
    await demo.eventually("the bot to cut the rows", async () => {
      await demo.advance("5 seconds")
      const sent = (await demo.calls(since)).some(
        ({ method }) => method === "spreadsheets.batchUpdate",
      )
      return sent ? true : undefined
    })
    for (const [column, value] of [date, "hf3@example.com", "", "от Коли"].entries()) {
      await set(tab, 2, column, value)
    }
    await demo.edit(accounts, { tab, op: "note", row: 2, column: 1, note: "перезвонить" })
    await demo.advance("2 minutes")
    const back = await demo.eventually("the row to stand in its tab again", async () => {
      await demo.advance("15 seconds")
      const { rows } = await demo.tab(accounts, tab)
      const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ""))
      return filled.length === 1 ? filled[0] : undefined
    })
    assert.deepStrictEqual(back.cells.slice(1), ["hf3@example.com", "", "от Коли"])
    assert.deepStrictEqual(Object.values(back.notes ?? {}), ["перезвонить"])
    await demo.say(admin, "/quarantine")
    await demo.sees(admin, "В карантине пусто")
    await set(tab, 1, 2, "pw-3")
    await demo.advance("75 seconds")
    const shown = await take(ivan, { resource: "Mamba" }, "Ж")
    assert.includeMembers(loginsIn(shown), [
      "hf1@example.com",
      "hf2@example.com",
      "hf3@example.com",
    ])
    assert.include(shown.text, "от Коли")
  })
})

describe("a region that no button reaches", () => {
  it("leaves its row where it is, is named, and is taken once somebody says which it is", async () => {
    await started()
    await set("Мамба Муж", 0, 3, "Регион")
    await add(
      "Мамба Муж",
      [date, "mm1@example.com", "pw", "+7495"],
      [date, "mm2@example.com", "pw", "Москва (495)"],
      [date, "mm3@example.com", "pw", 495],
      [date, "mm4@example.com", "pw", "４９５\u200B"],
      [date, "mm5@example.com", "pw", "777"],
    )
    const shown = loginsIn(await take(ivan, { resource: "Mamba" }, "М"))
    assert.includeMembers(shown, ["mm3@example.com", "mm4@example.com"])
    assert.lengthOf(
      shown.filter((login) => login.startsWith("mm")),
      2,
    )
    assert.strictEqual(await left("Мамба Муж"), 3)
    await demo.advance("25 minutes")
    await demo.sees(admin, /«Мамба Муж» бот не берёт строки: строка 2, столбец «Регион» \(такого/)
    await demo.say(admin, "/add_region 777")
    await demo.eventually("the row of the new region to be taken", async () => {
      await demo.advance("1 minute")
      return (await left("Мамба Муж")) === 2 ? true : undefined
    })
    await demo.press(admin, "🗺 Какие это регионы?")
    await demo.press(admin, "🗺 «+7495»: какой регион?")
    await demo.sees(admin, "Какой это регион: «+7495»?")
    await demo.press(admin, "Это 495")
    await demo.sees(admin, "«+7495» теперь значит 495.")
    await add("Мамба Муж", [date, "mm6@example.com", "pw", "＋7495"])
    await demo.eventually("both rows of that spelling to be taken", async () => {
      await demo.advance("1 minute")
      return (await left("Мамба Муж")) === 1 ? true : undefined
    })
    const messageId = await order(demo, maria, {
      resource: "Mamba",
      region: "495",
      quantity: 2,
    })
    await demo.press(maria, "М", messageId)
    const hers = await shows(demo, maria, messageId, /Логин:/)
    assert.sameMembers(loginsIn(hers), ["mm1@example.com", "mm6@example.com"])
    for (const number of [1, 2]) await demo.press(maria, `${number} ✅ Хороший`, messageId)
    await demo.advance("2 minutes")
    const written = await demo.eventually("both rows in the issued tab", async () => {
      const rows = records(await demo.tab("demo-issued", "Мамба_Выдано"))
      const both = rows.filter((row) => /^mm[16]@/.test(row["Логин"] ?? ""))
      return both.length === 2 ? both : undefined
    })
    for (const row of written) {
      assert.deepInclude(row, { Регион: "495", "Регион (из таблицы)": "+7495" })
    }
  })
})

describe("what was set aside can be worked", () => {
  it("a row goes back to its tab, stays until it is corrected, and is then issued", async () => {
    await started()
    await add("ВКонтакте", [date, "vq1@example.com", { date: "01.02.2026" }, "note"])
    await setAside("ВКонтакте", 1)
    await demo.press(admin, "🗄 Карантин: 1")
    await demo.press(admin, "1. ВКонтакте · 1")
    await demo.press(admin, "1. vq1@…")
    await demo.sees(admin, "Пароль: •••")
    await demo.press(admin, "↩️ Вернуть в таблицу")
    await demo.sees(admin, /На вкладку «ВКонтакте» возвращается 1 строка/)
    await demo.advance("2 minutes")
    const [row] = (await demo.tab(accounts, "ВКонтакте")).rows.filter(({ cells }) =>
      cells.includes("vq1@example.com"),
    )
    assert.deepStrictEqual(row?.cells.slice(1, 4), ["vq1@example.com", "01.02.2026", "note"])

    await demo.advance("5 minutes")
    assert.strictEqual(await left("ВКонтакте"), 1)
    const rows = (await demo.tab(accounts, "ВКонтакте")).rows
    const at = rows.findIndex(({ cells }) => cells.includes("vq1@example.com"))
    await set("ВКонтакте", at + 1, 2, "typed-anew")
    await demo.advance("6 minutes")
    const shown = await take(ivan, vk)
    assert.include(shown.text, "vq1@example.com")
    assert.include(shown.text, "typed-anew")
  })
})

describe("one tab in trouble stops no other", () => {
  it("a title with a space at its end", async () => {
    await started()
    await demo.edit(accounts, { tab: "Rambler", op: "rename", title: "Rambler " })
    await demo.edit(accounts, { tab: "Gmail", op: "rename", title: "g\u200Bmail" })
    await add("Мамба Жен", [date, "mw9@example.com", "pw-mw9"])
    await add("Rambler ", [date, "r9@example.com", "pw-r9"])
    await add("g\u200Bmail", [date, "g9@gmail.com", "pw-g9"])
    await demo.advance("2 minutes")
    assert.include(loginsIn(await take(ivan, { resource: "Mamba" }, "Ж")), "mw9@example.com")
    assert.include(loginsIn(await take(ivan, rambler)), "r9@example.com")
    assert.include(loginsIn(await take(ivan, gmail, "Любые")), "g9@gmail.com")
  })

  it("a tab that Google does not let the bot change is named, with Google's words", async () => {
    await started()
    await demo.edit(accounts, { tab: "Rambler", op: "protect" })
    await add("Rambler", [date, "pt1@example.com", "pw"])
    await add("ВКонтакте", [date, "vk9@example.com", "pw"])
    await take(ivan, rambler)
    await take(maria, rambler)
    await demo.advance("3 minutes")
    await demo.sees(admin, /не даёт боту изменить вкладку «Rambler»: «[^»]{10,}»/)
    assert.strictEqual(await left("Rambler"), 1)
    assert.include(loginsIn(await take(ivan, vk)), "vk9@example.com")
  })
})
