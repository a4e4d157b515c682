/** The one clock of bot and emulators, and the buttons that move it ahead. */
import { get, post } from "../base/api.js"
import { byId, clockText, el, timeOfDay } from "../base/dom.js"
import { words } from "../base/language.js"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The demo refuses to move the clock further at once. */
const morningAt = 9 * hour

/** How far it is to the next nine o'clock, also where the clocks change in the night before. */
const untilMorning = (now) => {
  const guess = (morningAt - timeOfDay(now) + day) % day || day
  const missed = timeOfDay(now + guess) - morningAt
  return Math.abs(missed) <= 2 * hour ? guess - missed : guess
}

const text = words({
  ru: {
    title: (zone) => `Общие часы бота, Telegram и таблиц, ${zone}`,
    realTitle: (zone) => `Настоящее время, ${zone}: у реплик бота свои часы, их не передвинуть`,
    moving: "Часы идут вперёд",
    jumps: [
      ["+1 мин", () => minute],
      ["+10 мин", () => 10 * minute],
      ["+1 ч", () => hour],
      ["до 09:00", untilMorning],
      ["+1 день", () => day],
    ],
  },
  en: {
    title: (zone) => `The one clock of the bot, Telegram and the sheets, ${zone}`,
    realTitle: (zone) =>
      `The real time, ${zone}: the replicas of the bot have their own clocks, which nobody can move`,
    moving: "The clock moves ahead",
    jumps: [
      ["+1 min", () => minute],
      ["+10 min", () => 10 * minute],
      ["+1 h", () => hour],
      ["to 09:00", untilMorning],
      ["+1 day", () => day],
    ],
  },
})

let ahead = 0
export const nowMs = () => Date.now() + ahead

let isReal = false
/** Whether the clock can be moved. */
export const canMove = () => !isReal

let named = ""
const entitle = () => (byId("clock").title = (isReal ? text.realTitle : text.title)(named))

/** Tells which zone the times are in; the zone itself is set in base/dom.js. */
export const nameZone = (zone) => {
  named = zone
  entitle()
}

/** The clock of replicas: what moves it is not shown. */
const setReal = (now) => {
  if (now === isReal) return
  isReal = now
  document.querySelector(".jumps").hidden = isReal
  entitle()
}

const paint = () => {
  const now = nowMs()
  byId("clock").textContent = clockText(now)
  byId("clock").dateTime = new Date(now).toISOString()
}

/** Gives whether the bot takes requests, which the same answer tells. */
export const showClock = async () => {
  const { now, ready, isReal: real } = await get("/sim/clock")
  setReal(real === true)
  ahead = Date.parse(now) - Date.now()
  paint()
  return ready
}

/** What takes longer than this shows how far it is, in milliseconds. */
const unnoticed = 700

/** Moves the clock, and lets `bar` show how far it came where that takes its time. */
export const advance = async (millis, bar = byId("clock-progress")) => {
  const start = nowMs()
  const begun = performance.now()
  let isMoving = true
  const watching = setInterval(async () => {
    if (performance.now() - begun < unnoticed) return
    await showClock().catch(() => undefined)
    if (!isMoving) return
    bar.value = Math.min(1, (nowMs() - start) / millis)
    bar.hidden = false
  }, 250)
  const answer = await post("/sim/clock", { advance: `${Math.round(millis / 1_000)} seconds` })
  isMoving = false
  clearInterval(watching)
  bar.hidden = true
  bar.value = 0
  return answer
}

export const makeClock = (changed) => {
  setInterval(paint, 1_000)
  const bar = el("progress", {
    id: "clock-progress",
    max: 1,
    value: 0,
    hidden: true,
    "aria-label": text.moving,
  })
  const all = text.jumps.map(([label, millis]) => {
    const button = el("button", { type: "button" }, label)
    button.addEventListener("click", async () => {
      for (const other of all) other.disabled = true
      await advance(millis(nowMs()), bar)
      for (const other of all) other.disabled = false
      button.focus()
      changed()
    })
    return button
  })
  document.querySelector(".jumps").append(...all, bar)
}
