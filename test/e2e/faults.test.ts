/** One item, one person, one row: also when networks, processes and people misbehave. */
import * as Fs from "node:fs"
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import {
  admin,
  hire,
  issuedRows,
  ivan,
  loginsIn,
  loginsIssued,
  maria,
  order,
  records,
  shows,
  typeOrder,
} from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const started = async () => {
  demo = Demo.here()
  await startStaffed(demo)
}

const startedAlone = async () => {
  demo = Demo.process()
  await startStaffed(demo)
}

const distinct = (logins: ReadonlyArray<string>) => new Set(logins).size === logins.length

describe("buttons", () => {
  it("a double tap on the confirm button issues once", async () => {
    await started()
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 2 })
    const taps = await Promise.all(
      [1, 2, 3].map(() => demo.tap(ivan, { messageId, label: "Любой" })),
    )
    const logins = loginsIn(await shows(demo, ivan, messageId, "2."))
    assert.lengthOf(logins, 2)
    for (const { callbackQueryId } of taps) {
      await demo.eventually("the tap to be answered", async () =>
        (await demo.callback(callbackQueryId)).answered ? true : undefined,
      )
    }
    await demo.advance("4 minutes")
    const rows = await issuedRows(demo, "Мамба_Выдано", 2)
    assert.sameMembers(
      rows.map((row) => row["Логин"]),
      logins,
    )
  })

  it("a forged, a foreign and an outdated button change nothing", async () => {
    await started()
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 1 })
    await demo.press(ivan, "Любой", messageId)
    const shown = await shows(demo, ivan, messageId, /Логин:|^1\. \S/m)
    const block = shown.keyboard?.flat().find(({ text }) => text.includes("Блок"))?.data
    assert.isString(block)

    const refused = async (userId: number, data: string) => {
      const { callbackQueryId } = await demo.tap(userId, { data })
      return demo.eventually("a refusal", async () => {
        const { answered, text } = await demo.callback(callbackQueryId)
        return answered ? (text ?? "") : undefined
      })
    }
    await demo.say(maria, "/menu")
    await demo.sees(maria, "Что выдать?")
    assert.include(await refused(maria, block!), "чужая кнопка")
    assert.include(await refused(maria, `${block}.x`), "Кнопка устарела")
    assert.include(await refused(maria, "\u0000".repeat(10)), "Кнопка устарела")
    assert.include(await refused(maria, "ap1:3.approve"), "администратор")
    const chat = await demo.chat(ivan)
    assert.include(chat.find((message) => message.messageId === messageId)?.text, "подтвердится")
    await demo.advance("4 minutes")
    const [row] = await issuedRows(demo, "Мамба_Выдано", 1)
    assert.strictEqual(row?.["Статус"], "Хороший")
  })

  it("a stranger gets nowhere", async () => {
    demo = Demo.here()
    await demo.start()
    await demo.say(ivan, "/menu")
    await demo.sees(ivan, "Доступ запрещён")
    const chat = await demo.chat(ivan)
    assert.isFalse(chat.some(({ keyboard }) => (keyboard?.length ?? 0) > 0))
  })
})

describe("crashes and lost answers", () => {
  it("killed between issue and delivery: the same item, to the same person, once", async () => {
    await startedAlone()
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 1 })
    await demo.fault({
      api: "telegram",
      method: "editMessageText",
      times: 20,
      kind: "hang",
      delayMs: 3_600_000,
    })
    const since = (await demo.calls()).at(-1)?.n ?? 0
    await demo.press(ivan, "Любой", messageId)
    await demo.eventually("the delivery to be under way", async () =>
      (await demo.calls(since)).find(({ method }) => method === "editMessageText"),
    )
    await demo.stop("SIGKILL")
    await demo.start()
    const [login] = loginsIn(await shows(demo, ivan, messageId, /Логин:|^1\. \S/m))

    const hers = await order(demo, maria, { resource: "Mamba", region: "495", quantity: 5 })
    await demo.press(maria, "Любой", hers)
    assert.notInclude(loginsIn(await shows(demo, maria, hers, "5.")), login)
    await demo.advance("5 minutes")
    await issuedRows(demo, "Мамба_Выдано", 6)
    const issued = await loginsIssued(demo)
    assert.isTrue(distinct(issued))
    assert.include(issued, login)
  })

  it("the answer to a claim is lost after Google applied it", async () => {
    await started()
    // The first rows are out already; the next claim is the one that loses its answer.
    await demo.fault({
      api: "sheets",
      method: "spreadsheets.batchUpdate",
      times: 1,
      kind: "dropAfter",
    })
    const rows = [...Array(12).keys()].map((n) => ["", `late${n}@example.com`, `00${n}`])
    await demo.edit("demo-accounts", { tab: "Мамба Муж", op: "append", rows })
    await demo.advance("2 minutes")
    const messageIds: Array<number> = []
    for (let n = 0; n < 2; n += 1) {
      const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 5 })
      messageIds.push(messageId)
      await demo.press(ivan, "М", messageId)
      await shows(demo, ivan, messageId, "5.")
    }
    await demo.advance("5 minutes")
    await issuedRows(demo, "Мамба_Выдано", 10)
    assert.isTrue(distinct(await loginsIssued(demo)))
    const base = records(await demo.tab("demo-accounts", "Мамба Муж")).map((row) => row["Логин"])
    assert.notIncludeMembers(base, rows.map((row) => row[1]!).slice(0, 5))
  })

  it("the answer to a flush is lost after Google applied it", async () => {
    await started()
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
    await demo.press(ivan, "Любой", messageId)
    await shows(demo, ivan, messageId, "3.")
    await demo.press(ivan, "1", messageId)
    await shows(demo, ivan, messageId, /1\.[^]*Логин/)
    await demo.press(ivan, "1 ✅ Хороший", messageId)
    await shows(demo, ivan, messageId, /1\.[^]*Хороший/)
    await demo.fault({
      api: "sheets",
      method: "spreadsheets.batchUpdate",
      times: 1,
      kind: "dropAfter",
    })
    await demo.advance("8 minutes")
    const rows = await issuedRows(demo, "Мамба_Выдано", 3)
    assert.lengthOf(rows, 3)
    assert.isTrue(distinct(rows.map((row) => row["ID"] ?? "")))
  })
})

describe("people at the sheet", () => {
  it("rows inserted at the top while a claim runs are neither lost nor doubled", async () => {
    demo = Demo.here({ LOAD_BATCH_SIZE: "3", REFILL_THRESHOLD: "3" })
    await demo.start()
    await hire(demo, ivan, "ivan.sales")
    await demo.fault({
      api: "sheets",
      method: "spreadsheets.batchUpdate",
      times: 2,
      kind: "lateApply",
      delayMs: 5_000,
    })
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
    await demo.press(ivan, "М", messageId)
    await shows(demo, ivan, messageId, /Логин:|^1\. \S/m)
    const rows = [...Array(4).keys()].map((n) => ["", `top${n}@example.com`, `top-${n}`])
    await demo.edit("demo-accounts", { tab: "Мамба Муж", op: "insert", at: 1, rows })
    await demo.advance("13 minutes")
    for (let n = 0; n < 2; n += 1) {
      const next = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
      await demo.press(ivan, "М", next)
      await shows(demo, ivan, next, /Логин:|^1\. \S/m)
      await demo.advance("4 minutes")
    }
    await demo.advance("2 minutes")
    const issued = await loginsIssued(demo)
    assert.isTrue(distinct(issued), issued.join(" "))
    const left = records(await demo.tab("demo-accounts", "Мамба Муж")).map((row) => row["Логин"])
    assert.isTrue(distinct([...issued, ...left.map((login) => login ?? "")]))
    assert.isAtLeast(issued.filter((login) => login.startsWith("top")).length, 1)
  })

  it("an empty base tab: says why, and issues as soon as there are rows", async () => {
    await started()
    for (const variant of ["М", "Ж"]) {
      const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 5 })
      await demo.press(ivan, variant, messageId)
      await shows(demo, ivan, messageId, "5.")
    }
    await demo.advance("4 minutes")
    const messageId = await typeOrder(demo, ivan, "mamba 495 1 М")
    await demo.advance("6 seconds")
    await shows(demo, ivan, messageId, "сейчас нет")
    await demo.edit("demo-accounts", {
      tab: "Мамба Муж",
      op: "append",
      rows: [["", "fresh@example.com", "007"]],
    })
    await demo.advance("75 seconds")
    const again = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 1 })
    await demo.press(ivan, "М", again)
    assert.deepStrictEqual(loginsIn(await shows(demo, ivan, again, /Логин:|^1\. \S/m)), [
      "fresh@example.com",
    ])
  })

  it("bad rows are reported to the admin once and never issued; values stay byte for byte", async () => {
    await started()
    await demo.advance("1 minute")
    await demo.sees(admin, /ВКонтакте[^]*нельзя выдать/)
    for (let n = 0; n < 3; n += 1) {
      const messageId = await order(demo, ivan, { resource: "VK", region: "495", quantity: 5 })
      await demo.press(ivan, "5", messageId)
      await shows(demo, ivan, messageId, /Логин:|^1\. \S/m)
      await demo.advance("4 minutes")
    }
    const rows = records(await demo.tab("demo-issued", "ВКонтакте_Выдано"))
    const passwordOf = (login: string) => rows.find((row) => row["Логин"] === login)?.["Пароль"]
    assert.strictEqual(passwordOf("vk105@example.com"), "=1+1")
    assert.strictEqual(passwordOf("79000000102"), "0012345")
    assert.strictEqual(passwordOf("vk109@example.com"), "<b>vk&109</b>")
    assert.isTrue(distinct(rows.map((row) => row["Логин"] ?? "")))
    const reports = (await demo.chat(admin)).filter(({ text }) => /ВКонтакте[^]*нельзя/.test(text))
    assert.lengthOf(reports, 1)
  })
})

describe("files", () => {
  it("a whitelist broken by hand: the start is refused, the file stays as it is", async () => {
    await started()
    await demo.stop("SIGTERM")
    const broken = '{"2": {"stage": "ivan.sales", "is_approved": tru'
    Fs.writeFileSync(demo.file("whitelist.json"), broken)
    const refusal = await demo.start().then(
      () => "it started",
      (error: unknown) => String(error),
    )
    assert.include(refusal, "whitelist.json")
    assert.notInclude(refusal, "ivan.sales")
    assert.strictEqual(Fs.readFileSync(demo.file("whitelist.json"), "utf8"), broken)
  })

  it("a second copy on the same data is refused", async () => {
    await started()
    const second = Demo.process()
    Fs.rmSync(second.directory, { recursive: true })
    Fs.symlinkSync(demo.directory, second.directory)
    const refusal = await second.start().then(
      () => "it started",
      (error: unknown) => String(error),
    )
    await second.stop("SIGKILL")
    Fs.unlinkSync(second.directory)
    assert.include(refusal, "another process")
  })
})
