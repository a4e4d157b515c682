/** The spreadsheets as a person with a browser sees and edits them. */
import { get, path, post } from "./api.js"
import { el, keyed } from "./dom.js"

export const makeSheets = (section, changed) => {
  let chosen
  let shown = ""
  let editing = false

  const strip = el("div", { className: "tabs", role: "tablist" })
  const table = el("table")
  const holder = el("div", { className: "grid", tabIndex: 0 }, table)
  const hint = el(
    "p",
    { className: "hint" },
    "Двойной щелчок или Enter на ячейке — изменить её, как человек в таблице.",
  )
  const add = el(
    "button",
    { type: "button", className: "quiet", on: { click: () => append() } },
    "+ строка",
  )
  section.append(strip, holder, el("footer", {}, hint, add))

  const edit = async (act) => {
    await post(path("sheets", chosen.id, "edits"), { tab: chosen.tab, ...act })
    shown = ""
    changed()
  }

  const append = async () => {
    const text = prompt(
      "Новая строка: значения через точку с запятой",
      "22.11.2026; new@example.com; demo-pass",
    )
    if (text === null) return
    await edit({ op: "append", rows: [text.split(";").map((value) => entered(value.trim()))] })
    holder.scrollTop = holder.scrollHeight
  }

  const openEditor = (cell, row, column) => {
    if (editing) return
    editing = true
    const before = cell.textContent
    const input = el("input", { value: before, "aria-label": "Новое значение" })
    let open = true
    const close = async (save) => {
      if (!open) return
      open = false
      editing = false
      cell.replaceChildren(input.value)
      if (save && input.value !== before)
        await edit({ op: "set", row, column, value: entered(input.value) })
      else cell.replaceChildren(before)
      cell.focus()
    }
    input.addEventListener("keydown", (event) => {
      event.stopPropagation()
      if (event.key === "Enter") close(true)
      if (event.key === "Escape") close(false)
    })
    input.addEventListener("blur", () => close(true))
    cell.replaceChildren(input)
    input.select()
  }

  const cellOf = (text, row, column) => {
    const cell = el("td", { tabIndex: -1 }, text)
    cell.addEventListener("dblclick", () => openEditor(cell, row, column))
    cell.addEventListener("keydown", (event) => moved(event, cell, row, column))
    return cell
  }

  const moved = (event, cell, row, column) => {
    if (event.key === "Enter" || event.key === "F2") return openEditor(cell, row, column)
    const [down, right] =
      { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ??
      []
    if (down === undefined) return
    const next = table.rows[row + down]?.cells[column + 1 + right]
    if (next === undefined || next.tagName !== "TD") return
    event.preventDefault()
    next.focus()
  }

  const rowOf = ({ cells, colour, hidden }, index, width) => {
    const number = index + 1
    const drop = el(
      "button",
      {
        type: "button",
        title: "Удалить строку",
        "aria-label": `Удалить строку ${number + 1}`,
        on: { click: () => edit({ op: "delete", at: number, count: 1 }) },
      },
      "×",
    )
    const row = el(
      "tr",
      { className: hidden ? "hidden" : "" },
      el("th", { scope: "row" }, String(number + 1), drop),
      ...Array.from({ length: width }, (_, column) => cellOf(cells[column] ?? "", number, column)),
    )
    if (colour !== undefined) {
      row.classList.add("coloured")
      row.style.backgroundColor = colour
    }
    return row
  }

  const showTab = (tab) => {
    const text = JSON.stringify([chosen, tab])
    if (text === shown || editing) return
    shown = text
    const width = Math.max(tab.header.length, 3, ...tab.rows.map(({ cells }) => cells.length))
    const head = Array.from({ length: width }, (_, column) =>
      el("th", { scope: "col" }, tab.header[column] ?? ""),
    )
    table.replaceChildren(
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "1"), ...head)),
      el("tbody", {}, ...tab.rows.map((row, index) => rowOf(row, index, width))),
    )
    table.querySelector("td")?.setAttribute("tabindex", "0")
  }

  const showStrip = (books) => {
    const items = books.flatMap(({ id, title, tabs }) => [
      { id, label: title },
      ...tabs.map((tab) => ({
        id,
        tab: tab.title,
        hidden: tab.hidden,
        count: tab.rows.filter(({ cells }) => cells.length > 0).length,
        selected: chosen.id === id && chosen.tab === tab.title,
      })),
    ])
    keyed(strip, items, ({ id, tab }) => `${id} ${tab ?? ""}`, tabButton)
  }

  const tabButton = ({ id, label, tab, hidden, count, selected }) => {
    if (label !== undefined) return el("span", { className: "book" }, label)
    const choose = () => {
      chosen = { id, tab }
      changed()
    }
    return el(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(selected),
        className: hidden ? "hidden" : "",
        title: hidden ? "Скрытый лист" : "",
        on: { click: choose },
      },
      tab,
      el("small", {}, String(count)),
    )
  }

  const show = async () => {
    const list = await get("/sim/sheets")
    const books = await Promise.all(
      list.map(async (book) => ({ ...book, tabs: await get(path("sheets", book.id)) })),
    )
    const find = () =>
      books.find(({ id }) => id === chosen?.id)?.tabs.find(({ title }) => title === chosen.tab)
    if (find() === undefined) chosen = { id: books[0].id, tab: books[0].tabs[0].title }
    showStrip(books)
    showTab(find())
  }

  return { show }
}

/** What a spreadsheet makes of what a person types; an apostrophe keeps it a text. */
const entered = (text) => {
  if (text.startsWith("'")) return text.slice(1)
  if (/^\d{2}\.\d{2}\.\d{4}$/.test(text)) return { date: text }
  if (/^=./.test(text)) return { formula: text }
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
