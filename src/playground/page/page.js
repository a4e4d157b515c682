/** The page of the playground: two phones, what the bot has, the spreadsheets, and all that moves them. */
import { get, post, reachable, showTrouble } from "./base/api.js"
import { connect } from "./base/connection.js"
import { byId } from "./base/dom.js"
import { speakElements, words } from "./base/language.js"
import { go, seen } from "./base/view.js"
import { makeChat } from "./chat/chat.js"
import { adminId, loadPeople } from "./chat/people.js"
import { makePools } from "./pools/pools.js"
import { makeScenes } from "./scenes/scenes.js"
import { makeSheets } from "./sheet/sheets.js"
import { makeCalls } from "./top/calls.js"
import { canMove, makeClock, showClock } from "./top/clock.js"
import { makeCompany } from "./top/company.js"
import { addPerson, ask } from "./top/dialogs.js"
import { makeFaults } from "./top/faults.js"
import { makeGuide } from "./top/guide.js"
import { makeMore } from "./top/more.js"
import { makePanels } from "./top/panels.js"
import { makeReplicas } from "./top/replicas.js"

speakElements()

const text = words({
  ru: {
    ready: "бот работает",
    starting: "бот запускается",
    lost: "нет связи",
    ended: "Демо не отвечает: его процесс закончился или перезапускается. Страница ждёт его.",
    restarted: (seconds) =>
      `Процесс был убит и запущен заново, пауза ${seconds} с. Бот поднял всё из журнала на диске.`,
    reconnected: (seconds) => `Связь с демо вернулась через ${seconds} с.`,
    resetTitle: "Начать заново?",
    resetText: "Чаты забудутся, в таблицах снова будут образцы.",
    resetYes: "Начать заново",
    more: "Ещё",
    faults: (n) => `Ещё, сбоев ждёт: ${n}`,
  },
  en: {
    ready: "the bot works",
    starting: "the bot is starting",
    lost: "no connection",
    ended:
      "The demo does not answer: its process has ended or is starting again. The page waits for it.",
    restarted: (seconds) =>
      `The process was killed and started again, ${seconds} s later. The bot has everything back from its journal on disk.`,
    reconnected: (seconds) => `The connection to the demo came back after ${seconds} s.`,
    resetTitle: "Start afresh?",
    resetText: "The chats are forgotten, and the sheets have their samples again.",
    resetYes: "Start afresh",
    more: "More",
    faults: (n) => `More, faults waiting: ${n}`,
  },
})

/** Changes come in bursts: the page asks again at most this often, in milliseconds. */
const leastPause = 80
/** What has no event of its own is asked for this often: readiness, taps that stay unanswered. */
const mostPause = 3_000
const noticeMs = 12_000

const setHealth = (name) => {
  byId("health").textContent = text[name]
  byId("health").className = `health ${name}`
}

let hiding
const notify = (sentence, staysMs) => {
  const notice = byId("notice")
  notice.textContent = sentence
  notice.hidden = false
  clearTimeout(hiding)
  if (staysMs !== undefined) hiding = setTimeout(() => (notice.hidden = true), staysMs)
}

let isConnected = true
let isHeld = false
let running = false
let again = false
let showing = Promise.resolve()
const refresh = async () => {
  again = true
  if (running) return
  running = true
  while (again) {
    again = false
    if (isConnected && !isHeld) showing = showAll().catch(() => setHealth("lost"))
    await showing
    await new Promise((resume) => setTimeout(resume, leastPause))
  }
  running = false
}

/** Does what takes the world away for a moment, and asks for nothing meanwhile. */
const held = async (act) => {
  isHeld = true
  await showing
  const done = await act().finally(() => (isHeld = false))
  refresh()
  return done
}

const [first, second] = document.querySelectorAll("section.chat")
const chats = [makeChat(first, 2, refresh), makeChat(second, adminId, refresh)]
const sheets = makeSheets(document.querySelector("section.sheets"), refresh)
const panels = makePanels(refresh)
const calls = makeCalls(byId("calls"), panels.close)
const faults = makeFaults(byId("faults"), {
  badge: (left) => {
    byId("show-more").classList.toggle("armed", left > 0)
    byId("show-more").setAttribute("aria-label", left > 0 ? text.faults(left) : text.more)
  },
  close: panels.close,
  changed: refresh,
})

const openTab = async (title) => {
  const books = await get("/sim/sheets")
  for (const { id } of books) {
    const tabs = await get(`/sim/sheets/${encodeURIComponent(id)}`)
    if (tabs.some((tab) => tab.title === title)) return bring({ spreadsheet: id, tab: title })
  }
}

/** Where there is room for one chat only; page.css names the same width. */
const phone = matchMedia("(max-width: 640px)")
/** The pane that was brought to the front before the other one shows the next person. */
let nextPane = "left"
const bringPerson = (userId) => {
  const shown = { left: seen("left") ?? "2", right: seen("right") ?? String(adminId) }
  const isAlone = phone.matches
  const known = Object.keys(shown).find((pane) => shown[pane] === String(userId))
  const pane = isAlone ? "left" : (known ?? nextPane)
  nextPane = pane === "left" ? "right" : "left"
  go({ [pane]: userId })
}

/** Brings a chat or a tab to the front: `{ userId }` or `{ spreadsheet, tab }`. */
const bring = ({ userId, spreadsheet, tab }) => {
  if (userId !== undefined) bringPerson(userId)
  else go({ sheet: `${spreadsheet}/${tab}` })
  if (panels.isNarrow()) panels.toPlace(userId === undefined ? "sheets" : "chats")
  refresh()
}

const pools = makePools(document.querySelector("section.pools"), openTab)
const scenes = makeScenes(byId("scenes"), byId("running"), {
  bring,
  begun: () => panels.close(),
  changed: refresh,
})
const guide = makeGuide({
  toScenes: () => (panels.isNarrow() ? panels.toPlace("scenes") : panels.toggle("scenes")),
  changed: refresh,
})
makeClock(refresh)
const replicas = makeReplicas(refresh)

const forget = () => {
  for (const part of [calls, faults, sheets, pools]) part.forget()
  guide.restart()
  refresh()
}
const company = makeCompany({ held, restarted: forget })

makeMore({
  faults: () => panels.toggle("faults"),
  calls: () => panels.toggle("calls"),
  person: () => addPerson((id) => chats[0].choose(id)),
  guide: () => guide.restart(),
  reset: async () => {
    const sure = { title: text.resetTitle, text: text.resetText, yes: text.resetYes }
    if (!(await ask(sure))) return
    if ((await held(() => post("/sim/reset", {}))) !== undefined) forget()
  },
})

const showPeople = async () => {
  const people = await loadPeople()
  await Promise.all(chats.map((chat) => chat.show(people)))
  for (const chat of chats) chat.showPersons(people)
  return people
}

/** The bot's own figures are there only while it runs. */
const showBot = async () => {
  const ready = await showClock()
  setHealth(ready ? "ready" : "starting")
  if (!canMove()) await replicas.show()
  return ready ? pools.show() : undefined
}

let isGreeted = false
const showAll = async () => {
  const [people, books, view] = await Promise.all([
    showPeople(),
    sheets.show(),
    showBot(),
    scenes.show(),
    calls.show(),
    faults.show(),
  ])
  reachable()
  guide.show({ people, books, pools: view })
  // Says to scripts that look at the page that it shows the world.
  document.body.dataset.shown = ""
  if (!isGreeted) {
    isGreeted = true
    // Not awaited: a change of the company waits for what is being shown, which is this.
    company.greet(people)
  }
}

addEventListener("unhandledrejection", ({ reason }) => showTrouble(String(reason)))
setInterval(refresh, mostPause)
// The zone of the company comes before the first time is shown.
await company.load().catch(() => undefined)
connect({
  changed: refresh,
  lost: () => {
    isConnected = false
    setHealth("lost")
    notify(text.ended)
  },
  back: ({ lostMs, restarted }) => {
    isConnected = true
    const seconds = (lostMs / 1_000).toFixed(1)
    notify(restarted ? text.restarted(seconds) : text.reconnected(seconds), noticeMs)
    company.load().catch(() => undefined)
    refresh()
  },
})
refresh()
