/** Numbers, end to end: for several targets at once, of one day, and over a midnight. */
import { afterEach, assert, describe, it } from "vitest"
import { ru } from "../../src/bot/texts/ru.ts"
import { seedsOf } from "../../src/playground/companies.ts"
import { russian } from "../../src/playground/companies/russian.ts"
import { day, filledRows, isoDay, pastMidnight, typed } from "./days.ts"
import { Demo } from "./Demo.ts"
import {
  admin,
  issuedRows,
  ivan,
  maria,
  numbersIn,
  records,
  shows,
  takeNumbers,
  typeOrder,
} from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const started = async (at?: string) => {
  demo = Demo.here({}, at)
  await startStaffed(demo)
}

const [green, orange, red] = ["#d9f0d9", "#ffe6cc", "#f5cccc"]

const noneOfToday = (today: string) => ru.refusals.noneOfToday("номера", today)

const append = (rows: ReadonlyArray<ReadonlyArray<unknown>>) =>
  demo.edit("demo-accounts", { tab: "Номера", op: "append", rows })

const baseRows = async () => filledRows(await demo.tab("demo-accounts", "Номера"))

/** The row of a number in the issued tab as soon as it is as `wanted`. */
const rowOf = (number: string, wanted: (row: Record<string, string | undefined>) => boolean) =>
  demo.eventually(`a row of ${number}`, async () =>
    records(await demo.tab("demo-issued", "Номера_Выдано")).find(
      (row) => row["Номер"] === number && wanted(row),
    ),
  )

const setMode = async (label: "Включить" | "Выключить", says: string) => {
  const asked = await demo.say(admin, "/numbers_today_mod")
  // Other notes to the admin may come in between.
  const { messageId } = await demo.eventually("the screen of the mode", async () =>
    (await demo.chat(admin)).find(
      (message) =>
        message.messageId > asked.messageId && message.text.includes(ru.admin.todayOnly.title),
    ),
  )
  await demo.press(admin, label, messageId)
  return shows(demo, admin, messageId, says)
}

describe("numbers of today", () => {
  it("two people, two targets, a replacement, a correction", async () => {
    await started()
    const his = await takeNumbers(demo, ivan, 2)
    const hers = await takeNumbers(demo, maria, 2)
    const first = numbersIn(await shows(demo, ivan, his, "2."))
    const other = numbersIn(await shows(demo, maria, hers, "2."))
    assert.lengthOf(new Set([...first, ...other]), 4)

    await demo.press(ivan, "1 🔄 Сброс", his)
    await demo.press(ivan, "1 Да, заменить", his)
    const all = numbersIn(await shows(demo, ivan, his, "замена для 1"))
    const [replacement] = all.filter((number) => !first.includes(number))
    assert.isString(replacement)
    assert.notInclude(other, replacement)

    await demo.press(maria, "1 ✅ Рабочий", hers)
    await shows(demo, maria, hers, /1\.[^]*✅ Рабочий/)
    await demo.advance("1 minute")
    const reset = await rowOf(first[0]!, () => true)
    const today = await day(demo)
    assert.deepInclude(reset, {
      Ресурсы: "Beboo, Табор",
      Регион: "495",
      Сотрудник: "ivan.sales",
      "Дата номера": today,
      Статус: "Сброс",
      colour: orange,
    })
    const working = await rowOf(other[0]!, () => true)
    assert.deepInclude(working, { Статус: "Рабочий", colour: green })

    await demo.press(maria, "изменить", hers)
    await demo.press(maria, "1 ⛔ Зареган", hers)
    await shows(demo, maria, hers, /1\.[^]*⛔ Зареган/)
    await demo.advance("1 minute")
    const corrected = await rowOf(other[0]!, (row) => row["Статус"] === "Зареган")
    assert.strictEqual(corrected["ID"], working["ID"])
    assert.strictEqual(corrected.colour, red)

    await demo.advance("4 minutes")
    const rows = await issuedRows(demo, "Номера_Выдано", 5)
    assert.sameMembers(
      rows.map((row) => row["Номер"]),
      [...all, ...other],
    )
    const automatic = await rowOf(replacement!, () => true)
    assert.deepInclude(automatic, { Статус: "Рабочий", colour: green })
    assert.match(automatic["Отмечено"] ?? "", /авто/)
  })

  it("/numbers_today_mod: of any day while it is off, and back to their place afterwards", async () => {
    await started()
    await append([
      [await day(demo, -1), "+7 900 000-11-01", "дата текстом"],
      [{ date: await day(demo, -1) }, 79_000_001_102],
    ])
    const before = await baseRows()
    assert.lengthOf(before, 4)
    const today = numbersIn(await shows(demo, ivan, await takeNumbers(demo, ivan, 5), "5."))
    assert.isFalse(before.some(({ cells }) => today.includes(cells[1]!)))

    await demo.say(maria, "/numbers_today_mod")
    await demo.sees(maria, ru.gate.adminsOnly)
    await setMode("Выключить", "Режим выключен")
    await demo.advance("1 minute")
    await demo.eventually("older numbers to be taken", async () =>
      (await baseRows()).length === 0 ? true : undefined,
    )
    const any = numbersIn(await shows(demo, maria, await takeNumbers(demo, maria, 2), "2."))
    assert.include(any, "79000001001")

    await setMode("Включить", "Режим включён")
    await demo.advance("1 minute")
    const left = before.filter(({ cells }) => !any.includes(cells[1]!))
    assert.lengthOf(left, 3)
    await demo.eventually("older numbers to be back", async () =>
      (await baseRows()).length === left.length ? true : undefined,
    )
    assert.deepStrictEqual(await baseRows(), left)

    const messageId = await typeOrder(demo, maria, "номер beboo 495 1")
    await demo.advance("6 seconds")
    await shows(demo, maria, messageId, noneOfToday(await day(demo)))
  })
})

describe("midnight", () => {
  it("numbers of the day go back to the tab, those of the new day are issued", async () => {
    await started("23:30")
    const samples = seedsOf(russian, await isoDay(demo))[0]!.seed.tabs.find(
      ({ title }) => title === "Номера",
    )!
    const taken = numbersIn(await shows(demo, ivan, await takeNumbers(demo, ivan, 2), "2."))
    // Telegram refused the note of the first load: the admin had not pressed /start yet.
    await demo.advance("1 minute")
    await demo.sees(admin, /«Номера»: 1 строку нельзя выдать/)

    await pastMidnight(demo, 2)
    const back = samples.rows
      .slice(1)
      .filter((row) => row.length > 0 && row[0] !== "вчера")
      .map(typed)
      .filter(({ cells }) => !taken.includes(cells[1]!))
    await demo.eventually("the numbers of yesterday to be back", async () =>
      (await baseRows()).length >= back.length ? true : undefined,
    )
    assert.deepStrictEqual(await baseRows(), back)
    assert.lengthOf(back, 6)
    const nothing = await typeOrder(demo, ivan, "/number beboo табор 495 1")
    await demo.advance("6 seconds")
    await shows(demo, ivan, nothing, noneOfToday(await day(demo)))

    const fresh = await day(demo)
    await append([
      [fresh, "+7 900 000-12-01"],
      [{ date: fresh }, 79_000_001_202],
      ["завтра", "79000001203"],
      [{ date: fresh }, "8 (900) 000-12-04"],
    ])
    await demo.advance("1 minute")
    const hers = numbersIn(
      await shows(demo, maria, await typeOrder(demo, maria, "табор beboo 4 495"), "Выдано 3 из 4"),
    )
    assert.deepStrictEqual(hers, ["+7 900 000-12-01", "79000001202", "8 (900) 000-12-04"])
    assert.deepStrictEqual(await baseRows(), back)

    await demo.advance("8 minutes")
    const rows = await issuedRows(demo, "Номера_Выдано", 5)
    assert.sameMembers(
      rows.map((row) => row["Номер"]),
      [...taken, ...hers],
    )
    const reports = (await demo.chat(admin)).filter(({ text }) => /«Номера».*нельзя/.test(text))
    assert.lengthOf(reports, 1, JSON.stringify(reports))
    assert.include(reports[0]?.text, "«Номера»: 2 строки нельзя выдать")
  })
})
