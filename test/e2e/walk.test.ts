/** The main job, end to end: ask, take, mark, be written, be confirmed by the timer. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { hire, issuedRows, ivan, loginsIn, order, shows } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const take = async (messageId: number) => {
  await demo.press(ivan, "Любой", messageId)
  return shows(demo, ivan, messageId, "3.")
}

/** Хороший, Блок with a replacement, Дефектный; gives the four logins. */
const mark = async (messageId: number) => {
  await demo.press(ivan, "1", messageId)
  await shows(demo, ivan, messageId, /1\.[^]*Логин/)
  await demo.press(ivan, "1 ✅ Хороший", messageId)
  await shows(demo, ivan, messageId, /1\.[^]*Хороший/)
  await demo.press(ivan, "2 ⛔ Блок", messageId)
  await demo.press(ivan, "2 Да, заменить", messageId)
  await shows(demo, ivan, messageId, "замена для 2")
  await demo.press(ivan, "3 Дефектный", messageId)
  await shows(demo, ivan, messageId, /3\.[^]*Дефектный/)
}

const green = "#d9f0d9"
const red = "#f5cccc"
const yellow = "#fff2cc"

/** Every issuance once, with the right status and colour, «авто» where the timer said it. */
const checkSheet = async (logins: ReadonlyArray<string>) => {
  const rows = await issuedRows(demo, "Мамба_Выдано", 4)
  const byLogin = logins.map((login) => rows.filter((row) => row["Логин"] === login))
  assert.deepStrictEqual(
    byLogin.map((found) => found.map((row) => row["Статус"])),
    [["Хороший"], ["Блок"], ["Дефектный"], ["Хороший"]],
  )
  assert.lengthOf(rows, 4)
  assert.deepStrictEqual(
    byLogin.map(([row]) => row?.colour),
    [green, red, yellow, green],
  )
  assert.deepStrictEqual(
    byLogin.map(([row]) => /авто/.test(row?.["Отмечено"] ?? "")),
    [false, false, false, true],
  )
  for (const row of rows) {
    assert.strictEqual(row["Регион"], "495")
    assert.strictEqual(row["Сотрудник"], "ivan.sales")
    assert.strictEqual(row["Telegram ID"], "2")
    assert.match(row["Пол/Тип"] ?? "", /^[МЖ]$/)
    assert.match(row["ID"] ?? "", /^[0-9A-Z]{10}$/)
  }
  assert.lengthOf(new Set(rows.map((row) => row["ID"])), 4)
}

describe("an employee takes three Mamba accounts", () => {
  it("from /start to the sheet", async () => {
    demo = Demo.here({ SHEETS_REQUESTS_PER_SECOND: "1.5", AUTO_CONFIRM_TIMEOUT: "600" })
    await demo.start()
    await hire(demo, ivan, "ivan.sales")
    const before = (await demo.calls()).at(-1)?.n ?? 0
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
    await take(messageId)
    await mark(messageId)
    const logins = loginsIn(await shows(demo, ivan, messageId, "замена для 2"))
    assert.lengthOf(new Set(logins), 4)

    await demo.advance("11 minutes")
    await shows(demo, ivan, messageId, "Хороший (сам)")
    await checkSheet(logins)

    const calls = (await demo.calls(before)).filter(({ api }) => api === "sheets")
    const writes = calls.filter(({ method }) => method === "spreadsheets.batchUpdate")
    // One flush for the three marks and one for the timer's; the stock was there already.
    assert.isAtMost(writes.length, 4, JSON.stringify(calls.map(({ method }) => method)))
  })

  it("with the process killed after every step", async () => {
    demo = Demo.process({ AUTO_CONFIRM_TIMEOUT: "600" })
    await demo.start()
    const restart = async () => {
      await demo.stop("SIGKILL")
      await demo.start()
    }
    await hire(demo, ivan, "ivan.sales")
    await restart()
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
    await restart()
    const logins = loginsIn(await take(messageId))
    await restart()
    await mark(messageId)
    const all = loginsIn(await shows(demo, ivan, messageId, "замена для 2"))
    assert.deepStrictEqual(all.slice(0, 1), logins.slice(0, 1))
    await restart()
    await demo.advance("5 minutes")
    await restart()
    await demo.advance("6 minutes")
    await shows(demo, ivan, messageId, "Хороший (сам)")
    await demo.advance("1 minute")
    await checkSheet([...new Set([...logins, ...all])])
  })

  it("and a graceful stop writes what is waiting", async () => {
    demo = Demo.process()
    await startStaffed(demo)
    const takeOne = async () => {
      const messageId = await order(demo, ivan, { resource: "Mamba", region: "812", quantity: 1 })
      await demo.press(ivan, "Ж", messageId)
      await shows(demo, ivan, messageId, "1.")
      await demo.press(ivan, "✅ Хороший", messageId)
      await shows(demo, ivan, messageId, /Логин[^]*✅ Хороший/)
    }
    await takeOne()
    await demo.advance("1 minute")
    await issuedRows(demo, "Мамба_Выдано", 1)
    await takeOne()
    assert.strictEqual(await demo.stop("SIGTERM"), 0)
    // Nothing is written by the second start within the time of the test.
    await demo.start({ WRITE_BUFFER_INTERVAL: "86400" })
    const rows = await issuedRows(demo, "Мамба_Выдано", 2)
    assert.deepStrictEqual(
      rows.map((row) => [row["Статус"], row["Пол/Тип"], row["Регион"]]),
      [
        ["Хороший", "Ж", "812"],
        ["Хороший", "Ж", "812"],
      ],
    )
  })
})
