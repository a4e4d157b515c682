/** Draws one tab of a spreadsheet: letters, numbers, and a line for each row. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { isNumber, letterOf, textAt } from "./cells.js"
import { drawnAt, mergesOf, readMerges, span } from "./merges.js"
import { reconcile } from "./reconcile.js"
import { setWidth, widthsOf } from "./widths.js"

const said = words({
  ru: {
    all: "Выделить всё",
    menuOf: (name) => `Сортировка и фильтр: ${name}`,
    unhide: (count) => `Показать скрытые строки: ${count}`,
    width: "Ширина столбца: потяните за край; двойной щелчок — по содержимому",
  },
  en: {
    all: "Select all",
    menuOf: (name) => `Sort and filter: ${name}`,
    unhide: (count) => `Show hidden rows: ${count}`,
    width: "Width of the column: drag the edge; double click fits the content",
  },
})

/** Blank rows and columns after what is filled, to type into. */
const spareRows = 12
const spareColumns = 2
const leastRows = 40
const leastColumns = 7

const flashMs = 2_000
const ghostMs = 900
const still = matchMedia("(prefers-reduced-motion: reduce)")

/**
 * `acts.menuOf(column, button)` opens the menu of a column, `acts.unhide(rows)` shows hidden rows.
 * Row 0 is the header; a row is named by its number as long as it stands there, and by its line
 * wherever it moves to.
 */
export const makeGrid = (holder, acts) => {
  const columns = el("colgroup")
  const letters = el("tr", { className: "column-letters" })
  const body = el("tbody")
  const table = el("table", { role: "grid" }, columns, el("thead", {}, letters), body)
  table.setAttribute("aria-multiselectable", "true")
  const empty = el("p", { className: "sheet-empty" })
  holder.append(table, empty)

  let key
  let tab
  let lines = []
  let widths = []
  /** Cell → its block of merged cells. */
  let blocks = new Map()

  /** Tab → how far it was scrolled, for when it is opened again. */
  const scrolled = new Map()

  const open = (other, title) => {
    if (key !== undefined) scrolled.set(key, holder.scrollTop)
    key = other
    lines = []
    widths = []
    body.replaceChildren()
    table.setAttribute("aria-label", title)
  }

  /**
   * `flash` shows what somebody else has just changed; `hint` stands on a tab without rows. Gives
   * whether another tab than before is on the screen.
   */
  const show = (nextKey, nextTab, { flash, hint }) => {
    const another = nextKey !== key
    if (another) open(nextKey, nextTab.title)
    tab = nextTab
    const rows = rowsOf(tab)
    blocks = readMerges(tab, (row) => rows[row]?.hidden === true)
    const before = another ? [] : lines
    const { pairs, gone } = reconcile(before, rows)
    drawColumns(rows)
    lines = rows.map((data, row) => {
      const line = pairs[row] ?? makeLine()
      const isNew = pairs[row] === undefined
      const lit = flash && !another
      if (lit && isNew && data.cells.length > 0) light(line.node)
      paintLine(line, row, data, lit && !isNew)
      return line
    })
    paintGaps()
    place(flash && !another ? gone : [], gone)
    if (another) holder.scrollTop = scrolled.get(key) ?? 0
    empty.textContent = hint
    empty.hidden = tab.rows.some(({ cells }) => cells.length > 0)
    return another
  }

  /** All rows on the screen: the header, those below it, and blank ones. */
  const rowsOf = ({ header, headerNotes, rows, size }) => {
    const count = Math.min(size.rows, Math.max(rows.length + 1 + spareRows, leastRows))
    return Array.from({ length: Math.max(count, rows.length + 1) }, (_, row) =>
      row === 0
        ? { cells: header, values: header, notes: headerNotes }
        : (rows[row - 1] ?? { cells: [] }),
    )
  }

  const drawColumns = (rows) => {
    const filled = Math.max(...rows.map(({ cells }) => cells.length))
    const wanted = Math.max(filled + spareColumns, leastColumns, widths.length)
    const own = widthsOf(key)
    widths = Array.from(
      { length: Math.min(tab.size.columns, wanted) },
      (_, column) => own[column] ?? Math.max(widths[column] ?? 0, widthOf(rows, column)),
    )
    const total = () => widths.reduce((sum, width) => sum + width, numberWidth)
    while (total() < holder.clientWidth && widths.length < tab.size.columns) {
      widths.push(own[widths.length] ?? leastWidth)
    }
    table.setAttribute("aria-colcount", String(widths.length))
    if (columns.children.length !== widths.length + 1) {
      columns.replaceChildren(...Array.from({ length: widths.length + 1 }, () => el("col")))
      letters.replaceChildren(
        el("td", {}, el("button", { type: "button", tabIndex: -1, "aria-label": said.all })),
        ...widths.map((_, column) =>
          el("th", { scope: "col" }, letterOf(column), el("i", { title: said.width })),
        ),
      )
    }
    applyWidths()
  }

  const applyWidths = () => {
    const sizes = [numberWidth, ...widths]
    sizes.forEach((width, at) => (columns.children[at].style.width = `${width}px`))
    table.style.width = `${sizes.reduce((sum, width) => sum + width)}px`
  }

  /** Gives a column another width while its edge is dragged. */
  const stretch = (column, width) => {
    setWidth(key, column, width)
    widths[column] = widthsOf(key)[column]
    applyWidths()
  }

  /** Makes a column as wide as its texts. */
  const fit = (column) => {
    setWidth(key, column, undefined)
    const rows = lines.map(({ data }) => data)
    widths[column] = widthOf(rows, column)
    applyWidths()
  }

  const makeLine = () => {
    const number = el("th", { scope: "row" })
    return { node: el("tr", {}, number), number, cells: [], data: { cells: [] }, row: -1, text: "" }
  }

  const paintLine = (line, row, data, flash) => {
    const { node, number, cells } = line
    if (line.row !== row) {
      line.row = row
      number.textContent = String(row + 1)
      node.setAttribute("aria-rowindex", String(row + 1))
      node.classList.toggle("row-head", row === 0)
    }
    while (cells.length < widths.length) {
      cells.push(el("td", { tabIndex: -1 }))
      node.append(cells.at(-1))
      line.text = ""
    }
    while (cells.length > widths.length) cells.pop().remove()
    const filter = row === 0 ? tab.filter : undefined
    const text = JSON.stringify([data, filter, mergesOf(blocks, row, widths.length)])
    if (line.text === text) return
    const before = line.data
    line.data = data
    line.text = text
    node.hidden = data.hidden === true
    paintColour(node, data.colour)
    cells.forEach((cell, column) => {
      paintCell(cell, row, column, data)
      span(cell, blocks, row, column)
    })
    if (!flash) return
    const isNew = before.cells.length === 0
    if (isNew || before.colour !== data.colour) light(node)
    if (isNew) return
    cells.forEach((cell, column) => {
      if (textAt(before, column) !== textAt(data, column)) light(cell)
    })
  }

  const paintCell = (cell, row, column, data) => {
    const text = textAt(data, column)
    if (row === 0 && text !== "") cell.replaceChildren(text, columnButton(column, text))
    else if (cell.textContent !== text || cell.firstElementChild) cell.textContent = text
    cell.className = [
      isNumber(data, column) ? "is-number" : "",
      data.notes?.[column] === undefined ? "" : "has-note",
    ].join(" ")
    if (data.notes?.[column] === undefined) cell.removeAttribute("aria-description")
    else cell.setAttribute("aria-description", data.notes[column])
    cell.title = row !== 0 && text.length > 12 && lengthOf(text) + 10 > widths[column] ? text : ""
  }

  const columnButton = (column, text) => {
    const filtered = (tab.filter?.[column] ?? []).length > 0
    return el("button", {
      type: "button",
      tabIndex: -1,
      className: filtered ? "column-menu is-filtered" : "column-menu",
      "aria-label": said.menuOf(text),
      title: said.menuOf(text),
      on: { click: (event) => acts.menuOf(column, event.currentTarget) },
    })
  }

  const paintColour = (node, colour) => {
    node.classList.toggle("row-coloured", colour !== undefined)
    node.classList.toggle("row-deep", colour !== undefined && isDeep(colour))
    if (colour === undefined) node.style.removeProperty("--row")
    else node.style.setProperty("--row", colour)
  }

  /** Says at the row below hidden ones how many they are. */
  const paintGaps = () => {
    let hidden = []
    for (const line of lines) {
      const { number, data, row } = line
      if (data.hidden === true) {
        hidden.push(row)
        continue
      }
      const byHand = hidden.filter((each) => lines[each].data.filtered !== true)
      number.classList.toggle("after-hidden", hidden.length > 0)
      if (number.childElementCount > 0) number.replaceChildren(String(row + 1))
      if (byHand.length > 0) number.append(gapButton(byHand))
      hidden = []
    }
  }

  const gapButton = (rows) =>
    el("button", {
      type: "button",
      className: "unhide",
      title: said.unhide(rows.length),
      "aria-label": said.unhide(rows.length),
      on: { click: () => acts.unhide(rows) },
    })

  /** Puts the lines into the table in their order. A ghost stays a moment where its row was. */
  const place = (ghosts, gone) => {
    const leaving = still.matches ? [] : ghosts.filter(({ data }) => data.cells.length > 0)
    for (const { node } of gone) if (!leaving.some((line) => line.node === node)) node.remove()
    for (const { node } of leaving) {
      node.className = "row-leaving"
      node.inert = true
      setTimeout(() => node.remove(), ghostMs)
    }
    let at = body.firstElementChild
    for (const { node } of lines) {
      while (at?.classList.contains("row-leaving")) at = at.nextElementSibling
      if (at === node) at = node.nextElementSibling
      else body.insertBefore(node, at)
    }
    table.setAttribute("aria-rowcount", String(lines.length))
  }

  /** The place of the cell that an event happened in; the numbers and letters count as -1. */
  const placeOf = (target) => {
    const cell = target.closest?.("td, th")
    if (!cell || !table.contains(cell)) return undefined
    const column = cell.cellIndex - 1
    if (cell.parentElement === letters) return { row: -1, column }
    const line = lines.find(({ node }) => node === cell.parentElement)
    return line === undefined ? undefined : { row: line.row, column }
  }

  /** Shows what is being written, until the tab is shown as it has become. */
  const preview = (line, left, values) => {
    const cells = [...line.data.cells]
    const kinds = [...(line.data.values ?? [])]
    values.forEach((value, at) => {
      while (cells.length < left + at) cells.push("")
      cells[left + at] = shownText(value)
      kinds[left + at] = typeof value === "string" ? value : (value?.date ?? 0)
    })
    while (cells.at(-1) === "") cells.pop()
    line.data = { ...line.data, cells, values: kinds }
    line.text = ""
    line.cells.forEach((cell, column) => paintCell(cell, line.row, column, line.data))
  }

  /** Brings the first row that flashes into view. */
  const revealFresh = () => {
    const node =
      body.querySelector("tr.just-changed") ?? body.querySelector("td.just-changed")?.parentElement
    if (!node) return
    const frozen = lines[0].node.getBoundingClientRect().bottom
    const [view, box] = [holder.getBoundingClientRect(), node.getBoundingClientRect()]
    if (box.top < frozen) holder.scrollTop -= frozen - box.top
    else if (box.bottom > view.bottom) holder.scrollTop += box.bottom - view.bottom + 60
  }

  return {
    table,
    show,
    revealFresh,
    preview,
    placeOf,
    stretch,
    fit,
    widthAt: (column) => widths[column],
    drawnAt: (place) => drawnAt(blocks, place),
    lineAt: (row) => lines[row],
    dataAt: (row) => lines[row]?.data ?? { cells: [] },
    cellAt: ({ row, column }) => lines[row]?.cells[column],
    letterAt: (column) => letters.children[column + 1],
    tab: () => tab,
    size: () => ({ rows: lines.length, columns: widths.length }),
    isHidden: (row) => lines[row]?.data.hidden === true,
  }
}

const light = (node) => {
  node.classList.remove("just-changed")
  // Reading the place makes the browser begin the animation anew.
  void node.offsetTop
  node.classList.add("just-changed")
  setTimeout(() => node.classList.remove("just-changed"), flashMs)
}

const numberWidth = 46
const leastWidth = 84
const mostWidth = 260

const pen = document.createElement("canvas").getContext("2d")
const lengthOf = (text) => {
  pen.font = `12.8px ${getComputedStyle(document.documentElement).fontFamily}`
  return pen.measureText(text).width
}

/** Room for the longest text of a column, within reason. */
const widthOf = (rows, column) => {
  let longest = ""
  for (const data of rows) {
    const text = textAt(data, column)
    if (text.length > longest.length) longest = text
  }
  const header = textAt(rows[0], column)
  const most = Math.max(lengthOf(longest) + 14, header === "" ? 0 : lengthOf(header) * 1.1 + 32)
  return Math.round(Math.min(mostWidth, Math.max(leastWidth, most)))
}

const shownText = (value) =>
  typeof value === "number"
    ? String(value).replace(".", ",")
    : typeof value === "boolean"
      ? { true: "ИСТИНА", false: "ЛОЖЬ" }[value]
      : (value?.date ?? value?.formula ?? value ?? "")

/** Whether dark letters could not be read on the colour. */
const isDeep = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return red * 0.299 + green * 0.587 + blue * 0.114 < 120
}
