/** The buttons for the network: faults that hit the next calls of the bot. */
import { get, post, remove } from "../base/api.js"
import { el } from "../base/dom.js"
import { words } from "../base/language.js"

const text = words({
  ru: {
    title: "Сбои вручную",
    presets: "Готовые сбои",
    refuses: "Google: 5 отказов подряд",
    lostAnswer: "Google: записал, но ответ потерян",
    late: "Google: запишет через минуту",
    telegramLost: "Telegram: показал, но ответ потерян",
    tooOften: "Telegram: слишком часто, ждать 5 с",
    own: "Или свой сбой",
    where: "Где",
    google: "Google Таблицы",
    method: "Метод",
    any: "любой",
    kind: "Что случится",
    kinds: {
      status: "Отказ с кодом",
      dropBefore: "Обрыв: запрос не дошёл",
      dropAfter: "Обрыв: выполнено, ответ потерян",
      lateApply: "Обрыв: выполнится позже",
      hang: "Зависание, потом обрыв",
    },
    status: "Код",
    retryAfter: "Повторить через, с",
    delay: "Через, с",
    times: "Сколько раз",
    add: "Добавить",
    clear: "Убрать все сбои",
    close: "Закрыть",
    waiting: (left, hit) => `Ждут вызова: ${left}, сработало: ${hit}`,
    allHit: (hit) => `Все сработали: ${hit}`,
    none: "Сбоев больше нет",
  },
  en: {
    title: "Faults by hand",
    presets: "Ready-made faults",
    refuses: "Google: 5 refusals in a row",
    lostAnswer: "Google: written, but the answer is lost",
    late: "Google: writes a minute later",
    telegramLost: "Telegram: shown, but the answer is lost",
    tooOften: "Telegram: too often, wait 5 s",
    own: "Or one of your own",
    where: "Where",
    google: "Google Sheets",
    method: "Method",
    any: "any",
    kind: "What happens",
    kinds: {
      status: "Refused with a status",
      dropBefore: "Broken off: never arrived",
      dropAfter: "Broken off: done, the answer is lost",
      lateApply: "Broken off: done later",
      hang: "Hangs, then breaks off",
    },
    status: "Status",
    retryAfter: "Retry after, s",
    delay: "After, s",
    times: "How often",
    add: "Add",
    clear: "Remove all faults",
    close: "Close",
    waiting: (left, hit) => `Waiting for a call: ${left}, happened: ${hit}`,
    allHit: (hit) => `All happened: ${hit}`,
    none: "No faults any more",
  },
})

const write = { api: "sheets", method: "spreadsheets.batchUpdate", times: 1 }
const edit = { api: "telegram", method: "editMessageText" }
const presets = [
  [text.refuses, { api: "sheets", kind: "status", status: 503, times: 5 }],
  [text.lostAnswer, { ...write, kind: "dropAfter" }],
  [text.late, { ...write, kind: "lateApply", delayMs: 60_000 }],
  [text.telegramLost, { ...edit, kind: "dropAfter", times: 2 }],
  [text.tooOften, { ...edit, kind: "status", status: 429, retryAfter: 5, times: 1 }],
]

const methods = [
  "spreadsheets.batchUpdate",
  "spreadsheets.get",
  "spreadsheets.values.batchGet",
  "token",
  "sendMessage",
  "editMessageText",
  "answerCallbackQuery",
  "getUpdates",
]

const field = (label, control, kinds) =>
  el("label", { data: kinds === undefined ? {} : { for: kinds } }, label, control)

const option = (value, name) => el("option", { value }, name)

/** The form for a fault of one's own. */
const makeForm = () =>
  el(
    "form",
    {},
    field(
      text.where,
      el("select", { name: "api" }, option("sheets", text.google), option("telegram", "Telegram")),
    ),
    field(text.method, el("input", { name: "method", placeholder: text.any, autocomplete: "off" })),
    field(
      text.kind,
      el("select", { name: "kind" }, ...Object.entries(text.kinds).map((each) => option(...each))),
    ),
    field(
      text.status,
      el("input", { name: "status", type: "number", min: 400, max: 599, value: 503 }),
      "status",
    ),
    field(
      text.retryAfter,
      el("input", { name: "retryAfter", type: "number", min: 0, placeholder: "—" }),
      "status",
    ),
    field(
      text.delay,
      el("input", { name: "delay", type: "number", min: 0, value: 60 }),
      "lateApply hang",
    ),
    field(text.times, el("input", { name: "times", type: "number", min: 1, max: 1_000, value: 1 })),
    el("button", { className: "primary" }, text.add),
    el("datalist", { id: "methods" }, ...methods.map((value) => el("option", { value }))),
  )

/** `badge(left)` shows outside of the drawer how many faults wait for a call. */
export const makeFaults = (section, { badge, close, changed }) => {
  let planted = 0
  let hit = 0
  /** Number of the last call before the first fault was planted. */
  let since

  const form = makeForm()
  form.elements.method.setAttribute("list", "methods")
  const output = el("output")
  const clear = el("button", { type: "button" }, text.clear)
  section.append(
    el(
      "header",
      {},
      el("h2", {}, text.title),
      output,
      clear,
      el("button", { type: "button", "aria-label": text.close, on: { click: close } }, "×"),
    ),
    el(
      "div",
      { className: "presets", role: "group", "aria-label": text.presets },
      ...presets.map(([label, fault]) =>
        el("button", { type: "button", on: { click: () => plant(fault) } }, label),
      ),
    ),
    el("h3", {}, text.own),
    form,
  )
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
    badge(left)
    if (planted === 0) return
    output.value = left > 0 ? text.waiting(left, hit) : text.allHit(hit)
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
  clear.addEventListener("click", async () => {
    if ((await remove("/sim/faults")) === undefined) return
    forget()
    output.value = text.none
  })

  return { show, forget }
}
