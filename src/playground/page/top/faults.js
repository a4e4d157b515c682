/** The buttons for the network: faults that hit the next calls of the bot. */
import { get, post, remove } from "../base/api.js"
import { byId, el } from "../base/dom.js"

const presets = [
  ["Google: 5 отказов подряд", { api: "sheets", kind: "status", status: 503, times: 5 }],
  [
    "Google: записал, но ответ потерян",
    { api: "sheets", method: "spreadsheets.batchUpdate", kind: "dropAfter", times: 1 },
  ],
  [
    "Google: запишет через минуту",
    {
      api: "sheets",
      method: "spreadsheets.batchUpdate",
      kind: "lateApply",
      delayMs: 60_000,
      times: 1,
    },
  ],
  [
    "Telegram: показал, но ответ потерян",
    { api: "telegram", method: "editMessageText", kind: "dropAfter", times: 2 },
  ],
  [
    "Telegram: слишком часто, ждать 5 с",
    {
      api: "telegram",
      method: "editMessageText",
      kind: "status",
      status: 429,
      retryAfter: 5,
      times: 1,
    },
  ],
]

export const makeFaults = (form, button, changed) => {
  let planted = 0
  let hit = 0
  /** Number of the last call before the first fault was planted. */
  let since

  const output = form.querySelector("output")
  const { kind } = form.elements
  const showFields = () => {
    for (const label of form.querySelectorAll("[data-for]")) {
      label.hidden = !label.dataset.for.split(" ").includes(kind.value)
    }
  }
  kind.addEventListener("change", showFields)
  showFields()

  const paint = () => {
    const left = planted - hit
    button.textContent = left > 0 ? `Сбои · ${left}` : "Сбои"
    button.classList.toggle("armed", left > 0)
    if (planted === 0) return
    output.value = left > 0 ? `Ждут вызова: ${left}, сработало: ${hit}` : `Все сработали: ${hit}`
  }

  const plant = async (fault) => {
    since ??= (await get("/sim/calls")).at(-1)?.n ?? 0
    if ((await post("/sim/faults", fault)) === undefined) return
    planted += fault.times
    paint()
    changed()
  }

  /** Counts the calls that were hit. It asks the server only while a fault is planted. */
  const show = async () => {
    if (planted === hit) return
    const calls = await get(`/sim/calls?since=${since}`)
    hit = Math.min(calls.filter(({ fault }) => fault !== undefined).length, planted)
    paint()
  }

  const forget = () => {
    planted = 0
    hit = 0
    since = undefined
    output.value = ""
    paint()
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const { api, method, times, status, retryAfter, delay } = Object.fromEntries(new FormData(form))
    const refused = kind.value === "status"
    const delayed = kind.value === "lateApply" || kind.value === "hang"
    plant({
      api,
      kind: kind.value,
      times: Number(times),
      ...(method === "" ? {} : { method }),
      ...(refused ? { status: Number(status) } : {}),
      ...(refused && retryAfter !== "" ? { retryAfter: Number(retryAfter) } : {}),
      ...(delayed ? { delayMs: Number(delay) * 1_000 } : {}),
    })
  })
  byId("presets").append(
    ...presets.map(([label, fault]) =>
      el("button", { type: "button", on: { click: () => plant(fault) } }, label),
    ),
  )
  byId("clear-faults").addEventListener("click", async () => {
    if ((await remove("/sim/faults")) === undefined) return
    forget()
    output.value = "Сбоев больше нет"
  })

  return { show, forget }
}
