/** Mail, end to end: the address says what type it is, and the rest goes as with accounts. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { issuedRows, ivan, loginsIn, maria, order, shows, typeOrder } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const gmail = { group: "Почты", resource: "Gmail", region: "495" }

describe("an employee takes mail", () => {
  it("Gmail of one type, with a replacement of the same type, and then of any", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const messageId = await order(demo, ivan, { ...gmail, quantity: 2 })
    await demo.press(ivan, "gmail.com", messageId)
    const shown = await shows(demo, ivan, messageId, "2.")
    assert.deepStrictEqual(loginsIn(shown), ["demo1@gmail.com", "demo2@gmail.com"])
    assert.include(shown.text, "backup1@example.com")

    await demo.press(ivan, "1 ⛔ Блок", messageId)
    await demo.press(ivan, "1 Да, заменить", messageId)
    const replaced = await shows(demo, ivan, messageId, "замена для 1")
    assert.sameMembers(loginsIn(replaced), [
      "demo1@gmail.com",
      "demo2@gmail.com",
      "Demo4@Gmail.com",
    ])

    const any = await order(demo, ivan, { ...gmail, region: "812", quantity: 3 })
    await demo.press(ivan, "Любые", any)
    assert.deepStrictEqual(loginsIn(await shows(demo, ivan, any, "3.")), [
      "demo3@example.com",
      "demo5@example.com",
      "demo6@gmail.com",
    ])

    await demo.advance("4 minutes")
    const rows = await issuedRows(demo, "Gmail_Выдано", 6)
    const facts = Object.fromEntries(
      rows.map((row) => [row["Логин"], [row["Пол/Тип"], row["Регион"], row["Статус"], row.colour]]),
    )
    const [green, red] = ["#d9f0d9", "#f5cccc"]
    assert.deepStrictEqual(facts, {
      "demo1@gmail.com": ["gmail.com", "495", "Блок", red],
      "demo2@gmail.com": ["gmail.com", "495", "Хороший", green],
      "Demo4@Gmail.com": ["gmail.com", "495", "Хороший", green],
      "demo3@example.com": ["", "812", "Хороший", green],
      "demo5@example.com": ["", "812", "Хороший", green],
      "demo6@gmail.com": ["gmail.com", "812", "Хороший", green],
    })
    assert.lengthOf(rows, 6)
    const passwordOf = (login: string) => rows.find((row) => row["Логин"] === login)?.["Пароль"]
    assert.strictEqual(passwordOf("Demo4@Gmail.com"), "0504")
    assert.isTrue(
      rows.every((row) => row["Статус"] === "Блок" || /авто/.test(row["Отмечено"] ?? "")),
    )
    await shows(demo, ivan, messageId, "Хороший (сам)")
  })

  it("Rambler without a type; no more of it, and the bot says why", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const rambler = { group: "Почты", resource: "Rambler", region: "383" }
    const messageId = await order(demo, maria, { ...rambler, quantity: 5 })
    await demo.press(maria, "5", messageId)
    const shown = await shows(demo, maria, messageId, "Выдано 4 из 5")
    assert.deepStrictEqual(
      loginsIn(shown),
      [1, 2, 3, 4].map((n) => `rambler${n}@example.com`),
    )
    await demo.press(maria, "2", messageId)
    await shows(demo, maria, messageId, /2\.[^]*Логин/)
    await demo.press(maria, "2 Дефектный", messageId)
    await shows(demo, maria, messageId, /2\.[^]*Дефектный/)

    // One more, by a command that says it all.
    const again = await typeOrder(demo, maria, "/rambler 383 1")
    await demo.advance("6 seconds")
    await shows(demo, maria, again, "Ничего не выдано")

    await demo.advance("4 minutes")
    const rows = await issuedRows(demo, "Rambler_Выдано", 4)
    assert.deepStrictEqual(
      rows
        .map((row) => [row["Логин"], row["Пароль"], row["Пол/Тип"], row["Статус"], row.colour])
        .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
      [
        ["rambler1@example.com", "rambler-601", "", "Хороший", "#d9f0d9"],
        ["rambler2@example.com", "000602", "", "Дефектный", "#fff2cc"],
        ["rambler3@example.com", "rambler-603", "", "Хороший", "#d9f0d9"],
        ["rambler4@example.com", "rambler-604", "", "Хороший", "#d9f0d9"],
      ],
    )
  })
})
