/**
 * What the bot has, between the chats and the sheets: for each resource how much is ready, held by
 * people, waiting to be written, and written today. Every figure is the bot's own (`/sim/pools`).
 */
import { get } from "../base/api.js"
import { el, keyed } from "../base/dom.js"
import { words } from "../base/language.js"
import { nowMs } from "../top/clock.js"
import { journalText } from "./journal.js"
import { fly, moves } from "./tokens.js"

const text = words({
  ru: {
    title: "Запас бота",
    resource: "Ресурс",
    places: {
      available: ["Запас", "Готово к выдаче"],
      pending: ["На руках", "Выдано, и отметки ещё нет"],
      buffer: ["В очереди", "Отмечено, ждёт записи в таблицу"],
      writtenToday: ["Записано", "Отмечено сегодня и уже стоит в листе выданного"],
    },
    proxies: {
      free: ["Свободно", "Ещё ни для чего не взят"],
      reserved: ["В брони", "Показан человеку и держится для него"],
      taken: ["Взято", "Взят хотя бы для одной цели"],
      broken: ["Сломано", "Не работает, по словам того, кто взял"],
    },
    extras: {
      setAside: (n) => `отложено ${n}`,
      returning: (n) => `возвращается в лист: ${n}`,
      corrections: (n) => `правок в листе: ${n}`,
      hidden: (n) => `не сегодняшних: ${n}`,
    },
    paused: "выдача на паузе",
    openBase: (tab) => `Открыть лист «${tab}», откуда бот берёт строки`,
    openIssued: (tab) => `Открыть лист «${tab}», куда бот пишет выданное`,
    flush: (left) => `запись через ${left}`,
    noFlush: "писать пока нечего",
    writing: "пишет…",
    google: "Google, запросов в эту минуту",
    reads: "чтение",
    writes: "запись",
    left: (left, limit) => `осталось ${left} из ${limit}`,
    pause: (left) => `Google просит подождать ${left}`,
    journal: "Журнал бота",
    empty: "Пока ничего не произошло.",
    starting: "Бот запускается. Запас появится, как только он прочтёт свой журнал.",
    seconds: "с",
  },
  en: {
    title: "What the bot has",
    resource: "Resource",
    places: {
      available: ["Ready", "Can be issued now"],
      pending: ["Held", "Issued, and without a status yet"],
      buffer: ["Queued", "Has its status and waits to be written"],
      writtenToday: ["Written", "Got its status today and stands in the issued tab"],
    },
    proxies: {
      free: ["Free", "Taken for nothing so far"],
      reserved: ["Reserved", "Shown to somebody and kept for him"],
      taken: ["Taken", "Taken for a target at least"],
      broken: ["Broken", "Does not work, says who took it"],
    },
    extras: {
      setAside: (n) => `set aside ${n}`,
      returning: (n) => `going back to the tab: ${n}`,
      corrections: (n) => `rows to correct: ${n}`,
      hidden: (n) => `not of today: ${n}`,
    },
    paused: "paused",
    openBase: (tab) => `Open the tab “${tab}”, where the bot takes rows from`,
    openIssued: (tab) => `Open the tab “${tab}”, where the bot writes what was issued`,
    flush: (left) => `next write in ${left}`,
    noFlush: "nothing to write yet",
    writing: "writing…",
    google: "Google requests this minute",
    reads: "reads",
    writes: "writes",
    left: (left, limit) => `${left} of ${limit} left`,
    pause: (left) => `Google asked to wait for ${left}`,
    journal: "The bot's journal",
    empty: "Nothing has happened yet.",
    starting: "The bot is starting. Its stock appears once it has read its journal.",
    seconds: "s",
  },
})

/** The newest lines of the journal that are drawn. */
const journalLines = 14

const placeNames = Object.keys(text.places)
const proxyNames = Object.keys(text.proxies)

/** Time until then as a person counts down: `9:41`, `12 с`. */
const untilText = (until) => {
  const seconds = Math.max(0, Math.ceil((until - nowMs()) / 1_000))
  if (seconds < 60) return `${seconds} ${text.seconds}`
  const minutes = Math.floor(seconds / 60)
  const [hours, rest] = [Math.floor(minutes / 60), String(seconds % 60).padStart(2, "0")]
  return hours > 0
    ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}`
    : `${minutes}:${rest}`
}

/** A text that goes on counting down by itself. */
const countdown = (until) => el("time", { className: "left", data: { until } }, untilText(until))

const countDown = (section) => {
  for (const node of section.querySelectorAll("[data-until]")) {
    const now = untilText(Number(node.dataset.until))
    if (node.textContent !== now) node.textContent = now
  }
}

/** `openTab(title)` brings a tab of the spreadsheets to the front. */
export const makePools = (section, openTab) => {
  const flush = el("span", { className: "flush" })
  const table = el(
    "table",
    {},
    el("caption", { className: "unseen" }, text.title),
    header(text.places),
  )
  const starting = el("p", { className: "starting" }, text.starting)
  const gauges = el("dl", { className: "gauges" })
  const journal = el("ol", { className: "journal" })
  section.append(
    el("header", {}, el("h2", {}, text.title), flush),
    el(
      "div",
      { className: "lanes", tabIndex: 0, role: "group", "aria-label": text.title },
      starting,
      table,
    ),
    el("div", { className: "google" }, el("h3", {}, text.google), gauges),
    el(
      "div",
      { className: "recent", tabIndex: 0, role: "group", "aria-label": text.journal },
      el("h3", {}, text.journal),
      journal,
    ),
  )
  table.hidden = true
  setInterval(() => countDown(section), 1_000)

  let before
  const lanes = new Map()

  const showLanes = ({ resources, proxies }) => {
    for (const resource of resources) {
      const lane = laneOf(resource.id, () => makeLane(resource, openTab))
      lane.show(resource)
    }
    if (proxies !== undefined) {
      laneOf(proxies.id, () => makeProxyLane(proxies, openTab)).show(proxies)
    }
    const known = new Set([...resources.map(({ id }) => id), proxies?.id])
    for (const [id, lane] of lanes) {
      if (known.has(id)) continue
      lane.node.remove()
      lanes.delete(id)
    }
  }

  const laneOf = (id, make) => {
    const known = lanes.get(id)
    if (known !== undefined) return known
    const lane = make()
    lanes.set(id, lane)
    table.append(...(lane.head === undefined ? [] : [lane.head]), lane.node)
    return lane
  }

  const showFlush = ({ flush: { at }, resources }) => {
    const waits = resources.some(({ counts }) => counts.buffer + counts.corrections > 0)
    flush.classList.toggle("waits", waits)
    if (!waits) flush.textContent = text.noFlush
    else if (at === null || at <= nowMs()) flush.textContent = text.writing
    else flush.replaceChildren(...around(text.flush, countdown(at)))
  }

  const showGoogle = ({ google }) => {
    keyed(
      gauges,
      [
        { name: text.reads, ...google.reads },
        { name: text.writes, ...google.writes },
        ...(google.pausedUntil === undefined ? [] : [{ pausedUntil: google.pausedUntil }]),
      ],
      ({ name }) => name ?? "pause",
      gauge,
    )
  }

  const showJournal = ({ journal: all, resources, proxies }) => {
    const labels = new Map([...resources, proxies].map((each) => [each?.id, each?.label]))
    const lines = all
      .map((line) => ({
        n: line.n,
        ...journalText(line, words(labels.get(line.resource) ?? { ru: "", en: "" })),
      }))
      .filter((line) => line.text !== undefined)
      .slice(-journalLines)
      .toReversed()
    const shown = lines.length > 0 ? lines : [{ n: 0, time: "", text: text.empty }]
    keyed(journal, shown, ({ n }) => n, journalLine)
  }

  /** Gives the view, or nothing while the bot does not run. */
  const show = async () => {
    const view = await get("/sim/pools")
    starting.hidden = true
    table.hidden = false
    const flights = before === undefined ? [] : moves(before, view)
    before = view
    showFlush(view)
    showGoogle(view)
    showJournal(view)
    // Dots leave from where things were, so they start before the lanes change.
    for (const flight of flights) fly(section, flight)
    showLanes(view)
    return view
  }

  const forget = () => {
    before = undefined
  }

  return { show, forget }
}

const header = (places) =>
  el(
    "thead",
    {},
    el(
      "tr",
      {},
      el("th", { scope: "col" }, el("span", { className: "unseen" }, text.resource)),
      ...Object.values(places).map(([name, title]) => el("th", { scope: "col", title }, name)),
    ),
  )

const makeLane = (resource, openTab) => {
  const { id, label, baseTabs, issuedTab, variants } = resource
  const lane = el("tbody", { className: "lane", data: { lane: id } })
  const main = row(words(label), {
    open: () => openTab(baseTabs[0]),
    title: text.openBase(baseTabs[0]),
  })
  main.cells.writtenToday.replaceWith(
    (main.cells.writtenToday = el("td", { data: { place: "writtenToday" } })),
  )
  main.numbers.writtenToday = el("button", {
    type: "button",
    className: "number",
    title: text.openIssued(issuedTab),
    on: { click: () => openTab(issuedTab) },
  })
  main.cells.writtenToday.append(main.numbers.writtenToday)
  const subs = variants.map((variant, at) => {
    const tab = baseTabs.length === variants.length ? baseTabs[at] : baseTabs[0]
    return row(words(variant.label), {
      className: "variant",
      ...(baseTabs.length > 1 ? { open: () => openTab(tab), title: text.openBase(tab) } : {}),
    })
  })
  const chips = el("ul", { className: "chips" })
  const more = el("tr", { className: "more-of", hidden: true }, el("td", { colSpan: 5 }, chips))
  lane.append(main.node, ...subs.map(({ node }) => node), more)

  const show = ({ counts, variants: now, pending, buffer, paused }) => {
    fill(main, counts, placeNames)
    now.forEach((variant, at) => subs[at] && fill(subs[at], variant.counts, placeNames))
    const extras = Object.entries(text.extras).filter(([name]) => counts[name] > 0)
    const items = [
      ...(paused ? [{ key: "paused", className: "warn", label: text.paused }] : []),
      ...pending.map((each) => ({
        key: `p${each.id}`,
        className: "pending",
        label: `${each.who} · ${each.mask}`,
        until: each.confirmAt,
      })),
      ...buffer.map((each) => ({
        key: `b${each.id}`,
        className: "buffer",
        label: `${each.mask}`,
      })),
      ...extras.map(([name, words]) => ({
        key: name,
        className: name,
        label: words(counts[name]),
      })),
    ]
    keyed(chips, items, ({ key }) => key, chip)
    more.hidden = items.length === 0
  }
  return { node: lane, show }
}

const makeProxyLane = ({ id, label, issuedTab }, openTab) => {
  const lane = el("tbody", { className: "lane", data: { lane: id } })
  const main = row(
    words(label),
    { open: () => openTab(issuedTab), title: text.openIssued(issuedTab) },
    proxyNames,
  )
  const chips = el("ul", { className: "chips" })
  const more = el("tr", { className: "more-of", hidden: true }, el("td", { colSpan: 5 }, chips))
  const [head] = header(text.proxies).rows
  lane.append(head, main.node, more)
  const show = ({ counts, reserved }) => {
    fill(main, counts, proxyNames)
    const items = reserved.map(({ userId, who, mask, until }) => ({
      key: `${userId} ${mask}`,
      className: "pending",
      label: `${who} · ${mask}`,
      until,
    }))
    keyed(chips, items, ({ key }) => key, chip)
    more.hidden = items.length === 0
  }
  return { node: lane, show }
}

const row = (name, { open, title, className = "" }, names = placeNames) => {
  const cells = {}
  const numbers = {}
  for (const place of names) {
    cells[place] = el("td", { data: { place } })
    numbers[place] = cells[place]
  }
  const head =
    open === undefined
      ? el("span", {}, name)
      : el("button", { type: "button", className: "tab", title, on: { click: open } }, name)
  return {
    node: el(
      "tr",
      { className },
      el("th", { scope: "row", data: { place: "base" } }, head),
      ...Object.values(cells),
    ),
    cells,
    numbers,
  }
}

/** Puts the figures into a row; one that changed is marked for a moment. */
const fill = ({ cells, numbers }, counts, names) => {
  for (const place of names) {
    const now = String(counts[place])
    const node = numbers[place]
    if (node.textContent === now) continue
    const isFirst = node.textContent === ""
    node.textContent = now
    cells[place].classList.toggle("none", now === "0")
    if (isFirst) continue
    cells[place].classList.remove("changed")
    // Reading the width makes the browser begin the same animation anew.
    void cells[place].offsetWidth
    cells[place].classList.add("changed")
  }
}

const chip = ({ className, label, until }) =>
  el(
    "li",
    { className },
    el("span", {}, label),
    ...(until === undefined ? [] : [" ", countdown(until)]),
  )

const gauge = ({ name, left, limit, pausedUntil }) => {
  if (pausedUntil !== undefined) {
    return el(
      "div",
      { className: "paused" },
      el("dt", {}, ...around(text.pause, countdown(pausedUntil))),
    )
  }
  const bar = el("meter", {
    min: 0,
    max: limit,
    low: limit / 5,
    value: left,
    "aria-label": `${name}: ${text.left(left, limit)}`,
    title: text.left(left, limit),
  })
  return el("div", {}, el("dt", {}, name), el("dd", {}, bar, el("span", {}, `${left}`)))
}

/** A sentence with a node where its argument stands. */
const around = (sentence, node) => {
  const [head, tail] = sentence("\u0000").split("\u0000")
  return [head, node, tail]
}

const journalLine = ({ time, text: line, kind }) =>
  el("li", { className: kind ?? "" }, el("time", {}, time), el("span", {}, line))
