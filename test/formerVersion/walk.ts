/**
 * Three days of a company, made up so that every kind of event is in the journal and everything
 * that can wait for somebody waits at the end.
 */
import type { Demo } from "../e2e/Demo.ts"
import { day } from "../e2e/days.ts"
import { admin, hire, ivan, maria } from "../e2e/people.ts"
import { listFor, registry, reserve, saveLines, sendLines } from "../e2e/proxyPeople.ts"
import { issued, pressed, quiet, said, waitingOn } from "./presses.ts"

/** Telegram ids of those that join the three people of the demo. */
export const petr = 4
export const anna = 5
export const vera = 6
export const gleb = 7
export const dina = 8
export const egor = 9
export const people = [admin, ivan, maria, petr, anna, vera, gleb, dina, egor]

/** Leaves the demo in the middle of its work: it is to be killed then. */
export const walk = async (demo: Demo) => {
  await meet(demo)
  await firstDay(demo)
  // To the same time two days later: what is over is let go, yesterday's numbers go back.
  for (let quarter = 0; quarter < 12; quarter += 1) await demo.advance("4 hours")
  await thirdDay(demo)
  await lastMinutes(demo)
}

const meet = async (demo: Demo) => {
  for (const [id, firstName] of [
    [petr, "Пётр"],
    [anna, "Анна"],
    [vera, "Вера"],
    [gleb, "Глеб"],
    [dina, "Дина"],
    [egor, "Егор"],
  ] as const) {
    await demo.post("/sim/users", { id, firstName, languageCode: "ru" })
  }
  await hire(demo, ivan, "ivan.sales")
  await hire(demo, maria, "maria.sales")
  await hire(demo, petr, "petr.sales")
  await hire(demo, anna, "anna.sales")
  await hire(demo, egor, "egor.sales")
}

const appendRows = (demo: Demo, tab: string, rows: ReadonlyArray<ReadonlyArray<unknown>>) =>
  demo.edit("demo-accounts", { tab, op: "append", rows })

/** What becomes of issued items, of stock, of proxies and of rows. */
const firstDay = async (demo: Demo) => {
  await marks(demo)
  await deliveries(demo)
  await stock(demo)
  await proxies(demo)
  await refusedRows(demo)
  await handEdits(demo)
}

const marks = async (demo: Demo) => {
  const first = await issued(demo, ivan, { resource: "mamba", quantity: 4 })
  const [good, block, undone, declined] = await waitingOn(demo, ivan, first)
  await pressed(demo, ivan, { _tag: "Look", issuance: good })
  await pressed(demo, ivan, { _tag: "Mark", issuance: good, status: "good" })
  await pressed(demo, ivan, { _tag: "Look", issuance: block })
  await pressed(demo, ivan, { _tag: "Mark", issuance: block, status: "block" })
  await pressed(demo, ivan, { _tag: "Replace", issuance: block })
  await pressed(demo, ivan, { _tag: "Look", issuance: undone })
  await pressed(demo, ivan, { _tag: "Mark", issuance: undone, status: "defect" })
  await pressed(demo, ivan, { _tag: "Undo", issuance: undone })
  await pressed(demo, ivan, { _tag: "Look", issuance: declined })
  await pressed(demo, ivan, { _tag: "Mark", issuance: declined, status: "block" })
  await pressed(demo, ivan, { _tag: "Decline", issuance: declined })
  await issued(demo, maria, { resource: "gmail", quantity: 2, variant: "gmail" })
  const numbers = await issued(demo, maria, { resource: "number", quantity: 2, targets: 5 })
  const [reset] = await waitingOn(demo, maria, numbers)
  await pressed(demo, maria, { _tag: "Mark", issuance: reset, status: "reset" })
  await pressed(demo, maria, { _tag: "Replace", issuance: reset })
  await demo.advance("1 minute")
  // Its row stands in the sheet by now.
  await pressed(demo, ivan, { _tag: "Change", issuance: good })
  await pressed(demo, ivan, { _tag: "Correct", issuance: good, status: "defect" })
  await demo.advance("12 minutes")
}

/** Messages that Telegram refuses, for a while and for good, and one that nobody knows of. */
const deliveries = async (demo: Demo) => {
  const fault = { api: "telegram", method: "editMessageText" }
  await demo.fault({ ...fault, times: 1, kind: "status", status: 400 })
  await issued(demo, maria, { resource: "ok" })
  await demo.advance("2 minutes")
  await demo.fault({ ...fault, times: 8, kind: "dropBefore" })
  await issued(demo, maria, { resource: "ok" })
  await demo.advance("2 minutes")
  await demo.fault({ ...fault, times: 1_000, kind: "status", status: 403 })
  await issued(demo, egor, { resource: "ok" })
  await demo.advance("13 minutes")
  await restart(demo)
}

/** Also forgets the faults. */
const restart = async (demo: Demo, env: Record<string, string> = {}) => {
  await demo.stop("SIGKILL")
  await demo.start(env)
  await quiet(demo)
}

const stock = async (demo: Demo) => {
  await said(demo, admin, "/numbers_today_mod")
  await pressed(demo, admin, { _tag: "TodayOnly", on: "off" })
  await demo.advance("1 minute")
  await pressed(demo, admin, { _tag: "TodayOnly", on: "on" })
  await demo.advance("1 minute")
  await said(demo, admin, "/pause ok Переучёт")
  await pressed(demo, admin, { _tag: "Resume", resource: "ok" })
  await said(demo, admin, "/buffer_clear gmail")
  await pressed(demo, admin, { _tag: "Empty", way: "clear", resource: "gmail" })
  await said(demo, admin, "/undo")
  await pressed(demo, admin, { _tag: "Restore", resource: "gmail" })
  // Nobody takes this one back.
  await said(demo, admin, "/buffer_clear rambler")
  await pressed(demo, admin, { _tag: "Empty", way: "clear", resource: "rambler" })
  await said(demo, admin, "/buffer_release mamba")
  await pressed(demo, admin, { _tag: "Empty", way: "release", resource: "mamba" })
  await demo.advance("1 minute")
  await said(demo, admin, "/resume mamba")
  await demo.advance("1 minute")
}

const lines = ["192.0.2.31", "192.0.2.32", "192.0.2.33", "192.0.2.34"].map(
  (host, index) => `${host}:1080:demo:proxy-${index}`,
)
const registryTab = "Прокси"

/** The number of the row of a proxy in the registry. */
const rowOf = async (demo: Demo, line: string) =>
  (await demo.tab("demo-issued", registryTab)).rows.findIndex(({ cells }) => cells[0] === line) + 1

const proxies = async (demo: Demo) => {
  await saveLines(demo, maria, await sendLines(demo, maria, lines.join("\n"), /Принято 4/), ["VK"])
  await registry(demo, lines)
  const tomorrow = { date: await day(demo, 1) }
  await demo.edit("demo-issued", {
    tab: registryTab,
    op: "append",
    rows: [["192.0.2.35:1080:demo:proxy-hand", "socks5", "fr", tomorrow]],
  })
  await demo.advance("1 minute")
  // The one that ends first stands first.
  await reserve(demo, ivan, await listFor(demo, ivan, ["Mamba"]))
  await pressed(demo, ivan, { _tag: "ProxyCancel" })
  await reserve(demo, ivan, await listFor(demo, ivan, ["Mamba"]))
  await reserve(demo, ivan, await listFor(demo, ivan, ["Mamba"]))
  await demo.advance("6 minutes")
  await reserve(demo, ivan, await listFor(demo, ivan, ["Mamba"]))
  await pressed(demo, ivan, { _tag: "ProxyTake" })
  await demo.advance("1 minute")
  const changed = await rowOf(demo, lines[0]!)
  const until = { date: await day(demo, 9) }
  await demo.edit("demo-issued", {
    tab: registryTab,
    op: "set",
    row: changed,
    column: 3,
    value: until,
  })
  const removed = await rowOf(demo, lines[1]!)
  await demo.edit("demo-issued", { tab: registryTab, op: "delete", at: removed, count: 1 })
  await demo.advance("2 minutes")
}

/** One row that Google refuses while it takes all others; the admin leaves it out of the sheet. */
const leaveOut = async (demo: Demo) => {
  await demo.advance("12 minutes")
  await issued(demo, egor, { resource: "gmail" })
  await demo.fault({
    api: "sheets",
    method: "spreadsheets.batchUpdate",
    times: 100,
    kind: "status",
    status: 400,
  })
  await pressed(demo, egor, { _tag: "Mark", resource: "gmail", status: "good" })
  await demo.advance("5 minutes")
  await said(demo, admin, "/failed")
  await pressed(demo, admin, { _tag: "FailedAsk", resource: "gmail" })
  await pressed(demo, admin, { _tag: "FailedDrop", resource: "gmail" })
  await restart(demo)
}

const refusedRows = async (demo: Demo) => {
  await leaveOut(demo)
  await said(demo, admin, "/undo")
  await pressed(demo, admin, { _tag: "Unwritten" })
  await pressed(demo, admin, { _tag: "UnwrittenBack" })
  await demo.advance("1 minute")
}

/** Somebody overwrites the status of a row; the bot asks within the hour which one is right. */
const editByHand = async (demo: Demo, tab: string, at: number, status: string) => {
  const column = (await demo.tab("demo-issued", tab)).header.indexOf("Статус")
  await demo.edit("demo-issued", { tab, op: "set", row: at, column, value: status })
}

const handEdits = async (demo: Demo) => {
  await editByHand(demo, "Мамба_Выдано", 1, "Хороший")
  await demo.advance("62 minutes")
  await pressed(demo, admin, { _tag: "EditDecide", choice: "bot" })
  await demo.advance("2 minutes")
}

/** What takes its time: rows in the sheet, a question about one of them, a row left out. */
const thirdDay = async (demo: Demo) => {
  const today = { date: await day(demo) }
  const rows = (...names: ReadonlyArray<string>) =>
    names.map((name) => [today, `${name}@example.com`, `pass-${name}`])
  await appendRows(demo, "Одноклассники", rows("ok901", "ok902", "ok903"))
  await appendRows(demo, "Gmail", rows("mail901", "mail902", "mail903", "mail904"))
  await appendRows(demo, "Номера", [
    [today, "79000002001"],
    [today, "79000002002"],
    [today, "79000002003"],
    [today, "79000002004"],
  ])
  await demo.advance("2 minutes")
  const two = await issued(demo, ivan, { resource: "vk", quantity: 2 })
  const [good, defect] = await waitingOn(demo, ivan, two)
  await pressed(demo, ivan, { _tag: "Mark", issuance: good, status: "good" })
  await pressed(demo, ivan, { _tag: "Mark", issuance: defect, status: "defect" })
  await leaveOut(demo)
  await editByHand(demo, "ВКонтакте_Выдано", 2, "Блок")
  await demo.advance("62 minutes")
}

/** With more time than usual, so that nothing ends while somebody opens what is left here. */
const unhurried = { AUTO_CONFIRM_TIMEOUT: "3600", PROXY_RESERVATION_TTL: "3600" }

const lastMinutes = async (demo: Demo) => {
  await restart(demo, unhurried)
  await issued(demo, ivan, { resource: "vk", quantity: 2 })
  // He is reminded twelve minutes before they mark themselves.
  await demo.advance("49 minutes")
  await looks(demo)
  await decisions(demo)
  await changes(demo)
  await halfDone(demo)
}

/** At screens whose buttons stand in the chats from then on. */
const looks = async (demo: Demo) => {
  for (const command of [
    "numbers_today_mod",
    "stock",
    "who",
    "pause",
    "buffer_clear",
    "buffer_release",
    "undo",
    "export",
    "health",
    "failed",
    "whitelist",
    "block",
    "audit",
    "regions",
    "stats",
  ]) {
    await said(demo, admin, `/${command}`)
  }
  await pressed(demo, admin, { _tag: "StatsGroup", group: "numbers" })
  await pressed(demo, admin, { _tag: "StatsPeriod", resource: "number", region: null })
  await pressed(demo, admin, { _tag: "StatsReport", period: "week" })
  await said(demo, ivan, "/my")
  await pressed(demo, ivan, { _tag: "History" })
  await said(demo, ivan, "/help")
}

/** Of the admin, about the stock. */
const decisions = async (demo: Demo) => {
  await said(demo, admin, "/pause mamba Переучёт до вечера")
  await said(demo, admin, "/buffer_clear ok")
  await pressed(demo, admin, { _tag: "Empty", way: "clear", resource: "ok" })
  await said(demo, admin, "/remove_region 383")
  await pressed(demo, admin, { _tag: "RegionRemove", region: "383" })
}

/** Who comes, who goes, who is kept waiting. */
const changes = async (demo: Demo) => {
  await said(demo, egor, "/language")
  await pressed(demo, egor, { _tag: "Language", language: "en" })
  await issued(demo, anna, { resource: "vk" })
  await said(demo, admin, "/block anna.sales 8 Отпуск")
  for (const applicant of [vera, gleb, dina]) await said(demo, applicant, "/start")
  await said(demo, vera, "vera.sales")
  await said(demo, gleb, "gleb.sales")
  await pressed(demo, admin, { _tag: "Decide", applicant: gleb, decision: "refuse" })
  await issued(demo, maria, { resource: "rambler" })
  await pressed(demo, maria, { _tag: "Wait", resource: "rambler" })
  await dismissal(demo)
}

/** Of four items that he held one is set aside for good, one goes to a colleague, two are left. */
const dismissal = async (demo: Demo) => {
  const held = await issued(demo, petr, { resource: "vk", quantity: 4 })
  const [aside, given] = await waitingOn(demo, petr, held)
  await said(demo, admin, "/whitelist_remove petr.sales")
  await pressed(demo, admin, { _tag: "Dismiss", person: petr })
  const setAside = async () => {
    await pressed(demo, admin, { _tag: "AsideAsk", which: aside })
    await pressed(demo, admin, { _tag: "LeftSettle", which: aside })
  }
  await setAside()
  await said(demo, admin, "/undo")
  await pressed(demo, admin, { _tag: "Asides" })
  await pressed(demo, admin, { _tag: "AsideBack", issuance: aside })
  await said(demo, admin, `/whitelist_remove ${petr}`)
  await setAside()
  await pressed(demo, admin, { _tag: "LeftTo", which: given })
  await pressed(demo, admin, { _tag: "LeftGive", which: given, to: maria })
}

/** Google does not answer any more, and at last Telegram neither: what is begun now ends later. */
const halfDone = async (demo: Demo) => {
  // What has happened until now is in the snapshots, what follows only in the events behind them.
  await demo.advance("61 seconds")
  await restart(demo, { ...unhurried, STATE_SAVE_INTERVAL: "86400" })
  const hang = { times: 1_000, kind: "hang", delayMs: 3_600_000 }
  await demo.fault({ api: "sheets", method: "spreadsheets.batchUpdate", ...hang })
  const numbers = await issued(demo, maria, { resource: "number", quantity: 2, targets: 3 })
  const [first] = await waitingOn(demo, maria, numbers)
  await pressed(demo, maria, { _tag: "Mark", issuance: first, status: "working" })
  await pressed(demo, ivan, { _tag: "Change", resource: "vk" })
  await pressed(demo, ivan, { _tag: "Correct", resource: "vk", status: "block" })
  await said(demo, admin, "/buffer_release gmail")
  await pressed(demo, admin, { _tag: "Empty", way: "release", resource: "gmail" })
  await demo.advance("31 seconds")
  await saveLines(demo, ivan, await sendLines(demo, ivan, newLines.saved, /Принято 1/), [])
  await sendLines(demo, maria, newLines.draft, /Принято 2/)
  await reserve(demo, ivan, await listFor(demo, ivan, ["OK"]))
  await demo.fault({ api: "telegram", method: "editMessageText", ...hang })
  await issued(demo, ivan, { resource: "vk" })
}

const newLines = {
  saved: "192.0.2.41:1080:demo:proxy-late",
  draft: "192.0.2.42:1080:demo:proxy-draft-1\n192.0.2.43:1080:demo:proxy-draft-2",
}
