/** A row that Google does not take, from the sheet it came from to the admin who decides about it. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { admin, issuedRows, ivan, loginsIn, order, records, shows } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const base = "Одноклассники"
const issuedTab = "Одноклассники_Выдано"
const bad = "long@example.com"
const row = (login: string, note: string) => ["", login, "pass-1", note]

const name = (column: number, value: string) =>
  demo.edit("demo-issued", { tab: issuedTab, op: "set", row: 0, column, value })

/** The extra column of the base tab, which the bot made the issued tab with. */
const extraColumn = async () => {
  const { header } = await demo.tab("demo-issued", issuedTab)
  const column = header.indexOf("Комментарий")
  assert.isAbove(column, 0)
  return column
}

/** Takes five at a time until the bad one is out. */
const takeUntilBad = async () => {
  const logins: Array<string> = []
  while (!logins.includes(bad)) {
    const messageId = await order(demo, ivan, { resource: "OK", region: "495", quantity: 5 })
    await demo.press(ivan, "5", messageId)
    logins.push(...loginsIn(await shows(demo, ivan, messageId, /Логин:|^1\. \S/m)))
  }
  return logins
}

const loginsWritten = async () =>
  records(await demo.tab("demo-issued", issuedTab)).map((each) => each["Логин"])

describe("/failed", () => {
  it("one row is isolated, shown, left out, taken back, mended and written", async () => {
    demo = Demo.here({ PENDING_LIMIT: "100" })
    await startStaffed(demo)
    const column = await extraColumn()
    const rows = [
      row("one@example.com", "да"),
      row(bad, "x".repeat(50_001)),
      row("two@example.com", ""),
    ]
    await demo.edit("demo-accounts", { tab: base, op: "append", rows })
    await demo.advance("2 minutes")
    const logins = await takeUntilBad()
    // The timer says of all that they are good.
    await demo.advance("5 minutes")
    const others = logins.filter((login) => login !== bad)
    await issuedRows(demo, issuedTab, others.length)
    assert.sameMembers(await loginsWritten(), others)

    for (let round = 0; round < 6; round += 1) await demo.advance("30 seconds")
    const told = await demo.sees(admin, "/failed")
    assert.include(told.text, issuedTab)
    await demo.say(admin, "/failed")
    const list = await demo.sees(admin, "Google не принимает 1 строку")
    assert.match(list.text, /ivan\.sales · выдано .* · ✅ Хороший \(сам\) · ID \w{10}/)
    assert.include(list.text, "maximum of 50000 characters in a single cell.")
    assert.notInclude(list.text, bad)

    await demo.press(admin, "Не записывать 1", list.messageId)
    await shows(demo, admin, list.messageId, "Не записывать эту строку?")
    await demo.press(admin, "Не записывать", list.messageId)
    await shows(demo, admin, list.messageId, "Строка не записывается")
    await demo.advance("1 minute")
    await demo.sees(admin, `Снова в порядке: вкладка «${issuedTab}»`)

    await demo.say(admin, "/undo")
    const undo = await demo.sees(admin, "можно вернуть кнопкой")
    await demo.press(admin, "Не записанные строки: 1", undo.messageId)
    await shows(demo, admin, undo.messageId, "Не записаны по решению")
    await name(column, "Прочее")
    await demo.press(admin, "Вернуть в очередь 1", undo.messageId)
    await shows(demo, admin, undo.messageId, "строка снова в очереди")
    await demo.advance("1 minute")
    await issuedRows(demo, issuedTab, logins.length)
    assert.sameMembers(await loginsWritten(), logins)
    assert.notInclude(demo.output, bad)
  })
})
