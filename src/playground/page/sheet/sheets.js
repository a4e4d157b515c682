/** The spreadsheets as a person with a browser sees and edits them. */
import { get, path, post, showTrouble } from "../base/api.js"
import { nowMs } from "../top/clock.js"
import { byId, dateText, el, keyed, walkable } from "../base/dom.js"
import { makeGrid } from "./grid.js"

export const makeSheets = (section, changed) => {
  /** `{ id, tab }` of the tab on the screen. */
  let chosen
  /** Book and tab → rows it had, and whether some came since it was last looked at. */
  let counts = new Map()

  const strip = walkable(el("div", { className: "tabs", role: "tablist" }))
  const holder = el("div", { className: "grid" })
  const hint = el(
    "p",
    { className: "hint" },
    "Правьте, как человек: двойной щелчок или Enter меняет ячейку, Delete очищает.",
  )
  const add = el("button", { type: "button", on: { click: () => append() } }, "+ строка")
  section.append(strip, holder, el("footer", {}, hint, add))

  const edit = async (act) => {
    await post(path("sheets", chosen.id, "edits"), { tab: chosen.tab, ...act })
    changed()
  }

  /** The bot moves rows, so an edit is for the row that the person saw, or for none. */
  const stillThere = async (row, seen = grid.seen()) => {
    const tabs = await get(path("sheets", chosen.id)).catch(() => [])
    const now = tabs.find(({ title }) => title === seen.title)
    const same = JSON.stringify(now && lineOf(now, row)) === JSON.stringify(lineOf(seen, row))
    if (!same) {
      showTrouble(
        "Пока вы правили, строка уехала или изменилась. Правка не записана, повторите её.",
      )
      changed()
    }
    return same
  }

  const grid = makeGrid(holder, {
    set: async (row, column, text) => {
      if (await stillThere(row)) await edit({ op: "set", row, column, value: entered(text) })
    },
    insert: async (row) => {
      const seen = grid.seen()
      const cells = await askRow(seen.header)
      if (cells !== undefined && (await stillThere(row, seen)))
        await edit({ op: "insert", at: row, rows: [cells] })
    },
    drop: async (row) => {
      if (await stillThere(row)) await edit({ op: "delete", at: row, count: 1 })
    },
    leave: changed,
    sort: (column, descending) => edit({ op: "sort", column, descending }),
  })

  const append = async () => {
    const cells = await askRow(grid.seen().header)
    if (cells === undefined) return
    await edit({ op: "append", rows: [cells] })
    setTimeout(() => holder.scrollTo({ top: holder.scrollHeight }), 300)
  }

  const showStrip = (books) => {
    const fresh = counts.size === 0
    const items = books.flatMap(({ id, title, tabs }) => [
      { id, label: title },
      ...tabs.map((tab) => {
        const selected = chosen.id === id && chosen.tab === tab.title
        const count = tab.rows.filter(({ cells }) => cells.length > 0).length
        const key = `${id} ${tab.title}`
        const before = counts.get(key) ?? { count: fresh ? count : 0, news: false }
        const grown = before.news || count > before.count
        const news = grown && !selected && !tab.hidden
        counts.set(key, { count, news })
        return { id, tab: tab.title, hidden: tab.hidden, count, news, selected }
      }),
    ])
    keyed(strip, items, ({ id, tab }) => `${id} ${tab ?? ""}`, tabButton)
  }

  const tabButton = ({ id, label, tab, hidden, count, news, selected }) => {
    if (label !== undefined) return el("span", { className: "book" }, label)
    const choose = () => {
      chosen = { id, tab }
      changed()
    }
    const titles = [hidden ? "Скрытый лист бота" : "", news ? "Появились строки" : ""]
    return el(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(selected),
        className: `${hidden ? "hidden" : ""} ${news ? "news" : ""}`,
        title: titles.filter(Boolean).join(", "),
        on: { click: choose },
      },
      tab,
      el("small", {}, String(count)),
    )
  }

  /** Gives the spreadsheets with their tabs. */
  const show = async () => {
    const list = await get("/sim/sheets")
    const books = await Promise.all(
      list.map(async (book) => ({ ...book, tabs: await get(path("sheets", book.id)) })),
    )
    const find = () =>
      books.find(({ id }) => id === chosen?.id)?.tabs.find(({ title }) => title === chosen.tab)
    if (find() === undefined) chosen = { id: books[0].id, tab: books[0].tabs[0].title }
    const current = find()
    showStrip(books)
    grid.show(`${chosen.id} ${chosen.tab}`, current, wordsOfEmpty(current))
    return books
  }

  const forget = () => (counts = new Map())

  return { show, forget }
}

const lineOf = ({ header, rows }, row) => (row === 0 ? header : rows[row - 1]?.cells)

const wordsOfEmpty = ({ title, hidden }) => {
  if (hidden) return "Пусто."
  return /_Выдано$/.test(title)
    ? "Пока пусто. Бот запишет сюда строку, когда у выданного появится отметка."
    : "Пусто: все строки уже в запасе у бота. Добавьте свою, и через минуту он заберёт и её."
}

/** Asks for a row, one field for each column; `undefined` when the person cancels. */
const askRow = (header) => {
  const dialog = byId("row")
  const form = dialog.querySelector("form")
  const columns = header.length > 0 ? header : ["A", "B", "C"]
  const inputs = columns.map((name) =>
    el("input", { autocomplete: "off", value: /^дата/i.test(name) ? dateText(nowMs()) : "" }),
  )
  form
    .querySelector(".fields")
    .replaceChildren(...columns.map((name, at) => el("label", {}, name || "—", inputs[at])))
  dialog.returnValue = ""
  dialog.showModal()
  const firstBlank = inputs.find(({ value }) => value === "") ?? inputs[0]
  firstBlank.focus()
  return new Promise((resolve) => {
    const closed = () =>
      resolve(
        dialog.returnValue === "add" ? inputs.map(({ value }) => entered(value.trim())) : undefined,
      )
    dialog.addEventListener("close", closed, { once: true })
  })
}

/** What a spreadsheet makes of what a person types; an apostrophe keeps it a text. */
const entered = (text) => {
  if (text === "") return null
  if (text.startsWith("'")) return text.slice(1)
  if (/^\d{2}\.\d{2}\.\d{4}$/.test(text)) return { date: text }
  if (/^=./.test(text)) return { formula: text }
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
