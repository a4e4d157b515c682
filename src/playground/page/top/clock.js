/** The one clock of bot and emulators, and the buttons that move it ahead. */
import { get, post } from "../base/api.js"
import { byId, clockText } from "../base/dom.js"

let ahead = 0
export const nowMs = () => Date.now() + ahead

const paint = () => {
  byId("clock").textContent = clockText(nowMs())
}

export const showClock = async () => {
  const { now } = await get("/sim/clock")
  ahead = Date.parse(now) - Date.now()
  paint()
}

export const makeClock = (changed) => {
  setInterval(paint, 1_000)
  const all = [...document.querySelectorAll("[data-advance]")]
  for (const button of all) {
    button.addEventListener("click", async () => {
      for (const other of all) other.disabled = true
      await post("/sim/clock", { advance: button.dataset.advance })
      for (const other of all) other.disabled = false
      button.focus()
      changed()
    })
  }
}
