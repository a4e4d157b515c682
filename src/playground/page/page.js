/** The page of the playground: two phones, the spreadsheets, the buttons for clock and network. */
import { get, isReady, post, reachable, showTrouble } from "./base/api.js"
import { makeCalls } from "./top/calls.js"
import { makeChat } from "./chat/chat.js"
import { makeClock, showClock } from "./top/clock.js"
import { byId } from "./base/dom.js"
import { makeFaults } from "./top/faults.js"
import { makeGuide } from "./top/guide.js"
import { adminId, loadPeople } from "./chat/people.js"
import { makeSheets } from "./sheet/sheets.js"

/** Changes come in bursts: the page asks again at most this often, in milliseconds. */
const leastPause = 80

const setHealth = (text, className = "") => {
  byId("health").textContent = text
  byId("health").className = `health ${className}`
}

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
      setHealth("нет связи")
    }
    await new Promise((resume) => setTimeout(resume, leastPause))
  }
  running = false
}

const [first, second] = document.querySelectorAll("section.chat")
const chats = [makeChat(first, 2, refresh), makeChat(second, adminId, refresh)]
const sheets = makeSheets(document.querySelector("section.sheets"), refresh)
const calls = makeCalls(byId("calls"))
const faults = makeFaults(byId("faults"), byId("show-faults"), refresh)
const guide = makeGuide()
makeClock(refresh)

const showPeople = async () => {
  const people = await loadPeople()
  await Promise.all(chats.map((chat) => chat.show(people)))
  for (const chat of chats) chat.showPersons(people)
  return people
}

const showAll = async () => {
  const [people, books] = await Promise.all([
    showPeople(),
    sheets.show(),
    calls.show(),
    faults.show(),
    showClock(),
    showHealth(),
  ])
  reachable()
  guide.show({ people, books })
  // Says to scripts that look at the page that it shows the world.
  document.body.dataset.shown = ""
}

const showHealth = async () => {
  if (await isReady()) setHealth("бот работает", "ready")
  else setHealth("бот запускается", "starting")
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

byId("reset").addEventListener("click", async () => {
  if (!confirm("Забыть чаты, вернуть таблицы к образцу и начать заново?")) return
  byId("reset").disabled = true
  const done = await post("/sim/reset", {})
  byId("reset").disabled = false
  if (done === undefined) return
  calls.forget()
  faults.forget()
  sheets.forget()
  guide.restart()
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
for (const cancel of document.querySelectorAll("dialog button[value=cancel]")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close())
}

let events
const listen = () => {
  events?.close()
  events = new EventSource("/sim/events")
  events.addEventListener("change", refresh)
  events.addEventListener("error", () => setHealth("нет связи"))
}
listen()
/** Connects anew where the connection is not open after so long, as it was lost. */
setInterval(() => events.readyState === EventSource.OPEN || listen(), 10_000)

addEventListener("unhandledrejection", ({ reason }) => showTrouble(String(reason)))
/** Asks for what has no event of its own: readiness, and taps that the bot leaves unanswered. */
setInterval(refresh, 3_000)
refresh()
