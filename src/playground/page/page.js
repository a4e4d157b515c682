/** The page of the playground: two phones, the spreadsheets, and the hands on clock and network. */
import { get, post, remove, showTrouble } from "./api.js"
import { makeCalls } from "./calls.js"
import { makeChat } from "./chat.js"
import { byId, clockText } from "./dom.js"
import { makeSheets } from "./sheets.js"

/** Changes come in bursts: the page asks again at most this often, in milliseconds. */
const leastPause = 80

let running = false
let again = false
const refresh = async () => {
  again = true
  if (running) return
  running = true
  while (again) {
    again = false
    try {
      await showAll()
    } catch {
      byId("health").textContent = "нет связи"
      byId("health").className = "health"
    }
    await new Promise((resume) => setTimeout(resume, leastPause))
  }
  running = false
}

const [first, second] = document.querySelectorAll("section.chat")
const chats = [makeChat(first, 2, refresh), makeChat(second, 1, refresh)]
const sheets = makeSheets(document.querySelector("section.sheets"), refresh)
const calls = makeCalls(byId("calls"))

const showAll = async () => {
  const users = await get("/sim/users")
  await Promise.all([
    ...chats.map((chat) => chat.show(users)),
    sheets.show(),
    calls.show(),
    showClock(),
    showHealth(),
  ])
}

let ahead = 0
const showClock = async () => {
  const { now } = await get("/sim/clock")
  ahead = Date.parse(now) - Date.now()
  paintClock()
}
const paintClock = () => {
  byId("clock").textContent = clockText(Date.now() + ahead)
}
setInterval(paintClock, 1_000)

const showHealth = async () => {
  const { ready } = await (await fetch("/sim/health")).json()
  byId("health").textContent = ready ? "бот работает" : "бот не готов"
  byId("health").className = ready ? "health ready" : "health"
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", async () => {
    const all = [...document.querySelectorAll("[data-advance]")]
    for (const other of all) other.disabled = true
    await post("/sim/clock", { advance: button.dataset.advance })
    for (const other of all) other.disabled = false
    button.focus()
    refresh()
  })
}

for (const [button, panel] of [
  ["show-faults", "faults"],
  ["show-calls", "calls"],
]) {
  byId(button).addEventListener("click", () => {
    const target = byId(panel)
    target.hidden = !target.hidden
    byId(button).setAttribute("aria-expanded", String(!target.hidden))
    refresh()
  })
}

const faults = byId("faults")
const showFaultFields = () => {
  for (const label of faults.querySelectorAll("[data-for]")) {
    label.hidden = !label.dataset.for.split(" ").includes(faults.elements.kind.value)
  }
}
faults.elements.kind.addEventListener("change", showFaultFields)
showFaultFields()
faults.addEventListener("submit", async (event) => {
  event.preventDefault()
  const { api, method, kind, times, status, retryAfter, delay } = Object.fromEntries(
    new FormData(faults),
  )
  const planted = await post("/sim/faults", {
    api,
    kind,
    times: Number(times),
    ...(method === "" ? {} : { method }),
    ...(kind === "status" ? { status: Number(status) } : {}),
    ...(kind === "status" && retryAfter !== "" ? { retryAfter: Number(retryAfter) } : {}),
    ...(kind === "lateApply" || kind === "hang" ? { delayMs: Number(delay) * 1_000 } : {}),
  })
  if (planted !== undefined) {
    faults.querySelector("output").value = `Сработает на ближайших вызовах: ${times}`
  }
})
byId("clear-faults").addEventListener("click", async () => {
  if ((await remove("/sim/faults")) !== undefined) {
    faults.querySelector("output").value = "Сбоев больше нет"
  }
})

byId("reset").addEventListener("click", async () => {
  if (!confirm("Забыть чаты, вернуть таблицы к образцу и начать заново?")) return
  if ((await post("/sim/reset", {})) === undefined) return
  calls.forget()
  refresh()
})

const person = byId("person")
byId("add-person").addEventListener("click", async () => {
  const users = await get("/sim/users").catch(() => [])
  const form = person.querySelector("form")
  form.reset()
  form.elements.id.value = Math.max(0, ...users.map(({ id }) => id)) + 1
  person.showModal()
  form.elements.firstName.focus()
})
person.querySelector("button[value=cancel]").addEventListener("click", () => person.close())
person.querySelector("form").addEventListener("submit", async (event) => {
  const { id, firstName, username, languageCode } = Object.fromEntries(new FormData(event.target))
  const added = await post("/sim/users", {
    id: Number(id),
    firstName,
    languageCode,
    ...(username === "" ? {} : { username }),
  })
  if (added !== undefined) chats[0].choose(added.id)
})

const events = new EventSource("/sim/events")
events.addEventListener("change", refresh)
events.addEventListener("error", () => {
  byId("health").textContent = "нет связи"
  byId("health").className = "health"
})
addEventListener("unhandledrejection", ({ reason }) => showTrouble(String(reason)))
/** What has no event of its own: readiness, and taps the bot leaves without an answer. */
setInterval(refresh, 3_000)
refresh()
