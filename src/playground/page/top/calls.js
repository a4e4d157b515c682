/** What the bot asks Telegram and Google, and what they answer. */
import { get } from "../base/api.js"
import { el, timeText } from "../base/dom.js"
import { words } from "../base/language.js"

const text = words({
  ru: {
    title: "Вызовы API",
    quiet: " без удачных getUpdates",
    broken: "обрыв",
    fault: (kind) => `сбой: ${kind}`,
    close: "Закрыть",
  },
  en: {
    title: "API calls",
    quiet: " without getUpdates that succeeded",
    broken: "broken off",
    fault: (kind) => `fault: ${kind}`,
    close: "Close",
  },
})

const keptMax = 400

export const makeCalls = (section, close) => {
  let known = []
  let started = 0

  const quiet = el("input", { type: "checkbox", checked: true, on: { change: () => paint() } })
  const list = el("ol", { className: "log", tabIndex: 0, "aria-label": text.title })
  section.append(
    el(
      "header",
      {},
      el("h2", {}, text.title),
      el("label", {}, quiet, text.quiet),
      el("button", { type: "button", "aria-label": text.close, on: { click: close } }, "×"),
    ),
    list,
  )

  const isIdle = ({ method, status }) => method === "getUpdates" && (status ?? 200) === 200

  const verdict = ({ status, error, fault }) => {
    const parts = [status ?? (fault === undefined ? "…" : text.broken)]
    if (fault !== undefined) parts.push(text.fault(fault))
    if (error !== undefined) parts.push(error)
    return parts.join(" · ")
  }

  const entry = (call) => {
    const failed = call.fault !== undefined || (call.status ?? 200) >= 400
    const params = el("pre")
    const details = el(
      "details",
      { className: failed ? "failed" : "" },
      el(
        "summary",
        {},
        el("time", {}, timeText(call.at)),
        el("span", { className: call.api }, call.api),
        el("b", {}, call.method),
        el("span", { className: "verdict" }, verdict(call)),
      ),
      params,
    )
    details.addEventListener("toggle", () => {
      params.textContent = JSON.stringify(call.params, null, 2)
    })
    return el("li", {}, details)
  }

  const paint = () => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60
    for (const call of known) {
      const outcome = verdict(call)
      if (call.node !== undefined && call.outcome === outcome) continue
      const node = entry(call)
      call.node?.replaceWith(node)
      Object.assign(call, { node, outcome })
    }
    const nodes = known.filter((call) => !(quiet.checked && isIdle(call))).map(({ node }) => node)
    const wanted = new Set(nodes)
    for (const node of [...list.children]) if (!wanted.has(node)) node.remove()
    nodes.forEach((node, index) => {
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null)
    })
    if (atEnd) list.scrollTop = list.scrollHeight
  }

  /** Asks again from the oldest call that had no outcome yet. */
  const show = async () => {
    if (section.hidden) return
    const open = known.find(({ status, fault }) => status === undefined && fault === undefined)
    const since = open === undefined ? (known.at(-1)?.n ?? started) : open.n - 1
    const fresh = await get(`/sim/calls?since=${since}`)
    const nodes = new Map(known.map((call) => [call.n, call]))
    const merged = fresh.map((call) => ({ ...nodes.get(call.n), ...call }))
    known = [...known.filter(({ n }) => n <= since), ...merged].slice(-keptMax)
    paint()
  }

  const forget = () => {
    started = known.at(-1)?.n ?? started
    known = []
    list.replaceChildren()
  }

  return { show, forget }
}
