/** All that stands around the grid: the switch of the spreadsheets, the formula bar, what is said. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { cornersOf, editText, nameOfRange, textAt } from "./cells.js"

const said = words({
  ru: {
    books: "Таблица",
    news: "есть новое",
    follow: "следить за ботом",
    followTitle: "Открывать лист, в который бот только что записал",
    paused: "Полминуты стоит на листе, который вы открыли",
    name: "Ячейка или диапазон",
    value: "Значение ячейки",
    undo: "Отменить (Ctrl+Z)",
    redo: "Повторить (Ctrl+Y)",
    more: "Действия с выделенным (Shift+F10)",
    selected: (count) => `Заполнено ячеек: ${count}`,
    filtered: (count, all) => `Фильтр: ${count} из ${all}`,
    unfilter: "Убрать фильтр",
  },
  en: {
    books: "Spreadsheet",
    news: "something new",
    follow: "follow the bot",
    followTitle: "Open the tab that the bot has just written to",
    paused: "Stays half a minute with the tab that you opened",
    name: "Cell or range",
    value: "Value of the cell",
    undo: "Undo (Ctrl+Z)",
    redo: "Redo (Ctrl+Y)",
    more: "Actions on what is selected (Shift+F10)",
    selected: (count) => `Filled cells: ${count}`,
    filtered: (count, all) => `Filter: ${count} of ${all}`,
    unfilter: "Remove filter",
  },
})

const tool = (sign, label) =>
  el("button", { type: "button", className: "sheet-tool", title: label, "aria-label": label }, sign)

/** The elements, put into the section from top to bottom. */
export const makeFrame = (section) => {
  const books = el("div", { className: "sheet-books", role: "group", "aria-label": said.books })
  const follow = el(
    "button",
    { type: "button", className: "follow-bot", role: "switch", "aria-checked": "true" },
    el("i", { "aria-hidden": "true" }),
    said.follow,
  )
  const field = (className, label) => {
    const input = el("input", { className, "aria-label": label, autocomplete: "off" })
    input.spellcheck = false
    return input
  }
  const [name, value] = [field("name-box", said.name), field("formula", said.value)]
  const [undo, redo, more] = [tool("↶", said.undo), tool("↷", said.redo), tool("⋮", said.more)]
  const fx = el("span", { className: "sheet-fx", "aria-hidden": "true" }, "fx")
  const holder = el("div", { className: "sheet-grid" })
  const count = el("span", { hidden: true })
  const unfilter = el(
    "button",
    { type: "button", title: said.unfilter, "aria-label": said.unfilter },
    "×",
  )
  const filtered = el("span", { className: "is-filtered", hidden: true }, el("span"), unfilter)
  const status = el("div", { className: "sheet-status" }, filtered, count)
  const toast = el("p", { className: "sheet-toast", role: "status", hidden: true })
  const footer = el("footer")
  section.append(
    el("div", { className: "sheet-top" }, books, follow),
    el("div", { className: "sheet-bar" }, name, fx, value, undo, redo, more),
    el("div", { className: "sheet-frame" }, holder, status, toast),
    footer,
  )
  return {
    ...{ books, follow, name, value, undo, redo, more },
    ...{ holder, count, filtered, unfilter, toast, footer },
  }
}

const sayMs = 6_000

/** Shows a sentence at the sheet for some seconds. */
export const sayIn = (toast) => {
  let hiding
  return (text) => {
    toast.textContent = text
    toast.hidden = false
    clearTimeout(hiding)
    hiding = setTimeout(() => (toast.hidden = true), sayMs)
  }
}

/** The buttons that choose a spreadsheet. `choose(id)` is told which. */
export const makeBooks = (node, choose) => {
  let shown = ""
  /** `items` are `{ id, title, news, selected }`. */
  return (items) => {
    const text = JSON.stringify(items)
    if (shown === text) return
    shown = text
    const focused = [...node.children].indexOf(document.activeElement)
    const button = ({ id, title, news, selected }) =>
      el(
        "button",
        {
          type: "button",
          className: news ? "fresh-news" : "",
          "aria-pressed": String(selected),
          title: news ? `${title}, ${said.news}` : title,
          on: { click: () => selected || choose(id) },
        },
        // “(demo)” is in the names of all.
        title.replace(/ \([^)]*\)$/, ""),
      )
    node.replaceChildren(...items.map(button))
    node.children[focused]?.focus()
  }
}

/** The switch that has the page follow the bot. Gives what draws it anew. */
export const makeSwitch = (node, follow) => {
  node.addEventListener("click", follow.turn)
  const show = () => {
    node.setAttribute("aria-checked", String(follow.isOn()))
    node.classList.toggle("paused", follow.isPaused())
    node.title = follow.isPaused() ? said.paused : said.followTitle
  }
  show()
  return show
}

/** The name box, the formula bar and the status line. Gives what shows the selection there. */
export const makeBar = (parts, { grid, selection, editor }) => {
  const { name } = parts

  /** How much is selected, and how much the filter hides. */
  const showStatus = () => {
    const { left, right } = selection.range()
    const columns = Array.from({ length: right - left + 1 }, (_, at) => left + at)
    const filledOf = (row) => columns.filter((column) => textAt(grid.dataAt(row), column) !== "")
    const filled = selection.isOne() ? 0 : selection.rows().flatMap(filledOf).length
    const { filter, rows } = grid.tab() ?? { rows: [] }
    const seen = rows.filter(({ hidden }) => hidden !== true).length
    parts.filtered.hidden = filter === undefined
    parts.filtered.firstElementChild.textContent = said.filtered(seen, rows.length)
    parts.count.textContent = said.selected(filled)
    parts.count.hidden = filled <= 1
  }

  const show = () => {
    // Somebody may be typing a name there.
    if (document.activeElement !== name) name.value = nameOfRange(selection.range())
    const { row, column } = selection.active()
    editor.showText(editText(grid.dataAt(row), column))
    showStatus()
  }

  name.addEventListener("focus", () => name.select())
  name.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return selection.focus()
    const corners = event.key === "Enter" ? cornersOf(name.value) : undefined
    if (corners === undefined) return
    event.preventDefault()
    selection.set(...corners)
    selection.focus()
  })
  name.addEventListener("blur", show)

  return show
}
